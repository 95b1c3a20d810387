"""The admin area's pages as a browser shows them: dialogs, search as you type, undo, toasts; and without JavaScript."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from library.models import Definition, LibraryEntry
from tests import cast
from tests.plugins.browser import ready

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text("utf-8")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def open_as(live_portal, new_page):
    """This will open a page as somebody of the cast: `open_as("sam", "/staff/", viewport=…)`."""

    def opened(who: str, path: str, **options) -> Page:
        page = new_page(**options)
        cookie = cast.visitor(who).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_portal.url("/")}])
        page.goto(live_portal.url(path))
        ready(page)
        return page

    return opened


def of_account(name: str, account: str = "Northwind") -> str:
    return reverse(f"staff:{name}", args=[cast.account(account).id])


def test_typing_filters_keeps_the_caret_and_writes_the_address(open_as):
    page = open_as("ada", "/staff/")
    search = page.get_by_label("Search accounts")
    search.press_sequentially("north", delay=30)
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    expect(page.locator("#rows")).to_contain_text("Northwind Dental")
    expect(page).to_have_url(re.compile(r"q=north"))
    search.press_sequentially("w", delay=30)
    expect(search).to_have_value("northw")
    expect(search).to_be_focused()
    # A saved view keeps the words; another status is one choice away; back restores.
    attention = page.get_by_role("link", name="Needs attention")
    expect(attention).to_have_attribute("href", re.compile("q=northw"))
    attention.click()
    expect(page).to_have_url(re.compile(r"q=northw.*view=attention"))
    expect(page.locator("#rows")).to_contain_text("No account matches")
    page.go_back()
    expect(page.locator("#rows")).to_contain_text("Northwind Dental")


def test_columns_come_and_go_as_they_are_ticked(open_as):
    page = open_as("ada", "/staff/accounts/?q=north")
    heads = page.locator("#rows thead")
    expect(heads).to_contain_text("Industry")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="City").check()
    expect(page).to_have_url(re.compile(r"q=north&.*col=city"))
    expect(heads).to_contain_text("City")
    page.get_by_role("checkbox", name="Industry").uncheck()
    expect(heads).not_to_contain_text("Industry")
    expect(page.get_by_role("checkbox", name="City")).to_be_checked()
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Standard columns").click()
    expect(heads).to_contain_text("Industry")
    expect(heads).not_to_contain_text("City")


def test_columns_are_chosen_without_javascript(open_as):
    page = open_as("ada", "/staff/?q=north", java_script_enabled=False)
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Assessments", exact=True).check()
    page.get_by_label("Account Executive", exact=True).last.uncheck()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.locator("#rows thead")).to_contain_text("Assessments")
    expect(page.locator("#rows thead")).not_to_contain_text("Account Executive")
    expect(page.locator("#rows tbody tr")).to_have_count(1)


def test_what_an_assignment_does_is_said_before_it_is_done(open_as):
    page = open_as("ada", "/staff/accounts/")
    page.get_by_label("Select Juniper Credit Union").check()
    page.get_by_role("button", name="Assign Account Executive").click()
    ready(page)
    page.get_by_label("Account Executive").select_option("Lena Brandt")
    expect(page.locator("#plan")).to_contain_text("Adds Lena Brandt to 1 account, beside those assigned.")
    page.get_by_label("They are replaced").check()
    expect(page.locator("#plan")).to_contain_text("Replaces Sam Okafor")
    page.get_by_role("button", name="Change 1 account").click()
    expect(page.locator("#toasts")).to_contain_text("1 account has Lena Brandt now.")


def test_a_choice_filters_at_once_and_survives_what_follows(open_as):
    page = open_as("ada", "/staff/library/")
    page.get_by_label("Group").select_option("People")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    page.get_by_label("State").select_option("draft")
    expect(page.locator("#rows")).to_contain_text("No definition matches")
    expect(page).to_have_url(re.compile("state=draft&group=People"))
    page.get_by_label("State").select_option("published")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    expect(page.get_by_label("Group")).to_have_value("People")


def test_add_assessment_from_the_head_of_any_tab(open_as, live_portal):
    page = open_as("lena", of_account("account_overview", "Cobalt"))
    page.get_by_role("link", name="Add assessment").first.click()
    dialog = page.locator("#modal")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("heading", name="Add assessment")).to_be_visible()
    dialog.get_by_role("checkbox", name=re.compile("Business continuity")).check()
    with page.expect_response(re.compile("q=phishing")):
        dialog.get_by_label("Search assessments").press_sequentially("phishing", delay=20)
    expect(dialog.get_by_role("checkbox")).to_have_count(3)  # the ticked one, the found one, Start it now
    expect(dialog.get_by_role("checkbox", name=re.compile("Business continuity"))).to_be_checked()
    dialog.get_by_role("checkbox", name=re.compile("Phishing")).check()
    expect(dialog.get_by_label("Due date")).not_to_be_visible()
    dialog.get_by_label("Start it now").check()
    expect(dialog.get_by_label("Due date")).to_be_visible()
    dialog.get_by_label("Start it now").uncheck()
    dialog.get_by_role("button", name="Assign").click()
    page.wait_for_url(re.compile(r"/assessments/$"))
    toast = page.locator(".toast")
    expect(toast).to_contain_text("2 assessments are in the client’s Library.")
    toast.get_by_role("link", name="View as client").click()
    expect(page.locator("#modal")).to_contain_text("View Cobalt Logistics as client")


def test_what_is_ticked_while_a_search_is_under_way_stays_ticked(open_as):
    page = open_as("lena", of_account("account_overview", "Cobalt"))
    page.get_by_role("link", name="Add assessment").first.click()
    dialog = page.locator("#modal")
    continuity = dialog.get_by_role("checkbox", name=re.compile("Business continuity"))
    expect(continuity).to_be_visible()
    held = []
    page.route(re.compile("q=phishing"), lambda route: held.append(route), times=1)
    with page.expect_request(re.compile("q=phishing")):
        dialog.get_by_label("Search assessments").fill("phishing")
    continuity.click()
    held[0].continue_()
    expect(dialog.get_by_role("checkbox")).to_have_count(3)  # the ticked one, the found one, Start it now
    expect(continuity).to_be_checked()


def test_a_mistake_in_the_dialog_stays_in_the_dialog(open_as, browser_errors):
    page = open_as("lena", of_account("account_overview", "Cobalt"))
    page.get_by_role("link", name="Add assessment").first.click()
    page.locator("#modal").get_by_role("button", name="Assign").click()
    expect(page.locator("#modal")).to_contain_text("Choose at least one assessment.")
    expect(page.locator("#modal [data-error-summary]")).to_be_focused()
    browser_errors.allow("422")
    page.keyboard.press("Escape")
    expect(page.locator("#modal")).not_to_be_visible()


def test_removing_from_the_library_can_be_undone(open_as):
    page = open_as("sam", of_account("account_overview"))
    page.get_by_role("button", name="Remove Vendor and supply chain risk").click()
    expect(page.locator("#library")).not_to_contain_text("Vendor")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("main")).to_contain_text("Vendor and supply chain risk")
    with cast.inside():
        assert LibraryEntry.objects.filter(account=cast.account("Northwind"), definition__key="vendor-risk").exists()


def test_view_as_client_and_back_to_the_same_tab(open_as):
    page = open_as("sam", of_account("people"))
    page.get_by_role("link", name="View as client").click()
    page.locator("#modal").get_by_role("radio", name=re.compile("Priya Nair")).check()
    page.locator("#modal").get_by_role("button", name="View as client").click()
    page.wait_for_url(re.compile(r"/preview/user-[0-9a-f-]+/portal/"))
    banner = page.get_by_role("region", name="Preview mode")
    expect(banner).to_contain_text("Northwind Dental")
    banner.get_by_role("link", name="Return to Account").click()
    page.wait_for_url(re.compile(rf"{of_account('people')}$"))


def test_a_portal_role_is_asked_of_clients_only(open_as):
    page = open_as("ada", of_account("person_new"))
    expect(page.get_by_label("Company Admin")).to_be_visible()
    page.get_by_label("Technician").check()
    expect(page.get_by_label("Company Admin")).not_to_be_visible()


def test_everything_works_without_javascript(open_as, live_portal):
    page = open_as("lena", of_account("account_overview", "Cobalt"), java_script_enabled=False)
    page.get_by_role("link", name="Add assessment").first.click()
    page.wait_for_url(re.compile("/assessments/new/"))
    page.get_by_label("Search assessments").fill("phishing")
    page.locator("#dialog").get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("q=phishing"))
    page.get_by_role("checkbox", name=re.compile("Phishing")).check()
    page.get_by_role("button", name="Assign").click()
    expect(page.locator(".toasts")).to_contain_text("in the client’s Library")
    page.goto(live_portal.url("/staff/?q=cobalt"))
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Status of assessments").select_option("closed")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#rows")).to_contain_text("No account matches")


def test_an_import_that_fails_names_the_places_and_one_that_works_can_be_published(open_as, tmp_path, browser_errors):
    file = tmp_path / "small.json"
    small = {
        "format": "portal-definition/1", "key": "small", "name": "Small",
        "sections": [{"key": "all", "name": "All", "questions": [{"key": "q1", "type": "riddle", "text": "Ready?"}]}],
    }  # fmt: skip
    file.write_text(json.dumps(small))
    page = open_as("ada", "/staff/library/")
    page.get_by_role("link", name="Import").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("sections[0].questions[0].type")
    expect(page).to_have_title(re.compile("^Error: Import a definition"))
    browser_errors.allow("422")
    small["sections"][0]["questions"][0]["type"] = "yes_no"
    file.write_text(json.dumps(small))
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Import as a draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Small")
    page.get_by_role("button", name="Publish v1").click()
    expect(page.locator(".acct-head")).to_contain_text("Published")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Deprecate").click()
    page.get_by_role("dialog").get_by_role("button", name="Deprecate").click()
    expect(page.locator(".acct-head")).to_contain_text("Deprecated")


def test_a_file_of_50_megabytes_is_refused_in_words(open_as, tmp_path, browser_errors):
    file = tmp_path / "big.json"
    with file.open("wb") as out:
        out.truncate(50 * 1024 * 1024)
    page = open_as("ada", "/staff/library/import/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("The file is larger than 10 MB.")
    browser_errors.allow("413")


@pytest.mark.parametrize("size", [{"width": 320, "height": 640}, PHONE, {"width": 1440, "height": 900}])
def test_no_page_scrolls_sideways_and_axe_finds_nothing(open_as, live_portal, size):
    with cast.inside():
        definition = reverse("staff:definition", args=[Definition.objects.get(key="business-resilience").id])
    page = open_as("ada", "/staff/", viewport=size, reduced_motion="reduce")
    paths = [
        "/staff/",
        "/staff/accounts/",
        "/staff/accounts/new/",
        "/staff/library/",
        "/staff/library/import/",
        definition,
    ]
    names = (
        "account_overview",
        "account_assessments",
        "add_assessment",
        "people",
        "person_new",
        "account_edit",
        "site_new",
        "preview",
    )
    for path in [*paths, *(of_account(name) for name in names)]:
        page.goto(live_portal.url(path))
        ready(page)
        page.evaluate("document.fonts.ready.then(() => true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        found = page.evaluate(f"(() => {{ {AXE}; return axe.run(document, {{resultTypes: ['violations']}}); }})()")
        problems = [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]]
        assert problems == [], path
