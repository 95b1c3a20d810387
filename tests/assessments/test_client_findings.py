"""Findings as the client meets them: after the release, those that stand, with actions to move on."""

import csv
import html
import io
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import memberships
from accounts.roles import Can
from assessments.actions import assessments, finding_actions, findings
from assessments.models import Assessment, Finding, FindingAction, SectionNote
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address

pytestmark = pytest.mark.django_db

TITLES = ("See to the basics", "Cover all computers", "Which share is done?")


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.found_out()


def release(run: Assessment) -> Assessment:
    with cast.inside("harbor"):
        return assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)


def act(run: Assessment, owner: str = "", source: str = "question:edr:0", **more) -> FindingAction:
    with cast.inside("harbor"):
        row = Finding.objects.select_related("account").get(assessment=run, source=source)
        person = cast.person(owner) if owner else None
        return finding_actions.add(
            by=cast.viewer("sam", "Northwind"),
            finding=row,
            title=more.pop("title", "Buy licences"),
            owner=person,
            **more,
        )


def listed(run: Assessment) -> str:
    return reverse("client:findings", args=[run.account_id])


def text_of(name: str, url: str) -> str:
    response = cast.visitor(name).get(url)
    assert response.status_code == 200, url
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode())))


def htmx(run: Assessment) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Current-URL": f"http://harbor.localhost{listed(run)}"}


def everywhere(run: Assessment) -> list[str]:
    """Every page, list and file of the client's on which a finding could stand."""
    account = run.account_id
    return [
        listed(run),
        f"{listed(run)}?view=all&earlier=1",
        f"{listed(run)}?view=overdue",
        f"{listed(run)}?run={run.pk}&view=all",
        reverse("client:findings_csv", args=[account]),
        reverse("client:home", args=[account]),
        reverse("client:your_assessments", args=[account]),
        address("client:submitted", run),
    ]


def test_before_the_release_there_is_no_trace(run):
    act(run, "priya", due_on=timezone.localdate() - timedelta(days=3), title="A secret errand")
    with cast.inside("harbor"):
        SectionNote.objects.create(
            organization=run.organization, account=run.account, assessment=run, kind="gaps", text="A secret note"
        )
    for url in everywhere(run):
        words = text_of("priya", url)
        for secret in (*TITLES, "secret", "Critical"):
            assert secret not in words.replace("Any severity Critical", ""), f"{secret} at {url}"
    assert "No finding yet" in text_of("priya", listed(run))
    assert cast.visitor("priya").get(address("client:run_comparison", run)).status_code == 404


def test_after_the_release_they_stand_on_the_results_and_in_the_list(run):
    act(run, "priya", due_on=timezone.localdate() - timedelta(days=3))
    run = release(run)
    words = text_of("priya", address("client:results", run))
    assert words.index("See to the basics") < words.index("Cover all computers") < words.index("Which share is done?")
    assert "3 open · 0 of 1 actions finished" in words and "Yours · overdue since" in words
    words = text_of("priya", listed(run))
    assert "Open 3 Yours 1 Overdue 1 Accepted risks 0 Resolved 0 All 3" in words
    for title in TITLES:
        assert title in words


def test_one_that_does_not_apply_or_no_longer_holds_is_not_there(run):
    with cast.inside("harbor"):
        by = cast.viewer("sam", "Northwind")
        row = Finding.objects.get(assessment=run, source="question:edr:0")
        findings.set_state(by=by, assessment=run, findings=[row], state="dismissed", reason="A secret reason")
        Finding.objects.filter(assessment=run, source="question:share:0").update(is_outdated=True)
    run = release(run)
    for url in (*everywhere(run)[:-1], address("client:results", run)):
        words = text_of("priya", url)
        assert "Cover all computers" not in words and "secret reason" not in words, url
        assert "Do more." not in words, url
    assert "All 1" in text_of("priya", listed(run))


def test_a_reopened_run_takes_them_back(run):
    action = act(release(run), "priya")
    with cast.inside("harbor"):
        assessments.reopen(by=cast.viewer("sam", "Northwind"), assessment=run, reason="Again")
    assert "No finding yet" in text_of("priya", listed(run))
    move = reverse("client:action_state", args=[run.account_id, action.finding_id, action.pk])
    assert cast.visitor("priya").post(move, {"to": "done"}).status_code == 404


def test_colleagues_read_what_was_found_and_not_what_was_asked(run):
    run = release(run)
    for name in ("dora", "bea", "felix"):
        words = text_of(name, address("client:results", run))
        assert "Cover all computers" in words and "On most" not in words
        assert "Is it running on all computers?" not in words
    with cast.inside("harbor"):
        membership = cast.person("dora").memberships.get(account=run.account_id)
        memberships.override(by=cast.system(), membership=membership, ability=Can.VIEW_RESULTS, effect="deny")
    assert cast.visitor("dora").get(listed(run)).status_code == 403
    assert listed(run) not in cast.visitor("dora").get(reverse("client:home", args=[run.account_id])).content.decode()


