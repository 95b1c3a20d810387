"""How each figure of a result came about: the very figures that are stored, and answers only for who may read them."""

import copy
import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import memberships
from accounts.roles import Can
from assessments.actions import assessments
from assessments.answering.stored_answers import answers_of
from assessments.models import Assessment, Result
from assessments.results import explanations
from library.scoring.engine import score
from library.versions import document_of
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}
# A section's score that rests on a score the result does not show, and a result that an answer can hold down.
LAYERED: dict[str, Any] = copy.deepcopy(stage.EVERY_KIND) | {"key": "layered", "name": "Layered"}
LAYERED["scoring"]["scores"] = [
    {"key": "alone", "name": "Alone", "rule": "mean", "inputs": [{"questions": ["edr"]}], "inputs_as": "percent"},
    {"key": "basics", "name": "Basics", "rule": "mean", "inputs": [{"scores": ["alone"]}, {"questions": ["share"]}],
     "inputs_as": "percent"},
    {"key": "more", "name": "More", "rule": "mean", "inputs": [{"sections": ["more"]}], "inputs_as": "percent"},
    {"key": "overall", "name": "Overall", "rule": "mean", "inputs": [{"scores": ["basics", "more"]}],
     "gates": [{"when": {"question": "edr", "operator": "equals", "value": "all"}, "at_most": 50,
                "reason": "Without protection everywhere."}]},
]  # fmt: skip


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.released()


@pytest.fixture
def layered() -> Assessment:
    """A released run of Priya's: it runs on most computers, so the result is held at 50."""
    with cast.inside("harbor"):
        by, run = cast.viewer("priya", "Northwind"), stage.launched(definition=stage.publish(LAYERED))
        for key, raw in {"share": "100", "edr": "most", "backup": "yes", "tested": "5"}.items():
            say(by, run, key, raw)
        run = assessments.submit(by=by, assessment=run)
        return assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)


def read(name: str, page: str, run: Assessment, *more: str, status: int = 200, **headers: str) -> str:
    response = cast.visitor(name).get(address(page, run, *more), headers=headers)
    assert response.status_code == status, (name, page, more)
    return html.unescape(response.content.decode())


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# What it says


def test_every_figure_of_the_page_leads_to_how_it_came_about(run):
    for name, results, page in (
        ("priya", "client:results", "client:explanation"),
        ("sam", "staff:assessment", "staff:explanation"),
    ):
        shown = read(name, results, run)
        for key, of in (("overall", "Overall"), ("basics", "Basics"), ("more", "More")):
            link = f'href="{address(page, run, key)}" data-dialog="lg" aria-label="How it came about: {of}"'
            assert link in shown, (name, key)
            assert of in words(read(name, page, run, key))


def test_the_calculation_and_the_answers_are_shown_to_who_took_part(layered):
    for name, page in (("priya", "client:explanation"), ("sam", "staff:explanation")):
        overall = words(read(name, page, layered, "overall"))
        assert "50" in overall
        assert "Without protection everywhere." in overall
        assert "becomes 50" in overall
        basics = read(name, page, layered, "basics")
        assert f'href="{address(page, layered, "alone")}"' in basics
        assert f'href="{address(page, layered, "basics")}questions/share/"' in basics
        assert "Goes into: Overall" in words(basics)
        assert "On most: 50" in words(read(name, page, layered, "alone"))


def test_an_answer_is_explained_where_it_counts(layered):
    for name, page in (("priya", "client:answer_explanation"), ("sam", "staff:answer_explanation")):
        shown = words(read(name, page, layered, "alone", "edr"))
        assert "4. Is it running on all computers?" in shown
        assert "Answer On most Score 50" in shown
        assert "Counts in Alone" in shown
        # It goes into Basics only through another score, and into More not at all.
        for other in ("basics", "more", "nothing"):
            read(name, page, layered, other, "edr", status=404)
        read(name, page, layered, "alone", "nothing", status=404)


def test_an_unknown_score_has_no_page(run):
    read("priya", "client:explanation", run, "nothing", status=404)
    read("sam", "staff:explanation", run, "nothing", status=404)


@pytest.mark.parametrize(("name", "page"), [("priya", "client:explanation"), ("sam", "staff:explanation")])
def test_the_dialog_is_a_part_of_the_page(run, name, page):
    whole, part = read(name, page, run, "overall"), read(name, page, run, "overall", **FRAGMENT)
    assert part.strip().startswith('<div class="dialog-part explanation-part" id="dialog">')
    assert part.strip() in whole
    assert "<html" not in part
    assert "Back to Every kind" in whole


# That it agrees


def test_the_demos_results_are_what_their_answers_give():
    """Everything the demo submits, explained: the stored figure, no other."""
    from portal.demo import content

    content.play(cast.organization("harbor"))
    seen = 0
    with cast.inside("harbor"):
        for run in Assessment.objects.filter(result__isnull=False).select_related("version", "result"):
            document, stored = document_of(run.version), explanations.stored_figures(run.result)
            assert explanations.agrees(score(document, answers_of(run)), stored)
            for key, figure in stored.items():
                explained = explanations.of_score(run, document, key, with_answers=True)
                assert explained is not None
                assert explained.explanation is not None
                assert explained.value == figure["value"] == explained.explanation.value
                seen += 1
    assert seen > 20


