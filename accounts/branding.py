"""From one colour of an organization to eleven tokens that stay readable. Pure arithmetic: no database, no request.

Contrast is WCAG 2.2's relative luminance ratio (1.4.3). Shades are found in OKLCH, Björn Ottosson's perceptual space
(2020): moving its lightness alone keeps the hue. The matrices are those of his publication of Oklab.
"""

import math
import re

# What the tokens are measured against: static/css/tokens.css has the same surfaces.
LIGHT_SURFACES = ("#ffffff", "#f5f6f8", "#f9fafb")
DARK_SURFACES = ("#161a21", "#0e1116", "#1c212a")
DARK_TEXT = "#14181f"

READABLE = 4.5
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


def stylesheet(brand: str) -> str:
    """This will write the tokens of a colour as a stylesheet that overrides the default ones. Raises ValueError."""
    declarations = "".join(f"--{name}:{value};" for name, value in tokens(brand).items())
    return f"@layer tokens{{:root{{{declarations}}}}}\n"


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


def _until_readable(colour: str, grounds: tuple[str, ...], *, darker: bool) -> str:
    """This will move a colour's lightness, and only that, until it is readable on all grounds."""
    if all(contrast(colour, ground) >= READABLE for ground in grounds):
        return colour
    lightness, chroma, hue = _to_oklch(colour)
    while 0 < lightness < 1:
        lightness += -_STEP if darker else _STEP
        colour = _shade(min(1.0, max(0.0, lightness)), chroma, hue)
        if all(contrast(colour, ground) >= READABLE + _MARGIN for ground in grounds):
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
