"""From the colours of an organization to tokens that stay readable. Pure arithmetic: no database, no request.

Contrast is WCAG 2.2's relative luminance ratio (1.4.3). Shades are found in OKLCH, Björn Ottosson's perceptual space
(2020): moving its lightness alone keeps the hue. The matrices are those of his publication of Oklab.
"""

import hashlib
import math
import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

# What the tokens are measured against: static/css/tokens.css has the same surfaces.
LIGHT_SURFACES = ("#ffffff", "#f5f6f8", "#f9fafb")
DARK_SURFACES = ("#161a21", "#0e1116", "#1c212a")
DARK_TEXT = "#14181f"

READABLE = 4.5
VISIBLE = 3.0  # what is no text: lines, marks
_STANDS_OUT = 1.2
_MARGIN = 0.15  # above the bar, so that a rounded shade does not fall under it
_STEP = 0.005

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def tokens(brand: str) -> dict[str, str]:
    """This will make the brand tokens of a colour "#rrggbb", by name without the leading dashes.

    Solid areas keep the colour exactly unless neither light nor dark text could be read on it. Text on solid, and
    brand-coloured text on every surface and on the soft shade, have at least 4.5:1. The last token, brand-adjusted, is
    "1" when the solid colour had to change. Raises ValueError for anything but "#" and six hexadecimal digits.
    """
    if not _HEX.fullmatch(brand):
        raise ValueError(f"{brand!r} is not a colour like #3452d1.")
    brand = brand.lower()
    lightness, chroma, hue = _to_oklch(brand)
    on = _text_on(brand, lightness)
    solid = _until_readable(brand, (on,), darker=on == "#ffffff")
    soft_light, soft_dark = _shade(0.965, min(chroma, 0.02), hue), _shade(0.28, min(chroma, 0.05), hue)
    on_dark = _shade(max(lightness, 0.7), min(chroma, 0.13), hue)
    return {
        "brand-solid": solid,
        "brand-solid-hover": _hover(solid, on),
        "brand-on": on,
        "brand-edge-d": "transparent"
        if contrast(solid, DARK_SURFACES[0]) >= 1.6
        else _shade(0.45, min(chroma, 0.09), hue),
        "brand-text-l": _until_readable(brand, (*LIGHT_SURFACES, soft_light), darker=True),
        "brand-text-d": _until_readable(on_dark, (*DARK_SURFACES, soft_dark), darker=False),
        "brand-soft-l": soft_light,
        "brand-soft-d": soft_dark,
        "brand-line-l": _shade(0.86, min(chroma, 0.07), hue),
        "brand-line-d": _shade(0.42, min(chroma, 0.09), hue),
        "brand-adjusted": str(int(solid != brand)),
    }


def accents(secondary: str) -> dict[str, str]:
    """This will make the tokens of a second colour "#rrggbb", by name without the leading dashes.

    It draws what is compared with (at least 3:1 on every surface) and tints the ground of the sign-in page, where
    ordinary text stays readable. Raises ValueError for anything but "#" and six hexadecimal digits.
    """
    if not _HEX.fullmatch(secondary):
        raise ValueError(f"{secondary!r} is not a colour like #3452d1.")
    secondary = secondary.lower()
    lightness, chroma, hue = _to_oklch(secondary)
    return {
        "accent-l": _until_readable(secondary, LIGHT_SURFACES, darker=True, least=VISIBLE),
        "accent-d": _until_readable(secondary, DARK_SURFACES, darker=False, least=VISIBLE),
        "ground-l": _shade(0.94, min(chroma, 0.05), hue),
        "ground-d": _shade(0.27, min(chroma, 0.06), hue),
    }


@lru_cache(maxsize=512)
def stylesheet(brand: str, secondary: str = "") -> str:
    """This will write the tokens of the colours as a stylesheet that overrides the default ones. Raises ValueError."""
    made = tokens(brand)
    # A button that does not stand out from the page gets an edge; a bar of that colour, the shade of links.
    is_pale = contrast(made["brand-solid"], LIGHT_SURFACES[0]) < _STANDS_OUT
    if is_pale:
        made["brand-edge-l"] = _until_readable(made["brand-line-l"], LIGHT_SURFACES, darker=True, least=1.6)
    text = "".join(f"--{name}:{value};" for name, value in made.items())
    if is_pale:
        text += "--brand-edge:light-dark(var(--brand-edge-l),var(--brand-edge-d));"
        text += "--brand-mark:light-dark(var(--brand-text-l),var(--brand-text-d));"
    written = f"@layer tokens{{:root{{{text}}}}}\n"
    if secondary:
        made = accents(secondary)
        accent = f"light-dark({made['accent-l']},{made['accent-d']})"
        ground = f"light-dark({made['ground-l']},{made['ground-d']})"
        written += (
            f"@layer utilities{{.radar-avg{{stroke:{accent}}}.legend-avg{{border-color:{accent}}}"
            f".plain{{background:radial-gradient(90% 60% at 50% 0,{ground} 0,transparent 70%)}}}}\n"
        )
    return written


@lru_cache(maxsize=512)
def stylesheet_name(brand: str, secondary: str = "") -> str:
    """This will name that stylesheet: its colours, and a mark of its content, so that it can be kept for good."""
    colors = "-".join(color.lstrip("#").lower() for color in (brand, secondary) if color)
    return f"{colors}.{hashlib.sha256(stylesheet(brand, secondary).encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Told:
    """What was found about a colour: a sentence, and whether something had to be mended."""

    text: str
    is_mended: bool = False


