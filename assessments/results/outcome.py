"""The figures of a result, ready to be shown: nothing is scored here, everything stands in the stored sheet."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Result
from library import references
from library.document import DefinitionDocument, ReferenceValue
from portal.web import charts
from portal.web.figures import number, signed


@dataclass(frozen=True, slots=True)
class Area:
    """One section's line of the table, as written; `mark` is the reference value, "" where there is none.

    `key` is that of its score.
    """

    key: str
    name: str
    score: str
    mark: str
    difference: str
    direction: str
    zone: str
    tone: str
    reason: str
    is_inner: bool
    # The figures behind what is written, on the same scale.
    value: float | None = None
    mark_value: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the pages of results show. `distance` (to the reference value) and `next_gap` carry their unit.

    `basis` says of each kind of answer how many there are and what it counts as: (kind, count, effect). `key` is that of
    the overall score, "" without scoring.
    """

    key: str
    score: str
    has_score: bool
    zone: str
    tone: str
    description: str
    reason: str
    maximum: str
    gauge: SafeString
    reference: ReferenceValue | None
    reference_score: str
    difference: str
    direction: str
    distance: str
    next_zone: str
    next_gap: str
    areas: list[Area]
    areas_in_percent: bool
    radar: SafeString | str
    bars: SafeString | str
    basis: list[tuple[str, int, str]]
    # With how many decimals the overall score is written, and the areas; and the ends of the areas' scale.
    decimals: int = 0
    area_decimals: int = 0
    area_range: tuple[float, float] = (0, 100)

    @property
    def source(self) -> str:
        """This will name where the reference value was published, and the year unless the name says it already."""
        if self.reference is None:
            return ""
        year = str(self.reference.year)
        return self.reference.source if year in self.reference.source else f"{self.reference.source}, {year}"

    @property
    def has_marks(self) -> bool:
        return any(area.mark for area in self.areas)

    @property
    def has_tops(self) -> bool:
        return any(not area.is_inner for area in self.areas)


def outcome_of(result: Result, document: DefinitionDocument, industry: str) -> Outcome:
    """This will set a stored result beside the published reference values that fit the account's industry (NAICS)."""
    sheet, marks = result.sheet, _marks(document, industry)
    overall, scale = sheet["overall"] or _NO_SCORE, sheet["scale"] or _NO_SCALE
    value, zones = _exact(overall["value"]), sheet["zones"]
    rows = _Rows(sheet, marks)
    decimals = rows.decimals
    if rows.in_percent:
        decimals = scale["decimals"] + _needs_one_more([value], zones, scale["decimals"])
    mark = marks.get(overall["score"])
    zone = next((zone for zone in zones if zone["label"] == overall["zone"]), None)
    upcoming = next((zone for zone in zones if value is not None and zone["from"] > value), None)
    beside = _difference(value, mark.value if mark else None, decimals)
    return Outcome(
        key=overall["score"],
        score=number(value, decimals),
        has_score=value is not None,
        zone=overall["zone"],
        tone=overall["tone"],
        description=zone["description"] if zone else "",
        reason=overall["reason"],
        maximum=number(scale["max"], 0 if float(scale["max"]).is_integer() else decimals),
        gauge=charts.gauge(
            value,
            zones,
            label=_("Overall score"),
            minimum=scale["min"],
            maximum=scale["max"],
            benchmark={"value": mark.value, "label": references.mark_label(mark)} if mark else None,
            decimals=decimals,
        ),
        reference=mark,
        reference_score=number(mark.value, decimals) if mark else "",
        **beside,
        distance=_points(beside["difference"].lstrip("+−"), scale["unit"]),
        next_zone=upcoming["label"] if upcoming else "",
        next_gap=_points(_gap(upcoming["from"] - (value or 0), decimals), scale["unit"]) if upcoming else "",
        areas=rows.areas(),
        areas_in_percent=rows.in_percent,
        radar=rows.radar(),
        bars=rows.bars(),
        basis=_basis(sheet["counts"], sheet["treatment"]),
        decimals=decimals,
        area_decimals=rows.decimals,
        area_range=(rows.minimum, rows.maximum),
    )


_NO_SCORE = {"score": "", "value": None, "zone": "", "tone": "", "reason": ""}
_NO_SCALE = {"min": 0, "max": 100, "unit": "", "decimals": 0}


