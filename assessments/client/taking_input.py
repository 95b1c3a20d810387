"""What the form of a question sends, as it was typed."""

from dataclasses import dataclass, field
from typing import Any, Self

from django.http import QueryDict

from assessments.models import Answer, AnswerState
from library import answer_control
from library.answers import Answer as PlainAnswer
from library.answers import InvalidAnswer, State, readable
from library.answers import answer as read_answer
from library.document import Question


@dataclass(frozen=True)
class Typed:
    """The fields of the form, nothing checked yet. `go` is the button pressed, `resolve` the choice in a conflict."""

    answer: answer_control.Typed = field(default_factory=answer_control.Typed)
    comment: str = ""
    revision: int = 0
    go: str = "next"
    resolve: str = ""

    @classmethod
    def of(cls, form: QueryDict, question: Question | None) -> Self:
        """This will read the form; what is missing is empty, and a revision that is no number means 0."""
        resolve = form.get("resolve", "")
        # Only who chose in a conflict has seen the answer that stands now.
        revision = form.get("standing" if resolve else "revision", "")
        return cls(
            answer=answer_control.Typed.of_form(question, form),
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
        return cls(answer_control.Typed.of_answer(_plain(answer)), answer.comment, answer.revision)

    @property
    def state(self) -> str:
        """This will name what is said: "answered", "not_applicable", "dont_know", or "" for nothing.

        Raises InvalidAnswer when two things are said at once.
        """
        return "" if self.go == "clear" else self.answer.state

    @property
    def raw(self) -> Any:
        return self.answer.raw

    def words(self, question: Question | None) -> str:
        """This will write what was typed the way people read it, whether or not it is a possible answer."""
        try:
            said = _readable(question, read_answer(question, self.raw, self.state)) if question and self.state else ""
        except InvalidAnswer:
            said = ""
        return said or "\n".join(value for _name, value in self.answer.fields())


def words_of(question: Question, answer: Answer) -> str:
    """This will write what stands as the answer the way people read it."""
    return _readable(question, _plain(answer))


def _readable(question: Question, plain: PlainAnswer | None) -> str:
    """As everywhere, but the rows of a matrix each on a line of their own."""
    if question.type != "matrix" or plain is None or not isinstance(plain.value, dict):
        return readable(question, plain)
    chosen = [(row.text, question.choice(plain.value.get(row.key))) for row in question.rows]
    return "\n".join(f"{row}: {option.text}" for row, option in chosen if option)


def _plain(answer: Answer) -> PlainAnswer | None:
    return None if answer.state == AnswerState.CLEARED else PlainAnswer(State(answer.state), answer.value)
