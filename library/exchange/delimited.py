"""CSV as it is found: any of four delimiters, any line end, three encodings, quotes that hold line breaks.

A cell is returned exactly as it was written, so that nothing of a text gets lost; the only thing ever refused for its
form is a quote that is never closed, because everything after it would silently become one cell.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from library.exchange.headings import recognised
from library.exchange.report import Line
from library.exchange.tables import MOST_ROWS, Table, check_size
from library.problems import UnreadableFile
from library.reading import LARGEST_FILE

DELIMITERS = (",", ";", "\t", "|")
# The line Excel writes and reads to name the delimiter.
NAMED_DELIMITER = re.compile(r"sep=(.)(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
# How many records are looked at to find the delimiter.
LOOKED_AT = 20
# What tells text from a file of another kind.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the name of the encoding it was read in; `certain` is false where it was concluded."""

    text: str
    encoding: str
    certain: bool = True


def read(data: bytes, most_rows: int = MOST_ROWS) -> Table:
    """This will read the rows of a CSV file. Raises UnreadableFile with the row for what cannot be read."""
    decoded = text_of(data)
    text, named = decoded.text, ""
    if match := NAMED_DELIMITER.match(text):
        named = match.group(1)
    delimiter = named or delimiter_of(text)
    rows: list[list[str]] = []
    notes = [_said(decoded)] if decoded.encoding != "UTF-8" else []
    cells = 0
    for number, record in enumerate(_records(text, delimiter), 1):
        if named and number == 1:
            rows.append([])
            continue
        cells += len(record.cells)
        check_size(number, len(record.cells), cells, most_rows)
        if record.stray:
            why = _("A quote ends in the middle of a cell; what follows it is taken as well.")
            notes.append(Line(_("row %(number)s") % {"number": number}, "changed", record.stray[:100], why))
        rows.append(record.cells)
    return Table(rows, "", notes)


def text_of(data: bytes) -> Decoded:
    """This will decode a file: UTF-8, UTF-16 with or without its mark, else Windows-1252. Raises UnreadableFile."""
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(_("The file is larger than %(limit)s MB.") % {"limit": LARGEST_FILE // (1024 * 1024)})
    if not data.strip():
        raise UnreadableFile(_("The file is empty."))
    decoded = _decoded(data)
    if match := CONTROL.search(decoded.text):
        line = decoded.text.count("\n", 0, match.start()) + 1
        raise UnreadableFile(
            _("holds a control character, so it is not a text file."), _("line %(line)s") % {"line": line}
        )
    return decoded


def delimiter_of(text: str) -> str:
    """This will choose the delimiter: the one whose first row has most known headings, else the steadiest one."""
    found = [(_steadiness(text, delimiter), -place) for place, delimiter in enumerate(DELIMITERS)]
    return DELIMITERS[-max(found)[1]]


def has_headings(text: str) -> bool:
    """This will say whether the first row that holds anything names the columns of a list of questions."""
    if match := NAMED_DELIMITER.match(text):
        text = text[match.end() :]
    return any("text" in recognised(_first(text, delimiter)) for delimiter in DELIMITERS)


@dataclass(frozen=True, slots=True)
class _Record:
    cells: list[str]
    stray: str = ""


def _steadiness(text: str, delimiter: str) -> tuple[int, int, int]:
    widths = []
    try:
        for number, record in enumerate(_records(text, delimiter)):
            if number >= LOOKED_AT:
                break
            if any(cell.strip() for cell in record.cells):
                widths.append(len(record.cells))
    except UnreadableFile:
        return (0, 0, 0)
    known = len(recognised(_first(text, delimiter)))
    if not widths or widths[0] == 1:
        return (known, 0, 0)
    return (known, sum(width == widths[0] for width in widths), widths[0])


def _first(text: str, delimiter: str) -> list[str]:
    try:
        for record in _records(text, delimiter):
            if any(cell.strip() for cell in record.cells):
                return record.cells
    except UnreadableFile:
        pass
    return []


def _records(text: str, delimiter: str) -> Iterator[_Record]:
    mark = re.escape(delimiter)
    blank = "" if delimiter == "\t" else r"\t"
    # A quoted cell (spaces around it do not count), or anything up to the next delimiter or line end.
    cell = re.compile(rf'(?:[ {blank}]*+"((?:[^"]++|"")*+)"([^{mark}\r\n]*+)|([^{mark}\r\n]*+))({mark}|\r\n|\r|\n|\Z)')
    cells: list[str] = []
    stray, place, row = "", 0, 1
    while place <= len(text):
        match = cell.match(text, place)
        # The second form matches any text, and what ends a cell is then always there.
        assert match is not None
        quoted, after, plain, end = match.groups()
        if quoted is not None:
            cells.append(quoted.replace('""', '"') + (after if after.strip() else ""))
            stray = cells[-1] if after.strip() else stray
        else:
            if plain.lstrip().startswith('"'):
                raise UnreadableFile(
                    _("A quote opens here and is never closed."), _("row %(number)s") % {"number": row}
                )
            cells.append(plain)
        place = match.end()
        if end == delimiter:
            continue
        # The end of the text right after a line end is no further row.
        if end or cells != [""]:
            yield _Record(cells, stray)
        if not end:
            return
        cells, stray, row = [], "", row + 1


def _decoded(data: bytes) -> Decoded:
    for mark, codec, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _by(data[len(mark) :], codec, name)
    half = data[:4_000]
    if half.count(0) > len(half) // 4:
        # Letters of European languages have their zero byte second in the little-endian order, first in the other.
        codec = "utf-16-le" if half[1::2].count(0) >= half[0::2].count(0) else "utf-16-be"
        return _by(data, codec, "UTF-16")
    try:
        return Decoded(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        if 0 in data:
            raise UnreadableFile(_("holds NUL bytes, so it is not a text file.")) from None
        # Five bytes mean nothing in Windows-1252; they become the replacement character, which can be seen.
        return Decoded(data.decode("cp1252", "replace"), "Windows-1252", certain=False)


def _by(data: bytes, codec: str, name: str) -> Decoded:
    try:
        return Decoded(data.decode(codec), name)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            _("is not valid %(encoding)s from byte %(byte)s on. Save the file as UTF-8.")
            % {"encoding": name, "byte": error.start}
        ) from None


def _said(decoded: Decoded) -> Line:
    if decoded.certain:
        return Line(_("file"), "taken", _("Encoding"), _("Read as %(encoding)s.") % {"encoding": decoded.encoding})
    why = _("The file is not UTF-8, so it is read as %(encoding)s. Check letters with accents.")
    return Line(_("file"), "changed", _("Encoding"), why % {"encoding": decoded.encoding})
