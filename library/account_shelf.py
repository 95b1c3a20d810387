"""The Library of one account as staff arrange it: everything offered, what of it stands there, for whom, who sees it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import viewpoints
from accounts.models import Membership
from accounts.models.membership import called
from accounts.roles import PortalRole, Role
from accounts.viewer import Viewer
from portal.web import addresses

from . import cards
from .models import Definition, LibraryEntry, LibraryEntryPerson

SHOWS = ("", "in", "chosen", "out")
NAMED = 2


@dataclass(frozen=True)
class Filter:
    """What of the page is shown, as its address says; what an address cannot mean is left out."""

    words: str = ""
    show: str = ""
    viewpoint: str = viewpoints.GENERIC

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `q`, `show` and `as`."""
        show = query.get("show", "")
        return cls(
            query.get("q", "").replace("\x00", "").strip()[:100],
            show if show in SHOWS else "",
            query.get("as", "").replace("\x00", "")[:60] or viewpoints.GENERIC,
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether the filter may leave something out."""
        return bool(self.words or self.show)

    def query(self) -> str:
        """This will write the filter as an address's query, for what leads back to the same list."""
        named = {
            "q": self.words,
            "show": self.show,
            "as": self.viewpoint if self.viewpoint != viewpoints.GENERIC else "",
        }
        written = urlencode({name: value for name, value in named.items() if value})
        return f"?{written}" if written else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One definition. `for_whom` is "" where it is not in the Library; `nobody` when of those chosen none is left."""

    definition: Definition
    in_library: bool
    for_whom: str
    is_restricted: bool
    nobody: bool
    is_seen: bool
    is_offered: bool
    switch_url: str
    audience_url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one group on a page, with how many of the whole group stand in the Library. `key` is its id or ""."""

    key: str
    name: str
    offered: int
    inside: int
    rows: list[Row] = field(default_factory=list)


@dataclass
class Shelf:
    """The Library page of the viewer's account. The number of queries does not depend on how much stands there."""

    viewer: Viewer
    chosen: Filter

    @cached_property
    def eyes(self) -> tuple[str, Viewer] | None:
        """This will return the chosen viewpoint's name, and the viewer who looks through it; None for one unknown."""
        account = self.viewer.account
        assert account is not None
        read = viewpoints.read(self.chosen.viewpoint, account)
        return (read[0].label, self.viewer.as_client(*read)) if read else None

    @cached_property
    def seen(self) -> int:
        """This will count what a client with the chosen eyes sees in the Library."""
        return cards.library_of(self.eyes[1]).count() if self.eyes else 0

    @cached_property
    def offered(self) -> int:
        """This will count everything an account can be given."""
        return _offered(self.viewer).count()

    @property
    def definitions(self) -> QuerySet[Definition]:
        """This will return what the filter leaves, in the order of the groups."""
        found = _listed(self.viewer).matching(self.chosen.words)
        if self.chosen.show == "in":
            found = found.filter(inside=True)
        elif self.chosen.show == "out":
            found = found.filter(inside=False)
        elif self.chosen.show == "chosen":
            restricted = _entries(self.viewer).exclude(audience=LibraryEntry.Audience.EVERYONE)
            found = found.filter(pk__in=restricted.values("definition_id"))
        last = Case(When(group=None, then=Value(1)), default=Value(0))
        ordered: QuerySet[Definition] = found.select_related("group").order_by(
            last, "group__position", "group__name", "position", "name", "id"
        )
        return ordered

    def groups(self, definitions: Iterable[Definition]) -> list[Group]:
        """This will make the rows of one page of definitions, under their groups."""
        definitions = list(definitions)
        rows = self._rows(definitions)
        made: dict[Any, Group] = {}
        counts = self._counts({one.group_id for one in definitions})
        for definition in definitions:
            key = definition.group_id
            if key not in made:
                offered, inside = counts.get(key, (0, 0))
                name = definition.group.name if definition.group else _("Without a group")
                made[key] = Group(str(key or ""), name, offered, inside)
            made[key].rows.append(rows[definition.pk])
        return list(made.values())

    def _rows(self, definitions: Sequence[Definition]) -> dict[uuid.UUID, Row]:
        ids = [one.pk for one in definitions]
        entries = {entry.definition_id: entry for entry in _entries(self.viewer).filter(definition__in=ids)}
        words = _audiences_in_words(self.viewer, entries.values())
        seen = (
            set(cards.library_of(self.eyes[1]).filter(pk__in=ids).values_list("pk", flat=True)) if self.eyes else set()
        )
        account = self.viewer.account
        assert account is not None
        switch = addresses.of_each("staff:library_switch", account.id)
        audience = addresses.of_each("staff:library_audience", account.id)
        rows = {}
        for definition in definitions:
            entry = entries.get(definition.pk)
            for_whom, people = words.get(entry.pk, ("", 0)) if entry else ("", 0)
            rows[definition.pk] = Row(
                definition=definition,
                in_library=entry is not None,
                for_whom=for_whom,
                is_restricted=entry is not None and entry.audience != LibraryEntry.Audience.EVERYONE,
                nobody=entry is not None and entry.audience == LibraryEntry.Audience.PEOPLE and not people,
                is_seen=definition.pk in seen,
                is_offered=definition.published_version_id is not None and definition.deprecated_at is None,
                switch_url=switch(definition.pk),
                audience_url=audience(definition.pk),
            )
        return rows

    def _counts(self, groups: set[Any]) -> dict[Any, tuple[int, int]]:
        here = Q(group__in=[key for key in groups if key])
        if None in groups:
            here |= Q(group=None)
        rows = _offered(self.viewer).filter(here).order_by().values("group_id")
        counted = rows.annotate(offered=Count("id"), inside_count=Count("id", filter=Q(inside=True)))
        return {row["group_id"]: (row["offered"], row["inside_count"]) for row in counted}


def of_group(viewer: Viewer, group: uuid.UUID | None) -> QuerySet[Definition]:
    """This will return what an account can be given of one group, or of none; each with `inside`, whether it was."""
    return _offered(viewer).filter(group=group)


def entries_among(viewer: Viewer, definitions: QuerySet[Definition]) -> QuerySet[LibraryEntry]:
    """This will return the entries of the viewer's account for these definitions."""
    found: QuerySet[LibraryEntry] = _entries(viewer).filter(definition__in=definitions.values("pk"))
    return found.select_related("definition", "account")


def people_to_choose(viewer: Viewer, words: str, chosen: Iterable[uuid.UUID], most: int = 50) -> tuple[list[Any], bool]:
    """This will return the clients of the viewer's account whose name or email matches, those chosen first; and whether
    there are more. Each has `is_chosen`."""
    ids = list(chosen)
    clients: Any = Membership.objects.visible_to(viewer).filter(account=viewer.account, role=Role.CLIENT)
    clients = clients.named()
    wanted = Q()
    for word in (words := words.strip()).split()[:8]:
        wanted &= Q(called__icontains=word) | Q(user__email__icontains=word)
    is_chosen = Case(When(pk__in=ids, then=Value(True)), default=Value(False))
    # Without words, `wanted` would be left out of the alternative and only the chosen be found.
    found = clients.filter(wanted | Q(pk__in=ids)) if words else clients
    rows = list(
        found.annotate(is_chosen=is_chosen)
        .select_related("user")
        .order_by("-is_chosen", "called", "id")[: max(most, len(ids)) + 1]
    )
    return rows[: max(most, len(ids))], len(rows) > max(most, len(ids))


def _offered(viewer: Viewer) -> QuerySet[Definition]:
    found: QuerySet[Definition] = _with_inside(viewer).launchable().top_level()
    return found


def _listed(viewer: Viewer) -> Any:
    """What is offered, and what stands in the Library although it is offered no longer."""
    here = Q(published_version__isnull=False, deprecated_at__isnull=True, is_part=False)
    return _with_inside(viewer).filter(here | Q(inside=True))


def _with_inside(viewer: Viewer) -> Any:
    entries = _entries(viewer).filter(definition=OuterRef("pk"))
    return Definition.objects.visible_to(viewer).annotate(inside=Exists(entries))


def _entries(viewer: Viewer) -> QuerySet[LibraryEntry]:
    found: QuerySet[LibraryEntry] = LibraryEntry.objects.visible_to(viewer).filter(account=viewer.account)
    return found


def _audiences_in_words(viewer: Viewer, entries: Iterable[LibraryEntry]) -> dict[uuid.UUID, tuple[str, int]]:
    """This will say of each entry whom it is for, with the number of people named, in one query."""
    entries = list(entries)
    people: dict[uuid.UUID, list[str]] = {}
    named = LibraryEntryPerson.objects.visible_to(viewer).filter(entry__in=[entry.pk for entry in entries])
    named = named.annotate(called=called("membership__"))
    for entry_id, name in named.order_by("called").values_list("entry_id", "called"):
        people.setdefault(entry_id, []).append(name)
    return {entry.pk: (_in_words(entry, people.get(entry.pk, [])), len(people.get(entry.pk, []))) for entry in entries}


def _in_words(entry: LibraryEntry, people: Sequence[str]) -> str:
    if entry.audience == LibraryEntry.Audience.EVERYONE:
        return _("Everyone")
    roles = [str(role.label) for role in PortalRole if role in entry.portal_roles]
    more = len(people) - NAMED
    names = list(people[:NAMED])
    if more > 0:
        names.append(ngettext("%(count)d more person", "%(count)d more people", more) % {"count": more})
    return ", ".join([*roles, *names]) or _("Nobody")
