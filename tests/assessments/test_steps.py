"""The life of a run: set-up, release, close, reopen; who may, from where, and once."""

import html
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import AuditEntry, Mail
from assessments.actions import assessments, clarifications
from assessments.models import STEPS, Assessment, Clarification, Respondent, Status
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam() -> Client:
    return cast.visitor("sam")


def viewer(name: str = "sam"):
    return cast.viewer(name, "Northwind")


def at(stage_name: str) -> Assessment:
    return {"open": stage.launched, "submitted": stage.submitted, "released": stage.released}[stage_name]()


def test_the_steps_there_are():
    assert set(STEPS) == {"answer", "submit", "release", "reopen", "close"}
    assert set(STEPS["close"]) == {Status.DRAFT, Status.IN_PROGRESS, Status.RESULTS_REVIEW}


@pytest.mark.parametrize("before", ["open", "submitted"])
def test_closing_without_results_says_why_to_the_client(sam, before):
    with cast.inside("harbor"):
        run = at(before)
    refused = sam.post(address("staff:closing", run), {"note": "  "})
    assert refused.status_code == 422
    response = sam.post(address("staff:closing", run), {"note": "The company was sold"}, follow=True)
    page = html.unescape(response.content.decode())
    assert "Closed without results" in page
    assert "The company was sold" in page
    with cast.inside("harbor"):
        run.refresh_from_db()
        assert (run.status, run.closing_note, run.released_at) == ("closed", "The company was sold", None)
        assert run.closed_by == cast.person("sam")
        assert AuditEntry.objects.get(verb="assessment.closed", object_id=run.pk).details["note"] == run.closing_note
    priya = cast.visitor("priya")
    assert priya.get(address("client:results", run)).status_code == 404
    told = priya.get(address("client:take", run), follow=True).content.decode()
    assert "closed without results" in told
    assert "The company was sold" in told
    listed = priya.get(f"/portal/{run.account_id}/assessments/").content.decode()
    assert "Closed without results" in listed


def test_what_was_closed_can_be_reopened(sam):
    with cast.inside("harbor"):
        run = stage.launched()
        assessments.close(by=viewer(), assessment=run, note="Too early")
        with pytest.raises(assessments.WrongStatus):
            say(viewer("priya"), run, "motto", "Onward")
        assessments.reopen(by=viewer(), assessment=run, reason="It goes on")
        run.refresh_from_db()
        assert (run.status, run.closed_at, run.closed_by, run.closing_note) == ("in_progress", None, None, "")
        say(viewer("priya"), run, "motto", "Onward")


def test_reopening_lets_those_who_are_done_answer_again():
    with cast.inside("harbor"):
        run = stage.submitted()
        Respondent.objects.filter(assessment=run).update(submitted_at=run.submitted_at)
        assessments.reopen(by=viewer(), assessment=run, reason="Again")
        assert not Respondent.objects.filter(assessment=run).exclude(submitted_at=None).exists()


@pytest.mark.parametrize(
    ("step", "stages"),
    [("release", ["open", "released"]), ("reopening", ["open"]), ("closing", ["released"])],
)
def test_a_step_that_does_not_exist_from_here_is_refused(sam, step, stages):
    for name in stages:
        with cast.inside("harbor"):
            run = at(name)
            before = Assessment.objects.filter(pk=run.pk).values().get()
        response = sam.post(address(f"staff:{step}", run), {"reason": "Because", "note": "Because"})
        assert response.status_code == 409, name
        assert sam.get(address(f"staff:{step}", run)).status_code == 200
        with cast.inside("harbor"):
            assert Assessment.objects.filter(pk=run.pk).values().get() == before


