"""Charts are drawings made of text: they must be well-formed, say everything in words, and stay inside their frame."""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.web import charts

ZONES = [
    {"label": "At risk", "from": 0, "to": 40, "tone": "b1"},
    {"label": "Developing", "from": 40, "to": 60, "tone": "b2"},
    {"label": "Managed", "from": 60, "to": 80, "tone": "b3"},
    {"label": "Strong", "from": 80, "to": 100, "tone": "b4"},
]
HOSTILE = """<script>alert(1)</script>" onload='x' &amp; {{ 7 }} \\u202e"""

labels = st.text(max_size=60)
values = st.none() | st.floats() | st.integers(-(10**9), 10**9)
ranges = st.sampled_from([(0, 100), (0, 3), (1, 5), (-10, 10)])
rows = st.fixed_dictionaries({"label": labels, "value": values, "benchmark": values})


def drawn(svg: str) -> ET.Element:
    """This will parse a drawing; a label that broke out of its place would make it no XML."""
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", svg)
    return ET.fromstring(clean)  # noqa: S314


def classes(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def text_of(root: ET.Element, tag: str) -> str:
    return next(element for element in root.iter() if element.tag == tag).text or ""


def coordinates(root: ET.Element) -> Iterator[tuple[float, float]]:
    """This will give every point of a drawing, as far as it is given in units of the drawing."""
    for element in root.iter():
        for x, y in (("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy")):
            if x in element.attrib and y in element.attrib and "%" not in element.get(x, ""):
                yield float(element.attrib[x]), float(element.attrib[y])
        for pair in element.get("points", "").split():
            x, y = pair.split(",")
            yield float(x), float(y)
        if path := re.fullmatch(r"M(\S+) (\S+)A(\S+) (\S+) 0 0 1 (\S+) (\S+)", element.get("d", "")):
            yield float(path[1]), float(path[2])
            yield float(path[5]), float(path[6])


def assert_inside(root: ET.Element) -> None:
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    for x, y in coordinates(root):
        assert math.isfinite(x) and math.isfinite(y)
        assert left <= x <= left + width
        assert top <= y <= top + height


# --- Zones -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (0, "At risk"),
        (39.99, "At risk"),
        (40, "Developing"),
        (80, "Strong"),
        (100, "Strong"),
        (-5, "At risk"),
        (140, "Strong"),
    ],
)
def test_a_zone_begins_at_its_edge_and_the_last_one_includes_its_end(value: float, name: str) -> None:
    zone = charts.zone_of(value, ZONES)
    assert zone is not None
    assert zone["label"] == name


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_no_value_has_no_zone(value: float | None) -> None:
    assert charts.zone_of(value, ZONES) is None


# --- Gauge -----------------------------------------------------------------------------------------------------------


def test_the_gauge_says_value_zone_and_benchmark_in_words() -> None:
    root = drawn(charts.gauge(68, ZONES, label="Resilience score", benchmark={"value": 61, "label": "Industry"}))
    assert text_of(root, "title") == "Resilience score"
    assert text_of(root, "desc") == "68 out of 100, in the Managed band. Industry: 61."
    assert [band.get("class") for band in classes(root, "on")] == ["gauge-band b3 on"]
    assert classes(root, "gauge-value")[0].text == "68"
    assert classes(root, "gauge-band-name")[0].text == "Managed"
    assert classes(root, "gauge-mark-label")[0].text == "Industry 61"


def test_a_gauge_without_a_score_says_so_and_shows_no_zero() -> None:
    root = drawn(charts.gauge(None, ZONES, label="Score", benchmark={"value": 61, "label": "Industry"}))
    assert text_of(root, "desc") == "There is no score yet. Industry: 61."
    assert classes(root, "gauge-none")[0].text == "No score"
    assert not classes(root, "gauge-knob")
    assert not classes(root, "gauge-value")
    assert not classes(root, "on")
    assert classes(root, "gauge-mark")


def test_zero_is_a_score() -> None:
    root = drawn(charts.gauge(0, ZONES, label="Score"))
    assert classes(root, "gauge-value")[0].text == "0"
    assert classes(root, "gauge-knob")
    assert classes(root, "gauge-band-name")[0].text == "At risk"


def test_a_gauge_of_another_range_and_in_another_language() -> None:
    zones = [
        {"label": "Low", "from": 0, "to": 1.5, "tone": "b1"},
        {"label": "High", "from": 1.5, "to": 3, "tone": "b4"},
    ]
    with translation.override("de"):
        root = drawn(charts.gauge(1.42, zones, label="Reife", maximum=3, decimals=2))
    assert classes(root, "gauge-value")[0].text == "1,42"
    assert [tick.text for tick in classes(root, "gauge-tick")] == ["0", "1,50", "3"]
    assert "," not in root.attrib["viewBox"]
    assert_inside(root)


