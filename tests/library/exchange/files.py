"""Files as a browser sends them, and workbooks as people make them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from library import exchange
from library.exchange.report import Imported


class Upload(io.BytesIO):
    """An uploaded file: bytes with a name."""

    def __init__(self, data: bytes | str, name: str):
        super().__init__(data.encode() if isinstance(data, str) else data)
        self.name = name


def read(data: bytes | str, name: str) -> Imported:
    """This will read bytes the way an upload is read."""
    return exchange.load(Upload(data, name))


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    """This will make an .xlsx: numbers as numbers, texts that begin with “=” as formulas with the value 42."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(number, column, cell, None, 42)
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write(number, column, cell)
        if name in hidden:
            sheet.hide()
    book.close()
    return out.getvalue()


def with_part(archive: bytes, name: str, content: bytes, called: str = "") -> bytes:
    """This will replace one part of an archive, by one of another name where that is `called` so."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(called or name, content)
    return out.getvalue()
