"""What people are told about runs, in words that are true, and may be read, at the moment they are read."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import grants
from accounts.models import Channel
from accounts.notices import notifications
from accounts.notices.notifications import Notice
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments import notices, reminders, run_names
from assessments.actions.respondents import INVITATION
from assessments.models import Assessment, ClarificationMessage, Respondent, Status


@dataclass(frozen=True)
class About:
    """What a notice is about: the row it was told of, its run, and what the run is called so that nobody takes it for
    another of the account."""

    row: Any
    run: Assessment
    name: str


def _about(viewer: Viewer, rows: Iterable[tuple[Any, Assessment]]) -> dict[uuid.UUID, About]:
    pairs = list(rows)
    names = run_names.names_of([run for _row, run in pairs], viewer.organization)
    return {row.pk: About(row, run, names[run.pk]) for row, run in pairs}


def where(viewer: Viewer, ability: Can) -> Q:
    """This will keep rows of the accounts in which the viewer holds an ability: those of one page, or of all."""
    if viewer.can(ability):
        return Q()
    if viewer.account is not None or viewer.user is None:
        return Q(pk__in=[])
    return Q(account_id__in=grants.account_ids_where(viewer.user, ability))


# For staff ---------------------------------------------------------------------------------------------------------


def _followed(viewer: Viewer, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, About]:
    runs = Assessment.objects.visible_to(viewer).filter(where(viewer, Can.FOLLOW_ANSWERS), pk__in=ids)
    return _about(viewer, ((run, run) for run in runs.select_related("account").defer("progress")))


def _submitted(notice: Notice) -> str | None:
    if notice.about.run.submitted_at is None:
        return None
    names = {"who": notice.data.get("by_name") or _("The last respondent"), **_names(notice.about)}
    return _("%(who)s has submitted “%(run)s” for %(account)s.") % names


def _to_review(notice: Notice) -> str:
    page = "staff:assessment" if notice.about.run.is_released else "staff:run_review"
    return _of_run(page, notice.about.run)


def _threshold(notice: Notice) -> str | None:
    names = {"percent": notice.about.run.notify_at_percent, **_names(notice.about)}
    return _("%(percent)s %% of the people asked have handed in “%(run)s” for %(account)s.") % names


notifications.kind(
    notices.SUBMITTED,
    gettext_lazy("An assessment is submitted"),
    note=gettext_lazy("In an account you look after."),
    text=_submitted,
    load=_followed,
    path=_to_review,
    icon="send",
    audience=["staff"],
)
notifications.kind(
    notices.THRESHOLD,
    gettext_lazy("Most people are done"),
    note=gettext_lazy("At the share the set-up of an assessment names."),
    text=_threshold,
    load=_followed,
    path=lambda notice: _of_run("staff:run_people", notice.about.run),
    icon="users",
    audience=["staff"],
)


# For clients -------------------------------------------------------------------------------------------------------


def _released_runs(viewer: Viewer, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, About]:
    runs = Assessment.objects.visible_to(viewer).filter(where(viewer, Can.VIEW_RESULTS), pk__in=ids)
    found = runs.select_related("account").defer("progress")
    return _about(viewer, ((run, run) for run in found if run.is_released))


def _released(notice: Notice) -> str:
    names = {"organization": notice.viewer.organization.name, **_names(notice.about)}
    return _("%(organization)s has released the results of “%(run)s” for %(account)s.") % names


def _answered_by(viewer: Viewer, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, About]:
    people = Respondent.objects.visible_to(viewer).filter(
        where(viewer, Can.ANSWER_ASSESSMENTS),
        pk__in=ids,
        user=viewer.user,
        stopped_at=None,
        assessment__deleted_at=None,
    )
    found = people.select_related("assessment__account").defer("assessment__progress")
    return _about(viewer, ((one, one.assessment) for one in found))


def _asked(notice: Notice) -> str | None:
    if not notice.about.run.is_open or notice.about.row.submitted_at:
        return None
    names = {"organization": notice.viewer.organization.name, **_names(notice.about)}
    return _("%(organization)s asks you to answer “%(run)s” for %(account)s.") % names


def _waited_for(notice: Notice) -> str | None:
    person, run = notice.about.row, notice.about.run
    if not run.is_open or person.submitted_at:
        return None
    is_begun = bool((person if run.is_independent else run).answered_count)
    if is_begun:
        return _("“%(run)s” for %(account)s waits for the rest of your answers.") % _names(notice.about)
    return _("“%(run)s” for %(account)s waits for your answers.") % _names(notice.about)


def _to_answer(notice: Notice) -> str:
    return _of_run("client:take", notice.about.run)


notifications.kind(
    INVITATION,
    gettext_lazy("You are asked to answer"),
    note=gettext_lazy("Whoever asks you relies on the email, so it always comes."),
    text=_asked,
    load=_answered_by,
    path=_to_answer,
    icon="clipboard-check",
    audience=["client"],
    always=[Channel.MAIL],
)
notifications.kind(
    reminders.KIND,
    gettext_lazy("Your answers are still missing"),
    note=gettext_lazy("Reminders before the day an assessment is due."),
    text=_waited_for,
    load=_answered_by,
    path=_to_answer,
    icon="calendar-due",
    audience=["client"],
)
notifications.kind(
    notices.RELEASED,
    gettext_lazy("Results are ready"),
    note=gettext_lazy("The results of an assessment can be seen."),
    text=_released,
    load=_released_runs,
    path=lambda notice: _of_run("client:results", notice.about.run),
    icon="circle-check",
    audience=["client"],
)


# For both sides ----------------------------------------------------------------------------------------------------


def _lines(viewer: Viewer, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, About]:
    """Staff see threads where they follow answers; a client those they are asked in, which are staff's lines."""
    asked = Respondent.objects.filter(user=viewer.user, stopped_at=None)
    of_mine = Q(clarification__asked_of__user=viewer.user, clarification__asked_of__stopped_at=None) | Q(
        Exists(asked.filter(assessment=OuterRef("clarification__assessment"))), clarification__asked_of=None
    )
    replies = Q(where(viewer, Can.FOLLOW_ANSWERS), is_staff=False)
    questions = Q(where(viewer, Can.ANSWER_ASSESSMENTS), of_mine, is_staff=True)
    rows: QuerySet[ClarificationMessage] = ClarificationMessage.objects.visible_to(viewer).filter(
        replies | questions, pk__in=ids, clarification__assessment__deleted_at=None
    )
    rows = rows.select_related("author", "guest__user", "clarification__assessment__account")
    found = rows.defer("clarification__assessment__progress")
    return _about(viewer, ((row, row.clarification.assessment) for row in found))


def _said(notice: Notice) -> str | None:
    line, run = notice.about.row, notice.about.run
    if line.clarification.resolved_at or run.status == Status.CLOSED:
        return None
    if line.is_staff:
        names = {"organization": notice.viewer.organization.name, **_names(notice.about)}
        return _("%(organization)s has a question about your answer in “%(run)s”") % names
    who = line.author.name if line.author else line.guest.shown_name if line.guest else _("The respondent")
    return _("%(who)s replied about “%(run)s”") % {"who": who, **_names(notice.about)}


def _thread(notice: Notice) -> str:
    row = notice.about.row.clarification
    if notice.about.row.is_staff:
        return reverse("client:clarification", args=[row.account_id, row.assessment_id, row.pk])
    return f"{_of_run('staff:run_review', row.assessment)}#answer-{row.question_key}"


notifications.kind(
    notices.CLARIFICATION,
    gettext_lazy("A question about an answer, or a reply to one"),
    text=_said,
    load=_lines,
    path=_thread,
    icon="message-2",
)


def _names(about: About) -> dict[str, str]:
    return {"run": about.name, "account": about.run.account.name}


def _of_run(name: str, run: Assessment) -> str:
    return reverse(name, args=[run.account_id, run.pk])
