"""Charts as SVG made on the server: themed by CSS classes, readable without sight, no style attribute anywhere (CSP).

Shapes used throughout:

- a *zone* is {"label": str, "from": number, "to": number, "tone": "b1" … "b4"}; zones are given in rising order, each
  from `from` up to but not including `to`, the last one including its end.
- a *benchmark* is {"value": number, "label": str}: a labelled mark to compare with.
- a *row* is {"label": str, "value": number | None, "benchmark": number | None}.

A value of None means there is no score; it is said in words and never drawn as zero. A figure that is not finite counts
as None. Positions outside the range are drawn at its end; the words keep the true figure.
"""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portal.web.figures import Figure, number

Zone = Mapping[str, Any]
Row = Mapping[str, Any]

TONES = ("b1", "b2", "b3", "b4")
RADAR_FEWEST, RADAR_MOST = 3, 8

_NOTHING = SafeString("")


def zone_of(value: Figure, zones: Sequence[Zone]) -> Zone | None:
    """This will find the zone a value lies in: the first one that ends above it, else the last; None for no value."""
    known = _finite(value)
    if known is None or not zones:
        return None
    return next((zone for zone in zones if known < zone["to"]), zones[-1])


# --- Gauge -----------------------------------------------------------------------------------------------------------

_GAUGE_X, _GAUGE_Y, _GAUGE_R = 160.0, 152.0, 122.0
_GAUGE_HALF, _GAUGE_HEIGHT = 174.0, 166.0
_MARK_CHARACTER = 7.2  # the widest a letter of the mark's label gets, in units of the drawing


def gauge(
    value: Figure,
    zones: Sequence[Zone],
    *,
    label: str,
    minimum: float = 0,
    maximum: float = 100,
    benchmark: Mapping[str, Any] | None = None,
    decimals: int = 0,
    uid: str = "gauge",
) -> SafeString:
    """This will draw a half circle of zones with the value on it, its zone's name, and the benchmark's mark.

    `uid` must be unique on the page. Raises ValueError when the range is empty.
    """
    share = _scale(minimum, maximum)
    known, zone = _finite(value), zone_of(value, zones)
    mark, height = _gauge_mark(benchmark, share, decimals)
    drawing = format_html(
        "{}{}{}{}",
        format_html_join("", '<path class="gauge-band {}{}" d="{}"/>', _gauge_bands(zones, zone, share)),
        format_html_join("", '<text class="gauge-tick" x="{}" y="{}">{}</text>', _gauge_ticks(zones, share, decimals)),
        mark,
        _gauge_reading(known, zone, share, decimals),
    )
    return format_html(
        '<svg class="gauge" viewBox="{} 0 {} {}" role="img" aria-labelledby="{uid}-t {uid}-d"><title id="{uid}-t">{}'
        '</title><desc id="{uid}-d">{}</desc><g aria-hidden="true">{}</g></svg>',
        _n(_GAUGE_X - _GAUGE_HALF),
        _n(2 * _GAUGE_HALF),
        _n(height),
        label,
        _gauge_words(known, zone, benchmark, maximum, decimals),
        drawing,
        uid=uid,
    )


def _gauge_point(share: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - share)
    return _GAUGE_X + radius * math.cos(angle), _GAUGE_Y - radius * math.sin(angle)


def _gauge_bands(zones: Sequence[Zone], current: Zone | None, share: Any) -> Iterable[tuple[str, str, str]]:
    for index, zone in enumerate(zones):
        start, end = share(zone["from"]), share(zone["to"])
        # A hair of space between zones, but never more than a narrow zone has.
        gap = min(0.007, (end - start) / 3)
        start += gap if index else 0
        end -= gap if index < len(zones) - 1 else 0
        (x0, y0), (x1, y1) = _gauge_point(start, _GAUGE_R), _gauge_point(end, _GAUGE_R)
        arc = f"M{_n(x0)} {_n(y0)}A{_n(_GAUGE_R)} {_n(_GAUGE_R)} 0 0 1 {_n(x1)} {_n(y1)}"
        yield _tone(zone), " on" if zone is current else "", arc


def _gauge_ticks(zones: Sequence[Zone], share: Any, decimals: int) -> Iterable[tuple[str, str, str]]:
    edges = [zone["from"] for zone in zones] + [zone["to"] for zone in zones[-1:]]
    last = -1.0
    for edge in edges:
        # Two ticks closer than this would print on each other.
        if share(edge) - last < 0.055:
            continue
        last = share(edge)
        # At the feet of the arc the knob needs the place.
        x, y = _gauge_point(last, _GAUGE_R - (22 if 0 < last < 1 else 28))
        yield _n(x), _n(y + 4), number(edge, 0 if float(edge).is_integer() else decimals)


