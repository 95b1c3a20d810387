"""The company's own pages in the portal: who sees what of the company, its sites and the colleagues."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import memberships
from accounts.models import Account, CustomField, Membership, Organization, Site
from accounts.roles import Can, PortalRole, Role
from tests import cast

pytestmark = pytest.mark.django_db

PAGES = ("company", "sites", "colleagues")


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as here:
        yield here


@pytest.fixture
def northwind() -> Account:
    return cast.account("Northwind")


def statuses(first_name: str, account: Account) -> dict[str, int]:
    visitor = cast.visitor(first_name)
    return {name: visitor.get(reverse(f"client:{name}", args=[account.id])).status_code for name in PAGES}


def read(first_name: str, name: str, *args, prefix: str = "") -> str:
    answer = cast.visitor(first_name).get(prefix + reverse(f"client:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def site(account: Account, name: str) -> Site:
    return Site.objects.get(account=account, name=name)


def test_a_company_admin_sees_all_three(northwind):
    assert statuses("priya", northwind) == dict.fromkeys(PAGES, 200)


def test_a_site_manager_sees_the_own_sites_only(northwind):
    assert statuses("marcus", northwind) == {"company": 404, "sites": 200, "colleagues": 404}
    page = read("marcus", "sites", northwind.id)
    assert "Riverside" in page and "Main Street" not in page and "Harbor View" not in page
    assert "Riverside" in read("marcus", "site", northwind.id, site(northwind, "Riverside").id)
    other = reverse("client:site", args=[northwind.id, site(northwind, "Main Street").id])
    assert cast.visitor("marcus").get(other).status_code == 404


@pytest.mark.parametrize("first_name", ["dora", "felix", "bea"])
def test_for_everybody_else_these_pages_do_not_exist(northwind, first_name):
    assert statuses(first_name, northwind) == dict.fromkeys(PAGES, 404)
    own = reverse("client:site", args=[northwind.id, site(northwind, "Riverside").id])
    assert cast.visitor(first_name).get(own).status_code == 404
    home = cast.visitor(first_name).get(reverse("client:home", args=[northwind.id])).content.decode()
    assert reverse("client:company", args=[northwind.id]) not in home
    assert reverse("client:sites", args=[northwind.id]) not in home


def test_people_of_another_company_meet_nothing(northwind):
    assert statuses("carla", northwind) == dict.fromkeys(PAGES, 404)
    depot = site(cast.account("Cobalt"), "Depot North")
    foreign = reverse("client:site", args=[northwind.id, depot.id])
    assert cast.visitor("priya").get(foreign).status_code == 404


def test_the_menu_leads_there(northwind):
    company, sites = (reverse(f"client:{name}", args=[northwind.id]) for name in ("company", "sites"))
    assert f'href="{company}"' in read("priya", "home", northwind.id)
    page = read("marcus", "home", northwind.id)
    assert f'href="{sites}"' in page and f'href="{company}"' not in page


def test_nothing_can_be_written(northwind):
    for name in PAGES:
        assert cast.visitor("priya").post(reverse(f"client:{name}", args=[northwind.id])).status_code == 405


def test_only_visible_fields_are_shown(northwind, harbor):
    for on, key, visible in (("account", "tier", True), ("account", "margin", False), ("site", "alarm", True),
                             ("site", "code", False)):  # fmt: skip
        CustomField.objects.create(
            organization=harbor, on=on, key=key, label=f"{key} <b>", type="text", is_visible_to_client=visible
        )
    Account.objects.filter(pk=northwind.pk).update(
        custom={"tier": "Gold <i>", "margin": "42 secret"}, note="internal words"
    )
    Site.objects.filter(account=northwind).update(custom={"alarm": "Bell", "code": "4711"})
    page = read("priya", "company", northwind.id)
    assert "Gold &lt;i&gt;" in page and "tier &lt;b&gt;" in page
    assert "secret" not in page and "margin" not in page and "internal words" not in page
    page = read("marcus", "site", northwind.id, site(northwind, "Riverside").id)
    assert "Bell" in page and "4711" not in page


def test_an_archived_field_is_shown_no_more(northwind, harbor):
    CustomField.objects.create(
        organization=harbor, on="account", key="tier", label="Tier", type="text", is_visible_to_client=True,
        archived_at=timezone.now(),
    )  # fmt: skip
    Account.objects.filter(pk=northwind.pk).update(custom={"tier": "Golden"})
    assert "Golden" not in read("priya", "company", northwind.id)


def test_colleagues_are_clients_with_what_they_may_do(northwind):
    page = read("priya", "colleagues", northwind.id)
    for words in ("Marcus Lee", "Site Manager", "Riverside", "Bea Lindqvist", "VIP", "Emergency"):
        assert words in page
    table = page[page.index('id="rows"') :]
    assert "Sam Okafor" not in table and "Dana Ruiz" not in table and "Carla Voss" not in table
    found = cast.visitor("priya").get(reverse("client:colleagues", args=[northwind.id]), {"q": "dora"})
    assert "Dora Osei" in found.content.decode() and "Bea Lindqvist" not in found.content.decode()


def test_a_change_is_asked_of_the_account_executive(northwind):
    page = read("priya", "company", northwind.id)
    assert "mailto:sam@harbor.example?subject=Change%20for%20Northwind%20Dental%3A%20company" in page
    assert "mailto:sam@harbor.example?subject=Change%20for%20Northwind%20Dental%3A%20people" in read(
        "priya", "colleagues", northwind.id
    )


def test_without_one_the_support_is_asked_and_without_both_nobody(northwind, harbor):
    Membership.objects.filter(account=northwind, role=Role.ACCOUNT_EXECUTIVE).delete()
    assert "mailto:support@harbor.example?subject=" in read("priya", "company", northwind.id)
    Organization.objects.filter(pk=harbor.pk).update(support_email="")
    page = read("priya", "company", northwind.id)
    assert "Ask for a change" not in page and "Harbor IT changes it for you" in page


def test_a_denial_of_one_ability_closes_the_page(northwind):
    membership = Membership.objects.get(account=northwind, user=cast.person("priya"))
    memberships.override(
        by=cast.viewer("sam", "Northwind"), membership=membership, ability=Can.VIEW_COLLEAGUES, effect="deny"
    )
    assert statuses("priya", northwind) == {"company": 200, "sites": 200, "colleagues": 404}
    assert "Marcus Lee" not in read("priya", "sites", northwind.id)


def test_a_site_manager_of_two_accounts_sees_each_in_its_own(northwind, harbor):
    cobalt = cast.account("Cobalt")
    memberships.add(
        by=cast.viewer("ada"), email="marcus@northwind.example", name="Marcus Lee", account=cobalt,
        portal_roles=[PortalRole.SITE_MANAGER], sites=[site(cobalt, "Depot South")],
    )  # fmt: skip
    here, there = read("marcus", "sites", northwind.id), read("marcus", "sites", cobalt.id)
    assert "Riverside" in here and "Depot" not in here
    assert "Depot South" in there and "Depot North" not in there and "Riverside" not in there


def test_they_take_as_many_queries_for_many(northwind, harbor):
    visitor, counts = cast.visitor("priya"), []
    url = reverse("client:sites", args=[northwind.id])
    visitor.get(url)
    for more in (1, 2, 37):
        Site.objects.bulk_create(
            Site(organization=harbor, account=northwind, name=f"Site {more} {n}") for n in range(more)
        )
        with CaptureQueriesContext(connections["default"]) as asked:
            assert visitor.get(url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2] <= 20, counts
