"""Conditions built from rules: what stands in a form becomes a Condition, and a Condition becomes what the form shows.

A form holds a tree of nodes. Each node has a *path*: "0" for the outermost group, "0.2" for the third thing put into it.
Paths are names, not positions: after something is removed the others keep theirs, so that a browser can tell what is
still the same. The hidden fields `<prefix>node` list the paths in order; each node's own fields begin with
`<prefix><path>-`. Nothing here touches a request or the database.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from library.answers import PLAIN_NUMBER
from library.authoring.question_picker import Picker, Unclear
from library.authoring.rule_operators import comparisons_of_rows, control, operators
from library.consistency import DEEPEST_CONDITION
from library.document import Condition, Question
from library.problems import place

ROOT = "0"
MOST_NODES = 200
MOST_PARTS = 50

type Joint = Literal["all", "any", "none"]
type Node = Rule | Group

JOINTS: Mapping[str, Any] = {
    "all": pgettext_lazy("these rules: how many of them must hold", "All of"),
    "any": pgettext_lazy("these rules: how many of them must hold", "Any of"),
    "none": pgettext_lazy("these rules: how many of them must hold", "None of"),
}


class Fields(Protocol):
    """What a form sent: `request.POST`, or anything that answers alike."""

    def get(self, key: str, default: str = "", /) -> Any: ...

    def getlist(self, key: str, /) -> list[Any]: ...

    def __contains__(self, key: object, /) -> bool: ...


@dataclass(frozen=True)
class Rule:
    """One line: a question compared with something, exactly as typed. `key` is the question it meant when it was shown."""

    path: str
    question: str = ""
    key: str = ""
    row: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Rules and groups that hold together: all, any or none of them."""

    path: str = ROOT
    joint: str = "all"
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Built:
    """What a form means. `condition` is None for no rules, and while anything is missing or wrong.

    `missing` and `wrong` map a node's path to what it lacks, and to what cannot be; `places` maps places within the
    condition, such as `any[1]`, to paths.
    """

    condition: Condition | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """This will say whether the form means a condition, or none."""
        return not self.missing and not self.wrong


# From and to a condition


def of_condition(condition: Condition | None) -> Group:
    """This will lay out a condition as rules and groups; a single comparison as a group of one."""
    if condition is None:
        return Group()
    node = _laid_out(condition, ROOT)
    return node if isinstance(node, Group) else Group(ROOT, "all", (replace(node, path=f"{ROOT}.0"),))


def _laid_out(condition: Condition, path: str) -> Node:
    if condition.all is not None or condition.any is not None:
        return _group("all" if condition.all is not None else "any", condition.parts, path)
    inner = condition.not_
    if inner is not None:
        return _group("none", inner.any if inner.any is not None else (inner,), path)
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    return Rule(
        path,
        key=condition.question or "",
        row=condition.row or "",
        operator=condition.operator or "",
        values=tuple(_written(value) for value in values if value is not None),
    )


def _group(joint: str, parts: Iterable[Condition], path: str) -> Group:
    return Group(path, joint, tuple(_laid_out(part, f"{path}.{number}") for number, part in enumerate(parts)))


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def built(picker: Picker, group: Group) -> Built:
    """This will make the condition a form means, and say at which nodes something is missing or wrong.

    Whether it may stand in the definition (circles, depth, comparisons that cannot be) is for `consistency` to say.
    """
    builder = _Builder(picker)
    condition = builder.of_group(group, ())
    builder.places[""] = group.path
    if len(group.parts) == 1 and isinstance(group.parts[0], Rule) and condition is not None and condition.not_ is None:
        # A single rule needs no group around it.
        condition, builder.places = condition.parts[0], {"": group.parts[0].path}
    if builder.missing or builder.wrong:
        condition = None
    return Built(condition, builder.missing, builder.wrong, builder.places)


