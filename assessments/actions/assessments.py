"""Launching, submitting, releasing, closing, reopening, deleting assessments, and what was agreed about them."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import memberships
from accounts.models import Account, User
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments import notices
from assessments.answering.progress import measure
from assessments.models import Answer, Assessment, Clarification, Respondent, Status
from library import audiences
from library.models import Definition
from library.versions import document_of

from . import reports, respondents
from .results import recompute
from .steps import AnswersMissing as AnswersMissing
from .steps import WrongStatus, after, locked
from .submissions import recount
from .submissions import submit as submit

# What staff set up beside name and due date.
STAFF_SETUP = ("results_expected_on", "mode", "combination", "notify_at_percent", "review_rule")


class NotLaunchable(Exception):
    """The definition is a draft, deprecated, a child of another, or not this account's to launch."""


class AlreadyOpen(Exception):
    """The account has an open run of this definition: `assessment`. Ask before starting another."""

    def __init__(self, assessment: Assessment):
        self.assessment = assessment
        super().__init__(str(assessment))


class SomethingAnswered(Exception):
    """How people answer is settled with the first answer: together, or each alone."""


@transaction.atomic
def launch(*, by: Viewer, definition: Definition, another: bool = False) -> Assessment:
    """This will start an assessment for the client's own account. The client gains no role by it (decision D2).

    Raises PermissionDenied for what is chosen for others of the account (library.audiences), NotLaunchable, or
    AlreadyOpen unless `another` run is wanted.
    """
    by.require(Can.LAUNCH_ASSESSMENTS)
    assert by.account is not None
    audiences.require(by, definition)
    assessment = _create(by, by.account, definition, another=another, name="", due_on=None, by_client=True)
    respondents.take_part(by, assessment)
    return assessment


@transaction.atomic
def create(
    *, by: Viewer, account: Account, definition: Definition, name: str = "", due_on: datetime.date | None = None,
    another: bool = False,
) -> Assessment:  # fmt: skip
    """This will create an assessment for a client, by staff of the account; who has no role in it yet becomes its
    Account Executive (decision D2). Raises NotLaunchable and AlreadyOpen."""
    by.require_on(Can.CREATE_ASSESSMENTS, account)
    memberships.become_executive(by=by, account=account)
    return _create(by, account, definition, another=another, name=name, due_on=due_on, by_client=False)


def _create(
    by: Viewer, account: Account, definition: Definition, *, another: bool, name: str, due_on: datetime.date | None,
    by_client: bool,
) -> Assessment:  # fmt: skip
    # One account launches one definition at a time: the row lock makes a double click one assessment.
    definition = (
        Definition.objects.filter(organization=by.organization)
        .launchable()
        .top_level()
        .select_for_update(of=("self",))
        .select_related("published_version")
        .defer("published_version__document")
        .filter(pk=definition.pk)
        .first()
    )
    if definition is None:
        raise NotLaunchable
    runs = Assessment.objects.filter(account=account, definition=definition, deleted_at=None)
    running = runs.open().order_by("-updated_at").first()
    if running and not another:
        raise AlreadyOpen(running)
    progress = measure(document_of(definition.published_version), {})
    assessment = Assessment.objects.create(
        organization=by.organization,
        account=account,
        definition=definition,
        version=definition.published_version,
        name=name or definition.name,
        created_by=by.user,
        created_by_client=by_client,
        due_on=due_on,
        question_count=progress.asked,
        progress=progress.as_json(),
        updated_at=timezone.now(),
    )
    audit.record(by, "assessment.created", assessment, account, definition=definition.key)
    return assessment


@transaction.atomic
def release(*, by: Viewer, assessment: Assessment) -> Assessment:
    """This will show the result to the client and close the assessment. Raises WrongStatus unless it is in review."""
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = locked(assessment)
    assessment.status = after(assessment, "release")
    assessment.released_at, assessment.released_by, assessment.updated_at = timezone.now(), by.user, timezone.now()
    assessment.save(update_fields=["status", "released_at", "released_by", "updated_at"])
    _end_clarifications(by, assessment)
    reports.make_for_release(by=by, assessment=assessment)
    notices.released(by, assessment)
    audit.record(by, "assessment.released", assessment, assessment.account)
    return assessment


@transaction.atomic
def reopen(*, by: Viewer, assessment: Assessment, reason: str) -> Assessment:
    """This will let an assessment that is over be answered again, by everybody who answered it, and hide its result.

    Raises WrongStatus when it is open.
    """
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = locked(assessment)
    assessment.status = after(assessment, "reopen")
    assessment.released_at, assessment.released_by, assessment.updated_at = None, None, timezone.now()
    assessment.closed_at, assessment.closed_by, assessment.closing_note = None, None, ""
    assessment.save()
    Respondent.objects.filter(assessment=assessment).exclude(submitted_at=None).update(submitted_at=None)
    audit.record(by, "assessment.reopened", assessment, assessment.account, reason=reason[:500])
    return assessment


