"""The end of answering: looking everything over, submitting once, and what happens next."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments import answer_sheet, history, taking
from assessments.actions import assessments
from assessments.models import Assessment
from library.versions import document_of
from portal.web.pages import go

from .taking import found, where_it_goes_on


@client_view(Can.ANSWER_ASSESSMENTS)
def review(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show every question with its answer, and first of all what is missing."""
    run = found(viewer, assessment)
    if not run.is_open:
        return redirect(where_it_goes_on(viewer, run))
    return _review(request, viewer, run)


@client_view(Can.ANSWER_ASSESSMENTS, methods=("POST",))
def submission(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will submit the assessment; when somebody already did, it leads to the same place."""
    run = found(viewer, assessment)
    try:
        run = assessments.submit(by=viewer, assessment=run)
    except assessments.AnswersMissing as error:
        return _review(request, viewer, run, problems=_problems(run, error.keys), status=422)
    except assessments.WrongStatus as error:
        run = error.assessment
    return go(request, taking.address("client:submitted", run))


@client_view(Can.ANSWER_ASSESSMENTS)
def submitted(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will say what happens next and by whom, or that the results are there."""
    run = found(viewer, assessment)
    if run.is_open:
        return redirect(where_it_goes_on(viewer, run))
    document = document_of(run.version)
    context = {
        "run": taking.run_of(viewer, run, document),
        "assessment": run,
        "results_url": taking.address("client:results", run) if viewer.can(Can.VIEW_RESULTS) else "",
    }
    return render(request, "assessments/client/submitted.html", context)


def _review(
    request: HttpRequest,
    viewer: Viewer,
    run: Assessment,
    problems: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    document = document_of(run.version)
    parts = answer_sheet.parts_of(run, document)
    context = {
        "run": taking.run_of(viewer, run, document),
        "assessment": run,
        "parts": parts,
        "missing": [line for part in parts for line in part.lines if line.is_missing],
        "counts": answer_sheet.counts_of(parts),
        "reopening": history.reopening_of(viewer, run),
        "is_instant": document.instant_results,
        "back_url": parts[-1].lines[-1].url if parts else "",
        "submission_url": taking.address("client:submission", run),
        "problems": problems,
        "has_errors": bool(problems),
    }
    return render(request, "assessments/client/review.html", context, status=status)


def _problems(run: Assessment, keys: list[str]) -> list[dict[str, str]]:
    """One line of the error summary for each question that needs an answer."""
    document = document_of(run.version)
    asked = [question for key in keys if (question := document.question(key))]
    return [{"text": question.text, "url": taking.question_url(run, question.key)} for question in asked]