def test_a_value_outside_the_range_is_drawn_at_its_end_and_told_truly() -> None:
    over, end = (drawn(charts.gauge(value, ZONES, label="Score")) for value in (120, 100))
    assert classes(over, "gauge-knob")[0].attrib == classes(end, "gauge-knob")[0].attrib
    assert classes(over, "gauge-value")[0].text == "120"


def test_a_gauge_without_zones_is_possible() -> None:
    root = drawn(charts.gauge(50, [], label="Score"))
    assert text_of(root, "desc") == "50 out of 100."


@pytest.mark.parametrize("position", [0, 3, 20, 30, 45, 50, 61, 75, 90, 97, 100])
@pytest.mark.parametrize("label", ["Industry", "Average of healthcare providers in Europe", "x" * 80])
def test_a_marks_label_fits_into_the_drawing(position: float, label: str) -> None:
    root = drawn(charts.gauge(50, ZONES, label="Score", benchmark={"value": position, "label": label}))
    mark = classes(root, "gauge-mark-label")[0]
    assert mark.text is not None
    width = min(float(mark.get("textLength", "inf")), len(mark.text) * charts._MARK_CHARACTER)
    x, anchor = float(mark.attrib["x"]), mark.attrib["text-anchor"]
    start = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
    left, top, across, height = map(float, root.attrib["viewBox"].split())
    assert left <= start + 0.5
    assert start + width <= left + across + 0.5
    assert top + 8 <= float(mark.attrib["y"]) <= top + height - 3


@pytest.mark.parametrize(("minimum", "maximum"), [(1, 1), (3, 0)])
def test_an_empty_range_is_refused(minimum: float, maximum: float) -> None:
    with pytest.raises(ValueError, match="is empty"):
        charts.gauge(1, ZONES, label="Score", minimum=minimum, maximum=maximum)


@given(values, values, ranges, labels)
def test_every_gauge_stays_inside_its_frame(value, benchmark, limits, label) -> None:
    low, high = limits
    zones = [
        {"label": label, "from": low, "to": (low + high) / 2, "tone": "b1"},
        {"label": label, "from": (low + high) / 2, "to": high, "tone": "b4"},
    ]
    mark = {"value": benchmark, "label": label}
    assert_inside(drawn(charts.gauge(value, zones, label=label, minimum=low, maximum=high, benchmark=mark)))


# --- Bars ------------------------------------------------------------------------------------------------------------


def test_bars_say_score_range_zone_and_benchmark() -> None:
    root = drawn(
        charts.area_bars([{"label": "Identity", "value": 58, "benchmark": 63}], ZONES, benchmark_label="industry")
    )
    assert classes(root, "visually-hidden")[0].text == " out of 100, Developing, industry 63"
    assert classes(root, "fill")[0].attrib["width"] == "58%"
    assert classes(root, "b2")
    assert classes(root, "mark")[0].attrib["x1"] == "63%"


def test_a_bar_without_a_score_is_empty_and_says_so() -> None:
    root = drawn(charts.area_bars([{"label": "Backup", "value": None}], ZONES))
    assert classes(root, "areabar-val")[0].text == "No score"
    assert not classes(root, "fill")
    assert not classes(root, "mark")


@given(st.lists(rows, max_size=6), ranges)
def test_every_bar_is_between_nothing_and_all(areas, limits) -> None:
    root = drawn(charts.area_bars(areas, ZONES, minimum=limits[0], maximum=limits[1]))
    shares = [element.attrib["width"] for element in classes(root, "fill")]
    shares += [element.attrib["x1"] for element in classes(root, "mark")]
    assert all(0 <= float(share.rstrip("%")) <= 100 for share in shares)


# --- Sparkline and ring ----------------------------------------------------------------------------------------------


def test_a_sparkline_passes_over_what_is_missing() -> None:
    root = drawn(charts.sparkline([49, None, 52], label="Score over time"))
    assert root.attrib["aria-label"] == "Score over time: 49, 52"
    assert len(classes(root, "spark-line")[0].attrib["points"].split()) == 2


def test_a_sparkline_of_one_value_is_a_dot_and_of_none_nothing() -> None:
    assert classes(drawn(charts.sparkline([7], label="Score")), "spark-dot")
    assert charts.sparkline([None], label="Score") == ""
    assert charts.sparkline([], label="Score") == ""


