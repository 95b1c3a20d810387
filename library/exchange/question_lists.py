"""Lists of questions: one row for each question, or for each answer, in a CSV file or on a sheet of a workbook.

Columns are known by their headings, in any order. Nothing is dropped in silence: every row, every unknown column and
every sheet that is not read has a line in the report.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from library.consistency import MOST_QUESTIONS
from library.exchange import cells, delimited, own_workbooks, workbooks
from library.exchange.headings import recognised
from library.exchange.keys import Keys
from library.exchange.list_conditions import place_conditions
from library.exchange.list_questions import ListQuestion, build
from library.exchange.list_scoring import scoring_of
from library.exchange.report import Imported, Line
from library.exchange.tables import Table, check_size
from library.problems import UnreadableFile

HEADINGS_WITHIN = 10
MOST_QUESTIONS_OF_SECTION = 500
MOST_SECTIONS = 100


def from_csv(data: bytes, name: str) -> Imported:
    """This will read a list of questions from a CSV file; the definition is named after the file.

    Raises UnreadableFile when no row names the columns.
    """
    table = delimited.read(data)
    heading = find_headings(table)
    if heading is None:
        raise _without_headings()
    return convert("csv", table, heading, name)


def from_workbook(data: bytes, name: str = "") -> Imported:
    """This will read an .xlsx: a definition exported as a workbook, or the first sheet with a list of questions."""
    workbook = workbooks.read(data)
    if own_workbooks.is_one(workbook):
        return own_workbooks.convert(workbook)
    for sheet in workbook.sheets:
        heading = find_headings(sheet)
        if heading is None:
            continue
        others = [
            Line(
                _("sheet “%(name)s”") % {"name": other.name},
                "not_taken",
                other.name,
                _("One sheet is read as the list."),
            )
            for other in workbook.sheets
            if other is not sheet and any(True for _row in other.filled())
        ]
        found = convert("xlsx", sheet, heading, name)
        return Imported(found.source, found.data, [*found.report, *others, *workbook.notes])
    raise _without_headings()


@dataclass(frozen=True, slots=True)
class Heading:
    """The row that names the columns: its number, the columns by field, and the columns nobody knows."""

    row: int
    columns: dict[str, int]
    unknown: dict[int, str]


def find_headings(table: Table) -> Heading | None:
    """This will find the row of headings among the first rows that hold anything; None when there is none."""
    for looked_at, (number, row) in enumerate(table.filled()):
        if looked_at >= HEADINGS_WITHIN:
            return None
        columns = recognised(row)
        if "text" in columns and (len(columns) > 1 or sum(1 for cell in row if cell.strip()) == 1):
            known = set(columns.values())
            unknown = {place: cell for place, cell in enumerate(row) if place not in known and cell.strip()}
            return Heading(number, columns, unknown)
    return None


def convert(source: str, table: Table, heading: Heading, name: str) -> Imported:
    """This will turn the rows below the headings into a definition named after the file."""
    check_size(len(table.rows), 0, 0)
    title = " ".join(PurePath(name).stem.replace("_", " ").split())[:160] or _("Imported questions")
    title = title[:1].upper() + title[1:]
    reader = _Rows(table, heading)
    questions = reader.questions()
    sections = _sections(questions)
    report = [*table.notes, *_unknown_columns(heading), *_above(table, heading)]
    lines = [*reader.lines, *(line for question in questions for line in question.lines())]
    data: dict[str, Any] = {
        "format": "portal-definition/1",
        "key": cells.words_slug(title, 80) or "imported-questions",
        "name": title,
        "sections": [section for section in sections.values() if section["questions"]],
    }
    if not data["sections"]:
        raise UnreadableFile(_("has headings, but no row below them holds a question."))
    scoring, said = scoring_of(data["sections"])
    if scoring:
        data["scoring"] = scoring
    return Imported(
        source, data, [*report, *[line for _number, line in sorted(lines, key=lambda item: item[0])], *said]
    )


class _Rows:
    """Goes through the rows once and gathers those that belong to one question."""

    def __init__(self, table: Table, heading: Heading):
        self.table, self.heading = table, heading
        self.lines: list[tuple[int, Line]] = []
        self.section = ""
        self.found: list[ListQuestion] = []

    def questions(self) -> list[ListQuestion]:
        for number, row in self.table.filled():
            if number > self.heading.row:
                self._take(number, row)
        keys = Keys()
        for question in self.found:
            build(question, keys)
        place_conditions(self.found)
        return self.found

    def _take(self, number: int, row: list[str]) -> None:
        values = {name: row[column] for name, column in self.heading.columns.items() if column < len(row)}
        filled = {name: value.strip() for name, value in values.items() if value.strip()}
        if filled.get("section"):
            self.section = filled["section"]
        if set(filled) == {"section"}:
            self._say(number, "taken", filled["section"], _("A section."))
            return
        if self._continues(filled):
            self.found[-1].more.append((number, filled))
            return
        if "text" not in filled:
            what = " · ".join(filled.values())[:200]
            self._say(number, "not_taken", what, _("The row holds no question: its question cell is empty."))
            return
        width = max(max(self.heading.columns.values()), max(self.heading.unknown, default=0)) + 1
        surplus = [cell for cell in row[width:] if cell.strip()]
        self.found.append(ListQuestion(number, self.section, filled, surplus=surplus))

    def _continues(self, filled: dict[str, str]) -> bool:
        """Whether the row only adds an answer to the question before it."""
        if (
            not self.found
            or "options" not in filled
            or filled.get("section", self.found[-1].section) != self.found[-1].section
        ):
            return False
        last = self.found[-1].cells
        same_key = "key" not in filled or filled["key"] == last.get("key")
        same_text = "text" not in filled or filled["text"] == last["text"]
        one_answer = len(cells.parts(filled["options"])[0]) == 1
        return same_key and same_text and one_answer

    def _say(self, number: int, verdict: Any, what: str, why: str) -> None:
        self.lines.append((number, Line(_("row %(number)s") % {"number": number}, verdict, what[:200], why)))


def _sections(questions: list[ListQuestion]) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {}
    keys = Keys()
    taken = 0
    for question in questions:
        if question.data is None:
            continue
        if taken >= MOST_QUESTIONS:
            question.refuse(_("A definition holds at most %(limit)s questions.") % {"limit": f"{MOST_QUESTIONS:,}"})
            continue
        name = question.section or _("Questions")
        if name not in sections:
            if len(sections) >= MOST_SECTIONS:
                question.refuse(_("A definition holds at most %(limit)s sections.") % {"limit": MOST_SECTIONS})
                continue
            key = keys.give(cells.words_slug(name) or "section")
            sections[name] = {"key": key, "name": name[:200], "questions": []}
        if len(sections[name]["questions"]) >= MOST_QUESTIONS_OF_SECTION:
            limit = MOST_QUESTIONS_OF_SECTION
            question.refuse(_("A section holds at most %(limit)s questions.") % {"limit": limit})
            continue
        sections[name]["questions"].append(question.data)
        taken += 1
    return sections


def _unknown_columns(heading: Heading) -> Iterator[Line]:
    for place, name in heading.unknown.items():
        where = _("column %(letter)s") % {"letter": column_letter(place)}
        yield Line(where, "not_taken", name.strip()[:200], _("No part of a question is known by this heading."))


def _above(table: Table, heading: Heading) -> Iterator[Line]:
    for number, row in table.filled():
        if number < heading.row:
            what = " · ".join(cell.strip() for cell in row if cell.strip())[:200]
            yield Line(_("row %(number)s") % {"number": number}, "not_taken", what, _("Stands above the headings."))


def column_letter(place: int) -> str:
    """This will name a column as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _without_headings() -> UnreadableFile:
    return UnreadableFile(
        _(
            "has no row of headings. One of the first rows must name the columns: at least Question, and as wanted "
            "Section, Key, Type, Options, Scores, Weight, Required, Help, Why, Show if, N/A, Don’t know. "
            "The template has all of them."
        )
    )
