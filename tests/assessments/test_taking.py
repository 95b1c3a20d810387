"""The page of one question, as people and their browsers meet it."""

import html
import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions import assessments
from assessments.models import Answer, AnswerRevision, Assessment
from library.models import Definition
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, autosave

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


@pytest.fixture
def priya() -> Client:
    return cast.visitor("priya")


@pytest.fixture
def marcus() -> Client:
    return cast.visitor("marcus")


def open_question(visitor: Client, run: Assessment, key: str) -> str:
    response = visitor.get(address("client:question", run, key))
    assert response.status_code == 200
    return response.content.decode()


def stored(run: Assessment, key: str) -> Answer | None:
    with cast.inside("harbor"):
        return Answer.objects.select_related("answered_by").filter(assessment=run, question_key=key).first()


def fields(page: str, name: str) -> list[str]:
    """This will list the values of the inputs with a name, checked ones marked with a star."""
    inputs = [tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag]
    return [
        html.unescape(re.search(r'value="([^"]*)"', tag)[1]) + ("*" if " checked" in tag else "")  # type: ignore[index]
        for tag in inputs
    ]


# Where a run goes on


def test_resuming_leads_to_the_first_open_question_for_everybody(run, priya, marcus):
    take = address("client:take", run)
    assert priya.get(take)["Location"] == address("client:question", run, "motto")
    autosave(priya, run, "motto", answer="Onward")
    assert priya.get(take)["Location"] == marcus.get(take)["Location"] == address("client:question", run, "story")


def test_resuming_leads_to_the_review_when_nothing_is_left(run, priya):
    for key, value in {
        "motto": "a",
        "story": "b",
        "share": "1",
        "edr": "all",
        "who": "us",
        "backup": "no",
        "since": "2024-01-01",
    }.items():
        autosave(priya, run, key, answer=value)
    assert priya.get(address("client:take", run))["Location"] == address("client:review", run)


def test_resuming_after_the_end_leads_to_what_there_is(run, priya):
    with cast.inside("harbor"):
        stage.submitted(run=run)
    assert priya.get(address("client:take", run))["Location"] == address("client:submitted", run)
    with cast.inside("harbor"):
        assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    assert priya.get(address("client:take", run))["Location"] == address("client:results", run)


# What is on the page


def test_a_question_of_each_kind_is_shown(run, priya):
    assert fields(open_question(priya, run, "edr"), "answer") == [
        "all",
        "most",
        "none",
        ":dont_know",
        ":not_applicable",
    ]
    assert fields(open_question(priya, run, "who"), "answer") == ["us", "provider", "nobody"]
    assert fields(open_question(priya, run, "backup"), "answer") == ["yes", "no"]
    assert fields(open_question(priya, run, "share"), "state") == ["dont_know"]
    assert fields(open_question(priya, run, "story"), "state") == ["dont_know", "not_applicable"]
    assert 'type="date"' in open_question(priya, run, "since")
    autosave(priya, run, "backup", answer="yes")
    scale = open_question(priya, run, "tested")
    assert fields(scale, "answer") == ["0", "1", "2", "3", "4", "5"]
    assert "Not at all" in scale


def test_help_and_why_are_markdown_and_what_stands_is_shown_again(run, priya):
    assert "A <strong>short</strong> one." in open_question(priya, run, "motto")
    page = open_question(priya, run, "edr")
    assert "Stolen laptops are the most common way in." in page
    assert "Question 4 of 7" in page
    autosave(priya, run, "edr", answer="most", comment="Servers follow")
    page = open_question(priya, run, "edr")
    assert fields(page, "answer") == ["all", "most*", "none", ":dont_know", ":not_applicable"]
    assert fields(page, "revision") == ["1"]
    assert "Servers follow</textarea>" in page
    autosave(priya, run, "edr", answer=":not_applicable", revision="1")
    assert ":not_applicable*" in fields(open_question(priya, run, "edr"), "answer")
    autosave(priya, run, "story", state="dont_know")
    assert fields(open_question(priya, run, "story"), "state") == ["dont_know*", "not_applicable"]
    autosave(priya, run, "who", answer=["us", "provider"])
    assert fields(open_question(priya, run, "who"), "answer") == ["us*", "provider*", "nobody"]


