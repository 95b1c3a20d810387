"""When whom to remind that an assessment is due: a rule of dates and clocks, and the rows it holds for."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts import time_zones
from accounts.models import Organization
from assessments.models import OPEN, Respondent

DAYS_BEFORE = (30, 7, 1)
MORNING = 8
KIND = "assessments.reminder"


@dataclass(frozen=True)
class Reminder:
    """That a person is to be reminded now, `days` before the run is due."""

    person: Respondent
    days: int

    @property
    def key(self) -> str:
        """This will name this one reminder: of this person, of this date, so many days before it. There is one."""
        return f"{KIND}:{self.person.pk}:{self.due_on}:{self.days}"

    @property
    def due_on(self) -> datetime.date:
        """This will return the day the run is due."""
        due_on = self.person.assessment.due_on
        assert due_on is not None
        return due_on


def days_to_tell(
    due_on: datetime.date | None,
    now: datetime.datetime,
    zone: datetime.tzinfo,
    asked_at: datetime.datetime | None = None,
) -> int | None:
    """This will say of which of the reminders, 30, 7 or 1 days before, this is the time; None when of none.

    It is from eight in the morning of that day, by the clock of `zone`. It stays the time all day, so that an hour in
    which nothing ran is caught up. Nobody is reminded on the day they were asked (`asked_at`).
    """
    here = now.astimezone(zone)
    if due_on is None or here.hour < MORNING:
        return None
    if asked_at is not None and asked_at.astimezone(zone).date() == here.date():
        return None
    left = (due_on - here.date()).days
    return left if left in DAYS_BEFORE else None


def due(organization: Organization, now: datetime.datetime) -> Iterator[Reminder]:
    """This will find who is to be reminded now: asked, not done, not stopped, in open runs; one query."""
    for person in _waited_for(organization, now).iterator(chunk_size=500):
        run = person.assessment
        zone = time_zones.first_known(person.user, run.account, organization)
        days = days_to_tell(run.due_on, now, zone, person.invited_at or person.created_at)
        if days is not None:
            yield Reminder(person, days)


def _waited_for(organization: Organization, now: datetime.datetime) -> QuerySet:
    # The day is another one east and west of here: one more on either side, and the rule decides.
    today = now.astimezone(datetime.UTC).date()
    days = [
        today + datetime.timedelta(days=before + off) for before in DAYS_BEFORE for off in (-1, 0, 1)
    ]  # fmt: skip
    rows = Respondent.objects.filter(
        organization=organization,
        assessment__due_on__in=days,
        assessment__status__in=OPEN,
        assessment__deleted_at=None,
        account__deleted_at=None,
        account__archived_at=None,
    )
    # An address typed by whoever came by a share link is nobody's word for it: it is written to when staff say so.
    known = Q(through=None) | Q(invited_at__isnull=False)
    return (
        rows.answering()
        .filter(known)
        .exclude(user=None, email="")
        .select_related("user", "assessment__account")
        .defer("assessment__progress", "progress")
        .order_by("assessment_id", "pk")
    )
