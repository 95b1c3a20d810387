"""Bringing the answers of the run before into a new one: each waits to be confirmed as still true, and does not count
until then."""

from collections.abc import Mapping

from assessments.answering.upgrading import carry_over
from assessments.models import Answer, AnswerRevision, AnswerState, Assessment, Respondent
from library.answers import Answer as PlainAnswer
from library.answers import State
from library.versions import document_of


def carry(*, old: Assessment, new: Assessment, sets: Mapping[Respondent | None, Respondent | None]) -> int:
    """This will copy into the new run what still fits its version, and return how many answers came along.

    `sets` says whose answers become whose; None is the run's own set. Who gave an answer stays on it. Files stay with
    the run they were uploaded to, and what a condition hid is not carried.
    """
    rows: dict[object, list[Answer]] = {}
    for row in Answer.objects.filter(assessment=old).exclude(state=AnswerState.CLEARED).order_by("question_key"):
        rows.setdefault(row.respondent_id, []).append(row)
    return sum(
        _carry_set(old, new, rows.get(before.pk if before else None, []), before, after)
        for before, after in sets.items()
    )


def _carry_set(
    old: Assessment, new: Assessment, rows: list[Answer], giver: Respondent | None, respondent: Respondent | None
) -> int:
    before, after = document_of(old.version), document_of(new.version)
    hidden = set((giver.progress if giver else old.progress).get("hidden", ()))
    asked = {row.question_key: before.question(row.question_key) for row in rows}
    given = {
        row.question_key: PlainAnswer(State(row.state), row.value)
        for row in rows
        if (question := asked[row.question_key]) and question.type != "file" and row.question_key not in hidden
    }
    kept = carry_over(before, after, given).kept
    copies = [_copy(row, new, kept[row.question_key], respondent) for row in rows if row.question_key in kept]
    Answer.objects.bulk_create(copies, ignore_conflicts=True)
    AnswerRevision.objects.bulk_create([AnswerRevision.of(copy) for copy in copies])
    return len(copies)


def _copy(row: Answer, run: Assessment, plain: PlainAnswer, respondent: Respondent | None) -> Answer:
    return Answer(
        organization_id=run.organization_id,
        account_id=run.account_id,
        assessment=run,
        question_key=row.question_key,
        state=plain.state.value,
        value=plain.value,
        comment=row.comment,
        answered_by_id=row.answered_by_id,
        guest_id=row.guest_id,
        respondent=respondent,
        carried_over=True,
        on_behalf=row.on_behalf,
    )
