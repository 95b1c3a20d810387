"""The client's pages in a browser: typing, going back, dialogs, without JavaScript, on a narrow phone, with axe."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Assessment
from library.models import Definition
from tests import cast
from tests.assessments import stage as runs
from tests.plugins.browser import ready
from tests.portal.client import stage

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text()
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
VIOLATIONS = """
axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))
"""


@pytest.fixture
def portal(live_portal) -> str:
    """This will put Northwind's people to work and return the address of its portal."""
    with cast.inside("harbor"):
        stage.empty_library()
        shelf = {
            key: stage.definition(key, group=group, summary="What decides how it ends.", description="It **matters**.")
            for key, group in (("cyber", "Security"), ("phishing", "People"), ("vendors", "Risk"), ("cloud", "Risk"))
        }
        runs.released(run=runs.launched(definition=shelf["cyber"]))
        runs.submitted(run=runs.launched(definition=shelf["vendors"]))
        going = runs.launched(definition=shelf["phishing"])
        runs.say(cast.viewer("priya", "Northwind"), going, "share", "10")
        account = cast.account("Northwind").id
    return live_portal.url(f"/portal/{account}/")


def open_as(new_page: Callable, portal: str, path: str = "", who: str = "priya", **options) -> Page:
    """This will open a page of the portal in a browser of its own, signed in."""
    page = new_page(**options)
    session = cast.visitor(who).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "domain": "harbor.localhost", "path": "/"}])
    page.goto(portal + path)
    ready(page)
    return page


def test_searching_as_one_types_and_coming_back(new_page, portal):
    page = open_as(new_page, portal, "library/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("cyb")
    expect(page.locator(".lib-card")).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="1 of 4 assessments")).to_be_visible()
    expect(page).to_have_url(f"{portal}library/?q=cyb&group=&sort=")
    expect(page.locator("#q")).to_be_focused()
    page.get_by_role("link", name="Cyber", exact=True).click()
    expect(page.get_by_role("heading", name="What it measures")).to_be_visible()
    page.go_back()
    expect(page.locator("#q")).to_have_value("cyb")
    expect(page.locator(".lib-card")).to_have_count(1)
    page.get_by_role("link", name="Clear filters").click()
    expect(page).to_have_url(f"{portal}library/")
    expect(page.locator(".lib-card")).to_have_count(4)
    ready(page)
    page.get_by_label("Risk 2").check()
    expect(page.locator(".lib-card")).to_have_count(2)


def test_a_card_of_everything_opens_a_dialog_and_creates(new_page, portal, browser_errors):
    page = open_as(new_page, portal, "assessments/available/")
    card = page.get_by_role("link", name="Cloud")
    card.click()
    dialog = page.get_by_role("dialog", name="Cloud")
    expect(dialog).to_contain_text("It matters.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(card).to_be_focused()
    page.get_by_role("link", name="Phishing", exact=True).click()
    page.get_by_role("button", name="Create This Assessment for My Account").click()
    expect(page.get_by_role("dialog")).to_contain_text("Continue it or start another?")
    browser_errors.allow("409")
    page.get_by_role("button", name="Start another").click()
    page.wait_for_url("**/questions/**")
    with cast.inside("harbor"):
        assert Assessment.objects.filter(definition__key="phishing").count() == 2


def test_renaming_in_a_dialog(new_page, portal, browser_errors):
    page = open_as(new_page, portal, "assessments/")
    page.get_by_role("link", name="View / Edit Phishing").click()
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_contain_text("Enter a name.")
    browser_errors.allow("422")
    page.get_by_label("Name").fill("Phishing in spring")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    expect(page.get_by_role("link", name="Phishing in spring", exact=True)).to_be_visible()


def test_everything_works_without_javascript(new_page, portal, browser_errors):
    page = open_as(new_page, portal, "library/", java_script_enabled=False)
    page.locator("#q").fill("cloud")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".lib-card")).to_have_count(1)
    page.get_by_role("button", name="Start Cloud").click()
    page.wait_for_url("**/questions/**")
    page.goto(portal + "assessments/")
    page.get_by_label("Status", exact=True).select_option("draft")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="View / Edit Cloud").click()
    page.get_by_label("Name").fill("Cloud once more")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Cloud once more", exact=True)).to_be_visible()
    page.goto(portal + "assessments/available/")
    page.get_by_role("link", name="Cloud").click()
    page.get_by_role("button", name="Create This Assessment for My Account").click()
    expect(page.get_by_text("Continue it or start another?")).to_be_visible()
    browser_errors.allow("409")


@pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", PHONE)], ids=["light", "dark phone"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(new_page, portal, scheme: str, viewport: dict):
    with cast.inside("harbor"):
        card = Definition.objects.get(key="cloud").id
        run = Assessment.objects.get(definition__key="phishing").id
    page = open_as(new_page, portal, color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
    for path in (
        "", "library/", "library/?q=zzz", f"library/{card}/", "assessments/", "assessments/?q=zzz",
        "assessments/available/", f"assessments/available/{card}/", f"assessments/{run}/set-up/",
    ):  # fmt: skip
        page.goto(portal + path)
        ready(page)
        page.evaluate("document.fonts.ready.then(() => true)")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.evaluate(AXE)
        assert page.evaluate(VIOLATIONS) == [], path
