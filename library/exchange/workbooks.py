"""Excel workbooks, looked at as an archive before they are read.

An .xlsx is a .zip of XML. The reader of it makes a grid up to the furthest cell and a text for every cell, so that a
small file could ask for all memory: sizes, the furthest cell, and the length of all shared texts together are checked
first. What a cell shows is read: the last value of a formula, never the formula.
"""

import datetime
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from library.exchange.report import Line
from library.exchange.tables import MOST_CELLS, MOST_ROWS_OF_SHEET, Table, check_size
from library.problems import UnreadableFile

LARGEST_CONTENT = 30 * 1024 * 1024
LARGEST_PART = 20 * 1024 * 1024
LARGEST_TEXT = 20 * 1024 * 1024
MOST_PARTS = 500
MOST_SHEETS = 50

WORKBOOK = "xl/workbook.xml"
SHARED = "xl/sharedStrings.xml"
_PREFIX = rb"""<(?:[^\s<>/:"'=]+:)?"""
_ATTRIBUTES = rb"""(?:[^<>"']++|"[^"]*+"|'[^']*+')*+"""
# A row or a cell; the group tells which, the next one holds the attributes. A cell that closes itself is empty.
PLACE = re.compile(_PREFIX + rb"(row|c)(?=[\s/>])(" + _ATTRIBUTES + rb")>")
REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,9})([0-9]{0,9})\s*["']""")
VALUE = re.compile(_PREFIX + rb"v(?:\s" + _ATTRIBUTES + rb")?>\s*([0-9]{1,9})\s*<")
STRING = re.compile(_PREFIX + rb"si[\s/>]")


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets of a workbook, in order. `notes` say what of it is not read."""

    sheets: list[Table]
    notes: list[Line] = field(default_factory=list)


def names_in(data: bytes) -> frozenset[str]:
    """This will name the files in an archive; none for what is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return frozenset()


def read(data: bytes) -> Workbook:
    """This will read the visible sheets of an .xlsx. Raises UnreadableFile for what is broken, hostile or too large."""
    _check(data)
    try:
        with _NoPanic(), CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return _sheets(workbook)
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise _broken(error) from None


class _NoPanic:
    """Turns a panic of the reader, which is not written in Python and has no class of its own here, into a refusal."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None and error is not None and kind.__name__ == "PanicException":
            raise _broken(error) from None


def _sheets(workbook: CalamineWorkbook) -> Workbook:
    found = Workbook([])
    for sheet in workbook.sheets_metadata[:MOST_SHEETS]:
        where = _("sheet “%(name)s”") % {"name": sheet.name}
        if sheet.visible != SheetVisibleEnum.Visible:
            found.notes.append(
                Line(where, "not_taken", sheet.name, _("The sheet is hidden. Hidden sheets are not read."))
            )
        elif sheet.typ != SheetTypeEnum.WorkSheet:
            found.notes.append(
                Line(where, "not_taken", sheet.name, _("The sheet holds no rows, but a chart or a macro."))
            )
        else:
            rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            found.sheets.append(Table([[_written(cell) for cell in row] for row in rows], sheet.name))
    return found


def _written(cell: object) -> str:
    """A cell as text: numbers without a needless “.0”, days as 2026-03-31, truth as yes or no."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ", "seconds")
    return str(cell)


# What an archive may be


def _check(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive)
            _check_content(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise _broken(error) from None


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise UnreadableFile(_("There are more than %(limit)s files in the workbook.") % {"limit": f"{MOST_PARTS:,}"})
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise UnreadableFile(_("holds a file twice."))
    stated = sum(part.file_size for part in parts)
    if stated > LARGEST_CONTENT or any(part.file_size > LARGEST_PART for part in parts):
        raise _too_large()
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnreadableFile(_("is encrypted. Save the workbook without a password."))


def _check_content(archive: zipfile.ZipFile) -> None:
    lengths = _lengths(_content(archive, SHARED)) if SHARED in archive.namelist() else []
    text = cells = 0
    for name in archive.namelist():
        # Where a sheet lies is said by the workbook; every part with the form of one is looked at.
        if not name.lower().endswith(".xml") or name == SHARED:
            continue
        content = _content(archive, name)
        height, width, count = _extent(content)
        cells += count
        # The grid is made up to the furthest cell, so that its area counts and not only the cells there are.
        area = height * width
        check_size(height, width, area if area > 4 * MOST_CELLS else 0, MOST_ROWS_OF_SHEET)
        for match in VALUE.finditer(content):
            number = int(match.group(1))
            text += lengths[number] if number < len(lengths) else 0
        if text > LARGEST_TEXT:
            raise _too_large()
    check_size(0, 0, cells)


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    # The size an entry states may be a lie: never read more than one byte past what is allowed.
    with archive.open(name) as part:
        content = part.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise _too_large()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4]:
        raise UnreadableFile(_("holds XML that is not UTF-8, so it cannot be looked through."), name[:120])
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise UnreadableFile(_("declares XML entities, which no workbook needs."), name[:120])
    return content


def _extent(content: bytes) -> tuple[int, int, int]:
    """The furthest row and column in which a sheet has a cell that is not empty, and how many such cells it has."""
    height = width = count = row = 0
    for match in PLACE.finditer(content):
        kind, attributes = match.groups()
        named = REFERENCE.search(b" " + attributes)
        letters, digits = named.groups() if named else (b"", b"")
        if kind == b"row":
            row = int(digits) if digits else row + 1
        elif not attributes.rstrip().endswith(b"/"):
            count += 1
            height = max(height, int(digits) if digits else row)
            width = max(width, _column(letters))
    return height, width, count


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _lengths(content: bytes) -> list[int]:
    """The length of each shared text, in bytes of XML, which is never less than its letters."""
    starts = [match.start() for match in STRING.finditer(content)]
    return [end - start for start, end in zip(starts, [*starts[1:], len(content)], strict=True)]


def _broken(error: BaseException) -> UnreadableFile:
    return UnreadableFile(_("is not a workbook that can be read: %(reason)s.") % {"reason": str(error)[:200]})


def _too_large() -> UnreadableFile:
    return UnreadableFile(
        _("The workbook is larger than %(limit)s MB when unpacked.") % {"limit": LARGEST_CONTENT // (1024 * 1024)}
    )
