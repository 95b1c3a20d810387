"""From what somebody uploads or pastes to the sheet an import of accounts is made of."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.fields.custom_data import Field
from accounts.register import account_sheets
from accounts.register.account_sheets import Sheet
from library.exchange import delimited, workbooks
from library.exchange.tables import Table
from library.problems import UnreadableFile
from library.reading import LARGEST_FILE

_BINARY_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MOST_LINES = account_sheets.MOST_ROWS + 2


def read(file: Any, pasted: str, fields: Sequence[Field]) -> Sheet:
    """This will read a list of accounts from a file, or without one from pasted text. Raises UnreadableFile."""
    data = file.read(LARGEST_FILE + 1) if file else pasted.encode("utf-8", "replace")
    filled = _filled(data)
    try:
        return account_sheets.sheet_of(filled, fields)
    except account_sheets.TooManyRows:
        limit = f"{account_sheets.MOST_ROWS:,}"
        raise UnreadableFile(
            _("There are more than %(limit)s rows. Split the list into several.") % {"limit": limit}
        ) from None
    except account_sheets.NoNames:
        raise UnreadableFile(
            _("No column is headed “Name”. The first row has to hold the headings."), _("first row")
        ) from None


def _filled(data: bytes) -> list[tuple[int, list[str]]]:
    table = _first_with_rows(data) if data[:4] in _BINARY_WORKBOOKS else delimited.read(data, most_rows=_MOST_LINES)
    filled = list(table.filled())
    if not filled:
        raise UnreadableFile(_("There is nothing in it."))
    return filled


def _first_with_rows(data: bytes) -> Table:
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(_("The file is larger than %(limit)s MB.") % {"limit": LARGEST_FILE // (1024 * 1024)})
    sheets = [sheet for sheet in workbooks.read(data).sheets if any(sheet.filled())]
    if not sheets:
        raise UnreadableFile(_("There is nothing in it."))
    return sheets[0]
