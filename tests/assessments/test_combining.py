"""Independent runs: what staff see of them, and the run's own answers made of the respondents'."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions import answers, assessments, combining
from assessments.actions.steps import WrongStatus
from assessments.models import Answer, AnswerRevision, Assessment, Mode, Respondent, Status
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    """Three people of Northwind answer alone; two of them have finished."""
    with cast.inside():
        definition = stage.publish()
        made = assessments.create(
            by=cast.viewer("sam", "Northwind"), account=cast.account("Northwind"), definition=definition, another=True
        )
        Assessment.objects.filter(pk=made.pk).update(mode=Mode.INDEPENDENT)
        made.refresh_from_db()
        for name, given in {
            "priya": {"edr": "all", "backup": "yes", "share": "10"},
            "marcus": {"edr": "none", "backup": "yes", "share": "30"},
            "dora": {"edr": "none", "backup": "no", "share": "95"},
        }.items():
            by = cast.viewer(name, "Northwind")
            for key, raw in given.items():
                answers.save(by=by, assessment=made, question_key=key, state="answered", raw=raw)
            if name != "dora":
                Respondent.objects.filter(assessment=made, user=by.user).update(submitted_at=made.updated_at)
        return Assessment.objects.get(pk=made.pk)


def own(run: Assessment) -> dict[str, object]:
    return dict(Answer.objects.filter(assessment=run, respondent=None).values_list("question_key", "value"))


def spread_page(run: Assessment) -> str:
    return reverse("staff:run_spread", args=[run.account_id, run.pk])


def test_only_finished_people_count_unless_all_are_wanted(run: Assessment) -> None:
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        combining.combine(by=sam, assessment=run, how="mean")
        assert own(run) == {"edr": "none", "backup": "yes", "share": 20}
        combining.combine(by=sam, assessment=run, how="mean", only_finished=False)
        assert own(run) == {"edr": "none", "backup": "yes", "share": 45}


def test_the_run_goes_to_review_with_a_result_that_follows_from_its_answers(run: Assessment) -> None:
    with cast.inside():
        combining.combine(by=cast.viewer("sam", "Northwind"), assessment=run, how="highest")
        done = Assessment.objects.select_related("result").get(pk=run.pk)
        assert (done.status, done.combination) == (Status.RESULTS_REVIEW, "highest")
        assert own(run)["edr"] == "all"
        assert done.result.percent is not None
        assert done.answered_count == 3


def test_combining_anew_changes_only_what_says_something_else(run: Assessment) -> None:
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        combining.combine(by=sam, assessment=run, how="lowest")
        before = dict(Answer.objects.filter(assessment=run, respondent=None).values_list("question_key", "revision"))
        combining.combine(by=sam, assessment=run, how="highest")
        after = dict(Answer.objects.filter(assessment=run, respondent=None).values_list("question_key", "revision"))
        assert after["backup"] == before["backup"] and after["edr"] == before["edr"] + 1
        history = AnswerRevision.objects.filter(assessment=run, respondent=None, question_key="edr")
        assert sorted(history.values_list("revision", "value")) == [(1, "none"), (2, "all")]


def test_the_respondents_own_answers_stay_as_they_are(run: Assessment) -> None:
    with cast.inside():
        sets = Answer.objects.filter(assessment=run, respondent__isnull=False)
        before = sorted(sets.values_list("respondent", "question_key", "revision"))
        combining.combine(by=cast.viewer("sam", "Northwind"), assessment=run, how="median")
        assert sorted(sets.values_list("respondent", "question_key", "revision")) == before


def test_nobody_finished_and_released_runs_are_refused(run: Assessment) -> None:
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        Respondent.objects.filter(assessment=run).update(submitted_at=None)
        with pytest.raises(combining.NothingToCombine):
            combining.combine(by=sam, assessment=run, how="mean")
        assert Assessment.objects.get(pk=run.pk).is_open
        combining.combine(by=sam, assessment=run, how="mean", only_finished=False)
        assessments.release(by=sam, assessment=run)
        with pytest.raises(WrongStatus):
            combining.combine(by=sam, assessment=run, how="mean")
        with pytest.raises(PermissionDenied):
            combining.combine(by=cast.viewer("priya", "Northwind"), assessment=run, how="mean")


def test_staff_see_who_said_what_and_clients_never(run: Assessment) -> None:
    page = cast.visitor("sam").get(spread_page(run))
    text = page.content.decode()
    assert page.status_code == 200 and "Priya Nair" in text and "On none" in text
    for name, status in {"lena": 404, "priya": 404, "dana": 403}.items():
        assert cast.visitor(name).get(spread_page(run)).status_code == status, name


def test_a_shared_run_has_nothing_to_compare(run: Assessment) -> None:
    with cast.inside():
        Assessment.objects.filter(pk=run.pk).update(mode=Mode.SHARED)
    assert cast.visitor("sam").get(spread_page(run)).status_code == 404


def test_the_page_combines_and_says_when_it_cannot(run: Assessment) -> None:
    address = reverse("staff:combination", args=[run.account_id, run.pk])
    done = cast.visitor("sam").post(address, {"how": "median", "only_finished": "on"})
    assert done.status_code == 303
    with cast.inside():
        Respondent.objects.filter(assessment=run).update(submitted_at=None)
    refused = cast.visitor("sam").post(address, {"how": "mean", "only_finished": "on"})
    assert refused.status_code == 422 and "Nobody has finished yet" in refused.content.decode()


def test_as_many_queries_for_1_3_and_40_people(run: Assessment) -> None:
    visitor, counts = cast.visitor("sam"), []
    for more in (0, 2, 37):
        with cast.inside():
            for number in range(more):
                person = Respondent.objects.create(
                    organization_id=run.organization_id, account_id=run.account_id, assessment=run,
                    name=f"Guest {number}", email=f"guest-{more}-{number}@example.org",
                )  # fmt: skip
                Answer.objects.create(
                    organization_id=run.organization_id, account_id=run.account_id, assessment=run, respondent=person,
                    question_key="edr", value="all",
                )  # fmt: skip
        visitor.get(spread_page(run))
        with CaptureQueriesContext(connection) as queries:
            visitor.get(spread_page(run))
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
