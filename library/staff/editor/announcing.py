"""Telling the editor around a form that the draft has changed: its head shows what can be undone and is to be mended."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from library.models import DraftChange
from portal.web import toasts
from portal.web.pages import go


def changed(response: HttpResponse) -> HttpResponse:
    """This will make the editor's head look again after something was saved that is no form of a part."""
    return toasts.trigger(response, "draft-changed", {})


def removed(request: HttpRequest, done: DraftChange, to: str, **kwargs: Any) -> HttpResponse:
    """This will go to a page of the editor, whose head offers to undo what was done last, and say what that was."""
    return go(request, to, toast=done.label, **kwargs)
