"""The rule each route states: who may open it, and what everybody else is told.

stranger → 404 · insider without the ability → 403 · anonymous → sign-in (401 with HX-Redirect for htmx)
A route without a rule does not pass `manage.py check`.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from structlog.contextvars import bind_contextvars

from portal.web.pages import page_of_htmx, wants_fragment

from . import grants, links, previews, second_factors, tenancy, time_zones
from .roles import Can
from .viewer import Viewer, viewer_of_account, viewer_of_organization


@dataclass(frozen=True)
class Rule:
    """What a route demands; read by the system check, the access matrix and the documentation."""

    kind: str
    ability: Can | None = None
    methods: tuple[str, ...] = ("GET",)
    guests: bool = False


def public(methods: tuple[str, ...] = ("GET",)) -> Callable:
    """This will open a route to everybody, signed in or not."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _method_refused(request, methods) or view(request, *args, **kwargs)

        return _state(wrapped, Rule("public", None, methods))

    return decorate


def signed_in(methods: tuple[str, ...] = ("GET",)) -> Callable:
    """This will open a route to every signed-in person of a known host; the view gets a viewer without an account."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if refused := _method_refused(request, methods) or _anonymous(request):
                return refused
            viewer = viewer_of_organization(request.user, _organization(request))
            return view(_with(request, viewer), viewer, *args, **kwargs)

        return _state(wrapped, Rule("signed_in", None, methods))

    return decorate


def organization_view(
    ability: Can, methods: tuple[str, ...] = ("GET",), insiders: bool = False, hidden: bool = False
) -> Callable:
    """This will open a page of the whole organization to who holds the ability there.

    Other staff get 403. With `insiders`, so does everybody who holds any grant in the organization; else 404. What is
    `hidden` does not exist for anybody without the ability, staff included.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if refused := _method_refused(request, methods) or _anonymous(request):
                return refused
            organization = _organization(request)
            viewer = viewer_of_organization(request.user, organization)
            if not viewer.can(ability):
                if not hidden and (viewer.is_staff or (insiders and grants.holds_any(request.user, organization))):
                    raise PermissionDenied(f"needs {ability.value}")
                raise Http404
            return _second_factor_asked(request) or view(_with(request, viewer), viewer, *args, **kwargs)

        return _state(wrapped, Rule("organization", ability, methods))

    return decorate


def staff_view(
    ability: Can,
    methods: tuple[str, ...] = ("GET",),
    seen_by: Can | None = None,
    where: Callable[..., bool] | None = None,
) -> Callable:
    """This will open a page of one account, in the admin area, to staff who hold the ability in that account.

    Other staff of the account get 403; its clients get 404, or 403 where `seen_by` names an ability that shows them
    the thing itself; with `where`, only those things for which it says so, given the viewer and the address's parts.
    Everybody else gets 404, the same bytes as for an account that does not exist.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def wrapped(request: HttpRequest, account: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponse:
            if refused := _method_refused(request, methods) or _anonymous(request):
                return refused
            viewer = viewer_of_account(request.user, _organization(request), account)
            if viewer is None:
                raise Http404
            if not (viewer.is_staff and viewer.can(ability)):
                if viewer.is_staff or (
                    seen_by is not None and viewer.can(seen_by) and (where is None or where(viewer, **kwargs))
                ):
                    raise PermissionDenied(f"needs {ability.value}")
                raise Http404
            return _second_factor_asked(request) or view(_with(request, viewer), viewer, *args, **kwargs)

        return _state(wrapped, Rule("staff", ability, methods))

    return decorate


def client_view(
    ability: Can, methods: tuple[str, ...] = ("GET",), guests: bool = False, hidden: bool = False
) -> Callable:
    """This will open a page of the client portal to the account's clients, and to staff in a running preview.

    The rest of the transaction is narrowed to the account. Staff without a preview are asked to start one. With
    `guests`, also to somebody without a login whose link leads to this very assessment; every other page of the portal
    does not exist for them. What is `hidden` does not exist for clients without the ability either.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def wrapped(request: HttpRequest, account: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponse:
            if links.is_followed(request):
                viewer = links.guest_at(request, account, kwargs.get("assessment"), opens=guests)
                if refused := _method_refused(request, methods):
                    return refused
                viewer.require(ability)
                return view(_with(request, viewer), viewer, *args, **kwargs)
            if refused := _anonymous(request):
                return refused
            viewer = viewer_of_account(request.user, _organization(request), account)
            if viewer is None:
                raise Http404
            if previews.is_asked_for(request):
                previews.refuse_writing(request)
                viewer = previews.viewer_through(request, viewer)
                if viewer is None:
                    return _ask_to_preview(request, account)
                if asked := _second_factor_asked(request):
                    return asked
            elif not viewer.can(Can.USE_PORTAL):
                if viewer.can(Can.VIEW_AS_CLIENT) and request.method in ("GET", "HEAD"):
                    return _ask_to_preview(request, account)
                raise PermissionDenied(f"needs {Can.USE_PORTAL.value}")
            if refused := _method_refused(request, methods):
                return refused
            if hidden and not viewer.can(ability):
                raise Http404
            viewer.require(ability)
            tenancy.narrow_to_account(account)
            return view(_with(request, viewer), viewer, *args, **kwargs)

        return _state(wrapped, Rule("client", ability, methods, guests))

    return decorate


def _state(view: Callable, rule: Rule) -> Callable:
    view.rule = rule  # type: ignore[attr-defined]
    return view


def _with(request: HttpRequest, viewer: Viewer) -> HttpRequest:
    request.viewer = viewer  # type: ignore[attr-defined]
    timezone.activate(time_zones.zone_of(viewer))
    bind_contextvars(
        organization=str(viewer.organization.id),
        account=str(viewer.account.id) if viewer.account else None,
        actor=str(viewer.user.id) if viewer.user else None,
        preview=viewer.viewpoint.key if viewer.viewpoint else None,
    )
    return request


def _organization(request: HttpRequest):
    organization = getattr(request, "organization", None)
    if organization is None:
        raise Http404
    return organization


def _anonymous(request: HttpRequest) -> HttpResponse | None:
    if request.user.is_authenticated:
        return None
    _organization(request)
    if getattr(request, "htmx", None):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = f"{_sign_in_address()}?{urlencode({'next': page_of_htmx(request) or '/'})}"
        return answer
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.headers.get("Referer", "/")
    return redirect_to_login(back, _sign_in_address())


def _second_factor_asked(request: HttpRequest) -> HttpResponse | None:
    """Staff who have to have a second factor set one up before anything else."""
    if not second_factors.is_missing(request):
        return None
    if not wants_fragment(request):
        return redirect(previews.outside(reverse("mfa_index")))
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = previews.outside(reverse("mfa_index"))
    return answer


def _sign_in_address() -> str:
    return previews.outside(reverse("account_login"))


def _method_refused(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse | None:
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)
    return None if request.method in allowed else HttpResponseNotAllowed(methods)


def _ask_to_preview(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    question = previews.outside(reverse("staff:preview", args=[account]))
    query = request.META.get("QUERY_STRING", "")
    words = {"next": f"{request.path_info}?{query}" if query else request.path_info}
    if previews.is_asked_for(request):
        words["viewpoint"] = previews.viewpoint_key(request)
    address = f"{question}?{urlencode(words)}"
    if not wants_fragment(request):
        return redirect(address)
    # A part of a page cannot be the question: the whole browser goes there.
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = address
    return answer
