"""What every page's frame needs: names, navigation, the preview's banner. Computed only if the template asks."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts import previews
from accounts.brand import appearance
from accounts.models import Membership
from accounts.notices import notification_pages
from accounts.roles import Can, Role
from accounts.viewer import Viewer
from portal import own_pages
from portal.client import navigation as client_navigation
from portal.staff import navigation as staff_navigation

THEMES = ("auto", "light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """This will be the context processor of every template."""
    organization = getattr(request, "organization", None)
    viewer: Viewer | None = own_pages.viewer_of(request) if own_pages.is_one(request) else _viewer(request)
    theme = request.COOKIES.get("theme", "auto")
    look = appearance.of(organization)
    context: dict[str, Any] = {
        "organization": organization,
        "viewer": viewer,
        "theme": theme if theme in THEMES else "auto",
        "look": look,
        "brand_css_url": look.css_url,
        "preview": None,
    }
    if viewer is None:
        return context
    in_portal = viewer.account is not None and not viewer.is_staff
    frame = SimpleLazyObject(lambda: (client_navigation if in_portal else staff_navigation).build(request, viewer))
    context |= {
        "account": viewer.account,
        "home_url": _home_url(viewer, in_portal),
        "own": SimpleLazyObject(lambda: own_pages.frame(request, viewer)),
        "navigation": SimpleLazyObject(lambda: frame["navigation"]),
        "tabbar": SimpleLazyObject(lambda: frame["tabbar"]),
        "palette": SimpleLazyObject(lambda: frame["palette"]),
        "search_url": _search_url(viewer, in_portal),
        "create_menu": SimpleLazyObject(lambda: frame.get("create_menu", [])),
        "bell": SimpleLazyObject(lambda: _bell(viewer, in_portal)),
        "user_menu": SimpleLazyObject(lambda: _user_menu(viewer)),
        "role_label": SimpleLazyObject(lambda: _role_label(viewer)),
        "account_executive": SimpleLazyObject(lambda: _account_executive(viewer)),
    }
    if viewer.viewpoint and viewer.account:
        entry = request.preview_entry  # type: ignore[attr-defined]
        back = entry.details.get("return_to") or viewer.account.get_absolute_url()
        context["preview"] = {
            "account_name": viewer.account.name,
            "viewpoint_label": viewer.viewpoint.label,
            "return_url": previews.outside(back),
            "minutes_left": previews.minutes_left(entry),
        }
    return context


def _viewer(request: HttpRequest) -> Viewer | None:
    return getattr(request, "viewer", None)


def _home_url(viewer: Viewer, in_portal: bool) -> str:
    if in_portal and viewer.account:
        return reverse("client:home", args=[viewer.account.id])
    return reverse("staff:overview")


def _bell(viewer: Viewer, in_portal: bool) -> dict[str, Any]:
    """This will count what the person has not read, in one query; without anybody to be told, there is no bell."""
    if viewer.is_preview or viewer.user is None:
        return {}
    if in_portal and viewer.account:
        return {
            "url": reverse("client:notifications", args=[viewer.account.id]),
            "unread": notification_pages.unread_count(viewer),
        }
    if Can.ENTER_STAFF_AREA.value not in viewer.organization_abilities:
        return {}
    unread = notification_pages.unread_count(viewer.of_organization())
    return {"url": reverse("staff:notifications"), "unread": unread}


def _search_url(viewer: Viewer, in_portal: bool) -> str:
    """This will be where the viewer searches: in their account, or in the admin area; nobody without a login does."""
    if viewer.guest is not None:
        return ""
    if in_portal and viewer.account is not None:
        return reverse("client:search", args=[viewer.account.id]) if viewer.can(Can.USE_PORTAL) else ""
    return reverse("staff:search") if Can.ENTER_STAFF_AREA.value in viewer.organization_abilities else ""


def _account_executive(viewer: Viewer) -> dict[str, str] | None:
    """This will name the first Account Executive of the account, for the card that says who to ask."""
    if viewer.account is None:
        return None
    membership = (
        Membership.objects.active()
        .filter(account=viewer.account, role=Role.ACCOUNT_EXECUTIVE)
        .select_related("user")
        .order_by("created_at")
        .first()
    )
    if membership is None:
        return None
    user = membership.user
    return {"name": user.name, "email": user.email, "initials": user.initials}


def _role_label(viewer: Viewer) -> str:
    """This will be the line under the person's name: the account for clients, the role for staff."""
    if viewer.account is not None and not viewer.is_staff:
        return viewer.account.name
    role = Role.ADMIN if viewer.sees_every_account else Role.ACCOUNT_EXECUTIVE
    if role == Role.ACCOUNT_EXECUTIVE and Can.DRAFT_DEFINITIONS.value not in viewer.organization_abilities:
        role = Role.TECHNICIAN
    return str(role.label)


def _user_menu(viewer: Viewer) -> list[dict[str, str]]:
    if viewer.is_preview:
        return []
    return [
        {"label": _("Switch account"), "url": reverse("home"), "icon": "building"},
        {"label": _("What you are told"), "url": reverse("notification_choices"), "icon": "bell"},
        {"label": _("Your profile"), "url": reverse("profile"), "icon": "user"},
        {"label": _("Sign out"), "url": reverse("account_logout"), "icon": "logout"},
    ]
