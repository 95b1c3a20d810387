"""Reading the audit trail: filtered as an address says, page by page from a row onwards, however long it is."""

import datetime
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode

from accounts.models import AuditEntry
from accounts.viewer import Viewer
from portal.web.ids import uuid_in

SIZE = 50
# Words cannot be looked up in an index behind row-level security: they are looked for in what is this old at most.
WORDS_REACH = datetime.timedelta(days=90)


@dataclass(frozen=True)
class Filter:
    """What of the trail is shown, as it stands in the address. Whatever is not understood is left out."""

    person: uuid.UUID | None = None
    account: uuid.UUID | None = None
    thing: uuid.UUID | None = None
    group: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    words: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str], groups: Collection[str] = ()) -> "Filter":
        """This will read `person`, `account`, `thing`, `what`, `from`, `to` and `q`."""
        group = query.get("what", "")
        return cls(
            uuid_in(query.get("person", "")),
            uuid_in(query.get("account", "")),
            uuid_in(query.get("thing", "")),
            group if group in groups else "",
            _day(query.get("from", "")),
            _day(query.get("to", "")),
            query.get("q", "").replace("\x00", "").strip()[:100],
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether the filter may leave something out."""
        return self != Filter()

    @property
    def is_cut(self) -> bool:
        """This will say whether only the last weeks are looked at, because words are wanted and no first day is."""
        return bool(self.words) and self.since is None and not (self.thing or self.person or self.account)

    def without(self, *names: str) -> "Filter":
        """This will be the same filter with some of it left open."""
        open_again = {name: getattr(Filter(), name) for name in names}
        return replace(self, **open_again)

    def query(self, **more: str) -> str:
        """This will write the filter as an address's query, with `more` behind it; "" when there is nothing to write."""
        named = {
            "person": self.person, "account": self.account, "thing": self.thing, "what": self.group,
            "from": self.since, "to": self.until, "q": self.words, **more,
        }  # fmt: skip
        written = urlencode({name: str(value) for name, value in named.items() if value})
        return f"?{written}" if written else ""


@dataclass(frozen=True)
class Page:
    """The rows of one page, newest first. `older` and `newer` are the ids to go on from, None at the ends."""

    entries: list[AuditEntry]
    older: uuid.UUID | None
    newer: uuid.UUID | None

    def __iter__(self) -> Iterator[AuditEntry]:
        return iter(self.entries)


def entries_of(viewer: Viewer, chosen: Filter, verbs: Collection[str] = ()) -> QuerySet[AuditEntry]:
    """This will return what the filter leaves of the trail the viewer may see. `verbs` are those of the filter's group."""
    found: QuerySet[AuditEntry] = AuditEntry.objects.visible_to(viewer)
    if viewer.account is not None:
        found = found.filter(account=viewer.account)
    if chosen.account:
        found = found.filter(account=chosen.account)
    if chosen.person:
        found = found.filter(actor=chosen.person)
    if chosen.thing:
        found = found.filter(object_id=chosen.thing)
    if chosen.group:
        found = found.filter(verb__in=sorted(verbs))
    if chosen.since or chosen.is_cut:
        found = found.filter(created_at__gte=_begins(chosen.since) if chosen.since else timezone.now() - WORDS_REACH)
    if chosen.until:
        found = found.filter(created_at__lt=_begins(chosen.until + datetime.timedelta(days=1)))
    for word in chosen.words.split()[:8]:
        found = found.filter(
            Q(object_label__icontains=word) | Q(actor_name__icontains=word) | Q(seen_as__icontains=word)
        )
    return found


def page_of(entries: QuerySet[AuditEntry], query: Mapping[str, str], size: int = SIZE) -> Page:
    """This will cut the page that `older=` or `newer=` asks for, with the row's id, in one query and one for that row.

    Pages begin at a row, not at a number: the last of a million is as near as the first.
    """
    older, newer = uuid_in(query.get("older", "")), uuid_in(query.get("newer", ""))
    row = older or newer
    start = entries.model.objects.filter(pk=row).only("id", "created_at").first() if row else None
    if start is None:
        rows = list(_in_order(entries)[: size + 1])
        return Page(rows[:size], rows[size - 1].pk if len(rows) > size else None, None)
    if older:
        rows = list(_in_order(before(entries, start))[: size + 1])
        shown = rows[:size]
        return Page(shown, shown[-1].pk if len(rows) > size else None, shown[0].pk if shown else start.pk)
    rows = list(_after(entries, start).order_by("created_at", "id")[: size + 1])
    shown = rows[:size][::-1]
    return Page(shown, shown[-1].pk if shown else start.pk, shown[0].pk if len(rows) > size else None)


def before(entries: QuerySet[AuditEntry], row: AuditEntry) -> QuerySet[AuditEntry]:
    """This will keep what happened before a row."""
    # The first half is what the index is asked for, the second settles the rows of the very same moment.
    return entries.filter(created_at__lte=row.created_at).filter(Q(created_at__lt=row.created_at) | Q(id__lt=row.pk))


def in_batches(entries: QuerySet[AuditEntry], last: AuditEntry | None, size: int) -> list[AuditEntry]:
    """This will return the next rows of the whole list after `last`, newest first."""
    return list(_in_order(before(entries, last) if last else entries)[:size])


def changes_of(entry: AuditEntry) -> list[tuple[str, Any, Any]]:
    """This will return what an edit changed: [(field, old, new)]."""
    changes = entry.details.get("changes")
    if not isinstance(changes, dict):
        return []
    return [
        (str(field), *pair) if isinstance(pair, list) and len(pair) == 2 else (str(field), None, pair)
        for field, pair in changes.items()
    ]


def _after(entries: QuerySet[AuditEntry], row: AuditEntry) -> QuerySet[AuditEntry]:
    return entries.filter(created_at__gte=row.created_at).filter(Q(created_at__gt=row.created_at) | Q(id__gt=row.pk))


def _in_order(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    return entries.order_by("-created_at", "-id")


def _begins(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _day(text: str) -> datetime.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1970 <= day.year <= 9000 else None
