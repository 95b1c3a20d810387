"""What came out: computed once, shown to whom it may be shown, and the same figures everywhere."""

import html
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import memberships
from accounts.roles import Can
from assessments.actions import assessments, reviews
from assessments.models import Assessment, Result
from assessments.results import scores
from assessments.results.outcome import outcome_of
from library import exchange
from library.answers import Answer, State
from library.document import parse
from library.scoring.engine import score
from library.versions import document_of
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    """A released run: basics 100, more 100, so 100 overall."""
    with cast.inside("harbor"):
        return stage.released()


def results(name: str, run: Assessment) -> str:
    response = cast.visitor(name).get(address("client:results", run))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def sheet_of(answers: dict[str, Answer]) -> dict:
    return scores.figures_of(score(parse(stage.EVERY_KIND), answers))


def answered(**values: object) -> dict[str, Answer]:
    return {key: Answer(State.ANSWERED, value) for key, value in values.items()}  # type: ignore[arg-type]


# The stored sheet


def test_the_sheet_holds_all_that_pages_show():
    sheet = sheet_of(answered(share=50, edr="most", who=["us"], backup="yes", tested=5))
    assert sheet["overall"]["value"] == pytest.approx((200 / 3 + 100) / 2)
    assert (sheet["overall"]["zone"], sheet["overall"]["tone"]) == ("Strong", "b4")
    assert [(row["key"], row["name"], row["top"]) for row in sheet["sections"]] == [
        ("basics", "Basics", True),
        ("more", "More", True),
    ]
    assert sheet["scale"] == {"min": 0, "max": 100, "unit": "", "decimals": 0}
    assert [zone["label"] for zone in sheet["zones"]] == ["At risk", "Developing", "Managed", "Strong"]


def test_unanswered_zero_not_applicable_and_dont_know_are_counted_apart():
    given = answered(share=0, who=["nobody"], backup="no") | {
        "edr": Answer(State.NOT_APPLICABLE),
        "story": Answer(State.DONT_KNOW),
    }
    counts = sheet_of(given)["counts"]
    assert counts == {"asked": 7, "answered": 3, "unanswered": 2, "not_applicable": 1, "dont_know": 1, "zero": 3}


def test_a_definition_without_scoring_has_a_result_without_a_score():
    document = parse(
        {key: value for key, value in stage.EVERY_KIND.items() if key not in ("scoring", "reference_values")}
    )
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(document.to_data() | {"key": "unscored"}))
        run = stage.submitted(run=run)
        result = Result.objects.get(assessment=run)
        assert (result.score, result.zone, result.sheet["overall"]) == (None, "", None)
        assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    assert "There is no overall score." in results("priya", run)


def test_samm_scores_as_published_through_the_whole_product(conformance_data: Path):
    document = exchange.load(conformance_data / "owasp-samm").document()
    given = {question.key: question.choices[number % 4].key for number, question in enumerate(document.questions())}
    expected = score(document, answered(**given))
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(document.to_data()))
        by = cast.viewer("priya", "Northwind")
        for key, raw in given.items():
            say(by, run, key, raw)
        result = assessments.submit(by=by, assessment=run).result
        assert result.score == pytest.approx(expected.overall.value, abs=1e-9)
        shown = {row["key"]: row["value"] for row in result.sheet["sections"]}
        assert shown == pytest.approx({key: node.value for key, node in expected.sections.items()}, abs=1e-9)
        assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    page = results("priya", run)
    assert "30 organizations" in page
    assert "OWASP SAMM Benchmark, release 24.1.1, 2024" in page
    assert 'class="radar"' in page


# What the page says


def test_the_sentence_comes_first_then_the_gauge_then_the_figures(run):
    page = results("priya", run)
    assert "You are in the <strong>Strong</strong> band: 100 of 100." in page
    assert "That is 36 points above the reference: Health care, 214 organizations." in page
    assert page.index("You are in the") < page.index('class="gauge"') < page.index("All figures")
    assert "The Yearbook, 2025" in page


def test_the_reference_value_is_that_of_the_industry_else_the_general_one(run):
    with cast.inside("harbor"):
        result, document = run.result, document_of(run.version)
        in_health_care, elsewhere = outcome_of(result, document, "6212"), outcome_of(result, document, "484")
    assert (in_health_care.reference.label, in_health_care.difference) == ("Health care", "+36")
    assert (elsewhere.reference.label, elsewhere.difference) == ("All organizations", "+39")
    assert [(area.name, area.mark, area.difference) for area in elsewhere.areas] == [
        ("Basics", "55", "+45"),
        ("More", "", ""),
    ]


def test_a_figure_is_not_rounded_into_a_zone_it_is_not_in():
    document = parse(stage.EVERY_KIND)
    sheet = sheet_of(answered(share=100, edr="none", who=["us"], backup="no"))
    sheet["overall"] |= {"value": 39.6, "percent": 39.6, "zone": "At risk", "tone": "b1"}
    outcome = outcome_of(Result(sheet=sheet), document, "")
    assert (outcome.score, outcome.zone, outcome.next_gap) == ("39.6", "At risk", "0.4 points")
    sheet["overall"] |= {"value": 60 - 1e-12, "percent": 60, "zone": "Managed", "tone": "b3"}
    assert outcome_of(Result(sheet=sheet), document, "").score == "60"


