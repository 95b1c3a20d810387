"""The test bench: sample answers, the scores they must give, and how each score comes about."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library import answer_control
from library.actions import drafts
from library.answers import InvalidAnswer
from library.drafting import fresh
from library.drafting.changes import Change
from portal.web.pages import go, page, wants_fragment

from .announcing import changed, removed
from .frame import OpenDraft, frame, open_draft
from .sample_forms import SampleForm
from .sample_page import (
    Chosen,
    answers_of,
    bench_of,
    prefix_of,
    question_in,
    result_of,
    sample_in,
    save_answer,
    save_filled,
    sheet_of,
    users_of,
)

TEMPLATE = "library/staff/editor/sample.html"


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def samples(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will list the samples with what they give now, and add one."""
    opened = open_draft(viewer, definition)
    if request.method == "POST":
        if opened.draft.document.scoring is None:
            raise Http404
        content = fresh.sample(opened.draft.data, request.POST.get("name", "").strip()[:200] or _("New sample"))
        change = Change("add", f"sample:{content['key']}", content)
        done = drafts.change(by=viewer, version=opened.version, change=change)
        return go(request, "staff:sample", definition=definition, key=done.part.partition(":")[2])
    context = frame(request, viewer, opened, "sample:-") | {"bench": bench_of(definition, opened.draft)}
    return render(request, "library/staff/editor/samples.html", context)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def sample(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str) -> HttpResponse:
    """This will show one sample: what it expects, what it gives, and its answers; and save what it expects."""
    opened = open_draft(viewer, definition)
    form = SampleForm.stored(definition, opened.draft, key)
    if request.method == "POST":
        form = form.sent(viewer, request.POST)
        if form.state == "saved" and not wants_fragment(request):
            return go(request, "staff:sample", toast=_("The sample is saved."), definition=definition, key=key)
    return _answer(request, viewer, opened, form, "sample")


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def sample_answer(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str, question: str) -> HttpResponse:
    """This will save what a sample answers to one question, and show what comes of it."""
    opened = open_draft(viewer, definition)
    sample_in(opened.draft, key)
    asked = question_in(opened.draft, question)
    typed, errors = {}, {}
    try:
        opened = replace(opened, draft=save_answer(viewer, opened.draft, key, asked, request.POST).draft)
    except InvalidAnswer as invalid:
        typed[question] = answer_control.Typed.of_form(asked, request.POST, prefix_of(asked))
        errors[question] = invalid.message
    if not errors and not wants_fragment(request):
        query = f"?section={request.GET.get('section', '')}&page={request.GET.get('page', '1')}#question-{question}"
        return go(request, reverse("staff:sample", args=[definition, key]) + query)
    form = SampleForm.stored(definition, opened.draft, key)
    return _answer(request, viewer, opened, form, "answers", typed=typed, errors=errors)


def _answer(
    request: HttpRequest, viewer: Viewer, opened: OpenDraft, form: SampleForm, swap: str, **typed: Any
) -> HttpResponse:
    """The page of a sample, or one of its two parts. With the answers goes what they give now."""
    found, is_part = form.sample, wants_fragment(request)
    context: dict[str, Any] = {
        "form": form.drawn(),
        "state": form.state,
        "seen": form.seen,
        "problems": form.problems,
        "conflict": form.conflict_words(),
        "url": reverse("staff:sample", args=[form.definition_id, form.key]),
        "result": result_of(form.definition_id, form.draft, found),
        "with_result": is_part and swap == "answers",
    }
    if swap == "answers" or not is_part:
        context["answers"] = answers_of(form.definition_id, form.draft, found, Chosen.of_query(request.GET), **typed)
    status = 422 if typed.get("errors") else form.status
    if not is_part:
        names = ("sample_copy", "sample_removal")
        links = {name: reverse(f"staff:{name}", args=[form.definition_id, form.key]) for name in names}
        links["samples"] = reverse("staff:samples", args=[form.definition_id])
        context |= frame(request, viewer, replace(opened, draft=form.draft), form.part)
        context |= {"links": links, "has_errors": status != 200, "sample": found}
    response = page(request, TEMPLATE, context, swap, status)
    return changed(response) if swap == "answers" and status == 200 else response


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def sample_filling(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str) -> HttpResponse:
    """This will make the scores a sample gives now those it must give."""
    opened = open_draft(viewer, definition)
    save_filled(viewer, opened.draft, sample_in(opened.draft, key))
    toast = _("What comes out now is expected from now on.")
    return go(request, "staff:sample", toast=toast, definition=definition, key=key)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def sample_copy(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str) -> HttpResponse:
    """This will put a copy of a sample beside it and go to the copy."""
    opened = open_draft(viewer, definition)
    sample_in(opened.draft, key)
    change = fresh.duplication(opened.draft.data, f"sample:{key}")
    done = drafts.change(by=viewer, version=opened.version, change=change)
    return go(request, "staff:sample", definition=definition, key=done.part.partition(":")[2])


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def sample_removal(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str) -> HttpResponse:
    """This will take a sample out of the draft, with an undo."""
    opened = open_draft(viewer, definition)
    sample_in(opened.draft, key)
    done = drafts.change(by=viewer, version=opened.version, change=Change("remove", f"sample:{key}"))
    return removed(request, done, "staff:samples", definition=definition)


@organization_view(Can.DRAFT_DEFINITIONS)
def sample_explanation(
    request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str, score: str
) -> HttpResponse:
    """This will explain one score of a sample in words and figures."""
    opened = open_draft(viewer, definition)
    found = sample_in(opened.draft, key)
    try:
        explanation = sheet_of(opened.draft, found).explain(score)
    except KeyError:
        raise Http404 from None
    here = reverse("staff:sample", args=[definition, key])
    users = users_of(opened.draft, score)
    context = {"explanation": explanation, "users": users, "sample": found, "here": here, "title": explanation.name}
    if not wants_fragment(request):
        context |= frame(request, viewer, opened, f"sample:{key}")
    return page(request, "library/staff/editor/explanation.html", context, "dialog")


@organization_view(Can.DRAFT_DEFINITIONS)
def sample_question(
    request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str, question: str
) -> HttpResponse:
    """This will explain what one answer of a sample is worth, and where it counts."""
    opened = open_draft(viewer, definition)
    found = sample_in(opened.draft, key)
    question_in(opened.draft, question)
    explained = sheet_of(opened.draft, found).explain_question(question)
    here = reverse("staff:sample", args=[definition, key])
    context = {"explained": explained, "sample": found, "here": here, "title": explained.name}
    if not wants_fragment(request):
        context |= frame(request, viewer, opened, f"sample:{key}")
    return page(request, "library/staff/editor/explanation.html", context, "dialog")
