"""The people of an account as staff see them: clients first, then the provider's own."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy

from accounts.mail import invitation_mails
from accounts.mail.invitation_mails import InvitationMail
from accounts.models import Membership, MembershipSite
from accounts.roles import PortalRole, Role, Tag
from accounts.viewer import Viewer

ACTIVE, INVITED, DEACTIVATED = "active", "invited", "inactive"
STATES: dict[str, Any] = {
    ACTIVE: gettext_lazy("Active"),
    INVITED: gettext_lazy("Invited"),
    DEACTIVATED: gettext_lazy("Deactivated"),
}
_IS_IN_STATE = {
    DEACTIVATED: Q(user__is_active=False) | Q(suspended_at__isnull=False),
    INVITED: Q(user__is_active=True, suspended_at=None) & ~Q(introduced_as=""),
}
_IS_IN_STATE[ACTIVE] = ~_IS_IN_STATE[DEACTIVATED] & ~_IS_IN_STATE[INVITED]


@dataclass(frozen=True)
class Filter:
    """Which people, as the page's address says it; what an address cannot mean is left out."""

    words: str = ""
    state: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `q` and `state`."""
        state = query.get("state", "")
        return cls(query.get("q", "").replace("\x00", "").strip()[:100], state if state in STATES else "")

    @property
    def is_narrow(self) -> bool:
        """This will say whether the filter may leave somebody out."""
        return bool(self.words or self.state)


@dataclass(frozen=True, slots=True)
class Person:
    """One membership in a table: words, not codes. `state` is "active", "invited" (not come in yet) or "inactive"."""

    membership: Membership
    name: str
    email: str
    initials: str
    role: str
    is_client: bool
    portal_roles: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    state: str = ACTIVE
    seen_at: datetime | None = None
    invitation: InvitationMail | None = None


def memberships_of(viewer: Viewer, chosen: Filter = Filter()) -> QuerySet[Membership]:
    """This will return the memberships of the viewer's account whose person's name or email holds each word."""
    found: Any = Membership.objects.visible_to(viewer).filter(account=viewer.account).select_related("user").named()
    for word in chosen.words.split()[:8]:
        found = found.filter(Q(called__icontains=word) | Q(user__email__icontains=word))
    if chosen.state:
        found = found.filter(_IS_IN_STATE[chosen.state])
    clients_first = Case(When(role=Role.CLIENT, then=Value(0)), default=Value(1))
    return found.order_by(clients_first, "called", "id")


def rows(viewer: Viewer, memberships: Sequence[Membership], *, with_invitations: bool = False) -> list[Person]:
    """This will write memberships as rows, with one query for the sites of all of them, and on request one for what
    became of their invitations."""
    sites: dict[uuid.UUID, list[str]] = {}
    links = MembershipSite.objects.visible_to(viewer).filter(membership__in=[member.pk for member in memberships])
    for membership_id, name in links.order_by("site__name").values_list("membership_id", "site__name"):
        sites.setdefault(membership_id, []).append(name)
    mails = invitation_mails.latest_of(viewer, [member.pk for member in memberships]) if with_invitations else {}
    return [_person(member, sites.get(member.pk, []), mails.get(member.pk)) for member in memberships]


def _person(membership: Membership, sites: list[str], mail: InvitationMail | None) -> Person:
    user = membership.user
    return Person(
        membership=membership,
        name=str(user),
        email=user.email,
        initials=user.initials,
        role=str(Role(membership.role).label),
        is_client=membership.role == Role.CLIENT,
        portal_roles=[str(PortalRole(role).label) for role in membership.portal_roles],
        sites=sites,
        tags=[str(Tag(tag).label) for tag in membership.tags],
        state=state_of(membership),
        seen_at=membership.last_seen_at,
        invitation=mail,
    )


def state_of(membership: Membership) -> str:
    """This will say how a person stands in an account; reads `user`."""
    if not membership.user.is_active or membership.suspended_at is not None:
        return DEACTIVATED
    return INVITED if membership.introduced_as else ACTIVE
