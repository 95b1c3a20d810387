"""What a draft of a batch would do if it were sent now: each row's verdict, each account's run. Reads, writes nothing."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from accounts import grants
from accounts.models import Account, Membership
from accounts.models.membership import called
from accounts.roles import Can, PortalRole, Role
from accounts.viewer import Viewer
from assessments.batching import batch_input
from assessments.batching.batch_input import Judged, Known, Row, Verdict
from assessments.models import OPEN, Assessment, BatchDraft, Mode, Respondent
from library.models import Definition
from library.versions import document_of
from portal.web.ids import uuids_in

PICK, PASTE, FILE, ACCOUNTS = "pick", "paste", "file", "accounts"
ADMINS, NOBODY = "admins", "nobody"
MOST_ACCOUNTS = 300
MOST_OF_ONE_RUN = 2_000


@dataclass(frozen=True)
class Setup:
    """The form of a batch as it was filled in. `who` is how the people are named; `accounts` and `invites` matter where
    accounts are picked, `people` (ids of users) where people are, `text` is what was pasted."""

    definition: str = ""
    name: str = ""
    mode: str = Mode.SHARED
    due_on: datetime.date | None = None
    message: str = ""
    notify_at_percent: int = 80
    who: str = PASTE
    text: str = ""
    people: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    invites: str = ADMINS
    every_months: int = 0
    carries_over: bool = True
    includes_present: bool = False

    @classmethod
    def of(cls, draft: BatchDraft) -> "Setup":
        """This will read what a draft keeps."""
        values = {name: value for name, value in draft.values.items() if name in cls.__dataclass_fields__}
        values["due_on"] = datetime.date.fromisoformat(values["due_on"]) if values.get("due_on") else None
        values["people"] = tuple(values.get("people", ()))
        values["accounts"] = tuple(values.get("accounts", ()))
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """This will return what a draft keeps."""
        return vars(self) | {
            "due_on": self.due_on.isoformat() if self.due_on else "",
            "people": list(self.people),
            "accounts": list(self.accounts),
        }

    @property
    def is_without_people(self) -> bool:
        """This will say whether the accounts get the assessment and nobody is written to."""
        return self.who == ACCOUNTS and self.invites == NOBODY


@dataclass(frozen=True)
class Plan:
    """What would be done. `accounts` get a run each; `runs_open` of them have one of this definition under way."""

    setup: Setup
    definition: Definition | None
    judged: Sequence[Judged]
    accounts: Sequence[Account]
    runs_open: int = 0

    @cached_property
    def counts(self) -> Counter[Verdict]:
        """This will count the verdicts."""
        return batch_input.counted(self.judged)

    @property
    def invited(self) -> int:
        """This will count the people who would be written to."""
        return self.counts[Verdict.INVITED]

    @property
    def left_out(self) -> int:
        """This will count the rows that are not used."""
        return len(self.judged) - self.invited

    @property
    def too_many_in(self) -> str:
        """This will name an account with more people than one assessment takes, "" for none."""
        of_accounts = Counter(one.account_name for one in self.judged if one.is_used)
        return next((name for name, count in of_accounts.items() if count > MOST_OF_ONE_RUN), "")

    @property
    def can_be_sent(self) -> bool:
        """This will say whether there is anything to do, and it can be done."""
        return (
            self.definition is not None
            and 0 < len(self.accounts) <= MOST_ACCOUNTS
            and not self.too_many_in
            and bool(self.invited or self.setup.is_without_people)
        )

    @cached_property
    def token(self) -> str:
        """This will return what tells this plan from one that would do something else."""
        told = [f"{one.row.number} {one.verdict} {one.account} {one.email}" for one in self.judged]
        told += sorted(str(account.pk) for account in self.accounts)
        told.append(str(self.definition.published_version_id if self.definition else ""))
        return sha256("\n".join(told).encode()).hexdigest()[:32]

    def people_of(self, account: Account) -> list[Judged]:
        """This will return whom the account's run is for, in the order of the rows."""
        return self._people.get(str(account.pk), [])

    @cached_property
    def _people(self) -> dict[str, list[Judged]]:
        found: dict[str, list[Judged]] = {}
        for one in self.judged:
            if one.is_used:
                found.setdefault(one.account, []).append(one)
        return found