def _gauge_mark(benchmark: Mapping[str, Any] | None, share: Any, decimals: int) -> tuple[SafeString, float]:
    """This will draw the benchmark's mark with its label, and say how high the whole drawing is with it."""
    at = _finite(benchmark["value"]) if benchmark else None
    if benchmark is None or at is None:
        return _NOTHING, _GAUGE_HEIGHT
    position = share(at)
    (x0, y0), (x1, y1) = _gauge_point(position, _GAUGE_R - 12), _gauge_point(position, _GAUGE_R + 13)
    text = f"{benchmark['label']} {number(at, decimals)}"
    anchor, x, y = _gauge_mark_place(position, len(text) * _MARK_CHARACTER)
    room = 2 * _GAUGE_HALF - 8
    drawn = format_html(
        '<line class="gauge-mark" x1="{}" y1="{}" x2="{}" y2="{}"/>'
        '<text class="gauge-mark-label" text-anchor="{}" x="{}" y="{}"{}>{}</text>',
        _n(x0),
        _n(y0),
        _n(x1),
        _n(y1),
        anchor,
        _n(x),
        _n(y),
        _squeezed(len(text) * _MARK_CHARACTER, room),
        text,
    )
    return drawn, max(_GAUGE_HEIGHT, y + 6)


def _gauge_mark_place(position: float, width: float) -> tuple[str, float, float]:
    """This will say where a label of that width stands: beside its mark, or where there is room for it."""
    x, y = _gauge_point(position, _GAUGE_R + 20)
    side = 1 if position >= 0.5 else -1
    if 0.42 <= position <= 0.58 and abs(x - _GAUGE_X) + width / 2 <= _GAUGE_HALF:
        return "middle", x, y + 3
    if abs(x - _GAUGE_X) + width <= _GAUGE_HALF:
        return ("start" if side > 0 else "end"), x, y + 3
    # Too wide beside the mark: over the arc for a mark in its upper part, else under the arc's foot.
    edge = _GAUGE_X + side * (_GAUGE_HALF - 4)
    return ("end" if side > 0 else "start"), edge, 10 if 0.25 <= position <= 0.75 else _GAUGE_Y + 22


def _gauge_reading(known: float | None, zone: Zone | None, share: Any, decimals: int) -> SafeString:
    if known is None:
        return format_html(
            '<text class="gauge-none" x="{}" y="{}">{}</text>', _n(_GAUGE_X), _n(_GAUGE_Y - 18), gettext("No score")
        )
    x, y = _gauge_point(share(known), _GAUGE_R)
    text = number(known, decimals)
    return format_html(
        '<circle class="gauge-knob" cx="{x}" cy="{y}" r="12"/><circle class="gauge-knob-in" cx="{x}" cy="{y}" r="5"/>'
        '<text class="gauge-value{}" x="{}" y="{}">{}</text>{}',
        " is-long" if len(text) > 4 else "",
        _n(_GAUGE_X),
        _n(_GAUGE_Y - 22),
        text,
        _gauge_zone_name(zone),
        x=_n(x),
        y=_n(y),
    )


def _gauge_zone_name(zone: Zone | None) -> SafeString:
    if zone is None:
        return _NOTHING
    return format_html(
        '<text class="gauge-band-name {}" x="{}" y="{}">{}</text>',
        _tone(zone),
        _n(_GAUGE_X),
        _n(_GAUGE_Y + 4),
        zone["label"],
    )


def _gauge_words(
    known: float | None, zone: Zone | None, benchmark: Mapping[str, Any] | None, maximum: float, decimals: int
) -> str:
    sentences = [gettext("There is no score yet.")]
    if known is not None:
        words = {"value": number(known, decimals), "maximum": number(maximum), "zone": zone["label"] if zone else ""}
        with_zone = gettext("%(value)s out of %(maximum)s, in the %(zone)s band.")
        sentences = [(with_zone if zone else gettext("%(value)s out of %(maximum)s.")) % words]
    at = _finite(benchmark["value"]) if benchmark else None
    if benchmark is not None and at is not None:
        sentences.append(
            gettext("%(label)s: %(value)s.") % {"label": benchmark["label"], "value": number(at, decimals)}
        )
    return " ".join(sentences)


# --- Bars by area ----------------------------------------------------------------------------------------------------


