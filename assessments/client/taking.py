"""One question on one page: what is asked, what stands as its answer, and saving another."""

import uuid
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments import taking
from assessments.actions import answers
from assessments.actions.assessments import WrongStatus
from assessments.models import Answer, Assessment
from library.answers import ISO_DATE, InvalidAnswer
from library.document import Question
from library.versions import document_of
from portal.web import markdown
from portal.web.pages import go, page, wants_fragment

from .taking_input import Typed, words_of

TEMPLATE = "assessments/client/question.html"


def found(viewer: Viewer, assessment: uuid.UUID, *also: str) -> Assessment:
    """This will read an assessment of the page's account with its version, or answer 404. `also`: relations to read."""
    rows = Assessment.objects.visible_to(viewer).select_related("version", "submitted_by", *also)
    rows = rows.defer("version__document")
    run = get_object_or_404(rows, pk=assessment)
    if viewer.account:
        run.account = viewer.account
    return run


@client_view(Can.ANSWER_ASSESSMENTS)
def take(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will lead to where the run goes on: the first open question, the review, what happens next, the results."""
    return redirect(where_it_goes_on(viewer, found(viewer, assessment)))


def where_it_goes_on(viewer: Viewer, run: Assessment) -> str:
    """This will return the address at which an assessment is to be picked up."""
    if run.is_released and viewer.can(Can.VIEW_RESULTS):
        return taking.address("client:results", run)
    if not run.is_open:
        return taking.address("client:submitted", run)
    upcoming = run.progress.get("next", "")
    return taking.question_url(run, upcoming) if upcoming else taking.address("client:review", run)


@client_view(Can.ANSWER_ASSESSMENTS, methods=("GET", "POST"))
def question(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, key: str) -> HttpResponse:
    """This will show one question, or save what was answered to it."""
    run = found(viewer, assessment)
    asked = document_of(run.version).question(key)
    if request.method == "POST":
        return _saved(request, viewer, run, key, Typed.of(request.POST, asked))
    if asked is None:
        raise Http404
    if not run.is_open:
        return _refused(request, viewer, run, key, Typed(), "closed", status=200)
    if taking.is_hidden(run, key):
        return _refused(request, viewer, run, key, Typed(), "not_asked", status=200)
    typed = Typed.again(taking.answer_to(viewer, run, key))
    return page(request, TEMPLATE, _context(viewer, run, asked, typed), swap="question-form")


def _saved(request: HttpRequest, viewer: Viewer, run: Assessment, key: str, typed: Typed) -> HttpResponse:
    asked = document_of(run.version).question(key)
    if typed.resolve == "theirs":
        return go(request, taking.question_url(run, key) if asked and run.is_open else where_it_goes_on(viewer, run))
    if not run.is_open:
        return _refused(request, viewer, run, key, typed, "closed", status=409)
    if asked is None:
        return _refused(request, viewer, run, key, typed, "not_asked", status=422)
    try:
        saved = _save(viewer, run, key, typed)
    except InvalidAnswer as error:
        return _invalid(request, viewer, run, asked, typed, error.message)
    except answers.NotAsked:
        return _refused(request, viewer, run, key, typed, "not_asked", status=422)
    except WrongStatus as error:
        return _refused(request, viewer, error.assessment, key, typed, "closed", status=409)
    if saved.conflict:
        return _conflict(request, viewer, saved, asked, typed)
    return _stored(request, viewer, saved, key) if wants_fragment(request) else _onward(request, saved, key, typed)


def _save(viewer: Viewer, run: Assessment, key: str, typed: Typed) -> answers.Saved:
    save = answers.keep_both if typed.resolve == "both" else answers.save
    return save(
        by=viewer,
        assessment=run,
        question_key=key,
        state=typed.state,
        raw=typed.raw,
        comment=typed.comment,
        seen_revision=typed.revision,
    )


def _stored(request: HttpRequest, viewer: Viewer, saved: answers.Saved, key: str) -> HttpResponse:
    """The answer to an autosave: the new revision, and the parts of the frame that count."""
    run, document = saved.assessment, document_of(saved.assessment.version)
    context = {
        "run": taking.run_of(viewer, run, document, at=key),
        "place": taking.place_of(document, run, key),
        "asked": document.question(key),
        "section_name": taking.section_name(document, key),
    }
    response = page(request, TEMPLATE, context, swap="saved")
    response["X-Answer-Revision"] = str(saved.revision)
    response["X-Progress"] = f"{run.answered_count}/{run.question_count}"
    return response


def _onward(request: HttpRequest, saved: answers.Saved, key: str, typed: Typed) -> HttpResponse:
    run = saved.assessment
    place = taking.place_of(document_of(run.version), run, key)
    stays = typed.resolve or typed.go == "clear"
    to = key if stays else (place.previous or key) if typed.go == "back" else place.next
    return go(request, taking.question_url(run, to) if to else taking.address("client:review", run))


def _invalid(
    request: HttpRequest, viewer: Viewer, run: Assessment, asked: Question, typed: Typed, message: str
) -> HttpResponse:
    # The summary takes the focus; while somebody types, the message at the field has to do.
    problems = [] if wants_fragment(request) else [{"message": message, "target": "answer"}]
    context = _context(viewer, run, asked, typed) | {"error": message, "problems": problems, "has_errors": True}
    return page(request, TEMPLATE, context, swap="question-form", status=422)


def _conflict(
    request: HttpRequest, viewer: Viewer, saved: answers.Saved, asked: Question, typed: Typed
) -> HttpResponse:
    theirs = cast(Answer, saved.answer)
    conflict = {
        "name": theirs.answered_by.name if theirs.answered_by else "",
        "is_own": theirs.answered_by == viewer.user,
        "at": theirs.updated_at,
        "theirs": words_of(asked, theirs),
        "their_comment": theirs.comment,
        "mine": typed.words(asked),
        "revision": saved.revision,
    }
    context = _context(viewer, saved.assessment, asked, typed) | {"conflict": conflict}
    return page(request, TEMPLATE, context, swap="question-form", status=409)


def _refused(
    request: HttpRequest, viewer: Viewer, run: Assessment, key: str, typed: Typed, why: str, status: int
) -> HttpResponse:
    """The page of an answer that cannot be taken here: it says why, and shows what was typed for copying."""
    document = document_of(run.version)
    asked = document.question(key)
    context = {
        "run": taking.run_of(viewer, run, document, at=key if asked else ""),
        "asked": asked,
        "why_refused": why,
        "submitted_by": run.submitted_by.name if run.submitted_by else "",
        "submitted_at": run.submitted_at,
        "typed": typed,
        "typed_words": typed.words(asked),
        "continue_url": taking.address("client:take", run),
        "question_url": taking.question_url(run, key),
        "has_errors": status >= 400,
    }
    return page(request, TEMPLATE, context, swap="question-form", status=status)


def _context(viewer: Viewer, run: Assessment, asked: Question, typed: Typed) -> dict[str, Any]:
    document = document_of(run.version)
    place = taking.place_of(document, run, asked.key)
    cards, state_cards = taking.cards_of(asked, typed.values), taking.state_cards_of(asked, typed.states)
    keys = [card.key for card in (*cards, *state_cards) if card.key]
    return {
        "run": taking.run_of(viewer, run, document, at=asked.key, others=True),
        "asked": asked,
        "section_name": taking.section_name(document, asked.key),
        "hint": taking.hint_of(asked),
        "help": markdown.render(asked.help) if asked.help else "",
        "why": markdown.render(asked.why) if asked.why else "",
        "input_type": _input_type(asked, typed),
        "can_clear": asked.type in taking.RADIO_TYPES or asked.type == "date",
        "place": place,
        "cards": cards,
        "state_cards": state_cards,
        "is_scale": asked.type == "scale",
        "first_key": keys[0] if keys else "",
        "last_key": keys[-1] if keys else "",
        "no_keys": not keys or viewer.is_preview,
        "typed": typed,
        "question_url": taking.question_url(run, asked.key),
        "back_url": taking.question_url(run, place.previous) if place.previous else "",
        "next_url": taking.question_url(run, place.next) if place.next else taking.address("client:review", run),
    }


def _input_type(asked: Question, typed: Typed) -> str:
    # A date field drops what is no date; what somebody typed must stay to be seen.
    is_date = asked.type == "date" and not (typed.values and not ISO_DATE.match(typed.values[0]))
    return "date" if is_date else "text"
