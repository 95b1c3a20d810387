"""What the forms send in which staff give an answer: on behalf of the client, or one of their own in a review."""

from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict

from library import answer_control
from library.document import Question
from portal.web.ids import revision_in


@dataclass(frozen=True)
class Given:
    """The fields as they were typed, nothing checked yet."""

    typed: answer_control.Typed
    comment: str = ""
    reason: str = ""
    revision: int = 0

    @classmethod
    def of(cls, form: QueryDict, question: Question) -> Self:
        """This will read the form; a revision that is no number means 0."""
        return cls(
            answer_control.Typed.of_form(question, form),
            form.get("comment", ""),
            form.get("reason", ""),
            revision_in(form.get("revision", "")),
        )

    @property
    def state(self) -> str:
        """This will name what is said. Raises InvalidAnswer when two things are said at once."""
        return self.typed.state

    @property
    def raw(self) -> Any:
        return self.typed.raw
