"""Asking who gave an answer about it, and settling the question."""

import uuid

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import clarifications, reviews
from assessments.actions.assessments import WrongStatus
from assessments.models import Assessment, Clarification, Status
from assessments.review import threads
from library.document import Question
from library.versions import document_of
from portal.web.pages import go, page

from .review import address
from .run_frame import frame, run_at
from .verdicts import judged, too_late

TEMPLATE = "assessments/staff/clarification.html"


class QuestionForm(forms.Form):
    """What is asked about an answer."""

    text = forms.CharField(
        label=gettext_lazy("What do you want to know?"),
        max_length=clarifications.LENGTH,
        error_messages={"required": gettext_lazy("Write what you want to know.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"))
def clarification(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, key: str) -> HttpResponse:
    """This will show what was asked about an answer and said to it, and ask."""
    run = run_at(viewer, assessment)
    question = document_of(run.version).question(key)
    if question is None:
        raise Http404
    form = QuestionForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _thread(request, viewer, run, question, form)
    try:
        clarifications.ask(by=viewer, assessment=run, question_key=key, text=form.cleaned_data["text"])
    except reviews.UnknownQuestion as error:
        raise Http404 from error
    except clarifications.NothingSaid:
        form.add_error("text", _("Write what you want to know."))
        return _thread(request, viewer, run, question, form)
    except WrongStatus as error:
        return too_late(request, viewer, error.assessment.pk)
    return judged(request, viewer, run, key, toast=_("Asked. You are told when they reply."))


@staff_view(Can.RELEASE_RESULTS, methods=("POST",))
def clarification_resolution(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, clarification: uuid.UUID
) -> HttpResponse:
    """This will settle a question that was sent back."""
    run = run_at(viewer, assessment)
    rows = Clarification.objects.visible_to(viewer).filter(assessment=run).select_related("assessment", "account")
    found = get_object_or_404(rows, pk=clarification)
    clarifications.resolve(by=viewer, clarification=found)
    return go(request, f"{address('staff:run_review', run)}#answer-{found.question_key}", toast=_("Settled."))


def _thread(
    request: HttpRequest, viewer: Viewer, run: Assessment, question: Question, form: QuestionForm
) -> HttpResponse:
    asked = threads.all_of(viewer, run, question.key)
    whom = clarifications.respondent_of(run, question.key)
    context = {
        **frame(viewer, run, "staff:run_review", _("Question to the client")),
        "question": question,
        "threads": [(one, threads.messages_of(viewer, one)) for one in asked],
        "open": next((one for one in asked if one.resolved_at is None), None),
        "whom": whom.shown_name if whom else "",
        "form": form,
        "is_over": run.status == Status.CLOSED,
        "url": address("staff:clarification", run, question.key),
        "resolutions_base": f"{address('staff:run_review', run)}clarifications/",
        "back_url": f"{address('staff:run_review', run)}#answer-{question.key}",
        "has_errors": bool(form.errors),
    }
    return page(request, TEMPLATE, context, swap="dialog", status=422 if form.errors else 200)
