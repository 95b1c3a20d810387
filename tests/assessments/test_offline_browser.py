"""Without a network: answering goes on in the section, everything waits in the browser, and is sent once and in order."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assessments.models import Answer, AnswerRevision, Assessment
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address
from tests.assessments.test_answer_sets import carried
from tests.assessments.test_taking_browser import AXE, VIOLATIONS, WIDTH, enter, heading
from tests.plugins.browser import FLAGS, PATIENCE, ready

GONE = "ERR_INTERNET_DISCONNECTED|Failed to load resource|Failed to fetch"
FETCHED = "() => Object.keys(sessionStorage).some((key) => key.endsWith('.ahead'))"


@pytest.fixture
def run(live_portal) -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


@pytest.fixture
def phone(browser, live_portal, tmp_path: Path) -> Iterator[Callable[[], BrowserContext]]:
    """This will open a phone's browser, whose storage outlives it: opened again, it is the same phone."""
    opened: list[BrowserContext] = []

    def open_it() -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "phone"), executable_path=_program(), args=FLAGS,
            viewport={"width": 390, "height": 844}, locale="en-US",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        cookie = cast.visitor("priya").cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_portal.url("/")}])
        opened.append(context)
        return context

    yield open_it
    for context in opened:
        context.close()


def _program() -> str:
    import os
    import shutil

    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""


def history(run: Assessment) -> list[tuple]:
    with cast.inside("harbor"):
        rows = AnswerRevision.objects.filter(assessment=run).order_by("created_at", "id")
        return list(rows.values_list("question_key", "value", "was_taken"))


def stored(run: Assessment) -> dict:
    with cast.inside("harbor"):
        return dict(Answer.objects.filter(assessment=run).values_list("question_key", "value"))


def fetched_ahead(page: Page) -> None:
    page.wait_for_function(FETCHED)


def test_a_phone_goes_offline_in_the_middle_of_a_section_and_is_closed(live_portal, run, phone):
    context = phone()
    page = context.pages[0]
    page.goto(live_portal.url(address("client:question", run, "motto")))
    fetched_ahead(page)
    page.get_by_label("What is your motto?").fill("Ever onward")
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    context.set_offline(True)
    page.get_by_role("button", name="Next").click()
    heading(page, "Tell us how it began")
    expect(page.locator("#run-offline")).to_contain_text("You are offline.")
    page.get_by_label("Tell us how it began").fill("In a garage")
    page.get_by_role("button", name="Next").click()
    heading(page, "Which share is done?")
    page.get_by_label("Which share is done?").fill("80")
    page.get_by_role("button", name="Next").click()
    heading(page, "Is it running on all computers?")
    page.locator(".option", has_text="On most").click()
    expect(page.locator("#run-offline")).to_contain_text("Offline: 3 answers wait here.")
    page.get_by_role("button", name="Back").click()
    heading(page, "Which share is done?")
    expect(page.get_by_label("Which share is done?")).to_have_value("80")
    page.get_by_label("Which share is done?").fill("90")
    page.get_by_role("button", name="Next").click()
    heading(page, "Is it running on all computers?")
    expect(page.get_by_label("On most")).to_be_checked()
    page.get_by_role("button", name="Next").click()
    heading(page, "Who looks after it?")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#run-offline")).to_contain_text("The next page can be loaded only with a network.")
    assert stored(run) == {"motto": "Ever onward"}
    context.close()
    # Back again, on whatever page of the run.
    context = phone()
    page = context.pages[0]
    page.goto(live_portal.url(address("client:review", run)))
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    assert stored(run) == {"motto": "Ever onward", "story": "In a garage", "share": 90, "edr": "most"}
    assert history(run) == [
        ("motto", "Ever onward", True),
        ("story", "In a garage", True),
        ("share", 80, True),
        ("edr", "most", True),
        ("share", 90, True),
    ]
    assert page.evaluate("localStorage.length") == 0


