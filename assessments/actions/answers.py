"""Saving answers: each save carries the revision it saw, and nothing typed is ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.answering.answer_sets import Seat, seat_for, seat_of
from assessments.answering.progress import Progress, measure
from assessments.answering.stored_answers import standing_among
from assessments.models import (
    Answer,
    AnswerRevision,
    AnswerState,
    Assessment,
    Clarification,
    Purpose,
    Respondent,
    Status,
    Upload,
)
from library.answers import InvalidAnswer, State, readable
from library.answers import answer as read_answer
from library.document import Question
from library.versions import document_of
from portal.web.missing import Missing

from . import presence, respondents
from .steps import WrongStatus, after, locked
from .submissions import sums

COMMENT_LENGTH = 5_000


class NotAsked(Exception):
    """The question is not in this version, a condition hides it, or it is not this person who is asked."""


class Finished(WrongStatus):
    """The run goes on, and this person's part of it is handed in, or they were stopped."""


@dataclass(frozen=True)
class Saved:
    """What stands after a save. With `conflict`, somebody else's answer stands and this one is kept in the history."""

    answer: Answer | None
    assessment: Assessment
    seat: Seat
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


def save(
    *, by: Viewer, assessment: Assessment, question_key: str, state: str, raw: Any = None, comment: str | None = None,
    seen_revision: int = 0, is_meant: bool = True, respondent: Respondent | None = None,
    clarification: Clarification | None = None,
) -> Saved:  # fmt: skip
    """This will save one answer and the progress it makes. `state` "" clears it; `comment` None leaves it as it is.

    `seen_revision` is the revision the page showed (0: none). When another one stands by now and says something else,
    it stays: the result says `conflict`, and what was typed is in the history. The same answer twice is one answer; said
    again of one that was carried over, it confirms it, unless it was not `is_meant` so: a form sent back as it came.
    `respondent` is on whose behalf staff answer in an independent run.
    Raises WrongStatus when answering is over (Finished: for this person), NotAsked, and InvalidAnswer with what is
    expected.
    """
    by.require_on(Can.ANSWER_ON_BEHALF if by.is_staff else Can.ANSWER_ASSESSMENTS, assessment.account)
    refusal: Exception
    # A refusal comes out of the block before it is raised: it undoes nothing, so a save can do without a savepoint.
    with transaction.atomic(savepoint=False):
        try:
            seat, question = seat_at(by, assessment, question_key, respondent, clarification)
            return _save(by, seat, question, state, raw, comment, seen_revision, is_meant)
        except (WrongStatus, NotAsked, InvalidAnswer, Missing) as error:
            refusal = error
    raise refusal


def seat_at(
    by: Viewer, assessment: Assessment, question_key: str, respondent: Respondent | None = None,
    clarification: Clarification | None = None,
) -> tuple[Seat, Question]:  # fmt: skip
    """This will lock the run and return who answers in it, and the question. Raises what `save` raises, whatever is said."""
    assessment = locked(assessment)
    # The one answer that is asked about may be changed in review, too (actions.clarifications).
    is_asked_about = clarification is not None and clarification.question_key == question_key
    if not is_asked_about or assessment.status == Status.CLOSED:
        assessment.status = after(assessment, "answer")
    seat = seat_for(assessment, respondent) if by.is_staff else seat_of(by, assessment)
    if is_asked_about:
        # What is asked about is the run's answer, whoever gave it and whatever they have handed in.
        seat = Seat(assessment, seat.own, None, (), seat.is_guest)
    elif not by.is_staff and (seat.is_done or seat.is_stopped):
        raise Finished(assessment)
    document = document_of(assessment.version)
    question = document.question(question_key)
    if question is None or question_key in seat.progress.get("hidden", ()) or not seat.asks(document, question_key):
        raise NotAsked(question_key)
    if by.is_staff and assessment.is_independent and respondent is None and not is_asked_about and assessment.is_open:
        raise NotAsked(question_key)  # there is no set of the run's own before the sets are combined
    return seat, question


