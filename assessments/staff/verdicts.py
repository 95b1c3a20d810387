"""The review of a run: each answer beside what the assessor says about it, and what that makes of the score."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import assessments, reviews
from assessments.actions.assessments import WrongStatus
from assessments.models import Assessment, ReviewRule, Status, Verdict
from assessments.review import following, reviewing
from assessments.review.verdicts import said_by
from library import answer_control
from library.answers import InvalidAnswer
from library.document import Question
from library.versions import document_of
from portal.web import toasts
from portal.web.pages import go, page, wants_fragment

from .answer_input import Given
from .review import address
from .run_frame import frame, run_at

TEMPLATE = "assessments/staff/review.html"
DIALOG = "assessments/staff/verdict.html"


@staff_view(Can.RELEASE_RESULTS)
def run_review(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show every answer beside its verdict, the score as submitted and as reviewed, and the notes."""
    run = run_at(viewer, assessment, "result", "submitted_by", "released_by", "closed_by")
    if wants_fragment(request) and request.GET.get("at"):
        # The page asks whether anything has changed; it is told, and moves nothing by itself.
        if request.GET["at"] == following.stamp_of(run):
            return HttpResponse(status=204)
        return page(request, TEMPLATE, _news(run) | {"has_news": True, "url": request.path}, swap="news")
    return page(request, TEMPLATE, context_of(viewer, run, request.GET.get("show", "")), swap="review")


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"))
def verdict(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, key: str) -> HttpResponse:
    """This will record what the assessor says about one answer, asking for the own answer and the reason first."""
    run = run_at(viewer, assessment, "result")
    question = document_of(run.version).question(key)
    if question is None:
        raise Http404
    said = request.POST.get("verdict", "") or request.GET.get("verdict", "")
    if request.method == "POST":
        return _judge(request, viewer, run, question, said)
    return _dialog(request, viewer, run, question, said)


@staff_view(Can.RELEASE_RESULTS, methods=("POST",))
def section_acceptance(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, section: str) -> HttpResponse:
    """This will accept every answer of a section that nobody has looked at."""
    run = run_at(viewer, assessment)
    as_of = _moment(request.POST.get("as_of", ""))
    try:
        count = reviews.accept_section(by=viewer, assessment=run, section_key=section, as_of=as_of)
    except reviews.UnknownQuestion as error:
        raise Http404 from error
    except WrongStatus as error:
        return too_late(request, viewer, error.assessment.pk)
    toast = ngettext("%(count)s answer accepted.", "%(count)s answers accepted.", count) % {"count": count}
    if not wants_fragment(request):
        return go(request, f"{address('staff:run_review', run)}#section-{section}", toast=toast)
    fresh = run_at(viewer, assessment, "result")
    context = context_of(viewer, fresh, request.POST.get("show", "")) | {"is_open_section": section}
    context["section"] = reviewing.one_of(context["review"].sections, section)
    return toasts.show(page(request, TEMPLATE, context, swap="section_and_figures"), toast)


