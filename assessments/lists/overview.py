"""The accounts one manages, with the state of their assessments: read for one page of accounts, never for all."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import grants
from accounts.fields.custom_data import Field
from accounts.models import Account
from accounts.register import account_columns, coverage, directory
from accounts.register.coverage import Coverage
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.lists import attention
from assessments.lists.account_assessments import status_word
from assessments.models import OPEN, Assessment, Status
from library import access_requests
from portal.web import addresses
from portal.web.columns import SheetColumn

VIEWS = ("all", "mine", "attention")
ATTENTION = ("to_review", "overdue", "not_started", "coverage")
STATUSES = ("not_started", "in_progress", "results_review", "closed")
ORDERS = {"name": ("name",), "-name": ("-name",)}

_STATUS: dict[str, Q] = {
    "not_started": Q(status__in=OPEN, answered_count=0),
    "in_progress": Q(status__in=OPEN, answered_count__gt=0),
    "results_review": Q(status=Status.RESULTS_REVIEW),
    "closed": Q(status=Status.CLOSED),
}


@dataclass(frozen=True)
class Filter:
    """Which accounts, in which order, as the page's address says it; what an address cannot mean is left out."""

    view: str = "all"
    status: str = ""
    words: str = ""
    order: str = "name"
    sector: str = ""
    executive: str = ""
    attention: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `view`, `status`, `attention` and `sort`, and as the list of accounts does `q`, `industry` and
        `executive`."""
        view, status, order = query.get("view", ""), query.get("status", ""), query.get("sort", "")
        facts, waits = directory.Filter.of_query(query), query.get("attention", "")
        return cls(
            view if view in VIEWS else "all",
            status if status in STATUSES else "",
            facts.words,
            order if order in ORDERS else "name",
            facts.sector,
            facts.executive,
            waits if waits in ATTENTION else "",
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether anything is left out because of the filter."""
        return bool(self.words or self.count or self.view != "all")

    @property
    def count(self) -> int:
        """This will count the filters that are set, the words and the view apart."""
        return sum(map(bool, (self.status, self.sector, self.executive, self.attention)))


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the overview. Counts are of assessments; `percent` is the share of questions answered."""

    account: Account
    url: str
    industry: str
    executive: str
    is_followed: bool = True
    total: int = 0
    not_started: int = 0
    in_progress: int = 0
    results_review: int = 0
    closed: int = 0
    percent: int = 0
    attention: list[str] = field(default_factory=list)
    last_activity: datetime | None = None

    @property
    def summary(self) -> str:
        """This will say the counts in words, for where there is no room for columns: "2 not started · 3 closed"."""
        counts = [(getattr(self, status), status_word(status)) for status in STATUSES]
        return " · ".join(f"{count} {word.lower()}" for count, word in counts if count)


def accounts_of(viewer: Viewer, chosen: Filter) -> QuerySet[Account]:
    """This will return the accounts the viewer manages that pass the filter, ordered; archived ones are left out.

    Filters ask EXISTS, not counts.
    """
    found: QuerySet[Account] = Account.objects.visible_to(viewer).current()
    for word in chosen.words.split()[:8]:
        found = found.filter(name__icontains=word)
    found = directory.of_executive(directory.in_sector(found, chosen.sector), chosen.executive)
    if chosen.view == "mine":
        found = directory.of_executive(found, str(viewer.user.pk) if viewer.user else "none")
    if chosen.status or chosen.attention or chosen.view == "attention":
        found = found.filter(_followed_by(viewer))
    if chosen.status:
        found = found.filter(Exists(_runs_here().filter(_STATUS[chosen.status])))
    if chosen.attention:
        found = found.filter(_waits_for(chosen.attention))
    elif chosen.view == "attention":
        asking = access_requests.waiting(viewer).filter(account_id=OuterRef("pk"))
        found = found.filter(
            Q(Exists(_runs_here().filter(attention.needed()))) | Q(Exists(asking)) | _waits_for("coverage")
        )
    return found.order_by(*ORDERS[chosen.order], "id")


def _runs_here() -> QuerySet[Assessment]:
    found: QuerySet[Assessment] = Assessment.objects.filter(account_id=OuterRef("pk"), deleted_at=None)
    return found


def _waits_for(what: str) -> Q:
    """This will match the accounts in which something waits: one of ATTENTION."""
    if what == "coverage":
        return ~Q(coverage.has_company_admin()) | ~coverage.has_emergency_contact()
    reasons = {
        "to_review": attention.to_review, "overdue": attention.overdue, "not_started": attention.not_started_too_long,
    }  # fmt: skip
    return Q(Exists(_runs_here().filter(reasons[what]())))


def rows(viewer: Viewer, accounts: Sequence[Account]) -> list[Row]:
    """This will gather what the overview shows of these accounts, in five queries whatever their number.

    A Technician of an account sees the account, but not how its assessments and its people stand.
    """
    ids = [account.id for account in accounts]
    followed = _followed_among(viewer, ids)
    figures = _figures(viewer, followed)
    covered = coverage.of_accounts(viewer, followed)
    executives = coverage.executives_of(viewer, ids)
    asking = access_requests.open_count_of(viewer, followed)
    url = addresses.of_each("staff:account_overview")
    return [
        _row(
            account,
            url(account.id),
            figures.get(account.id, {}),
            covered.get(account.id),
            executives[account.id],
            asking.get(account.id, 0),
        )  # fmt: skip
        for account in accounts
    ]


def sheet(fields: Sequence[Field]) -> list[SheetColumn]:
    """This will list every column of a file, the organization's own fields last."""
    return [
        SheetColumn("name", _("Account"), lambda row: row.account.name),
        SheetColumn("industry", _("Industry"), lambda row: row.industry),
        SheetColumn("executive", _("Account Executive"), lambda row: row.executive),
        SheetColumn("total", _("Assessments"), lambda row: row.total),
        SheetColumn("not_started", _("Not started"), lambda row: row.not_started),
        SheetColumn("in_progress", _("In progress"), lambda row: row.in_progress),
        SheetColumn("results_review", _("Results review"), lambda row: row.results_review),
        SheetColumn("closed", _("Closed"), lambda row: row.closed),
        SheetColumn("answered", _("Answered, percent"), lambda row: row.percent),
        SheetColumn("attention", _("Needs attention"), lambda row: "; ".join(row.attention)),
        SheetColumn("activity", _("Last activity"), lambda row: row.last_activity),
        *account_columns.own_sheet(fields),
    ]


