"""Who may be an Account Executive, and what assigning one to several accounts does: said before it is done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Account, Membership, User
from accounts.roles import Role
from accounts.viewer import Viewer

LEADING = (Role.ADMIN, Role.ACCOUNT_EXECUTIVE)


def candidates(viewer: Viewer) -> QuerySet[User]:
    """This will return who can be made an Account Executive: whoever is one already, of any account, and the Admins."""
    held = Membership.objects.filter(organization=viewer.organization, suspended_at=None, role__in=LEADING)
    found = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return found.named(viewer.organization).order_by("called", "email")


def leads_any(viewer: Viewer) -> bool:
    """This will say whether the viewer is an Account Executive of any account."""
    held = Membership.objects.filter(organization=viewer.organization, role=Role.ACCOUNT_EXECUTIVE, suspended_at=None)
    return viewer.user is not None and held.filter(user=viewer.user).exists()


@dataclass(frozen=True)
class Assignment:
    """What assigning somebody as Account Executive does: to which accounts they are added, which they lead already,
    which are left as they are because they hold another role there, and whose role ends for it."""

    user: User
    added: list[Account]
    present: list[Account]
    refused: list[Membership]
    ended: list[Membership]
    # Whoever decides leads these too, and nobody ends a role of their own.
    kept_own: list[Account]

    @property
    def changed(self) -> int:
        """This will be the number of accounts that change."""
        return len({account.pk for account in self.added} | {membership.account_id for membership in self.ended})

    @property
    def replaced(self) -> list[tuple[User, int]]:
        """This will be who is replaced, and in how many accounts, the most first."""
        people = {membership.user_id: membership.user for membership in self.ended}
        counts = Counter(membership.user_id for membership in self.ended)
        return [(people[user_id], count) for user_id, count in counts.most_common()]


def assignment(by: Viewer, accounts: Sequence[Account], user: User, *, replaces: bool) -> Assignment:
    """This will work out what assigning the user does, in two queries; with `replaces`, instead of who is assigned."""
    ids = [account.pk for account in accounts]
    there = Membership.objects.filter(organization=by.organization, account_id__in=ids)
    held = {one.account_id: one for one in there.filter(user=user).select_related("account").order_by("account__name")}
    present = [account for account in accounts if _leads(held.get(account.pk))]
    added = [account for account in accounts if account.pk not in held]
    others = there.filter(role=Role.ACCOUNT_EXECUTIVE, account_id__in=[one.pk for one in (*present, *added)])
    ended = list(others.exclude(user=user).select_related("user", "account").order_by("pk")) if replaces else []
    own = {one.account_id for one in ended if by.user is not None and one.user_id == by.user.pk}
    return Assignment(
        user=user,
        added=added,
        present=present,
        refused=[one for one in held.values() if not _leads(one)],
        ended=[one for one in ended if by.user is None or one.user_id != by.user.pk],
        kept_own=[account for account in accounts if account.pk in own],
    )


def _leads(membership: Membership | None) -> bool:
    return membership is not None and membership.role == Role.ACCOUNT_EXECUTIVE
