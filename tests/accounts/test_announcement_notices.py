"""Whom an announcement reaches, when, and how: by each account's own clock, once, as everybody chose."""

import datetime
from datetime import date, timedelta

import pytest
from django.core import mail as post
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.actions import accounts as account_actions
from accounts.actions import announcements, people
from accounts.actions import notifications as reading
from accounts.models import Account, Announcement, Mail, Notification, NotificationChoice
from accounts.notices import announcement_notices
from accounts.notices.announcement_notices import ANNOUNCED
from tests import cast

pytestmark = pytest.mark.django_db

NORTHWIND = {"priya", "marcus", "dora", "felix", "bea"}


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as organization:
        yield organization


def announced(title: str = "We move", account: str = "", by: str = "ada", **words) -> Announcement:
    """This will publish an announcement and, as a worker does, tell of it what is to be told now."""
    where = cast.account(account) if account else None
    words = {"starts_on": timezone.localdate(), **words}
    made = announcements.publish(by=cast.viewer(by, account), account=where, title=title, **words)
    tell(made)
    return made


def tell(announcement: Announcement, organization: str = "harbor") -> None:
    tasks.tell_announcement(str(cast.organization(organization).pk), str(announcement.pk))


def deliver_all() -> None:
    tasks.deliver_due(str(cast.organization().pk))


def wants(name: str, *, mail: str = "never", portal: str = "now") -> None:
    for channel, when in (("mail", mail), ("portal", portal)):
        NotificationChoice.objects.update_or_create(
            organization=cast.organization(), user=cast.person(name), kind=ANNOUNCED, channel=channel,
            defaults={"when": when},
        )  # fmt: skip


def told(account: str = "") -> set[str]:
    """Who was told, by first name."""
    rows = Notification.objects.filter(kind=ANNOUNCED)
    rows = rows.filter(account=cast.account(account)) if account else rows
    return {cast_name(row.user.email) for row in rows.select_related("user")}


def cast_name(email: str) -> str:
    return next(name for name, known in cast.EMAILS.items() if known == email)


def page_of(who: str, account: str = "Northwind") -> str:
    return cast.visitor(who).get(reverse("client:notifications", args=[cast.account(account).pk])).content.decode()


def a_clock(account: str, zone: str) -> None:
    Account.objects.filter(pk=cast.account(account).pk).update(time_zone=zone)


