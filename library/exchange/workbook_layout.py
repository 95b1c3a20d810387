"""The sheets of a definition as a workbook: which column holds which field, and how a cell is written and read.

Writing and reading use the same columns, so that a workbook holds a whole definition and gives it back. Cells hold
plain text and numbers; what has an inner form (a condition, the gates of a score) stands in its cell as JSON.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from library.exchange import cells
from library.problems import UnreadableFile
from library.reading import read

Kind = Literal["text", "number", "flag", "json", "condition", "inputs"]
type Cell = str | float

QUESTIONS, OPTIONS, SECTIONS = "Questions", "Options", "Sections"
SCORING, ZONES, TESTS, DEFINITION = "Scoring", "Zones", "Tests", "Definition"
# The first cell of a row that only continues the texts of the row before: no cell may hold more than so many letters.
CONTINUED = "…"
LONGEST_CELL = 15_000

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
SIMPLE_CONDITION = re.compile(rf"({NAME})\s*=\s*({NAME})\s*\Z")
PICK = re.compile(rf"(questions|sections|scores):\s*({NAME}(?:\s*,\s*{NAME})*)\s*\Z")
# What a workbook cannot hold: two characters, and text that looks like the workbook's own way to write others
# (“_x0041_”). A sign nobody uses and a figure stand for each; “4” only separates.
SIGN = "␛"
SIGNS = {SIGN: "1", "\ufffe": "2", "\uffff": "3"}
LETTERS = {"4": "", **{figure: letter for letter, figure in SIGNS.items()}}
UNWRITABLE = re.compile(f"[{''.join(SIGNS)}]|_(?=x[0-9A-Fa-f]{{4}}_)")
WRITTEN = re.compile(f"{SIGN}([1-4])")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the field of the format it holds, what kind of value, and its width in letters."""

    heading: str
    field: str
    kind: Kind = "text"
    width: int = 14


LAYOUT: Mapping[str, tuple[Column, ...]] = {
    QUESTIONS: (
        Column("Key", "key"),
        Column("Section", "section"),
        Column("Question", "text", width=60),
        Column("Type", "type"),
        Column("Answer set", "answer_set"),
        Column("Weight", "weight", "number", 8),
        Column("Required", "required", "flag", 9),
        Column("N/A", "allow_not_applicable", "flag", 7),
        Column("Don’t know", "allow_dont_know", "flag", 10),
        Column("Show if", "show_if", "condition", 28),
        Column("Required if", "require_if", "condition", 28),
        Column("Help", "help", width=40),
        Column("Why", "why", width=40),
        Column("Minimum", "minimum", "number", 9),
        Column("Maximum", "maximum", "number", 9),
        Column("Low label", "low_label"),
        Column("High label", "high_label"),
        Column("Unit", "unit", width=8),
        Column("Decimals", "decimals", "number", 9),
        Column("Combine", "combine", width=9),
        Column("Longest text", "max_length", "number", 12),
        Column("Most files", "max_files", "number", 10),
        Column("Comment", "allow_comment", "flag", 9),
        Column("Evidence", "allow_evidence", "flag", 9),
        Column("Tags", "tags", "json"),
        Column("Recommendations", "recommendations", "json", 40),
    ),
    OPTIONS: (
        Column("Question", "question"),
        Column("Answer set", "answer_set"),
        Column("Kind", "kind", width=8),
        Column("Key", "key"),
        Column("Text", "text", width=50),
        Column("Score", "value", "number", 8),
        Column("From", "from", "number", 8),
        Column("Exclusive", "exclusive", "flag", 9),
        Column("Help", "help", width=40),
    ),
    SECTIONS: (
        Column("Key", "key"),
        Column("Inside", "inside"),
        Column("Name", "name", width=40),
        Column("Description", "description", width=60),
        Column("Show if", "show_if", "condition", 28),
    ),
    SCORING: (
        Column("Key", "key"),
        Column("Name", "name", width=32),
        Column("Rule", "rule", width=22),
        Column("Rule options", "options", "json", 22),
        Column("Inputs", "inputs", "inputs", 50),
        Column("Inputs as", "inputs_as", width=10),
        Column("Weight", "weight", "number", 8),
        Column("Treatment", "treatment", "json", 24),
        Column("Needs every answer", "needs_every_answer", "flag", 18),
        Column("Cases", "cases", "json", 30),
        Column("Gates", "gates", "json", 30),
        Column("Rounding", "rounding", "json", 20),
        Column("Clamp", "clamp", "json", 20),
        Column("Scale", "scale", "json", 20),
        Column("Recommendations", "recommendations", "json", 40),
    ),
    ZONES: (
        Column("Label", "label", width=24),
        Column("From", "from", "number", 8),
        Column("To", "to", "number", 8),
        Column("Tone", "tone", width=8),
        Column("Description", "description", width=60),
    ),
    TESTS: (
        Column("Key", "key"),
        Column("Name", "name", width=32),
        Column("Answers", "answers", "json", 60),
        Column("Expected", "expected", "json", 40),
        Column("Tolerance", "tolerance", "number", 10),
    ),
    DEFINITION: (Column("Field", "field", width=22), Column("Value", "value", width=80)),
}

