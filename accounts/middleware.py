"""The first wall: from the address to the tenant."""

import ipaddress
import re
import time
from collections.abc import Callable

from allauth.core.internal.httpkit import get_client_ip
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import set_script_prefix
from django.utils import timezone

from accounts import audit, tenancy, viewpoints
from accounts.brand import terminology
from portal.web.routers import current_alias, use_alias

from .actions import sightings
from .models.organization import Organization

_PREVIEW = re.compile(rf"^/preview/({viewpoints.PATTERN})(/portal/.*)$")
_WITHOUT_TENANT = ("/healthz", "/readyz")


class PreviewMiddleware:
    """This will take /preview/<viewpoint> off the path and make it the prefix of every address the page builds.

    The whole request then runs on the database login that may only read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _PREVIEW.match(request.path_info)
        if not found:
            return self.get_response(request)
        request.preview_viewpoint = found.group(1)  # type: ignore[attr-defined]
        request.path_info = found.group(2)
        set_script_prefix(f"/preview/{found.group(1)}/")
        try:
            with use_alias("readonly"):
                return self.get_response(request)
        finally:
            set_script_prefix("/")


class OriginMiddleware:
    """This will have the audit trail know where what a request does came from: the address as far as the trusted
    proxies vouch for it, the program, and the id the request has in our logs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        program = "".join(letter for letter in request.headers.get("User-Agent", "") if letter.isprintable())
        with audit.coming_from(audit.Origin(_address_of(request), program, getattr(request, "id", ""))):
            return self.get_response(request)


def _address_of(request: HttpRequest) -> str | None:
    try:
        return str(ipaddress.ip_address(get_client_ip(request) or ""))
    except ValueError:  # behind fewer proxies than there should be, or on a socket
        return None


_SHOWN = ("logo_light", "logo_dark")


def _with_its_logos() -> QuerySet[Organization]:
    """What the frame of every page shows comes with the organization, in one query; without the pictures themselves."""
    return Organization.objects.select_related(*_SHOWN).defer(*(f"{logo}__content" for logo in _SHOWN))


class TenancyMiddleware:
    """This will run a request in one transaction that belongs to the organization of its host.

    What a failed request did is rolled back; on an unknown host the request belongs to nobody and sees nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organization = None  # type: ignore[attr-defined]
        timezone.deactivate()  # whatever the request before in this thread used
        if request.path_info.startswith(_WITHOUT_TENANT):
            return self.get_response(request)
        with tenancy.transaction_of_request():
            organization_id = tenancy.enter_by_host(request.get_host().partition(":")[0].lower())
            if organization_id:
                request.organization = _with_its_logos().get(pk=organization_id)  # type: ignore[attr-defined]
            organization = request.organization  # type: ignore[attr-defined]
            with terminology.using(organization.terminology if organization else None):
                response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True, using=current_alias())
        return response


class SlidingSessionMiddleware:
    """This will keep a session alive while somebody works: its 8 idle hours begin anew, noted every five minutes.

    Never in a preview: nothing is written there. Who follows a link has no session, and gets none.
    """

    EVERY = 5 * 60

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_poll = request.method == "GET" and bool(getattr(request, "htmx", None))  # a page left open is nobody at work
        viewer = getattr(request, "viewer", None)
        if current_alias() == "default" and viewer is not None and viewer.user is not None and not is_poll:
            now = int(time.time())
            if now - request.session.get("seen", 0) > self.EVERY:
                request.session["seen"] = now
                sightings.note(by=viewer)
        return response
