"""A question about an answer goes back to who gave it, the answer changes, the result follows and is released."""

import re

from playwright.sync_api import expect

from tests import cast
from tests.assessments import stage
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready


def test_a_round_of_clarification_and_the_release(live_portal, new_page):
    with cast.inside("harbor"):
        run = stage.submitted()
    sam, priya = new_page(), new_page()
    sign_in(sam, live_portal, "sam")
    sign_in(priya, live_portal, "priya")

    # Sam looks the answers over: one counts differently, one is asked about.
    sam.goto(live_portal.url(f"/staff/accounts/{run.account_id}/assessments/{run.pk}/review/"))
    ready(sam)
    row = sam.locator("#answer-edr")
    row.get_by_role("link", name=re.compile("^Ask")).click()
    sam.get_by_label("What do you want to know?").fill("On the servers, too?")
    sam.get_by_role("button", name="Send").click()
    expect(row.get_by_text("Waiting for a reply")).to_be_visible()
    ready(sam)
    share = sam.locator("#answer-share")
    share.get_by_role("button", name=re.compile("^Accept")).click()
    expect(share.get_by_text("Accepted", exact=True)).to_be_visible()

    # Priya finds it on Home, replies and changes that one answer.
    priya.goto(live_portal.url(f"/portal/{run.account_id}/"))
    ready(priya)
    priya.get_by_role("link", name=re.compile("Reply about your answer in Every kind")).click()
    expect(priya.get_by_text("On the servers, too?")).to_be_visible()
    priya.get_by_label("Your reply").fill("Not on the servers.")
    priya.get_by_text("Change the answer").click()
    priya.get_by_label(re.compile("On none")).check(force=True)
    priya.get_by_role("button", name="Send").click()
    expect(priya.get_by_text("Not on the servers.")).to_be_visible()
    expect(priya.locator(".given-card")).to_contain_text("On none")

    # Sam sees the reply and the new figures, settles it, writes a note and releases.
    sam.goto(live_portal.url(f"/staff/accounts/{run.account_id}/assessments/{run.pk}/review/"))
    ready(sam)
    expect(row.get_by_text("They replied")).to_be_visible()
    expect(sam.locator("#figures")).to_contain_text("83")
    row.get_by_role("link", name=re.compile("They replied")).click()
    sam.get_by_role("button", name="Settle this question").click()
    expect(row.get_by_text("Asked and settled")).to_be_visible()
    ready(sam)
    sam.locator("#section-basics").get_by_text("Analysis notes").click()
    note = sam.locator("#note-basics-gaps")
    note.get_by_label("Gaps").fill("The servers are **open**.")
    expect(note.get_by_text("Saved just now")).to_be_visible()
    sam.get_by_role("link", name="Release results").click()
    sam.get_by_role("button", name="Release", exact=True).click()
    expect(sam.get_by_text("Northwind Dental can see the results now.")).to_be_visible()

    # Priya reads the result as reviewed, and what Sam wrote.
    priya.goto(live_portal.url(f"/portal/{run.account_id}/assessments/{run.pk}/results/"))
    ready(priya)
    expect(priya.locator("main")).to_contain_text("83 of 100")
    expect(priya.locator("strong", has_text="open")).to_be_attached()
