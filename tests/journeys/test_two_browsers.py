"""Two browsers answer the same question: theirs, mine, both; alone on its page and in a whole section; by a guest, too."""

import pytest
from playwright.sync_api import Page, expect

from assessments.actions import answers, links, respondents
from assessments.models import Answer, AnswerRevision, Assessment
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address
from tests.assessments.test_taking_browser import enter


@pytest.fixture
def run(live_portal) -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


def standing(run: Assessment, key: str) -> Answer:
    with cast.inside("harbor"):
        return Answer.objects.get(assessment=run, question_key=key)


def both_open(live_portal, new_page, run: Assessment, path: str) -> tuple[Page, Page]:
    """This will open a page for Priya and for Marcus, let both answer the same question, and wait for the note."""
    priya, marcus = (enter(new_page(), live_portal, name) for name in ("priya", "marcus"))
    for page in (priya, marcus):
        page.goto(live_portal.url(path))
    priya.get_by_label("What is your motto?").fill("Onward")
    expect(priya.locator("#saved")).to_contain_text("Saved just now")
    marcus.get_by_label("What is your motto?").fill("Carefully")
    expect(marcus.get_by_role("heading", name="Priya Nair answered this too")).to_be_visible()
    return priya, marcus


CHOICES = [
    ("Keep theirs", "Onward", ""),
    ("Use mine", "Carefully", ""),
    ("Keep theirs and add mine as a comment", "Onward", "Marcus Lee: Carefully"),
]


@pytest.mark.parametrize(("choice", "value", "comment"), CHOICES)
@pytest.mark.parametrize("view", ["alone", "section"])
def test_theirs_mine_or_both(live_portal, new_page, run, browser_errors, view, choice, value, comment):
    path = address("client:question", run, "motto") if view == "alone" else address("client:section", run, "basics")
    _priya, marcus = both_open(live_portal, new_page, run, path)
    assert standing(run, "motto").value == "Onward"
    marcus.get_by_role("button", name=choice, exact=True).click()
    expect(marcus.get_by_label("What is your motto?")).to_have_value(value)
    expect(marcus.locator("#saved")).not_to_contain_text("Not saved")
    answer = standing(run, "motto")
    assert (answer.value, answer.comment) == (value, comment)
    with cast.inside("harbor"):
        assert ("Carefully", False) in AnswerRevision.objects.values_list("value", "was_taken")
    browser_errors.allow("409")


def test_a_guest_and_a_colleague(live_portal, new_page, run, browser_errors):
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        [gina] = respondents.add(by=sam, run=run, people=[respondents.Person("Gina Guest", "gina@guests.example")])
        _link, token = links.issue(by=sam, respondent=gina)
    guest, priya = new_page(), enter(new_page(), live_portal, "priya")
    guest.goto(live_portal.url(f"/r/{token}/"))
    guest.get_by_role("button").last.click()
    expect(guest.get_by_role("heading", name="What is your motto?")).to_be_visible()
    priya.goto(live_portal.url(address("client:question", run, "motto")))
    expect(priya.get_by_role("navigation", name="Sections")).to_contain_text("Gina Guest")
    guest.get_by_label("What is your motto?").fill("Slowly")
    expect(guest.locator("#saved")).to_contain_text("Saved just now")
    priya.get_by_label("What is your motto?").fill("Onward")
    expect(priya.get_by_role("heading", name="Gina Guest answered this too")).to_be_visible()
    priya.get_by_role("button", name="Use mine").click()
    expect(priya.get_by_label("What is your motto?")).to_have_value("Onward")
    guest.get_by_label("What is your motto?").fill("Slowly but surely")
    expect(guest.get_by_role("heading", name="Priya Nair answered this too")).to_be_visible()
    guest.get_by_role("button", name="Keep theirs", exact=True).click()
    expect(guest.get_by_label("What is your motto?")).to_have_value("Onward")
    # Out of the run leads no way into the portal.
    guest.get_by_role("link", name="Save and exit").click()
    expect(guest.get_by_role("heading", name="Everything you answered is saved")).to_be_visible()
    assert (
        guest.locator("a[href]").evaluate_all(
            "links => links.filter(a => !a.pathname.startsWith('/with/') && a.hash === '').length"
        )
        == 0
    )
    browser_errors.allow("409")


def test_of_100_conflicting_pairs_none_is_overwritten(db):
    with cast.inside("harbor"):
        run = stage.launched()
        priya, marcus = cast.viewer("priya", "Northwind"), cast.viewer("marcus", "Northwind")
        seen = 0
        for number in range(100):
            first, second = (priya, marcus) if number % 2 else (marcus, priya)
            taken = stage.say(first, run, "motto", f"First {number}", seen_revision=seen)
            late = stage.say(second, run, "motto", f"Second {number}", seen_revision=seen)
            assert (taken.conflict, late.conflict) == (False, True)
            seen = taken.revision
        values = AnswerRevision.objects.filter(assessment=run)
        assert values.filter(was_taken=True).count() == values.filter(was_taken=False).count() == 100
        assert Answer.objects.get(assessment=run).value == "First 99"
        assert answers.save(
            by=priya, assessment=run, question_key="motto", state="answered", raw="First 99", seen_revision=1
        ).revision == seen  # fmt: skip
