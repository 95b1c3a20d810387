import csv
import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import accounts as account_actions
from accounts.actions import memberships
from accounts.industry import industries
from accounts.models import Account, AuditEntry, Contact, CustomField, Membership, Site
from accounts.roles import Role
from tests import cast
from tests.assessments import stage

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
        5,
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
    assert without_tokens(part) in without_tokens(visitor.get("/staff/accounts/?q=north").content.decode())


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


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


# --- Filters, views, many at once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("industry=62", ["Northwind Dental"]),
        ("industry=48-49", ["Cobalt Logistics"]),
        ("industry=none", []),
        ("missing=company_admin", ["Alder & Finch Legal"]),
        ("missing=emergency", ["Alder & Finch Legal", "Cobalt Logistics"]),
        ("missing=executive", []),
        ("view=attention", ["Alder & Finch Legal", "Cobalt Logistics"]),
        ("view=mine", []),
        ("view=archived", []),
        ("executive=none", []),
        ("industry=nonsense&missing=nonsense&executive=nonsense&view=nonsense&sort=nonsense", None),
        ("q=%00&page=-1", None),
    ],
)
def test_the_filter_stands_in_the_address(query, expected):
    everything = ["Alder & Finch Legal", "Cobalt Logistics", "Juniper Credit Union", "Northwind Dental"]
    found = names_in(cast.visitor("ada").get(f"/staff/accounts/?{query}"))
    assert found == (everything if expected is None else expected)


def test_a_filter_is_a_chip_that_takes_itself_back():
    sam = cast.person("sam")
    page = cast.visitor("ada").get(f"/staff/accounts/?industry=62&executive={sam.pk}")
    assert names_in(page) == ["Northwind Dental"]
    shown = [(chip.label, chip.value, chip.url) for chip in page.context["chips"]]
    assert shown == [
        ("Industry", "Health Care and Social Assistance", f"?executive={sam.pk}"),
        ("Account Executive", "Sam Okafor", "?industry=62"),
    ]


def test_own_fields_are_found_filtered_and_exported():
    with cast.inside() as organization:
        CustomField.objects.create(
            organization=organization, on="account", key="tier", label="Tier", type="choice", is_searchable=True,
            is_filterable=True, choices=[{"key": "gold", "label": "Gold"}],
        )  # fmt: skip
        account_actions.update(by=cast.system(), account=cast.account("Cobalt"), custom={"tier": "gold"})
    ada = cast.visitor("ada")
    assert names_in(ada.get("/staff/accounts/?custom_tier=gold")) == ["Cobalt Logistics"]
    assert names_in(ada.get("/staff/accounts/?q=gold")) == ["Cobalt Logistics"]
    table = list(csv.DictReader(io.StringIO(ada.get("/staff/accounts.csv?q=cobalt").content.decode("utf-8-sig"))))
    assert [(row["Name"], row["Tier"], row["Account Executive"]) for row in table] == [
        ("Cobalt Logistics", "Gold", "Lena Brandt")
    ]


def test_a_view_is_saved_under_a_name_and_forgotten():
    ada = cast.visitor("ada")
    answer = ada.post("/staff/views/accounts/new/", {"name": "Health care", "query": "industry=62&page=3"}, follow=True)
    assert "Health care" in answer.content.decode()
    assert names_in(answer) == ["Northwind Dental"]
    assert "Health care" not in cast.visitor("sam").get("/staff/accounts/").content.decode()


def test_the_ticked_accounts_are_exported():
    north = cast.account("Northwind")
    sam = cast.visitor("sam")
    table = sam.post("/staff/accounts.csv", {"ids": [str(north.pk), str(cast.account("Cobalt").pk)]}).content.decode()
    assert "Northwind Dental" in table
    assert "Cobalt" not in table, "not Sam's"
    assert "Juniper" not in table
    assert "Juniper" in sam.post("/staff/accounts.csv", {"all": "1", "query": "q=juniper"}).content.decode()


def test_many_get_an_account_executive():
    ids = [str(cast.account(name).pk) for name in ("Northwind", "Cobalt")]
    lena, ada = cast.person("lena"), cast.visitor("ada")
    page = ada.post("/staff/accounts/executive/", {"ids": ids, "executive": lena.pk}, follow=True).content.decode()
    assert "1 account has Lena Brandt now." in page, "Cobalt is hers already"
    assert cast.visitor("lena").get(reverse("staff:account_overview", args=[ids[0]])).status_code == 200
    assert cast.visitor("sam").get(reverse("staff:account_overview", args=[ids[0]])).status_code == 200
    ada.post("/staff/accounts/executive/", {"ids": ids, "executive": lena.pk, "replaces": "1"})
    assert cast.visitor("sam").get(reverse("staff:account_overview", args=[ids[0]])).status_code == 404
    refused = ada.post("/staff/accounts/executive/", {"ids": ids, "executive": cast.person("priya").pk}, follow=True)
    assert "Choose who looks after them. Nothing was changed." in refused.content.decode()


