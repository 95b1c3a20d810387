"""Arranging Home: the Dashboard tab of an account, and Home of clients in the settings."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.actions import dashboards, previews
from accounts.models import Account, AuditEntry
from accounts.notices import announcements
from accounts.roles import Can
from accounts.rules import organization_view, staff_view
from accounts.staff.settings_frame import frame
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.ids import revision_in
from portal.web.pages import go, page

from .dashboard_editor import Editor


@staff_view(Can.CONFIGURE_DASHBOARD, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def dashboard(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will arrange what the account's Home shows; until it is saved, only the preview beside it shows it."""
    return _arranging(request, viewer, viewer.account)


@staff_view(Can.CONFIGURE_DASHBOARD, methods=("POST",), seen_by=Can.USE_PORTAL)
def dashboard_undo(request: HttpRequest, viewer: Viewer, change: uuid.UUID) -> HttpResponse:
    """This will take back the change just made."""
    return _undone(request, viewer, viewer.account, change)


@staff_view(Can.CONFIGURE_DASHBOARD, methods=("POST",), seen_by=Can.USE_PORTAL)
def dashboard_restoration(request: HttpRequest, viewer: Viewer, change: uuid.UUID) -> HttpResponse:
    """This will arrange Home as it was after an earlier change."""
    return _restored(request, viewer, viewer.account, change)


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def home_default(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will arrange the Home every account has that does not arrange its own."""
    return _arranging(request, viewer, None)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def home_default_undo(request: HttpRequest, viewer: Viewer, change: uuid.UUID) -> HttpResponse:
    """This will take back the change of the default just made."""
    return _undone(request, viewer, None, change)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def home_default_restoration(request: HttpRequest, viewer: Viewer, change: uuid.UUID) -> HttpResponse:
    """This will make the default what it was after an earlier change."""
    return _restored(request, viewer, None, change)


def _arranging(request: HttpRequest, viewer: Viewer, account: Account | None) -> HttpResponse:
    editor, status = Editor.of_request(request, viewer, account), 200
    if request.method == "POST" and not {"save", "reset", "look"}.isdisjoint(request.POST):
        try:
            if answer := _acted(request, editor):
                return answer
        except dashboards.Stale:
            status = 409
    context = {"editor": editor, "is_stale": status == 409, **_surroundings(viewer, account)}
    template = "portal/staff/dashboard.html" if account else "portal/staff/home_default.html"
    return page(request, template, context, swap="arranging", status=status)


def _acted(request: HttpRequest, editor: Editor) -> HttpResponse | None:
    """What a button of the editor asks for: to look at it, to save it, or to have the default again."""
    viewer, account = editor.viewer, editor.account
    if "look" in request.POST:
        there = editor.viewer_there
        if there is not None and editor.viewpoint:
            previews.start(by=there, viewpoint=editor.viewpoint, return_to=_address(account) if account else "")
        return None
    seen = request.POST.get("revision", "")
    components = editor.stored if "save" in request.POST else []
    change = dashboards.arrange(by=viewer, account=account, components=components, revision=revision_in(seen, -1))
    return _saved(request, account, change, _("Saved. Clients see it the next time they open Home."))


def _undone(request: HttpRequest, viewer: Viewer, account: Account | None, change: uuid.UUID) -> HttpResponse:
    try:
        dashboards.undo(by=viewer, account=account, change=change)
    except dashboards.UnknownChange:
        raise Http404 from None
    except dashboards.Stale:
        return go(request, _address(account), toast=_("This cannot be taken back any more: somebody changed it since."))
    return go(request, _address(account), toast=_("Taken back."))


def _restored(request: HttpRequest, viewer: Viewer, account: Account | None, change: uuid.UUID) -> HttpResponse:
    seen = request.POST.get("revision", "")
    try:
        made = dashboards.restore(by=viewer, account=account, change=change, revision=revision_in(seen, -1))
    except dashboards.UnknownChange:
        raise Http404 from None
    except dashboards.Stale:
        return go(request, _address(account), toast=_("Somebody changed it meanwhile. Look at it, then restore again."))
    return _saved(request, account, made, _("Restored."))


def _saved(request: HttpRequest, account: Account | None, change: AuditEntry | None, words: str) -> HttpResponse:
    if change is None:
        return go(request, _address(account), toast=_("Nothing was changed."))
    names = ("staff:dashboard_undo", [account.id, change.id]) if account else ("staff:home_default_undo", [change.id])
    toasts.keep(request, words, undo=toasts.Undo(reverse(names[0], args=names[1])))
    return go(request, _address(account))


def _address(account: Account | None) -> str:
    return reverse("staff:dashboard", args=[account.id]) if account else reverse("staff:home_default")


def _surroundings(viewer: Viewer, account: Account | None) -> dict:
    if account is None:
        return frame(viewer, "staff:home_default")
    return {
        "breadcrumbs": breadcrumbs.to_account(account, _("Dashboard")),
        "told": announcements.rows(announcements.of_place(viewer, account)[:5]),
        "told_to_all": announcements.told_to_all(viewer).count,
        "may_change_default": viewer.can(Can.MANAGE_SETTINGS),
    }
