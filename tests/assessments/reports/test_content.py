"""What a report says: the figures of the result, word for word, and nothing an option leaves out."""

import json
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from assessments.actions import assessments, report_templates
from assessments.models import (
    Answer,
    AnswerReview,
    Assessment,
    Finding,
    FindingAction,
    FindingState,
    ReportTemplate,
    SectionNote,
    Severity,
    Verdict,
)
from assessments.reports import content
from assessments.reports.sections import KINDS, new
from assessments.results.outcome import outcome_of
from library.versions import document_of
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import say

pytestmark = pytest.mark.django_db


def template_of(*sections: dict, name: str = "Test") -> ReportTemplate:
    return ReportTemplate(organization=cast.organization(), name=name, sections=list(sections))


def everything() -> ReportTemplate:
    kinds = [new(kind) for kind in KINDS if kind != "text"]
    return template_of(*kinds, new("text", title="Words", text="For {{ account.name }}"))


def built(run: Assessment, template: ReportTemplate) -> dict:
    rows = Assessment.objects.select_related("account__organization", "version", "definition", "result")
    return content.build(rows.get(pk=run.pk), template)


def section(written: dict, kind: str) -> dict:
    return next(one for one in written["sections"] if one["kind"] == kind)


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.released()


def test_every_kind_is_there_with_its_fields(run):
    with cast.inside("harbor"):
        written = built(run, everything())
    assert written["format"] == "portal-report/1"
    assert {one["kind"] for one in written["sections"]} == set(KINDS)
    shapes = {name: getattr(content, name) for name in ("Cover", "Contents", "Summary", "Gauge", "Radar", "SectionScores",
              "Answers", "Notes", "Findings", "Actions", "Recommendations", "History", "Text")}  # fmt: skip
    for one in written["sections"]:
        shape = shapes["".join(part.capitalize() for part in one["kind"].split("_"))]
        assert set(one) == set(shape.__annotations__) | set(content._Section.__annotations__), one["kind"]
    assert set(written) == set(content.Content.__annotations__) - {"answers_left_out"}
    json.dumps(written, allow_nan=False)


def test_the_figures_are_those_of_the_results_page(run):
    with cast.inside("harbor"):
        written, document = built(run, everything()), document_of(run.version)
        shown = outcome_of(Assessment.objects.get(pk=run.pk).result, document, run.account.industry)
    score = section(written, "gauge")["score"]
    assert (score["value"]["shown"], score["zone"], score["tone"]) == (shown.score, shown.zone, shown.tone)
    assert score["value"]["raw"] == pytest.approx(100)
    assert score["reference"]["value"]["shown"] == shown.reference_score
    assert score["reference"]["difference"]["shown"] == shown.difference
    rows = section(written, "section_scores")["rows"]
    assert [(row["name"], row["value"]["shown"], row["zone"]) for row in rows] == [
        (area.name, area.score, area.zone) for area in shown.areas
    ]
    assert [row["reference"]["shown"] if row["reference"] else "" for row in rows] == [
        area.mark for area in shown.areas
    ]


def test_the_same_state_gives_the_same_bytes_in_every_language(run):
    with cast.inside("harbor"):
        template = everything()
        first = content.content_hash(built(run, template))
        with translation.override("de"):
            assert content.content_hash(built(run, template)) == first
        Finding.objects.create(
            organization=run.organization, account=run.account, assessment=run, title="New", severity=Severity.HIGH
        )
        assert content.content_hash(built(run, template)) != first


def test_names_comments_files_and_verdicts_are_only_there_when_chosen():
    with cast.inside("harbor"):
        priya = cast.viewer("priya", "Northwind")
        run = stage.launched()
        say(priya, run, "motto", "Slow and sure", comment="Ask canary-comment")
        run = stage.released(run=run)
        AnswerReview.objects.create(
            organization=run.organization, account=run.account, assessment=run, question_key="motto",
            verdict=Verdict.CHANGED, state="answered", value="Canary-verdict", reason="canary-reason", revision_seen=1,
        )  # fmt: skip
        options = {"names": True, "comments": True, "files": True, "verdicts": True}
        whole = json.dumps(built(run, template_of(new("answers", **options))))
        bare = json.dumps(built(run, template_of(new("answers", **dict.fromkeys(options, False)))))
    for word in ("Priya", "canary-comment", "Canary-verdict", "canary-reason"):
        assert word in whole
        assert word not in bare
    assert "Slow and sure" in bare


def test_findings_are_worst_first_and_dismissed_ones_nowhere(run):
    with cast.inside("harbor"):
        common = {"organization": run.organization, "account": run.account, "assessment": run}
        Finding.objects.filter(assessment=run).delete()
        low = Finding.objects.create(**common, title="Low one", severity=Severity.LOW)
        Finding.objects.create(**common, title="Critical one", severity=Severity.CRITICAL, text="**Bold**")
        Finding.objects.create(**common, title="Gone one", severity=Severity.HIGH, state=FindingState.DISMISSED)
        Finding.objects.create(**common, title="Old one", severity=Severity.HIGH, is_outdated=True)
        FindingAction.objects.create(
            organization=run.organization, account=run.account, finding=low, title="Mend it", owner_name="Priya"
        )
        written = built(run, template_of(new("findings"), new("findings", least="high"), new("actions"),
                                         new("text", title="x", text="{{ findings.total }} {{ actions.open }}")))  # fmt: skip
    every, high = [one for one in written["sections"] if one["kind"] == "findings"]
    assert [row["title"] for row in every["rows"]] == ["Critical one", "Low one"]
    assert [row["title"] for row in high["rows"]] == ["Critical one"]
    assert [(one["label"], one["count"]["raw"]) for one in every["counts"]][0] == ("Critical", 1)
    action = section(written, "actions")["rows"][0]
    assert (action["title"], action["owner"], action["finding_number"]) == ("Mend it", "Priya", 2)
    assert section(written, "text")["markdown"] == "2 1"