@given(st.lists(st.none() | st.floats(-1e6, 1e6) | st.sampled_from([math.inf, math.nan]), max_size=30))
def test_every_sparkline_stays_inside_its_frame(series) -> None:
    svg = charts.sparkline(series, label="Score")
    if svg:
        assert_inside(drawn(svg))


@pytest.mark.parametrize(
    ("percent", "text", "words"), [(43, "43", "43 percent"), (0, "0", "0 percent"), (None, "–", "no value")]
)
def test_a_ring_says_its_percentage(percent: float | None, text: str, words: str) -> None:
    root = drawn(charts.ring(percent, label="Progress"))
    assert classes(root, "ring-text")[0].text == text
    assert root.attrib["aria-label"] == f"Progress: {words}"
    assert bool(classes(root, "ring-fill")) == bool(percent)


@given(values)
def test_every_ring_is_between_empty_and_full(percent) -> None:
    for fill in classes(drawn(charts.ring(percent, label="Progress")), "ring-fill"):
        part, whole = map(float, fill.attrib["stroke-dasharray"].split())
        assert 0 <= part <= whole


# --- Radar -----------------------------------------------------------------------------------------------------------

AREAS = [{"label": f"Area {n}", "value": 10 * n, "benchmark": 50} for n in range(1, 9)]


@pytest.mark.parametrize("count", [0, 1, 2, 9, 12])
def test_a_radar_has_three_to_eight_areas(count: int) -> None:
    with pytest.raises(ValueError, match="3 to 8 areas"):
        charts.radar((AREAS * 2)[:count], label="Areas")


@pytest.mark.parametrize("count", range(3, 9))
def test_a_radar_has_a_corner_for_each_area_and_says_all_in_words(count: int) -> None:
    root = drawn(charts.radar(AREAS[:count], label="Areas", benchmark_label="industry"))
    assert len(classes(root, "radar-dot")) == len(classes(root, "radar-label")) == count
    assert len(classes(root, "radar-you")[0].attrib["points"].split()) == count
    assert text_of(root, "desc").startswith("Area 1: 10, industry 50; Area 2: 20, industry 50")


def test_an_area_without_a_score_has_no_corner_and_says_so() -> None:
    root = drawn(charts.radar([{"label": "Backup", "value": None}, *AREAS[:3]], label="Areas"))
    assert len(classes(root, "radar-dot")) == 3
    assert text_of(root, "desc").startswith("Backup: no score;")
    assert [span.text for span in classes(root, "radar-label")[0]] == ["Backup", "no score"]


def test_a_radar_without_any_benchmark_draws_none() -> None:
    assert not classes(drawn(charts.radar([{"label": "A", "value": 1}] * 3, label="Areas")), "radar-avg")


@given(st.lists(rows, min_size=3, max_size=8), ranges)
def test_every_radar_stays_inside_its_frame_with_its_labels(areas, limits) -> None:
    root = drawn(charts.radar(areas, label="Areas", minimum=limits[0], maximum=limits[1]))
    assert_inside(root)
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    for label in classes(root, "radar-label"):
        for line in label:
            across = min(float(line.get("textLength", "inf")), len(line.text or "") * charts._RADAR_CHARACTER)
            x = float(line.attrib["x"])
            start = {"start": x, "end": x - across, "middle": x - across / 2}[label.attrib["text-anchor"]]
            assert left - 0.5 <= start
            assert start + across <= left + width + 0.5
            assert top + 10 <= float(line.attrib["y"]) <= top + height


# --- All of them -----------------------------------------------------------------------------------------------------


def test_hostile_labels_stay_text() -> None:
    zones = [{"label": HOSTILE, "from": 0, "to": 100, "tone": HOSTILE}]
    areas = [{"label": HOSTILE, "value": 10, "benchmark": 20}] * 3
    mark = {"value": 50, "label": HOSTILE}
    for svg in (
        charts.gauge(10, zones, label=HOSTILE, benchmark=mark, uid=HOSTILE),
        charts.area_bars(areas, zones, benchmark_label=HOSTILE),
        charts.sparkline([1, 2], label=HOSTILE),
        charts.ring(10, label=HOSTILE),
        charts.radar(areas, label=HOSTILE, benchmark_label=HOSTILE, uid=HOSTILE),
    ):
        root = drawn(svg)
        assert not [element for element in root.iter() if element.tag == "script"]
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
        assert "<script" not in svg


def test_no_chart_needs_an_inline_style() -> None:
    for svg in (charts.gauge(1, ZONES, label="x"), charts.area_bars(AREAS, ZONES), charts.radar(AREAS, label="x")):
        assert "style=" not in svg
