"""Rules that add up: sum, percent of what is achievable, and subtracting from a maximum."""

from math import fsum

from django.utils.translation import gettext as _
from pydantic import Field

from library.scoring.registry import MINUS, Counted, Inputs, RuleOptions, figure, rule, terms


def _weighted_term(item: Counted) -> str:
    return figure(item.value) if item.weight == 1 else f"{figure(item.value)} × {figure(item.weight)}"


@rule(
    "sum",
    words=lambda options: _("The sum of the inputs, each times its weight."),
    figures=lambda inputs, options: terms(inputs, _weighted_term, "+"),
)
def total(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will add up values times weights."""
    return fsum(item.value * item.weight for item in inputs)


class PercentOptions(RuleOptions):
    """`from_lowest`: the lowest possible points are 0 %. Otherwise no points are 0 %."""

    from_lowest: bool = False


def _percent_words(options: PercentOptions) -> str:
    if options.from_lowest:
        return _(
            "Points as a percentage of the way from the fewest to the most that could be reached with these inputs."
        )
    return _("Points as a percentage of the most that could be reached with these inputs.")


def _percent_figures(inputs: Inputs, options: PercentOptions) -> str:
    base = fsum(item.floor * item.weight for item in inputs) if options.from_lowest else 0.0
    points = fsum(item.value * item.weight for item in inputs)
    most = fsum(item.ceiling * item.weight for item in inputs)
    if base:
        return f"100 × ({figure(points)} {MINUS} {figure(base)}) ÷ ({figure(most)} {MINUS} {figure(base)})"
    return f"100 × {figure(points)} ÷ {figure(most)}"


@rule("percent_of_achievable", words=_percent_words, figures=_percent_figures, options=PercentOptions)
def percent_of_achievable(inputs: Inputs, options: PercentOptions) -> float | None:
    """This will return reached points as a percentage of the achievable; None when nothing is achievable."""
    base = fsum(item.floor * item.weight for item in inputs) if options.from_lowest else 0.0
    achievable = fsum(item.ceiling * item.weight for item in inputs) - base
    if achievable <= 0:
        return None
    return 100 * (fsum(item.value * item.weight for item in inputs) - base) / achievable


class SubtractiveOptions(RuleOptions):
    """`start`: the score when nothing is missing."""

    start: float = Field(alias="from", ge=-1e9, le=1e9, allow_inf_nan=False)


def _lost(item: Counted) -> float:
    return (item.ceiling - item.value) * item.weight


def _subtractive_figures(inputs: Inputs, options: SubtractiveOptions) -> str:
    missing = [item for item in inputs if _lost(item)]
    if not missing:
        return figure(options.start)
    return f"{figure(options.start)} {MINUS} {terms(missing, lambda item: figure(_lost(item)), MINUS)}"


@rule(
    "subtractive",
    words=lambda options: (
        _("From %(start)s, the points missing to the full score of each input are subtracted.")
        % {"start": figure(options.start)}
    ),
    figures=_subtractive_figures,
    options=SubtractiveOptions,
)
def subtractive(inputs: Inputs, options: SubtractiveOptions) -> float | None:
    """This will subtract what is missing to full, times weight, from a start. The result may be negative."""
    return options.start - fsum(_lost(item) for item in inputs)
