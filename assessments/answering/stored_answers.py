"""From answer rows to the plain answers that scoring, conditions and progress understand.

`respondent` is whose set of an independent run is meant; None is the run's own. What was carried over from the run before
is no answer until somebody confirms it.
"""

import uuid

from assessments.models import Answer, AnswerRevision, AnswerState, Assessment, Respondent
from library.answers import Answer as PlainAnswer
from library.answers import State


def answers_of(assessment: Assessment, respondent: Respondent | None = None) -> dict[str, PlainAnswer]:
    """This will read all standing answers of one set, in one query: {question key: answer}."""
    rows = Answer.objects.filter(assessment=assessment, respondent=respondent, carried_over=False)
    stored = rows.exclude(state=AnswerState.CLEARED).values_list("question_key", "state", "value")
    return {key: PlainAnswer(State(state), value) for key, state, value in stored}


def standing_among(
    assessment: Assessment, question_key: str, respondent: Respondent | None = None
) -> tuple[Answer | None, dict[str, PlainAnswer]]:
    """This will read, in one query, the row of one question of a set (None: never answered) and all its answers."""
    # Plain rows: making a model of each of some hundred answers would cost more than all the rest of a save.
    rows = Answer.objects.filter(assessment=assessment, respondent=respondent).values()
    by_key = {row["question_key"]: row for row in rows}
    plain = {
        key: PlainAnswer(State(row["state"]), row["value"])
        for key, row in by_key.items()
        if row["state"] != AnswerState.CLEARED and not row["carried_over"]
    }
    return Answer(**by_key[question_key]) if question_key in by_key else None, plain


def every_set(assessment: Assessment, confirmed: bool = False) -> dict[uuid.UUID | None, dict[str, PlainAnswer]]:
    """This will read every set of a run, in one query: {respondent's id: answers}, None for the run's own.

    What was carried over is among them, as whatever changes the questions has to look at it too; not with `confirmed`.
    """
    rows = Answer.objects.filter(assessment=assessment).exclude(state=AnswerState.CLEARED)
    if confirmed:
        rows = rows.filter(carried_over=False)
    found: dict[uuid.UUID | None, dict[str, PlainAnswer]] = {}
    for respondent, key, state, value in rows.values_list("respondent_id", "question_key", "state", "value"):
        found.setdefault(respondent, {})[key] = PlainAnswer(State(state), value)
    return found


def plain_of(answer: Answer | AnswerRevision | None) -> PlainAnswer | None:
    """This will return what a row says; None for no row and for an answer that was cleared."""
    if answer is None or answer.state == AnswerState.CLEARED:
        return None
    return PlainAnswer(State(answer.state), answer.value)
