"""The files of an edition: its PDF is kept, the sheets are written when they are asked for.

Who took no part in the answers gets a document of its own, without them; it stands beside the whole one.
"""

import time
from pathlib import PurePosixPath

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

from accounts.brand import terminology
from assessments.models import Report
from assessments.models.report import of_report

from . import content, pdf

log = structlog.get_logger(__name__)

# A worker that died leaves no message. After this time a page says so, and offers to try again.
PATIENCE_SECONDS = 180


def documents(report: Report) -> dict[str, bytes]:
    """This will draw the documents of an edition, by the name each is kept under: the whole one and, where they differ,
    the one without answers. The report is read with its organization; the database is not asked. Raises NotMade."""
    started = time.monotonic()
    # No tenant is entered while a report is drawn: its organization's words come with it.
    with terminology.using(report.organization.terminology):
        brand = pdf.Brand.of(report.organization)
        made = {of_report(report, ""): pdf.render(report.content, brand, edition=report.edition)}
        if content.tells_answers(report.content):
            reduced = content.without_answers(report.content)
            made[name_without_answers(report)] = pdf.render(reduced, brand, edition=report.edition)
    log.info("report_drawn", report=str(report.pk), seconds=round(time.monotonic() - started, 2))
    return made


def keep(documents: dict[str, bytes]) -> None:
    """This will store documents. Drawn twice, an edition is the same document: the later one takes the earlier's place."""
    storage = _storage()
    for name, made in documents.items():
        storage.delete(name)
        storage.save(name, ContentFile(made))


def pdf_of(report: Report, *, with_answers: bool) -> bytes | None:
    """This will read the document a reader may have; None while it is being made."""
    if not report.pdf:
        return None
    whole = with_answers or not content.tells_answers(report.content)
    name = report.pdf.name if whole else name_without_answers(report)
    try:
        with _storage().open(name, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def name_without_answers(report: Report) -> str:
    """This will name the document for who took no part, beside the whole one."""
    path = PurePosixPath(of_report(report, ""))
    return str(path.with_name(f"{path.stem}-without-answers{path.suffix}"))


def state_of(report: Report) -> str:
    """This will say how far the document is: "ready", "failed", or "being_made"."""
    if report.pdf:
        return "ready"
    late = (timezone.now() - report.created_at).total_seconds() > PATIENCE_SECONDS
    return "failed" if report.pdf_error or late else "being_made"


def _storage() -> Storage:
    return storages["private"]
