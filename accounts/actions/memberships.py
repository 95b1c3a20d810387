"""Who holds which role where. Every change compiles the grants in the same transaction."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, grants
from accounts.membership import keepsakes
from accounts.models import Account, AuditEntry, Membership, MembershipSite, Organization, Override, Site, User
from accounts.roles import COMPANY_ADMIN, Can, PortalRole, Role
from accounts.viewer import Viewer

from . import contacts, undoing

REMOVED = "membership.removed"


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

    Raises ValidationError when the person already has a role there, is deactivated, would be Admin and client in one
    organization, or the combination is not allowed, PermissionDenied for giving oneself a role.
    """
    by.require(Can.MANAGE_PEOPLE)
    # Locked by its address: whoever puts an invited person's address right at this moment would hand over the login.
    user = User.objects.select_for_update(no_key=True).filter(email=User.objects.normalize(email)).first()
    if user is None:
        user = User(email=User.objects.normalize(email), name=name)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save(force_insert=True)
    _refuse_for_oneself(by, user)
    _refuse_both_sides(by, user, role)
    held = Membership.objects.filter(user=user, organization=by.organization)
    if held.exclude(suspended_at=None).exists():
        raise ValidationError(_("This person is deactivated. Reactivate the person first."))
    if not user.is_active:
        # Deactivated by an organization they left; what they held there stays suspended.
        User.objects.filter(pk=user.pk).update(is_active=True)
        user.is_active = True
    introduced_as = introduction(by, user, name or user.email[:120])
    membership = _store(by, user, account, role, portal_roles, sites, tags, introduced_as=introduced_as)
    audit.record(by, "membership.added", membership, account, role=role, portal_roles=membership.portal_roles)
    return membership


def introduction(by: Viewer, user: User, name: str = "") -> str:
    """This will return what a person is called here until they have come in, "" once they have: in every account alike,
    so `name` counts only for who has no role here yet."""
    held = Membership.objects.filter(user=user, organization=by.organization)
    known: str | None = held.values_list("introduced_as", flat=True).first()
    return name if known is None else known


@transaction.atomic
def add_all(
    *,
    by: Viewer,
    email: str,
    name: str,
    accounts: Iterable[Account],
    role: str = Role.CLIENT,
    portal_roles: Sequence[str] = (),
) -> list[Membership]:
    """This will give a person one role in several accounts: in all of them, or in none. Raises what `add` raises."""
    by.require(Can.MANAGE_PEOPLE)
    return [
        add(by=by, email=email, name=name, account=account, role=role, portal_roles=portal_roles)
        for account in accounts
    ]


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
    _refuse_for_oneself(by, membership.user)
    if PortalRole.COMPANY_ADMIN not in portal_roles:
        refuse_for_last_company_admin(membership)
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
def change_role(
    *,
    by: Viewer,
    membership: Membership,
    role: str,
    portal_roles: Sequence[str] = (),
    sites: Sequence[Site] = (),
    tags: Sequence[str] = (),
) -> Membership:
    """This will let a person hold another role in an account, and return the new membership.

    The old membership ends and a new one begins: what was allowed or denied to the person in the old role, the sites
    overseen and the Library entries chosen for them do not come along into the new one. Raises ValidationError for the
    last Company Admin and for a role that is none of an account, PermissionDenied for one's own.
    """
    by.require(Can.MANAGE_PEOPLE)
    _refuse_for_oneself(by, membership.user)
    if membership.account_id is None or role == Role.ADMIN:
        raise ValidationError(_("An Admin looks after the whole organization, not one account."))
    if role == membership.role:
        raise ValidationError(_("The person already holds this role here."))
    _refuse_both_sides(by, membership.user, role)
    refuse_for_last_company_admin(membership)
    account, user, before, was_suspended, introduced_as = (
        membership.account, membership.user, membership.role, membership.suspended_at, membership.introduced_as,
    )  # fmt: skip
    membership.delete()
    new = _store(
        by, user, account, role, portal_roles, sites, tags, suspended_at=was_suspended, introduced_as=introduced_as
    )
    audit.record(by, "membership.role_changed", new, account, role=[before, role], portal_roles=new.portal_roles)
    return new


