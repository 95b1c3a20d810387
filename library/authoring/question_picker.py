"""Picking one of many questions by its number, some of its words, or its key.

All pickers of a page share one list, so that a definition with 500 questions does not write 500 entries per field.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from library.condition_words import numbers_of, shortened
from library.document import DefinitionDocument, Question
from library.messages import did_you_mean

# What stands between a question's number and its words.
DOT = " · "


@dataclass(frozen=True)
class Unclear:
    """That what was typed names no question, and why."""

    message: str
    is_missing: bool = False


class Picker:
    """The questions of a definition, found by what people type: a number, some of the words, or a key."""

    def __init__(self, document: DefinitionDocument):
        self.document = document
        self.numbers = numbers_of(document)

    def label(self, question: Question) -> str:
        """This will write a question as the list of a picker shows it: “3 · Where are copies of your data?”"""
        return f"{self.numbers[question.key]}{DOT}{shortened(question.text)}"

    def label_of(self, key: str) -> str:
        """This will write the question with this key as a picker shows it; the key itself for an unknown one."""
        question = self.document.question(key)
        return self.label(question) if question else key

    def offered(self, but: str = "") -> list[tuple[str, str]]:
        """This will list (label, name of the section) of all questions but one, for one list shared by all pickers."""
        return [
            (self.label(question), section.name)
            for section in self.document.all_sections()
            for question in section.questions
            if question.key != but
        ]

    def find(self, typed: str, key: str = "") -> Question | Unclear:
        """This will find the question somebody means. `key` is what the field meant when it was shown.

        Numbers move when questions are added: words count more than the number before them.
        """
        typed = typed.strip()
        if not typed:
            found = self.document.question(key)
            if key and found is None:
                return Unclear(self._unknown(key))
            return found or Unclear(_("Choose a question."), is_missing=True)
        number, dot, words = typed.partition(DOT)
        alike = self._with_words(words if dot else typed)
        if len(alike) > 1:
            alike = [one for one in alike if one.key == key] or [
                one for one in alike if str(self.numbers[one.key]) == number.strip()
            ] or alike  # fmt: skip
        if len(alike) == 1:
            return alike[0]
        return self._by_number_or_key(typed) or Unclear(self._several(alike) if alike else self._unknown(typed))

    def _with_words(self, words: str) -> list[Question]:
        wanted = " ".join(words.split()).casefold()
        questions = self.document.questions()
        exact = [one for one in questions if wanted in (shortened(one.text).casefold(), one.text.casefold())]
        if exact or len(wanted) < 4:
            return exact
        return [one for one in questions if wanted in " ".join(one.text.split()).casefold()]

    def _by_number_or_key(self, typed: str) -> Question | None:
        number = typed.partition(DOT)[0].strip().rstrip(".")
        if number.isascii() and number.isdigit() and 0 < int(number[:6]) <= len(self.document.questions()):
            return self.document.questions()[int(number[:6]) - 1]
        return self.document.question(typed)

    def _several(self, alike: Sequence[Question]) -> str:
        numbers = ", ".join(str(self.numbers[one.key]) for one in alike[:6])
        return _("Several questions hold these words: type the number of one of them (%(numbers)s).") % {
            "numbers": numbers
        }

    def _unknown(self, typed: str) -> str:
        message = _("There is no question “%(text)s” here.") % {"text": shortened(typed)}
        return message + did_you_mean(typed, [question.key for question in self.document.questions()])
