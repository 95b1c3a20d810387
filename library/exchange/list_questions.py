"""One question out of the rows of a list that belong to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from library.consistency import LONGEST_SCALE
from library.exchange import cells
from library.exchange.cells import Choice
from library.exchange.keys import Keys
from library.exchange.report import Line

LONGEST_PROMPT = 2_000
LONGEST_PROSE = 20_000
LONGEST_SECTION = 200
LONGEST_KEY = 100
MOST_OPTIONS = 200
MOST_ROWS_OF_MATRIX = 50
# A number with more steps than these is typed, where the list does not call it a scale.
MOST_STEPS_GUESSED = 10
CHOICES = ("single_choice", "multiple_choice", "yes_no", "matrix")
RATING = (1, 5)


@dataclass(slots=True)
class ListQuestion:
    """A question in the making: its first row, further rows with one answer each, and what became of it.

    `data` is None for one that is not taken; `changes` say what is not as the file has it.
    """

    row: int
    section: str
    cells: dict[str, str]
    more: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    data: dict[str, Any] | None = None
    refused: str = ""
    changes: list[str] = field(default_factory=list)

    def refuse(self, why: str) -> None:
        """This will leave the question out, for this reason."""
        self.data, self.refused = None, why

    def lines(self) -> Iterator[tuple[int, Line]]:
        """This will report on each row of the question, as (row, line)."""
        verdict, why = ("not_taken", self.refused) if self.refused else ("taken", "")
        if self.changes and not self.refused:
            verdict, why = "changed", " ".join(self.changes)
        yield self.row, _line(self.row, verdict, self.cells["text"], why)
        for row, filled in self.more:
            if self.refused:
                why = _("Belongs to the question of row %(number)s.") % {"number": self.row}
                yield row, _line(row, "not_taken", filled["options"], why)
            else:
                why = _("An answer to the question of row %(number)s.") % {"number": self.row}
                yield row, _line(row, "taken", filled["options"], why)


def build(question: ListQuestion, keys: Keys) -> None:
    """This will make the question's data for the document, its condition left out, with a key of its own."""
    values = question.cells
    refusal = _unusable(question)
    if refusal:
        question.refuse(refusal)
        return
    data: dict[str, Any] = {"key": _key(question, keys), "type": "", "text": values["text"]}
    question.data = data
    choices = _choices(question)
    data["type"] = _type(question, choices)
    _answers(question, data, choices)
    _prose(question, data)
    _flags(question, data)
    if question.surplus:
        question.changes.append(
            _("The row has more cells than there are headings; left out: %(cells)s.")
            % {"cells": " · ".join(question.surplus)[:100]}
        )


def _line(row: int, verdict: Any, what: str, why: str) -> Line:
    return Line(_("row %(number)s") % {"number": row}, verdict, what[:200], why)


def _unusable(question: ListQuestion) -> str:
    if len(question.cells["text"]) > LONGEST_PROMPT:
        return _("The question is longer than %(limit)s letters.") % {"limit": f"{LONGEST_PROMPT:,}"}
    if len(question.section) > LONGEST_SECTION:
        return _("The name of the section is longer than %(limit)s letters.") % {"limit": LONGEST_SECTION}
    for filled in (question.cells, *(values for _row, values in question.more)):
        for cell in filled.values():
            if any(letter < " " and letter not in "\t\n\r" for letter in cell):
                return _("The row holds a control character, which no text may have.")
    return ""


def _key(question: ListQuestion, keys: Keys) -> str:
    wanted = question.cells.get("key", "")
    key = cells.slug(wanted, LONGEST_KEY)
    if wanted and key != wanted:
        if not key:
            key = cells.words_slug(question.cells["text"]) or "question"
        question.changes.append(_("The key “%(was)s” is written “%(key)s”.") % {"was": wanted[:60], "key": key})
    if not key:
        key = cells.words_slug(question.cells["text"]) or "question"
    free = keys.give(key)
    if free != key and wanted:
        question.changes.append(
            _("The key “%(key)s” is used already; here it is “%(free)s”.") % {"key": key, "free": free}
        )
    return free


# Answers


def _choices(question: ListQuestion) -> list[Choice]:
    """All answers of the question: of its options cell, of numbered columns, and of the rows after it."""
    values = question.cells
    found, separator = cells.parts(values.get("options", ""))
    if question.more:
        found = [values["options"]] if "options" in values else []
        separator = ""
    choices = _scored(question, [cells.choice(part) for part in found], values.get("scores", ""))
    choices += _numbered(values)
    for _row, filled in question.more:
        choices += _scored(question, [cells.choice(filled["options"])], filled.get("scores", ""))
    if separator == "," and len(choices) > 1:
        question.changes.append(_("The answers are read as separated by commas."))
    return _once(question, choices)


