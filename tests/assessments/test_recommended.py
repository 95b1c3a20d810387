"""Recommendations of a result: chosen when it is computed, worst first, and only to whom they tell nothing new."""

import copy
import html
from typing import Any

import pytest

from assessments import recommended
from assessments.actions import assessments
from assessments.models import Assessment, Result
from library.versions import document_of
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db


def _advised() -> dict[str, Any]:
    data = copy.deepcopy(stage.EVERY_KIND) | {"key": "advised", "name": "Advised"}
    for question in data["sections"][0]["questions"]:
        if question["key"] == "edr":
            question["recommendations"] = [
                {
                    "from": 0,
                    "to": 60,
                    "title": "Cover all computers",
                    "text": "Begin with **laptops**.",
                    "severity": "high",
                },
                {"from": 60, "to": 100, "text": "Keep it so."},
            ]
        if question["key"] == "share":
            question["recommendations"] = [{"from": 0, "to": 50, "text": "Do more.", "severity": "low"}]
    for own in data["scoring"]["scores"]:
        if own["key"] == "basics":
            own["recommendations"] = [
                {"from": 0, "to": 90, "title": "See to the basics", "text": "<b>Now</b> or [later](https://example.org).",
                 "severity": "critical"},
                {"from": 90, "to": 100, "title": "Well done", "text": "Nothing to do."},
            ]  # fmt: skip
    return data


@pytest.fixture
def run() -> Assessment:
    """Submitted by Priya: on most computers, a share of 20."""
    with cast.inside("harbor"):
        by, run = cast.viewer("priya", "Northwind"), stage.launched(definition=stage.publish(_advised()))
        for key, raw in {"share": "20", "edr": "most", "backup": "yes"}.items():
            say(by, run, key, raw)
        return assessments.submit(by=by, assessment=run)


def shown(name: str, page: str, run: Assessment) -> str:
    response = cast.visitor(name).get(address(page, run))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def list_of(page: str) -> str:
    return page.partition('id="recommendations-title"')[2].partition("</section>")[0]


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


def test_staff_see_them_at_once_and_clients_after_the_release(run):
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
    with cast.inside("harbor"):
        run = assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    page = shown("dora", "client:results", run)
    assert "See to the basics" in list_of(page)
    for words in ("Cover all computers", "Do more.", "running on all computers"):
        assert words not in page


def test_a_result_of_before_shows_none(run):
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
