import csv
import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import grants
from accounts.actions import accounts as account_actions
from accounts.actions import memberships, saved_views
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


def test_a_new_account_has_its_account_executive_at_once():
    lena = cast.person("lena")
    cast.visitor("ada").post("/staff/accounts/new/", FACTS | {"executive": lena.pk})
    with cast.inside() as harbor:
        account = Account.objects.get(name="Beacon Software")
        (held,) = Membership.objects.filter(account=account)
        assert (held.user, held.role) == (lena, Role.ACCOUNT_EXECUTIVE)
        assert set(AuditEntry.objects.filter(account=account).values_list("verb", flat=True)) >= {
            "account.created", "membership.added",
        }  # fmt: skip
        assert grants.drift(harbor) == []
    assert cast.visitor("lena").get(reverse("staff:account_overview", args=[account.id])).status_code == 200


def test_whoever_creates_an_account_is_offered_as_its_executive_when_they_are_one():
    ada = cast.visitor("ada")
    assert ada.get("/staff/accounts/new/").context["form"]["executive"].initial is None
    with cast.inside():
        memberships.become_executive(by=cast.viewer("ada"), account=cast.account("Alder"))
    form = ada.get("/staff/accounts/new/").context["form"]
    assert form["executive"].initial == cast.person("ada")
    ada.post("/staff/accounts/new/", FACTS | {"executive": cast.person("ada").pk})
    with cast.inside():
        assert Membership.objects.get(account__name="Beacon Software").user == cast.person("ada")


@pytest.mark.parametrize("name", ["dana", "priya"])
def test_an_account_with_an_executive_who_cannot_be_one_is_not_created(name):
    refused = cast.visitor("ada").post("/staff/accounts/new/", FACTS | {"executive": cast.person(name).pk})
    assert refused.status_code == 422
    assert "Choose an Account Executive or an Admin" in str(refused.context["form"].errors["executive"])
    with cast.inside():
        with pytest.raises(ValidationError):
            account_actions.create(by=cast.viewer("ada"), name="Beacon Software", executive=cast.person(name))
        assert not Account.objects.filter(name="Beacon Software").exists()


@pytest.mark.parametrize(("name", "status"), [("sam", 403), ("dana", 403), ("priya", 403)])
def test_only_an_admin_creates_an_account(name, status):
    sent = FACTS | {"executive": cast.person("sam").pk}
    assert cast.visitor(name).post("/staff/accounts/new/", sent).status_code == status
    with cast.inside():
        assert not Account.objects.filter(name="Beacon Software").exists()


def test_what_few_know_at_first_is_asked_below_a_disclosure_which_opens_for_a_mistake():
    ada = cast.visitor("ada")
    closed = ada.get("/staff/accounts/new/").content.decode()
    assert '<details class="list-filters form-further">' in closed
    opened = ada.post("/staff/accounts/new/", FACTS | {"website": "not a site"}).content.decode()
    assert '<details class="list-filters form-further" open>' in opened


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


EXECUTIVE = "/staff/accounts/executive/"


def plan_of(visitor, ids, name: str, how: str = "add") -> str:
    """What the page says would be done, its words in one line."""
    page = visitor.post(EXECUTIVE, {"ids": ids, "executive": cast.person(name).pk, "how": how})
    assert page.status_code == 200
    said = page.content.decode().partition('id="plan"')[2]
    return " ".join(re.sub(r"<[^>]+>", " ", said).split())


def assign(visitor, ids, name: str, how: str = "add") -> str:
    sent = {"ids": ids, "executive": cast.person(name).pk, "how": how, "confirmed": "1"}
    return visitor.post(EXECUTIVE, sent, follow=True).content.decode()


def test_many_get_an_account_executive():
    ids = [str(cast.account(name).pk) for name in ("Northwind", "Cobalt")]
    ada = cast.visitor("ada")
    assert "Assign an Account Executive" in ada.post(EXECUTIVE, {"ids": ids}).content.decode()
    said = plan_of(ada, ids, "lena")
    assert "Adds Lena Brandt to 1 account, beside those assigned. Northwind Dental" in said
    assert "Lena Brandt looks after 1 of them already." in said
    assert cast.visitor("lena").get(reverse("staff:account_overview", args=[ids[0]])).status_code == 404, "only said"
    assert "1 account has Lena Brandt now." in assign(ada, ids, "lena"), "Cobalt is hers already"
    assert cast.visitor("lena").get(reverse("staff:account_overview", args=[ids[0]])).status_code == 200
    assert cast.visitor("sam").get(reverse("staff:account_overview", args=[ids[0]])).status_code == 200


