"""Which characters the fonts of report documents can show, and what stands in the place of the others.

A PDF that names a missing glyph is not accessible (PDF/UA-1), and a control character means nothing on paper. Nothing a
person wrote is ever a reason for a report not to be made.
"""

import struct
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"

# Stands for a character that none of the fonts has.
UNKNOWN = "▯"

# Joiners, variation selectors and soft hyphens have no glyph and are needed: they shape their neighbours.
_SILENT = frozenset({0x00AD, 0x034F, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFE0E, 0xFE0F})
# What turns the direction of everything after it, also of words that are not its own; and the byte order mark.
_DROPPED = frozenset({*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, *range(0xE0000, 0xE0080)})
_BREAKS = {ord(character): "\n" for character in "\x0b\x0c\x85\u2028\u2029"}


def shown(text: str) -> str:
    """This will be the text as a document can print it: lines end with a line feed, every character has a glyph.

    What no font has is written in the plain form that Unicode gives for it, else as an empty box.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_translation())


def fonts() -> list[str]:
    """This will name the families of text, first the one it is set in, then those that fill its gaps."""
    names = [entry["name"].split(",")[0] for entry in _listed()]
    return list(dict.fromkeys(names))


class _Translation(dict[int, str | int | None]):
    """Answers for each character once; most of a report is made of the same few."""

    def __init__(self, covered: frozenset[int]) -> None:
        super().__init__(_BREAKS)
        self.covered = covered
        self.update({ord("\n"): ord("\n"), ord("\t"): "    "})

    def __missing__(self, code: int) -> str | int | None:
        self[code] = self._printed(code)
        return self[code]

    def _printed(self, code: int) -> str | int | None:
        if code in _DROPPED or unicodedata.category(chr(code)) in ("Cc", "Cs"):
            return None
        if code in self.covered or code in _SILENT:
            return code
        plain = unicodedata.normalize("NFKC", chr(code))
        return plain if all(ord(character) in self.covered for character in plain) else UNKNOWN


@cache
def _translation() -> _Translation:
    return _Translation(frozenset(code for entry in _listed() for code in _covered_by(FOLDER / entry["file"])))


@cache
def _listed() -> list[dict[str, str]]:
    return tomllib.loads((FOLDER / "fonts.toml").read_text("utf-8"))["file"]


def _covered_by(path: Path) -> Iterator[int]:
    """Reads the font's table "cmap" (OpenType 1.9, chapter cmap), formats 4 and 12: every font listed has one of them."""
    data = path.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    entries = (struct.unpack_from(">4sIII", data, 12 + 16 * index) for index in range(tables))
    cmap = next(offset for tag, _checksum, offset, _length in entries if tag == b"cmap")
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for index in range(count):
        _platform, _encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)
        (form,) = struct.unpack_from(">H", data, cmap + offset)
        if form == 12:
            yield from _segmented_coverage(data, cmap + offset)
        elif form == 4:
            yield from _segment_mapping(data, cmap + offset)


def _segmented_coverage(data: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", data, at + 12)
    for index in range(groups):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * index)
        yield from range(first + (glyph == 0), last + 1)


def _segment_mapping(data: bytes, at: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 2 * doubled)
    ranges_at = at + 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", data, ranges_at)
    for index, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = (code + delta) & 0xFFFF
            if offset:
                (glyph,) = struct.unpack_from(">H", data, ranges_at + 2 * index + offset + 2 * (code - first))
            if glyph:
                yield code
