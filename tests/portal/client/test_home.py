"""Home: the one next step, what waits, how the account stands."""

import html
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.actions import memberships
from accounts.models import Account, Membership
from accounts.roles import Can
from assessments.actions import assessments
from assessments.models import Assessment
from tests import cast
from tests.assessments import stage as runs
from tests.portal.client import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind():
    """Northwind with an empty Library and one definition in it."""
    with cast.inside("harbor"):
        stage.empty_library()
        return stage.definition("cyber-resilience", summary="How well you recover", estimated_minutes=25)


def address(account: str = "Northwind") -> str:
    return f"/portal/{cast.account(account).id}/"


def home(who: str = "priya", account: str = "Northwind") -> str:
    response = cast.visitor(who).get(address(account))
    assert response.status_code == 200
    return html.unescape(stage.text_of(response))


def assigned(definition, **setup) -> Assessment:
    sam = cast.viewer("sam", "Northwind")
    return assessments.create(by=sam, account=cast.account("Northwind"), definition=definition, another=True, **setup)


def deny(who: str, ability: Can) -> None:
    membership = Membership.objects.get(user=cast.person(who), account=cast.account("Northwind"))
    memberships.override(by=cast.system(), membership=membership, ability=ability, effect="deny")


def test_a_first_visit_is_welcomed_in_three_steps_without_a_zero(northwind):
    page = home()
    assert "Three steps to your first result" in page
    assert "Sam Okafor looks at your answers" in page
    assert "Cyber resilience" in page
    assert "No score" in page
    for absent in ("Waiting on you", "View all", "0 of", "0%"):
        assert absent not in page


def test_a_first_visit_without_a_library_says_who_fills_it(northwind):
    with cast.inside("harbor"):
        stage.empty_library()
    assert "Your Library is still empty. Sam Okafor will add the first assessments to it." in home()


def test_the_next_step_is_what_was_saved_last(northwind):
    with cast.inside("harbor"):
        older, latest = runs.launched(definition=northwind), runs.launched(definition=northwind)
        priya = cast.viewer("priya", "Northwind")
        runs.say(priya, older, "share", "10")
        Assessment.objects.filter(pk=older.pk).update(name="Older")
        for key, raw in {"motto": "Onwards", "story": "Once", "share": "10", "edr": "all", "who": ["us"]}.items():
            runs.say(priya, latest, key, raw)
    page = home()
    assert "Pick up where you left off" in page
    assert "5 of 7 questions answered. About 7 minutes left. Next up: <strong>More</strong>." in page
    assert 'class="is-done"' in page
    assert "by Priya Nair" in page
    assert f'href="/portal/{latest.account_id}/assessments/{latest.id}/">Continue' in page


def test_what_is_due_first_comes_before_what_is_merely_there(northwind):
    with cast.inside("harbor"):
        soon = assigned(northwind, name="Due soon", due_on=timezone.localdate() + timedelta(days=2))
        assigned(northwind, name="Due later", due_on=timezone.localdate() + timedelta(days=20))
        assigned(northwind, name="Whenever")
    page = home()
    assert f'id="next-title" class="hero-title">{soon.name}<' in page
    assert page.index("Start Due soon") < page.index("Start Due later") < page.index("Start Whenever")


def test_waiting_lists_what_is_late_and_what_is_new(northwind):
    with cast.inside("harbor"):
        late = assigned(northwind, name="Late one", due_on=timezone.localdate() - timedelta(days=1))
        news = runs.released(run=runs.launched(definition=northwind))
        old = runs.released(run=runs.launched(definition=northwind))
        Assessment.objects.filter(pk=news.pk).update(name="Fresh")
        Assessment.objects.filter(pk=old.pk).update(name="Stale", released_at=timezone.now() - timedelta(days=31))
    page = home()
    assert f"Start {late.name}" in page
    assert "Overdue" in page
    assert "Read your Fresh results" in page
    assert "Shared by Sam Okafor" in page
    assert "Read your Stale results" not in page


def test_nothing_waiting_says_so(northwind):
    with cast.inside("harbor"):
        runs.launched(definition=northwind)
    assert "Nothing is waiting on you" in home()


def test_more_than_six_waiting_lead_on(northwind):
    with cast.inside("harbor"):
        for number in range(8):
            assigned(northwind, name=f"Number {number}")
    page = home()
    assert page.count("Start Number") == 6
    assert ">6+<" in page
    assert "See all your assessments" in page


def test_the_score_stands_beside_the_figure_of_the_industry(northwind):
    with cast.inside("harbor"):
        run = runs.released(run=runs.launched(definition=northwind))
    page = home()
    assert "36 points above</span> the reference" in page  # 100 against health care's 64: a dentist is NAICS 6212
    assert "Health care. 214 organizations. Source: The Yearbook, 2025" in page
    assert "Score by area" in page
    assert f"/assessments/{run.id}/results/" in page