def test_an_account_executive_replaces_those_assigned():
    ids = [str(cast.account(name).pk) for name in ("Northwind", "Juniper", "Cobalt")]
    ada = cast.visitor("ada")
    said = plan_of(ada, ids, "lena", "replace")
    assert "Adds Lena Brandt to 2 accounts." in said
    assert "Replaces Sam Okafor, who loses access to 2 accounts." in said
    assert "Change 2 accounts" in said
    assert "2 accounts have Lena Brandt now." in assign(ada, ids, "lena", "replace")
    assert cast.visitor("sam").get(reverse("staff:account_overview", args=[ids[0]])).status_code == 404


def test_who_holds_another_role_in_an_account_is_left_out_of_it_and_named():
    ids = [str(cast.account(name).pk) for name in ("Juniper", "Cobalt")]
    ada = cast.visitor("ada")
    said = plan_of(ada, ids, "theo", "replace")
    assert "Cobalt Logistics is left as it is: Theo Marsh is Client there." in said
    assert "Lena Brandt" not in said.partition("Change 1 account")[0], "nobody is replaced where nobody comes"
    assert "1 account has Theo Marsh now. 1 is left as it was." in assign(ada, ids, "theo", "replace")
    assert "Nothing would change." in plan_of(ada, ids, "theo", "replace")
    with cast.inside():
        assert Membership.objects.get(account=cast.account("Cobalt"), user=cast.person("theo")).role == Role.CLIENT


@pytest.mark.parametrize("name", ["dana", "priya"])
def test_only_who_may_be_an_account_executive_is_offered(name):
    ids = [str(cast.account("Juniper").pk)]
    ada = cast.visitor("ada")
    offered = ada.post(EXECUTIVE, {"ids": ids}).context["form"].fields["executive"].queryset
    with cast.inside():
        assert [str(user) for user in offered] == ["Ada Whitfield", "Lena Brandt", "Sam Okafor", "Theo Marsh"]
    for confirmed in ({}, {"confirmed": "1"}):
        refused = ada.post(EXECUTIVE, {"ids": ids, "executive": cast.person(name).pk, "how": "add"} | confirmed)
        assert refused.status_code == 422
        assert "Choose an Account Executive or an Admin." in refused.content.decode()
    with cast.inside(), pytest.raises(ValidationError, match="Choose an Account Executive or an Admin"):
        account_actions.assign_executive(
            by=cast.viewer("ada"), accounts=[cast.account("Juniper")], user=cast.person(name)
        )


def test_nobody_makes_themselves_an_account_executive_nor_ends_their_own_row():
    cobalt, ada = cast.account("Cobalt"), cast.visitor("ada")
    sent = {"ids": [str(cobalt.pk)], "executive": cast.person("ada").pk}
    for more in ({"how": "add"}, {"how": "replace"}, {"how": "replace", "confirmed": "1"}):
        refused = ada.post(EXECUTIVE, sent | more)
        assert refused.status_code == 422
        assert "Nobody changes their own access. Ask another Admin." in refused.content.decode()
    with cast.inside():
        assert not Membership.objects.filter(account=cobalt, user=cast.person("ada")).exists()
        memberships.become_executive(by=cast.viewer("ada"), account=cobalt)
        memberships.make_admin(by=cast.viewer("ada"), user=cast.person("lena"))
    assert "You stay assigned to 1 account" in plan_of(ada, [str(cobalt.pk)], "sam", "replace")
    assign(ada, [str(cobalt.pk)], "sam", "replace")
    with cast.inside():
        leading = Membership.objects.filter(account=cobalt, role=Role.ACCOUNT_EXECUTIVE)
        assert {one.user for one in leading} == {cast.person("ada"), cast.person("sam")}


def test_who_imports_accounts_may_lead_them_and_no_others():
    with cast.inside():
        ada = cast.viewer("ada")
        new = account_actions.create(by=ada, name="Brand New", time_zone="UTC")
        done = account_actions.assign_executive(by=ada, accounts=[new], user=ada.user, founding=True)
        assert done.added == [new]
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


# --- Columns -------------------------------------------------------------------------------------------------------------


def headings_in(page: str) -> list[str]:
    head = page.partition("<thead>")[2].partition("</thead>")[0]
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<th scope=\"col\".*?</th>", head)]


STANDARD = [
    "Account", "Industry", "Account Executive", "Sites", "People", "Status", "Created", "Last activity",
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", STANDARD),
        ("col=nonsense&col=custom_gone", STANDARD),
        ("col=city&col=executive&col=nonsense", ["Account", "Account Executive", "City"]),
        ("col=name", ["Account"]),
        ("col=%00", STANDARD),
    ],
)
def test_the_columns_stand_in_the_address(query, expected):
    page = cast.visitor("ada").get(f"/staff/accounts/?{query}").content.decode()
    assert headings_in(page) == expected


