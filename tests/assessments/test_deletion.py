"""A deleted run is gone everywhere, for everybody, until an Admin brings it back."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from accounts.models import AuditEntry
from assessments.actions import assessments, clarifications, links, notes, respondents, reviews
from assessments.lists import overview
from assessments.models import Assessment, Respondent
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db

RARE = "Rhododendron readiness"


@pytest.fixture
def ada() -> Client:
    return cast.visitor("ada")


def viewer(name: str):
    return cast.viewer(name, "Northwind")


def named(run: Assessment) -> Assessment:
    Assessment.objects.filter(pk=run.pk).update(name=RARE)
    run.refresh_from_db()
    return run


def gone(run: Assessment) -> Assessment:
    assert assessments.delete(by=viewer("ada"), assessment=run)
    return run


def test_deleting_is_done_at_once_and_can_be_undone(ada):
    with cast.inside("harbor"):
        run = named(stage.released())
    response = ada.post(address("staff:deletion", run), follow=True)
    page = response.content.decode()
    assert f"{RARE} is deleted." in page
    undo = re.search(r'<form method="post" action="([^"]+)">.{0,200}Undo', page, re.DOTALL)
    assert undo
    assert undo[1] == address("staff:restoration", run)
    assert ada.get(address("staff:assessment", run)).status_code == 404
    back = ada.post(undo[1], follow=True)
    assert f"{RARE} is back." in back.content.decode()
    with cast.inside("harbor"):
        run.refresh_from_db()
        assert (run.deleted_at, run.deleted_by, run.status) == (None, None, "closed")
        verbs = AuditEntry.objects.filter(object_id=run.pk).values_list("verb", flat=True)
        assert {"assessment.deleted", "assessment.restored"} <= set(verbs)


def test_it_is_done_once():
    with cast.inside("harbor"):
        run = gone(stage.launched())
        assert not assessments.delete(by=viewer("ada"), assessment=run)
        assert assessments.restore(by=viewer("ada"), assessment=run)
        assert not assessments.restore(by=viewer("ada"), assessment=run)


@pytest.mark.parametrize("name", ["sam", "dana", "priya"])
def test_only_an_admin_deletes_and_brings_back(name):
    with cast.inside("harbor"):
        run = stage.launched()
        for step in (assessments.delete, assessments.restore):
            with pytest.raises(PermissionDenied):
                step(by=viewer(name), assessment=run)
    assert cast.visitor(name).post(address("staff:deletion", run)).status_code == 403
    assert cast.visitor(name).post(address("staff:restoration", run)).status_code == 403


def test_strangers_learn_nothing_of_a_deleted_run():
    with cast.inside("harbor"):
        run = gone(stage.launched())
    for name in ("lena", "noor", "carla"):
        assert cast.visitor(name, at="harbor").post(address("staff:restoration", run)).status_code == 404


@pytest.mark.parametrize("stage_name", ["launched", "submitted", "released"])
def test_no_page_and_no_list_knows_it(stage_name):
    with cast.inside("harbor"):
        run = gone(named(getattr(stage, stage_name)()))
    account = f"/portal/{run.account_id}/"
    for name in ("priya", "marcus"):
        visitor = cast.visitor(name)
        for page in ("take", "submitted", "review", "results"):
            assert visitor.get(address(f"client:{page}", run)).status_code == 404, page
        assert visitor.get(address("client:question", run, "edr")).status_code == 404
        for listed in ("", "assessments/", "library/"):
            assert RARE not in visitor.get(account + listed).content.decode(), listed
    for name in ("ada", "sam"):
        visitor = cast.visitor(name)
        for page in ("assessment", "run_review", "run_setup", "release", "closing", "reopening"):
            assert visitor.get(address(f"staff:{page}", run)).status_code == 404, page
        staff = f"/staff/accounts/{run.account_id}/"
        for listed in (f"{staff}assessments/", f"{staff}assessments.csv", "/staff/", "/staff/assessments/"):
            assert RARE not in visitor.get(listed, follow=True).content.decode(), listed


def test_counts_leave_it_out():
    with cast.inside("harbor"):
        run = stage.released()
    sam = cast.visitor("sam")
    before = sam.get(f"/staff/accounts/{run.account_id}/assessments/").context
    counts = dict(before["counts"].items()) if hasattr(before["counts"], "items") else before["counts"]
    with cast.inside("harbor"):
        gone(run)
    after = sam.get(f"/staff/accounts/{run.account_id}/assessments/").context["counts"]
    assert after["all"] == counts["all"] - 1
    assert after["closed"] == counts["closed"] - 1


def test_no_action_finds_it():
    with cast.inside("harbor"):
        run = gone(stage.submitted())
        sam, priya = viewer("sam"), viewer("priya")
        tries = [
            lambda: assessments.release(by=sam, assessment=run),
            lambda: assessments.reopen(by=sam, assessment=run, reason="Again"),
            lambda: assessments.close(by=sam, assessment=run, note="Over"),
            lambda: assessments.submit(by=priya, assessment=run),
            lambda: assessments.change_setup(by=sam, assessment=run, name="Other", due_on=None),
            lambda: say(priya, run, "motto", "Onward"),
            lambda: reviews.withdraw(by=sam, assessment=run, question_key="edr"),
            lambda: notes.save(by=sam, assessment=run, section_key="", kind="gaps", text="A", seen_revision=0),
            lambda: clarifications.ask(by=sam, assessment=run, question_key="edr", text="Why?"),
        ]
        for attempt in tries:
            with pytest.raises(Http404):
                attempt()


def test_another_run_may_be_started_in_its_place():
    with cast.inside("harbor"):
        run = gone(stage.launched())
        assert assessments.launch(by=viewer("priya"), definition=run.definition) != run


def test_its_links_let_nobody_in():
    with cast.inside("harbor"):
        run = stage.launched()
        (nora,) = respondents.add(by=viewer("sam"), run=run, people=[respondents.Person("Nora", "nora@vale.example")])
        _link, token = links.issue(by=viewer("sam"), respondent=nora)
        _other, later = links.issue(by=viewer("sam"), respondent=nora, ends_earlier=False)
    visitor = Client(SERVER_NAME="harbor.localhost")
    place = visitor.post(f"/r/{token}/", {})["Location"]
    assert visitor.get(place, follow=True).status_code == 200
    with cast.inside("harbor"):
        gone(run)
    assert visitor.get(place).status_code == 410
    assert Client(SERVER_NAME="harbor.localhost").get(f"/r/{later}/").status_code == 410
    with cast.inside("harbor"):
        assert not respondents.remind(by=viewer("sam"), respondents=list(Respondent.objects.filter(assessment=run)))


def test_its_score_stands_nowhere():
    with cast.inside("harbor"):
        Assessment.objects.filter(account=cast.account("Northwind")).update(deleted_at=None)
        run = stage.released()
    priya = cast.visitor("priya")
    assert "Every kind" in priya.get(f"/portal/{run.account_id}/").content.decode()
    with cast.inside("harbor"):
        gone(run)
    home = priya.get(f"/portal/{run.account_id}/").content.decode()
    assert str(run.pk) not in home
    for page in ("library/", "findings/", "reports/", "assessments/"):
        assert str(run.pk) not in priya.get(f"/portal/{run.account_id}/{page}", follow=True).content.decode(), page


def test_earlier_runs_leave_it_out():
    with cast.inside("harbor"):
        first = stage.released()
        second = stage.released(run=stage.launched(definition=first.definition))
    priya = cast.visitor("priya")
    assert str(first.pk) in priya.get(address("client:results", second)).content.decode()
    with cast.inside("harbor"):
        gone(first)
    assert str(first.pk) not in priya.get(address("client:results", second)).content.decode()


def test_the_overview_counts_leave_it_out(ada):
    with cast.inside("harbor"):
        stage.launched()
        before = _figures()
        run = stage.submitted()
        assert _figures()["total"] == before["total"] + 1
        gone(run)
        assert _figures() == before


def _figures() -> dict:
    ada = cast.viewer("ada")
    northwind = cast.account("Northwind")
    return {
        name: value
        for name, value in overview._figures(ada, [northwind.id])[northwind.id].items()
        if name != "last_activity"
    }