def test_nobody_makes_themselves_an_account_executive_nor_ends_their_own_row():
    cobalt, ada = cast.account("Cobalt"), cast.visitor("ada")
    sent = {"ids": [str(cobalt.pk)], "executive": cast.person("ada").pk}
    for more in ({}, {"replaces": "1"}):
        refused = ada.post("/staff/accounts/executive/", sent | more, follow=True).content.decode()
        assert "Nobody changes their own access. Ask another Admin. Nothing was changed." in refused
    with cast.inside():
        assert not Membership.objects.filter(account=cobalt, user=cast.person("ada")).exists()
        memberships.become_executive(by=cast.viewer("ada"), account=cobalt)
        memberships.make_admin(by=cast.viewer("ada"), user=cast.person("lena"))
    theirs = {"ids": [str(cobalt.pk)], "executive": cast.person("sam").pk, "replaces": "1"}
    ada.post("/staff/accounts/executive/", theirs)
    with cast.inside():
        leading = Membership.objects.filter(account=cobalt, role=Role.ACCOUNT_EXECUTIVE)
        assert {one.user for one in leading} == {cast.person("ada"), cast.person("sam")}


def test_who_imports_accounts_may_lead_them_and_no_others():
    with cast.inside():
        ada = cast.viewer("ada")
        new = account_actions.create(by=ada, name="Brand New", time_zone="UTC")
        assert account_actions.assign_executive(by=ada, accounts=[new], user=ada.user, founding=True) == 1
        with pytest.raises(ValidationError):
            account_actions.assign_executive(by=ada, accounts=[cast.account("Cobalt")], user=ada.user, founding=True)


def test_many_are_archived_with_one_undo():
    ids = [str(cast.account(name).pk) for name in ("Northwind", "Cobalt")]
    ada = cast.visitor("ada")
    page = ada.post("/staff/accounts/archive/", {"ids": ids, "query": "industry=62"}, follow=True).content.decode()
    assert "2 accounts are archived." in page
    undo = re.search(r'action="(/staff/accounts/archive/[^"]+/removal/)"', page)
    assert undo
    assert names_in(ada.get("/staff/accounts/?view=archived")) == ["Cobalt Logistics", "Northwind Dental"]
    assert "2 accounts are current again." in ada.post(undo[1], follow=True).content.decode()
    assert names_in(ada.get("/staff/accounts/?view=archived")) == []


def test_many_get_a_definition_in_their_library():
    ids = [str(cast.account(name).pk) for name in ("Northwind", "Cobalt")]
    sam = cast.visitor("sam")
    asked = sam.post("/staff/accounts/library/", {"ids": ids})
    assert [account.name for account in asked.context["picked"]] == ["Northwind Dental"]
    with cast.inside():
        definition = stage.publish(account="Juniper")
    done = sam.post("/staff/accounts/library/", {"ids": ids, "definition": definition.pk}, follow=True)
    assert "is in the Library of 1 more account." in done.content.decode()


# --- Changing, sites -----------------------------------------------------------------------------------------------------


def test_what_somebody_else_changed_meanwhile_is_not_overwritten():
    north = cast.account("Northwind")
    address = reverse("staff:account_edit", args=[north.id])
    seen = cast.visitor("sam").get(address).context["seen"]
    with cast.inside():
        account_actions.update(by=cast.viewer("ada"), account=north, employees=70)
    sent = {"name": "Northwind Dental", "employees": "65", "time_zone": "UTC", "seen": seen}
    answer = cast.visitor("sam").post(address, sent)
    assert answer.status_code == 409
    assert 'value="65"' in answer.content.decode(), "what was typed is kept"
    again = cast.visitor("sam").post(address, sent | {"seen": answer.context["seen"]})
    assert again.status_code == 303


def test_a_site_is_changed_and_removed():
    north = cast.account("Northwind")
    with cast.inside():
        site = cast.site("Main Street")
        contact = Contact.objects.create(organization=north.organization, account=north, name="Ann", site=site)
    edit = reverse("staff:site_edit", args=[north.id, site.id])
    cast.visitor("sam").post(edit, {"name": "Main Street 2", "city": "Erie", "country": "US"})
    removal = reverse("staff:site_removal", args=[north.id, site.id])
    assert "1 contact stays" in cast.visitor("sam").get(removal).content.decode()
    cast.visitor("sam").post(removal)
    with cast.inside():
        assert not Site.objects.filter(pk=site.pk).exists()
        contact.refresh_from_db()
        assert contact.site_id is None
        verbs = AuditEntry.objects.filter(object_id=site.pk).values_list("verb", flat=True)
        assert {"site.changed", "site.removed"} <= set(verbs)


def test_a_site_that_is_all_a_site_manager_has_stays():
    north = cast.account("Northwind")
    with cast.inside():
        site = cast.site("Riverside")
    removal = reverse("staff:site_removal", args=[north.id, site.id])
    assert "cannot be removed yet" in cast.visitor("sam").get(removal).content.decode()
    refused = cast.visitor("sam").post(removal)
    assert refused.status_code == 409
    assert "Marcus Lee oversees this site only" in refused.content.decode()
    with cast.inside():
        assert Site.objects.filter(pk=site.pk).exists()
