"""Editions: frozen, numbered, made at the release, and the same on every channel."""

import html
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions import assessments as steps
from assessments.actions import report_templates, reports
from assessments.models import EnabledReport, Finding, Report, ReportTemplate, ReportView, Severity
from assessments.reports import content, pdf, printing, tasks
from assessments.reports.sections import KINDS, new
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db


def default() -> ReportTemplate:
    return ReportTemplate.objects.get(organization=cast.organization(), is_default=True)


def sam():
    return cast.viewer("sam", "Northwind")


def weakness(run, title: str = "A new one") -> Finding:
    return Finding.objects.create(
        organization=run.organization, account=run.account, assessment=run, title=title, severity=Severity.HIGH
    )


def page(name: str, run, *more) -> str:
    return reverse(f"staff:{name}", args=[run.account_id, run.pk, *more])


# Making


def test_a_draft_is_for_staff_and_the_release_makes_the_clients():
    with cast.inside("harbor"):
        run = stage.submitted()
        reports.enable(by=sam(), account=run.account, template=default(), enabled=True)
        draft = reports.make(by=sam(), assessment=run, template=default()).report
        assert (draft.edition, draft.is_released) == (1, False)
        run = steps.release(by=sam(), assessment=run)
        released = Report.objects.get(assessment=run, is_released=True)
    assert (released.edition, released.content["is_draft"]) == (2, False)


def test_the_release_takes_the_enabled_ones_or_else_the_default():
    with cast.inside("harbor"):
        executive = ReportTemplate.objects.get(organization=cast.organization(), kind="executive")
        first = stage.released()
        assert [one.template for one in Report.objects.filter(assessment=first)] == [default()]
        reports.enable(by=sam(), account=first.account, template=executive, enabled=True)
        second = stage.released(run=stage.launched(definition=first.definition))
        assert [one.template for one in Report.objects.filter(assessment=second)] == [executive]


def test_nothing_changed_makes_no_edition_and_a_change_does():
    with cast.inside("harbor"):
        run = stage.released()
        first = Report.objects.get(assessment=run)
        assert not reports.make(by=sam(), assessment=run, template=default()).is_new
        weakness(run)
        made = reports.make(by=sam(), assessment=run, template=default())
        assert made.is_new and made.report.edition == first.edition + 1 and made.report.is_released
        first.refresh_from_db()
        assert content.content_hash(first.content) == first.content_hash != made.report.content_hash


def test_an_edition_is_frozen():
    with cast.inside("harbor"):
        run = stage.released()
        report = Report.objects.get(assessment=run)
        default_template = default()
        default_template.sections = [new("text", title="Other", text="Other words")]
        default_template.save()
        weakness(run, "Found later")
    answer = cast.visitor("sam").get(page("report", run, report.pk))
    assert "Found later" not in answer.content.decode() and "Other words" not in answer.content.decode()


def test_no_report_without_a_result_or_of_an_inactive_template():
    with cast.inside("harbor"):
        with pytest.raises(reports.NoResult):
            reports.make(by=sam(), assessment=stage.launched(), template=default())
        run = stage.submitted()
        idle = report_templates.create(by=cast.viewer("ada"), name="Idle", kind="custom")
        with pytest.raises(reports.NotActive):
            reports.make(by=sam(), assessment=run, template=idle)
        with pytest.raises(reports.NotActive):
            reports.enable(by=sam(), account=run.account, template=idle, enabled=True)


@pytest.mark.parametrize("who", ["dana", "priya"])
def test_who_may_not_prepare_reports_makes_none(who):
    with cast.inside("harbor"):
        run = stage.submitted()
        with pytest.raises(PermissionDenied):
            reports.make(by=cast.viewer(who, "Northwind"), assessment=run, template=default())
        with pytest.raises(PermissionDenied):
            reports.enable(by=cast.viewer(who, "Northwind"), account=run.account, template=default(), enabled=True)


# Pages


def test_the_page_says_whether_anything_changed():
    with cast.inside("harbor"):
        run, template = stage.released(), default()
    visitor = cast.visitor("sam")
    answer = visitor.post(page("report_making", run, template.pk), follow=True)
    assert "Nothing has changed since edition 1" in answer.content.decode()
    with cast.inside("harbor"):
        weakness(run)
    answer = visitor.post(page("report_making", run, template.pk), follow=True)
    assert "Edition 2 of" in answer.content.decode()


def test_switching_on_and_off():
    with cast.inside("harbor"):
        northwind, template = cast.account("Northwind"), default()
    address = reverse("staff:report_enabling", args=[northwind.pk, template.pk])
    for state, count in (("on", 1), ("on", 1), ("off", 0)):
        assert cast.visitor("sam").post(address, {"enabled": state}).status_code == 303
        with cast.inside("harbor"):
            assert EnabledReport.objects.filter(account=northwind).count() == count
    tab = cast.visitor("sam").get(reverse("staff:account_reports", args=[northwind.pk]))
    assert "Detailed report" in tab.content.decode()


