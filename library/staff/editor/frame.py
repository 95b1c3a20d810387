"""What every page of the editor stands in: the draft it is about, the outline, and how things stand with the draft."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Can
from accounts.viewer import Viewer
from library.actions.drafts import NotADraft
from library.authoring import bench_state, draft_outline
from library.drafting import drafts, parts
from library.drafting.drafts import Draft
from library.models import Definition, DefinitionVersion, DraftChange

# How long somebody's last change counts as being at work here.
AT_WORK = timedelta(minutes=10)
PANES = ("outline", "edit", "preview")


@dataclass(frozen=True)
class OpenDraft:
    """A definition with the draft that is edited."""

    definition: Definition
    version: DefinitionVersion
    draft: Draft


@dataclass(frozen=True, slots=True)
class ToMend:
    """One thing that keeps the draft from being published, with the page on which it is mended."""

    title: str
    message: str
    url: str


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody else who changed the draft a moment ago, and where."""

    person: User
    where: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Undoable:
    """The viewer's last change that stands, in words, with the address that takes it back."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Room:
    """One link of the editor's head, or one of its tabs on a phone."""

    label: str
    url: str
    icon: str
    is_current: bool
    key: str = ""


def open_draft(viewer: Viewer, definition_id: uuid.UUID) -> OpenDraft:
    """This will read the draft of a definition, for a page of the editor or an action on it.

    Raises Http404 for a definition the viewer may not see, NotADraft when it has no draft (any more); the latter
    becomes a page that says so (see `staff.refusals`).
    """
    definition = Definition.objects.visible_to(viewer).select_related("group").filter(pk=definition_id).first()
    if definition is None:
        raise Http404
    versions = DefinitionVersion.objects.visible_to(viewer).filter(definition=definition)
    version = versions.filter(state=DefinitionVersion.State.DRAFT).select_related("edited_by").first()
    if version is None:
        raise NotADraft
    version.definition = definition
    return OpenDraft(definition, version, drafts.read(version))


def frame(request: HttpRequest, viewer: Viewer, opened: OpenDraft, part: str) -> dict[str, Any]:
    """This will return what templates/library/staff/editor/base.html shows around the page of a part."""
    address = reverse("staff:editor", args=[opened.definition.pk])
    rows = draft_outline.rows(opened.draft, address, part)
    return {
        **head(request, viewer, opened, part),
        "outline": rows,
        "question_count": opened.draft.document.question_count,
        "panes": _panes(request),
        "pane": _pane(request),
        "question_types": draft_outline.TYPES.items(),
        "breadcrumbs": [
            {"label": _("Assessment library"), "url": reverse("staff:definitions")},
            {"label": opened.draft.document.name, "url": reverse("staff:definition", args=[opened.definition.pk])},
            {"label": _("Draft v%(number)s") % {"number": opened.version.number}},
        ],
    }


def head(request: HttpRequest, viewer: Viewer, opened: OpenDraft, part: str) -> dict[str, Any]:
    """This will return what the editor's head shows: how the draft stands, who else is at work, what can be undone."""
    definition, version = opened.definition, opened.version
    return {
        "definition": definition,
        "version": version,
        "draft": opened.draft,
        "document": opened.draft.document,
        "part": part,
        "part_query": quote(part, safe=":"),
        "editor_url": reverse("staff:editor", args=[definition.pk]),
        "definition_url": reverse("staff:definition", args=[definition.pk]),
        "rooms": _rooms(definition, part),
        "to_mend": [
            *(_to_mend(definition.pk, opened.draft, problem) for problem in opened.draft.placed),
            *(_failing(definition.pk, key, name) for key, name in bench_state.failing(opened.draft)),
        ],
        "undoable": _undoable(viewer, version),
        "at_work": _at_work(viewer, version),
        "may_publish": viewer.can(Can.PUBLISH_DEFINITIONS),
    }


def address_of(definition_id: uuid.UUID, part: str) -> str:
    """This will return the address of the page on which a part is edited."""
    kind, key = parts.split(part)
    if kind == "scoring":
        return reverse("staff:scoring", args=[definition_id])
    if kind == "score":
        return reverse("staff:score", args=[definition_id, key])
    if kind == "sample":
        return reverse("staff:sample", args=[definition_id, key])
    if kind == "children":
        return reverse("staff:children", args=[definition_id])
    if kind == "reference_values":
        return reverse("staff:reference_values", args=[definition_id])
    return f"{reverse('staff:editor', args=[definition_id])}?part={quote(part, safe=':')}"


def _rooms(definition: Definition, part: str) -> list[Room]:
    kind = parts.split(part)[0]
    here = {"answer_set": "questions", "section": "questions", "question": "questions", "score": "scoring"}
    here |= {"sample": "samples", "reference_values": "scoring", "children": "children"}
    current = here.get(kind, kind)
    links = [
        ("questions", _("Questions"), "editor", "list-details"),
        ("scoring", _("Scoring"), "scoring", "gauge"),
        ("samples", _("Test bench"), "samples", "checks"),
        ("settings", _("Settings"), "", "settings"),
        ("trial", _("Try it"), "trial", "player-play"),
    ]
    return [
        Room(
            label,
            reverse(f"staff:{name}", args=[definition.pk]) if name else address_of(definition.pk, "settings"),
            icon,
            key == current,
            key,
        )
        for key, label, name, icon in links
    ]


def _to_mend(definition_id: uuid.UUID, draft: Draft, problem: parts.Placed) -> ToMend:
    title, message = parts.title(draft.data, problem.part), capfirst(problem.message)
    return ToMend(title, message, address_of(definition_id, problem.part))


def _failing(definition_id: uuid.UUID, key: str, name: str) -> ToMend:
    title = _("Sample “%(name)s”") % {"name": name}
    return ToMend(title, _("Does not pass"), reverse("staff:sample", args=[definition_id, key]))


def _undoable(viewer: Viewer, version: DefinitionVersion) -> Undoable | None:
    mine = DraftChange.objects.visible_to(viewer).filter(version=version, changed_by=viewer.user, undone_at=None)
    last = mine.exclude(kind="undo").order_by("-revision").only("pk", "label").first()
    if last is None:
        return None
    return Undoable(last.label, reverse("staff:draft_undo", args=[version.definition_id, last.pk]))


def _at_work(viewer: Viewer, version: DefinitionVersion) -> list[AtWork]:
    others = DraftChange.objects.visible_to(viewer).filter(version=version, created_at__gte=timezone.now() - AT_WORK)
    others = others.exclude(changed_by=viewer.user).exclude(changed_by=None).select_related("changed_by")
    found: dict[Any, AtWork] = {}
    for change in others.defer("before", "after").order_by("-revision")[:50]:
        if change.changed_by:
            found.setdefault(change.changed_by_id, AtWork(change.changed_by, change.label, change.created_at))
    return list(found.values())[:4]


def _pane(request: HttpRequest) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in PANES else "edit"


def _panes(request: HttpRequest) -> list[Room]:
    words = {
        "outline": (_("Outline"), "list-details"),
        "edit": (_("Edit"), "pencil"),
        "preview": (_("Preview"), "eye"),
    }
    query = request.GET.copy()
    links = []
    for name in PANES:
        query["show"] = name
        label, icon = words[name]
        links.append(Room(label, f"?{query.urlencode(safe=':')}", icon, name == _pane(request), name))
    return links
