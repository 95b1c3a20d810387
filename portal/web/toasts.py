"""Toasts from a view: in a header for htmx, after a redirect through Django's messages."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Undo:
    """A POST address that takes back what was just done, offered for ten seconds, as "Undo" unless it has a label."""

    url: str
    label: str = ""


def show(response: HttpResponse, text: str, *, undo: Undo | None = None, tone: str = "success") -> HttpResponse:
    """This will make the browser show a toast once it has swapped this htmx answer; other triggers of it are kept."""
    detail: dict[str, object] = {"text": str(text), "tone": tone}
    if undo:
        detail["action"] = {"url": undo.url, "label": str(undo.label or _("Undo"))}
    return trigger(response, "toast", detail)


def close_dialog(response: HttpResponse) -> HttpResponse:
    """This will close the open dialog once the browser has swapped this htmx answer."""
    return trigger(response, "closeDialog", {})


def trigger(response: HttpResponse, event: str, detail: dict[str, object]) -> HttpResponse:
    """This will add an event to the answer's HX-Trigger header. The header is ASCII: other letters are escaped."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps({**events, event: detail})
    return response


def keep(request: HttpRequest, text: str, *, undo: Undo | None = None) -> None:
    """This will show a toast on the next full page, for a view that answers with a redirect."""
    messages.success(request, text, extra_tags=undo.url if undo else "")
