"""Rules that sort into few results: bands of a number, and one verdict from many."""

from itertools import pairwise
from math import fsum

from django.utils.translation import gettext as _
from pydantic import Field, field_validator

from library.scoring.registry import Inputs, RuleOptions, figure, rule, terms


class ScoreBand(RuleOptions):
    """The result from `from` on; the first band may leave it out."""

    start: float | None = Field(default=None, alias="from", ge=-1e9, le=1e9, allow_inf_nan=False)
    value: float = Field(ge=-1e9, le=1e9, allow_inf_nan=False)
    label: str = Field(default="", max_length=200)


class BandOptions(RuleOptions):
    """`bands` in rising order."""

    bands: tuple[ScoreBand, ...] = Field(strict=False, min_length=1, max_length=50)

    @field_validator("bands")
    @classmethod
    def _in_rising_order(cls, bands: tuple[ScoreBand, ...]) -> tuple[ScoreBand, ...]:
        starts = [-1e10 if band.start is None else band.start for band in bands]
        if any(low >= high for low, high in pairwise(starts)):
            raise ValueError(_("must be in rising order of “from”; only the first may leave it out"))
        return bands


def _reached(number: float, options: BandOptions) -> int:
    """The index of the last band that begins at or below the number; -1 below all of them."""
    return sum(band.start is None or number >= band.start - 1e-9 for band in options.bands) - 1


def _band_bounds(inputs: Inputs, options: BandOptions) -> tuple[float, float] | None:
    low = _reached(fsum(min(item.floor, item.ceiling) * item.weight for item in inputs), options)
    high = _reached(fsum(max(item.floor, item.ceiling) * item.weight for item in inputs), options)
    values = [band.value for band in options.bands[max(low, 0) : high + 1]]
    return (min(values), max(values)) if values else None


@rule(
    "bands",
    words=lambda options: (
        _("The sum of the inputs, looked up in bands: %(bands)s.")
        % {
            "bands": "; ".join(
                (_("from %(start)s") % {"start": figure(band.start)} if band.start is not None else _("below"))
                + f" → {band.label or figure(band.value)}"
                for band in options.bands
            )
        }
    ),
    figures=lambda inputs, options: (
        _("the band of %(sum)s") % {"sum": figure(fsum(item.value * item.weight for item in inputs))}
    ),
    options=BandOptions,
    bounds=_band_bounds,
)
def bands(inputs: Inputs, options: BandOptions) -> float | None:
    """This will return the value of the last band whose `from` is not above the input; None below the first."""
    reached = _reached(fsum(item.value * item.weight for item in inputs), options)
    return options.bands[reached].value if reached >= 0 else None


class VerdictOptions(RuleOptions):
    """`mixed`: the result when the inputs neither all fail nor all pass."""

    mixed: float = Field(default=0.5, ge=0, le=1)


@rule(
    "verdict",
    words=lambda options: (
        _("1 when every input is at its best, 0 when every input is at its worst, else %(mixed)s.")
        % {"mixed": figure(options.mixed)}
    ),
    figures=lambda inputs, options: (
        _("the verdict of %(values)s") % {"values": terms(inputs, lambda item: figure(item.value), ",")}
    ),
    options=VerdictOptions,
    bounds=lambda inputs, options: (0.0, 1.0),
)
def verdict(inputs: Inputs, options: VerdictOptions) -> float | None:
    """This will return 1 for all compliant, 0 for none, `mixed` for anything between."""
    fractions = {item.fraction for item in inputs}
    if fractions == {1.0}:
        return 1.0
    return 0.0 if fractions == {0.0} else options.mixed
