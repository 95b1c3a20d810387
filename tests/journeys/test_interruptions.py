"""Sessions end, networks fail, colleagues are quicker: no answer is lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from assessments.actions import answers, assessments
from assessments.models import Answer, AnswerRevision, Assessment
from library.document import Question
from library.models import Definition
from portal.demo.cast import PASSWORD
from tests import cast
from tests.journeys.signing_in import sign_in

# The sign-in page names it too, in its query.
QUESTION_PAGE = re.compile("^[^?]*/questions/")


@pytest.fixture
def run(fresh_database) -> Assessment:
    with cast.inside("harbor"):
        definition = Definition.objects.get(key="vendor-risk")
        return assessments.launch(by=cast.viewer("priya", "Northwind"), definition=definition)


def chosen_question(run: Assessment) -> Question:
    """This will return the first question of the run that offers three choices or more."""
    with cast.inside("harbor"):
        return next(one for one in cast.document("vendor-risk").questions() if len(one.choices) > 2)


def open_run(page: Page, portal, run: Assessment, name: str) -> None:
    sign_in(page, portal, name)
    page.goto(portal.url(f"/portal/{run.account_id}/assessments/{run.id}/questions/{chosen_question(run).key}/"))


def stored(run: Assessment) -> list[tuple]:
    with cast.inside("harbor"):
        return list(Answer.objects.filter(assessment=run).values_list("question_key", "value"))


def test_a_session_that_ends_in_the_middle_costs_a_sign_in_and_no_answer(live_portal, page, run, browser_errors):
    open_run(page, live_portal, run, "priya")
    Session.objects.all().delete()
    page.locator(".option").nth(1).click()
    page.wait_for_url(re.compile("/account/login/"))
    expect(page.get_by_role("navigation", name="Sections")).to_have_count(0)  # a whole page, never inside a panel
    assert stored(run) == []
    page.get_by_label(re.compile("E-?mail")).fill(cast.EMAILS["priya"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(QUESTION_PAGE)
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    expect(page.locator(".option input").nth(1)).to_be_checked()
    assert len(stored(run)) == 1
    browser_errors.allow("401")


def test_another_person_at_the_same_browser_never_sends_it(live_portal, page, run, browser_errors):
    open_run(page, live_portal, run, "priya")
    Session.objects.all().delete()
    page.locator(".option").nth(1).click()
    page.wait_for_url(re.compile("/account/login/"))
    page.get_by_label(re.compile("E-?mail")).fill(cast.EMAILS["marcus"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(QUESTION_PAGE)
    expect(page.locator(".option input").nth(1)).not_to_be_checked()
    # Whatever waits goes out before or with the next answer, and an answer of his own is the only one that does.
    page.locator(".option").nth(0).click()
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    question = chosen_question(run)
    assert stored(run) == [(question.key, question.choices[0].key)]
    with cast.inside("harbor"):
        assert AnswerRevision.objects.filter(assessment=run).count() == 1
    browser_errors.allow("401")


def test_offline_answers_wait_and_go_out_on_return(live_portal, page, run, browser_errors):
    open_run(page, live_portal, run, "priya")
    page.context.set_offline(True)
    page.locator(".option").nth(0).click()
    expect(page.locator("#saved")).to_contain_text("Not saved")
    assert stored(run) == []
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved just now")
    assert len(stored(run)) == 1
    browser_errors.allow("ERR_INTERNET_DISCONNECTED")


def test_two_people_on_one_answer_lose_neither(live_portal, page, run, browser_errors):
    open_run(page, live_portal, run, "priya")
    with cast.inside("harbor"):
        question = chosen_question(run)
        key, theirs = question.key, question.choices[2].key
        answers.save(
            by=cast.viewer("marcus", "Northwind"), assessment=run, question_key=key, state="answered", raw=theirs
        )
    page.locator(".option").nth(0).click()
    expect(page.locator("[data-conflict]")).to_contain_text("Marcus Lee")
    assert stored(run) == [(key, theirs)]
    with cast.inside("harbor"):
        assert AnswerRevision.objects.filter(assessment=run).count() == 2
    page.get_by_role("button", name="Use mine").click()
    expect(page.locator(".option input").nth(0)).to_be_checked()
    assert stored(run)[0][1] != theirs
    browser_errors.allow("409")


def test_without_javascript_the_whole_way_works(live_portal, new_page, run):
    page = new_page(java_script_enabled=False)
    open_run(page, live_portal, run, "priya")
    page.locator(".option").nth(1).click()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(lambda address: chosen_question(run).key not in address)
    assert len(stored(run)) == 1
    page.goto(live_portal.url(f"/portal/{run.account_id}/library/"))
    page.get_by_label("Search the Library").fill("continuity")
    page.get_by_label("Search the Library").press("Enter")
    expect(page).to_have_url(re.compile("q=continuity"))
    expect(page.locator("main")).to_contain_text("Business continuity")
    expect(page.locator("main")).not_to_contain_text("Phishing and security culture")