def test_what_the_score_rests_on_is_said(run):
    page = re.sub(r"<[^>]+>", " ", results("priya", run))
    rests = re.sub(r"\s+", " ", page.split("What the score rests on")[1])
    assert "Questions asked 8 Answered 5" in rests
    assert "Not answered 3 counted as zero" in rests


def test_earlier_runs_are_listed_and_another_version_is_named(run):
    with cast.inside("harbor"):
        changed = stage.EVERY_KIND | {"name": "Every kind, revised"}
        newer = stage.released(run=stage.launched(definition=stage.publish(changed)))
        stage.submitted(run=stage.launched(definition=newer.definition))
    page = results("priya", newer)
    runs = page.split("Runs of this assessment")[1].split("</table>")[0]
    assert runs.count("<tr") == 3
    assert address("client:results", run) in runs
    assert "scores alike" in runs
    # Seen from the earlier run, the later one has not happened.
    assert "Runs of this assessment" not in results("priya", run)


def test_the_page_scores_nothing(run, monkeypatch):
    def refuse(*args: object) -> None:
        raise AssertionError("a page computed a score")

    monkeypatch.setattr("library.scoring.engine.score", refuse)
    monkeypatch.setattr("assessments.results.scores.score", refuse)
    with cast.inside("harbor"):
        Result.objects.filter(assessment=run).update(score=12.0)
        stored = Result.objects.get(assessment=run)
        stored.sheet["overall"] |= {"value": 12.0, "percent": 12.0, "zone": "At risk", "tone": "b1"}
        stored.save()
    assert "band: 12 of 100." in results("priya", run)


# Who sees it


def test_before_the_release_there_is_no_such_page():
    with cast.inside("harbor"):
        run = stage.submitted()
    priya = cast.visitor("priya")
    missing = priya.get(address("client:results", run).replace(str(run.pk), str(run.account_id)))
    hidden = priya.get(address("client:results", run))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    ids = re.compile(rb"[0-9a-f]{32}")
    assert ids.sub(b"", hidden.content) == ids.sub(b"", missing.content)


def test_a_reopened_result_is_hidden_again(run):
    with cast.inside("harbor"):
        assessments.reopen(by=cast.viewer("sam", "Northwind"), assessment=run, reason="Look again")
    assert cast.visitor("priya").get(address("client:results", run)).status_code == 404


def test_raw_answers_stay_with_those_who_took_part(run):
    with cast.inside("harbor"):
        more = stage.launched(definition=run.definition)
        say(cast.viewer("marcus", "Northwind"), more, "motto", "Quietly onward", comment="A quiet remark")
        more = stage.released(run=more)
    for name, sees in {"priya": True, "marcus": True, "dora": False, "bea": False}.items():
        page = results(name, more)
        assert ("Quietly onward" in page) is sees, name
        assert ("A quiet remark" in page) is sees, name
        assert "band: 100 of 100." in page


def test_a_denied_ability_closes_the_page_at_once(run):
    dora = cast.visitor("dora")
    assert dora.get(address("client:results", run)).status_code == 200
    with cast.inside("harbor"):
        membership = cast.person("dora").memberships.get(account=run.account_id)
        memberships.override(by=cast.system(), membership=membership, ability=Can.VIEW_RESULTS, effect="deny")
    assert dora.get(address("client:results", run)).status_code == 403
    assert dora.get(address("client:take", run))["Location"] == address("client:submitted", run)
    assert address("client:results", run) not in dora.get(address("client:submitted", run)).content.decode()


# What it costs


@pytest.mark.parametrize("runs", [1, 3])
def test_the_cost_does_not_grow_with_the_runs(runs):
    with cast.inside("harbor"):
        run = stage.released()
        for _ in range(runs):
            run = stage.released(run=stage.launched(definition=run.definition))
    priya: Client = cast.visitor("priya")
    priya.get(address("client:results", run))
    with CaptureQueriesContext(connection) as captured:
        priya.get(address("client:results", run))
    own = [query["sql"] for query in captured.captured_queries if 'FROM "assessments_' in query["sql"]]
    assert len(own) == 8
    assert len(captured.captured_queries) <= 8 + 4 + 16


# As submitted, and after the review


def test_a_review_that_changes_the_score_shows_both_and_explains_both():
    with cast.inside("harbor"):
        run = stage.submitted()
        sam = cast.viewer("sam", "Northwind")
        reviews.judge(
            by=sam,
            assessment=run,
            question_key="edr",
            verdict="changed",
            seen_revision=1,
            state="answered",
            raw="none",
            reason="Seen",
        )
        run = assessments.release(by=sam, assessment=run)
    page = results("priya", run)
    assert "100 as submitted" in re.sub(r"\s+", " ", page)
    table = page.split('id="reviewed-title"')[1].split("</table>")[0]
    assert "Basics" in table and "More" not in table
    explained = cast.visitor("priya").get(f"{address('client:explanation', run, 'overall')}?as=submitted")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", explained.content.decode()))
    assert "as submitted, before the review" in words and "Overall 100" in words
