"""Saving answers: each save carries the revision it saw, and nothing typed is ever lost."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Answer, AnswerRevision, AnswerState, Assessment, Status
from assessments.progress import measure
from library.answers import Answer as PlainAnswer
from library.answers import InvalidAnswer, State
from library.answers import answer as read_answer
from library.conditions import visible_questions
from library.versions import document_of

from . import respondents
from .assessments import WrongStatus, locked

COMMENT_LENGTH = 5_000


class NotAsked(Exception):
    """The question is not in this version, or a condition hides it."""


@dataclass(frozen=True)
class Saved:
    """What stands after a save. With `conflict`, somebody else's answer stands and this one is kept in the history."""

    answer: Answer | None
    assessment: Assessment
    conflict: bool = False

    @property
    def revision(self) -> int:
        return self.answer.revision if self.answer else 0


@transaction.atomic
def save(
    *, by: Viewer, assessment: Assessment, question_key: str, state: str, raw: Any = None, comment: str | None = None,
    seen_revision: int = 0,
) -> Saved:  # fmt: skip
    """This will save one answer and the progress it makes. `state` "" clears it.

    `seen_revision` is the revision the page showed (0: none). When another one stands by now and says something else,
    it stays: the result says `conflict`, and what was typed is in the history. The same answer twice is one answer.
    Raises WrongStatus when answering is over, NotAsked, and InvalidAnswer with what is expected.
    """
    ability = Can.ANSWER_ON_BEHALF if by.is_staff else Can.ANSWER_ASSESSMENTS
    by.require_on(ability, assessment.account)
    assessment = locked(assessment)
    if not assessment.is_open:
        raise WrongStatus(assessment)
    document = document_of(assessment.version)
    question = document.question(question_key)
    rows = {row.question_key: row for row in Answer.objects.filter(assessment=assessment)}
    plain = {
        key: PlainAnswer(State(row.state), row.value) for key, row in rows.items() if row.state != AnswerState.CLEARED
    }
    if question is None or question_key not in visible_questions(document, plain):
        raise NotAsked(question_key)
    given = read_answer(question, raw, state) if state else None
    new_state, new_value = (given.state, given.value) if given else (AnswerState.CLEARED, None)
    if comment is not None and len(comment) > COMMENT_LENGTH:
        raise InvalidAnswer(_("A comment has at most %(length)s characters.") % {"length": COMMENT_LENGTH})
    standing = rows.get(question_key)
    if standing is None and given is None and not comment:
        return Saved(None, assessment)
    if comment is None:
        comment = standing.comment if standing else ""
    same = standing is not None and (standing.state, standing.value, standing.comment) == (new_state, new_value, comment)
    if same:
        return Saved(standing, assessment)
    if standing is not None and standing.revision != seen_revision:
        _remember(by, standing, new_state, new_value, comment, was_taken=False)
        return Saved(standing, assessment, conflict=True)
    answer = standing or Answer(
        organization=by.organization, account_id=assessment.account_id, assessment=assessment, question_key=question_key,
        revision=0,
    )  # fmt: skip
    answer.state, answer.value, answer.comment = new_state, new_value, comment
    answer.revision += 1
    answer.answered_by, answer.on_behalf = by.user, by.is_staff
    answer.save(force_insert=standing is None, force_update=standing is not None)
    _remember(by, answer, new_state, new_value, comment, was_taken=True)
    if standing is None and not by.is_staff:
        respondents.take_part(by, assessment)
    plain.pop(question_key, None)
    if given is not None:
        plain[question_key] = given
    _move_on(by, assessment, measure(document, plain))
    return Saved(answer, assessment)


def _move_on(by: Viewer, assessment: Assessment, progress) -> None:
    assessment.status = Status.IN_PROGRESS
    assessment.answered_count, assessment.question_count = progress.answered, progress.asked
    assessment.progress = progress.as_json()
    assessment.last_saved_by, assessment.updated_at = by.user, timezone.now()
    assessment.save(
        update_fields=["status", "answered_count", "question_count", "progress", "last_saved_by", "updated_at"]
    )


def _remember(by: Viewer, answer: Answer, state: str, value: Any, comment: str, *, was_taken: bool) -> None:
    AnswerRevision.objects.create(
        organization=by.organization,
        account_id=answer.account_id,
        assessment_id=answer.assessment_id,
        question_key=answer.question_key,
        revision=answer.revision,
        state=state,
        value=value,
        comment=comment,
        answered_by=by.user,
        on_behalf=by.is_staff,
        was_taken=was_taken,
    )

