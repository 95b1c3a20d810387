"""The editor: every part of a draft on a page of its own, saved as it is typed; and what changes the outline."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library.actions import definitions, drafts
from library.models import Definition, DraftChange, Group
from library.problems import InvalidDefinition
from portal.web import toasts
from portal.web.pages import go, page, wants_fragment

from . import outline_changes
from .definition_forms import NewDefinitionForm
from .forms import form_of, has_form
from .frame import OpenDraft, address_of, frame, head, open_draft
from .page import PAGE, page_of, part_asked_for, pieces_around, saved_pieces, shown_pieces


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def definition_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will start a definition from nothing: its name, its group, and then the editor."""
    form = NewDefinitionForm(request.POST or None, initial={"group": request.GET.get("group", "")[:60]})
    if request.method == "POST" and form.is_valid():
        try:
            version = definitions.create(by=viewer, **form.cleaned_data)
            return go(request, "staff:editor", definition=version.definition_id)
        except InvalidDefinition as error:
            form.refused(error)
    context = {
        "form": form,
        "groups": Group.objects.visible_to(viewer).order_by("position", "name"),
        "breadcrumbs": [
            {"label": _("Assessment library"), "url": reverse("staff:definitions")},
            {"label": _("New definition")},
        ],
    }
    return page(request, "library/staff/definition_new.html", context, "dialog", 422 if form.errors else 200)


@organization_view(Can.PUBLISH_DEFINITIONS, methods=("POST",))
def draft_start(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will start a new draft version of what is published; where there is one, it is opened."""
    found = get_object_or_404(Definition.objects.visible_to(viewer), pk=definition)
    try:
        definitions.start_version(by=viewer, definition=found)
    except definitions.HasDraft:
        pass
    except definitions.NotPublished:
        explanation = _("This definition was never published, so there is nothing to start a new version from.")
        return render(request, "errors/409.html", {"explanation": explanation}, status=409)
    return go(request, "staff:editor", definition=definition)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def editor(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will show one part of a draft, and save it as it is typed."""
    opened = open_draft(viewer, definition)
    part = part_asked_for(request, opened)
    form = form_of(definition, opened.draft, part)
    if request.method == "GET":
        if wants_fragment(request):
            return shown_pieces(request, viewer, opened, form)
        return render(request, PAGE, frame(request, viewer, opened, part) | page_of(viewer, opened, form))
    form = form.sent(viewer, request.POST)
    opened = OpenDraft(opened.definition, form.draft.version, form.draft)
    if wants_fragment(request):
        return saved_pieces(request, viewer, opened, form)
    if form.state in ("saved", ""):
        return _to(request, definition, part, _("Saved.") if form.state else "")
    context = frame(request, viewer, opened, part) | page_of(viewer, opened, form) | {"has_errors": True}
    return render(request, PAGE, context, status=form.status)


@organization_view(Can.DRAFT_DEFINITIONS)
def draft_state(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will say how the draft stands: who else is at work, what can be undone, what is to be mended."""
    opened = open_draft(viewer, definition)
    part = part_asked_for(request, opened)
    if "whole" in request.GET and has_form(part) and wants_fragment(request):
        return pieces_around(request, viewer, opened, form_of(definition, opened.draft, part))
    context = (head if wants_fragment(request) else frame)(request, viewer, opened, part)
    return page(request, "library/staff/editor/base.html", context, swap="state")


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def draft_addition(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will add a section or a question of a type behind what is looked at, and open it."""
    opened = open_draft(viewer, definition)
    change = outline_changes.addition(opened.draft, request.POST)
    return _changed(request, viewer, opened, drafts.change(by=viewer, version=opened.version, change=change), "new")


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def draft_copy(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will put a copy of a section or question behind it, and open the copy."""
    opened = open_draft(viewer, definition)
    change = outline_changes.duplication(opened.draft, request.POST)
    return _changed(request, viewer, opened, drafts.change(by=viewer, version=opened.version, change=change), "new")


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def draft_place(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will move a section or question: a step, into another section, or where it was dropped."""
    opened = open_draft(viewer, definition)
    change = outline_changes.moving(opened.draft, request.POST)
    if change is None:
        return _unchanged(request, viewer, opened)
    return _changed(request, viewer, opened, drafts.change(by=viewer, version=opened.version, change=change), "moved")


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def draft_part_removal(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will take a section, question or answer set out of the draft, with an undo."""
    opened = open_draft(viewer, definition)
    change, beside = outline_changes.removal(opened.draft, request.POST)
    done = drafts.change(by=viewer, version=opened.version, change=change)
    return _changed(request, viewer, opened, done, "removed", beside)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def draft_sharing(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will make a question's answers a set that other questions can share."""
    opened = open_draft(viewer, definition)
    done, shared = outline_changes.share(viewer, opened, request.POST.get("part", ""))
    return _changed(request, viewer, opened, done, "shared", shared)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def draft_undo(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, change: uuid.UUID) -> HttpResponse:
    """This will take one change back, where it still stands."""
    opened = open_draft(viewer, definition)
    changes = DraftChange.objects.visible_to(viewer).filter(version=opened.version)
    done = drafts.undo(by=viewer, version=opened.version, change=get_object_or_404(changes, pk=change))
    return _changed(request, viewer, opened, done, "undone")


def _changed(
    request: HttpRequest, viewer: Viewer, opened: OpenDraft, done: DraftChange, what: str, beside: str = ""
) -> HttpResponse:
    """This will show the outline as it is now, open at what was changed, with an undo for it."""
    now = open_draft(viewer, opened.definition.pk)
    part = outline_changes.to_open(now.draft, beside or done.part)
    says = done.label if what in ("removed", "undone", "shared") else ""
    if not wants_fragment(request):
        return _to(request, opened.definition.pk, part, done.label)
    form = form_of(now.definition.pk, now.draft, part)
    context = frame(request, viewer, now, part) | page_of(viewer, now, form) | {"is_new": what == "new", "pane": "edit"}
    response = HttpResponse(render_to_string(PAGE, context, request))
    response["HX-Push-Url"] = form.url
    if says and done.revision:
        label = _("Redo") if what == "undone" else _("Undo")
        toasts.show(
            response, says, undo=toasts.Undo(reverse("staff:draft_undo", args=[now.definition.pk, done.pk]), label)
        )
    return response


def _unchanged(request: HttpRequest, viewer: Viewer, opened: OpenDraft) -> HttpResponse:
    part = outline_changes.to_open(opened.draft, request.POST.get("part", ""))
    if not wants_fragment(request):
        return _to(request, opened.definition.pk, part, "")
    form = form_of(opened.definition.pk, opened.draft, part)
    return render(request, PAGE, frame(request, viewer, opened, part) | page_of(viewer, opened, form))


def _to(request: HttpRequest, definition: uuid.UUID, part: str, says: str) -> HttpResponse:
    if says:
        toasts.keep(request, says)
    return HttpResponseRedirect(address_of(definition, part), status=303)
