"""An account's Library as the client reads it: which cards, in which order, on which shelves."""

from datetime import timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.viewer import Viewer
from library import audiences
from library.models import Definition

NEW_FOR = timedelta(days=14)
RECOMMENDED, BY_NAME, SHORTEST, NEWEST = "", "name", "shortest", "newest"
ORDERS = [
    (RECOMMENDED, _("Recommended")),
    (BY_NAME, _("Name A to Z")),
    (SHORTEST, _("Shortest first")),
    (NEWEST, _("Newest first")),
]
_COLUMNS = {
    RECOMMENDED: ("position", Lower("name")),
    BY_NAME: (Lower("name"),),
    SHORTEST: ("minutes", Lower("name")),
    NEWEST: ("-assigned_at", Lower("name")),
}


def library_of(viewer: Viewer) -> QuerySet[Definition]:
    """This will return what stands in the Library for this viewer, each with `assigned_at`: since when it is there."""
    entries = audiences.entries_for(viewer)
    since = entries.filter(definition=OuterRef("pk")).values("created_at")[:1]
    return (
        Definition.objects.visible_to(viewer)
        .launchable()
        .top_level()
        .filter(pk__in=entries.values("definition_id"))
        .annotate(assigned_at=Subquery(since))
    )


def available_to(viewer: Viewer) -> QuerySet[Definition]:
    """This will return the published, top-level definitions that the viewer may see, in the organization's order."""
    every = Definition.objects.visible_to(viewer).launchable().top_level()
    return every.filter(audiences.may_see(viewer)).order_by(*_COLUMNS[RECOMMENDED], "id")


def found(definitions: QuerySet[Definition], words: str, group: str) -> QuerySet[Definition]:
    """This will keep what matches the words and stands on the shelf with this name; "" keeps all."""
    definitions = definitions.matching(words)
    return definitions.filter(group__name=group) if group else definitions


def ordered(definitions: QuerySet[Definition], order: str, *first: str) -> QuerySet[Definition]:
    """This will sort by one of ORDERS; `first` are columns that come before the recommended order."""
    columns = _COLUMNS[order]
    return definitions.order_by(*(first if order == RECOMMENDED else ()), *columns, "id")


def shelves(definitions: QuerySet[Definition]) -> list[tuple[str, int]]:
    """This will count the cards of each group in one query: [(name, count)] in the groups' order, "" for none last."""
    rows = definitions.order_by().values("group__position", "group__name").annotate(cards=Count("id"))
    rows = sorted(rows, key=lambda row: (row["group__name"] is None, row["group__position"], row["group__name"]))
    return [(row["group__name"] or "", row["cards"]) for row in rows]


def is_new(definition: Definition) -> bool:
    """This will say whether a definition read by `library_of` came into the Library in the last 14 days."""
    return definition.assigned_at is not None and definition.assigned_at > timezone.now() - NEW_FOR
