"""A report on screen: the content with its charts drawn and its Markdown made HTML; not one figure is worked out here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.web import charts, markdown


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as the template reads it: `data` is the section of the content, `template` draws its kind, `anchor` is its
    id on the page."""

    data: Mapping[str, Any]
    anchor: str
    template: str
    text: SafeString
    charts: dict[str, SafeString] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)


def sections_of(content: Mapping[str, Any], *, prefix: str = "") -> list[Shown]:
    """This will make every section ready. `prefix` keeps the ids of two reports on one page apart."""
    return [shown(section, prefix=prefix) for section in content["sections"]]


def shown(section: Mapping[str, Any], *, prefix: str = "") -> Shown:
    """This will make one section ready."""
    kind = section["kind"]
    drawn = _CHARTS.get(kind)
    return Shown(
        data=section,
        anchor=f"{prefix}{section['key']}",
        template=f"assessments/reports/sections/{kind}.html",
        text=markdown.render(section["markdown"]) if section["markdown"] else SafeString(""),
        charts=drawn(section, f"{prefix}{section['key']}") if drawn and not section["empty"] else {},
        rows=_with_html(section),
    )


def _with_html(section: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows that carry Markdown of their own, with it rendered."""
    if section["kind"] in ("findings", "recommendations"):
        return [row | {"html": markdown.render(row["markdown"])} for row in section["rows"]]
    if section["kind"] == "notes":
        return [
            group | {"notes": [note | {"html": markdown.render(note["markdown"])} for note in group["notes"]]}
            for group in section["groups"]
        ]
    return []


def _gauge(section: Mapping[str, Any], uid: str) -> dict[str, SafeString]:
    score, scale = section["score"], section["scale"]
    reference = score["reference"]
    drawn = charts.gauge(
        score["value"]["raw"],
        _zones(section["zones"]),
        label=section["title"] or _("Overall score"),
        benchmark={"value": reference["value"]["raw"], "label": reference["mark"]} if reference else None,
        uid=f"gauge-{uid}",
        **_range(scale),
    )
    return {"gauge": drawn}


def _radar(section: Mapping[str, Any], uid: str) -> dict[str, SafeString]:
    if not section["is_drawn"]:
        return {}
    drawn = charts.radar(
        _rows(section["rows"]),
        label=section["title"] or _("Score by area"),
        benchmark_label=section["reference_label"].lower(),
        uid=f"radar-{uid}",
        **_range(section["scale"]),
    )
    return {"radar": drawn}


def _bars(section: Mapping[str, Any], _uid: str) -> dict[str, SafeString]:
    if not section["show_bars"]:
        return {}
    rows, zones = _rows(section["bars"]), _zones(section["zones"])
    label = section["reference_label"].lower()
    return {"bars": charts.area_bars(rows, zones, benchmark_label=label, **_range(section["scale"]))}


def _line(section: Mapping[str, Any], _uid: str) -> dict[str, SafeString]:
    scored = [row["percent"]["raw"] for row in reversed(section["rows"]) if row["percent"]["raw"] is not None]
    if len(scored) < 2:
        return {}
    return {"line": charts.sparkline(scored, label=_("Score in percent, oldest first"), width=300, height=64)}


_CHARTS = {"gauge": _gauge, "radar": _radar, "section_scores": _bars, "history": _line}


def _zones(zones: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"label": zone["label"], "from": zone["start"]["raw"], "to": zone["end"]["raw"], "tone": zone["tone"]}
        for zone in zones
    ]


def _rows(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "label": row["name"],
            "value": row["value"]["raw"],
            "benchmark": row["reference"]["raw"] if row["reference"] else None,
        }
        for row in rows
    ]


def _range(scale: Mapping[str, Any]) -> dict[str, Any]:
    return {"minimum": scale["min"]["raw"], "maximum": scale["max"]["raw"], "decimals": scale["decimals"]}