def test_a_stored_figure_stands_and_nothing_else_is_claimed(run):
    with cast.inside("harbor"):
        stored = Result.objects.get(assessment=run)
        stored.sheet["overall"] |= {"value": 12.0, "percent": 12.0, "zone": "At risk", "tone": "b1"}
        stored.save()
    for name, page, answer in (
        ("priya", "client:explanation", "client:answer_explanation"),
        ("sam", "staff:explanation", "staff:answer_explanation"),
    ):
        shown = words(read(name, page, run, "overall", **FRAGMENT))
        assert "12 At risk overall score of Every kind" in shown
        assert "cannot be worked out again" in shown
        assert "mean" not in shown
        assert "100" in words(read(name, page, run, "basics", **FRAGMENT))
        assert "cannot be worked out again" in words(read(name, page, run, "basics", **FRAGMENT))
        read(name, answer, run, "basics", "edr", status=404)


# Who sees it


def test_colleagues_who_took_no_part_see_no_answer(layered):
    for name in ("marcus", "dora", "bea"):
        overall = read(name, "client:explanation", layered, "overall", **FRAGMENT)
        assert "50" in words(overall)
        assert f'href="{address("client:explanation", layered, "basics")}"' in overall
        assert "The answers behind it are seen by people who took part, and by Harbor IT." in words(overall)
        # What holds the result down names an answer.
        assert "protection" not in overall
        assert "computers" not in overall
        basics = read(name, "client:explanation", layered, "basics", **FRAGMENT)
        for secret in ("share is done", "computers", "On most", "questions/", "Alone", "alone"):
            assert secret not in basics, (name, secret)
        for page, more in (("client:explanation", ["alone"]), ("client:answer_explanation", ["alone", "edr"])):
            read(name, page, layered, *more, status=404)


def test_a_score_of_shown_scores_is_explained_to_everybody(run):
    shown = words(read("dora", "client:explanation", run, "overall"))
    assert "= 100" in shown
    assert "Basics" in shown


@pytest.mark.parametrize("page", [("client:explanation", "overall"), ("client:answer_explanation", "basics", "edr")])
def test_what_is_not_released_answers_as_the_results_do(page):
    with cast.inside("harbor"):
        run = stage.submitted()
    name, *more = page
    read("priya", "client:results", run, status=404)
    read("priya", name, run, *more, status=404)
    read("sam", name.replace("client", "staff"), run, *more)
    with cast.inside("harbor"):
        run = assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
        read("priya", name, run, *more)
        assessments.reopen(by=cast.viewer("sam", "Northwind"), assessment=run, reason="Look again")
    read("priya", name, run, *more, status=404)
    read("sam", name.replace("client", "staff"), run, *more, status=404)


def test_a_denied_ability_closes_it(run):
    with cast.inside("harbor"):
        membership = cast.person("priya").memberships.get(account=run.account_id)
        memberships.override(by=cast.system(), membership=membership, ability=Can.VIEW_RESULTS, effect="deny")
    read("priya", "client:explanation", run, "overall", status=403)
    read("priya", "client:answer_explanation", run, "basics", "edr", status=403)


def test_another_account_knows_nothing_of_it(run):
    cobalt = cast.account("Cobalt").id
    for who, page, more in (
        ("carla", "client:explanation", ["overall"]),
        ("carla", "client:answer_explanation", ["basics", "edr"]),
        ("lena", "staff:explanation", ["overall"]),
        ("lena", "staff:answer_explanation", ["basics", "edr"]),
    ):
        for account in (run.account_id, cobalt):
            response = cast.visitor(who).get(reverse(page, args=[account, run.pk, *more]))
            assert response.status_code == 404, (who, page)


# What it costs


# The client's count holds one query of the navigation, and one for who took part.
@pytest.mark.parametrize(("name", "page", "own"), [("priya", "client:explanation", 5), ("sam", "staff:explanation", 3)])
def test_the_cost_does_not_grow_with_the_questions(name, page, own):
    asked = []
    for count in (1, 3, 40):
        data = _with_questions(count)
        with cast.inside("harbor"):
            by, run = cast.viewer("priya", "Northwind"), stage.launched(definition=stage.publish(data))
            for number in range(count):
                say(by, run, f"q{number}", "yes")
            run = assessments.submit(by=by, assessment=run)
            run = assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
        visitor = cast.visitor(name)
        visitor.get(address(page, run, "overall"))
        with CaptureQueriesContext(connection) as captured:
            shown = visitor.get(address(page, run, "overall")).content.decode()
        assert shown.count("questions/q") == count
        asked.append(sum('FROM "assessments_' in query["sql"] for query in captured.captured_queries))
    assert asked == [own] * 3


def _with_questions(count: int) -> dict[str, Any]:
    questions = [{"key": f"q{number}", "type": "yes_no", "text": f"Is {number} done?"} for number in range(count)]
    scoring = stage.RICH["scoring"] | {
        "scores": [
            {
                "key": "overall",
                "name": "Overall",
                "rule": "mean",
                "inputs": [{"sections": ["all"]}],
                "inputs_as": "percent",
            }
        ]
    }
    data = {"key": f"of-{count}", "name": "Of many", "scoring": scoring}
    return stage.RICH | data | {"sections": [{"key": "all", "name": "All", "questions": questions}]}
