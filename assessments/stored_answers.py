"""From answer rows to the plain answers that scoring, conditions and progress understand."""

from library.answers import Answer as PlainAnswer
from library.answers import State

from .models import Answer, AnswerState, Assessment


def answers_of(assessment: Assessment) -> dict[str, PlainAnswer]:
    """This will read all standing answers of an assessment, in one query: {question key: answer}."""
    rows = Answer.objects.filter(assessment=assessment).exclude(state=AnswerState.CLEARED)
    return {key: PlainAnswer(State(state), value) for key, state, value in rows.values_list("question_key", "state", "value")}
