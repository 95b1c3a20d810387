"""Error pages: what happened, a way back, and the request's id. A toast's worth of it for htmx."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page says nothing about what was asked for: the same bytes for what is missing and what is forbidden."""
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    # No context processors: whatever failed may fail again, and the transaction may be broken.
    return HttpResponse(
        render_to_string("500.html", {"theme": "auto", "request_id": getattr(request, "id", "")}), status=500
    )


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    # The page must not depend on who asks beyond the frame, so it is rendered without the viewer.
    request.viewer = None  # type: ignore[attr-defined]
    return render(request, f"{status}.html", {"request_id": getattr(request, "id", "")}, status=status)
