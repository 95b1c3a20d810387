"""A report behind a link: one edition, for a time, without the answers; every failure looks the same."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assessments.actions import assessments as steps
from assessments.actions import report_links
from assessments.client import shared_reports
from assessments.models import Assessment, Report, ReportLink, ReportView
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    with cast.inside("harbor"):
        run = stage.launched()
        stage.say(cast.viewer("priya", "Northwind"), run, "motto", "Canary motto")
        return Report.objects.select_related("assessment", "account").get(assessment=stage.released(run=run))


def linked(report: Report, days: int = 3) -> tuple[ReportLink, str]:
    with cast.inside("harbor"):
        return report_links.create(by=cast.viewer("sam", "Northwind"), report=report, days=days)


def opened(token: str, at: str = "harbor"):
    return cast.visitor(at=at).get(reverse("shared_report", args=[token]))


def test_whoever_has_the_link_reads_the_report_without_the_answers(report):
    _link, token = linked(report)
    answer = opened(token)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "The result lies in the Strong band" in html
    assert "Canary motto" not in html and "What is your motto?" not in html
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]


def test_only_the_hash_of_the_token_is_stored(report):
    link, token = linked(report)
    assert token not in str(vars(link)) and len(link.token_hash) == 64


def test_a_link_just_revoked_works_again(report):
    link, token = linked(report)
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        step = report_links.revoke(by=sam, link=link)
    assert opened(token).status_code == 410
    ids = [link.account_id, report.assessment_id, report.pk, link.pk, step.pk]
    undo = reverse("staff:report_link_return", args=ids)
    assert cast.visitor("ada").post(undo).status_code == 409, "sam revoked it"
    assert cast.visitor("sam").post(undo).status_code == 303
    assert opened(token).status_code == 200
    assert cast.visitor("sam").post(undo).status_code == 409


def test_every_failure_is_the_same_page(report):
    _expired, of_expired = linked(report)
    revoked, of_revoked = linked(report)
    with cast.inside("harbor"):
        ReportLink.objects.filter(pk=_expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        report_links.revoke(by=cast.viewer("sam", "Northwind"), link=revoked)
    _link, of_other_host = linked(report)
    _later, of_reopened = linked(report)
    answers = [opened(token) for token in ("nothing-like-it", of_expired, of_revoked, "x" * 500)]
    answers.append(opened(of_other_host, at="sunny"))
    with cast.inside("harbor"):
        steps.reopen(by=cast.viewer("sam", "Northwind"), assessment=report.assessment, reason="Again")
    answers.append(opened(of_reopened))
    assert {answer.status_code for answer in answers} == {410}
    bodies = {answer.content.replace(answer["X-Request-ID"].encode(), b"") for answer in answers[:4] + answers[5:]}
    assert len(bodies) == 1


def test_a_deleted_run_ends_its_links(report):
    _link, token = linked(report)
    with cast.inside("harbor"):
        Assessment.objects.filter(pk=report.assessment_id).update(deleted_at=timezone.now())
    assert opened(token).status_code == 410


def test_openings_are_noted_with_when_and_where(report):
    link, token = linked(report)
    opened(token)
    with cast.inside("harbor"):
        view = ReportView.objects.get(report=report)
    assert (view.link_id, view.user_id, view.format, view.ip_address) == (link.pk, None, "screen", "127.0.0.1")
    page = reverse("staff:report_sharing", args=[report.account_id, report.assessment_id, report.pk])
    html = cast.visitor("sam").get(page).content.decode()
    assert "Somebody with a link" in html and token not in html


def test_guessing_is_slowed_down(report, monkeypatch):
    monkeypatch.setattr(
        shared_reports, "MISSED", shared_reports.MISSED.__class__("link missed", 3, timedelta(minutes=10))
    )
    assert [opened(f"guess-{number}").status_code for number in range(5)] == [410, 410, 410, 429, 429]


def test_the_address_is_shown_once_and_only_for_released_editions(report):
    page = reverse("staff:report_sharing", args=[report.account_id, report.assessment_id, report.pk])
    html = cast.visitor("sam").post(page, {"days": "5"}).content.decode()
    token = html.split("/shared-report/")[1].split("/")[0]
    assert opened(token).status_code == 200
    assert token not in cast.visitor("sam").get(page).content.decode()
    assert cast.visitor("sam").post(page, {"days": "500"}).status_code == 422
    with cast.inside("harbor"):
        Report.objects.filter(pk=report.pk).update(is_released=False)
    answer = cast.visitor("sam").post(page, {"days": "5"})
    assert answer.status_code == 422
    assert "Only an edition of a released result" in answer.content.decode()


@pytest.mark.parametrize("who", ["dana", "priya", "lena"])
def test_who_may_not_prepare_reports_shares_none(who, report):
    page = reverse("staff:report_sharing", args=[report.account_id, report.assessment_id, report.pk])
    assert cast.visitor(who).post(page, {"days": "5"}).status_code == (403 if who == "dana" else 404)
    with cast.inside("harbor"):
        if who != "lena":
            with pytest.raises(PermissionDenied):
                report_links.create(by=cast.viewer(who, "Northwind"), report=report, days=3)
        assert not ReportLink.objects.exists()
