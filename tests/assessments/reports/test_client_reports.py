"""What clients read: released, enabled, of their own account, and of the answers only what they may."""

import io
import json
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import memberships, previews
from accounts.models import Account
from accounts.roles import Can
from assessments.actions import assessments as steps
from assessments.actions import reports
from assessments.models import Assessment, EnabledReport, Report, ReportTemplate, ReportView
from assessments.reports.sections import new
from tests import cast
from tests.assessments import stage


def template() -> ReportTemplate:
    return ReportTemplate.objects.get(organization=cast.organization(), is_default=True)


def enabled(account: Account, on: bool = True) -> None:
    reports.enable(by=cast.viewer("sam", "Northwind"), account=account, template=template(), enabled=on)


def made() -> Report:
    run = stage.launched()
    enabled(run.account)
    stage.say(cast.viewer("priya", "Northwind"), run, "motto", "Canary motto")
    return Report.objects.select_related("account").get(assessment=stage.released(run=run))


@pytest.fixture
def report(db) -> Report:
    with cast.inside("harbor"):
        return made()


def address(name: str, report: Report, *more: str) -> str:
    return reverse(f"client:{name}", args=[report.account_id, report.pk, *more])


def listed(who: str, report: Report) -> str:
    return cast.visitor(who).get(reverse("client:reports", args=[report.account_id])).content.decode()


def test_a_released_and_enabled_report_is_listed_opens_and_is_noted(report):
    assert address("report", report) in listed("marcus", report)
    assert cast.visitor("marcus").get(address("report", report)).status_code == 200
    with cast.inside("harbor"):
        view = ReportView.objects.get(report=report)
        assert view.user.name.startswith("Marcus")


def test_what_is_not_enabled_does_not_exist(report):
    with cast.inside("harbor"):
        enabled(report.account, on=False)
    assert "has not switched on any report" in listed("priya", report)
    for page in (
        address("report", report),
        address("report_file", report, "csv"),
        address("report_file", report, "pdf"),
    ):
        assert cast.visitor("priya").get(page).status_code == 404


def test_what_is_not_released_does_not_exist(report):
    with cast.inside("harbor"):
        run = Assessment.objects.get(pk=report.assessment_id)
        steps.reopen(by=cast.viewer("sam", "Northwind"), assessment=run, reason="Again")
    assert address("report", report) not in listed("priya", report)
    assert cast.visitor("priya").get(address("report", report)).status_code == 404


def test_a_draft_does_not_exist_for_clients(report):
    with cast.inside("harbor"):
        Report.objects.filter(pk=report.pk).update(is_released=False)
    assert cast.visitor("priya").get(address("report", report)).status_code == 404


@pytest.mark.parametrize("who", ["carla", "iris", "noor", "amara"])
def test_strangers_find_nothing(who, report):
    assert cast.visitor(who, at="harbor").get(address("report", report)).status_code == 404


def test_a_denied_ability_closes_the_room(report):
    with cast.inside("harbor"):
        membership = cast.person("marcus").memberships.get(account=report.account)
        memberships.override(by=cast.viewer("ada"), membership=membership, ability=Can.VIEW_REPORTS, effect="deny")
    assert cast.visitor("marcus").get(address("report", report)).status_code == 403


def test_making_one_is_refused_as_the_matrix_says(report):
    making = reverse("staff:report_making", args=[report.account_id, report.assessment_id, report.template_id])
    assert cast.visitor("priya").post(making).status_code == 403
    with cast.inside("harbor"):
        EnabledReport.objects.filter(account=report.account).delete()
    assert cast.visitor("priya").post(making).status_code == 404


def test_answers_are_for_those_who_took_part(report):
    mine = cast.visitor("priya").get(address("report", report)).content.decode()
    theirs = cast.visitor("marcus").get(address("report", report)).content.decode()
    assert "Canary motto" in mine
    assert "Canary motto" not in theirs and "What is your motto?" not in theirs
    assert "only people who took part read them" in theirs


