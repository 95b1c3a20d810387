"""A person without a login answers by a link, on a phone; and staff make one, in a browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assessments.actions import links, respondents
from assessments.actions.respondents import Person
from assessments.models import Answer, Assessment, Mode, Power, Respondent
from tests import cast
from tests.assessments import stage
from tests.plugins.browser import ready

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
VIOLATIONS = "axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
NARROW = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def run(live_portal) -> Assessment:
    with cast.inside("harbor"):
        run = stage.launched()
        Assessment.objects.filter(pk=run.pk).update(mode=Mode.INDEPENDENT)
        return Assessment.objects.select_related("account", "version").get(pk=run.pk)


def asked(run: Assessment) -> str:
    """This will ask Ann to answer, and return the token of her link."""
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        [ann] = respondents.add(by=sam, run=run, people=[Person("Ann Lee", "ann@example.com")])
        ann.assessment = run
        return links.issue(by=sam, respondent=ann)[1]


def fine(page) -> None:
    """This will check that nothing hangs over the edge of the phone and everybody can use the page."""
    assert page.evaluate(NARROW)
    page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_ann_answers_on_her_phone(live_portal, new_page, browser_errors, run, scripts: bool):
    token = asked(run)
    page = new_page(**PHONE, java_script_enabled=scripts)
    page.goto(live_portal.url(f"/r/{token}/"))
    expect(page.locator("h1")).to_have_text("Every kind")
    expect(page.get_by_text("Sam Okafor of Harbor IT asks you")).to_be_visible()
    if scripts:
        fine(page)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile(r"/with/[0-9a-f-]{36}/portal/.*/questions/motto/$"))
    assert token not in page.url
    if scripts:
        ready(page)
        fine(page)
    page.get_by_label("What is your motto?").fill("Ever onward")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("h1")).to_have_text("Tell us how it began")

    # Another day she comes back by the same link.
    page.goto(live_portal.url(f"/r/{token}/"))
    page.get_by_role("link", name="Continue as Ann Lee").click()
    expect(page.locator("h1")).to_have_text("Tell us how it began")
    for key, answer in (("edr", "On all"), ("backup", "Yes"), ("tested", "5")):
        page.goto(re.sub(r"questions/[^/]+/", f"questions/{key}/", page.url))
        if scripts:
            ready(page)
        page.get_by_role("radio", name=re.compile(f"{answer}$|^{answer}")).first.check(force=True)
        if scripts:
            expect(page.locator("#saved")).to_contain_text("Saved")
        else:
            page.get_by_role("button", name="Next").click()
            expect(page).not_to_have_url(re.compile(f"questions/{key}/$"))
            page.go_back()
    page.goto(re.sub(r"questions/[^/]+/", "review/", page.url))
    page.get_by_role("button", name=re.compile("Submit|Hand in")).first.click()
    page.wait_for_url(re.compile(r"/submitted/$"))
    with cast.inside("harbor"):
        ann = Respondent.objects.get(assessment=run, email="ann@example.com")
        assert ann.submitted_at
        assert Answer.objects.get(respondent=ann, question_key="motto").value == "Ever onward"
        assert {one.guest_id for one in Answer.objects.filter(respondent=ann)} == {ann.pk}
    # Once is enough: the link has ended, wherever it leads.
    for address in (f"/r/{token}/", re.sub("^.*?(/with/)", r"\1", page.url).replace("submitted/", "review/")):
        page.goto(live_portal.url(address))
        expect(page.locator("h1")).to_have_text("This link no longer works")
    browser_errors.allow("410")


def test_a_link_with_a_password_that_only_shows(live_portal, new_page, browser_errors):
    with cast.inside("harbor"):
        run = stage.launched()
        stage.say(cast.viewer("priya", "Northwind"), run, "motto", "Ever onward")
        _link, token = links.share(
            by=cast.viewer("sam", "Northwind"), run=run, power=Power.VIEW, password="open sesame"
        )
    page = new_page(**PHONE)
    page.goto(live_portal.url(f"/r/{token}/"))
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Show the answers").click()
    expect(page.get_by_role("alert").or_(page.locator(".error-summary"))).to_contain_text("This is not the password")
    fine(page)
    page.get_by_label("Password", exact=True).fill("open sesame")
    page.get_by_role("button", name="Show the answers").click()
    page.wait_for_url(re.compile("/with/"))
    page.goto(re.sub(r"(/assessments/[0-9a-f-]{36}/).*", r"\1review/", page.url))
    expect(page.get_by_text("Ever onward")).to_be_visible()
    browser_errors.allow("422")


def test_sam_asks_people_and_makes_links(live_portal, new_page, browser_errors, run):
    page = new_page()
    cookie = cast.visitor("sam").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_portal.url("/")}])
    page.goto(live_portal.url(stage.address("staff:run_people", run)))
    ready(page)
    page.get_by_role("link", name="Add people").click()
    dialog = page.locator("#modal")
    dialog.get_by_label("Other people").fill("Ann Lee <ann@example.com>\nno address")
    dialog.get_by_role("button", name="Add people").click()
    expect(dialog.get_by_text("Line 2:").first).to_be_visible()
    dialog.get_by_label("Other people").fill("Ann Lee <ann@example.com>\nbob@example.com")
    dialog.get_by_role("button", name="Add people").click()
    expect(page.get_by_role("rowheader", name=re.compile("Ann Lee"))).to_be_visible()
    ready(page)
    page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS) == []

    page.get_by_role("button", name="Actions for Ann Lee").click()
    page.get_by_role("button", name="Make a new link to copy").click()
    expect(page.locator("#new-link")).to_have_value(re.compile(r"/r/[\w-]{43}/$"))
    own = page.locator("#new-link").input_value()

    ready(page)
    page.get_by_role("link", name="Share a link").click()
    dialog.get_by_label("How often it can be started").fill("1")
    dialog.get_by_role("button", name="Make link").click()
    expect(dialog.locator("#new-link")).to_have_value(re.compile(r"/r/[\w-]{43}/$"))
    dialog.get_by_role("link", name="Done").click()
    expect(page.get_by_text("0 of 1")).to_be_visible()
    expect(page.locator("#new-link")).to_have_count(0)

    page.get_by_role("button", name="Actions for Ann Lee").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Ann Lee is taken out.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("rowheader", name=re.compile("Ann Lee"))).to_be_visible()
    page.goto(own)
    expect(page.locator("h1")).to_have_text("This link no longer works")
    browser_errors.allow("422|410")


def test_people_on_a_phone(live_portal, new_page, run):
    asked(run)
    page = new_page(**PHONE)
    cookie = cast.visitor("sam").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_portal.url("/")}])
    page.goto(live_portal.url(stage.address("staff:run_people", run)))
    ready(page)
    fine(page)
