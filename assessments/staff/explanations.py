"""How a figure of an assessment's result came about, as staff check it before and after releasing it."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.models import Assessment
from assessments.results import explanations
from library.versions import document_of
from portal.web.pages import page

TEMPLATE = "assessments/staff/explanation.html"


@staff_view(Can.FOLLOW_ANSWERS)
def explanation(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, score: str) -> HttpResponse:
    """This will explain a score of a submitted assessment in words and figures."""
    run = _submitted(viewer, assessment)
    explained = explanations.of_score(
        run, document_of(run.version), score, with_answers=True, as_submitted=_as_submitted(request)
    )
    if explained is None:
        raise Http404
    context = {
        "explained": explained,
        "with_answers": True,
        "questions_base": "" if _as_submitted(request) else f"{request.path}questions/",
        "as_submitted": _as_submitted(request),
    }
    return page(request, TEMPLATE, context | _around(run, explained.name), swap="dialog")


@staff_view(Can.FOLLOW_ANSWERS)
def answer_explanation(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, score: str, question: str
) -> HttpResponse:
    """This will explain what an answer is worth in a score."""
    run = _submitted(viewer, assessment)
    answer = explanations.of_answer(run, document_of(run.version), score, question)
    if answer is None:
        raise Http404
    return page(request, TEMPLATE, {"answer": answer, **_around(run, answer.name)}, swap="dialog")


def _submitted(viewer: Viewer, assessment: uuid.UUID) -> Assessment:
    rows = Assessment.objects.visible_to(viewer).select_related("account", "version", "result")
    run = get_object_or_404(rows.defer("version__document"), pk=assessment)
    if run.is_open or getattr(run, "result", None) is None:
        # A reopened run still has the result of before, which no page shows.
        raise Http404
    return run


def _around(run: Assessment, name: str) -> dict[str, Any]:
    results = reverse("staff:assessment", args=[run.account_id, run.pk])
    return {
        "assessment": run,
        "figure": name,
        "results_url": results,
        "scores_base": f"{results}scores/",
        "breadcrumbs": [
            {"label": _("Accounts"), "url": reverse("staff:accounts")},
            {"label": run.account.name, "url": reverse("staff:account_overview", args=[run.account_id])},
            {"label": run.name, "url": results},
            {"label": _("How it came about")},
        ],
    }


def _as_submitted(request: HttpRequest) -> bool:
    """Whether the figure before the assessor's review is meant."""
    return request.GET.get("as") == "submitted"