def test_notes_stand_by_area_in_their_order(run):
    with cast.inside("harbor"):
        common = {"organization": run.organization, "account": run.account, "assessment": run}
        SectionNote.objects.create(**common, section_key="more", kind="plan", text="A plan")
        SectionNote.objects.create(**common, section_key="more", kind="gaps", text="A gap")
        SectionNote.objects.create(**common, section_key="", kind="insights", text="Overall")
        groups = section(built(run, template_of(new("notes"))), "notes")["groups"]
        few = section(built(run, template_of(new("notes", kinds=["gaps"]))), "notes")["groups"]
    assert [(group["name"], [note["markdown"] for note in group["notes"]]) for group in groups] == [
        ("The whole assessment", ["Overall"]),
        ("More", ["A gap", "A plan"]),
    ]
    assert [note["kind"] for group in few for note in group["notes"]] == ["gaps"]


def test_numbers_and_contents_leave_out_cover_and_untitled_texts(run):
    with cast.inside("harbor"):
        template = template_of(new("cover"), new("contents"), new("gauge"), new("text", text="On"), new("radar"))
        written = built(run, template)
    assert [one["number"] for one in written["sections"]] == ["", "", "1", "", "2"]
    assert [entry["key"] for entry in section(written, "contents")["entries"]] == ["s3", "s5"]


def test_a_text_that_cannot_be_written_says_so(run):
    with cast.inside("harbor"):
        endless = "{% for a in (1..1999) %}{% for b in (1..1999) %}x{% endfor %}{% endfor %}"
        written = built(run, template_of(new("text", title="T", text=endless)))
    assert "could not be written" in written["sections"][0]["markdown"]


def test_without_answers_nothing_tells_one(run):
    with cast.inside("harbor"):
        written = built(run, everything())
    assert content.tells_answers(written)
    reduced = content.without_answers(written)
    assert not content.tells_answers(reduced)
    assert reduced["answers_left_out"]
    answers = section(written, "answers")
    assert answers["key"] not in [entry["key"] for entry in section(reduced, "contents")["entries"]]
    assert "Is it running on all computers?" not in json.dumps(reduced)


def test_a_run_that_is_not_released_is_a_draft():
    with cast.inside("harbor"):
        written = built(stage.submitted(), everything())
    assert written["is_draft"] and section(written, "cover")["is_draft"]
    assert written["assessment"]["released"]["shown"] == ""


def test_the_file_name(run):
    with cast.inside("harbor"):
        Assessment.objects.filter(pk=run.pk).update(name='Cyber/../resi"lience\n\u202e')
        written = built(run, everything())
    assert written["file_name"] == f"Northwind-Dental_Cyber-resi-lience_{written['day']['raw']}"


def test_the_number_of_queries_does_not_grow_with_what_there_is(run):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            built(run, everything())
        return len(caught)

    with cast.inside("harbor"):
        common = {"organization": run.organization, "account": run.account}
        before = queries()  # what the run keeps of its relations is read
        for number in range(40):
            before = queries() if number == 1 else before
            finding = Finding.objects.create(**common, assessment=run, title=f"F{number}", severity=Severity.LOW)
            FindingAction.objects.create(**common, finding=finding, title="A", owner=cast.person("priya"))
        assert queries() == before
    assert before < 20


def test_both_default_templates_can_be_built(run):
    with cast.inside("harbor"):
        report_templates.furnish(cast.organization())
        for template in ReportTemplate.objects.filter(organization=cast.organization()):
            written = built(run, template)
            assert "could not be written" not in json.dumps(written)
            assert written["title"] == run.name


def test_five_hundred_questions_are_written_fast():
    questions = [
        {"key": f"q{number}", "type": "yes_no", "text": f"Is {number} in place?", "allow_comment": True}
        for number in range(500)
    ]
    data = stage.EVERY_KIND | {
        "key": "long",
        "name": "Long",
        "sections": [{"key": "all", "name": "All", "questions": questions}],
    }
    scoring = {
        "scale": {"min": 0, "max": 100},
        "overall": "overall",
        "scores": [{"key": "overall", "name": "Overall", "rule": "mean", "inputs": [{"sections": ["all"]}], "inputs_as": "percent"}],
        "zones": stage.EVERY_KIND["scoring"]["zones"],
    }  # fmt: skip
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(data | {"scoring": scoring, "reference_values": []}))
        answered = (
            Answer(organization_id=run.organization_id, account_id=run.account_id, assessment=run, question_key=one["key"],
                   value="yes", answered_by=cast.person("priya"))
            for one in questions
        )  # fmt: skip
        Answer.objects.bulk_create(answered)
        run = assessments.submit(by=cast.viewer("priya", "Northwind"), assessment=run)
        template = everything()
        built(run, template)
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as caught:
            written = built(run, template)
        taken = time.perf_counter() - started
    assert sum(len(part["lines"]) for part in section(written, "answers")["parts"]) == 500
    assert len(caught) < 20
    assert taken < 1
