"""Your Assessments, All Available Assessments, launching, and the set-up of what a client launched."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import memberships
from accounts.models import AuditEntry, Membership
from accounts.roles import Can
from assessments.actions import assessments
from assessments.models import Assessment, Respondent
from library.actions import definitions
from library.models import Definition, LibraryEntry
from tests import cast
from tests.assessments import stage as runs
from tests.portal.client import stage

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def definition() -> Definition:
    with cast.inside("harbor"):
        return runs.publish()


def address(page: str, *ids, account: str = "Northwind") -> str:
    return reverse(f"client:{page}", args=[cast.account(account).id, *ids])


def read(url: str, who: str = "priya", **headers: str) -> str:
    response = cast.visitor(who).get(url, headers=headers)
    assert response.status_code == 200, response.status_code
    return html.unescape(stage.text_of(response))


def rows_of(page: str) -> list[str]:
    return page.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1] if "<tbody>" in page else []


def now(run: Assessment) -> Assessment:
    """This will read the run as it stands."""
    with cast.inside("harbor"):
        return Assessment.objects.get(pk=run.pk)


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def deny(who: str, ability: Can) -> None:
    membership = Membership.objects.get(user=cast.person(who), account=cast.account("Northwind"))
    memberships.override(by=cast.system(), membership=membership, ability=ability, effect="deny")


# --- Your Assessments ------------------------------------------------------------------------------------


def test_every_run_has_its_row_with_what_can_be_done(definition):
    with cast.inside("harbor"):
        draft, going, reviewed, done = (runs.launched(definition=definition) for _number in range(4))
        runs.say(cast.viewer("priya", "Northwind"), going, "share", "10")
        runs.submitted(run=reviewed)
        runs.released(run=done)
        for name, run in {"Draft one": draft, "Going": going, "Reviewed": reviewed, "Done": done}.items():
            Assessment.objects.filter(pk=run.pk).update(name=name)
    rows = rows_of(read(address("your_assessments")))
    names = ("Draft one", "Going", "Reviewed", "Done")
    row = {name: next(one for one in rows if f">{name}</a>" in one) for name in names}
    assert ">Start<" in row["Draft one"]
    assert f'data-copy="http://harbor.localhost/portal/{draft.account_id}/assessments/{draft.id}/"' in row["Draft one"]
    assert ">Continue<" in row["Going"]
    assert "1/7" in row["Going"]
    assert ">View status<" in row["Reviewed"]
    assert "data-copy" not in row["Reviewed"]
    assert ">View results<" in row["Done"]
    assert all(">View / Edit<" in one for one in row.values())


def test_only_the_creator_is_offered_the_set_up(definition):
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
        assessments.create(
            by=cast.viewer("sam", "Northwind"), account=cast.account("Northwind"), definition=definition, another=True
        )
    assert read(address("your_assessments")).count(">View / Edit<") == 1
    assert ">View / Edit<" not in read(address("your_assessments"), who="dora")
    assert cast.visitor("dora").get(address("edit_assessment", run.id)).status_code == 403


def test_search_status_and_order(definition):
    with cast.inside("harbor"):
        for number, name in enumerate(("Alpha", "Beta", "Gamma")):
            run = runs.launched(definition=definition)
            then = timezone.now() - timedelta(days=number)
            Assessment.objects.filter(pk=run.pk).update(name=name, updated_at=then)
        Assessment.objects.filter(name="Beta").update(status="in_progress", answered_count=1)

    def found(query: str) -> list[str]:
        rows = rows_of(read(address("your_assessments") + query))
        return [name for row in rows for name in ("Alpha", "Beta", "Gamma") if f">{name}</a>" in row]

    assert found("") == ["Alpha", "Beta", "Gamma"]
    assert found("?sort=updated") == ["Gamma", "Beta", "Alpha"]
    assert found("?sort=-name") == ["Gamma", "Beta", "Alpha"]
    assert found("?q=alp") == ["Alpha"]
    assert found("?status=in_progress") == ["Beta"]
    assert found("?status=made-up&sort=sideways&q=%00") == ["Alpha", "Beta", "Gamma"]
    assert "No assessments match" in read(address("your_assessments") + "?q=zzz")


def test_nothing_yet_says_where_to_begin():
    page = read(address("your_assessments"))
    assert "No assessments yet" in page
    assert "Browse the Library" in page


def test_twenty_five_to_a_page_with_the_total(definition):
    with cast.inside("harbor"):
        for _number in range(27):
            runs.launched(definition=definition)
    page = read(address("your_assessments"))
    assert len(rows_of(page)) == 25
    assert "Showing 1–25 of 27" in page
    assert len(rows_of(read(address("your_assessments") + "?page=2"))) == 2


def test_the_tabs_are_links_with_counts(definition):
    with cast.inside("harbor"):
        runs.launched(definition=definition)
        available = Definition.objects.launchable().top_level().count()
    page = read(address("your_assessments"))
    assert f'href="{address("your_assessments")}" aria-current="page">Your Assessments <b>1</b>' in page
    assert f'href="{address("available")}">All Available Assessments <b>{available}</b>' in page
    assert 'aria-current="page">All Available Assessments' in read(address("available"))


def test_without_the_library_ones_own_runs_are_still_there(definition):
    with cast.inside("harbor"):
        runs.launched(definition=definition)
        deny("dora", Can.BROWSE_LIBRARY)
    page = read(address("your_assessments"), who="dora")
    assert len(rows_of(page)) == 1
    assert "All Available Assessments" not in page
    assert cast.visitor("dora").get(address("available")).status_code == 403


@pytest.mark.parametrize(("page", "part"), [("your_assessments", "rows"), ("available", "cards")])
def test_the_fragment_is_that_part_of_the_page(definition, page: str, part: str):
    with cast.inside("harbor"):
        runs.launched(definition=definition)
    fragment = read(address(page), **FRAGMENT)
    assert fragment == stage.part_of(read(address(page)), part)


@pytest.mark.parametrize("fragment", [False, True])
def test_the_number_of_queries_does_not_grow(definition, fragment: bool):
    priya, counts, made = cast.visitor("priya"), [], 0
    for total in (1, 3, 40):
        with cast.inside("harbor"):
            for _number in range(made, total):
                runs.launched(definition=definition)
            made = total
        headers = FRAGMENT if fragment else {}
        counts.append(stage.queries_of(priya, address("your_assessments") + "?q=every", **headers))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= (8 if fragment else 10)


# --- All Available Assessments ---------------------------------------------------------------------------


def test_every_published_top_level_definition_has_a_card():
    with cast.inside("harbor"):
        stage.empty_library()
        parent, child, old = (stage.definition(key, account="Cobalt") for key in ("parent", "child", "old"))
        Definition.objects.filter(pk=child.pk).update(parent=parent, is_part=True)
        definitions.deprecate(by=cast.system(), definition=old)
    page = read(address("available"))
    assert f'href="{address("available_card", parent.id)}" data-dialog>Parent</a>' in page
    assert ">Child<" not in page
    assert ">Old<" not in page
    for one in (child, old):
        assert cast.visitor("priya").get(address("available_card", one.id)).status_code == 404
        assert cast.visitor("priya").post(address("create_available", one.id)).status_code == 404


def test_a_card_opens_as_a_dialog_or_as_a_page(definition):
    page = read(address("available_card", definition.id))
    dialog = read(address("available_card", definition.id), **FRAGMENT)
    assert without_token(dialog) == without_token(stage.part_of(page, "dialog"))
    assert "Create This Assessment for My Account" in dialog
    assert "All Available Assessments" in page


def test_a_card_leads_to_a_sample_report():
    with cast.inside("harbor"):
        report = {"sample_report": "https://example.org/report"}
        with_one = stage.publish(stage.EVERY_KIND | {"key": "reported"} | report)
        without = stage.publish(stage.EVERY_KIND | {"key": "plain"})
    for headers in ({}, FRAGMENT):
        page = read(address("available_card", with_one.id), **headers)
        assert '<a class="btn btn-sm" href="https://example.org/report" rel="noopener noreferrer nofollow">' in page
        assert "See a sample report" in page
        assert "See a sample report" not in read(address("available_card", without.id), **headers)


def test_who_may_not_launch_is_told_whom_to_ask(definition):
    with cast.inside("harbor"):
        deny("dora", Can.LAUNCH_ASSESSMENTS)
    page = read(address("available_card", definition.id), who="dora")
    assert "Create This Assessment" not in page
    assert "Ask Sam Okafor to start it for you." in page
    assert cast.visitor("dora").post(address("create_available", definition.id)).status_code == 403


@pytest.mark.parametrize("count", [1, 40])
def test_the_number_of_queries_of_the_cards_does_not_grow(count: int):
    with cast.inside("harbor"):
        for number in range(count):
            stage.definition(f"card-{number}", group=f"Group {number % 5}")
    assert stage.queries_of(cast.visitor("priya"), address("available")) == 9


# --- Launching -------------------------------------------------------------------------------------------


def test_a_launch_leads_to_the_questions_and_gives_no_role(definition):
    before = set(cast.person("priya").memberships.values_list("role", "account_id"))
    response = cast.visitor("priya").post(address("launch", definition.id))
    with cast.inside("harbor"):
        run = Assessment.objects.get()
        assert Respondent.objects.filter(assessment=run, user=cast.person("priya")).exists()
    assert response.status_code == 303
    assert response["Location"] == address("take", run.id)
    assert (run.created_by_client, run.created_by) == (True, cast.person("priya"))
    assert set(cast.person("priya").memberships.values_list("role", "account_id")) == before


def test_creating_leads_there_with_a_toast(definition):
    with cast.inside("harbor"):
        LibraryEntry.objects.all().delete()
    priya = cast.visitor("priya")
    response = priya.post(address("create_available", definition.id), headers=FRAGMENT)
    with cast.inside("harbor"):
        run = Assessment.objects.get()
    assert response.status_code == 204
    assert response["HX-Redirect"] == address("take", run.id)
    assert "Created." in stage.text_of(priya.get(address("your_assessments")))


@pytest.mark.parametrize("page", ["launch", "create_available"])
def test_with_one_open_it_asks_and_starts_another_only_when_told(definition, page: str):
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
    priya, url = cast.visitor("priya"), address(page, definition.id)
    response = priya.post(url)
    assert response.status_code == 409
    assert "Continue it or start another?" in stage.text_of(response)
    assert address("take", run.id) in stage.text_of(response)
    fragment = priya.post(url, headers=FRAGMENT)
    assert fragment.status_code == 409
    assert stage.text_of(fragment).startswith('<div id="dialog"')
    with cast.inside("harbor"):
        assert Assessment.objects.count() == 1
    assert priya.post(url, {"another": "1"}).status_code == 303
    with cast.inside("harbor"):
        assert Assessment.objects.count() == 2


def test_launching_needs_the_library_creating_does_not(definition):
    with cast.inside("harbor"):
        LibraryEntry.objects.all().delete()
    assert cast.visitor("priya").post(address("launch", definition.id)).status_code == 404
    assert cast.visitor("priya").post(address("create_available", definition.id)).status_code == 303


def test_what_was_withdrawn_at_the_last_moment_is_said(definition, monkeypatch):
    def refuse(**_given):
        raise assessments.NotLaunchable

    monkeypatch.setattr(assessments, "launch", refuse)
    response = cast.visitor("priya").post(address("launch", definition.id))
    assert response.status_code == 409
    assert "Every kind can no longer be started." in stage.text_of(response)
    fragment = cast.visitor("priya").post(address("launch", definition.id), headers=FRAGMENT)
    assert stage.text_of(fragment).startswith('<div id="dialog"')


@pytest.mark.parametrize("who", ["carla", "iris", "mia"])
def test_strangers_meet_nothing(definition, who: str):
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
        before = Assessment.objects.count()
    stranger = cast.visitor(who, at="harbor")
    for url in (address("your_assessments"), address("available"), address("available_card", definition.id)):
        assert stranger.get(url).status_code == 404
    assert stranger.get(address("edit_assessment", run.id)).status_code == 404
    assert stranger.post(address("launch", definition.id)).status_code == 404
    with cast.inside("harbor"):
        assert Assessment.objects.count() == before


def test_a_run_of_another_account_has_no_set_up_under_ones_own_address(definition):
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
    assert cast.visitor("carla").get(address("edit_assessment", run.id, account="Cobalt")).status_code == 404


# --- View / Edit -----------------------------------------------------------------------------------------


def test_the_creator_renames_and_sets_the_day(definition):
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
    day = timezone.localdate() + timedelta(days=9)
    url = address("edit_assessment", run.id)
    response = cast.visitor("priya").post(url, {"name": "  Spring round ", "due_on": day.isoformat()})
    assert response.status_code == 303
    assert (now(run).name, now(run).due_on) == ("Spring round", day)
    with cast.inside("harbor"):
        entry = AuditEntry.objects.get(verb="assessment.set_up")
        assert (entry.actor, entry.details["before"]["name"]) == (cast.person("priya"), "Every kind")
    assert cast.visitor("priya").post(url, {"name": "Spring round", "due_on": ""}).status_code == 303
    assert now(run).due_on is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": " "}, "Enter a name."),
        ({"name": "x" * 161}, "160"),
        ({"name": "a\x00b"}, "Null characters"),
        ({"name": "Fine", "due_on": "soon"}, "Enter a day, for example"),
        ({"name": "Fine", "due_on": "2020-01-01"}, "Choose today or a later day."),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_typed(definition, given: dict, message: str):
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
    priya, url = cast.visitor("priya"), address("edit_assessment", run.id)
    page = priya.post(url, given)
    fragment = priya.post(url, given, headers=FRAGMENT)
    assert page.status_code == fragment.status_code == 422
    assert message in html.unescape(stage.text_of(page))
    assert stage.text_of(fragment).startswith('<div id="dialog"')
    assert "<title>Error: " in page.content.decode()
    assert now(run).name == "Every kind"


def test_a_day_that_stands_may_pass(definition):
    past = timezone.localdate() - timedelta(days=3)
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
        Assessment.objects.filter(pk=run.pk).update(due_on=past)
    url = address("edit_assessment", run.id)
    assert cast.visitor("priya").post(url, {"name": "Renamed", "due_on": past.isoformat()}).status_code == 303


def test_what_is_submitted_keeps_its_set_up(definition):
    with cast.inside("harbor"):
        run = runs.submitted(run=runs.launched(definition=definition))
    url = address("edit_assessment", run.id)
    page = read(url)
    assert "Its name and due date stay as they are." in page
    assert 'type="submit" disabled' in page
    assert cast.visitor("priya").post(url, {"name": "Renamed"}).status_code == 409
    assert now(run).name == "Every kind"


@pytest.mark.parametrize("who", ["dora", "felix", "marcus"])
def test_colleagues_do_not_change_it(definition, who: str):
    with cast.inside("harbor"):
        run = runs.launched(definition=definition)
    assert cast.visitor(who).post(address("edit_assessment", run.id), {"name": "Mine"}).status_code == 403
    assert now(run).name == "Every kind"


def test_what_staff_created_has_no_set_up_for_clients(definition):
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        run = assessments.create(by=sam, account=cast.account("Northwind"), definition=definition)
    assert cast.visitor("priya").get(address("edit_assessment", run.id)).status_code == 403
