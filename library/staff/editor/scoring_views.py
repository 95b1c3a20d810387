"""Scoring in the editor: the scale with its zones, each score, and the weights of all questions."""

import uuid
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library.actions import drafts
from library.drafting import fresh
from library.drafting.changes import Change
from portal.web.pages import go, page, wants_fragment

from .announcing import removed
from .frame import frame, open_draft
from .score_page import ScorePage
from .scoring_page import ScoringPage
from .weight_forms import WeightForm


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def scoring(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will show the scale, its zones and the tree of scores, and save what was made of the scale."""
    opened = open_draft(viewer, definition)
    form = ScoringPage.stored(definition, opened.draft)
    if request.method == "POST":
        form = form.sent(viewer, request.POST)
        if form.state == "saved" and not wants_fragment(request):
            return go(request, "staff:scoring", toast=_("The scale is saved."), definition=definition)
    context = form.context()
    if not wants_fragment(request):
        context |= frame(request, viewer, replace(opened, draft=form.draft), "scoring")
    return page(request, "library/staff/editor/scoring.html", context, "scale", form.status)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def scoring_beginning(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will give a definition without scoring the usual one: a score per section, and their average."""
    opened = open_draft(viewer, definition)
    if opened.draft.document.scoring is None:
        change = Change("add", "scoring", fresh.scoring(opened.draft.data))
        drafts.change(by=viewer, version=opened.version, change=change)
    return go(request, "staff:scoring", toast=_("Answers are scored now."), definition=definition)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def scores(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will add a score and go to it."""
    opened = open_draft(viewer, definition)
    name = request.POST.get("name", "").strip()[:200] or _("New score")
    content = fresh.score(opened.draft.data, name)
    done = drafts.change(by=viewer, version=opened.version, change=Change("add", f"score:{content['key']}", content))
    return go(request, "staff:score", definition=definition, key=done.part.partition(":")[2])


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def score(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str) -> HttpResponse:
    """This will show one score with its rule, its inputs and all that is done to its result, and save changes."""
    opened = open_draft(viewer, definition)
    form = ScorePage.stored(definition, opened.draft, key)
    if request.method == "POST":
        form = form.sent(viewer, request.POST)
        if form.state == "saved" and not wants_fragment(request):
            return go(request, "staff:score", toast=_("The score is saved."), definition=definition, key=key)
    context = form.context()
    if not wants_fragment(request):
        context |= frame(request, viewer, replace(opened, draft=form.draft), f"score:{key}") | form.beside()
    return page(request, "library/staff/editor/score.html", context, "score", form.status)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def score_copy(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str) -> HttpResponse:
    """This will put a copy of a score beside it and go to the copy."""
    opened = open_draft(viewer, definition)
    if opened.draft.document.score(key) is None:
        raise Http404
    change = fresh.duplication(opened.draft.data, f"score:{key}")
    done = drafts.change(by=viewer, version=opened.version, change=change)
    return go(request, "staff:score", definition=definition, key=done.part.partition(":")[2])


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def score_removal(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, key: str) -> HttpResponse:
    """This will take a score out of the draft, with an undo."""
    opened = open_draft(viewer, definition)
    if opened.draft.document.score(key) is None:
        raise Http404
    try:
        done = drafts.change(by=viewer, version=opened.version, change=Change("remove", f"score:{key}"))
    except drafts.Refused as refused:
        return render(request, "errors/409.html", {"explanation": str(refused)}, status=409)
    return removed(request, done, "staff:scoring", definition=definition)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def weights(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will show the weights of all questions on one page, and save those that were changed."""
    opened = open_draft(viewer, definition)
    form = WeightForm(definition, opened.draft)
    if request.method == "POST":
        form = form.sent(viewer, request.POST)
        if form.state == "saved" and not wants_fragment(request):
            return go(request, "staff:weights", toast=_("The weights are saved."), definition=definition)
    context = form.context()
    if not wants_fragment(request):
        context |= frame(request, viewer, replace(opened, draft=form.draft), "scoring")
    return page(request, "library/staff/editor/weights.html", context, "weights", form.status)
