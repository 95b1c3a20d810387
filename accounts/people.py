"""The people of an account as staff see them: clients first, then the provider's own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Q, QuerySet, Value, When

from .models import Membership, MembershipSite
from .roles import PortalRole, Role, Tag
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class Person:
    """One membership in a table: words, not codes. `state` is "active", "invited" (never signed in) or "inactive"."""

    membership: Membership
    name: str
    email: str
    initials: str
    role: str
    is_client: bool
    portal_roles: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    state: str = "active"


def memberships_of(viewer: Viewer, words: str = "") -> QuerySet[Membership]:
    """This will return the memberships of the viewer's account whose person's name or e-mail holds each word."""
    found = Membership.objects.visible_to(viewer).filter(account=viewer.account).select_related("user")
    for word in words.split()[:8]:
        found = found.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    clients_first = Case(When(role=Role.CLIENT, then=Value(0)), default=Value(1))
    return found.order_by(clients_first, "user__name", "id")


def rows(viewer: Viewer, memberships: Sequence[Membership]) -> list[Person]:
    """This will write memberships as rows, with one query for the sites of all of them."""
    sites: dict[uuid.UUID, list[str]] = {}
    links = MembershipSite.objects.visible_to(viewer).filter(membership__in=[member.pk for member in memberships])
    for membership_id, name in links.order_by("site__name").values_list("membership_id", "site__name"):
        sites.setdefault(membership_id, []).append(name)
    return [_person(membership, sites.get(membership.pk, [])) for membership in memberships]


def _person(membership: Membership, sites: list[str]) -> Person:
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
        state=_state(membership),
    )


def _state(membership: Membership) -> str:
    if not membership.user.is_active:
        return "inactive"
    return "active" if membership.user.has_usable_password() else "invited"
