"""The latest released result as Home shows it: the figures of its own page, and what they say in a sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.viewer import Viewer
from assessments.models import Assessment, Result
from assessments.results.outcome import Area, Outcome, outcome_of
from library import references
from library.document import DefinitionDocument
from library.versions import document_of
from portal.web import charts

EXAMPLE_ZONES = (
    {"label": "", "from": 0, "to": 40, "tone": "b1"},
    {"label": "", "from": 40, "to": 60, "tone": "b2"},
    {"label": "", "from": 60, "to": 80, "tone": "b3"},
    {"label": "", "from": 80, "to": 100, "tone": "b4"},
)


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """`comparison` as in "7 points above", "" without a figure; `weakest` names the area that needs most, or is ""."""

    run: Assessment
    url: str
    outcome: Outcome
    comparison: str
    weakest: str

    @property
    def source(self) -> str:
        """This will name where the figure was published, and the year unless the name says it already."""
        reference = self.outcome.reference
        if reference is None:
            return ""
        year = str(reference.year)
        return reference.source if year in reference.source else f"{reference.source}, {year}"


def draw(viewer: Viewer, result: Result) -> ScoreCard:
    """This will draw a result that has a score, read with its assessment and the assessment's version."""
    run, industry = result.assessment, viewer.account.industry if viewer.account else ""
    document = document_of(run.version)
    outcome = outcome_of(result, document, industry)
    areas = list(zip(result.sheet["sections"], outcome.areas, strict=True))
    return ScoreCard(
        run=run,
        url=reverse("client:results", args=[run.account_id, run.id]),
        outcome=outcome,
        comparison=_comparison(outcome) if outcome.reference else "",
        weakest=_weakest(areas, document, industry),
    )


def example_gauge() -> SafeString:
    """This will draw the gauge as it looks before there is a score."""
    return charts.gauge(None, EXAMPLE_ZONES, label=_("Your score"), uid="example")


def _comparison(outcome: Outcome) -> str:
    if outcome.direction == "flat":
        return _("The same as")
    template = _("%(distance)s above") if outcome.direction == "up" else _("%(distance)s below")
    return template % {"distance": outcome.distance}


def _points(difference: str) -> str:
    """This will write a signed difference without its sign: "1 point", "7 points", "0.43 points"."""
    size = difference.lstrip("+−")
    return ngettext("%(points)s point", "%(points)s points", 1 if size == "1" else 2) % {"points": size}


def _weakest(areas: Iterable[tuple[dict[str, Any], Area]], document: DefinitionDocument, industry: str) -> str:
    """This will name the area furthest below its figure or, where no area has one, the area with the lowest score."""
    scored = [(section, area) for section, area in areas if section["top"] and section["percent"] is not None]
    below = [(_gap(section, document, industry), area) for section, area in scored if area.direction == "down"]
    if below:
        area = max(below, key=lambda pair: pair[0])[1]
        words = {"area": area.name, "points": _points(area.difference)}
        return _("%(area)s is %(points)s below the reference.") % words
    if len(scored) < 2 or any(area.mark for _section, area in scored):
        return ""
    lowest = min(scored, key=lambda pair: pair[0]["percent"])[1]
    return _("%(area)s has the lowest score.") % {"area": lowest.name}


def _gap(section: dict[str, Any], document: DefinitionDocument, industry: str) -> float:
    """How far an area is below its figure, as a share of its scale."""
    reference = references.for_score(document, section["score"], industry)
    span = section["max"] - section["min"]
    return (reference.value - section["value"]) / span if reference and span else 0.0