class _Builder:
    def __init__(self, picker: Picker):
        self.picker = picker
        self.missing: dict[str, str] = {}
        self.wrong: dict[str, str] = {}
        self.places: dict[str, str] = {}

    def of_group(self, group: Group, where: tuple[Any, ...]) -> Condition | None:
        self.places[place(*where)] = group.path
        if not group.parts:
            if group.path != ROOT:
                self.missing[group.path] = _("Add a rule to this group, or remove it.")
            return None
        if group.joint == "none":
            return self.none_of(group, where)
        parts = self.parts(group, (*where, group.joint))
        return Condition.model_validate({group.joint: parts}) if parts else None

    def none_of(self, group: Group, where: tuple[Any, ...]) -> Condition | None:
        if len(group.parts) == 1:
            part = self.part(group.parts[0], (*where, "not"))
            return Condition.model_validate({"not": part}) if part else None
        parts = self.parts(group, (*where, "not", "any"))
        return Condition.model_validate({"not": {"any": parts}}) if parts else None

    def parts(self, group: Group, where: tuple[Any, ...]) -> list[Condition]:
        made = [self.part(part, (*where, number)) for number, part in enumerate(group.parts)]
        return [part for part in made if part is not None]

    def part(self, node: Node, where: tuple[Any, ...]) -> Condition | None:
        if isinstance(node, Group):
            return self.of_group(node, where)
        self.places[place(*where)] = node.path
        return self.of_rule(node)

    def of_rule(self, rule: Rule) -> Condition | None:
        found = self.picker.find(rule.question, rule.key)
        if isinstance(found, Unclear):
            if found.is_missing:
                self.missing[rule.path] = found.message
            else:
                self.wrong[rule.path] = found.message
            return None
        if rule.operator not in {operator for operator, _words in operators(found, rule.operator)}:
            self.missing[rule.path] = _("Choose how to compare.")
            return None
        row = rule.row if rule.operator in comparisons_of_rows(found) else ""
        if found.rows and rule.operator in comparisons_of_rows(found) and not row:
            self.missing[rule.path] = _("Choose a row.")
            return None
        value = self.value(rule, found)
        if value is None and control(found, rule.operator) != "none":
            return None
        given: dict[str, Any] = {"question": found.key, "operator": rule.operator, "value": value}
        return Condition.model_validate(given | ({"row": row} if row else {}))

    def value(self, rule: Rule, question: Question) -> Any:
        kind = control(question, rule.operator)
        if kind == "none":
            return None
        values = [value.strip() for given in rule.values for value in given.splitlines()]
        values = list(dict.fromkeys(value for value in values if value))
        if not values:
            self.missing[rule.path] = NO_VALUE[kind]()
            return None
        if question.type in ("number", "scale"):
            wrong = next((value for value in values if not PLAIN_NUMBER.match(value)), None)
            if wrong is not None:
                self.wrong[rule.path] = _("Enter a number such as 4 or 1.5, not “%(text)s”.") % {"text": wrong[:40]}
                return None
            numbers = [_number(value) for value in values]
            return numbers if kind == "lines" else numbers[0]
        return values if kind in ("choices", "lines") else values[0]


def _number(text: str) -> float:
    number = float(text.replace("\N{MINUS SIGN}", "-"))
    return int(number) if number == int(number) else number


NO_VALUE: Mapping[str, Callable[[], str]] = {
    "choice": lambda: _("Choose an answer to compare with."),
    "choices": lambda: _("Choose at least one answer to compare with."),
    "number": lambda: _("Enter a number to compare with."),
    "date": lambda: _("Enter a date to compare with."),
    "text": lambda: _("Enter the words to look for."),
    "lines": lambda: _("Enter at least one value, each on a line of its own."),
}


# From a form


def read(fields: Fields, prefix: str) -> Group:
    """This will read the tree of a form; what is not there is empty, and what does not fit is left out."""
    paths = list(dict.fromkeys(str(path) for path in fields.getlist(f"{prefix}node")))[:MOST_NODES]
    below: dict[str, list[str]] = {}
    for path in paths:
        if path != ROOT and all(step.isascii() and step.isdigit() and len(step) < 6 for step in path.split(".")):
            below.setdefault(path.rpartition(".")[0], []).append(path)
    return _read_group(fields, prefix, ROOT, below)