def area_bars(
    rows: Sequence[Row],
    zones: Sequence[Zone],
    *,
    benchmark_label: str = "",
    minimum: float = 0,
    maximum: float = 100,
    decimals: int = 0,
) -> SafeString:
    """This will draw one bar per row, coloured by its zone, with a mark where the row has a benchmark."""
    share = _scale(minimum, maximum)
    items = ((_area_bar(row, zones, share, benchmark_label, maximum, decimals),) for row in rows)
    return format_html('<ul class="areabars">{}</ul>', format_html_join("", '<li class="areabar">{}</li>', items))


def _area_bar(
    row: Row, zones: Sequence[Zone], share: Any, benchmark_label: str, maximum: float, decimals: int
) -> SafeString:
    known, mark = _finite(row["value"]), _finite(row.get("benchmark"))
    zone = zone_of(known, zones)
    bar = (
        format_html(
            '<rect class="fill {}" x="0" y="4" width="{}%" height="6" rx="3"/>',
            _tone(zone) if zone else "",
            _n(100 * share(known)),
        )
        if known is not None
        else _NOTHING
    )
    line = (
        format_html('<line class="mark" x1="{at}%" x2="{at}%" y1="0" y2="14"/>', at=_n(100 * share(mark)))
        if mark is not None
        else _NOTHING
    )
    return format_html(
        '<span class="areabar-name">{}</span><svg class="areabar-svg" height="14" width="100%" aria-hidden="true">'
        '<rect class="track" x="0" y="4" width="100%" height="6" rx="3"/>{}{}</svg>'
        '<span class="areabar-val{}">{}<span class="visually-hidden">{}</span></span>',
        row["label"],
        bar,
        line,
        " is-none" if known is None else "",
        gettext("No score") if known is None else number(known, decimals),
        _area_words(known, zone, mark, benchmark_label, maximum, decimals),
    )


def _area_words(
    known: float | None, zone: Zone | None, mark: float | None, benchmark_label: str, maximum: float, decimals: int
) -> str:
    parts = []
    if known is not None:
        parts.append(gettext("out of %(maximum)s") % {"maximum": number(maximum)})
        parts += [zone["label"]] if zone else []
    if mark is not None:
        parts.append(f"{benchmark_label or gettext('benchmark')} {number(mark, decimals)}")
    return " " + ", ".join(str(part) for part in parts) if parts else ""


# --- Sparkline and ring ----------------------------------------------------------------------------------------------


def sparkline(
    values: Sequence[Figure], *, label: str, width: int = 120, height: int = 32, decimals: int = 0
) -> SafeString:
    """This will draw values over time as a line with a dot on the last; missing ones are passed over.

    Nothing is drawn when there is no value at all.
    """
    known = [found for found in map(_finite, values) if found is not None]
    if not known:
        return _NOTHING
    low, high = min(known), max(known)
    margin = (high - low) * 0.2 or 1
    low, high = low - margin, high + margin
    step = (width - 8) / max(1, len(known) - 1)
    points = [
        (4 + index * step, height - 4 - (value - low) / (high - low) * (height - 8))
        for index, value in enumerate(known)
    ]
    line = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    last_x, last_y = points[-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{}">'
        '<polygon class="spark-area" points="{first},{h} {line} {x},{h}"/>'
        '<polyline class="spark-line" points="{line}"/>'
        '<circle class="spark-dot" cx="{x}" cy="{y}" r="3"/></svg>',
        f"{label}: {', '.join(number(value, decimals) for value in known)}",
        w=width,
        h=height,
        first=_n(points[0][0]),
        line=line,
        x=_n(last_x),
        y=_n(last_y),
    )


def strip(values: Sequence[tuple[Figure, bool]], *, label: str, middle: Figure = None, width: int = 160) -> SafeString:
    """This will draw values from 0 to 100 as dots along a line; equal ones are stacked, those marked stand out.

    `values` are (value, is marked); `middle` is drawn as a stroke. Missing values are passed over.
    """
    share, stacked = _scale(0, 100), dict[float, int]()
    dots = []
    for value, is_marked in values:
        if (known := _finite(value)) is None:
            continue
        height = stacked[known] = stacked.get(known, -1) + 1
        # More than four on one spot are told by the table beside it.
        y = 20 - 4 * min(height, 4)
        dots.append((" is-marked" if is_marked else "", _n(6 + share(known) * (width - 12)), y))
    if not dots:
        return _NOTHING
    at = _finite(middle)
    stroke = _NOTHING
    if at is not None:
        x = _n(6 + share(at) * (width - 12))
        stroke = format_html('<line class="strip-middle" x1="{x}" x2="{x}" y1="0" y2="24"/>', x=x)
    return format_html(
        '<svg class="strip" viewBox="0 0 {w} 26" width="{w}" height="26" role="img" aria-label="{}">'
        '<line class="strip-line" x1="2" x2="{end}" y1="24" y2="24"/>{}{}</svg>',
        label,
        stroke,
        format_html_join("", '<circle class="strip-dot{}" cx="{}" cy="{}" r="3.5"/>', dots),
        w=width,
        end=width - 2,
    )


