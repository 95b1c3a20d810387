"""Whose answers are given and seen: users, guests and staff, in shared and independent runs; what was carried over."""

import dataclasses

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.viewer import Guest, Viewer, viewer_of_guest
from assessments.actions import answers, assessments, flags, submissions, uploads
from assessments.actions.steps import WrongStatus
from assessments.answering import answer_sheet, attachments, taking
from assessments.answering.answer_sets import seat_of, set_of
from assessments.answering.stored_answers import answers_of, standing_among
from assessments.models import Answer, AnswerRevision, Assessment, Mode, Respondent, Upload
from library.versions import document_of
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import say


@pytest.fixture
def harbor(db):
    with cast.inside("harbor"):
        yield


@pytest.fixture
def run(harbor) -> Assessment:
    return stage.launched("priya")


@pytest.fixture
def alone(harbor) -> Assessment:
    return independent()


def independent(definition=None) -> Assessment:
    """This will make a run in which each respondent gives answers of their own, with nobody in it yet."""
    run = created(definition)
    Assessment.objects.filter(pk=run.pk).update(mode=Mode.INDEPENDENT)
    return Assessment.objects.get(pk=run.pk)


def created(definition=None) -> Assessment:
    """This will make a run by staff: nobody takes part yet."""
    sam, account = cast.viewer("sam", "Northwind"), cast.account("Northwind")
    return assessments.create(by=sam, account=account, definition=definition or stage.publish(), another=True)


def guest_in(
    run: Assessment, name: str = "Gina Guest", sections: tuple[str, ...] = (), may_answer: bool = True
) -> Viewer:
    """This will let somebody without a login into a run."""
    own = Respondent.objects.create(
        organization_id=run.organization_id,
        account_id=run.account_id,
        assessment=run,
        name=name,
        sections=list(sections),
    )
    account = cast.account("Northwind")
    who = Guest(own.pk, name, run.pk, own.pk, may_answer=may_answer, sections=sections)
    return viewer_of_guest(account.organization, account, who)


def priya() -> Viewer:
    return cast.viewer("priya", "Northwind")


def marcus() -> Viewer:
    return cast.viewer("marcus", "Northwind")


def attach(by: Viewer, run: Assessment, name: str = "record.pdf") -> Upload:
    return uploads.add(by=by, assessment=run, question_key="record", purpose="answer", file=stage.file(name))


def test_a_guest_answers_under_their_name(run):
    guest = guest_in(run)
    saved = say(guest, run, "motto", "Onward")
    assert (saved.answer.answered_by, saved.answer.guest_id, saved.answer.respondent_id) == (
        None,
        guest.guest.key,
        None,
    )
    revision = AnswerRevision.objects.get(assessment=run, question_key="motto")
    assert (revision.answered_by, revision.guest_id, revision.on_behalf) == (None, guest.guest.key, False)
    parts = answer_sheet.parts_of(run, document_of(run.version))
    assert parts[0].lines[0].who == "Gina Guest"
    # It stands in the same set as everybody's.
    conflict = say(priya(), run, "motto", "Carefully")
    assert conflict.conflict
    assert answer_sheet.who_gave(conflict.answer) == "Gina Guest"


def test_a_guest_adds_to_a_comment_by_name(run):
    say(priya(), run, "edr", "most")
    answers.keep_both(
        by=guest_in(run), assessment=run, question_key="edr", state="answered", raw="none", seen_revision=1
    )
    assert Answer.objects.get(assessment=run, question_key="edr").comment == "Gina Guest: On none"


def test_a_guest_takes_part_as_the_respondent_they_are(run):
    guest = guest_in(run)
    say(guest, run, "motto", "Onward")
    assert Respondent.objects.filter(assessment=run).count() == 2  # Priya, who launched it, and the guest


def test_a_shared_run_has_one_set(run):
    assert (set_of(priya(), run), set_of(cast.viewer("sam", "Northwind"), run)) == (None, None)
    assert set_of(guest_in(run), run) is None


def test_an_independent_run_has_a_set_for_each(alone):
    assert set_of(priya(), alone)._state.adding
    say(priya(), alone, "motto", "Onward")
    say(marcus(), alone, "motto", "Carefully")
    gina = guest_in(alone)
    say(gina, alone, "motto", "Slowly")
    sets = {
        who.name: answers_of(alone, set_of(viewer, alone))
        for who, viewer in ((priya().user, priya()), (marcus().user, marcus()))
    }
    assert {name: given["motto"].value for name, given in sets.items()} == {
        "Priya Nair": "Onward",
        "Marcus Lee": "Carefully",
    }
    assert answers_of(alone, set_of(gina, alone))["motto"].value == "Slowly"
    assert answers_of(alone) == {}
    assert Answer.objects.filter(assessment=alone, question_key="motto").count() == 3
    assert set(AnswerRevision.objects.filter(assessment=alone).values_list("respondent__user__name", "value")) == {
        ("Priya Nair", "Onward"), ("Marcus Lee", "Carefully"), (None, "Slowly"),
    }  # fmt: skip