def table(viewer: Viewer, chosen: Filter, sheet: Sequence[SheetColumn], size: int = 500) -> Iterator[list[Any]]:
    """This will yield every row that passes the filter as plain cells, for a file; read in groups of `size`."""
    found = accounts_of(viewer, chosen)
    for start in range(0, found.count(), size):
        for row in rows(viewer, found[start : start + size]):
            yield [column.write(row) for column in sheet]


def _followed_by(viewer: Viewer) -> Q:
    """This will match the accounts whose assessments the viewer may follow."""
    if viewer.sees_every_account or viewer.user is None:
        return Q()
    return Q(id__in=grants.account_ids_where(viewer.user, Can.FOLLOW_ANSWERS))


def _followed_among(viewer: Viewer, account_ids: list[uuid.UUID]) -> list[uuid.UUID]:
    if viewer.sees_every_account or viewer.user is None:
        return account_ids
    held = grants.accounts_among(viewer.user, Can.FOLLOW_ANSWERS, account_ids)
    return [account_id for account_id in account_ids if account_id in held]


def _figures(viewer: Viewer, account_ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    rows = (
        Assessment.objects.filter(organization=viewer.organization, account_id__in=account_ids, deleted_at=None)
        .values("account_id")
        .annotate(
            total=Count("id"),
            answered=Sum("answered_count"),
            asked=Sum("question_count"),
            last_activity=Max("updated_at"),
            waiting=Count("id", filter=attention.not_started_too_long()),
            overdue=Count("id", filter=attention.overdue()),
            **{status: Count("id", filter=condition) for status, condition in _STATUS.items()},
        )
        .order_by()
    )
    return {row["account_id"]: row for row in rows}


def _row(
    account: Account, url: str, figures: Mapping[str, Any], covered: Coverage | None, executives: Sequence[Any],
    asking: int = 0,
) -> Row:  # fmt: skip
    asked = figures.get("asked") or 0
    return Row(
        account=account,
        url=url,
        industry=account.industry_label,
        executive=executives[0].name if executives else "",
        is_followed=covered is not None,
        total=figures.get("total", 0),
        percent=figures["answered"] * 100 // asked if asked else 0,
        attention=[*_asking(asking), *_reasons(figures), *(covered.warnings if covered else [])],
        last_activity=figures.get("last_activity"),
        **{status: figures.get(status, 0) for status in STATUSES},
    )


def _asking(asking: int) -> list[str]:
    return [ngettext("%(n)d access request", "%(n)d access requests", asking) % {"n": asking}] if asking else []


def _reasons(figures: Mapping[str, Any]) -> list[str]:
    waiting, overdue, review = (figures.get(name, 0) for name in ("waiting", "overdue", "results_review"))
    found = []
    if review:
        found.append(ngettext("%(n)d result to review", "%(n)d results to review", review) % {"n": review})
    if overdue:
        found.append(ngettext("%(n)d overdue", "%(n)d overdue", overdue) % {"n": overdue})
    if waiting:
        found.append(
            ngettext("%(n)d not started for over %(days)d days", "%(n)d not started for over %(days)d days", waiting)
            % {"n": waiting, "days": attention.NOT_STARTED_DAYS}
        )
    return found
