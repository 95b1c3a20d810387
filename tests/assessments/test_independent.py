"""Independent runs: own answers, own progress, handed in exactly once; and handing in one's part of a shared one."""

import pytest

from accounts.models import AuditEntry, Mail
from assessments.actions import answers, assessments, combining, submissions, upgrades
from assessments.actions.steps import AnswersMissing, WrongStatus
from assessments.lists import run_list, standing
from assessments.models import Assessment, Mode, Respondent, Result
from library.actions import definitions
from library.document import parse
from library.models import Definition
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, autosave, say
from tests.assessments.test_answer_sets import created, guest_in, independent, marcus, priya
from tests.assessments.test_answers import at_once

FULL = {"share": "100", "edr": "all", "who": ["us"], "backup": "yes", "tested": "5"}


@pytest.fixture
def harbor(db):
    with cast.inside("harbor"):
        yield


@pytest.fixture
def run(harbor) -> Assessment:
    return independent()


def complete(by, run: Assessment, keys=tuple(FULL)) -> None:
    for key in keys:
        say(by, run, key, FULL[key])


def row(run: Assessment, name: str) -> Respondent:
    return Respondent.objects.select_related("user").get(assessment=run, user__name=name)


def test_progress_is_each_ones_own_and_the_run_has_the_sum(run):
    say(priya(), run, "motto", "Onward")
    complete(marcus(), run)
    mine, theirs = row(run, "Priya Nair"), row(run, "Marcus Lee")
    assert (mine.answered_count, mine.question_count, mine.progress["next"]) == (1, 7, "story")
    assert (theirs.answered_count, theirs.question_count, theirs.progress["hidden"]) == (5, 8, [])
    run.refresh_from_db()
    assert (run.status, run.answered_count, run.question_count) == ("in_progress", 6, 15)


def test_each_hands_in_exactly_once_and_the_last_one_ends_the_run(run):
    complete(priya(), run)
    complete(marcus(), run)
    submissions.submit(by=priya(), assessment=run)
    assert row(run, "Priya Nair").submitted_at is not None
    run.refresh_from_db()
    assert run.status == "in_progress"
    with pytest.raises(WrongStatus):
        submissions.submit(by=priya(), assessment=run)
    with pytest.raises(answers.Finished):
        say(priya(), run, "motto", "Too late")
    submissions.submit(by=marcus(), assessment=run)
    run.refresh_from_db()
    assert (run.status, run.submitted_by) == ("results_review", None)
    assert Result.objects.get(assessment=run).percent == 100
    assert AuditEntry.objects.filter(verb="respondent.submitted").count() == 2
    assert AuditEntry.objects.filter(verb="assessment.submitted", object_id=run.pk).count() == 1


def test_required_questions_are_each_ones_own(run):
    complete(priya(), run)
    say(marcus(), run, "motto", "Onward")
    with pytest.raises(AnswersMissing) as missing:
        submissions.submit(by=marcus(), assessment=run)
    assert missing.value.keys == ["edr", "backup"]
    assert row(run, "Marcus Lee").submitted_at is None


def test_nobody_hands_in_nothing(run):
    with pytest.raises(AnswersMissing):
        submissions.submit(by=priya(), assessment=run)


def test_staff_do_not_hand_in_for_people_but_end_the_collecting(run):
    sam = cast.viewer("sam", "Northwind")
    complete(priya(), run)
    say(marcus(), run, "motto", "Onward")
    with pytest.raises(Exception, match="each respondent"):
        submissions.submit(by=sam, assessment=run)
    submissions.submit(by=priya(), assessment=run)
    combining.combine(by=sam, assessment=run, how=run.combination)
    run.refresh_from_db()
    assert run.status == "results_review"
    with pytest.raises(WrongStatus):
        say(marcus(), run, "edr", "most")


def test_the_threshold_is_told_once(run):
    Assessment.objects.filter(pk=run.pk).update(notify_at_percent=50)
    guests = [guest_in(run, f"Guest {at}") for at in range(4)]
    for guest in guests[:3]:
        complete(guest, run)
        submissions.submit(by=guest, assessment=run)
    assert Mail.objects.filter(kind="assessments.threshold").count() == 1


