"""A list of accounts is read first, done once, and for a while taken back."""

import csv
import datetime
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import account_imports, accounts
from accounts.models import Account, AccountImport, AuditEntry, CustomField, Membership, Site
from accounts.register import account_sheets
from accounts.register.account_sheets import Known, Row, Verdict
from tests import cast

pytestmark = pytest.mark.django_db

ADDRESS = "/staff/accounts/import/"
LIST = """Name;Industry;People;City;Country;Sites;Account Executive email
Beacon Software;513;12;Erie;US;Studio;
Northwind Dental;6212;70;;;;
Cobalt Logistics;484;210;;;;
Harbor Bakery;Food Manufacturing;many;Erie;US;;
"""


def read(text: str = LIST, who: str = "ada"):
    """This will paste a list and return the page that says what it would do."""
    return cast.visitor(who).post(ADDRESS, {"pasted": text}, follow=True)


def latest() -> AccountImport:
    return AccountImport.objects.order_by("-created_at", "-id")[0]


def at(step: str, proposed: AccountImport | None = None) -> str:
    with cast.inside():
        return reverse(f"staff:account_import_{step}", args=[(proposed or latest()).pk])


def imported(text: str = LIST):
    """This will import a list as Ada."""
    seen = read(text).context["plan"].token
    return cast.visitor("ada").post(at("doing"), {"seen": seen}, follow=True)


def verdicts(response) -> dict[str, str]:
    return {one.name: str(one.verdict) for one in response.context["plan"].judged}


# --- Reading -----------------------------------------------------------------------------------------------------------


def test_every_row_gets_a_verdict_and_nothing_is_changed():
    response = read()
    assert verdicts(response) == {
        "Beacon Software": "new", "Northwind Dental": "change", "Cobalt Logistics": "unchanged", "Harbor Bakery": "error",
    }  # fmt: skip
    page = response.content.decode()
    assert "Nothing is changed yet" in page
    assert re.search(r"<b>People</b>: <del>64</del> → <ins>70</ins>", page)
    assert re.search(r"<b>People</b> “many”: Enter how many people work there", page), "the reason stands at the cell"
    with cast.inside():
        assert not Account.objects.filter(name="Beacon Software").exists()
        assert Account.objects.get(name="Northwind Dental").employees == 64


def test_a_file_is_read_as_a_pasted_list_is():
    for data in (
        LIST.encode("utf-8-sig"),
        LIST.replace(";", ",").encode("utf-16"),
        LIST.replace(";", "\t").replace("\n", "\r\n").encode("cp1252"),
        ("sep=;\r\n" + LIST).encode(),
    ):
        response = cast.visitor("ada").post(ADDRESS, {"file": SimpleUploadedFile("list.csv", data)}, follow=True)
        assert verdicts(response)["Beacon Software"] == "new", data[:20]


HOSTILE = [
    (b"", "The file is empty"),
    (b"   \n\n", "The file is empty"),
    (b"Name\nA\x00B\n", "control character"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "Save the file as UTF-8"),
    (b"Colour;Shape\nred;round\n", "No column is headed"),
    (b'Name\n"Never closed\n', "never closed"),
    (b"PK\x03\x04 not a workbook", "ork"),
    (b"Name\n" + b"x\n" * 5_001, "more than 5,000 rows"),
    (b"Name\n" + b"y" * (2 * 1024 * 1024), "larger than 2 MB"),
]


