"""What staff are told, in all their accounts, and how they want to hear of it."""

import uuid
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import notifications
from accounts.notices import notification_pages
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.pages import go, page, safe_next, wants_fragment

_LIST, _CHOICES = "accounts/staff/notifications.html", "accounts/staff/notification_choices.html"


@organization_view(Can.ENTER_STAFF_AREA)
def notification_list(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list what the viewer was told, the newest first; with ?show=unread, only what is not read."""
    return _listed(request, viewer)


@organization_view(Can.ENTER_STAFF_AREA)
def notification(request: HttpRequest, viewer: Viewer, notification: uuid.UUID) -> HttpResponse:
    """This will open what a notification is about, and note that it was read."""
    found = notification_pages.one(viewer, notification)
    notifications.mark(by=viewer, notification=found.row)
    return redirect(found.path or _list_url(viewer))


@organization_view(Can.ENTER_STAFF_AREA, methods=("POST",))
def notification_reading(request: HttpRequest, viewer: Viewer, notification: uuid.UUID) -> HttpResponse:
    """This will mark one as read, or as unread again."""
    found = notification_pages.one(viewer, notification)
    notifications.mark(by=viewer, notification=found.row, is_read=request.POST.get("read") != "no")
    if wants_fragment(request):
        return _listed(request, viewer)
    return redirect(safe_next(request, _list_url(viewer)))


@organization_view(Can.ENTER_STAFF_AREA, methods=("POST",))
def notifications_reading(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will mark all of them as read, and offer to take that back."""
    count, at = notifications.mark_all(by=viewer)
    words = ngettext("%(n)d marked as read.", "%(n)d marked as read.", count) % {"n": count}
    back = f"{reverse('staff:notifications_undo')}?{urlencode({'at': at.isoformat()})}"
    undo = toasts.Undo(back) if count else None
    if wants_fragment(request):
        return toasts.show(_listed(request, viewer), words, undo=undo)
    toasts.keep(request, words, undo=undo)
    return redirect(_list_url(viewer))


@organization_view(Can.ENTER_STAFF_AREA, methods=("POST",))
def notifications_undo(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will make unread again what was marked at one moment."""
    at = notification_pages.moment(request.GET.get("at", ""))
    count = notifications.unmark_all(by=viewer, at=at) if at else 0
    words = ngettext("%(n)d is unread again.", "%(n)d are unread again.", count) % {"n": count}
    return go(request, _list_url(viewer), toast=words)


@organization_view(Can.ENTER_STAFF_AREA, methods=("GET", "POST"))
def notification_choices(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show how the viewer hears of what; posted, keep it."""
    notification_pages.own(viewer)
    if request.method == "POST":
        count = notifications.choose(by=viewer, choices=notification_pages.typed_choices(request))
        return go(request, _choices_url(viewer), toast=_("Saved.") if count else _("Nothing was changed."))
    context = notification_pages.context_of_choices(viewer) | {
        "choices_url": _choices_url(viewer),
        "breadcrumbs": [
            {"label": _("Notifications"), "url": _list_url(viewer)},
            {"label": _("What you are told"), "url": ""},
        ],
    }
    return render(request, _CHOICES, context)


def _listed(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    found, lines = notification_pages.listed(request, viewer)
    context = {
        "page": found,
        "lines": lines,
        "show": request.GET.get("show", ""),
        "unread": notification_pages.unread_count(viewer),
        "list_url": _list_url(viewer),
        "choices_url": _choices_url(viewer),
        "reading_url": reverse("staff:notifications_reading"),
        "breadcrumbs": [{"label": _("Notifications"), "url": ""}],
    }
    return page(request, _LIST, context, swap="told")


def _list_url(viewer: Viewer) -> str:
    return reverse("staff:notifications")


def _choices_url(viewer: Viewer) -> str:
    return reverse("staff:notification_choices")