def usable_accounts(viewer: Viewer) -> QuerySet[Account]:
    """This will return the accounts the viewer may start assessments for, whatever page they are on."""
    everywhere = viewer.of_organization()
    found = Account.objects.visible_to(everywhere).current()
    if Can.CREATE_ASSESSMENTS.value in everywhere.organization_abilities:
        return found
    if viewer.user is None:
        return found.none()
    return found.filter(pk__in=grants.account_ids_where(viewer.user, Can.CREATE_ASSESSMENTS))


def offered(viewer: Viewer) -> QuerySet[Definition]:
    """This will return the definitions a batch can be of."""
    return Definition.objects.visible_to(viewer.of_organization()).launchable().top_level().order_by("name", "id")


def members_of(viewer: Viewer, account: Account) -> QuerySet[Membership]:
    """This will return the people of an account who can be picked: its active clients."""
    clients = Membership.objects.visible_to(viewer).active().filter(account=account, role=Role.CLIENT)
    return clients.select_related("user").order_by(called(), "user__email", "id")


def plan(viewer: Viewer, draft: BatchDraft) -> Plan:
    """This will judge a draft as of now, in a number of queries that does not grow with its rows."""
    setup = Setup.of(draft)
    launchable = offered(viewer).select_related("published_version").defer("published_version__document")
    definition = launchable.filter(pk__in=uuids_in([setup.definition])).first()
    usable = {
        str(pk): batch_input.Account(str(pk), name) for pk, name in usable_accounts(viewer).values_list("pk", "name")
    }
    only = str(draft.account_id) if draft.account_id else ""
    if definition is None or (only and only not in usable):
        return Plan(setup, None, [], [])
    rows = _rows(viewer, draft, setup, usable)
    judged = batch_input.judge(rows, _known(viewer, definition, usable, only, rows))
    if setup.includes_present:
        judged = [replace(one, verdict=Verdict.INVITED) if one.verdict is Verdict.PRESENT else one for one in judged]
    wanted = {one.account for one in judged if one.is_used}
    if setup.is_without_people:
        wanted = usable.keys() & set(setup.accounts)
    accounts = list(usable_accounts(viewer).filter(pk__in=wanted).order_by("name", "id"))
    open_runs = _open_runs(definition).filter(account__in=accounts).values("account_id").distinct().count()
    return Plan(setup, definition, judged, accounts, open_runs)


def rows_of_accounts(viewer: Viewer, usable: Mapping[str, Any], chosen: Sequence[str]) -> list[Row]:
    """This will name the Company Admins of the accounts chosen; an account without one is a row without an address."""
    keys = [key for key in chosen if key in usable]
    admins: dict[str, list[Membership]] = {}
    memberships = Membership.objects.active().filter(
        organization=viewer.organization,
        account_id__in=keys,
        role=Role.CLIENT,
        portal_roles__contains=[PortalRole.COMPANY_ADMIN],
    )
    for member in memberships.select_related("user").order_by(called(), "id"):
        admins.setdefault(str(member.account_id), []).append(member)
    rows: list[Row] = []
    for key in keys:
        people = [(member.user.name, member.user.email) for member in admins.get(key, ())] or [("", "")]
        rows += [Row(len(rows) + number, name, mail, usable[key].name) for number, (name, mail) in enumerate(people, 1)]
    return rows


