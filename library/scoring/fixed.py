"""A rule that needs no arithmetic: one value, for scores that their cases and gates decide."""

from django.utils.translation import gettext as _
from pydantic import Field

from library.scoring.registry import Inputs, RuleOptions, figure, rule


class ConstantOptions(RuleOptions):
    """`value`: the score."""

    value: float = Field(ge=-1e9, le=1e9, allow_inf_nan=False)


@rule(
    "constant",
    words=lambda options: _("Always %(value)s.") % {"value": figure(options.value)},
    figures=lambda inputs, options: figure(options.value),
    options=ConstantOptions,
)
def constant(inputs: Inputs, options: ConstantOptions) -> float | None:
    """This will return the value of the options, as soon as any input counts."""
    return options.value
