"""What the client portal shows of the account itself: the company, its sites, the colleagues, whom to ask for a change."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.fields import custom_data
from accounts.fields.custom_data import Fact
from accounts.models import Account, CustomField, Membership, MembershipSite, Site, User
from accounts.models.membership import called
from accounts.register import countries, coverage
from accounts.roles import Can, PortalRole, Role
from accounts.viewer import Viewer

_OF_SITE = f"{PortalRole.SITE_MANAGER.value.replace('_', '-')}@"


@dataclass(frozen=True, slots=True)
class Place:
    """One site as the portal shows it; `managers` are named to those who may see their colleagues."""

    site: Site
    address: list[str]
    facts: list[Fact]
    managers: list[str]


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom to ask for a change, and the mail that does; without `url` nobody is named yet."""

    name: str = ""
    url: str = ""


def sites_of(viewer: Viewer) -> QuerySet[Site]:
    """This will return the sites the viewer may see: all with the view of the company, else those one oversees.

    Through the eyes of a Site Manager in general, the site that the viewpoint names.
    """
    sites = Site.objects.visible_to(viewer).filter(account=viewer.account).order_by("name")
    if viewer.can(Can.VIEW_COMPANY):
        return sites
    if not viewer.can(Can.VIEW_OWN_SITES):
        return sites.none()
    if viewer.viewpoint and viewer.viewpoint.user is None:
        return sites.filter(pk__in=_site_of(viewer.viewpoint.key))
    overseen = MembershipSite.objects.visible_to(viewer).filter(
        account=viewer.account, membership__user=viewer.person, membership__suspended_at=None
    )
    return sites.filter(pk__in=overseen.values("site_id"))


def places(viewer: Viewer, sites: Sequence[Site]) -> list[Place]:
    """This will write sites with their visible custom data, in two queries whatever their number."""
    fields = custom_data.for_client(custom_data.fields_of(viewer.organization, CustomField.On.SITE))
    managers = _managers(viewer, sites) if viewer.can(Can.VIEW_COLLEAGUES) else {}
    return [
        Place(site, address(site), custom_data.facts(fields, site.custom), managers.get(site.id, [])) for site in sites
    ]


def facts(viewer: Viewer) -> list[Fact]:
    """This will write the company's custom data that the client may see."""
    assert viewer.account is not None
    fields = custom_data.fields_of(viewer.organization, CustomField.On.ACCOUNT)
    return custom_data.facts(custom_data.for_client(fields), viewer.account.custom)


def address(place: Account | Site) -> list[str]:
    """This will write an address in lines; empty when none is known."""
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    country = countries.label(place.country) if place.country else ""
    return [line for line in (place.street, town, country) if line]


def colleagues_of(viewer: Viewer, words: str = "") -> QuerySet[Membership]:
    """This will return the account's clients whose name or email holds each word, by name."""
    found: Any = Membership.objects.visible_to(viewer).filter(account=viewer.account, role=Role.CLIENT)
    found = found.named()
    for word in words.split()[:8]:
        found = found.filter(Q(called__icontains=word) | Q(user__email__icontains=word))
    return found.select_related("user").order_by("called", "id")


def executives_of(viewer: Viewer) -> list[User]:
    """This will return who looks after the account at the provider."""
    assert viewer.account is not None
    return coverage.executives_of(viewer, [viewer.account.id])[viewer.account.id]


def ask(viewer: Viewer, executives: Sequence[User], about: str) -> Ask:
    """This will lead to a mail to the Account Executive, or to the provider's support where there is none."""
    assert viewer.account is not None
    support = viewer.organization.support_email
    if not executives and not support:
        return Ask()
    name, email = (executives[0].name, executives[0].email) if executives else (viewer.organization.name, support)
    subject = _("Change for %(account)s: %(what)s") % {"account": viewer.account.name, "what": about}
    return Ask(name, f"mailto:{quote(email, safe='@')}?subject={quote(subject, safe='')}")


def _managers(viewer: Viewer, sites: Sequence[Site]) -> dict[uuid.UUID, list[str]]:
    links = MembershipSite.objects.visible_to(viewer).filter(site__in=[site.id for site in sites])
    found: dict[uuid.UUID, list[str]] = {}
    links = links.annotate(called=called("membership__"))
    for site_id, name in links.order_by("called").values_list("site_id", "called"):
        found.setdefault(site_id, []).append(name)
    return found


def _site_of(key: str) -> list[uuid.UUID]:
    """This will read the site out of a viewpoint such as `site-manager@…`; the viewpoint was checked when it was read."""
    try:
        return [uuid.UUID(key.removeprefix(_OF_SITE))] if key.startswith(_OF_SITE) else []
    except ValueError:
        return []