class RuleForm(forms.Form):
    """What an answer counts as that nobody has looked at."""

    review_rule = forms.ChoiceField(
        label=gettext_lazy("An answer nobody has looked at counts"),
        choices=ReviewRule.choices,
        widget=forms.RadioSelect,
    )


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",))
def review_rule(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will choose whether answers count as given, or only once they are accepted."""
    run = run_at(viewer, assessment)
    form = RuleForm(request.POST)
    if not form.is_valid():
        context = context_of(viewer, run, "") | {"rule_form": form}
        return page(request, TEMPLATE, context, swap="review", status=422)
    rule = form.cleaned_data["review_rule"]
    try:
        assessments.change_setup(by=viewer, assessment=run, name=run.name, due_on=run.due_on, review_rule=rule)
    except WrongStatus as error:
        return too_late(request, viewer, error.assessment.pk)
    return go(request, address("staff:run_review", run), toast=_("Saved. The figures follow."))


def _judge(request: HttpRequest, viewer: Viewer, run: Assessment, question: Question, said: str) -> HttpResponse:
    given = Given.of(request.POST, question)
    try:
        if not said:
            reviews.withdraw(by=viewer, assessment=run, question_key=question.key)
        elif said not in Verdict.values:
            raise Http404
        else:
            reviews.judge(
                by=viewer,
                assessment=run,
                question_key=question.key,
                verdict=said,
                seen_revision=given.revision,
                state=given.state if said == Verdict.CHANGED else "",
                raw=given.raw,
                reason=given.reason,
            )
    except reviews.UnknownQuestion as error:
        raise Http404 from error
    except reviews.ReasonMissing:
        problem = {"reason": _("Say why. The client reads it with the result.")}
        return _dialog(request, viewer, run, question, said, given, problem, 422)
    except InvalidAnswer as error:
        return _dialog(request, viewer, run, question, said, given, {"answer": error.message}, 422)
    except reviews.AnsweredSince:
        return _dialog(request, viewer, run, question, said, given, {}, 409)
    except WrongStatus as error:
        return too_late(request, viewer, error.assessment.pk)
    return judged(request, viewer, run, question.key)


def judged(request: HttpRequest, viewer: Viewer, run: Assessment, key: str, toast: str = "") -> HttpResponse:
    """This will answer with what changed on the page of the review: one answer's line, its section, the figures."""
    if not wants_fragment(request):
        return go(request, f"{address('staff:run_review', run)}#answer-{key}", toast=toast)
    fresh = run_at(viewer, run.pk, "result")
    context = context_of(viewer, fresh, "all")
    context["looked"] = reviewing.find(context["review"].sections, key)
    context["section"] = next(one for one in context["review"].sections if context["looked"] in one.looked)
    response = toasts.close_dialog(page(request, TEMPLATE, context, swap="judged"))
    return toasts.show(response, toast) if toast else response


def _dialog(
    request: HttpRequest, viewer: Viewer, run: Assessment, question: Question, said: str, given: Given | None = None,
    problems: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Asks for the assessor's own answer or the reason; after somebody answered again, shows what stands now."""
    review = reviewing.review_of(viewer, run, document_of(run.version), None)
    looked = reviewing.find(review.sections, question.key)
    if looked is None:
        raise Http404
    if status == 409 and wants_fragment(request) and said == Verdict.ACCEPTED:
        return _answered_since(request, viewer, run, looked)
    standing = said_by(question, looked.review) if looked.review and looked.review.verdict == Verdict.CHANGED else None
    typed = given.typed if given else answer_control.Typed.of_answer(standing)
    problems = problems or {}
    context = {
        "looked": looked,
        "verdict": said if said in (Verdict.CHANGED, Verdict.NOT_COUNTED) else Verdict.CHANGED,
        "control": answer_control.of(question, typed, error=problems.get("answer", "")),
        "takes_files": question.type == "file",
        "reason": given.reason if given else (looked.review.reason if looked.review else ""),
        "problems": problems,
        "has_errors": bool(problems),
        "is_answered_since": status == 409,
        "is_over": run.status != Status.RESULTS_REVIEW,
        "url": address("staff:verdict", run, question.key),
        "back_url": f"{address('staff:run_review', run)}#answer-{question.key}",
    }
    around = frame(viewer, run, "staff:run_review", _("Verdict"))
    return page(request, DIALOG, around | context, swap="dialog", status=status)


def _answered_since(request: HttpRequest, viewer: Viewer, run: Assessment, looked: Any) -> HttpResponse:
    context = context_of(viewer, run_at(viewer, run.pk, "result"), "all") | {
        "looked": looked,
        "is_answered_since": True,
    }
    return page(request, TEMPLATE, context, swap="judged", status=409)


def too_late(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will say that the run is not in review any more, and show how it stands."""
    run = run_at(viewer, assessment, "result", "submitted_by", "released_by", "closed_by")
    if wants_fragment(request):
        # Whatever part was asked for belongs to a page that is out of date as a whole.
        return go(request, address("staff:run_review", run), toast=_("This has changed in the meantime."))
    return page(request, TEMPLATE, context_of(viewer, run, "") | {"is_too_late": True}, swap="review", status=409)


def context_of(viewer: Viewer, run: Assessment, show: str) -> dict[str, Any]:
    """This will gather the page of the review."""
    show = show if show in reviewing.FILTERS else "all"
    result = getattr(run, "result", None) if not run.is_open else None
    review = reviewing.review_of(viewer, run, document_of(run.version), result, show)
    url = address("staff:run_review", run)
    return {
        **frame(viewer, run, "staff:run_review"),
        **_news(run),
        "review": review,
        "show": show,
        "is_empty": show != "all" and not review.counts[show],
        "filters": [
            {"label": label, "count": review.counts[name], "url": f"{url}?{urlencode({'show': name})}",
             "current": name == show}
            for name, (label, _standings) in reviewing.FILTERS.items()
        ],
        "may_judge": run.status == Status.RESULTS_REVIEW,
        "may_ask": run.status != Status.CLOSED,
        "may_note": not run.closed_at,
        "rule_form": RuleForm(initial={"review_rule": run.review_rule}),
        "rule": run.get_review_rule_display(),
        "may_set_rule": run.status != Status.CLOSED and viewer.can(Can.CREATE_ASSESSMENTS),
        "rule_url": address("staff:review_rule", run),
        "url": url,
        "as_of": timezone.now().isoformat(),
        "answers_base": f"{url}answers/",
        "sections_base": f"{url}sections/",
        "notes_base": f"{url}notes/",
        "history_base": f"{address('staff:assessment', run)}answers/",
        "scores_base": f"{address('staff:assessment', run)}scores/",
    }  # fmt: skip


def _news(run: Assessment) -> dict[str, Any]:
    return {"news_url": f"{address('staff:run_review', run)}?{urlencode({'at': following.stamp_of(run)})}"}


def _moment(text: str) -> Any:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    return moment if moment and moment.tzinfo else timezone.now()
