"""From draft to published to deprecated, and back: each step a POST of its own.

A draft that is gone is answered as everywhere in the editor (refusals.py).
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library import family
from library.actions import definitions as actions
from library.actions.drafts import NotADraft
from library.models import Definition
from library.problems import InvalidDefinition
from portal.web import toasts
from portal.web.pages import go

from .life_cycle_forms import CopyForm, NoteForm


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def submission(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will put the draft into the Admins' queue, with a note for them."""
    found, form = _definition(viewer, definition), NoteForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, form)
    draft = family.draft_of(viewer, found)
    if draft is None:
        raise NotADraft
    actions.submit(by=viewer, version=draft, note=form.cleaned_data["note"])
    toast = _("v%(number)s waits for an Admin to publish it.") % {"number": draft.number}
    return go(request, "staff:definition", toast=toast, definition=found.id)


@organization_view(Can.PUBLISH_DEFINITIONS, methods=("POST",))
def submission_return(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will send a submitted draft back to its authors, with a note of what is missing."""
    found, form = _definition(viewer, definition), NoteForm(request.POST, required=True)
    if not form.is_valid():
        return _refused(request, found, form)
    draft = family.draft_of(viewer, found)
    if draft is None:
        raise NotADraft
    actions.send_back(by=viewer, version=draft, note=form.cleaned_data["note"])
    toast = _("v%(number)s is sent back with your note.") % {"number": draft.number}
    return go(request, "staff:definition", toast=toast, definition=found.id)


@organization_view(Can.PUBLISH_DEFINITIONS, methods=("POST",))
def publication(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will publish the draft of a definition, or say what has to be mended first."""
    found = _definition(viewer, definition)
    try:
        version = actions.publish(by=viewer, definition=found)
    except actions.NothingToPublish:
        raise NotADraft from None
    except (actions.NotReady, actions.ChildNotPublished) as reason:
        context = {"definition": found, "reason": reason, "has_errors": True}
        return render(request, "library/staff/not_ready.html", context, status=422)
    toast = _("%(name)s v%(number)s is published.") % {"name": version.definition.name, "number": version.number}
    return go(request, "staff:definition", toast=toast, definition=definition)


@organization_view(Can.PUBLISH_DEFINITIONS, methods=("POST",))
def deprecation(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will end new launches of a definition; what runs goes on."""
    found = _definition(viewer, definition)
    try:
        actions.deprecate(by=viewer, definition=found)
    except actions.NotPublished:
        return _conflict(request, _never_published())
    words = _("%(name)s is deprecated. What is under way can be finished.") % {"name": found.name}
    undo = reverse("staff:republication", args=[definition])
    toasts.keep(request, words, undo=toasts.Undo(undo))
    return go(request, "staff:definition", definition=definition)


@organization_view(Can.PUBLISH_DEFINITIONS, methods=("POST",))
def republication(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will offer a deprecated definition again, as it was published last."""
    found = _definition(viewer, definition)
    try:
        actions.republish(by=viewer, definition=found)
    except actions.NotPublished:
        return _conflict(request, _never_published())
    toast = _("%(name)s can be launched again.") % {"name": found.name}
    return go(request, "staff:definition", toast=toast, definition=definition)


@organization_view(Can.PUBLISH_DEFINITIONS, methods=("POST",))
def draft_removal(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will delete the draft; a definition that never was published goes with it."""
    found = _definition(viewer, definition)
    try:
        left = actions.delete_draft(by=viewer, definition=found)
    except NotADraft:
        words = _("A published definition cannot be deleted: results rest on it. Deprecate it instead.")
        return _conflict(request, words)
    if left is None:
        return go(request, "staff:definitions", toast=_("%(name)s is deleted.") % {"name": found.name})
    return go(request, "staff:definition", toast=_("The draft is deleted."), definition=definition)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def definition_copy(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will start a new definition from this one: a draft under a name of its own."""
    found, form = _definition(viewer, definition), CopyForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, form)
    try:
        version = actions.copy(by=viewer, definition=found, name=form.cleaned_data["name"])
    except InvalidDefinition as error:
        form.add_error("name", capfirst(error.problems[0].message))
        return _refused(request, found, form)
    toast = _("%(name)s is a draft of its own now.") % {"name": form.cleaned_data["name"]}
    return go(request, "staff:editor", toast=toast, definition=version.definition_id)


def _definition(viewer: Viewer, definition: uuid.UUID) -> Definition:
    return get_object_or_404(Definition.objects.visible_to(viewer), pk=definition)


def _never_published() -> str:
    return _("This definition was never published.")


def _conflict(request: HttpRequest, explanation: str) -> HttpResponse:
    return render(request, "errors/409.html", {"explanation": explanation}, status=409)


def _refused(request: HttpRequest, definition: Definition, form: Any) -> HttpResponse:
    context = {"definition": definition, "form": form, "action": request.path}
    return render(request, "library/staff/life_cycle_form.html", context, status=422)
