import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import accounts as account_actions
from accounts.actions import memberships
from accounts.models import CustomField, Membership
from accounts.roles import Role
from assessments.actions import assessments
from assessments.lists.overview import Filter, accounts_of, rows
from assessments.models import Assessment, Status
from library.actions import library_entries
from library.models import Definition
from tests import cast

pytestmark = pytest.mark.django_db

# Of a request before the view asks: tenant, session, user, organization, viewer.
BEFORE_THE_VIEW = 6


def names_in(response) -> list[str]:
    return [row.account.name for row in response.context["rows"]]


@pytest.fixture
def runs():
    """Northwind: one not started since long, one in progress, one to review; Cobalt: one not started, overdue."""
    with cast.inside():
        sam, lena = cast.viewer("sam", "Northwind"), cast.viewer("lena", "Cobalt")
        north, cobalt = cast.account("Northwind"), cast.account("Cobalt")
        waiting = started(sam, north, "vendor-risk")
        Assessment.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - datetime.timedelta(days=26))
        under_way = started(sam, north, "phishing-and-culture")
        Assessment.objects.filter(pk=under_way.pk).update(
            status=Status.IN_PROGRESS, answered_count=9, question_count=18
        )
        review = started(sam, north, "ransomware-readiness")
        Assessment.objects.filter(pk=review.pk).update(
            status=Status.RESULTS_REVIEW, submitted_at=timezone.now(), answered_count=24
        )
        late = started(lena, cobalt, "business-resilience")
        Assessment.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - datetime.timedelta(days=1))


def started(by, account, key: str) -> Assessment:
    definition = Definition.objects.get(key=key)
    library_entries.assign(by=by, account=account, definitions=[definition])
    return assessments.create(by=by, account=account, definition=definition)


def test_everybody_sees_the_accounts_they_manage():
    assert names_in(cast.visitor("ada").get("/staff/")) == [
        "Alder & Finch Legal", "Cobalt Logistics", "Juniper Credit Union", "Northwind Dental",
    ]  # fmt: skip
    assert names_in(cast.visitor("sam").get("/staff/")) == ["Juniper Credit Union", "Northwind Dental"]
    # An approver at Cobalt, an executive at Alder: the client's hat shows nothing here.
    assert names_in(cast.visitor("theo").get("/staff/")) == ["Alder & Finch Legal"]


def test_the_count_says_whose_accounts_they_are():
    assert "2 accounts assigned to you" in cast.visitor("sam").get("/staff/").content.decode()
    assert "assigned to you" not in cast.visitor("ada").get("/staff/").content.decode()


def test_a_row_says_how_the_account_stands(runs):
    row = next(
        row for row in cast.visitor("sam").get("/staff/").context["rows"] if row.account.name.startswith("North")
    )
    assert (row.not_started, row.in_progress, row.results_review, row.closed) == (1, 1, 1, 0)
    assert row.executive == "Sam Okafor"
    assert row.attention == ["1 result to review", "1 not started for over 25 days"]
    cobalt = next(row for row in cast.visitor("lena").get("/staff/").context["rows"])
    assert cobalt.attention == ["1 overdue", "No Emergency contact"]


def test_a_technician_sees_the_account_and_nothing_of_its_assessments(runs):
    (row,) = cast.visitor("dana").get("/staff/").context["rows"]
    assert (row.account.name, row.total, row.attention, row.is_followed) == ("Northwind Dental", 0, [], False)
    assert names_in(cast.visitor("dana").get("/staff/?status=not_started")) == []
    assert names_in(cast.visitor("dana").get("/staff/?view=attention")) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=not_started", ["Cobalt Logistics", "Northwind Dental"]),
        ("status=results_review", ["Northwind Dental"]),
        ("status=closed", []),
        ("q=credit", ["Juniper Credit Union"]),
        ("q=north+dental&status=in_progress", ["Northwind Dental"]),
        ("view=attention", ["Alder & Finch Legal", "Cobalt Logistics", "Northwind Dental"]),
        ("sort=-name", ["Northwind Dental", "Juniper Credit Union", "Cobalt Logistics", "Alder & Finch Legal"]),
        ("status=nonsense&view=nonsense&sort=nonsense&page=nonsense", None),
        ("q=%00", None),
    ],
)
def test_the_filter_stands_in_the_address(runs, query, expected):
    everything = ["Alder & Finch Legal", "Cobalt Logistics", "Juniper Credit Union", "Northwind Dental"]
    assert names_in(cast.visitor("ada").get(f"/staff/?{query}")) == (everything if expected is None else expected)


def test_nothing_found_says_so_and_leads_back(runs):
    page = cast.visitor("sam").get("/staff/?q=nothing").content.decode()
    assert "No account matches" in page
    assert "Show all accounts" in page