def _scored(question: ListQuestion, choices: list[Choice], scores: str) -> list[Choice]:
    if not scores or not choices:
        return choices
    given = [scores.strip()] if cells.number(scores) is not None else cells.parts(scores)[0]
    numbers = [cells.number(score) for score in given]
    if len(numbers) != len(choices) or None in numbers:
        question.changes.append(
            _("The scores “%(scores)s” are left out: they are not one number for each of the %(count)s answers.")
            % {"scores": scores[:60], "count": len(choices)}
        )
        return choices
    return [Choice(choice.text, number) for choice, number in zip(choices, numbers, strict=True)]


def _numbered(values: dict[str, str]) -> list[Choice]:
    found = []
    for place in range(1, 100):
        if cell := values.get(f"option {place}"):
            plain = cells.choice(cell)
            score = cells.number(values.get(f"score {place}", ""))
            found.append(Choice(plain.text, plain.score if score is None else score))
    return found


def _once(question: ListQuestion, choices: list[Choice]) -> list[Choice]:
    found: dict[str, Choice] = {}
    for choice in choices:
        if choice.text in found:
            question.changes.append(
                _("The answer “%(text)s” stands twice and is taken once.") % {"text": choice.text[:60]}
            )
        found.setdefault(choice.text, choice)
    kept = list(found.values())
    if len(kept) > MOST_OPTIONS:
        question.changes.append(
            _("Of %(count)s answers the first %(limit)s are taken.") % {"count": len(kept), "limit": MOST_OPTIONS}
        )
    long = [choice for choice in kept if len(choice.text) > LONGEST_PROMPT]
    if long:
        question.changes.append(
            _("Answers of more than %(limit)s letters are left out.") % {"limit": f"{LONGEST_PROMPT:,}"}
        )
    return [choice for choice in kept if choice not in long][:MOST_OPTIONS]


def _type(question: ListQuestion, choices: list[Choice]) -> str:
    stated = question.cells.get("type", "")
    kind = cells.kind(stated) if stated else None
    if stated and kind is None:
        kind = _guessed(question, choices)
        question.changes.append(
            _("The type “%(type)s” is not known; it is read as %(kind)s.") % {"type": stated[:60], "kind": _named(kind)}
        )
    elif kind is None:
        kind = _guessed(question, choices)
    elif cells.reduced(stated) in cells.AMBIGUOUS_TYPES and stated != kind:
        question.changes.append(_("“%(type)s” is read as: several answers may be chosen.") % {"type": stated[:60]})
    return _fitting(question, kind, choices)


def _guessed(question: ListQuestion, choices: list[Choice]) -> str:
    if "rows" in question.cells and choices:
        return "matrix"
    if ends := _ends(question, choices):
        low, high = ends
        return "scale" if _is_scale(low, high, MOST_STEPS_GUESSED) else "number"
    if _is_yes_no(choices):
        return "yes_no"
    return "single_choice" if choices else "long_text"


def _fitting(question: ListQuestion, kind: str, choices: list[Choice]) -> str:
    """The type as stated, unless what the row holds makes another one of it."""
    if kind == "yes_no" and choices and not _is_yes_no(choices):
        question.changes.append(_("Its answers are not yes and no, so it is read as one choice."))
        return "single_choice"
    if kind == "scale":
        ends = _ends(question, choices)
        if choices and ends is None:
            question.changes.append(_("A scale whose steps have words is read as one choice."))
            return "single_choice"
        if ends and not _is_scale(*ends):
            question.changes.append(
                _("A scale has whole steps, at most %(limit)s; it is read as a number.") % {"limit": LONGEST_SCALE}
            )
            return "number"
    return kind


def _answers(question: ListQuestion, data: dict[str, Any], choices: list[Choice]) -> None:
    kind = data["type"]
    if kind in CHOICES:
        if choices and not (kind == "yes_no" and _is_plain_yes_no(choices)):
            data["options"] = _options(kind, choices)
        if not choices and kind != "yes_no":
            question.changes.append(_("It has no answers yet; it needs some before it can be published."))
    elif kind in ("scale", "number"):
        _bounds(question, data, choices)
    elif choices:
        question.changes.append(_("Its answers are left out: a question of this type has none."))
    if kind == "matrix":
        _rows(question, data)


def _options(kind: str, choices: list[Choice]) -> list[dict[str, Any]]:
    used: set[str] = set()
    options = []
    for place, choice in enumerate(choices, 1):
        key = cells.words_slug(choice.text) or f"option-{place}"
        if kind == "yes_no":
            key = "yes" if choice.text.casefold() in cells.YES else "no"
        key = cells.unused(key, used)
        used.add(key)
        option: dict[str, Any] = {"key": key, "text": choice.text}
        if choice.score is not None:
            option["value"] = choice.score
        options.append(option)
    return options


