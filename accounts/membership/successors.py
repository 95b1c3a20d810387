"""To whom a leaver's things can go: (user id, name), by name."""

import uuid
from collections.abc import Collection

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.viewer import Viewer

Choice = tuple[str, str]


def staff(viewer: Viewer, leaver: User) -> list[Choice]:
    """This will list the organization's Admins, Account Executives and Technicians, the leaver left out."""
    return _choices(_others(viewer, leaver).exclude(role=Role.CLIENT))


def staff_of(viewer: Viewer, leaver: User, account_id: uuid.UUID) -> list[Choice]:
    """This will list who may work for an account as its staff: its Account Executives, and the Admins."""
    held = _others(viewer, leaver)
    return _choices(held.filter(account_id=account_id, role=Role.ACCOUNT_EXECUTIVE) | held.filter(role=Role.ADMIN))


def clients(viewer: Viewer, leaver: User, account_id: uuid.UUID) -> list[Choice]:
    """This will list the clients of an account, the leaver left out."""
    return _choices(_others(viewer, leaver).filter(account_id=account_id, role=Role.CLIENT))


def clients_by_account(viewer: Viewer, account_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """This will return, in one query, the ids of the clients of each account: they cannot be its staff."""
    found: dict[uuid.UUID, set[str]] = {}
    rows = Membership.objects.filter(
        organization=viewer.organization, account_id__in=account_ids, role=Role.CLIENT
    ).values_list("account_id", "user_id")
    for account_id, user_id in rows:
        found.setdefault(account_id, set()).add(str(user_id))
    return found


def _others(viewer: Viewer, leaver: User):
    return Membership.objects.filter(organization=viewer.organization).active().exclude(user=leaver)


def _choices(held) -> list[Choice]:
    rows = held.named().order_by("called", "user_id").values_list("user_id", "called", "user__email").distinct()
    return [(str(user_id), name or email) for user_id, name, email in rows]