TEXT: Kind = "text"

# What stands on the sheet Definition, one row each; a dot leads into a mapping.
FIELDS: Mapping[str, Kind] = {
    "format": "text",
    "key": "text",
    "name": "text",
    "summary": "text",
    "description": "text",
    "icon": TEXT,
    "group": "text",
    "tags": "json",
    "language": "text",
    "estimated_minutes": "number",
    "sample_report": "text",
    "attribution": "json",
    "instant_results": "flag",
    "answer_sets": "json",
    "children": "json",
    "reference_values": "json",
    "scoring.scale": "json",
    "scoring.treatment": "json",
    "scoring.overall": "text",
    "scoring.sections": "json",
}


def to_cell(kind: Kind, value: Any) -> Cell:
    """This will write a value of a field as a cell; a field that is not there (None) is an empty one."""
    if value is None:
        return ""
    if kind == "number":
        # A workbook keeps 16 digits; a number that needs more is written as text.
        return value if float(f"{value:.16G}") == value else repr(value)
    if kind == "flag":
        return "yes" if value else "no"
    if kind == "condition":
        return _from_condition(value)
    if kind == "inputs":
        return "\n".join(_from_pick(pick) for pick in value)
    return _json(value) if kind == "json" else str(value)


def from_cell(kind: Kind, cell: str) -> Any:
    """This will read a cell; None for an empty one. Raises UnreadableFile for what such a cell cannot hold."""
    if cell == "":
        return None
    if kind == "text":
        return cell
    if kind == "number":
        number = cells.number(cell)
        if number is None:
            raise UnreadableFile(_("“%(cell)s” is not a number.") % {"cell": cell[:60]})
        return number
    if kind == "flag":
        told = cells.truth(cell)
        if told is None:
            raise UnreadableFile(_("“%(cell)s” is neither yes nor no.") % {"cell": cell[:60]})
        return told
    if kind == "condition":
        return _to_condition(cell)
    if kind == "inputs":
        return [_to_pick(line) for line in cell.splitlines() if line.strip()]
    return read(cell.encode("utf-8", "replace"), "cell.json")


def written(text: str) -> str:
    """This will write what no workbook can hold in a form that `spoken` reads."""
    return UNWRITABLE.sub(lambda match: f"{SIGN}{SIGNS[match[0]]}" if match[0] in SIGNS else f"_{SIGN}4", text)


def spoken(cell: str) -> str:
    """This will undo `written`."""
    return WRITTEN.sub(lambda match: LETTERS[match[1]], cell)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _from_condition(condition: Mapping[str, Any]) -> str:
    key, value = condition.get("question"), condition.get("value")
    plain = set(condition) == {"question", "operator", "value"} and condition["operator"] == "equals"
    if plain and isinstance(value, str) and SIMPLE_CONDITION.match(f"{key} = {value}"):
        return f"{key} = {value}"
    return _json(condition)


def _to_condition(cell: str) -> Any:
    match = SIMPLE_CONDITION.match(cell.strip())
    if match:
        return {"question": match.group(1), "operator": "equals", "value": match.group(2)}
    return read(cell.encode("utf-8", "replace"), "cell.json")


def _from_pick(pick: Mapping[str, Any]) -> str:
    if len(pick) == 1:
        ((name, keys),) = pick.items()
        if name in ("questions", "sections", "scores"):
            return f"{name}: {', '.join(keys)}"
    return _json(pick)


def _to_pick(line: str) -> Any:
    match = PICK.match(line.strip())
    if match:
        return {match.group(1): [key.strip() for key in match.group(2).split(",")]}
    return read(line.encode("utf-8", "replace"), "cell.json")
