"""Which editions there are, for staff and for clients, and what a reader may see of one."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from accounts.viewer import Viewer
from assessments.models import Assessment, EnabledReport, Mode, Report, ReportTemplate, ReportView, Respondent, Status

from . import content, printing

RELEASED = Q(
    is_released=True,
    assessment__status=Status.CLOSED,
    assessment__released_at__isnull=False,
    assessment__deleted_at=None,
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as lists show it. `state` is how far its document is; `is_newest` of its report."""

    report: Report
    state: str
    views: int
    links: int
    is_newest: bool


def for_staff(viewer: Viewer) -> QuerySet[Report]:
    """This will return the editions of every account the viewer may see, without what is in them."""
    rows = Report.objects.visible_to(viewer).filter(assessment__deleted_at=None)
    return rows.select_related("assessment", "made_by").defer("content", "made_by__password")


def for_client(viewer: Viewer) -> QuerySet[Report]:
    """This will return the editions a client of the account may see: released, of a report that is enabled, newest
    first."""
    enabled = EnabledReport.objects.visible_to(viewer).values("template")
    rows = Report.objects.visible_to(viewer).filter(RELEASED, template__in=enabled)
    return rows.select_related("assessment").order_by("-created_at", "-id")


def enabled_in(viewer: Viewer) -> set[uuid.UUID]:
    """This will return the templates enabled for the account of the page."""
    return set(EnabledReport.objects.visible_to(viewer).values_list("template_id", flat=True))


def is_enabled(viewer: Viewer, template: uuid.UUID) -> bool:
    return EnabledReport.objects.visible_to(viewer).filter(template=template).exists()


def templates_of(viewer: Viewer) -> QuerySet[ReportTemplate]:
    """This will return the templates of the organization, the default first."""
    return ReportTemplate.objects.visible_to(viewer).order_by("-is_default", "name")


def listed(rows: QuerySet[Report]) -> list[Edition]:
    """This will make editions ready for a list, newest first, in two queries."""
    found = rows.order_by("-created_at", "-id").annotate(
        seen=Count("views", distinct=True), open_links=Count("links", filter=Q(links__revoked_at=None), distinct=True)
    )
    runs = rows.order_by().values("assessment")
    newest = set(latest_of(Report.objects.filter(assessment__in=runs)).values_list("pk", flat=True))
    return [Edition(row, printing.state_of(row), row.seen, row.open_links, row.pk in newest) for row in found]


def latest_of(rows: QuerySet[Report]) -> QuerySet[Report]:
    """This will keep the newest edition of each report of each run."""
    return rows.order_by("assessment", "template", "-edition").distinct("assessment", "template")


def views_of(viewer: Viewer, report: Report) -> QuerySet[ReportView]:
    """This will return who looked at an edition, last first."""
    rows = ReportView.objects.visible_to(viewer).filter(report=report).select_related("user", "link__created_by")
    return rows.defer("user__password", "link__created_by__password").order_by("-created_at", "-id")


def may_read_answers(viewer: Viewer, assessment: Assessment) -> bool:
    """This will say whether the viewer may read the run's single answers: staff; of the client who took part in a shared
    run, in all of it (decision D6)."""
    if viewer.is_staff:
        return True
    person = viewer.person
    if person is None or assessment.mode != Mode.SHARED:
        return False
    rows = Respondent.objects.visible_to(viewer).filter(assessment=assessment, user=person, stopped_at=None)
    return rows.filter(sections=[]).exists()


def shown_to(viewer: Viewer, report: Report) -> Mapping[str, Any]:
    """This will return the content of an edition as far as the viewer may read it."""
    return for_reader(report, with_answers=may_read_answers(viewer, report.assessment))


def for_reader(report: Report, *, with_answers: bool) -> Mapping[str, Any]:
    """This will return the content of an edition, without the single answers unless they may be read."""
    if with_answers or not content.tells_answers(report.content):
        return report.content
    return content.without_answers(report.content)


def last_made(viewer: Viewer, assessment: Assessment) -> dict[uuid.UUID, int]:
    """This will return the number of the last edition of each template for a run."""
    rows = Report.objects.visible_to(viewer).filter(assessment=assessment, template__isnull=False)
    return dict(rows.values_list("template").annotate(last=Max("edition")).order_by())
