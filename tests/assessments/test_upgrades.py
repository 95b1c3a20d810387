"""Moving an open run to a newer version: what carries over, what leaves it, and that nothing is lost."""

import copy
import html
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from assessments.actions import assessments, upgrades
from assessments.answering.upgrading import carry_over
from assessments.models import Answer, AnswerRevision, Assessment, Result, Upload
from library.actions import definitions
from library.answers import DONT_KNOW, NOT_APPLICABLE, State
from library.answers import Answer as Plain
from library.document import parse
from library.models import Definition, DefinitionVersion
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import QUICK, RICH, address, attach, say


def newer(**more: Any) -> dict[str, Any]:
    """The rich definition, changed: a row and an option less, a question gone, another new, a value changed."""
    data = copy.deepcopy(RICH)
    quick, tested, record, words = data["sections"][0]["questions"]
    quick["rows"] = [row for row in quick["rows"] if row["key"] != "phone"]
    tested["allow_dont_know"] = False
    tested["options"] = [{"key": "yes", "text": "Yes", "value": 1}, {"key": "no", "text": "No", "value": 0.5}]
    fresh = {"key": "fresh", "type": "yes_no", "text": "Is it fresh?"}
    data["sections"][0]["questions"] = [quick, tested, record, fresh]
    return data | more


OLD, NEW = parse(RICH), parse(newer())


def given(value: Any) -> Plain:
    return Plain(State.ANSWERED, value)


# Pure


def test_what_fits_is_kept_and_everything_else_is_named():
    carried = carry_over(
        OLD, NEW, {"words": given("Much"), "tested": given("yes"), "quick": given(QUICK), "record": NOT_APPLICABLE}
    )
    assert dict(carried.kept) == {
        "quick": given({"mail": "day", "door": "later"}),
        "tested": given("yes"),
        "record": NOT_APPLICABLE,
    }
    assert [(lost.key, lost.question, lost.words, lost.why) for lost in carried.lost] == [
        (
            "quick",
            "How quickly is it back?",
            "Phone: In a week",
            "These rows are no longer asked, or take other answers.",
        ),
        ("words", "Anything else?", "Much", "This question is no longer asked."),
    ]
    assert [question.key for question in carried.new] == ["fresh"]


def test_a_state_the_question_no_longer_allows_is_lost():
    carried = carry_over(OLD, NEW, {"tested": DONT_KNOW})
    assert (dict(carried.kept), [lost.words for lost in carried.lost]) == ({}, ["Don't know"])


def test_another_kind_of_question_under_the_same_key():
    data = newer()
    data["sections"][0]["questions"][3] = {"key": "words", "type": "date", "text": "When was it tried?"}
    carried = carry_over(OLD, parse(data), {"words": given("Much")})
    assert [lost.why for lost in carried.lost] == ["The question is of another kind now."]


def test_the_same_version_loses_nothing():
    carried = carry_over(OLD, OLD, {"quick": given({"mail": "day"}), "tested": DONT_KNOW})
    assert (len(carried.kept), carried.lost, carried.new) == (2, [], [])


# With the database

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    """A run of version 1 with answers, and version 2 published since."""
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(RICH))
        by = cast.viewer("priya", "Northwind")
        say(by, run, "quick", QUICK, comment="Asked twice")
        say(by, run, "tested", "no")
        say(by, run, "words", "Much", comment="Indeed")
        attach(by, run)
        publish_newer()
        return found(run)


def publish_newer(data: dict[str, Any] | None = None) -> DefinitionVersion:
    version = definitions.import_draft(by=cast.system(), document=parse(data or newer()))
    definitions.publish(by=cast.system(), definition=version.definition)
    return DefinitionVersion.objects.get(pk=version.pk)


def found(run: Assessment) -> Assessment:
    return Assessment.objects.select_related("definition__published_version", "version", "account").get(pk=run.pk)


def upgraded(run: Assessment, who: str = "sam"):
    by = cast.viewer(who, "Northwind")
    return upgrades.upgrade(by=by, assessment=run, to=found(run).definition.published_version)


def test_an_upgrade_keeps_what_fits_and_remembers_the_rest(run):
    with cast.inside("harbor"):
        carried = upgraded(run)
        now = found(run)
        assert now.version.number == 2
        assert (now.answered_count, now.question_count) == (3, 4)
        assert now.progress["next"] == "fresh"
        standing = {row.question_key: (row.state, row.value) for row in Answer.objects.filter(assessment=run)}
        assert standing["quick"] == ("answered", {"mail": "day", "door": "later"})
        assert standing["tested"] == ("answered", "no")
        assert standing["words"] == ("cleared", None)
        left = AnswerRevision.objects.filter(assessment=run, left_in_upgrade=True).order_by("question_key")
        assert [(row.question_key, row.value, row.comment, row.was_taken) for row in left] == [
            ("quick", QUICK, "Asked twice", False),
            ("words", "Much", "Indeed", False),
        ]
        assert Upload.objects.filter(assessment=run).standing().count() == 1
        entry = AuditEntry.objects.get(verb="assessment.upgraded")
        assert entry.details == {"from": 1, "to": 2, "kept": 3, "lost": len(carried.lost)}


