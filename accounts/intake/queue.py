"""What was sent through intake forms, as the list of submissions shows it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import IntakeForm, IntakeSubmission
from accounts.viewer import Viewer

from . import guards

State = IntakeSubmission.State
SUSPICIOUS, ALL = "suspicious", "all"


@dataclass(frozen=True)
class Filter:
    """Which submissions: of a state, of a form, with a word in company, name or email."""

    state: str = State.WAITING
    form: str = ""
    words: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read a filter from an address; nonsense is no filter."""
        state = query.get("state", State.WAITING)
        return cls(
            state if state in (*State.values, SUSPICIOUS, ALL) else State.WAITING,
            _id(query.get("form", "")),
            query.get("q", "").replace("\x00", "").strip()[:100],
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether it leaves out more than the state does."""
        return bool(self.form or self.words)


@dataclass(frozen=True)
class Tab:
    """One state with how many submissions it has."""

    state: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Row:
    """One submission as the list shows it."""

    id: uuid.UUID
    company: str
    person: str
    email: str
    form: str
    state: str
    label: str
    tone: str
    icon: str
    suspicions: list[str]
    sent_at: datetime
    account: str


_TONES = {
    State.WAITING: ("info", "inbox"),
    State.ACCEPTED: ("success", "circle-check"),
    State.MERGED: ("success", "git-branch"),
    State.REJECTED: ("neutral", "circle-x"),
}


def look_of(submission: IntakeSubmission) -> tuple[str, str]:
    """This will return the tone and the icon of a submission's state."""
    return _TONES[State(submission.state)]


def submissions_of(viewer: Viewer, chosen: Filter) -> QuerySet[IntakeSubmission]:
    """This will return the submissions that pass the filter, the newest first; what waits and looks like spam stands in
    a view of its own."""
    found = IntakeSubmission.objects.visible_to(viewer).select_related("form", "account")
    if chosen.state == SUSPICIOUS:
        found = found.filter(state=State.WAITING).exclude(suspicions=[])
    elif chosen.state == State.WAITING:
        found = found.filter(state=State.WAITING, suspicions=[])
    elif chosen.state != ALL:
        found = found.filter(state=chosen.state)
    if chosen.form:
        found = found.filter(form=uuid.UUID(chosen.form))
    for word in chosen.words.split()[:8]:
        found = found.filter(
            Q(company__icontains=word) | Q(contact_name__icontains=word) | Q(contact_email__icontains=word)
        )
    return found.order_by("-created_at", "-id")


def rows(submissions: Sequence[IntakeSubmission]) -> list[Row]:
    """This will gather what the list shows."""
    return [
        Row(
            one.pk, one.company, one.contact_name, one.contact_email, one.form.name, one.state,
            str(one.get_state_display()), *look_of(one), [guards.words(word) for word in one.suspicions],
            one.created_at, one.account.name if one.account else "",
        )
        for one in submissions
    ]  # fmt: skip


def tabs(viewer: Viewer, chosen: Filter) -> list[Tab]:
    """This will count the submissions of each state, in one query."""
    count: dict[str, Any] = IntakeSubmission.objects.visible_to(viewer).aggregate(
        waiting=Count("pk", filter=Q(state=State.WAITING, suspicions=[])),
        suspicious=Count("pk", filter=Q(state=State.WAITING) & ~Q(suspicions=[])),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
        merged=Count("pk", filter=Q(state=State.MERGED)),
        rejected=Count("pk", filter=Q(state=State.REJECTED)),
        all=Count("pk"),
    )
    words = {
        State.WAITING.value: _("Waiting"), SUSPICIOUS: _("May be spam"), State.ACCEPTED.value: _("Accepted"),
        State.MERGED.value: _("Merged"), State.REJECTED.value: _("Rejected"), ALL: _("All"),
    }  # fmt: skip
    return [Tab(state, label, count[state], state == chosen.state) for state, label in words.items()]


def waiting(viewer: Viewer) -> int:
    """This will count what waits for a decision and does not look like spam."""
    found = IntakeSubmission.objects.visible_to(viewer).filter(state=State.WAITING, suspicions=[])
    return found.count()


def forms_of(viewer: Viewer) -> list[IntakeForm]:
    """This will return the forms with the number of submissions, and how many of them wait and look like no spam, in one query."""
    found = IntakeForm.objects.visible_to(viewer).annotate(
        sent=Count("submissions"),
        waits=Count("submissions", filter=Q(submissions__state=State.WAITING, submissions__suspicions=[])),
    )
    return list(found.order_by("-is_default", "name", "pk"))


def _id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""
