"""Rules that climb: a level counts only when all levels below it are reached."""

from django.utils.translation import gettext as _
from pydantic import Field

from library.scoring.registry import Inputs, RuleOptions, figure, rule, terms


class LevelOptions(RuleOptions):
    """How levels are climbed.

    `reach`: the share (0 to 1) of its range at which a level is reached. `partial`: the first level not reached adds
    its share. `gated`: false counts every reached level, whatever lies below it.
    """

    reach: float = Field(default=1.0, gt=0, le=1)
    partial: bool = False
    gated: bool = True


def _words(options: LevelOptions) -> str:
    percent = figure(options.reach * 100)
    if options.gated:
        words = _(
            "The inputs are levels, lowest first. A level is reached at %(percent)s %% and only after those below it."
        )
    else:
        words = _("The inputs are levels. Each level that has reached %(percent)s %% counts.")
    words %= {"percent": percent}
    return f"{words} {_('The first level not reached adds its share.')}" if options.partial else words


@rule(
    "levels",
    words=_words,
    figures=lambda inputs, options: (
        _("levels at %(shares)s") % {"shares": terms(inputs, lambda item: f"{figure(item.fraction * 100)} %", ",")}
    ),
    options=LevelOptions,
)
def levels(inputs: Inputs, options: LevelOptions) -> float | None:
    """This will count the levels reached from the first on; level 3 does not count while level 2 is not reached.

    A level left out (nothing in it applies) is no hurdle and adds nothing.
    """
    climbed = 0.0
    for item in inputs:
        reached = item.fraction >= options.reach - 1e-9
        if reached:
            climbed += 1
        elif options.gated:
            return climbed + (item.fraction if options.partial else 0)
        elif options.partial:
            climbed += item.fraction
    return climbed
