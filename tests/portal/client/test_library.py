"""The Library: what stands in it, in which state, and what leads on."""

import html
import re

import pytest

from accounts.actions import memberships
from accounts.models import Membership
from accounts.roles import Can
from assessments.models import Assessment
from library.actions import definitions
from library.models import Definition
from tests import cast
from tests.assessments import stage as runs
from tests.portal.client import stage

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def shelf():
    """Northwind's Library, empty."""
    with cast.inside("harbor"):
        stage.empty_library()


def address(path: str = "", account: str = "Northwind") -> str:
    return f"/portal/{cast.account(account).id}/library/{path}"


def library(query: str = "", who: str = "priya", **headers: str) -> str:
    response = cast.visitor(who).get(address(query), headers=headers)
    assert response.status_code == 200
    return html.unescape(stage.text_of(response))


def cards_of(page: str) -> list[str]:
    return re.findall(r'<li class="lib-card">(.*?)</li>', page)


def named(page: str) -> list[str]:
    return [re.search(r"<h2[^>]*><a[^>]*>(.*?)</a>", card).group(1) for card in cards_of(page)]


def deny(who: str, ability: str) -> None:
    membership = Membership.objects.get(user=cast.person(who), account=cast.account("Northwind"))
    memberships.override(by=cast.system(), membership=membership, ability=Can(ability), effect="deny")


def test_a_card_says_what_it_is(shelf):
    with cast.inside("harbor"):
        stage.definition("cyber", summary="How well you recover", group="Security", estimated_minutes=25)
    card = cards_of(library())[0]
    assert "8 questions" in card
    assert "25 min" in card
    assert "Security" in card
    assert "How well you recover" in card
    assert ">New<" in card
    assert ">Start<" in card


def test_state_and_button_of_each_card_agree(shelf):
    with cast.inside("harbor"):
        for key in ("drafted", "going", "reviewed", "done"):
            stage.definition(key)
        stage.assigned_days_ago(stage.definition("untaken"), 20)
        by_key = {one.key: one for one in Definition.objects.all()}
        drafted, going, reviewed, done = (
            runs.launched(definition=by_key[key]) for key in ("drafted", "going", "reviewed", "done")
        )
        runs.say(cast.viewer("priya", "Northwind"), going, "share", "10")
        runs.submitted(run=reviewed)
        runs.released(run=done)
    cards = dict(zip(named(page := library()), cards_of(page), strict=True))
    assert "Not started" in cards["Drafted"]
    assert f"/assessments/{drafted.id}/" in cards["Drafted"]
    assert ">Start<" in cards["Drafted"]
    assert "In progress" in cards["Going"]
    assert '<progress class="progress progress-sm" value="1" max="7"' in cards["Going"]
    assert ">Continue<" in cards["Going"]
    assert "Results review" in cards["Reviewed"]
    assert ">View status<" in cards["Reviewed"]
    assert "/100" in cards["Done"]
    assert "View results" in cards["Done"]
    assert f"/assessments/{done.id}/results/" in cards["Done"]
    assert "Not taken yet" in cards["Untaken"]
    assert ">New<" not in cards["Untaken"]
    assert "formaction=" in cards["Untaken"]
    assert named(page)[:2] == ["Drafted", "Going"], "what is open comes first"


def test_a_result_under_review_shows_no_score(shelf):
    with cast.inside("harbor"):
        runs.submitted(run=runs.launched(definition=stage.definition("secret")))
    assert "score-chip" not in library()


def test_search_and_group_and_their_counts(shelf):
    with cast.inside("harbor"):
        stage.definition("cyber-resilience", group="Security")
        stage.definition("phishing", group="People")
        stage.definition("passwords", group="Security")
    page = library("?q=cyber")
    assert named(page) == ["Cyber resilience"]
    assert "1 of 3 assessments matching “cyber”" in page
    assert "Security <b>2</b>" in page
    page = library("?group=Security&sort=name")
    assert named(page) == ["Cyber resilience", "Passwords"]
    assert "2 of 3 assessments in Security" in page
    assert 'value="Security" checked' in page
    assert '<option value="name" selected>' in page


@pytest.mark.parametrize("query", ["?q=zzzz", "?q=%00zz", "?group=Nowhere", "?q=" + "z" * 500])
def test_no_match_names_the_account_executive(shelf, query: str):
    with cast.inside("harbor"):
        stage.definition("cyber")
    page = library(query)
    assert "No assessments match" in page
    assert "ask Sam Okafor to add it" in page
    assert "Clear filters" in page


@pytest.mark.parametrize("query", ["?sort=sideways", "?show=abc", "?show=-1", "?show=²", "?q=%00"])
def test_an_address_nobody_wrote_shows_the_library(shelf, query: str):
    with cast.inside("harbor"):
        stage.definition("cyber")
    assert named(library(query)) == ["Cyber"]


def test_an_empty_library_says_who_fills_it(shelf):
    page = library()
    assert "Your Library is empty" in page
    assert "mailto:sam@harbor.example" in page
    assert 'id="q"' not in page, "there is nothing to search"


