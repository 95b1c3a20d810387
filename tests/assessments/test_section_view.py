"""A whole section on one page: each question saves on its own; what conditions, flags and last time's answers do there."""

import html
import re

import pytest
from django.test import Client

from assessments.models import Answer, Assessment, Respondent
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import AUTOSAVE, address
from tests.assessments.test_answer_sets import carried
from tests.assessments.test_taking import long_definition, own_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


@pytest.fixture
def priya() -> Client:
    return cast.visitor("priya")


def stored(run: Assessment, key: str) -> Answer | None:
    with cast.inside("harbor"):
        return Answer.objects.filter(assessment=run, question_key=key).first()


def shown(visitor: Client, run: Assessment, section: str) -> str:
    response = visitor.get(address("client:section", run, section))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def save_there(visitor: Client, run: Assessment, key: str, shown: str, **data):
    """This will post an answer the way the script of a whole section does."""
    form = data | {"part": "section", "shown": shown}
    return visitor.post(address("client:question", run, key), form, headers=AUTOSAVE)


def test_all_questions_of_a_section_stand_on_its_page(run, priya):
    page = shown(priya, run, "more")
    assert re.findall(r'data-question="(\w+)"', page) == ["backup", "since"]
    assert 'id="question-tested" class="section-question" hidden' in page
    assert page.count("data-autosave") == 2
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "Review answers" in page


def test_its_forms_work_without_a_script(run, priya):
    page = shown(priya, run, "more")
    assert 'name="backup-answer"' in page
    response = priya.post(
        address("client:question", run, "backup"),
        {"in": "section", "backup-answer": "yes", "revision": "", "go": "stay"},
    )
    assert response["Location"] == address("client:section", run, "more") + "#question-backup"
    assert stored(run, "backup").value == "yes"
    bad = priya.post(address("client:question", run, "since"), {"in": "section", "since-answer": "soon", "go": "stay"})
    assert bad.status_code == 422
    assert 'value="soon"' in bad.content.decode()


def test_a_save_brings_the_questions_it_makes_asked(run, priya):
    response = save_there(priya, run, "backup", "backup since", answer="yes")
    part = response.content.decode()
    assert (response.status_code, response["X-Answer-Revision"]) == (200, "1")
    assert '<div id="question-tested" class="section-question" hx-swap-oob="true" data-question="tested">' in part
    assert "tested-answer" in part
    assert 'id="run-where"' not in part
    part = save_there(priya, run, "backup", "backup tested since", answer="no", revision="1").content.decode()
    assert '<div id="question-tested" class="section-question" hx-swap-oob="true" hidden></div>' in part
    part = save_there(priya, run, "backup", "backup since", answer="no", revision="2").content.decode()
    assert "question-tested" not in part


def test_what_is_refused_answers_with_its_own_part(run, priya):
    response = save_there(priya, run, "since", "backup since", answer="soon")
    part = response.content.decode().strip()
    assert response.status_code == 422
    assert part.startswith('<div id="question-since" class="section-question" data-question="since">')
    assert '<h2 class="q-text">' in part


def test_a_conflict_stands_at_its_question(run, priya):
    save_there(cast.visitor("marcus"), run, "backup", "", answer="yes")
    response = save_there(priya, run, "backup", "backup since", answer="no")
    part = response.content.decode().strip()
    assert response.status_code == 409
    assert part.startswith('<div id="question-backup"')
    assert "Marcus Lee answered this too" in part
    assert 'name="backup-answer" value="no"' in part
    form = {"in": "section", "backup-answer": "no", "standing": "1", "resolve": "mine", "comment": ""}
    response = priya.post(address("client:question", run, "backup"), form)
    assert response["Location"] == address("client:section", run, "more") + "#question-backup"
    assert stored(run, "backup").value == "no"


def test_the_choice_of_view_is_remembered(run, priya):
    assert priya.get(address("client:take", run))["Location"] == address("client:question", run, "motto")
    response = priya.get(address("client:section", run, "basics") + "?view=section")
    assert response.cookies["answering"].value == "section"
    assert (
        priya.get(address("client:take", run))["Location"]
        == address("client:section", run, "basics") + "#question-motto"
    )
    priya.get(address("client:question", run, "motto") + "?view=question")
    assert priya.get(address("client:take", run))["Location"] == address("client:question", run, "motto")