def _save(
    by: Viewer, seat: Seat, question: Question, state: str, raw: Any, comment: str | None, seen_revision: int,
    is_meant: bool,
) -> Saved:  # fmt: skip
    run, key = seat.run, question.key
    standing, answers = standing_among(run, key, seat.set)
    if question.type == "file":
        state, raw = _files(seat, question, state)
    plain = read_answer(question, raw, state) if state else None
    given = _Given(
        state=plain.state.value if plain else AnswerState.CLEARED.value,
        value=plain.value if plain else None,
        comment=_comment(comment) if comment is not None else (standing.comment if standing else ""),
    )
    nothing_yet = standing is None and plain is None and not given.comment
    if nothing_yet or (standing and given.equals(standing) and not (standing.carried_over and is_meant)):
        return Saved(standing, run, seat)
    if standing and standing.revision != seen_revision and not given.equals(standing):
        _remember(by, standing, given, was_taken=False)
        return Saved(standing, run, seat, conflict=True)
    seat = seated(by, seat)
    answer = _write(by, seat, question, standing, given)
    answers.pop(key, None)
    progress = measure(document_of(run.version), answers | ({key: plain} if plain else {}))
    return Saved(answer, run, _move_on(by, seat, key, progress))


def keep_both(
    *, by: Viewer, assessment: Assessment, question_key: str, state: str, raw: Any, comment: str = "",
    seen_revision: int = 0, is_meant: bool = True, respondent: Respondent | None = None,
) -> Saved:  # fmt: skip
    """This will leave the standing answer and add what the viewer answered, with the name, to its comment.

    As `save` in everything else.
    """
    by.require_on(Can.ANSWER_ON_BEHALF if by.is_staff else Can.ANSWER_ASSESSMENTS, assessment.account)
    question = document_of(assessment.version).question(question_key)
    seat = seat_for(assessment, respondent) if by.is_staff else seat_of(by, assessment)
    rows = Answer.objects.filter(assessment=assessment, question_key=question_key, respondent=seat.set)
    standing = rows.first()
    if question is None or standing is None:
        raise NotAsked(question_key)
    mine = readable(question, read_answer(question, raw, state) if state else None)
    said = [standing.comment, f"{_name(by)}: {mine}", comment if comment.strip() != standing.comment else ""]
    return save(
        by=by,
        assessment=assessment,
        question_key=question_key,
        state="" if standing.state == AnswerState.CLEARED else standing.state,
        raw=standing.value,
        comment="\n".join(line for line in said if line),
        seen_revision=seen_revision,
        is_meant=is_meant,
        respondent=respondent,
    )


@transaction.atomic
def confirm(*, by: Viewer, assessment: Assessment, seen: Mapping[str, int]) -> list[str]:
    """This will confirm answers carried over from the run before as still true, of `seen` ({question: revision shown}),
    and return the questions confirmed. One that was changed meanwhile, or is not asked any more, stays as it is.

    Raises WrongStatus when answering is over.
    """
    by.require_on(Can.ANSWER_ASSESSMENTS, assessment.account)
    assessment = locked(assessment)
    assessment.status = after(assessment, "answer")
    seat = seat_of(by, assessment)
    if seat.is_done or seat.is_stopped:
        raise Finished(assessment)
    document, hidden = document_of(assessment.version), set(seat.progress.get("hidden", ()))
    known = [key for key in seen if document.question(key)]
    waiting = Answer.objects.filter(
        assessment=assessment, respondent=seat.set, carried_over=True, question_key__in=known
    )
    rows = [
        row
        for row in waiting
        if row.revision == seen[row.question_key]
        and row.question_key not in hidden
        and seat.asks(document, row.question_key)
    ]
    if not rows:
        return []
    seat, now = seated(by, seat), timezone.now()
    for row in rows:
        row.carried_over, row.revision, row.updated_at = False, row.revision + 1, now
        row.answered_by, row.guest_id, row.on_behalf = by.user, guest_of(by), by.is_staff
    Answer.objects.bulk_update(
        rows, ["carried_over", "revision", "updated_at", "answered_by", "guest", "on_behalf"], batch_size=500
    )
    AnswerRevision.objects.bulk_create(
        [_revision(by, row, _Given(row.state, row.value, row.comment), was_taken=True) for row in rows]
    )
    _row, answers = standing_among(assessment, "", seat.set)
    _move_on(by, seat, rows[-1].question_key, measure(document, answers))
    return [row.question_key for row in rows]


