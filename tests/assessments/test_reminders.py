"""When whom to remind: by the clock of who reads it, once, and only who is missing."""

import datetime
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as post
from django.utils import timezone

from accounts import tasks as mail_tasks
from accounts.models import Mail, MailState
from assessments import reminders, tasks
from assessments.actions import links
from assessments.models import Assessment, Respondent, Status
from tests import cast
from tests.assessments import stage

DUE = date(2026, 11, 30)
BERLIN, NEW_YORK, KOLKATA, AUCKLAND = map(
    ZoneInfo, ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]
)


def at(day: date, hour: int, minute: int, zone: datetime.tzinfo) -> datetime.datetime:
    """The moment when a clock in the zone shows this."""
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=zone).astimezone(datetime.UTC)


# The rule -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [30, 7, 1])
@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, KOLKATA, AUCKLAND])
def test_it_is_time_from_eight_in_the_reader_s_morning(days, zone):
    day = DUE - timedelta(days=days)
    assert reminders.days_to_tell(DUE, at(day, 7, 59, zone), zone) is None
    assert reminders.days_to_tell(DUE, at(day, 8, 0, zone), zone) == days
    assert reminders.days_to_tell(DUE, at(day, 8, 59, zone), zone) == days


def test_an_hour_missed_is_caught_up_the_same_day_and_not_the_next():
    day = DUE - timedelta(days=7)
    assert reminders.days_to_tell(DUE, at(day, 17, 30, BERLIN), BERLIN) == 7
    assert reminders.days_to_tell(DUE, at(day + timedelta(days=1), 8, 30, BERLIN), BERLIN) is None


@pytest.mark.parametrize("days", [-1, 0, 2, 6, 8, 14, 29, 31, 365])
def test_on_other_days_it_is_not_time(days):
    assert reminders.days_to_tell(DUE, at(DUE - timedelta(days=days), 8, 30, BERLIN), BERLIN) is None


def test_without_a_date_there_is_nothing_to_tell():
    assert reminders.days_to_tell(None, at(DUE, 8, 30, BERLIN), BERLIN) is None


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_summer_time_moves_the_hour_and_skips_nobody(change):
    """Through the day the clocks change, an hourly look finds the reader's morning exactly once."""
    due = change + timedelta(days=7)
    hours = [at(change, 0, 5, BERLIN) + timedelta(hours=hour) for hour in range(-6, 36)]
    found = [moment for moment in hours if reminders.days_to_tell(due, moment, BERLIN) == 7]
    assert found[0].astimezone(BERLIN).hour == 8
    assert {moment.astimezone(BERLIN).date() for moment in found} == {change}


def test_nobody_is_reminded_on_the_day_they_were_asked():
    day = DUE - timedelta(days=7)
    asked = at(day, 7, 0, BERLIN)
    assert reminders.days_to_tell(DUE, at(day, 15, 5, BERLIN), BERLIN, asked) is None
    assert reminders.days_to_tell(DUE, at(day, 15, 5, BERLIN), BERLIN, asked - timedelta(days=1)) == 7


# The rows it holds for ------------------------------------------------------------------------------------------------


@pytest.fixture
def run():
    with cast.inside():
        found = stage.launched("priya")
        Assessment.objects.filter(pk=found.pk).update(due_on=DUE)
        Respondent.objects.filter(assessment=found).update(created_at=at(date(2026, 10, 1), 9, 0, BERLIN))
        yield Assessment.objects.get(pk=found.pk)


def person(run: Assessment, name: str = "Robin", **more) -> Respondent:
    row = Respondent.objects.create(
        organization=run.organization, account=run.account, assessment=run, name=name, email=f"{name}@x.example"
    )
    Respondent.objects.filter(pk=row.pk).update(created_at=at(date(2026, 10, 1), 9, 0, BERLIN), **more)
    return Respondent.objects.get(pk=row.pk)


def send_at(monkeypatch, moment: datetime.datetime) -> list[str]:
    """Let the clock of the timetable show this, and return who was written to."""
    before = len(post.outbox)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        tasks.send_reminders()
        mail_tasks.deliver_due(str(cast.organization().pk))
    return sorted(letter.to[0].partition("@")[0] for letter in post.outbox[before:])