def _rows(question: ListQuestion, data: dict[str, Any]) -> None:
    used: set[str] = set()
    rows = []
    for place, text in enumerate(cells.parts(question.cells.get("rows", ""))[0], 1):
        key = cells.unused(cells.words_slug(text) or f"row-{place}", used)
        used.add(key)
        rows.append({"key": key, "text": text[:LONGEST_PROMPT]})
    if not rows:
        question.changes.append(_("It has no rows yet; it needs some before it can be published."))
    if len(rows) > MOST_ROWS_OF_MATRIX:
        question.changes.append(_("Of its rows the first %(limit)s are taken.") % {"limit": MOST_ROWS_OF_MATRIX})
    if rows:
        data["rows"] = rows[:MOST_ROWS_OF_MATRIX]


def _bounds(question: ListQuestion, data: dict[str, Any], choices: list[Choice]) -> None:
    ends = _ends(question, choices)
    if data["type"] == "scale" and ends is None:
        ends = RATING
        question.changes.append(_("The scale has no ends; it is read as 1 to 5."))
    low, high = ends or (
        cells.number(question.cells.get("minimum", "")),
        cells.number(question.cells.get("maximum", "")),
    )
    if low is not None:
        data["minimum"] = low
    if high is not None:
        data["maximum"] = high
    for name, kind in (("low_label", "scale"), ("high_label", "scale"), ("unit", "number")):
        if data["type"] == kind and (text := question.cells.get(name)):
            data[name] = text[:300]


def _ends(question: ListQuestion, choices: list[Choice]) -> tuple[float, float] | None:
    """The ends of a scale: of their own columns, of “1-5” among the answers, or of answers that are 1, 2, 3 …"""
    low, high = (cells.number(question.cells.get(name, "")) for name in ("minimum", "maximum"))
    if low is not None and high is not None and low < high:
        return low, high
    if len(choices) == 1 and choices[0].score is None and (ends := cells.span(choices[0].text)):
        return ends
    steps = [cells.number(choice.text) for choice in choices]
    if len(steps) > 1 and all(choice.score is None for choice in choices):
        whole = [int(step) for step in steps if step is not None and step == int(step)]
        first = whole[0] if whole else 0
        if len(whole) == len(steps) and whole == list(range(first, first + len(whole))):
            return first, whole[-1]
    return None


def _is_scale(low: float, high: float, longest: int = LONGEST_SCALE) -> bool:
    return low == int(low) and high == int(high) and 0 < high - low <= longest


def _is_yes_no(choices: list[Choice]) -> bool:
    words = [choice.text.casefold() for choice in choices]
    return len(words) == 2 and any(one in cells.YES and two in cells.NO for one, two in (words, words[::-1]))


def _is_plain_yes_no(choices: list[Choice]) -> bool:
    return [(choice.text, choice.score) for choice in choices] == [("Yes", None), ("No", None)]


# The rest of a row


def _prose(question: ListQuestion, data: dict[str, Any]) -> None:
    for name in ("help", "why"):
        text = question.cells.get(name, "")
        if len(text) > LONGEST_PROSE:
            question.changes.append(
                _("“%(name)s” is left out: it is longer than %(limit)s letters.")
                % {"name": name, "limit": f"{LONGEST_PROSE:,}"}
            )
        elif text:
            data[name] = text


def _flags(question: ListQuestion, data: dict[str, Any]) -> None:
    values = question.cells
    for name in ("required", "allow_not_applicable", "allow_dont_know"):
        told = cells.truth(values.get(name, ""))
        if told:
            data[name] = True
        elif told is None:
            question.changes.append(
                _("“%(cell)s” is neither yes nor no; it is read as no.") % {"cell": values[name][:60]}
            )
    if weight := values.get("weight"):
        number = cells.number(weight)
        if number is None or not (number == 0 or 1e-6 <= number <= 1e6):
            question.changes.append(_("The weight “%(cell)s” is not a usable number; it is 1.") % {"cell": weight[:60]})
        elif number != 1:
            data["weight"] = number


NAMES: dict[str, Callable[[], str]] = {
    "single_choice": lambda: _("one choice"),
    "multiple_choice": lambda: _("several choices"),
    "yes_no": lambda: _("yes or no"),
    "scale": lambda: _("a scale"),
    "number": lambda: _("a number"),
    "long_text": lambda: _("long text"),
    "matrix": lambda: _("a matrix"),
}


def _named(kind: str) -> str:
    return NAMES[kind]() if kind in NAMES else kind
