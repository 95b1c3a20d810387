"""The “show if” cells of a list of questions: `backup = Yes`, `size >= 50 and backup != No`, `tool = A | B`."""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from library.exchange import cells
from library.exchange.circles import break_circles
from library.exchange.list_questions import ListQuestion

OPERATORS = {
    "=": "equals", "==": "equals", "!=": "not_equals", "<>": "not_equals", "≠": "not_equals", ">": "greater",
    "<": "less", ">=": "at_least", "≥": "at_least", "<=": "at_most", "≤": "at_most", "is": "equals",
    "is not": "not_equals", "contains": "contains",
}  # fmt: skip
COMPARISON = re.compile(
    r"(.+?)\s*(==|=|!=|<>|≠|>=|≥|<=|≤|>|<|\bis not\b|\bis\b|\bcontains\b)\s*(.+)\Z", re.DOTALL | re.IGNORECASE
)
AND = re.compile(r"\s+and\s+|\s*&&\s*|\s*[\r\n;]+\s*", re.IGNORECASE)
OR = re.compile(r"\s+or\s+|\s*\|\|\s*", re.IGNORECASE)
QUOTES = "\"'“”‘’{}[]"
ORDERED = ("greater", "less", "at_least", "at_most")


class _NotUnderstood(ValueError):
    """The condition cannot be taken; its text says why, to be shown."""


def place_conditions(questions: Sequence[ListQuestion]) -> None:
    """This will set `show_if` of the questions whose cell can be read; the others are shown always and say why."""
    known = _known(questions)
    for question in questions:
        text = question.cells.get("show_if", "")
        if question.data is None or not text:
            continue
        try:
            question.data["show_if"] = _condition(text, known, question)
        except _NotUnderstood as error:
            question.changes.append(
                _("The condition “%(text)s” is left out: %(why)s") % {"text": text[:80], "why": str(error)}
            )
    _break_circles(questions)


def _known(questions: Sequence[ListQuestion]) -> dict[str, ListQuestion]:
    """Questions by the key in the file, the key here, and their text; the first of several counts."""
    known: dict[str, ListQuestion] = {}
    for name in ("key", "", "text"):
        for question in questions:
            if question.data is not None:
                known.setdefault((question.cells.get(name, "") if name else question.data["key"]).casefold(), question)
    known.pop("", None)
    return known


def _condition(text: str, known: dict[str, ListQuestion], asked: ListQuestion) -> dict[str, Any]:
    whole = _whole(text, known, asked)
    if whole:
        return whole
    # “and” binds closer than “or”, as everywhere.
    either = [_all_of(part, known, asked) for part in OR.split(text.strip()) if part.strip()]
    if not either:
        raise _NotUnderstood(_("it is empty."))
    return either[0] if len(either) == 1 else {"any": either[:50]}


def _whole(text: str, known: dict[str, ListQuestion], asked: ListQuestion) -> dict[str, Any] | None:
    """One comparison with an answer whose own words hold “and”, “or” or a semicolon."""
    match = COMPARISON.match(text.strip())
    found = known.get(match.group(1).strip().strip(QUOTES).strip().casefold()) if match else None
    if found is None or found.data is None or not found.data.get("options"):
        return None
    try:
        return _comparison(text, known, asked)
    except _NotUnderstood:
        return None


def _all_of(text: str, known: dict[str, ListQuestion], asked: ListQuestion) -> dict[str, Any]:
    parts = [_comparison(part, known, asked) for part in AND.split(text.strip()) if part.strip()]
    if not parts:
        raise _NotUnderstood(_("it is empty."))
    return parts[0] if len(parts) == 1 else {"all": parts[:50]}


def _comparison(text: str, known: dict[str, ListQuestion], asked: ListQuestion) -> dict[str, Any]:
    match = COMPARISON.match(text.strip())
    if not match:
        raise _NotUnderstood(_("write it as question = answer."))
    name, operator, value = (part.strip() for part in match.groups())
    found = known.get(name.strip(QUOTES).strip().casefold())
    if found is None or found.data is None:
        raise _NotUnderstood(_("there is no question “%(name)s”.") % {"name": name[:60]})
    if found is asked:
        raise _NotUnderstood(_("a question cannot depend on itself."))
    return _compared(found.data, OPERATORS[" ".join(operator.lower().split())], value)


def _compared(question: dict[str, Any], operator: str, value: str) -> dict[str, Any]:
    kind, key = question["type"], question["key"]
    if kind in ("single_choice", "multiple_choice", "yes_no"):
        return _compared_choice(question, operator, value)
    if kind in ("number", "scale"):
        number = cells.number(value.strip(QUOTES))
        if number is None or operator == "contains":
            raise _NotUnderstood(_("“%(value)s” is not a number.") % {"value": value[:60]})
        return {"question": key, "operator": operator, "value": number}
    if kind in ("text", "long_text") and operator not in ORDERED:
        return {"question": key, "operator": operator, "value": value.strip(QUOTES)}
    raise _NotUnderstood(_("a question of this type cannot be compared that way."))


def _compared_choice(question: dict[str, Any], operator: str, value: str) -> dict[str, Any]:
    if operator in ORDERED:
        raise _NotUnderstood(_("answers of a choice have no order."))
    keys = [_option(question, part.strip().strip(QUOTES)) for part in value.split("|") if part.strip()]
    key = question["key"]
    if question["type"] == "multiple_choice":
        chosen = {"question": key, "operator": "any_of", "value": keys}
        if len(keys) == 1:
            chosen = {"question": key, "operator": "contains", "value": keys[0]}
        return {"not": chosen} if operator == "not_equals" else chosen
    if operator == "not_equals" and len(keys) == 1:
        return {"question": key, "operator": "not_equals", "value": keys[0]}
    listed: dict[str, Any] = {"question": key, "operator": "any_of", "value": keys}
    if len(keys) == 1:
        listed = {"question": key, "operator": "equals", "value": keys[0]}
    return {"not": listed} if operator == "not_equals" else listed


def _option(question: dict[str, Any], word: str) -> str:
    options = question.get("options") or []
    if question["type"] == "yes_no" and not options:
        options = [{"key": "yes", "text": "Yes"}, {"key": "no", "text": "No"}]
    for name in ("text", "key"):
        for option in options:
            if str(option[name]).casefold() == word.casefold():
                return str(option["key"])
    if question["type"] == "yes_no" and word.casefold() in cells.YES | cells.NO:
        return "yes" if word.casefold() in cells.YES else "no"
    raise _NotUnderstood(_("“%(word)s” is no answer to that question.") % {"word": word[:60]})


def _break_circles(questions: Sequence[ListQuestion]) -> None:
    """Conditions that go in a circle can never be decided: one of each circle is left out."""
    taken = {question.data["key"]: question for question in questions if question.data is not None}
    # Sections of a list have no conditions, so that one stands for all.
    for opened in break_circles([{"key": "list", "questions": [question.data for question in taken.values()]}]):
        question = taken[opened["key"]]
        question.changes.append(
            _("The condition “%(text)s” is left out: it goes in a circle with other conditions.")
            % {"text": question.cells["show_if"][:80]}
        )
