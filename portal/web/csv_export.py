"""Tables as files for a spreadsheet: UTF-8 with a byte order mark, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

# What starts a formula, also in the full-width form that Excel reads as the plain one, and what moves into a formula.
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def neutral(value: Any) -> Any:
    """This will return a cell as text that a spreadsheet shows and never runs; numbers stay numbers, times are ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_STARTS_FORMULA) else text


def stream(filename: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """This will answer a table as a download that is written while the rows are read, for tables of any length.

    The request's transaction is over before the first row is asked for: the rows look after their own.
    """
    response = StreamingHttpResponse(_written(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _written(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield "\ufeff" + _line([str(cell) for cell in head])
    for row in rows:
        yield _line([neutral(cell) for cell in row])


def _line(cells: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerow(cells)
    return out.getvalue()


def attachment(filename: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """This will answer a table as a download. The rows are written at once: the request's transaction ends with it."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([str(cell) for cell in head])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