def _read_group(fields: Fields, prefix: str, path: str, below: Mapping[str, list[str]]) -> Group:
    joint = fields.get(f"{prefix}{path}-joint", "all")
    parts: list[Node] = []
    for inner in below.get(path, ()):
        if f"{prefix}{inner}-joint" in fields and inner.count(".") <= DEEPEST_CONDITION + 1:
            parts.append(_read_group(fields, prefix, inner, below))
        elif f"{prefix}{inner}-joint" not in fields:
            parts.append(_read_rule(fields, f"{prefix}{inner}-", inner))
    return Group(path, joint if joint in JOINTS else "all", tuple(parts))


def _read_rule(fields: Fields, start: str, path: str) -> Rule:
    texts = {name: str(fields.get(f"{start}{name}", "")) for name in ("question", "key", "row", "operator")}
    return Rule(path, values=tuple(str(value) for value in fields.getlist(f"{start}value")), **texts)


def settled(picker: Picker, group: Group) -> Group:
    """This will give each rule what follows from its question: its key, a usual operator, values that can be meant."""
    return _settled_group(picker, group)


def _settled_group(picker: Picker, group: Group) -> Group:
    return replace(
        group,
        parts=tuple(
            _settled_group(picker, part) if isinstance(part, Group) else _settled(picker, part) for part in group.parts
        ),
    )


def _settled(picker: Picker, rule: Rule) -> Rule:
    question = picker.find(rule.question, rule.key)
    if isinstance(question, Unclear):
        return rule
    before = picker.document.question(rule.key)
    is_another = before is not None and before.key != question.key
    chosen = [operator for operator, _words in operators(question, "" if is_another else rule.operator)]
    keeps = rule.operator in chosen and not (before is not None and before.type != question.type)
    operator = rule.operator if keeps else chosen[0]
    values = rule.values
    if question.key != rule.key:
        values = tuple(value for value in values if question.choice(value)) if question.choices else ()
    row = rule.row if any(row.key == rule.row for row in question.rows) else ""
    if not row and question.rows and operator in comparisons_of_rows(question):
        row = question.rows[0].key
    return replace(rule, question=picker.label(question), key=question.key, row=row, operator=operator, values=values)


# Changing the tree


def changed(group: Group, doing: str) -> Group:
    """This will do what a button asks: "add:<group>", "nest:<group>" or "remove:<node>"; anything else changes nothing.

    A new group begins with an empty rule. Adding stops at the limits of the format.
    """
    verb, _colon, path = doing.partition(":")
    if verb == "remove":
        return _without(group, path)
    if verb not in ("add", "nest") or sum(1 for _node in nodes(group)) >= MOST_NODES:
        return group
    return _with_new(group, path, verb)


def _without(group: Group, path: str) -> Group:
    kept = [_without(part, path) if isinstance(part, Group) else part for part in group.parts if part.path != path]
    return replace(group, parts=tuple(kept))


def _with_new(group: Group, path: str, verb: str) -> Group:
    if group.path != path:
        parts = [_with_new(part, path, verb) if isinstance(part, Group) else part for part in group.parts]
        return replace(group, parts=tuple(parts))
    if len(group.parts) >= MOST_PARTS or (verb == "nest" and not may_nest(group)):
        return group
    last = max((int(part.path.rpartition(".")[2]) for part in group.parts), default=-1)
    new = f"{path}.{last + 1}"
    joint = "any" if group.joint == "all" else "all"
    node: Node = Rule(new) if verb == "add" else Group(new, joint, (Rule(f"{new}.0"),))
    return replace(group, parts=(*group.parts, node))


def may_nest(group: Group) -> bool:
    """This will say whether another group fits inside this one: a rule in it must still be within the format's depth."""
    return group.path.count(".") + 3 <= DEEPEST_CONDITION


def nodes(group: Group) -> Iterator[Node]:
    """This will yield the group and everything in it, outer before inner."""
    yield group
    for part in group.parts:
        if isinstance(part, Group):
            yield from nodes(part)
        else:
            yield part
