"""A question sent back about one answer: the thread, a reply, and the answer itself, to be changed there."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Self

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.actions import answers, clarifications
from assessments.actions.steps import WrongStatus
from assessments.answering import taking
from assessments.answering.answer_sets import seat_of
from assessments.answering.stored_answers import plain_of
from assessments.models import Answer, Assessment, Clarification, Status
from assessments.review import threads
from library import answer_control
from library.answers import InvalidAnswer, readable
from library.document import Question
from library.versions import document_of
from portal.web.ids import revision_in
from portal.web.pages import go, page

from .taking import found

TEMPLATE = "assessments/client/clarification.html"


@dataclass(frozen=True)
class Reply:
    """What the form sends, as it was typed."""

    text: str = ""
    typed: answer_control.Typed = field(default_factory=answer_control.Typed)
    comment: str = ""
    revision: int = 0

    @classmethod
    def of(cls, form: QueryDict, question: Question) -> Self:
        """This will read the form; a revision that is no number means 0."""
        return cls(
            form.get("text", ""),
            answer_control.Typed.of_form(question, form),
            form.get("comment", ""),
            revision_in(form.get("revision", "")),
        )

    @classmethod
    def again(cls, standing: Answer | None) -> Self:
        """This will fill the form with what stands as the answer."""
        if standing is None:
            return cls()
        return cls("", answer_control.Typed.of_answer(plain_of(standing)), standing.comment, standing.revision)


@client_view(Can.ANSWER_ASSESSMENTS, methods=("GET", "POST"), guests=True)
def clarification(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, clarification: uuid.UUID
) -> HttpResponse:
    """This will show what is asked about an answer, and take the reply."""
    run = found(viewer, assessment)
    rows = Clarification.objects.visible_to(viewer).filter(assessment=run)
    asked = get_object_or_404(rows.select_related("asked_of", "account", "assessment", "resolved_by"), pk=clarification)
    question = document_of(run.version).question(asked.question_key)
    if question is None or not clarifications.is_asked(viewer, asked):
        raise Http404
    if request.method == "POST":
        return _reply(request, viewer, run, asked, question)
    return _shown(request, viewer, run, asked, question, Reply.again(_standing(viewer, run, question)))


def _reply(
    request: HttpRequest, viewer: Viewer, run: Assessment, asked: Clarification, question: Question
) -> HttpResponse:
    reply = Reply.of(request.POST, question)
    try:
        saved = clarifications.reply(
            by=viewer,
            clarification=asked,
            text=reply.text,
            change=_may_change(run, question),
            state=reply.typed.state,
            raw=reply.typed.raw,
            comment=reply.comment if question.allow_comment else None,
            seen_revision=reply.revision,
        )
    except InvalidAnswer as error:
        return _shown(request, viewer, run, asked, question, reply, {"answer": error.message}, 422)
    except clarifications.NothingSaid:
        words = {"text": _("Write a reply, or change the answer.")}
        return _shown(request, viewer, run, asked, question, reply, words, 422)
    except clarifications.TooLong:
        words = {"text": _("Use at most %(limit)s characters.") % {"limit": f"{clarifications.LENGTH:,}"}}
        return _shown(request, viewer, run, asked, question, reply, words, 422)
    except (clarifications.Resolved, WrongStatus, answers.NotAsked):
        asked.refresh_from_db()
        return _shown(request, viewer, run, asked, question, reply, {}, 409)
    if saved is not None and saved.conflict:
        return _shown(request, viewer, run, asked, question, reply, {}, 409, saved.answer)
    return go(request, request.path, toast=_("Sent. Thank you."))


def _shown(
    request: HttpRequest, viewer: Viewer, run: Assessment, asked: Clarification, question: Question, reply: Reply,
    problems: dict[str, str] | None = None, status: int = 200, theirs: Answer | None = None,
) -> HttpResponse:  # fmt: skip
    problems = problems or {}
    thread = next((one for one in threads.all_of(viewer, run, question.key) if one.pk == asked.pk), asked)
    standing = _standing(viewer, run, question)
    is_over = asked.resolved_at is not None or run.status == Status.CLOSED
    context: dict[str, Any] = {
        "run": taking.run_of(viewer, seat_of(viewer, run), document_of(run.version)),
        "assessment": run,
        "asked": asked,
        "question": question,
        "lines": threads.messages_of(viewer, thread),
        "words": readable(question, plain_of(standing) if standing else None),
        "standing": standing,
        "reply": reply,
        "control": answer_control.of(question, reply.typed, error=problems.get("answer", "")),
        "may_change": _may_change(run, question),
        "is_over": is_over,
        "is_read_only": viewer.is_read_only,
        "theirs": theirs,
        "their_words": readable(question, plain_of(theirs)) if theirs else "",
        # Who sends again after a conflict has seen what stands.
        "revision": theirs.revision if theirs else reply.revision,
        "problems": problems,
        "error_list": [
            {"message": words, "target": {"text": "reply-text", "answer": "answer"}[at]}
            for at, words in problems.items()
        ],
        "is_late": status == 409 and theirs is None,
        "has_errors": bool(problems),
    }
    return page(request, TEMPLATE, context, swap="thread", status=status)


def _may_change(run: Assessment, question: Question) -> bool:
    """Files are added on the question's own page; what several gave alone is nobody's to change afterwards."""
    is_asked = question.key not in run.progress.get("hidden", ())
    return is_asked and question.type != "file" and not run.is_independent


def _standing(viewer: Viewer, run: Assessment, question: Question) -> Answer | None:
    """Where each answers alone, one's own answer: the run's is made of what the others said, for staff alone."""
    return taking.answer_to(viewer, seat_of(viewer, run), question.key)
