"""No answer is lost: static/js/runner.js against a server that is slow, gone, signed out, or of another opinion."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.template import engines
from playwright.sync_api import expect

from tests.portal.web.stage import ORIGIN, Answer, Asked, Stage

QUESTION, ADDRESS = "/run/1/", "/run/1/answer/"
KEY = "portal.answers.priya.a1"

FORM = """<div id="question-form">
<form id="answer-form" class="question" method="post" action="/run/1/answer/" data-autosave>
{% include "components/question_start.html" %}<input type="hidden" name="csrfmiddlewaretoken" value="token">
{% if error %}<p class="field-error" id="error" tabindex="-1" autofocus data-error-summary>{{ error }}</p>{% endif %}
{% if conflict %}<div data-conflict><p>Marcus answered three.</p>
<button type="submit" name="resolve" value="theirs" data-conflict-choice>Keep theirs</button></div>{% endif %}
<h1>How many?</h1><div class="options">
{% include "components/option.html" with name="answer" value="one" label="One" key="A" %}
{% include "components/option.html" with name="answer" value="two" label="Two" key="B" %}
{% include "components/option.html" with name="answer" value="three" label="Three" key="C" %}
{% include "components/option.html" with name="state" value="unsure" label="Not sure" type="checkbox" alone=True %}
</div>
<label for="comment">Comment</label><textarea id="comment" name="comment"></textarea>
</form></div>"""
PAGE = f"""{{% extends "shells/runner.html" %}}{{% block title %}}Question{{% endblock %}}
{{% block content %}}{FORM}{{% endblock %}}
{{% block foot %}}{{% include "components/run_foot.html" with form_id="answer-form" %}}{{% endblock %}}"""
SLOW_NETWORK = """
const send = fetch;
window.fetch = async (...request) => {
    const answer = await send(...request);
    await new Promise((done) => setTimeout(done, 300));
    return answer;
};
"""
REFUSED_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
ONWARD = "<title>Next</title><h1>The next question</h1>"
PROGRESS = '{% include "components/run_progress.html" with oob=True %}'


def drawn(source: str, user: str = "priya", answered: int = 2, **context: Any) -> str:
    run = {"title": "Resilience", "assessment_id": "a1", "user_id": user, "answered": answered, "total": 9}
    return engines["django"].from_string(source).render({"run": run, **context})


class Server:
    """What the other end does with an answer: `says` decides, `stored` is what it kept."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.user = "priya"
        self.revision = 1
        self.stored: list[dict[str, list[str]]] = []
        self.says: Callable[[Asked], Answer] = self.store
        stage.at[QUESTION] = lambda asked: Answer(drawn(PAGE, user=self.user, revision=self.revision))
        stage.at[ADDRESS] = lambda asked: self.says(asked)
        stage.at["/run/2/"] = lambda asked: Answer(ONWARD)
        stage.at["/sign-in/"] = lambda asked: Answer("<title>Sign in</title>")

    def store(self, asked: Asked) -> Answer:
        self.stored.append(asked.form)
        if not asked.headers.get("hx-request"):
            return Answer(ONWARD)
        self.revision += 1
        return Answer(drawn(PROGRESS, answered=3), 200, {"X-Answer-Revision": str(self.revision)})

    def open(self) -> Any:
        self.stage.open(QUESTION)
        return self.stage.page

    def answers(self) -> list[str]:
        return [form.get("answer", [""])[0] for form in self.stored]


@pytest.fixture
def server(new_page: Callable[..., Any], browser_errors: Any) -> Any:
    yield Server(Stage(new_page()))
    browser_errors.allow("Failed to load resource")  # the errors these tests ask for


def choose(page: Any, label: str) -> None:
    page.get_by_label(label, exact=False).first.check(force=True)


def state(page: Any, expected: str) -> None:
    page.locator(f"#saved[data-state={expected}]").wait_for()