@transaction.atomic
def close(*, by: Viewer, assessment: Assessment, note: str) -> Assessment:
    """This will end an assessment without results; the client reads the note. Raises WrongStatus when it is closed."""
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = locked(assessment)
    assessment.status = after(assessment, "close")
    assessment.closed_at, assessment.closed_by, assessment.updated_at = timezone.now(), by.user, timezone.now()
    assessment.closing_note = note.strip()[:500]
    assessment.save(update_fields=["status", "closed_at", "closed_by", "closing_note", "updated_at"])
    _end_clarifications(by, assessment)
    audit.record(by, "assessment.closed", assessment, assessment.account, note=assessment.closing_note)
    return assessment


@transaction.atomic
def delete(*, by: Viewer, assessment: Assessment) -> bool:
    """This will take an assessment out of everybody's sight, to be brought back by an Admin (decision D15).

    Done once; False when it was gone already.
    """
    by.require_on(Can.DELETE_ASSESSMENTS, assessment.account)
    standing = Assessment.objects.filter(pk=assessment.pk, account=assessment.account_id, deleted_at=None)
    if not standing.update(deleted_at=timezone.now(), deleted_by=by.user):
        return False
    audit.record(by, "assessment.deleted", assessment, assessment.account, status=assessment.status)
    return True


@transaction.atomic
def restore(*, by: Viewer, assessment: Assessment) -> bool:
    """This will bring a deleted assessment back, as it was. Done once; False when it is not deleted."""
    by.require_on(Can.DELETE_ASSESSMENTS, assessment.account)
    gone = Assessment.objects.filter(pk=assessment.pk, account=assessment.account_id).exclude(deleted_at=None)
    if not gone.update(deleted_at=None, deleted_by=None):
        return False
    audit.record(by, "assessment.restored", assessment, assessment.account)
    return True


def deleted(by: Viewer, pk: uuid.UUID) -> Assessment | None:
    """This will find a deleted assessment, for who may bring it back; no page shows one."""
    rows = Assessment.objects.filter(**by.account_filter("account_id")).exclude(deleted_at=None)
    return rows.select_related("account").filter(pk=pk).first()


@transaction.atomic
def change_setup(
    *, by: Viewer, assessment: Assessment, name: str, due_on: datetime.date | None, **more: Any
) -> Assessment:  # fmt: skip
    """This will change the set-up of an assessment: its name, the day it is due, and for staff also `more`.

    `more` are results_expected_on, mode, combination, notify_at_percent, review_rule; those not given stay. Staff may
    until the results are released or the run is closed; of clients only who launched it, while it is open (decision D5):
    raises PermissionDenied for the others. Raises WrongStatus afterwards, and SomethingAnswered for another mode by then.
    """
    by.require_on(Can.CREATE_ASSESSMENTS if by.is_staff else Can.LAUNCH_ASSESSMENTS, assessment.account)
    if not by.is_staff and (more or not is_set_up_by(by.user, assessment)):
        raise PermissionDenied("only its creator changes the set-up")
    if unknown := set(more) - set(STAFF_SETUP):
        raise TypeError(f"no part of the set-up: {', '.join(sorted(unknown))}")
    assessment = locked(assessment)
    if assessment.status == Status.CLOSED or not (by.is_staff or assessment.is_open):
        raise WrongStatus(assessment)
    wanted = {"name": name, "due_on": due_on, **more}
    changed = {field: value for field, value in wanted.items() if getattr(assessment, field) != value}
    if not changed:
        return assessment
    if "mode" in changed:
        _change_mode(assessment)
    before = {field: str(getattr(assessment, field) or "") for field in changed}
    for field, value in changed.items():
        setattr(assessment, field, value)
    assessment.updated_at = timezone.now()
    assessment.save()
    if "mode" in changed:
        recount(assessment)
    if "review_rule" in changed and assessment.status == Status.RESULTS_REVIEW:
        recompute(by, assessment, document_of(assessment.version))
    said = {field: str(value or "") for field, value in changed.items()}
    audit.record(by, "assessment.set_up", assessment, assessment.account, before=before, **said)
    return assessment


def _change_mode(assessment: Assessment) -> None:
    if Answer.objects.filter(assessment=assessment).exists():
        raise SomethingAnswered
    progress = measure(document_of(assessment.version), {})
    assessment.answered_count, assessment.question_count = 0, progress.asked
    assessment.progress = progress.as_json()


def _end_clarifications(by: Viewer, assessment: Assessment) -> None:
    waiting = Clarification.objects.filter(assessment=assessment, resolved_at=None)
    waiting.update(resolved_at=timezone.now(), resolved_by=by.user)


def is_set_up_by(person: User | None, assessment: Assessment) -> bool:
    """This will say whether this person launched the assessment as a client and so may change its set-up."""
    return person is not None and assessment.created_by_client and assessment.created_by_id == person.id
