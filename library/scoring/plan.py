"""The scores of a definition, ready to compute: in order, rules and inputs looked up, lowest and highest known.

Made once per document; scoring a set of answers only walks it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from library.graph import in_order
from library.scoring.finishing import finished
from library.scoring.nodes import percent
from library.scoring.registry import Counted, Rule
from library.scoring.rules import RULES
from library.scoring.values import bounds

if TYPE_CHECKING:
    from library.document import DefinitionDocument, Inputs, Question, Score, Treatments

type Bounds = tuple[float, float]

NO_BOUNDS: Bounds = (0.0, 0.0)
# Far above anything a definition means, far below where floats turn into infinity.
LARGEST = 1e100


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """Why a score can have no value at all, whatever is answered."""

    message: str


@dataclass(frozen=True, slots=True)
class PlannedInput:
    """One input of a score. `own` is what it can give the way the score takes it, `extended` also what stands in.

    `ends` are the lowest and highest score of a question's answers, before they are made percent.
    `scale` are the ends a score that has a scale is measured between when it counts as percent.
    """

    key: str
    name: str
    weight: float
    question: "Question | None"
    own: Bounds
    extended: Bounds
    scale: Bounds | None = None
    ends: Bounds = NO_BOUNDS


@dataclass(frozen=True, slots=True)
class PlannedScore:
    """A score with its rule, its inputs, and its bounds when every input counts."""

    score: "Score"
    rule: Rule
    options: Any
    inputs: tuple[PlannedInput, ...]
    treatment: Mapping[str, str]
    bounds: Bounds | OutOfReach

    @property
    def floor_and_ceiling(self) -> Bounds:
        """This will return the bounds as numbers."""
        return NO_BOUNDS if isinstance(self.bounds, OutOfReach) else self.bounds


@dataclass(frozen=True)
class ScoringPlan:
    """Scores in an order in which each comes after its inputs."""

    nodes: tuple[PlannedScore, ...] = ()


def plan(document: "DefinitionDocument") -> ScoringPlan:
    """This will look up rules, inputs and bounds of all scores. The document's references must have been checked."""
    if document.scoring is None:
        return ScoringPlan()
    scores = {score.key: score for score in document.scoring.scores}
    order = in_order(
        {key: [wanted for pick in score.inputs for wanted in pick.scores] for key, score in scores.items()}
    )[0]
    planned: dict[str, PlannedScore] = {}
    for key in order:
        planned[key] = _planned(document, document.scoring.treatment, scores[key], planned)
    return ScoringPlan(tuple(planned.values()))


def bounds_of_score(scoring_plan: ScoringPlan, key: str) -> Bounds:
    """This will return the lowest and highest value of a score when every input counts."""
    return next(node.floor_and_ceiling for node in scoring_plan.nodes if node.score.key == key)


def question_keys_of(document: "DefinitionDocument", pick: "Inputs") -> list[str]:
    """This will list the questions a pick by sections and tags means: those that can be scored, in order."""
    if not pick.sections and not pick.tags:
        return []
    if pick.sections:
        chosen = [document.section(key) for key in pick.sections]
        candidates = [question for section in chosen if section for question in section.all_questions()]
    else:
        candidates = list(document.questions())
    return [
        question.key
        for question in candidates
        if bounds(question) is not None and all(question.tags.get(tag) == value for tag, value in pick.tags.items())
    ]


def within(own: Bounds, treatments: list[str]) -> Bounds:
    """This will widen bounds by zero when a missing answer may count as zero."""
    return (min(own[0], 0.0), max(own[1], 0.0)) if "zero" in treatments else own


def _planned(
    document: "DefinitionDocument", defaults: "Treatments", score: "Score", planned: Mapping[str, PlannedScore]
) -> PlannedScore:
    rule = RULES[score.rule]
    options = rule.options.model_validate(score.options)
    changed = {name: value for name, value in score.treatment if value is not None}
    treatment = {**dict(defaults), **changed}
    inputs = tuple(_inputs(document, score, treatment, planned))
    return PlannedScore(score, rule, options, inputs, treatment, _bounds(score, rule, options, inputs))