def test_looking_makes_nobody_a_respondent(alone):
    seat = seat_of(priya(), alone)
    assert taking.answer_to(priya(), seat, "motto") is None
    assert (seat.answered_count, seat.question_count) == (0, 7)
    assert not Respondent.objects.filter(assessment=alone).exists()


def test_nobody_sees_anothers_answers(alone):
    say(priya(), alone, "motto", "Onward")
    row, plain = standing_among(alone, "motto", set_of(marcus(), alone))
    assert (row, plain) == (None, {})
    parts = answer_sheet.parts_of(alone, document_of(alone.version), respondent=set_of(marcus(), alone))
    assert all(line.state == "unanswered" for part in parts for line in part.lines)


def test_the_same_question_at_once_is_no_conflict_in_an_independent_run(alone):
    assert not say(priya(), alone, "motto", "Onward").conflict
    assert not say(marcus(), alone, "motto", "Carefully").conflict


def test_staff_answer_on_behalf_of_one_respondent(alone):
    sam = cast.viewer("sam", "Northwind")
    say(priya(), alone, "motto", "Onward")
    own = Respondent.objects.get(assessment=alone)
    saved = answers.save(by=sam, assessment=alone, question_key="edr", state="answered", raw="most", respondent=own)
    assert (saved.answer.respondent_id, saved.answer.on_behalf) == (own.pk, True)
    own.refresh_from_db()
    assert (own.answered_count, own.question_count) == (2, 7)
    assert own.last_seen_at is None or own.at_key != "edr"
    with pytest.raises(answers.NotAsked):
        answers.save(by=sam, assessment=alone, question_key="edr", state="answered", raw="most")


def test_files_belong_to_a_set(harbor):
    run = independent(stage.publish(stage.RICH))
    mine, theirs = attach(priya(), run), attach(marcus(), run, "theirs.pdf")
    assert (mine.respondent.user, theirs.respondent.user) == (priya().user, marcus().user)
    assert Answer.objects.get(assessment=run, respondent=mine.respondent).value == [str(mine.pk)]
    seat, question = seat_of(marcus(), run), document_of(run.version).question("record")
    listed = attachments.of_question(marcus(), seat, question, "answer")["listed"]
    assert [row.name for row in listed] == ["theirs.pdf"]
    with pytest.raises(Upload.DoesNotExist):
        uploads.remove(by=marcus(), upload=mine)
    assert Upload.objects.standing().filter(assessment=run).count() == 2


def test_a_guests_file_says_who_gave_it(harbor):
    run = stage.launched("priya", stage.publish(stage.RICH))
    guest = guest_in(run)
    file = attach(guest, run)
    assert (file.uploaded_by, file.guest_id, file.respondent_id) == (None, guest.guest.key, None)
    [row] = attachments.of_assessment(run, "client:upload")["record", "answer"]
    assert row.who == "Gina Guest"


# Sections


def test_a_person_given_sections_is_asked_those(run):
    guest, document = guest_in(run, sections=("more",)), document_of(run.version)
    seat = seat_of(guest, run)
    assert [one.key for one in taking.asked_in(document, seat)] == ["backup", "since"]
    assert (seat.answered_count, seat.question_count) == (0, 2)
    assert taking.next_question(document, seat) == "backup"
    assert taking.place_of(document, seat, "backup").previous == ""
    assert taking.place_of(document, seat, "since").next == ""
    with pytest.raises(answers.NotAsked):
        say(guest, run, "motto", "Onward")
    say(guest, run, "backup", "yes")
    run.refresh_from_db()
    # The run's own progress is that of the whole.
    assert (run.answered_count, run.question_count) == (1, 8)
    assert (seat_of(guest, run).answered_count, seat_of(guest, run).question_count) == (1, 3)


def test_a_colleague_given_sections_is_asked_those_too(alone):
    say(priya(), alone, "motto", "Onward")
    Respondent.objects.filter(assessment=alone).update(sections=["more"])
    submissions.recount(alone)
    own = Respondent.objects.get(assessment=alone)
    assert (own.answered_count, own.question_count) == (0, 2)
    assert (alone.answered_count, alone.question_count) == (0, 2)
    with pytest.raises(answers.NotAsked):
        say(priya(), alone, "edr", "most")


# Carried over


def carried(run: Assessment, key: str, value: object, respondent: Respondent | None = None) -> Answer:
    return Answer.objects.create(
        organization_id=run.organization_id, account_id=run.account_id, assessment=run, question_key=key, value=value,
        respondent=respondent, carried_over=True,
    )  # fmt: skip


