"""An edition as a download: the same content on every channel, under one name, never inline."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from assessments.answering.downloads import POLICY
from assessments.models import Report
from portal.web import csv_export

from . import printing, sheets

ENDINGS = ("pdf", "xlsx", "csv")
_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class NotReady(Exception):
    """The document is still being made, or could not be made."""


def answer(report: Report, content: Mapping[str, Any], ending: str, *, with_answers: bool) -> HttpResponse:
    """This will send an edition as a file. `content` is what the reader may see of it. Raises NotReady, and Http404 for a
    kind of file there is not."""
    if ending not in ENDINGS:
        raise Http404
    name = f"{content['file_name']}.{ending}"
    if ending == "csv":
        head, *rows = sheets.csv_rows(content)
        response = csv_export.attachment("report.csv", head, rows)
    else:
        response = HttpResponse(_bytes(report, content, ending, with_answers), content_type=_TYPES[ending])
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def _bytes(report: Report, content: Mapping[str, Any], ending: str, with_answers: bool) -> bytes:
    if ending == "xlsx":
        return sheets.xlsx(content)
    made = printing.pdf_of(report, with_answers=with_answers)
    if made is None:
        raise NotReady
    return made
