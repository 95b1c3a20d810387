"""Sharing an edition: links for people without a login, and who looked when."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.staff.taking_back import take_back
from accounts.viewer import Viewer
from assessments.actions import report_links
from assessments.models import Assessment, Report, ReportLink
from assessments.reports import content, editions
from portal.web import toasts
from portal.web.pages import go, page

from .report_views import edition_at
from .run_frame import frame, run_at

LINKS_SHOWN = 50
VIEWS_SHOWN = 50


class LinkForm(forms.Form):
    """How long a link works."""

    days = forms.IntegerField(
        label=gettext_lazy("Days it works"), min_value=1, max_value=report_links.LONGEST, initial=14
    )


@staff_view(Can.PREPARE_REPORTS, methods=("GET", "POST"))
def report_sharing(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, report: uuid.UUID) -> HttpResponse:
    """This will list the links of an edition and who looked at it, and make a link: its address is shown this once."""
    run = run_at(viewer, assessment)
    found = edition_at(viewer, run, report)
    form, token = LinkForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _link, token = report_links.create(by=viewer, report=found, days=form.cleaned_data["days"])
            form = LinkForm()
        except report_links.NotReleased:
            form.add_error(None, _("Only an edition of a released result can be shared."))
    context = _context(viewer, run, found) | {
        "form": form,
        "new_url": request.build_absolute_uri(reverse("shared_report", args=[token])) if token else "",
    }
    status = 422 if form.errors else 200
    response = page(request, "assessments/staff/report_sharing.html", context, swap="links", status=status)
    # The token stands on this page only.
    response["Cache-Control"] = "no-store, private"
    return response


@staff_view(Can.PREPARE_REPORTS, methods=("POST",))
def report_link_revocation(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, report: uuid.UUID, link: uuid.UUID
) -> HttpResponse:
    """This will end a link at once."""
    run = run_at(viewer, assessment)
    step = report_links.revoke(by=viewer, link=_link_at(viewer, run, report, link))
    ids = [run.account_id, run.pk, report, link]
    undo = toasts.Undo(reverse("staff:report_link_return", args=[*ids, step.pk])) if step else None
    toasts.keep(request, _("The link no longer works."), undo=undo)
    return go(request, "staff:report_sharing", account=run.account_id, assessment=run.pk, report=report)


@staff_view(Can.PREPARE_REPORTS, methods=("POST",))
def report_link_return(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, report: uuid.UUID, link: uuid.UUID, step: uuid.UUID
) -> HttpResponse:
    """This will let a link work again that was just revoked."""
    run = run_at(viewer, assessment)
    return take_back(
        request,
        lambda: report_links.restore(by=viewer, link=_link_at(viewer, run, report, link), step=step),
        lambda _none: go(
            request, "staff:report_sharing", toast=_("The link works again."), account=run.account_id,
            assessment=run.pk, report=report,
        ),
    )  # fmt: skip


def _context(viewer: Viewer, run: Assessment, report: Report) -> dict[str, Any]:
    links = ReportLink.objects.visible_to(viewer).filter(report=report).select_related("created_by")
    return {
        **frame(viewer, run, "staff:run_reports", here=_("Share")),
        "report": report,
        "may_share": report.is_released and run.is_released,
        "leaves_out_answers": content.tells_answers(report.content),
        "links": links.defer("created_by__password").order_by("-created_at")[:LINKS_SHOWN],
        "views": editions.views_of(viewer, report)[:VIEWS_SHOWN],
        "now": timezone.now(),
    }


def _link_at(viewer: Viewer, run: Assessment, report: uuid.UUID, link: uuid.UUID) -> ReportLink:
    rows = ReportLink.objects.visible_to(viewer).filter(report=report, report__assessment=run)
    return get_object_or_404(rows.select_related("report", "account"), pk=link)