def with_tier() -> None:
    with cast.inside() as organization:
        for key, is_filterable in (("tier", True), ("secret", False)):
            CustomField.objects.create(
                organization=organization, on="account", key=key, label=key.title(), type="choice",
                is_filterable=is_filterable, choices=[{"key": "gold", "label": "Gold <b>"}],
            )  # fmt: skip
        cobalt = cast.account("Cobalt")
        account_actions.update(by=cast.system(), account=cobalt, custom={"tier": "gold"}, city="<i>Erie</i>")


def test_own_filterable_fields_are_columns_too():
    with_tier()
    page = cast.visitor("ada").get("/staff/accounts/?col=custom_tier&col=custom_secret&col=city").content.decode()
    assert headings_in(page) == ["Account", "City", "Tier"]
    assert 'data-label="Tier">Gold &lt;b&gt;</td>' in page
    assert "&lt;i&gt;Erie&lt;/i&gt;" in page
    assert "<i>Erie" not in page
    assert 'value="custom_secret"' not in page


def test_filter_order_pages_and_saved_views_keep_the_columns():
    ada = cast.visitor("ada")
    page = ada.get("/staff/accounts/?col=city&col=name&industry=62&sort=-name")
    content = page.content.decode()
    filter_form = content.partition('class="list-form"')[2].partition("</form>")[0]
    assert re.findall(r'name="col" value="(\w+)"', filter_form) == ["name", "city"]
    choice = content.partition('id="column-choice"')[2].partition("</form>")[0]
    assert re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', choice) == [
        ("industry", "62"), ("sort", "-name"), ("col", "name"),
    ]  # fmt: skip
    assert re.findall(r'value="(\w+)" checked', choice) == ["city"]
    assert page.context["heads"][0].sorting.url == "?col=city&col=name&industry=62&sort=name"
    assert page.context["chips"][0].url == "?col=city&col=name&sort=-name"
    saved = ada.post("/staff/views/accounts/new/", {"name": "Cities", "query": page.context["query"]}, follow=True)
    assert headings_in(saved.content.decode()) == ["Account", "City"]
    assert names_in(saved) == ["Northwind Dental"]


def test_a_view_too_long_to_be_kept_loses_columns_not_filters():
    many = "&".join(f"col=custom_field_{number:03}" for number in range(100))
    kept = saved_views.kept(f"{many}&q=north&industry=62")
    assert len(kept) <= saved_views.LONGEST
    assert kept.startswith("industry=62&q=north&col=custom_field_000&")
    assert names_in(cast.visitor("ada").get(f"/staff/accounts/?{'a&' * 150}industry=62")) == ["Northwind Dental"]


def test_the_standard_columns_leave_nothing_in_the_forms():
    page = cast.visitor("ada").get("/staff/accounts/").content.decode()
    assert 'name="col"' not in page.partition('class="list-form"')[2].partition("</form>")[0]
    assert "Standard columns" not in page
    assert "Standard columns" in cast.visitor("ada").get("/staff/accounts/?col=city").content.decode()


def test_the_file_has_the_columns_shown_or_all_of_them():
    with_tier()
    ada = cast.visitor("ada")
    page = ada.get("/staff/accounts/?col=city&col=custom_tier&q=cobalt").content.decode()
    shown, everything = re.findall(r'href="(/staff/accounts\.csv[^"]*)" download', page)

    def table(address: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(ada.get(address.replace("&amp;", "&")).content.decode("utf-8-sig"))))

    assert table(shown) == [["Name", "City", "Tier"], ["Cobalt Logistics", "<i>Erie</i>", "Gold <b>"]]
    head, row = table(everything)
    assert {"Account ID", "Note", "Account Executive email", "Tier", "Secret"} <= set(head)
    assert len(head) == len(row)
    standard = table("/staff/accounts.csv?columns=shown")[0]
    assert standard[:3] == ["Name", "Industry", "Industry name"]
    assert "Note" not in standard


def test_a_choice_of_columns_costs_no_query_for_each_row_or_column():
    with_tier()
    visitor = cast.visitor("ada")
    with cast.inside():
        for number in range(30):
            account_actions.create(by=cast.system(), name=f"Company {number:02}")
    counts = set()
    for query in ("q=cobalt", "", "col=name", "col=custom_tier&col=city&col=status&col=activity&col=sites"):
        visitor.get(f"/staff/accounts/?{query}")
        with CaptureQueriesContext(connection) as queries:
            visitor.get(f"/staff/accounts/?{query}")
        counts.add(len(queries))
    assert len(counts) == 1, counts


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
    refused = cast.visitor("sam").post(removal)
    assert refused.status_code == 409 and "cannot be removed yet" in refused.content.decode()
    assert "Marcus Lee oversees this site only" in refused.content.decode()
    with cast.inside():
        assert Site.objects.filter(pk=site.pk).exists()
