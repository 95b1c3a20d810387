"""The Assessments tab of Account Details, and Add Assessment."""

import csv
import datetime
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions import assessments
from assessments.lists import account_assessments
from assessments.models import Assessment, Respondent, Result, Status
from library.actions import definitions
from library.models import Definition, LibraryEntry
from tests import cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def tab(account: str = "Northwind", name: str = "account_assessments") -> str:
    return reverse(f"staff:{name}", args=[cast.account(account).id])


def definition(key: str) -> Definition:
    with cast.inside():
        return Definition.objects.get(key=key)


def run(key: str, *, name: str = "", days: int = 0, **fields) -> Assessment:
    """This will start an assessment for Northwind and put it into a state."""
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        made = assessments.create(
            by=sam,
            account=cast.account("Northwind"),
            definition=Definition.objects.get(key=key),
            name=name,
            another=True,
        )
        moment = timezone.now() - datetime.timedelta(days=days)
        Assessment.objects.filter(pk=made.pk).update(created_at=moment, updated_at=moment, **fields)
        return Assessment.objects.get(pk=made.pk)


def released(key: str, percent: float, days: int) -> Assessment:
    """This will make a closed assessment with a released score."""
    moment = timezone.now() - datetime.timedelta(days=days)
    closed = run(key, days=days, status=Status.CLOSED, submitted_at=moment, released_at=moment, answered_count=10)
    with cast.inside():
        Result.objects.create(
            organization_id=closed.organization_id, account_id=closed.account_id, assessment=closed, score=percent,
            percent=percent, sheet={"scale": {"min": 0, "max": 100, "unit": "", "decimals": 0}, "scores": {"x": 1}},
        )  # fmt: skip
    return closed


def names_in(response) -> list[str]:
    return [row.assessment.name for row in response.context["rows"]]


@pytest.fixture
def runs():
    """One in each status, and one late."""
    run("vendor-risk", name="Waiting", days=26)
    run("vendor-risk", name="Fresh", days=1)
    run("phishing-and-culture", name="Under way", days=2, status=Status.IN_PROGRESS, answered_count=7)
    run("business-continuity", name="Late", days=3, status=Status.IN_PROGRESS, answered_count=1,
        due_on=timezone.localdate() - datetime.timedelta(days=1))  # fmt: skip
    run(
        "ransomware-readiness",
        name="To review",
        days=4,
        status=Status.RESULTS_REVIEW,
        submitted_at=timezone.now(),
        answered_count=24,
    )
    closed = run("business-resilience", name="Done", days=5, status=Status.CLOSED, submitted_at=timezone.now(),
                 released_at=timezone.now(), answered_count=58)  # fmt: skip
    with cast.inside():
        for who in ("priya", "marcus", "dora", "felix"):
            Respondent.objects.create(
                organization_id=closed.organization_id,
                account_id=closed.account_id,
                assessment=closed,
                user=cast.person(who),
            )


def test_the_table_says_how_far_everything_is(runs):
    rows = {row.assessment.name: row for row in cast.visitor("sam").get(tab()).context["rows"]}
    assert [rows[name].status for name in ("Waiting", "Under way", "To review", "Done")] == [
        "not_started", "in_progress", "results_review", "closed",
    ]  # fmt: skip
    assert (rows["Under way"].done, rows["Under way"].group) == (7, "People")
    assert rows["Waiting"].waits
    assert not rows["Fresh"].waits
    assert rows["Late"].overdue
    assert [face.initials for face in rows["Done"].faces[:3]] == ["PN", "ML", "DO"]
    assert rows["Done"].more_faces == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Fresh", "Under way", "Late", "To review", "Done", "Waiting"]),
        ("view=attention", ["Late", "To review", "Waiting"]),
        ("view=not_started", ["Fresh", "Waiting"]),
        ("view=in_progress", ["Under way", "Late"]),
        ("view=results_review", ["To review"]),
        ("view=closed", ["Done"]),
        ("q=under+way", ["Under way"]),
        ("sort=name", ["Done", "Fresh", "Late", "To review", "Under way", "Waiting"]),
        ("view=closed&q=waiting", []),
        ("view=x&sort=x&group=x&page=x", ["Fresh", "Under way", "Late", "To review", "Done", "Waiting"]),
    ],
)
def test_the_views_and_the_filter_stand_in_the_address(runs, query, expected):
    assert names_in(cast.visitor("sam").get(f"{tab()}?{query}")) == expected


