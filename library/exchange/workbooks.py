"""Excel workbooks as rows of text.

What a cell shows is read: the last value of a formula, never the formula. The parts of a workbook are looked through
before (`workbook_parts`), the grids made of them are counted here.
"""

import datetime
import io
import zipfile
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from library.exchange.report import Line
from library.exchange.tables import Table, check_size
from library.exchange.workbook_parts import LARGEST_GRID, LARGEST_TEXT, broken, checked, too_large
from library.problems import UnreadableFile

MOST_SHEETS = 50

WORKBOOK = "xl/workbook.xml"


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
    whole = checked(data)
    try:
        with _NoPanic(), CalamineWorkbook.from_filelike(io.BytesIO(whole)) as workbook:
            return _sheets(workbook)
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise broken(error) from None


class _NoPanic:
    """Turns a panic of the reader, which is not written in Python and has no class of its own here, into a refusal."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None and error is not None and kind.__name__ == "PanicException":
            raise broken(error) from None


def _sheets(workbook: CalamineWorkbook) -> Workbook:
    found = Workbook([])
    grid = text = 0
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
            read = workbook.get_sheet_by_name(sheet.name)
            # Both count up to the last row and column without it.
            grid += (read.total_height + 1) * (read.total_width + 1)
            # Several sheets may lie in the same part.
            check_size(0, 0, grid if grid > LARGEST_GRID else 0)
            rows = [[_written(cell) for cell in row] for row in read.to_python(skip_empty_area=False)]
            text += sum(len(cell) for row in rows for cell in row)
            if text > LARGEST_TEXT:
                raise too_large()
            found.sheets.append(Table(rows, sheet.name))
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