def test_what_was_carried_over_does_not_count_until_it_is_confirmed(run):
    carried(run, "motto", "Onward")
    assert answers_of(run) == {}
    [line, *_] = answer_sheet.parts_of(run, document_of(run.version))[0].lines
    assert (line.state, line.last_time, line.words) == ("unanswered", "Onward", "Not answered")
    say(priya(), run, "edr", "most")
    run.refresh_from_db()
    assert (run.answered_count, run.progress["next"]) == (1, "motto")
    saved = say(priya(), run, "motto", "Onward", seen_revision=1)
    assert (saved.answer.carried_over, saved.revision) == (False, 2)
    assert saved.answer.answered_by == priya().user
    run.refresh_from_db()
    assert run.answered_count == 2


def test_going_on_confirms_nothing(run):
    carried(run, "motto", "Onward")
    saved = say(priya(), run, "motto", "Onward", seen_revision=1, is_meant=False)
    assert (saved.answer.carried_over, saved.revision) == (True, 1)
    saved = say(priya(), run, "motto", "Backward", seen_revision=1, is_meant=False)
    assert (saved.answer.carried_over, saved.answer.value) == (False, "Backward")


def test_a_section_is_confirmed_at_once_as_it_was_seen(run):
    for key, value in {"motto": "Onward", "edr": "most", "backup": "yes"}.items():
        carried(run, key, value)
    say(marcus(), run, "edr", "all", seen_revision=1)
    confirmed = answers.confirm(by=priya(), assessment=run, seen={"motto": 1, "edr": 1, "backup": 7, "who": 1})
    assert confirmed == ["motto"]
    assert Answer.objects.get(assessment=run, question_key="edr").value == "all"
    assert Answer.objects.get(assessment=run, question_key="backup").carried_over
    assert AnswerRevision.objects.get(assessment=run, question_key="motto").answered_by == priya().user
    run.refresh_from_db()
    assert run.answered_count == 2


def test_confirming_is_over_when_answering_is(run):
    carried(run, "motto", "Onward")
    stage.submitted(run=run)
    with pytest.raises(WrongStatus):
        answers.confirm(by=priya(), assessment=run, seen={"motto": 1})


def test_what_was_not_confirmed_is_no_score(run):
    carried(run, "edr", "none")
    say(priya(), run, "backup", "yes")
    with pytest.raises(submissions.AnswersMissing) as missing:
        submissions.submit(by=priya(), assessment=run)
    assert missing.value.keys == ["edr"]


# Flags


def test_a_flag_is_ones_own(run):
    seat = flags.flag(by=priya(), assessment=run, question_key="motto", is_on=True)
    assert seat.own.flagged == ["motto"]
    flags.flag(by=priya(), assessment=run, question_key="edr", is_on=True)
    flags.flag(by=priya(), assessment=run, question_key="motto", is_on=True)
    assert Respondent.objects.get(assessment=run, user=priya().user).flagged == ["edr", "motto"]
    assert flags.flag(by=priya(), assessment=run, question_key="edr", is_on=False).own.flagged == ["motto"]
    assert flags.flag(by=marcus(), assessment=run, question_key="who", is_on=True).own.flagged == ["who"]
    run.refresh_from_db()
    assert run.status == "draft"
    with pytest.raises(answers.NotAsked):
        flags.flag(by=priya(), assessment=run, question_key="tested", is_on=True)


# Who may


def test_a_guest_of_another_account_or_a_viewer_without_the_ability_is_refused(run):
    guest = guest_in(run)
    with pytest.raises(PermissionDenied):
        say(dataclasses.replace(guest, abilities=frozenset()), run, "motto", "Onward")
    elsewhere = dataclasses.replace(guest, account=cast.account("Cobalt"))
    with pytest.raises(PermissionDenied):
        say(elsewhere, run, "motto", "Onward")
    assert not Answer.objects.filter(assessment=run).exists()


def test_a_refusal_leaves_the_transaction_whole(run):
    with pytest.raises(answers.NotAsked):
        say(priya(), run, "nowhere", "x")
    assert not say(priya(), run, "motto", "Onward").conflict


@pytest.mark.parametrize("many", [1, 3, 40])
def test_the_cost_of_a_save_does_not_grow_with_the_respondents(harbor, many):
    run = independent()
    rows = [
        Respondent(
            organization_id=run.organization_id, account_id=run.account_id, assessment=run, name=f"Guest {at}",
            email=f"guest-{at}@example.org",
        )
        for at in range(many)
    ]  # fmt: skip
    Respondent.objects.bulk_create(rows)
    by = priya()
    say(by, run, "motto", "Onward")
    with CaptureQueriesContext(connection) as captured:
        say(by, run, "motto", "Ever onward", seen_revision=1)
    assert len(captured) == 7  # run, respondent, answers, answer, revision, respondent, run
    run.refresh_from_db()
    assert (run.answered_count, run.question_count) == (1, 7 * (many + 1))