@transaction.atomic
def make_admin(*, by: Viewer, user: User) -> Membership:
    """This will make a person an Admin of the organization. What they look after as staff stays theirs.

    Raises ValidationError for a client of one of its accounts, PermissionDenied for oneself.
    """
    by.require(Can.MANAGE_PEOPLE)
    _refuse_for_oneself(by, user)
    return add(by=by, email=user.email, name=user.name, role=Role.ADMIN)


@transaction.atomic
def remove_admin(*, by: Viewer, user: User) -> AuditEntry | None:
    """This will take the organization out of a person's hands; the accounts they look after stay theirs.

    `restore` takes the returned step back; None when they are no Admin.

    Raises ValidationError for the last active Admin, PermissionDenied for oneself.
    """
    by.require(Can.MANAGE_PEOPLE)
    membership = Membership.objects.filter(user=user, organization=by.organization, role=Role.ADMIN).first()
    if membership is None:
        _refuse_for_oneself(by, user)
        return None
    return remove(by=by, membership=membership)


@transaction.atomic
def remove(*, by: Viewer, membership: Membership) -> AuditEntry:
    """This will end a role. It counts from the very next request. `restore` takes the returned step back.

    Raises ValidationError for the last Company Admin and the last active Admin, PermissionDenied for one's own role.
    """
    by.require(Can.MANAGE_PEOPLE)
    _refuse_for_oneself(by, membership.user)
    refuse_for_last_company_admin(membership)
    if membership.role == Role.ADMIN:
        refuse_for_last_admin(membership.user, by.organization)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "account")
    now: Membership | None = rows.filter(pk=membership.pk).first()
    if now is None:
        raise ValidationError(_("This person has no role here any more."))
    step = audit.record(by, REMOVED, now, now.account, role=now.role, kept=_kept(now))
    now.delete()
    grants.compile_for(now.user, by.organization)
    return step


@transaction.atomic
def restore(*, by: Viewer, step: uuid.UUID) -> Membership:
    """This will give back a role that was just ended, by whoever ended it: with its portal roles, sites and tags, and
    with what was allowed or denied besides. Never more than was there.

    Raises TooLate, and ValidationError when the person holds another role there by now, or is deactivated.
    """
    by.require(Can.MANAGE_PEOPLE)
    entry = undoing.removal(by=by, verbs=(REMOVED,), step=step)
    kept = entry.details["kept"]
    # On an account's page it is a role of that account; where one was ended with many others, no undo was offered.
    is_elsewhere = by.account is not None and entry.account_id != by.account.pk
    if is_elsewhere or "portal_roles" not in kept or (entry.account is not None and entry.account.deleted_at):
        raise undoing.TooLate
    # Two who take it back at once wait here; the second finds the person has the role.
    user = User.objects.select_for_update(no_key=True).get(pk=kept["user"])
    _refuse_for_oneself(by, user)
    _refuse_both_sides(by, user, entry.details["role"])
    _refuse_what_came_later(by, user, entry)
    membership = Membership(
        pk=entry.object_id, organization=by.organization, account=entry.account, user=user, role=entry.details["role"],
        **{name: kept[name] for name in _KEPT} | {"introduced_as": introduction(by, user, kept["introduced_as"])},
    )  # fmt: skip
    membership.full_clean()
    membership.save(force_insert=True)
    _set_sites(membership, list(Site.objects.filter(account=entry.account_id, pk__in=kept["sites"])))
    Override.objects.bulk_create(
        Override(organization=by.organization, account=entry.account, membership=membership, **one)
        for one in kept["overrides"]
    )
    keepsakes.give_back(by, membership, kept["keepsakes"], since=entry.created_at)
    grants.compile_for(user, by.organization)
    audit.record(
        by, "membership.restored", membership, entry.account, role=membership.role, portal_roles=membership.portal_roles
    )
    return membership


