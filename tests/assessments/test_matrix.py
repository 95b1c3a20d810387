"""A matrix: one answer in each row, kept from the first row on, counted when every row has one."""

import html

import pytest
from django.test import Client

from assessments.actions import assessments
from assessments.models import Answer, Assessment, Result
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import QUICK, RICH, address, autosave, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.launched(definition=stage.publish(RICH))


@pytest.fixture
def priya() -> Client:
    return cast.visitor("priya")


def fields(rows: dict[str, str]) -> dict[str, str]:
    return {f"answer:{row}": option for row, option in rows.items()}


def stored(run: Assessment) -> Answer | None:
    with cast.inside("harbor"):
        return Answer.objects.filter(assessment=run, question_key="quick").first()


def page(visitor: Client, name: str, run: Assessment, *more: str) -> str:
    response = visitor.get(address(name, run, *more))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_each_row_is_a_group_of_its_own_with_its_headings(run, priya):
    shown = page(priya, "client:question", run, "quick")
    assert shown.count('type="radio" name="answer:mail"') == 3
    assert '<th scope="row" id="row-1">Phone' in shown
    assert '<th scope="col" id="column-2">Later' in shown
    assert 'aria-labelledby="row-1 column-2"' in shown
    assert "Choose one answer in each row." in shown


def test_each_change_is_saved_and_rows_without_an_answer_stay_open(run, priya):
    first = autosave(priya, run, "quick", **fields({"phone": "week"}), revision="0")
    assert (first.status_code, first["X-Answer-Revision"], first["X-Progress"]) == (200, "1", "0/4")
    second = autosave(priya, run, "quick", **fields({"phone": "week", "mail": "day"}), revision="1")
    assert second["X-Progress"] == "0/4"
    last = autosave(priya, run, "quick", **fields(QUICK), revision="2")
    assert last["X-Progress"] == "1/4"
    assert stored(run).value == QUICK


def test_a_partial_answer_is_shown_again_and_names_its_open_rows(run, priya):
    autosave(priya, run, "quick", **fields({"phone": "week"}))
    shown = page(priya, "client:question", run, "quick")
    assert 'value="week" aria-labelledby="row-1 column-1" checked' in shown
    assert shown.count("No answer yet") == 2


def test_nothing_is_marked_open_before_anything_is_answered(run, priya):
    assert "No answer yet" not in page(priya, "client:question", run, "quick")


def test_an_answer_that_is_not_offered_is_refused_at_its_row(run, priya):
    refused = autosave(priya, run, "quick", **fields({"mail": "day", "door": "never"}))
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert shown.count('<tr class="has-error">') == 1
    assert 'value="day" id="answer" aria-labelledby="row-0 column-0" checked' in shown
    assert stored(run) is None


def test_not_applicable_and_rows_at_once_are_refused_and_kept_typed(run, priya):
    refused = autosave(priya, run, "quick", **fields({"mail": "day"}), state="not_applicable")
    assert refused.status_code == 422
    assert b"Keep one." in refused.content


def test_without_a_script_the_form_saves_and_goes_on(run, priya):
    response = priya.post(address("client:question", run, "quick"), fields(QUICK) | {"revision": "0", "go": "next"})
    assert (response.status_code, response["Location"]) == (303, address("client:question", run, "tested"))
    assert stored(run).value == QUICK


def test_clearing_takes_all_rows_back(run, priya):
    autosave(priya, run, "quick", **fields(QUICK))
    priya.post(address("client:question", run, "quick"), fields(QUICK) | {"revision": "1", "go": "clear"})
    assert (stored(run).state, stored(run).value) == ("cleared", None)


def test_two_people_see_both_answers_row_by_row(run, priya):
    autosave(cast.visitor("marcus"), run, "quick", **fields({"mail": "day", "phone": "day"}))
    response = autosave(priya, run, "quick", **fields({"mail": "later"}), revision="0")
    assert response.status_code == 409
    shown = html.unescape(response.content.decode())
    assert "Email: In a day\nPhone: In a day" in shown
    assert "Email: Later" in shown
    assert '<input type="hidden" name="answer:mail" value="later">' in shown
    mine = {"answer:mail": "later", "standing": "1", "resolve": "mine"}
    assert priya.post(address("client:question", run, "quick"), mine).status_code == 303
    assert stored(run).value == {"mail": "later"}


def test_the_review_says_how_many_rows_are_answered(run, priya):
    autosave(priya, run, "quick", **fields({"mail": "day", "door": "later"}))
    review = page(priya, "client:review", run)
    assert "2 of 3 rows answered" in review
    assert "One required question has no answer" in review
    for shown in ("Email", "In a day", "Doors", "Later", "No answer yet"):
        assert shown in review


def test_open_rows_of_a_required_matrix_keep_it_from_being_submitted(run, priya):
    autosave(priya, run, "quick", **fields({"mail": "day", "door": "later"}))
    refused = priya.post(address("client:submission", run))
    assert refused.status_code == 422
    assert address("client:question", run, "quick") in refused.content.decode()


def test_a_whole_matrix_is_scored_by_its_rows_and_read_by_staff(run, priya):
    with cast.inside("harbor"):
        by = cast.viewer("priya", "Northwind")
        say(by, run, "quick", QUICK)
        say(by, run, "tested", "no")
        assessments.submit(by=by, assessment=run)
        assert Result.objects.get(assessment=run).score == pytest.approx(25)
    shown = page(cast.visitor("sam"), "staff:assessment", run)
    for words in ("Phone", "In a week", "Doors", "Later"):
        assert words in shown
