"""Answering on behalf of the client: recorded as that, and shown as that to everybody."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import answers
from assessments.actions.assessments import WrongStatus
from assessments.answering.stored_answers import plain_of
from assessments.models import Answer, Assessment, Respondent
from assessments.review import following
from assessments.review.following import Chosen
from library import answer_control
from library.answers import InvalidAnswer, readable
from library.document import Question
from library.versions import document_of
from portal.web import toasts
from portal.web.pages import go, page, wants_fragment

from .answer_input import Given
from .review import address
from .run_frame import frame, run_at

TEMPLATE = "assessments/staff/answer_on_behalf.html"


@staff_view(Can.ANSWER_ON_BEHALF, methods=("GET", "POST"))
def answer_on_behalf(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, key: str) -> HttpResponse:
    """This will show one question, and save what the client said about it."""
    run = run_at(viewer, assessment)
    question = document_of(run.version).question(key)
    if question is None:
        raise Http404
    whose = _whose(request, viewer, run)
    if request.method == "POST":
        return _save(request, viewer, run, question, whose)
    standing = _standing(viewer, run, key, whose)
    given = Given(answer_control.Typed.of_answer(plain_of(standing)), standing.comment if standing else "")
    return _shown(request, viewer, run, question, given, standing, whose=whose)


def _whose(request: HttpRequest, viewer: Viewer, run: Assessment) -> Respondent | None:
    """On whose behalf: in a run in which each answers alone, one of its respondents; else the run's own answers."""
    if not run.is_independent:
        return None
    wanted = Chosen.of_query(request.GET).of
    people = following.people_of(viewer, run)
    found = next((one for one in people if one.pk == wanted), None)
    if found is None:
        raise Http404
    return found


def _save(
    request: HttpRequest, viewer: Viewer, run: Assessment, question: Question, whose: Respondent | None
) -> HttpResponse:
    given = Given.of(request.POST, question)
    try:
        saved = answers.save(
            by=viewer,
            assessment=run,
            question_key=question.key,
            state=given.state,
            raw=given.raw,
            comment=given.comment,
            seen_revision=given.revision,
            respondent=whose,
        )
    except InvalidAnswer as error:
        standing = _standing(viewer, run, question.key, whose)
        return _shown(request, viewer, run, question, given, standing, whose=whose, error=error.message, status=422)
    except (answers.NotAsked, WrongStatus):
        return _shown(request, viewer, run, question, given, None, whose=whose, status=409)
    if saved.conflict:
        return _shown(request, viewer, run, question, given, saved.answer, whose=whose, conflict=True, status=409)
    toast = _("Saved on behalf of %(account)s.") % {"account": run.account.name}
    back = f"{address('staff:assessment', run)}#answer-{question.key}"
    if not wants_fragment(request):
        return go(request, back, toast=toast)
    # The page behind follows answers by itself: it is told to look now.
    response = HttpResponse("")
    return toasts.trigger(toasts.close_dialog(toasts.show(response, toast)), "answered", {})


def _shown(
    request: HttpRequest, viewer: Viewer, run: Assessment, question: Question, given: Given, standing: Answer | None,
    *, whose: Respondent | None = None, error: str = "", conflict: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    is_over = not run.is_open or (status == 409 and not conflict)
    context: dict[str, Any] = {
        "question": question,
        "control": answer_control.of(question, given.typed, error=error, disabled=is_over),
        "given": given,
        # Who saves after a conflict has seen what stands.
        "revision": standing.revision if standing and not error else given.revision,
        "theirs": {"words": readable(question, plain_of(standing)), "answer": standing}
        if conflict and standing
        else None,
        "is_over": is_over,
        "is_hidden": question.key in (whose or run).progress.get("hidden", ()),
        "takes_files": question.type == "file",
        "url": request.get_full_path(),
        "whose": whose,
        "has_errors": bool(error),
    }
    around = frame(viewer, run, "staff:assessment", _("Answer on behalf of the client"))
    return page(request, TEMPLATE, around | context, swap="dialog", status=status)


def _standing(viewer: Viewer, run: Assessment, key: str, whose: Respondent | None) -> Answer | None:
    rows = Answer.objects.visible_to(viewer).filter(assessment=run, question_key=key, respondent=whose)
    return rows.select_related("answered_by").first()