_KEPT = ("portal_roles", "tags", "suspended_at", "last_seen_at", "introduced_as")


def _kept(membership: Membership) -> dict[str, Any]:
    """This will return what `restore` makes the membership of: all that goes when it goes."""
    plain: dict[str, Any] = {name: getattr(membership, name) for name in _KEPT}
    overrides = membership.overrides.order_by("ability").values_list("ability", "effect", "set_by_id")
    return {
        **{name: value.isoformat() if isinstance(value, datetime.datetime) else value for name, value in plain.items()},
        "user": str(membership.user_id),
        "sites": [str(pk) for pk in membership.site_links.values_list("site_id", flat=True)],
        "overrides": [
            {"ability": ability, "effect": effect, "set_by_id": str(by) if by else None}
            for ability, effect, by in overrides
        ],
        "keepsakes": keepsakes.of(membership),
    }


def _refuse_what_came_later(by: Viewer, user: User, entry: AuditEntry) -> None:
    """An old undo must not give back what was lessened meanwhile, by a new role that ended too, or by deactivating, even
    when nothing of theirs is left to say so."""
    since = AuditEntry.objects.filter(organization=by.organization, created_at__gt=entry.created_at)
    again = since.filter(verb=REMOVED, account=entry.account_id, details__kept__user=str(user.pk))
    held = Membership.objects.filter(user=user, organization=by.organization)
    was_active = entry.details["kept"]["suspended_at"] is None
    if was_active and (not user.is_active or held.exclude(suspended_at=None).exists()):
        raise ValidationError(_("This person is deactivated. Reactivate the person first."))
    if again.exists() or since.filter(verb="person.deactivated", object_id=user.pk).exists():
        raise undoing.TooLate


@transaction.atomic
def become_executive(*, by: Viewer, account: Account) -> Membership | None:
    """This will make whoever starts work for an account as its staff the account's Account Executive (decision D2).

    Who holds a role in the account keeps it: an Account Executive is one already, and nobody is promoted. A client
    gains nothing, nor does anybody in a preview, through a link, or without a person behind it; then it returns None.
    """
    if by.user is None or by.guest is not None or by.is_preview:
        return None
    by.require_on(Can.CREATE_ASSESSMENTS, account)
    if Membership.objects.filter(user=by.user, account=account).exists():
        return None
    membership = _store(by, by.user, account, Role.ACCOUNT_EXECUTIVE, (), (), ())
    audit.record(by, "membership.added_by_creating", membership, account, role=membership.role)
    return membership


@transaction.atomic
def override(*, by: Viewer, membership: Membership, ability: Can, effect: str | None) -> None:
    """This will allow or deny one ability to one client of an account, or with None return to what the roles say.

    An Account Executive may do so in the accounts assigned to them (decision D3). Raises PermissionDenied for oneself,
    ValidationError for staff, for an ability that is no client's, and for who would lock the account's last Company
    Admin out of the portal.
    """
    assert membership.account is not None
    by.require_on(Can.MANAGE_ACCESS, membership.account)
    _refuse_for_oneself(by, membership.user)
    if membership.role != Role.CLIENT or ability not in COMPANY_ADMIN:
        raise ValidationError(_("Only what clients do can be allowed or denied, and only to clients."))
    if ability == Can.USE_PORTAL and effect == Override.Effect.DENY:
        refuse_for_last_company_admin(membership)
    # Two decisions about one person take turns: the later one stands, and its row says who made it.
    membership = Membership.objects.select_for_update(of=("self",)).select_related("user", "account").get(
        pk=membership.pk
    )  # fmt: skip
    before = Override.objects.filter(membership=membership, ability=ability).values_list("effect", flat=True).first()
    if before == effect:
        return
    Override.objects.filter(membership=membership, ability=ability).delete()
    if effect:
        row = Override(
            organization=by.organization,
            account=membership.account,
            membership=membership,
            ability=ability,
            effect=effect,
            set_by=by.user,
        )
        row.full_clean()
        row.save(force_insert=True)
    grants.compile_for(membership.user, by.organization)
    audit.record(
        by, "ability.overridden", membership, membership.account, ability=ability.value, effect=[before, effect]
    )


