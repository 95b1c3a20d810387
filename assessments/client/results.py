"""What came out: the score, by section, beside a reference value and earlier runs; what was found and is done about it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import previews
from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.answering import answer_sets, participation
from assessments.models import Assessment
from assessments.results import history, result_page, run_comparison
from library.versions import document_of
from portal.web.pages import page

from .taking import found


@client_view(Can.VIEW_RESULTS)
def results(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show a released result; before the release there is no such page (decision D20)."""
    run = released(viewer, assessment)
    document = document_of(run.version)
    seat = answer_sets.seat_of(viewer, run)
    parts = participation.answers_for(seat, document)
    address = reverse("client:results", args=[run.account_id, run.pk])
    context = {
        **result_page.of(viewer, run, document, "client:results", with_answers=participation.reads_all(seat)),
        "assessment": run,
        "document": document,
        "scores_base": f"{address}scores/",
        "people": participation.named_in(parts)
        if participation.reads_all(seat)
        else participation.who_answered(viewer, run),
        # Colleagues who did not take part see the figures, not who answered what (decision D6).
        "parts": parts,
        "findings_url": f"{reverse('client:findings', args=[run.account_id])}?run={run.pk}&view=all",
        "move_base": f"{reverse('client:findings', args=[run.account_id])}",
        # What a colleague can open, also when staff copy it out of a preview.
        "copy_url": previews.outside(request.path),
        "breadcrumbs": _breadcrumbs(run),
    }
    return render(request, "assessments/client/results.html", context)


@client_view(Can.VIEW_RESULTS)
def comparison(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will set a released result beside an earlier one."""
    run = released(viewer, assessment)
    every = history.released_runs(viewer, run, "client:results")
    runs = history.earlier_than(every)
    chosen = run_comparison.chosen_among(runs, request.GET.get("with", ""))
    if chosen is None and (runs or request.GET.get("with")):
        raise Http404
    context = {
        "assessment": run,
        "runs": runs,
        "line": history.line_of(every),
        "runs_in_line": len(every),
        "chosen": chosen,
        "compared": _compared(viewer, run, chosen.assessment) if chosen else None,
        "here": request.path,
        "results_url": reverse("client:results", args=[run.account_id, run.pk]),
        "breadcrumbs": [*_breadcrumbs(run, leads_on=True), {"label": _("Compared with an earlier run")}],
    }
    return page(request, "assessments/client/comparison.html", context, swap="comparison")


def released(viewer: Viewer, assessment: uuid.UUID) -> Assessment:
    """This will read an assessment with its result, or answer 404 when that is not released."""
    run = found(viewer, assessment, "result", "released_by")
    if not run.is_released:
        raise Http404
    return run


def _compared(viewer: Viewer, run: Assessment, other: Assessment) -> run_comparison.Compared:
    # The answers of both are read by who took part in both.
    with_answers = participation.took_part(viewer, run) and participation.took_part(viewer, other)
    return run_comparison.compare(viewer, run, other, with_answers=with_answers)


def _breadcrumbs(run: Assessment, leads_on: bool = False) -> list[dict[str, str]]:
    results = reverse("client:results", args=[run.account_id, run.pk]) if leads_on else ""
    return [
        {"label": _("Your assessments"), "url": reverse("client:your_assessments", args=[run.account_id])},
        {"label": run.name, "url": results},
    ]
