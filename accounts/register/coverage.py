"""Who looks after an account, and whether the account names the people it must: a Company Admin, an Emergency contact."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import Account, Contact, Membership, User
from accounts.roles import PortalRole, Role, Tag
from accounts.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which of the two people every account needs are named."""

    has_company_admin: bool = False
    has_emergency_contact: bool = False

    @property
    def warnings(self) -> list[str]:
        """This will say in a few words what is missing; empty when nothing is."""
        missing = []
        if not self.has_company_admin:
            missing.append(_("No Company Admin"))
        if not self.has_emergency_contact:
            missing.append(_("No Emergency contact"))
        return missing


ACTIVE_CLIENT = Q(role=Role.CLIENT, user__is_active=True, suspended_at=None)
COMPANY_ADMIN = Q(portal_roles__contains=[PortalRole.COMPANY_ADMIN])
EMERGENCY_CONTACT = Q(tags__contains=[Tag.EMERGENCY])


def has_company_admin() -> Exists:
    """This will say, in a query of accounts, whether an active client is the account's Company Admin."""
    return Exists(Membership.objects.filter(ACTIVE_CLIENT & COMPANY_ADMIN, account_id=OuterRef("pk")))


def has_emergency_contact() -> Q:
    """This will say, in a query of accounts, whom to call: an active client with the Emergency tag, or a contact with
    that mark, for whom to call needs no login."""
    tagged = Membership.objects.filter(ACTIVE_CLIENT & EMERGENCY_CONTACT, account_id=OuterRef("pk"))
    marked = Contact.objects.filter(account_id=OuterRef("pk"), is_emergency=True).current()
    return Q(Exists(tagged)) | Q(Exists(marked))


def of_accounts(viewer: Viewer, account_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Coverage]:
    """This will judge several accounts in one query: {account id: Coverage}; accounts without people are in it too.

    The ids are those of accounts already read through `visible_to`: asking again for each row would cost the page.
    """
    rows = Account.objects.filter(organization=viewer.organization, id__in=account_ids).values_list(
        "id", has_company_admin(), has_emergency_contact()
    )
    found = {account_id: Coverage(has_admin, has_emergency) for account_id, has_admin, has_emergency in rows}
    return {account_id: found.get(account_id, Coverage()) for account_id in account_ids}


def executives_of(viewer: Viewer, account_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[User]]:
    """This will return, in one query, the active Account Executives of each account, the longest-serving first.

    The ids are those of accounts already read through `visible_to`.
    """
    found: dict[uuid.UUID, list[User]] = {account_id: [] for account_id in account_ids}
    memberships = (
        Membership.objects.filter(
            organization=viewer.organization,
            account_id__in=account_ids,
            role=Role.ACCOUNT_EXECUTIVE,
            user__is_active=True,
            suspended_at=None,
        )
        .select_related("user")
        .order_by("created_at")
    )
    for membership in memberships:
        found[membership.account_id].append(membership.user)
    return found
