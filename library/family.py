"""A parent definition and its children, as their authors see them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.viewer import Viewer

from .models import Definition, DefinitionVersion, DraftChange
from .versions import written_document_of


@dataclass(frozen=True, slots=True)
class ChildRow:
    """One child. `share` is its part of all weights in percent; `is_ready`: it can be launched, so the parent can be
    published with it."""

    definition: Definition
    weight: float
    share: float
    is_ready: bool


def draft_of(viewer: Viewer, definition: Definition) -> DefinitionVersion | None:
    """This will return the definition's draft, or None."""
    drafts = DefinitionVersion.objects.visible_to(viewer).filter(state=DefinitionVersion.State.DRAFT)
    found: DefinitionVersion | None = drafts.filter(definition=definition).first()
    return found


def is_changed_since_submission(viewer: Viewer, draft: DefinitionVersion) -> bool:
    """This will say whether somebody edited a draft after it was submitted for publishing."""
    if draft.submitted_at is None:
        return False
    return DraftChange.objects.visible_to(viewer).filter(version=draft, created_at__gt=draft.submitted_at).exists()


def children_of(viewer: Viewer, parent: Definition) -> list[ChildRow]:
    """This will return the children in their order: of the draft, else of what is published."""
    versions = DefinitionVersion.objects.visible_to(viewer).filter(definition=parent).order_by("-number")
    version = versions.first()
    named = written_document_of(version).children if version else ()
    known = {
        one.key: one for one in Definition.objects.visible_to(viewer).filter(parent=parent).select_related("group")
    }
    total = sum(link.weight for link in named) or 1
    return [
        ChildRow(
            definition=known[link.key],
            weight=link.weight,
            share=link.weight / total * 100,
            is_ready=known[link.key].published_version_id is not None and known[link.key].deprecated_at is None,
        )
        for link in named
        if link.key in known
    ]


def candidates(viewer: Viewer, parent: Definition) -> QuerySet[Definition]:
    """This will return what can become a child: what stands alone, without children of its own."""
    own = Definition.objects.visible_to(viewer)
    return (
        own.filter(parent__isnull=True)
        .exclude(pk=parent.pk)
        .exclude(Exists(own.filter(parent=OuterRef("pk"))))
        .filter(deprecated_at__isnull=True)
        .order_by("position", "name")
    )
