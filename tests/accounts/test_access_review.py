"""Who can see the account: everybody the grants let in, and what each reader of the list may know of them."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import access_reviews, memberships, people, previews
from accounts.membership import access_review
from accounts.models import AuditEntry, Membership
from accounts.roles import Can
from accounts.viewer import viewer_of_account
from assessments.actions import assessments, links
from library.models import Definition
from tests import cast

pytestmark = pytest.mark.django_db


def at_staff(name: str = "access_review", account: str = "Northwind") -> str:
    return reverse(f"staff:{name}", args=[cast.account(account).id])


def at_client(name: str = "access_review", account: str = "Northwind") -> str:
    return reverse(f"client:{name}", args=[cast.account(account).id])


def sheet(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("account", ["Northwind", "Cobalt", "Juniper", "Alder"])
def test_it_names_exactly_those_whom_the_portal_lets_in(account):
    with cast.inside() as harbor:
        here = cast.account(account)
        inside = {
            name for name, home in cast.HOME.items()
            if home == "harbor" and viewer_of_account(cast.person(name), harbor, here.id) is not None
        }  # fmt: skip
        listed = {line.name for line in access_review.people(cast.viewer("ada", account))}
        assert listed == {cast.person(name).name for name in inside}


def test_staff_read_what_lets_each_in_and_where_that_is_stored():
    rows = {row["Name"]: row for row in sheet(cast.visitor("sam").get(at_staff("access_review_csv")))}
    with cast.inside():
        dora = Membership.objects.get(user=cast.person("dora"))
    assert rows["Dora Osei"]["Why"] == "The role Client (End User) in Northwind Dental lets them in."
    assert rows["Dora Osei"]["Stored row"].startswith(f"membership {dora.pk}, since ")
    assert rows["Ada Whitfield"]["Why"] == "The role Admin in Harbor IT lets them in."
    assert rows["Ada Whitfield"]["May"] == "everything staff may"
    assert rows["Ada Whitfield"]["Role"] == "Admin"
    assert "answer assessments" in rows["Dora Osei"]["May"]
    assert rows["Marcus Lee"]["Sites"] == "Riverside"


def test_a_company_admin_reads_the_providers_people_and_nothing_internal():
    response = cast.visitor("priya").get(at_client("access_review_csv"))
    rows = {row["Name"]: row for row in sheet(response)}
    assert {"Ada Whitfield", "Sam Okafor", "Dana Ruiz", "Dora Osei"} <= set(rows)
    assert "Stored row" not in rows["Dora Osei"]
    assert rows["Ada Whitfield"]["Why"] == "The role Admin in Harbor IT lets them in."
    assert rows["Dora Osei"]["Why"] == "The role Client (End User) in Northwind Dental lets them in."
    page = cast.visitor("priya").get(at_client()).content.decode()
    with cast.inside():
        dora = Membership.objects.get(user=cast.person("dora"))
    for text in (page, response.content.decode()):
        assert "ada@harbor.example" not in text
        assert "dana@harbor.example" not in text
        assert str(dora.pk) not in text
    assert "dora@northwind.example" in page


@pytest.mark.parametrize("who", ["marcus", "dora", "felix", "bea", "carla", "noor"])
def test_for_everybody_else_there_is_no_such_page(who):
    for name in ("access_review", "access_review_csv"):
        assert cast.visitor(who).get(at_client(name)).status_code == 404
        assert cast.visitor(who).get(at_staff(name)).status_code == 404


def test_links_and_previews_stand_below():
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        run = assessments.create(
            by=sam,
            account=cast.account("Northwind"),
            definition=Definition.objects.get(key="vendor-risk"),
            another=True,
        )
        link, _token = links.share(by=sam, run=run)
        previews.start(by=sam, viewpoint="billing", reason="Internal: complained again")
    for visitor, page in ((cast.visitor("sam"), at_staff()), (cast.visitor("priya"), at_client())):
        text = visitor.get(page).content.decode()
        assert "whoever has the link" in text
        assert "as Billing" in text
        assert "complained again" not in text
    with cast.inside():
        links.revoke(by=cast.viewer("sam", "Northwind"), link=link)
    assert "whoever has the link" not in cast.visitor("sam").get(at_staff()).content.decode()


def test_a_deactivated_person_is_off_the_list_and_an_override_shows():
    with cast.inside():
        people.deactivate(by=cast.viewer("ada"), user=cast.person("felix"))
        dora = Membership.objects.get(user=cast.person("dora"))
        memberships.override(
            by=cast.viewer("sam", "Northwind"), membership=dora, ability=Can.VIEW_RESULTS, effect="deny"
        )
        lines = {line.name: line for line in access_review.people(cast.viewer("sam", "Northwind"))}
        assert "Felix Grant" not in lines
        assert str(Can.VIEW_RESULTS.label) not in lines["Dora Osei"].may
        assert lines["Dora Osei"].why.endswith("Denied by Sam Okafor: see released results.")
        read_by_client = {line.name: line for line in access_review.people(cast.viewer("priya", "Northwind"))}
        assert read_by_client["Dora Osei"].why.endswith("lets them in. Denied: see released results.")


def test_a_link_says_who_made_it_and_until_when_it_works():
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        definition = Definition.objects.get(key="vendor-risk")
        run = assessments.create(by=sam, account=cast.account("Northwind"), definition=definition, another=True)
        link, _token = links.share(by=sam, run=run)
    for reader, page in (("sam", at_staff("access_review_csv")), ("priya", at_client("access_review_csv"))):
        row = next(row for row in sheet(cast.visitor(reader).get(page)) if row["Role"] == "Link")
        assert row["Why"].startswith("Sam Okafor made this link. It works until ")
        assert row["Until"][:10] == link.expires_at.date().isoformat()
        assert row["Since"] == ""


class TestConfirming:
    def test_staff_and_the_company_admin_do(self):
        for who, page in (
            ("sam", at_staff("access_review_confirmation")),
            ("priya", at_client("access_review_confirmation")),
        ):
            assert cast.visitor(who).post(page).status_code == 303
        with cast.inside():
            entries = list(AuditEntry.objects.filter(verb="access.reviewed").order_by("created_at"))
            assert [entry.actor_name for entry in entries] == ["Sam Okafor", "Priya Nair"]
            assert entries[0].details["people"] == entries[1].details["people"] == 8
        assert "Last reviewed by Priya Nair" in cast.visitor("sam").get(at_staff()).content.decode()

    @pytest.mark.parametrize("who", ["dana", "dora", "marcus"])
    def test_nobody_else(self, who):
        with cast.inside(), pytest.raises(PermissionDenied):
            access_reviews.confirm(by=cast.viewer(who, "Northwind"))


def test_the_number_of_queries_is_the_same_for_few_and_many():
    counts = set()
    visitor, page = cast.visitor("ada"), at_staff(account="Alder")
    visitor.get(page)
    for many in (1, 3, 40):
        with cast.inside():
            alder = cast.account("Alder")
            have = Membership.objects.filter(account=alder, role="client").count()
            for number in range(have, many):
                memberships.add(by=cast.system(), account=alder, email=f"p{number}@alder.example", name=f"P {number}")
        with CaptureQueriesContext(connection) as queries:
            visitor.get(page)
        counts.add(len(queries))
    assert len(counts) == 1, counts