def refuse_for_last_company_admin(membership: Membership) -> None:
    """This will raise ValidationError when the account would be left without an active Company Admin. Who may not even
    use the portal is none to rely on."""
    if PortalRole.COMPANY_ADMIN not in membership.portal_roles:
        return
    # Two of them removed at the same moment must not leave none: each waits for the account's row.
    Account.objects.select_for_update().get(pk=membership.account_id)
    admins = Membership.objects.filter(
        account_id=membership.account_id, portal_roles__contains=[PortalRole.COMPANY_ADMIN]
    )
    locked_out = Override.objects.filter(
        account_id=membership.account_id, ability=Can.USE_PORTAL, effect=Override.Effect.DENY
    )
    others = admins.active().exclude(pk=membership.pk).exclude(pk__in=locked_out.values("membership_id"))
    if not others.exists():
        raise ValidationError(_("This is the account's last Company Admin. Name another one first."))


def refuse_for_last_admin(user: User, organization: Organization) -> None:
    """This will raise ValidationError when the organization would be left without an active Admin."""
    # Two Admins who remove each other at the same moment take turns; the second finds nobody left.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    others = Membership.objects.filter(organization=organization, role=Role.ADMIN).active().exclude(user=user)
    if not others.exists():
        raise ValidationError(_("This is the organization's last active Admin. Make somebody else an Admin first."))


def _refuse_both_sides(by: Viewer, user: User, role: str) -> None:
    """Whoever reviews an account's answers must not give them as its client. Two who give one person a role at the same
    moment take turns at the person's row."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = Membership.objects.filter(user=user, organization=by.organization)
    if role == Role.CLIENT and held.filter(role=Role.ADMIN).exists():
        raise ValidationError(_("This person is an Admin here. An Admin sees the portal with View as Client."))
    if role == Role.ADMIN and held.filter(role=Role.CLIENT).exists():
        raise ValidationError(
            _("This person is a client of an account. End that access first: an Admin reviews what clients answer.")
        )


def _refuse_for_oneself(by: Viewer, user: User) -> None:
    """Nobody raises, lowers or ends their own access: whoever could would need nobody's consent for anything."""
    if by.user is not None and by.user.pk == user.pk:
        raise PermissionDenied("one's own access")


def _store(
    by: Viewer, user: User, account: Account | None, role: str, portal_roles: Sequence[str], sites: Sequence[Site],
    tags: Sequence[str], suspended_at: datetime.datetime | None = None, introduced_as: str = "",
) -> Membership:  # fmt: skip
    if role == Role.CLIENT and not portal_roles:
        portal_roles = [PortalRole.END_USER]
    membership = Membership(
        organization=by.organization,
        account=account,
        user=user,
        role=role,
        portal_roles=sorted(set(portal_roles)),
        tags=sorted(set(tags)),
        suspended_at=suspended_at,
        introduced_as=introduced_as,
    )
    membership.full_clean()
    membership.save(force_insert=True)
    _set_sites(membership, sites)
    grants.compile_for(user, by.organization)
    contacts.ensure_for(by, membership)
    return membership


def _set_sites(membership: Membership, sites: Sequence[Site]) -> None:
    if bool(sites) != (PortalRole.SITE_MANAGER in membership.portal_roles):
        raise ValidationError(_("A Site Manager needs at least one site; other portal roles have none."))
    MembershipSite.objects.bulk_create(
        MembershipSite(
            organization=membership.organization, account=membership.account, membership=membership, site=site
        )
        for site in sites
    )
