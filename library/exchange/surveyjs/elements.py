"""One element of a survey as a question: its type, answers and limits, and how expressions will see it.

Each reader gets the element and gives back the fields of the question; it raises NotTaken with the reason when there is
no such question here, and notes in the entry what becomes different.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from library.answers import LARGEST_NUMBER, LONGEST_LONG_TEXT, LONGEST_TEXT
from library.consistency import LONGEST_SCALE
from library.exchange.keys import Keys
from library.exchange.plain_words import LONGEST_LINE, LONGEST_PROMPT, cut, one_line, printable
from library.exchange.report import Line, Verdict
from library.exchange.surveyjs.properties import reason_for_type
from library.exchange.surveyjs.translation import DONT_KNOW_VALUE, REFUSED_VALUE, Subject

MOST_OPTIONS = 200
MOST_ROWS = 50
MOST_FILES = 20

type Element = Mapping[str, Any]
type Localize = Callable[[Any], str]


class NotTaken(ValueError):
    """Why an element cannot be a question here, in plain words."""


@dataclass
class Entry:
    """One element of the file, and what is being found out about it: `changes` alter it, `remarks` do not."""

    place: str
    what: str
    refused: str = ""
    changes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def line(self) -> Line:
        """This will report on the element: refused, changed, or taken with at most a remark."""
        verdict: Verdict = "not_taken" if self.refused else "changed" if self.changes else "taken"
        return Line(
            self.place, verdict, self.what, self.refused or " ".join(dict.fromkeys(self.changes + self.remarks))
        )

    def change(self, why: str, **named: Any) -> None:
        """This will note that something becomes different."""
        self.changes.append(why % named if named else why)


@dataclass
class Read:
    """An element as a question: `data` for the definition (without key and text), and what expressions see of it."""

    data: dict[str, Any]
    options: tuple[tuple[Any, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    states: tuple[tuple[str, str], ...] = ()
    span: tuple[int, int] = (0, 0)
    has_scores: bool = False

    def subject(self, key: str) -> Subject:
        """This will say how expressions see the question with this key."""
        return Subject(key, self.data["type"], self.options, self.rows, self.states, self.span)


def read(element: Element, localize: Localize, entry: Entry) -> Read:
    """This will read an element as a question. Raises NotTaken."""
    kind = element.get("type")
    if not isinstance(kind, str) or not kind:
        raise NotTaken(_("It has no type."))
    reader = READERS.get(kind)
    if reader is None:
        raise NotTaken(reason_for_type(kind) or _("“%(type)s” is no type known here.") % {"type": one_line(kind, 60)})
    if element.get("readOnly") is True:
        raise NotTaken(_("It can only be read, not answered."))
    found = reader(element, localize, entry)
    _validators(element, found.data, entry)
    return found


# Choices


def _single(element: Element, localize: Localize, entry: Entry) -> Read:
    return _choice("single_choice", element, localize, entry)


def _several(element: Element, localize: Localize, entry: Entry) -> Read:
    return _choice("multiple_choice", element, localize, entry)


def _tagbox(element: Element, localize: Localize, entry: Entry) -> Read:
    entry.change(_("A list to choose several from."))
    return _several(element, localize, entry)


def _choice(kind: str, element: Element, localize: Localize, entry: Entry) -> Read:
    choices = element.get("choices")
    if not choices:
        for source in ("choicesByUrl", "choicesFromQuestion", "carryForwardQuestionName"):
            if element.get(source):
                raise NotTaken(_WHY_NO_CHOICES[source]())
    for source in ("choicesByUrl", "choicesFromQuestion"):
        if element.get(source):
            entry.change(_("Only the answers in the file are offered (“%(source)s” is left out)."), source=source)
    keys = Keys()
    options, seen = _options(choices, localize, entry, keys)
    special = _special_options(element, localize, entry, keys, several=kind == "multiple_choice")
    options += [option for __, option in special]
    seen += [(value, option["key"]) for value, option in special]
    if not options:
        raise NotTaken(_("It offers no answers."))
    if len(options) > MOST_OPTIONS:
        raise NotTaken(_("It offers %(count)s answers; at most %(limit)s can be.") % _sizes(len(options), MOST_OPTIONS))
    data: dict[str, Any] = {"type": kind, "options": options}
    states = []
    for name, allowed, value, operator in (
        ("showDontKnowItem", "allow_dont_know", DONT_KNOW_VALUE, "is_dont_know"),
        ("showRefuseItem", "allow_not_applicable", REFUSED_VALUE, "is_not_applicable"),
    ):
        if element.get(name) is True:
            data[allowed] = True
            states.append((value, operator))
    return Read(data, tuple(seen), states=tuple(states), has_scores=any("value" in option for option in options))


_WHY_NO_CHOICES: Mapping[str, Callable[[], str]] = {
    "choicesByUrl": lambda: _("Its answers stand at an address, and no address is fetched."),
    "choicesFromQuestion": lambda: _("Its answers are those of another question."),
    "carryForwardQuestionName": lambda: _("Its answers are those of another question."),
}


def _sizes(count: int, limit: int) -> dict[str, str]:
    return {"count": f"{count:,}", "limit": f"{limit:,}"}


def _options(
    choices: Any, localize: Localize, entry: Entry, keys: Keys
) -> tuple[list[dict[str, Any]], list[tuple[Any, str]]]:
    """The answers a list offers, and the value SurveyJS stores with the key of each."""
    options: list[dict[str, Any]] = []
    seen: list[tuple[Any, str]] = []
    listed = choices if isinstance(choices, list) else []
    if choices is not None and not isinstance(choices, list):
        entry.change(_("Its answers are no list."))
    if len(listed) > MOST_OPTIONS:
        raise NotTaken(_("It offers %(count)s answers; at most %(limit)s can be.") % _sizes(len(listed), MOST_OPTIONS))
    for number, choice in enumerate(listed, start=1):
        item = choice if isinstance(choice, Mapping) else {"value": choice}
        value = item.get("value")
        if not _is_value(value):
            entry.change(_("Answer %(number)s has no value and is left out."), number=number)
            continue
        text = cut(printable(localize(item.get("text"))) or printable(_value_in_words(value)), LONGEST_PROMPT)
        key = keys.give(_value_in_words(value), text, f"option-{number}")
        option: dict[str, Any] = {"key": key, "text": text or key}
        score = item.get("score", item.get("points"))
        if _is_number(score):
            option["value"] = score
        elif score is not None:
            entry.change(_("The score of answer %(number)s is no number and left out."), number=number)
        if item.get("exclusive") is True or item.get("isExclusive") is True:
            option["exclusive"] = True
        if any(name in item for name in ("visibleIf", "enableIf")):
            entry.change(_("All answers are always offered; rules that hide some are left out."))
        if item.get("elements"):
            entry.change(_("Questions inside an answer are left out."))
        options.append(option)
        seen.append((value, key))
    return options, seen


def _special_options(
    element: Element, localize: Localize, entry: Entry, keys: Keys, *, several: bool
) -> list[tuple[str, dict[str, Any]]]:
    special: list[tuple[str, dict[str, Any]]] = []
    if element.get("showOtherItem") is True or element.get("hasOther") is True:
        text = printable(localize(element.get("otherText"))) or _("Other (describe)")
        special.append(("other", {"key": keys.give("other"), "text": cut(text, LONGEST_PROMPT)}))
        entry.change(_("What “Other” is goes into the comment."))
    if element.get("showNoneItem") is True or element.get("hasNone") is True:
        text = printable(localize(element.get("noneText"))) or _("None")
        option = {"key": keys.give("none"), "text": cut(text, LONGEST_PROMPT)}
        special.append(("none", {**option, "exclusive": True} if several else option))
    return special


def _is_value(value: Any) -> bool:
    return (isinstance(value, str) and bool(value.strip())) or isinstance(value, bool) or _is_number(value)


def _value_in_words(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) <= LARGEST_NUMBER
    )


def _number(value: Any) -> float | None:
    """A number, also one written as text, as surveys have it for bounds."""
    if isinstance(value, str) and len(value) <= 30:
        try:
            value = float(value)
        except ValueError:
            return None
        value = int(value) if math.isfinite(value) and value == int(value) else value
    return value if _is_number(value) else None


def _boolean(element: Element, localize: Localize, entry: Entry) -> Read:
    data: dict[str, Any] = {"type": "yes_no"}
    labels = [printable(localize(element.get(name))) for name in ("labelTrue", "labelFalse")]
    if any(labels):
        texts = [labels[0] or _("Yes"), labels[1] or _("No")]
        data["options"] = [
            {"key": key, "text": cut(text, LONGEST_PROMPT), "value": value}
            for key, text, value in zip(("yes", "no"), texts, (1, 0), strict=True)
        ]
    values = [
        element[name] if _is_value(element.get(name)) else default
        for name, default in (("valueTrue", True), ("valueFalse", False))
    ]
    return Read(data, ((values[0], "yes"), (values[1], "no")))


def _rating(element: Element, localize: Localize, entry: Entry) -> Read:
    listed = element.get("rateValues")
    if isinstance(listed, list) and listed:
        values = [item.get("value") if isinstance(item, Mapping) else item for item in listed]
        texts = [item for item in listed if isinstance(item, Mapping) and item.get("text")]
        if not texts and (row := _row(values)):
            return _scale(*row, element, localize)
        keys = Keys()
        options, seen = _options(listed, localize, entry, keys)
        if not options:
            raise NotTaken(_("It offers no answers."))
        entry.change(_("A choice, as its values are not whole numbers in a row."))
        return Read({"type": "single_choice", "options": options}, tuple(seen), has_scores=_have_scores(options))
    low, step = _number(element.get("rateMin", 1)), _number(element.get("rateStep", 1))
    high = _number(element.get("rateMax", None))
    if high is None and low is not None and step is not None:
        count = _number(element.get("rateCount", 5)) or 5
        high = low + (count - 1) * step
    return _steps(low, high, step, element, localize, entry)


def _have_scores(options: Sequence[Mapping[str, Any]]) -> bool:
    return any("value" in option for option in options)


def _row(values: Sequence[Any]) -> tuple[int, int] | None:
    """The ends of whole numbers of which each is one more than the one before; None when they are not."""
    whole = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    if len(whole) < max(len(values), 2) or whole != list(range(whole[0], whole[0] + len(whole))):
        return None
    return (whole[0], whole[-1]) if abs(whole[0]) <= LARGEST_NUMBER and len(whole) <= LONGEST_SCALE + 1 else None


def _steps(
    low: float | None, high: float | None, step: float | None, element: Element, localize: Localize, entry: Entry
) -> Read:
    if low is None or high is None or not step or step <= 0 or high <= low:
        raise NotTaken(_("Its lowest and highest value are no range."))
    if step == 1 and low == int(low) and high == int(high) and high - low <= LONGEST_SCALE:
        return _scale(int(low), int(high), element, localize)
    if (high - low) / step >= MOST_OPTIONS:
        raise NotTaken(_("It has too many steps; at most %(limit)s can be.") % {"limit": MOST_OPTIONS})
    count = int((high - low) / step + 1e-9) + 1
    entry.change(_("A choice of its steps: a scale goes from one whole number to the next."))
    steps = [round(low + number * step, 6) for number in range(count)]
    values = [int(value) if value == int(value) else value for value in steps]
    keys = Keys()
    seen = [(value, keys.give(f"{value}")) for value in values]
    options = [{"key": key, "text": str(value)} for value, key in seen]
    return Read({"type": "single_choice", "options": options}, tuple(seen))


def _scale(low: int, high: int, element: Element, localize: Localize) -> Read:
    labels = {
        field: one_line(printable(localize(element.get(name))), LONGEST_LINE)
        for field, name in (("low_label", "minRateDescription"), ("high_label", "maxRateDescription"))
    }
    return Read({"type": "scale", "minimum": low, "maximum": high, **labels}, span=(low, high))


def _slider(element: Element, localize: Localize, entry: Entry) -> Read:
    if element.get("sliderType", "single") != "single":
        raise NotTaken(_("A slider with several values is no type of question here."))
    low, high = _number(element.get("min", 0)), _number(element.get("max", 100))
    return _ranged(low, high, _number(element.get("step", 1)), entry)


def _ranged(low: float | None, high: float | None, step: float | None, entry: Entry) -> Read:
    """A slider: a scale when its steps are whole and few, else a number."""
    if low is None or high is None or high <= low:
        raise NotTaken(_("Its lowest and highest value are no range."))
    if step == 1 and low == int(low) and high == int(high) and high - low <= LONGEST_SCALE:
        return Read({"type": "scale", "minimum": int(low), "maximum": int(high)}, span=(int(low), int(high)))
    entry.change(_("A number to type, as the slider has too many steps for a scale."))
    return Read({"type": "number", "minimum": low, "maximum": high})


# Text and numbers

AS_TEXT = {
    "text": "",
    "search": "",
    "email": "email",
    "url": "url",
    "tel": "tel",
    "password": "password",
    "color": "color",
    "time": "time",
    "month": "month",
    "week": "week",
    "datetime-local": "datetime-local",
    "datetime": "datetime",
}


def _text(element: Element, localize: Localize, entry: Entry) -> Read:
    kind = element.get("inputType", "text")
    low, high = _number(element.get("min")), _number(element.get("max"))
    if kind == "range":
        return _ranged(0 if low is None else low, 100 if high is None else high, _number(element.get("step", 1)), entry)
    if kind == "number":
        return Read({"type": "number", **_bounds(low, high, entry), **_decimals(element.get("step"))})
    if kind == "date":
        if element.get("min") is not None or element.get("max") is not None:
            entry.change(_("The first and last possible day are not checked."))
        return Read({"type": "date"})
    if kind not in AS_TEXT:
        entry.change(_("Text, as the kind of input “%(kind)s” is not known."), kind=one_line(printable(kind), 40))
    elif AS_TEXT[kind]:
        entry.change(_("Text, which is not checked to be of the kind “%(kind)s”."), kind=kind)
    return Read({"type": "text", **_length(element, LONGEST_TEXT, LONGEST_LONG_TEXT)})


def _bounds(low: float | None, high: float | None, entry: Entry) -> dict[str, float]:
    if low is not None and high is not None and low >= high:
        entry.change(_("Its bounds are no range and left out."))
        return {}
    return {name: value for name, value in (("minimum", low), ("maximum", high)) if value is not None}


def _decimals(step: Any) -> dict[str, int]:
    """A step of 1 asks for whole numbers, one of 0.01 for two digits."""
    number = _number(step)
    if number is None or number <= 0:
        return {}
    digits = next((digits for digits in range(7) if round(number, digits) == number), None)
    return {} if digits is None else {"decimals": digits}


def _length(element: Element, usual: int, most: int) -> dict[str, int]:
    length = _number(element.get("maxLength"))
    return {"max_length": min(int(length), most)} if length is not None and length >= 1 else {}


def _comment(element: Element, localize: Localize, entry: Entry) -> Read:
    return Read({"type": "long_text", **_length(element, LONGEST_LONG_TEXT, LONGEST_LONG_TEXT)})


def _file(element: Element, localize: Localize, entry: Entry) -> Read:
    if element.get("allowMultiple") is not True:
        return Read({"type": "file", "max_files": 1})
    most = _number(element.get("maxFiles"))
    if most is None or most < 1:
        return Read({"type": "file"})
    if most > MOST_FILES:
        entry.change(_("At most %(limit)s files."), limit=MOST_FILES)
    return Read({"type": "file", "max_files": min(int(most), MOST_FILES)})


# Grids


def _matrix(element: Element, localize: Localize, entry: Entry) -> Read:
    if element.get("cellType", "radio") != "radio":
        raise NotTaken(_("A grid with several answers in a row is no type of question here."))
    listed = element.get("rows")
    if not isinstance(listed, list) or not listed:
        raise NotTaken(_("It has no rows."))
    if len(listed) > MOST_ROWS:
        raise NotTaken(_("It has %(count)s rows; at most %(limit)s can be.") % _sizes(len(listed), MOST_ROWS))
    options, seen = _options(element.get("columns"), localize, entry, Keys())
    if not options:
        raise NotTaken(_("It offers no answers."))
    rows, row_names = [], []
    for row, (value, key) in zip(*_options(listed, localize, entry, Keys()), strict=True):
        rows.append({"key": key, "text": row["text"]})
        row_names.append((_value_in_words(value), key))
    if not rows:
        raise NotTaken(_("It has no rows."))
    return Read(
        {"type": "matrix", "options": options, "rows": rows},
        tuple(seen),
        tuple(dict(row_names).items()),
        has_scores=_have_scores(options),
    )


READERS: Mapping[str, Callable[[Element, Localize, Entry], Read]] = {
    "radiogroup": _single,
    "dropdown": _single,
    "buttongroup": _single,
    "checkbox": _several,
    "tagbox": _tagbox,
    "boolean": _boolean,
    "rating": _rating,
    "slider": _slider,
    "text": _text,
    "comment": _comment,
    "file": _file,
    "matrix": _matrix,
}


# Validators


def _validators(element: Element, data: dict[str, Any], entry: Entry) -> None:
    listed = element.get("validators")
    if listed is None:
        return
    for validator in listed if isinstance(listed, list) else [listed]:
        kind = validator.get("type") if isinstance(validator, Mapping) else None
        check = VALIDATORS.get(str(kind).removesuffix("validator"))
        if check is None:
            entry.change(_("A check of an unknown kind is left out."))
        else:
            check(validator, data, entry)


def _numeric(validator: Element, data: dict[str, Any], entry: Entry) -> None:
    if data["type"] not in ("number", "text"):
        entry.change(_("A check for numbers means nothing for this type and is left out."))
        return
    low, high = _number(validator.get("minValue")), _number(validator.get("maxValue"))
    if data["type"] == "text":
        data.pop("max_length", None)
        data["type"] = "number"
        entry.change(_("A number, as only numbers pass its check."))
    low = low if low is not None else data.get("minimum")
    high = high if high is not None else data.get("maximum")
    for name in ("minimum", "maximum"):
        data.pop(name, None)
    data |= _bounds(low, high, entry)


def _length_of_text(validator: Element, data: dict[str, Any], entry: Entry) -> None:
    if data["type"] not in ("text", "long_text"):
        entry.change(_("A check of a text's length means nothing for this type and is left out."))
        return
    limit = LONGEST_LONG_TEXT
    most = _number(validator.get("maxLength"))
    if most is not None and most >= 1:
        data["max_length"] = min(int(most), data.get("max_length", limit), limit)
    if _number(validator.get("minLength")):
        entry.change(_("How short a text may be is not checked."))
    if validator.get("allowDigits") is False:
        entry.change(_("Digits are allowed in texts."))


def _left_out(validator: Element, data: dict[str, Any], entry: Entry) -> None:
    kind = str(validator.get("type")).removesuffix("validator")
    shown = one_line(printable(validator.get("regex") or validator.get("expression") or ""), 120)
    named = f"“{kind}”" + (f" ({shown})" if shown else "")
    entry.change(
        _("Answers are checked for type, length and range only: the check %(named)s is left out."), named=named
    )


VALIDATORS: Mapping[str, Callable[[Element, dict[str, Any], Entry], None]] = {
    "numeric": _numeric,
    "text": _length_of_text,
    "answercount": lambda validator, data, entry: entry.change(_("How many answers may be chosen is not checked.")),
    "regex": _left_out,
    "email": _left_out,
    "expression": _left_out,
}