def test_sections_count_honestly_and_lead_into_themselves(run, priya):
    autosave(priya, run, "motto", answer="Onward")
    page = open_question(priya, run, "edr")
    assert "<strong>1</strong> of 7 answered" in page
    assert address("client:question", run, "backup") in page
    response = autosave(priya, run, "backup", answer="yes")
    assert response["X-Progress"] == "2/8"
    assert "Question 6 of 8" in response.content.decode()


def test_who_else_is_answering(run, priya, marcus):
    autosave(marcus, run, "backup", answer="yes")
    page = open_question(priya, run, "motto")
    assert re.search(r"Marcus Lee <span class=\"meta\">on More", page)
    assert "Priya Nair <span" not in page


def test_an_unknown_question_is_not_found(run, priya):
    assert priya.get(address("client:question", run, "elsewhere")).status_code == 404
    assert priya.get(address("client:question", run, "mo%00tto")).status_code == 404


def test_a_hidden_question_says_so_and_leads_on(run, priya):
    page = open_question(priya, run, "tested")
    assert "This question is not asked at the moment" in page
    assert address("client:take", run) in page
    assert 'name="answer"' not in page


# Saving: without a script


def test_next_saves_and_goes_on(run, priya):
    response = priya.post(address("client:question", run, "motto"), {"answer": "Onward", "revision": ""})
    assert (response.status_code, response["Location"]) == (303, address("client:question", run, "story"))
    assert stored(run, "motto").value == "Onward"


def test_back_saves_and_goes_back(run, priya):
    response = priya.post(address("client:question", run, "story"), {"answer": "Once", "go": "back"})
    assert (response.status_code, response["Location"]) == (303, address("client:question", run, "motto"))
    assert stored(run, "story").value == "Once"
    response = priya.post(address("client:question", run, "motto"), {"answer": "x", "go": "back"})
    assert response["Location"] == address("client:question", run, "motto")


def test_next_never_blocks_on_an_open_question(run, priya):
    response = priya.post(address("client:question", run, "edr"), {"comment": ""})
    assert (response.status_code, response["Location"]) == (303, address("client:question", run, "who"))
    assert stored(run, "edr") is None


def test_next_passes_over_what_is_hidden_and_ends_in_the_review(run, priya):
    response = priya.post(address("client:question", run, "backup"), {"answer": "no"})
    assert response["Location"] == address("client:question", run, "since")
    response = priya.post(address("client:question", run, "since"), {"answer": "2024-01-01"})
    assert response["Location"] == address("client:review", run)


def test_clearing_takes_the_answer_back_and_stays(run, priya):
    autosave(priya, run, "edr", answer="most")
    response = priya.post(address("client:question", run, "edr"), {"answer": "most", "revision": "1", "go": "clear"})
    assert response["Location"] == address("client:question", run, "edr")
    assert stored(run, "edr").state == "cleared"
    assert "*" not in "".join(fields(open_question(priya, run, "edr"), "answer"))