def ring(percent: Figure, *, label: str, size: int = 44) -> SafeString:
    """This will draw progress as a ring with its percentage inside; an empty ring and a dash for None."""
    known = _finite(percent)
    share = min(1.0, max(0.0, (known or 0) / 100))
    around = 2 * math.pi * 18
    fill = format_html(
        '<circle class="ring-fill" cx="22" cy="22" r="18" stroke-dasharray="{} {}" transform="rotate(-90 22 22)"/>',
        _n(around * share),
        _n(around),
    )
    words = gettext("no value") if known is None else gettext("%(percent)s percent") % {"percent": number(known)}
    return format_html(
        '<svg class="ring" viewBox="0 0 44 44" width="{size}" height="{size}" role="img" aria-label="{}: {}">'
        '<circle class="ring-track" cx="22" cy="22" r="18"/>{}<text class="ring-text" x="22" y="26">{}</text></svg>',
        label,
        words,
        fill if share > 0 else _NOTHING,
        number(known),
        size=size,
    )


# --- Radar -----------------------------------------------------------------------------------------------------------

_RADAR_LEFT, _RADAR_RIGHT = 20.0, 460.0
_RADAR_X, _RADAR_Y, _RADAR_R = 240.0, 184.0, 118.0
_RADAR_CHARACTER, _RADAR_LINE = 8.0, 16.5  # of the label's type, in units of the drawing


@dataclass(frozen=True, slots=True)
class _Name:
    """An area's name beside its corner: where its lines stand, and how wide they may be."""

    anchor: str
    x: float
    first: float
    room: float
    lines: list[str]

    @property
    def top(self) -> float:
        return self.first - 14

    @property
    def bottom(self) -> float:
        return self.first + _RADAR_LINE * (len(self.lines) - 1) + 7


def radar(
    rows: Sequence[Row],
    *,
    label: str,
    benchmark_label: str = "",
    minimum: float = 0,
    maximum: float = 100,
    decimals: int = 0,
    uid: str = "radar",
) -> SafeString:
    """This will draw three to eight areas around a centre, the benchmark as a dashed second line.

    A row without a value has no corner; its name says so. Raises ValueError for fewer or more areas.
    """
    if not RADAR_FEWEST <= len(rows) <= RADAR_MOST:
        raise ValueError(f"A radar shows {RADAR_FEWEST} to {RADAR_MOST} areas, not {len(rows)}.")
    share = _scale(minimum, maximum)
    own = [(index, share(known)) for index, row in enumerate(rows) if (known := _finite(row["value"])) is not None]
    other = [
        (index, share(known)) for index, row in enumerate(rows) if (known := _finite(row.get("benchmark"))) is not None
    ]
    count = len(rows)
    names = [_radar_name(row, index, count) for index, row in enumerate(rows)]
    top, bottom = min(name.top for name in names), max(name.bottom for name in names)
    drawing = format_html(
        "{}{}{}{}{}{}",
        format_html_join(
            "",
            '<polygon class="radar-grid" points="{}"/>',
            ((_radar_points([(i, ring_share) for i in range(count)], count),) for ring_share in (0.25, 0.5, 0.75, 1.0)),
        ),
        format_html_join(
            "",
            '<line class="radar-grid" x1="{}" y1="{}" x2="{}" y2="{}"/>',
            ((_n(_RADAR_X), _n(_RADAR_Y), *map(_n, _radar_point(i, count, _RADAR_R))) for i in range(count)),
        ),
        format_html('<polygon class="radar-avg" points="{}"/>', _radar_points(other, count)) if other else _NOTHING,
        format_html('<polygon class="radar-you" points="{}"/>', _radar_points(own, count)) if own else _NOTHING,
        format_html_join(
            "",
            '<circle class="radar-dot" cx="{}" cy="{}" r="3.5"/>',
            (tuple(map(_n, _radar_point(index, count, _RADAR_R * at))) for index, at in own),
        ),
        format_html_join("", '<text class="radar-label" text-anchor="{}">{}</text>', map(_radar_text, names)),
    )
    words = "; ".join(_radar_words(row, benchmark_label, decimals) for row in rows)
    return format_html(
        '<svg class="radar" viewBox="{} {} {} {}" role="img" aria-labelledby="{uid}-t {uid}-d"><title id="{uid}-t">{}'
        '</title><desc id="{uid}-d">{}</desc><g aria-hidden="true">{}</g></svg>',
        _n(_RADAR_LEFT),
        _n(top),
        _n(_RADAR_RIGHT - _RADAR_LEFT),
        _n(bottom - top),
        label,
        words,
        drawing,
        uid=uid,
    )


