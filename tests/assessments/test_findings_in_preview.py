"""Findings as staff see them through View as Client: as the client does, and nothing can be moved."""

import pytest
from django.urls import reverse

from accounts.actions import previews
from assessments.actions import assessments, finding_actions
from assessments.models import Assessment, Finding, FindingAction
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address


@pytest.fixture
def run(fresh_database) -> Assessment:
    with cast.inside("harbor"):
        run, sam = stage.found_out(), cast.viewer("sam", "Northwind")
        row = Finding.objects.select_related("account").get(assessment=run, source="question:edr:0")
        finding_actions.add(by=sam, finding=row, title="Buy licences", owner=cast.person("priya"))
        run = assessments.release(by=sam, assessment=run)
        previews.start(by=sam, viewpoint="company-admin", reason="", return_to="")
        return run


def test_they_stand_there_and_none_is_anybodys(run):
    page = cast.visitor("sam").get(f"/preview/company-admin{reverse('client:findings', args=[run.account_id])}")
    shown = page.content.decode()
    assert "Cover all computers" in shown and "Priya Nair" in shown
    assert "formaction" not in shown and "<strong>Yours</strong>" not in shown
    results = cast.visitor("sam").get(f"/preview/company-admin{address('client:results', run)}").content.decode()
    assert "Cover all computers" in results and "formaction" not in results
    assert "On most" not in results


def test_an_action_is_not_moved(run):
    with cast.inside("harbor"):
        action = FindingAction.objects.get()
    move = reverse("client:action_state", args=[run.account_id, action.finding_id, action.pk])
    assert cast.visitor("sam").post(f"/preview/company-admin{move}", {"to": "done"}).status_code == 403
    with cast.inside("harbor"):
        action.refresh_from_db()
    assert action.state == "to_do"
