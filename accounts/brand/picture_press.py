"""The process a brand picture is made in: an upload in on standard input, a PNG of ours out, nothing else touched.

Run as a program of its own (accounts/brand_images.py), so that a hostile file can take neither the worker's memory nor
its time, nor reach what the worker can reach. It imports nothing of the project and opens no connection.

In: a line of JSON, {"width", "height", "square"}, then the file. Out: a line of JSON, {"width", "height"} and the PNG,
or {"refused": why} alone.
"""

import io
import json
import re
import resource
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn
from xml.parsers import expat

HERE = Path(__file__).parent

MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 12
MOST_PIXELS = 24_000_000
LONGEST_SIDE = 12_000
SMALLEST_SIDE = 16
MOST_STRETCHED = 16
LARGEST_PNG = 60_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "ICO")

# What a drawing may be made of. Scripts, pictures within it, other documents, movement and filters are not among it.
ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "title",
        "desc",
        "metadata",
        "style",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "switch",
    ]
)
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
# What programs for drawing note beside the drawing; it is neither drawn nor read.
NOTES = re.compile(
    r"http://(?:www\.inkscape\.org|sodipodi\.sourceforge\.net|ns\.adobe\.com|www\.w3\.org/1999/02/22-rdf|purl\.org"
    r"|creativecommons\.org|web\.resource\.org|www\.bohemiancoding\.com|www\.serif\.com|www\.figma\.com|schemas\.)"
)
MOST_ELEMENTS = 5000
MOST_USES = 100
DEEPEST = 60
_OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import|expression\s*\(|javascript:|\\", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(?:px|pt|mm|cm|in)?\s*", re.IGNORECASE)


class Refused(Exception):
    """This file is not taken; the message is the reason's name."""


def main() -> None:
    """This will make one picture, or say why not."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    head, _line, content = sys.stdin.buffer.read().partition(b"\n")
    try:
        told, made = picture(content, json.loads(head))
    except Refused as refused:
        _answer({"refused": str(refused)})
    except (MemoryError, RecursionError):
        _answer({"refused": "too_large"})
    _answer(told, made)


def _answer(told: dict[str, Any], made: bytes = b"") -> NoReturn:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + made)
    sys.stdout.buffer.flush()
    sys.exit(0)


def picture(content: bytes, wanted: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """This will make the picture as it is wanted. Raises Refused."""
    if _is_drawing(content):
        content = _drawn(content, wanted)
    return _encoded(content, wanted)


def _is_drawing(content: bytes) -> bool:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")) or b"<svg" in start


# --- Pictures made of pixels -------------------------------------------------------------------------------------------


def _encoded(content: bytes, wanted: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            _check_size(*opened.size)
            opened.seek(0)
            first = ImageOps.exif_transpose(opened).convert("RGBA")
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused("unknown") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too_large") from None
    except Exception:
        # The decoders meet a damaged file with errors of many kinds; all of them mean the same.
        raise Refused("damaged") from None
    made = _fitted(first, wanted)
    # A new picture of the pixels alone: nothing else of the file comes along.
    clean = Image.new("RGBA", made.size)
    clean.paste(made)
    return {"width": clean.width, "height": clean.height}, _png(clean)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Refused("too_large")
    if min(width, height) < SMALLEST_SIDE:
        raise Refused("too_small")
    if max(width, height) > MOST_STRETCHED * min(width, height):
        raise Refused("too_narrow")


def _fitted(image: Any, wanted: dict[str, Any]) -> Any:
    from PIL import Image

    image.thumbnail((wanted["width"], wanted["height"]), Image.Resampling.LANCZOS)
    if not wanted["square"] or image.width == image.height:
        return image
    side = max(image.size)
    ground = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    ground.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return ground


def _png(image: Any) -> bytes:
    from PIL import Image

    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    if written.tell() > LARGEST_PNG:
        written = io.BytesIO()
        image.quantize(256, method=Image.Quantize.FASTOCTREE).save(written, "PNG", optimize=True)
    return written.getvalue()


# --- Drawings ----------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads a drawing without building it, and refuses what has no place in a logo."""

    def __init__(self) -> None:
        self.depth = self.elements = self.uses = 0
        self.in_notes = 0
        self.in_style = False
        self.size: tuple[float, float] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        namespace, _space, local = name.rpartition(" ")
        if self.elements > MOST_ELEMENTS or self.depth > DEEPEST:
            raise Refused("too_complex")
        if self.in_notes or (namespace not in ("", SVG) and NOTES.match(namespace)):
            self.in_notes += 1
        elif namespace not in ("", SVG) or local not in ELEMENTS:
            raise Refused("script" if local.lower() == "script" else "foreign")
        if self.depth == 1:
            if local != "svg":
                raise Refused("unknown")
            self.size = _size(attributes)
        self.uses += local == "use"
        if self.uses > MOST_USES:
            raise Refused("too_complex")
        self.in_style = local == "style"
        if not self.in_notes:
            for attribute, value in attributes.items():
                _check_attribute(attribute, value)

    def end(self, _name: str) -> None:
        self.depth -= 1
        self.in_style = False
        self.in_notes = max(0, self.in_notes - 1)

    def text(self, data: str) -> None:
        if self.in_style and _OUTSIDE.search(data):
            raise Refused("outside")

    def refuse_declarations(self, *_anything: object) -> None:
        raise Refused("entities")

    def instruction(self, target: str, _data: str) -> None:
        if target.lower() != "xml":
            raise Refused("outside")


