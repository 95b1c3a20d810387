"""Explaining a score: the rule in words, the calculation in figures, and what counted or was left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from library.scoring.nodes import InputState, ScoredInput, ScoredNode, for_rule
from library.scoring.plan import PlannedScore
from library.scoring.registry import figure


@dataclass(frozen=True, slots=True)
class Line:
    """One input in an explanation, in words."""

    key: str
    name: str
    value: float | None
    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a score came about: the rule in words, the calculation in figures, what counted and what was left out."""

    key: str
    name: str
    value: float | None
    words: str
    figures: str
    counted: tuple[Line, ...]
    left_out: tuple[Line, ...]
    notes: tuple[str, ...]


def explain(planned: PlannedScore, node: ScoredNode) -> Explanation:
    """This will explain how a score came about."""
    figures = ""
    if node.counted:
        figures = planned.rule.figures(for_rule(node.counted), planned.options)
        if node.value is not None:
            figures = f"{figures} = {figure(node.value)}"
    words = planned.rule.words(planned.options)
    if planned.score.inputs_as == "percent":
        words += " " + _("Each input counts as a percentage of its own range.")
    return Explanation(
        key=node.key,
        name=node.name,
        value=node.value,
        words=words,
        figures=figures,
        counted=tuple(
            Line(item.key, item.name, item.value, item.weight, _counted_words(item)) for item in node.counted
        ),
        left_out=tuple(Line(item.key, item.name, None, item.weight, _left_out_words(item)) for item in node.left_out),
        notes=tuple(note for note in (node.note, node.reason) if note),
    )


def _counted_words(item: ScoredInput) -> str:
    if item.state == "answered":
        return item.answer or _("score")
    return _("%(state)s, counts as %(value)s") % {"state": STATE_WORDS[item.state](), "value": figure(item.value or 0)}


def _left_out_words(item: ScoredInput) -> str:
    return _("%(state)s, left out") % {"state": STATE_WORDS[item.state]()}


STATE_WORDS: Mapping[InputState, Callable[[], str]] = {
    "answered": lambda: _("answered"),
    "unanswered": lambda: _("not answered"),
    "not_applicable": lambda: _("not applicable"),
    "dont_know": lambda: _("don't know"),
    "hidden": lambda: _("not asked, because of other answers"),
    "no_value": lambda: _("the chosen answer carries no score"),
    "no_score": lambda: _("has no score"),
}
