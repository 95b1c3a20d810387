"""Who can see an account, and why: everybody the stored grants let in, links that still work, staff who looked as clients.

The list starts from the grants, as every page does, and adds the rows that explain them. It is read by staff and, without
what is the provider's own, by the account's Company Admins.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import grants, previews
from accounts.membership import explanations
from accounts.models import Account, AuditEntry, Membership, MembershipSite, Override, User
from accounts.roles import Can, PortalRole, Role, Tag
from accounts.viewer import Viewer

REVIEWED = "access.reviewed"
PREVIEWS_OF = timedelta(days=90)
MOST_PREVIEWS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One person who can see the account. `why` is what lets them in, in sentences; `row` where that is stored. `email` and
    `row` are "" where they are not the reader's business."""

    key: str
    name: str
    email: str
    role: str
    is_staff: bool
    since: datetime | None
    seen_at: datetime | None
    why: str
    row: str
    may: tuple[str, ...] = ()
    portal_roles: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    membership: Membership | None = None


@dataclass(frozen=True, slots=True)
class Guest:
    """A way in without a login: what it opens, who made it, until when it works."""

    what: str
    power: str
    made_by: str
    until: datetime
    url: str = ""

    @property
    def why(self) -> str:
        """This will say what lets somebody in here."""
        day = explanations.day_of(self.until)
        if self.made_by:
            return _("%(by)s made this link. It works until %(day)s.") % {"by": self.made_by, "day": day}
        return _("Somebody made this link. It works until %(day)s.") % {"day": day}


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody of the provider viewed the portal as a client: who, as whom, when."""

    who: str
    seen_as: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """That somebody confirmed the list, and how many people stood on it."""

    who: str
    at: datetime
    people: int


FindGuests = Callable[[Viewer], Iterable[Guest]]
_GUESTS: dict[str, FindGuests] = {}


def guests(name: str, find: FindGuests) -> None:
    """This will let an app above name the ways into an account without a login that it hands out."""
    _GUESTS[name] = find


def people(viewer: Viewer) -> list[Line]:
    """This will list who can see the viewer's account, the provider's people first: seven queries, however many."""
    account = viewer.account
    assert account is not None
    account.organization = viewer.organization
    held = grants.abilities_on(account)
    everywhere = grants.users_everywhere(account.organization_id, Can.VIEW_ACCOUNT)
    inside = {
        user for user, abilities in held.items() if abilities & {Can.VIEW_ACCOUNT.value, Can.USE_PORTAL.value}
    } | everywhere
    memberships = _memberships(viewer, inside)
    sites, exceptions = _sites(viewer), _exceptions(viewer)
    users = User.objects.filter(pk__in=inside, is_active=True).defer("password")
    lines = [
        _line(viewer, user, memberships.get(user.pk), held.get(user.pk, frozenset()), user.pk in everywhere, sites,
              exceptions)
        for user in users
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (not line.is_staff, line.name.casefold(), line.key))


def ways_in(viewer: Viewer) -> list[Guest]:
    """This will list the links into the account that still work."""
    return [guest for find in _GUESTS.values() for guest in find(viewer)]


def looks(viewer: Viewer) -> list[Look]:
    """This will list who viewed the portal as a client in the last 90 days, the last one first."""
    since = timezone.now() - PREVIEWS_OF
    rows = AuditEntry.objects.visible_to(viewer).filter(
        account=viewer.account, verb=previews.STARTED, created_at__gt=since
    )
    latest = rows.order_by("-created_at", "-id")[:MOST_PREVIEWS]
    return [Look(row.actor_name, row.details.get("label", ""), row.created_at) for row in latest]


def last_review(viewer: Viewer) -> Review | None:
    """This will return who confirmed the list last."""
    rows = AuditEntry.objects.visible_to(viewer).filter(account=viewer.account, verb=REVIEWED)
    row = rows.order_by("-created_at", "-id").first()
    return Review(row.actor_name, row.created_at, row.details.get("people", 0)) if row else None


def table_head(viewer: Viewer) -> list[str]:
    """This will name the columns of the file."""
    head = [
        _("Name"), _("Email"), _("Role"), _("Portal roles"), _("Sites"), _("Tags"), _("May"), _("Since"), _("Until"),
        _("Last seen"), _("Why"),
    ]  # fmt: skip
    return [*head, _("Stored row")] if viewer.is_staff else head


def table(viewer: Viewer) -> Iterator[list[Any]]:
    """This will write everybody who can see the account, then the links that still work."""
    for line in people(viewer):
        may = "; ".join(line.may) or _("everything staff may")
        row = [
            line.name, line.email, line.role, ", ".join(line.portal_roles), ", ".join(line.sites), ", ".join(line.tags),
            may, line.since, None, line.seen_at, line.why,
        ]  # fmt: skip
        yield [*row, line.row] if viewer.is_staff else row
    for guest in ways_in(viewer):
        row = [guest.what, "", _("Link"), "", "", "", guest.power, None, guest.until, None, guest.why]
        yield [*row, ""] if viewer.is_staff else row


def _line(
    viewer: Viewer, user: User, membership: Membership | None, held: frozenset[str], is_everywhere: bool,
    sites: dict[uuid.UUID, list[str]], exceptions: dict[uuid.UUID, list[Override]],
) -> Line:  # fmt: skip
    is_staff = is_everywhere or Can.VIEW_ACCOUNT.value in held
    is_shown = viewer.is_staff or not is_staff
    return Line(
        key=str(user.pk),
        # Until they have come in, what the inviter calls them: a login's own name may come from elsewhere.
        name=(membership.introduced_as if membership else "") or str(user),
        # The provider's people are named to their client; how to reach them, the account's Home says.
        email=user.email if is_shown else "",
        role=_role(membership, is_everywhere),
        is_staff=is_staff,
        since=membership.created_at if membership else None,
        seen_at=membership.last_seen_at if membership and is_shown else None,
        why=_why(viewer, membership, is_everywhere, exceptions.get(membership.pk, ()) if membership else ()),
        row=explanations.row_of(membership) if membership and viewer.is_staff else "",
        may=() if is_everywhere else _words(held),
        portal_roles=tuple(str(PortalRole(role).label) for role in membership.portal_roles) if membership else (),
        sites=tuple(sites.get(membership.pk, ())) if membership else (),
        tags=tuple(str(Tag(tag).label) for tag in membership.tags) if membership else (),
        membership=membership if membership and membership.account_id else None,
    )


def _role(membership: Membership | None, is_everywhere: bool) -> str:
    if membership is not None:
        return str(Role(membership.role).label)
    return str(Role.ADMIN.label) if is_everywhere else ""


def _why(viewer: Viewer, membership: Membership | None, is_everywhere: bool, exceptions: Iterable[Override]) -> str:
    """What lets somebody in and what is different for them alone; who decided that is the provider's own business."""
    assert viewer.account is not None
    if membership is not None:
        names = {"role": explanations.role_of(membership), "place": explanations.place_of(membership, viewer.account)}
    elif is_everywhere and not viewer.is_staff:  # an Admin's row, which a client's page cannot read
        names = {"role": str(Role.ADMIN.label), "place": viewer.organization.name}
    else:  # drift; `check_grants` shows it too
        return _("A permission is stored that no role explains. It has to be checked.")
    said = [_("The role %(role)s in %(place)s lets them in.") % names]
    for row in exceptions:
        is_allowed = row.effect == Override.Effect.ALLOW
        names = {"ability": str(Can(row.ability).label), "by": str(row.set_by or "")}
        if viewer.is_staff and row.set_by:
            words = _("Allowed by %(by)s: %(ability)s.") if is_allowed else _("Denied by %(by)s: %(ability)s.")
        else:
            words = _("Allowed besides: %(ability)s.") if is_allowed else _("Denied: %(ability)s.")
        said.append(words % names)
    return " ".join(said)


