"""Drawing editions as documents. Ids in, nothing out; doing it twice does no harm."""

import uuid

import structlog
from celery import shared_task

from accounts import tenancy
from accounts.tasks import organizations
from assessments.actions import reports

from . import pdf, printing

log = structlog.get_logger(__name__)


@shared_task
def draw(organization_id: str, report_id: str) -> None:
    """This will make the PDF of an edition and keep it. No transaction is open while it is drawn."""
    organization = uuid.UUID(organization_id)
    with tenancy.scope(organization):
        report = reports.undrawn(uuid.UUID(report_id))
    if report is None:
        return
    try:
        printing.keep(printing.documents(report))
    except (pdf.NotMade, OSError) as error:
        log.exception("report_not_drawn", report=report_id)
        with tenancy.scope(organization):
            reports.note_not_drawn(report=report, error=type(error).__name__)
        return
    with tenancy.scope(organization):
        reports.note_drawn(report=report)


@shared_task
def draw_waiting() -> None:
    """This will draw the editions nobody has drawn: the queue was away, or a worker died over them."""
    for organization in organizations():
        with tenancy.scope(organization):
            waiting = reports.waiting(organization)
        for report_id in waiting:
            draw(str(organization), str(report_id))
