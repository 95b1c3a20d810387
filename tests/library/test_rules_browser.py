"""Conditions, scores and samples in a browser: by keyboard alone, without a script, on a narrow phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from library.models import Definition
from tests import cast
from tests.library.editing import at, document_now, drafted

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
VIOLATIONS = "axe.run('#main').then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"
WIDTH = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
SAMPLE = {"key": "strong", "name": "Strong", "answers": {"copies": "yes"}, "expected": {"overall": 100}}


@pytest.fixture
def definition(live_portal) -> Definition:
    return drafted(samples=[SAMPLE])


def enter(page: Page, live_portal, name: str) -> Page:
    """This will give the browser a session of somebody of the cast."""
    cookie = cast.visitor(name).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_portal.url("/")}])
    return page


def test_a_condition_is_built_by_keyboard_alone(live_portal, new_page, definition):
    page = enter(new_page(), live_portal, "sam")
    page.goto(live_portal.url(at("condition", definition, "question", "notes", "show_if")))
    page.get_by_role("button", name="Ask only under a condition").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rule-question")).to_be_focused()
    page.keyboard.type("copies")
    page.keyboard.press("Tab")
    expect(page.locator(".rule-question")).to_have_value("1 · Are there copies?")
    page.get_by_label("Answer").focus()
    page.keyboard.type("Yes")
    expect(page.locator(".condition-words")).to_have_text("Asked when question 1 is “Yes”.")
    expect(page.locator(".saved-state.is-saved")).to_be_visible()
    page.get_by_role("button", name="Add a group").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rule-inner .rule-question")).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.get_by_label("Number").fill("3")
    page.keyboard.press("Tab")
    expect(page.locator(".condition-words")).to_have_text(
        "Asked when question 1 is “Yes” and question 2 is at least 3."
    )
    page.reload()
    expect(page.locator(".rule-question")).to_have_count(2)
    condition = document_now(definition).question("notes").show_if
    assert [part.question for part in (condition.all[0], condition.all[1].any[0])] == ["copies", "tested"]


def test_without_a_script_rules_zones_and_answers_are_saved_by_buttons(live_portal, new_page, definition):
    page = enter(new_page(java_script_enabled=False), live_portal, "sam")
    page.goto(live_portal.url(at("condition", definition, "question", "notes", "show_if")))
    page.get_by_role("button", name="Ask only under a condition").click()
    page.locator(".rule-question").fill("1")
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("Answer").select_option("no")
    page.locator(".condition-foot").get_by_role("button", name="Save").click()
    expect(page.locator(".condition-words")).to_have_text("Asked when question 1 is “No”.")
    page.goto(live_portal.url(at("scoring", definition)))
    page.get_by_role("button", name="Add a zone").click()
    page.get_by_label("Name").last.fill("Best")
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator(".zone-card")).to_have_count(3)
    page.goto(live_portal.url(at("sample", definition, "strong")))
    page.locator('#question-tested input[value="4"]').check()
    page.locator("#question-tested").get_by_role("button", name="Save").click()
    expect(page.locator("#sample-result")).to_contain_text("50")
    document = document_now(definition)
    assert document.question("notes").show_if.value == "no"
    assert [zone.label for zone in document.scoring.zones] == ["Weak", "Strong", "Best"]
    assert document.samples[0].answers == {"copies": "yes", "tested": 4}


def test_a_number_leads_to_its_explanation_and_further_down(live_portal, new_page, definition):
    page = enter(new_page(), live_portal, "sam")
    page.goto(live_portal.url(at("sample", definition, "strong")))
    page.locator('#question-tested input[value="4"]').check()
    expect(page.locator("#sample-result .is-wrong td").nth(1)).to_have_text("50")
    page.locator("#sample-result").get_by_role("link").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Result")
    dialog.get_by_role("link", name="Backups").click()
    expect(dialog.get_by_role("heading", name="Backups")).to_be_visible()
    dialog.get_by_role("link", name="Are there copies?").click()
    expect(dialog).to_contain_text("Counts in")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_narrow_phone(live_portal, new_page, definition, scheme):
    page = enter(new_page(viewport={"width": 320, "height": 700}, color_scheme=scheme, bypass_csp=True), live_portal, "sam")  # fmt: skip
    for name, args in (
        ("condition", ("question", "notes", "show_if")), ("scoring", ()), ("score", ("overall",)), ("weights", ()),
        ("samples", ()), ("sample", ("strong",)), ("sample_explanation", ("strong", "overall")), ("recommendations", ("score", "overall")),
    ):  # fmt: skip
        page.goto(live_portal.url(at(name, definition, *args)))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        wide, narrow = page.evaluate(WIDTH)
        assert wide <= narrow, name
        page.evaluate(AXE)
        assert page.evaluate(VIOLATIONS) == [], name
