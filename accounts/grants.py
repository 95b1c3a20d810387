"""Compiles memberships into guardian's object permissions, and asks guardian. The one module that does either."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from guardian.shortcuts import get_user_perms

from .models.account import Account
from .models.grant import AccountGrant, OrganizationGrant
from .models.membership import Membership, Override
from .models.organization import Organization
from .models.user import User
from .roles import IN_ORGANIZATION, Can, Role, abilities_in_account


def on_account(user: User, account: Account) -> frozenset[str]:
    """This will ask guardian, in one query, what the user may do in an account. Inactive users may do nothing."""
    return frozenset(get_user_perms(user, account))


def on_organization(user: User, organization: Organization) -> frozenset[str]:
    """This will ask guardian, in one query, what the user may do in the whole organization."""
    return frozenset(get_user_perms(user, organization))


def account_ids_where(user: User, ability: Can) -> QuerySet:
    """This will return, to filter by, the ids of the accounts in which the user holds an ability: guardian's own rows.

    User rows only: no group, no global permission and no superuser opens an account here.
    """
    held = AccountGrant.objects.filter(user=user, user__is_active=True)
    return held.filter(permission_id=_permission_ids()["account", ability.value]).values("content_object_id")


def user_ids_where(account: Account, ability: Can) -> QuerySet:
    """This will return, to filter by, the ids of the users who hold an ability in an account itself."""
    held = AccountGrant.objects.filter(content_object=account, user__is_active=True)
    return held.filter(permission_id=_permission_ids()["account", ability.value]).values("user_id")


def abilities_on(account: Account) -> dict[uuid.UUID, frozenset[str]]:
    """This will return what each person holds in an account itself, in one query: {user id: abilities}."""
    rows = AccountGrant.objects.filter(content_object=account, user__is_active=True)
    held: dict[uuid.UUID, set[str]] = {}
    for user_id, codename in rows.values_list("user_id", "permission__codename"):
        held.setdefault(user_id, set()).add(codename)
    return {user_id: frozenset(abilities) for user_id, abilities in held.items()}


def users_everywhere(organization_id: uuid.UUID, ability: Can) -> set[uuid.UUID]:
    """This will return the ids of the users who hold an ability in the whole organization."""
    held = OrganizationGrant.objects.filter(content_object=organization_id, user__is_active=True)
    found = held.filter(permission_id=_permission_ids()["organization", ability.value])
    return set(found.values_list("user_id", flat=True))


def row_of(user: User, account: Account, ability: Can) -> str:
    """This will name the stored grant by which a user holds an ability in an account; "" without one."""
    permissions = _permission_ids()
    here, everywhere = permissions.get(("account", ability.value)), permissions.get(("organization", ability.value))
    on_account = AccountGrant.objects.filter(user=user, content_object=account, permission_id__in=[here])
    on_organization = OrganizationGrant.objects.filter(
        user=user, content_object=account.organization_id, permission_id__in=[everywhere]
    )
    for rows in (on_account, on_organization):
        found = rows.values_list("pk", flat=True).first()
        if found is not None:
            return f"grant {found}"
    return ""


def accounts_among(user: User, ability: Can, account_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """This will keep those of a page's accounts in which the user holds an ability: one index look-up for each."""
    held = account_ids_where(user, ability).filter(content_object_id__in=account_ids)
    return set(held.values_list("content_object_id", flat=True))


def holds_any(user: User, organization: Organization) -> bool:
    """This will say whether the user holds any grant in the organization: an insider, then, not a stranger."""
    return AccountGrant.objects.filter(user=user, organization=organization).exists()


def compile_for(user: User, organization: Organization) -> None:
    """This will make the stored grants of one user in one organization equal to what the memberships say."""
    compile_for_all([user], organization)


