"""Answering in a browser: by keyboard, without a script, on a narrow phone, without a network, in two places at once."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.actions import previews
from assessments.models import Answer, Assessment
from portal.demo.cast import PASSWORD
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address
from tests.plugins.browser import ready

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
VIOLATIONS = "axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"
IN_THE_BACKGROUND = "Object.defineProperty(document, 'hidden', { get: () => true })"
WIDTH = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


@pytest.fixture
def run(live_portal) -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


def enter(page: Page, live_portal, name: str) -> Page:
    """This will give the browser a session of somebody of the cast."""
    cookie = cast.visitor(name).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_portal.url("/")}])
    return page


def stored(run: Assessment, key: str) -> Answer | None:
    with cast.inside("harbor"):
        return Answer.objects.filter(assessment=run, question_key=key).first()


def heading(page: Page, text: str) -> None:
    """This will wait until the page with this title is there, its script included."""
    expect(page.locator("h1")).to_have_text(text)
    page.wait_for_load_state("domcontentloaded")


def test_a_whole_run_by_keyboard(live_portal, new_page, run):
    page = enter(new_page(), live_portal, "priya")
    page.goto(live_portal.url(address("client:take", run)))
    heading(page, "What is your motto?")
    page.get_by_label("What is your motto?").fill("Ever onward")
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    page.keyboard.press("Enter")
    heading(page, "Tell us how it began")
    page.get_by_label("Tell us how it began").fill("In a garage")
    page.get_by_label("Not applicable").check()
    expect(page.get_by_label("Tell us how it began")).to_have_value("")
    page.get_by_role("button", name="Next").click()
    heading(page, "Which share is done?")
    page.get_by_label("Which share is done?").fill("80")
    page.keyboard.press("Enter")
    heading(page, "Is it running on all computers?")
    page.keyboard.press("b")
    expect(page.get_by_label("On most")).to_be_checked()
    expect(page.locator(".run-count")).to_have_text("4 of 7 answered")
    page.keyboard.press("Enter")
    heading(page, "Who looks after it?")
    page.keyboard.press("a")
    page.keyboard.press("c")
    expect(page.get_by_label("We do")).not_to_be_checked()
    expect(page.get_by_label("Nobody")).to_be_checked()
    page.keyboard.press("Enter")
    heading(page, "Do you keep backups?")
    page.keyboard.press("1")
    expect(page.locator("#run-where")).to_contain_text("of 8")
    page.keyboard.press("Enter")
    heading(page, "How sure are you that they work?")
    page.keyboard.press("4")
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    heading(page, "Since when?")
    page.get_by_label("Since when?").fill("2024-02-29")
    expect(page.locator(".run-count")).to_have_text("8 of 8 answered")
    page.get_by_role("button", name="Review answers").click()
    heading(page, "Review your answers")
    page.get_by_role("button", name="Submit").click()
    heading(page, "Your answers are in")
    expect(page.get_by_text("Sam Okafor is reviewing your results")).to_be_visible()
    assert stored(run, "story").state == "not_applicable"
    assert stored(run, "tested").value == 4


def test_a_whole_run_without_a_script(live_portal, new_page, run, browser_errors):
    page = enter(new_page(java_script_enabled=False), live_portal, "priya")
    page.goto(live_portal.url(address("client:take", run)))
    following = page.get_by_role("button", name="Next")
    page.get_by_label("What is your motto?").fill("Ever onward")
    following.click()
    heading(page, "Tell us how it began")
    following.click()
    heading(page, "Which share is done?")
    page.get_by_label("Which share is done?").fill("lots")
    following.click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a number, for example 12 or 1.5.")
    expect(page.get_by_label("Which share is done?")).to_have_value("lots")
    page.get_by_label("Which share is done?").fill("80")
    page.get_by_role("button", name="Back").click()
    heading(page, "Tell us how it began")
    following.click()
    heading(page, "Which share is done?")
    following.click()
    heading(page, "Is it running on all computers?")
    page.get_by_label("On most").check()
    following.click()
    heading(page, "Who looks after it?")
    following.click()
    heading(page, "Do you keep backups?")
    page.get_by_role("radio", name="No", exact=True).check()
    following.click()
    heading(page, "Since when?")
    page.get_by_role("button", name="Review answers").click()
    heading(page, "Review your answers")
    page.get_by_role("link", name=re.compile("Change ?: Do you keep backups")).click()
    page.get_by_role("button", name="Clear answer").click()
    expect(page.get_by_role("radio", name="No", exact=True)).not_to_be_checked()
    page.goto(live_portal.url(address("client:review", run)))
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("alert").get_by_role("link", name="Do you keep backups?").click()
    page.get_by_label("Yes").check()
    following.click()
    heading(page, "How sure are you that they work?")
    page.goto(live_portal.url(address("client:review", run)))
    page.get_by_role("button", name="Submit").click()
    heading(page, "Your answers are in")
    assert (stored(run, "share").value, stored(run, "backup").value) == (80, "yes")
    browser_errors.allow("422")


def test_without_a_network_the_answer_waits_and_is_sent_later(live_portal, new_page, run, browser_errors):
    page = enter(new_page(), live_portal, "priya")
    page.goto(live_portal.url(address("client:question", run, "edr")))
    page.context.set_offline(True)
    page.get_by_label("On most").check()
    expect(page.locator("#saved")).to_contain_text("Not saved.")
    assert stored(run, "edr") is None
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    assert stored(run, "edr").value == "most"
    browser_errors.allow("ERR_INTERNET_DISCONNECTED|Failed to load resource|Failed to fetch")


def test_a_session_that_ended_costs_no_answer(live_portal, new_page, run, browser_errors):
    page = enter(new_page(), live_portal, "priya")
    page.goto(live_portal.url(address("client:question", run, "motto")))
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("What is your motto?").fill("Kept in mind")
    expect(page).to_have_url(re.compile("/account/login/"))
    assert stored(run, "motto") is None
    page.get_by_label("Email").fill(cast.EMAILS["priya"])
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    heading(page, "What is your motto?")
    expect(page.get_by_label("What is your motto?")).to_have_value("Kept in mind")
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    assert stored(run, "motto").value == "Kept in mind"
    browser_errors.allow("401")


def test_two_people_on_one_question_choose(live_portal, new_page, run, browser_errors):
    priya, marcus = (enter(new_page(), live_portal, name) for name in ("priya", "marcus"))
    for page in (priya, marcus):
        page.goto(live_portal.url(address("client:question", run, "edr")))
    priya.get_by_label("On most").check()
    expect(priya.locator("#saved")).to_contain_text("Saved just now")
    # A click, not a check: the conflict may have taken the form away before the check looks again.
    marcus.get_by_label("On none").click()
    expect(marcus.get_by_role("heading", name="Priya Nair answered this too")).to_be_visible()
    assert stored(run, "edr").value == "most"
    marcus.get_by_role("button", name="Use mine").click()
    expect(marcus.get_by_label("On none")).to_be_checked()
    assert stored(run, "edr").value == "none"
    priya.get_by_label("On all").click()
    expect(priya.get_by_role("heading", name="Marcus Lee answered this too")).to_be_visible()
    priya.get_by_role("button", name="Keep theirs", exact=True).click()
    expect(priya.get_by_label("On none")).to_be_checked()
    priya.wait_for_load_state()
    expect(priya.locator("#saved")).not_to_contain_text("Not saved")
    browser_errors.allow("409")


def test_somebody_submits_while_one_types(live_portal, new_page, browser_errors):
    with cast.inside("harbor"):
        run = stage.completed()
    page = enter(new_page(), live_portal, "marcus")
    page.goto(live_portal.url(address("client:question", run, "motto")))
    with cast.inside("harbor"):
        stage.assessments.submit(by=cast.viewer("priya", "Northwind"), assessment=run)
    page.get_by_label("What is your motto?").fill("A thought too late")
    expect(page.get_by_text("Priya Nair submitted this assessment")).to_be_visible()
    expect(page.get_by_label("What you typed")).to_have_value("A thought too late")
    page.goto(live_portal.url(address("client:submitted", run)))
    expect(page.locator("#saved")).to_contain_text("One answer is not saved.")
    page.get_by_role("link", name="Show it").click()
    expect(page.get_by_label("What you typed")).to_have_value("A thought too late")
    page.get_by_role("button", name="Discard what I typed").click()
    heading(page, "Your answers are in")
    page.wait_for_load_state()
    expect(page.locator("#saved")).not_to_contain_text("not saved")
    assert stored(run, "motto") is None
    browser_errors.allow("409")


def test_what_is_not_acceptable_is_said_while_typing_goes_on(live_portal, new_page, run, browser_errors):
    page = enter(new_page(), live_portal, "priya")
    page.goto(live_portal.url(address("client:question", run, "share")))
    field = page.get_by_label("Which share is done?")
    field.press_sequentially("12x")
    expect(page.locator("#answer-error")).to_contain_text("Enter a number, for example 12 or 1.5.")
    expect(field).to_be_focused()
    expect(field).to_have_value("12x")
    field.press("Backspace")
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    assert stored(run, "share").value == 12
    browser_errors.allow("422")


def test_staff_see_answers_come(live_portal, new_page, run):
    page = enter(new_page(), live_portal, "sam")
    page.clock.install()
    page.goto(live_portal.url(address("staff:assessment", run)))
    ready(page)
    expect(page.get_by_text("Not started")).to_be_visible()
    with cast.inside("harbor"):
        stage.say(cast.viewer("priya", "Northwind"), run, "motto", "Ever onward")
    page.clock.run_for(16_000)
    expect(page.get_by_text("In progress")).to_be_visible()
    page.locator("summary", has_text="Basics").click()
    expect(page.get_by_text("Ever onward")).to_be_visible()
    with cast.inside("harbor"):
        stage.say(cast.viewer("priya", "Northwind"), run, "edr", "most")
    page.clock.run_for(16_000)
    expect(page.locator("#progress .stat-num").first).to_contain_text("2")
    # What was unfolded stays unfolded.
    expect(page.get_by_text("Ever onward")).to_be_visible()
    with cast.inside("harbor"):
        stage.submitted(run=stage.completed(run=run))


def test_staff_release_in_two_steps(live_portal, new_page):
    with cast.inside("harbor"):
        run = stage.submitted()
    page = enter(new_page(), live_portal, "sam")
    page.goto(live_portal.url(address("staff:assessment", run)))
    ready(page)
    confirm = page.get_by_role("button", name="Release", exact=True)
    expect(confirm).to_be_hidden()
    page.get_by_role("link", name="Release results").click()
    confirm.click()
    expect(page.get_by_text("Northwind Dental can see the results now.")).to_be_visible()


def test_in_a_preview_everything_is_shown_and_nothing_can_be_given(live_portal, new_page, run):
    with cast.inside("harbor"):
        stage.say(cast.viewer("priya", "Northwind"), run, "edr", "most", comment="Servers follow")
        prefix = previews.start(by=cast.viewer("sam", "Northwind"), viewpoint="company-admin")
    page = enter(new_page(), live_portal, "sam")
    page.goto(live_portal.url(prefix + address("client:question", run, "edr")))
    expect(page.get_by_text("This is a preview: answers cannot be given or changed here.")).to_be_visible()
    expect(page.get_by_label("On most")).to_be_checked()
    expect(page.get_by_label("On all")).to_be_disabled()
    page.get_by_role("link", name="Next").click()
    heading(page, "Who looks after it?")
    expect(page).to_have_url(re.compile(re.escape(prefix)))
    page.goto(live_portal.url(prefix + address("client:review", run)))
    expect(page.get_by_role("button", name="Submit")).to_have_count(0)


@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [("dark", {"width": 320, "height": 700}), ("light", {"width": 1440, "height": 900})],
    ids=["narrow", "wide"],
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(live_portal, new_page, run, browser_errors, scheme, viewport):
    with cast.inside("harbor"):
        priya = cast.viewer("priya", "Northwind")
        stage.say(priya, run, "backup", "yes")
        stage.say(priya, run, "edr", state="dont_know", comment="We ask Felix")
        waiting = stage.submitted(run=stage.launched(definition=run.definition))
        done = stage.released(run=stage.launched(definition=run.definition))
    pages = {
        "priya": [
            *(
                address("client:question", run, key)
                for key in ("motto", "story", "share", "edr", "who", "backup", "tested", "since")
            ),
            address("client:review", run),
            address("client:submitted", waiting),
            address("client:question", waiting, "edr"),
            address("client:results", done),
        ],
        "sam": [address("staff:assessment", one) for one in (run, waiting, done)],
    }
    for name, paths in pages.items():
        # Colours are measured at rest: nothing fades in, and nothing asks the server meanwhile, which dims what waits.
        options = {"viewport": viewport, "color_scheme": scheme, "reduced_motion": "reduce"}
        page = enter(new_page(**options), live_portal, name)
        page.add_init_script(IN_THE_BACKGROUND)
        for path in paths:
            page.goto(live_portal.url(path))
            ready(page)
            page.evaluate("document.fonts.ready.then(() => true)")
            page.evaluate(AXE)
            assert page.evaluate(VIOLATIONS) == [], path
            scroll, client = page.evaluate(WIDTH)
            assert scroll <= client, path
        if name == "priya":
            page.goto(live_portal.url(address("client:question", run, "share")))
            page.get_by_label("Which share is done?").fill("lots")
            expect(page.locator("#answer-error")).to_be_visible()
            expect(page.locator("#saved")).to_have_attribute("data-state", "failed")
            page.evaluate(AXE)
            assert page.evaluate(VIOLATIONS) == []
    browser_errors.allow("422")
