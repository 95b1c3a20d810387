"""What the provider tells its clients: which announcements run, and how staff see them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Account, Announcement
from accounts.viewer import Viewer

RUNNING, PLANNED, ENDED = "running", "planned", "ended"


@dataclass(frozen=True, slots=True)
class Row:
    """One announcement in the staff's list. `state` is by the clock of the page."""

    announcement: Announcement
    state: str
    where: str

    @property
    def may_end(self) -> bool:
        """This will say whether ending it now would change anything."""
        return self.state == RUNNING


def running_for(viewer: Viewer) -> QuerySet[Announcement]:
    """This will return what the viewer's account is told today by its own clock, the newest first."""
    found = Announcement.objects.visible_to(viewer).running_on(timezone.localdate())
    return found.order_by("-starts_on", "-created_at", "-id")


def of_place(viewer: Viewer, account: Account | None) -> QuerySet[Announcement]:
    """This will return what one account is told, or without an account what all are told and each: newest first."""
    found = Announcement.objects.visible_to(viewer).current()
    if account is not None:
        found = found.filter(account=account)
    return found.select_related("account", "created_by").defer("created_by__password").order_by("-starts_on", "-id")


def told_to_all(viewer: Viewer) -> QuerySet[Announcement]:
    """This will return what every account of the organization is told today."""
    return Announcement.objects.visible_to(viewer).filter(account=None).running_on(timezone.localdate())


def rows(found: Any) -> list[Row]:
    """This will make the rows of announcements already read."""
    today = timezone.localdate()
    return [Row(one, state_of(one, today), one.account.name if one.account else "") for one in found]


def state_of(announcement: Announcement, today: date) -> str:
    """This will say whether an announcement runs on a day, is still to come, or is over."""
    if announcement.starts_on > today:
        return PLANNED
    return ENDED if announcement.ends_on and announcement.ends_on < today else RUNNING


def filtered(found: QuerySet[Announcement], state: str) -> QuerySet[Announcement]:
    """This will keep the announcements in one of the states; all for any other word."""
    today = timezone.localdate()
    over = Q(ends_on__lt=today)
    states = {RUNNING: Q(starts_on__lte=today) & ~over, PLANNED: Q(starts_on__gt=today), ENDED: over}
    return found.filter(states[state]) if state in states else found