def test_sections_that_do_not_exist_or_are_over(run, priya):
    assert priya.get(address("client:section", run, "nowhere")).status_code == 404
    assert priya.get(address("client:ahead", run, "nowhere")).status_code == 404
    with cast.inside("harbor"):
        stage.submitted(run=run)
    assert priya.get(address("client:section", run, "basics"))["Location"] == address("client:submitted", run)
    assert priya.get(address("client:ahead", run, "basics")).status_code == 204


def test_flagging_with_and_without_a_script(run, priya):
    where = address("client:flag", run, "motto")
    part = priya.post(where, {"flag": "on", "answer": "Onward"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="true"' in part
    assert part.count("hx-swap-oob") == 2
    assert stored(run, "motto") is None
    response = priya.post(where, {"flag": "off", "answer": "Onward"})
    assert response["Location"] == address("client:question", run, "motto")
    assert stored(run, "motto").value == "Onward"
    priya.post(where, {"flag": "on", "in": "section", "motto-answer": "Onward", "revision": "1"})
    with cast.inside("harbor"):
        assert Respondent.objects.get(assessment=run).flagged == ["motto"]
    review = priya.get(address("client:review", run)).content.decode()
    assert "You flagged one question for later" in review
    assert "Flagged for later" in shown(priya, run, "basics")
    assert 'value="off"' not in cast.visitor("marcus").get(address("client:question", run, "motto")).content.decode()


def test_last_times_answers_wait_to_be_confirmed(run, priya):
    with cast.inside("harbor"):
        carried(run, "motto", "Onward")
        carried(run, "edr", "most")
        carried(run, "backup", "yes")
    page = shown(priya, run, "basics")
    assert page.count("Answered last time: still true?") == 2
    assert "2 answers here are from last time" in page
    single = priya.get(address("client:question", run, "motto")).content.decode()
    assert "Answered last time: still true?" in single
    assert 'value="Onward"' in single
    # Going on decides nothing.
    priya.post(address("client:question", run, "motto"), {"answer": "Onward", "revision": "1", "go": "next"})
    assert stored(run, "motto").carried_over
    review = priya.get(address("client:review", run)).content.decode()
    assert "3 answers from last time are not confirmed" in review
    assert "<strong>0</strong> of 7" in single
    response = priya.post(
        address("client:question", run, "motto"), {"answer": "Onward", "revision": "1", "go": "confirm"}
    )
    assert response["Location"] == address("client:question", run, "story")
    assert not stored(run, "motto").carried_over
    priya.post(address("client:confirmation", run, "basics"), {"seen-edr": "1", "seen-motto": "1", "seen-nothing": "x"})
    assert not stored(run, "edr").carried_over
    assert stored(run, "backup").carried_over
    with cast.inside("harbor"):
        run.refresh_from_db()
    assert run.answered_count == 2


def test_the_pages_of_a_section_come_at_once(run, priya):
    page = html.unescape(priya.get(address("client:ahead", run, "more")).content.decode())
    assert page.count("<template ") == 2
    assert f'data-ahead-url="{address("client:question", run, "backup")}"' in page
    assert f'data-next-url="{address("client:question", run, "since")}"' in page
    assert f'data-next-url="{address("client:review", run)}"' in page
    assert page.count('id="answer-form"') == 2
    assert "Question 6 of 7" in page


@pytest.mark.parametrize("sections", [1, 3, 25])
def test_the_cost_does_not_grow_with_the_definition(sections, priya):
    data = {key: value for key, value in long_definition(sections).items() if value is not None}
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(data))
        viewer = cast.viewer("priya", "Northwind")
        for number in (0, 2, 4, 6):
            stage.say(viewer, run, f"q0-{number}", "yes")
    assert own_queries(priya, lambda: priya.get(address("client:section", run, "s0"))) == 4
    assert own_queries(priya, lambda: priya.get(address("client:ahead", run, "s0"))) == 3