def queue(page: Any, key: str = KEY) -> dict[str, Any]:
    return json.loads(page.evaluate(f"localStorage.getItem('{key}')") or "{}")


def test_a_choice_is_saved_at_once(server: Server) -> None:
    page = server.open()
    choose(page, "Two")
    state(page, "saved")
    assert page.locator("#saved").inner_text() == "Saved just now"
    (form,) = server.stored
    assert form["answer"] == ["two"]
    assert form["revision"] == ["1"]
    assert form["csrfmiddlewaretoken"] == ["token"]
    assert page.locator("input[name=revision]").input_value() == "2"
    assert page.locator("#run-progress").get_attribute("value") == "3"
    assert queue(page) == {}


def test_text_is_saved_after_a_pause(server: Server) -> None:
    page = server.open()
    page.locator("#comment").press_sequentially("half of them", delay=20)
    assert queue(page)[ADDRESS]["fields"] == [["comment", "half of them"]]
    assert server.stored == []
    state(page, "saved")
    assert [form["comment"] for form in server.stored] == [["half of them"]]


def test_an_answer_waits_while_the_network_is_gone(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer(None)
    choose(page, "Two")
    state(page, "failed")
    assert "Not saved." in page.locator("#saved").inner_text()
    assert queue(page)[ADDRESS]["fields"] == [["answer", "two"], ["comment", ""]]
    server.says = server.store
    page.get_by_role("button", name="Retry").click()
    state(page, "saved")
    assert server.answers() == ["two"]
    assert queue(page) == {}


def test_it_is_sent_again_by_itself_and_when_the_network_is_back(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer("", 503)
    choose(page, "Two")
    state(page, "failed")
    server.says = server.store
    state(page, "saved")
    server.says = lambda asked: Answer(None)
    choose(page, "Three")
    state(page, "failed")
    server.says = server.store
    page.evaluate("dispatchEvent(new Event('online'))")
    state(page, "saved")
    assert server.answers() == ["two", "three"]


def test_the_next_page_of_the_assessment_shows_it_again_and_sends_it(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer(None)
    choose(page, "Two")
    page.locator("#comment").fill("Half of them")
    state(page, "failed")
    server.says = server.store
    page.on("dialog", lambda dialog: dialog.accept())
    server.open()
    state(page, "saved")
    assert page.get_by_label("Two").is_checked()
    assert page.locator("#comment").input_value() == "Half of them"
    assert server.answers()[-1] == "two"


def test_another_person_at_the_same_browser_never_sends_it(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer(None)
    choose(page, "Two")
    state(page, "failed")
    server.says, server.user = server.store, "marcus"
    page.on("dialog", lambda dialog: dialog.accept())
    server.open()
    page.wait_for_timeout(300)
    assert server.stored == []
    assert not page.get_by_label("Two").is_checked()
    assert queue(page)[ADDRESS]["fields"][0] == ["answer", "two"]


def test_signed_out_it_goes_to_sign_in_and_saves_on_return(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer("", 401, {"HX-Redirect": "/sign-in/?next=/run/1/"})
    choose(page, "Two")
    page.wait_for_url("**/sign-in/?next=/run/1/")
    assert queue(page)[ADDRESS]["revision"] == "1"
    server.says = server.store
    server.open()
    state(page, "saved")
    assert page.get_by_label("Two").is_checked()
    assert server.answers() == ["two"]


def test_what_is_not_acceptable_stays_typed_beside_the_reason(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer(drawn(FORM, revision=1, error="Say it in numbers."), 422)
    page.locator("#comment").fill("many")
    page.get_by_text("Say it in numbers.").wait_for()
    state(page, "failed")
    assert page.locator("#comment").input_value() == "many"
    assert page.evaluate("document.activeElement.id") == "error"
    assert not page.get_by_role("button", name="Retry").is_visible()
    server.says = server.store
    page.locator("#comment").fill("7")
    state(page, "saved")
    assert server.stored[-1]["comment"] == ["7"]


def test_a_conflict_is_shown_and_never_overwritten(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer(drawn(FORM, revision=5, conflict=True), 409)
    choose(page, "Two")
    page.get_by_text("Marcus answered three.").wait_for()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(200)
    assert len(server.stage.posts()) == 1
    assert queue(page)[ADDRESS]["revision"] == "1"  # a later try must not pretend to have seen the other answer
    server.says = server.store
    page.get_by_role("button", name="Keep theirs").click()
    page.get_by_role("heading", name="The next question").wait_for()
    assert server.stored[-1]["resolve"] == ["theirs"]
    assert queue(page) == {}


def test_next_waits_for_what_is_under_way_and_carries_the_new_revision(server: Server) -> None:
    page = server.open()
    page.evaluate(SLOW_NETWORK)
    choose(page, "Two")
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("heading", name="The next question").wait_for()
    saved, moved = server.stored
    assert "go" not in saved
    assert moved["go"] == ["next"]
    assert moved["revision"] == ["2"]
    assert moved["answer"] == ["two"]


def test_a_change_during_a_save_builds_on_it(server: Server) -> None:
    page = server.open()
    page.evaluate(SLOW_NETWORK)
    choose(page, "Two")
    page.wait_for_timeout(150)
    choose(page, "Three")
    expect(page.locator("input[name=revision]")).to_have_value("3")
    state(page, "saved")
    assert [(form["answer"], form["revision"]) for form in server.stored] == [(["two"], ["1"]), (["three"], ["2"])]


def test_next_does_not_leave_while_an_answer_is_unsaved(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer(None)
    choose(page, "Two")
    state(page, "failed")
    page.get_by_role("button", name="Next", exact=True).click()
    page.wait_for_timeout(300)
    assert page.url.endswith(QUESTION)
    assert queue(page) != {}


def test_keys_answer_and_go_on_but_not_while_typing(server: Server) -> None:
    page = server.open()
    page.locator("#comment").press_sequentially("b2\n")
    assert not page.get_by_label("Two").is_checked()
    page.locator("#comment").blur()
    page.keyboard.press("b")
    assert page.get_by_label("Two").is_checked()
    page.keyboard.press("3")
    assert page.get_by_label("Three").is_checked()
    page.keyboard.press("Control+a")
    assert page.get_by_label("Three").is_checked()
    state(page, "saved")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The next question").wait_for()
    assert server.stored[-1]["go"] == ["next"]
    assert server.stored[-1]["answer"] == ["three"]


def test_an_answer_that_stands_alone_takes_the_others_back(server: Server) -> None:
    page = server.open()
    choose(page, "Two")
    choose(page, "Not sure")
    assert not page.get_by_label("Two").is_checked()
    choose(page, "One")
    assert not page.get_by_label("Not sure").is_checked()
    state(page, "saved")
    assert server.stored[-1]["answer"] == ["one"]
    assert "state" not in server.stored[-1]


@pytest.mark.parametrize("saved", [True, False])
def test_leaving_is_questioned_only_when_something_is_unsaved(server: Server, saved: bool) -> None:
    page = server.open()
    server.says = server.store if saved else lambda asked: Answer(None)
    choose(page, "Two")
    state(page, "saved" if saved else "failed")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{ORIGIN}/run/2/")
    assert asked == ([] if saved else ["beforeunload"])


def test_it_works_where_the_browser_refuses_storage(server: Server) -> None:
    server.stage.page.add_init_script(REFUSED_STORAGE)
    page = server.open()
    choose(page, "Two")
    state(page, "saved")
    assert server.answers() == ["two"]


def test_without_javascript_next_sends_the_form(new_page: Callable[..., Any]) -> None:
    server = Server(Stage(new_page(java_script_enabled=False)))
    page = server.open()
    choose(page, "Two")
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("heading", name="The next question").wait_for()
    assert server.stored[0]["answer"] == ["two"]
    assert server.stored[0]["go"] == ["next"]
