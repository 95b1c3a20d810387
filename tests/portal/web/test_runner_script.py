"""No answer is lost: static/js/answering.js against a server that is slow, gone, signed out, or of another opinion."""

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
# Holds every answer back until letGo().
SLOW_NETWORK = """
const send = fetch;
const released = new Promise((done) => { window.letGo = done; });
window.fetch = async (...request) => {
    const answer = await send(...request);
    await released;
    return answer;
};
true;
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

    def open_stopped(self) -> Any:
        """This will show the question with its timers stopped: nothing is sent later or again by itself."""
        return self.stage.open_stopped(QUESTION)

    def open_again_with_the_network_back(self) -> None:
        """This will show the question anew; from the moment it is asked for, answers are stored."""

        def back(asked: Asked) -> Answer:
            self.says = self.store
            return Answer(drawn(PAGE, user=self.user, revision=self.revision))

        self.stage.at[QUESTION] = back
        self.open()

    def answers(self) -> list[str]:
        return [form.get("answer", [""])[0] for form in self.stored]


@pytest.fixture
def server(new_page: Callable[..., Any], browser_errors: Any) -> Any:
    yield Server(Stage(new_page()))
    browser_errors.allow("Failed to load resource")  # the errors these tests ask for


def choose(page: Any, label: str) -> None:
    # A click, not a check: the server's answer may have changed the form before the check looks again.
    page.get_by_label(label, exact=False).first.click(force=True)


def state(page: Any, expected: str) -> None:
    page.locator(f"#saved[data-state={expected}]").wait_for()


def come_to_rest(page: Any) -> None:
    """This will wait until whatever is being sent is done with, and what waited for it has had its turn."""
    for _turn in range(2):
        page.evaluate(f"navigator.locks.request('{KEY}', () => true)")


def queue(page: Any, key: str = KEY) -> dict[str, Any]:
    """This will read what waits in the browser, by address, oldest first."""
    return {entry["url"]: entry for entry in json.loads(page.evaluate(f"localStorage.getItem('{key}')") or "[]")}


def test_a_choice_is_saved_at_once(server: Server) -> None:
    page = server.open()
    choose(page, "Two")
    state(page, "saved")
    expect(page.locator("#saved [data-saved-text]")).to_have_text("Saved just now")
    (form,) = server.stored
    assert form["answer"] == ["two"]
    assert form["revision"] == ["1"]
    assert form["csrfmiddlewaretoken"] == ["token"]
    expect(page.locator("input[name=revision]")).to_have_value("2")
    expect(page.locator("#run-progress")).to_have_attribute("value", "3")
    assert queue(page) == {}


def test_text_is_saved_after_a_pause(server: Server) -> None:
    page = server.open_stopped()
    page.locator("#comment").press_sequentially("half of them")
    page.clock.run_for(700)
    come_to_rest(page)
    assert queue(page)[ADDRESS]["fields"] == [["comment", "half of them"]]
    assert server.stage.posts() == []
    page.clock.run_for(100)
    state(page, "saved")
    assert [form["comment"] for form in server.stored] == [["half of them"]]


def test_an_answer_waits_while_the_network_is_gone(server: Server) -> None:
    page = server.open_stopped()
    server.says = lambda asked: Answer(None)
    choose(page, "Two")
    state(page, "failed")
    expect(page.locator("#saved")).to_contain_text("Not saved.")
    assert queue(page)[ADDRESS]["fields"] == [["answer", "two"], ["comment", ""]]
    server.says = server.store
    page.get_by_role("button", name="Retry").click()
    state(page, "saved")
    assert server.answers() == ["two"]
    assert queue(page) == {}


def test_it_is_sent_again_by_itself_and_when_the_network_is_back(server: Server) -> None:
    page = server.open_stopped()
    server.says = lambda asked: Answer("", 503)
    choose(page, "Two")
    state(page, "failed")
    server.says = server.store
    page.clock.run_for(4_000)
    state(page, "saved")
    server.says = lambda asked: Answer(None)
    choose(page, "Three")
    state(page, "failed")
    server.says = server.store
    page.evaluate("dispatchEvent(new Event('online'))")
    state(page, "saved")
    assert server.answers() == ["two", "three"]


def test_the_next_page_of_the_assessment_shows_it_again_and_sends_it(server: Server) -> None:
    page = server.open_stopped()
    server.says = lambda asked: Answer(None)
    choose(page, "Two")
    state(page, "failed")
    page.locator("#comment").fill("Half of them")
    page.clock.run_for(800)
    state(page, "failed")
    page.on("dialog", lambda dialog: dialog.accept())
    server.open_again_with_the_network_back()
    state(page, "saved")
    expect(page.get_by_label("Two")).to_be_checked()
    expect(page.locator("#comment")).to_have_value("Half of them")
    assert server.answers()[-1] == "two"


def test_another_person_at_the_same_browser_never_sends_it(server: Server) -> None:
    page = server.open_stopped()
    server.says = lambda asked: Answer(None)
    choose(page, "Two")
    state(page, "failed")
    server.user = "marcus"
    page.on("dialog", lambda dialog: dialog.accept())
    server.open_again_with_the_network_back()
    expect(page.get_by_label("Two")).not_to_be_checked()
    # Whatever waits goes out before or with the next answer, and an answer of his own is the only one that does.
    choose(page, "Three")
    state(page, "saved")
    assert server.answers() == ["three"]
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
    expect(page.get_by_label("Two")).to_be_checked()
    assert server.answers() == ["two"]


def test_what_is_not_acceptable_stays_typed_beside_the_reason(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer(drawn(FORM, revision=1, error="Say it in numbers."), 422)
    page.locator("#comment").fill("many")
    page.get_by_text("Say it in numbers.").wait_for()
    state(page, "failed")
    expect(page.locator("#comment")).to_have_value("many")
    expect(page.locator("#error")).to_be_focused()
    expect(page.get_by_role("button", name="Retry")).to_be_hidden()
    server.says = server.store
    page.locator("#comment").fill("7")
    state(page, "saved")
    assert server.stored[-1]["comment"] == ["7"]


def test_a_conflict_is_shown_and_never_overwritten(server: Server) -> None:
    page = server.open()
    server.says = lambda asked: Answer(drawn(FORM, revision=5, conflict=True), 409)
    choose(page, "Two")
    page.get_by_text("Marcus answered three.").wait_for()
    state(page, "failed")
    page.evaluate("dispatchEvent(new Event('online'))")
    come_to_rest(page)
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
    expect(page.get_by_role("heading", name="How many?")).to_be_visible()
    page.evaluate("letGo()")
    page.get_by_role("heading", name="The next question").wait_for()
    saved, moved = server.stored
    assert "go" not in saved
    assert moved["go"] == ["next"]
    assert moved["revision"] == ["2"]
    assert moved["answer"] == ["two"]


def test_a_change_during_a_save_builds_on_it(server: Server) -> None:
    page = server.open()
    page.evaluate(SLOW_NETWORK)
    with page.expect_response(lambda response: response.request.method == "POST"):
        choose(page, "Two")
    choose(page, "Three")
    page.evaluate("letGo()")
    expect(page.locator("input[name=revision]")).to_have_value("3")
    state(page, "saved")
    assert [(form["answer"], form["revision"]) for form in server.stored] == [(["two"], ["1"]), (["three"], ["2"])]


def test_next_does_not_leave_while_an_answer_is_unsaved(server: Server) -> None:
    page = server.open_stopped()
    server.says = lambda asked: Answer(None)
    choose(page, "Two")
    state(page, "failed")
    with page.expect_event("requestfailed"):  # Next tries once more
        page.get_by_role("button", name="Next", exact=True).click()
    come_to_rest(page)
    state(page, "failed")
    assert page.url.endswith(QUESTION)
    assert queue(page) != {}
    # The page is still at work, and leaving was not merely late.
    server.says = server.store
    page.get_by_role("button", name="Retry").click()
    state(page, "saved")
    assert ["go" in asked.form for asked in server.stage.posts()] == [False, False, False]


def test_keys_answer_and_go_on_but_not_while_typing(server: Server) -> None:
    page = server.open()
    page.locator("#comment").press_sequentially("b2\n")
    expect(page.locator("#comment")).to_have_value("b2\n")
    expect(page.get_by_label("Two")).not_to_be_checked()
    page.locator("#comment").blur()
    page.keyboard.press("b")
    expect(page.get_by_label("Two")).to_be_checked()
    page.keyboard.press("3")
    expect(page.get_by_label("Three")).to_be_checked()
    page.keyboard.press("Control+a")
    state(page, "saved")
    expect(page.get_by_label("Three")).to_be_checked()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The next question").wait_for()
    assert server.stored[-1]["go"] == ["next"]
    assert server.stored[-1]["answer"] == ["three"]


def test_an_answer_that_stands_alone_takes_the_others_back(server: Server) -> None:
    page = server.open()
    choose(page, "Two")
    choose(page, "Not sure")
    expect(page.get_by_label("Not sure")).to_be_checked()
    expect(page.get_by_label("Two")).not_to_be_checked()
    choose(page, "One")
    expect(page.get_by_label("One")).to_be_checked()
    expect(page.get_by_label("Not sure")).not_to_be_checked()
    state(page, "saved")
    assert server.stored[-1]["answer"] == ["one"]
    assert "state" not in server.stored[-1]


@pytest.mark.parametrize("saved", [True, False])
def test_leaving_is_questioned_only_when_something_is_unsaved(server: Server, saved: bool) -> None:
    page = server.open_stopped()
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