def test_stopped_people_neither_answer_nor_count(run):
    say(priya(), run, "motto", "Onward")
    complete(marcus(), run)
    Respondent.objects.filter(assessment=run, user=priya().user).update(stopped_at="2026-01-01T00:00Z")
    submissions.recount(run)
    assert (run.answered_count, run.question_count) == (5, 8)
    with pytest.raises(answers.Finished):
        say(priya(), run, "edr", "most")
    submissions.submit(by=marcus(), assessment=run)
    run.refresh_from_db()
    assert run.status == "results_review"


def test_a_reopened_run_is_answered_by_everybody_again(run):
    complete(priya(), run)
    submissions.submit(by=priya(), assessment=run)
    run.refresh_from_db()
    assert run.status == "results_review"
    assessments.reopen(by=cast.viewer("sam", "Northwind"), assessment=run, reason="One more question")
    assert say(priya(), run, "motto", "Onward").revision == 1


def test_50_of_one_person_at_once_are_one(fresh_database):
    with cast.inside("harbor"):
        run = independent()
        by = priya()
        complete(by, run)
        complete(marcus(), run)
    results = at_once(*(lambda: submissions.submit(by=by, assessment=run) for _ in range(20)))
    assert sum(isinstance(result, Assessment) for result in results) == 1
    assert sum(isinstance(result, WrongStatus) for result in results) == 19


def test_moving_to_a_newer_version_moves_every_set(harbor):
    definition = stage.publish()
    run = independent(definition)
    say(priya(), run, "edr", "none")
    say(priya(), run, "motto", "Onward")
    say(marcus(), run, "edr", "all")
    data = stage.EVERY_KIND | {"sections": [dict(part) for part in stage.EVERY_KIND["sections"]]}
    questions = [dict(question) for question in data["sections"][0]["questions"]]
    edr = next(question for question in questions if question["key"] == "edr")
    edr["options"] = [option for option in edr["options"] if option["key"] != "none"]
    data["sections"][0]["questions"] = questions
    system = cast.system()
    version = definitions.import_draft(by=system, document=parse(data))
    definitions.publish(by=system, definition=version.definition)
    to = Definition.objects.get(pk=definition.pk).published_version
    carried = upgrades.upgrade(by=cast.viewer("sam", "Northwind"), assessment=run, to=to)
    assert ([lost.words for lost in carried.lost], len(carried.kept)) == (["On none"], 2)
    assert (row(run, "Priya Nair").answered_count, row(run, "Marcus Lee").answered_count) == (1, 1)
    run.refresh_from_db()
    assert (run.answered_count, run.question_count) == (2, 14)


# A part of a shared run


@pytest.fixture
def shared(harbor) -> Assessment:
    return created()


def test_a_guest_hands_in_a_part_and_the_run_goes_on(shared):
    say(priya(), shared, "motto", "Onward")
    guest = guest_in(shared, sections=("more",))
    say(guest, shared, "since", "2024-02-29")
    with pytest.raises(AnswersMissing) as missing:
        submissions.submit(by=guest, assessment=shared)
    assert missing.value.keys == ["backup"]
    say(guest, shared, "backup", "no")
    submissions.submit(by=guest, assessment=shared)
    shared.refresh_from_db()
    assert shared.status == "in_progress"
    with pytest.raises(answers.Finished):
        say(guest, shared, "since", "2024-02-28", seen_revision=1)
    say(priya(), shared, "edr", "all")
    submissions.submit(by=priya(), assessment=shared)
    shared.refresh_from_db()
    assert (shared.status, shared.submitted_by) == ("results_review", priya().user)


def test_parts_that_make_a_whole_submit_it(shared):
    first, second = guest_in(shared, "First", ("basics",)), guest_in(shared, "Second", ("more",))
    say(first, shared, "edr", "all")
    say(second, shared, "backup", "no")
    submissions.submit(by=first, assessment=shared)
    shared.refresh_from_db()
    assert shared.status == "in_progress"
    submissions.submit(by=second, assessment=shared)
    shared.refresh_from_db()
    assert shared.status == "results_review"


