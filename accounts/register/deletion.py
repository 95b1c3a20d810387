"""Deleted accounts: how long they can be brought back, and which there are."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import Account, Contact, Membership, Site
from accounts.roles import Can, Role
from accounts.viewer import Viewer

DAYS = 30


Count = Callable[[Viewer], list[tuple[int, str]]]

_COUNTERS: list[Count] = []


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted account in the list of those that can be brought back."""

    account: Account
    by: str
    until: datetime

    @property
    def days_left(self) -> int:
        """This will count the days that are left to bring it back, the last one included."""
        return max(1, (self.until - timezone.now()).days + 1)


def waiting(viewer: Viewer) -> QuerySet[Account]:
    """This will return the deleted accounts of the organization that can still be brought back, the latest first;
    none for who may not delete accounts."""
    found = Account.objects.filter(
        organization=viewer.organization, deleted_at__gt=timezone.now() - timedelta(days=DAYS)
    )
    if not viewer.can(Can.DELETE_ACCOUNTS):
        return found.none()
    return found.select_related("deleted_by", "organization").order_by("-deleted_at", "name", "id")


def extent(viewer: Viewer) -> list[tuple[int, str]]:
    """This will count what is deleted with the viewer's account, for the page that asks: [(how many, of what)]."""
    return [counted for count in _COUNTERS for counted in count(viewer) if counted[0]]


def counts(count: Count) -> Count:
    """This will have the decorated function asked what of an account to name before it is deleted."""
    if count not in _COUNTERS:
        _COUNTERS.append(count)
    return count


@counts
def _people_and_places(viewer: Viewer) -> list[tuple[int, str]]:
    people = Membership.objects.visible_to(viewer).filter(account=viewer.account, role=Role.CLIENT).count()
    sites = Site.objects.visible_to(viewer).count()
    contacts = Contact.objects.visible_to(viewer).current().count()
    return [
        (people, ngettext("person loses access", "people lose access", people)),
        (contacts, ngettext("contact", "contacts", contacts)),
        (sites, ngettext("site", "sites", sites)),
    ]


def overdue(organization_id: uuid.UUID) -> QuerySet[Account]:
    """This will return the deleted accounts whose time is over, the longest deleted first."""
    late = timezone.now() - timedelta(days=DAYS)
    return Account.objects.filter(organization=organization_id, deleted_at__lte=late).order_by("deleted_at", "id")


def rows(accounts: Iterable[Account]) -> list[Deleted]:
    """This will write deleted accounts as rows."""
    return [
        Deleted(account, str(account.deleted_by or ""), account.deleted_at + timedelta(days=DAYS))
        for account in accounts
        if account.deleted_at
    ]
