"""Who is asked to answer: added once, written to once, stopped, resumed, taken out and taken back."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry, Mail
from assessments.actions import links, respondents
from assessments.actions.respondents import HasAnswered, Person, RunEnded, TooManyPeople, UnknownSection
from assessments.models import Assessment, Mode, Respondent, RespondentLink
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    with cast.inside("harbor") as organization:
        yield organization


@pytest.fixture
def sam(harbor):
    return cast.viewer("sam", "Northwind")


@pytest.fixture
def run(harbor) -> Assessment:
    return stage.launched()


ANN, BOB = Person("Ann Lee", "Ann@Example.com "), Person("", "bob@example.com")


def test_people_are_added_once_by_address(sam, run):
    first = respondents.add(by=sam, run=run, people=[ANN, BOB])
    again = respondents.add(by=sam, run=run, people=[BOB, Person("Another name", "ann@example.com")])
    assert [one.address for one in first] == ["ann@example.com", "bob@example.com"]
    assert [one.pk for one in again] == [first[1].pk, first[0].pk]
    assert first[0].shown_name == "Ann Lee"
    assert AuditEntry.objects.get(verb="respondents.added").details["addresses"] == [
        "ann@example.com",
        "bob@example.com",
    ]


def test_a_clients_address_stands_for_the_client(sam, run):
    [marcus] = respondents.add(by=sam, run=run, people=[Person("M", cast.EMAILS["marcus"].upper())])
    assert marcus.user == cast.person("marcus")
    [picked] = respondents.add(by=sam, run=run, people=[Person(user=cast.person("marcus"))])
    assert picked.pk == marcus.pk


def test_staff_and_people_of_other_accounts_are_without_a_login_here(sam, run):
    names = ["sam", "carla"]
    added = respondents.add(by=sam, run=run, people=[Person(email=cast.EMAILS[name]) for name in names])
    assert [one.user for one in added] == [None, None]


def test_sections_must_be_the_definitions(sam, run):
    [ann] = respondents.add(by=sam, run=run, people=[Person("Ann", "ann@example.com", ("more",))])
    assert ann.sections == ["more"]
    with pytest.raises(UnknownSection):
        respondents.add(by=sam, run=run, people=[Person("Eve", "eve@example.com", ("nowhere",))])


def test_only_staff_of_the_account_add(run):
    for who, account in (("priya", "Northwind"), ("dana", "Northwind")):
        with pytest.raises(PermissionDenied):
            respondents.add(by=cast.viewer(who, account), run=run, people=[ANN])
    assert not Respondent.objects.filter(assessment=run, user=None).exists()


def test_nobody_is_added_to_a_run_that_is_over(sam):
    with pytest.raises(RunEnded):
        respondents.add(by=sam, run=stage.submitted(), people=[ANN])


def test_a_run_takes_so_many_people(sam, run, monkeypatch):
    monkeypatch.setattr(respondents, "MOST_PEOPLE", 2)
    with pytest.raises(TooManyPeople):
        respondents.add(by=sam, run=run, people=[ANN, BOB])
    assert Respondent.objects.filter(assessment=run).count() == 1


class TestWriting:
    def mails(self, kind: str = "invitation") -> list[Mail]:
        return list(Mail.objects.filter(kind=f"assessments.{kind}").order_by("to_email"))

    def test_an_invitation_is_queued_for_each_and_noted(self, sam, run):
        people = respondents.add(by=sam, run=run, people=[ANN, BOB])
        sent = respondents.invite(by=sam, respondents=people, message="Hello", origin="http://harbor.localhost")
        assert {one.pk for one in sent} == {one.pk for one in people}
        assert [mail.to_email for mail in self.mails()] == ["ann@example.com", "bob@example.com"]
        assert self.mails()[0].data["message"] == "Hello"
        assert "token" not in str(self.mails()[0].data)
        assert Respondent.objects.get(pk=people[0].pk).invited_by == sam.user

    def test_a_second_click_sends_nothing_more(self, sam, run):
        people = respondents.add(by=sam, run=run, people=[ANN])
        respondents.invite(by=sam, respondents=people)
        assert respondents.invite(by=sam, respondents=people) == []
        assert len(self.mails()) == 1

    def test_done_and_stopped_people_are_not_written_to(self, sam, run):
        people = respondents.add(by=sam, run=run, people=[ANN, BOB])
        respondents.stop(by=sam, respondent=people[0])
        Respondent.objects.filter(pk=people[1].pk).update(submitted_at=run.created_at)
        assert respondents.invite(by=sam, respondents=people) == []
        assert respondents.remind(by=sam, respondents=people) == []

    def test_a_reminder_goes_to_those_missing(self, sam, run):
        people = respondents.add(by=sam, run=run, people=[ANN])
        assert len(respondents.remind(by=sam, respondents=people)) == 1
        assert len(self.mails("reminder")) == 1

    def test_a_client_writes_to_nobody(self, sam, run):
        people = respondents.add(by=sam, run=run, people=[ANN])
        with pytest.raises(PermissionDenied):
            respondents.invite(by=cast.viewer("priya", "Northwind"), respondents=people)
        assert self.mails() == []

    def test_200_people_take_as_many_queries_as_two(self, sam, run, django_assert_max_num_queries):
        people = respondents.add(by=sam, run=run, people=[Person(email=f"p{n}@example.com") for n in range(200)])
        with django_assert_max_num_queries(20):
            assert len(respondents.invite(by=sam, respondents=people)) == 200


class TestStanding:
    def test_stop_and_resume(self, sam, run):
        [ann] = respondents.add(by=sam, run=run, people=[ANN])
        assert respondents.stop(by=sam, respondent=ann)
        assert not respondents.stop(by=sam, respondent=ann)
        assert respondents.resume(by=sam, respondent=ann)
        assert not respondents.resume(by=sam, respondent=ann)

    def test_sections_are_kept_in_the_definitions_order(self, sam, run):
        [ann] = respondents.add(by=sam, run=run, people=[ANN])
        ann.assessment = run
        assert respondents.delegate(by=sam, respondent=ann, sections=["more"]).sections == ["more"]
        assert respondents.delegate(by=sam, respondent=ann, sections=["more", "basics"]).sections == []

    def test_who_answered_nothing_is_taken_out_and_back(self, sam, run):
        [ann] = respondents.add(by=sam, run=run, people=[Person("Ann Lee", "ann@example.com", ("more",))])
        links.issue(by=sam, respondent=ann)
        entry = respondents.remove(by=sam, respondent=ann)
        assert not RespondentLink.objects.filter(assessment=run).exists()
        back = respondents.restore(by=sam, run=run, removal=entry)
        assert (back.shown_name, back.address, back.sections) == ("Ann Lee", "ann@example.com", ["more"])

    def test_who_answered_stays(self, sam, run):
        priya = cast.viewer("priya", "Northwind")
        stage.say(priya, run, "motto", "Onward")
        with pytest.raises(HasAnswered):
            respondents.remove(by=sam, respondent=Respondent.objects.get(assessment=run, user=priya.user))

    def test_an_independent_run_counts_its_people(self, sam, run):
        Assessment.objects.filter(pk=run.pk).update(mode=Mode.INDEPENDENT)
        run = Assessment.objects.select_related("account", "version").get(pk=run.pk)
        before = run.question_count
        [ann] = respondents.add(by=sam, run=run, people=[ANN])
        grown = Assessment.objects.get(pk=run.pk).question_count
        assert grown > before
        ann.assessment = run
        respondents.stop(by=sam, respondent=ann)
        assert Assessment.objects.get(pk=run.pk).question_count < grown