def test_a_guest_who_helps_out_leaves_the_rest_to_the_others(shared):
    say(priya(), shared, "motto", "Onward")
    guest = guest_in(shared)
    say(guest, shared, "who", ["us"])
    submissions.submit(by=guest, assessment=shared)
    shared.refresh_from_db()
    assert shared.status == "in_progress"
    assert Respondent.objects.get(pk=guest.guest.key).submitted_at is not None


# The pages


def test_nobody_finds_anothers_file_or_answer(harbor):
    run = independent(stage.publish(stage.RICH))
    file = stage.attach(priya(), run)
    visitor = cast.visitor("marcus")
    assert visitor.get(address("client:upload", run, file.pk)).status_code == 404
    assert visitor.post(address("client:upload_removal", run, file.pk)).status_code == 404
    assert cast.visitor("priya").get(address("client:upload", run, file.pk)).status_code == 200
    page = visitor.get(address("client:question", run, "record")).content.decode()
    assert "record.pdf" not in page
    assert "Answering with you" not in page


def test_the_pages_of_an_independent_run(run):
    visitor = cast.visitor("priya")
    assert autosave(visitor, run, "motto", answer="Onward")["X-Progress"] == "1/7"
    autosave(cast.visitor("marcus"), run, "motto", answer="Carefully")
    page = visitor.get(address("client:question", run, "motto")).content.decode()
    assert "Onward" in page
    assert "Carefully" not in page
    assert "<strong>1</strong> of 7 answered" in page
    complete(priya(), run)
    assert "Hand in my answers" in visitor.get(address("client:review", run)).content.decode()
    response = visitor.post(address("client:submission", run))
    assert response["Location"] == address("client:submitted", run)
    done = visitor.get(address("client:submitted", run)).content.decode()
    assert "Your answers are in" in done
    assert "Others are still answering" in done
    assert visitor.get(address("client:take", run))["Location"] == address("client:submitted", run)
    late = autosave(visitor, run, "motto", answer="Too late", revision="1")
    assert late.status_code == 409
    assert "You handed in your answers" in late.content.decode()
    assert cast.visitor("marcus").get(address("client:review", run)).status_code == 200


def test_a_colleague_is_told_whose_a_section_is(shared):
    say(priya(), shared, "motto", "Onward")
    Respondent.objects.filter(assessment=shared).update(sections=["more"])
    visitor = cast.visitor("priya")
    assert visitor.get(address("client:take", shared))["Location"] == address("client:question", shared, "backup")
    page = visitor.get(address("client:question", shared, "motto")).content.decode()
    assert "Somebody else answers this part" in page
    assert autosave(visitor, shared, "motto", answer="Mine", revision="1").status_code == 422
    review = visitor.get(address("client:review", shared)).content.decode()
    assert "What is your motto?" not in review
    assert "Hand in my part" in review


def test_on_their_pages_clients_see_their_own_part_of_a_run_answered_alone(db) -> None:
    with cast.inside():
        definition = stage.publish()
        sam = cast.viewer("sam", "Northwind")
        run = assessments.create(by=sam, account=cast.account("Northwind"), definition=definition, name="Each alone")
        Assessment.objects.filter(pk=run.pk).update(mode=Mode.INDEPENDENT)
        run.refresh_from_db()
        for name in ("marcus", "dora"):
            answers.save(
                by=cast.viewer(name, "Northwind"), assessment=run, question_key="motto", state="answered", raw="Onward"
            )
        others, own = (
            {row.run.name: row.run for row in run_list.rows(viewer, run_list.runs_of(viewer, run_list.Filter()))}
            for viewer in (cast.viewer("priya", "Northwind"), cast.viewer("dora", "Northwind"))
        )
        asked = definition.question_count
        assert (others["Each alone"].answered_count, others["Each alone"].question_count) == (0, asked)
        assert own["Each alone"].answered_count == 1
        waits = {name: standing.waits_for_client(cast.viewer(name, "Northwind")) for name in ("priya", "dora")}
        assert not Assessment.objects.filter(waits["priya"], pk=run.pk).exists()
        assert Assessment.objects.filter(waits["dora"], pk=run.pk).exists()