def test_files_hold_what_the_reader_may_read(report):
    day = report.content["day"]["raw"]
    for who, reads in (("priya", True), ("marcus", False)):
        answer = cast.visitor(who).get(address("report_file", report, "csv"))
        assert answer["Content-Disposition"] == f'attachment; filename="Northwind-Dental_Every-kind_{day}.csv"'
        assert ("Canary motto" in answer.content.decode("utf-8-sig")) is reads
        book = cast.visitor(who).get(address("report_file", report, "xlsx")).content
        with zipfile.ZipFile(io.BytesIO(book)) as files:
            assert any(b"Canary motto" in files.read(name) for name in files.namelist()) is reads


def test_a_preview_reads_and_leaves_no_view(fresh_database):
    sam = cast.visitor("sam")
    with cast.inside("harbor"):
        report = made()
        previews.start(by=cast.viewer("sam", "Northwind"), viewpoint="company-admin", reason="", return_to="")
    answer = sam.get(f"/preview/company-admin{address('report', report)}")
    assert answer.status_code == 200
    assert "Canary motto" not in answer.content.decode()
    with cast.inside("harbor"):
        assert not ReportView.objects.filter(report=report).exists()


def test_the_newest_edition_is_listed_and_earlier_ones_stay(report):
    with cast.inside("harbor"):
        one = template()
        one.sections = [*one.sections, new("text", title="More", text="More words")]
        one.save()
        run = Assessment.objects.get(pk=report.assessment_id)
        newer = reports.make(by=cast.viewer("sam", "Northwind"), assessment=run, template=one).report
    html = listed("priya", report)
    assert address("report", newer) in html and address("report", report) not in html
    page = cast.visitor("priya").get(address("report", newer)).content.decode()
    assert address("report", report) in page
    assert cast.visitor("priya").get(address("report", report)).status_code == 200


VECTORS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{7*7}}{% now %}", "=1+1",
    "[x](javascript:alert(1))", "</title><svg/onload=alert(1)>",
]  # fmt: skip


def test_hostile_names_stay_text(report, conformance_data):
    corpus = json.loads((conformance_data / "bad-inputs" / "html-xss-vectors.json").read_text("utf-8"))
    found = [text for text in strings_in(corpus) if "<" in text or "javascript" in text.lower()][:25]
    sam = None
    for vector in [*VECTORS, *found]:
        name = " ".join(vector.replace("\x00", "").split())
        with cast.inside("harbor"):
            sam = sam or cast.viewer("sam", "Northwind")
            Account.objects.filter(pk=report.account_id).update(name=name[:120])
            Assessment.objects.filter(pk=report.assessment_id).update(name=name[:160])
            run = Assessment.objects.get(pk=report.assessment_id)
            made_now = reports.make(by=sam, assessment=run, template=template()).report
        html = cast.visitor("priya").get(address("report", made_now)).content.decode()
        article = html[html.index("<article") : html.index("</article>")]
        tags = {tag.lower() for tag in re.findall(r"<([a-zA-Z][\w-]*)", article)}
        assert tags <= KNOWN_TAGS, vector
        for tag in re.findall(r"<[a-zA-Z][^>]*>", article):
            assert not re.search(r"\son\w+\s*=|=\s*[\"']?javascript:", re.sub(r'"[^"]*"', '""', tag), re.I), vector
            assert 'href="javascript' not in tag.lower()
        assert not set('/\\\0"') & set(made_now.content["file_name"])


KNOWN_TAGS = {"article", "section", "h1", "h2", "h3", "h4", "p", "i", "span", "small", "strong", "em", "div", "dl", "dt", "dd", "ol", "ul", "li", "a", "table", "caption", "thead", "tbody", "tr", "th", "td", "svg", "use", "title", "desc", "g", "path", "text", "tspan", "circle", "line", "rect", "polygon", "polyline", "details", "summary", "br"}  # fmt: skip


def strings_in(value) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings_in(item)]
    return [value] if isinstance(value, str) else []


def test_the_list_costs_the_same_for_few_and_many(report):
    def queries() -> int:
        visitor = cast.visitor("priya")
        page = reverse("client:reports", args=[report.account_id])
        visitor.get(page)
        with CaptureQueriesContext(connection) as caught:
            assert visitor.get(page).status_code == 200
        return len(caught)

    before = queries()
    with cast.inside("harbor"):
        definition = Assessment.objects.get(pk=report.assessment_id).definition
        for _number in range(3):
            stage.released(run=stage.launched(definition=definition))
    assert queries() == before
