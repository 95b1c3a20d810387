"""Reading a pasted list: one entry per line, each with a score if it names one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 200
LONGEST = 2_000

_NUMBER = r"[-+\N{MINUS SIGN}]?\d{1,9}(?:[.,]\d{1,9})?"
# “Always = 3”, “Always<TAB>3”, “Always; 3” (the last only where lines part the entries).
_SCORED = re.compile(rf"^(?P<text>.*\S)\s*(?:=|\t|;)\s*(?P<value>{_NUMBER})\s*$", re.DOTALL)
# What lists begin their lines with: “- Always”, “• Always”, “* Always”, “1. Always”, “2) Always”, “a) Always”.
_BULLET = re.compile(r"^\s*(?:[-*\N{BULLET}\N{EN DASH}]\s+|\d{1,3}[.)]\s+|[a-zA-Z]\)\s+)")
_MADE_ONLY_OF_A_NUMBER = re.compile(rf"^\s*{_NUMBER}\s*$")


@dataclass(frozen=True, slots=True)
class Pasted:
    """One entry of a list. `value` is None when the list names no score for it."""

    text: str
    value: float | None = None


def parse(text: str) -> list[Pasted]:
    """This will read a list: lines, or one line of entries parted by tabs or “;”. Empty and repeated entries are left
    out, as is what begins a line of a list (“-”, “1.”). At most 200 entries, each cut at 2,000 characters.

    A score stands at the end, as `text = 3`, `text<TAB>3` or `text; 3`. A comma is read as a decimal point.
    """
    entries = (_entry(line) for line in _lines(text))
    return _each_once(entry for entry in entries if entry is not None)[:MOST]


def _lines(text: str) -> list[str]:
    text = "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    if len(lines) != 1 or _SCORED.match(lines[0]) and not _has_several(lines[0]):
        return lines
    return re.split(r"[;\t]", lines[0])


def _has_several(line: str) -> bool:
    """Whether one line holds more than an entry with its score: “Yes = 1; No = 0”, “Never; Seldom; 3 times”."""
    pieces = [piece for piece in re.split(r"[;\t]", line) if piece.strip()]
    return len(pieces) > 2 or (len(pieces) == 2 and not _MADE_ONLY_OF_A_NUMBER.match(pieces[1]))


def _entry(line: str) -> Pasted | None:
    line = _BULLET.sub("", line.strip(" \t;"), count=1)
    scored = _SCORED.match(line)
    words, value = (scored["text"], _number(scored["value"])) if scored else (line, None)
    words = " ".join(words.strip(" \t;").split())
    return Pasted(words[:LONGEST], value) if words else None


def _number(written: str) -> float:
    value = float(written.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    return int(value) if value == int(value) else value


def _each_once(entries: Iterable[Pasted]) -> list[Pasted]:
    found: dict[str, Pasted] = {}
    for entry in entries:
        found.setdefault(entry.text, entry)
    return list(found.values())
