"""A sheet of rows as it was read, whatever file it came from."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from library.exchange.report import Line
from library.problems import UnreadableFile

# Of a list of questions; a definition exported as a workbook may have more on one of its sheets.
MOST_ROWS = 5_000
MOST_ROWS_OF_SHEET = 20_000
MOST_COLUMNS = 256
MOST_CELLS = 400_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text, the first with number 1, as a spreadsheet counts them; `name` is the sheet's, empty for a CSV.

    `notes` say what was particular about reading it.
    """

    rows: list[list[str]]
    name: str = ""
    notes: list[Line] = field(default_factory=list)

    def filled(self) -> Iterator[tuple[int, list[str]]]:
        """This will yield the rows that hold anything, with their numbers."""
        for number, row in enumerate(self.rows, 1):
            if any(cell.strip() for cell in row):
                yield number, row


def check_size(rows: int, columns: int, cells: int, most_rows: int = MOST_ROWS) -> None:
    """This will raise UnreadableFile for a table that is larger than any list of questions."""
    if rows > most_rows:
        raise UnreadableFile(
            _("There are more than %(limit)s rows. Split the list into several.") % {"limit": f"{most_rows:,}"}
        )
    if columns > MOST_COLUMNS:
        raise UnreadableFile(_("There are more than %(limit)s columns.") % {"limit": f"{MOST_COLUMNS:,}"})
    if cells > MOST_CELLS:
        raise UnreadableFile(_("There are more than %(limit)s cells.") % {"limit": f"{MOST_CELLS:,}"})