@pytest.mark.parametrize(
    ("key", "typed", "message"),
    [
        ("share", {"answer": "lots"}, "Enter a number"),
        ("share", {"answer": "101"}, "Enter a number from 0 to 100."),
        ("share", {"answer": "12", "state": "dont_know"}, "Keep one."),
        ("motto", {"answer": "y" * 81}, "Use at most 80 characters; this is 81."),
        ("motto", {"answer": "nul\x00l"}, "cannot be stored"),
        ("motto", {"answer": "fine", "comment": "nul\x00l"}, "The comment holds a character that cannot be stored."),
        ("motto", {"answer": "fine", "comment": "z" * 5001}, "Use at most 5,000 characters in the comment"),
        ("since", {"answer": "yesterday"}, "Enter a date as year-month-day"),
        ("edr", {"answer": "purple"}, "Choose one of the answers offered."),
        ("edr", {"answer": ":wrong"}, "Choose one of the answers offered."),
        ("edr", {"answer": ["all", "none"]}, "Choose one answer."),
        ("motto", {"state": "not_applicable"}, "is not an answer to this question"),
        ("story", {"answer": "n" * 500_000}, "Use at most 20,000 characters; this is 500,000."),
    ],
)
def test_what_is_no_answer_comes_back_with_the_reason_at_the_place(run, priya, key, typed, message):
    response = priya.post(address("client:question", run, key), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert message in html.unescape(page)
    assert 'href="#answer"' in page
    assert re.search(r'id="answer-error".*?</p>', page, re.S)
    shown = typed.get("answer", "")
    if isinstance(shown, str) and shown and key in ("share", "motto", "story", "since"):
        assert shown in page
    assert stored(run, key) is None
    part = autosave(priya, run, key, **typed)
    assert part.status_code == 422
    assert part.content.decode().strip().startswith('<div id="question-form">')
    assert "data-error-summary" not in part.content.decode()


def test_a_body_too_large_for_any_answer_is_refused(run, priya):
    response = priya.post(address("client:question", run, "story"), {"answer": "n" * 3_000_000})
    assert response.status_code == 400
    assert stored(run, "story") is None


def test_a_question_that_is_hidden_keeps_what_was_typed(run, priya):
    for response in (
        priya.post(address("client:question", run, "tested"), {"answer": "3", "comment": "We tried"}),
        autosave(priya, run, "tested", answer="3", comment="We tried"),
    ):
        page = response.content.decode()
        assert response.status_code == 422
        assert "This question is not asked at the moment" in page
        assert re.search(r"readonly>\s*3</textarea>", page)
        assert re.search(r"readonly>\s*We tried</textarea>", page)


def test_a_question_of_another_version_keeps_what_was_typed(run, priya):
    response = priya.post(address("client:question", run, "of-version-9"), {"answer": "<b>Long thought</b>"})
    assert response.status_code == 422
    assert "This version of the assessment has no such question" in response.content.decode()
    assert "&lt;b&gt;Long thought&lt;/b&gt;</textarea>" in response.content.decode()


def test_a_closed_assessment_says_who_submitted_it_and_keeps_what_was_typed(run, priya, marcus):
    with cast.inside("harbor"):
        stage.submitted(run=run)
    for response in (
        marcus.post(address("client:question", run, "edr"), {"answer": "none", "revision": "1"}),
        autosave(marcus, run, "edr", answer="none", revision="1"),
    ):
        page = response.content.decode()
        assert response.status_code == 409
        assert "Priya Nair submitted this assessment" in page
        assert re.search(r"readonly>\s*On none</textarea>", page)
    assert stored(run, "edr").value == "all"
    page = marcus.get(address("client:question", run, "edr"))
    assert page.status_code == 200
    assert "Answers can no longer be changed." in page.content.decode()
    assert 'name="answer"' not in page.content.decode()


def test_discarding_what_came_too_late_leads_on(run, priya):
    with cast.inside("harbor"):
        stage.submitted(run=run)
    response = priya.post(address("client:question", run, "edr"), {"resolve": "theirs"})
    assert response["Location"] == address("client:submitted", run)


# Saving: by the page's script


def test_autosave_answers_with_the_revision_and_the_counts(run, priya):
    response = autosave(priya, run, "edr", answer="most")
    assert response.status_code == 200
    assert (response["X-Answer-Revision"], response["X-Progress"]) == ("1", "1/7")
    part = response.content.decode()
    assert 'id="run-progress" value="1" max="7"' in part
    assert "<strong>1</strong> of 7 answered" in part
    assert part.count("hx-swap-oob") == 4
    assert "<html" not in part
    assert "HX-Request" in response["Vary"]
    assert autosave(priya, run, "edr", answer="most")["X-Answer-Revision"] == "1"
    assert autosave(priya, run, "edr", answer="all", revision="1")["X-Answer-Revision"] == "2"


def test_two_people_on_one_question(run, priya, marcus):
    autosave(priya, run, "edr", answer="most", comment="Servers follow")
    response = autosave(marcus, run, "edr", answer="none")
    part = response.content.decode()
    assert response.status_code == 409
    assert part.strip().startswith('<div id="question-form">')
    for expected in (
        "Priya Nair answered this too",
        "On most",
        "Servers follow",
        "On none",
        "Keep theirs",
        "Use mine",
        "data-conflict",
    ):
        assert expected in part
    assert stored(run, "edr").value == "most"
    # Pressing Next in that state decides nothing.
    form = {
        "answer": "none",
        "revision": fields(part, "revision")[0],
        "standing": fields(part, "standing")[0],
        "comment": "",
    }
    assert marcus.post(address("client:question", run, "edr"), form).status_code == 409
    assert stored(run, "edr").value == "most"
    response = marcus.post(address("client:question", run, "edr"), form | {"resolve": "mine"})
    assert (response.status_code, response["Location"]) == (303, address("client:question", run, "edr"))
    assert stored(run, "edr").value == "none"


def test_keeping_theirs_and_keeping_both(run, priya, marcus):
    autosave(priya, run, "motto", answer="Onward")
    form = {"answer": "Carefully", "revision": "0", "standing": "1", "comment": ""}
    here = address("client:question", run, "motto")
    assert marcus.post(here, form | {"resolve": "theirs"}).status_code == 303
    assert (stored(run, "motto").value, stored(run, "motto").revision) == ("Onward", 1)
    assert marcus.post(here, form | {"resolve": "both"}).status_code == 303
    assert stored(run, "motto").value == "Onward"
    assert stored(run, "motto").comment == "Marcus Lee: Carefully"


def test_using_mine_after_yet_another_answer_asks_again(run, priya, marcus):
    autosave(priya, run, "motto", answer="Onward")
    autosave(priya, run, "motto", answer="Ever onward", revision="1")
    form = {"answer": "Carefully", "revision": "0", "standing": "1", "resolve": "mine"}
    response = marcus.post(address("client:question", run, "motto"), form)
    assert response.status_code == 409
    assert "Ever onward" in response.content.decode()
    assert stored(run, "motto").value == "Ever onward"


def test_two_windows_of_one_person(run, priya):
    autosave(priya, run, "motto", answer="Onward")
    response = autosave(priya, run, "motto", answer="Backward")
    assert response.status_code == 409
    assert "You answered this in another window" in response.content.decode()
    with cast.inside("harbor"):
        assert set(AnswerRevision.objects.values_list("value", "was_taken")) == {("Onward", True), ("Backward", False)}


def test_a_lost_session_leads_to_sign_in_and_back(run):
    response = cast.visitor(at="harbor").post(
        address("client:question", run, "edr"),
        {"answer": "most"},
        headers=stage.AUTOSAVE | {"HX-Current-URL": f"http://harbor.localhost{address('client:question', run, 'edr')}"},
    )
    assert response.status_code == 401
    assert response.content == b""
    assert "login" in response["HX-Redirect"]
    assert "questions%2Fedr" in response["HX-Redirect"]


@pytest.mark.parametrize("name", ["carla", "iris", "theo", "noor", "lena", "mia"])
def test_strangers_find_nothing(run, name):
    visitor = cast.visitor(name, at="harbor")
    for page in ("client:take", "client:review", "client:submitted", "client:results"):
        assert visitor.get(address(page, run)).status_code == 404
    assert visitor.get(address("client:question", run, "edr")).status_code == 404
    assert autosave(visitor, run, "edr", answer="most").status_code == 404
    assert visitor.post(address("client:submission", run)).status_code == 404
    assert stored(run, "edr") is None


def test_a_run_of_another_account_is_not_found_under_ones_own(run):
    carla = cast.visitor("carla")
    own = str(cast.account("Cobalt").id)
    for page in ("client:take", "client:review", "client:results"):
        assert carla.get(address(page, run).replace(str(run.account_id), own)).status_code == 404


# Hostile input


def test_naughty_strings_are_stored_as_they_are_and_shown_escaped(run, priya, conformance_data: Path):
    naughty = json.loads((conformance_data / "bad-inputs" / "blns.json").read_text())
    broken = [text for text in naughty if any(character < " " and character not in "\n\t\r" for character in text)]
    whole = [text for text in naughty if text not in broken]
    assert len(whole) > 450
    for number, start in enumerate(range(0, len(whole), 40)):
        text = "\n".join(whole[start : start + 40])
        response = autosave(priya, run, "story", answer=text, revision=str(number))
        assert response.status_code == 200
        normal = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        assert stored(run, "story").value == normal
        page = open_question(priya, run, "story")
        field = re.search(r'<textarea[^>]*id="answer"[^>]*>\n(.*?)</textarea>', page, re.S)
        assert field is not None
        assert html.unescape(field[1]) == normal
        assert not re.search(r"[<>\"']", field[1])
    for text in (*broken, "\x00", "before\x00after", "\x1b[31m"):
        response = autosave(priya, run, "motto", answer=text)
        # At its ends some of them count as white space and are cut off like it.
        left = any(character < " " and character not in "\n\t" for character in text.strip())
        assert response.status_code == (422 if left else 200), repr(text)
    assert "\x00" not in getattr(stored(run, "motto"), "value", "")


def test_html_vectors_stay_text_on_every_page_that_shows_answers(run, priya, conformance_data: Path):
    vectors = json.loads((conformance_data / "bad-inputs" / "html-xss-vectors.json").read_text())
    texts = [vector if isinstance(vector, str) else vector["payload"] for vector in vectors]
    evil = "\n".join(texts)[:5000]
    response = autosave(priya, run, "story", answer=evil, comment=evil)
    assert response.status_code == 200
    sam = cast.visitor("sam")
    for page in (
        open_question(priya, run, "story"),
        priya.get(address("client:review", run)).content.decode(),
        sam.get(address("staff:assessment", run)).content.decode(),
    ):
        assert "<img src=x" not in page
        assert not re.search(r"<(script|img|iframe|svg|math|style|form)[^>]*(alert|onerror|javascript)", page)


# What it costs


def own_queries(visitor: Client, do) -> int:
    """This will count the queries of a page beyond those that every page spends on knowing who looks at what."""
    do()
    with CaptureQueriesContext(connection) as captured:
        response = do()
    assert response.status_code in (200, 303), response.status_code
    return sum("assessments_" in query["sql"] or "library_" in query["sql"] for query in captured.captured_queries) + (
        # An action's own savepoint, if any: begun and released inside the request's.
        2 * (sum(query["sql"].startswith("SAVEPOINT") for query in captured.captured_queries) - 1)
    )


def long_definition(sections: int) -> dict:
    """This will write a definition with 20 questions in each section, every other one conditional."""
    return stage.EVERY_KIND | {
        "key": f"long-{sections}",
        "scoring": None,
        "reference_values": [],
        "sections": [
            {
                "key": f"s{section}",
                "name": f"Section {section}",
                "questions": [
                    {
                        "key": f"q{section}-{number}",
                        "type": "yes_no",
                        "text": f"Question {number}?",
                        "show_if": {"question": f"q{section}-{number - 1}", "operator": "equals", "value": "yes"}
                        if number % 2
                        else None,
                    }
                    for number in range(20)
                ],
            }
            for section in range(sections)
        ],
    }


@pytest.mark.parametrize("sections", [1, 3, 25])
def test_the_cost_does_not_grow_with_the_definition(sections, priya):
    data = {key: value for key, value in long_definition(sections).items() if value is not None}
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(data))
        viewer = cast.viewer("priya", "Northwind")
        for section in range(sections):
            stage.say(viewer, run, f"q{section}-0", "yes")
    where = address("client:question", run, "q0-0")
    assert own_queries(priya, lambda: priya.get(where)) == 4
    answers = iter(["no", "yes", "no", "yes"])
    revisions = iter(range(1, 9))
    save = lambda: autosave(priya, run, "q0-0", answer=next(answers), revision=str(next(revisions)))  # noqa: E731
    assert own_queries(priya, save) == 7
    assert own_queries(priya, lambda: priya.get(address("client:review", run))) == 3


def test_a_page_is_small(run, priya):
    with cast.inside("harbor"):
        definition = Definition.objects.get(key="business-resilience")
        big = assessments.launch(by=cast.viewer("priya", "Northwind"), definition=definition, another=True)
    response = priya.get(priya.get(address("client:take", big))["Location"])
    assert len(response.content) < 30_000


def test_the_fragment_is_the_part_of_the_page(run, priya):
    where = address("client:question", run, "edr")
    part = priya.get(where, headers={"HX-Request": "true"}).content.decode().strip()
    strip = lambda text: re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", text)  # noqa: E731
    assert part.startswith('<div id="question-form">')
    assert strip(part) in strip(priya.get(where).content.decode())
