"""Who the matrix means: its actors and relations as people of the cast, with a browser each.

The things stand in Northwind Dental, or for who wears two hats in Cobalt Logistics. Somebody "of another account" is of
Cobalt and knocks at Northwind; somebody "of another organization" is of Sunny Ridge and knocks at Harbor's address, and at
the own one with Harbor's ids.
"""

import uuid
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from accounts import grants
from accounts.actions import memberships
from accounts.models import Membership, User
from accounts.roles import PortalRole, Role, Tag
from assessments.actions import assessments, links
from library.models import Definition
from tests import cast
from tests.access.matrix.rows import Row


@dataclass(frozen=True)
class Visit:
    """One browser at one host: whose it is, at which account it knocks, and through which preview."""

    label: str
    client: Client
    kind: str
    user: User | None = None
    account: str = "Northwind"
    preview: str = ""
    is_at_home: bool = False

    def address(self, address: str) -> str:
        return f"/preview/{self.preview}{address}" if self.preview else address


CLIENTS = ("priya", "marcus", "dora", "felix", "bea")
OF_PORTAL_ROLE = {
    "portal_admin": "priya",
    "portal_approver": "felix",
    "portal_billing": "bea",
    "portal_enduser": "dora",
    "portal_sitemgr": "marcus",
}
ELSEWHERE = ("other_account_same_org", "other_client_same_org")
# A client of Cobalt with the portal role in question, knocking at Northwind.
OF_COBALT = {
    "portal_admin": (PortalRole.COMPANY_ADMIN,),
    "portal_approver": (PortalRole.APPROVER,),
    "portal_billing": (PortalRole.BILLING,),
    "portal_enduser": (PortalRole.END_USER,),
    "portal_sitemgr": (PortalRole.SITE_MANAGER,),
    "portal_tags_only": (),
}
PREVIEWED = {
    "staff_previewing_as_portal_admin": "company-admin",
    "staff_previewing_as_portal_approver": "approver",
    "staff_previewing_as_portal_billing": "billing",
    "staff_previewing_as_portal_enduser": "end-user",
    "staff_previewing_as_portal_sitemgr": "site-manager@{site}",
}


def visits(row: Row) -> list[Visit]:
    """This will return everybody the row speaks of: "*" makes no difference, so all of them try. Call it in a scope."""
    if row.actor == "respondent_with_token":
        return [Visit("somebody with a link", _guest(), "anonymous")]
    if row.actor == "anonymous":
        return [Visit("nobody", cast.visitor(at="harbor"), "anonymous")]
    if row.relation == "other_org":
        return _of_sunny(row)
    if row.mode.startswith("preview"):
        return _previews(row)
    if row.actor == "org_admin":
        return [_of("ada", "staff")]
    if row.actor == "account_executive":
        return [_of("lena" if row.relation.startswith("unassigned") else "sam", "staff")]
    if row.actor == "client":
        return [_of("carla", "client"), _of("tom", "client")] if row.relation in ELSEWHERE else [
            _of(name, "client") for name in CLIENTS
        ]  # fmt: skip
    if row.actor == "ae_on_A_and_client_on_B":
        return [_of("theo", "client", account="Cobalt")]
    if row.actor == "member_without_role":
        return [_of("noor", "stranger")]
    if row.actor == "deactivated_user_with_old_session":
        return _deactivated()
    if row.actor in ("role_revoked_while_logged_in", "portal_role_revoked_while_logged_in"):
        return [_revoked()]
    if row.actor == "portal_admin_on_A_and_enduser_on_B":
        return [_two_hats()]
    if row.actor in ("portal_tags_only", "client_without_portal_role") and row.relation not in ELSEWHERE:
        return [_newcomer((), (Tag.VIP, Tag.EMERGENCY) if row.actor == "portal_tags_only" else ())]
    if row.relation in ELSEWHERE:
        return [_newcomer(OF_COBALT[row.actor], (), account="Cobalt")]
    return [_of(OF_PORTAL_ROLE[row.actor], "client")]


def _of(name: str, kind: str, account: str = "Northwind") -> Visit:
    return Visit(name, cast.visitor(name), kind, cast.person(name), account)


