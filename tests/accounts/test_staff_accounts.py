import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import industries
from accounts.actions import accounts as account_actions
from accounts.models import Account, AuditEntry, Site
from tests import cast

pytestmark = pytest.mark.django_db

FACTS = {
    "name": "Beacon Software",
    "industry": "513",
    "employees": "12",
    "website": "beacon.example",
    "time_zone": "UTC",
}


def names_in(response) -> list[str]:
    return [row.account.name for row in response.context["rows"]]


def test_the_list_holds_the_accounts_one_manages():
    response = cast.visitor("sam").get("/staff/accounts/")
    assert names_in(response) == ["Juniper Credit Union", "Northwind Dental"]
    row = response.context["rows"][1]
    assert (row.executive, row.sites, row.logins, row.industry) == (
        "Sam Okafor",
        3,
        7,
        "Ambulatory Health Care Services",
    )
    assert "New account" not in response.content.decode()
    assert "New account" in cast.visitor("ada").get("/staff/accounts/").content.decode()


def test_the_list_is_found_and_sorted_by_its_address():
    visitor = cast.visitor("ada")
    assert names_in(visitor.get("/staff/accounts/?q=co")) == ["Cobalt Logistics"]
    assert names_in(visitor.get("/staff/accounts/?sort=-name"))[0] == "Northwind Dental"
    assert "No account matches" in visitor.get("/staff/accounts/?q=zzz").content.decode()


def test_the_fragment_is_the_part_of_the_page():
    visitor = cast.visitor("ada")
    part = visitor.get("/staff/accounts/?q=north", headers={"HX-Request": "true"}).content.decode()
    assert part in visitor.get("/staff/accounts/?q=north").content.decode()


def test_the_number_of_queries_is_the_same_for_few_and_many():
    visitor, counts = cast.visitor("ada"), set()
    visitor.get("/staff/accounts/")  # content types are read once in a process
    for many in (1, 3, 40):
        with cast.inside():
            have = Account.objects.filter(name__startswith="Company").count()
            for number in range(have, many):
                account_actions.create(by=cast.system(), name=f"Company {number:02}", site_names=["One"])
        with CaptureQueriesContext(connection) as queries:
            visitor.get("/staff/accounts/?q=company")
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_an_admin_creates_an_account_with_its_sites():
    response = cast.visitor("ada").post("/staff/accounts/new/", FACTS | {"site_names": "Studio\n\n  Annex \n"})
    with cast.inside():
        account = Account.objects.get(name="Beacon Software")
        assert (account.industry, account.employees, account.website) == ("513", 12, "https://beacon.example")
        assert set(Site.objects.filter(account=account).values_list("name", flat=True)) == {"Studio", "Annex"}
    assert response.status_code == 303
    assert response["Location"] == reverse("staff:account_overview", args=[account.id])


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"name": ""}, "name", "Enter the account’s name"),
        ({"name": "Northwind Dental"}, "name", "Another account already has this name"),
        ({"industry": "999"}, "industry", "Select a valid choice"),
        ({"employees": "-4"}, "employees", "as a number from 1"),
        ({"employees": "many"}, "employees", "as a number from 1"),
        ({"website": "not a site"}, "website", "Enter a web address"),
        ({"website": "javascript:alert(1)"}, "website", "Enter a web address"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Select a valid choice"),
        ({"site_names": "Studio\nStudio"}, "site_names", "stands there twice"),
        ({"site_names": "x" * 121}, "site_names", "more than 120 characters"),
        ({"name": "a\x00b"}, "name", "Null characters"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_is_stored(wrong, field, words):
    sent = FACTS | {"name": "Brand New", "site_names": "Kept"} | wrong
    response = cast.visitor("ada").post("/staff/accounts/new/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in str(response.context["form"].errors[field])
    assert "There is a problem" in page
    assert "<title>Error: New account" in page
    with cast.inside():
        assert not Account.objects.filter(name="Brand New").exists()


def test_what_was_typed_is_kept():
    page = cast.visitor("ada").post("/staff/accounts/new/", FACTS | {"employees": "many"}).content.decode()
    assert 'value="Beacon Software"' in page
    assert re.search(r'<option value="513"\s+selected', page)


def test_htmx_gets_the_form_only():
    response = cast.visitor("ada").post("/staff/accounts/new/", {"name": ""}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert response.content.decode().lstrip().startswith('<form class="form" id="form"')


def test_every_sector_and_subsector_can_be_chosen():
    page = cast.visitor("ada").get("/staff/accounts/new/").content.decode()
    for code in [*industries.SECTORS, *industries.SUBSECTORS]:
        assert f'value="{code}"' in page


def test_the_executive_changes_the_facts_and_old_and_new_are_recorded():
    north = cast.account("Northwind")
    page = cast.visitor("sam").get(reverse("staff:account_edit", args=[north.id])).content.decode()
    assert re.search(r'<option value="6212"\s+selected', page), "a finer code in use stays chosen"
    sent = {"name": "Northwind Dental Group", "industry": "6212", "employees": "70", "time_zone": "Europe/Berlin"}
    assert cast.visitor("sam").post(reverse("staff:account_edit", args=[north.id]), sent).status_code == 303
    with cast.inside():
        account = Account.objects.get(pk=north.id)
        assert (account.name, account.employees, account.time_zone) == ("Northwind Dental Group", 70, "Europe/Berlin")
        entry = AuditEntry.objects.get(account=account, verb="account.changed")
        assert entry.details["changes"]["name"] == ["Northwind Dental", "Northwind Dental Group"]
        assert entry.actor == cast.person("sam")


def test_a_name_that_is_taken_leaves_the_account_as_it_is():
    north = cast.account("Northwind")
    response = cast.visitor("ada").post(
        reverse("staff:account_edit", args=[north.id]), {"name": "Cobalt Logistics", "time_zone": "UTC"}
    )
    assert response.status_code == 422
    assert "Edit Northwind Dental" in response.content.decode()


def test_a_site_is_added_in_the_dialog():
    north = cast.account("Northwind")
    address = reverse("staff:site_new", args=[north.id])
    opened = cast.visitor("sam").get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'id="dialog"' in opened
    assert "<html" not in opened
    twice = cast.visitor("sam").post(address, {"name": "Riverside"}, headers={"HX-Request": "true"})
    assert twice.status_code == 422
    assert "This account already has a site with that name" in twice.content.decode()
    done = cast.visitor("sam").post(address, {"name": "Lakeside", "city": "Erie"}, headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == reverse("staff:account_overview", args=[north.id])
    with cast.inside():
        assert Site.objects.get(account=north, name="Lakeside").city == "Erie"
