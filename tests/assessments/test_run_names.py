"""Whatever somebody is told names the run, and tells it from another of the same name in the same account."""

import datetime
import re

import pytest
from django.core import mail as post
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.actions import notifications as reading
from accounts.models import Account, Notification, NotificationChoice
from assessments import reminders, run_names
from assessments.actions import assessments, clarifications, respondents
from assessments.models import Assessment, Respondent
from library.actions import library_entries
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db

DAY = datetime.datetime(2026, 3, 2, 23, 30, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as organization:
        yield organization


def made_at(run: Assessment, moment: datetime.datetime) -> Assessment:
    Assessment.objects.filter(pk=run.pk).update(created_at=moment)
    return Assessment.objects.select_related("account").get(pk=run.pk)


@pytest.fixture
def first() -> Assessment:
    return made_at(stage.launched("priya"), DAY)


def another(first: Assessment, moment: datetime.datetime) -> Assessment:
    return made_at(stage.launched("priya", first.definition), moment)


def name_of(run: Assessment) -> str:
    return run_names.name_of(run, cast.organization())


def deliver_all() -> None:
    tasks.deliver_due(str(cast.organization().pk))


def notices_of(who: str, account: str = "Northwind") -> str:
    return cast.visitor(who).get(reverse("client:notifications", args=[cast.account(account).pk])).content.decode()


class TestTheName:
    def test_alone_it_is_the_name(self, first):
        assert name_of(first) == "Every kind"

    def test_with_a_namesake_it_is_the_name_and_the_day(self, first):
        second = another(first, DAY + datetime.timedelta(days=40))
        assert [name_of(first), name_of(second)] == ["Every kind (March 2, 2026)", "Every kind (April 11, 2026)"]

    def test_with_a_namesake_of_the_same_day_the_hour_too(self, first):
        second = another(first, DAY - datetime.timedelta(hours=3))
        assert [name_of(first), name_of(second)] == [
            "Every kind (March 2, 2026, 11:30 PM)",
            "Every kind (March 2, 2026, 8:30 PM)",
        ]

    def test_the_day_is_that_of_the_account(self, first):
        another(first, DAY + datetime.timedelta(days=40))
        Account.objects.filter(pk=first.account_id).update(time_zone="Asia/Kolkata")
        assert name_of(Assessment.objects.select_related("account").get(pk=first.pk)) == "Every kind (March 3, 2026)"

    def test_another_name_another_account_and_a_deleted_one_are_no_namesakes(self, first):
        other = another(first, DAY)
        Assessment.objects.filter(pk=other.pk).update(name="Every kind, for the board")
        library_entries.assign(by=cast.system(), account=cast.account("Cobalt"), definitions=[first.definition])
        assessments.launch(by=cast.viewer("carla", "Cobalt"), definition=first.definition, another=True)
        gone = another(first, DAY)
        assessments.delete(by=cast.viewer("ada"), assessment=gone)
        assert name_of(first) == "Every kind"

    def test_one_query_for_any_number(self, first):
        runs = [first, *(another(first, DAY + datetime.timedelta(days=days)) for days in range(1, 4))]
        with CaptureQueriesContext(connection) as queries:
            names = run_names.names_of(runs, cast.organization())
        assert len(set(names.values())) == 4
        assert len([one for one in queries if "assessments_assessment" in one["sql"]]) == 1
        assert run_names.names_of([], cast.organization()) == {}


class TestWhatIsTold:
    """Every kind of notice about a run, in the portal and by mail."""

    @pytest.fixture
    def pair(self, first) -> tuple[Assessment, Assessment]:
        return first, another(first, DAY + datetime.timedelta(days=40))

    def of_the_second(self, text: str) -> None:
        assert "Every kind (April 11, 2026)" in text
        assert "March 2, 2026" not in text

    def test_an_invitation_and_a_reminder(self, pair):
        person = self.dora_in(pair[1])
        respondents.invite(by=cast.viewer("sam", "Northwind"), respondents=[person])
        deliver_all()
        (letter,) = post.outbox
        self.of_the_second(letter.subject)
        self.of_the_second(letter.body)
        self.of_the_second(notices_of("dora"))
        post.outbox.clear()
        Notification.objects.all().delete()
        respondents.remind(by=cast.viewer("sam", "Northwind"), respondents=[person])
        deliver_all()
        self.of_the_second(post.outbox[0].subject)
        self.of_the_second(notices_of("dora"))

    def dora_in(self, run: Assessment) -> Respondent:
        dora = cast.person("dora")
        (row,) = respondents.add(
            by=cast.viewer("sam", "Northwind"), run=run, people=[respondents.Person(dora.name, dora.email)]
        )
        return row

    def test_submitted_and_released(self, pair):
        by = cast.viewer("priya", "Northwind")
        cast.answer_everything(by=by, assessment=pair[1])
        run = assessments.submit(by=by, assessment=pair[1])
        deliver_all()
        self.of_the_second(post.outbox[0].subject)
        self.of_the_second(cast.visitor("sam").get(reverse("staff:notifications")).content.decode())
        post.outbox.clear()
        assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
        deliver_all()
        assert post.outbox
        for letter in post.outbox:
            self.of_the_second(letter.subject)
            self.of_the_second(letter.body)
        self.of_the_second(notices_of("priya"))

    def test_a_question_and_its_reply(self, pair):
        by, sam = cast.viewer("priya", "Northwind"), cast.viewer("sam", "Northwind")
        cast.answer_everything(by=by, assessment=pair[1])
        run = assessments.submit(by=by, assessment=pair[1])
        deliver_all()
        post.outbox.clear()
        Notification.objects.all().delete()
        asked = clarifications.ask(by=sam, assessment=run, question_key="motto", text="Is that so?")
        deliver_all()
        assert post.outbox
        self.of_the_second(post.outbox[0].subject)
        self.of_the_second(notices_of("priya"))
        post.outbox.clear()
        clarifications.reply(by=by, clarification=asked, text="It is.")
        deliver_all()
        self.of_the_second(post.outbox[0].subject)
        self.of_the_second(cast.visitor("sam").get(reverse("staff:notifications")).content.decode())

    def test_the_daily_mail(self, pair):
        NotificationChoice.objects.create(
            organization=cast.organization(),
            user=cast.person("dora"),
            kind=reminders.KIND,
            channel="mail",
            when="daily",
        )
        respondents.remind(by=cast.viewer("sam", "Northwind"), respondents=[self.dora_in(pair[1])])
        deliver_all()
        assert not post.outbox
        reading.send_digests(by=cast.system(), now=timezone.now() + datetime.timedelta(days=2))
        deliver_all()
        self.of_the_second(post.outbox[0].body)


def test_as_many_queries_for_one_notice_as_for_forty(first):
    """The names of all runs of a page are found together."""
    visitor, counts = cast.visitor("priya"), set()
    address = reverse("client:notifications", args=[first.account_id])
    visitor.get(address)
    for many in (1, 3, 20):
        Notification.objects.all().delete()
        for number in range(many):
            run = another(first, DAY + datetime.timedelta(days=number))
            person = Respondent.objects.get(assessment=run, user=cast.person("priya"))
            respondents.remind(by=cast.viewer("sam", "Northwind"), respondents=[person])
        deliver_all()
        with CaptureQueriesContext(connection) as queries:
            page = visitor.get(address).content.decode()
        counts.add(len(queries))
        assert len(re.findall("waits for", page)) >= many
    assert len(counts) == 1, counts


def test_who_belongs_to_two_accounts_reads_in_each_only_of_that_one(first):
    """Theo is staff of one account and a client of another; Carla was asked in a run of hers."""
    library_entries.assign(by=cast.system(), account=cast.account("Cobalt"), definitions=[first.definition])
    lena = cast.viewer("lena", "Cobalt")
    run = assessments.create(
        by=lena, account=cast.account("Cobalt"), definition=first.definition, another=True
    )  # fmt: skip
    theo = cast.person("theo")
    (row,) = respondents.add(by=lena, run=run, people=[respondents.Person(theo.name, theo.email)])
    respondents.invite(by=lena, respondents=[row])
    deliver_all()
    page = notices_of("theo", "Cobalt")
    assert "Every kind" in page
    assert "Northwind" not in page
    # The same row, were it kept for another account, says nothing there.
    Notification.objects.filter(user=theo).update(account=cast.account("Northwind"), user=cast.person("priya"))
    page = notices_of("priya")
    assert "Cobalt" not in page
    assert "Every kind" not in page
