"""Moving an open run to the version that is published now."""

import uuid
from collections.abc import Iterator, Mapping

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.answering.progress import measure
from assessments.answering.stored_answers import answers_of, every_set
from assessments.answering.upgrading import CarryOver, carry_over, together
from assessments.models import Answer, AnswerRevision, AnswerState, Assessment, Respondent
from library.document import DefinitionDocument
from library.models import Definition, DefinitionVersion
from library.versions import document_of

from .steps import WrongStatus, locked
from .submissions import recount


class NotUpgradable(Exception):
    """This is not, or no longer, the version that is published, or the run already uses it."""


@transaction.atomic
def upgrade(*, by: Viewer, assessment: Assessment, to: DefinitionVersion) -> CarryOver:
    """This will let an open run go on with a newer version, and say what became of the answers.

    No answer is deleted: what the newer version has no place for leaves the run and stays in its history, marked.
    Files stay as well. Raises WrongStatus when answering is over, NotUpgradable when `to` is not the published version
    of the run's definition or not newer than the run's.
    """
    by.require_on(Can.CREATE_ASSESSMENTS, assessment.account)
    assessment = locked(assessment)
    if not assessment.is_open:
        raise WrongStatus(assessment)
    if not _is_next(assessment, to):
        raise NotUpgradable
    old, new = assessment.version, to
    carried = carried_over(assessment, document_of(old), document_of(new))
    for answer in _changed(assessment, carried):
        _take_out(by, answer, carried[answer.respondent_id])
    assessment.version = new
    _go_on(assessment)
    outcome = together(document_of(new), carried, document_of(old))
    audit.record(
        by, "assessment.upgraded", assessment, assessment.account,
        **{"from": old.number, "to": new.number, "kept": len(outcome.kept), "lost": len(outcome.lost)},
    )  # fmt: skip
    return outcome


def carried_over(
    assessment: Assessment, old: DefinitionDocument, new: DefinitionDocument
) -> dict[uuid.UUID | None, CarryOver]:
    """This will sort the answers of every set of a run by what a newer version does with them, in one query."""
    return {respondent: carry_over(old, new, answers) for respondent, answers in every_set(assessment).items()}


def _changed(assessment: Assessment, carried: Mapping[uuid.UUID | None, CarryOver]) -> Iterator[Answer]:
    keys = {key for one in carried.values() for key in one.changed_keys}
    for answer in Answer.objects.filter(assessment=assessment, question_key__in=keys):
        if answer.respondent_id in carried and answer.question_key in carried[answer.respondent_id].changed_keys:
            yield answer


def _is_next(assessment: Assessment, to: DefinitionVersion) -> bool:
    published = (
        Definition.objects.filter(pk=assessment.definition_id, organization_id=assessment.organization_id)
        .launchable()
        .values_list("published_version", flat=True)
        .first()
    )
    return published == to.pk and to.number > assessment.version.number


def _take_out(by: Viewer, answer: Answer, carried: CarryOver) -> None:
    """Write down what leaves the run, then what is left of it: rows of a matrix, or nothing."""
    stays = carried.kept.get(answer.question_key)
    answer.revision += 1
    _remember(by, answer, left_in_upgrade=True, was_taken=False)
    answer.value = stays.value if stays else None
    answer.state = stays.state.value if stays else AnswerState.CLEARED
    answer.save(update_fields=["state", "value", "revision", "updated_at"])
    _remember(by, answer)


def _remember(by: Viewer, answer: Answer, *, left_in_upgrade: bool = False, was_taken: bool = True) -> None:
    # Whoever gave the answer: it is the viewer who moves the run.
    AnswerRevision.of(
        answer, answered_by_id=by.user.pk if by.user else None, guest_id=None, on_behalf=by.is_staff, was_taken=was_taken,
        left_in_upgrade=left_in_upgrade,
    ).save(force_insert=True)  # fmt: skip


def _go_on(assessment: Assessment) -> None:
    """The counts of every set, of what stands and is confirmed now."""
    document = document_of(assessment.version)
    assessment.updated_at = timezone.now()
    if not assessment.is_independent:
        progress = measure(document, answers_of(assessment))
        assessment.answered_count, assessment.question_count = progress.answered, progress.asked
        assessment.progress = progress.as_json()
        assessment.save(update_fields=["version", "answered_count", "question_count", "progress", "updated_at"])
        return
    assessment.progress = measure(document, {}).as_json()
    assessment.save(update_fields=["version", "progress", "updated_at"])
    sets = every_set(assessment, confirmed=True)
    rows = list(Respondent.objects.select_for_update().filter(assessment=assessment))
    for row in rows:
        row.progress = measure(document, sets.get(row.pk, {})).as_json()
    Respondent.objects.bulk_update(rows, ["progress"], batch_size=200)
    recount(assessment)