def test_the_fragment_is_the_part_of_the_page(runs):
    visitor = cast.visitor("sam")
    whole = visitor.get("/staff/?status=not_started").content.decode()
    part = visitor.get("/staff/?status=not_started", headers={"HX-Request": "true"})
    assert part.content.decode() in whole
    assert part.content.decode().startswith('<section class="card card-flush" id="rows"')
    assert "HX-Request" in part["Vary"]


def test_the_export_holds_the_filter_not_the_page(runs):
    with cast.inside():
        account_actions.create(by=cast.system(), name="=HYPERLINK(0)")
    response = cast.visitor("ada").get("/staff/overview.csv?view=attention")
    assert response["Content-Disposition"].startswith('attachment; filename="accounts_')
    table = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert table[0][0] == "Account"
    assert [line[0] for line in table[1:]] == [
        "'=HYPERLINK(0)", "Alder & Finch Legal", "Cobalt Logistics", "Northwind Dental",
    ]  # fmt: skip
    assert table[-1][9] == "1 result to review; 1 not started for over 25 days"


def test_the_export_of_an_executive_holds_only_their_accounts(runs):
    table = cast.visitor("sam").get("/staff/overview.csv").content.decode()
    assert "Northwind" in table
    assert "Cobalt" not in table


def test_the_number_of_queries_does_not_depend_on_the_number_of_accounts():
    counts = {}
    for many in (1, 3, 40):
        with cast.inside():
            fill(many)
        for who in ("ada", "sam"):
            visitor = cast.visitor(who)
            visitor.get("/staff/")  # what a process reads once is read
            with CaptureQueriesContext(connection) as queries:
                response = visitor.get("/staff/")
            counts[who, many] = len(asked(queries))
            assert len(response.context["rows"]) == min(25, many + {"ada": 4, "sam": 2}[who])
    assert len({count for (who, _), count in counts.items() if who == "ada"}) == 1, counts
    assert len({count for (who, _), count in counts.items() if who == "sam"}) == 1, counts
    assert max(counts.values()) - BEFORE_THE_VIEW <= 16, counts


def asked(queries) -> list[str]:
    """The statements that ask or change something: not savepoints, not the tenant's setting."""
    return [one["sql"] for one in queries if one["sql"].startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]


def fill(many: int) -> None:
    """This will make it so many accounts more than the cast's, all Sam's, each with a run."""
    system, definition = cast.system(), Definition.objects.get(key="vendor-risk")
    have = Membership.objects.filter(user=cast.person("sam"), role=Role.ACCOUNT_EXECUTIVE).count() - 2
    for number in range(have, many):
        account = account_actions.create(by=system, name=f"Company {number:03}", site_names=["One"])
        memberships.add(by=system, account=account, email=cast.EMAILS["sam"], name="", role=Role.ACCOUNT_EXECUTIVE)
        assessments.create(by=system, account=account, definition=definition)


def test_the_summary_counts_in_words(runs):
    with cast.inside():
        sam = cast.viewer("sam")
        north = next(row for row in rows(sam, list(accounts_of(sam, Filter()))) if row.account.name.startswith("North"))
        assert north.summary == "1 not started · 1 in progress · 1 results review"


def test_the_columns_of_the_overview_are_chosen_own_fields_among_them(runs):
    with cast.inside() as organization:
        CustomField.objects.create(
            organization=organization, on="account", key="tier", label="Tier", type="text", is_filterable=True
        )
        account_actions.update(by=cast.system(), account=cast.account("Northwind"), custom={"tier": "<Gold>"})
    ada = cast.visitor("ada")
    page = ada.get("/staff/?col=total&col=custom_tier&col=nonsense&q=north")
    content = page.content.decode()
    assert [head.label for head in page.context["heads"]] == ["Account", "Assessments", "Tier"]
    assert 'data-label="Assessments">3</td>' in content
    assert 'data-label="Tier">&lt;Gold&gt;</td>' in content
    saved = ada.post("/staff/views/overview/new/", {"name": "Tiers", "query": page.context["query"]}, follow=True)
    assert [head.label for head in saved.context["heads"]] == ["Account", "Assessments", "Tier"]
    file = ada.get("/staff/overview.csv?q=north&col=total&col=custom_tier&columns=shown").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(file))) == [
        ["Account", "Assessments", "Tier"],
        ["Northwind Dental", "3", "<Gold>"],
    ]
    everything = ada.get("/staff/overview.csv?q=north&col=total").content.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(everything)))[-2:] == ["Last activity", "Tier"]


def test_a_technician_reads_no_more_in_a_column_than_in_the_list(runs):
    (row,) = cast.visitor("dana").get("/staff/?col=total&col=activity&col=attention").context["lines"]
    assert "3</td>" not in row.cells
    assert "<time" not in row.cells
