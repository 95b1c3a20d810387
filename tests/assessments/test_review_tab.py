"""The review page: answers beside verdicts, the figures as submitted and as reviewed, asked for again when they change."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions import assessments, clarifications, reviews
from assessments.models import AnswerReview, Assessment
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.submitted()


@pytest.fixture
def sam() -> Client:
    return cast.visitor("sam")


def page(visitor: Client, run: Assessment, status: int = 200, **query: str) -> str:
    response = visitor.get(address("staff:run_review", run), query)
    assert response.status_code == status
    return " ".join(html.unescape(response.content.decode()).split())


def press(visitor: Client, run: Assessment, key: str, headers: dict | None = None, **data: Any):
    return visitor.post(address("staff:verdict", run, key), {"revision": "1"} | data, headers=headers or {})


def row(text: str, key: str) -> str:
    return text.split(f'id="answer-{key}"')[1].split("</li>")[0]


def figures(text: str) -> list[str]:
    return re.findall(r'class="stat-num[^"]*">([^<]+)', text.split('id="figures"')[1])[:3]


def test_every_answer_stands_beside_its_verdict(run, sam):
    text = page(sam, run)
    assert "On all" in row(text, "edr")
    assert "To look at" in row(text, "edr")
    assert "No answer" in row(text, "motto")
    assert figures(text) == ["100", "100", "–"]
    assert '<span class="stat-num">0<small> / 5</small>' in text


def test_accepting_answers_with_the_parts_that_changed(run, sam):
    response = press(sam, run, "edr", HTMX, verdict="accepted")
    text = html.unescape(response.content.decode())
    assert response.status_code == 200
    for part in ("answer-edr", "state-basics", "figures", "news"):
        assert re.search(rf'id="{part}"[^>]* hx-swap-oob="true"', text), part
    assert "Accepted" in row(text, "edr")
    assert 'aria-pressed="true"' in text
    press(sam, run, "edr", HTMX, verdict="")
    with cast.inside("harbor"):
        assert not AnswerReview.objects.filter(assessment=run).exists()


def test_an_own_answer_is_given_in_a_dialog_with_its_reason(run, sam):
    url = address("staff:verdict", run, "edr")
    dialog = html.unescape(sam.get(url, {"verdict": "changed"}).content.decode())
    assert "What counts instead" in dialog
    assert "On all" in dialog
    silent = press(sam, run, "edr", HTMX, verdict="changed", answer="none", reason="")
    assert silent.status_code == 422
    assert "Say why. The client reads it with the result." in silent.content.decode()
    assert 'value="none" aria-describedby' in silent.content.decode() or "checked" in silent.content.decode()
    done = press(sam, run, "edr", HTMX, verdict="changed", answer="none", reason="Two laptops without it")
    assert "closeDialog" in done["HX-Trigger"]
    text = page(sam, run)
    assert figures(text) == ["100", "83", "−17"]
    assert "Two laptops without it" in row(text, "edr")
    assert "On none" in row(text, "edr")
    assert "Your review is counted in." in sam.get(address("staff:assessment", run)).content.decode()


def test_what_does_not_count_is_said_with_a_reason(run, sam):
    assert press(sam, run, "edr", verdict="not_counted", reason="").status_code == 422
    response = press(sam, run, "edr", verdict="not_counted", reason="No proof")
    assert (response.status_code, response["Location"]) == (303, f"{address('staff:run_review', run)}#answer-edr")
    assert "Does not count" in row(page(sam, run, show="changed"), "edr")


def test_a_later_answer_has_to_be_looked_at_again(run, sam):
    press(sam, run, "edr", verdict="accepted")
    with cast.inside("harbor"):
        by_sam, priya = cast.viewer("sam", "Northwind"), cast.viewer("priya", "Northwind")
        asked = clarifications.ask(by=by_sam, assessment=run, question_key="edr", text="Servers, too?")
        changed = {"change": True, "state": "answered", "raw": "most", "seen_revision": 1}
        clarifications.reply(by=priya, clarification=asked, text="Not all", **changed)
    text = page(sam, run)
    assert "Answered again since" in row(text, "edr")
    assert "They replied" in row(text, "edr")
    late = press(sam, run, "edr", HTMX, verdict="accepted")
    assert late.status_code == 409
    assert "answered again while you looked" in late.content.decode()
    in_dialog = press(sam, run, "edr", HTMX, verdict="not_counted", reason="Kept")
    assert in_dialog.status_code == 409
    assert "Kept</textarea>" in in_dialog.content.decode()
    assert 'name="revision" value="2"' in in_dialog.content.decode()
    assert press(sam, run, "edr", revision="2", verdict="accepted").status_code == 303


def test_a_section_is_accepted_at_once(run, sam):
    url = address("staff:section_acceptance", run, "basics")
    as_of = re.search(r'name="as_of" value="([^"]+)"', page(sam, run))
    assert as_of
    response = sam.post(url, {"as_of": as_of[1]}, headers=HTMX)
    assert response.status_code == 200
    assert "3 answers accepted." in response["HX-Trigger"]
    assert page(sam, run).count("badge-success") >= 3
    assert sam.post(address("staff:section_acceptance", run, "nothing"), {"as_of": as_of[1]}).status_code == 404
    assert sam.post(url, {"as_of": "now"}).status_code == 303


def test_the_page_is_narrowed(run, sam):
    press(sam, run, "edr", verdict="accepted")
    with cast.inside("harbor"):
        clarifications.ask(
            by=cast.viewer("sam", "Northwind"), assessment=run, question_key="backup", text="Where are they?"
        )

    def shown(show: str) -> list[str]:
        return re.findall(r'<li class="looked[^"]*" id="answer-([^"]+)"', page(sam, run, show=show))

    assert shown("open") == ["share", "who", "backup", "tested"]
    assert shown("asked") == ["backup"]
    assert shown("changed") == []
    assert "Show all answers" in page(sam, run, show="changed")
    assert len(shown("nonsense")) == 8


def test_the_page_asks_whether_something_is_new_and_moves_nothing(run, sam):
    text = page(sam, run)
    found = re.search(r'id="news"[^>]* hx-get="([^"]+)"', text)
    assert found
    with CaptureQueriesContext(connection) as captured:
        assert sam.get(found[1], headers=HTMX).status_code == 204
    assert sum('FROM "assessments_' in query["sql"] for query in captured.captured_queries) == 1
    with cast.inside("harbor"):
        by = cast.viewer("ada", "Northwind")
        reviews.judge(by=by, assessment=run, question_key="edr", verdict="accepted", seen_revision=1)
    news = sam.get(found[1], headers=HTMX).content.decode()
    assert "Something is new here: show it" in news
    assert "looked" not in news


def test_the_rule_is_chosen_on_the_page(run, sam):
    assert sam.post(address("staff:review_rule", run), {"review_rule": "accepted_only"}).status_code == 303
    assert figures(page(sam, run)) == ["100", "0", "−100"]
    assert sam.post(address("staff:review_rule", run), {"review_rule": "none"}).status_code == 422


def test_before_and_after_the_review_the_page_only_shows(sam):
    with cast.inside("harbor"):
        early, late = stage.completed(), stage.released()
    assert "Answers are still coming in" in page(sam, early)
    for run in (early, late):
        assert "Own answer" not in page(sam, run)
        assert press(sam, run, "edr", verdict="accepted").status_code == 409
        gone = press(sam, run, "edr", HTMX, verdict="accepted")
        assert (gone.status_code, gone["HX-Redirect"]) == (204, address("staff:run_review", run))
        assert sam.get(address("staff:verdict", run, "edr")).status_code == 200


def test_what_is_not_there_is_not_found(run, sam):
    assert sam.get(address("staff:verdict", run, "nothing")).status_code == 404
    assert press(sam, run, "edr", verdict="brilliant").status_code == 404
    with cast.inside("harbor"):
        by = cast.viewer("sam", "Northwind")
        assessments.reopen(by=by, assessment=run, reason="Again")
        say(cast.viewer("priya", "Northwind"), run, "backup", "no", seen_revision=1)
        assessments.submit(by=cast.viewer("priya", "Northwind"), assessment=run)
    assert press(sam, run, "tested", verdict="accepted").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("ada", 200), ("sam", 200), ("dana", 403), ("lena", 404), ("priya", 404), ("noor", 404)]
)
def test_who_may_review(run, name, status):
    assert cast.visitor(name, at="harbor").get(address("staff:run_review", run)).status_code == status


@pytest.mark.parametrize("judged", [0, 2, 5])
def test_the_cost_does_not_grow_with_the_verdicts(run, sam, judged):
    with cast.inside("harbor"):
        by = cast.viewer("sam", "Northwind")
        for key in ["share", "edr", "who", "backup", "tested"][:judged]:
            reviews.judge(by=by, assessment=run, question_key=key, verdict="accepted", seen_revision=1)
            clarifications.ask(by=by, assessment=run, question_key=key, text="Why?")
    page(sam, run)
    with CaptureQueriesContext(connection) as captured:
        page(sam, run)
    own = [query["sql"] for query in captured.captured_queries if 'FROM "assessments_' in query["sql"]]
    assert len(own) <= 7
