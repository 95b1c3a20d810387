"""Announcements: those to all accounts in the settings, those to one account on its Dashboard tab."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.actions import announcements as actions
from accounts.models import Account, Announcement
from accounts.notices import announcements as reading
from accounts.roles import Can
from accounts.rules import organization_view, staff_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.ids import revision_in
from portal.web.pages import go, page
from portal.web.pagination import paginate

from .announcement_forms import AnnouncementForm
from .settings_frame import frame
from .taking_back import take_back

of_account = staff_view(Can.CONFIGURE_DASHBOARD, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
of_account_post = staff_view(Can.CONFIGURE_DASHBOARD, methods=("POST",), seen_by=Can.USE_PORTAL)
of_all = organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
of_all_post = organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def announcements(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list everything clients are told: all of them, or one account."""
    state = request.GET.get("state", "")
    found = paginate(reading.filtered(reading.of_place(viewer, None), state), request)
    states = (
        ("", _("All")),
        (reading.RUNNING, _("Running")),
        (reading.PLANNED, _("Planned")),
        (reading.ENDED, _("Ended")),
    )
    context = {
        "page": found,
        "rows": reading.rows(found.items),
        "views": [{"label": label, "url": f"?state={key}", "current": key == state} for key, label in states],
        "is_narrow": bool(state),
        "shows_where": True,
        **frame(viewer, "staff:announcements"),
    }
    return page(request, "accounts/staff/announcements.html", context, swap="announcements")


@of_all
def announcement_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will tell all accounts something."""
    return _new(request, viewer, None)


@of_all
def announcement(request: HttpRequest, viewer: Viewer, announcement: uuid.UUID) -> HttpResponse:
    """This will change an announcement."""
    return _edited(request, viewer, _found(viewer, announcement), None)


@of_all_post
def announcement_end(request: HttpRequest, viewer: Viewer, announcement: uuid.UUID) -> HttpResponse:
    """This will end an announcement."""
    return _ended(request, viewer, _found(viewer, announcement), None)


@of_all_post
def announcement_resumption(
    request: HttpRequest, viewer: Viewer, announcement: uuid.UUID, step: uuid.UUID
) -> HttpResponse:  # fmt: skip
    """This will let an announcement run on that was just ended."""
    return _resumed(request, viewer, _found(viewer, announcement), step, None)


@of_all_post
def announcement_removal(request: HttpRequest, viewer: Viewer, announcement: uuid.UUID) -> HttpResponse:
    """This will remove an announcement."""
    return _removed(request, viewer, _found(viewer, announcement), None)


@of_all_post
def announcement_restoration(request: HttpRequest, viewer: Viewer, announcement: uuid.UUID) -> HttpResponse:
    """This will bring back a removed announcement."""
    return _restored(request, viewer, _found(viewer, announcement, removed=True), None)


@of_account
def account_announcement_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will tell one account something."""
    return _new(request, viewer, viewer.account)


@of_account
def account_announcement(request: HttpRequest, viewer: Viewer, announcement: uuid.UUID) -> HttpResponse:
    """This will change what one account is told."""
    return _edited(request, viewer, _found(viewer, announcement), viewer.account)


@of_account_post
def account_announcement_end(request: HttpRequest, viewer: Viewer, announcement: uuid.UUID) -> HttpResponse:
    """This will end what one account is told."""
    return _ended(request, viewer, _found(viewer, announcement), viewer.account)


@of_account_post
def account_announcement_resumption(
    request: HttpRequest, viewer: Viewer, announcement: uuid.UUID, step: uuid.UUID
) -> HttpResponse:  # fmt: skip
    """This will let run on what one account was told until just now."""
    return _resumed(request, viewer, _found(viewer, announcement), step, viewer.account)


@of_account_post
def account_announcement_removal(request: HttpRequest, viewer: Viewer, announcement: uuid.UUID) -> HttpResponse:
    """This will remove what one account is told."""
    return _removed(request, viewer, _found(viewer, announcement), viewer.account)