def _words(held: frozenset[str]) -> tuple[str, ...]:
    return tuple(str(ability.label) for ability in Can if ability.value in held)


def _memberships(viewer: Viewer, users: Iterable[uuid.UUID]) -> dict[uuid.UUID, Membership]:
    """The row that lets each in: the account's own before an Admin's. A client's page cannot read an Admin's row."""
    rows = Membership.objects.filter(organization=viewer.organization, user__in=list(users), suspended_at=None)
    of_organization = {row.user_id: row for row in rows.filter(account=None)}
    return of_organization | {row.user_id: row for row in rows.filter(account=viewer.account)}


def _exceptions(viewer: Viewer) -> dict[uuid.UUID, list[Override]]:
    found: dict[uuid.UUID, list[Override]] = {}
    rows = Override.objects.visible_to(viewer).filter(account=viewer.account).select_related("set_by")
    for row in rows.defer("set_by__password").order_by("created_at", "id"):
        found.setdefault(row.membership_id, []).append(row)
    return found


def _sites(viewer: Viewer) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = {}
    links = MembershipSite.objects.visible_to(viewer).filter(account=viewer.account).order_by("site__name")
    for membership_id, name in links.values_list("membership_id", "site__name"):
        found.setdefault(membership_id, []).append(name)
    return found


def name_of(account: Account, ending: str = "csv") -> str:
    """This will name the file of an account's review."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in account.name).strip("-")
    return f"access_{kept}_{timezone.localdate():%Y-%m-%d}.{ending}"
