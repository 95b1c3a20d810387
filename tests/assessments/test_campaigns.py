"""Runs that come back: on their day, once, for the people who are still there."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import memberships
from accounts.models import AuditEntry, Mail
from assessments import tasks
from assessments.actions import campaigns, respondents
from assessments.actions.campaigns import Terms
from assessments.actions.respondents import Person
from assessments.batching import campaign_list
from assessments.batching.recurrence import months_after, next_after
from assessments.models import Answer, Assessment, Campaign
from library.actions import definitions
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db

D = datetime.date


@pytest.mark.parametrize(
    ("day", "months", "wanted", "expected"),
    [
        (D(2026, 1, 15), 1, 0, D(2026, 2, 15)), (D(2026, 1, 31), 1, 0, D(2026, 2, 28)),
        (D(2026, 2, 28), 1, 31, D(2026, 3, 31)), (D(2028, 2, 29), 12, 0, D(2029, 2, 28)),
        (D(2026, 11, 30), 3, 0, D(2027, 2, 28)), (D(2026, 12, 31), 24, 0, D(2028, 12, 31)),
    ],
)  # fmt: skip
def test_months_are_those_of_the_calendar(day, months, wanted, expected):
    assert months_after(day, months, wanted) == expected


@pytest.mark.parametrize(
    ("today", "last", "every", "expected"),
    [
        (D(2026, 3, 1), D(2026, 3, 1), 3, D(2026, 6, 1)), (D(2026, 9, 15), D(2026, 3, 1), 3, D(2026, 12, 1)),
        (D(2027, 3, 1), D(2026, 3, 1), 12, D(2028, 3, 1)),
    ],
)  # fmt: skip
def test_what_was_missed_is_not_made_up_for(today, last, every, expected):
    assert next_after(today, last, every, last.day) == expected


def begun(*, days: int = 0, every_months: int = 3, run: Assessment | None = None, **more) -> Campaign:
    """This will let a run of Northwind's come back so many days from today. Call it inside a scope."""
    sam = cast.viewer("sam", "Northwind")
    run = run or stage.launched()
    campaign = campaigns.begin(by=sam, run=run, every_months=every_months, **more)
    day = timezone.localdate() + datetime.timedelta(days=days)
    Campaign.objects.filter(pk=campaign.pk).update(next_on=day, day_of_month=day.day)
    return Campaign.objects.select_related("account", "definition").get(pk=campaign.pk)


def noon(campaign: Campaign, days: int = 0) -> datetime.datetime:
    """This will return noon of the campaign's day, or of a later one, where its account is."""
    day = campaign.next_on + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(12), ZoneInfo(campaign.account.time_zone))


def start(campaign: Campaign, days: int = 0) -> Assessment | None:
    return campaigns.start(by=cast.system(), campaign=campaign, now=noon(campaign, days))


def test_a_run_comes_back_for_the_same_people_and_they_are_invited():
    with cast.inside():
        run, sam = stage.launched(), cast.viewer("sam", "Northwind")
        respondents.add(by=sam, run=run, people=[Person("Gus", "gus@example.com"), Person("", cast.EMAILS["marcus"])])
        campaign = begun(run=run, message="Again, as every spring", due_in_days=14)
        again = start(campaign)
        assert again.previous == run
        assert again.campaign == campaign
        assert again.due_on == campaign.next_on + datetime.timedelta(days=14)
        assert {one.address for one in again.respondents.select_related("user")} == {
            "gus@example.com", cast.EMAILS["marcus"], cast.EMAILS["priya"],
        }  # fmt: skip
        mails = Mail.objects.filter(about__in=again.respondents.values("pk"))
        assert {mail.data["message"] for mail in mails} == {"Again, as every spring"}
        assert mails.count() == 3


def test_it_starts_once_for_a_day_however_often_it_is_asked():
    with cast.inside():
        campaign = begun()
        assert start(campaign) is not None
        assert start(campaign) is None
        assert Assessment.objects.filter(campaign=campaign).count() == 2
        campaign.refresh_from_db()
        assert campaign.next_on == months_after(timezone.localdate(), 3, timezone.localdate().day)


def test_after_a_long_standstill_one_run_is_started():
    with cast.inside():
        campaign = begun(every_months=1)
        again = start(campaign, days=100)
        assert again is not None
        campaign.refresh_from_db()
        assert campaign.next_on > timezone.localdate() + datetime.timedelta(days=100)
        assert campaigns.due(noon(campaign, days=-1)) == []