def test_a_group_can_be_chosen(runs):
    group = definition("vendor-risk").group_id
    assert names_in(cast.visitor("sam").get(f"{tab()}?group={group}")) == ["Fresh", "Waiting"]


def test_the_views_keep_the_rest_of_the_filter(runs):
    views = cast.visitor("sam").get(f"{tab()}?q=a&page=2&view=closed").context["views"]
    assert [view["label"] for view in views if view["current"]] == ["Closed"]
    attention = next(view for view in views if view["label"] == "Needs attention")
    assert attention["url"] == "?q=a&view=attention"
    assert attention["count"] == 3


def test_the_fragment_is_the_part_of_the_page(runs):
    visitor = cast.visitor("sam")
    part = visitor.get(f"{tab()}?view=closed", headers=HTMX).content.decode()
    assert part in visitor.get(f"{tab()}?view=closed").content.decode()
    assert "acct-head" not in part


def test_nothing_yet_and_nothing_found_say_different_things(runs):
    assert "No assessment matches" in cast.visitor("sam").get(f"{tab()}?q=zzz").content.decode()
    assert "No assessment yet" in cast.visitor("lena").get(tab("Cobalt")).content.decode()


def test_the_strip_shows_the_latest_released_score_and_what_it_gained():
    released("business-resilience", 51, days=90)
    released("business-resilience", 64, days=10)
    run("business-resilience", days=1, status=Status.RESULTS_REVIEW, submitted_at=timezone.now())
    response = cast.visitor("sam").get(tab())
    standing = response.context["standing"]
    assert (standing.score, standing.score_of, standing.change, standing.direction) == ("64", "100", "13", "up")
    assert standing.against.startswith(("+", "−", "0"))
    assert "<polyline" in standing.trend
    assert response.context["counts"]["closed"] == 2


def test_without_a_released_score_the_strip_says_so(runs):
    response = cast.visitor("sam").get(tab())
    assert response.context["standing"] is None
    assert "no results released yet" in response.content.decode()


def test_a_run_of_another_version_is_not_compared():
    released("business-resilience", 40, days=90)
    with cast.inside():
        changed = cast.document("business-resilience").model_copy(update={"summary": "Other questions"})
        draft = definitions.import_draft(by=cast.system(), document=changed)
        definitions.publish(by=cast.system(), definition=draft.definition)
    released("business-resilience", 64, days=10)
    assert cast.visitor("sam").get(tab()).context["standing"].change == ""


def test_what_was_assigned_and_never_launched_is_named():
    page = cast.visitor("sam").get(tab()).content.decode()
    assert "In the client’s Library, not launched yet" in page
    run("vendor-risk")
    unlaunched = cast.visitor("sam").get(tab()).context["unlaunched"]
    assert "vendor-risk" not in [entry.definition.key for entry in unlaunched]


def test_the_export_holds_the_filter(runs):
    response = cast.visitor("sam").get(f"{tab(name='account_assessments_csv')}?view=attention")
    assert response["Content-Disposition"].startswith('attachment; filename="northwind-dental_assessments_')
    table = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert table[0][:4] == ["Assessment", "Group", "Status", "Answered"]
    assert [(line[0], line[2]) for line in table[1:]] == [
        ("Late", "In progress"), ("To review", "Results review"), ("Waiting", "Not started"),
    ]  # fmt: skip


