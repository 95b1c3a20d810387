"""What a client of an account may do, ability by ability, and where each comes from."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from . import grants
from .models import Membership, Override
from .roles import CLIENT, COMPANY_ADMIN, FOR_PORTAL_ROLE, Can, PortalRole, Role
from .viewer import Viewer

AS_THE_ROLES_SAY = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One ability of a person. `is_held` is what the stored grants say; `source` where it comes from; `effect` is
    "allow", "deny" or "" for what the roles say; `set_by` and `set_at` belong to an effect."""

    ability: Can
    label: str
    is_held: bool
    source: str
    effect: str = AS_THE_ROLES_SAY
    set_by: str = ""
    set_at: datetime | None = None


def of_client(viewer: Viewer, membership: Membership) -> list[Row]:
    """This will list every ability a client of the viewer's account can have, in two queries."""
    assert membership.account is not None
    held = grants.on_account(membership.user, membership.account)
    rows = Override.objects.visible_to(viewer).filter(membership=membership).select_related("set_by")
    overrides = {row.ability: row for row in rows}
    return [
        _row(membership, ability, ability.value in held, overrides.get(ability.value))
        for ability in Can
        if ability in COMPANY_ADMIN
    ]


def _row(membership: Membership, ability: Can, is_held: bool, own: Override | None) -> Row:
    if own is None:
        return Row(ability, str(ability.label), is_held, _from_roles(membership, ability))
    source = _("Allowed here") if own.effect == Override.Effect.ALLOW else _("Denied here")
    return Row(
        ability, str(ability.label), is_held, source, own.effect, str(own.set_by) if own.set_by else "", own.created_at
    )


def _from_roles(membership: Membership, ability: Can) -> str:
    if ability in CLIENT:
        return str(Role.CLIENT.label)
    giving = [role for role in membership.portal_roles if ability in FOR_PORTAL_ROLE.get(role, ())]
    if giving:
        return ", ".join(str(PortalRole(role).label) for role in giving)
    return _("No role of theirs")
