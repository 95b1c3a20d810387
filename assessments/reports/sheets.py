"""A report as tables: a workbook with a sheet for each kind of thing, and one flat table for everything (CSV).

Figures are numbers and days are dates; a text is a text whatever it begins with, never a formula or a link. The same
content gives the same bytes.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from xlsxwriter.worksheet import Worksheet

from . import records
from .content import Content
from .records import COLUMNS, KINDS, Record

# A cell holds 32,767 characters; what is longer goes on in the next row.
LONGEST_CELL = 32_000
CONTINUED = "…"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Excel cannot show a date before.
_FIRST_DATE = date(1900, 3, 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook: which records it holds, and which of their columns. `headings` says some better."""

    name: Any
    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    headings: Mapping[str, Any]


SHEETS = (
    Sheet(
        _("Summary"),
        ("fact", "score", "reference", "zone", "basis", "count", "part", "text"),
        ("section", "kind", "name", "text", "value", "percent", "maximum", "difference", "zone", "date"),
        {},
    ),
    Sheet(
        _("Scores"),
        ("area",),
        ("section", "group", "name", "value", "reference", "difference", "zone", "text"),
        {"name": _("Area"), "value": _("Score"), "text": _("Reason")},
    ),
    Sheet(
        _("Answers"),
        ("answer",),
        ("area", "number", "group", "name", "text", "comment", "files", "evidence", "assessor", "who", "date"),
        {"name": _("Question"), "text": _("Answer")},
    ),
    Sheet(
        _("Findings"),
        ("finding",),
        ("section", "number", "severity", "name", "text", "state", "area", "question"),
        {"name": _("Finding"), "text": _("What was found")},
    ),
    Sheet(
        _("Actions"),
        ("action",),
        ("section", "name", "number", "finding", "who", "date", "state"),
        {"name": _("What is to be done"), "number": _("Finding number"), "who": _("Owner"), "date": _("Due")},
    ),
    Sheet(
        _("Recommendations"),
        ("recommendation",),
        ("section", "severity", "area", "name", "text"),
        {"area": _("About"), "name": _("Recommendation")},
    ),
    Sheet(_("Notes"), ("note",), ("section", "area", "name", "text"), {"name": _("Note")}),
    Sheet(
        _("History"),
        ("run",),
        ("section", "date", "name", "value", "percent", "zone", "difference", "version", "state"),
        {"date": _("Submitted"), "name": _("Assessment"), "value": _("Score"), "difference": _("Change")},
    ),
)


def csv_rows(content: Content | Mapping[str, Any]) -> list[list[Any]]:
    """This will write a report as one table, its head first: a row for each thing the report says (docs/reports.md).

    Cells are plain values for `portal.web.csv_export`, which keeps a spreadsheet from running them.
    """
    with translation.override(content["language"]):
        rows = [[_plain(name, record.get(name)) for name in COLUMNS] for record in records.of(content)]
        return [[str(column.heading) for column in COLUMNS.values()], *rows]


def xlsx(content: Content | Mapping[str, Any]) -> bytes:
    """This will write a report as a workbook; sheets that would be empty are left out."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with translation.override(content["language"]):
        workbook = xlsxwriter.Workbook(out, options)
        workbook.set_properties(
            {
                "title": _writable(content["title"])[:200],
                "author": _writable(content["organization"]["name"])[:200],
                "created": datetime.fromisoformat(content["day"]["raw"] or "2000-01-01"),
            }
        )
        formats = _Formats(workbook)
        found = list(records.of(content))
        for sheet in SHEETS:
            held = [record for record in found if record["kind"] in sheet.kinds]
            if held:
                _fill(workbook.add_worksheet(str(sheet.name)), sheet, held, formats)
        workbook.close()
    return out.getvalue()


class _Formats:
    """The formats of cells, each made once: a workbook has a limit."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[str, Any] = {}
        self.head = workbook.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self.text = workbook.add_format({"valign": "top", "text_wrap": True})
        self.date = self.number("yyyy-mm-dd")

    def number(self, pattern: str) -> Any:
        if pattern not in self._made:
            self._made[pattern] = self._workbook.add_format({"valign": "top", "num_format": pattern})
        return self._made[pattern]


def _fill(sheet: Worksheet, layout: Sheet, held: Iterable[Record], formats: _Formats) -> None:
    for place, key in enumerate(layout.columns):
        column = COLUMNS[key]
        sheet.set_column(place, place, column.width, formats.text)
        sheet.write_string(0, place, str(layout.headings.get(key, column.heading)), formats.head)
    row = 1
    for record in held:
        row = _write(sheet, row, [_cell(key, record.get(key)) for key in layout.columns], formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row - 1, len(layout.columns) - 1)


def _write(sheet: Worksheet, row: int, cells: Sequence[Any], formats: _Formats) -> int:
    """This will write one row, and further ones for what does not fit into a cell; returns the next free row."""
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    for start in range(0, max(longest, 1), LONGEST_CELL):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                part = cell[start : start + LONGEST_CELL]
                if part or (start and not column):
                    sheet.write_string(row, column, part or CONTINUED, formats.text)
            elif start:
                continue
            elif isinstance(cell, date):
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats.date)
            elif isinstance(cell, _Number):
                sheet.write_number(row, column, cell.value, formats.number(cell.pattern))
        row += 1
    return row


@dataclass(frozen=True, slots=True)
class _Number:
    """A number with the format in which a workbook shows it as the report does."""

    value: float
    pattern: str


def _cell(key: str, value: Any) -> str | date | _Number | None:
    match value:
        case None:
            return None
        case int() | float():
            return _Number(value, "0")
        case {"raw": None}:
            return value["shown"]
        case {"direction": _, "raw": raw}:
            figure = _pattern(decimals_of(value))
            return _Number(raw, f"+{figure};−{figure};{figure}")
        case {"raw": str() as raw}:
            return _date(raw) or value["shown"]
        case {"raw": raw}:
            return _Number(raw, _pattern(decimals_of(value)))
    return str(KINDS[value]) if key == "kind" else _writable(str(value))


def _plain(key: str, value: Any) -> Any:
    """A cell of the flat table: figures as shown, days as ISO 8601."""
    match value:
        case None:
            return ""
        case {"raw": None}:
            return ""
        case {"raw": str() as raw}:
            return raw
        case {"raw": raw}:
            return round(raw, decimals_of(value)) if decimals_of(value) else int(f"{raw:.0f}")
    return str(KINDS[value]) if key == "kind" else value


def decimals_of(figure: Mapping[str, Any]) -> int:
    """This will say with how many decimals a figure is shown, whatever separates them in its language."""
    digits = re.sub(r"\D", "", figure["shown"])
    return next((count for count in range(7) if _digits(figure["raw"], count) == digits), 0)


def _digits(value: float, decimals: int) -> str:
    return re.sub(r"\D", "", f"{abs(value) + 1e-9:.{decimals}f}")


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _date(raw: str) -> date | None:
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        return None
    return found if found >= _FIRST_DATE else None


def _writable(text: str) -> str:
    """A workbook's XML holds no control characters but tab and line end."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