def test_the_result_is_of_the_new_version(run):
    with cast.inside("harbor"):
        upgraded(run)
        by = cast.viewer("priya", "Northwind")
        say(by, run, "fresh", "yes")
        assessments.submit(by=by, assessment=run)
        # Mail 100 and doors 0: 50 % of the matrix. “No” is worth half a point now, at the bottom of its range.
        assert Result.objects.get(assessment=run).score == pytest.approx(25)


def test_the_page_that_was_open_meanwhile_says_why_it_is_refused(run):
    with cast.inside("harbor"):
        upgraded(run)
    late = stage.autosave(cast.visitor("priya"), run, "words", answer="More", revision="1")
    assert late.status_code == 422
    assert "This version of the assessment has no such question" in late.content.decode()


def test_only_open_runs_the_published_version_and_those_who_may(run):
    with cast.inside("harbor"):
        with pytest.raises(PermissionDenied):
            upgraded(run, "priya")
        with pytest.raises(upgrades.NotUpgradable):
            upgrades.upgrade(by=cast.viewer("sam", "Northwind"), assessment=run, to=run.version)
        upgraded(run)
        with pytest.raises(upgrades.NotUpgradable):
            upgraded(run)
        submitted = stage.submitted(run=stage.launched(definition=stage.publish()))
        with pytest.raises(assessments.WrongStatus):
            upgraded(submitted)


def test_a_deprecated_definition_offers_nothing(run):
    with cast.inside("harbor"):
        to = run.definition.published_version
        definitions.deprecate(by=cast.system(), definition=Definition.objects.get(pk=run.definition_id))
        with pytest.raises(upgrades.NotUpgradable):
            upgrades.upgrade(by=cast.viewer("sam", "Northwind"), assessment=run, to=to)
    assert "is published; this run uses" not in read("staff:assessment", run)


def read(name: str, run: Assessment, who: str = "sam") -> str:
    response = cast.visitor(who).get(address(name, run))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_staff_are_told_and_see_what_it_means(run):
    notice = read("staff:assessment", run)
    assert "Version 2 is published; this run uses version 1" in notice
    assert address("staff:assessment_upgrade", run) in notice
    shown = read("staff:assessment_upgrade", run)
    for words in ("Anything else?", "Much", "Phone: In a week", "Is it fresh?", "not comparable"):
        assert words in shown


def test_moving_the_run_by_the_page(run):
    sam, here = cast.visitor("sam"), address("staff:assessment_upgrade", run)
    response = sam.post(here, {"version": str(run.definition.published_version_id)})
    assert (response.status_code, response["Location"]) == (303, address("staff:assessment", run))
    assert "is published; this run uses" not in read("staff:assessment", run)
    again = sam.post(here, {"version": str(run.definition.published_version_id)})
    assert again.status_code == 409
    assert "Nothing to change" in again.content.decode()


def test_another_version_published_meanwhile_is_shown_first(run):
    seen = str(run.definition.published_version_id)
    with cast.inside("harbor"):
        publish_newer(newer(name="Richer"))
    response = cast.visitor("sam").post(address("staff:assessment_upgrade", run), {"version": seen})
    assert response.status_code == 409
    assert "Use version 3" in response.content.decode()
    with cast.inside("harbor"):
        assert found(run).version.number == 1


def test_a_run_of_the_newest_version_hears_nothing():
    with cast.inside("harbor"):
        run = stage.launched()
    assert "is published; this run uses" not in read("staff:assessment", run)
    assert "Nothing to change" in read("staff:assessment_upgrade", run)


def taking_files(most: int) -> dict[str, Any]:
    data = copy.deepcopy(RICH)
    data["sections"][0]["questions"][2]["max_files"] = most
    return data


def test_too_many_files_for_the_newer_version_are_removed_one_by_one_until_they_fit():
    """While too many of them stand there is no answer, and removing one is no error."""
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(taking_files(3)))
        first, second, third = (attach(cast.viewer("priya", "Northwind"), run, name=f"{name}.pdf") for name in "abc")
        publish_newer(taking_files(1))
        upgraded(run)
    priya = cast.visitor("priya")
    removed = priya.post(address("client:upload_removal", run, str(first.pk)), headers={"HX-Request": "true"})
    assert removed.status_code == 200
    with cast.inside("harbor"):
        answer = Answer.objects.get(assessment=run, question_key="record")
        assert (answer.state, found(run).answered_count) == ("cleared", 0)
    form = {"revision": str(answer.revision)}
    assert priya.post(address("client:upload_removal", run, str(second.pk)), form).status_code == 303
    with cast.inside("harbor"):
        answer.refresh_from_db()
        assert (answer.state, answer.value) == ("answered", [str(third.pk)])
