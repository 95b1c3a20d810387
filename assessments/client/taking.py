"""One question on one page: what is asked, what stands as its answer, and saving another."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.actions import answers, flags, presence
from assessments.actions.steps import WrongStatus
from assessments.answering import answer_sheet, attachments, taking
from assessments.answering.answer_sets import Seat, seat_of
from assessments.models import Answer, Assessment, Purpose, Upload
from library import answer_control
from library.answers import InvalidAnswer
from library.document import Question
from library.versions import document_of
from portal.web.pages import go, page, wants_fragment

from . import reading
from .taking_input import Typed, prefix_of, words_of

TEMPLATE = "assessments/client/question.html"


def found(viewer: Viewer, assessment: uuid.UUID, *also: str) -> Assessment:
    """This will read an assessment of the page's account with its version, or answer 404. `also`: relations to read."""
    rows = Assessment.objects.visible_to(viewer).select_related("version", "submitted_by", *also)
    rows = rows.defer("version__document")
    run = get_object_or_404(rows, pk=assessment)
    if viewer.account:
        run.account = viewer.account
    return run


def seated(viewer: Viewer, assessment: uuid.UUID) -> Seat:
    """This will read an assessment and the viewer's place in it, or answer 404."""
    return seat_of(viewer, found(viewer, assessment))


@client_view(Can.ANSWER_ASSESSMENTS, guests=True)
def take(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will lead to where the run goes on: the first open question, the review, what happens next, the results."""
    return redirect(where_it_goes_on(viewer, seated(viewer, assessment), reading.is_whole(request)))


def where_it_goes_on(viewer: Viewer, seat: Seat, whole: bool = False) -> str:
    """This will return the address at which an assessment is to be picked up."""
    run = seat.run
    if run.is_released and viewer.can(Can.VIEW_RESULTS):
        return taking.address("client:results", run)
    if not seat.is_open:
        return taking.address("client:submitted", run)
    upcoming = taking.next_question(document_of(run.version), seat)
    return address_at(seat, upcoming, whole) if upcoming else taking.address("client:review", run)


def address_at(seat: Seat, key: str, whole: bool) -> str:
    """This will return the address of a question: alone, or in its whole section."""
    section = document_of(seat.run.version).section_of(key) if whole else None
    return taking.section_url(seat.run, section.key, key) if section else taking.question_url(seat.run, key)


@client_view(Can.ANSWER_ASSESSMENTS, methods=("GET", "POST"), guests=True)
def question(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, key: str) -> HttpResponse:
    """This will show one question, or save what was answered to it."""
    run = found(viewer, assessment)
    asked = document_of(run.version).question(key)
    if request.method == "POST":
        return saved(request, viewer, run, key, Typed.of(request.POST, asked))
    seat = seat_of(viewer, run)
    if asked is None or (viewer.guest and not seat.asks(document_of(run.version), key)):
        raise Http404
    if why := why_not(seat, key):
        return _refused(request, viewer, seat, key, Typed(), why, status=200)
    presence.note(viewer, seat, key)
    typed = Typed.again(taking.answer_to(viewer, seat, key))
    response = page(request, TEMPLATE, context_of(viewer, seat, asked, typed), swap="question-form")
    return reading.remembered(request, response)


def why_not(seat: Seat, key: str) -> str:
    """This will name what keeps somebody from answering a question: "closed", "done", "stopped", "not_asked",
    "not_yours"; "" for nothing."""
    if not seat.run.is_open:
        return "closed"
    if not seat.is_open:
        return "done" if seat.is_done else "stopped"
    if taking.is_hidden(seat, key):
        return "not_asked"
    document = document_of(seat.run.version)
    return "not_yours" if document.question(key) and not seat.asks(document, key) else ""


def saved(request: HttpRequest, viewer: Viewer, run: Assessment, key: str, typed: Typed) -> HttpResponse:
    """This will save what was typed and lead on; or answer with the question's page and what is the matter with it."""
    asked = document_of(run.version).question(key)
    if typed.resolve == "theirs":
        seat = seat_of(viewer, run)
        back = address_at(seat, key, typed.in_section) if asked and seat.is_open else where_it_goes_on(viewer, seat)
        return go(request, back)
    if asked is None or not run.is_open:
        return refused(request, viewer, run, key, typed)
    try:
        stored = _save(viewer, run, key, typed)
    except InvalidAnswer as error:
        return _invalid(request, viewer, run, asked, typed, error.message)
    except answers.NotAsked:
        return refused(request, viewer, run, key, typed)
    except WrongStatus as error:
        return refused(request, viewer, error.assessment, key, typed)
    if stored.conflict:
        return _conflict(request, viewer, stored, asked, typed)
    if wants_fragment(request):
        return _stored(request, viewer, stored, key, typed)
    return _onward(request, stored, key, typed)


def refused(request: HttpRequest, viewer: Viewer, run: Assessment, key: str, typed: Typed) -> HttpResponse:
    """This will answer to what comes too late or for a question that is not asked: why, and what was typed."""
    seat = seat_of(viewer, run)
    why = why_not(seat, key) or "not_asked"
    if why == "not_yours" and viewer.guest:
        raise Http404
    return _refused(request, viewer, seat, key, typed, why, 422 if why in ("not_asked", "not_yours") else 409)


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
        is_meant=typed.is_meant,
    )


