"""All assessments of all accounts one follows: the list, its views, and what is done to many at once."""

import csv
import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, SavedView
from assessments.actions import assessments, schedules
from assessments.models import Assessment
from library.models import Definition
from tests import cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
LIST = reverse("staff:assessments")


def start(account: str, name: str, *, by: str = "ada", **fields) -> Assessment:
    with cast.inside():
        made = assessments.create(
            by=cast.viewer(by),
            account=cast.account(account),
            definition=Definition.objects.filter(published_version__isnull=False, parent=None).order_by("key").first(),
            name=name,
            another=True,
        )
        Assessment.objects.filter(pk=made.pk).update(**fields)
        return Assessment.objects.get(pk=made.pk)


@pytest.fixture
def runs() -> dict[str, Assessment]:
    with cast.inside():
        Assessment.objects.update(name="Old run")
    return {"northwind": start("Northwind", "Zebra of Northwind"), "acme": start("Cobalt", "Zebra of Cobalt")}


def names(response) -> list[str]:
    return [line.name for line in response.context["lines"]]


def test_an_account_executive_sees_the_runs_of_assigned_accounts_only(runs) -> None:
    everything = cast.visitor("ada").get(LIST, {"q": "zebra"})
    assert sorted(names(everything)) == ["Zebra of Cobalt", "Zebra of Northwind"]
    assigned = cast.visitor("sam").get(LIST, {"q": "zebra"})
    assert names(assigned) == ["Zebra of Northwind"]
    assert "Cobalt" not in assigned.content.decode()


def test_a_technician_follows_no_answers(runs) -> None:
    assert names(cast.visitor("dana").get(LIST)) == []


def test_accounts_are_found_by_name_and_views_filter(runs) -> None:
    found = cast.visitor("ada").get(LIST, {"q": "northwind zebra"})
    assert names(found) == ["Zebra of Northwind"]
    with cast.inside():
        Assessment.objects.filter(pk=runs["acme"].pk).update(answered_count=3)
    started = cast.visitor("ada").get(LIST, {"q": "zebra", "view": "not_started"})
    assert names(started) == ["Zebra of Northwind"]


def test_the_fragment_is_the_part_of_the_page(runs) -> None:
    part = cast.visitor("ada").get(LIST, {"q": "zebra"}, headers=HTMX).content.decode()
    whole = cast.visitor("ada").get(LIST, {"q": "zebra"}).content.decode()
    assert part.strip().startswith("<section") and "<html" not in part
    assert "Zebra of Cobalt" in part and "Zebra of Cobalt" in whole


def test_as_many_queries_for_1_3_and_40_rows(runs) -> None:
    visitor, counts = cast.visitor("ada"), []
    for more in (0, 2, 37):
        for number in range(more):
            start("Northwind", f"Zebra {number}")
        visitor.get(LIST, {"q": "zebra"})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            visitor.get(LIST, {"q": "zebra"}, headers=HTMX)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_the_file_has_every_row_of_the_filter_and_runs_no_formula(runs) -> None:
    with cast.inside():
        Assessment.objects.filter(pk=runs["acme"].pk).update(name="=zebra()")
    response = cast.visitor("ada").get(reverse("staff:assessments_csv"), {"q": "zebra"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Account", "Assessment"]
    assert {row[1] for row in rows[1:]} == {"'=zebra()", "Zebra of Northwind"}


def test_a_due_date_for_many_at_once(runs) -> None:
    sent = {"ids": [str(run.pk) for run in runs.values()], "due_on": "2027-01-31", "query": "q=zebra"}
    answer = cast.visitor("ada").post(reverse("staff:assessments_due_date"), sent)
    assert answer.status_code == 303 and answer["Location"] == f"{LIST}?q=zebra"
    with cast.inside():
        found = Assessment.objects.filter(pk__in=[run.pk for run in runs.values()])
        assert set(found.values_list("due_on", flat=True)) == {datetime.date(2027, 1, 31)}
        assert AuditEntry.objects.filter(verb="assessment.due_date_set").count() == 2


def test_all_of_the_filter_means_more_than_the_page(runs) -> None:
    for number in range(30):
        start("Northwind", f"Zebra {number}")
    sent = {"all": "1", "due_on": "2027-01-31", "query": "q=zebra"}
    cast.visitor("ada").post(reverse("staff:assessments_due_date"), sent)
    with cast.inside():
        assert Assessment.objects.filter(due_on=datetime.date(2027, 1, 31)).count() == 32


def test_a_date_that_is_none_changes_nothing(runs) -> None:
    sent = {"ids": [str(run.pk) for run in runs.values()], "due_on": "soon"}
    cast.visitor("ada").post(reverse("staff:assessments_due_date"), sent)
    with cast.inside():
        assert not Assessment.objects.filter(pk__in=[run.pk for run in runs.values()], due_on__isnull=False).exists()


def test_ids_of_other_accounts_are_not_touched(runs) -> None:
    sent = {"ids": [str(runs["acme"].pk), "no-id"], "due_on": "2027-01-31"}
    cast.visitor("sam").post(reverse("staff:assessments_due_date"), sent)
    with cast.inside():
        assert Assessment.objects.get(pk=runs["acme"].pk).due_on is None
        with pytest.raises(PermissionDenied):
            schedules.set_due(by=cast.viewer("sam"), assessments=list(runs.values()), due_on=timezone.localdate())
        assert not Assessment.objects.filter(pk__in=[run.pk for run in runs.values()], due_on__isnull=False).exists()


def test_links_lead_to_the_run_and_only_of_open_runs(runs) -> None:
    sent = {"ids": [str(run.pk) for run in runs.values()]}
    page = cast.visitor("ada").get(reverse("staff:assessment_links"), sent).content.decode()
    for run in runs.values():
        assert reverse("client:take", args=[run.account_id, run.pk]) in page
    only_own = cast.visitor("sam").get(reverse("staff:assessment_links"), sent).content.decode()
    assert str(runs["acme"].pk) not in only_own


def test_a_filter_is_kept_under_a_name_and_forgotten_again() -> None:
    visitor, address = cast.visitor("sam"), reverse("staff:saved_view_new", args=["assessments"])
    saved = visitor.post(address, {"name": "Late ones", "query": "view=attention&q=&page=3"})
    assert saved.status_code == 303 and saved["Location"] == f"{LIST}?view=attention"
    assert "Late ones" in visitor.get(LIST).content.decode()
    again = visitor.post(address, {"name": "Late ones", "query": "view=closed"}, headers=HTMX)
    assert again.status_code == 422 and "You have a view of this name." in again.content.decode()
    with cast.inside():
        view = SavedView.objects.get(name="Late ones")
    assert "Late ones" not in cast.visitor("ada").get(LIST).content.decode()
    removal = reverse("staff:saved_view_removal", args=[view.pk])
    assert cast.visitor("ada").post(removal).status_code == 404
    assert visitor.post(removal).status_code == 303
    assert "Late ones" not in visitor.get(LIST).content.decode()


def test_a_list_nobody_knows_keeps_no_views() -> None:
    assert cast.visitor("sam").get(reverse("staff:saved_view_new", args=["tickets"])).status_code == 404
