"""Recommendations of a result: chosen when it is computed, worst first, and only to whom they tell nothing new."""

import html

import pytest

from assessments.actions import assessments
from assessments.models import Assessment, Finding, Result
from assessments.results import recommended
from library.versions import document_of
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    """Submitted by Priya: on most computers, a share of 20."""
    with cast.inside("harbor"):
        by, run = cast.viewer("priya", "Northwind"), stage.launched(definition=stage.publish(stage.advised()))
        for key, raw in {"share": "20", "edr": "most", "backup": "yes"}.items():
            say(by, run, key, raw)
        return assessments.submit(by=by, assessment=run)


def shown(name: str, page: str, run: Assessment) -> str:
    response = cast.visitor(name).get(address(page, run))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def list_of(page: str) -> str:
    return page.partition('id="recommendations-title"')[2].partition("</section>")[0]


def found_of(page: str) -> str:
    return page.partition('id="found-title"')[2].partition("</section>")[0]


def without_findings(run: Assessment) -> None:
    """As a result stands that was computed before there were findings."""
    with cast.inside("harbor"):
        Finding.objects.filter(assessment=run).delete()


def test_which_apply_is_stored_and_the_worst_is_named_first(run):
    with cast.inside("harbor"):
        result = Result.objects.get(assessment=run)
        assert result.sheet["recommendations"] == [
            {"of": "share", "is_question": True, "band": 0},
            {"of": "edr", "is_question": True, "band": 0},
            {"of": "basics", "is_question": False, "band": 0},
        ]
        advice = recommended.of_result(result, document_of(run.version), with_answers=True)
    assert [(one.name, one.title, one.label, one.tone) for one in advice] == [
        ("Basics", "See to the basics", "Critical", "danger"),
        ("Is it running on all computers?", "Cover all computers", "High", "danger"),
        ("Which share is done?", "", "Low", "neutral"),
    ]


def test_what_became_a_finding_is_not_said_twice(run):
    page = shown("sam", "staff:assessment", run)
    assert list_of(page) == ""
    for words in ("See to the basics", "Cover all computers", "Do more."):
        assert found_of(page).count(words) == 1


def test_staff_see_them_at_once_and_clients_after_the_release(run):
    without_findings(run)
    staff = list_of(shown("sam", "staff:assessment", run))
    assert staff.index("See to the basics") < staff.index("Cover all computers") < staff.index("Do more.")
    assert "<strong>laptops</strong>" in staff
    assert 'rel="noopener noreferrer nofollow"' in staff
    assert "&lt;b&gt;Now&lt;/b&gt;" in cast.visitor("sam").get(address("staff:assessment", run)).content.decode()
    with cast.inside("harbor"):
        run = assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    client = list_of(shown("priya", "client:results", run))
    for words in ("See to the basics", "Cover all computers", "Critical", "Do more."):
        assert words in client


def test_colleagues_who_took_no_part_see_those_of_the_figures_they_see(run):
    without_findings(run)
    with cast.inside("harbor"):
        run = assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    page = shown("dora", "client:results", run)
    assert "See to the basics" in list_of(page)
    for words in ("Cover all computers", "Do more.", "running on all computers"):
        assert words not in page


def test_a_result_of_before_shows_none(run):
    without_findings(run)
    with cast.inside("harbor"):
        result = Result.objects.get(assessment=run)
        del result.sheet["recommendations"]
        result.save()
    assert "recommendations-title" not in shown("sam", "staff:assessment", run)


def test_many_fold_away(run):
    advice = [recommended.Advice(f"Name {number}", "", "", "", "") for number in range(14)]
    from django.template.loader import render_to_string

    page = render_to_string("assessments/_recommendations.html", {"recommendations": advice})
    assert page.count("<li>") == 14
    assert page.partition("<details")[0].count("<li>") == 10
