"""Staff answer on behalf of the client: recorded and shown as that."""

import html

import pytest
from django.test import Client

from assessments.models import Answer, Assessment
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


def stored(run: Assessment, key: str = "edr") -> Answer | None:
    with cast.inside("harbor"):
        return Answer.objects.filter(assessment=run, question_key=key).first()


def test_the_dialog_saves_and_the_page_behind_looks_again(run, sam):
    url = address("staff:answer_on_behalf", run, "edr")
    assert "Recorded as yours, on behalf of Northwind Dental" in html.unescape(sam.get(url).content.decode())
    response = sam.post(url, {"answer": "most", "comment": "By phone", "revision": "0"}, headers=HTMX)
    assert response.status_code == 200
    assert all(event in response["HX-Trigger"] for event in ("closeDialog", "answered", "toast"))
    row = stored(run)
    assert (row.value, row.comment, row.on_behalf, row.answered_by.name) == ("most", "By phone", True, "Sam Okafor")
    assert "Sam Okafor, on behalf of the client" in sam.get(address("staff:assessment", run)).content.decode()


def test_it_works_without_script(run, sam):
    response = sam.post(address("staff:answer_on_behalf", run, "backup"), {"answer": "yes", "revision": "0"})
    assert response.status_code == 303
    assert response["Location"] == f"{address('staff:assessment', run)}#answer-backup"


def test_what_is_not_possible_stays_on_the_page(run, sam):
    url = address("staff:answer_on_behalf", run, "share")
    response = sam.post(url, {"answer": "140", "comment": "Guess", "revision": "0"}, headers=HTMX)
    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="140"' in page
    assert "Guess</textarea>" in page
    assert stored(run, "share") is None


def test_somebody_elses_answer_is_shown_before_it_is_replaced(run, sam):
    url = address("staff:answer_on_behalf", run, "edr")
    with cast.inside("harbor"):
        say(cast.viewer("priya", "Northwind"), run, "edr", "all")
    response = sam.post(url, {"answer": "none", "revision": "0"}, headers=HTMX)
    assert response.status_code == 409
    page = html.unescape(response.content.decode())
    assert "Priya Nair answered this too" in page
    assert 'name="revision" value="1"' in page
    assert stored(run).value == "all"
    sam.post(url, {"answer": "none", "revision": "1"}, headers=HTMX)
    assert (stored(run).value, stored(run).revision) == ("none", 2)


def test_nobody_answers_when_it_is_over(sam):
    with cast.inside("harbor"):
        run = stage.submitted()
    url = address("staff:answer_on_behalf", run, "edr")
    assert "Answering is over" in sam.get(url).content.decode()
    assert sam.post(url, {"answer": "none", "revision": "1"}).status_code == 409
    assert stored(run).value == "all"


@pytest.mark.parametrize(
    ("name", "status"), [("ada", 200), ("sam", 200), ("dana", 403), ("lena", 404), ("priya", 404), ("noor", 404)]
)
def test_who_may(run, name, status):
    visitor = cast.visitor(name, at="harbor")
    assert visitor.get(address("staff:answer_on_behalf", run, "edr")).status_code == status


def test_a_question_there_is_not_has_no_page(run, sam):
    assert sam.get(address("staff:answer_on_behalf", run, "nothing")).status_code == 404
