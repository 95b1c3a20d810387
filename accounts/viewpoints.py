"""The eyes a preview looks through: a client in general, a portal role (with a site), or one client by name."""

import re
import uuid
from dataclasses import dataclass

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
    """`key` as it stands in the address, `label` as the banner names it, `user` where it is one client by name."""

    key: str
    label: str
    user: User | None = None


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
    return Viewpoint(key, str(label)), _names(abilities_in_account(Role.CLIENT, [role]))


def choices(account: Account) -> list[tuple[str, str]]:
    """This will list the viewpoints of an account for the View as Client question: [(key, label)]."""
    offered = [(GENERIC, _("A client without a portal role"))]
    for role in PortalRole:
        if role == PortalRole.SITE_MANAGER:
            offered += [
                (f"site-manager@{site.id}", _("%(role)s of %(site)s") % {"role": role.label, "site": site.name})
                for site in Site.objects.filter(account=account).order_by("name")
            ]
        else:
            offered.append((role.value.replace("_", "-"), str(role.label)))
    people = Membership.objects.filter(account=account, role=Role.CLIENT, user__is_active=True).select_related("user")
    offered += [(f"user-{member.user_id}", member.user.name) for member in people.order_by("user__name")]
    return offered


def _named(key: str, account: Account, user_id: str) -> tuple[Viewpoint, frozenset[str]] | None:
    membership = (
        Membership.objects.filter(account=account, role=Role.CLIENT, user_id=_uuid(user_id))
        .select_related("user")
        .first()
    )
    if membership is None or not membership.user.is_active:
        return None
    return Viewpoint(key, membership.user.name, membership.user), grants.on_account(membership.user, account)


def _names(abilities: frozenset) -> frozenset[str]:
    return frozenset(ability.value for ability in abilities)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
