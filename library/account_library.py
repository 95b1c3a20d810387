"""What stands in an account's Library, as staff arrange it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts.viewer import Viewer

from .models import LibraryEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """One definition in the Library. `is_shown` is false when it was deprecated since: clients do not see it."""

    name: str
    group: str
    icon: str
    tone: str
    is_shown: bool
    assigned_at: datetime
    removal_url: str


def entries_of(viewer: Viewer) -> list[Entry]:
    """This will return the entries of the viewer's account in one query, by name; with the address that takes one out."""
    found: QuerySet[LibraryEntry] = LibraryEntry.objects.visible_to(viewer).filter(account=viewer.account)
    ordered = found.select_related("definition__group").defer("definition__summary").order_by("definition__name", "id")
    return [_entry(row) for row in ordered]


def _entry(row: LibraryEntry) -> Entry:
    definition = row.definition
    return Entry(
        name=definition.name,
        group=definition.group.name if definition.group else "",
        icon=definition.icon,
        tone=definition.tone,
        is_shown=definition.deprecated_at is None and definition.published_version_id is not None,
        assigned_at=row.created_at,
        removal_url=reverse("staff:library_removal", args=[row.account_id, row.definition_id]),
    )
