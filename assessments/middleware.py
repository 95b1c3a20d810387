"""Somebody without a login answers: from the address to the respondent."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import set_script_prefix

from accounts import links
from assessments.people import guests


class LinkMiddleware:
    """This will take /with/<link> off the path and make it the prefix of every address the page builds.

    Who follows the link is looked up by the route's rule, inside the request's transaction. What lets nobody in answers
    with one page, the same for every reason.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(guests.DOOR):
            _say_whose_form_it_is(request)
        found = links.ADDRESS.match(request.path_info)
        if not found:
            return self.get_response(request)
        request.link_followed = uuid.UUID(found.group(1))  # type: ignore[attr-defined]
        request.find_guest = guests.guest_of  # type: ignore[attr-defined]
        request.path_info = found.group(2)
        set_script_prefix(links.prefix(request.link_followed))  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response
        finally:
            set_script_prefix("/")

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> None:
        """This will hide every page behind a link that does not ask the link who comes: a page for everybody, or for
        whoever is signed in, is none of a guest's."""
        rule = getattr(view, "rule", None)
        if links.is_followed(request) and (rule is None or rule.kind != "client"):
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """This will answer for a link that lets nobody in."""
        return guests.ended(request) if isinstance(exception, links.LinkEnded) else None


def _say_whose_form_it_is(request: HttpRequest) -> None:
    """A page that tells nobody its address sends its forms from the origin "null", which the check of forged forms takes
    for a stranger's. The browser's own word for "from here" replaces it; the form's token is asked for all the same."""
    is_ours = request.META.get("HTTP_SEC_FETCH_SITE") in (None, "same-origin")
    if is_ours and request.META.get("HTTP_ORIGIN") == "null":
        request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
