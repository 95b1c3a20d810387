"""Gates and cases of a score in a form: a condition built from rules, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.authoring import rule_builder
from library.authoring.question_picker import Picker
from library.document import Condition

from .typed_fields import Reading, next_id, number

THEN: Mapping[str, Any] = {
    "none": gettext_lazy("there is no score"),
    "otherwise": gettext_lazy("the score becomes"),
    "at_most": gettext_lazy("the score is held at"),
}


CASE_THEN: Mapping[str, Any] = {"otherwise": THEN["otherwise"], "none": THEN["none"]}


@dataclass(frozen=True)
class TypedRule:
    """A gate or a case: a condition and what follows from it."""

    id: str
    when: rule_builder.Group = field(default_factory=rule_builder.Group)
    then: str = "none"
    value: str = ""
    words: str = ""


def rule_of_form(fields: QueryDict, what: str, given: str) -> TypedRule:
    start = f"{what}-{given}-"
    then = fields.get(f"{start}then", "none")
    return TypedRule(
        given,
        rule_builder.read(fields, start),
        then if then in THEN else "none",
        fields.get(f"{start}value", ""),
        fields.get(f"{start}words", ""),
    )


def rules_after(rules: tuple[TypedRule, ...], doing: str) -> tuple[TypedRule, ...]:
    verb, _colon, rest = doing.partition(":")
    if verb == "add":
        empty = rule_builder.changed(rule_builder.Group(), "add:0")
        return (*rules, TypedRule(next_id(rule.id for rule in rules), empty))
    if verb == "remove":
        return tuple(rule for rule in rules if rule.id != rest)
    if verb in ("up", "down"):
        return _moved(rules, rest, -1 if verb == "up" else 1)
    # Anything else is meant for the condition of one of them: "<id>:add:0.1".
    return tuple(
        replace(rule, when=rule_builder.changed(rule.when, rest)) if rule.id == verb else rule for rule in rules
    )


def _moved(rules: tuple[TypedRule, ...], given: str, by: int) -> tuple[TypedRule, ...]:
    order = list(rules)
    at = next((place for place, rule in enumerate(order) if rule.id == given), None)
    if at is not None and 0 <= at + by < len(order):
        order[at], order[at + by] = order[at + by], order[at]
    return tuple(order)


def _built_when(
    picker: Picker, rule: TypedRule, what: str, at: int, reading: Reading, places: dict[str, str]
) -> Condition | None:
    start, made = f"{what}-{rule.id}", rule_builder.built(picker, rule.when)
    reading.errors |= {f"{start}-{path}": message for path, message in made.wrong.items()}
    reading.missing |= {f"{start}-{path}": message for path, message in made.missing.items()}
    if made.condition is None and made.is_complete:
        reading.missing[f"{start}-0"] = _("Add a rule.")
    root = f"{what}s[{at}]"
    places |= {root: start, f"{root}.value": f"{start}-value", f"{root}.reason": f"{start}-words", f"{root}.label": f"{start}-words"}  # fmt: skip
    for place, path in made.places.items():
        dot = "." if place and not place.startswith("[") else ""
        places[f"{root}.when{dot}{place}"] = f"{start}-{path}"
    return made.condition


def _as_data(condition: Condition | None) -> Any:
    return condition.model_dump(mode="json", by_alias=True, exclude_defaults=True) if condition else None


def built_gate(picker: Picker, gate: TypedRule, at: int, reading: Reading, places: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"when": _as_data(_built_when(picker, gate, "gate", at, reading, places))}
    if gate.then != "none":
        data[gate.then] = reading.value(f"gate-{gate.id}-value", lambda: number(gate.value), _("Enter a number."))
    return data | ({"reason": gate.words.strip()} if gate.words.strip() else {})


def built_case(picker: Picker, case: TypedRule, at: int, reading: Reading, places: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"when": _as_data(_built_when(picker, case, "case", at, reading, places))}
    if case.then != "none":
        data["value"] = reading.value(f"case-{case.id}-value", lambda: number(case.value), _("Enter a number."))
    return data | ({"label": case.words.strip()} if case.words.strip() else {})
