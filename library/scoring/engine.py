"""Scoring a set of answers: from a definition and answers to a sheet of scores that can explain itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from library.answers import Answer, Answers, State, readable
from library.conditions import holds, visible_answers
from library.scoring.explaining import Explanation, QuestionExplanation, explain, explain_question
from library.scoring.finishing import clamped_value, finished, rounded_value
from library.scoring.nodes import (
    InputState,
    ScoredInput,
    ScoredNode,
    ScoreState,
    Step,
    StepKind,
    for_rule,
    percent,
)
from library.scoring.plan import LARGEST, PlannedInput, PlannedScore, ends_of, within
from library.scoring.registry import Counted
from library.scoring.values import value_of

if TYPE_CHECKING:
    from library.document import DefinitionDocument, Section, Zone

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
        return tuple(key for key, given in self.answers.items() if given is None or given.is_partial)

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
        return explain(self.document, planned, self.nodes[key], self.answers)

    def explain_question(self, key: str) -> QuestionExplanation:
        """This will explain the score of one answer in words and figures. Raises KeyError for an unknown question."""
        return explain_question(self.document, self.nodes, self.answers, key)

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
    inputs = [_scored_input(planned, item, shown, nodes, at) for at, item in enumerate(planned.inputs)]
    counted = tuple(item for item in inputs if item.value is not None)
    left_out = tuple(item for item in inputs if item.value is None)
    incomplete = any(item.state == "unanswered" if item.is_question else nodes[item.key].incomplete for item in inputs)
    outcome = _Outcome()
    _apply_rule(outcome, planned, counted, left_out, incomplete, shown)
    _apply_gates(outcome, planned, shown)
    value = outcome.value
    floor, ceiling = planned.floor_and_ceiling
    reachable = _reachable(planned, counted, nodes) or (floor, ceiling)
    ends = [*reachable, *([] if value is None else [value])]
    return ScoredNode(
        key=planned.score.key,
        name=planned.score.name,
        state=_state(value, counted, left_out),
        value=value,
        floor=floor,
        ceiling=ceiling,
        reachable_floor=min(ends),
        reachable_ceiling=max(ends),
        percent=percent(value, *_ends_for_percent(document, planned, reachable)),
        counted=counted,
        left_out=left_out,
        incomplete=incomplete,
        reason=outcome.reason,
        note=outcome.note,
        steps=tuple(outcome.steps),
    )


def _scored_input(
    planned: PlannedScore,
    item: PlannedInput,
    shown: Mapping[str, Answer | None],
    nodes: Mapping[str, ScoredNode],
    position: int,
) -> ScoredInput:
    question = item.question
    if question is None:
        return _scored_score(planned, item, nodes[item.key], position)
    state, own = _of_question(item, shown)
    ends = item.ends
    value = own
    if value is None:
        value = _stand_in(planned.treatment.get(state, "exclude"), item)
    elif planned.score.inputs_as == "percent":
        value = percent(value, *ends)
    answer = readable(question, shown[item.key]) if item.key in shown else ""
    return ScoredInput(
        item.key, item.name, True, state, value, item.weight, *item.extended, answer, own, *ends, position
    )


def _scored_score(planned: PlannedScore, item: PlannedInput, child: ScoredNode, position: int) -> ScoredInput:
    """A score as an input: its ends are those it can reach with these answers, so what does not apply costs nothing."""
    state, own = AS_INPUT[child.state], child.value
    reached = child.reachable_floor, child.reachable_ceiling
    ends = item.scale or (reached if reached[0] < reached[1] else (child.floor, child.ceiling))
    if own is None:
        value, span = _stand_in(planned.treatment.get(state, "exclude"), item), item.extended
    elif planned.score.inputs_as == "percent":
        value, span = percent(own, *ends), (item.extended if item.scale else (0.0, 100.0))
    else:
        value, span = own, within(reached, [planned.treatment["no_score"], planned.treatment["not_applicable"]])
    return ScoredInput(item.key, item.name, False, state, value, item.weight, *span, "", own, *ends, position)


def _of_question(item: PlannedInput, shown: Mapping[str, Answer | None]) -> tuple[InputState, float | None]:
    if item.key not in shown:
        return "hidden", None
    given = shown[item.key]
    if given is None or given.is_partial:
        return "unanswered", None
    if given.state == State.NOT_APPLICABLE:
        return "not_applicable", None
    if given.state == State.DONT_KNOW:
        return "dont_know", None
    value = value_of(item.question, given.value) if item.question else None
    return ("answered", value) if value is not None else ("no_value", None)


def _stand_in(treatment: str, item: PlannedInput) -> float | None:
    """What counts instead of a missing value, or None to leave the input out."""
    return {"zero": 0.0, "lowest": item.own[0], "full": item.own[1]}.get(treatment)


class _Outcome:
    """A score while it is made: its value, why there is none, and what was done to it."""

    def __init__(self) -> None:
        self.value: float | None = None
        self.reason = ""
        self.note = ""
        self.steps: list[Step] = []

    def none(self, reason: str) -> None:
        self.value, self.reason, self.note = None, reason, ""

    def become(self, kind: StepKind, after: float | None, note: str, number: int = 0) -> None:
        self.steps.append(Step(kind, self.value, after, number))
        if after is None:
            self.none(note)
        else:
            self.value, self.note = after, note


def _apply_rule(
    outcome: _Outcome,
    planned: PlannedScore,
    counted: tuple[ScoredInput, ...],
    left_out: tuple[ScoredInput, ...],
    incomplete: bool,
    shown: Mapping[str, Answer | None],
) -> None:
    if planned.score.needs_every_answer and incomplete:
        return outcome.none(_("Not every question is answered yet."))
    if not counted:
        return outcome.none(_nothing_counts(left_out))
    for number, case in enumerate(planned.score.cases):
        if holds(case.when, shown):
            after = None if case.value is None else float(case.value)
            outcome.become("case", after, case.label or _("Decided by an answer."), number)
            break
    else:
        outcome.value = _result(planned, counted)
        if outcome.value is None:
            outcome.none(_("These inputs give no score."))
    _finish(outcome, planned)
    return None


def _result(planned: PlannedScore, counted: tuple[ScoredInput, ...]) -> float | None:
    try:
        value = planned.rule.function(for_rule(counted), planned.options)
    except OverflowError:
        return None
    return value if value is not None and abs(value) < LARGEST else None


def _finish(outcome: _Outcome, planned: PlannedScore) -> None:
    if outcome.value is None:
        return
    rounded = rounded_value(planned.score, outcome.value)
    if rounded != outcome.value:
        outcome.become("rounded", rounded, _("Rounded."))
    clamped = clamped_value(planned.score, rounded)
    if clamped != rounded:
        outcome.become("clamped", clamped, _("Held within its limits."))


def _apply_gates(outcome: _Outcome, planned: PlannedScore, shown: Mapping[str, Answer | None]) -> None:
    for number, gate in enumerate(planned.score.gates):
        if outcome.value is None or holds(gate.when, shown):
            continue
        why = gate.reason or _("A condition for this score does not hold.")
        if gate.at_most is None:
            outcome.become("gate", None if gate.otherwise is None else float(gate.otherwise), why, number)
        elif outcome.value > gate.at_most:
            outcome.become("gate", float(gate.at_most), why, number)


def _nothing_counts(left_out: tuple[ScoredInput, ...]) -> str:
    states = {item.state for item in left_out}
    if states <= {"not_applicable", "hidden"}:
        return _("Nothing here applies.")
    if states <= {"unanswered", "hidden", "not_applicable"}:
        return _("Nothing here is answered yet.")
    return _("No answer here carries a score.")


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
            Counted(low, item.weight, item.floor, item.ceiling, item.name, item.position)
            for item, (low, __) in zip(counted, spans, strict=True)
        ],
        spans,
    )
    if ends is None:
        return None
    ends = finished(planned.score, ends[0]), finished(planned.score, ends[1])
    # Which case holds is open while answers can change.
    decided = [finished(planned.score, case.value) for case in planned.score.cases if case.value is not None]
    return min(*ends, *decided), max(*ends, *decided)


def _span(planned: PlannedScore, item: ScoredInput, nodes: Mapping[str, ScoredNode]) -> tuple[float, float]:
    if item.state == "not_applicable" and item.value is not None:
        # It counts as something, but no answer will ever change it.
        return item.value, item.value
    if item.is_question:
        return item.floor, item.ceiling
    child = nodes[item.key]
    ends: list[float | None] = [child.reachable_floor, child.reachable_ceiling]
    if planned.score.inputs_as == "percent":
        ends = [percent(end, item.own_floor, item.own_ceiling) for end in ends]
    # What stands in for a missing score need not lie between the scores it could still become.
    known = [end for end in [*ends, item.value] if end is not None]
    return min(known), max(known)


def _ends_for_percent(
    document: "DefinitionDocument", planned: PlannedScore, reachable: tuple[float, float]
) -> tuple[float, float]:
    scoring = document.scoring
    scale = planned.score.scale
    if scale is None and scoring is not None and planned.score.key == scoring.overall:
        scale = scoring.scale
    if scale:
        return scale.min, scale.max
    return reachable if reachable[0] < reachable[1] else planned.floor_and_ceiling
