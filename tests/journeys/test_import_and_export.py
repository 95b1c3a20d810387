"""A list of questions becomes a definition, in a browser; and hostile texts in one run nothing, on any page."""

import json

from playwright.sync_api import expect

from library.models import Definition
from tests import cast
from tests.journeys.signing_in import sign_in
from tests.library import hostile
from tests.plugins.browser import ready

LIST = """Section;ID;Question;Type;Options;Show if;Owner
Backup;b1;Do you back up your data?;yes/no;;;Bob
;b2;"How often,
really?";;Daily = 3|Weekly = 1|Never = 0;b1 = Yes;
;b3;Where?;;;b9 = Yes;
;;;text;;;
"""


def test_a_list_is_read_looked_at_and_taken(live_portal, new_page):
    page = new_page()
    sign_in(page, live_portal, "sam")
    page.goto(live_portal.url("/staff/library/import/"))
    page.get_by_label("File").set_input_files(
        {"name": "Vendor check.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp1252")}
    )
    page.get_by_role("button", name="Read the file").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Vendor check")
    expect(page.locator("#decision")).to_contain_text("A new definition, as draft v1")
    expect(page.get_by_role("row")).to_have_count(7)
    page.get_by_role("link", name="Not taken 2").click()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.locator("#rows")).to_contain_text("its question cell is empty")
    page.get_by_role("link", name="All 6").click()
    page.get_by_label("Search the report").fill("b9")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.locator("#rows")).to_contain_text("there is no question “b9”")
    page.get_by_role("link", name="Questions 3").click()
    expect(page.locator(".outline-text")).to_have_count(3)

    page.get_by_label("Name").fill("Vendor review")
    page.get_by_role("button", name="Import as a draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vendor review")
    with cast.inside():
        assert Definition.objects.get(name="Vendor review").state == "draft"

    page.go_back()
    ready(page)
    page.reload()
    expect(page.locator("#decision")).to_contain_text("This file has become Vendor review v1")


def test_a_file_dropped_on_the_zone_is_chosen(live_portal, new_page):
    page = new_page()
    sign_in(page, live_portal, "sam")
    page.goto(live_portal.url("/staff/library/import/"))
    zone, words = page.locator(".dropzone input[type=file]"), page.locator(".dropzone-words strong")
    box, said = zone.bounding_box(), words.bounding_box()
    assert box and said
    # Whoever drops the file on the words drops it on the input, which takes it without a script.
    assert (
        page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y).type",
            [said["x"] + said["width"] / 2, said["y"] + said["height"] / 2],
        )
        == "file"
    )
    assert box["height"] > 150


def test_hostile_texts_run_nothing(live_portal, new_page, conformance_data):
    # The fixtures fail the test for any error in the console, any break of the policy, any request elsewhere.
    vectors = [text for text in hostile.texts(conformance_data) if "<" in text or "javascript:" in text.lower()]
    data = hostile.hostile_document(vectors[::6])
    page = new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    sign_in(page, live_portal, "ada")
    page.goto(live_portal.url("/staff/library/import/"))
    file = {
        "name": "<img src=x onerror=alert(1)>.json",
        "mimeType": "application/json",
        "buffer": json.dumps(data).encode(),
    }
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#decision")).to_be_visible()
    report = page.url
    page.goto(f"{report}?show=questions")
    page.goto(report)
    page.get_by_role("button", name="Import as a draft").click()
    page.wait_for_url("**/staff/library/*/")
    definition = page.url
    for address in (
        definition,
        live_portal.url("/staff/library/"),
        f"{definition}exports/",
        f"{definition}draft/",
        report,
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        ready(page)
    assert dialogs == []
