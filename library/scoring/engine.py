"""Scoring a set of answers: from a definition and answers to a sheet of scores that can explain itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from library.answers import Answer, Answers, State, readable
from library.conditions import holds, visible_answers
from library.scoring.explaining import Explanation, explain
from library.scoring.finishing import finished
from library.scoring.nodes import InputState, ScoredInput, ScoredNode, ScoreState, for_rule, percent
from library.scoring.plan import LARGEST, PlannedInput, PlannedScore, ends_of
from library.scoring.registry import Counted
from library.scoring.values import bounds, value_of

if TYPE_CHECKING:
    from library.document import DefinitionDocument, Gate, Section, Zone

# How a score looks to the score it is an input of.
AS_INPUT: Mapping[str, InputState] = {
    "scored": "answered",
    "not_applicable": "not_applicable",
    "hidden": "hidden",
    "no_score": "no_score",
}


@dataclass(frozen=True)
class ScoreSheet:
    """All scores of one set of answers."""

    document: "DefinitionDocument"
    nodes: Mapping[str, ScoredNode]
    answers: Mapping[str, Answer | None]

    @property
    def overall(self) -> ScoredNode | None:
        """This will return the overall score; None when the definition has no scoring."""
        scoring = self.document.scoring
        return self.nodes[scoring.overall] if scoring else None

    @cached_property
    def sections(self) -> Mapping[str, ScoredNode]:
        """This will map keys of scored sections, in the order of the document, to their scores."""
        scoring = self.document.scoring
        mapped = scoring.sections if scoring else {}
        return {
            section.key: self.nodes[mapped[section.key]]
            for section in self.document.all_sections()
            if section.key in mapped
        }

    @property
    def unanswered(self) -> tuple[str, ...]:
        """This will list the visible questions without an answer, in the order asked."""
        return tuple(key for key, given in self.answers.items() if given is None)

    def zone(self, node: ScoredNode | None) -> "Zone | None":
        """This will return the zone of a score, found by its place on the definition's scale."""
        scoring = self.document.scoring
        if node is None or node.value is None or node.percent is None or not scoring:
            return None
        if node.key == scoring.overall:
            return self.document.zone(node.value)
        scale = scoring.scale
        return self.document.zone(scale.min + node.percent / 100 * (scale.max - scale.min))

    def explain(self, key: str) -> Explanation:
        """This will explain the score with this key in words and figures. Raises KeyError for an unknown score."""
        planned = next((node for node in self.document.scoring_plan.nodes if node.score.key == key), None)
        if planned is None:
            raise KeyError(key)
        return explain(planned, self.nodes[key])

    def to_data(self) -> dict[str, Any]:
        """This will return overall, section and all other scores as plain JSON data, for keeping with a result."""
        return {
            "definition": self.document.content_hash(),
            "overall": self._node_data(self.overall) if self.overall else None,
            "sections": [
                {"section": key, "name": self._section(key).name, **self._node_data(node)}
                for key, node in self.sections.items()
            ],
            "scores": {key: self._node_data(node) for key, node in self.nodes.items()},
            "unanswered": list(self.unanswered),
        }

    def _section(self, key: str) -> "Section":
        return self.document.places.sections[key][0]

    def _node_data(self, node: ScoredNode) -> dict[str, Any]:
        zone = self.zone(node)
        return {
            "score": node.key,
            "title": node.name,
            "state": node.state,
            "value": node.value,
            "percent": node.percent,
            "floor": node.floor,
            "ceiling": node.ceiling,
            "reachable_ceiling": node.reachable_ceiling,
            "zone": {"label": zone.label, "tone": zone.tone} if zone else None,
            "incomplete": node.incomplete,
            "reason": node.reason,
        }


def score(document: "DefinitionDocument", answers: Answers) -> ScoreSheet:
    """This will compute every score of a definition for these answers.

    Pure, and never fails: answers to hidden or unknown questions are ignored, answers that do not fit their question
    count as unanswered, a score without a basis has value None and says why.
    """
    shown = visible_answers(document, answers)
    nodes: dict[str, ScoredNode] = {}
    for planned in document.scoring_plan.nodes:
        nodes[planned.score.key] = _scored(document, planned, shown, nodes)
    return ScoreSheet(document, nodes, shown)


def _scored(
    document: "DefinitionDocument",
    planned: PlannedScore,
    shown: Mapping[str, Answer | None],
    nodes: Mapping[str, ScoredNode],
) -> ScoredNode:
    inputs = [_scored_input(planned, item, shown, nodes) for item in planned.inputs]
    counted = tuple(item for item in inputs if item.value is not None)
    left_out = tuple(item for item in inputs if item.value is None)
    incomplete = any(item.state == "unanswered" if item.is_question else nodes[item.key].incomplete for item in inputs)
    value, reason, note = _value(planned, counted, left_out, incomplete)
    value, reason, note = _gated(planned, shown, value, reason, note)
    floor, ceiling = planned.floor_and_ceiling
    ends = [*(_reachable(planned, counted, nodes) or (floor, ceiling)), *([] if value is None else [value])]
    return ScoredNode(
        key=planned.score.key,
        name=planned.score.name,
        state=_state(value, counted, left_out),
        value=value,
        floor=floor,
        ceiling=ceiling,
        reachable_floor=min(ends),
        reachable_ceiling=max(ends),
        percent=percent(value, *_ends_for_percent(document, planned)),
        counted=counted,
        left_out=left_out,
        incomplete=incomplete,
        reason=reason,
        note=note,
    )