class _Rows:
    """The sections' scores: on the definition's scale when all of them are, else as percent of each one's own."""

    def __init__(self, sheet: dict[str, Any], marks: dict[str, ReferenceValue]) -> None:
        self.sheet, self.marks = sheet, marks
        self.scale = sheet["scale"] or _NO_SCALE
        ends = (self.scale["min"], self.scale["max"])
        self.in_percent = any((section["min"], section["max"]) != ends for section in sheet["sections"])
        self.minimum, self.maximum = (0, 100) if self.in_percent else ends
        self.decimals = 0 if self.in_percent else self.scale["decimals"]
        shown = [self._value(section) for section in sheet["sections"]]
        if not self.in_percent and sheet["overall"]:
            shown.append(_exact(sheet["overall"]["value"]))
        self.decimals += _needs_one_more(shown, self._zones(), self.decimals)
        tops = [section for section in sheet["sections"] if section["top"]]
        self.drawn = [self._row(section) for section in tops or sheet["sections"]]

    def areas(self) -> list[Area]:
        return [self._area(section) for section in self.sheet["sections"]]

    def radar(self) -> SafeString | str:
        if not charts.RADAR_FEWEST <= len(self.drawn) <= charts.RADAR_MOST:
            return ""
        return charts.radar(self.drawn, label=_("Score by area"), benchmark_label=_("reference"), **self._range())

    def bars(self) -> SafeString | str:
        return charts.area_bars(self.drawn, self._zones(), benchmark_label=_("reference"), **self._range())

    def _range(self) -> dict[str, Any]:
        return {"minimum": self.minimum, "maximum": self.maximum, "decimals": self.decimals}

    def _zones(self) -> list[dict[str, Any]]:
        if not self.in_percent:
            return self.sheet["zones"]
        low, span = self.scale["min"], self.scale["max"] - self.scale["min"]
        return [
            zone | {"from": 100 * (zone["from"] - low) / span, "to": 100 * (zone["to"] - low) / span}
            for zone in self.sheet["zones"]
        ]

    def _row(self, section: dict[str, Any]) -> dict[str, Any]:
        return {"label": section["name"], "value": self._value(section), "benchmark": self._mark(section)}

    def _value(self, section: dict[str, Any]) -> float | None:
        return _exact(section["percent"] if self.in_percent else section["value"])

    def _mark(self, section: dict[str, Any]) -> float | None:
        mark = self.marks.get(section["score"])
        if mark is None or not self.in_percent:
            return mark.value if mark else None
        low, high = section["min"], section["max"]
        return 100 * (mark.value - low) / (high - low) if high > low else None

    def _area(self, section: dict[str, Any]) -> Area:
        value, mark = self._value(section), self._mark(section)
        return Area(
            key=section["score"],
            name=section["name"],
            score=number(value, self.decimals),
            mark=number(mark, self.decimals) if mark is not None else "",
            **_difference(value, mark, self.decimals),
            zone=section["zone"],
            tone=section["tone"],
            reason=section["reason"],
            is_inner=not section["top"],
            value=value,
            mark_value=mark,
        )


def _basis(counts: dict[str, int], treatment: dict[str, str]) -> list[tuple[str, int, str]]:
    effects = {
        "zero": _("counted as zero"),
        "exclude": _("left out"),
        "lowest": _("counted with the lowest score"),
        "full": _("counted in full"),
    }
    kinds = [("unanswered", _("Not answered")), ("dont_know", _("Not sure")), ("not_applicable", _("Not applicable"))]
    lines = [(_("Questions asked"), counts["asked"], ""), (_("Answered"), counts["answered"], "")]
    if treatment:
        lines.append((_("Answered, with a score of zero"), counts["zero"], _("no points, but not missing")))
    return lines + [(label, counts[kind], effects.get(treatment.get(kind, ""), "")) for kind, label in kinds]


def _marks(document: DefinitionDocument, industry: str) -> dict[str, ReferenceValue]:
    """For each score the figure of the account's industry, else the one for all industries."""
    keys = {value.score for value in document.reference_values}
    found = {key: references.for_score(document, key, industry) for key in keys}
    return {key: value for key, value in found.items() if value}


def _difference(value: float | None, mark: float | None, decimals: int) -> dict[str, str]:
    """The difference of the two figures as they are shown, so that a reader who subtracts finds the same."""
    if value is None or mark is None:
        return {"difference": "", "direction": ""}
    between = round(round(value, decimals) - round(mark, decimals), decimals)
    return {
        "difference": signed(between, decimals),
        "direction": "up" if between > 0 else "down" if between < 0 else "flat",
    }


def _points(figure: str, unit: str) -> str:
    """A figure with the unit of its scale; a scale without one counts points."""
    if not figure:
        return ""
    if unit:
        return f"{figure} {unit}"
    return ngettext("%(count)s point", "%(count)s points", 1 if figure == "1" else 2) % {"count": figure}


def _needs_one_more(values: Iterable[float | None], zones: list[dict[str, Any]], decimals: int) -> bool:
    """Whether rounding would show a score in another zone than its own: 39.6 as 40, but “At risk”."""
    known = [value for value in values if value is not None]
    return any(charts.zone_of(round(value, decimals), zones) is not charts.zone_of(value, zones) for value in known)


def _gap(gap: float, decimals: int) -> str:
    """Rounded up: with that many more points, one is there."""
    return number(math.ceil(round(gap * 10**decimals, 6)) / 10**decimals, decimals)


def _exact(value: float | None) -> float | None:
    # A mean that should be exactly 60 may be stored as 59.99999999999999, one zone too low.
    return None if value is None else round(value, 9)
