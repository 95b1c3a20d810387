"""Making the run's own answers of those its respondents gave alone, and ending their answering by it."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.answering.progress import measure
from assessments.models import Answer, AnswerRevision, Assessment, Combination, Status
from assessments.review import spread
from assessments.review.agreement import sets_of
from library.answers import Answer as PlainAnswer
from library.versions import document_of

from .steps import WrongStatus, locked
from .submissions import hand_to_review


class NotIndependent(Exception):
    """The respondents of this run share one set of answers: there is nothing to combine."""


class NothingToCombine(Exception):
    """Nobody has answered yet, or, where only finished people count, nobody has finished."""


@transaction.atomic
def combine(*, by: Viewer, assessment: Assessment, how: str, only_finished: bool = True) -> Assessment:
    """This will make one set of the respondents' answers, `how` as in Combination, and compute the result from it.

    An open run ends by it and goes to review; one in review is combined and scored anew. Answers staff gave for the run
    itself stay where nobody else says anything. Raises WrongStatus once it is released, NotIndependent and
    NothingToCombine.
    """
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = locked(assessment)
    if not assessment.is_independent:
        raise NotIndependent
    if not assessment.is_open and assessment.status != Status.RESULTS_REVIEW:
        raise WrongStatus(assessment)
    sets = sets_of(assessment, only_finished=only_finished)
    if not any(sets.values()):
        raise NothingToCombine
    assessment.combination = Combination(how)
    combined = spread.combine(document_of(assessment.version), list(sets.values()), how)
    _write(by, assessment, combined)
    # From here on the run is read as a shared one: its counts are those of its own set.
    progress = measure(document_of(assessment.version), combined)
    assessment.answered_count, assessment.question_count = progress.answered, progress.asked
    assessment.progress = progress.as_json()
    audit.record(by, "assessment.combined", assessment, assessment.account, how=how, sets=len(sets))
    return hand_to_review(by, assessment)


def _write(by: Viewer, assessment: Assessment, combined: Mapping[str, PlainAnswer]) -> None:
    """What stands changes only where it says something else, so that a review of the same answer goes on to hold."""
    own = Answer.objects.select_for_update().filter(assessment=assessment, respondent=None)
    standing = {row.question_key: row for row in own}
    changed, new, now = [], [], timezone.now()
    for key, plain in combined.items():
        row = standing.get(key)
        if row and (row.state, row.value) == (plain.state.value, plain.value):
            continue
        if row is None:
            row = Answer(
                organization_id=assessment.organization_id, account_id=assessment.account_id, assessment=assessment,
                question_key=key, revision=0,
            )  # fmt: skip
            new.append(row)
        else:
            changed.append(row)
        row.state, row.value, row.carried_over = plain.state.value, plain.value, False
        row.answered_by, row.guest, row.on_behalf, row.updated_at = by.user, None, True, now
        row.revision += 1
    Answer.objects.bulk_create(new)
    fields = ["state", "value", "carried_over", "answered_by", "guest", "on_behalf", "updated_at", "revision"]
    Answer.objects.bulk_update(changed, fields)
    AnswerRevision.objects.bulk_create([AnswerRevision.of(row) for row in (*new, *changed)])
