"""Reports of a run, for staff: making editions, reading them, sending them as files."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import reports
from assessments.models import Assessment, Report
from assessments.reports import delivery, editions, printing, screen
from portal.web.pages import go, page, wants_fragment

from .run_frame import frame, run_at


@staff_view(Can.PREPARE_REPORTS)
def run_reports(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will list the editions of a run's reports, and offer to make one."""
    run = run_at(viewer, assessment, "result")
    listed = editions.listed(editions.for_staff(viewer).filter(assessment=run))
    context = {
        **frame(viewer, run, "staff:run_reports"),
        "editions": listed,
        "is_waiting": any(edition.state == "being_made" for edition in listed),
        "offers": _offers(viewer, run),
        "has_result": getattr(run, "result", None) is not None,
    }
    return page(request, "assessments/staff/run_reports.html", context, swap="editions")


def _is_enabled(viewer: Viewer, assessment: uuid.UUID, template: uuid.UUID) -> bool:
    """Whether a client may know of such a report at all (decision D16)."""
    runs = Assessment.objects.visible_to(viewer).filter(pk=assessment)
    return any(run.is_released for run in runs) and editions.is_enabled(viewer, template)


@staff_view(Can.PREPARE_REPORTS, methods=("POST",), seen_by=Can.VIEW_REPORTS, where=_is_enabled)
def report_making(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, template: uuid.UUID) -> HttpResponse:
    """This will make an edition, or say that nothing has changed since the last one."""
    run = run_at(viewer, assessment)
    found = get_object_or_404(editions.templates_of(viewer), pk=template)
    words = {"name": found.name}
    try:
        made = reports.make(by=viewer, assessment=run, template=found)
    except reports.NoResult:
        toast = _("There is no result to report yet.")
    except reports.NotActive:
        toast = _("“%(name)s” is not active any more.") % words
    else:
        words["number"] = str(made.report.edition)
        is_made = _("Edition %(number)s of “%(name)s” is made.")
        is_same = _("Nothing has changed since edition %(number)s of “%(name)s”.")
        toast = (is_made if made.is_new else is_same) % words
    return go(request, "staff:run_reports", toast=toast, account=run.account_id, assessment=run.pk)


@staff_view(Can.PREPARE_REPORTS)
def report(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, report: uuid.UUID) -> HttpResponse:
    """This will show an edition as it is, whole; that somebody looked is noted."""
    run = run_at(viewer, assessment)
    found = edition_at(viewer, run, report)
    if not wants_fragment(request):
        reports.note_view(by=viewer, report=found, format="screen")
    context = {
        **frame(viewer, run, "staff:run_reports", here=_title(found)),
        "report": found,
        "state": printing.state_of(found),
        "content": found.content,
        "sections": screen.sections_of(found.content),
    }
    return page(request, "assessments/staff/report.html", context, swap="downloads")


@staff_view(Can.PREPARE_REPORTS)
def report_file(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, report: uuid.UUID, ending: str
) -> HttpResponse:
    """This will send an edition as a file."""
    run = run_at(viewer, assessment)
    found = edition_at(viewer, run, report)
    try:
        response = delivery.answer(found, found.content, ending, with_answers=True)
    except delivery.NotReady:
        return go(
            request,
            "staff:run_reports",
            toast=_("The PDF is not ready yet."),
            account=run.account_id,
            assessment=run.pk,
        )
    reports.note_view(by=viewer, report=found, format=ending)
    return response


@staff_view(Can.PREPARE_REPORTS, methods=("POST",))
def report_drawing(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, report: uuid.UUID) -> HttpResponse:
    """This will have the PDF of an edition made again, after it failed."""
    run = run_at(viewer, assessment)
    reports.draw_again(by=viewer, report=edition_at(viewer, run, report))
    return go(
        request, "staff:run_reports", toast=_("The PDF is being made."), account=run.account_id, assessment=run.pk
    )


def edition_at(viewer: Viewer, run: Assessment, report: uuid.UUID) -> Report:
    """This will read an edition of a run with all that is in it, or answer 404."""
    rows = Report.objects.visible_to(viewer).filter(assessment=run)
    found = rows.select_related("assessment", "account", "made_by").defer("made_by__password").filter(pk=report).first()
    if found is None:
        raise Http404
    return found


def _title(report: Report) -> str:
    return _("%(name)s, edition %(number)s") % {"name": report.template_name, "number": report.edition}


def _offers(viewer: Viewer, run: Assessment) -> list[dict[str, Any]]:
    """The active templates, the account's own first, with the last edition of each."""
    enabled, last = editions.enabled_in(viewer), editions.last_made(viewer, run)
    offers = [
        {
            "template": template,
            "is_enabled": template.pk in enabled,
            "last": last.get(template.pk),
            "url": reverse("staff:report_making", args=[run.account_id, run.pk, template.pk]),
        }
        for template in editions.templates_of(viewer).filter(is_active=True)
    ]
    return sorted(offers, key=lambda offer: not offer["is_enabled"])
