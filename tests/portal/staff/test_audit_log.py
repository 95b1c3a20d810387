"""Settings → Audit log, and an account's Activity: filters in the address, pages that begin at a row, files of any length."""

import csv
import io
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from accounts import audit, dashboards
from accounts.actions import accounts as account_actions
from accounts.actions.dashboards import arrange
from accounts.models import AuditEntry
from accounts.trail import audit_trail
from accounts.trail.audit_trail import Filter
from portal.staff import activity, audit_log
from tests import cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def log(who: str = "ada", **query: str) -> str:
    return cast.visitor(who).get(reverse("staff:audit_log"), query).content.decode()


def rows(**query: str) -> list[str]:
    """This will return the sentences the log shows."""
    response = cast.visitor("ada").get(reverse("staff:audit_log"), query)
    return [line.sentence for line in response.context["lines"]]


def happened(times: int, verb: str = "site.added", account: str = "Northwind") -> None:
    with cast.inside():
        for number in range(times):
            audit.record(cast.viewer("sam", account), verb, cast.account(account), number=number)


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 200), ("sam", 404), ("dana", 404), ("priya", 404), ("theo", 404), ("noor", 404)]
)
def test_it_exists_for_admins_alone(who, status):
    with cast.inside():
        entry = AuditEntry.objects.first().pk
    for name, more in (("audit_log", []), ("audit_log_csv", []), ("audit_entry", [entry])):
        assert cast.visitor(who, at="harbor").get(reverse(f"staff:{name}", args=more)).status_code == status


def test_an_edit_shows_old_and_new_and_from_where():
    with cast.inside():
        account_actions.update(by=cast.viewer("ada"), account=cast.account("Northwind"), phone="+1 555 0100")
    page = log()
    assert "Ada Whitfield" in page
    assert "<ins>+1 555 0100</ins>" in page


def test_filters_by_person_account_group_thing_and_days():
    happened(1, "site.added")
    with cast.inside():
        audit.record(cast.viewer("lena", "Cobalt"), "library.assigned", cast.account("Cobalt"))
        sam, cobalt = cast.person("sam").pk, cast.account("Cobalt").pk
    assert len(rows(person=str(sam))) == 1
    shown = cast.visitor("ada").get(reverse("staff:audit_log"), {"account": str(cobalt)}).context["lines"]
    assert shown
    assert {line.account for line in shown} == {"Cobalt Logistics"}
    assert rows(what="library", account=str(cobalt), person=str(cast.person("lena").pk)) == [
        "put Cobalt Logistics into the Library"
    ]
    assert len(rows(thing=str(cobalt), what="library")) == 1
    assert rows(to="2001-01-01") == []
    assert rows(**{"from": "2999-01-01"}) == []
    assert rows(q="nobody-of-that-name") == []
    assert "put Cobalt Logistics into the Library" in rows(q="lena")
    assert "put Cobalt Logistics into the Library" not in rows(q="sam")


@pytest.mark.parametrize(
    "query",
    [{"person": "x"}, {"from": "2026-13-40"}, {"what": "x"}, {"older": "x"}, {"q": "\x00"}, {"to": "9999-12-31"}],
)
def test_what_an_address_cannot_mean_is_left_out(query):
    assert cast.visitor("ada").get(reverse("staff:audit_log"), query).status_code == 200


def test_pages_go_on_from_a_row_and_back_without_a_gap(monkeypatch):
    happened(7)
    with cast.inside():
        chosen = audit_trail.Filter(person=cast.person("sam").pk)
        every = audit_log.entries(cast.viewer("ada"), chosen)
        inorder = [row.pk for row in every.order_by("-created_at", "-id")]
        first = audit_trail.page_of(every, {}, size=3)
        second = audit_trail.page_of(every, {"older": str(first.older)}, size=3)
        third = audit_trail.page_of(every, {"older": str(second.older)}, size=3)
        back = audit_trail.page_of(every, {"newer": str(third.newer)}, size=3)
    assert [row.pk for page in (first, second, third) for row in page] == inorder
    assert (first.newer, third.older) == (None, None)
    assert [row.pk for row in back] == [row.pk for row in second]


def test_the_number_of_queries_does_not_depend_on_how_many_rows_there_are():
    happened(1)
    visitor, address = cast.visitor("ada"), reverse("staff:audit_log")
    visitor.get(address)
    with CaptureQueriesContext(connection) as few:
        visitor.get(address, {"person": str(cast.person("sam").pk)})
    happened(40)
    with CaptureQueriesContext(connection) as many:
        visitor.get(address, {"person": str(cast.person("sam").pk)})
    assert len(few) == len(many)


def test_the_file_holds_the_filter_and_no_formula(monkeypatch):
    monkeypatch.setattr(audit_log, "BATCH", 4)
    happened(9)
    with cast.inside():
        changes = {"name": ["=1+1", "@evil"]}
        audit.record(cast.viewer("sam", "Northwind"), "account.changed", cast.account("Northwind"), changes=changes)
    response = cast.visitor("ada").get(reverse("staff:audit_log_csv"), {"person": str(cast.person("sam").pk)})
    assert response.streaming
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    assert len(table) == 1 + 10
    assert table[1][1] == "Sam Okafor"
    assert "name: =1+1 → @evil" in table[1][8]
    assert not any(cell.startswith(("=", "@", "+")) for line in table for cell in line)


