"""The registry of scoring rules: a rule is a named pure function from counted inputs to a number.

A rule sees only inputs that count. What is unanswered, not applicable, unknown, hidden or without weight was left out
or given a stand-in value before, by the engine, the same way for every rule. A rule returns None when its inputs give
no score. Its lowest and highest possible result are found by applying it to the lowest and highest inputs; a rule for
which that is not so brings its own `bounds`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Counted:
    """One input that counts: its value and weight, and the lowest and highest value it can have.

    `position` is its place among all inputs of the score, from 0, also when others are left out.
    """

    value: float
    weight: float = 1.0
    floor: float = 0.0
    ceiling: float = 1.0
    name: str = ""
    position: int = 0

    @property
    def fraction(self) -> float:
        """This will return where the value lies between floor (0) and ceiling (1); 1 when they are the same."""
        span = self.ceiling - self.floor
        return (self.value - self.floor) / span if span else 1.0


class RuleOptions(BaseModel):
    """The options a rule takes; none unless the rule says so."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_by_name=True, validate_by_alias=True)


type Inputs = Sequence[Counted]
type Function = Callable[[Inputs, Any], float | None]


@dataclass(frozen=True)
class Rule:
    """A scoring rule: what computes it, which options it takes, and how it is explained.

    `takes`: how many inputs it needs, when it cannot do with any number.
    """

    name: str
    function: Function
    options: type[RuleOptions]
    words: Callable[[Any], str]
    figures: Callable[[Inputs, Any], str]
    bounds: Callable[[Inputs, Any], tuple[float, float] | None] | None
    takes: int | None = None


REGISTRY: dict[str, Rule] = {}


def rule(
    name: str,
    *,
    words: Callable[[Any], str],
    figures: Callable[[Inputs, Any], str],
    options: type[RuleOptions] = RuleOptions,
    bounds: Callable[[Inputs, Any], tuple[float, float] | None] | None = None,
    takes: int | None = None,
) -> Callable[[Function], Function]:
    """This will register a function as the scoring rule `name`.

    `words(options)` describes the rule in a sentence, `figures(inputs, options)` writes the calculation without its
    result. Raises ValueError when the name is taken.
    """

    def register(function: Function) -> Function:
        if name in REGISTRY:
            raise ValueError(f"there is already a scoring rule “{name}”")
        REGISTRY[name] = Rule(name, function, options, words, figures, bounds, takes)
        return function

    return register


def figure(number: float) -> str:
    """This will write a number as people do: at most four decimals, no trailing zeros."""
    written = f"{number:.4f}".rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written.replace("-", MINUS)


def terms(inputs: Inputs, write: Callable[[Counted], str], sign: str) -> str:
    """This will join the terms of a calculation with a sign, the middle of a long one left out."""
    if len(inputs) <= 12:
        return f" {sign} ".join(write(item) for item in inputs)
    head, tail = inputs[:9], inputs[-2:]
    return f" {sign} ".join([*(write(item) for item in head), "…", *(write(item) for item in tail)])
