"""The latest released result as Home draws it: the gauge with its mark, and a bar for each area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from assessments import comparison
from assessments.models import Assessment, Result
from library import references
from library.document import DefinitionDocument
from library.versions import document_of
from portal.web import charts

AREAS = 8
EXAMPLE_ZONES = (
    {"label": "", "from": 0, "to": 40, "tone": "b1"},
    {"label": "", "from": 40, "to": 60, "tone": "b2"},
    {"label": "", "from": 60, "to": 80, "tone": "b3"},
    {"label": "", "from": 80, "to": 100, "tone": "b4"},
)


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The drawings and the words beside them. `weakest` says which area needs most, "" where none stands out."""

    run: Assessment
    url: str
    gauge: SafeString
    comparison: comparison.Comparison | None
    bars: SafeString | str
    has_marks: bool
    weakest: str
    areas_left_out: int


def draw(viewer: Viewer, result: Result) -> ScoreCard:
    """This will draw a result read with its assessment and the assessment's version. It must have a score."""
    sheet, run = result.sheet, result.assessment
    document = document_of(run.version)
    industry = viewer.account.industry if viewer.account else ""
    decimals = sheet["scale"]["decimals"]
    scale = {"minimum": sheet["scale"]["min"], "maximum": sheet["scale"]["max"], "decimals": decimals}
    reference = references.for_score(document, sheet["overall"]["score"], industry)
    mark = {"value": reference.value, "label": comparison.mark_label(reference)} if reference else None
    areas = [_area(document, section, industry) for section in sheet["sections"] if section["top"]]
    shown = areas[:AREAS]
    return ScoreCard(
        run=run,
        url=reverse("client:results", args=[run.account_id, run.id]),
        gauge=charts.gauge(result.score, sheet["zones"], label=run.name, benchmark=mark, uid="score", **scale),
        comparison=comparison.compare(result.score, reference, decimals) if reference else None,
        bars=charts.area_bars(shown, sheet["zones"], benchmark_label=_("reference"), **scale) if shown else "",
        has_marks=any(area["benchmark"] is not None for area in shown),
        weakest=_weakest(areas, decimals),
        areas_left_out=len(areas) - len(shown),
    )


def example_gauge() -> SafeString:
    """This will draw the gauge as it looks before there is a score."""
    return charts.gauge(None, EXAMPLE_ZONES, label=_("Your score"), uid="example")


def _area(document: DefinitionDocument, section: Mapping[str, Any], industry: str) -> dict[str, Any]:
    reference = references.for_score(document, section["score"], industry)
    return {
        "label": section["name"],
        "value": section["value"],
        "percent": section["percent"],
        "benchmark": reference.value if reference else None,
    }


def _weakest(areas: Sequence[Mapping[str, Any]], decimals: int) -> str:
    """This will name the area furthest below its figure or, where no area has one, the area with the lowest score."""
    scored = [area for area in areas if area["value"] is not None]
    compared = [area for area in scored if area["benchmark"] is not None]
    if compared:
        worst = min(compared, key=lambda area: area["value"] - area["benchmark"])
        gap = round(worst["benchmark"] - worst["value"], decimals)
        words = {"area": worst["label"], "points": comparison.points(gap, decimals)}
        return _("%(area)s is %(points)s below the reference.") % words if gap > 0 else ""
    if len(scored) < 2:
        return ""
    worst = min(scored, key=lambda area: area["percent"])
    return _("%(area)s has the lowest score.") % {"area": worst["label"]}
