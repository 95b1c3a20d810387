"""Saving answers: each save carries the revision it saw, and nothing typed is ever lost."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Answer, AnswerRevision, AnswerState, Assessment, Purpose, Respondent, Upload
from assessments.progress import Progress, measure
from assessments.stored_answers import standing_among
from library.answers import InvalidAnswer, State, readable
from library.answers import answer as read_answer
from library.document import Question
from library.versions import document_of

from . import respondents
from .assessments import after, locked

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


@dataclass(frozen=True)
class _Given:
    """An answer as it will be stored."""

    state: str
    value: Any
    comment: str

    def equals(self, answer: Answer) -> bool:
        return (answer.state, answer.value, answer.comment) == (self.state, self.value, self.comment)


@transaction.atomic
def save(
    *, by: Viewer, assessment: Assessment, question_key: str, state: str, raw: Any = None, comment: str | None = None,
    seen_revision: int = 0,
) -> Saved:  # fmt: skip
    """This will save one answer and the progress it makes. `state` "" clears it; `comment` None leaves it as it is.

    `seen_revision` is the revision the page showed (0: none). When another one stands by now and says something else,
    it stays: the result says `conflict`, and what was typed is in the history. The same answer twice is one answer.
    Raises WrongStatus when answering is over, NotAsked, and InvalidAnswer with what is expected.
    """
    ability = Can.ANSWER_ON_BEHALF if by.is_staff else Can.ANSWER_ASSESSMENTS
    by.require_on(ability, assessment.account)
    own = Respondent.objects.filter(assessment=assessment.pk, user=by.user)
    assessment = locked(assessment, takes_part=Exists(own))
    assessment.status = after(assessment, "answer")
    document = document_of(assessment.version)
    question = document.question(question_key)
    if question is None or question_key in assessment.progress.get("hidden", ()):
        raise NotAsked(question_key)
    standing, answers = standing_among(assessment, question_key)
    if question.type == "file":
        state, raw = _files(assessment, question, state)
    plain = read_answer(question, raw, state) if state else None
    given = _Given(
        state=plain.state.value if plain else AnswerState.CLEARED.value,
        value=plain.value if plain else None,
        comment=_comment(comment) if comment is not None else (standing.comment if standing else ""),
    )
    nothing_yet = standing is None and plain is None and not given.comment
    if nothing_yet or (standing and given.equals(standing)):
        return Saved(standing, assessment)
    if standing and standing.revision != seen_revision:
        _remember(by, standing, given, was_taken=False)
        return Saved(standing, assessment, conflict=True)
    answer = _write(by, assessment, question, standing, given)
    if not assessment.takes_part and not by.is_staff:
        respondents.take_part(by, assessment)
    answers.pop(question_key, None)
    _move_on(by, assessment, measure(document, answers | ({question_key: plain} if plain else {})))
    return Saved(answer, assessment)


@transaction.atomic
def keep_both(
    *, by: Viewer, assessment: Assessment, question_key: str, state: str, raw: Any, comment: str = "",
    seen_revision: int = 0,
) -> Saved:  # fmt: skip
    """This will leave the standing answer and add what the viewer answered, with the name, to its comment.

    As `save` in everything else.
    """
    question = document_of(assessment.version).question(question_key)
    standing = Answer.objects.filter(assessment=assessment, question_key=question_key).first()
    if question is None or standing is None:
        raise NotAsked(question_key)
    mine = readable(question, read_answer(question, raw, state) if state else None)
    name = by.user.name if by.user else ""
    said = [standing.comment, f"{name}: {mine}", comment if comment.strip() != standing.comment else ""]
    return save(
        by=by,
        assessment=assessment,
        question_key=question_key,
        state="" if standing.state == AnswerState.CLEARED else standing.state,
        raw=standing.value,
        comment="\n".join(line for line in said if line),
        seen_revision=seen_revision,
    )


def touch(by: Viewer, assessment: Assessment) -> None:
    """This will note that somebody worked on a run, `locked` and moved on by the caller, without giving an answer."""
    if not by.is_staff:
        respondents.take_part(by, assessment)
    assessment.last_saved_by, assessment.updated_at = by.user, timezone.now()
    assessment.save(update_fields=["status", "last_saved_by", "updated_at"])


def _files(assessment: Assessment, question: Question, state: str) -> tuple[str, list[str]]:
    """What a question of files is answered with is what was uploaded for it, never what a form says."""
    rows = Upload.objects.filter(assessment=assessment, question_key=question.key, purpose=Purpose.ANSWER).standing()
    ids = [str(upload) for upload in rows.values_list("pk", flat=True)]
    if state in ("", State.ANSWERED):
        return (State.ANSWERED if ids else ""), ids
    if ids:
        raise InvalidAnswer(_("There are files with this answer. Remove them first to say so."))
    return state, []


def _comment(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > COMMENT_LENGTH:
        raise InvalidAnswer(
            _("Use at most %(limit)s characters in the comment; this is %(length)s.")
            % {"limit": f"{COMMENT_LENGTH:,}", "length": f"{len(text):,}"}
        )
    if any(character < " " and character not in "\n\t" or "\ud800" <= character <= "\udfff" for character in text):
        raise InvalidAnswer(
            _("The comment holds a character that cannot be stored. Type it again without special characters.")
        )
    return text


def _write(by: Viewer, assessment: Assessment, question: Question, standing: Answer | None, given: _Given) -> Answer:
    answer = standing or Answer(
        organization=by.organization,
        account_id=assessment.account_id,
        assessment=assessment,
        question_key=question.key,
        revision=0,
    )
    answer.state, answer.value, answer.comment = given.state, given.value, given.comment
    answer.revision += 1
    answer.answered_by, answer.on_behalf = by.user, by.is_staff
    answer.save(force_insert=standing is None, force_update=standing is not None)
    _remember(by, answer, given, was_taken=True)
    return answer


def _remember(by: Viewer, answer: Answer, given: _Given, *, was_taken: bool) -> None:
    AnswerRevision.objects.create(
        organization=by.organization,
        account_id=answer.account_id,
        assessment_id=answer.assessment_id,
        question_key=answer.question_key,
        revision=answer.revision,
        state=given.state,
        value=given.value,
        comment=given.comment,
        answered_by=by.user,
        on_behalf=by.is_staff,
        was_taken=was_taken,
    )


def _move_on(by: Viewer, assessment: Assessment, progress: Progress) -> None:
    assessment.answered_count, assessment.question_count = progress.answered, progress.asked
    assessment.progress = progress.as_json()
    assessment.last_saved_by, assessment.updated_at = by.user, timezone.now()
    assessment.save(
        update_fields=["status", "answered_count", "question_count", "progress", "last_saved_by", "updated_at"]
    )