def _scored_input(
    planned: PlannedScore,
    item: PlannedInput,
    shown: Mapping[str, Answer | None],
    nodes: Mapping[str, ScoredNode],
) -> ScoredInput:
    answer = ""
    if item.question is None:
        child = nodes[item.key]
        value = child.value
        state: InputState = AS_INPUT[child.state]
        own = child.floor, child.ceiling
    else:
        state, value = _of_question(item, shown)
        own = _own_bounds(item)
        answer = readable(item.question, shown[item.key]) if item.key in shown else ""
    if value is None:
        value = _stand_in(planned.treatment.get(state, "exclude"), item)
    elif planned.score.inputs_as == "percent":
        value = percent(value, *own)
    return ScoredInput(
        item.key, item.name, item.question is not None, state, value, item.weight, *item.extended, answer
    )


def _of_question(item: PlannedInput, shown: Mapping[str, Answer | None]) -> tuple[InputState, float | None]:
    if item.key not in shown:
        return "hidden", None
    given = shown[item.key]
    if given is None:
        return "unanswered", None
    if given.state == State.NOT_APPLICABLE:
        return "not_applicable", None
    if given.state == State.DONT_KNOW:
        return "dont_know", None
    value = value_of(item.question, given.value) if item.question else None
    return ("answered", value) if value is not None else ("no_value", None)


def _own_bounds(item: PlannedInput) -> tuple[float, float]:
    return (bounds(item.question) if item.question else None) or (0.0, 0.0)


def _stand_in(treatment: str, item: PlannedInput) -> float | None:
    """What counts instead of a missing value, or None to leave the input out."""
    return {"zero": 0.0, "lowest": item.own[0], "full": item.own[1]}.get(treatment)


def _value(
    planned: PlannedScore, counted: tuple[ScoredInput, ...], left_out: tuple[ScoredInput, ...], incomplete: bool
) -> tuple[float | None, str, str]:
    if planned.score.needs_every_answer and incomplete:
        return None, _("Not every question is answered yet."), ""
    if not counted:
        return None, _nothing_counts(left_out), ""
    try:
        value = planned.rule.function(for_rule(counted), planned.options)
    except OverflowError:
        value = None
    if value is None or not abs(value) < LARGEST:
        return None, _("These inputs give no score."), ""
    value, done = finished(planned.score, value)
    return value, "", {"rounded": _("Rounded."), "clamped": _("Held within its limits.")}.get(done, "")


def _nothing_counts(left_out: tuple[ScoredInput, ...]) -> str:
    states = {item.state for item in left_out}
    if states <= {"not_applicable", "hidden"}:
        return _("Nothing here applies.")
    if states <= {"unanswered", "hidden", "not_applicable"}:
        return _("Nothing here is answered yet.")
    return _("No answer here carries a score.")


def _gated(
    planned: PlannedScore, shown: Mapping[str, Answer | None], value: float | None, reason: str, note: str
) -> tuple[float | None, str, str]:
    for gate in planned.score.gates:
        if value is None or holds(gate.when, shown):
            continue
        why = gate.reason or _("A condition for this score does not hold.")
        if gate.at_most is not None:
            value, note = _held_at(value, gate, note, why)
        elif gate.otherwise is not None:
            value, note = float(gate.otherwise), why
        else:
            value, reason, note = None, why, ""
    return value, reason, note


def _held_at(value: float, gate: "Gate", note: str, why: str) -> tuple[float, str]:
    limit = float(gate.at_most or 0)
    return (limit, why) if value > limit else (value, note)


def _state(value: float | None, counted: tuple[ScoredInput, ...], left_out: tuple[ScoredInput, ...]) -> ScoreState:
    if value is not None:
        return "scored"
    states = {item.state for item in left_out}
    if counted or states == {"hidden"}:
        return "no_score" if counted else "hidden"
    # Options without a value are neutral: one “not applicable” beside them still makes the whole not applicable.
    applies_not = "not_applicable" in states and states <= {"not_applicable", "hidden", "no_value"}
    return "not_applicable" if applies_not else "no_score"


def _reachable(
    planned: PlannedScore, counted: tuple[ScoredInput, ...], nodes: Mapping[str, ScoredNode]
) -> tuple[float, float] | None:
    """The lowest and highest result left, given what was left out and what counts as something for good."""
    if not counted:
        return None
    spans = [_span(planned, item, nodes) for item in counted]
    ends = ends_of(
        planned.rule,
        planned.options,
        [
            Counted(low, item.weight, item.floor, item.ceiling, item.name)
            for item, (low, __) in zip(counted, spans, strict=True)
        ],
        spans,
    )
    if ends is None:
        return None
    low, high = sorted(finished(planned.score, end)[0] for end in ends)
    return low, high


def _span(planned: PlannedScore, item: ScoredInput, nodes: Mapping[str, ScoredNode]) -> tuple[float, float]:
    if item.state == "not_applicable" and item.value is not None:
        # It counts as something, but no answer will ever change it.
        return item.value, item.value
    if item.is_question or planned.score.inputs_as == "percent":
        return item.floor, item.ceiling
    child = nodes[item.key]
    # What stands in for a missing score need not lie between the scores it could still become.
    ends = [child.reachable_floor, child.reachable_ceiling, *([] if item.value is None else [item.value])]
    return min(ends), max(ends)


def _ends_for_percent(document: "DefinitionDocument", planned: PlannedScore) -> tuple[float, float]:
    scoring = document.scoring
    scale = planned.score.scale
    if scale is None and scoring is not None and planned.score.key == scoring.overall:
        scale = scoring.scale
    return (scale.min, scale.max) if scale else planned.floor_and_ceiling