def test_a_technician_gets_none_of_it():
    for name in ("account_assessments", "account_assessments_csv", "add_assessment"):
        assert cast.visitor("dana").get(tab(name=name)).status_code == 403


def test_the_number_of_queries_is_the_same_for_few_and_many():
    visitor, here, counts = cast.visitor("sam"), tab(), []
    made = 0
    for many in (1, 3, 40):
        for number in range(made, many):
            one = run("vendor-risk", name=f"Run {number}")
            with cast.inside():
                Respondent.objects.create(
                    organization_id=one.organization_id,
                    account_id=one.account_id,
                    assessment=one,
                    user=cast.person("priya"),
                )
        made = many
        visitor.get(here)
        with CaptureQueriesContext(connection) as queries:
            response = visitor.get(here)
        counts.append(sum(one["sql"].startswith("SELECT") for one in queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] - 9 <= 14, counts
    assert response.context["page"].total == 40
    assert len(response.context["rows"]) == 25
    part = visitor.get(here, headers=HTMX).content
    assert len(part) < len(response.content)


class TestAddAssessment:
    def address(self, account: str = "Cobalt") -> str:
        return tab(account, "add_assessment")

    def in_library(self, account: str = "Cobalt") -> set[str]:
        with cast.inside():
            entries = LibraryEntry.objects.filter(account=cast.account(account))
            return set(entries.values_list("definition__key", flat=True))

    def test_it_offers_what_is_published_and_marks_what_is_there(self):
        with cast.inside():
            draft = definitions.import_draft(by=cast.system(), document=cast.document("vendor-risk").model_copy(
                update={"key": "a-draft", "name": "Only a draft"})).definition  # fmt: skip
        response = cast.visitor("lena").get(self.address())
        choices = {choice.definition.key: choice.is_in_library for choice in response.context["picker"].choices}
        assert choices["vendor-risk"]
        assert not choices["phishing-and-culture"]
        assert draft.key not in choices

    def test_the_search_finds_and_keeps_what_is_ticked(self):
        ticked = definition("business-continuity").id
        response = cast.visitor("lena").get(
            f"{self.address()}?q=phishing&definitions={ticked}&definitions=nonsense", headers=HTMX
        )
        choices = response.context["picker"].choices
        assert [(choice.definition.key, choice.is_chosen) for choice in choices] == [
            ("business-continuity", True), ("phishing-and-culture", False),
        ]  # fmt: skip
        assert 'id="choices"' in response.content.decode()
        assert "<html" not in response.content.decode()

    def test_assigning_puts_it_into_the_clients_library_at_once(self):
        chosen = [str(definition(key).id) for key in ("phishing-and-culture", "business-continuity")]
        response = cast.visitor("lena").post(self.address(), {"definitions": chosen})
        assert response["Location"] == tab("Cobalt")
        assert {"phishing-and-culture", "business-continuity"} <= self.in_library()
        with cast.inside():
            assert not Assessment.objects.filter(account=cast.account("Cobalt")).exists()
        library = reverse("client:library", args=[cast.account("Cobalt").id])
        assert "Phishing and security culture" in cast.visitor("carla").get(library).content.decode()

    def test_the_toast_leads_to_the_clients_view(self):
        visitor = cast.visitor("lena")
        page = visitor.post(self.address(), {"definitions": [str(definition("phishing-and-culture").id)]}, follow=True)
        assert "1 assessment is in the client’s Library." in page.content.decode()
        assert f"{tab('Cobalt', 'preview')}?next=" in page.content.decode()

    def test_in_the_dialog_the_browser_is_sent_on(self):
        response = cast.visitor("lena").post(
            self.address(), {"definitions": [str(definition("phishing-and-culture").id)]}, headers=HTMX
        )
        assert (response.status_code, response["HX-Redirect"]) == (204, tab("Cobalt"))

    def test_what_is_there_already_stays_and_is_said(self):
        before = self.in_library()
        page = cast.visitor("lena").post(
            self.address(), {"definitions": [str(definition("vendor-risk").id)]}, follow=True
        )
        assert "It was in the client’s Library already." in page.content.decode()
        assert self.in_library() == before

    def test_it_can_be_started_with_a_name_and_a_day(self):
        due = timezone.localdate() + datetime.timedelta(days=14)
        sent = {
            "definitions": [str(definition("phishing-and-culture").id)],
            "start": "on",
            "name": "Spring",
            "due_on": due.isoformat(),
        }
        cast.visitor("lena").post(self.address(), sent)
        with cast.inside():
            made = Assessment.objects.get(account=cast.account("Cobalt"))
            assert (made.name, made.due_on, made.created_by, made.created_by_client) == (
                "Spring",
                due,
                cast.person("lena"),
                False,
            )
        assert "phishing-and-culture" in self.in_library()

    def test_a_second_open_run_is_asked_about_and_nothing_is_half_done(self):
        first = {"definitions": [str(definition("vendor-risk").id)], "start": "on"}
        cast.visitor("lena").post(self.address(), first)
        both = first | {"definitions": [str(definition(key).id) for key in ("business-continuity", "vendor-risk")]}
        asked = cast.visitor("lena").post(self.address(), both)
        assert asked.status_code == 422
        assert "is already under way" in asked.content.decode()
        assert "Start another one all the same" in asked.content.decode()
        assert "business-continuity" not in self.in_library()
        with cast.inside():
            assert Assessment.objects.filter(account=cast.account("Cobalt")).count() == 1
        cast.visitor("lena").post(self.address(), both | {"another": "on"})
        with cast.inside():
            assert Assessment.objects.filter(account=cast.account("Cobalt")).count() == 3

    @pytest.mark.parametrize(
        ("wrong", "field", "words"),
        [
            ({"definitions": []}, "definitions", "Choose at least one assessment"),
            ({"definitions": ["nonsense"]}, "definitions", "not a valid"),
            ({"definitions": [str(uuid.uuid4())]}, "definitions", "not one of the available choices"),
            ({"due_on": "2020-01-01"}, "due_on", "This day has passed"),
            ({"due_on": "soon"}, "due_on", "valid date"),
            ({"name": "x" * 161}, "name", "at most 160 characters"),
        ],
    )
    def test_a_mistake_is_shown_at_its_field(self, wrong, field, words):
        sent = {"definitions": [str(definition("phishing-and-culture").id)], "start": "on"} | wrong
        response = cast.visitor("lena").post(self.address(), sent)
        assert response.status_code == 422
        assert words in str(response.context["form"].errors[field])
        assert "phishing-and-culture" not in self.in_library()

    def test_one_name_does_not_fit_several(self):
        sent = {
            "definitions": [str(definition(key).id) for key in ("vendor-risk", "business-continuity")],
            "start": "on",
            "name": "X",
        }
        assert cast.visitor("lena").post(self.address(), sent).status_code == 422

    def test_a_definition_of_another_organization_is_none_of_the_choices(self):
        with cast.inside("sunny"):
            foreign = Definition.objects.first()
        response = cast.visitor("lena").post(self.address(), {"definitions": [str(foreign.id)]})
        assert response.status_code == 422
        assert "not one of the available choices" in response.content.decode()

    def test_only_staff_of_the_account_assign(self):
        address, sent = self.address(), {"definitions": [str(definition("phishing-and-culture").id)]}
        for who, status in (("sam", 404), ("carla", 404), ("priya", 404)):
            assert cast.visitor(who).post(address, sent).status_code == status
        assert "phishing-and-culture" not in self.in_library()


def test_the_words_of_a_status_are_the_staffs():
    assert account_assessments.status_word("not_started") == "Not started"
    assert account_assessments.status_word("closed") == "Closed"
