"""What the form of a question sends, as it was typed."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.http import QueryDict

from assessments.answering.stored_answers import plain_of
from assessments.models import Answer
from library import answer_control
from library.answers import Answer as PlainAnswer
from library.answers import InvalidAnswer, readable
from library.answers import answer as read_answer
from library.document import Question
from portal.web.ids import revision_in

# Among the questions of a whole section each form has its own names; a script that saves says so and leaves them out.
SECTION = "section"
ONWARD = ("next", "back")


@dataclass(frozen=True)
class Typed:
    """The fields of the form, nothing checked yet. `go` is the button pressed, `resolve` the choice in a conflict.

    `in_section`: it stands among others, `shown` there by key. `is_meant` is not said of a form sent back as it came, by
    going on. `is_carried`: what it shows was carried over from the run before.
    """

    answer: answer_control.Typed = field(default_factory=answer_control.Typed)
    comment: str = ""
    revision: int = 0
    go: str = "next"
    resolve: str = ""
    in_section: bool = False
    shown: tuple[str, ...] = ()
    is_meant: bool = True
    is_carried: bool = False

    @classmethod
    def of(cls, form: QueryDict, question: Question | None) -> Self:
        """This will read the form; what is missing is empty, and a revision that is no number means 0."""
        resolve, is_native = form.get("resolve", ""), form.get("in", "") == SECTION
        prefix = prefix_of(question) if is_native and question else ""
        # Only who chose in a conflict has seen the answer that stands now.
        return cls(
            answer=answer_control.Typed.of_form(question, form, prefix),
            comment=form.get("comment", ""),
            revision=revision_in(form.get("standing" if resolve else "revision", "")),
            go=form.get("go", "next"),
            resolve=resolve,
            in_section=is_native or form.get("part", "") == SECTION,
            shown=tuple(form.get("shown", "").split()),
            is_meant=form.get("go", "") not in ONWARD,
        )

    @classmethod
    def again(cls, answer: Answer | None) -> Self:
        """This will fill the form with what stands as the answer."""
        if answer is None:
            return cls()
        return cls(
            answer_control.Typed.of_answer(plain_of(answer)),
            answer.comment,
            answer.revision,
            is_carried=answer.carried_over,
        )

    def among_others(self) -> Self:
        """This will return the same as a form of a whole section."""
        return replace(self, in_section=True)

    def going(self, where: str) -> Self:
        """This will return the same as if another button had been pressed."""
        return replace(self, go=where)

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


def prefix_of(question: Question) -> str:
    """This will return what stands before the names and ids of a question's fields in a whole section."""
    return f"{question.key}-"


def words_of(question: Question, answer: Answer) -> str:
    """This will write what stands as the answer the way people read it."""
    return _readable(question, plain_of(answer))


def _readable(question: Question, plain: PlainAnswer | None) -> str:
    """As everywhere, but the rows of a matrix each on a line of their own."""
    if question.type != "matrix" or plain is None or not isinstance(plain.value, dict):
        return readable(question, plain)
    chosen = [(row.text, question.choice(plain.value.get(row.key))) for row in question.rows]
    return "\n".join(f"{row}: {option.text}" for row, option in chosen if option)
