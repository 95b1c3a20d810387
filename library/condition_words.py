"""A condition as a plain sentence: in the editor, in the outline, and where two versions are compared.

Nothing here fails: a condition of a draft may refer to what does not exist (any more), and is then described as it is.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from library.document import Condition, DefinitionDocument, Question
from library.scoring.registry import figure

LONGEST_WORDS = 70
type Numbers = Mapping[str, int]


def numbers_of(document: DefinitionDocument) -> dict[str, int]:
    """This will map the keys of the questions to the numbers they are shown with, from 1 in the order asked."""
    return {question.key: number for number, question in enumerate(document.questions(), 1)}


def asked_when(document: DefinitionDocument, condition: Condition, numbers: Numbers | None = None) -> str:
    """This will write the `show_if` of a question: “Asked when question 3 is “Yes”.”"""
    return _("Asked when %(condition)s.") % {"condition": sentence(document, condition, numbers)}


def shown_when(document: DefinitionDocument, condition: Condition, numbers: Numbers | None = None) -> str:
    """This will write the `show_if` of a section: “Shown when question 3 is “Yes”.”"""
    return _("Shown when %(condition)s.") % {"condition": sentence(document, condition, numbers)}


def required_when(document: DefinitionDocument, condition: Condition, numbers: Numbers | None = None) -> str:
    """This will write a `require_if`: “Must be answered when question 3 is “Yes”.”"""
    return _("Must be answered when %(condition)s.") % {"condition": sentence(document, condition, numbers)}


def sentence(document: DefinitionDocument, condition: Condition, numbers: Numbers | None = None) -> str:
    """This will write a condition as a clause, without a capital at its start or a point at its end.

    Questions go by the numbers they are shown with; give `numbers` (see `numbers_of`) when many are written.
    """
    return _Words(document, numbers_of(document) if numbers is None else numbers).clause(condition)


def shortened(text: str, longest: int = LONGEST_WORDS) -> str:
    """This will cut a text at a word's end and mark the cut with an ellipsis; line breaks become spaces."""
    words = " ".join(text.split())
    if len(words) <= longest:
        return words
    return f"{words[: longest - 1].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"


def listed(words: Sequence[str], joint: str) -> str:
    """This will join words as people do: “a, b and c”, with the last two joined by `joint`."""
    return f" {joint} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


class _Words:
    """One walk through a condition."""

    def __init__(self, document: DefinitionDocument, numbers: Numbers):
        self.document, self.numbers = document, numbers

    def clause(self, condition: Condition) -> str:
        if condition.all is not None:
            return self.joined(condition.all, pgettext("between two conditions that must both hold", "and"))
        if condition.any is not None:
            return self.joined(condition.any, pgettext("between two conditions one of which must hold", "or"))
        if condition.not_ is not None:
            return self.negated(condition.not_)
        return self.comparison(condition, POSITIVE)

    def joined(self, parts: Iterable[Condition], joint: str, write: Callable[[Condition], str] | None = None) -> str:
        clauses = [self.inner(part, write or self.clause) for part in parts]
        # Commas between clauses that hold commas themselves would be hard to read: the joint stands between all.
        return f" {joint} ".join(clauses)

    def inner(self, part: Condition, write: Callable[[Condition], str]) -> str:
        clause = write(part)
        return f"({clause})" if len(part.parts) > 1 or (part.not_ and len(part.not_.parts) > 1) else clause

    def negated(self, condition: Condition) -> str:
        if condition.any is not None:
            # None of these: each of them must fail.
            return self.joined(
                condition.any, pgettext("between two conditions that must both hold", "and"), self.negated
            )
        if condition.all is not None:
            if len(condition.all) == 1:
                return self.negated(condition.all[0])
            return _("not all of this holds: %(conditions)s") % {"conditions": self.clause(condition)}
        if condition.not_ is not None:
            return self.clause(condition.not_)
        return self.comparison(condition, NEGATIVE)

    def comparison(self, condition: Condition, phrases: Mapping[str, Callable[[], str]]) -> str:
        question = self.document.question(condition.question or "")
        subject = self.subject(condition, question)
        phrase = phrases.get(_kind(condition.operator or "", question, condition.value))
        if phrase is None:
            return subject
        return phrase() % {"subject": subject, "value": _value(question, condition)}

    def subject(self, condition: Condition, question: Question | None) -> str:
        if question is None:
            return _("the missing question “%(key)s”") % {"key": condition.question or "?"}
        words = _("question %(number)s") % {"number": self.numbers.get(question.key, "?")}
        if condition.row is None:
            return words
        row = next((shortened(row.text) for row in question.rows if row.key == condition.row), condition.row)
        return _("“%(row)s” in %(question)s") % {"row": row, "question": words}


