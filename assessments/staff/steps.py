"""The steps of a run: its set-up, releasing, closing without results, reopening, deleting and bringing back."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import assessments, submissions
from assessments.actions.steps import AnswersMissing, WrongStatus
from assessments.models import Assessment, Combination, Mode, ReviewRule, Status
from library.versions import document_of
from portal.web import toasts
from portal.web.pages import go, page

from .review import address
from .run_frame import frame, run_at
from .steps_offered import waiting_answers

TEMPLATE = "assessments/staff/step.html"


class ReopeningForm(forms.Form):
    """Why a submitted assessment is to be answered again; the client reads it."""

    reason = forms.CharField(
        label=gettext_lazy("What should they look at again?"),
        help_text=gettext_lazy("The client sees this above the answers."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ClosingForm(forms.Form):
    """Why an assessment ends without results; the client reads it."""

    note = forms.CharField(
        label=gettext_lazy("Why does it end here?"),
        help_text=gettext_lazy("The client reads this in place of the results."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SetupForm(forms.Form):
    """What staff may change of a run."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=160, error_messages={"required": gettext_lazy("Enter a name.")}
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a day, for example 2026-12-31.")},
    )
    results_expected_on = forms.DateField(
        label=gettext_lazy("Results expected"),
        required=False,
        help_text=gettext_lazy("What the client is told while you review. A promise, not a lock."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a day, for example 2026-12-31.")},
    )
    mode = forms.ChoiceField(label=gettext_lazy("How people answer"), choices=Mode.choices, widget=forms.RadioSelect)
    combination = forms.ChoiceField(
        label=gettext_lazy("Combine the sets by"),
        choices=Combination.choices,
        help_text=gettext_lazy("Only where each answers alone."),
    )
    notify_at_percent = forms.IntegerField(
        label=gettext_lazy("Tell me when this share is done (percent)"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("0 sends no mail."),
    )
    review_rule = forms.ChoiceField(
        label=gettext_lazy("An answer nobody has looked at counts"),
        choices=ReviewRule.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, run: Assessment, **kwargs: Any):
        super().__init__(*args, initial={name: getattr(run, name) for name in self.base_fields}, **kwargs)
        self.run = run
        if run.answered_count or not run.is_open:
            self.fields["mode"].disabled = True
            self.fields["mode"].help_text = _("Settled with the first answer.")
        if not run.is_open:
            self.fields["due_on"].disabled = self.fields["combination"].disabled = True


@staff_view(Can.CREATE_ASSESSMENTS, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def run_setup(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show and change what was agreed about a run."""
    run = run_at(viewer, assessment)
    if run.status == Status.CLOSED:
        return _over(request, viewer, run, _("This assessment is closed. Reopen it to change its set-up."))
    form = SetupForm(request.POST if request.method == "POST" else None, run=run)
    if request.method == "POST" and form.is_valid():
        try:
            assessments.change_setup(by=viewer, assessment=run, **form.cleaned_data)
        except assessments.SomethingAnswered:
            form.add_error("mode", _("Somebody has answered by now. How people answer stays as it is."))
        except assessments.WrongStatus:
            return _over(request, viewer, run, _("This assessment is closed. Reopen it to change its set-up."))
        else:
            return go(request, address("staff:assessment", run), toast=_("Saved."))
    return _step(request, viewer, run, _("Set-up"), form, "run_setup", _("Save"))


@staff_view(Can.ANSWER_ON_BEHALF, methods=("GET", "POST"))
def run_submission(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will ask once more, and then submit a run on behalf of the client; whose answers are whose stays as it is."""
    run = run_at(viewer, assessment)
    if not run.is_open or run.is_independent:
        return _over(request, viewer, run, _("There is nothing to submit: nobody is answering for all any more."))
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            submissions.submit(by=viewer, assessment=run)
        except AnswersMissing as error:
            form.add_error(None, _missing(run, error.keys))
        except WrongStatus as error:
            return changed_since(request, viewer, error.assessment.pk)
        else:
            toast = _("Submitted for %(account)s. Review the answers, then release the results.")
            return go(request, address("staff:assessment", run), toast=toast % {"account": run.account.name})
    return _step(request, viewer, run, _("Submit for the client"), form, "run_submission", _("Submit"))


def _missing(run: Assessment, keys: list[str]) -> str:
    """This will name the first questions that need an answer."""
    document = document_of(run.version)
    texts = [question.text for key in keys[:5] if (question := document.question(key))]
    if not texts:
        return _("Nothing is answered yet.")
    return _("An answer is missing: %(questions)s") % {"questions": " · ".join(texts)}


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def release(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will ask once more, and then show the result to the client."""
    run = run_at(viewer, assessment, "result")
    if request.method == "GET" and run.status == Status.RESULTS_REVIEW:
        return _step(request, viewer, run, _("Release results"), None, "release", _("Release"))
    if request.method == "GET":
        return _over(request, viewer, run, _("There is nothing to release: the results are not under review."))
    try:
        assessments.release(by=viewer, assessment=run)
    except assessments.WrongStatus as error:
        return changed_since(request, viewer, error.assessment.pk)
    released = _("Released. %(account)s can see the results now.") % {"account": run.account.name}
    return go(request, address("staff:assessment", run), toast=released)


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def reopening(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will let the client answer again, for a stated reason."""
    run = run_at(viewer, assessment)
    form = ReopeningForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" and run.is_open:
        return _over(request, viewer, run, _("This assessment is open: the client can answer."))
    if request.method == "GET" or not form.is_valid():
        return _step(request, viewer, run, _("Reopen for answers"), form, "reopening", _("Reopen"))
    try:
        assessments.reopen(by=viewer, assessment=run, reason=form.cleaned_data["reason"])
    except assessments.WrongStatus as error:
        return changed_since(request, viewer, error.assessment.pk)
    toast = _("Reopened. The result is hidden until it is submitted again.")
    return go(request, address("staff:assessment", run), toast=toast)


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def closing(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will end a run without results, and say why to the client."""
    run = run_at(viewer, assessment)
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" and run.status == Status.CLOSED:
        return _over(request, viewer, run, _("This assessment is closed already."))
    if request.method == "GET" or not form.is_valid():
        return _step(request, viewer, run, _("Close without results"), form, "closing", _("Close"))
    try:
        assessments.close(by=viewer, assessment=run, note=form.cleaned_data["note"])
    except assessments.WrongStatus as error:
        return changed_since(request, viewer, error.assessment.pk)
    return go(request, address("staff:assessment", run), toast=_("Closed without results."))


@staff_view(Can.DELETE_ASSESSMENTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def deletion(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will delete a run for everybody, and offer to bring it back."""
    run = run_at(viewer, assessment)
    assessments.delete(by=viewer, assessment=run)
    undo = toasts.Undo(address("staff:restoration", run))
    to = reverse("staff:account_assessments", args=[run.account_id])
    toasts.keep(request, _("%(name)s is deleted.") % {"name": run.name}, undo=undo)
    return go(request, to)


@staff_view(Can.DELETE_ASSESSMENTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def restoration(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will bring a deleted run back."""
    run = assessments.deleted(viewer, assessment) or run_at(viewer, assessment)
    assessments.restore(by=viewer, assessment=run)
    return go(request, address("staff:assessment", run), toast=_("%(name)s is back.") % {"name": run.name})


def changed_since(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will say that somebody else was quicker, and how the run stands now."""
    run = run_at(viewer, assessment)
    words = _("Somebody else was quicker. This is how the assessment stands now; nothing was done twice.")
    return _over(request, viewer, run, words, status=409)


def _over(request: HttpRequest, viewer: Viewer, run: Assessment, words: str, status: int = 200) -> HttpResponse:
    context = {"title": _("This has changed in the meantime"), "over": words, "step": "over"}
    return _page(request, viewer, run, context, status)


def _step(
    request: HttpRequest, viewer: Viewer, run: Assessment, title: str, form: forms.Form | None, step: str, label: str
) -> HttpResponse:
    has_errors = bool(form and form.errors)
    context = {
        "title": title,
        "form": form,
        "step": step,
        "label": label,
        "step_url": address(f"staff:{step}", run),
        "has_errors": has_errors,
    }
    if step == "release":
        context |= waiting_answers(viewer, run)
    return _page(request, viewer, run, context, 422 if has_errors else 200)


def _page(request: HttpRequest, viewer: Viewer, run: Assessment, context: dict[str, Any], status: int) -> HttpResponse:
    around = frame(viewer, run, "staff:assessment", str(context["title"]))
    context["back_url"] = address("staff:assessment", run)
    return page(request, TEMPLATE, around | context, swap="dialog", status=status)
