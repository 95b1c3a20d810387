"""What scoring finds out about each score and each of its inputs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from library.scoring.registry import Counted

type InputState = Literal["answered", "unanswered", "not_applicable", "dont_know", "hidden", "no_value", "no_score"]
type StepKind = Literal["case", "rounded", "clamped", "gate"]
type ScoreState = Literal["scored", "not_applicable", "hidden", "no_score"]


@dataclass(frozen=True, slots=True)
class ScoredInput:
    """One input of a score: what it gave, or why it gave nothing. `value` is None when it was left out.

    `floor` and `ceiling` are what it can give with these answers. When inputs count as percent, `own` is the value
    before, and `own_floor` and `own_ceiling` the ends it was measured between.
    """

    key: str
    name: str
    is_question: bool
    state: InputState
    value: float | None
    weight: float
    floor: float
    ceiling: float
    answer: str = ""
    own: float | None = None
    own_floor: float = 0.0
    own_ceiling: float = 0.0
    position: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What was done to a score after its rule: before, after (None: no score) and which of its gates did it."""

    kind: StepKind
    before: float | None
    after: float | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class ScoredNode:
    """One score: `value` on its own scale, or None with a `reason`.

    `floor` and `ceiling` hold when every input counts; the reachable ones for these answers, where what does not
    apply can no longer add anything. `percent` is the place on the score's scale, 0 to 100; without a scale the place
    between the reachable ends. `steps` are what changed the rule's result, in order.
    """

    key: str
    name: str
    state: ScoreState
    value: float | None
    floor: float
    ceiling: float
    reachable_floor: float
    reachable_ceiling: float
    percent: float | None
    counted: tuple[ScoredInput, ...]
    left_out: tuple[ScoredInput, ...]
    incomplete: bool
    reason: str = ""
    note: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def percent_of_reachable(self) -> float | None:
        """This will place the value between what these answers could still make lowest and highest, 0 to 100."""
        return percent(self.value, self.reachable_floor, self.reachable_ceiling)


def percent(value: float | None, low: float, high: float) -> float | None:
    """This will place a value between two ends, 0 to 100; None without a value, or when the ends are the same."""
    if value is None or low >= high:
        return None
    return min(max(100 * (value - low) / (high - low), 0.0), 100.0)


def for_rule(counted: Iterable[ScoredInput]) -> list[Counted]:
    """This will return inputs the way rules see them."""
    return [
        Counted(item.value, item.weight, item.floor, item.ceiling, item.name, item.position)
        for item in counted
        if item.value is not None
    ]