def test_times_are_those_of_the_reader_s_clock_to_the_second_and_iso_in_the_file():
    ada = cast.person("ada")
    ada.time_zone = "Asia/Kolkata"
    ada.save(update_fields=["time_zone"])
    happened(1)
    with cast.inside():
        entry = AuditEntry.objects.order_by("created_at").last()
        account = cast.account("Northwind")
    here = entry.created_at.astimezone(ZoneInfo("Asia/Kolkata"))
    shown = f'datetime="{here.isoformat(timespec="seconds")}"'
    told = date_format(here, "M j, Y, g:i:s A")
    pages = (
        reverse("staff:audit_log"),
        reverse("staff:account_activity", args=[account.pk]),
        reverse("staff:audit_entry", args=[entry.pk]),
    )
    for address in pages:
        page = cast.visitor("ada").get(address).content.decode()
        assert shown in page, address
        assert f">{told}</time>" in page, address
        assert "Times are in Asia/Kolkata" in page, address
    response = cast.visitor("ada").get(reverse("staff:audit_log_csv"))
    table = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert table[1][0] == here.isoformat(timespec="seconds")
    assert table[1][0].endswith("+05:30")


def test_one_entry_says_everything_and_leads_to_its_thing():
    with cast.inside():
        account = cast.account("Northwind")
        changes = {f"field_{number}": [number, number + 1] for number in range(9)}
        entry = audit.record(cast.viewer("sam", "Northwind"), "account.changed", account, changes=changes)
    page = cast.visitor("ada").get(reverse("staff:audit_entry", args=[entry.pk])).content.decode()
    assert page.count("field ") >= 9
    assert f"thing={account.pk}" in page


def test_the_order_of_home_is_told_in_steps_with_the_titles_of_its_components():
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        layouts = dashboards.layouts_of(sam, sam.account)
        turned = dashboards.moved(layouts.places, "score", -1, over_locks=False)
        stored = dashboards.stored_form(turned, with_locks=False)
        entry = arrange(by=sam, account=sam.account, components=stored, revision=0)
    ada = cast.visitor("ada")
    title = str(next(place.component.label for place in turned if place.key == "score"))
    for address in (reverse("staff:audit_log"), reverse("staff:audit_entry", args=[entry.pk])):
        page = ada.get(address).content.decode()
        assert f"Moved {title} up" in page, address
        assert "next_step" not in page, address
    written = ada.get(reverse("staff:audit_log_csv"))
    assert f"Moved {title} up" in b"".join(written.streaming_content).decode("utf-8-sig")


def test_another_organizations_entry_does_not_exist():
    with cast.inside("sunny"):
        entry = AuditEntry.objects.first().pk
    assert cast.visitor("ada").get(reverse("staff:audit_entry", args=[entry])).status_code == 404


def test_every_verb_with_a_sentence_belongs_to_exactly_one_group():
    found = [verb for key, _label in audit_log.groups() for verb in audit_log.verbs_of(key)]
    assert sorted(found) == sorted(activity.known_verbs())


class TestTheActivityOfAnAccount:
    def address(self, account: str = "Northwind") -> str:
        return reverse("staff:account_activity", args=[cast.account(account).id])

    def test_it_tells_of_this_account_alone(self):
        happened(1, "assessment.released")
        happened(1, "assessment.closed", "Juniper")
        page = cast.visitor("sam").get(self.address()).content.decode()
        assert "released the results of Northwind" in page
        assert "closed Juniper" not in page

    def test_nobody_reaches_another_account_through_its_filter(self):
        happened(1, "assessment.closed", "Juniper")
        query = {"account": str(cast.account("Juniper").id)}
        response = cast.visitor("sam").get(self.address(), query)
        assert list(response.context["lines"]) == []

    def test_the_chip_names_nobody_the_page_does_not(self):
        with cast.inside():
            audit.record(cast.viewer("priya", "Northwind"), "site.added", cast.account("Northwind"))
            chips = {
                who: audit_log.chips(cast.viewer("sam", "Northwind"), Filter(person=cast.person(who).pk))[0].value
                for who in ("dora", "ada", "priya", "carla", "mia")
            }
            everywhere = {
                who: audit_log.chips(cast.viewer("ada"), Filter(person=cast.person(who).pk))[0].value
                for who in ("sam", "priya", "mia")
            }
        assert chips == {
            "dora": "Dora Osei", "priya": "Priya Nair", "ada": "somebody", "carla": "somebody", "mia": "somebody",
        }  # fmt: skip
        assert everywhere == {"sam": "Sam Okafor", "priya": "Priya Nair", "mia": "somebody"}

    def test_it_says_nothing_of_addresses(self):
        happened(1)
        assert "127.0.0.1" not in cast.visitor("sam").get(self.address()).content.decode()