def test_an_account_of_another_industry_is_compared_with_everybody(northwind):
    with cast.inside("harbor"):
        Account.objects.filter(pk=cast.account("Northwind").pk).update(industry="5411")
        runs.released(run=runs.launched(definition=northwind))
    page = home()
    assert "39 points above</span> the reference" in page
    assert "All organizations. 1,204 organizations. Source: The Yearbook, 2025" in page


def test_the_area_furthest_below_its_figure_is_named(northwind):
    with cast.inside("harbor"):
        run, priya = runs.launched(definition=northwind), cast.viewer("priya", "Northwind")
        for key, raw in {"share": "10", "edr": "none", "who": ["nobody"], "backup": "yes", "tested": "5"}.items():
            runs.say(priya, run, key, raw)
        run = assessments.submit(by=priya, assessment=Assessment.objects.get(pk=run.pk))
        assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    assert "Basics is 52 points below the reference." in home()


def test_results_under_review_are_announced_and_not_shown(northwind):
    with cast.inside("harbor"):
        runs.submitted(run=runs.launched(definition=northwind))
    page = home()
    assert "Sam Okafor is reviewing your results" in page
    assert "No score" in page
    assert "points above" not in page
    assert "View status" in page


def test_with_nothing_open_the_library_is_the_next_step(northwind):
    with cast.inside("harbor"):
        runs.released(run=runs.launched(definition=northwind))
        stage.definition("phishing")
    page = home()
    assert "Whenever it suits you" in page
    assert 'class="hero-title">Phishing<' in page


def test_with_nothing_left_the_page_says_so(northwind):
    with cast.inside("harbor"):
        runs.released(run=runs.launched(definition=northwind))
    assert "You are up to date" in home()


@pytest.mark.parametrize(
    "ability", [Can.VIEW_RESULTS, Can.ANSWER_ASSESSMENTS, Can.LAUNCH_ASSESSMENTS, Can.BROWSE_LIBRARY]
)
def test_what_a_client_may_not_do_is_not_on_the_page(northwind, ability: Can):
    with cast.inside("harbor"):
        runs.released(run=runs.launched(definition=northwind))
        assigned(northwind, name="To do", due_on=timezone.localdate())
        stage.definition("phishing")
        deny("dora", ability)
    page = home("dora")
    assert ("gauge-value" in page) == (ability != Can.VIEW_RESULTS)
    assert ("View results" in page) == (ability != Can.VIEW_RESULTS)
    assert ("Start To do" in page) == (ability != Can.ANSWER_ASSESSMENTS)
    assert ("Browse the Library" in page) == (ability != Can.BROWSE_LIBRARY)


def part_of_day_in_auckland() -> str:
    hour = timezone.localtime(timezone=ZoneInfo("Pacific/Auckland")).hour
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"


def test_the_greeting_follows_the_clock_of_the_account(northwind):
    with cast.inside("harbor"):
        Account.objects.filter(pk=cast.account("Northwind").pk).update(time_zone="Pacific/Auckland")
    before, page, after = part_of_day_in_auckland(), home(), part_of_day_in_auckland()
    assert f"Good {before}, Priya" in page or f"Good {after}, Priya" in page  # noon may strike in between
    with cast.inside("harbor"):
        Account.objects.filter(pk=cast.account("Northwind").pk).update(time_zone="Nowhere/At all")
    assert ", Priya" in home()


def test_the_number_of_queries_does_not_grow(northwind):
    priya, counts, made = cast.visitor("priya"), [], 0
    with cast.inside("harbor"):
        runs.released(run=runs.launched(definition=northwind))
        stage.definition("untaken")
        runs.submitted(run=runs.launched(definition=northwind))
    for total in (1, 3, 40):
        with cast.inside("harbor"):
            for number in range(made, total):
                run = assigned(northwind, name=f"Run {number}", due_on=timezone.localdate())
                if not number % 3:
                    runs.say(cast.viewer("priya", "Northwind"), run, "share", "10")
            made = total
        counts.append(stage.queries_of(priya, address()))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 14


def test_strangers_meet_nothing(northwind):
    for who in ("carla", "iris", "noor", "mia"):
        assert cast.visitor(who, at="harbor").get(address()).status_code == 404
    assert cast.visitor("priya", at="sunny").get(address()).status_code == 404


# --- The door --------------------------------------------------------------------------------------------


def test_one_door_is_walked_through_and_several_are_offered():
    assert cast.visitor("priya").get("/")["Location"] == address()
    page = html.unescape(stage.text_of(cast.visitor("theo").get("/")))
    assert "Where do you want to go?" in page
    assert "Harbor IT" in page
    assert "Cobalt Logistics" in page
    assert "Northwind" not in page


def test_without_access_there_is_a_friendly_page_and_no_data():
    page = html.unescape(stage.text_of(cast.visitor("noor").get("/")))
    assert "You do not have access yet" in page
    assert "noor@nowhere.example" in page
    assert "support@harbor.example" in page
    assert "Northwind" not in page