def test_twenty_four_then_more(shelf):
    with cast.inside("harbor"):
        for number in range(30):
            stage.definition(f"number-{number:02d}")
    page = library("?sort=name")
    assert len(cards_of(page)) == 24
    assert "Showing 24 of 30" in page
    assert 'href="?sort=name&show=48"' in page
    page = library("?sort=name&show=48")
    assert len(cards_of(page)) == 30
    assert "Show more" not in page


def test_the_fragment_is_that_part_of_the_page(shelf):
    with cast.inside("harbor"):
        stage.definition("cyber")
    fragment = library("?q=cyber", **FRAGMENT)
    assert fragment.startswith('<div id="results">')
    assert fragment == stage.part_of(library("?q=cyber"), "results")


def test_without_the_ability_to_launch_the_card_says_whom_to_ask(shelf):
    with cast.inside("harbor"):
        stage.definition("cyber")
        deny("dora", "launch_assessments")
    page = library(who="dora")
    assert "Ask Sam Okafor to start it" in page
    assert "formaction" not in page
    with cast.inside("harbor"):
        card = address(f"{Definition.objects.get(key='cyber').id}/")
    page = stage.text_of(cast.visitor("dora").get(card))
    assert "You cannot start assessments yourself. Ask Sam Okafor" in page


def test_without_the_ability_to_see_results_there_are_none(shelf):
    with cast.inside("harbor"):
        runs.released(run=runs.launched(definition=stage.definition("cyber")))
        deny("dora", "view_results")
    page = library(who="dora")
    assert "score-chip" not in page
    assert "View results" not in page


@pytest.mark.parametrize("fragment", [False, True])
def test_the_number_of_queries_does_not_grow(shelf, fragment: bool):
    priya, counts, made = cast.visitor("priya"), [], 0
    for cards in (1, 3, 40):
        with cast.inside("harbor"):
            new = [stage.definition(f"card-{number}", group=f"Group {number % 7}") for number in range(made, cards)]
            stage.started(new[::2])
            made = cards
        counts.append(stage.queries_of(priya, address("?show=48"), **(FRAGMENT if fragment else {})))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= (8 if fragment else 10)


# --- The page about one definition -----------------------------------------------------------------------


def test_the_page_of_a_definition(shelf):
    with cast.inside("harbor"):
        one = stage.definition(
            "cyber", description="It measures **a lot**.\n\n<script>x</script>",
            attribution={"text": "Made by the Harbor Institute", "licence": "CC BY 4.0"},
        )  # fmt: skip
    assert "<script>x" not in cast.visitor("priya").get(address(f"{one.id}/")).content.decode()
    page = library(f"{one.id}/")
    assert "<strong>a lot</strong>" in page
    assert "Made by the Harbor Institute" in page
    assert "CC BY 4.0" in page
    assert "<dt>Basics</dt><dd>5 questions</dd>" in page
    assert ">Start</button>" in page


def test_with_a_run_the_page_offers_both(shelf):
    with cast.inside("harbor"):
        one = stage.definition("cyber")
        run = runs.launched(definition=one)
        runs.say(cast.viewer("priya", "Northwind"), run, "share", "10")
    page = library(f"{one.id}/")
    assert ">Continue</a>" in page
    assert 'name="another" value="1"' in page
    assert ">Start another</button>" in page
    assert "1 of 7 answered" in page


def test_what_is_not_in_the_library_has_no_page(shelf):
    with cast.inside("harbor"):
        elsewhere, old = stage.definition("elsewhere", account="Cobalt"), stage.definition("old")
        definitions.deprecate(by=cast.system(), definition=old)
    for one in (elsewhere, old):
        assert cast.visitor("priya").get(address(f"{one.id}/")).status_code == 404
        assert cast.visitor("priya").post(address(f"{one.id}/launch/")).status_code == 404
    assert not Assessment.objects.exists()


def test_strangers_meet_nothing(shelf):
    with cast.inside("harbor"):
        one = stage.definition("cyber")
    for who in ("carla", "iris", "mia"):
        for path in ("", f"{one.id}/"):
            assert cast.visitor(who, at="harbor").get(address(path)).status_code == 404
    assert cast.visitor("priya", at="sunny").get(address()).status_code == 404


def test_a_card_leads_to_a_sample_report_and_shows_its_topics(shelf):
    with cast.inside("harbor"):
        with_one = stage.definition(
            "with", sample_report="https://example.org/report?a=1&b=2", tags=["third parties", "a&b"]
        )
        without = stage.definition("without")
    page = library(f"{with_one.id}/")
    assert '<a class="btn btn-sm" href="https://example.org/report?a=1&b=2" rel="noopener noreferrer nofollow">' in page
    assert "See a sample report" in page
    assert f'<a class="tag" href="{address("?q=third%20parties")}">third parties</a>' in page
    assert f'<a class="tag" href="{address("?q=a%26b")}">a&b</a>' in page
    assert "See a sample report" not in library(f"{without.id}/")
    assert 'class="tag"' not in library(f"{without.id}/")
    assert [re.search(r">(With|Without)<", card).group(1) for card in cards_of(library("?q=parties"))] == ["With"]