@pytest.fixture
def at(monkeypatch):
    """This will stop the clock at a moment."""

    def stop(moment: datetime.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return stop


# Audience -------------------------------------------------------------------------------------------------------------


def test_all_clients_of_all_accounts_are_told_and_no_staff():
    announced()
    assert told("Northwind") == NORTHWIND
    assert told() >= NORTHWIND | {"carla", "tom", "iris"}
    assert not told() & {"ada", "sam", "lena", "dana"}


def test_what_one_account_is_told_no_other_account_hears():
    announced("Only for Northwind", account="Northwind", by="sam")
    assert told() == told("Northwind") == NORTHWIND
    assert "Harbor IT: Only for Northwind" in page_of("priya")
    assert "Only for Northwind" not in page_of("carla", "Cobalt")


def test_who_wears_two_hats_is_told_where_they_are_a_client():
    announced()
    rows = Notification.objects.filter(kind=ANNOUNCED, user=cast.person("theo"))
    assert [row.account for row in rows] == [cast.account("Cobalt")]


def test_a_row_of_another_account_tells_its_reader_nothing():
    """Even where a row got there by mistake: what the reader may not see has no words."""
    made = announced("Only for Northwind", account="Northwind", by="sam")
    Notification.objects.filter(user=cast.person("priya")).update(
        user=cast.person("carla"), account=cast.account("Cobalt")
    )
    page = page_of("carla", "Cobalt")
    assert made.title not in page
    assert "Northwind" not in page


def test_the_deactivated_and_the_archived_are_told_nothing():
    people.deactivate(by=cast.viewer("ada"), user=cast.person("felix"))
    account_actions.archive(by=cast.viewer("ada"), account=cast.account("Juniper"))
    announced()
    assert told("Northwind") == NORTHWIND - {"felix"}
    assert not told("Juniper")


def test_another_organization_hears_nothing_and_cannot_be_made_to():
    made = announced("Harbor moves")
    with cast.inside("sunny"):
        assert not Notification.objects.filter(kind=ANNOUNCED).exists()
        assert announcement_notices.untold(cast.system("sunny")) == []
        tell(made, "sunny")
        assert not Notification.objects.filter(kind=ANNOUNCED).exists()
        assert "Harbor moves" not in page_of("mia", "Marigold")


# Window ---------------------------------------------------------------------------------------------------------------


def test_what_is_planned_is_told_when_its_first_day_comes_and_not_before(at):
    made = announced(starts_on=timezone.localdate() + timedelta(days=3))
    assert told() == set()
    now = timezone.now()
    at(now + timedelta(days=2))
    tasks.tell_announcements()
    assert told() == set()
    at(now + timedelta(days=3))
    tasks.tell_announcements()
    assert told("Northwind") == NORTHWIND
    assert Notification.objects.filter(about=made.pk, user=cast.person("priya")).count() == 1


def test_it_begins_by_the_clock_of_each_account(at):
    a_clock("Northwind", "Pacific/Auckland")
    a_clock("Cobalt", "America/Los_Angeles")
    day = date(2030, 5, 10)
    at(datetime.datetime(2030, 5, 9, 11, 0, tzinfo=datetime.UTC))  # 23:00 in Auckland
    made = announced(starts_on=day)
    assert told() == set()
    at(datetime.datetime(2030, 5, 9, 13, 0, tzinfo=datetime.UTC))  # 01:00 of the 10th in Auckland
    tell(made)
    assert told("Northwind") == NORTHWIND
    assert told("Cobalt") == set()
    at(datetime.datetime(2030, 5, 10, 8, 0, tzinfo=datetime.UTC))  # 01:00 in Los Angeles
    assert announcement_notices.untold(cast.system()) == [made]
    tell(made)
    assert "carla" in told("Cobalt")


def test_a_mail_of_the_first_hours_is_not_lost_to_the_worker_s_clock(at):
    """It is the 10th in Auckland and the 9th where the worker is."""
    a_clock("Northwind", "Pacific/Auckland")
    wants("priya", mail="now")
    wants("dora", mail="daily", portal="never")
    at(datetime.datetime(2030, 5, 9, 13, 0, tzinfo=datetime.UTC))
    announced("The tenth has come", starts_on=date(2030, 5, 10))
    deliver_all()
    (letter,) = post.outbox
    assert letter.to == [cast.EMAILS["priya"]]
    assert "The tenth has come" in letter.subject + letter.body


@pytest.mark.parametrize(("began", "is_made_up_for"), [(1, True), (2, True), (3, False)])
def test_what_was_missed_is_made_up_for_within_two_days(began, is_made_up_for):
    made = announcements.publish(
        by=cast.viewer("ada"), title="Missed", starts_on=timezone.localdate() - timedelta(days=began)
    )
    assert (announcement_notices.untold(cast.system()) == [made]) == is_made_up_for


def test_what_is_over_or_removed_is_told_to_nobody_any_more():
    today = timezone.localdate()
    announced("Over", starts_on=today - timedelta(days=2), ends_on=today - timedelta(days=1))
    gone = announcements.publish(by=cast.viewer("ada"), title="Gone", starts_on=today)
    announcements.remove(by=cast.viewer("ada"), announcement=gone)
    tell(gone)
    assert told() == set()
    assert announcement_notices.untold(cast.system()) == []


def test_told_again_it_is_one_telling():
    wants("priya", mail="now")
    made = announced()
    tell(made)
    tasks.tell_announcements()
    assert Notification.objects.filter(kind=ANNOUNCED, user=cast.person("priya")).count() == 1
    assert Mail.objects.filter(kind=ANNOUNCED, to_email=cast.EMAILS["priya"]).count() == 1
    assert announcement_notices.untold(cast.system()) == []


def test_a_worker_that_dies_half_way_leaves_the_rest_to_the_next():
    made = announcements.publish(by=cast.viewer("ada"), title="We move", starts_on=timezone.localdate())
    first, *_rest = announcement_notices.accounts_to_tell(cast.system(), made)
    announcement_notices.tell(cast.system(), made, first)
    assert announcement_notices.untold(cast.system()) == [made]
    tasks.tell_announcements()
    assert told("Northwind") == NORTHWIND
    assert "carla" in told("Cobalt")


# How each hears of it -------------------------------------------------------------------------------------------------


def test_who_chose_nothing_finds_it_in_the_portal_and_gets_no_mail():
    announced()
    deliver_all()
    assert not post.outbox
    assert "Harbor IT: We move" in page_of("priya")


def test_each_hears_of_it_as_they_chose():
    wants("priya", mail="now")
    wants("dora", mail="daily", portal="never")
    wants("felix", mail="never", portal="never")
    wants("bea", mail="never", portal="daily")
    announced()
    deliver_all()
    assert [letter.to for letter in post.outbox] == [[cast.EMAILS["priya"]]]
    assert post.outbox[0].subject == "Harbor IT: We move"
    assert told("Northwind") == NORTHWIND - {"felix"}
    assert "We move" in page_of("priya")
    for who in ("dora", "felix", "bea"):
        assert "We move" not in page_of(who)

    post.outbox.clear()
    morning = datetime.datetime.combine(
        timezone.now().astimezone(datetime.UTC).date() + timedelta(days=1), datetime.time(12), datetime.UTC
    )
    assert reading.send_digests(by=cast.system(), now=morning) == 1
    deliver_all()
    (letter,) = post.outbox
    assert letter.to == [cast.EMAILS["dora"]]
    assert "Harbor IT: We move" in letter.body


def test_what_is_taken_back_before_the_daily_mail_is_left_out_of_it():
    wants("dora", mail="daily", portal="never")
    made = announced()
    announcements.remove(by=cast.viewer("ada"), announcement=made)
    morning = timezone.now() + timedelta(days=2)
    reading.send_digests(by=cast.system(), now=morning)
    deliver_all()
    assert not post.outbox


def test_what_is_removed_is_not_told_by_mail_any_more_and_comes_back_with_its_announcement():
    wants("priya", mail="now")
    made = announced()
    announcements.remove(by=cast.viewer("ada"), announcement=made)
    deliver_all()
    assert not post.outbox
    assert "We move" not in page_of("priya")
    announcements.restore(by=cast.viewer("ada"), announcement=made)
    assert "We move" in page_of("priya")


def test_what_has_ended_is_not_told_any_more():
    made = announced(starts_on=timezone.localdate() - timedelta(days=1))
    announcements.end(by=cast.viewer("ada"), announcement=made)
    assert "We move" not in page_of("priya")


def test_put_aside_it_stays_put_aside_and_leads_home():
    made = announced()
    row = Notification.objects.get(kind=ANNOUNCED, user=cast.person("priya"))
    opened = cast.visitor("priya").get(reverse("client:notification", args=[row.account_id, row.pk]))
    assert opened["Location"] == reverse("client:home", args=[row.account_id])
    row.refresh_from_db()
    assert row.read_at is not None
    tell(made)
    row.refresh_from_db()
    assert row.read_at is not None
    assert Notification.objects.filter(kind=ANNOUNCED, user=cast.person("priya")).count() == 1
    assert Notification.objects.get(kind=ANNOUNCED, user=cast.person("dora")).read_at is None


def test_only_clients_are_offered_the_choice():
    account = cast.account("Northwind").pk
    offered = cast.visitor("priya").get(reverse("client:notification_choices", args=[account])).content.decode()
    assert "Your provider announces something" in offered
    assert "Your provider announces something" not in (
        cast.visitor("sam").get(reverse("staff:notification_choices")).content.decode()
    )
