"""The eyes a preview looks through: a client in general, a portal role (with a site), or one client by name."""

import re
import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from . import grants
from .models.account import Account
from .models.membership import Membership
from .models.site import Site
from .models.user import User
from .roles import PortalRole, Role, abilities_in_account

PATTERN = r"[a-z][a-z-]*(?:@[0-9a-f-]{36})?|user-[0-9a-f-]{36}"
GENERIC = "client"


@dataclass(frozen=True)
class Viewpoint:
    """`key` as it stands in the address, `label` as the banner names it, `user` where it is one client by name,
    `portal_role` where it is whoever holds one."""

    key: str
    label: str
    user: User | None = None
    portal_role: str = ""


def read(key: str, account: Account) -> tuple[Viewpoint, frozenset[str]] | None:
    """This will turn the address's words into a viewpoint and exactly that client's abilities, or None if unknown."""
    if key == GENERIC:
        return Viewpoint(key, _("a client")), _names(abilities_in_account(Role.CLIENT, []))
    if person := re.fullmatch(r"user-([0-9a-f-]{36})", key):
        return _named(key, account, person.group(1))
    name, _at, site_id = key.partition("@")
    role = name.replace("-", "_")
    if role not in PortalRole.values or bool(site_id) != (role == PortalRole.SITE_MANAGER):
        return None
    label = PortalRole(role).label
    if site_id:
        site = Site.objects.filter(account=account, pk=_uuid(site_id)).first()
        if site is None:
            return None
        label = _("%(role)s of %(site)s") % {"role": label, "site": site.name}
    return Viewpoint(key, str(label), portal_role=role), _names(abilities_in_account(Role.CLIENT, [role]))


@dataclass(frozen=True, slots=True)
class Choice:
    """One viewpoint to choose: `note` says what sets it apart."""

    key: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Viewpoints under a heading; `has_more` when a search would find others."""

    heading: str
    choices: list[Choice]
    has_more: bool = False


def grouped(account: Account, words: str = "", most: int = 50) -> list[Group]:
    """This will list the viewpoints of an account in two queries: a client in general, the portal roles, the sites, and
    the people whose name or email holds each of the words, the first `most` of them."""
    roles = [
        Choice(role.value.replace("_", "-"), str(role.label)) for role in PortalRole if role != PortalRole.SITE_MANAGER
    ]
    manager = PortalRole.SITE_MANAGER.label
    sites = [
        Choice(f"site-manager@{site.id}", _("%(role)s of %(site)s") % {"role": manager, "site": site.name})
        for site in Site.objects.filter(account=account).order_by("name")
    ]
    members = list(_people(account, words)[: most + 1])
    people = [
        Choice(
            f"user-{member.user_id}",
            member.user.name,
            ", ".join(str(PortalRole(role).label) for role in member.portal_roles),
        )
        for member in members[:most]
    ]
    anybody = Choice(GENERIC, _("A client without a portal role"), _("What everybody of the account sees"))
    return [
        Group(_("In general"), [anybody]),
        Group(_("Somebody with the portal role"), [*roles, *sites]),
        Group(_("One person"), people, len(members) > most),
    ]


def _people(account: Account, words: str) -> QuerySet[Membership]:
    found = Membership.objects.filter(account=account, role=Role.CLIENT).active().named()
    for word in words.split()[:8]:
        found = found.filter(Q(called__icontains=word) | Q(user__email__icontains=word))
    return found.select_related("user").order_by("called", "id")


def _named(key: str, account: Account, user_id: str) -> tuple[Viewpoint, frozenset[str]] | None:
    membership = _people(account, "").filter(user_id=_uuid(user_id)).first()
    abilities = grants.on_account(membership.user, account) if membership else frozenset()
    if membership is None or not abilities:
        return None
    return Viewpoint(key, membership.user.name, membership.user), abilities


def _names(abilities: frozenset) -> frozenset[str]:
    return frozenset(ability.value for ability in abilities)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