def _radar_point(index: int, count: int, radius: float) -> tuple[float, float]:
    angle = 2 * math.pi * index / count
    return _RADAR_X + radius * math.sin(angle), _RADAR_Y - radius * math.cos(angle)


def _radar_points(corners: Sequence[tuple[int, float]], count: int) -> str:
    return " ".join(
        f"{_n(x)},{_n(y)}" for x, y in (_radar_point(index, count, _RADAR_R * share) for index, share in corners)
    )


def _radar_name(row: Row, index: int, count: int) -> _Name:
    x, y = _radar_point(index, count, _RADAR_R + 18)
    from_middle = x - _RADAR_X
    if abs(from_middle) < 12:
        anchor, room = "middle", 2 * (_RADAR_X - _RADAR_LEFT - 90)
    elif from_middle > 0:
        anchor, room = "start", _RADAR_RIGHT - x
    else:
        anchor, room = "end", x - _RADAR_LEFT
    scored = _finite(row["value"]) is not None
    lines = _wrap(str(row["label"]), int(room / _RADAR_CHARACTER), most=3 if scored else 2)
    if not scored:
        lines.append(gettext("no score"))
    extra = _RADAR_LINE * (len(lines) - 1)
    first = y + 5 - extra / 2
    if anchor == "middle":
        # Above the top corner the lines grow upwards, below the bottom one downwards.
        first = y - extra if y < _RADAR_Y else y + 10
    return _Name(anchor, x, first, room, lines)


def _radar_text(name: _Name) -> tuple[str, SafeString]:
    lines = (
        (_n(name.x), _n(name.first + _RADAR_LINE * index), _squeezed(len(line) * _RADAR_CHARACTER, name.room), line)
        for index, line in enumerate(name.lines)
    )
    return name.anchor, format_html_join("", '<tspan x="{}" y="{}"{}>{}</tspan>', lines)


def _wrap(text: str, width: int, most: int) -> list[str]:
    lines = textwrap.wrap(text, max(width, 1), break_long_words=False, break_on_hyphens=True) or [""]
    if len(lines) <= most:
        return lines
    rest = textwrap.shorten(" ".join(lines[most - 1 :]), max(width, 6), placeholder="…")
    return [*lines[: most - 1], rest]


def _radar_words(row: Row, benchmark_label: str, decimals: int) -> str:
    known, mark = _finite(row["value"]), _finite(row.get("benchmark"))
    words = f"{row['label']}: {gettext('no score') if known is None else number(known, decimals)}"
    if mark is not None:
        words += f", {benchmark_label or gettext('benchmark')} {number(mark, decimals)}"
    return words


# --- Shared ----------------------------------------------------------------------------------------------------------


def _scale(minimum: float, maximum: float) -> Any:
    """This will return the function from a value to its share of the range, held between 0 and 1."""
    if not maximum > minimum:
        raise ValueError(f"The range {minimum}–{maximum} is empty.")
    return lambda value: min(1.0, max(0.0, (float(value) - minimum) / (maximum - minimum)))


def _finite(value: Figure) -> float | None:
    if value is None:
        return None
    figure = float(value)
    return figure if math.isfinite(figure) else None


def _squeezed(width: float, room: float) -> SafeString:
    """This will narrow a text that is wider than its room: one long word, or a label nobody expected."""
    if width <= room:
        return _NOTHING
    return format_html(' textLength="{}" lengthAdjust="spacingAndGlyphs"', _n(room))


def _tone(zone: Zone) -> str:
    return zone["tone"] if zone["tone"] in TONES else ""


def _n(value: float) -> str:
    # Never the reader's format: a decimal comma is no coordinate. The + 0.0 turns a negative zero into a plain one.
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
