"""The list of accounts one manages: facts only, found by words and filters that stand in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts import grants
from accounts.fields import custom_data
from accounts.fields.custom_data import Field
from accounts.industry import industries, industry_choices
from accounts.models import Account, AuditEntry, CustomField, Membership, Site, User
from accounts.register import coverage
from accounts.register.coverage import Coverage
from accounts.roles import Can, Role
from accounts.viewer import Viewer
from portal.web import addresses
from portal.web.ids import uuid_in, uuids_in

VIEWS = ("all", "mine", "attention", "archived")
MISSING = ("executive", "company_admin", "emergency")
ORDERS: dict[str, tuple[Any, ...]] = {
    "name": ("name",),
    "-name": ("-name",),
    "industry": ("industry", "name"),
    "-industry": ("-industry", "name"),
    "created": ("created_at",),
    "-created": ("-created_at",),
    "activity": (F("last_activity").asc(nulls_first=True), "name"),
    "-activity": (F("last_activity").desc(nulls_last=True), "name"),
}
# As many as one step does at once; who has more narrows the filter.
MOST_AT_ONCE = 500
# What else than these was done in an account tells of its life.
_NO_ACTIVITY = ("preview.started",)


@dataclass(frozen=True)
class Filter:
    """Which accounts, in which order, as the page's address says it; what an address cannot mean is left out.

    `executive` is the id of a user or "none"; `custom` are the values asked for by the name of the custom field.
    """

    view: str = "all"
    words: str = ""
    sector: str = ""
    executive: str = ""
    missing: str = ""
    order: str = "name"
    custom: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_query(cls, query: Mapping[str, str], fields: Sequence[Field] = ()) -> "Filter":
        """This will read `view`, `q`, `industry`, `executive`, `missing`, `sort` and the custom fields' own names."""
        view, order, missing = query.get("view", ""), query.get("sort", ""), query.get("missing", "")
        sector, executive = query.get("industry", ""), query.get("executive", "")
        return cls(
            view if view in VIEWS else "all",
            query.get("q", "").replace("\x00", "").strip()[:100],
            sector if sector in industries.SECTORS or sector == "none" else "",
            executive if executive == "none" else str(uuid_in(executive) or ""),
            missing if missing in MISSING else "",
            order if order in ORDERS else "name",
            custom_data.chosen(fields, query),
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether anything but archived accounts is left out because of the filter."""
        return bool(self.words or self.count or self.view != "all")

    @property
    def count(self) -> int:
        """This will count the filters that are set, the words and the view apart."""
        return sum(map(bool, (self.sector, self.executive, self.missing))) + len(self.custom)


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the list. `logins` counts the account's own people, not the provider's."""

    account: Account
    url: str
    industry: str
    executive: str
    executive_email: str
    sites: int
    logins: int
    warnings: list[str]
    last_activity: datetime | None


def custom_fields(viewer: Viewer) -> list[Field]:
    """This will return the organization's own fields of accounts: they are found, filtered, exported."""
    return custom_data.fields_of(viewer.organization, CustomField.On.ACCOUNT)


def accounts_of(viewer: Viewer, chosen: Filter, fields: Sequence[Field] = ()) -> QuerySet[Account]:
    """This will return the accounts the viewer manages that pass the filter, ordered. Archived ones are in their own
    view only."""
    found: QuerySet[Account] = Account.objects.visible_to(viewer).filter(archived_at__isnull=chosen.view != "archived")
    for word in chosen.words.split()[:8]:
        found = found.filter(Q(name__icontains=word) | custom_data.search_q(fields, word))
    found = custom_data.filtered(found, fields, chosen.custom)
    found = in_sector(found, chosen.sector)
    found = of_executive(found, chosen.executive)
    if chosen.view == "mine":
        found = of_executive(found, str(viewer.user.pk) if viewer.user else "none")
    if chosen.missing:
        found = found.filter(lacking(chosen.missing), followed_by(viewer))
    elif chosen.view == "attention":
        found = found.filter(lacking("executive") | lacking("company_admin") | lacking("emergency"))
        found = found.filter(followed_by(viewer))
    if chosen.order.lstrip("-") == "activity":
        found = found.annotate(last_activity=_last_activity())
    return found.order_by(*ORDERS[chosen.order], "id")


def in_sector(accounts: QuerySet[Account], sector: str) -> QuerySet[Account]:
    """This will keep the accounts of one sector of NAICS, or with "none" those without an industry; "" keeps all."""
    if not sector:
        return accounts
    if sector == "none":
        return accounts.filter(industry="")
    beginnings = [digits for digits, of in industries.SECTOR_OF_TWO_DIGITS.items() if of == sector]
    within = Q(industry=sector)
    for digits in beginnings:
        within |= Q(industry__startswith=digits)
    return accounts.filter(within)


def of_executive(accounts: QuerySet[Account], executive: str) -> QuerySet[Account]:
    """This will keep the accounts a user (an id) is Account Executive of, or with "none" those without; "" keeps all."""
    if not executive:
        return accounts
    if executive == "none":
        return accounts.filter(lacking("executive"))
    return accounts.filter(Exists(_executives().filter(user_id=executive)))


def lacking(whom: str) -> Q:
    """This will match the accounts that lack somebody: "executive", "company_admin" or "emergency"."""
    return {
        "executive": ~Q(Exists(_executives())),
        "company_admin": ~Q(coverage.has_company_admin()),
        "emergency": ~coverage.has_emergency_contact(),
    }[whom]


def followed_by(viewer: Viewer) -> Q:
    """This will match the accounts whose people the viewer may see: a Technician's are not among them."""
    if viewer.sees_every_account or viewer.user is None:
        return Q()
    return Q(id__in=grants.account_ids_where(viewer.user, Can.VIEW_PEOPLE))


def executives(viewer: Viewer) -> QuerySet[User]:
    """This will return the Account Executives of the accounts the viewer manages, to filter by."""
    held = Membership.objects.filter(
        organization=viewer.organization, role=Role.ACCOUNT_EXECUTIVE, suspended_at=None,
        account__in=Account.objects.visible_to(viewer).values("pk"),
    )  # fmt: skip
    return User.objects.filter(pk__in=held.values("user")).named(viewer.organization).order_by("called", "email")


def sectors(viewer: Viewer) -> list[tuple[str, str]]:
    """This will list the sectors to filter by, as the organization names them."""
    here = viewer.organization.id
    return [*((code, industry_choices.label(here, code)) for code in industries.SECTORS), ("none", _("Not known"))]


def picked(viewer: Viewer, sent: QueryDict) -> list[Account]:
    """This will return the accounts ticked on a page of the list; with `all`, every account of the filter the list was
    in (`query`). At most MOST_AT_ONCE."""
    if sent.get("all"):
        fields = custom_fields(viewer)
        chosen = Filter.of_query(QueryDict(sent.get("query", "")[:1000]), fields)
        return list(accounts_of(viewer, chosen, fields).select_related("organization")[:MOST_AT_ONCE])
    ids = uuids_in(sent.getlist("ids")[:MOST_AT_ONCE])
    found = Account.objects.visible_to(viewer).filter(pk__in=ids).select_related("organization")
    return list(found.order_by("name", "id"))


def rows(viewer: Viewer, accounts: Sequence[Account]) -> list[Row]:
    """This will gather what the list shows of these accounts, in five queries at most, whatever their number."""
    ids = [account.id for account in accounts]
    leading = coverage.executives_of(viewer, ids)
    followed = set(ids)
    if not (viewer.sees_every_account or viewer.user is None):
        followed = grants.accounts_among(viewer.user, Can.VIEW_PEOPLE, ids)
    covered = coverage.of_accounts(viewer, followed)
    figures = {account.pk: account for account in _with_figures(viewer).filter(id__in=ids)}
    url = addresses.of_each("staff:account_overview")
    return [
        _row(account, url(account.id), leading[account.id], covered.get(account.id), figures[account.id])
        for account in accounts
        if account.id in figures  # else gone at this very moment
    ]


def _row(account: Account, url: str, executives: Sequence[User], covered: Coverage | None, figures: Any) -> Row:
    return Row(
        account=account,
        url=url,
        industry=account.industry_label,
        executive=executives[0].name if executives else "",
        executive_email=executives[0].email if executives else "",
        sites=figures.sites,
        logins=figures.logins,
        warnings=covered.warnings if covered else [],
        # What goes on among an account's people is not a Technician's to see.
        last_activity=figures.last_activity if covered else None,
    )


def _executives() -> QuerySet[Membership]:
    return Membership.objects.filter(
        account_id=OuterRef("pk"), role=Role.ACCOUNT_EXECUTIVE, user__is_active=True, suspended_at=None
    )


def _with_figures(viewer: Viewer) -> Any:
    # The ids come from accounts already read through `visible_to`.
    found = Account.objects.filter(organization=viewer.organization).only("pk")
    clients = Membership.objects.filter(role=Role.CLIENT)
    return found.annotate(sites=_count(Site.objects), logins=_count(clients), last_activity=_last_activity())


def _count(rows: Any) -> Coalesce:
    """This will count an account's rows of a table in a subquery: joining two tables would multiply them."""
    found = rows.filter(account_id=OuterRef("pk")).order_by().values("account_id")
    return Coalesce(Subquery(found.annotate(count=Count("*")).values("count")), 0)


def _last_activity() -> Subquery:
    entries = AuditEntry.objects.filter(organization=OuterRef("organization_id"), account_id=OuterRef("pk"))
    latest = entries.exclude(verb__in=_NO_ACTIVITY).order_by().values("account_id").annotate(latest=Max("created_at"))
    return Subquery(latest.values("latest"))
