"""Any colour an organization picks stays readable, and stays its own where it can."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts import branding

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
NAMES = [
    "brand-solid",
    "brand-solid-hover",
    "brand-on",
    "brand-edge-d",
    "brand-text-l",
    "brand-text-d",
    "brand-soft-l",
    "brand-soft-d",
    "brand-line-l",
    "brand-line-d",
    "brand-adjusted",
]


@given(colours)
@example("#000000")
@example("#ffffff")
@example("#808080")
@example("#ffd400")
@example("#00ff00")
@example("#0000ff")
def test_text_is_readable_whatever_the_colour(colour: str) -> None:
    made = branding.tokens(colour)
    assert branding.contrast(made["brand-solid"], made["brand-on"]) >= 4.5
    assert branding.contrast(made["brand-solid-hover"], made["brand-on"]) >= 4.5
    for ground in (*branding.LIGHT_SURFACES, made["brand-soft-l"]):
        assert branding.contrast(made["brand-text-l"], ground) >= 4.5
    for ground in (*branding.DARK_SURFACES, made["brand-soft-d"]):
        assert branding.contrast(made["brand-text-d"], ground) >= 4.5


@given(colours)
def test_ordinary_text_is_readable_on_the_soft_shades(colour: str) -> None:
    made = branding.tokens(colour)
    for text in ("#161b26", "#465062"):
        assert branding.contrast(text, made["brand-soft-l"]) >= 4.5
    for text in ("#e8ebf0", "#a9b3c2"):
        assert branding.contrast(text, made["brand-soft-d"]) >= 4.5


@given(colours)
def test_a_solid_that_is_readable_stays_exactly_as_given(colour: str) -> None:
    made = branding.tokens(colour)
    readable = branding.contrast(colour, made["brand-on"]) >= 4.5
    assert (made["brand-solid"] == colour) == readable
    assert made["brand-adjusted"] == str(int(not readable))


@pytest.mark.parametrize(
    ("colour", "solid", "on", "adjusted"),
    [
        ("#3452d1", "#3452d1", "#ffffff", "0"),
        ("#ffd400", "#ffd400", "#14181f", "0"),
        ("#FFD400", "#ffd400", "#14181f", "0"),
        ("#111111", "#111111", "#ffffff", "0"),
    ],
)
def test_known_brands(colour: str, solid: str, on: str, adjusted: str) -> None:
    made = branding.tokens(colour)
    assert (made["brand-solid"], made["brand-on"], made["brand-adjusted"]) == (solid, on, adjusted)
    assert list(made) == NAMES


def test_a_brand_as_dark_as_the_page_gets_an_edge_in_the_dark_theme() -> None:
    assert branding.tokens("#111111")["brand-edge-d"] != "transparent"
    assert branding.tokens("#3452d1")["brand-edge-d"] == "transparent"


@pytest.mark.parametrize(
    "wrong", ["", "3452d1", "#fff", "#34 2d1", "red", "#3452d1;}", "#3452d1\n", "#３４５２ｄ１", "#3452d1ff"]
)
def test_what_is_not_a_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        branding.tokens(wrong)
    with pytest.raises(ValueError, match="is not a colour"):
        branding.stylesheet(wrong)


@given(colours)
def test_the_stylesheet_holds_nothing_but_tokens(colour: str) -> None:
    sheet = branding.stylesheet(colour)
    assert re.fullmatch(r"@layer tokens\{:root\{(--brand-[a-z-]+:(#[0-9a-f]{6}|transparent|[01]);){11}\}\}\n", sheet)


def test_contrast_is_that_of_wcag() -> None:
    assert branding.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert branding.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert branding.contrast("#ffffff", "#777777") == branding.contrast("#777777", "#ffffff")


def test_the_default_tokens_are_those_of_the_default_colour() -> None:
    sheet = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    made = branding.tokens("#3452d1")
    for name in NAMES[:-1]:
        assert f"--{name}: {made[name]};" in sheet


def test_surfaces_are_those_of_the_stylesheet() -> None:
    sheet = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    for name, light, dark in zip(
        ("surface", "bg", "surface-2"), branding.LIGHT_SURFACES, branding.DARK_SURFACES, strict=True
    ):
        found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\);", sheet)
        assert found
        assert (found[1].replace("#fff", "#ffffff") if len(found[1]) == 4 else found[1], found[2]) == (light, dark)
