"""An Admin locks, an Account Executive arranges Home with the keyboard and watches it, a client finds the new order; and
everybody finds what is theirs through the palette."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
VIOLATIONS = "axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"


def violations(page) -> list[str]:
    page.evaluate(AXE)
    return page.evaluate(VIOLATIONS)


def test_home_is_arranged_and_read(live_portal, new_page):
    with cast.inside():
        northwind = cast.account("Northwind")
    ada, sam, priya = new_page(), new_page(viewport={"width": 1440, "height": 900}), new_page()

    # Ada locks the people component, shown, in every account.
    sign_in(ada, live_portal, "ada")
    ada.goto(live_portal.url("/staff/settings/home/"))
    ready(ada)
    ada.get_by_role("switch", name="Show Your people at the provider").check()
    expect(ada.get_by_text("not saved yet")).to_be_visible()
    ada.get_by_label("Lock Your people at the provider in every account").check(force=True)
    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada.get_by_text("Saved. Clients see it")).to_be_visible()

    # Sam cannot move it. With the keyboard the reports come up, and the preview shows it before it is saved.
    sign_in(sam, live_portal, "sam")
    sam.goto(live_portal.url(f"/staff/accounts/{northwind.id}/dashboard/"))
    ready(sam)
    expect(sam.get_by_role("switch", name="Show Your people at the provider")).to_be_disabled()
    sam.get_by_role("button", name="Show the preview").click()
    frame = sam.frame_locator("#arr-frame")
    expect(frame.get_by_role("heading", name=re.compile("^Good "))).to_be_visible()
    sam.get_by_role("switch", name="Show Reports").focus()
    sam.keyboard.press("Space")
    expect(frame.get_by_role("heading", name="Reports", exact=True)).to_be_visible()
    up = sam.get_by_role("button", name="Move Reports up")
    up.focus()
    sam.keyboard.press("Enter")
    expect(sam.locator("#place-reports + #place-findings")).to_have_count(1)
    expect(up).to_be_focused()
    assert violations(sam) == []
    sam.get_by_role("button", name="Save", exact=True).click()
    expect(sam.get_by_text("Showed Reports, Moved Reports up")).to_be_visible()

    # Priya's Home has it, with the people below; an announcement appears on it.
    sam.get_by_role("link", name="New announcement").click()
    sam.get_by_label("Title").fill("We come on Friday")
    sam.get_by_role("button", name="Announce", exact=True).click()
    expect(sam.get_by_text("Announced. It stands on Home")).to_be_visible()
    sign_in(priya, live_portal, "priya")
    expect(priya.get_by_role("heading", name="Reports", exact=True)).to_be_visible()
    expect(priya.get_by_role("heading", name="Your people at Harbor IT")).to_be_visible()
    expect(priya.get_by_text("We come on Friday")).to_be_visible()
    assert violations(priya) == []

    # Taken back, Home is as it was.
    sam.goto(live_portal.url(f"/staff/accounts/{northwind.id}/dashboard/"))
    ready(sam)
    sam.get_by_role("button", name="Use the default").click()
    expect(sam.get_by_text("Back to the organization’s default")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_palette_finds_what_is_theirs(live_portal, new_page, scheme: str, width: int):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 844})
    sign_in(page, live_portal, "sam")
    opener = page.get_by_role("button", name="Search")
    opener.focus()
    page.keyboard.press("ControlOrMeta+k")
    field = page.get_by_role("searchbox", name="Search", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("north")
    palette = page.get_by_role("dialog", name="Search or jump to a page")
    expect(palette.get_by_role("link", name=re.compile("^Northwind Dental"))).to_be_visible()
    expect(palette.get_by_role("link", name="View as Client: Northwind Dental")).to_be_visible()
    assert violations(page) == []

    # The arrows walk, typing goes on in the field, Esc gives the focus back, Enter opens the first.
    page.keyboard.press("ArrowDown")
    expect(palette.get_by_role("link", name=re.compile("^Northwind Dental"))).to_be_focused()
    page.keyboard.press("w")
    expect(field).to_be_focused()
    expect(field).to_have_value("northw")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("ControlOrMeta+k")
    page.keyboard.type("northwind")
    expect(palette.locator("a.is-active")).to_contain_text("Northwind Dental")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/staff/accounts/[0-9a-f-]{36}/$"))

    # The page seen last is offered again; what nobody may see is not found.
    ready(page)
    page.goto(live_portal.url("/staff/"))
    ready(page)
    page.keyboard.press("ControlOrMeta+k")
    expect(palette.get_by_role("link", name="Northwind Dental", exact=True)).to_be_visible()
    page.keyboard.type("cobalt")
    expect(palette.get_by_text("Nothing is called “cobalt”.")).to_be_visible()


def test_the_search_works_without_javascript(live_portal, new_page):
    with cast.inside():
        northwind = cast.account("Northwind")
    page = new_page(java_script_enabled=False)
    page.goto(live_portal.url(f"/portal/{northwind.id}/search/"))
    page.get_by_label(re.compile("^E-?mail", re.I)).fill(cast.EMAILS["priya"])
    page.get_by_label("Password", exact=True).fill("lighthouse-demo")
    page.get_by_role("button", name="Sign in").click()
    page.locator("#q").fill("risk")
    page.locator("main").get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name=re.compile("^Vendor and supply chain risk"))).to_be_visible()