def test_going_back_and_forth_shows_what_was_answered_before_the_network_went(
    live_portal, new_page, run, browser_errors
):
    page = enter(new_page(), live_portal, "priya")
    page.goto(live_portal.url(address("client:question", run, "motto")))
    fetched_ahead(page)
    page.get_by_label("What is your motto?").fill("Ever onward")
    page.get_by_role("button", name="Next").click()
    heading(page, "Tell us how it began")
    page.context.set_offline(True)
    page.get_by_role("button", name="Back").click()
    heading(page, "What is your motto?")
    expect(page.get_by_label("What is your motto?")).to_have_value("Ever onward")
    page.get_by_label("What is your motto?").fill("Onward")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    expect(page.locator("#run-offline")).to_be_hidden()
    # It built on what had been stored: no conflict.
    assert history(run) == [("motto", "Ever onward", True), ("motto", "Onward", True)]
    page.get_by_role("button", name="Next").click()
    heading(page, "Tell us how it began")
    browser_errors.allow(GONE)


def test_what_is_sent_twice_is_stored_once(live_portal, new_page, run, browser_errors):
    page = enter(new_page(), live_portal, "priya")
    page.goto(live_portal.url(address("client:question", run, "motto")))
    lost: list[int] = []

    def lose_the_answer(route) -> None:
        # It is stored; the word of it never arrives.
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        with cast.inside("harbor"):
            lost.append(stage.say(cast.viewer("priya", "Northwind"), run, "motto", "Ever onward").revision)
        route.abort("internetdisconnected")

    page.route("**/questions/motto/", lose_the_answer)
    page.get_by_label("What is your motto?").fill("Ever onward")
    expect(page.locator("#saved")).to_contain_text("Not saved.")
    assert lost == [1]
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    assert history(run) == [("motto", "Ever onward", True)]
    browser_errors.allow(GONE)


def test_in_a_whole_section_everything_waits_as_well(live_portal, new_page, run, browser_errors):
    page = enter(new_page(), live_portal, "priya")
    page.goto(live_portal.url(address("client:section", run, "more")))
    page.context.set_offline(True)
    page.get_by_label("Since when?").fill("2024-02-29")
    page.locator("#question-backup").get_by_label("Yes").check()
    expect(page.locator("#run-offline")).to_contain_text("Offline: 2 answers wait here.")
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    # The question that the answer brings comes along.
    expect(page.get_by_role("heading", name="How sure are you that they work?")).to_be_visible()
    assert history(run) == [("since", "2024-02-29", True), ("backup", "yes", True)]
    browser_errors.allow(GONE)


def test_a_whole_section_by_keyboard(live_portal, new_page, run):
    page = enter(new_page(), live_portal, "priya")
    page.goto(live_portal.url(address("client:section", run, "more")))
    page.locator("#question-backup input").first.focus()
    page.keyboard.press("a")
    expect(page.locator("#question-backup").get_by_label("Yes")).to_be_checked()
    expect(page.get_by_role("heading", name="How sure are you that they work?")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("4")
    expect(page.locator("#question-tested").get_by_role("radio", name="4", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Since when?")).to_be_focused()
    expect(page.locator(".run-count")).to_have_text("2 of 8 answered")
    page.locator("#question-backup").get_by_role("button", name="Flag for later").click()
    expect(page.locator("#question-backup").get_by_role("button", name="Flagged for later")).to_be_visible()
    expect(page.locator(".run-nav .run-flags")).to_contain_text("1")
    page.locator("#question-backup").get_by_role("button", name="Clear answer").click()
    expect(page.get_by_role("heading", name="How sure are you that they work?")).to_be_hidden()
    expect(page.locator(".run-count")).to_have_text("0 of 7 answered")


@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [("dark", {"width": 320, "height": 700}), ("light", {"width": 1440, "height": 900})],
    ids=["narrow", "wide"],
)
def test_axe_finds_nothing_in_a_whole_section(live_portal, new_page, run, scheme, viewport):
    with cast.inside("harbor"):
        carried(run, "motto", "Onward")
        stage.say(cast.viewer("marcus", "Northwind"), run, "edr", "most", comment="Servers follow")
    page = enter(new_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce"), live_portal, "priya")
    for path in (
        address("client:section", run, "basics"),
        address("client:question", run, "motto"),
        address("client:review", run),
    ):
        page.goto(live_portal.url(path))
        ready(page)
        page.evaluate("document.fonts.ready.then(() => true)")
        page.evaluate(AXE)
        assert page.evaluate(VIOLATIONS) == [], path
        scroll, client = page.evaluate(WIDTH)
        assert scroll <= client, path
