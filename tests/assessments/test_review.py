"""Staff follow a run, look its result over, release it and open it again."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from assessments.actions import assessments
from assessments.models import Assessment
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


@pytest.fixture
def sam() -> Client:
    return cast.visitor("sam")


def follow(visitor: Client, run: Assessment) -> str:
    response = visitor.get(address("staff:assessment", run))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_progress_and_answers_while_it_happens(run, sam):
    page = words(follow(sam, run))
    assert "Not started" in page
    assert "Nobody yet" in page
    with cast.inside("harbor"):
        marcus = cast.viewer("marcus", "Northwind")
        say(marcus, run, "motto", "Onward", comment="Since 1998")
        say(marcus, run, "story", state="not_applicable")
        say(marcus, run, "share", state="dont_know")
        say(cast.viewer("sam", "Northwind"), run, "edr", "most")
    page = words(follow(sam, run))
    assert "In progress" in page
    assert "4 / 7" in page
    assert "What is your motto? Onward Since 1998 New Marcus Lee ·" in page
    assert "Sam Okafor, on behalf of the client ·" in page
    for shown in ("Not answered", "Not applicable", "Don't know"):
        assert shown in page


def test_each_kind_of_answer_looks_different(run, sam):
    with cast.inside("harbor"):
        by = cast.viewer("priya", "Northwind")
        say(by, run, "motto", "Onward")
        say(by, run, "story", state="not_applicable")
        say(by, run, "share", state="dont_know")
    page = follow(sam, run)
    for state in ("answered", "not_applicable", "dont_know", "unanswered"):
        assert f'class="answer is-{state}"' in page


def test_the_result_before_the_release(run, sam):
    with cast.inside("harbor"):
        stage.submitted(run=run)
    page = follow(sam, run)
    assert "Not visible to the client yet" in page
    assert "Northwind Dental is in the <strong>Strong</strong> band: 100 of 100." in page
    assert cast.visitor("priya").get(address("client:results", run)).status_code == 404


def test_staff_and_client_see_the_same_figures(run, sam):
    with cast.inside("harbor"):
        stage.released(run=run)
    tables = [
        re.sub(r">(You|Northwind Dental)<|href=\"[^#\"]*\"", "", page).split("All figures")[1].split("</table>")[0]
        for page in (
            follow(sam, run),
            html.unescape(cast.visitor("priya").get(address("client:results", run)).content.decode()),
        )
    ]
    assert tables[0] == tables[1]


def test_releasing_shows_the_result_and_is_done_once(run, sam):
    with cast.inside("harbor"):
        stage.submitted(run=run)
    response = sam.post(address("staff:release", run), follow=True)
    assert response.redirect_chain == [(address("staff:assessment", run), 303)]
    page = html.unescape(response.content.decode())
    assert "Northwind Dental can see the results now." in page
    assert "Sam Okafor showed the results to Northwind Dental" in page
    assert cast.visitor("priya").get(address("client:results", run)).status_code == 200
    again = sam.post(address("staff:release", run))
    assert again.status_code == 409
    assert "Somebody else was quicker." in again.content.decode()
    with cast.inside("harbor"):
        assert AuditEntry.objects.filter(verb="assessment.released", object_id=run.pk).count() == 1


def test_reopening_takes_a_reason_and_hides_the_result(run, sam):
    with cast.inside("harbor"):
        stage.released(run=run)
    for reason in ("", "   ", "r" * 501, "nul\x00l"):
        response = sam.post(address("staff:reopening", run), {"reason": reason})
        assert response.status_code == 422
        assert "<title>Error: " in response.content.decode()
    kept = sam.post(address("staff:reopening", run), {"reason": "r" * 501}).content.decode()
    assert "r" * 501 in kept
    response = sam.post(address("staff:reopening", run), {"reason": "Look at the backups again"}, follow=True)
    page = html.unescape(response.content.decode())
    assert "The result is hidden until it is submitted again." in page
    assert "Look at the backups again" in page
    with cast.inside("harbor"):
        run.refresh_from_db()
        assert (run.status, run.released_at, run.released_by) == ("in_progress", None, None)
        entry = AuditEntry.objects.get(verb="assessment.reopened", object_id=run.pk)
        assert entry.details == {"reason": "Look at the backups again"}
    assert sam.post(address("staff:reopening", run), {"reason": "Once more"}).status_code == 409


def test_what_does_not_exist_in_this_state_is_refused(run, sam):
    assert sam.post(address("staff:release", run)).status_code == 409
    assert sam.post(address("staff:reopening", run), {"reason": "Too early"}).status_code == 409
    with cast.inside("harbor"):
        run.refresh_from_db()
        assert run.status == "draft"


def test_a_result_is_computed_anew_after_reopening(run, sam):
    with cast.inside("harbor"):
        stage.released(run=run)
        by = cast.viewer("sam", "Northwind")
        assessments.reopen(by=by, assessment=run, reason="Look again")
        say(cast.viewer("priya", "Northwind"), run, "edr", "none", seen_revision=1)
        assessments.submit(by=cast.viewer("priya", "Northwind"), assessment=run)
    assert re.search(r"Northwind Dental is in the <strong>Strong</strong> band: 83 of 100", follow(sam, run))


@pytest.mark.parametrize(
    ("name", "page", "release"),
    [
        ("ada", 200, 303), ("sam", 200, 303), ("dana", 403, 403), ("lena", 404, 404), ("priya", 404, 403),
        ("carla", 404, 404), ("noor", 404, 404),
    ],
)  # fmt: skip
def test_who_may_follow_and_who_may_release(run, name, page, release):
    with cast.inside("harbor"):
        stage.submitted(run=run)
    visitor = cast.visitor(name, at="harbor")
    assert visitor.get(address("staff:assessment", run)).status_code == page
    assert visitor.post(address("staff:release", run)).status_code == release


def test_another_account_does_not_lend_its_address(run, sam):
    juniper = str(cast.account("Juniper").id)
    assert sam.get(address("staff:assessment", run).replace(str(run.account_id), juniper)).status_code == 404
    assert sam.post(address("staff:release", run).replace(str(run.account_id), juniper)).status_code == 404


@pytest.mark.parametrize("answered", [0, 3, 8])
def test_the_cost_does_not_grow_with_the_answers(run, sam, answered):
    with cast.inside("harbor"):
        by = cast.viewer("priya", "Northwind")
        said = {
            "motto": "a",
            "story": "b",
            "share": "1",
            "edr": "all",
            "who": ["us"],
            "backup": "yes",
            "tested": "1",
            "since": "2024-01-01",
        }
        for key in list(said)[:answered]:
            say(by, run, key, said[key])
    follow(sam, run)
    with CaptureQueriesContext(connection) as captured:
        follow(sam, run)
    assert sum('FROM "assessments_' in query["sql"] for query in captured.captured_queries) == 3
