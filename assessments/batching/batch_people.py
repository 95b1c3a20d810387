"""The people of a batch as staff follow them: who passes a filter, how the sending stands, whom nobody is certain about.

A batch may go to accounts of several Account Executives. Everything here starts from the runs the viewer follows, so
each sees rows and counts of their own accounts and learns nothing of the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Mail, MailState
from accounts.models.mail import TURNED_OFF, WITH_DAILY_MAIL
from accounts.viewer import Viewer
from assessments.lists.account_assessments import followed
from assessments.models import OPEN, Assessment, Batch, BatchDraft, Respondent
from assessments.people import tracking
from assessments.people.tracking import Tracked

INVITATION = "assessments.invitation"
VIEWS: dict[str, Any] = {
    "all": gettext_lazy("All"),
    "not_started": gettext_lazy("Not started"),
    "missing": gettext_lazy("Not done"),
    "done": gettext_lazy("Done"),
    "bounced": gettext_lazy("Not delivered"),
    "unknown": gettext_lazy("Not certain"),
}
WORDS: dict[str, Any] = {
    "": gettext_lazy("not invited"),
    MailState.QUEUED: gettext_lazy("waiting to be sent"),
    MailState.SENDING: gettext_lazy("being sent"),
    MailState.SENT: gettext_lazy("sent"),
    MailState.DELIVERED: gettext_lazy("delivered"),
    MailState.BOUNCED: gettext_lazy("came back"),
    MailState.FAILED: gettext_lazy("could not be sent"),
    MailState.CANCELLED: gettext_lazy("not needed any more"),
    WITH_DAILY_MAIL: gettext_lazy("goes with the daily mail"),
    TURNED_OFF: gettext_lazy("turned off by the reader"),
    MailState.UNKNOWN: gettext_lazy("not certain"),
}


@dataclass(frozen=True)
class Filter:
    """Which people, as the page's address says it; what an address cannot mean is left out."""

    view: str = "all"
    words: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `view` and `q`."""
        view = query.get("view", "")
        return cls(view if view in VIEWS else "all", query.get("q", "").replace("\x00", "").strip()[:100])

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.view != "all")


@dataclass(frozen=True)
class Sending:
    """How far the invitations are. `to_queue` people have none yet."""

    total: int = 0
    to_queue: int = 0
    waiting: int = 0
    sent: int = 0
    undeliverable: int = 0
    unknown: int = 0

    @property
    def is_under_way(self) -> bool:
        """This will say whether the figures are about to change by themselves."""
        return bool(self.to_queue or self.waiting)

    @property
    def settled(self) -> int:
        """This will count the invitations nothing more happens to."""
        return self.total - self.to_queue - self.waiting

    @property
    def percent(self) -> int:
        return self.settled * 100 // self.total if self.total else 100


def runs_of(viewer: Viewer, batch: Batch) -> QuerySet[Assessment]:
    """This will return the runs of a batch in the accounts the viewer follows."""
    return followed(viewer).filter(batch=batch)


def batches_of(viewer: Viewer) -> QuerySet[Batch]:
    """This will return the batches with a run in an account the viewer follows."""
    runs = followed(viewer).filter(batch=OuterRef("pk"))
    return Batch.objects.visible_to(viewer).filter(Exists(runs)).select_related("definition", "created_by")


def people_of(viewer: Viewer, batch: Batch, chosen: Filter) -> QuerySet[Respondent]:
    """This will return the people of a batch that pass the filter, account by account, in the order of their names."""
    # Looking up everybody's last mail costs where there are thousands: only where it is asked about.
    everybody = _people(viewer, batch) if chosen.view in _ABOUT_MAIL else _plain_people(viewer, batch)
    found = everybody.filter(_CONDITIONS[chosen.view])
    for word in chosen.words.split()[:8]:
        found = found.filter(
            Q(name__icontains=word) | Q(email__icontains=word) | Q(name="", user__name__icontains=word)
            | Q(user__email__icontains=word) | Q(account__name__icontains=word)
        )  # fmt: skip
    ordered = found.annotate(_called=_CALLED).order_by("account__name", "_called", "id")
    return ordered.select_related("user", "account").defer("flagged", "progress")


def counts(viewer: Viewer, batch: Batch) -> dict[str, int]:
    """This will count the people of each view, in one query: {view: count}."""
    return _people(viewer, batch).aggregate(**{view: Count("id", filter=of) for view, of in _CONDITIONS.items()})


def sending(viewer: Viewer, batch: Batch) -> Sending:
    """This will say how far the invitations of a batch are, in two queries."""
    people: Any = _people(viewer, batch).order_by()
    by_state = dict(people.values_list("mail_state").annotate(count=Count("id")).values_list("mail_state", "count"))
    is_handed_over = not BatchDraft.objects.filter(batch=batch, handed_over_at=None).exists()
    without = by_state.pop(None, 0)
    taken = sum(by_state.values())
    return Sending(
        total=taken if is_handed_over else taken + without,
        to_queue=0 if is_handed_over else without,
        waiting=by_state.get(MailState.QUEUED, 0) + by_state.get(MailState.SENDING, 0),
        sent=by_state.get(MailState.SENT, 0) + by_state.get(MailState.DELIVERED, 0),
        undeliverable=by_state.get(MailState.BOUNCED, 0) + by_state.get(MailState.FAILED, 0),
        unknown=by_state.get(MailState.UNKNOWN, 0),
    )


def uncertain(viewer: Viewer, batch: Batch, most: int) -> list[Mail]:
    """This will return the mails of a batch of which nobody knows whether they arrived, the oldest first."""
    people = _plain_people(viewer, batch).values("pk")
    mails = Mail.objects.visible_to(viewer).filter(about__in=people, state=MailState.UNKNOWN)
    return list(mails.filter(kind__in=tracking.ABOUT_THE_WAY_IN).order_by("created_at", "id")[:most])


def table(viewer: Viewer, batch: Batch, chosen: Filter, size: int = 500) -> Iterator[list[Any]]:
    """This will yield everybody who passes the filter as plain cells, for a file; read in groups of `size`."""
    people = people_of(viewer, batch, chosen)
    for start in range(0, people.count(), size):
        group = list(people[start : start + size])
        for one, line in zip(group, rows(viewer, group), strict=True):
            yield [
                one.account.name, line.name, line.address, mail_word(line), line.invited_at, line.opened_at, line.percent,
                line.last_seen_at, line.done_at, _("yes") if line.is_stopped else "", one.assessment.due_on,
            ]  # fmt: skip


def table_head() -> list[str]:
    """This will name the columns of `table`."""
    return [
        _("Account"), _("Name"), _("Email"), _("Invitation"), _("Invited"), _("Opened"), _("Answered, percent"),
        _("Last seen"), _("Done"), _("Stopped"), _("Due"),
    ]  # fmt: skip


def rows(viewer: Viewer, people: Sequence[Respondent]) -> list[Tracked]:
    """This will write people as lines. Their runs are read once each: many people share one, and it is wide."""
    runs = followed(viewer).in_bulk({one.assessment_id for one in people})
    for one in people:
        one.assessment = runs[one.assessment_id]
    return tracking.rows(viewer, people)


def mail_word(line: Tracked) -> str:
    """This will say what became of the last mail to a person."""
    return str(WORDS.get(line.mail_state, line.mail_state))


def _plain_people(viewer: Viewer, batch: Batch) -> QuerySet[Respondent]:
    people: QuerySet[Respondent] = Respondent.objects.visible_to(viewer).filter(assessment__in=runs_of(viewer, batch))
    return people


def _people(viewer: Viewer, batch: Batch) -> QuerySet[Respondent]:
    people = _plain_people(viewer, batch)
    last = Mail.objects.filter(about=OuterRef("pk"), kind__in=tracking.ABOUT_THE_WAY_IN).order_by("-created_at")
    return people.annotate(mail_state=Subquery(last.values("state")[:1]))


# As Respondent.shown_name: by the name they were asked under, a user who came in by their own.
_CALLED = Lower(Coalesce(NullIf("name", Value("")), "user__name", Value("")))
_ABOUT_MAIL = ("bounced", "unknown")
_DONE = Q(submitted_at__isnull=False) | Q(assessment__mode="shared") & ~Q(assessment__status__in=OPEN)
_MISSING = ~_DONE & Q(stopped_at=None)
_CONDITIONS: dict[str, Q] = {
    "all": Q(),
    "not_started": _MISSING & Q(opened_at=None, answered_count=0),
    "missing": _MISSING,
    "done": _DONE,
    "bounced": Q(mail_state__in=[MailState.BOUNCED, MailState.FAILED]),
    "unknown": Q(mail_state=MailState.UNKNOWN),
}
