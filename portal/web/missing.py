"""What is gone by the time it is wanted."""

from django.http import Http404


class Missing(Http404):
    """The thing asked for is not there any more: an action says so without knowing of pages, and every page answers 404."""
