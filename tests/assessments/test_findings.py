"""Findings: taken from a result without ever doubling, worked on by people, decided about, and taken back."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import AuditEntry
from assessments.actions import assessments, finding_actions, findings
from assessments.models import Assessment, Finding, FindingAction
from assessments.results import findings as reading
from library.models import Definition
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import say

pytestmark = pytest.mark.django_db

SOURCES = ["question:edr:0", "question:share:0", "score:basics:0"]


@pytest.fixture
def harbor():
    with cast.inside("harbor") as here:
        yield here


@pytest.fixture
def sam(harbor):
    return cast.viewer("sam", "Northwind")


@pytest.fixture
def run(harbor) -> Assessment:
    return stage.found_out()


def of(run: Assessment, source: str) -> Finding:
    return Finding.objects.select_related("account", "assessment__version").get(assessment=run, source=source)


def state_of(run: Assessment) -> list[tuple]:
    rows = Finding.objects.filter(assessment=run).order_by("source")
    return list(rows.values_list("source", "title", "severity", "is_outdated", "is_edited"))


def again(run: Assessment, **answers: str) -> Assessment:
    """This will reopen the run, answer otherwise and submit it once more."""
    run = assessments.reopen(by=cast.viewer("sam", "Northwind"), assessment=run, reason="Again")
    priya = cast.viewer("priya", "Northwind")
    for key, raw in answers.items():
        revision = run.answers.get(question_key=key).revision
        say(priya, run, key, raw, seen_revision=revision)
    return assessments.submit(by=priya, assessment=run)


# Taken from the result


def test_each_band_with_a_severity_makes_one(run):
    rows = {row.source: row for row in Finding.objects.filter(assessment=run)}
    assert sorted(rows) == SOURCES
    edr, share, basics = (rows[source] for source in SOURCES)
    assert (edr.title, edr.severity, edr.question_key, edr.section_key) == (
        "Cover all computers", "high", "edr", "basics",
    )  # fmt: skip
    # A band without a title is called after what it is about.
    assert (share.title, share.text) == ("Which share is done?", "Do more.")
    assert (basics.question_key, basics.section_key, basics.severity) == ("", "basics", "critical")


def test_computing_again_changes_nothing_and_says_nothing(run, sam):
    before, entries = state_of(run), AuditEntry.objects.count()
    findings.take_from_result(by=sam, assessment=run)
    assert state_of(run) == before
    assert AuditEntry.objects.count() == entries


def test_a_band_that_no_longer_holds_is_outdated_and_comes_back_with_its_actions(run, sam):
    finding_actions.add(by=sam, finding=of(run, "question:edr:0"), title="Buy licences")
    run = again(run, edr="all")
    assert of(run, "question:edr:0").is_outdated
    assert [row.source for row in reading.of_run(sam, run)] == ["score:basics:0", "question:share:0"]
    run = again(run, edr="none")
    back = of(run, "question:edr:0")
    assert not back.is_outdated
    assert [action.title for action in back.actions.all()] == ["Buy licences"]
    assert Finding.objects.filter(assessment=run).count() == 3


def test_what_people_edited_keeps_its_words(run, sam):
    row = of(run, "question:edr:0")
    findings.edit(
        by=sam, finding=row, seen=row.updated_at, title="Laptops first", text="They travel.", severity="critical"
    )
    Finding.objects.filter(assessment=run, source="question:share:0").update(title="Something old")
    findings.take_from_result(by=sam, assessment=run)
    assert (of(run, "question:edr:0").title, of(run, "question:edr:0").severity) == ("Laptops first", "critical")
    assert of(run, "question:share:0").title == "Which share is done?"
    run = again(run, edr="all")
    assert of(run, "question:edr:0").is_outdated
    assert of(run, "question:edr:0").title == "Laptops first"


def test_a_hand_made_one_is_left_alone(run, sam):
    findings.create(by=sam, assessment=run, title="By hand", severity="low")
    run = again(run, edr="all", share="90")
    row = Finding.objects.get(assessment=run, title="By hand")
    assert not row.is_outdated


def test_another_account_has_nothing_to_do_with_it(run, harbor):
    for name, company in (("lena", "Cobalt"), ("carla", "Cobalt"), ("dana", "Northwind"), ("priya", "Northwind")):
        with pytest.raises(PermissionDenied):
            findings.create(by=cast.viewer(name, company), assessment=run, title="No", severity="low")
    assert Finding.objects.filter(title="No").count() == 0


# By hand


def test_a_question_brings_its_section_and_an_unknown_place_is_none(run, sam):
    asked = findings.create(
        by=sam, assessment=run, title="One", severity="low", question_key="tested", section_key="basics"
    )
    nowhere = findings.create(by=sam, assessment=run, title="Two", severity="low", section_key="elsewhere")
    assert (asked.question_key, asked.section_key) == ("tested", "more")
    assert (nowhere.question_key, nowhere.section_key) == ("", "")


def test_the_second_of_two_editors_is_told(run, sam):
    row = of(run, "question:edr:0")
    findings.edit(by=sam, finding=row, seen=row.updated_at, title="First", text="", severity="low")
    with pytest.raises(findings.Changed) as refused:
        findings.edit(by=sam, finding=row, seen=row.updated_at, title="Second", text="", severity="low")
    assert refused.value.finding.title == "First"


def test_only_a_hand_made_one_without_actions_is_deleted_and_comes_back_whole(run, sam):
    with pytest.raises(findings.NotDeletable):
        findings.delete(by=sam, finding=of(run, "question:edr:0"))
    made = findings.create(by=sam, assessment=run, title="Mine", text="Words", severity="high", section_key="more")
    action = finding_actions.add(by=sam, finding=made, title="Do")
    with pytest.raises(findings.NotDeletable):
        findings.delete(by=sam, finding=made)
    finding_actions.remove(by=sam, action=action)
    change = findings.delete(by=sam, finding=made)
    assert not Finding.objects.filter(pk=made.pk).exists()
    assert findings.undo(by=sam, assessment=run, change=change) == ["Mine"]
    back = Finding.objects.get(pk=made.pk)
    assert (back.title, back.text, back.severity, back.section_key, back.created_by_id, back.created_at) == (
        "Mine", "Words", "high", "more", sam.user.pk, made.created_at,
    )  # fmt: skip


# Decided about


def test_a_risk_is_accepted_for_a_reason(run, sam):
    row = of(run, "question:edr:0")
    with pytest.raises(findings.ReasonMissing):
        findings.set_state(by=sam, assessment=run, findings=[row], state="accepted", reason="  ")
    findings.set_state(by=sam, assessment=run, findings=[row], state="accepted", reason="They are being replaced.")
    row = of(run, "question:edr:0")
    assert (row.state, row.reason, row.state_at is not None) == ("accepted", "They are being replaced.", True)
    findings.set_state(by=sam, assessment=run, findings=[row], state="open", reason="ignored")
    assert of(run, "question:edr:0").reason == ""


def test_many_at_once_are_taken_back_at_once_but_not_what_came_later(run, sam):
    rows = list(Finding.objects.filter(assessment=run))
    change = findings.set_state(by=sam, assessment=run, findings=rows, state="resolved")
    assert findings.set_state(by=sam, assessment=run, findings=rows, state="resolved") is None
    findings.set_state(by=sam, assessment=run, findings=[rows[0]], state="dismissed", reason="Not here")
    taken_back = findings.undo(by=sam, assessment=run, change=change)
    assert len(taken_back) == 2
    assert sorted(Finding.objects.filter(assessment=run).values_list("state", flat=True)) == [
        "dismissed",
        "open",
        "open",
    ]
    with pytest.raises(findings.TooLate):
        findings.undo(by=sam, assessment=run, change=change)


def test_nobody_takes_back_what_another_did_or_did_long_ago(run, sam, monkeypatch):
    change = findings.set_state(by=sam, assessment=run, findings=[of(run, "question:edr:0")], state="resolved")
    with pytest.raises(findings.TooLate):
        findings.undo(by=cast.viewer("ada", "Northwind"), assessment=run, change=change)
    with pytest.raises(findings.TooLate):
        findings.undo(by=sam, assessment=run, change=uuid.uuid4())
    later = timezone.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr("assessments.actions.findings.timezone.now", lambda: later)
    with pytest.raises(findings.TooLate):
        findings.undo(by=sam, assessment=run, change=change)


def test_findings_of_another_run_are_not_decided_about_by_the_way(run, sam):
    other = stage.found_out(definition=run.definition)
    findings.set_state(by=sam, assessment=run, findings=list(other.findings.all()), state="resolved")
    assert set(other.findings.values_list("state", flat=True)) == {"open"}


# Actions


def test_an_action_has_an_owner_who_is_here_or_a_name(run, sam):
    row = of(run, "question:edr:0")
    day = timezone.localdate() + datetime.timedelta(days=30)
    mine = finding_actions.add(by=sam, finding=row, title="One", owner=cast.person("priya"), owner_name="x", due_on=day)
    named = finding_actions.add(by=sam, finding=row, title="Two", owner_name="The landlord")
    admin = finding_actions.add(by=sam, finding=row, title="Three", owner=cast.person("ada"))
    assert (mine.owner, mine.owner_name, mine.due_on) == (cast.person("priya"), "", day)
    assert (named.owner, named.owner_name) == (None, "The landlord")
    assert admin.owner == cast.person("ada")
    for stranger in ("carla", "lena", "mia"):
        with pytest.raises(finding_actions.NotSomebodyHere):
            finding_actions.add(by=sam, finding=row, title="No", owner=cast.person(stranger))


def test_done_has_a_moment_and_undo_gives_it_back(run, sam):
    action = finding_actions.add(by=sam, finding=of(run, "question:edr:0"), title="One")
    change = finding_actions.set_state(by=sam, action=action, state="done")
    action.refresh_from_db()
    assert (action.state, action.done_at is not None) == ("done", True)
    assert finding_actions.set_state(by=sam, action=action, state="done") is None
    assert finding_actions.undo(by=sam, account=run.account, change=change) == "One"
    action.refresh_from_db()
    assert (action.state, action.done_at) == ("to_do", None)


def test_a_removed_action_comes_back_whole(run, sam):
    action = finding_actions.add(by=sam, finding=of(run, "question:edr:0"), title="One", owner=cast.person("priya"))
    change = finding_actions.remove(by=sam, action=action)
    assert not FindingAction.objects.filter(pk=action.pk).exists()
    finding_actions.undo(by=sam, account=run.account, change=change)
    back = FindingAction.objects.get(pk=action.pk)
    assert (back.title, back.owner, back.created_at) == ("One", cast.person("priya"), action.created_at)


def test_a_client_moves_what_is_theirs_of_what_is_released(run, sam):
    row = of(run, "question:edr:0")
    hers = finding_actions.add(by=sam, finding=row, title="One", owner=cast.person("dora"))
    other = finding_actions.add(by=sam, finding=row, title="Two", owner=cast.person("marcus"))
    dora, priya = cast.viewer("dora", "Northwind"), cast.viewer("priya", "Northwind")
    with pytest.raises(finding_actions.NotReleased):
        finding_actions.set_state(by=dora, action=hers, state="done")
    assessments.release(by=sam, assessment=run)
    change = finding_actions.set_state(by=dora, action=hers, state="done")
    for refused in ({"action": other, "state": "done"}, {"action": hers, "state": "dropped"}):
        with pytest.raises(PermissionDenied):
            finding_actions.set_state(by=dora, **refused)
    finding_actions.undo(by=dora, account=run.account, change=change)
    # A Company Admin may for everybody, and nobody outside for anybody.
    finding_actions.set_state(by=priya, action=other, state="under_way")
    with pytest.raises(PermissionDenied):
        finding_actions.set_state(by=cast.viewer("carla", "Cobalt"), action=other, state="done")
    findings.set_state(by=sam, assessment=run, findings=[row], state="dismissed")
    with pytest.raises(finding_actions.NotReleased):
        finding_actions.set_state(by=dora, action=hers, state="done")


def test_every_change_is_in_the_audit(run, sam):
    row = of(run, "question:edr:0")
    action = finding_actions.add(by=sam, finding=row, title="One")
    finding_actions.edit(by=sam, action=action, title="Uno", owner=None, owner_name="", due_on=None, state="under_way")
    finding_actions.remove(by=sam, action=action)
    findings.set_state(by=sam, assessment=run, findings=[row], state="resolved")
    verbs = AuditEntry.objects.filter(account=run.account_id, verb__startswith="finding").values_list("verb", flat=True)
    assert set(verbs) == {
        "findings.computed", "finding_action.added", "finding_action.edited", "finding_action.removed",
        "finding.state_changed",
    }  # fmt: skip


# Known since


def test_what_is_found_again_says_since_when(harbor, sam):
    first = assessments.release(by=sam, assessment=stage.found_out())
    definition = Definition.objects.get(pk=first.definition_id)
    findings.set_state(by=sam, assessment=first, findings=[of(first, "question:edr:0")], state="resolved")
    second = assessments.release(by=sam, assessment=stage.found_out(definition=definition))
    third = stage.found_out(definition=definition, share="90")
    rows = {row.source: row for row in reading.with_actions(reading.of_run(sam, third))}
    known = reading.known_since(sam, rows.values())
    edr = known[rows["question:edr:0"].pk]
    assert (edr.first, edr.times, edr.is_back) == (first.submitted_at, 3, False)
    of_second = list(reading.with_actions(reading.of_run(sam, second)))
    back = {row.source: reading.known_since(sam, of_second).get(row.pk) for row in of_second}
    assert (back["question:edr:0"].times, back["question:edr:0"].is_back) == (2, True)
    assert reading.known_since(sam, reading.with_actions(reading.of_run(sam, first))) == {}
