"""Launching, submitting, releasing and reopening assessments."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Account, User
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments import scores
from assessments.models import STEPS, Assessment, Status, Upload
from assessments.progress import measure
from assessments.stored_answers import answers_of
from library.models import Definition
from library.versions import document_of

from . import respondents


class NotLaunchable(Exception):
    """The definition is a draft, deprecated, a child of another, or not this account's to launch."""


class AlreadyOpen(Exception):
    """The account has an open run of this definition: `assessment`. Ask before starting another."""

    def __init__(self, assessment: Assessment):
        self.assessment = assessment
        super().__init__(str(assessment))


class WrongStatus(Exception):
    """The step does not exist from the assessment's present status: `assessment` as it stands now."""

    def __init__(self, assessment: Assessment):
        self.assessment = assessment
        super().__init__(assessment.status)


class AnswersMissing(Exception):
    """These questions need an answer before the assessment can be submitted: `keys`, in the order asked."""

    def __init__(self, keys: list[str]):
        self.keys = keys
        super().__init__(", ".join(keys))


@transaction.atomic
def launch(*, by: Viewer, definition: Definition, another: bool = False) -> Assessment:
    """This will start an assessment for the client's own account. The client gains no role by it (decision D2).

    Raises NotLaunchable, or AlreadyOpen unless `another` run is wanted.
    """
    by.require(Can.LAUNCH_ASSESSMENTS)
    assert by.account is not None
    assessment = _create(by, by.account, definition, another=another, name="", due_on=None, by_client=True)
    respondents.take_part(by, assessment)
    return assessment


@transaction.atomic
def create(
    *, by: Viewer, account: Account, definition: Definition, name: str = "", due_on: datetime.date | None = None,
    another: bool = False,
) -> Assessment:  # fmt: skip
    """This will create an assessment for a client, by staff of the account. Raises NotLaunchable and AlreadyOpen."""
    by.require_on(Can.CREATE_ASSESSMENTS, account)
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
    running = Assessment.objects.filter(account=account, definition=definition).open().order_by("-updated_at").first()
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
def submit(*, by: Viewer, assessment: Assessment) -> Assessment:
    """This will end answering, compute the result and hand the assessment to review, exactly once.

    Where the definition gives instant results, it is released at the same moment. Raises AnswersMissing, also when
    nothing at all is answered, or WrongStatus when somebody already submitted it.
    """
    ability = Can.ANSWER_ON_BEHALF if by.is_staff else Can.ANSWER_ASSESSMENTS
    by.require_on(ability, assessment.account)
    assessment = locked(assessment)
    assessment.status = after(assessment, "submit")
    document = document_of(assessment.version)
    answers = answers_of(assessment)
    progress = measure(document, answers)
    if progress.missing or not progress.answered:
        raise AnswersMissing(progress.missing or [progress.next_question])
    now = timezone.now()
    assessment.submitted_at, assessment.submitted_by, assessment.updated_at = now, by.user, now
    if document.instant_results:
        assessment.status, assessment.released_at = after(assessment, "release"), now
    assessment.save()
    scores.compute(assessment, document, answers)
    Upload.objects.filter(assessment=assessment).removed().forget()
    audit.record(by, "assessment.submitted", assessment, assessment.account)
    return assessment


@transaction.atomic
def release(*, by: Viewer, assessment: Assessment) -> Assessment:
    """This will show the result to the client and close the assessment. Raises WrongStatus unless it is in review."""
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = locked(assessment)
    assessment.status = after(assessment, "release")
    assessment.released_at, assessment.released_by, assessment.updated_at = timezone.now(), by.user, timezone.now()
    assessment.save()
    audit.record(by, "assessment.released", assessment, assessment.account)
    return assessment


@transaction.atomic
def reopen(*, by: Viewer, assessment: Assessment, reason: str) -> Assessment:
    """This will let a submitted assessment be answered again and hide its result. Raises WrongStatus when it is open."""
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = locked(assessment)
    assessment.status = after(assessment, "reopen")
    assessment.released_at, assessment.released_by, assessment.updated_at = None, None, timezone.now()
    assessment.save()
    audit.record(by, "assessment.reopened", assessment, assessment.account, reason=reason[:500])
    return assessment


@transaction.atomic
def change_setup(*, by: Viewer, assessment: Assessment, name: str, due_on: datetime.date | None) -> Assessment:
    """This will rename an open assessment that a client created, and set or take away the day it is due.

    Only its creator may (decision D5); raises PermissionDenied for everybody else, WrongStatus when answering is over.
    """
    by.require_on(Can.LAUNCH_ASSESSMENTS, assessment.account)
    assessment = locked(assessment)
    if not is_set_up_by(by.user, assessment):
        raise PermissionDenied("only its creator changes the set-up")
    if not assessment.is_open:
        raise WrongStatus(assessment)
    if (assessment.name, assessment.due_on) == (name, due_on):
        return assessment
    before = assessment.name
    assessment.name, assessment.due_on, assessment.updated_at = name, due_on, timezone.now()
    assessment.save(update_fields=["name", "due_on", "updated_at"])
    audit.record(by, "assessment.set_up", assessment, assessment.account, before=before, due_on=str(due_on or ""))
    return assessment


def is_set_up_by(person: User | None, assessment: Assessment) -> bool:
    """This will say whether this person launched the assessment as a client and so may change its set-up."""
    return person is not None and assessment.created_by_client and assessment.created_by_id == person.id


def locked(assessment: Assessment, **also: Any) -> Assessment:
    """This will read the assessment anew and keep everybody else from changing it until the transaction ends.

    `also` are annotations to read with it.
    """
    rows = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("account", "version")
        .defer("version__document")
        .annotate(**also)
        .filter(pk=assessment.pk, account_id=assessment.account_id)
    )
    # Waiting for somebody who moves the run to another version, the join with the old one finds nothing: look again.
    return rows.first() or rows.get()


def after(assessment: Assessment, step: str) -> Status:
    """This will return the status a step leads to. Raises WrongStatus when the step does not exist from here."""
    if assessment.status not in STEPS[step]:
        raise WrongStatus(assessment)
    return STEPS[step][assessment.status]
