"""Which published figure a score is compared with. Plain functions over a document; nobody's answers are involved."""

from django.utils.translation import gettext as _

from accounts.industry import industries
from library.document import DefinitionDocument, ReferenceValue


def for_score(document: DefinitionDocument, score_key: str, industry: str) -> ReferenceValue | None:
    """This will return the figure for an account's industry (a NAICS code or ""), else the one for all industries.

    Of several, the latest year counts, then the order of the document. None when nothing fits.
    """
    sector = industries.sector(industry) if industries.is_valid(industry) else ""
    known = [value for value in document.reference_values if value.score == score_key]
    for wanted in (sector, None):
        fitting = [value for value in known if value.industry == wanted]
        if fitting:
            return max(fitting, key=lambda value: value.year)
    return None


def mark_label(reference: ReferenceValue) -> str:
    """This will name a figure in one word, for its mark on a chart: one industry's, or everybody's."""
    return _("Industry") if reference.industry else _("Average")
