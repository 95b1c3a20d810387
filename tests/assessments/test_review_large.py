"""A run of 500 questions: its pages ask no more queries than a small one's, and a verdict sends back only what changed."""

import gzip
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.actions import assessments
from assessments.models import Answer, Assessment
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address

pytestmark = pytest.mark.django_db
SECTIONS, QUESTIONS = 10, 50
OPTIONS = [{"key": key, "text": f"Answer {key}", "value": value} for key, value in {"a": 100, "b": 50, "c": 0}.items()]
BIG: dict[str, Any] = {
    "format": "portal-definition/1",
    "key": "big",
    "name": "Big",
    "sections": [
        {
            "key": f"s{at}",
            "name": f"Section {at}",
            "questions": [
                {"key": f"s{at}q{nth}", "type": "single_choice", "text": f"Question {nth} of {at}?", "options": OPTIONS}
                for nth in range(QUESTIONS)
            ],
        }
        for at in range(SECTIONS)
    ],
    "scoring": {
        "scale": {"min": 0, "max": 100},
        "overall": "all",
        "sections": {f"s{at}": f"s{at}" for at in range(SECTIONS)},
        "scores": [
            *(
                {"key": f"s{at}", "name": f"Section {at}", "rule": "mean", "inputs": [{"sections": [f"s{at}"]}]}
                for at in range(SECTIONS)
            ),
            {"key": "all", "name": "All", "rule": "mean", "inputs": [{"scores": [f"s{at}" for at in range(SECTIONS)]}]},
        ],
        "zones": [{"label": "Any", "from": 0, "to": 100, "tone": "b3"}],
    },
}


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(BIG))
        priya = cast.viewer("priya", "Northwind")
        Answer.objects.bulk_create(
            Answer(
                organization_id=run.organization_id,
                account_id=run.account_id,
                assessment=run,
                question_key=f"s{at}q{nth}",
                value="abc"[(at + nth) % 3],
                answered_by=priya.user,
            )
            for at in range(SECTIONS)
            for nth in range(QUESTIONS)
        )
        return assessments.submit(by=priya, assessment=run)


def timed(visitor: Client, url: str, data: dict[str, str] | None = None, **headers: str):
    """This will ask for a page and say what it cost: (response, own queries, seconds)."""
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        response = visitor.post(url, data, headers=headers) if data else visitor.get(url, headers=headers)
    spent = time.perf_counter() - begun
    return response, sum('"assessments_' in query["sql"] for query in captured.captured_queries), spent


def test_its_pages_stay_fast(run):
    sam = cast.visitor("sam")
    for page, queries in (("staff:assessment", 8), ("staff:run_review", 8)):
        sam.get(address(page, run))
        response, own, spent = timed(sam, address(page, run))
        assert response.status_code == 200
        assert own <= queries, page
        assert spent < 3, page
        assert len(gzip.compress(response.content)) < 60_000, page


def test_a_verdict_sends_back_what_changed(run):
    sam = cast.visitor("sam")
    data = {"verdict": "accepted", "revision": "1"}
    response, _own, spent = timed(sam, address("staff:verdict", run, "s0q0"), data, **{"HX-Request": "true"})
    assert response.status_code == 200
    assert len(response.content) < 20_000
    assert spent < 3
    every = {"as_of": "2999-01-01T00:00:00Z"}
    url = address("staff:section_acceptance", run, "s1")
    response, own, spent = timed(sam, url, every, **{"HX-Request": "true"})
    assert response.status_code == 200
    assert own < 40
