"""A definition that was exported as a workbook, read back, whatever was changed in it between."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from library.exchange.headings import reduced
from library.exchange.report import Imported, Line
from library.exchange.tables import Table
from library.exchange.workbook_layout import (
    CONTINUED,
    DEFINITION,
    FIELDS,
    LAYOUT,
    OPTIONS,
    QUESTIONS,
    SCORING,
    SECTIONS,
    TESTS,
    ZONES,
    from_cell,
    spoken,
)
from library.exchange.workbooks import Workbook
from library.problems import InvalidDefinition, Problem, UnreadableFile

KINDS = {
    "option": ("options", ("key", "text", "help", "value", "exclusive")),
    "row": ("rows", ("key", "text")),
    "band": ("bands", ("from", "value", "label")),
}


def is_one(workbook: Workbook) -> bool:
    """This will say whether a workbook is a definition: its sheet Definition names our format."""
    for sheet in workbook.sheets:
        if sheet.name == DEFINITION:
            return any(
                row[:1] == ["format"] and "".join(row[1:2]).startswith("portal-definition") for row in sheet.rows
            )
    return False


def convert(workbook: Workbook) -> Imported:
    """This will make a definition of the sheets. Raises InvalidDefinition with sheet and row of every mistake."""
    reader = _Reader(workbook)
    data = reader.data()
    if reader.problems:
        raise InvalidDefinition(reader.problems[:100])
    return Imported("workbook", data, [*reader.lines, *workbook.notes])


@dataclass
class _Row:
    """One row of a sheet by field; `place` names sheet and row."""

    place: str
    values: dict[str, Any]


@dataclass
class _Reader:
    workbook: Workbook
    problems: list[Problem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    top: list[dict[str, Any]] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        sheets = {sheet.name: sheet for sheet in self.workbook.sheets}
        for name in sheets.keys() - LAYOUT.keys():
            where = _("sheet “%(name)s”") % {"name": name}
            self.lines.append(Line(where, "not_taken", name, _("No part of a definition is on a sheet of this name.")))
        rows = {name: list(self._rows(sheets[name])) if name in sheets else [] for name in LAYOUT}
        data = self._fields(rows[DEFINITION])
        scoring = {name.removeprefix("scoring."): data.pop(name) for name in list(data) if name.startswith("scoring.")}
        self._answers(data, rows)
        sections = self._sections(rows[SECTIONS])
        self._questions(rows[QUESTIONS], sections)
        if self.top:
            data["sections"] = self.top
        for name, target in ((SCORING, "scores"), (ZONES, "zones")):
            if rows[name]:
                scoring[target] = [row.values for row in self._said(rows[name], "name", "label")]
        if scoring:
            data["scoring"] = scoring
        if rows[TESTS]:
            data["samples"] = [row.values for row in self._said(rows[TESTS], "name")]
        return data

    def _rows(self, sheet: Table) -> Iterator[_Row]:
        """The rows of a sheet below its headings, continued ones put together."""
        columns = {reduced(column.heading): column for column in LAYOUT[sheet.name]}
        found = [columns.get(reduced(cell)) for cell in (sheet.rows[0] if sheet.rows else [])]
        for place, cell in enumerate(sheet.rows[0] if sheet.rows else []):
            if cell.strip() and found[place] is None:
                where = _("sheet “%(name)s”") % {"name": sheet.name}
                self.lines.append(Line(where, "not_taken", cell[:200], _("No column of this sheet has this heading.")))
        for number, texts in self._joined(sheet):
            where = _("%(sheet)s, row %(number)s") % {"sheet": sheet.name, "number": number}
            values = {}
            for column, cell in zip(found, texts, strict=False):
                if column is None:
                    continue
                try:
                    value = from_cell(column.kind, spoken(cell))
                except UnreadableFile as error:
                    self.problems.append(Problem(f"{where}, {column.heading}", error.message))
                    continue
                if value is not None:
                    values[column.field] = value
            yield _Row(where, values)

    @staticmethod
    def _joined(sheet: Table) -> Iterator[tuple[int, list[str]]]:
        waiting: tuple[int, list[str]] | None = None
        for number, row in enumerate(sheet.rows, 1):
            if number == 1 or not any(row):
                continue
            if waiting and row[0] == CONTINUED:
                waiting[1][1:] = [before + more for before, more in zip(waiting[1][1:], row[1:], strict=False)]
                continue
            if waiting:
                yield waiting
            waiting = (number, list(row))
        if waiting:
            yield waiting

    def _fields(self, rows: list[_Row]) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for row in rows:
            name = row.values.get("field", "")
            if name not in FIELDS:
                self.lines.append(Line(row.place, "not_taken", name[:200], _("A definition has no such field.")))
                continue
            try:
                value = from_cell(FIELDS[name], row.values.get("value", ""))
            except UnreadableFile as error:
                self.problems.append(Problem(row.place, error.message))
                continue
            if value is not None:
                data[name] = value
                self.lines.append(Line(row.place, "taken", name))
        return data

    def _answers(self, data: dict[str, Any], rows: dict[str, list[_Row]]) -> None:
        """Puts options, rows and bands where they belong: into answer sets and the rows of questions."""
        stated = data.get("answer_sets", [])
        sets = {one["key"]: one for one in stated if isinstance(one, dict) and isinstance(one.get("key"), str)}
        questions = {row.values.get("key"): row.values for row in rows[QUESTIONS]}
        for row in rows[OPTIONS]:
            kind = row.values.get("kind", "option")
            owner = self._owner(row, sets, questions)
            if owner is None or kind not in KINDS:
                if kind not in KINDS:
                    self.problems.append(Problem(row.place, _("The kind must be option, row or band.")))
                continue
            target, fields = KINDS[kind]
            values = dict(row.values)
            if kind == "band" and "text" in values:
                values["label"] = values["text"]
            owner.setdefault(target, []).append({name: values[name] for name in fields if name in values})
            self.lines.append(Line(row.place, "taken", str(values.get("text", values.get("from", "")))[:200]))

    def _owner(self, row: _Row, sets: dict[str, Any], questions: dict[Any, Any]) -> dict[str, Any] | None:
        key, shared = row.values.get("question"), row.values.get("answer_set")
        if shared is not None and key is None:
            if shared in sets:
                return sets[shared]
            self.problems.append(Problem(row.place, _("There is no answer set “%(key)s”.") % {"key": shared[:60]}))
            return None
        if key in questions and key is not None:
            return questions[key]
        message = _("There is no question “%(key)s” on the sheet Questions.") % {"key": str(key or "")[:60]}
        self.problems.append(Problem(row.place, message))
        return None

    def _sections(self, rows: list[_Row]) -> dict[str, dict[str, Any]]:
        sections: dict[str, dict[str, Any]] = {}
        for row in self._said(rows, "name"):
            inside = row.values.pop("inside", None)
            key = row.values.get("key", "")
            if key in sections:
                self.problems.append(
                    Problem(row.place, _("The section “%(key)s” stands here a second time.") % {"key": key})
                )
            elif inside is not None and inside not in sections:
                message = _("There is no section “%(key)s” above this row.") % {"key": inside[:60]}
                self.problems.append(Problem(row.place, message))
            else:
                around = self.top if inside is None else sections[inside].setdefault("sections", [])
                around.append(row.values)
                sections[key] = row.values
        return sections

    def _questions(self, rows: list[_Row], sections: dict[str, dict[str, Any]]) -> None:
        for row in self._said(rows, "text"):
            key = row.values.pop("section", None)
            if key not in sections:
                message = _("There is no section “%(key)s” on the sheet Sections.") % {"key": str(key or "")[:60]}
                self.problems.append(Problem(row.place, message))
                continue
            sections[key].setdefault("questions", []).append(row.values)

    def _said(self, rows: list[_Row], *named_by: str) -> list[_Row]:
        for row in rows:
            what = next((str(row.values[name]) for name in named_by if name in row.values), "")
            self.lines.append(Line(row.place, "taken", what[:200]))
        return rows
