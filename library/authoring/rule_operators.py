"""What a question can be asked: which operators make sense for it, in plain words, and how their value is entered."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from library.document import Question


def operators(question: Question, chosen: str = "") -> list[tuple[str, str]]:
    """This will list the operators that make sense for a question, in plain words, the most usual first.

    `chosen` is listed in any case when it is known, so that what a file brought is not lost.
    """
    offered = [*OPERATORS_OF[question.type], *ABOUT_ANSWERING]
    if question.allow_not_applicable:
        offered.append("is_not_applicable")
    if question.allow_dont_know:
        offered.append("is_dont_know")
    if chosen in OPERATOR_WORDS and chosen not in offered:
        offered.append(chosen)
    return [(operator, str(words_of_operator(operator, question.type))) for operator in offered]


def words_of_operator(operator: str, kind: str) -> Any:
    """This will name an operator as it reads between a question of this type and a value."""
    return OPERATOR_WORDS_OF.get(kind, {}).get(operator, OPERATOR_WORDS[operator])


def comparisons_of_rows(question: Question) -> tuple[str, ...]:
    """This will list the operators that look at one row of a matrix; none for other questions."""
    return OPERATORS_OF["matrix"] if question.type == "matrix" else ()


def control(question: Question, operator: str) -> str:
    """This will name the control for the value: none, choice, choices, number, date, text, or lines (one value each)."""
    if operator in (*ABOUT_ANSWERING, "is_not_applicable", "is_dont_know"):
        return "none"
    if question.choices:
        exactly = question.type == "multiple_choice" and operator in ("equals", "not_equals")
        return "choices" if operator == "any_of" or exactly else "choice"
    if operator == "any_of":
        return "lines"
    return {"number": "number", "scale": "number", "date": "date"}.get(question.type, "text")


ABOUT_ANSWERING = ("answered", "not_answered")
_OF_NUMBERS = ("at_least", "at_most", "equals", "not_equals", "greater", "less")
OPERATORS_OF: Mapping[str, tuple[str, ...]] = {
    "single_choice": ("equals", "not_equals", "any_of"),
    "yes_no": ("equals", "not_equals"),
    "multiple_choice": ("contains", "any_of", "equals", "not_equals"),
    "number": (*_OF_NUMBERS, "any_of"),
    "scale": (*_OF_NUMBERS, "any_of"),
    "date": ("at_least", "at_most", "equals", "not_equals", "greater", "less"),
    "text": ("contains", "equals", "not_equals"),
    "long_text": ("contains",),
    "matrix": ("equals", "not_equals", "any_of"),
    "file": (),
}
OPERATOR_WORDS: Mapping[str, Any] = {
    "equals": gettext_lazy("is"),
    "not_equals": gettext_lazy("is answered, but not with"),
    "any_of": gettext_lazy("is one of"),
    "contains": gettext_lazy("includes"),
    "greater": gettext_lazy("is more than"),
    "less": gettext_lazy("is less than"),
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "answered": gettext_lazy("is answered"),
    "not_answered": gettext_lazy("is not answered"),
    "is_not_applicable": gettext_lazy("is “Not applicable”"),
    "is_dont_know": gettext_lazy("is “I’m not sure”"),
}
OPERATOR_WORDS_OF: Mapping[str, Mapping[str, Any]] = {
    "multiple_choice": {
        "equals": gettext_lazy("is exactly"),
        "not_equals": gettext_lazy("is answered, but not with exactly"),
        "any_of": gettext_lazy("includes one of"),
    },
    "text": {"contains": gettext_lazy("contains")},
    "long_text": {"contains": gettext_lazy("contains")},
    "date": {
        "greater": gettext_lazy("is after"),
        "less": gettext_lazy("is before"),
        "at_least": gettext_lazy("is on or after"),
        "at_most": gettext_lazy("is on or before"),
    },
}
