"""What the form of a question sends, as it was typed."""

from dataclasses import dataclass
from typing import Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from assessments.models import Answer, AnswerState
from assessments.taking import MARK, RADIO_TYPES
from library.answers import Answer as PlainAnswer
from library.answers import InvalidAnswer, State, readable
from library.answers import answer as read_answer
from library.document import Question


@dataclass(frozen=True)
class Typed:
    """The fields of the form, nothing checked yet. `go` is the button pressed, `resolve` the choice in a conflict."""

    values: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    comment: str = ""
    revision: int = 0
    go: str = "next"
    resolve: str = ""

    @classmethod
    def of(cls, form: QueryDict, question: Question | None) -> Self:
        """This will read the form; what is missing is empty, and a revision that is no number means 0."""
        values, states, resolve = form.getlist("answer"), form.getlist("state"), form.get("resolve", "")
        if question is not None and question.type in RADIO_TYPES:
            states += [value.removeprefix(MARK) for value in values if value.startswith(MARK)]
            values = [value for value in values if not value.startswith(MARK)]
        # Only who chose in a conflict has seen the answer that stands now.
        revision = form.get("standing" if resolve else "revision", "")
        return cls(
            values=tuple(value for value in values if value.strip()),
            states=tuple(state for state in states if state),
            comment=form.get("comment", ""),
            revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0,
            go=form.get("go", "next"),
            resolve=resolve,
        )

    @classmethod
    def again(cls, answer: Answer | None) -> Self:
        """This will fill the form with what stands as the answer."""
        if answer is None:
            return cls()
        said = [answer.state] if answer.state in (State.DONT_KNOW, State.NOT_APPLICABLE) else []
        values = answer.value if isinstance(answer.value, list) else [] if answer.value is None else [answer.value]
        return cls(tuple(map(str, values)), tuple(said), answer.comment, answer.revision)

    @property
    def state(self) -> str:
        """This will name what is said: "answered", "not_applicable", "dont_know", or "" for nothing.

        Raises InvalidAnswer when two things are said at once.
        """
        if self.go == "clear":
            return ""
        if len(self.states) + bool(self.values) > 1:
            raise InvalidAnswer(
                _("You gave an answer and also said that you are not sure or that it does not apply. Keep one.")
            )
        return self.states[0] if self.states else State.ANSWERED.value if self.values else ""

    @property
    def raw(self) -> list[str]:
        return list(self.values)

    def words(self, question: Question | None) -> str:
        """This will write what was typed the way people read it, whether or not it is a possible answer."""
        try:
            said = readable(question, read_answer(question, self.raw, self.state)) if question and self.state else ""
        except InvalidAnswer:
            said = ""
        return said or "\n".join([*self.values, *self.states])


def words_of(question: Question, answer: Answer) -> str:
    """This will write what stands as the answer the way people read it."""
    cleared = answer.state == AnswerState.CLEARED
    return readable(question, None if cleared else PlainAnswer(State(answer.state), answer.value))