@pytest.mark.parametrize(
    ("name", "release", "setup", "deletion"),
    [
        ("ada", 303, 303, 303), ("sam", 303, 303, 403), ("dana", 403, 403, 403), ("lena", 404, 404, 404),
        ("priya", 403, 403, 403), ("carla", 404, 404, 404), ("noor", 404, 404, 404),
    ],
)  # fmt: skip
def test_who_may_make_which_step(name, release, setup, deletion):
    with cast.inside("harbor"):
        runs = [stage.submitted() for _ in range(4)]
    visitor = cast.visitor(name, at="harbor")
    setup_data = {
        "name": "Renamed", "mode": "shared", "combination": "median", "notify_at_percent": "80",
        "review_rule": "as_given",
    }  # fmt: skip
    for run, step, data, expected in zip(
        runs,
        ("release", "closing", "run_setup", "deletion"),
        ({}, {"note": "Over"}, setup_data, {}),
        (release, release, setup, deletion),
        strict=True,
    ):
        assert visitor.post(address(f"staff:{step}", run), data).status_code == expected, step


def test_a_release_is_told_and_settles_what_was_asked():
    with cast.inside("harbor"):
        run = stage.submitted()
        clarifications.ask(by=viewer(), assessment=run, question_key="edr", text="Servers, too?")
        assessments.release(by=viewer(), assessment=run)
        assert not Clarification.objects.filter(assessment=run, resolved_at=None).exists()
        assert Mail.objects.filter(kind="assessments.released", about=run.pk).count() == 1


def test_the_release_dialog_says_what_nobody_looked_at(sam):
    with cast.inside("harbor"):
        run = stage.submitted()
        clarifications.ask(by=viewer(), assessment=run, question_key="edr", text="Servers, too?")
    page = html.unescape(sam.get(address("staff:release", run)).content.decode())
    assert "Nobody has looked at 5 answers. They count as they were given." in " ".join(page.split())
    assert "1 question to the client is still open." in page


def test_the_set_up_is_changed_by_staff_until_the_run_is_closed(sam):
    with cast.inside("harbor"):
        run = stage.launched()
    assert "How people answer" in sam.get(address("staff:run_setup", run)).content.decode()
    data = {
        "name": "Autumn", "due_on": "2031-03-01", "results_expected_on": "2031-03-20", "mode": "independent",
        "combination": "lowest", "notify_at_percent": "50", "review_rule": "accepted_only",
    }  # fmt: skip
    assert sam.post(address("staff:run_setup", run), data).status_code == 303
    with cast.inside("harbor"):
        run.refresh_from_db()
        said = {name: str(getattr(run, name)) for name in data}
        assert said == data
        assert AuditEntry.objects.get(verb="assessment.set_up", object_id=run.pk).details["name"] == "Autumn"
    for wrong in ({"name": ""}, {"due_on": "soon"}, {"mode": "both"}, {"notify_at_percent": "101"}):
        assert sam.post(address("staff:run_setup", run), data | wrong).status_code == 422
    with cast.inside("harbor"):
        assessments.close(by=viewer(), assessment=run, note="Over")
    assert "Reopen it to change its set-up" in sam.post(address("staff:run_setup", run), data).content.decode()


def test_how_people_answer_is_settled_with_the_first_answer():
    with cast.inside("harbor"):
        run = stage.launched()
        say(viewer("priya"), run, "motto", "Onward")
        with pytest.raises(assessments.SomethingAnswered):
            assessments.change_setup(by=viewer(), assessment=run, name=run.name, due_on=None, mode="independent")


def test_a_client_changes_name_and_day_alone():
    with cast.inside("harbor"):
        run = stage.launched()
        priya: dict[str, Any] = {"by": viewer("priya"), "assessment": run, "name": "Ours", "due_on": None}
        assert assessments.change_setup(**priya).name == "Ours"
        with pytest.raises(PermissionDenied):
            assessments.change_setup(**priya, review_rule="accepted_only")
        with pytest.raises(PermissionDenied):
            assessments.change_setup(**priya | {"by": viewer("marcus")})
        with pytest.raises(TypeError):
            assessments.change_setup(**priya | {"by": viewer()}, status="closed")
