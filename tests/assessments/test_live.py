"""Answers as they come: asked for again cheaply, narrowed, with what is new since one last looked."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions import assessments
from assessments.models import Assessment, Respondent
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


@pytest.fixture
def sam() -> Client:
    return cast.visitor("sam")


def page(visitor: Client, run: Assessment, **query: str) -> str:
    response = visitor.get(address("staff:assessment", run), query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def poll_of(text: str) -> str:
    found = re.search(r'id="progress" hx-get="([^"]+)" hx-trigger="every 15s, answered from:document"', text)
    assert found, "the page does not ask again"
    return found[1]


def answer(run: Assessment, key: str = "motto", raw: object = "Onward", by: str = "priya", **more):
    return say(cast.viewer(by, "Northwind"), run, key, raw, **more)


def test_nothing_new_is_answered_with_nothing(run, sam):
    poll = poll_of(page(sam, run))
    with CaptureQueriesContext(connection) as captured:
        unchanged = sam.get(poll, headers=HTMX)
    assert (unchanged.status_code, unchanged.content) == (204, b"")
    assert sum('FROM "assessments_' in query["sql"] for query in captured.captured_queries) == 1


def test_what_comes_is_shown_and_marked_as_new(run, sam):
    poll = poll_of(page(sam, run))
    with cast.inside("harbor"):
        answer(run)
    part = html.unescape(sam.get(poll, headers=HTMX).content.decode()).strip()
    assert part.startswith('<div id="progress"')
    assert '<li class="answer is-answered is-new" id="answer-motto">' in part
    # Still new at the next look, and not asked for again until something else happens.
    assert sam.get(poll_of(part), headers=HTMX).status_code == 204
    assert "is-new" in sam.get(poll, headers=HTMX).content.decode()


def test_new_is_what_came_since_one_last_opened_the_page(run, sam):
    with cast.inside("harbor"):
        answer(run)
    assert "is-new" not in page(sam, run)
    with cast.inside("harbor"):
        answer(run, "share", "40")
    text = page(sam, run)
    assert re.findall(r'is-new" id="answer-([^"]+)"', text) == ["share"]
    assert "1 new" in text
    assert "is-new" not in page(sam, run)


def test_once_submitted_the_page_that_followed_leads_to_the_result(run, sam):
    poll = poll_of(page(sam, run))
    with cast.inside("harbor"):
        stage.submitted(run=run)
    ended = sam.get(poll, headers=HTMX)
    assert (ended.status_code, ended["HX-Redirect"]) == (204, address("staff:assessment", run))
    assert "every 15s" not in page(sam, run)


def test_answers_are_narrowed(run, sam):
    with cast.inside("harbor"):
        answer(run, comment="Since 1998")
        answer(run, "share", "40", by="marcus")
        Respondent.objects.filter(assessment=run, user=cast.person("marcus")).update(flagged=["story"])

    def shown(show: str) -> list[str]:
        return re.findall(r'id="answer-([^"]+)"', page(sam, run, show=show))

    assert shown("answered") == ["motto", "share"]
    assert shown("commented") == ["motto"]
    assert shown("flagged") == ["story"]
    assert shown("missing") == ["story", "edr", "who", "backup", "since"]
    assert len(shown("nonsense")) == 7
    assert "Kept for later: Marcus Lee" in page(sam, run)


def test_nonsense_in_the_address_is_left_out(run, sam):
    for query in ({"since": "yesterday"}, {"since": "2026-99-01T00:00:00Z"}, {"of": "me"}, {"at": "x" * 400}):
        assert page(sam, run, **query)
    sam.cookies["looked"] = "nothing"
    assert page(sam, run)


def test_each_alone_is_followed_by_respondent(sam):
    with cast.inside("harbor"):
        run = stage.launched()
        setup = {"name": run.name, "due_on": None, "mode": "independent"}
        assessments.change_setup(by=cast.viewer("sam", "Northwind"), assessment=run, **setup)
        answer(run, raw="Of Priya")
        answer(run, raw="Of Marcus", by="marcus")
        people = {row.user.name: row.pk for row in Respondent.objects.filter(assessment=run).select_related("user")}
    text = page(sam, run, of=str(people["Marcus Lee"]))
    assert "Of Marcus" in text
    assert "Of Priya" not in text
    history = sam.get(address("staff:answer_history", run, "motto"), {"of": str(people["Marcus Lee"])}).content.decode()
    assert "Of Marcus" in history
    assert "Of Priya" not in history


def test_the_history_names_every_save_also_what_was_not_taken(run, sam):
    with cast.inside("harbor"):
        answer(run, raw="First")
        answer(run, raw="Second", by="marcus", seen_revision=1)
        answer(run, raw="Too late", seen_revision=1)
        answer(run, raw="By Sam", by="sam", seen_revision=2)
    text = html.unescape(sam.get(address("staff:answer_history", run, "motto")).content.decode())
    changes = [re.sub(r"<[^>]+>|\s+", " ", one) for one in text.split('<span class="timeline-dot">')[1:]]
    assert len(changes) == 4
    assert "Sam Okafor, on behalf of the client" in changes[0]
    assert " ".join(changes[0].split()).count("Second By Sam") == 1
    assert "Not taken" in changes[1]
    assert "Too late" in changes[1]
    assert " ".join(changes[2].split()).count("First Second") == 1
    assert sam.get(address("staff:answer_history", run, "nothing")).status_code == 404


@pytest.mark.parametrize("answered", [0, 3, 8])
def test_the_cost_does_not_grow_with_the_answers(run, sam, answered):
    said = {"motto": "a", "story": "b", "share": "1", "edr": "all", "who": ["us"], "backup": "yes", "tested": "1"}
    with cast.inside("harbor"):
        for key in list(said)[:answered]:
            answer(run, key, said[key])
    page(sam, run)
    with CaptureQueriesContext(connection) as captured:
        page(sam, run)
    assert sum('FROM "assessments_' in query["sql"] for query in captured.captured_queries) == 3
