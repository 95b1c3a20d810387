"""How the respondents of an independent run agree, and the answers made of theirs."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import assessments, combining
from assessments.models import Assessment, Combination, Respondent, Status
from assessments.review import agreement
from library.versions import document_of
from portal.web.pages import go, page

from .run_frame import frame, run_at

TEMPLATE = "assessments/staff/run_spread.html"


class CombinationForm(forms.Form):
    """How the answers become one set."""

    how = forms.ChoiceField(label=gettext_lazy("For each question, take"), choices=Combination.choices)
    only_finished = forms.BooleanField(
        label=gettext_lazy("Count only people who have finished"), required=False, initial=True
    )


@staff_view(Can.FOLLOW_ANSWERS)
def run_spread(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will set all answers to each question side by side: mean, spread, who stands apart."""
    run = _run(viewer, assessment)
    form = CombinationForm(initial={"how": run.combination, "only_finished": True})
    return page(request, TEMPLATE, _context(request, viewer, run, form), swap="spread")


@staff_view(Can.RELEASE_RESULTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def combination(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will make one set of answers and compute the result from it; an open run goes to review by it."""
    run = _run(viewer, assessment)
    form = CombinationForm(request.POST)
    if form.is_valid() and (done := _combine(viewer, run, form)):
        toast = _("Combined. The result is computed from these answers.")
        return go(request, reverse("staff:run_spread", args=[run.account_id, done.pk]), toast=toast)
    return page(request, TEMPLATE, _context(request, viewer, run, form), swap="spread", status=422)


def _combine(viewer: Viewer, run: Assessment, form: CombinationForm) -> Assessment | None:
    try:
        return combining.combine(by=viewer, assessment=run, **form.cleaned_data)
    except combining.NothingToCombine:
        form.add_error(None, _("Nobody has finished yet. Count unfinished people as well, or wait."))
    except assessments.WrongStatus:
        form.add_error(None, _("The results are released: reopen the assessment to combine anew."))
    return None


def _run(viewer: Viewer, assessment: uuid.UUID) -> Assessment:
    run = run_at(viewer, assessment)
    if not run.is_independent:
        raise Http404
    return run


def _context(request: HttpRequest, viewer: Viewer, run: Assessment, form: CombinationForm) -> dict[str, Any]:
    order = request.GET.get("sort", "")
    only_finished = request.GET.get("who") == "finished"
    lines = agreement.lines(viewer, run, document_of(run.version), only_finished=only_finished)
    if order == "disagreement":
        lines.sort(key=lambda line: -line.width)
    people = Respondent.objects.visible_to(viewer).filter(assessment=run)
    return frame(viewer, run, "staff:run_spread") | {
        "lines": lines,
        "order": order,
        "only_finished": only_finished,
        "people": people.count(),
        "finished": people.exclude(submitted_at=None).count(),
        "form": form,
        "may_combine": viewer.can(Can.RELEASE_RESULTS) and (run.is_open or run.status == Status.RESULTS_REVIEW),
        "url": reverse("staff:run_spread", args=[run.account_id, run.pk]),
        "combination_url": reverse("staff:combination", args=[run.account_id, run.pk]),
    }
