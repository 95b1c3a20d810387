"""Rules that add up and take away: sum, difference, ratio, percent of the achievable, subtracting from a maximum."""

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


def _difference_bounds(inputs: Inputs, options: RuleOptions) -> tuple[float, float] | None:
    return (
        fsum(item.weight * (-item.ceiling if item.position else item.floor) for item in inputs),
        fsum(item.weight * (-item.floor if item.position else item.ceiling) for item in inputs),
    )


def _difference_figures(inputs: Inputs, options: RuleOptions) -> str:
    return terms(inputs, _weighted_term, MINUS) if not inputs[0].position else _("nothing to subtract from")


@rule(
    "difference",
    words=lambda options: _("The first input minus the others, each times its weight."),
    figures=_difference_figures,
    bounds=_difference_bounds,
)
def difference(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will subtract all others from the first, each value times its weight: as in promoters minus detractors.

    While the first is left out there is nothing to subtract from: None.
    """
    if inputs[0].position:
        return None
    return fsum(item.value * (-item.weight if item.position else item.weight) for item in inputs)


class RatioOptions(RuleOptions):
    """`times`: what the ratio is multiplied with; 100 makes it percent."""

    times: float = Field(default=100.0, gt=0, le=1e9, allow_inf_nan=False)


# What a ratio may reach when its divisor can come close to zero; a score's clamp brings it down.
UNLIMITED = 1e50


def _ratio_bounds(inputs: Inputs, options: RatioOptions) -> tuple[float, float] | None:
    part, whole = inputs[0], inputs[-1]
    if len(inputs) != 2 or whole.ceiling <= 0 or part.floor < 0:
        return None
    low = options.times * part.floor / whole.ceiling
    return low, (options.times * part.ceiling / whole.floor if whole.floor > 0 else UNLIMITED)


@rule(
    "ratio",
    words=lambda options: (
        _("The first input divided by the second, times %(times)s.") % {"times": figure(options.times)}
    ),
    figures=lambda inputs, options: f"{figure(options.times)} × {terms(inputs, lambda item: figure(item.value), '÷')}",
    options=RatioOptions,
    bounds=_ratio_bounds,
    takes=2,
)
def ratio(inputs: Inputs, options: RatioOptions) -> float | None:
    """This will return times × first ÷ second, as in patched of all devices; None when the second is not above 0."""
    if len(inputs) != 2 or inputs[1].value <= 0 or inputs[0].value < 0:
        return None
    return options.times * inputs[0].value / inputs[1].value