def test_who_looked_is_noted():
    with cast.inside("harbor"):
        run = stage.released()
        report = Report.objects.get(assessment=run)
    cast.visitor("sam").get(page("report", run, report.pk))
    cast.visitor("sam").get(page("report", run, report.pk), headers={"HX-Request": "true"})
    with cast.inside("harbor"):
        assert [(view.user.name, view.format) for view in ReportView.objects.filter(report=report)] == [
            ("Sam Okafor", "screen")
        ]


def test_what_is_on_the_screen_is_the_content():
    with cast.inside("harbor"):
        run = stage.launched()
        by = cast.viewer("priya", "Northwind")
        stage.say(by, run, "story", "We began <small> & grew", comment="Ask *Marcus*")
        run = stage.released(run=run)
        weakness(run, "A <b>weak</b> spot")
        template = default()
        template.sections = [new(kind, text="For {{ account.name }}") for kind in KINDS]
        template.save()
        report = reports.make(by=sam(), assessment=run, template=template).report
    shown = cast.visitor("sam").get(page("report", run, report.pk)).content.decode()
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
    for text in texts_of(report.content["sections"]):
        assert " ".join(text.split()) in words, text


# What names a thing for machines; the chart and the bars say the rest in words of their own.
UNSEEN = {"kind", "key", "tone", "state", "direction", "raw", "markdown", "id", "verdict", "severity", "mark", "unit",
          "reference_label", "percent", "maximum", "min", "max", "empty", "reason"}  # fmt: skip


def texts_of(value, name: str = "") -> list[str]:
    if isinstance(value, dict):
        return [text for key, item in value.items() if key not in UNSEEN for text in texts_of(item, key)]
    if isinstance(value, list):
        return [text for item in value for text in texts_of(item, name)]
    return [value] if isinstance(value, str) and value else []


# Documents


def test_the_worker_draws_both_documents_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(pdf, "render", lambda content, brand, **more: drawn.append(content) or b"%PDF " + str(len(content["sections"])).encode())  # fmt: skip
    with cast.inside("harbor"):
        run = stage.released()
        report = Report.objects.get(assessment=run)
    for _time in range(2):
        tasks.draw(str(report.organization_id), str(report.pk))
    with cast.inside("harbor"):
        report.refresh_from_db()
        assert len(drawn) == 2
        assert printing.state_of(report) == "ready"
        whole, reduced = (printing.pdf_of(report, with_answers=answers) for answers in (True, False))
    assert whole != reduced and whole.startswith(b"%PDF")
    answer = cast.visitor("sam").get(page("report_file", run, report.pk, "pdf"))
    assert answer.content == whole
    day = report.content["day"]["raw"]
    assert answer["Content-Disposition"] == f'attachment; filename="Northwind-Dental_Every-kind_{day}.pdf"'
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_a_document_that_fails_says_so_and_can_be_made_again(monkeypatch):
    def fail(*_args, **_more):
        raise pdf.NotMade("no")

    monkeypatch.setattr(pdf, "render", fail)
    with cast.inside("harbor"):
        run = stage.released()
        report = Report.objects.get(assessment=run)
    assert "PDF is being made" in cast.visitor("sam").get(page("run_reports", run)).content.decode()
    assert cast.visitor("sam").get(page("report_file", run, report.pk, "pdf")).status_code == 303
    tasks.draw(str(report.organization_id), str(report.pk))
    assert "Make the PDF again" in cast.visitor("sam").get(page("run_reports", run)).content.decode()
    assert cast.visitor("sam").post(page("report_drawing", run, report.pk)).status_code == 303
    with cast.inside("harbor"):
        report.refresh_from_db()
        assert report.pdf_error == ""


def test_what_nobody_drew_is_found_again(monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda *_args, **_more: b"%PDF")
    with cast.inside("harbor"):
        run = stage.released()
        Report.objects.filter(assessment=run).update(created_at=timezone.now() - timedelta(minutes=10))
    tasks.draw_waiting()
    with cast.inside("harbor"):
        assert Report.objects.get(assessment=run).pdf


def test_unknown_files_do_not_exist():
    with cast.inside("harbor"):
        run = stage.released()
        report = Report.objects.get(assessment=run)
    for ending in ("exe", "html", "PDF"):
        assert cast.visitor("sam").get(page("report_file", run, report.pk, ending)).status_code == 404


def test_lists_cost_the_same_for_few_and_many():
    def queries(address: str) -> int:
        visitor = cast.visitor("sam")
        visitor.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert visitor.get(address).status_code == 200
        return len(caught)

    with cast.inside("harbor"):
        run = stage.released()
        addresses = [page("run_reports", run), reverse("staff:account_reports", args=[run.account_id])]
    before = [queries(address) for address in addresses]
    with cast.inside("harbor"):
        for number in range(8):
            weakness(run, f"W{number}")
            reports.make(by=sam(), assessment=run, template=default())
    assert [queries(address) for address in addresses] == before