MORNING = at(DUE - timedelta(days=7), 8, 5, ZoneInfo("UTC"))


@pytest.mark.django_db
def test_a_person_is_reminded_once_however_often_the_clock_strikes(run, monkeypatch):
    assert send_at(monkeypatch, MORNING) == ["priya"]
    assert send_at(monkeypatch, MORNING) == []
    assert send_at(monkeypatch, MORNING + timedelta(hours=3)) == []
    assert send_at(monkeypatch, MORNING + timedelta(days=6)) == ["priya"]
    assert post.outbox[0].subject == "Reminder: “Every kind” is due on November 30, 2026"
    assert post.outbox[1].subject == "Reminder: “Every kind” is due tomorrow"


@pytest.mark.django_db
def test_only_who_is_missing_is_reminded(run, monkeypatch):
    person(run, "robin")
    person(run, "done", submitted_at=run.created_at)
    person(run, "stopped", stopped_at=run.created_at)
    person(run, "nobody", email="")
    assert send_at(monkeypatch, MORNING) == ["priya", "robin"]


@pytest.mark.django_db
def test_an_address_a_stranger_typed_is_written_to_only_once_staff_invited_it(run, monkeypatch):
    link, _token = links.share(by=cast.viewer("sam", "Northwind"), run=run)
    row = person(run, "robin", through=link)
    assert send_at(monkeypatch, MORNING) == ["priya"]
    Respondent.objects.filter(pk=row.pk).update(invited_at=row.created_at)
    assert send_at(monkeypatch, MORNING + timedelta(hours=1)) == ["robin"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "over", [{"status": Status.CLOSED, "closed_at": timezone.now()}, {"deleted_at": timezone.now()}, {"due_on": None}]
)
def test_nobody_is_reminded_of_a_run_that_is_over(run, monkeypatch, over):
    Assessment.objects.filter(pk=run.pk).update(**over)
    assert send_at(monkeypatch, MORNING) == []


@pytest.mark.django_db
def test_each_is_reminded_in_their_own_morning(run, monkeypatch):
    account, dora = run.account, cast.person("dora")
    account.time_zone = "America/New_York"
    account.save()
    dora.time_zone = "Asia/Kolkata"
    dora.save()
    row = person(run, "dora")
    Respondent.objects.filter(pk=row.pk).update(user=dora, email="", name="")
    person(run, "robin")
    day = DUE - timedelta(days=7)
    assert send_at(monkeypatch, at(day, 8, 5, KOLKATA)) == ["dora"]
    assert send_at(monkeypatch, at(day, 8, 5, BERLIN)) == []
    assert send_at(monkeypatch, at(day, 8, 5, NEW_YORK)) == ["priya", "robin"]


@pytest.mark.django_db
def test_a_new_date_makes_new_reminders_and_the_old_ones_void(run, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: MORNING)
        tasks.send_reminders()
    Assessment.objects.filter(pk=run.pk).update(due_on=DUE + timedelta(days=14))
    assert send_at(monkeypatch, MORNING + timedelta(hours=1)) == []
    assert Mail.objects.get(kind=reminders.KIND).state == MailState.CANCELLED
    assert send_at(monkeypatch, MORNING + timedelta(days=14)) == ["priya"]


@pytest.mark.django_db
def test_every_organization_is_looked_after(run, monkeypatch):
    assert {str(pk) for pk in mail_tasks.organizations()} >= {
        str(cast.organization(name).pk) for name in ("harbor", "sunny")
    }


@pytest.mark.django_db
def test_two_hundred_are_found_in_one_query_and_queued_in_a_few(run, monkeypatch, django_assert_max_num_queries):
    Respondent.objects.bulk_create(
        Respondent(organization=run.organization, account=run.account, assessment=run, email=f"p{n}@x.example")
        for n in range(200)
    )
    Respondent.objects.filter(assessment=run).update(created_at=at(date(2026, 10, 1), 9, 0, BERLIN))
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: MORNING)
        with django_assert_max_num_queries(25):
            tasks.remind_in(run.organization_id)
    assert Mail.objects.filter(kind=reminders.KIND).count() == 201
