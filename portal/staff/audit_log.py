"""The audit log as an Admin reads it, and an account's own history as its staff do: rows told in sentences."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import dashboards, tenancy, time_zones
from accounts.actions.dashboards import ARRANGED
from accounts.audit import BY_LINK
from accounts.brand import terminology
from accounts.models import Account, AuditEntry, Membership
from accounts.roles import Role
from accounts.trail import audit_trail
from accounts.trail.audit_trail import Filter
from accounts.viewer import Viewer
from portal.web import addresses

from . import activity

BATCH = 1000
SHOWN_CHANGES = 3
LONGEST_VALUE = 300
PEOPLE_OFFERED = 200

# group: (label, what the verbs begin with). What no other group names is in the last one.
_GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "accounts": (gettext_lazy("Accounts, sites and contacts"), ("account", "accounts", "site", "contact")),
    "people": (
        gettext_lazy("People and permissions"),
        ("membership", "ability", "invitation", "person", "people", "session", "sessions", "user", "security"),
    ),
    "preview": (gettext_lazy("View as Client"), ("preview",)),
    "library": (gettext_lazy("Library and access"), ("library", "access")),
    "definitions": (gettext_lazy("Definitions"), ("definition", "group", "draft", "preview_link", "import")),
    "assessments": (
        gettext_lazy("Assessments"),
        ("assessment", "answer", "answers", "note", "clarification", "file", "batch", "campaign", "respondent",
         "respondents", "link", "finding", "findings", "finding_action"),
    ),
    "reports": (gettext_lazy("Reports"), ("report", "report_template")),
    "mail": (gettext_lazy("Mail"), ("mail",)),
    "settings": (gettext_lazy("Settings and everything else"), ()),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One field an edit changed, in words; without a field a step that tells itself, as `new`."""

    field: str
    old: str
    new: str

    @property
    def is_step(self) -> bool:
        """This will say whether there is no field to compare, only what was done."""
        return not self.field

    def __str__(self) -> str:
        return self.new if self.is_step else f"{self.field}: {self.old} → {self.new}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the log. `changes` are the first few, `more` how many are left out."""

    entry: AuditEntry
    icon: str
    sentence: str
    seen_as: str
    account: str
    account_query: str
    person_query: str
    url: str
    changes: list[Change]
    more: int

    @property
    def hat(self) -> str:
        """This will say in which capacity it was done, to stand behind a name; "" where there is nothing to add."""
        if self.entry.seen_as == BY_LINK:
            return self.seen_as
        return _("as %(who)s") % {"who": self.seen_as} if self.seen_as else ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the filter in force, with the query that takes it away."""

    label: str
    value: str
    query: str


def groups() -> list[tuple[str, Any]]:
    """This will list the groups one can filter by: [(key, label)]."""
    return [(key, label) for key, (label, _prefixes) in _GROUPS.items()]


def verbs_of(group: str) -> list[str]:
    """This will list the verbs of a group."""
    if not group:
        return []
    own = _GROUPS[group][1]
    others = {prefix for _label, prefixes in _GROUPS.values() for prefix in prefixes}
    return [
        verb
        for verb in activity.known_verbs()
        if (verb.partition(".")[0] in own if own else verb.partition(".")[0] not in others)
    ]


def entries(viewer: Viewer, chosen: Filter) -> QuerySet[AuditEntry]:
    """This will return the rows the filter leaves."""
    return audit_trail.entries_of(viewer, chosen, verbs_of(chosen.group))


def lines(viewer: Viewer, rows: Iterable[AuditEntry], chosen: Filter) -> list[Line]:
    """This will tell the rows of a page, with one query for the names of their accounts."""
    rows = list(rows)
    names = _account_names(viewer, rows)
    open_entry = addresses.of_each("staff:audit_entry")
    labels = activity.labels_for(viewer, rows)
    return [_line(row, names, chosen, open_entry, labels) for row in rows]


def line_of(viewer: Viewer, entry: AuditEntry) -> Line:
    """This will tell one row with everything it changed."""
    names = _account_names(viewer, [entry])
    labels = activity.labels_for(viewer, [entry])
    return _line(entry, names, Filter(), addresses.of_each("staff:audit_entry"), labels, most=None)


def chips(viewer: Viewer, chosen: Filter) -> list[Chip]:
    """This will name each part of the filter that is in force, with a few queries whatever the log holds."""
    found = []
    if chosen.person:
        name = _name_of(viewer, chosen) or _("somebody")
        found.append(Chip(_("Person"), name, chosen.without("person").query()))
    if chosen.account:
        account = Account.objects.visible_to(viewer).filter(pk=chosen.account).first()
        found.append(Chip(_("Account"), str(account or _("unknown")), chosen.without("account").query()))
    if chosen.thing:
        label = AuditEntry.objects.visible_to(viewer).filter(object_id=chosen.thing).order_by("-created_at").first()
        name = label.object_label if label else ""
        found.append(Chip(_("Thing"), name or _("unknown"), chosen.without("thing").query()))
    if chosen.group:
        found.append(Chip(_("What"), str(_GROUPS[chosen.group][0]), chosen.without("group").query()))
    return found


def people_of(viewer: Viewer) -> list[tuple[str, str]]:
    """This will list whose doings one may want: on an account's page its people, else the organization's own."""
    rows = _offered(viewer).named().order_by("called", "user_id").values_list("user_id", "called").distinct()
    return [(str(pk), name) for pk, name in rows[:PEOPLE_OFFERED]]


def _offered(viewer: Viewer) -> QuerySet[Membership]:
    members = Membership.objects.visible_to(viewer)
    if viewer.account is not None:
        return members.filter(Q(account=viewer.account) | Q(role=Role.ADMIN))
    return members.exclude(role=Role.CLIENT)


def _name_of(viewer: Viewer, chosen: Filter) -> str:
    """Only whom the page names anyway: one of the people to choose from, or who did something the log shows."""
    assert chosen.person is not None
    member = _offered(viewer).filter(user_id=chosen.person).select_related("user").first()
    if member is not None:
        return str(member.user)
    done = audit_trail.entries_of(viewer, Filter(person=chosen.person)).order_by("-created_at").first()
    return done.actor_name if done else ""


def table_head() -> list[str]:
    """This will name the columns of `table`."""
    return [
        _("When"), _("Who"), _("As whom"), _("Account"), _("What"), _("Kind"), _("Thing"), _("Thing’s id"), _("Changes"),
        _("Address"), _("Program"), _("Request"),
    ]  # fmt: skip


def table(viewer: Viewer, chosen: Filter) -> Iterator[list[Any]]:
    """This will yield every row the filter leaves as plain cells, for a file written while it is read.

    The request's transaction is over by then: each batch is read in one of its own, from where the last one ended.
    """
    last: AuditEntry | None = None
    zone = time_zones.zone_of(viewer)
    while True:
        with (
            tenancy.scope(viewer.organization.pk),
            timezone.override(zone),
            terminology.using(viewer.organization.terminology),
        ):
            rows = audit_trail.in_batches(entries(viewer, chosen), last, BATCH)
            labels = activity.labels_for(viewer, rows)
            cells = [_cells(line, labels) for line in lines(viewer, rows, chosen)]
        yield from cells
        if len(rows) < BATCH:
            return
        last = rows[-1]


def _cells(line: Line, labels: activity.Labels) -> list[Any]:
    entry = line.entry
    changes = "; ".join(str(change) for change in _changes(entry, labels))
    when = timezone.localtime(entry.created_at).isoformat(timespec="seconds")  # while the reader's zone is in force
    return [
        when, entry.actor_name, line.seen_as, line.account, line.sentence, entry.verb, entry.object_label,
        str(entry.object_id or ""), changes, entry.ip or "", entry.program, entry.request_id,
    ]  # fmt: skip


def _line(
    entry: AuditEntry,
    names: dict[Any, str],
    chosen: Filter,
    open_entry: Any,
    labels: activity.Labels,
    most: int | None = SHOWN_CHANGES,
) -> Line:
    event = activity.event_of(entry, labels)
    changes = _changes(entry, labels)
    account = names.get(entry.account_id, "") if entry.account_id else ""
    return Line(
        entry=entry,
        icon=event.icon,
        sentence=event.sentence,
        seen_as=_("through a link") if entry.seen_as == BY_LINK else entry.seen_as,
        account=account,
        account_query=Filter(account=entry.account_id).query() if account and not chosen.account else "",
        person_query=Filter(person=entry.actor_id, account=chosen.account).query() if entry.actor_id else "",
        url=open_entry(entry.pk),
        changes=changes if most is None else changes[:most],
        more=0 if most is None else max(0, len(changes) - most),
    )


def _changes(entry: AuditEntry, labels: activity.Labels) -> list[Change]:
    changed = audit_trail.changes_of(entry)
    if entry.verb == ARRANGED:  # two whole orders of Home are hard to compare, and their keys are not words
        return [Change("", "", step) for _field, old, new in changed for step in dashboards.difference(old, new)]
    return [
        Change(activity.field_in_words(entry, field, labels), in_words(old), in_words(new))
        for field, old, new in changed
    ]


def in_words(value: Any) -> str:
    """This will write a value of the trail as a person reads it; "–" for none."""
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(in_words(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')}: {in_words(one)}" for name, one in value.items())
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def details_in_words(entry: AuditEntry) -> list[tuple[str, str]]:
    """This will list what else a row says, beside what it changed."""
    return [
        (name.replace("_", " "), in_words(value))
        for name, value in entry.details.items()
        if name not in ("changes", "return_to", "viewpoint", "kept", "stored")
    ]


def _account_names(viewer: Viewer, rows: Sequence[AuditEntry]) -> dict[Any, str]:
    if viewer.account is not None:
        return {viewer.account.pk: viewer.account.name}
    ids = {row.account_id for row in rows if row.account_id}
    return dict(Account.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", "name"))


def address_of_thing(entry: AuditEntry) -> str:
    """This will be the address that shows everything that happened to the same thing; "" where there is none."""
    return reverse("staff:audit_log") + Filter(thing=entry.object_id).query() if entry.object_id else ""
