"""Home in the order an account has: what is shown, where, and that nothing hidden is read."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import dashboards
from accounts.actions import announcements
from accounts.actions import dashboards as arranging
from accounts.dashboards import ALL, NARROW, WIDE, Component
from accounts.models import DashboardLayout
from accounts.roles import Can
from assessments.models import Assessment
from portal.client.dashboard import Drawn, bands
from tests import cast
from tests.assessments import stage as runs
from tests.portal.client import stage

pytestmark = pytest.mark.django_db

TITLES = {
    "announcements": "announcements-title", "next_step": "next-title", "score": "score-title", "waiting": "waiting-title",
    "areas": "areas-title", "assessments": "runs-title", "library": "library-title", "findings": "findings-title",
    "reports": "reports-title", "people": "people-title",
}  # fmt: skip


@pytest.fixture
def northwind():
    """Northwind after its first result, with something left in the Library."""
    with cast.inside("harbor"):
        stage.empty_library()
        definition = stage.definition("cyber-resilience")
        runs.released(run=runs.launched(definition=definition))
        stage.definition("phishing")
        yield cast.account("Northwind")


def home(who: str = "priya", query: str = "") -> str:
    response = cast.visitor(who).get(f"/portal/{cast.account('Northwind').id}/{query}")
    assert response.status_code == 200
    return html.unescape(stage.text_of(response))


def shown(page: str) -> list[str]:
    """This will name the components of a Home in the order they stand there."""
    at = {key: page.index(f'aria-labelledby="{title}"') for key, title in TITLES.items() if f'="{title}"' in page}
    return sorted(at, key=at.__getitem__)


def arrange(code: str, account=None, by: str = "ada") -> None:
    viewer = cast.viewer(by, "Northwind" if account else "")
    row = DashboardLayout.objects.filter(account=account).first()
    arranging.arrange(
        by=viewer, account=account, components=dashboards.stored_of(code), revision=row.revision if row else 0
    )


def test_as_long_as_nobody_decided_home_stands_as_the_catalogue_has_it(northwind):
    assert shown(home()) == ["next_step", "score", "waiting", "areas", "assessments", "library"]


def test_the_default_orders_every_home_and_hides(northwind):
    arrange("reports library -score next_step people")
    page = home()
    assert shown(page)[:4] == ["reports", "library", "next_step", "people"]
    assert "score" not in shown(page)
    assert "No report yet" in page


def test_an_account_has_an_order_of_its_own_and_others_do_not(northwind):
    arrange("assessments next_step -library", account=northwind, by="sam")
    assert shown(home())[:2] == ["assessments", "next_step"]
    assert "library" not in shown(home())
    other = html.unescape(cast.visitor("carla").get(f"/portal/{cast.account('Cobalt').id}/").content.decode())
    assert shown(other)[0] == "next_step"


def test_what_the_default_locks_stands_there_in_every_account(northwind):
    arrange("!people next_step !-library")
    arrange("next_step -people library assessments", account=northwind, by="sam")
    assert shown(home())[:3] == ["people", "next_step", "assessments"]
    assert "library" not in shown(home())


def test_a_locked_component_keeps_its_very_place(northwind):
    arrange("next_step waiting !score assessments library")
    arrange("library assessments waiting next_step", account=northwind, by="sam")
    assert shown(home())[:5] == ["library", "assessments", "score", "waiting", "next_step"]


def test_an_account_that_never_arranged_follows_a_change_of_the_default(northwind):
    arrange("assessments next_step")
    assert shown(home())[0] == "assessments"
    arrange("library assessments next_step")
    assert shown(home())[0] == "library"


@pytest.mark.parametrize(
    ("ability", "gone"),
    [
        (Can.VIEW_RESULTS, {"score", "areas", "findings"}),
        (Can.BROWSE_LIBRARY, {"library"}),
        (Can.VIEW_REPORTS, {"reports"}),
    ],
)
def test_a_component_respects_what_its_viewer_may(northwind, ability: Can, gone: set[str]):
    arrange("reports findings score areas library people next_step")
    assert gone <= set(shown(home()))
    membership = cast.viewer("dora", "Northwind").user.memberships.get(account=northwind)
    from accounts.actions import memberships

    memberships.override(by=cast.system(), membership=membership, ability=ability, effect="deny")
    assert set(shown(home("dora"))) == set(shown(home())) - gone


def test_with_everything_hidden_home_says_where_to_go(northwind):
    arrange(" ".join(f"-{one.key}" for one in dashboards.catalogue()), account=northwind, by="sam")
    page = home()
    assert shown(page) == []
    assert "Nothing stands here yet" in page
    assert "Go to your assessments" in page


def test_what_is_hidden_reads_nothing(northwind):
    arrange(" ".join(f"-{one.key}" for one in dashboards.catalogue()), account=northwind, by="sam")
    priya = cast.visitor("priya")
    bare = stage.queries_of(priya, f"/portal/{northwind.id}/")
    for key in ("score", "waiting", "library", "findings", "reports", "people", "announcements"):
        with CaptureQueriesContext(connection) as captured:
            priya.get(f"/portal/{northwind.id}/")
        tables = " ".join(query["sql"] for query in captured.captured_queries)
        for table in ("assessments_result", "assessments_finding", "assessments_report", "accounts_announcement"):
            assert table not in tables, (key, table)
    arrange(
        " ".join(f"{'' if one.key == 'people' else '-'}{one.key}" for one in dashboards.catalogue()), northwind, "sam"
    )
    assert stage.queries_of(priya, f"/portal/{northwind.id}/") == bare + 1


def test_every_component_together_asks_the_same_number_of_queries_for_1_3_and_40(northwind):
    arrange(" ".join(one.key for one in dashboards.catalogue()), account=northwind, by="sam")
    definition, priya, counts, made = stage.definition("more"), cast.visitor("priya"), [], 0
    runs.submitted(run=runs.launched(definition=definition))
    for total in (1, 3, 40):
        for number in range(made, total):
            announcements.publish(
                by=cast.viewer("sam", "Northwind"), account=northwind, title=f"News {number}", starts_on="2026-01-01"
            )
            runs.launched(definition=definition)
        made = total
        counts.append(stage.queries_of(priya, f"/portal/{northwind.id}/"))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 19


def test_findings_show_what_is_open_and_released(northwind):
    from assessments.actions import finding_actions, findings

    arrange("findings", account=northwind, by="sam")
    assert "No open finding" in home()
    sam, run = (
        cast.viewer("sam", "Northwind"),
        Assessment.objects.filter(account=northwind, released_at__isnull=False).first(),
    )
    found = findings.create(by=sam, assessment=run, title="Backups are never tried", severity="high")
    finding_actions.add(by=sam, finding=found, title="Try one")
    secret = findings.create(by=sam, assessment=runs.submitted(run=runs.launched()), title="Not told", severity="high")
    page = home()
    assert "Backups are never tried" in page
    assert secret.title not in page


def test_people_name_who_looks_after_the_account(northwind):
    arrange("people", account=northwind, by="sam")
    assert "sam@harbor.example" in home()


# --- Bands ---------------------------------------------------------------------------------------------------


def drawn(size: str) -> Drawn:
    return Drawn(Component(size, size, "", "home", "x.html", lambda _board: {}, size), {})


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([WIDE, NARROW, WIDE, NARROW, ALL], [2, 2, 1]),
        ([WIDE, WIDE, NARROW], [1, 2]),
        ([NARROW, ALL, NARROW, NARROW], [1, 1, 2]),
        ([WIDE, ALL, NARROW, WIDE], [1, 1, 2]),
    ],
)
def test_neighbors_that_fit_stand_side_by_side(sizes: list[str], expected: list[int]):
    assert [len(band.drawn) for band in bands([drawn(size) for size in sizes])] == expected


def test_the_wide_one_keeps_its_width_behind_a_narrow_one():
    assert [band.shape for band in bands([drawn(NARROW), drawn(WIDE)])] == ["flip"]
    assert [band.shape for band in bands([drawn(NARROW), drawn(NARROW)])] == ["even"]


def test_two_components_cannot_share_a_key():
    with pytest.raises(ValueError, match="two components of Home are called score"):
        dashboards.component(Component("score", "x", "", "home", "other.html", lambda _board: {}))


# --- Trying a layout -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["priya", "dora", "marcus"])
def test_a_client_is_refused_to_try_a_layout(northwind, who: str):
    assert cast.visitor(who).get(f"/portal/{northwind.id}/?layout=people").status_code == 403


def test_the_usual_home_cannot_be_framed(northwind):
    response = cast.visitor("priya").get(f"/portal/{northwind.id}/")
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
