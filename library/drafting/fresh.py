"""New content for a draft: with what its type needs to begin with, and with keys nothing else has."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from library.consistency import FIELDS_FOR

from . import automatic
from .changes import Change, Place
from .keys import of_words, renewed, unused
from .parts import NoSuchPart, apart, split

CHOICES = ("single_choice", "multiple_choice", "yes_no", "matrix")


def question(data: Mapping[str, Any], type: str, text: str) -> dict[str, Any]:
    """This will make a question of a type, with the options, rows or ends it cannot be without."""
    key = unused(of_words(text, "question"), apart(data).keys("question"))
    return {"key": key, "type": type, "text": text, **_to_begin_with(type)}


def section(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """This will make an empty section."""
    return {"key": unused(of_words(name, "section"), apart(data).keys("section")), "name": name}


def answer_set(data: Mapping[str, Any], name: str, options: list[dict[str, Any]]) -> dict[str, Any]:
    """This will make an answer set of options as they are."""
    return {"key": unused(of_words(name, "answers"), apart(data).keys("answer_set")), "name": name, "options": options}


def score(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """This will make a score: the weighted mean of inputs yet to be chosen, in percent."""
    key = unused(of_words(name, "score"), apart(data).keys("score"))
    return {"key": key, "name": name, "rule": "weighted_mean", "inputs": [{}], "inputs_as": "percent"}


def sample(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """This will make a sample without answers that expects no overall score; NoSuchPart without scoring."""
    taken = apart(data)
    if "scoring" not in taken.contents:
        raise NoSuchPart("scoring")
    key = unused(of_words(name, "sample"), taken.keys("sample"))
    return {"key": key, "name": name, "answers": {}, "expected": {taken.contents["scoring"]["overall"]: None}}


def scoring(data: Mapping[str, Any]) -> dict[str, Any]:
    """This will make scoring for a definition without any, with its scores: see `automatic`."""
    taken = apart(data)
    automatic.scoring(taken, str(data["name"]))
    scores = [taken.contents[f"score:{key}"] for key in taken.shelves["score", ""]]
    return {**taken.contents["scoring"], "scores": scores}


def option(options: list[dict[str, Any]], text: str, value: float | None = None) -> dict[str, Any]:
    """This will make one more option (or row, or zone: whatever has a key and a text) beside others."""
    made = {"key": unused(of_words(text, "option"), [one["key"] for one in options]), "text": text}
    return made if value is None else {**made, "value": value}


def blank(key: str, name: str, group: str = "") -> dict[str, Any]:
    """This will make the data of a new definition: one section with one question, and the automatic scoring."""
    data: dict[str, Any] = {"format": "portal-definition/1", "key": key, "name": name}
    if group:
        data["group"] = group
    first = section(data, _("First section"))
    data["sections"] = [{**first, "questions": [question(data, "yes_no", _("First question"))]}]
    data["scoring"] = scoring(data)
    return data


def duplicate(data: Mapping[str, Any], part: str) -> dict[str, Any]:
    """This will copy a part's content under keys of its own; a section with all that is in it. Raises NoSuchPart."""
    taken = apart(data)
    if part not in taken.contents or not split(part)[1]:
        raise NoSuchPart(part)
    copied = _whole(data, part)
    if split(part)[0] != "question" and copied.get("name"):
        copied = {**copied, "name": (_("%(name)s (copy)") % {"name": copied["name"]})[:200]}
    return renewed(taken, part, copied)


def duplication(data: Mapping[str, Any], part: str) -> Change:
    """This will make the change that puts a copy of a part right behind it, scored as it is. Raises NoSuchPart."""
    content = duplicate(data, part)
    (kind, inside), index = apart(data).find(part)
    return Change("add", f"{kind}:{content['key']}", content, Place(inside, index + 1), like=part)


def retyped(question: Mapping[str, Any], type: str) -> dict[str, Any]:
    """This will turn a question into one of another type, keeping all that means something for it."""
    kept = {name: value for name, value in question.items() if type in FIELDS_FOR.get(name, (type,))}
    kept["type"] = type
    if type not in CHOICES:
        kept.pop("options", None)
        kept.pop("answer_set", None)
    elif type == "yes_no":
        # Its two answers have fixed keys; options of another question cannot stand for them.
        if {option["key"] for option in kept.get("options", ())} != {"yes", "no"}:
            kept.pop("options", None)
        kept.pop("answer_set", None)
    elif question.get("type") == "yes_no" and not kept.get("options") and not kept.get("answer_set"):
        kept["options"] = [
            {"key": "yes", "text": _("Yes"), "value": 1},
            {"key": "no", "text": _("No"), "value": 0},
        ]
    if type == "scale" and not _are_steps(kept.get("minimum"), kept.get("maximum")):
        kept.pop("minimum", None)
        kept.pop("maximum", None)
    if type != "multiple_choice" and "options" in kept:
        kept["options"] = [{k: v for k, v in option.items() if k != "exclusive"} for option in kept["options"]]
    has_options = bool(kept.get("options") or kept.get("answer_set"))
    for name, value in _to_begin_with(type).items():
        if name != "options" or not has_options:
            kept.setdefault(name, value)
    return kept


def _to_begin_with(type: str) -> dict[str, Any]:
    match type:
        case "single_choice":
            return {
                "options": [
                    {"key": "option-1", "text": _("First option"), "value": 1},
                    {"key": "option-2", "text": _("Second option"), "value": 0},
                ]
            }
        case "multiple_choice":
            return {
                "options": [
                    {"key": "option-1", "text": _("First option"), "value": 1},
                    {"key": "option-2", "text": _("Second option"), "value": 1},
                ]
            }
        case "matrix":
            return {
                "rows": [
                    {"key": "row-1", "text": _("First row")},
                    {"key": "row-2", "text": _("Second row")},
                ],
                "options": [
                    {"key": "yes", "text": _("Yes"), "value": 2},
                    {"key": "partly", "text": _("Partly"), "value": 1},
                    {"key": "no", "text": _("No"), "value": 0},
                ],
            }
        case "scale":
            return {"minimum": 1, "maximum": 5}
        case "file":
            return {"max_files": 1}
        case _:
            return {}


def _are_steps(low: Any, high: Any) -> bool:
    if not isinstance(low, int) or not isinstance(high, int):
        return False
    return 0 < high - low <= 100


def _whole(data: Mapping[str, Any], part: str) -> dict[str, Any]:
    """A part with what stands inside it."""
    kind, key = split(part)
    if kind != "section":
        return dict(apart(data).contents[part])

    def within(sections: Any) -> dict[str, Any] | None:
        for one in sections:
            if one["key"] == key:
                return dict(one)
            found = within(one.get("sections", ()))
            if found is not None:
                return found
        return None

    found = within(data.get("sections", ()))
    if found is None:
        raise NoSuchPart(part)
    return found
