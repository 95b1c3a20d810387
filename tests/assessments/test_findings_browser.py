"""Findings in a browser: added with an action by keyboard alone, decided about, undone; on a phone and without a script."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.actions import assessments, finding_actions
from assessments.models import Assessment, Finding, FindingAction
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address
from tests.assessments.test_taking_browser import AXE, VIOLATIONS, WIDTH, enter
from tests.plugins.browser import ready


@pytest.fixture
def run(live_portal) -> Assessment:
    with cast.inside("harbor"):
        return stage.found_out()


def opened(page: Page, live_portal, path: str) -> Page:
    page.goto(live_portal.url(path))
    ready(page)
    return page


def test_a_finding_and_its_action_by_keyboard_alone(live_portal, new_page, run):
    page = opened(enter(new_page(), live_portal, "sam"), live_portal, address("staff:run_findings", run))
    page.get_by_role("link", name="Add finding").focus()
    page.keyboard.press("Enter")
    title = page.get_by_role("textbox", name="What is weak")
    expect(title).to_be_visible()
    title.focus()
    page.keyboard.type("Nobody practises the plan")
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="Medium")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="High")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Not once in **two years**.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Add finding")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Added: Nobody practises the plan")
    ready(page)
    page.get_by_role("link", name=re.compile(r"^Add an action\s*: Nobody")).focus()
    page.keyboard.press("Enter")
    what = page.get_by_role("textbox", name="What is to be done")
    expect(what).to_be_visible()
    what.focus()
    page.keyboard.type("Practise in May")
    page.keyboard.press("Tab")
    page.keyboard.type("Priya")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add action").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Action added.")
    ready(page)
    done = page.get_by_role("button", name="Mark as done Practise in May")
    done.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".remedy").filter(has_text="Practise in May")).to_contain_text("Done")
    with cast.inside("harbor"):
        made = Finding.objects.get(title="Nobody practises the plan")
        action = FindingAction.objects.get(finding=made)
    assert (made.severity, action.owner, action.state) == ("high", cast.person("priya"), "done")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Taken back.")
    expect(page.locator(".remedy").filter(has_text="Practise in May")).to_contain_text("To do")
    page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS) == []


def test_deciding_in_the_dialog_and_about_many(live_portal, new_page, run, browser_errors):
    page = opened(enter(new_page(), live_portal, "sam"), live_portal, address("staff:run_findings", run))
    page.get_by_role("link", name=re.compile(r"^Decide\s*: Cover all computers")).click()
    page.get_by_role("radio", name="Accepted as a risk").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Say why this risk is accepted.").first).to_be_visible()
    browser_errors.allow("422")
    page.get_by_role("textbox", name="Reason").fill("Replaced in May")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#findings")).to_contain_text("Why the risk is accepted: Replaced in May")
    expect(page.locator("#modal")).not_to_be_visible()
    page.get_by_role("checkbox", name="Select See to the basics").check()
    page.get_by_role("checkbox", name="Select Which share is done?").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    page.locator("#bulk_state").select_option("resolved")
    page.get_by_role("button", name="Set the state").click()
    expect(page.locator(".toast").last).to_contain_text("2 findings: Resolved")
    expect(page.locator(".seg a").filter(has_text="Resolved")).to_contain_text("2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_client_on_a_narrow_phone(live_portal, new_page, run, scheme):
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        row = Finding.objects.select_related("account").get(assessment=run, source="question:edr:0")
        finding_actions.add(by=sam, finding=row, title="Buy licences", owner=cast.person("priya"))
        assessments.release(by=sam, assessment=run)
    page = enter(new_page(viewport={"width": 320, "height": 640}, color_scheme=scheme), live_portal, "priya")
    opened(page, live_portal, reverse("client:your_assessments", args=[run.account_id]))
    page.get_by_role("link", name="Findings", exact=True).first.click()
    expect(page.get_by_role("heading", name="Findings", level=1)).to_be_visible()
    ready(page)
    page.get_by_role("button", name="Mark as done Buy licences").click()
    expect(page.locator(".remedy")).to_contain_text("Done")
    for path in (reverse("client:findings", args=[run.account_id]), address("client:results", run)):
        opened(page, live_portal, path)
        scroll, client = page.evaluate(WIDTH)
        assert scroll == client
        page.evaluate(AXE)
        assert page.evaluate(VIOLATIONS) == []


def test_without_a_script_everything_is_a_page(live_portal, new_page, run):
    page = enter(new_page(), live_portal, "sam")
    state = page.context.storage_state()
    plain = new_page(java_script_enabled=False, storage_state=state)
    plain.goto(live_portal.url(address("staff:run_findings", run)))
    plain.get_by_role("link", name=re.compile(r"^Add an action\s*: Cover all computers")).click()
    plain.get_by_role("textbox", name="What is to be done").fill("Buy licences")
    plain.get_by_role("button", name="Add action").click()
    plain.get_by_role("button", name="Mark as done Buy licences").click()
    expect(plain.locator(".remedy")).to_contain_text("Done")
    plain.get_by_role("checkbox", name="Select Cover all computers").check()
    plain.locator("#bulk_state").select_option("resolved")
    plain.get_by_role("button", name="Set the state").click()
    expect(plain.locator(".finding").filter(has_text="Cover all computers")).to_contain_text("Resolved")
