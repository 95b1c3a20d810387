"""Rules that look at single inputs: the lowest, the highest, how many reach a mark, likelihood times impact."""

from itertools import accumulate
from math import fsum, prod

from django.utils.translation import gettext as _
from pydantic import Field

from library.scoring.registry import Inputs, RuleOptions, figure, rule, terms


def _listed(inputs: Inputs) -> str:
    return terms(inputs, lambda item: figure(item.value), ",")


@rule(
    "lowest",
    words=lambda options: _("The lowest of the inputs: a chain is as strong as its weakest link."),
    figures=lambda inputs, options: _("the lowest of %(values)s") % {"values": _listed(inputs)},
)
def lowest(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will return the smallest value."""
    return min(item.value for item in inputs)


@rule(
    "highest",
    words=lambda options: _("The highest of the inputs."),
    figures=lambda inputs, options: _("the highest of %(values)s") % {"values": _listed(inputs)},
)
def highest(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will return the largest value."""
    return max(item.value for item in inputs)


class CountOptions(RuleOptions):
    """`reach`: the share (0 to 1) of its range an input must have reached to be counted."""

    reach: float = Field(default=1.0, ge=0, le=1)


@rule(
    "count",
    words=lambda options: (
        _("How many inputs have reached at least %(percent)s %% of their range.")
        % {"percent": figure(options.reach * 100)}
    ),
    figures=lambda inputs, options: _("counted among %(count)s inputs") % {"count": len(inputs)},
    options=CountOptions,
)
def count(inputs: Inputs, options: CountOptions) -> float | None:
    """This will count the inputs at or above a share of their range."""
    return float(_reached(inputs, options))


def _reached(inputs: Inputs, options: CountOptions) -> int:
    return sum(item.fraction >= options.reach - 1e-9 for item in inputs)


@rule(
    "share_reached",
    words=lambda options: (
        _("The share of the inputs, in percent, that have reached at least %(percent)s %% of their range.")
        % {"percent": figure(options.reach * 100)}
    ),
    figures=lambda inputs, options: f"100 × {_reached(inputs, options)} ÷ {len(inputs)}",
    options=CountOptions,
)
def share_reached(inputs: Inputs, options: CountOptions) -> float | None:
    """This will return how many of the inputs that count are reached, 0 to 100; what does not apply is no hurdle."""
    return 100 * _reached(inputs, options) / len(inputs)


class WeakestOptions(RuleOptions):
    """`count`: how many of the lowest inputs are averaged."""

    count: int = Field(ge=1, le=1_000)


@rule(
    "lowest_mean",
    words=lambda options: _("The mean of the %(count)s lowest inputs.") % {"count": options.count},
    figures=lambda inputs, options: (
        f"({terms(_lowest_of(inputs, options), lambda item: figure(item.value), '+')})"
        f" ÷ {len(_lowest_of(inputs, options))}"
    ),
    options=WeakestOptions,
)
def lowest_mean(inputs: Inputs, options: WeakestOptions) -> float | None:
    """This will average the lowest values, whatever their weights; all of them when there are fewer."""
    chosen = _lowest_of(inputs, options)
    return fsum(item.value for item in chosen) / len(chosen)


def _lowest_of(inputs: Inputs, options: WeakestOptions) -> Inputs:
    return sorted(inputs, key=lambda item: item.value)[: options.count]


def _product_bounds(inputs: Inputs, options: RuleOptions) -> tuple[float, float] | None:
    """Negative factors turn ends around, so the ends of a product are among the products of all ends."""

    def times(ends: tuple[float, float], factor: tuple[float, float]) -> tuple[float, float]:
        products = [one * other for one in ends for other in factor]
        return min(products), max(products)

    return list(accumulate(((item.floor, item.ceiling) for item in inputs), times))[-1]


@rule(
    "product",
    words=lambda options: _("The inputs multiplied, as in likelihood times impact."),
    figures=lambda inputs, options: terms(inputs, lambda item: figure(item.value), "×"),
    bounds=_product_bounds,
)
def product(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will multiply the values; weights have no part in it."""
    return prod(item.value for item in inputs)
