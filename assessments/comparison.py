"""How a score stands to a published figure, in words. The figure says where it comes from; nothing is computed here
from anybody else's answers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from library.document import ReferenceValue
from portal.web.figures import number


@dataclass(frozen=True, slots=True)
class Comparison:
    """`words` as in "7 points above", `direction` up, down or flat, and the figure compared with."""

    words: str
    direction: str
    reference: ReferenceValue


def compare(score: float, reference: ReferenceValue, decimals: int) -> Comparison:
    """This will say how far a score is from the figure. Both are rounded first, so the words fit what is shown."""
    difference = round(round(score, decimals) - round(reference.value, decimals), decimals)
    if difference == 0:
        return Comparison(_("The same as"), "flat", reference)
    template = _("%(points)s above") if difference > 0 else _("%(points)s below")
    words = template % {"points": points(difference, decimals)}
    return Comparison(words, "up" if difference > 0 else "down", reference)


def points(difference: float, decimals: int) -> str:
    """This will write a difference without its sign: "1 point", "7 points", "0.43 points"."""
    size = abs(round(difference, decimals))
    words = ngettext("%(points)s point", "%(points)s points", 1 if size == 1 else 2)
    return words % {"points": number(size, decimals)}


def mark_label(reference: ReferenceValue) -> str:
    """This will name the figure's mark on a gauge: one industry's, or everybody's."""
    return _("Industry") if reference.industry else _("Average")
