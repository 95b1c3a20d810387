"""Every definition of the organization as its authors see them."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.viewer import Viewer
from portal.web import addresses

from .models import Definition, DefinitionVersion, LibraryEntry

STATES: dict[str, Any] = {
    DefinitionVersion.State.DRAFT: _("Draft"),
    DefinitionVersion.State.PUBLISHED: _("Published"),
    DefinitionVersion.State.DEPRECATED: _("Deprecated"),
}
ORDERS: dict[str, tuple[str, ...]] = {
    "position": ("position", "name"),
    "name": ("name",),
    "-name": ("-name",),
    "-updated": ("-updated_at",),
    "updated": ("updated_at",),
}
_IN_STATE: dict[str, Q] = {
    DefinitionVersion.State.DRAFT: Q(published_version__isnull=True, deprecated_at__isnull=True),
    DefinitionVersion.State.PUBLISHED: Q(published_version__isnull=False, deprecated_at__isnull=True),
    DefinitionVersion.State.DEPRECATED: Q(deprecated_at__isnull=False),
}
# Not a state of its own: a draft somebody wants published. An Admin's queue.
WAITING = "waiting"
CHOICES: dict[str, Any] = {**STATES, WAITING: _("Waiting for publishing")}


@dataclass(frozen=True)
class Filter:
    """Which definitions, in which order, as the page's address says it; what an address cannot mean is left out."""

    state: str = ""
    group: str = ""
    words: str = ""
    order: str = "position"

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `state`, `group` (its name), `q` and `sort`."""
        state, order = query.get("state", ""), query.get("sort", "")
        return cls(
            state if state in CHOICES else "",
            query.get("group", "").replace("\x00", "")[:60],
            query.get("q", "").replace("\x00", "").strip()[:100],
            order if order in ORDERS else "position",
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether anything is left out because of the filter."""
        return bool(self.words or self.state or self.group)

    @property
    def is_in_library_order(self) -> bool:
        """This will say whether the rows are the whole library as its authors ordered it, so that they can be moved."""
        return self.order == "position" and not self.is_narrow


@dataclass(frozen=True, slots=True)
class Row:
    """One definition. `version` is the published number, `draft` the number of a draft; 0 where there is none.

    `used_by` counts the accounts, of those the viewer may see, that have it in their Library. `parent` is the name of the
    definition it is a part of, `children` how many are parts of it. `waits` when somebody wants the draft published.
    """

    definition: Definition
    url: str
    group: str
    state: str
    version: int
    draft: int
    questions: int
    used_by: int
    parent: str
    children: int
    waits: bool
    updated_at: datetime


def definitions_of(viewer: Viewer, chosen: Filter) -> QuerySet[Definition]:
    """This will return the definitions that pass the filter, ordered, with what a row shows."""
    found = Definition.objects.visible_to(viewer)
    if chosen.state == WAITING:
        found = found.filter(pk__in=waiting(viewer).values("definition_id"))
    elif chosen.state:
        found = found.filter(_IN_STATE[chosen.state])
    if chosen.group:
        found = found.filter(group__name=chosen.group)
    return with_figures(viewer, found.matching(chosen.words)).order_by(*ORDERS[chosen.order], "id")


def waiting(viewer: Viewer) -> QuerySet[DefinitionVersion]:
    """This will return the drafts that were submitted for publishing."""
    drafts = DefinitionVersion.objects.visible_to(viewer).filter(state=DefinitionVersion.State.DRAFT)
    return drafts.filter(submitted_at__isnull=False)


def with_figures(viewer: Viewer, definitions: QuerySet[Definition]) -> QuerySet[Definition]:
    """This will add what a Row shows beyond the definition's own columns, in the same query."""
    drafts = DefinitionVersion.objects.filter(definition=OuterRef("pk"), state=DefinitionVersion.State.DRAFT)
    entries = LibraryEntry.objects.visible_to(viewer).filter(definition=OuterRef("pk")).order_by().values("definition")
    children = Definition.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
    return definitions.select_related("group", "parent").annotate(
        child_count=Coalesce(Subquery(children.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        submitted_at=Subquery(drafts.values("submitted_at")[:1]),
        version_number=F("published_version__number"),
        draft_number=Subquery(drafts.values("number")[:1]),
        draft_questions=Subquery(drafts.values("question_count")[:1]),
        used_by=Coalesce(Subquery(entries.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
    )


def rows(definitions: Sequence[Definition]) -> list[Row]:
    """This will write definitions read by `definitions_of` as rows, without a query."""
    url = addresses.of_each("staff:definition")
    return [_row(definition, url) for definition in definitions]


def _row(definition: Definition, url: Callable[[uuid.UUID], str]) -> Row:
    figures = vars(definition)
    return Row(
        definition=definition,
        url=url(definition.pk),
        group=definition.group.name if definition.group else "",
        state=definition.state,
        version=figures["version_number"] or 0,
        draft=figures["draft_number"] or 0,
        questions=definition.question_count or figures["draft_questions"] or 0,
        used_by=figures["used_by"],
        parent=definition.parent.name if definition.parent else "",
        children=figures["child_count"],
        waits=figures["submitted_at"] is not None,
        updated_at=definition.updated_at,
    )
