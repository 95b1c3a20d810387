"""The provider keeps a field of its own, a contact and the facts of a company; the client sees what is theirs to see."""

import re

from playwright.sync_api import expect

from tests import cast
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready


def test_a_field_a_contact_and_the_company_in_the_portal(live_portal, new_page, browser_errors):
    with cast.inside("harbor"):
        northwind = cast.account("Northwind")
    ada, sam, priya, marcus = new_page(), new_page(), new_page(), new_page()
    for page, name in ((ada, "ada"), (sam, "sam"), (priya, "priya"), (marcus, "marcus")):
        sign_in(page, live_portal, name)

    # Ada adds two fields to contacts, one of them a list, and puts the second first with the keyboard.
    ada.goto(live_portal.url("/staff/settings/custom-data/"))
    ready(ada)
    ada.get_by_role("navigation", name="Kinds").get_by_role("link", name=re.compile("^Contacts")).click()
    for label in ("Birthday gift", "Reach best by"):
        ready(ada)
        ada.get_by_role("link", name="Add a field").first.click()
        ready(ada)
        ada.get_by_label("Label").fill(label)
        if label == "Reach best by":
            expect(ada.get_by_label("Choices")).to_be_hidden()
            ada.get_by_label("Type").select_option("One of a list")
            ada.get_by_label("Choices").fill("Phone\nEmail")
            ada.get_by_label("A filter in lists").check()
        ada.get_by_role("button", name="Add field").click()
        expect(ada.get_by_text(f"{label} is added.")).to_be_visible()
    ready(ada)
    ada.get_by_role("button", name="Move Reach best by up").press("Enter")
    expect(ada.locator("tbody tr").first).to_contain_text("Reach best by")
    ready(ada)
    ada.get_by_role("button", name="Archive Birthday gift").click()
    expect(ada.get_by_text("Birthday gift is archived. Its values are kept.")).to_be_visible()

    # Sam adds a contact with it, makes it the primary one, and finds it by the field.
    sam.goto(live_portal.url(f"/staff/accounts/{northwind.id}/contacts/"))
    ready(sam)
    sam.get_by_role("link", name="Add a contact").click()
    ready(sam)
    sam.get_by_label("Email").fill("nonsense")
    sam.get_by_label("Reach best by").select_option("Phone")
    sam.get_by_role("button", name="Add contact").click()
    expect(sam.get_by_text("Enter the person’s name.").first).to_be_visible()
    expect(sam.get_by_label("Reach best by")).to_have_value("phone")
    browser_errors.allow("422")  # the form was sent with mistakes
    sam.get_by_label("Name").fill("Rosa Lin")
    sam.get_by_label("Email").fill("")
    sam.get_by_role("button", name="Add contact").click()
    expect(sam.get_by_text("Rosa Lin is a contact now.")).to_be_visible()
    ready(sam)
    sam.get_by_role("link", name="Rosa Lin", exact=True).click()
    ready(sam)
    expect(sam.get_by_role("button", name="Remove contact")).to_be_disabled()
    sam.get_by_role("button", name="Make primary").click()
    expect(sam.get_by_text("Rosa Lin is the primary contact now.")).to_be_visible()
    ready(sam)
    sam.get_by_text("More filters").click()
    sam.get_by_label("Reach best by").select_option("Phone")
    sam.get_by_role("button", name="Apply").click()
    expect(sam.get_by_role("link", name=re.compile("Reach best by: Phone"))).to_be_visible()
    expect(sam.locator("tbody tr")).to_have_count(1)

    # Ada removes the contact and takes it back.
    ada.goto(live_portal.url(f"/staff/accounts/{northwind.id}/contacts/"))
    ready(ada)
    ada.get_by_role("link", name="Rosa Lin", exact=True).click()
    ready(ada)
    ada.get_by_role("button", name="Remove contact").click()
    expect(ada.get_by_text("Rosa Lin is no contact any more.")).to_be_visible()
    ready(ada)
    ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text("Rosa Lin is back.")).to_be_visible()

    # Priya sees her company, every site and everybody; Marcus his one site.
    priya.get_by_role("link", name="Company", exact=True).first.click()
    expect(priya.get_by_role("heading", name="Northwind Dental")).to_be_visible()
    expect(priya.get_by_role("link", name="Ask for a change")).to_have_attribute(
        "href", re.compile("^mailto:sam@harbor.example")
    )
    priya.get_by_role("link", name="Colleagues").click()
    expect(priya.get_by_role("row", name=re.compile("Marcus Lee"))).to_contain_text("Riverside")
    marcus.get_by_role("link", name="Sites", exact=True).first.click()
    expect(marcus.locator("tbody tr")).to_have_count(1)
    marcus.get_by_role("link", name="Riverside").click()
    expect(marcus.get_by_role("heading", name="Riverside")).to_be_visible()