def test_the_owner_moves_an_action_and_takes_it_back(run):
    action = act(run, "dora")
    other = act(run, "marcus", title="Not hers")
    run = release(run)
    dora = cast.visitor("dora")
    page = dora.get(listed(run)).content.decode()
    move = reverse("client:action_state", args=[run.account_id, action.finding_id, action.pk])
    not_hers = reverse("client:action_state", args=[run.account_id, other.finding_id, other.pk])
    assert move in page and not_hers not in page
    moved = dora.post(move, {"to": "under_way"}, headers=htmx(run))
    assert moved.status_code == 200 and "Under way" in moved.content.decode()
    assert dora.post(json.loads(moved["HX-Trigger"])["toast"]["action"]["url"]).status_code == 303
    with cast.inside("harbor"):
        action.refresh_from_db()
    assert action.state == "to_do"
    assert dora.post(not_hers, {"to": "done"}).status_code == 403
    assert dora.post(move, {"to": "dropped"}).status_code == 403
    assert dora.post(move, {"to": "nonsense"}).status_code == 422
    # From the results one comes back to them; a Company Admin moves everybody's.
    results = address("client:results", run)
    assert dora.post(move, {"to": "done", "next": results})["Location"] == results
    assert cast.visitor("priya").post(not_hers, {"to": "done"}).status_code == 303
    assert cast.visitor("carla", at="harbor").post(move, {"to": "done"}).status_code == 404


def test_only_the_last_run_counts_but_for_what_is_still_to_be_done(run):
    act(run, "priya")
    run = release(run)
    with cast.inside("harbor"):
        later = stage.found_out(definition=run.definition, share="90", edr="all")
    release(later)
    words = text_of("priya", listed(run))
    assert "All 2" in words and "Which share is done?" not in words
    assert "Found 2 times in a row" in words
    assert "All 4" in text_of("priya", f"{listed(run)}?earlier=1")


def test_the_file_holds_what_the_filter_shows(run):
    act(run, "priya")
    run = release(run)
    export = reverse("client:findings_csv", args=[run.account_id])
    answer = cast.visitor("priya").get(f"{export}?severity=high")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == 2
    assert lines[1][0] == "Cover all computers" and "Priya Nair" in lines[1]


def test_notes_are_read_by_section_and_written_safely(run):
    with cast.inside("harbor"):
        for key, kind, text in [
            ("basics", "gaps", "Not **all** of it <script>alert(1)</script>"), ("", "plan", "First this"), ("more", "gaps", "  "),
        ]:  # fmt: skip
            SectionNote.objects.create(
                organization=run.organization,
                account=run.account,
                assessment=run,
                section_key=key,
                kind=kind,
                text=text,
            )
    run = release(run)
    page = cast.visitor("priya").get(address("client:results", run)).content.decode()
    notes = page.split('id="analysis-title"')[1].split("basis-title")[0]
    assert notes.index("First this") < notes.index("<strong>all</strong>")
    assert "<script" not in notes and 'id="analysis-more"' not in notes


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_cost_does_not_grow_with_the_findings(run, count):
    with cast.inside("harbor"):
        by = cast.viewer("sam", "Northwind")
        for number in range(count):
            made = findings.create(by=by, assessment=run, title=f"Number {number}", severity="low")
            finding_actions.add(by=by, finding=made, title="Do", owner=cast.person("priya"))
    run = release(run)
    priya = cast.visitor("priya")
    for url, own in ((listed(run), 8), (address("client:results", run), 9)):
        priya.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert priya.get(url).status_code == 200
        assert len([query for query in captured.captured_queries if 'FROM "assessments_' in query["sql"]]) == own, url


def test_what_is_no_longer_shown_cannot_be_taken_back(run: Assessment) -> None:
    """Staff dismiss the finding between a client's step and the client's Undo."""
    release(run)
    action = act(run, owner="dora")
    move = reverse("client:action_state", args=[run.account_id, action.finding_id, action.pk])
    moved = cast.visitor("dora").post(move, {"to": "done"}, headers=htmx(run))
    found = re.search(r"/findings/undo/([0-9a-f-]{36})/", moved.content.decode() + str(moved.headers))
    assert found is not None
    with cast.inside("harbor"):
        Finding.objects.filter(pk=action.finding_id).update(state="dismissed")
    undo = reverse("client:action_undo", args=[run.account_id, found[1]])
    assert cast.visitor("dora").post(undo).status_code == 303
    assert cast.visitor("dora").post(move, {"to": "to_do"}).status_code == 404
    with cast.inside("harbor"):
        assert FindingAction.objects.get(pk=action.pk).state == "done"
