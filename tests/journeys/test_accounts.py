"""An Admin brings in the list of accounts she has, mends one, archives another, deletes one by its name and takes it
back."""

from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready

LIST = "Name;Industry;People;City;Country\nBeacon Software;513;12;Erie;US\nNorthwind Dental;6212;70;;\nPier One;nothing;3;;\n"


def test_an_admin_brings_in_accounts_and_looks_after_them(live_portal, page, browser_errors):
    sign_in(page, live_portal, "ada")

    # The list is read first, with a verdict on every row.
    page.goto(live_portal.url("/staff/accounts/"))
    ready(page)
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("Or paste rows from a spreadsheet").fill(LIST)
    page.get_by_role("button", name="Read the list").click()
    page.get_by_role("heading", name="Check the import").wait_for()
    page.get_by_text("“nothing”").wait_for()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("2 accounts are imported.").wait_for()

    # One is mended.
    page.get_by_role("link", name="Beacon Software").click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Edit account").click()
    page.get_by_label("Street").fill("1 Light Street")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("1 Light Street").wait_for()

    # It is archived, and taken back at once.
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Archive").click()
    page.get_by_text("This account is archived").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Beacon Software is current again").wait_for()

    # It is deleted: its name has to be typed. And it comes back.
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Delete account").click()
    page.get_by_label("Name of the account").fill("Beacon")
    page.get_by_role("button", name="Delete the account").click()
    page.get_by_text("This is not the account’s name").first.wait_for()
    browser_errors.allow("status of 422")  # another name was typed
    page.get_by_label("Name of the account").fill("Beacon Software")
    page.get_by_role("button", name="Delete the account").click()
    page.get_by_text("Beacon Software is deleted").wait_for()
    page.goto(live_portal.url("/staff/settings/deleted-accounts/"))
    page.get_by_role("button", name="Bring back Beacon Software").click()
    page.get_by_text("Beacon Software is back").wait_for()