@pytest.mark.parametrize(("data", "words"), HOSTILE)
def test_what_cannot_be_read_is_refused_with_the_reason(data, words):
    answer = cast.visitor("ada").post(ADDRESS, {"file": SimpleUploadedFile("list.csv", data)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with cast.inside():
        assert not AccountImport.objects.exists()


def test_twenty_six_megabytes_are_refused_before_they_are_taken_in():
    answer = cast.visitor("ada").post(ADDRESS, {"file": SimpleUploadedFile("list.csv", b"x" * 26 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "larger than 2 MB" in answer.content.decode()


def test_nothing_at_all_asks_for_a_list():
    answer = cast.visitor("ada").post(ADDRESS, {"pasted": "  "})
    assert answer.status_code == 422
    assert "Choose a file, or paste rows below" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('Name,Street\n"Ruby, Finch & Co","12 ""Old"" Road\nRear"\n', ["Ruby, Finch & Co"]),
        ("\n\nName\tCity\n\nOne\tErie\n\t\nTwo\tYork\n", ["One", "Two"]),
        ("Name|City\nOne|Erie\n", ["One"]),
        ("COMPANY ;  Zip\nOne;0123\n", ["One"]),
        ("Name,Name\nFirst,Second\n", ["First"]),
        ("Name\n", []),
    ],
)
def test_lists_as_they_are_found(text, names):
    assert [one.name for one in read(text).context["plan"].judged] == names


def test_dangerous_text_is_text():
    rows = ['=HYPERLINK("http://evil.example")', "@SUM(1+1)", "<script>alert(1)</script>", "' OR 1=1 --", "\u202eevil"]
    out = io.StringIO()
    csv.writer(out).writerows([["Name"], *([row] for row in rows)])
    page = read(out.getvalue()).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;" in page
    imported(out.getvalue())
    with cast.inside():
        assert Account.objects.filter(name='=HYPERLINK("http://evil.example")').exists()
    export = cast.visitor("ada").get("/staff/accounts.csv").content.decode("utf-8-sig")
    assert "\"'=HYPERLINK(" in export, "no spreadsheet runs it"


# --- Judging -----------------------------------------------------------------------------------------------------------


def judge(*cells: dict[str, str], **known) -> list:
    return account_sheets.judge([Row(number, row) for number, row in enumerate(cells, 2)], Known(**known)).judged


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("employees", "1,200", 1200),
        ("employees", "1.200", 1200),
        ("employees", "12.0", 12),
        ("employees", "0", None),
        ("employees", "-4", None),
        ("employees", "9" * 400, None),
        ("website", "beacon.example", "https://beacon.example"),
        ("website", "javascript:alert(1)", None),
        ("country", "germany", "DE"),
        ("country", "de", "DE"),
        ("country", "Atlantis", None),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("time_zone", "../../etc/passwd", None),
        ("industry", "6212", "6212"),
        ("industry", "Hospitals (622)", "622"),
        ("industry", "999", None),
        ("phone", "+49 30 1234", "+49 30 1234"),
        ("street", "x" * 201, None),
        ("note", "One\r\nTwo", "One\nTwo"),
        ("sites", "Main; Annex ;Main", ["Main", "Annex"]),
        ("sites", "x" * 121, None),
        ("executive", "nobody@example.com", None),
        ("name", "x" * 121, None),
    ],
)
def test_a_cell_is_read_or_says_why_not(column, cell, value):
    [one] = judge({"name": "Somebody", column: cell})
    if value is None:
        assert (one.verdict, len(one.mistakes)) == (Verdict.ERROR, 1)
        assert one.mistakes[0].why
    else:
        assert (one.verdict, one.values[column]) == (Verdict.NEW, value)


def test_two_rows_for_one_account_count_once():
    first, second = judge({"name": "Beacon Software"}, {"name": "  beacon  software "})
    assert (first.verdict, second.verdict) == (Verdict.NEW, Verdict.ERROR)
    assert second.mistakes[0].why == "The same account as in row 2."


def test_an_account_is_found_by_its_id_and_may_be_renamed():
    north, cobalt = cast.account("Northwind"), cast.account("Cobalt")
    page = read(f"Account ID,Name\n{north.pk},Northwind Dental Group\n{cobalt.pk},Juniper Credit Union\n{'0' * 32},X\n")
    renamed, taken, unknown = page.context["plan"].judged
    assert [(change.before, change.after) for change in renamed.changes] == [
        ("Northwind Dental", "Northwind Dental Group")
    ]
    assert taken.mistakes[0].why == "Another account already has this name."
    assert unknown.mistakes[0].why == "No account has this ID."


def test_custom_fields_are_columns_by_label_or_key():
    with cast.inside() as organization:
        for key, label, kind in (("tier", "Service tier", "choice"), ("since", "Client since", "date")):
            CustomField.objects.create(
                organization=organization, on="account", key=key, label=label, type=kind,
                choices=[{"key": "gold", "label": "Gold"}], is_required=key == "tier",
            )  # fmt: skip
    page = read("Name,Service tier,since\nBeacon,Gold,2024-02-01\nLighthouse,Tin,2024-02-01\nPier,,\n")
    good, bad, missing = page.context["plan"].judged
    assert dict(good.values) == {"name": "Beacon", "custom.tier": "gold", "custom.since": "2024-02-01"}
    assert [one.label for one in bad.mistakes] == ["Service tier"]
    assert missing.mistakes[0].why == "“Service tier” needs a value."
    imported("Name,Service tier,since\nBeacon,Gold,2024-02-01\n")
    with cast.inside():
        assert Account.objects.get(name="Beacon").custom == {"tier": "gold", "since": "2024-02-01"}


def test_an_export_read_again_changes_nothing():
    export = cast.visitor("ada").get("/staff/accounts.csv").content
    answer = cast.visitor("ada").post(ADDRESS, {"file": SimpleUploadedFile("accounts.csv", export)}, follow=True)
    assert set(verdicts(answer).values()) == {"unchanged"}


def test_the_number_of_queries_does_not_grow_with_the_rows():
    counts = set()
    for many in (1, 3, 40):
        read("Name,People\n" + "".join(f"Company {number},{number + 1}\n" for number in range(many)))
        with CaptureQueriesContext(connection) as queries:
            cast.visitor("ada").get(at("plan"))
        counts.add(len([one for one in queries if "set_config" not in one["sql"]]))
    assert len(counts) == 1, counts


# --- Doing -------------------------------------------------------------------------------------------------------------


def test_it_is_done_as_it_was_shown():
    page = imported(LIST.replace("Studio;", "Studio;sam@harbor.example")).content.decode()
    assert "2 accounts are imported." in page
    with cast.inside():
        beacon = Account.objects.get(name="Beacon Software")
        assert (beacon.employees, beacon.city, beacon.country, beacon.industry) == (12, "Erie", "US", "513")
        assert list(Site.objects.filter(account=beacon).values_list("name", flat=True)) == ["Studio"]
        assert Membership.objects.get(account=beacon).user == cast.person("sam")
        assert Account.objects.get(name="Northwind Dental").employees == 70
        assert not Account.objects.filter(name="Harbor Bakery").exists()
        changed = AuditEntry.objects.get(account__name="Northwind Dental", verb="account.changed")
        assert changed.details["changes"] == {"employees": ["64", "70"]}
        assert AuditEntry.objects.filter(account=beacon, verb="account.created").exists()
    assert cast.visitor("sam").get(beacon.get_absolute_url()).status_code == 200


def test_a_second_click_finds_it_done():
    seen = read().context["plan"].token
    ada = cast.visitor("ada")
    ada.post(at("doing"), {"seen": seen})
    again = ada.post(at("doing"), {"seen": seen}, follow=True)
    assert "This list is imported already" in again.content.decode()
    with cast.inside():
        assert Account.objects.filter(name="Beacon Software").count() == 1


def test_what_changed_meanwhile_is_shown_before_anything_is_done():
    seen = read().context["plan"].token
    with cast.inside():
        accounts.create(by=cast.system(), name="Beacon Software")
    answer = cast.visitor("ada").post(at("doing"), {"seen": seen})
    assert answer.status_code == 409
    assert "Something has changed since you opened this page" in answer.content.decode()
    with cast.inside():
        assert Account.objects.get(name="Northwind Dental").employees == 64
        assert latest().applied_at is None


def test_five_thousand_rows_are_imported_in_one_go():
    text = "Name,People,City\n" + "".join(f"Company {number},{number + 1},Erie\n" for number in range(5_000))
    with CaptureQueriesContext(connection) as queries:
        assert "5000 accounts are imported" in imported(text).content.decode().replace(",", "")
    assert len(queries) < 250, len(queries)


def test_a_list_can_be_discarded():
    read()
    assert "Nothing was changed" in cast.visitor("ada").post(at("discarding"), follow=True).content.decode()
    with cast.inside():
        assert not AccountImport.objects.exists()


# --- Taking back -------------------------------------------------------------------------------------------------------


def test_it_is_taken_back_whole():
    imported()
    page = cast.visitor("ada").post(at("undoing"), follow=True).content.decode()
    assert "Everything is as it was before" in page
    with cast.inside():
        assert Account.objects.get(name="Northwind Dental").employees == 64
        assert Account.objects.get(name="Beacon Software").deleted_at is not None
    assert "Beacon Software" in cast.visitor("ada").get("/staff/settings/deleted-accounts/").content.decode()
    again = cast.visitor("ada").post(at("undoing"), follow=True).content.decode()
    assert "taken back already" in again


def test_what_was_changed_since_stays_and_the_page_says_why():
    imported(LIST.replace(";70;;;", ";70;Erie;US;"))
    with cast.inside():
        accounts.update(by=cast.viewer("sam", "Northwind"), account=cast.account("Northwind"), employees=75)
        beacon = Account.objects.get(name="Beacon Software")
        accounts.add_site(by=cast.system(), account=beacon, name="Annex")
    page = cast.visitor("ada").post(at("undoing"), follow=True).content.decode()
    assert "People was changed since." in page
    assert "The account was worked on since: Annex, System." in page
    with cast.inside():
        north = Account.objects.get(name="Northwind Dental")
        assert (north.employees, north.city, north.country) == (75, "", "")
        assert Account.objects.get(name="Beacon Software").deleted_at is None


def test_after_thirty_days_it_stays_and_the_list_is_forgotten():
    imported()
    with cast.inside():
        long_ago = timezone.now() - datetime.timedelta(days=31)
        AccountImport.objects.update(applied_at=long_ago, created_at=long_ago)
        with pytest.raises(account_imports.NotToBeUndone):
            account_imports.undo(by=cast.viewer("ada"), proposed=latest())
        assert account_imports.forget_old(by=cast.system()) == 1
        assert not AccountImport.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("sam", 403), ("dana", 403), ("priya", 403), ("noor", 404), ("amara", 404)]
)
def test_only_an_admin_imports(who, status):
    read()
    assert cast.visitor(who, at="harbor").get(ADDRESS).status_code == status
    assert cast.visitor(who, at="harbor").post(at("doing"), {"seen": "x"}).status_code == status
