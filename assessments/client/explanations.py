"""How a figure of the results came about: a dialog over the results, or a page of its own."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.answering import participation
from assessments.models import Assessment
from assessments.results import explanations
from library.versions import document_of
from portal.web.pages import page

from .results import released

TEMPLATE = "assessments/client/explanation.html"


@client_view(Can.VIEW_RESULTS)
def explanation(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, score: str) -> HttpResponse:
    """This will explain a score of a released result; with the answers, to those who took part (decision D6)."""
    run = released(viewer, assessment)
    took_part = participation.took_part(viewer, run)
    explained = explanations.of_score(
        run, document_of(run.version), score, with_answers=took_part, as_submitted=_as_submitted(request)
    )
    if explained is None:
        raise Http404
    context = {
        "explained": explained,
        "with_answers": took_part,
        "questions_base": "" if _as_submitted(request) else f"{request.path}questions/",
        "as_submitted": _as_submitted(request),
    }
    return page(request, TEMPLATE, context | _around(run, explained.name), swap="dialog")


@client_view(Can.VIEW_RESULTS)
def answer_explanation(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, score: str, question: str
) -> HttpResponse:
    """This will explain what an answer is worth in a score, to those who took part; to others there is no such page."""
    run = released(viewer, assessment)
    if not participation.took_part(viewer, run):
        raise Http404
    answer = explanations.of_answer(run, document_of(run.version), score, question)
    if answer is None:
        raise Http404
    return page(request, TEMPLATE, {"answer": answer, **_around(run, answer.name)}, swap="dialog")


def _around(run: Assessment, name: str) -> dict[str, Any]:
    results = reverse("client:results", args=[run.account_id, run.pk])
    return {
        "assessment": run,
        "figure": name,
        "results_url": results,
        "scores_base": f"{results}scores/",
        "breadcrumbs": [
            {"label": _("Your assessments"), "url": reverse("client:your_assessments", args=[run.account_id])},
            {"label": run.name, "url": results},
            {"label": _("How it came about")},
        ],
    }


def _as_submitted(request: HttpRequest) -> bool:
    """Whether the figure before the assessor's review is meant."""
    return request.GET.get("as") == "submitted"