def told(brand: str) -> list[Told]:
    """This will say in words what becomes of a brand colour: its text, its links, its edge. Raises ValueError."""
    made = tokens(brand)
    on_light = _("dark text") if made["brand-on"] == DARK_TEXT else _("white text")
    words = {"color": name_of(brand), "text": on_light, "ratio": _ratio(made["brand-solid"], made["brand-on"])}
    if made["brand-adjusted"] == "1":
        first = Told(
            _("Your %(color)s is a little darker on buttons, so that %(text)s can be read (%(ratio)s).") % words, True
        )
    else:
        first = Told(_("Your %(color)s gets %(text)s (%(ratio)s).") % words)
    return [
        first,
        _told_of_links(brand, made["brand-text-l"], LIGHT_SURFACES[0], is_dark=False),
        _told_of_links(brand, made["brand-text-d"], DARK_SURFACES[0], is_dark=True),
        *_told_of_edges(made),
    ]


def told_of_accent(secondary: str) -> list[Told]:
    """This will say in words what becomes of a second colour. Raises ValueError."""
    made = accents(secondary)
    words = {"color": name_of(secondary)}
    light = {"ratio": _ratio(made["accent-l"], LIGHT_SURFACES[0])}
    dark = {"ratio": _ratio(made["accent-d"], DARK_SURFACES[0])}
    if made["accent-l"] == made["accent-d"] == secondary.lower():
        return [Told(_("Your %(color)s draws comparisons in charts and tints the sign-in page.") % words)]
    return [
        Told(_("Your %(color)s draws comparisons in charts and tints the sign-in page.") % words),
        *([Told(_("Charts use a darker shade on light ground (%(ratio)s).") % light, True)]
          if made["accent-l"] != secondary.lower() else []),
        *([Told(_("Charts use a lighter shade on dark ground (%(ratio)s).") % dark, True)]
          if made["accent-d"] != secondary.lower() else []),
    ]  # fmt: skip


def _told_of_links(brand: str, shade: str, ground: str, *, is_dark: bool) -> Told:
    words = {"ratio": _ratio(shade, ground)}
    if is_dark:
        if shade == brand.lower():
            return Told(_("In the dark theme, links use it as it is (%(ratio)s).") % words)
        if _luminance(shade) < _luminance(brand):
            return Told(_("In the dark theme, links use a softer shade (%(ratio)s).") % words, True)
        return Told(_("In the dark theme, links use a lighter shade (%(ratio)s).") % words, True)
    if shade == brand.lower():
        return Told(_("Links use it as it is (%(ratio)s).") % words)
    return Told(_("Links use a darker shade (%(ratio)s).") % words, True)


def _told_of_edges(made: dict[str, str]) -> list[Told]:
    if contrast(made["brand-solid"], LIGHT_SURFACES[0]) < _STANDS_OUT:
        return [Told(_("It is close to white: buttons get an edge."), True)]
    if made["brand-edge-d"] != "transparent":
        return [Told(_("It is close to black: in the dark theme, buttons get an edge."), True)]
    return []


def name_of(color: str) -> str:
    """This will call a colour by its everyday name."""
    lightness, chroma, hue = _to_oklch(color)
    if lightness > 0.96 and chroma < 0.03:
        return _("white")
    if lightness < 0.22 and chroma < 0.05:
        return _("black")
    if chroma < 0.03:
        return _("gray")
    degrees = math.degrees(hue) % 360
    if 35 <= degrees < 95 and lightness < 0.5:
        return _("brown")
    names = ((20, _("pink")), (40, _("red")), (75, _("orange")), (115, _("yellow")), (160, _("green")), (210, _("teal")),
             (280, _("blue")), (325, _("purple")), (361, _("pink")))  # fmt: skip
    return next(name for end, name in names if degrees < end)


def _ratio(one: str, other: str) -> str:
    # Rounded down: what is said is never better than what is.
    return f"{math.floor(contrast(one, other) * 10) / 10:.1f}:1"


def contrast(first: str, second: str) -> float:
    """This will be the contrast ratio of two colours "#rrggbb", from 1 to 21, whichever is the lighter."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _text_on(solid: str, lightness: float) -> str:
    # White reads better than the numbers say on colours of middle lightness; those are darkened a little instead.
    return "#ffffff" if contrast(solid, "#ffffff") >= READABLE or lightness < 0.72 else DARK_TEXT


def _hover(solid: str, on: str) -> str:
    """This will be the solid colour under the pointer: one step away from its text's own lightness."""
    lightness, chroma, hue = _to_oklch(solid)
    step = -0.05 if on == "#ffffff" else 0.05
    return _until_readable(_shade(min(1.0, max(0.0, lightness + step)), chroma, hue), (on,), darker=on == "#ffffff")


def _until_readable(colour: str, grounds: tuple[str, ...], *, darker: bool, least: float = READABLE) -> str:
    """This will move a colour's lightness, and only that, until it is readable on all grounds."""
    if all(contrast(colour, ground) >= least for ground in grounds):
        return colour
    lightness, chroma, hue = _to_oklch(colour)
    while 0 < lightness < 1:
        lightness += -_STEP if darker else _STEP
        colour = _shade(min(1.0, max(0.0, lightness)), chroma, hue)
        if all(contrast(colour, ground) >= least + _MARGIN for ground in grounds):
            return colour
    return "#000000" if darker else "#ffffff"


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _gamma(share: float) -> float:
    return 12.92 * share if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055


def _to_oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _shade(lightness: float, chroma: float, hue: float) -> str:
    """This will be the sRGB colour of an OKLCH one, less vivid where sRGB does not reach that far."""
    linear = _to_linear(lightness, chroma, hue)
    while chroma > 0.0005 and not all(-0.0005 <= channel <= 1.0005 for channel in linear):
        chroma *= 0.93
        linear = _to_linear(lightness, chroma, hue)
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, channel)))):02x}" for channel in linear)


def _to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
