"""Response headers that every page needs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


class ResponseHeadersMiddleware:
    """This will keep pages of signed-in people out of every cache but a page's own, where the view set none itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
            patch_vary_headers(response, ["HX-Request", "Cookie"])
        return response
