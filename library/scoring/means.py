"""Rules that average. A mean of means, or tiers of unequal size, are means whose inputs are means."""

from math import exp, fsum, log
from statistics import median as middle

from django.utils.translation import gettext as _
from pydantic import Field

from library.scoring.registry import Inputs, RuleOptions, figure, rule, terms


def _values(inputs: Inputs, sign: str) -> str:
    return terms(inputs, lambda item: figure(item.value), sign)


def _weighted(inputs: Inputs) -> str:
    weighted = terms(inputs, lambda item: f"{figure(item.value)} × {figure(item.weight)}", "+")
    return f"({weighted}) ÷ {figure(fsum(item.weight for item in inputs))}"


@rule(
    "mean",
    words=lambda options: _("The mean of the inputs; all count the same."),
    figures=lambda inputs, options: f"({_values(inputs, '+')}) ÷ {len(inputs)}",
)
def mean(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will average values, whatever their weights."""
    return fsum(item.value for item in inputs) / len(inputs)


@rule(
    "weighted_mean",
    words=lambda options: _("The mean of the inputs, each counting by its weight."),
    figures=lambda inputs, options: _weighted(inputs),
)
def weighted_mean(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will average values by their weights: sum(value × weight) ÷ sum(weight)."""
    return fsum(item.value * item.weight for item in inputs) / fsum(item.weight for item in inputs)


@rule(
    "median",
    words=lambda options: _(
        "The middle one of the inputs, put in order; of an even number the mean of the two in the middle."
    ),
    figures=lambda inputs, options: _("the middle of %(values)s") % {"values": _sorted(inputs)},
)
def median(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will return the middle value; single extremes do not move it."""
    return middle(item.value for item in inputs)


def _sorted(inputs: Inputs) -> str:
    return _values(sorted(inputs, key=lambda item: item.value), ",")


class LimitedOptions(RuleOptions):
    """`above_lowest`: how far above the lowest input the mean may be."""

    above_lowest: float = Field(ge=0, le=1e9, allow_inf_nan=False)


@rule(
    "limited_mean",
    words=lambda options: (
        _("The mean of the inputs, each counting by its weight, but at most %(allowance)s above the lowest of them.")
        % {"allowance": figure(options.above_lowest)}
    ),
    figures=lambda inputs, options: (
        _("the lower of %(mean)s and %(lowest)s + %(allowance)s")
        % {
            "mean": _weighted(inputs),
            "lowest": figure(min(item.value for item in inputs)),
            "allowance": figure(options.above_lowest),
        }
    ),
    options=LimitedOptions,
)
def limited_mean(inputs: Inputs, options: LimitedOptions) -> float | None:
    """This will return the weighted mean, held at the lowest input plus an allowance: a maturity with a minimum."""
    mean_value = fsum(item.value * item.weight for item in inputs) / fsum(item.weight for item in inputs)
    return min(mean_value, min(item.value for item in inputs) + options.above_lowest)


@rule(
    "geometric_mean",
    words=lambda options: _("The geometric mean of the inputs by their weights: a single zero makes the whole zero."),
    figures=lambda inputs, options: (
        f"({terms(inputs, lambda item: f'{figure(item.value)}^{figure(item.weight)}', '×')})"
        f" ^ (1 ÷ {figure(fsum(item.weight for item in inputs))})"
    ),
)
def geometric_mean(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will return exp(sum(weight × ln(value)) ÷ sum(weight)); 0 with a zero, None with a negative value."""
    if any(item.value < 0 for item in inputs):
        return None
    if any(item.value == 0 for item in inputs):
        return 0.0
    return exp(fsum(item.weight * log(item.value) for item in inputs) / fsum(item.weight for item in inputs))
