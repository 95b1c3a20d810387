"""Saving answers: what stands, what is remembered, and that two people never lose one another's."""

import random
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections, transaction

from accounts.models import AuditEntry
from assessments.actions import answers, assessments
from assessments.actions.answers import NotAsked, keep_both
from assessments.actions.assessments import WrongStatus
from assessments.models import Answer, AnswerRevision, Assessment, Respondent
from library.answers import InvalidAnswer
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import say


@pytest.fixture
def northwind(db):
    """This will open the database to the organization for the whole test."""
    with cast.inside("harbor"):
        yield


@pytest.fixture
def priya(northwind):
    return cast.viewer("priya", "Northwind")


@pytest.fixture
def marcus(northwind):
    return cast.viewer("marcus", "Northwind")


@pytest.fixture
def run(northwind) -> Assessment:
    return stage.launched("priya")


def standing(run: Assessment, key: str) -> Answer:
    return Answer.objects.get(assessment=run, question_key=key)


def history(run: Assessment, key: str) -> list[tuple]:
    rows = AnswerRevision.objects.filter(assessment=run, question_key=key).order_by("created_at", "id")
    return list(rows.values_list("revision", "value", "was_taken"))


def test_the_first_answer_starts_the_run(priya, run):
    saved = say(priya, run, "edr", "most")
    run.refresh_from_db()
    assert (saved.revision, saved.conflict) == (1, False)
    assert (run.status, run.answered_count, run.question_count) == ("in_progress", 1, 7)
    assert run.progress == {"sections": {"basics": [1, 5], "more": [0, 2]}, "hidden": ["tested"], "next": "motto"}
    assert run.last_saved_by == priya.user
    assert history(run, "edr") == [(1, "most", True)]


def test_every_kind_is_stored_as_what_it_is(priya, run):
    said = {
        "motto": ("Ever onward", "Ever onward"), "story": ("A\r\nB", "A\nB"), "share": ("40", 40), "edr": ("none", "none"),
        "who": (["provider", "us"], ["us", "provider"]), "backup": ("yes", "yes"), "tested": ("0", 0),
        "since": ("2024-02-29", "2024-02-29"),
    }  # fmt: skip
    for key, (raw, _value) in said.items():
        say(priya, run, key, raw)
    assert {row.question_key: row.value for row in Answer.objects.filter(assessment=run)} == {
        key: value for key, (_raw, value) in said.items()
    }


def test_four_different_things(priya, run):
    say(priya, run, "share", "0")
    say(priya, run, "story", state="not_applicable")
    say(priya, run, "edr", state="dont_know")
    stored = {row.question_key: (row.state, row.value) for row in Answer.objects.filter(assessment=run)}
    assert stored == {
        "share": ("answered", 0),
        "story": ("not_applicable", None),
        "edr": ("dont_know", None),
    }
    run.refresh_from_db()
    assert run.answered_count == 3


