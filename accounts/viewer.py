"""Who looks, at which account, with which abilities, from which viewpoint."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied

from . import grants
from .models.account import Account
from .models.organization import Organization
from .models.user import User
from .roles import ADMIN, Can
from .viewpoints import Viewpoint


@dataclass(frozen=True)
class Guest:
    """Somebody without a login, let in by a link to one assessment: `key` is the respondent's id, `only` the
    assessment's, `link` that of the link. `may_answer` is the link's power; `sections` what it is narrowed to, all
    when empty."""

    key: uuid.UUID
    name: str
    only: uuid.UUID
    link: uuid.UUID
    may_answer: bool = True
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Viewer:
    """All that views, querysets, templates and actions ever see of a person.

    `abilities` are those that hold on the page: in its account, or in the organization when the page has no account.
    """

    user: User | None
    organization: Organization
    account: Account | None = None
    abilities: frozenset[str] = frozenset()
    organization_abilities: frozenset[str] = frozenset()
    viewpoint: Viewpoint | None = None
    guest: Guest | None = None

    def can(self, ability: Can) -> bool:
        """This will say whether the viewer holds an ability here: a set lookup, never a query."""
        return ability.value in self.abilities

    def require(self, ability: Can) -> None:
        """This will refuse with PermissionDenied what the viewer may not do here. Actions ask again, in every case."""
        if not self.can(ability):
            raise PermissionDenied(f"needs {ability.value}")

    def require_on(self, ability: Can, account: Account) -> None:
        """This will refuse an ability that the viewer does not hold in that very account."""
        if account.organization_id != self.organization.id:
            raise PermissionDenied("another organization")
        if self.account is not None:
            if self.account.id != account.id:
                raise PermissionDenied("another account")
            self.require(ability)
        elif ability.value not in self.organization_abilities and (
            self.user is None or ability.value not in grants.on_account(self.user, account)
        ):
            raise PermissionDenied(f"needs {ability.value}")

    @property
    def is_preview(self) -> bool:
        return self.viewpoint is not None

    @property
    def is_read_only(self) -> bool:
        """This will say whether nothing can be changed here: in a preview, or through a link that only shows."""
        return self.is_preview or (self.guest is not None and not self.guest.may_answer)

    @property
    def is_staff(self) -> bool:
        """This will say whether the viewer looks as the provider's staff: never as a client, never in a preview."""
        return self.can(Can.VIEW_ACCOUNT if self.account else Can.ENTER_STAFF_AREA)

    @property
    def sees_every_account(self) -> bool:
        return Can.VIEW_ACCOUNT.value in self.organization_abilities

    @property
    def person(self) -> User | None:
        """This will return whose own items the page shows: the previewed client's, or the user's."""
        return self.viewpoint.user if self.viewpoint else self.user

    @property
    def shown_name(self) -> str:
        """This will return the name in the corner of the page: in a preview, the client's or the viewpoint's."""
        if self.guest:
            return self.guest.name
        if self.viewpoint:
            return self.viewpoint.user.name if self.viewpoint.user else self.viewpoint.label
        return str(self.user) if self.user else ""

    def account_filter(self, column: str) -> dict[str, Any]:
        """This will return the queryset filter for rows of the accounts this viewer may see.

        On a page of one account: that account. Elsewhere: every account for an Admin, else those granted.
        """
        if self.account is not None:
            return {column: self.account.id}
        if self.sees_every_account:
            every: dict[str, Any] = {"organization_id": self.organization.id}
            if self.organization.deleted_account_ids:
                every[f"{column}__not_among"] = self.organization.deleted_account_ids
            return every
        if self.user is None:
            return {f"{column}__in": []}
        return {f"{column}__in": grants.account_ids_where(self.user, Can.VIEW_ACCOUNT)}

    def of_organization(self) -> "Viewer":
        """This will return the same person on a page that belongs to no account: what a menu of all accounts needs."""
        return replace(self, account=None, abilities=self.organization_abilities)

    def as_client(self, viewpoint: Viewpoint, abilities: frozenset[str]) -> "Viewer":
        """This will return the same person looking as a client: that client's abilities and not one more."""
        return replace(self, viewpoint=viewpoint, abilities=abilities, organization_abilities=frozenset())


def viewer_of_account(user: User, organization: Organization, account_id: uuid.UUID) -> Viewer | None:
    """This will build the viewer of an account's page in three queries, or return None to a stranger."""
    account = Account.objects.filter(pk=account_id, organization=organization, deleted_at=None).first()
    if account is None:
        return None
    everywhere = grants.on_organization(user, organization)
    here = grants.on_account(user, account)
    abilities = here | everywhere
    if not here and Can.VIEW_ACCOUNT.value not in everywhere:
        return None
    return Viewer(user, organization, account, abilities, everywhere)


def viewer_of_guest(organization: Organization, account: Account, guest: Guest) -> Viewer:
    """This will build the viewer of somebody let in by a link: may answer in one assessment of one account, no more."""
    return Viewer(None, organization, account, frozenset({Can.ANSWER_ASSESSMENTS.value}), guest=guest)


def viewer_of_organization(user: User, organization: Organization) -> Viewer:
    """This will build the viewer of a page that belongs to no account, in one query."""
    everywhere = grants.on_organization(user, organization)
    return Viewer(user, organization, None, everywhere, everywhere)


def system_viewer(organization: Organization) -> Viewer:
    """This will build the viewer of commands and tasks: an Admin's abilities, no person behind them."""
    everything = frozenset(ability.value for ability in ADMIN)
    return Viewer(None, organization, None, everything, everything)
