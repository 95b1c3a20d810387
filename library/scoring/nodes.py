"""What scoring finds out about each score and each of its inputs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from library.scoring.registry import Counted

type InputState = Literal["answered", "unanswered", "not_applicable", "dont_know", "hidden", "no_value", "no_score"]
type ScoreState = Literal["scored", "not_applicable", "hidden", "no_score"]


@dataclass(frozen=True, slots=True)
class ScoredInput:
    """One input of a score: what it gave, or why it gave nothing. `value` is None when it was left out."""

    key: str
    name: str
    is_question: bool
    state: InputState
    value: float | None
    weight: float
    floor: float
    ceiling: float
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ScoredNode:
    """One score: `value` on its own scale, or None with a `reason`.

    `floor` and `ceiling` hold when every input counts; the reachable ones for these answers, where what does not
    apply can no longer add anything. `percent` is the place on the scale, 0 to 100.
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
        Counted(item.value, item.weight, item.floor, item.ceiling, item.name)
        for item in counted
        if item.value is not None
    ]
