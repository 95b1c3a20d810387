"""Who holds which role where. Every change compiles the grants in the same transaction."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, grants
from accounts.models import Account, Membership, MembershipSite, Override, Site, User
from accounts.roles import Can, PortalRole, Role
from accounts.viewer import Viewer


@transaction.atomic
def add(
    *,
    by: Viewer,
    email: str,
    name: str,
    account: Account | None = None,
    role: str = Role.CLIENT,
    portal_roles: Sequence[str] = (),
    sites: Sequence[Site] = (),
    tags: Sequence[str] = (),
) -> Membership:
    """This will give a person a role in an account (an Admin: in the organization), creating the login if there is none.

    Raises ValidationError when the person already has a role there, or the combination is not allowed.
    """
    by.require(Can.MANAGE_PEOPLE)
    user = User.objects.filter(email=User.objects.normalize(email)).first()
    if user is None:
        user = User(email=User.objects.normalize(email), name=name)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save(force_insert=True)
    if role == Role.CLIENT and not portal_roles:
        portal_roles = [PortalRole.END_USER]
    if role == Role.CLIENT and Membership.objects.filter(user=user, role=Role.ADMIN).exists():
        # The one who reviews an account's answers must not give them as its client.
        raise ValidationError(_("This person is an Admin here. An Admin sees the portal with View as Client."))
    membership = Membership(
        organization=by.organization,
        account=account,
        user=user,
        role=role,
        portal_roles=sorted(set(portal_roles)),
        tags=sorted(set(tags)),
    )
    membership.full_clean()
    membership.save(force_insert=True)
    _set_sites(membership, sites)
    grants.compile_for(user, by.organization)
    audit.record(by, "membership.added", membership, account, role=role, portal_roles=membership.portal_roles)
    return membership


@transaction.atomic
def change(
    *,
    by: Viewer,
    membership: Membership,
    portal_roles: Sequence[str],
    sites: Sequence[Site] = (),
    tags: Sequence[str] = (),
) -> Membership:
    """This will replace the portal roles, sites and tags of a client.

    Raises ValidationError for a bad combination, and for the last Company Admin who would be one no longer.
    """
    by.require(Can.MANAGE_PEOPLE)
    if PortalRole.COMPANY_ADMIN not in portal_roles:
        _refuse_for_last_company_admin(membership)
    before = membership.portal_roles
    membership.site_links.all().delete()
    membership.portal_roles, membership.tags = sorted(set(portal_roles)), sorted(set(tags))
    membership.full_clean()
    membership.save()
    _set_sites(membership, sites)
    grants.compile_for(membership.user, by.organization)
    audit.record(
        by, "membership.changed", membership, membership.account, portal_roles=[before, membership.portal_roles]
    )
    return membership


@transaction.atomic
def remove(*, by: Viewer, membership: Membership) -> None:
    """This will end a role. It counts from the very next request. Raises ValidationError for the last Company Admin."""
    by.require(Can.MANAGE_PEOPLE)
    _refuse_for_last_company_admin(membership)
    audit.record(by, "membership.removed", membership, membership.account, role=membership.role)
    membership.delete()
    grants.compile_for(membership.user, by.organization)


@transaction.atomic
def override(*, by: Viewer, membership: Membership, ability: Can, effect: str | None) -> None:
    """This will allow or deny one ability to one client of an account, or with None return to what the roles say.

    An Account Executive may do so in the accounts assigned to them, never for themselves (decision D3).
    """
    assert membership.account is not None
    by.require_on(Can.EDIT_ACCOUNT, membership.account)
    if membership.role != Role.CLIENT or membership.user_id == (by.user.id if by.user else None):
        raise ValidationError(_("Single abilities can be changed for clients only, and never for yourself."))
    Override.objects.filter(membership=membership, ability=ability).delete()
    if effect:
        row = Override(
            organization=by.organization,
            account=membership.account,
            membership=membership,
            ability=ability,
            effect=effect,
        )
        row.full_clean()
        row.save(force_insert=True)
    grants.compile_for(membership.user, by.organization)
    audit.record(by, "ability.overridden", membership, membership.account, ability=ability.value, effect=effect)


def _refuse_for_last_company_admin(membership: Membership) -> None:
    if PortalRole.COMPANY_ADMIN not in membership.portal_roles:
        return
    # Two of them removed at the same moment must not leave none: each waits for the account's row.
    Account.objects.select_for_update().get(pk=membership.account_id)
    admins = Membership.objects.filter(
        account_id=membership.account_id, portal_roles__contains=[PortalRole.COMPANY_ADMIN]
    )
    if not admins.exclude(pk=membership.pk).exists():
        raise ValidationError(_("This is the account's last Company Admin. Name another one first."))


def _set_sites(membership: Membership, sites: Sequence[Site]) -> None:
    if bool(sites) != (PortalRole.SITE_MANAGER in membership.portal_roles):
        raise ValidationError(_("A Site Manager needs at least one site; other portal roles have none."))
    MembershipSite.objects.bulk_create(
        MembershipSite(
            organization=membership.organization, account=membership.account, membership=membership, site=site
        )
        for site in sites
    )