def _check_attribute(name: str, value: str) -> None:
    namespace, _space, local = name.rpartition(" ")
    if local.lower().startswith("on"):
        raise Refused("script")
    if local.lower() in ("href", "src") and not value.strip().startswith("#"):
        raise Refused("script" if "script:" in value.lower() else "outside")
    if namespace == "http://www.w3.org/XML/1998/namespace" and local == "base":
        raise Refused("outside")
    if _OUTSIDE.search(value):
        raise Refused("outside")


def _size(attributes: dict[str, str]) -> tuple[float, float] | None:
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    if len(box) == 4:
        try:
            return float(box[2]), float(box[3])
        except ValueError:
            return None
    found = [_LENGTH.fullmatch(attributes.get(side, "")) for side in ("width", "height")]
    return (float(found[0][1]), float(found[1][1])) if found[0] and found[1] else None


def _checked(content: bytes) -> tuple[float, float]:
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.ProcessingInstructionHandler = reader.instruction
    parser.StartDoctypeDeclHandler = reader.refuse_declarations
    parser.EntityDeclHandler = reader.refuse_declarations
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise Refused("damaged") from None
    if reader.size is None or not all(0 < side < 1_000_000 for side in reader.size):
        raise Refused("no_size")
    if max(reader.size) > MOST_STRETCHED * min(reader.size):
        raise Refused("too_narrow")
    return reader.size


_PAGE = b"""
#set page(width: eval(sys.inputs.width), height: eval(sys.inputs.height), margin: 0pt, fill: none)
#image(bytes(sys.inputs.drawing), format: "svg", width: 100%, height: 100%, fit: "contain")
"""


def _drawn(content: bytes, wanted: dict[str, Any]) -> bytes:
    """This will turn a drawing into pixels, after a reading found nothing in it that reaches out."""
    width, height = _checked(content)
    share = min(wanted["width"] / width, wanted["height"] / height)
    try:
        drawing = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("damaged") from None

    import typst

    sizes = {"width": f"{max(1.0, width * share):.3f}pt", "height": f"{max(1.0, height * share):.3f}pt"}
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    compiler = typst.Compiler(
        input=_PAGE, font_paths=fonts, ignore_system_fonts=True, sys_inputs={"drawing": drawing, **sizes},
        # The page is ours and opens nothing; there is no package to find here either.
        root=str(HERE), package_path=str(HERE / "packages"), package_cache_path=str(HERE / "packages"),
    )  # fmt: skip
    try:
        made = compiler.compile(format="png", ppi=72.0)
    except (typst.TypstError, RuntimeError):
        raise Refused("damaged") from None
    return made[0] if isinstance(made, list) else bytes(made or b"")


if __name__ == "__main__":
    main()