def compile_for_all(users: Iterable[User], organization: Organization) -> None:
    """This will make the stored grants of users in one organization equal to what the memberships say, in as many
    queries for a thousand of them as for one.

    Idempotent: what is missing is inserted, what is too much is deleted, the rest is left alone. Runs in the caller's
    transaction, so a revocation counts from the moment it commits.
    """
    # Two changes for one person take turns: a grant read as missing by one must not bring back what the other revokes.
    # Many are locked in one order, so two who change many of them never wait for each other.
    ids = {user.pk for user in users}
    list(User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    wanted, codenames = expected_grants_of(ids, organization), _permission_ids()
    _make_equal(
        AccountGrant.objects.filter(user__in=ids, organization=organization),
        {
            (user_id, account_id, codenames["account", ability])
            for user_id, (on_accounts, _everywhere) in wanted.items()
            for account_id, ability in on_accounts
        },
        organization=organization,
    )
    _make_equal(
        OrganizationGrant.objects.filter(user__in=ids, content_object=organization),
        {
            (user_id, organization.id, codenames["organization", ability])
            for user_id, (_on_accounts, everywhere) in wanted.items()
            for ability in everywhere
        },
    )


def expected_grants(user: User, organization: Organization) -> tuple[set[tuple], set[str]]:
    """This will return what the memberships of a user promise: {(account id, ability)} and {ability} organization-wide."""
    return expected_grants_of([user.pk], organization)[user.pk]


def expected_grants_of(
    user_ids: Iterable[uuid.UUID], organization: Organization
) -> dict[uuid.UUID, tuple[set[tuple], set[str]]]:
    """This will return, in two queries, what the memberships of users promise, by the user's id.

    A deactivated person is promised nothing, a deleted account promises nothing, an archived one nothing to clients.
    """
    promised: dict[uuid.UUID, tuple[set[tuple], set[str]]] = {user_id: (set(), set()) for user_id in user_ids}
    memberships = list(
        Membership.objects.filter(user__in=promised, organization=organization, suspended_at=None)
        .exclude(account__deleted_at__isnull=False)
        .exclude(account__archived_at__isnull=False, role=Role.CLIENT)
    )
    overrides: dict[uuid.UUID, list[Override]] = {}
    for override in Override.objects.filter(membership__in=memberships):
        overrides.setdefault(override.membership_id, []).append(override)
    for membership in memberships:
        on_accounts, everywhere = promised[membership.user_id]
        everywhere |= {ability.value for ability in IN_ORGANIZATION.get(membership.role, ())}
        if membership.account_id:
            own = overrides.get(membership.id, [])
            abilities = abilities_in_account(
                membership.role,
                membership.portal_roles,
                frozenset(override.ability for override in own if override.effect == Override.Effect.ALLOW),
                frozenset(override.ability for override in own if override.effect == Override.Effect.DENY),
            )
            on_accounts |= {(membership.account_id, ability.value) for ability in abilities}
    return promised


@dataclass(frozen=True)
class Drift:
    """A grant that should stand and does not, or stands and should not."""

    user: User
    where: str
    ability: str
    problem: str


def drift(organization: Organization) -> list[Drift]:
    """This will compare every stored grant of an organization with its memberships; an empty list is health."""
    found: list[Drift] = []
    holders = set(AccountGrant.objects.filter(organization=organization).values_list("user_id", flat=True))
    holders |= set(OrganizationGrant.objects.filter(content_object=organization).values_list("user_id", flat=True))
    holders |= set(Membership.objects.filter(organization=organization).values_list("user_id", flat=True))
    for user in User.objects.filter(id__in=holders).order_by("email"):
        wanted_accounts, wanted_organization = expected_grants(user, organization)
        wanted = {(str(account), ability) for account, ability in wanted_accounts}
        wanted |= {("organization", ability) for ability in wanted_organization}
        stored = stored_grants(user, organization)
        found += [Drift(user, where, ability, "missing") for where, ability in sorted(wanted - stored)]
        found += [Drift(user, where, ability, "unexpected") for where, ability in sorted(stored - wanted)]
    return found


def stored_grants(user: User, organization: Organization) -> set[tuple[str, str]]:
    """This will read the whole grant set of a user: {(account id or "organization", ability)}."""
    on_accounts = AccountGrant.objects.filter(user=user, organization=organization).values_list(
        "content_object_id", "permission__codename"
    )
    on_organization = OrganizationGrant.objects.filter(user=user, content_object=organization).values_list(
        "permission__codename", flat=True
    )
    return {(str(account), ability) for account, ability in on_accounts} | {
        ("organization", ability) for ability in on_organization
    }


def _make_equal(stored: QuerySet, wanted: set[tuple], **fixed: Any) -> None:
    """This will store what is wanted, (user id, id of the thing, permission id), and delete the rest of `stored`."""
    rows = stored.values_list("pk", "user_id", "content_object_id", "permission_id")
    present = {(user_id, thing_id, permission_id): pk for pk, user_id, thing_id, permission_id in rows}
    surplus = [pk for grant, pk in present.items() if grant not in wanted]
    if surplus:
        stored.filter(pk__in=surplus).delete()
    stored.model.objects.bulk_create(
        stored.model(user_id=user_id, content_object_id=thing_id, permission_id=permission_id, **fixed)
        for user_id, thing_id, permission_id in sorted(wanted - present.keys())
    )


@cache
def _permission_ids() -> dict[tuple[str, str], int]:
    rows: Iterable[tuple[str, str, int]] = Permission.objects.filter(
        content_type__app_label="accounts", content_type__model__in=["account", "organization"]
    ).values_list("content_type__model", "codename", "id")
    return {(model, codename): pk for model, codename, pk in rows}