def _rows(viewer: Viewer, draft: BatchDraft, setup: Setup, usable: Mapping[str, Any]) -> list[Row]:
    if setup.who == ACCOUNTS:
        return [] if setup.is_without_people else rows_of_accounts(viewer, usable, setup.accounts)
    if setup.who == PICK and draft.account:
        picked = members_of(viewer, draft.account).filter(user_id__in=uuids_in(setup.people))
        return [Row(number, member.user.name, member.user.email) for number, member in enumerate(picked, 1)]
    return [Row(*kept) for kept in draft.rows]


def _known(
    viewer: Viewer, definition: Definition, usable: Mapping[str, batch_input.Account], only: str, rows: Sequence[Row]
) -> Known:
    addresses = {address for row in rows if (address := batch_input.address_in(row.email))}
    clients: dict[str, set[str]] = {}
    staff: dict[str, set[str]] = {}
    # Of the accounts that may be used and no others: nothing else may show in a verdict.
    memberships = Membership.objects.active().filter(
        organization=viewer.organization, account__in=usable_accounts(viewer), user__email__in=addresses
    )
    for account_id, email, role in memberships.values_list("account_id", "user__email", "role"):
        (clients if role == Role.CLIENT else staff).setdefault(email, set()).add(str(account_id))
    assert definition.published_version is not None  # it is launchable
    sections = document_of(definition.published_version).sections
    return Known(
        accounts=usable,
        only=only,
        homes={email: frozenset(accounts) for email, accounts in clients.items()},
        staff={email: frozenset(accounts) for email, accounts in staff.items()},
        present=_present(viewer, definition, addresses),
        sections={section.key: section.name for section in sections},
    )


def _present(viewer: Viewer, definition: Definition, addresses: set[str]) -> frozenset[tuple[str, str]]:
    if not addresses:
        return frozenset()
    runs = _open_runs(definition).filter(account__in=usable_accounts(viewer))
    answering = Respondent.objects.filter(assessment__in=runs).answering()
    found: set[tuple[str, str]] = set()
    for column in ("user__email", "email"):
        rows = answering.filter(**{f"{column}__in": addresses}).values_list("account_id", column)
        found |= {(str(account_id), email) for account_id, email in rows}
    return frozenset(found)


def _open_runs(definition: Definition) -> QuerySet[Assessment]:
    return Assessment.objects.filter(definition=definition, status__in=OPEN, deleted_at=None)


@dataclass(frozen=True)
class Filter:
    """Which rows of a plan are shown, as the address says it."""

    verdict: str = ""
    words: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `verdict` ("left_out" for all that are not used) and `q`."""
        verdict = query.get("verdict", "")
        known = verdict == "left_out" or verdict in list(Verdict)
        return cls(verdict if known else "", query.get("q", "").replace("\x00", "").strip()[:100])

    @property
    def is_narrow(self) -> bool:
        return bool(self.verdict or self.words)

    def of(self, judged: Sequence[Judged]) -> list[Judged]:
        """This will keep the rows that pass, in order."""
        words = self.words.casefold().split()
        return [
            one for one in judged
            if self._fits(one) and all(word in _text_of(one.row) for word in words)
        ]  # fmt: skip

    def _fits(self, one: Judged) -> bool:
        if not self.verdict:
            return True
        return not one.is_used if self.verdict == "left_out" else one.verdict == self.verdict


def _text_of(row: Row) -> str:
    return f"{row.name} {row.email} {row.account}".casefold()


@dataclass(frozen=True)
class Chip:
    """A verdict to filter by, with the number of its rows."""

    verdict: str
    word: str
    count: int
    current: bool = field(default=False)


def chips(plan: Plan, chosen: Filter) -> list[Chip]:
    """This will list the verdicts that occur, the good one first."""
    found = [("", "", len(plan.judged)), ("left_out", "", plan.left_out)]
    found = [(verdict, word, count) for verdict, word, count in found if count or not verdict]
    found += [
        (verdict, batch_input.WORDS[verdict](), plan.counts[verdict]) for verdict in Verdict if plan.counts[verdict]
    ]
    return [Chip(str(verdict), word, count, chosen.verdict == verdict) for verdict, word, count in found]
