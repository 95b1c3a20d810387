"""Writing workbooks: a definition as one, and the template of a list of questions.

Cells are written as what they are: a text that begins with “=” stays a text and is never a formula or a link. The
same content gives the same bytes.
"""

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from library.document import DefinitionDocument
from library.exchange.workbook_layout import (
    CONTINUED,
    DEFINITION,
    FIELDS,
    LAYOUT,
    LONGEST_CELL,
    OPTIONS,
    QUESTIONS,
    SCORING,
    SECTIONS,
    TESTS,
    ZONES,
    Cell,
    Column,
    to_cell,
    written,
)

# A workbook states when it was made. A fixed moment lets two exports of one version be compared byte by byte.
MADE = datetime.datetime(2000, 1, 1)
WIDEST_COLUMN = 80


def workbook_of(document: DefinitionDocument) -> bytes:
    """This will write a definition as an .xlsx that `own_workbooks.convert` reads back without loss."""
    data = document.to_data()
    return _workbook({name: (LAYOUT[name], rows) for name, rows in _rows(data).items()}, document.name)


def sheet_of(name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """This will write an .xlsx with one sheet."""
    return _workbook({name: (tuple(columns), list(rows))}, name)


def _workbook(sheets: Mapping[str, tuple[tuple[Column, ...], list[Mapping[str, Any]]]], title: str) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(out, options)
    workbook.set_properties({"created": MADE, "title": _printable(title)[:200]})
    heading = workbook.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
    body = workbook.add_format({"valign": "top", "text_wrap": True})
    for name, (columns, rows) in sheets.items():
        sheet = workbook.add_worksheet(name)
        _heads(sheet, columns, heading, body)
        place = 1
        for row in rows:
            place = _row(sheet, place, [to_cell(column.kind, row.get(column.field)) for column in columns])
        sheet.freeze_panes(1, 1)
    workbook.close()
    return out.getvalue()


def _heads(sheet: Worksheet, columns: Sequence[Column], heading: Any, body: Any) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, min(column.width, WIDEST_COLUMN), body)
        sheet.write_string(0, place, column.heading, heading)


def _row(sheet: Worksheet, place: int, values: Sequence[Cell]) -> int:
    """This will write one row, and further ones for what does not fit into a cell; returns the next free row."""
    texts = [written(value) if isinstance(value, str) else value for value in values]
    longest = max((len(text) for text in texts if isinstance(text, str)), default=0)
    for start in range(0, max(longest, 1), LONGEST_CELL):
        for column, text in enumerate(texts):
            if isinstance(text, str):
                part = text[start : start + LONGEST_CELL]
                if start and column == 0:
                    part = CONTINUED
                if part:
                    sheet.write_string(place, column, part)
            elif not start:
                sheet.write_number(place, column, text)
        place += 1
    return place


def _rows(data: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    scoring = data.get("scoring") or {}
    rows: dict[str, list[Mapping[str, Any]]] = {
        QUESTIONS: [],
        OPTIONS: list(_answer_sets(data)),
        SECTIONS: [],
        SCORING: list(scoring.get("scores", ())),
        ZONES: list(scoring.get("zones", ())),
        TESTS: list(data.get("samples", ())),
        DEFINITION: list(_fields(data)),
    }
    for section in data.get("sections", ()):
        _section(section, "", rows)
    return rows


def _section(section: Mapping[str, Any], inside: str, rows: dict[str, list[Mapping[str, Any]]]) -> None:
    rows[SECTIONS].append({**section, "inside": inside})
    for question in section.get("questions", ()):
        rows[QUESTIONS].append({**question, "section": section["key"]})
        rows[OPTIONS] += _parts(question)
    for inner in section.get("sections", ()):
        _section(inner, section["key"], rows)


def _parts(question: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    of = {"question": question["key"]}
    return [
        *({**option, **of, "kind": "option"} for option in question.get("options", ())),
        *({**row, **of, "kind": "row"} for row in question.get("rows", ())),
        *({**band, **of, "kind": "band", "text": band.get("label")} for band in question.get("bands", ())),
    ]


def _answer_sets(data: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for answer_set in data.get("answer_sets", ()):
        for option in answer_set["options"]:
            yield {**option, "answer_set": answer_set["key"], "kind": "option"}


def _fields(data: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    plain = {**data, **{f"scoring.{name}": value for name, value in (data.get("scoring") or {}).items()}}
    if "answer_sets" in data:
        plain["answer_sets"] = [
            {name: answer_set[name] for name in ("key", "name") if name in answer_set}
            for answer_set in data["answer_sets"]
        ]
    for field, kind in FIELDS.items():
        if plain.get(field) is not None:
            cell = to_cell(kind, plain[field])
            yield {"field": field, "value": cell if isinstance(cell, str) else f"{cell}"}


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
