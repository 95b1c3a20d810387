"""How the form of a score is laid out for templates/library/staff/editor/score.html."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from library.authoring import rule_builder
from library.authoring.question_picker import Picker
from library.authoring.rule_drawing import drawn
from library.authoring.scoring_words import (
    ROUNDINGS,
    STATES,
    TREATMENTS,
    OptionField,
    option_fields,
    rule_explained,
    rule_names,
    rule_title,
)
from library.condition_words import sentence
from library.document import Condition, DefinitionDocument, Inputs
from library.scoring.plan import question_keys_of
from library.scoring.rules import RULES

from .rule_options import blank_grid, written_cell
from .score_forms import TypedScore
from .score_inputs import ADD_LABELS, PICK_TITLES, TypedPick, offered_scores, offered_sections
from .score_rules import CASE_THEN, THEN, TypedRule
from .typed_fields import Choice, Field, choices

INPUTS_AS: Mapping[str, Any] = {
    "value": gettext_lazy("Their own scores"),
    "percent": gettext_lazy("Percent of each one’s own range"),
}


def draw(
    document: DefinitionDocument,
    key: str,
    typed: TypedScore,
    errors: Mapping[str, str] | None = None,
    missing: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """This will lay out the form of a score for templates/library/staff/editor/score.html."""
    return _ScoreDrawing(document, key, typed, errors or {}, missing or {}).all()


class _ScoreDrawing:
    def __init__(
        self,
        document: DefinitionDocument,
        key: str,
        typed: TypedScore,
        errors: Mapping[str, str],
        missing: Mapping[str, str],
    ):
        self.document, self.key, self.typed = document, key, typed
        self.errors, self.missing = errors, missing
        self.picker = Picker(document)

    def field(self, name: str, label: Any = "", value: str | None = None, kind: str = "text", **more: Any) -> Field:
        given = self.typed.texts.get(name, "") if value is None else value
        error, todo = self.errors.get(name, ""), self.missing.get(name, "")
        return Field(name, str(label), given, kind, error=error, todo=todo, **more)

    def all(self) -> dict[str, Any]:
        texts = self.typed.texts
        return {
            "name": self.field("name", _("Name"), longest=200),
            "weight": self.field("weight", _("Weight in other scores"), kind="number"),
            "rules": [
                Choice(name, rule_title(name), name == texts.get("rule"), rule_explained(name)) for name in rule_names()
            ],
            "rule": texts.get("rule", ""),
            "rule_title": rule_title(texts.get("rule", "")),
            "rule_error": self.errors.get("rule", "") or self.missing.get("rule", ""),
            "options": self.options(),
            "inputs_as": self.field(
                "inputs_as", _("What is counted of each input"), kind="select",
                choices=choices(INPUTS_AS, texts.get("inputs_as") or "value"),
                hint=_("As percent, a scale of 1 to 5 and a choice of 0 to 100 can be averaged."),
            ),
            "picks": [self.pick(pick) for pick in self.typed.picks],
            "inputs_error": self.errors.get("inputs", ""),
            "inputs_todo": self.missing.get("inputs", ""),
            "treatments": [self.treatment(state) for state in STATES],
            "own_treatments": sum(1 for state in STATES if texts.get(f"treatment-{state}")),
            "needs_every_answer": Field(
                "needs_every_answer", _("No score until every question in it is answered"), kind="check",
                is_checked=self.typed.needs_every_answer,
            ),
            "gates": [self.rule("gate", gate, THEN) for gate in self.typed.gates],
            "cases": [self.rule("case", case, CASE_THEN) for case in self.typed.cases],
            "rounding": self.field(
                "rounding", _("Round the result"), kind="select",
                choices=choices({"": _("Do not round")} | dict(ROUNDINGS), texts.get("rounding", "")),
            ),
            "rounding_decimals": self.field("rounding-decimals", _("Digits after the point"), kind="number"),
            "clamp_min": self.field("clamp-min", _("Not below"), kind="number"),
            "clamp_max": self.field("clamp-max", _("Not above"), kind="number"),
            "scale_min": self.field("scale-min", _("From"), kind="number"),
            "scale_max": self.field("scale-max", _("To"), kind="number"),
            "scale_unit": self.field("scale-unit", _("Unit"), longest=300),
            "scale_decimals": self.field("scale-decimals", _("Decimals shown"), kind="number"),
            "finish_count": sum(1 for name in ("rounding", "clamp-min", "clamp-max", "scale-min", "scale-max") if texts.get(name)),
            "general_error": self.errors.get("", "") or self.errors.get("options", ""),
            "has_children": bool(self.document.children),
            "errors": list(dict.fromkeys(self.errors.values())),
        }  # fmt: skip

    def option_fields(self) -> list[OptionField]:
        rule = RULES.get(self.typed.texts.get("rule", ""))
        return option_fields(rule) if rule else []

    def options(self) -> list[Any]:
        known = {one.name: one for one in self.option_fields()}
        if {"rows", "columns", "values"} <= known.keys() and known["values"].kind == "grid":
            rest = [self.option(one) for name, one in known.items() if name not in ("rows", "columns", "values")]
            return [self.grid(known), *rest]
        return [self.option(one) for one in known.values()]

    def grid(self, known: Mapping[str, OptionField]) -> dict[str, Any]:
        """A table of numbers with the starts of its rows and columns."""
        grid = blank_grid(self.typed.options)

        def cell(name: str, shown: str, value: str, at: str) -> Field:
            error, todo = self.errors.get(f"option-{at}", ""), self.missing.get(f"option-{at}", "")
            return Field(name, shown, value, "number", error=error, todo=todo, id=f"f-option-{at}")

        rows, columns = str(known["rows"].label), str(known["columns"].label)
        return {
            "is_grid": True,
            "label": known["values"].label,
            "hints": [f"{rows}: {known['rows'].hint}", f"{columns}: {known['columns'].hint}"],
            "columns": [cell("option-columns", f"{columns} ({at + 1})", value, f"columns-{at}") for at, value in enumerate(grid["columns"])],
            "rows": [
                {
                    "start": cell("option-rows", f"{rows} ({at + 1})", value, f"rows-{at}"),
                    "cells": [
                        cell(f"option-values-{at}", _("Score, row %(row)s, column %(column)s") % {"row": at + 1, "column": nth + 1}, given, f"values-{at}-{nth}")
                        for nth, given in enumerate(grid["values"][at])
                    ],
                }
                for at, value in enumerate(grid["rows"])
            ],
            "todo": any(re.match(r"option-(rows|columns|values)", name) for name in self.missing),
            "error": self.errors.get("option-values", "") or self.errors.get("option-rows", "") or self.errors.get("option-columns", ""),
        }  # fmt: skip

    def option(self, one: OptionField) -> Any:
        rule, name = self.typed.texts.get("rule", ""), f"option-{one.name}"
        given = self.typed.options.get(one.name)
        more = {"hint": one.hint, "id": f"f-{name}-{rule}"}
        if one.kind == "table":
            rows = [
                {
                    "id": row,
                    "cells": [
                        self.field(f"{name}-{row}-{column.name}", column.label, cells.get(column.name, ""), column.kind)
                        for column in one.columns
                    ],
                }
                for row, cells in (given or {}).items()
            ]
            return {
                "is_table": True, "name": one.name, "label": one.label, "hint": one.hint, "rows": rows,
                "columns": [column.label for column in one.columns],
                "error": self.errors.get(name, ""), "todo": self.missing.get(name, ""),
            }  # fmt: skip
        if one.kind in ("numbers", "grid"):
            # Of no rule of ours: a list of numbers by itself is one field per number.
            cells = [self.field(name, one.label, value, "number", id=f"f-{name}-{at}") for at, value in enumerate(given or ("",))]  # fmt: skip
            return {"is_list": True, "label": one.label, "hint": one.hint, "cells": cells}
        if one.kind == "check":
            return self.field(name, one.label, kind="check", is_checked=bool(one.default if given is None else given), **more)  # fmt: skip
        value = written_cell(one, one.default) if given is None else given
        return self.field(name, one.label, value, one.kind, unit="%" if one.kind == "percent" else "", **more)

    def pick(self, pick: TypedPick) -> dict[str, Any]:
        name = f"pick-{pick.id}"
        lists = {"areas": ("sections", "tags"), "children": ()}.get(pick.kind, (pick.kind,))
        return {
            "id": pick.id,
            "kind": pick.kind,
            "title": PICK_TITLES[pick.kind],
            "lists": [self.chips(pick, which) for which in lists],
            "weight": self.field(
                f"{name}-weight", _("Weight of each"), pick.weight, "number", placeholder=_("its own"),
            ),
            "summary": self.summary(pick),
            "error": self.errors.get(name, ""),
            "todo": self.missing.get(name, ""),
        }  # fmt: skip

    def chips(self, pick: TypedPick, which: str) -> dict[str, Any]:
        name = f"pick-{pick.id}-{which}"
        names = self.names_of(which)
        return {
            "name": name,
            "which": which,
            "value": "\n".join(pick.of(which)),
            "items": [{"key": key, "label": names.get(key, key)} for key in pick.of(which)],
            "add": self.field(
                f"{name}-add", ADD_LABELS[which], pick.adding.get(which, ""), hint="", id=f"f-{name}-add-{len(pick.of(which))}",
            ),
            "list": f"list-{which}",
        }  # fmt: skip

    def names_of(self, which: str) -> dict[str, str]:
        if which == "questions":
            return {question.key: self.picker.label(question) for question in self.document.questions()}
        if which == "tags":
            return {}
        return dict(offered_sections(self.document) if which == "sections" else offered_scores(self.document))

    def summary(self, pick: TypedPick) -> str:
        if pick.kind == "areas" and (pick.of("sections") or pick.of("tags")):
            tags = dict(tag.split(": ", 1) for tag in pick.of("tags") if ": " in tag)
            try:
                found = len(question_keys_of(self.document, Inputs(sections=pick.of("sections"), tags=tags)))
            except ValidationError:
                return ""
            return _("%(count)s questions that can be scored") % {"count": found}
        if pick.kind == "children":
            return _("%(count)s child definitions") % {"count": len(self.document.children)}
        return ""

    def treatment(self, state: str) -> Field:
        name, (label, hint) = f"treatment-{state}", STATES[state]
        chosen = self.typed.texts.get(name, "")
        default = getattr(self.document.scoring.treatment, state) if self.document.scoring else "exclude"
        as_usual = _("As everywhere: %(how)s") % {"how": str(TREATMENTS[default]).lower()}
        return self.field(name, label, kind="select", hint=str(hint), choices=choices({"": as_usual} | dict(TREATMENTS), chosen))  # fmt: skip

    def rule(self, what: str, rule: TypedRule, then: Mapping[str, Any]) -> dict[str, Any]:
        start, is_gate = f"{what}-{rule.id}", what == "gate"
        return {
            "id": rule.id,
            "what": what,
            "group": drawn(self.picker, rule.when, f"{start}-", _below(self.errors, start), _below(self.missing, start)),
            "prefix": f"{start}-",
            "doing": f"{what}:{rule.id}:",
            "sentence": self.sentence(what, rule),
            "then": self.field(f"{start}-then", _("Otherwise") if is_gate else _("Then"), kind="select", choices=choices(then, rule.then)),
            "then_value": rule.then,
            "value": self.field(f"{start}-value", _("Value"), rule.value, "number"),
            "words": self.field(f"{start}-words", _("Reason, shown with the score") if is_gate else _("Name, shown with the score"), rule.words, longest=300),
            "error": self.errors.get(start, ""),
        }  # fmt: skip

    def sentence(self, what: str, rule: TypedRule) -> str:
        """What a gate or case does, in one sentence: a gate does something when its condition does not hold."""
        condition = rule_builder.built(self.picker, rule.when).condition
        if condition is None or (rule.then != "none" and not rule.value.strip()):
            return ""
        meant = Condition.model_validate({"not": condition}) if what == "gate" else condition
        then = f"{THEN[rule.then]} {rule.value}".strip() if rule.then != "none" else str(THEN["none"])
        return _("When %(condition)s, %(then)s.") % {
            "condition": sentence(self.document, meant, self.picker.numbers),
            "then": then,
        }


def _below(said: Mapping[str, str], start: str) -> dict[str, str]:
    return {name.removeprefix(f"{start}-"): message for name, message in said.items() if name.startswith(f"{start}-")}