def _stored(request: HttpRequest, viewer: Viewer, saved: answers.Saved, key: str, typed: Typed) -> HttpResponse:
    """The answer to an autosave: the new revision, and the parts of the page that count or follow from it."""
    seat, document = saved.seat, document_of(saved.assessment.version)
    context: dict[str, Any] = {
        "run": taking.run_of(viewer, seat, document, at=key, whole=typed.in_section),
        "confirmed": key,
    }
    if typed.in_section:
        context["brought"] = brought_along(viewer, seat, key, typed.shown)
    else:
        context |= _where(seat, document.question(key))
    response = page(request, TEMPLATE, context, swap="saved")
    response["X-Answer-Revision"] = str(saved.revision)
    response["X-Progress"] = f"{seat.answered_count}/{seat.question_count}"
    return response


def _where(seat: Seat, asked: Question | None) -> dict[str, Any]:
    document = document_of(seat.run.version)
    if asked is None:
        return {}
    return {
        "asked": asked,
        "place": taking.place_of(document, seat, asked.key),
        "is_required": taking.is_required(seat, asked),
        "section_name": taking.section_name(document, asked.key),
    }


def brought_along(viewer: Viewer, seat: Seat, key: str, shown: Iterable[str]) -> list[dict[str, Any]]:
    """This will make what a save changes among the questions of a section: the forms of those asked now and not `shown`,
    and an empty place for each shown that is asked no more."""
    document, there = document_of(seat.run.version), set(shown)
    section = document.section_of(key)
    if section is None or not there:
        return []
    now = {question.key: question for question in taking.asked_in(document, seat, section)}
    gone: list[dict[str, Any]] = [{"part_id": f"question-{one}"} for one in there - set(now)]
    return gone + forms_of(viewer, seat, [question for key, question in now.items() if key not in there])


def _onward(request: HttpRequest, saved: answers.Saved, key: str, typed: Typed) -> HttpResponse:
    seat = saved.seat
    place = taking.place_of(document_of(seat.run.version), seat, key)
    if typed.in_section:
        return go(request, address_at(seat, key, whole=True))
    stays = typed.resolve or typed.go in ("clear", "stay")
    to = key if stays else (place.previous or key) if typed.go == "back" else place.next
    return go(request, taking.question_url(seat.run, to) if to else taking.address("client:review", seat.run))


def _invalid(
    request: HttpRequest, viewer: Viewer, run: Assessment, asked: Question, typed: Typed, message: str
) -> HttpResponse:
    # The summary takes the focus; while somebody types, the message at the field has to do.
    problems = [] if wants_fragment(request) else [{"message": message, "target": "answer"}]
    context = context_of(viewer, seat_of(viewer, run), asked, typed, message)
    return page(
        request, TEMPLATE, context | {"problems": problems, "has_errors": True}, swap="question-form", status=422
    )


def _conflict(
    request: HttpRequest, viewer: Viewer, saved: answers.Saved, asked: Question, typed: Typed
) -> HttpResponse:
    theirs = cast(Answer, saved.answer)
    own = (
        theirs.answered_by_id == viewer.user.pk if viewer.user else theirs.guest_id == getattr(viewer.guest, "key", "")
    )
    conflict = {
        "name": answer_sheet.who_gave(theirs),
        "is_own": own,
        "at": theirs.updated_at,
        "theirs": words_of(asked, theirs),
        "their_comment": theirs.comment,
        "mine": typed.words(asked),
        "revision": saved.revision,
    }
    context = context_of(viewer, saved.seat, asked, typed) | {"conflict": conflict}
    return page(request, TEMPLATE, context, swap="question-form", status=409)


