"""The reports of an account, as its clients read them: released, enabled, frozen."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.actions import reports as report_actions
from assessments.reports import delivery, editions, printing, screen
from portal.web.pages import go, page, wants_fragment
from portal.web.pagination import paginate


@client_view(Can.VIEW_REPORTS)
def reports(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the newest edition of every report the account has; earlier ones stand on its page."""
    newest = editions.latest_of(editions.for_client(viewer).order_by()).values("pk")
    rows = editions.for_client(viewer).filter(pk__in=newest).defer("content")
    found = paginate(rows, request)
    context = {
        "page": found,
        "rows": [(report, printing.state_of(report)) for report in found.items],
        "has_enabled": bool(editions.enabled_in(viewer)),
    }
    return page(request, "assessments/client/reports.html", context)


@client_view(Can.VIEW_REPORTS)
def report(request: HttpRequest, viewer: Viewer, report: uuid.UUID) -> HttpResponse:
    """This will show an edition; one of a result that is not released, or not enabled, does not exist."""
    found = get_object_or_404(editions.for_client(viewer), pk=report)
    content = editions.shown_to(viewer, found)
    if not wants_fragment(request):
        report_actions.note_view(by=viewer, report=found, format="screen")
    context = {
        "report": found,
        "state": printing.state_of(found),
        "content": content,
        "sections": screen.sections_of(content),
        "others": editions.for_client(viewer)
        .filter(assessment=found.assessment_id, template=found.template_id)
        .defer("content"),
        "breadcrumbs": [
            {"label": _("Reports"), "url": reverse("client:reports", args=[found.account_id])},
            {"label": found.template_name},
        ],
    }
    return page(request, "assessments/client/report.html", context, swap="downloads")


@client_view(Can.VIEW_REPORTS)
def report_file(request: HttpRequest, viewer: Viewer, report: uuid.UUID, ending: str) -> HttpResponse:
    """This will send an edition as a file, with what the viewer may read of it."""
    found = get_object_or_404(editions.for_client(viewer), pk=report)
    with_answers = editions.may_read_answers(viewer, found.assessment)
    content = editions.for_reader(found, with_answers=with_answers)
    try:
        response = delivery.answer(found, content, ending, with_answers=with_answers)
    except delivery.NotReady:
        return go(
            request, "client:report", toast=_("The PDF is not ready yet."), account=found.account_id, report=report
        )
    report_actions.note_view(by=viewer, report=found, format=ending)
    return response
