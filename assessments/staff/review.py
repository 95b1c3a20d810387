"""One assessment as the account's staff follow it: progress, answers as they come, the result, releasing, reopening."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments import answer_sheet, attention, downloads, history, recommended, respondents
from assessments.actions import assessments
from assessments.models import Assessment, Upload
from assessments.outcome import outcome_of
from library.versions import document_of
from portal.web.pages import go, page, wants_fragment

from .upgrades import version_offered

TEMPLATE = "assessments/staff/assessment.html"


class ReopeningForm(forms.Form):
    """Why a submitted assessment is to be answered again; the client reads it."""

    reason = forms.CharField(
        label=gettext_lazy("What should they look at again?"),
        help_text=gettext_lazy("The client sees this above the answers."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@staff_view(Can.FOLLOW_ANSWERS)
def assessment(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show how far the run is, every answer with who gave it, and the result once there is one."""
    run = _found(viewer, assessment)
    if wants_fragment(request) and not run.is_open:
        # The page that asks still follows answers; there is a result to look at now.
        return go(request, _address("staff:assessment", run))
    return page(request, TEMPLATE, _context(viewer, run, ReopeningForm()), swap="progress")


@staff_view(Can.RELEASE_RESULTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def release(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show the result to the client."""
    run = _found(viewer, assessment)
    try:
        assessments.release(by=viewer, assessment=run)
    except assessments.WrongStatus as error:
        return _too_late(request, viewer, error.assessment.pk)
    released = _("Released. %(account)s can see the results now.") % {"account": run.account.name}
    return go(request, _address("staff:assessment", run), toast=released)


@staff_view(Can.RELEASE_RESULTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def reopening(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will let the client answer again, for a stated reason."""
    run = _found(viewer, assessment)
    form = ReopeningForm(request.POST)
    if not form.is_valid():
        return page(request, TEMPLATE, _context(viewer, run, form), swap="reopening", status=422)
    try:
        assessments.reopen(by=viewer, assessment=run, reason=form.cleaned_data["reason"])
    except assessments.WrongStatus as error:
        return _too_late(request, viewer, error.assessment.pk)
    return go(
        request,
        _address("staff:assessment", run),
        toast=_("Reopened. The result is hidden until it is submitted again."),
    )


@staff_view(Can.FOLLOW_ANSWERS)
def upload(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, upload: uuid.UUID) -> HttpResponse:
    """This will send a file that was given with an answer."""
    run = _found(viewer, assessment)
    standing = Upload.objects.visible_to(viewer).filter(assessment=run).standing().exclude(file="")
    return downloads.attachment(get_object_or_404(standing, pk=upload))


def _found(viewer: Viewer, assessment: uuid.UUID) -> Assessment:
    rows = Assessment.objects.visible_to(viewer).select_related(
        "account", "version", "definition__published_version", "result", "created_by", "submitted_by", "released_by",
        "last_saved_by",
    )  # fmt: skip
    rows = rows.defer("version__document", "definition__published_version__document")
    return get_object_or_404(rows, pk=assessment)


def _too_late(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    context = _context(viewer, _found(viewer, assessment), ReopeningForm()) | {"is_too_late": True}
    return page(request, TEMPLATE, context, swap="progress", status=409)


def _context(viewer: Viewer, run: Assessment, form: ReopeningForm) -> dict[str, Any]:
    document = document_of(run.version)
    parts = answer_sheet.parts_of(run, document, files="staff:upload")
    result = getattr(run, "result", None) if not run.is_open else None
    runs = history.released_runs(viewer, run, "staff:assessment") if result else []
    may_release = viewer.can(Can.RELEASE_RESULTS)
    return {
        "assessment": run,
        "document": document,
        "newer": version_offered(run) if viewer.can(Can.CREATE_ASSESSMENTS) else None,
        "upgrade_url": _address("staff:assessment_upgrade", run),
        "people": respondents.people_of(viewer, run),
        "parts": parts,
        "counts": answer_sheet.counts_of(parts),
        "is_late": attention.is_overdue(run) or attention.is_not_started_too_long(run),
        "outcome": outcome_of(result, document, run.account.industry) if result else None,
        "recommendations": recommended.of_result(result, document, with_answers=True) if result else [],
        "scores_base": f"{_address('staff:assessment', run)}scores/",
        "runs": runs,
        "line": history.line_of(runs),
        "change": history.change_of(runs),
        "reopening": history.reopening_of(viewer, run),
        "form": form,
        "url": _address("staff:assessment", run),
        "release_url": _address("staff:release", run) if may_release and run.status == "results_review" else "",
        "reopening_url": _address("staff:reopening", run) if may_release and not run.is_open else "",
        "breadcrumbs": [
            {"label": _("Accounts"), "url": reverse("staff:accounts")},
            {"label": run.account.name, "url": reverse("staff:account_overview", args=[run.account_id])},
            {"label": _("Assessments"), "url": reverse("staff:account_assessments", args=[run.account_id])},
            {"label": run.name},
        ],
    }


def _address(name: str, run: Assessment) -> str:
    return reverse(name, args=[run.account_id, run.pk])
