"""How the form of a condition is laid out: what templates/library/staff/editor/_rules.html draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from library.authoring.question_picker import Picker, Unclear
from library.authoring.rule_builder import JOINTS, Group, Rule, may_nest
from library.authoring.rule_operators import comparisons_of_rows, control, operators
from library.condition_words import shortened
from library.document import Question


@dataclass(frozen=True)
class Choice:
    """One entry of a list or one box to tick."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class DrawnRule:
    """One line of the form. `control` is one of those `control` names, or "" while no question is chosen."""

    path: str
    name: str
    number: int
    question: str
    key: str
    rows: list[Choice]
    operators: list[Choice]
    control: str
    choices: list[Choice]
    text: str
    hint: str
    error: str
    todo: str = ""
    is_group: bool = False


@dataclass(frozen=True)
class DrawnGroup:
    """One group of the form; `depth` 0 for the outermost one."""

    path: str
    name: str
    number: int
    depth: int
    joints: list[Choice]
    joint: str
    parts: list[Any]
    may_nest: bool
    error: str
    todo: str = ""
    is_group: bool = True


def drawn(
    picker: Picker,
    group: Group,
    prefix: str,
    errors: Mapping[str, str] | None = None,
    missing: Mapping[str, str] | None = None,
) -> DrawnGroup:
    """This will lay out the form of a tree.

    `errors` maps paths to what is wrong at that node, `missing` to what is still to be done there. A page with several
    trees hands over the same Picker.
    """
    return _Drawing(picker, prefix, errors or {}, missing or {}).group(group, 0, 1)


class _Drawing:
    def __init__(self, picker: Picker, prefix: str, errors: Mapping[str, str], missing: Mapping[str, str]):
        self.picker, self.prefix, self.errors, self.missing = picker, prefix, errors, missing

    def group(self, group: Group, depth: int, number: int) -> DrawnGroup:
        parts = [
            self.group(part, depth + 1, place) if isinstance(part, Group) else self.rule(part, place)
            for place, part in enumerate(group.parts, 1)
        ]
        return DrawnGroup(
            path=group.path,
            name=f"{self.prefix}{group.path}-",
            number=number,
            depth=depth,
            joints=[Choice(joint, str(words), joint == group.joint) for joint, words in JOINTS.items()],
            joint=group.joint,
            parts=parts,
            may_nest=may_nest(group),
            error=self.errors.get(group.path, ""),
            todo=self.missing.get(group.path, ""),
        )

    def rule(self, rule: Rule, number: int) -> DrawnRule:
        found = self.picker.find(rule.question, rule.key)
        name = f"{self.prefix}{rule.path}-"
        error, todo = self.errors.get(rule.path, ""), self.missing.get(rule.path, "")
        if isinstance(found, Unclear):
            typed = rule.question or rule.key
            return DrawnRule(rule.path, name, number, typed, rule.key, [], [], "", [], "", "", error, todo)
        kind = control(found, rule.operator)
        return DrawnRule(
            path=rule.path,
            name=name,
            number=number,
            question=rule.question or self.picker.label(found),
            key=found.key,
            rows=_rows(found, rule),
            operators=[Choice(key, words, key == rule.operator) for key, words in operators(found, rule.operator)],
            control=kind,
            choices=_choices(found, rule) if kind in ("choice", "choices") else [],
            text="\n".join(rule.values) if kind == "lines" else "".join(rule.values[:1]),
            hint=_hint(found, kind),
            error=error,
            todo=todo,
        )


def _rows(question: Question, rule: Rule) -> list[Choice]:
    if rule.operator not in comparisons_of_rows(question):
        return []
    return [Choice(row.key, shortened(row.text), row.key == rule.row) for row in question.rows]


def _choices(question: Question, rule: Rule) -> list[Choice]:
    known = [Choice(one.key, shortened(one.text), one.key in rule.values) for one in question.choices]
    # What a draft compares with but the question no longer offers must be seen, or it could not be taken out.
    gone = [value for value in rule.values if value and question.choice(value) is None]
    return known + [Choice(value, _("“%(key)s”, which is gone") % {"key": value[:60]}, True) for value in gone]


def _hint(question: Question, kind: str) -> str:
    if kind == "lines":
        return _("One on each line")
    if kind != "number":
        return ""
    if question.minimum is not None and question.maximum is not None:
        span = _("%(least)s to %(most)s") % {"least": f"{question.minimum:g}", "most": f"{question.maximum:g}"}
        return f"{span} {question.unit}".strip()
    return question.unit
