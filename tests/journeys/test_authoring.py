"""An author writes a definition from nothing by keyboard alone, tries it on the test bench, and publishes it."""

import re

from playwright.sync_api import Locator, Page, expect

from library.models import Definition, DefinitionVersion
from portal.demo.cast import PASSWORD
from tests import cast
from tests.plugins.browser import ready

# As the menu of a new question lists them.
TYPES = ("single_choice", "multiple_choice", "yes_no", "scale", "matrix", "number", "text", "long_text", "date", "file")


class Keyboard:
    """Somebody without a mouse: Tab until it is there, then keys."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, *keys: str) -> None:
        """This will press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, target: Locator, back: bool = False, most: int = 250) -> None:
        """This will press Tab until the target has the focus, forward or back."""
        expect(target).to_be_attached()
        for _press in range(most):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def write(self, target: Locator, words: str, back: bool = False) -> None:
        """This will go to a field and type over what stands in it."""
        self.to(target, back)
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(words)

    def choose(self, target: Locator, back: bool = False) -> None:
        """This will go to a link or a button and press Enter."""
        self.to(target, back)
        self.press("Enter")


def test_twelve_questions_from_nothing_by_keyboard_alone(live_portal, page, browser_errors):
    keys = Keyboard(page)
    question = page.get_by_role("textbox", name="Question", exact=True)

    def saved() -> None:
        expect(page.locator("#saved")).to_have_attribute("data-state", "saved")

    def add(kind: str, words: str) -> None:
        """N opens the menu of types, arrows choose, and the words replace the selected ones."""
        count = page.locator(".o-question").count()
        keys.to(page.get_by_role("switch", name="Required"))
        keys.press("n")
        expect(page.locator(".ed-types button").first).to_be_focused()
        keys.press(*["ArrowDown"] * TYPES.index(kind), "Enter")
        expect(page.locator(".o-question")).to_have_count(count + 1)
        expect(question).to_be_focused()
        page.keyboard.type(words)
        expect(page.locator(".o-row.is-current")).to_contain_text(words)
        saved()

    # Signing in, and a new definition through the palette.
    page.goto(live_portal.url("/"))
    keys.write(page.get_by_label(re.compile("^E-?mail", re.I)), cast.EMAILS["ada"])
    keys.write(page.get_by_label("Password", exact=True), PASSWORD)
    keys.press("Enter")
    page.wait_for_url(re.compile(r"^[^?]*/staff/"))
    ready(page)
    keys.press("ControlOrMeta+k")
    expect(page.get_by_role("searchbox", name="Search", exact=True)).to_be_focused()
    page.keyboard.type("definition")
    keys.press("Enter")
    page.wait_for_url(re.compile("/library/new/"))
    ready(page)
    keys.write(page.get_by_label("Name", exact=True), "Backups by keyboard")
    keys.write(page.get_by_label("Group"), "Continuity")
    keys.press("Enter")
    page.wait_for_url(re.compile("/draft/"))
    ready(page)

    # The first section: six questions of different kinds.
    keys.write(question, "Are there copies of your data?")
    saved()
    add("single_choice", "Where are the copies?")
    keys.choose(page.get_by_role("button", name="Ready-made answers"))
    keys.choose(page.get_by_role("button", name=re.compile("^Coverage")))
    expect(page.get_by_label("Answer 5", exact=True)).to_have_value("Nowhere")
    saved()
    keys.choose(page.get_by_role("button", name="Ask only under a condition"))
    expect(page.get_by_role("combobox", name="Question", exact=True)).to_be_focused()
    page.keyboard.type("1")
    keys.press("Tab")
    keys.to(page.get_by_label("Answer", exact=True), back=False)
    page.keyboard.type("Yes")
    keys.press("Tab")
    expect(page.locator("#side")).to_contain_text("Asked when question 1 is “Yes”")
    saved()
    keys.to(question, back=True)
    add("scale", "How sure are you that they can be read?")
    add("number", "How many hours may a restore take?")
    keys.write(page.get_by_label("From", exact=True), "0")
    keys.write(page.get_by_label("To", exact=True), "48")
    saved()
    keys.to(question, back=True)
    add("multiple_choice", "Which systems are copied?")
    keys.choose(page.locator("summary", has_text="Paste a list"))
    keys.to(page.get_by_label("One on each line"))
    page.keyboard.type("Mail = 1")
    keys.press("Enter")
    page.keyboard.type("Files = 2")
    keys.choose(page.get_by_role("button", name="Add the list"))
    expect(page.get_by_label("Score of answer 4", exact=True)).to_have_value("2")
    saved()
    keys.to(question, back=True)
    add("matrix", "How well is each site covered?")

    # The second section: six more, one of them three times as heavy.
    keys.choose(page.get_by_role("button", name="Section", exact=True), back=True)
    name = page.get_by_role("textbox", name="Name of the section")
    expect(name).to_be_focused()
    page.keyboard.type("People")
    saved()
    keys.to(page.get_by_role("button", name="Question", exact=True), back=True)
    keys.press("Enter")
    expect(page.locator(".ed-types button").first).to_be_focused()
    keys.press("ArrowDown", "ArrowDown", "Enter")
    expect(question).to_be_focused()
    page.keyboard.type("Is somebody responsible?")
    expect(page.locator(".o-row.is-current")).to_contain_text("Is somebody responsible?")
    saved()
    add("yes_no", "Is restoring practiced?")
    keys.write(page.get_by_role("textbox", name="Weight"), "3")
    keys.press("Tab")
    expect(page.locator(".ed-share")).to_contain_text("75%")
    saved()
    keys.to(question, back=True)
    add("long_text", "What went wrong last time?")
    add("date", "When was the last practice?")
    add("file", "Attach the plan")
    add("text", "Who wrote it?")
    expect(page.locator(".o-question")).to_have_count(12)

    # A sample that expects no score fails, and publishing is refused.
    keys.choose(page.get_by_role("link", name="Test bench"), back=True)
    page.wait_for_url(re.compile("/samples/"))
    ready(page)
    keys.write(page.get_by_label("Name of a new sample"), "Everything in place")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/samples/[^/]+/$"))
    ready(page)
    answers = page.locator("#answers")
    keys.to(answers.locator(".sample-question").first.get_by_role("radio", name=re.compile("Yes")))
    keys.press("Space")
    expect(answers.locator(".sample-question").nth(1)).not_to_contain_text("not asked")
    keys.to(answers.locator(".sample-question").nth(1).get_by_role("radio", name=re.compile("Everywhere")))
    keys.press("Space")
    expect(page.locator("#sample")).to_contain_text("Does not pass")
    expect(answers.locator(".chip").first).to_contain_text("2/6")
    keys.choose(page.get_by_role("link", name="Publish"), back=True)
    page.wait_for_url(re.compile(r"/library/[0-9a-f-]+/$"))
    ready(page)
    keys.choose(page.get_by_role("button", name="Publish v1"))
    expect(page.locator("main")).to_contain_text("Everything in place")
    expect(page.get_by_role("link", name="Go to the editor")).to_be_visible()

    browser_errors.allow("422")

    # With what really comes out it passes, and the definition is published.
    keys.choose(page.get_by_role("link", name="Go to the editor"))
    page.wait_for_url(re.compile("/draft/"))
    ready(page)
    keys.choose(page.get_by_role("link", name="Test bench"))
    page.wait_for_url(re.compile("/samples/$"))
    ready(page)
    keys.choose(page.get_by_role("link", name=re.compile("Everything in place")))
    page.wait_for_url(re.compile(r"/samples/[^/]+/$"))
    ready(page)
    keys.choose(page.get_by_role("button", name=re.compile("^Fill in expected values")))
    expect(page.locator("#sample")).to_contain_text("Passes")
    ready(page)
    keys.choose(page.get_by_role("link", name="Publish"), back=True)
    page.wait_for_url(re.compile(r"/library/[0-9a-f-]+/$"))
    ready(page)
    keys.choose(page.get_by_role("button", name="Publish v1"))
    expect(page.locator("main")).to_contain_text("Published")

    with cast.inside():
        definition = Definition.objects.get(name="Backups by keyboard")
        version = DefinitionVersion.objects.get(definition=definition)
        document = cast.document(definition.key)
    assert (version.state, version.number, document.question_count, document.group) == (
        "published",
        1,
        12,
        "Continuity",
    )
    assert [section.name for section in document.sections] == ["First section", "People"]
    second = document.questions()[1]
    assert second.show_if is not None and second.show_if.value == "yes"
    assert {question.type for question in document.questions()} == set(TYPES)
    assert [question.weight for question in document.questions()] == [1, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1]
    assert [sample.name for sample in document.samples] == ["Everything in place"]
