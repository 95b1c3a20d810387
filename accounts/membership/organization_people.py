"""Everybody of the organization, as its Admins see them: found, filtered, sorted, and what each holds where."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Lower
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import invitation_mails
from accounts.mail.invitation_mails import InvitationMail
from accounts.models import Account, Membership, MembershipSite, User
from accounts.roles import PortalRole, Role, Tag
from accounts.viewer import Viewer
from portal.web import ids

ACTIVE, INVITED, DEACTIVATED = "active", "invited", "inactive"
STATES: dict[str, Any] = {
    ACTIVE: gettext_lazy("Active"),
    INVITED: gettext_lazy("Invited"),
    DEACTIVATED: gettext_lazy("Deactivated"),
}
NAME, SEEN = "name", "-seen"
_COLUMNS: dict[str, Any] = {
    NAME: Lower("called").asc(),
    "-name": Lower("called").desc(),
    SEEN: F("seen_at").desc(nulls_last=True),
    "seen": F("seen_at").asc(nulls_first=True),
}


@dataclass(frozen=True)
class Filter:
    """Whom of everybody, in which order, as the page's address says it; what an address cannot mean is left out."""

    words: str = ""
    role: str = ""
    state: str = ""
    account: str = ""
    order: str = NAME

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `q`, `role`, `state`, `account` and `sort`."""
        role, state, order = query.get("role", ""), query.get("state", ""), query.get("sort", "")
        account = ids.uuid_in(query.get("account", ""))
        return cls(
            words=query.get("q", "").replace("\x00", "").strip()[:100],
            role=role if role in Role.values or role in PortalRole.values else "",
            state=state if state in STATES else "",
            account=str(account) if account else "",
            order=order if order in _COLUMNS else NAME,
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether the filter may leave somebody out."""
        return bool(self.words or self.role or self.state or self.account)

    def query(self) -> str:
        """This will write the filter as it stands in an address."""
        parts = {"q": self.words, "role": self.role, "state": self.state, "account": self.account}
        order = {"sort": self.order} if self.order != NAME else {}
        return urlencode({key: value for key, value in parts.items() if value} | order)


@dataclass(frozen=True, slots=True)
class Hat:
    """One membership in words: what the person is, and where ("" for the organization)."""

    membership: Membership
    role: str
    account: Account | None
    portal_roles: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    invitation: InvitationMail | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list."""

    user: User
    state: str
    seen_at: datetime | None
    hats: tuple[Hat, ...]
    has_bounced: bool

    @property
    def roles(self) -> str:
        """This will say in a few words what the person is, and in how many accounts."""
        counts: dict[str, int] = {}
        for hat in self.hats:
            counts[hat.role] = counts.get(hat.role, 0) + (hat.account is not None)
        return ", ".join(f"{role} ({count})" if count > 1 else role for role, count in counts.items())

    @property
    def portal_roles(self) -> list[str]:
        """This will list the portal roles of a client, each once."""
        return list(dict.fromkeys(role for hat in self.hats for role in hat.portal_roles))

    @property
    def accounts(self) -> list[Account]:
        return [hat.account for hat in self.hats if hat.account is not None]


def found(viewer: Viewer, chosen: Filter) -> QuerySet[User]:
    """This will return the people of the organization whom the filter leaves, in its order, each with `state`,
    `seen_at` and what they are `called` here."""
    held = Membership.objects.visible_to(viewer).filter(user=OuterRef("pk")).order_by()
    seen = held.values("user").annotate(latest=Max("last_seen_at")).values("latest")
    people = User.objects.visible_to(viewer).named(viewer.organization).defer("password").annotate(
        seen_at=Subquery(seen),
        state=Case(
            When(Q(is_active=False) | ~Exists(held.filter(suspended_at=None)), then=Value(DEACTIVATED)),
            When(Exists(held.exclude(introduced_as="")), then=Value(INVITED)),
            default=Value(ACTIVE),
        ),
    )  # fmt: skip
    for word in chosen.words.split()[:8]:
        people = people.filter(Q(called__icontains=word) | Q(email__icontains=word))
    fitting = held
    if chosen.role:
        is_portal_role = chosen.role in PortalRole.values
        fitting = fitting.filter(
            **({"portal_roles__contains": [chosen.role]} if is_portal_role else {"role": chosen.role})
        )
    if chosen.account:
        fitting = fitting.filter(account_id=chosen.account)
    if chosen.role or chosen.account:
        people = people.filter(Exists(fitting))
    if chosen.state:
        people = people.filter(state=chosen.state)
    return people.order_by(_COLUMNS[chosen.order], Lower("called"), "email", "id")


def lines(viewer: Viewer, people: Sequence[User]) -> list[Line]:
    """This will write people found by `found` as rows, in three queries whatever their number."""
    hats = hats_of(viewer, people)
    return [
        Line(
            user=person,
            state=person.state,  # type: ignore[attr-defined]
            seen_at=person.seen_at,  # type: ignore[attr-defined]
            hats=tuple(hats.get(person.pk, ())),
            has_bounced=any(
                hat.invitation is not None and hat.invitation.has_failed for hat in hats.get(person.pk, ())
            ),
        )
        for person in people
    ]


def hats_of(viewer: Viewer, people: Iterable[User]) -> dict[uuid.UUID, list[Hat]]:
    """This will gather what people hold in the organization, in three queries: the Admin first, then by account."""
    held = list(
        Membership.objects.visible_to(viewer)
        .filter(user__in=[person.pk for person in people])
        .select_related("account")
        .order_by("account__name", "id")
    )
    sites: dict[uuid.UUID, list[str]] = {}
    links = MembershipSite.objects.visible_to(viewer).filter(membership__in=[one.pk for one in held])
    for membership_id, name in links.order_by("site__name").values_list("membership_id", "site__name"):
        sites.setdefault(membership_id, []).append(name)
    mails = invitation_mails.latest_of(viewer, [one.pk for one in held])
    hats: dict[uuid.UUID, list[Hat]] = {}
    for one in sorted(held, key=lambda membership: membership.account_id is not None):
        hats.setdefault(one.user_id, []).append(_hat(one, sites.get(one.pk, []), mails.get(one.pk)))
    return hats


def table_head() -> list[str]:
    """This will name the columns of the file: one row for each role somebody holds."""
    return [
        _("Name"), _("Email"), _("State"), _("Role"), _("Account"), _("Portal roles"), _("Sites"), _("Tags"),
        _("Since"), _("Last seen"),
    ]  # fmt: skip


def table(viewer: Viewer, chosen: Filter) -> Iterator[list[Any]]:
    """This will write the people of the filter, with every role each holds."""
    for line in lines(viewer, list(found(viewer, chosen))):
        for hat in line.hats:
            yield [
                str(line.user), line.user.email, str(STATES[line.state]), hat.role,
                hat.account.name if hat.account else "", ", ".join(hat.portal_roles), ", ".join(hat.sites),
                ", ".join(hat.tags), hat.membership.created_at, hat.membership.last_seen_at,
            ]  # fmt: skip


def _hat(membership: Membership, sites: list[str], mail: InvitationMail | None) -> Hat:
    return Hat(
        membership=membership,
        role=str(Role(membership.role).label),
        account=membership.account,
        portal_roles=tuple(str(PortalRole(role).label) for role in membership.portal_roles),
        sites=tuple(sites),
        tags=tuple(str(Tag(tag).label) for tag in membership.tags),
        invitation=mail,
    )
