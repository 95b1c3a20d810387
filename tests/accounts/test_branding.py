"""Any colour an organization picks stays readable, and stays its own where it can."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.brand import branding

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


HEX = r"#[0-9a-f]{6}"
TOKENS = rf"(--brand-[a-z-]+:({HEX}|transparent|[01]);){{11,12}}"
PALE = r"--brand-edge:light-dark\([^;{}]*\);--brand-mark:light-dark\([^;{}]*\);"


@given(colours)
@example("#ffffff")
@example("#fdfdfb")
def test_the_stylesheet_holds_nothing_but_tokens(colour: str) -> None:
    sheet = branding.stylesheet(colour)
    assert re.fullmatch(rf"@layer tokens\{{:root\{{{TOKENS}({PALE})?\}}\}}\n", sheet)


@given(colours)
@example("#ffffff")
@example("#fdfdfb")
@example("#ffffe0")
def test_a_button_and_a_bar_stand_out_from_the_page(colour: str) -> None:
    sheet = branding.stylesheet(colour)
    solid = branding.tokens(colour)["brand-solid"]
    if branding.contrast(solid, "#ffffff") < 1.2:
        edge = re.search(rf"--brand-edge-l:({HEX});", sheet)
        assert edge and branding.contrast(edge[1], "#ffffff") >= 1.6
        assert "--brand-mark:" in sheet
    else:
        assert "--brand-mark:" not in sheet, "the bars stay exactly as given"


@given(colours)
@example("#000000")
@example("#ffffff")
@example("#ffd400")
def test_a_second_colour_is_seen_on_every_surface_and_its_ground_read_on(colour: str) -> None:
    made = branding.accents(colour)
    assert all(branding.contrast(made["accent-l"], ground) >= 3 for ground in branding.LIGHT_SURFACES)
    assert all(branding.contrast(made["accent-d"], ground) >= 3 for ground in branding.DARK_SURFACES)
    for text in ("#161b26", "#465062"):
        assert branding.contrast(text, made["ground-l"]) >= 4.5
    for text in ("#e8ebf0", "#a9b3c2"):
        assert branding.contrast(text, made["ground-d"]) >= 4.5


def test_a_second_colour_draws_comparisons_and_the_ground_of_the_sign_in_page() -> None:
    sheet = branding.stylesheet("#3452d1", "#ffd400")
    assert sheet.startswith(branding.stylesheet("#3452d1"))
    assert {".radar-avg", ".legend-avg", ".plain"} <= set(re.findall(r"\.[a-z-]+(?=\{)", sheet))


@pytest.mark.parametrize("wrong", ["red", "#fff", "#12345g", "", "#3452d1;}", "url(x)"])
def test_what_is_no_colour_is_refused_for_both(wrong: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        branding.stylesheet(wrong)
    if wrong:
        with pytest.raises(ValueError, match="colour"):
            branding.stylesheet("#3452d1", wrong)


def test_an_address_of_a_stylesheet_names_what_is_in_it() -> None:
    one, other = branding.stylesheet_name("#FFD400"), branding.stylesheet_name("#ffd400", "#3452d1")
    assert re.fullmatch(r"ffd400\.[0-9a-f]{8}", one) and re.fullmatch(r"ffd400-3452d1\.[0-9a-f]{8}", other)


@pytest.mark.parametrize(
    ("colour", "said"),
    [
        ("#ffd400", ["Your yellow gets dark text (12.4:1).", "Links use a darker shade (5.1:1)."]),
        ("#3452d1", ["Your blue gets white text (6.4:1).", "Links use it as it is (6.4:1)."]),
        ("#e53935", ["Your red is a little darker on buttons, so that white text can be read (4.6:1)."]),
        ("#fdfdfb", ["It is close to white: buttons get an edge."]),
        ("#0b0b0f", ["It is close to black: in the dark theme, buttons get an edge."]),
    ],
)
def test_what_becomes_of_a_colour_is_said_in_words(colour: str, said: list[str]) -> None:
    told = [one.text for one in branding.told(colour)]
    assert [one for one in said if one in told] == said, told


@given(colours)
def test_what_is_said_of_contrast_is_never_better_than_it_is(colour: str) -> None:
    made = branding.tokens(colour)
    ratios = [float(found) for one in branding.told(colour) for found in re.findall(r"([\d.]+):1", one.text)]
    real = [
        branding.contrast(made["brand-solid"], made["brand-on"]),
        branding.contrast(made["brand-text-l"], "#ffffff"),
        branding.contrast(made["brand-text-d"], "#161a21"),
    ]
    assert all(4.5 <= said <= true for said, true in zip(ratios, real, strict=True))