def test_it_is_due_in_the_morning_of_its_account():
    with cast.inside():
        campaign = begun(days=5)
        zone = ZoneInfo(campaign.account.time_zone)
        six, eight = (datetime.datetime.combine(campaign.next_on, datetime.time(hour), zone) for hour in (6, 8))
        assert campaigns.due(six) == []
        assert campaigns.due(eight) == [campaign]
        assert campaigns.due(eight - datetime.timedelta(days=1)) == []


def test_who_left_the_account_or_was_stopped_is_not_asked_again():
    with cast.inside():
        run, sam, ada = stage.launched(), cast.viewer("sam", "Northwind"), cast.viewer("ada", "Northwind")
        added = respondents.add(
            by=sam,
            run=run,
            people=[
                Person("Gus", "gus@example.com"),
                Person("", cast.EMAILS["marcus"]),
                Person("", cast.EMAILS["dora"]),
            ],
        )
        respondents.stop(by=sam, respondent=added[0])
        memberships.remove(by=ada, membership=cast.person("dora").memberships.get(account=run.account))
        again = start(begun(run=run))
        addresses = {one.address for one in again.respondents.select_related("user")}
        assert addresses == {cast.EMAILS["marcus"], cast.EMAILS["priya"]}
        assert not Mail.objects.filter(to_email=cast.EMAILS["dora"]).exists()


def test_sections_stay_with_their_people():
    with cast.inside():
        run, sam = stage.launched(), cast.viewer("sam", "Northwind")
        respondents.add(by=sam, run=run, people=[Person("Gus", "gus@example.com", ("more",))])
        again = start(begun(run=run))
        assert again.respondents.get(email="gus@example.com").sections == ["more"]


def test_what_cannot_be_launched_waits_and_starts_when_it_can():
    with cast.inside():
        definition = stage.publish()
        campaign = begun(run=stage.launched(definition=definition))
        definitions.deprecate(by=cast.viewer("ada"), definition=definition)
        assert campaigns.due(noon(campaign)) == []
        [row] = campaign_list.rows(
            cast.viewer("sam", "Northwind"), list(campaign_list.campaigns_of(cast.viewer("sam", "Northwind")))
        )
        assert row.is_retired
        definitions.republish(by=cast.viewer("ada"), definition=definition)
        assert campaigns.due(noon(campaign)) == [campaign]


def test_one_that_fails_holds_up_no_other(monkeypatch, caplog):
    with cast.inside() as harbor:
        broken, sound = begun(), begun(run=stage.launched(definition=stage.publish(stage.RICH)))
        Campaign.objects.update(next_on=timezone.localdate() - datetime.timedelta(days=2))
    before = campaigns.start

    def fails(*, by, campaign, now):
        if campaign.pk == broken.pk:
            raise RuntimeError("broken")
        return before(by=by, campaign=campaign, now=now)

    monkeypatch.setattr(campaigns, "start", fails)
    monkeypatch.setattr(tasks, "organizations", lambda: [harbor.pk])
    tasks.start_campaigns()
    with cast.inside():
        assert Assessment.objects.filter(campaign=sound).count() == 2
        assert Assessment.objects.filter(campaign=broken).count() == 1


def test_the_clock_starts_what_is_due_and_nothing_twice():
    with cast.inside():
        campaign = begun()
        Campaign.objects.update(next_on=timezone.localdate() - datetime.timedelta(days=1))
    tasks.start_campaigns()
    tasks.start_campaigns()
    with cast.inside():
        assert Assessment.objects.filter(campaign=campaign).count() == 2
        assert AuditEntry.objects.filter(verb="campaign.started").count() == 1


def test_an_ended_campaign_does_not_come_back_until_it_is_resumed():
    with cast.inside():
        campaign, sam = begun(), cast.viewer("sam", "Northwind")
        assert campaigns.end(by=sam, campaign=campaign)
        assert not campaigns.end(by=sam, campaign=campaign)
        assert campaigns.due(noon(campaign)) == []
        assert start(campaign) is None
        with pytest.raises(campaigns.HasEnded):
            campaigns.change(by=sam, campaign=campaign, terms=Terms("X", 1, D(2030, 1, 1)))
        assert campaigns.resume(by=sam, campaign=campaign)
        campaign.refresh_from_db()
        assert campaign.next_on > timezone.localdate()


