"""One URL, one template, one view: the full page, or the part htmx asked for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme


def wants_fragment(request: HttpRequest) -> bool:
    """This will say whether htmx asked for a part of the page: not a boosted visit, not a return through history."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page(
    request: HttpRequest, template: str, context: dict[str, Any], swap: str = "rows", status: int = 200
) -> HttpResponse:
    """This will answer the whole page, or its partial named `swap` when htmx asks for a fragment."""
    name = f"{template}#{swap}" if wants_fragment(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def go(request: HttpRequest, to: str, toast: str = "", **kwargs: Any) -> HttpResponse:
    """This will send the browser to another page: a redirect, or `HX-Redirect` for htmx, with an optional toast there."""
    if toast:
        messages.success(request, toast)
    answer = redirect(to, **kwargs)
    if not getattr(request, "htmx", None):
        answer.status_code = 303
        return answer
    response = HttpResponse(status=204)
    response["HX-Redirect"] = answer["Location"]
    return response


def page_of_htmx(request: HttpRequest) -> str:
    """This will return the page that htmx asks from, as a path of this host with its query; "" when it names none."""
    try:
        return request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
    except ValueError:  # no address at all, such as http://[
        return ""


def safe_next(request: HttpRequest, fallback: str) -> str:
    """This will return the `next` address of the request when it stays on this host, else the fallback."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    # A word without a slash would be taken for the name of a route.
    if "/" in target and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return fallback