def touch(by: Viewer, seat: Seat) -> None:
    """This will note that somebody worked on a run, `locked` and moved on by the caller, without giving an answer."""
    seated(by, seat)
    run = seat.run
    run.last_saved_by, run.updated_at = by.user, timezone.now()
    run.save(update_fields=["status", "last_saved_by", "updated_at"])


def seated(by: Viewer, seat: Seat) -> Seat:
    """This will return the seat of who answers, a respondent from the first answer on, which in an independent run
    makes the set it belongs to."""
    if by.is_staff or seat.own is not None:
        return seat
    respondents.take_part(by, seat.run)
    return seat_of(by, seat.run)


def _name(by: Viewer) -> str:
    return by.user.name if by.user else by.guest.name if by.guest else ""


def guest_of(by: Viewer) -> Any:
    """This will return the respondent's id of a guest; what a user answers is the user's."""
    return by.guest.key if by.guest and by.user is None else None


def _files(seat: Seat, question: Question, state: str) -> tuple[str, list[str]]:
    """What a question of files is answered with is what was uploaded for it, never what a form says."""
    of_set = Upload.objects.filter(assessment=seat.run, respondent=seat.set)
    rows = of_set.filter(question_key=question.key, purpose=Purpose.ANSWER).standing()
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


def _write(by: Viewer, seat: Seat, question: Question, standing: Answer | None, given: _Given) -> Answer:
    answer = standing or Answer(
        organization=by.organization,
        account_id=seat.run.account_id,
        assessment=seat.run,
        respondent=seat.set,
        question_key=question.key,
        revision=0,
    )
    answer.state, answer.value, answer.comment = given.state, given.value, given.comment
    answer.revision += 1
    answer.carried_over = False
    answer.answered_by, answer.guest_id, answer.on_behalf = by.user, guest_of(by), by.is_staff
    answer.save(force_insert=standing is None, force_update=standing is not None)
    _remember(by, answer, given, was_taken=True)
    return answer


def _remember(by: Viewer, answer: Answer, given: _Given, *, was_taken: bool) -> None:
    _revision(by, answer, given, was_taken=was_taken).save(force_insert=True)


def _revision(by: Viewer, answer: Answer, given: _Given, *, was_taken: bool) -> AnswerRevision:
    return AnswerRevision.of(
        answer, state=given.state, value=given.value, comment=given.comment,
        answered_by_id=by.user.pk if by.user else None, guest_id=guest_of(by), on_behalf=by.is_staff, was_taken=was_taken,
    )  # fmt: skip


def _move_on(by: Viewer, seat: Seat, key: str, progress: Progress) -> Seat:
    """Store what the answer made of the progress: on the run, or on the respondent and in the run's sums."""
    run, changed = seat.run, ["status", "last_saved_by", "updated_at"]
    run.last_saved_by, run.updated_at = by.user, timezone.now()
    if not run.is_open:
        # An answer that was asked about in review.
        changed = ["last_saved_by", "updated_at"]
    if seat.set is None:
        presence.note(by, seat, key)
        run.progress = progress.as_json()
        changed.append("progress")
        if not run.is_independent:
            run.answered_count, run.question_count = progress.answered, progress.asked
            changed += ["answered_count", "question_count"]
    else:
        seat.set.progress = progress.as_json()
        presence.note(by, seat, key, answered_count=seat.answered_count, question_count=seat.question_count)
        for field, total in sums(run).items():
            setattr(run, field, total)
            changed.append(field)
    run.save(update_fields=changed)
    return seat