@pytest.mark.parametrize(
    ("key", "raw", "state"),
    [
        ("share", "abc", "answered"), ("share", "101", "answered"), ("share", "1.5", "answered"), ("edr", "purple", "answered"),
        ("who", ["nobody", "us"], "answered"), ("backup", "maybe", "answered"), ("since", "2023-02-29", "answered"),
        ("motto", "x" * 81, "answered"), ("motto", "a\x00b", "answered"), ("motto", "", "not_applicable"),
        ("motto", "", "nonsense"), ("share", ["1", "2"], "answered"), ("edr", None, "not\x00known"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_and_changes_nothing(priya, run, key, raw, state):
    with pytest.raises(InvalidAnswer):
        say(priya, run, key, raw, state=state)
    run.refresh_from_db()
    assert (run.status, run.answered_count) == ("draft", 0)
    assert not AnswerRevision.objects.filter(assessment=run).exists()


def test_the_same_answer_twice_is_one_answer(priya, run):
    say(priya, run, "edr", "most")
    again = say(priya, run, "edr", "most", seen_revision=0)
    assert (again.revision, again.conflict) == (1, False)
    assert history(run, "edr") == [(1, "most", True)]


def test_a_save_that_saw_the_standing_answer_replaces_it(priya, marcus, run):
    say(priya, run, "edr", "most")
    saved = say(marcus, run, "edr", "all", seen_revision=1)
    assert (saved.revision, saved.answer.answered_by) == (2, marcus.user)
    assert history(run, "edr") == [(1, "most", True), (2, "all", True)]


def test_a_save_that_did_not_see_it_leaves_it_standing_and_is_remembered(priya, marcus, run):
    say(priya, run, "motto", "Onward")
    saved = say(marcus, run, "motto", "Carefully", comment="I typed this")
    assert saved.conflict
    assert saved.answer.value == "Onward"
    assert standing(run, "motto").value == "Onward"
    assert history(run, "motto") == [(1, "Onward", True), (1, "Carefully", False)]
    assert AnswerRevision.objects.get(was_taken=False).comment == "I typed this"


def test_keeping_both_adds_mine_as_a_comment(priya, marcus, run):
    say(priya, run, "edr", "most", comment="Servers follow")
    saved = keep_both(
        by=marcus, assessment=run, question_key="edr", state="answered", raw="none", comment="Not here", seen_revision=1
    )
    assert not saved.conflict
    answer = standing(run, "edr")
    assert answer.value == "most"
    assert answer.comment == "Servers follow\nMarcus Lee: On none\nNot here"


def test_keeping_both_needs_the_answer_it_saw(priya, marcus, run):
    say(priya, run, "edr", "most")
    say(priya, run, "edr", "all", seen_revision=1)
    saved = keep_both(by=marcus, assessment=run, question_key="edr", state="answered", raw="none", seen_revision=1)
    assert saved.conflict
    with pytest.raises(NotAsked):
        keep_both(by=marcus, assessment=run, question_key="motto", state="answered", raw="x")


def test_an_answer_can_be_taken_back(priya, run):
    say(priya, run, "edr", "most", comment="Why we think so")
    saved = say(priya, run, "edr", state="", seen_revision=1)
    assert (saved.answer.state, saved.answer.value, saved.answer.comment) == ("cleared", None, "Why we think so")
    run.refresh_from_db()
    assert run.answered_count == 0


def test_nothing_said_about_a_question_without_an_answer_leaves_no_trace(priya, run):
    saved = say(priya, run, "motto", "   ", state="answered", comment=" ")
    assert (saved.answer, saved.revision) == (None, 0)
    run.refresh_from_db()
    assert (run.status, Answer.objects.filter(assessment=run).count()) == ("draft", 0)


def test_a_comment_alone_is_kept_and_is_no_answer(priya, run):
    say(priya, run, "edr", state="", comment="Asked Felix about it")
    run.refresh_from_db()
    assert standing(run, "edr").comment == "Asked Felix about it"
    assert run.answered_count == 0
    assert run.progress["next"] == "motto"


@pytest.mark.parametrize("comment", ["x" * 5_001, "a\x00b", "a\x1bb", "\ud800"])
def test_a_comment_that_cannot_be_kept_is_refused(priya, run, comment):
    with pytest.raises(InvalidAnswer):
        say(priya, run, "edr", "most", comment=comment)
    assert not Answer.objects.filter(assessment=run).exists()


def test_a_condition_brings_questions_and_takes_them_away(priya, run):
    with pytest.raises(NotAsked):
        say(priya, run, "tested", "3")
    say(priya, run, "backup", "yes")
    run.refresh_from_db()
    assert (run.question_count, run.progress["hidden"]) == (8, [])
    say(priya, run, "tested", "3")
    say(priya, run, "backup", "no", seen_revision=1)
    run.refresh_from_db()
    assert (run.answered_count, run.question_count, run.progress["hidden"]) == (1, 7, ["tested"])
    assert standing(run, "tested").value == 3


def test_a_question_of_another_version_is_not_asked(priya, run):
    with pytest.raises(NotAsked):
        say(priya, run, "from-elsewhere", "x")


@pytest.mark.parametrize("ended", [stage.submitted, stage.released])
def test_after_submitting_nothing_is_taken(priya, run, ended):
    run = ended(run=run)
    before = history(run, "edr")
    with pytest.raises(WrongStatus) as caught:
        say(priya, run, "edr", "none", seen_revision=1)
    assert caught.value.assessment.submitted_by == priya.user
    assert history(run, "edr") == before


def test_whoever_answers_takes_part(priya, marcus, run):
    say(priya, run, "edr", "most")
    assert set(Respondent.objects.filter(assessment=run).values_list("user", flat=True)) == {priya.user.pk}
    say(marcus, run, "edr", "all", seen_revision=1)
    say(marcus, run, "motto", "Onward")
    assert set(Respondent.objects.filter(assessment=run).values_list("user", flat=True)) == {
        priya.user.pk,
        marcus.user.pk,
    }


def test_staff_answer_on_behalf_and_do_not_take_part(run):
    sam = cast.viewer("sam", "Northwind")
    saved = say(sam, run, "edr", "most")
    assert saved.answer.on_behalf
    assert not Respondent.objects.filter(assessment=run, user=sam.user).exists()


@pytest.mark.parametrize(("name", "account"), [("dana", "Northwind"), ("carla", "Cobalt"), ("lena", "Cobalt")])
def test_who_may_not_answer_does_not(run, name, account):
    with pytest.raises(PermissionDenied):
        say(cast.viewer(name, account), run, "edr", "most")
    assert not Answer.objects.filter(assessment=run).exists()


def test_200_random_conflicting_pairs_lose_no_text(priya, marcus, run):
    """Two people who saw the same revision: the first stands, the second is told, both texts are in the history."""
    dice, seen, typed = random.Random(2), 0, []
    for number in range(200):
        pair = [(priya, f"Priya {number} {dice.random()}"), (marcus, f"Marcus {number} {dice.random()}")]
        dice.shuffle(pair)
        key = dice.choice(["motto", "story"])
        seen = getattr(Answer.objects.filter(assessment=run, question_key=key).first(), "revision", 0)
        first, second = [say(by, run, key, text, seen_revision=seen) for by, text in pair]
        assert (first.conflict, second.conflict) == (False, True)
        assert standing(run, key).value == pair[0][1]
        typed += [text for _by, text in pair]
    remembered = set(AnswerRevision.objects.filter(assessment=run).values_list("value", flat=True))
    assert remembered == set(typed)


# Really at the same time: each thread has a connection of its own.


def at_once(*jobs) -> list:
    """This will run the jobs in threads that start together, each inside Harbor IT, and return what each returned."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def work(at: int, job) -> None:
        try:
            start.wait(10)
            with cast.inside("harbor"):
                results[at] = job()
        except Exception as error:
            results[at] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(at, job)) for at, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_people_at_the_same_moment(fresh_database):
    with cast.inside("harbor"):
        run = stage.launched()
        people = [cast.viewer("priya", "Northwind"), cast.viewer("marcus", "Northwind")]
    for number in range(20):
        with cast.inside("harbor"):
            seen = getattr(Answer.objects.filter(assessment=run, question_key="motto").first(), "revision", 0)
        texts = [f"{by.user.name} {number}" for by in people]
        saved = at_once(
            *(
                lambda by=by, text=text, seen=seen: say(by, run, "motto", text, seen_revision=seen)
                for by, text in zip(people, texts, strict=True)
            )
        )
        assert sorted(result.conflict for result in saved) == [False, True]
        with cast.inside("harbor"):
            stands = standing(run, "motto").value
            assert stands in texts
            assert {value for _revision, value, _taken in history(run, "motto")[-2:]} == set(texts)
            assert stands == texts[[result.conflict for result in saved].index(False)]


def test_two_people_at_the_same_moment_on_different_questions(fresh_database):
    with cast.inside("harbor"):
        run = stage.launched()
        priya, marcus = cast.viewer("priya", "Northwind"), cast.viewer("marcus", "Northwind")
    said = [
        (priya, "motto", "A"),
        (marcus, "story", "B"),
        (priya, "share", "7"),
        (marcus, "edr", "all"),
        (priya, "backup", "yes"),
    ]
    saved = at_once(*(lambda one=one: say(one[0], run, one[1], one[2]) for one in said))
    assert [result.conflict for result in saved] == [False] * 5
    with cast.inside("harbor"):
        run.refresh_from_db()
        assert (run.answered_count, run.question_count) == (5, 8)
        assert run.progress["sections"] == {"basics": [4, 5], "more": [1, 3]}


def test_50_submissions_at_once_are_one(fresh_database):
    with cast.inside("harbor"):
        run = stage.completed()
        priya = cast.viewer("priya", "Northwind")
    results = at_once(*(lambda: assessments.submit(by=priya, assessment=run) for _ in range(50)))
    assert sum(isinstance(result, Assessment) for result in results) == 1
    assert sum(isinstance(result, WrongStatus) for result in results) == 49
    with cast.inside("harbor"):
        assert AuditEntry.objects.filter(verb="assessment.submitted", object_id=run.pk).count() == 1
        run.refresh_from_db()
        assert run.status == "results_review"


def test_an_answer_and_a_submission_at_once(fresh_database):
    """Whichever comes first: either the answer is in the result, or it is refused. Never both, never neither."""
    for _number in range(10):
        with cast.inside("harbor"):
            run = stage.completed()
            priya, marcus = cast.viewer("priya", "Northwind"), cast.viewer("marcus", "Northwind")
        answer, submission = at_once(
            lambda run=run, by=marcus: say(by, run, "edr", "none", seen_revision=1),
            lambda run=run, by=priya: assessments.submit(by=by, assessment=run),
        )
        assert isinstance(submission, Assessment)
        with cast.inside("harbor"):
            scored_zero = submission.result.sheet["counts"]["zero"] == 1
            assert scored_zero == isinstance(answer, answers.Saved)
            assert standing(run, "edr").value == ("none" if scored_zero else "all")


def test_the_history_only_grows(priya, run):
    say(priya, run, "edr", "most")
    for forbidden in (AnswerRevision.objects.all().delete, lambda: AnswerRevision.objects.update(value="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            forbidden()
