"""The form of one score: what was typed, and the score it means.

What was typed is kept as it is, settled (pickers resolved), built into data, and drawn again with what is wrong at its
place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import ValidationError

from library.authoring import rule_builder
from library.authoring.question_picker import Picker
from library.authoring.scoring_words import ROUNDINGS, STATES, TREATMENTS
from library.document import DefinitionDocument, Score
from library.messages import problems_of

from .rule_options import built_options, options_after, options_of_form, options_of_score
from .score_inputs import (
    TypedPick,
    built_pick,
    names_something,
    pick_of,
    pick_of_form,
    picks_after,
    settled_pick,
    weight_of,
)
from .score_rules import TypedRule, built_case, built_gate, rule_of_form, rules_after
from .typed_fields import Reading, number, plain, row_ids, whole

SCORE_TEXTS = (
    "name",
    "rule",
    "inputs_as",
    "weight",
    "rounding",
    "rounding-decimals",
    "clamp-min",
    "clamp-max",
    "scale-min",
    "scale-max",
    "scale-unit",
    "scale-decimals",
    *(f"treatment-{state}" for state in STATES),
)


@dataclass(frozen=True)
class TypedScore:
    """The whole form of a score, as typed."""

    texts: Mapping[str, str] = field(default_factory=dict)
    needs_every_answer: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    picks: tuple[TypedPick, ...] = ()
    gates: tuple[TypedRule, ...] = ()
    cases: tuple[TypedRule, ...] = ()

    @classmethod
    def of_form(cls, fields: QueryDict) -> Self:
        texts = {name: str(fields.get(name, "")) for name in SCORE_TEXTS}
        shown_for = fields.get("options-of", "")
        return cls(
            texts=texts,
            needs_every_answer="needs_every_answer" in fields,
            options=options_of_form(fields, texts["rule"]) if shown_for == texts["rule"] else {},
            picks=tuple(pick_of_form(fields, given) for given in row_ids(fields, "pick")),
            gates=tuple(rule_of_form(fields, "gate", given) for given in row_ids(fields, "gate", 20)),
            cases=tuple(rule_of_form(fields, "case", given) for given in row_ids(fields, "case", 50)),
        )

    @classmethod
    def of_score(cls, score: Score) -> Self:
        texts = {
            "name": score.name,
            "rule": score.rule,
            "inputs_as": score.inputs_as,
            "weight": plain(score.weight),
            **{f"treatment-{state}": getattr(score.treatment, state) or "" for state in STATES},
        }
        if score.rounding:
            texts |= {"rounding": score.rounding.mode, "rounding-decimals": plain(score.rounding.decimals)}
        if score.clamp:
            texts |= {"clamp-min": plain(score.clamp.min), "clamp-max": plain(score.clamp.max)}
        if score.scale:
            texts |= {
                "scale-min": plain(score.scale.min),
                "scale-max": plain(score.scale.max),
                "scale-unit": score.scale.unit,
                "scale-decimals": plain(score.scale.decimals),
            }
        return cls(
            texts=texts,
            needs_every_answer=score.needs_every_answer,
            options=options_of_score(score),
            # A new score names nothing yet: there is no entry to show for that.
            picks=tuple(pick_of(str(place), pick) for place, pick in enumerate(score.inputs) if names_something(pick)),
            gates=tuple(
                TypedRule(
                    str(place),
                    rule_builder.of_condition(gate.when),
                    "at_most" if gate.at_most is not None else "otherwise" if gate.otherwise is not None else "none",
                    plain(gate.at_most if gate.at_most is not None else gate.otherwise),
                    gate.reason,
                )
                for place, gate in enumerate(score.gates)
            ),
            cases=tuple(
                TypedRule(
                    str(place),
                    rule_builder.of_condition(case.when),
                    "none" if case.value is None else "otherwise",
                    plain(case.value),
                    case.label,
                )
                for place, case in enumerate(score.cases)
            ),
        )

    def done(self, doing: str) -> Self:
        """This will do what a button asks: add, remove or change a pick, a gate, a case, or a row of an option."""
        what, _colon, rest = doing.partition(":")
        if what == "pick":
            return replace(self, picks=picks_after(self.picks, rest))
        if what == "row":
            return replace(self, options=options_after(self.options, rest))
        if what in ("gate", "case"):
            name = f"{what}s"
            return replace(self, **{name: rules_after(getattr(self, name), rest)})
        return self

    def settled(self, document: DefinitionDocument, own_key: str) -> tuple[Self, dict[str, str]]:
        """This will take what stands in pickers into their lists, and return what could not be found, by field."""
        picker, errors = Picker(document), {}
        picks = tuple(settled_pick(document, picker, pick, own_key, errors) for pick in self.picks)

        def settle(rules: tuple[TypedRule, ...]) -> tuple[TypedRule, ...]:
            return tuple(replace(rule, when=rule_builder.settled(picker, rule.when)) for rule in rules)

        return replace(self, picks=picks, gates=settle(self.gates), cases=settle(self.cases)), errors


@dataclass(frozen=True)
class BuiltScore:
    """What the form means: plain data of the score, or None while something is missing or wrong.

    `errors` and `missing` are by the names of fields; `places` leads from places in the data to fields.
    """

    data: dict[str, Any] | None
    errors: Mapping[str, str]
    missing: Mapping[str, str]
    places: Mapping[str, str]

    def field_of(self, place: str) -> str:
        """This will return the field that a place in the score's data, such as `gates[0].when.any[1]`, was made of."""
        walked = place
        while walked:
            if walked in self.places:
                return self.places[walked]
            walked = re.sub(r"(\.[^.\[\]]+|\[\d+\])$", "", walked) if re.search(r"[.\[]", walked) else ""
        return ""


