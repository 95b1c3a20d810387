"""From answer rows to the plain answers that scoring, conditions and progress understand."""

from library.answers import Answer as PlainAnswer
from library.answers import State

from .models import Answer, AnswerState, Assessment


def answers_of(assessment: Assessment) -> dict[str, PlainAnswer]:
    """This will read all standing answers of an assessment, in one query: {question key: answer}."""
    rows = Answer.objects.filter(assessment=assessment).exclude(state=AnswerState.CLEARED)
    stored = rows.values_list("question_key", "state", "value")
    return {key: PlainAnswer(State(state), value) for key, state, value in stored}


def standing_among(assessment: Assessment, question_key: str) -> tuple[Answer | None, dict[str, PlainAnswer]]:
    """This will read, in one query, the row of one question (None: never answered) and all plain answers."""
    # Plain rows: making a model of each of some hundred answers would cost more than all the rest of a save.
    rows = {row["question_key"]: row for row in Answer.objects.filter(assessment=assessment).values()}
    plain = {
        key: PlainAnswer(State(row["state"]), row["value"])
        for key, row in rows.items()
        if row["state"] != AnswerState.CLEARED
    }
    return Answer(**rows[question_key]) if question_key in rows else None, plain