def test_a_run_comes_back_in_one_way_only():
    with cast.inside():
        run = stage.launched()
        campaign = begun(run=run)
        run.refresh_from_db()
        with pytest.raises(campaigns.IsRepeated) as refused:
            campaigns.begin(by=cast.viewer("sam", "Northwind"), run=run, every_months=1)
        assert refused.value.campaign == campaign


@pytest.mark.parametrize(("who", "account"), [("priya", "Northwind"), ("dana", "Northwind"), ("lena", "")])
def test_only_who_may_start_assessments_lets_them_come_back(who: str, account: str):
    with cast.inside():
        run, campaign = stage.launched(), begun()
        by = cast.viewer(who, account)
        for step in (
            lambda: campaigns.begin(by=by, run=run, every_months=1),
            lambda: campaigns.end(by=by, campaign=campaign),
            lambda: campaigns.resume(by=by, campaign=campaign),
            lambda: campaigns.start(by=by, campaign=campaign, now=timezone.now()),
        ):
            with pytest.raises(PermissionDenied):
                step()


# --- The answers that come along --------------------------------------------------------------------------------------


def test_without_carrying_over_the_run_begins_empty():
    with cast.inside():
        again = start(begun(run=stage.released(), carries_over=False))
        assert not Answer.objects.filter(assessment=again).exists()


def test_with_it_the_answers_wait_to_be_confirmed():
    with cast.inside():
        again = start(begun(run=stage.released()))
        assert Answer.objects.filter(assessment=again, carried_over=True).count() == 5
        again.refresh_from_db()
        assert again.answered_count == 0


# --- The pages --------------------------------------------------------------------------------------------------------

FIELDS = {"name": "Quarterly", "every_months": "3", "due_in_days": "21", "carries_over": "on", "message": "Hello"}


def test_a_run_is_made_to_come_back_on_its_page():
    with cast.inside():
        run = stage.launched()
    visitor, url = cast.visitor("sam"), reverse("staff:campaign_new", args=[run.account_id, run.pk])
    assert "Repeat this assessment" in visitor.get(url).content.decode()
    wrong = visitor.post(url, FIELDS | {"next_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert "Choose a day after today." in wrong.content.decode()
    assert 'value="Quarterly"' in wrong.content.decode()
    day = timezone.localdate() + datetime.timedelta(days=40)
    answer = visitor.post(url, FIELDS | {"next_on": day.isoformat()})
    assert answer.status_code == 303
    with cast.inside():
        campaign = Campaign.objects.get()
        assert (campaign.name, campaign.next_on, campaign.due_in_days) == ("Quarterly", day, 21)
    page = visitor.get(answer["Location"]).content.decode()
    assert "Quarterly" in page
    assert "every 3 months" in page


def test_a_campaign_is_changed_ended_and_resumed():
    with cast.inside():
        campaign = begun(days=10)
    visitor, args = cast.visitor("sam"), [campaign.account_id, campaign.pk]
    day = timezone.localdate() + datetime.timedelta(days=60)
    data = FIELDS | {"every_months": "6", "next_on": day.isoformat(), "carries_over": ""}
    assert visitor.post(reverse("staff:campaign", args=args), data).status_code == 303
    visitor.post(reverse("staff:campaign_end", args=args))
    assert visitor.post(reverse("staff:campaign", args=args), data).status_code == 409
    assert "Ended" in visitor.get(reverse("staff:campaigns", args=[campaign.account_id])).content.decode()
    visitor.post(reverse("staff:campaign_resumption", args=args))
    with cast.inside():
        campaign.refresh_from_db()
        assert (campaign.every_months, campaign.next_on, campaign.carries_over, campaign.ended_at) == (
            6,
            day,
            False,
            None,
        )


def test_the_list_costs_the_same_for_one_three_and_twenty():
    with cast.inside():
        definition, counts = stage.publish(), []
        northwind = cast.account("Northwind")
        made = 0
        for target in (1, 3, 20):
            while made < target:
                begun(run=stage.launched(definition=definition))
                made += 1
            visitor, url = cast.visitor("sam"), reverse("staff:campaigns", args=[northwind.pk])
            visitor.get(url)
            with CaptureQueriesContext(connections["default"]) as taken:
                assert visitor.get(url).status_code == 200
            counts.append(len(taken))
    assert len(set(counts)) == 1