def _inputs(
    document: "DefinitionDocument", score: "Score", treatment: Mapping[str, str], planned: Mapping[str, PlannedScore]
) -> Iterator[PlannedInput]:
    seen: set[tuple[str, str]] = set()
    missing = [treatment["no_score"], treatment["not_applicable"]]
    for pick in score.inputs:
        for key in pick.scores:
            child = planned[key]
            weight = child.score.weight if pick.weight is None else pick.weight
            if weight and ("score", key) not in seen:
                seen.add(("score", key))
                scale = _scale_of(document, child.score)
                own = _as_wanted(score, child.floor_and_ceiling, scale)
                if own:
                    yield PlannedInput(key, child.score.name, weight, None, own, within(own, missing), scale)
        for key in pick.questions or question_keys_of(document, pick):
            question = document.question(key)
            if question is None or ("question", key) in seen:
                continue
            seen.add(("question", key))
            weight = question.weight if pick.weight is None else pick.weight
            ends = bounds(question)
            own = _as_wanted(score, ends)
            if weight and own and ends:
                extended = within(own, _possible_treatments(question, treatment))
                yield PlannedInput(key, question.text, weight, question, own, extended, None, ends)


def _scale_of(document: "DefinitionDocument", score: "Score") -> Bounds | None:
    """The ends a score is shown between: its own scale, for the overall score the definition's."""
    scoring = document.scoring
    scale = score.scale or (scoring.scale if scoring and score.key == scoring.overall else None)
    return (float(scale.min), float(scale.max)) if scale else None


def _as_wanted(score: "Score", own: Bounds | None, scale: Bounds | None = None) -> Bounds | None:
    """As percent of its own range every input has the same range; one that cannot vary has no percent.

    A score with a scale of its own is measured on that, of which it may reach but a part.
    """
    if score.inputs_as == "value" or own is None:
        return own
    if scale:
        return percent(own[0], *scale) or 0.0, percent(own[1], *scale) or 0.0
    return (0.0, 100.0) if own[0] < own[1] else None


def _possible_treatments(question: "Question", treatment: Mapping[str, str]) -> list[str]:
    possible = [treatment["unanswered"]]
    if question.allow_not_applicable:
        possible.append(treatment["not_applicable"])
    if question.allow_dont_know:
        possible.append(treatment["dont_know"])
    return possible


def _bounds(score: "Score", rule: Rule, options: Any, inputs: tuple[PlannedInput, ...]) -> Bounds | OutOfReach:
    if not inputs:
        return OutOfReach(_("has no input that counts: all have weight 0 or cannot vary"))
    counted = [
        Counted(item.extended[0], item.weight, *item.extended, item.name, position)
        for position, item in enumerate(inputs)
    ]
    ends = ends_of(rule, options, counted)
    if ends is None:
        return OutOfReach(
            _("can have no value with these inputs: nothing can be achieved, or the numbers grow too large")
        )
    results = [*ends, *(float(case.value) for case in score.cases if case.value is not None)]
    possible = [finished(score, result) for result in results]
    possible += [float(gate.otherwise) for gate in score.gates if gate.otherwise is not None]
    # A ceiling lowers what is above it, whatever that is; alone it leaves both ends where they are.
    possible += [
        float(gate.at_most) for gate in score.gates if gate.at_most is not None and gate.at_most < max(possible)
    ]
    return min(possible), max(possible)


def ends_of(rule: Rule, options: Any, counted: list[Counted], spans: Sequence[Bounds] | None = None) -> Bounds | None:
    """This will return the lowest and highest result of a rule over inputs; None when it has none or overflows.

    `spans` are the values the inputs move between, their floors and ceilings when not given.
    """
    moving = spans or [(item.floor, item.ceiling) for item in counted]
    try:
        if rule.bounds:
            held = [
                Counted(item.value, item.weight, low, high, item.name, item.position)
                for item, (low, high) in zip(counted, moving, strict=True)
            ]
            ends = rule.bounds(held, options)
            return ends if ends and all(abs(end) < LARGEST for end in ends) else None
        low = rule.function(_valued(counted, (low for low, __ in moving)), options)
        high = rule.function(_valued(counted, (high for __, high in moving)), options)
    except OverflowError:
        return None
    return (low, high) if low is not None and high is not None and max(abs(low), abs(high)) < LARGEST else None


def _valued(counted: list[Counted], values: Iterable[float]) -> list[Counted]:
    return [
        Counted(value, item.weight, item.floor, item.ceiling, item.name, item.position)
        for item, value in zip(counted, values, strict=True)
    ]