def _of_sunny(row: Row) -> list[Visit]:
    staff = {"org_admin": "amara", "account_executive": "jonas"}
    name = next((staff[actor] for actor in staff if row.actor.startswith(actor)), "mia")
    kind = "client" if name == "mia" else "staff"
    person = cast.person(name)
    return [
        Visit(f"{name} at {host}", cast.visitor(name, at=host), kind, person, is_at_home=host == "sunny")
        for host in ("harbor", "sunny")
    ]


def _previews(row: Row) -> list[Visit]:
    """A preview of Northwind that runs; for "another account" one of Juniper, with Northwind in the address."""
    elsewhere = row.relation == "another_account_even_if_assigned"
    names = {"org_admin_in_preview": ("ada",), "account_executive_in_preview": ("sam",)}.get(row.actor, ("ada", "sam"))
    account = cast.account("Juniper" if elsewhere else "Northwind")
    found = []
    for name in names:
        for viewpoint in [_viewpoint(row)] if row.actor in PREVIEWED else _viewpoints(account, elsewhere):
            visitor = cast.visitor(name)
            question = reverse("staff:preview", args=[account.id])
            assert visitor.post(question, {"viewpoint": viewpoint}).status_code == 303
            label = f"{name} as {viewpoint}"
            found.append(Visit(label, visitor, "preview", cast.person(name), preview=viewpoint))
    return found


def _viewpoints(account, elsewhere: bool) -> list[str]:
    named = cast.person("iris" if elsewhere else "priya")
    return ["client", "company-admin", f"user-{named.pk}"]


def _viewpoint(row: Row) -> str:
    site = cast.site("Riverside")
    return PREVIEWED[row.actor].format(site=site.pk)


def _guest() -> Client:
    """Somebody without a login who came in by a link to one assessment, and now tries the portal itself."""
    run = assessments.create(
        by=cast.viewer("sam", "Northwind"),
        account=cast.account("Northwind"),
        definition=Definition.objects.get(key="vendor-risk"),
        another=True,
    )
    _link, token = links.share(by=cast.viewer("sam", "Northwind"), run=run)
    visitor = cast.visitor(at="harbor")
    assert visitor.post(reverse("guest_link", args=[token]), {"name": "Ann"}).status_code == 303
    return visitor


def _deactivated() -> list[Visit]:
    """A client and an Account Executive who were signed in when somebody deactivated them."""
    found = []
    for name, kind in (("dora", "client"), ("sam", "staff")):
        visit = _of(name, kind)
        User.objects.filter(pk=visit.user.pk).update(is_active=False)
        found.append(visit)
    return found


def _revoked() -> Visit:
    """Somebody who was a client when they signed in, and is nothing now."""
    visit = _newcomer((PortalRole.END_USER,), ())
    membership = Membership.objects.get(user=visit.user)
    memberships.remove(by=cast.system(), membership=membership)
    return Visit(visit.label, visit.client, "stranger", visit.user)


def _two_hats() -> Visit:
    """Company Admin of Juniper and End User of Northwind."""
    visit = _newcomer((PortalRole.END_USER,), ())
    system = cast.system()
    memberships.add(
        by=system,
        email=visit.user.email,
        name=visit.user.name,
        account=cast.account("Juniper"),
        portal_roles=[PortalRole.COMPANY_ADMIN],
    )
    return visit


def _newcomer(portal_roles: tuple[str, ...], tags: tuple[str, ...], account: str = "Northwind") -> Visit:
    email = f"new-{uuid.uuid4().hex[:8]}@example.org"
    here = cast.account(account)
    sites = [cast.site("Depot North")] if PortalRole.SITE_MANAGER in portal_roles else []
    membership = memberships.add(
        by=cast.system(), email=email, name="Nia Newcomer", account=here, role=Role.CLIENT,
        portal_roles=list(portal_roles), sites=sites, tags=list(tags),
    )  # fmt: skip
    if not portal_roles:  # the product names everybody an End User at least; older rows may name nobody anything
        Membership.objects.filter(pk=membership.pk).update(portal_roles=[])
        grants.compile_for(membership.user, here.organization)
    visitor = cast.visitor(at="harbor")
    visitor.force_login(membership.user)
    return Visit(f"a client {portal_roles} {tags}", visitor, "client", membership.user)
