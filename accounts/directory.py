"""The list of accounts one manages: facts only, found by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.web import addresses

from . import coverage
from .models import Account, Membership, Site
from .viewer import Viewer

ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "-name": ("-name",),
    "industry": ("industry", "name"),
    "-industry": ("-industry", "name"),
    "created": ("created_at",),
    "-created": ("-created_at",),
}


@dataclass(frozen=True)
class Filter:
    """Which accounts, in which order, as the page's address says it; what an address cannot mean is left out."""

    words: str = ""
    order: str = "name"

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `q` and `sort`."""
        order = query.get("sort", "")
        return cls(query.get("q", "").replace("\x00", "").strip()[:100], order if order in ORDERS else "name")


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the list. `logins` counts memberships, the provider's people included."""

    account: Account
    url: str
    industry: str
    executive: str
    sites: int
    logins: int


def accounts_of(viewer: Viewer, chosen: Filter) -> QuerySet[Account]:
    """This will return the accounts the viewer manages whose name holds each word, ordered."""
    found = Account.objects.visible_to(viewer)
    for word in chosen.words.split()[:8]:
        found = found.filter(name__icontains=word)
    return found.order_by(*ORDERS[chosen.order], "id")


def rows(viewer: Viewer, accounts: Sequence[Account]) -> list[Row]:
    """This will gather what the list shows of these accounts, in two queries whatever their number."""
    ids = [account.id for account in accounts]
    executives = coverage.executives_of(viewer, ids)
    counted = _counted(viewer).filter(id__in=ids).values_list("id", "sites", "logins")
    counts = {account_id: (sites, logins) for account_id, sites, logins in counted}
    url = addresses.of_each("staff:account_overview")
    return [
        Row(
            account,
            url(account.id),
            account.industry_label,
            executives[account.id][0].name if executives[account.id] else "",
            *counts[account.id],
        )
        for account in accounts
    ]


def _counted(viewer: Viewer) -> QuerySet[Account]:
    # The ids come from accounts already read through `visible_to`.
    found = Account.objects.filter(organization=viewer.organization)
    return found.annotate(sites=_count(Site), logins=_count(Membership))


def _count(model: type[Site] | type[Membership]) -> Coalesce:
    """This will count an account's rows of a table in a subquery: joining two tables would multiply them."""
    found = model.objects.filter(account_id=OuterRef("pk")).order_by().values("account_id")
    return Coalesce(Subquery(found.annotate(count=Count("*")).values("count")), 0)
