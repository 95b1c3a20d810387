"""Rules that average. A mean of means, or tiers of unequal size, are means whose inputs are means."""

from math import fsum

from django.utils.translation import gettext as _

from library.scoring.registry import Inputs, RuleOptions, figure, rule, terms


@rule(
    "mean",
    words=lambda options: _("The mean of the inputs; all count the same."),
    figures=lambda inputs, options: f"({terms(inputs, lambda item: figure(item.value), '+')}) ÷ {len(inputs)}",
)
def mean(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will average values, whatever their weights."""
    return fsum(item.value for item in inputs) / len(inputs)


@rule(
    "weighted_mean",
    words=lambda options: _("The mean of the inputs, each counting by its weight."),
    figures=lambda inputs, options: (
        f"({terms(inputs, lambda item: f'{figure(item.value)} × {figure(item.weight)}', '+')})"
        f" ÷ {figure(fsum(item.weight for item in inputs))}"
    ),
)
def weighted_mean(inputs: Inputs, options: RuleOptions) -> float | None:
    """This will average values by their weights: sum(value × weight) ÷ sum(weight)."""
    return fsum(item.value * item.weight for item in inputs) / fsum(item.weight for item in inputs)
