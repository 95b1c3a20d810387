"""What the assessor says about an answer, and what that makes of the result."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from assessments.actions import answers, assessments, reviews
from assessments.models import AnswerReview, Assessment, Result, ReviewRule, Verdict
from assessments.results import explanations
from assessments.review import verdicts
from library.actions import definitions, library_entries
from library.answers import Answer as PlainAnswer
from library.answers import InvalidAnswer, State
from library.exchange import load
from library.models import Definition
from library.scoring.engine import score
from library.versions import document_of
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.submitted()


def judge(run: Assessment, key: str, verdict: str, by: str = "sam", **more: Any) -> AnswerReview:
    more = {"seen_revision": 1, "reason": "" if verdict == Verdict.ACCEPTED else "Seen on site"} | more
    return reviews.judge(by=cast.viewer(by, "Northwind"), assessment=run, question_key=key, verdict=verdict, **more)


def result_of(run: Assessment) -> Result:
    return Result.objects.get(assessment=run)


def test_accepting_changes_no_figure(run):
    with cast.inside("harbor"):
        before = result_of(run).sheet
        judge(run, "edr", Verdict.ACCEPTED)
        after = result_of(run)
        assert (after.sheet, after.submitted_sheet, after.submitted_score) == (before, None, None)


def test_an_own_answer_counts_and_the_answer_given_is_kept_beside_it(run):
    with cast.inside("harbor"):
        judge(run, "edr", Verdict.CHANGED, state="answered", raw="none")
        result = result_of(run)
        assert (result.score, result.submitted_score) == (pytest.approx(250 / 3), 100)
        assert result.sheet["counts"]["zero"] == 1
        assert result.submitted_sheet["counts"]["zero"] == 0
        entry = AuditEntry.objects.get(verb="answer.reviewed", object_id=run.pk)
        assert entry.details == {
            "question": "edr", "verdict": "changed", "state": "answered", "value": "none", "reason": "Seen on site",
            "revision": 1,
        }  # fmt: skip


def test_what_does_not_count_is_as_though_it_was_not_answered(run):
    with cast.inside("harbor"):
        judge(run, "edr", Verdict.NOT_COUNTED)
        assert result_of(run).sheet["counts"]["answered"] == result_of(run).submitted_sheet["counts"]["answered"] - 1


def test_taking_a_verdict_back_gives_the_figures_of_before(run):
    with cast.inside("harbor"):
        judge(run, "edr", Verdict.CHANGED, state="answered", raw="none")
        reviews.withdraw(by=cast.viewer("sam", "Northwind"), assessment=run, question_key="edr")
        assert (result_of(run).score, result_of(run).submitted_sheet) == (100, None)


def test_a_verdict_needs_its_reason_and_a_possible_answer(run):
    with cast.inside("harbor"):
        for verdict in (Verdict.CHANGED, Verdict.NOT_COUNTED):
            with pytest.raises(reviews.ReasonMissing):
                judge(run, "edr", verdict, state="answered", raw="none", reason="  ")
        with pytest.raises(InvalidAnswer):
            judge(run, "edr", Verdict.CHANGED, state="answered", raw="never")
        with pytest.raises(InvalidAnswer):
            judge(run, "edr", Verdict.CHANGED, state="", raw=None)
        with pytest.raises(InvalidAnswer):
            judge(run, "motto", Verdict.ACCEPTED, seen_revision=0)
        with pytest.raises(InvalidAnswer):
            judge(run, "edr", Verdict.NOT_COUNTED, reason="r" * 2001)
        for key in ("nothing", ""):
            with pytest.raises(reviews.UnknownQuestion):
                judge(run, key, Verdict.ACCEPTED)
        assert not AnswerReview.objects.filter(assessment=run).exists()


def test_a_verdict_is_about_the_answer_that_was_looked_at(run):
    with cast.inside("harbor"), pytest.raises(reviews.AnsweredSince):
        judge(run, "edr", Verdict.ACCEPTED, seen_revision=0)


def test_a_later_answer_counts_as_given_until_it_is_looked_at_again(run):
    with cast.inside("harbor"):
        judge(run, "edr", Verdict.CHANGED, state="answered", raw="none")
        reopened_and_answered(run, "edr", "most")
        row = AnswerReview.objects.get(assessment=run, question_key="edr")
        assert verdicts.is_outdated(row, verdicts.revisions_of(run))
        assert (result_of(run).submitted_sheet, result_of(run).score) == (None, pytest.approx(550 / 6))


def test_accepted_only_lets_nothing_else_count(run):
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        rule = {"review_rule": ReviewRule.ACCEPTED_ONLY}
        assessments.change_setup(by=sam, assessment=run, name=run.name, due_on=None, **rule)
        assert result_of(run).sheet["counts"]["answered"] == 0
        judge(run, "edr", Verdict.ACCEPTED)
        assert result_of(run).sheet["counts"]["answered"] == 1
        assert result_of(run).submitted_score == 100


def test_accepted_only_keeps_what_was_accepted_until_the_later_answer_is(run):
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        rule = {"review_rule": ReviewRule.ACCEPTED_ONLY}
        assessments.change_setup(by=sam, assessment=run, name=run.name, due_on=None, **rule)
        judge(run, "edr", Verdict.ACCEPTED)
        reopened_and_answered(run, "edr", "none")
        run.refresh_from_db()
        counted = verdicts.counted_answers(run, document_of(run.version))
        assert counted == {"edr": PlainAnswer(State.ANSWERED, "all")}


def test_accepting_a_section_leaves_what_came_later(run):
    with cast.inside("harbor"):
        sam, priya = cast.viewer("sam", "Northwind"), cast.viewer("priya", "Northwind")
        judge(run, "edr", Verdict.CHANGED, state="answered", raw="most")
        assessments.reopen(by=sam, assessment=run, reason="Again")
        say(priya, run, "share", "50", seen_revision=1)
        as_of = Assessment.objects.get(pk=run.pk).updated_at
        say(priya, run, "who", ["provider"], seen_revision=1)
        assessments.submit(by=priya, assessment=run)
        accept = {"by": sam, "assessment": run, "section_key": "basics"}
        assert reviews.accept_section(**accept, as_of=as_of) == 1
        said = dict(AnswerReview.objects.filter(assessment=run).values_list("question_key", "verdict"))
        assert said == {"edr": "changed", "share": "accepted"}
        later = Assessment.objects.get(pk=run.pk).updated_at
        assert reviews.accept_section(**accept, as_of=later) == 1
        assert reviews.accept_section(**accept, as_of=later) == 0
        with pytest.raises(reviews.UnknownQuestion):
            reviews.accept_section(by=sam, assessment=run, section_key="nothing", as_of=later)


@pytest.mark.parametrize("status", ["open", "released"])
def test_verdicts_are_given_in_review_only(status):
    with cast.inside("harbor"):
        run = stage.completed() if status == "open" else stage.released()
        with pytest.raises(assessments.WrongStatus):
            judge(run, "edr", Verdict.ACCEPTED)
        with pytest.raises(assessments.WrongStatus):
            reviews.withdraw(by=cast.viewer("sam", "Northwind"), assessment=run, question_key="edr")


@pytest.mark.parametrize("name", ["priya", "dana"])
def test_only_who_releases_results_judges(run, name):
    with cast.inside("harbor"), pytest.raises(PermissionDenied):
        judge(run, "edr", Verdict.ACCEPTED, by=name)


def test_explanations_say_where_the_assessors_answer_stands(run):
    with cast.inside("harbor"):
        judge(run, "edr", Verdict.CHANGED, state="answered", raw="none")
        judge(run, "who", Verdict.NOT_COUNTED)
        run = Assessment.objects.select_related("version", "result").get(pk=run.pk)
        document = document_of(run.version)
        explained = explanations.of_score(run, document, "basics", with_answers=True)
        assert explained is not None and explained.explanation is not None
        lines = (*explained.explanation.counted, *explained.explanation.left_out)
        words = {line.key: line.calculation or line.words for line in lines}
        assert "the assessor’s answer; the answer given was “On all”" in words["edr"]
        assert "does not count after the review; the answer given was “We do”" in words["who"]
        answer = explanations.of_answer(run, document, "basics", "edr")
        assert answer is not None
        assert answer.value == 0
        assert answer.notes[0] == "The assessor’s answer; the answer given was “On all”."
        silent = explanations.of_score(run, document, "basics", with_answers=False)
        assert silent is not None
        assert "On all" not in repr(silent)


def test_the_published_review_case_of_samm(conformance_data: Path):
    """Only accepted answers count: through a real run, figures as validated and as submitted."""
    samm = conformance_data / "owasp-samm"
    cases = json.loads((samm / "conformance" / "scoring_cases.json").read_text())["published_cases"]
    case = next(case for case in cases if case["id"] == "open-sammy-validated")
    with cast.inside("harbor"):
        definition = _published(samm / "core-model")
        run = assessments.launch(by=cast.viewer("priya", "Northwind"), definition=definition, another=True)
        sam, priya = cast.viewer("sam", "Northwind"), cast.viewer("priya", "Northwind")
        rule = {"review_rule": ReviewRule.ACCEPTED_ONLY}
        assessments.change_setup(by=sam, assessment=run, name=run.name, due_on=None, **rule)
        document, seen = document_of(run.version), dict[str, int]()
        first, *rest = [item for item in case["answers"] if item["review"] == "retracted"], case["answers"]
        for item in first:
            _answer(priya, run, document, item, seen)
        assessments.submit(by=priya, assessment=run)
        for item in first:
            judge(run, item["code"], Verdict.NOT_COUNTED, seen_revision=seen[item["code"]])
        assessments.reopen(by=sam, assessment=run, reason="Answer the others")
        others = [item for item in rest[0] if item not in first]
        for item in others:
            _answer(priya, run, document, item, seen)
        assessments.submit(by=priya, assessment=run)
        for item in others:
            if item["review"] in ("accepted", "auto_accepted"):
                judge(run, item["code"], Verdict.ACCEPTED, seen_revision=seen[item["code"]])
        result = result_of(run)
    expected = case["expected"]
    validated = {section["key"].rpartition("-")[2]: section["value"] for section in result.sheet["sections"]}
    for name, value in expected["validated"]["practices"].items():
        assert validated[name] == pytest.approx(value, abs=1e-9), name
    functions = {section["name"]: section["value"] for section in result.sheet["sections"] if section["top"]}
    for name, value in expected["validated"]["functions"].items():
        assert functions[name] == pytest.approx(value, abs=1e-9), name
    latest = {item["code"]: item["value"] for item in case["answers"]}
    assert latest.items() >= expected["question_values_unvalidated"].items()
    submitted = score(document, _plain(document, latest))
    stored = {section["key"]: section["value"] for section in result.submitted_sheet["sections"]}
    assert stored == {key: node.value for key, node in submitted.sections.items()}
    assert result.submitted_score == submitted.overall.value != result.score


def _published(folder: Path) -> Definition:
    system = cast.system()
    version = definitions.import_draft(by=system, document=load(folder).document())
    definitions.publish(by=system, definition=version.definition)
    definition = Definition.objects.get(pk=version.definition_id)
    library_entries.assign(by=system, account=cast.account("Northwind"), definitions=[definition])
    return definition


def _answer(by, run, document, item: dict[str, Any], seen: dict[str, int]) -> None:
    option = next(one for one in document.question(item["code"]).choices if one.value == item["value"])
    before = seen.get(item["code"], 0)
    saved = answers.save(
        by=by, assessment=run, question_key=item["code"], state="answered", raw=option.key, seen_revision=before
    )
    seen[item["code"]] = saved.revision


def _plain(document, values: dict[str, float]) -> dict[str, PlainAnswer]:
    found = {}
    for code, value in values.items():
        option = next(one for one in document.question(code).choices if one.value == value)
        found[code] = PlainAnswer(State.ANSWERED, option.key)
    return found


def reopened_and_answered(run: Assessment, key: str, raw: Any) -> None:
    sam, priya = cast.viewer("sam", "Northwind"), cast.viewer("priya", "Northwind")
    assessments.reopen(by=sam, assessment=run, reason="Look again")
    say(priya, run, key, raw, seen_revision=1)
    assessments.submit(by=priya, assessment=run)
