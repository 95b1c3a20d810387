"""Looking everything over, submitting once, and what happens next."""

import html

import pytest
from django.test import Client

from accounts.models import AuditEntry
from assessments.actions import assessments
from assessments.models import Assessment, Result
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, autosave, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


@pytest.fixture
def priya() -> Client:
    return cast.visitor("priya")


def page(visitor: Client, name: str, run: Assessment) -> str:
    response = visitor.get(address(name, run))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_the_review_names_what_is_missing_first(run, priya):
    autosave(priya, run, "motto", answer="Onward")
    autosave(priya, run, "story", state="dont_know")
    autosave(priya, run, "edr", answer=":not_applicable", comment="We have none")
    review = page(priya, "client:review", run)
    assert "One required question has no answer" in review
    assert review.index("6. Do you keep backups?") < review.index("What is your motto?")
    assert address("client:question", run, "backup") in review
    for shown in ("Onward", "Don't know", "Not applicable", "We have none", "Not answered"):
        assert shown in review
    assert "How sure are you that they work?" not in review
    # Back leads to the last question; it never submits.
    assert f'<a class="btn btn-lg" href="{address("client:question", run, "since")}"' in review


def test_the_review_counts_four_different_things(run, priya):
    with cast.inside("harbor"):
        by = cast.viewer("priya", "Northwind")
        say(by, run, "share", "0")
        say(by, run, "story", state="dont_know")
        say(by, run, "edr", state="not_applicable")
    review = page(priya, "client:review", run)
    counts = [part.split("</span>")[0] for part in review.split('class="stat-num">')[1:5]]
    assert counts == ["1", "4", "1", "1"]


def test_submitting_with_required_answers_missing_lists_them(run, priya):
    autosave(priya, run, "motto", answer="Onward")
    response = priya.post(address("client:submission", run))
    review = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert "<title>Error: " in review
    assert "2 questions need an answer first." in review
    summary = review.split("data-error-summary")[1].split("</ul>")[0]
    assert address("client:question", run, "edr") in summary
    assert address("client:question", run, "backup") in summary
    with cast.inside("harbor"):
        run.refresh_from_db()
    assert run.status == "in_progress"


def test_an_empty_run_is_not_submitted_even_when_nothing_is_required(priya):
    data = stage.EVERY_KIND | {"key": "easy", "scoring": None, "reference_values": []}
    data["sections"] = [
        {"key": "only", "name": "Only", "questions": [{"key": "word", "type": "text", "text": "One word?"}]}
    ]
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish({key: value for key, value in data.items() if value is not None}))
    response = priya.post(address("client:submission", run))
    assert response.status_code == 422
    assert "One question needs an answer first." in response.content.decode()


def test_submitting_once_and_twice(run, priya):
    with cast.inside("harbor"):
        stage.completed(run=run)
    first, second = (priya.post(address("client:submission", run)) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"] == address("client:submitted", run)
    with cast.inside("harbor"):
        run.refresh_from_db()
        assert (run.status, run.submitted_by.name) == ("results_review", "Priya Nair")
        assert AuditEntry.objects.filter(verb="assessment.submitted", object_id=run.pk).count() == 1
        assert Result.objects.filter(assessment=run).count() == 1


def test_what_happens_next_and_by_whom(run, priya):
    with cast.inside("harbor"):
        stage.submitted(run=run)
    shown = page(priya, "client:submitted", run)
    assert "Priya Nair submitted Every kind" in shown
    assert "Sam Okafor is reviewing your results" in shown
    assert address("client:results", run) not in shown
    assert priya.get(address("client:review", run))["Location"] == address("client:submitted", run)


def test_before_submitting_there_is_nothing_to_see_there(run, priya):
    assert priya.get(address("client:submitted", run))["Location"] == address("client:question", run, "motto")


def test_after_the_release_it_leads_to_the_results(run, priya):
    with cast.inside("harbor"):
        stage.released(run=run)
    shown = page(priya, "client:submitted", run)
    assert address("client:results", run) in shown
    assert "is reviewing" not in shown


def test_instant_results_are_there_at_once(priya):
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(stage.EVERY_KIND | {"key": "instant", "instant_results": True}))
        run = stage.submitted(run=run)
    assert (run.status, run.is_released, run.released_by) == ("closed", True, None)
    assert priya.get(address("client:results", run)).status_code == 200


def test_a_reopened_run_says_why(run, priya):
    with cast.inside("harbor"):
        stage.released(run=run)
        assessments.reopen(by=cast.viewer("sam", "Northwind"), assessment=run, reason="Look at <backups> again")
    assert priya.get(address("client:take", run))["Location"] == address("client:question", run, "motto")
    response = priya.get(address("client:review", run))
    assert "Sam Okafor opened this again" in response.content.decode()
    assert "Look at &lt;backups&gt; again" in response.content.decode()


def test_a_get_does_not_submit(run, priya):
    assert priya.get(address("client:submission", run)).status_code == 405