def _kind(operator: str, question: Question | None, value: Any) -> str:
    """Some operators read differently for dates and for several choices."""
    kind = question.type if question else ""
    several = isinstance(value, list) and len(value) > 1
    if kind == "date" and operator in ("greater", "less", "at_least", "at_most"):
        return f"date_{operator}"
    if kind == "multiple_choice" and operator in ("equals", "not_equals"):
        return f"exactly_{operator}"
    if kind in ("text", "long_text") and operator == "contains":
        return "text_contains"
    if operator == "any_of":
        # “Is A or B” beside another “or” could be read in two ways.
        return ("contains_either" if several else "contains") if kind == "multiple_choice" else ("any_of" if several else "equals")  # fmt: skip
    return operator


def _value(question: Question | None, condition: Condition) -> str:
    given = condition.value if isinstance(condition.value, list) else [condition.value]
    words = [_one(question, item) for item in given]
    if condition.operator == "any_of":
        return listed(words, pgettext("between two answers one of which is enough", "or"))
    return listed(words, pgettext("between two answers that are both meant", "and"))


def _one(question: Question | None, value: Any) -> str:
    if question is not None and question.choices:
        option = question.choice(value)
        return _quoted(shortened(option.text) if option else str(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        unit = question.unit if question else ""
        return f"{figure(value)} {unit}".strip()
    if question is not None and question.type == "date" and isinstance(value, str):
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError:
            return _quoted(value)
        return formats.date_format(day, pgettext("date format: day, month and year", "M j, Y"))
    return _quoted(shortened(str(value)))


def _quoted(text: str) -> str:
    return pgettext("an answer quoted in a sentence", "“%(text)s”") % {"text": text}


# Each holds %(subject)s and, where there is one, %(value)s.
POSITIVE: Mapping[str, Callable[[], str]] = {
    "equals": lambda: _("%(subject)s is %(value)s"),
    "not_equals": lambda: _("%(subject)s is answered, but not with %(value)s"),
    "exactly_equals": lambda: _("%(subject)s is exactly %(value)s"),
    "exactly_not_equals": lambda: _("%(subject)s is answered, but not with exactly %(value)s"),
    "any_of": lambda: _("%(subject)s is either %(value)s"),
    "contains": lambda: _("%(subject)s includes %(value)s"),
    "contains_either": lambda: _("%(subject)s includes either %(value)s"),
    "text_contains": lambda: _("%(subject)s contains %(value)s"),
    "greater": lambda: _("%(subject)s is more than %(value)s"),
    "less": lambda: _("%(subject)s is less than %(value)s"),
    "at_least": lambda: _("%(subject)s is at least %(value)s"),
    "at_most": lambda: _("%(subject)s is at most %(value)s"),
    "date_greater": lambda: _("%(subject)s is after %(value)s"),
    "date_less": lambda: _("%(subject)s is before %(value)s"),
    "date_at_least": lambda: _("%(subject)s is %(value)s or later"),
    "date_at_most": lambda: _("%(subject)s is %(value)s or earlier"),
    "answered": lambda: _("%(subject)s is answered"),
    "not_answered": lambda: _("%(subject)s is not answered"),
    "is_not_applicable": lambda: _("%(subject)s is “Not applicable”"),
    "is_dont_know": lambda: _("%(subject)s is “I’m not sure”"),
}
# What the same comparison says when it must not hold: unanswered questions are meant as well.
NEGATIVE: Mapping[str, Callable[[], str]] = {
    "equals": lambda: _("%(subject)s is not %(value)s"),
    "not_equals": lambda: _("%(subject)s is %(value)s or not answered"),
    "exactly_equals": lambda: _("%(subject)s is not exactly %(value)s"),
    "exactly_not_equals": lambda: _("%(subject)s is exactly %(value)s or not answered"),
    "any_of": lambda: _("%(subject)s is neither of %(value)s"),
    "contains": lambda: _("%(subject)s does not include %(value)s"),
    "contains_either": lambda: _("%(subject)s includes neither of %(value)s"),
    "text_contains": lambda: _("%(subject)s does not contain %(value)s"),
    "greater": lambda: _("%(subject)s is not more than %(value)s"),
    "less": lambda: _("%(subject)s is not less than %(value)s"),
    "at_least": lambda: _("%(subject)s is not at least %(value)s"),
    "at_most": lambda: _("%(subject)s is not at most %(value)s"),
    "date_greater": lambda: _("%(subject)s is not after %(value)s"),
    "date_less": lambda: _("%(subject)s is not before %(value)s"),
    "date_at_least": lambda: _("%(subject)s is not %(value)s or later"),
    "date_at_most": lambda: _("%(subject)s is not %(value)s or earlier"),
    "answered": lambda: _("%(subject)s is not answered"),
    "not_answered": lambda: _("%(subject)s is answered"),
    "is_not_applicable": lambda: _("%(subject)s is not “Not applicable”"),
    "is_dont_know": lambda: _("%(subject)s is not “I’m not sure”"),
}


def how_many(document: DefinitionDocument, condition: Condition | None) -> str:
    """This will say in a word or two how large a condition is: “no rules”, “1 rule”, “4 rules”."""
    count = _leaves(condition) if condition else 0
    return ngettext("%(count)d rule", "%(count)d rules", count) % {"count": count} if count else _("no rules")


def _leaves(condition: Condition) -> int:
    return sum(_leaves(part) for part in condition.parts) if condition.parts else 1
