"""One question on one page: what is asked, what stands as its answer, and saving another."""

import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments import attachments, taking
from assessments.actions import answers
from assessments.actions.assessments import WrongStatus
from assessments.models import Answer, Assessment, Purpose
from library import answer_control
from library.answers import InvalidAnswer
from library.document import Question
from library.versions import document_of
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
        return saved(request, viewer, run, key, Typed.of(request.POST, asked))
    if asked is None:
        raise Http404
    if not run.is_open:
        return _refused(request, viewer, run, key, Typed(), "closed", status=200)
    if taking.is_hidden(run, key):
        return _refused(request, viewer, run, key, Typed(), "not_asked", status=200)
    typed = Typed.again(taking.answer_to(viewer, run, key))
    return page(request, TEMPLATE, context_of(viewer, run, asked, typed), swap="question-form")


def saved(request: HttpRequest, viewer: Viewer, run: Assessment, key: str, typed: Typed) -> HttpResponse:
    """This will save what was typed and lead on; or answer with the question's page and what is the matter with it."""
    asked = document_of(run.version).question(key)
    if typed.resolve == "theirs":
        return go(request, taking.question_url(run, key) if asked and run.is_open else where_it_goes_on(viewer, run))
    if not run.is_open:
        return _refused(request, viewer, run, key, typed, "closed", status=409)
    if asked is None:
        return _refused(request, viewer, run, key, typed, "not_asked", status=422)
    try:
        stored = _save(viewer, run, key, typed)
    except InvalidAnswer as error:
        return _invalid(request, viewer, run, asked, typed, error.message)
    except answers.NotAsked:
        return _refused(request, viewer, run, key, typed, "not_asked", status=422)
    except WrongStatus as error:
        return _refused(request, viewer, error.assessment, key, typed, "closed", status=409)
    if stored.conflict:
        return _conflict(request, viewer, stored, asked, typed)
    return _stored(request, viewer, stored, key) if wants_fragment(request) else _onward(request, stored, key, typed)


def refused(request: HttpRequest, viewer: Viewer, run: Assessment, key: str, typed: Typed) -> HttpResponse:
    """This will answer to what comes too late or for a question that is not asked: why, and what was typed."""
    why, status = ("not_asked", 422) if run.is_open else ("closed", 409)
    return _refused(request, viewer, run, key, typed, why, status)


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
    asked = document.question(key)
    context = {
        "run": taking.run_of(viewer, run, document, at=key),
        "place": taking.place_of(document, run, key),
        "asked": asked,
        "is_required": asked is not None and taking.is_required(run, asked),
        "section_name": taking.section_name(document, key),
    }
    response = page(request, TEMPLATE, context, swap="saved")
    response["X-Answer-Revision"] = str(saved.revision)
    response["X-Progress"] = f"{run.answered_count}/{run.question_count}"
    return response


def _onward(request: HttpRequest, saved: answers.Saved, key: str, typed: Typed) -> HttpResponse:
    run = saved.assessment
    place = taking.place_of(document_of(run.version), run, key)
    stays = typed.resolve or typed.go in ("clear", "stay")
    to = key if stays else (place.previous or key) if typed.go == "back" else place.next
    return go(request, taking.question_url(run, to) if to else taking.address("client:review", run))


def _invalid(
    request: HttpRequest, viewer: Viewer, run: Assessment, asked: Question, typed: Typed, message: str
) -> HttpResponse:
    # The summary takes the focus; while somebody types, the message at the field has to do.
    problems = [] if wants_fragment(request) else [{"message": message, "target": "answer"}]
    context = context_of(viewer, run, asked, typed, message) | {"problems": problems, "has_errors": True}
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
    context = context_of(viewer, saved.assessment, asked, typed) | {"conflict": conflict}
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


def context_of(
    viewer: Viewer, run: Assessment, asked: Question, typed: Typed, error: str = "",
    file_errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """This will gather the page of a question as it is typed; `error` stands at the answer, `file_errors` at the files
    of a purpose."""
    document = document_of(run.version)
    place = taking.place_of(document, run, asked.key)
    files_of = {
        purpose: attachments.of_question(viewer, run, asked, purpose, (file_errors or {}).get(purpose, ""))
        for purpose in Purpose
    }
    control = answer_control.of(
        asked, typed.answer, disabled=viewer.is_preview, error=error, files=files_of[Purpose.ANSWER]
    )
    return {
        "run": taking.run_of(viewer, run, document, at=asked.key, others=True),
        "asked": asked,
        "control": control,
        "files_of": files_of,
        "evidence": files_of[Purpose.EVIDENCE],
        "is_required": taking.is_required(run, asked),
        "section_name": taking.section_name(document, asked.key),
        "place": place,
        "no_keys": not control["has_keys"] or viewer.is_preview,
        "typed": typed,
        "question_url": taking.question_url(run, asked.key),
        "back_url": taking.question_url(run, place.previous) if place.previous else "",
        "next_url": taking.question_url(run, place.next) if place.next else taking.address("client:review", run),
    }