def _refused(
    request: HttpRequest, viewer: Viewer, seat: Seat, key: str, typed: Typed, why: str, status: int
) -> HttpResponse:
    """The page of an answer that cannot be taken here: it says why, and shows what was typed for copying."""
    run, document = seat.run, document_of(seat.run.version)
    asked = document.question(key)
    context = {
        "run": taking.run_of(viewer, seat, document, at=key if asked else ""),
        "asked": asked,
        **ids_of(asked, typed.in_section),
        "why_refused": why,
        "submitted_by": run.submitted_by.name if run.submitted_by else "",
        "submitted_at": run.submitted_at or (seat.own.submitted_at if seat.own else None) or run.closed_at,
        "typed": typed,
        "typed_words": typed.words(asked),
        "continue_url": taking.address("client:take", run),
        "question_url": taking.question_url(run, key),
        "has_errors": status >= 400,
    }
    return page(request, TEMPLATE, context, swap="question-form", status=status)


def context_of(
    viewer: Viewer, seat: Seat, asked: Question, typed: Typed, error: str = "",
    file_errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """This will gather the page of a question as it is typed; `error` stands at the answer, `file_errors` at the files
    of a purpose."""
    run, document = seat.run, document_of(seat.run.version)
    form = form_of(viewer, seat, asked, typed, error, file_errors)
    section = document.section_of(asked.key)
    return {
        "run": taking.run_of(viewer, seat, document, at=asked.key, others=not typed.in_section, whole=typed.in_section),
        **form,
        **around(seat, form),
        "whole_url": f"{taking.section_url(run, section.key)}?view={reading.WHOLE}" if section else "",
        "ahead_url": reading.ahead_url(run, section.key) if section else "",
    }


def around(seat: Seat, form: dict[str, Any]) -> dict[str, Any]:
    """This will gather what stands around the form of one question alone: its place, its section, Back and Next."""
    where, run = _where(seat, form["asked"]), seat.run
    place: taking.Place = where["place"]
    return where | {
        "no_keys": not form["control"]["has_keys"] or form["control"]["disabled"],
        "back_url": taking.question_url(run, place.previous) if place.previous else "",
        "next_url": taking.question_url(run, place.next) if place.next else taking.address("client:review", run),
    }


def form_of(
    viewer: Viewer, seat: Seat, asked: Question, typed: Typed, error: str = "",
    file_errors: Mapping[str, str] | None = None, files: Mapping[tuple[str, str], list[Upload]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """This will gather the form of one question, alone on its page or among others of a section, whose `files` were read
    together."""
    prefix = prefix_of(asked) if typed.in_section else ""
    files_of = {
        purpose: attachments.of_question(
            viewer, seat, asked, purpose, (file_errors or {}).get(purpose, ""), prefix,
            files.get((asked.key, purpose), []) if files is not None else None,
        )
        for purpose in Purpose
    }  # fmt: skip
    return {
        "asked": asked,
        "control": answer_control.of(
            asked,
            typed.answer,
            disabled=viewer.is_read_only,
            error=error,
            files=files_of[Purpose.ANSWER],
            prefix=prefix,
        ),
        "files_of": files_of,
        "evidence": files_of[Purpose.EVIDENCE],
        "is_required": taking.is_required(seat, asked),
        "typed": typed,
        "question_url": taking.question_url(seat.run, asked.key),
        "flag_url": reading.flag_url(seat.run, asked.key) if flags.can_flag(viewer) else "",
        "is_flagged": seat.own is not None and asked.key in seat.own.flagged,
        **ids_of(asked, typed.in_section),
    }


def forms_of(viewer: Viewer, seat: Seat, asked: list[Question], alone: bool = False) -> list[dict[str, Any]]:
    """This will gather the forms of some questions of a section, in two queries: among each other, or each `alone`."""
    keys = [question.key for question in asked]
    if not keys:
        return []
    rows = taking.answers_to(viewer, seat, keys)
    takes_files = any(question.type == "file" or question.allow_evidence for question in asked)
    files = attachments.rows_of(viewer, seat, keys) if takes_files else {}
    typed = [Typed.again(rows.get(question.key)) for question in asked]
    return [
        form_of(viewer, seat, question, one if alone else one.among_others(), files=files)
        for question, one in zip(asked, typed, strict=True)
    ]


def ids_of(asked: Question | None, in_section: bool) -> dict[str, str]:
    """This will return the ids a question has on its page: alone, or among others."""
    if not in_section or asked is None:
        return {"part_id": "question-form", "form_id": "answer-form", "prefix": ""}
    return {"part_id": f"question-{asked.key}", "form_id": f"{asked.key}-form", "prefix": prefix_of(asked)}
