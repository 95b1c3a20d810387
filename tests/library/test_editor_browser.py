"""The editor in a real browser: saving while one types, keys, dragging, two people, a network that fails, a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from library.actions import definitions
from library.models import Definition
from tests import cast
from tests.journeys.signing_in import sign_in
from tests.library.editing import at, document_now, drafted
from tests.plugins.browser import ready

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
VIOLATIONS = (
    "within => axe.run(within).then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"
)

# On a phone one pane is shown at a time; the rules for whole pages hold for the one that edits.
WITHIN = {"edit": "html", "outline": "#outline", "preview": "#side"}


@pytest.fixture
def draft(fresh_database) -> Definition:
    return drafted()


def open_part(page: Page, portal, definition: Definition, part: str, who: str = "sam") -> None:
    sign_in(page, portal, who)
    page.goto(portal.url(f"{at('editor', definition)}?part={part}"))
    ready(page)


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def outline(page: Page) -> list[str]:
    return [row.removeprefix("question:") for row in page.locator(".o-question").evaluate_all("rows => rows.map(row => row.dataset.part)")]  # fmt: skip


def test_what_is_typed_is_saved_shown_and_survives_a_reload(live_portal, page, draft):
    open_part(page, live_portal, draft, "question:copies")
    question = page.get_by_role("textbox", name="Question", exact=True)
    question.fill("Are copies kept somewhere else?")
    saved(page)
    expect(page.locator(".o-row.is-current")).to_contain_text("Are copies kept somewhere else?")
    expect(page.locator("#side")).to_contain_text("Are copies kept somewhere else?")
    expect(question).to_be_focused()
    page.get_by_label("Help under the question").fill("Think of **every** site.")
    saved(page)
    expect(page.locator("#side strong")).to_have_text("every")
    page.get_by_text("Required", exact=True).click()
    saved(page)
    expect(page.locator(".o-row.is-current")).to_contain_text("Required")
    page.reload()
    expect(question).to_have_value("Are copies kept somewhere else?")
    expect(page.get_by_label("Required")).to_be_checked()


def test_typing_on_while_an_answer_is_on_its_way_loses_nothing(live_portal, page, draft):
    open_part(page, live_portal, draft, "question:copies")
    held = []
    page.route("**/draft/?part=**", lambda route: held.append(route) if route.request.method == "POST" and not held else route.continue_())  # fmt: skip
    page.get_by_role("textbox", name="Question", exact=True).fill("The first words")
    page.wait_for_timeout(600)
    page.get_by_role("textbox", name="Question", exact=True).press_sequentially(" and more")
    page.get_by_label("Help under the question").fill("And help")
    assert held
    held[0].continue_()
    saved(page)
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_have_value("The first words and more")
    question = document_now(draft).question("copies")
    assert (question.text, question.help) == ("The first words and more", "And help")


def test_the_outline_is_walked_and_rows_are_moved_by_keys(live_portal, page, draft):
    open_part(page, live_portal, draft, "question:copies")
    page.locator(".o-row.is-current > a").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("part=question:tested"))
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_have_value("How often tested?")
    expect(page.locator(".o-row.is-current > a")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".o-question").first).to_contain_text("How often tested?")
    expect(page.locator(".o-row.is-current > a")).to_be_focused()
    assert outline(page) == ["tested", "copies", "trained", "notes"]
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".o-question").nth(1)).to_contain_text("How often tested?")
    page.go_back()
    expect(page).to_have_url(re.compile("part="))


def test_a_question_is_added_duplicated_and_deleted_by_keys_and_comes_back(live_portal, page, draft):
    open_part(page, live_portal, draft, "question:copies")
    page.locator("#main").focus()
    page.keyboard.press("n")
    expect(page.get_by_role("button", name=re.compile("^One choice"))).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Question", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value("New question")
    page.keyboard.type("Where are they?")  # over the selected words
    saved(page)
    expect(field).to_have_value("Where are they?")
    page.locator("#main").focus()
    page.keyboard.press("d")
    expect(page.locator(".o-question")).to_have_count(6)
    expect(field).to_be_focused()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".o-question")).to_have_count(5)
    expect(page.locator(".toast")).to_contain_text("removed")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".o-question")).to_have_count(6)
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.locator(".o-question")).to_have_count(5)


def test_rows_are_dragged_by_their_handle(live_portal, page, draft):
    open_part(page, live_portal, draft, "question:copies")
    row = page.locator(".o-row[data-part='question:copies']")
    row.hover()
    row.locator("[data-grip]").hover()
    page.mouse.down()
    box = page.locator(".o-row[data-part='question:notes']").bounding_box()
    assert box
    for y in range(-4, 5):
        page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2 + 3 * y, steps=4)
    page.mouse.up()
    expect(page.locator(".o-section").first).to_contain_text("1")
    expect(page.locator(".o-question").first).to_contain_text("How often tested?")
    assert document_now(draft).places.questions["copies"][1] == "people"


def test_enter_adds_an_answer_and_a_pasted_list_becomes_several(live_portal, page, draft):
    open_part(page, live_portal, draft, "question:copies")
    page.get_by_label("Type").select_option("single_choice")
    expect(page.get_by_role("button", name="Add an answer")).to_be_visible()
    first = page.get_by_label("Answer 1", exact=True)
    first.fill("Everywhere")
    first.press("Enter")
    expect(page.get_by_label("Answer 2", exact=True)).to_be_focused()
    page.keyboard.type("In most places")
    saved(page)
    page.get_by_label("Answer 2", exact=True).press("Alt+ArrowUp")
    expect(page.get_by_label("Answer 1", exact=True)).to_have_value("In most places")
    page.get_by_text("Paste a list").click()
    page.get_by_label("One on each line").fill("Seldom = 2\nNever = 0")
    page.get_by_role("button", name="Add the list").click()
    expect(page.locator(".ed-row")).to_have_count(5)
    expect(page.get_by_label("Score of answer 4", exact=True)).to_have_value("2")
    page.get_by_role("button", name="Ready-made answers").click()
    page.get_by_role("button", name=re.compile("^Frequency")).click()
    expect(page.get_by_label("Answer 1", exact=True)).to_have_value("Always")
    expect(page.locator("#side")).to_contain_text("Sometimes")


def test_a_mistake_is_said_at_its_field_and_can_be_mended(live_portal, page, draft, browser_errors):
    open_part(page, live_portal, draft, "question:copies")
    page.get_by_role("textbox", name="Weight").fill("heavy")
    page.get_by_role("textbox", name="Weight").press("Tab")
    expect(page.locator("#f-weight-error")).to_contain_text("Enter a number")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    page.get_by_role("textbox", name="Weight").fill("3")
    page.get_by_role("textbox", name="Weight").press("Tab")
    saved(page)
    expect(page.locator("#f-weight-error")).to_have_count(0)
    browser_errors.allow("422")


def test_without_a_network_nothing_is_lost_and_retry_saves_it(live_portal, page, draft, browser_errors):
    open_part(page, live_portal, draft, "question:copies")
    page.context.set_offline(True)
    page.get_by_role("textbox", name="Question", exact=True).fill("Typed without a network")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Retry").or_(page.locator("#saved[data-state=saved]")).first.click()
    saved(page)
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_have_value("Typed without a network")
    assert document_now(draft).question("copies").text == "Typed without a network"
    browser_errors.allow("ERR_INTERNET_DISCONNECTED|Failed to fetch")


def test_two_people_on_one_question_see_both_versions_and_choose(live_portal, new_page, draft, browser_errors):
    sam, ada = new_page(), new_page()
    open_part(sam, live_portal, draft, "question:copies", "sam")
    open_part(ada, live_portal, draft, "question:copies", "ada")
    ada.get_by_role("textbox", name="Question", exact=True).fill("The words of Ada")
    saved(ada)
    sam.get_by_role("textbox", name="Question", exact=True).fill("The words of Sam")
    expect(sam.locator("[data-conflict-notice]")).to_contain_text("Ada Whitfield changed this meanwhile")
    expect(sam.locator("[data-conflict-notice]")).to_contain_text("The words of Ada")
    expect(sam.locator("#saved")).to_contain_text("Not saved")
    assert document_now(draft).question("copies").text == "The words of Ada"
    sam.get_by_role("button", name="Keep mine").click()
    saved(sam)
    assert document_now(draft).question("copies").text == "The words of Sam"
    expect(sam.locator(".ed-others")).to_contain_text("Ada Whitfield is editing too")

    ada.get_by_label("Help under the question").fill("Help of Ada")
    ada.get_by_role("link", name="Take theirs").click()
    expect(ada.get_by_role("textbox", name="Question", exact=True)).to_have_value("The words of Sam")
    expect(ada.locator("[data-conflict-notice]")).to_have_count(0)
    saved(ada)
    browser_errors.allow("409")


def test_a_draft_published_meanwhile_says_so_and_keeps_what_was_typed(live_portal, page, draft, browser_errors):
    open_part(page, live_portal, draft, "question:copies")
    with cast.inside():
        definitions.publish(by=cast.viewer("ada"), definition=draft)
    page.get_by_role("textbox", name="Question", exact=True).fill("Too late")
    expect(page.get_by_role("alert")).to_contain_text("There is no draft of this definition any more")
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_have_value("Too late")
    browser_errors.allow("409")


def test_a_condition_that_is_saved_marks_its_row_and_shows_in_the_preview(live_portal, page, draft):
    open_part(page, live_portal, draft, "question:trained")
    page.get_by_role("button", name="Ask only under a condition").click()
    page.get_by_role("combobox", name="Question", exact=True).fill("1")
    page.get_by_role("combobox", name="Question", exact=True).press("Tab")
    page.get_by_label("Answer", exact=True).select_option("yes")
    expect(page.locator("#side")).to_contain_text("Asked when question 1 is “Yes”")
    expect(page.locator(".o-row.is-current")).to_contain_text("Shown under a condition")
    saved(page)


def test_on_a_phone_there_are_three_panes(live_portal, new_page, draft):
    page = new_page(viewport={"width": 390, "height": 844})
    open_part(page, live_portal, draft, "question:copies")
    panes = page.get_by_role("navigation", name="View")
    expect(page.locator("#outline")).to_be_hidden()
    panes.get_by_role("link", name="Outline").click()
    expect(page.locator("#outline")).to_be_visible()
    page.reload()
    expect(page.locator("#outline")).to_be_visible()
    page.locator("#outline").get_by_role("link", name=re.compile("Are people trained")).click()
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_have_value("Are people trained?")
    expect(page.locator("#outline")).to_be_hidden()
    panes.get_by_role("link", name="Preview").click()
    expect(page.locator("#side")).to_be_visible()
    expect(page.locator("#side")).to_contain_text("Are people trained?")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 900, 390])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(live_portal, new_page, draft, scheme, width):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 844}, bypass_csp=True)
    sign_in(page, live_portal, "sam")
    found = []
    for part in ("question:copies", "question:tested", "section:backups", "settings"):
        for pane in ("edit", "outline", "preview") if width == 390 and part == "question:copies" else ("edit",):
            page.goto(live_portal.url(f"{at('editor', draft)}?part={part}&show={pane}"))
            ready(page)
            page.evaluate(AXE)
            found += [f"{part} {pane} {problem}" for problem in page.evaluate(VIOLATIONS, WITHIN[pane])]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []


def test_without_javascript_everything_is_a_form(live_portal, new_page, draft):
    page = new_page(java_script_enabled=False)
    sign_in(page, live_portal, "sam")
    page.goto(live_portal.url(f"{at('editor', draft)}?part=question:copies"))
    page.get_by_role("textbox", name="Question", exact=True).fill("Without a script?")
    page.get_by_label("Type").select_option("single_choice")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    page.get_by_role("button", name="Add an answer").click()
    expect(page.locator(".ed-row")).to_have_count(3)
    page.get_by_role("button", name="Move down", exact=True).click()
    assert outline_of(draft) == ["tested", "copies", "trained", "notes"]
    page.get_by_role("button", name="Duplicate").click()
    assert outline_of(draft)[1:3] == ["copies", "copies-2"]
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    assert outline_of(draft)[1:3] == ["copies", "copies-2"]
    page.get_by_role("button", name="Question", exact=True).click()
    page.get_by_role("button", name=re.compile("^Matrix")).click()
    expect(page.get_by_role("heading", name="Rows")).to_be_visible()


def outline_of(draft: Definition) -> list[str]:
    return [question.key for question in document_now(draft).questions()]
