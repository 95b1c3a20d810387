"""One's own pages (profile, security, what one is told) belong to no account: they stand in the frame one came from."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import grants, second_factors
from accounts.models import Membership, User
from accounts.roles import Can, Role
from accounts.viewer import Viewer, viewer_of_account, viewer_of_organization

# In the session: the account whose portal somebody was in last, while they were not in the admin area since.
LAST = "portal"
_PROFILE = "profile"
_PASSWORD = ("account_change_password", "account_set_password")
_SECURITY = ("security", *_PASSWORD, "account_reauthenticate")
_CHOICES = "notification_choices"


@dataclass(frozen=True)
class Frame:
    """What stands around one of these pages. `must_set_up`: nothing else opens before the second factor is set up.
    `way` leads to the page, for the top bar; none where the page has a way of its own."""

    template: str
    pages: list[dict[str, Any]]
    must_set_up: bool
    way: list[dict[str, str]]


class LastPortalMiddleware:
    """This will remember which portal somebody is in, for the pages that belong to none. A preview leaves no mark."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        viewer: Viewer | None = getattr(request, "viewer", None)
        if viewer is not None and viewer.user is not None and not viewer.is_preview:
            area = request.resolver_match.namespace if request.resolver_match else ""
            if area == "client" and viewer.account and request.session.get(LAST) != str(viewer.account.id):
                request.session[LAST] = str(viewer.account.id)
            elif area == "staff" and LAST in request.session:
                del request.session[LAST]
        return response


def is_one(request: HttpRequest) -> bool:
    """This will say whether the page is somebody's own, shown to whoever has signed in."""
    here = _name(request)
    return (here in (_PROFILE, *_SECURITY) or here.startswith("mfa_")) and request.user.is_authenticated


def viewer_of(request: HttpRequest) -> Viewer | None:
    """This will be the viewer whose frame the page gets: the client's in the account they were in last, else the staff's,
    else the client's in the first account they have. Whoever has neither looks at the organization alone."""
    organization, user = getattr(request, "organization", None), request.user
    if organization is None or not isinstance(user, User):
        return None
    viewer: Viewer = getattr(request, "viewer", None) or viewer_of_organization(user, organization)
    account = account_of(request, viewer)
    return (viewer_of_account(user, organization, account) if account else None) or viewer


def account_of(request: HttpRequest, viewer: Viewer) -> uuid.UUID | None:
    """This will be the account in whose portal the person belongs now; None for staff, and for who has none."""
    last = request.session.get(LAST)
    if viewer.is_staff and last is None:
        return None
    ids = list(portals_of(viewer).values_list("account_id", flat=True))
    found = next((pk for pk in ids if str(pk) == last), None)
    return found if found or viewer.is_staff else next(iter(ids), None)


def portals_of(viewer: Viewer) -> QuerySet[Membership]:
    """This will list the accounts whose portal opens to the person as a client, by name."""
    assert viewer.user is not None
    held: Any = Membership.objects.filter(user=viewer.user, organization=viewer.organization, role=Role.CLIENT).active()
    held = held.filter(account__deleted_at=None, account__archived_at=None)
    # What the page itself asks for: a door that does not open is none.
    return held.filter(account_id__in=grants.account_ids_where(viewer.user, Can.USE_PORTAL)).order_by("account__name")


def frame(request: HttpRequest, viewer: Viewer) -> Frame:
    """This will choose the frame, and list one's own pages that open in it."""
    here = _name(request)
    account = viewer.account
    must_set_up = account is None and viewer.is_staff and second_factors.is_missing(request)
    pages = [
        _page(_("Profile"), reverse("profile"), "user", here == _PROFILE),
        _page(_("Security"), reverse("security"), "lock", here in _SECURITY or here.startswith("mfa_")),
    ]
    if account is not None:
        address = reverse("client:notification_choices", args=[account.pk])
        pages.append(_page(_("Notifications"), address, "bell", here == _CHOICES))
        return Frame("shells/client.html", pages, must_set_up, way=[])
    if viewer.is_staff and not must_set_up:
        pages.append(_page(_("Notifications"), reverse("staff:notification_choices"), "bell", here == _CHOICES))
        return Frame("shells/staff.html", pages, must_set_up, _way(here))
    return Frame("shells/plain.html", pages, must_set_up, way=[])


def _way(here: str) -> list[dict[str, str]]:
    if here == _PROFILE:
        return [{"label": _("Profile"), "url": ""}]
    if here not in _SECURITY and not here.startswith("mfa_"):
        return []
    below = _("Second factor") if here.startswith("mfa_") else _("Password") if here in _PASSWORD else ""
    security = {"label": _("Security"), "url": reverse("security") if below else ""}
    return [security, {"label": below, "url": ""}] if below else [security]


def _name(request: HttpRequest) -> str:
    return (request.resolver_match.url_name or "") if request.resolver_match else ""


def _page(label: str, url: str, icon: str, current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "current": current}