def built(document: DefinitionDocument, key: str, typed: TypedScore, was: Mapping[str, Any]) -> BuiltScore:
    """This will make the data of a score from its form; what the form does not show stays as it `was`."""
    reading, picker = Reading(), Picker(document)
    places = {name: name for name in ("name", "rule", "weight", "inputs_as", "rounding", "inputs", "options")}
    places |= {"clamp": "clamp-max", "scale": "scale-max"}
    texts = typed.texts
    data = {name: value for name, value in was.items() if name in ("key", "recommendations")} | {"key": key}
    data["name"] = reading.value("name", lambda: texts.get("name", "").strip(), _("Enter a name."))
    data["rule"] = texts.get("rule", "")
    data["inputs_as"] = texts.get("inputs_as") or "value"
    data["weight"] = reading.value(
        "weight", lambda: weight_of(texts.get("weight", "")), _("Enter a weight, such as 1.")
    )
    data["options"] = built_options(texts.get("rule", ""), typed.options, reading, places)
    data["inputs"] = [built_pick(pick, at, reading, places) for at, pick in enumerate(typed.picks)]
    if not typed.picks:
        reading.missing["inputs"] = _("Choose what goes into this score.")
    data["treatment"] = {
        state: texts[f"treatment-{state}"] for state in STATES if texts.get(f"treatment-{state}") in TREATMENTS
    }
    data["needs_every_answer"] = typed.needs_every_answer
    data["gates"] = [built_gate(picker, gate, at, reading, places) for at, gate in enumerate(typed.gates)]
    data["cases"] = [built_case(picker, case, at, reading, places) for at, case in enumerate(typed.cases)]
    data |= _built_finish(texts, reading)
    # A weight of 0 is a weight; only what is empty is left out.
    data = {name: value for name, value in data.items() if value is not None and value is not False and value not in ([], {})}  # fmt: skip
    if reading.errors or reading.missing:
        return BuiltScore(None, reading.errors, reading.missing, places)
    found = BuiltScore(data, {}, {}, places)
    try:
        Score.model_validate(data)
    except ValidationError as error:
        errors = {found.field_of(problem.place) or "": problem.message for problem in problems_of(error, Score)}
        return BuiltScore(None, errors, {}, places)
    return found


def _built_finish(texts: Mapping[str, str], reading: Reading) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if texts.get("rounding") in ROUNDINGS:
        decimals = reading.value("rounding-decimals", lambda: whole(texts.get("rounding-decimals", ""), 0, 9))
        made["rounding"] = {"mode": texts["rounding"], "decimals": decimals or 0}
    made["clamp"] = _span(texts, "clamp", reading)
    scale = _span(texts, "scale", reading)
    if scale is not None:
        decimals = reading.value("scale-decimals", lambda: whole(texts.get("scale-decimals", ""), 0, 6))
        scale |= {"unit": texts.get("scale-unit", "").strip(), "decimals": decimals or 0}
    return made | {"scale": scale}


def _span(texts: Mapping[str, str], name: str, reading: Reading) -> dict[str, Any] | None:
    low = reading.value(f"{name}-min", lambda: number(texts.get(f"{name}-min", "")))
    high = reading.value(f"{name}-max", lambda: number(texts.get(f"{name}-max", "")))
    if low is None and high is None:
        return None
    for end, value in (("min", low), ("max", high)):
        if value is None and f"{name}-{end}" not in reading.errors:
            reading.missing[f"{name}-{end}"] = _("Enter both ends, or none.")
    if low is not None and high is not None and low >= high:
        reading.errors[f"{name}-max"] = _("Enter a number above %(low)s.") % {"low": plain(low)}
    return {"min": low, "max": high}
