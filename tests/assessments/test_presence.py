"""Who is there, and on which section: written now and then, read in two or three queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions import previews
from assessments.models import Assessment, Respondent
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, autosave
from tests.assessments.test_answer_sets import guest_in, independent
from tests.assessments.test_taking import own_queries


@pytest.fixture
def run(db) -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


def priya_of(run: Assessment) -> Respondent:
    with cast.inside("harbor"):
        return Respondent.objects.get(assessment=run, user=cast.person("priya"))


def set_seen(run: Assessment, ago: timedelta, key: str = "backup") -> None:
    with cast.inside("harbor"):
        Respondent.objects.filter(assessment=run).update(last_seen_at=timezone.now() - ago, at_key=key)


def test_opening_a_question_notes_where_one_is(run):
    cast.visitor("priya").get(address("client:question", run, "edr"))
    own = priya_of(run)
    assert own.at_key == "edr"
    assert own.last_seen_at is not None
    assert own.opened_at is not None


def test_it_is_written_no_more_often_than_every_20_seconds(run):
    visitor = cast.visitor("priya")
    visitor.get(address("client:question", run, "edr"))
    first = priya_of(run)
    visitor.get(address("client:question", run, "backup"))
    assert priya_of(run).last_seen_at == first.last_seen_at
    set_seen(run, timedelta(seconds=21), "edr")
    autosave(visitor, run, "backup", answer="yes")
    own = priya_of(run)
    assert own.at_key == "backup"
    assert own.opened_at == first.opened_at


def test_looking_at_a_run_of_others_makes_nobody_take_part(run):
    cast.visitor("marcus").get(address("client:question", run, "edr"))
    with cast.inside("harbor"):
        assert Respondent.objects.filter(assessment=run).count() == 1


def test_a_preview_notes_nothing(fresh_database):
    with cast.inside("harbor"):
        run = stage.launched()
        prefix = previews.start(by=cast.viewer("sam", "Northwind"), viewpoint="company-admin")
    assert cast.visitor("sam").get(prefix + address("client:question", run, "edr")).status_code == 200
    assert priya_of(run).last_seen_at is None


def test_colleagues_are_shown_with_their_section(run):
    cast.visitor("priya").get(address("client:question", run, "backup"))
    marcus = cast.visitor("marcus")
    page = marcus.get(address("client:question", run, "motto")).content.decode()
    assert "Answering with you" in page
    assert "on More" in page
    part = marcus.get(address("client:presence", run) + "?at=motto").content.decode()
    assert part.count("hx-swap-oob") == 2
    assert "Priya Nair" in part
    assert "on More" in part
    set_seen(run, timedelta(minutes=5))
    part = marcus.get(address("client:presence", run) + "?at=motto").content.decode()
    assert "Priya Nair" in part
    assert "on More" not in part


def test_news_note_that_one_is_still_there(run):
    set_seen(run, timedelta(minutes=5), "motto")
    cast.visitor("priya").get(address("client:presence", run) + "?at=edr")
    assert priya_of(run).at_key == "edr"
    assert cast.visitor("priya").get(address("client:presence", run) + "?at=%00nowhere").status_code == 200


def test_a_guest_is_there_too(run):
    with cast.inside("harbor"):
        guest_in(run)
        Respondent.objects.filter(assessment=run, user=None).update(last_seen_at=timezone.now(), at_key="edr")
    page = cast.visitor("priya").get(address("client:question", run, "motto")).content.decode()
    assert "Gina Guest" in page
    assert "on Basics" in page


def test_in_an_independent_run_nobody_is_shown(db):
    with cast.inside("harbor"):
        run = independent()
        guest_in(run)
        Respondent.objects.filter(assessment=run).update(last_seen_at=timezone.now(), at_key="edr")
    part = cast.visitor("priya").get(address("client:presence", run)).content.decode()
    assert "Gina Guest" not in part


@pytest.mark.parametrize("many", [1, 3, 40])
def test_its_cost_does_not_grow_with_the_people(run, many):
    with cast.inside("harbor"):
        rows = [
            Respondent(
                organization_id=run.organization_id, account_id=run.account_id, assessment=run, name=f"Guest {at}",
                email=f"guest-{at}@example.org", last_seen_at=timezone.now(), at_key="edr",
            )
            for at in range(many)
        ]  # fmt: skip
        Respondent.objects.bulk_create(rows)
    visitor = cast.visitor("priya")
    assert own_queries(visitor, lambda: visitor.get(address("client:presence", run) + "?at=edr")) == 3
    assert own_queries(visitor, lambda: visitor.get(address("client:question", run, "edr"))) == 4


def test_when_answering_is_over_there_are_no_news(run):
    with cast.inside("harbor"):
        stage.submitted(run=run)
    assert cast.visitor("priya").get(address("client:presence", run)).status_code == 204
