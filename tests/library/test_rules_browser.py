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
    expect(page.get_by_label("Comparison")).to_have_value("equals")
    expect(page.get_by_label("Comparison")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Answer")).to_be_focused()
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


def test_the_focus_goes_on_to_the_comparison_unless_one_went_elsewhere(live_portal, new_page, definition):
    page = enter(new_page(), live_portal, "sam")
    page.goto(live_portal.url(at("condition", definition, "question", "notes", "show_if")))
    page.get_by_role("button", name="Ask only under a condition").click()
    question, comparison = page.locator(".rule-question"), page.locator(".rule-operator")
    expect(question).to_be_focused()
    page.keyboard.type("1")
    # The answer of the server waits until the focus is where it shall be then.
    waiting = []
    page.route("**/show_if/**", lambda route: waiting.append(route))

    def answer_now():
        expect(page.locator("#saved")).to_have_attribute("data-state", "saving")
        while not waiting:
            page.wait_for_timeout(20)
        waiting.pop().continue_()

    page.keyboard.press("Tab")
    expect(comparison).to_be_focused()
    expect(comparison).to_have_text("Choose a question first")
    answer_now()
    expect(comparison).to_have_value("equals")
    expect(comparison).to_be_focused()
    # Another question: its comparison is another one, and the focus is there too.
    question.fill("2")
    page.keyboard.press("Tab")
    expect(comparison).to_be_focused()
    answer_now()
    expect(page.get_by_label("Number")).to_be_visible()
    expect(comparison).to_be_focused()
    # Who goes elsewhere while the answer is on its way stays there.
    question.fill("1")
    page.keyboard.press("Tab")
    expect(comparison).to_be_focused()
    add = page.get_by_role("button", name="Add a rule")
    add.focus()
    answer_now()
    expect(page.get_by_label("Answer")).to_be_visible()
    expect(add).to_be_focused()


def test_two_people_on_one_condition_choose_and_typing_on_saves_over_nothing(live_portal, new_page, definition, browser_errors):  # fmt: skip
    sam, ada = enter(new_page(), live_portal, "sam"), enter(new_page(), live_portal, "ada")
    for page in (sam, ada):
        page.goto(live_portal.url(at("condition", definition, "question", "notes", "show_if")))
        page.get_by_role("button", name="Ask only under a condition").click()
        page.locator(".rule-question").fill("1")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Answer")).to_be_visible()
    ada.get_by_label("Answer").select_option("yes")
    expect(ada.locator(".saved-state.is-saved")).to_be_visible()
    sam.get_by_label("Answer").select_option("no")
    notice = sam.locator("[data-conflict-notice]")
    expect(notice).to_contain_text("Ada Whitfield changed this meanwhile")
    with sam.expect_response(lambda response: response.request.method == "POST") as answered:
        sam.get_by_label("Comparison").select_option("not_equals")
    assert answered.value.status == 409
    expect(notice).to_contain_text("Asked when question 1 is “Yes”.")
    expect(sam.locator("#saved")).to_contain_text("Not saved")
    condition = document_now(definition).question("notes").show_if
    assert (condition.operator, condition.value) == ("equals", "yes")
    sam.get_by_role("button", name="Keep mine").click()
    expect(notice).to_have_count(0)
    expect(sam.locator("#saved")).to_contain_text("Saved")
    condition = document_now(definition).question("notes").show_if
    assert (condition.operator, condition.value) == ("not_equals", "no")
    ada.get_by_label("Answer").select_option("")
    ada.get_by_label("Answer").select_option("yes")
    expect(ada.locator("[data-conflict-notice]")).to_be_visible()
    ada.get_by_role("button", name="Take theirs").click()
    expect(ada.locator("[data-conflict-notice]")).to_have_count(0)
    expect(ada.get_by_label("Answer")).to_have_value("no")
    expect(ada.locator("#saved")).to_contain_text("Saved")
    browser_errors.allow("409")


def test_the_head_of_the_editor_is_accessible_on_a_phone(live_portal, new_page, definition):
    page = enter(new_page(viewport={"width": 390, "height": 844}, bypass_csp=True), live_portal, "sam")
    page.goto(live_portal.url(at("scoring", definition)))
    undo = page.locator("#state button:disabled")
    expect(undo).to_have_accessible_name("Undo: there is nothing to undo")
    page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS.replace("#main", ".ed-head")) == []


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
