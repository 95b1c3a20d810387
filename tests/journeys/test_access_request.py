"""A client finds in the search what is kept for a colleague, asks for it, and takes it once the Account Executive agrees; then
an Admin narrows what clients are offered, and what is left is the same everywhere."""

import re

from playwright.sync_api import expect

from accounts.models import Membership
from library import cards
from library.actions import library_entries
from library.models import LibraryEntry
from tests import cast
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready


def kept_for_dora() -> LibraryEntry:
    with cast.inside():
        entry = LibraryEntry.objects.select_related("definition", "account").get(
            account=cast.account("Northwind"), definition__key="vendor-risk"
        )
        dora = Membership.objects.get(user=cast.person("dora"), account=entry.account)
        return library_entries.choose_audience(
            by=cast.viewer("sam", "Northwind"), entry=entry, audience="people", people=[dora.pk]
        )


def test_from_the_search_to_the_first_question(live_portal, new_page):
    entry = kept_for_dora()
    name = entry.definition.name
    bea, sam = new_page(viewport={"width": 390, "height": 844}), new_page()

    # The palette says that it can be asked for, and leads to where one asks.
    sign_in(bea, live_portal, "bea")
    bea.get_by_role("button", name="Search").first.click()
    palette = bea.get_by_role("dialog", name="Search or jump to a page")
    palette.get_by_role("combobox").or_(palette.get_by_role("searchbox")).first.fill(name)
    hit = palette.get_by_role("link", name=re.compile(rf"^{re.escape(name)}\s*Request access$"))
    hit.click()
    expect(bea.get_by_role("heading", name=name)).to_be_visible()
    ready(bea)
    bea.get_by_label("Note").fill("I pay the suppliers")
    bea.get_by_role("button", name="Request access").click()
    expect(bea.get_by_text("has your request")).to_be_visible()

    # It reaches who looks after the account, who lets her.
    sign_in(sam, live_portal, "sam")
    sam.goto(live_portal.url(f"/staff/accounts/{entry.account_id}/library/"))
    ready(sam)
    expect(sam.get_by_text("I pay the suppliers")).to_be_visible()
    sam.get_by_role("button", name=f"Grant Bea Lindqvist: {name}").click()
    expect(sam.get_by_text(f"Bea Lindqvist may take {name}.")).to_be_visible()

    # A link into the Library works now, and starts it.
    bea.goto(live_portal.url(f"/portal/{entry.account_id}/library/{entry.definition_id}/"))
    ready(bea)
    bea.get_by_role("button", name=re.compile("^Start")).click()
    expect(bea).to_have_url(re.compile(r"/portal/[^/]+/assessments/"))


def test_an_admin_narrows_what_clients_are_offered(live_portal, new_page):
    with cast.inside():
        northwind = cast.account("Northwind")
        priya = cast.viewer("priya", "Northwind")
        library = set(cards.library_of(priya).values_list("name", flat=True))
        beside = set(cards.available_to(priya).values_list("name", flat=True)) - library
    assert beside
    ada, client = new_page(), new_page()

    sign_in(client, live_portal, "priya")
    available = live_portal.url(f"/portal/{northwind.id}/assessments/available/")
    client.goto(available)
    expect(client.locator(".lib-card")).to_have_count(len(library | beside))

    sign_in(ada, live_portal, "ada")
    ada.goto(live_portal.url("/staff/settings/"))
    ready(ada)
    ada.get_by_role("main").get_by_role("link", name="Library").last.click()
    ready(ada)
    ada.get_by_role("radio", name=re.compile("^Only what their account is entitled to")).check(force=True)
    ada.get_by_role("button", name="Save", exact=True).click()
    expect(ada.get_by_text("Clients see what their account is entitled to.")).to_be_visible()

    client.goto(available)
    expect(client.locator(".lib-card")).to_have_count(len(library))
    for name in beside:
        client.goto(live_portal.url(f"/portal/{northwind.id}/search/?q={name}"))
        expect(client.locator(".found-group").get_by_text(name, exact=True)).to_have_count(0)
