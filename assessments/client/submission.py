"""The end of answering: looking everything over, submitting once, and what happens next."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.actions import presence, submissions
from assessments.actions.steps import AnswersMissing, WrongStatus
from assessments.answering import answer_sheet, taking
from assessments.answering.answer_sets import Seat
from assessments.results import history
from assessments.review import threads
from library.versions import document_of
from portal.web.pages import go

from . import reading
from .taking import address_at, seated, where_it_goes_on


@client_view(Can.ANSWER_ASSESSMENTS, guests=True)
def review(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show every question with its answer, and first of all what is missing, flagged, not confirmed."""
    seat = seated(viewer, assessment)
    if not seat.is_open:
        return redirect(where_it_goes_on(viewer, seat))
    presence.note(viewer, seat, "")
    return _review(request, viewer, seat)


@client_view(Can.ANSWER_ASSESSMENTS, methods=("POST",), guests=True)
def submission(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will submit the assessment, or this person's part of it; done already, it leads to the same place."""
    seat = seated(viewer, assessment)
    try:
        submissions.submit(by=viewer, assessment=seat.run)
    except AnswersMissing as error:
        return _review(request, viewer, seat, problems=_problems(seat, error.keys), status=422)
    except WrongStatus:
        pass
    return go(request, taking.address("client:submitted", seat.run))


@client_view(Can.ANSWER_ASSESSMENTS, guests=True)
def submitted(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will say what happens next and by whom, or that the results are there."""
    seat = seated(viewer, assessment)
    if seat.is_open:
        return redirect(where_it_goes_on(viewer, seat))
    run = seat.run
    context = {
        "run": taking.run_of(viewer, seat, document_of(run.version)),
        "assessment": run,
        "seat": seat,
        # The whole is submitted, or only this person's part.
        "is_part": run.is_open,
        "asked_url": threads.runs_waiting_for(viewer).get(run.pk, ""),
        "results_url": taking.address("client:results", run) if viewer.can(Can.VIEW_RESULTS) else "",
    }
    return render(request, "assessments/client/submitted.html", context)


@client_view(Can.ANSWER_ASSESSMENTS, guests=True)
def pause(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will tell somebody without a login, who has no other page to go to, that everything is saved."""
    seat = seated(viewer, assessment)
    if not viewer.guest:
        return redirect("client:home", account=seat.run.account_id)
    if not seat.is_open:
        return redirect(where_it_goes_on(viewer, seat))
    context = {
        "run": taking.run_of(viewer, seat, document_of(seat.run.version)),
        "assessment": seat.run,
        "continue_url": where_it_goes_on(viewer, seat, reading.is_whole(request)),
    }
    return render(request, "assessments/client/pause.html", context)


def _review(
    request: HttpRequest, viewer: Viewer, seat: Seat, problems: list[dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    run, document = seat.run, document_of(seat.run.version)
    parts = answer_sheet.parts_of(run, document, respondent=seat.set, sections=seat.sections)
    context = {
        "run": taking.run_of(viewer, seat, document),
        "assessment": run,
        "seat": seat,
        "parts": parts,
        **_attention(seat, parts),
        "counts": answer_sheet.counts_of(parts),
        "reopening": history.reopening_of(viewer, run),
        "is_instant": document.instant_results and not seat.submits_alone,
        "back_url": _back_url(request, seat, parts),
        "submission_url": taking.address("client:submission", run),
        "problems": problems,
        "has_errors": bool(problems),
    }
    return render(request, "assessments/client/review.html", context, status=status)


def _attention(seat: Seat, parts: list[answer_sheet.Part]) -> dict[str, Any]:
    """What somebody wants to look at before submitting."""
    lines = [line for part in parts for line in part.lines]
    flagged = set(seat.own.flagged) if seat.own else set()
    return {
        "missing": [line for line in lines if line.is_missing],
        "flagged": [line for line in lines if line.question.key in flagged],
        "unconfirmed": [line for line in lines if line.last_time],
    }


def _back_url(request: HttpRequest, seat: Seat, parts: list[answer_sheet.Part]) -> str:
    return address_at(seat, parts[-1].lines[-1].question.key, reading.is_whole(request)) if parts else ""


def _problems(seat: Seat, keys: list[str]) -> list[dict[str, str]]:
    """One line of the error summary for each question that needs an answer."""
    document = document_of(seat.run.version)
    asked = [question for key in keys if (question := document.question(key))]
    return [{"text": question.text, "url": taking.question_url(seat.run, question.key)} for question in asked]
