"""What somebody is told, as its pages show it: the same for clients, in one account, and for staff, in all of theirs."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy

from accounts import time_zones
from accounts.actions.telling import MORNING, choices_of
from accounts.models import Channel, Notification
from accounts.notices.notification_kinds import Kind, UnknownKind, When, kind_named, kinds_for, read
from accounts.viewer import Viewer
from portal.web.pagination import Page, paginate

COUNTED = 99
# What concerns nobody but oneself, and comes in any case.
ALWAYS = (
    (
        gettext_lazy("You are invited to the portal"),
        gettext_lazy("The email by which you get in."),
    ),
    (
        gettext_lazy("Your password and how you sign in"),
        gettext_lazy("So that you hear of it when somebody else tries."),
    ),
)


@dataclass(frozen=True)
class Line:
    """One row of the page: `words` are empty when its reader may not see what it is about any more."""

    row: Notification
    words: str
    path: str
    icon: str

    @property
    def is_unread(self) -> bool:
        """This will say whether it was neither opened nor marked."""
        return self.row.read_at is None


@dataclass(frozen=True)
class Cell:
    """How one kind comes by one channel: `name` is the field's, `when` what is chosen; `is_always` is no choice."""

    name: str
    label: Any
    when: str
    is_always: bool


def own(viewer: Viewer) -> Viewer:
    """This will refuse with PermissionDenied whoever is not there as themselves."""
    if viewer.is_preview or viewer.user is None:
        raise PermissionDenied("one's own, as oneself")
    return viewer


def unread_count(viewer: Viewer) -> int:
    """This will count what the viewer has not read, up to a limit, in one query."""
    return Notification.objects.visible_to(viewer).shown().unread()[: COUNTED + 1].count()


def listed(request: HttpRequest, viewer: Viewer) -> tuple[Page, list[Line]]:
    """This will find the rows of one page, newest first, all or unread ones, with their words."""
    rows = Notification.objects.visible_to(own(viewer)).shown().select_related("account")
    if request.GET.get("show") == "unread":
        rows = rows.unread()
    found = paginate(rows.order_by("-shown_from", "-id"), request)
    return found, [_line(notice.row, words, path) for notice, words, path in read(found, lambda _row: viewer)]


def one(viewer: Viewer, pk: uuid.UUID) -> Line:
    """This will find one of the viewer's own. Raises Http404."""
    row = Notification.objects.visible_to(own(viewer)).shown().select_related("account").filter(pk=pk).first()
    if row is None:
        raise Http404
    ((notice, words, path),) = read([row], lambda _row: viewer)
    return _line(notice.row, words, path)


def _line(row: Notification, words: str, path: str) -> Line:
    try:
        icon = kind_named(row.kind).icon
    except UnknownKind:
        icon = "bell"
    return Line(row, words, path, icon)


def choices(viewer: Viewer, typed: Mapping[str, str] | None = None) -> list[tuple[Kind, list[Cell]]]:
    """This will list what the viewer can be told about, and how they chose to hear of each."""
    user = own(viewer).user
    assert user is not None
    chosen = choices_of(viewer.organization, [user])[user.pk]
    return [
        (
            kind,
            [
                Cell(
                    field := f"{kind.name}:{channel}",
                    channel.label,
                    (typed or {}).get(field) or kind.when(channel, chosen),
                    channel in kind.always,
                )
                for channel in Channel
            ],
        )
        for kind in kinds_for(viewer)
    ]


def typed_choices(request: HttpRequest) -> dict[tuple[str, str], str]:
    """This will read the form of choices: {(kind, channel): when}; what is no choice is left out."""
    found: dict[tuple[str, str], str] = {}
    for name, when in request.POST.items():
        kind, colon, channel = name.rpartition(":")
        if colon and channel in Channel.values and str(when) in When.values:
            found[kind, channel] = str(when)
    return found


def context_of_choices(viewer: Viewer) -> dict[str, Any]:
    """This will gather what the page of choices shows."""
    assert viewer.user is not None
    return {
        "rows": choices(viewer),
        "channels": Channel,
        "whens": When.choices,
        "always": ALWAYS,
        "email": viewer.user.email,
        "morning": datetime.time(MORNING),
        "zone": str(time_zones.zone_of(viewer)),
    }


def moment(text: str) -> datetime.datetime | None:
    """This will read the moment by which something is undone; None for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    # At the ends of the calendar another zone's moment does not exist.
    return found if found is not None and found.tzinfo is not None and 1970 < found.year < 9000 else None