@of_account_post
def account_announcement_restoration(request: HttpRequest, viewer: Viewer, announcement: uuid.UUID) -> HttpResponse:
    """This will bring back what one account was told."""
    return _restored(request, viewer, _found(viewer, announcement, removed=True), viewer.account)


def _found(viewer: Viewer, announcement: uuid.UUID, *, removed: bool = False) -> Announcement:
    """On an account's page only its own: what all are told is changed in the settings."""
    rows = Announcement.objects.visible_to(viewer).filter(removed_at__isnull=not removed)
    if viewer.account is not None:
        rows = rows.filter(account=viewer.account)
    return get_object_or_404(rows.select_related("account"), pk=announcement)


def _new(request: HttpRequest, viewer: Viewer, account: Account | None) -> HttpResponse:
    form = AnnouncementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.publish(by=viewer, account=account, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            return go(request, _back(account), toast=_("Announced. It stands on Home from its first day."))
    return _form(request, viewer, account, form, _("New announcement"))


def _edited(request: HttpRequest, viewer: Viewer, found: Announcement, account: Account | None) -> HttpResponse:
    form = AnnouncementForm(request.POST if request.method == "POST" else None, announcement=found)
    theirs = None
    if form.is_valid():
        seen = request.POST.get("revision", "")
        try:
            actions.edit(by=viewer, announcement=found, revision=revision_in(seen, -1), **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        except actions.Stale as error:
            theirs = error.theirs
        else:
            return go(request, _back(account), toast=_("Saved."))
    return _form(request, viewer, account, form, _("Edit announcement"), found=found, theirs=theirs)


def _form(
    request: HttpRequest, viewer: Viewer, account: Account | None, form: AnnouncementForm, title: str, **more: Any
) -> HttpResponse:
    found = more.get("found")
    way = (
        breadcrumbs.to_account(account, title)
        if account
        else frame(viewer, "staff:announcements", title)["breadcrumbs"]
    )
    context = {
        "form": form, "title": title, "breadcrumbs": way, "back": _back(account), "to": account or (found and found.account),
        "action": request.path, "revision": (more.get("theirs") or found).revision if found else 0, **more,
    }  # fmt: skip
    status = 409 if more.get("theirs") else 422 if form.errors else 200
    return page(request, "accounts/staff/announcement.html", context, swap="dialog", status=status)


def _ended(request: HttpRequest, viewer: Viewer, found: Announcement, account: Account | None) -> HttpResponse:
    step = actions.end(by=viewer, announcement=found)
    tonight = step.details["changes"]["ends_on"][1] == found.starts_on.isoformat()
    words = _("It ends tonight.") if tonight else _("Ended. It no longer stands on Home.")
    toasts.keep(request, words, undo=_undo("resumption", account, found.pk, step.pk))
    return go(request, _back(account))


def _resumed(
    request: HttpRequest, viewer: Viewer, found: Announcement, step: uuid.UUID, account: Account | None
) -> HttpResponse:
    return take_back(
        request,
        lambda: actions.resume(by=viewer, announcement=found, step=step),
        lambda _running: go(request, _back(account), toast=_("It runs on.")),
    )


def _removed(request: HttpRequest, viewer: Viewer, found: Announcement, account: Account | None) -> HttpResponse:
    actions.remove(by=viewer, announcement=found)
    toasts.keep(request, _("Removed."), undo=_undo("restoration", account, found.pk))
    return go(request, _back(account))


def _undo(what: str, account: Account | None, *ids: uuid.UUID) -> toasts.Undo:
    if account is None:
        return toasts.Undo(reverse(f"staff:announcement_{what}", args=ids))
    return toasts.Undo(reverse(f"staff:account_announcement_{what}", args=[account.pk, *ids]))


def _restored(request: HttpRequest, viewer: Viewer, found: Announcement, account: Account | None) -> HttpResponse:
    actions.restore(by=viewer, announcement=found)
    return go(request, _back(account), toast=_("It is back."))


def _back(account: Account | None) -> str:
    return reverse("staff:dashboard", args=[account.id]) if account else reverse("staff:announcements")
