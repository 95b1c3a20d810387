"""Somebody without a login answers: from the address to the respondent."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import set_script_prefix

from accounts import links
from assessments import guests


class LinkMiddleware:
    """This will take /with/<link> off the path and make it the prefix of every address the page builds.

    Who follows the link is looked up by the route's rule, inside the request's transaction. What lets nobody in answers
    with one page, the same for every reason.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = links.ADDRESS.match(request.path_info)
        if not found:
            return self.get_response(request)
        request.link_followed = uuid.UUID(found.group(1))  # type: ignore[attr-defined]
        request.find_guest = guests.guest_of  # type: ignore[attr-defined]
        request.path_info = found.group(2)
        set_script_prefix(links.prefix(request.link_followed))  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            set_script_prefix("/")
        response["Referrer-Policy"] = "no-referrer"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return guests.ended(request) if isinstance(exception, links.LinkEnded) else None
