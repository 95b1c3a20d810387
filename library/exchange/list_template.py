"""The list of questions to be filled in: all columns, and examples of what they take."""

from collections.abc import Callable, Mapping

from library.exchange import sheets_out
from library.exchange.workbook_layout import Column

COLUMNS = (
    Column("Section", "section", width=20),
    Column("Key", "key", width=14),
    Column("Question", "text", width=60),
    Column("Type", "type", width=16),
    Column("Options", "options", width=40),
    Column("Weight", "weight", "number", 8),
    Column("Required", "required", width=9),
    Column("Help", "help", width=40),
    Column("Why", "why", width=40),
    Column("Show if", "show_if", width=24),
    Column("N/A", "n_a", width=7),
    Column("Don’t know", "dont_know", width=10),
    Column("Minimum", "minimum", "number", 9),
    Column("Maximum", "maximum", "number", 9),
)
EXAMPLES: tuple[Mapping[str, str | float], ...] = (
    {
        "section": "Backup", "key": "backup", "text": "Is your data backed up?", "type": "yes/no", "required": "yes",
        "why": "Without a backup, a broken disk is the end of the data on it.",
    },
    {
        "section": "Backup", "key": "backup-how-often", "text": "How often is it backed up?", "type": "single choice",
        "options": "Every day = 3|Every week = 2|Less often = 1|Never = 0", "weight": 2,
        "help": "Think of the data you could not do without.", "show_if": "backup = Yes", "dont_know": "yes",
    },
    {
        "section": "Backup", "key": "backup-places", "text": "Where are the copies?", "type": "several choices",
        "options": "In the building = 1|In another place = 2|In the cloud = 2", "n_a": "yes",
    },
    {
        "section": "People", "key": "confidence", "text": "How sure are you that everybody knows what to do?",
        "type": "scale", "minimum": 1, "maximum": 5,
    },
    {"section": "People", "key": "remarks", "text": "What else should we know?", "type": "long text"},
)  # fmt: skip


def as_csv() -> bytes:
    """This will write the template for any spreadsheet program: UTF-8 with its mark, so that accents survive."""
    lines = [[column.heading for column in COLUMNS]]
    lines += [[str(row.get(column.field, "")) for column in COLUMNS] for row in EXAMPLES]
    text = "".join(",".join(_quoted(cell) for cell in line) + "\r\n" for line in lines)
    return b"\xef\xbb\xbf" + text.encode()


def as_workbook() -> bytes:
    """This will write the template for Excel."""
    return sheets_out.sheet_of("Questions", COLUMNS, EXAMPLES)


def _quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if any(mark in cell for mark in ',"\r\n') else cell


WRITERS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_workbook),
}
