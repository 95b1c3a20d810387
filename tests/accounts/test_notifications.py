"""Who is told what, where, and when: in the portal, by mail at once, once a day; and never what one may not see."""

import datetime

import pytest
from django.core import mail as post
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.actions import memberships
from accounts.actions import notifications as actions
from accounts.mail import mail_server
from accounts.mail.mail_server import Fate, Outcome
from accounts.models import Account, Mail, MailState, Membership, Notification, NotificationChoice
from accounts.notices import notification_kinds, notifications
from assessments.actions import assessments, respondents
from assessments.actions.respondents import Person
from assessments.models import Assessment
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db

KIND = "tests.event"


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as organization:
        yield organization


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(notification_kinds, "_KINDS", dict(notification_kinds._KINDS))
    notifications.kind(KIND, "An event", text=lambda notice: notice.data.get("text", "Something happened."))


def deliver_all() -> None:
    tasks.deliver_due(str(cast.organization().pk))


def wants(name: str, kind: str, *, mail: str = "now", portal: str = "now") -> None:
    for channel, when in (("mail", mail), ("portal", portal)):
        NotificationChoice.objects.update_or_create(
            organization=cast.organization(), user=cast.person(name), kind=kind, channel=channel,
            defaults={"when": when},
        )  # fmt: skip


def tell(*names: str, by: str = "", key: str = "one", **more) -> None:
    viewer = cast.viewer(by) if by else cast.system()
    notifications.tell(by=viewer, kind=KIND, users=[cast.person(name) for name in names], key=key, **more)


def morning_after(days: int = 1, hour: int = 12) -> datetime.datetime:
    """A moment at which it is past eight for everybody of the cast, and not yet midnight."""
    day = timezone.now().astimezone(datetime.UTC).date() + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)


def digests(now: datetime.datetime) -> int:
    return actions.send_digests(by=cast.system(), now=now)


# Telling --------------------------------------------------------------------------------------------------------------


def test_people_are_told_once_however_often_it_is_said_and_never_who_did_it():
    for _time in range(3):
        tell("ada", "sam", by="ada", path="/staff/")
    deliver_all()
    (row,) = Notification.objects.filter(kind=KIND)
    assert row.user == cast.person("sam") and row.path == "/staff/"
    (letter,) = post.outbox
    assert letter.to == ["sam@harbor.example"] and letter.subject == "Something happened"
    assert "http://harbor.localhost/staff/" in letter.body


def test_each_hears_of_it_as_they_chose():
    wants("sam", KIND, mail="never")
    wants("lena", KIND, portal="never")
    wants("theo", KIND, mail="never", portal="never")
    wants("ada", KIND, mail="daily", portal="never")
    tell("sam", "lena", "theo", "ada")
    deliver_all()
    assert [letter.to[0] for letter in post.outbox] == [cast.EMAILS["lena"]]
    rows = {row.user_id: row for row in Notification.objects.filter(kind=KIND)}
    assert set(rows) == {cast.person("sam").pk, cast.person("ada").pk}
    assert rows[cast.person("sam").pk].is_shown and rows[cast.person("sam").pk].digest_on is None
    assert not rows[cast.person("ada").pk].is_shown and rows[cast.person("ada").pk].digest_on


def test_telling_many_takes_as_many_queries_as_telling_one():
    counts = []
    for key, names in (("few", ["sam"]), ("many", ["sam", "lena", "theo", "ada"])):
        people = [cast.person(name) for name in names]
        with CaptureQueriesContext(connection) as captured:
            notifications.tell(by=cast.system(), kind=KIND, users=people, key=key)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_address_out_of_the_portal_is_refused():
    for path in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        with pytest.raises(ValueError, match="one slash"):
            tell("sam", path=path)


def test_what_is_undone_is_told_to_nobody():
    with pytest.raises(RuntimeError), transaction.atomic():
        tell("sam")
        raise RuntimeError
    assert not Notification.objects.filter(kind=KIND).exists() and not Mail.objects.filter(kind=KIND).exists()


# The existing mails ---------------------------------------------------------------------------------------------------


def test_a_submission_stands_in_the_portal_and_goes_by_mail_as_before():
    run = stage.submitted("priya")
    deliver_all()
    (letter,) = [one for one in post.outbox if "submitted" in one.subject]
    (row,) = Notification.objects.filter(kind="assessments.submitted")
    assert row.user == cast.person("sam") and letter.to == [cast.EMAILS["sam"]]
    assert letter.extra_headers["List-Unsubscribe"] == "<http://harbor.localhost/notifications/choices/>"
    assert "Change what you get: http://harbor.localhost/notifications/choices/" in letter.body
    page = cast.visitor("sam").get(reverse("staff:notifications")).content.decode()
    assert "Priya Nair has submitted “Every kind” for Northwind Dental." in page
    opened = cast.visitor("sam").get(reverse("staff:notification", args=[row.pk]))
    assert opened["Location"] == reverse("staff:run_review", args=[run.account_id, run.pk])


def test_who_wants_no_mail_gets_none_and_the_outbox_says_so():
    wants("sam", "assessments.submitted", mail="never", portal="now")
    stage.submitted("priya")
    deliver_all()
    assert not [one for one in post.outbox if "submitted" in one.subject]
    assert Mail.objects.get(kind="assessments.submitted", to_email=cast.EMAILS["sam"]).state == MailState.CANCELLED
    assert Notification.objects.filter(kind="assessments.submitted", user=cast.person("sam")).exists()


def test_people_without_a_login_get_their_mails_whatever_anybody_chose():
    wants("priya", "assessments.reminder", mail="never", portal="never")
    run = stage.launched("priya")
    sam = cast.viewer("sam", "Northwind")
    # The same address as somebody with a login, typed for a guest of another account's run: no login stands behind it.
    (row,) = respondents.add(by=sam, run=run, people=[Person("Robin Vale", "robin@outside.example")])
    respondents.remind(by=sam, respondents=[row])
    deliver_all()
    (letter,) = post.outbox
    assert letter.to == ["robin@outside.example"]
    assert "List-Unsubscribe" not in letter.extra_headers and "Change what you get" not in letter.body
    assert not Notification.objects.exists()


# Once a day -----------------------------------------------------------------------------------------------------------


def test_a_day_s_things_come_in_one_mail_in_the_morning_each_once():
    wants("sam", "assessments.submitted", mail="daily")
    wants("sam", KIND, mail="daily", portal="never")
    stage.submitted("priya")
    tell("sam", key="two", data={"text": "The second thing."})
    deliver_all()
    assert not post.outbox
    assert digests(timezone.now() - datetime.timedelta(days=1)) == 0
    at = morning_after()
    assert digests(at) == 1 and digests(at) == 0 and digests(at + datetime.timedelta(hours=1)) == 0
    deliver_all()
    (letter,) = post.outbox
    assert letter.to == [cast.EMAILS["sam"]] and letter.subject == "Harbor IT: 2 things happened"
    assert "Priya Nair has submitted “Every kind” for Northwind Dental." in letter.body
    assert "The second thing." in letter.body and "Northwind Dental" in letter.body
    assert "List-Unsubscribe" in letter.extra_headers
    assert digests(morning_after(2)) == 0


def test_nobody_is_written_to_before_their_own_morning():
    wants("sam", KIND, mail="daily")
    for zone, hour, sent in (
        ("Pacific/Auckland", 21, 1),
        ("America/Los_Angeles", 14, 0),
        ("America/Los_Angeles", 17, 1),
    ):
        Notification.objects.all().delete()
        Mail.objects.all().delete()
        person = cast.person("sam")
        person.time_zone = zone
        person.save(update_fields=["time_zone"])
        tell("sam", key=f"{zone}{hour}")
        assert digests(morning_after(2, hour)) == sent, (zone, hour)


def test_what_one_may_not_see_any_more_is_left_out_of_the_mail():
    wants("sam", "assessments.submitted", mail="daily")
    wants("sam", KIND, mail="daily")
    run = stage.submitted("priya")
    tell("sam", key="two", data={"text": "Still there."})
    deliver_all()
    assert digests(morning_after()) == 1
    Assessment.objects.filter(pk=run.pk).update(deleted_at=timezone.now())
    deliver_all()
    (letter,) = post.outbox
    assert "Still there." in letter.body and "Every kind" not in letter.body
    assert letter.subject == "Harbor IT: 1 thing happened"


def test_when_nothing_is_left_there_is_no_mail():
    wants("sam", "assessments.submitted", mail="daily")
    stage.submitted("priya")
    deliver_all()
    digests(morning_after())
    memberships.remove(
        by=cast.system(), membership=Membership.objects.get(user=cast.person("sam"), account=cast.account("Northwind"))
    )
    deliver_all()
    assert not post.outbox and Mail.objects.get(kind="accounts.digest").state == MailState.CANCELLED


def test_a_mail_that_is_tried_again_holds_the_same_things():
    wants("sam", KIND, mail="daily")
    tell("sam")
    digests(morning_after())
    patch = pytest.MonkeyPatch()
    patch.setattr(mail_server, "hand_over", lambda message: Outcome(Fate.LATER, error="busy"))
    deliver_all()
    patch.undo()
    Mail.objects.update(not_before=None)
    deliver_all()
    assert "Something happened." in post.outbox[0].body


def test_in_the_portal_once_a_day_means_from_the_morning_on():
    wants("sam", KIND, mail="never", portal="daily")
    tell("sam")
    assert "Something happened." not in cast.visitor("sam").get(reverse("staff:notifications")).content.decode()
    Notification.objects.update(shown_from=timezone.now())
    assert "Something happened." in cast.visitor("sam").get(reverse("staff:notifications")).content.decode()


def test_only_the_timetable_sends_and_forgets():
    for act in (actions.send_digests, actions.forget_old):
        with pytest.raises(PermissionDenied):
            act(by=cast.viewer("ada"), now=timezone.now())


# The page and the bell ------------------------------------------------------------------------------------------------


def test_the_bell_counts_what_is_unread_in_both_portals():
    tell("sam", "priya", account=cast.account("Northwind"))
    for name, address in (
        ("sam", reverse("staff:overview")),
        ("sam", reverse("staff:account_overview", args=[cast.account("Northwind").pk])),
        ("priya", reverse("client:home", args=[cast.account("Northwind").pk])),
    ):
        html = cast.visitor(name).get(address).content.decode()
        assert 'nav-count-alert">1<span' in html, address
    assert "nav-count-alert" not in cast.visitor("ada").get(reverse("staff:overview")).content.decode()


def test_a_client_sees_their_own_of_this_account_and_nobody_else_s():
    tell("priya", account=cast.account("Northwind"), data={"text": "For Priya."})
    tell("marcus", key="two", account=cast.account("Northwind"), data={"text": "For Marcus."})
    page = reverse("client:notifications", args=[cast.account("Northwind").pk])
    assert "For Priya." in cast.visitor("priya").get(page).content.decode()
    assert "For Priya." not in cast.visitor("marcus").get(page).content.decode()
    row = Notification.objects.get(user=cast.person("priya"))
    for route in ("client:notification", "client:notification_reading"):
        address = reverse(route, args=[row.account_id, row.pk])
        method = "get" if route.endswith("notification") else "post"
        assert getattr(cast.visitor("marcus"), method)(address).status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_what_was_lost_is_not_shown_any_more():
    run = stage.released("priya")
    deliver_all()
    page = reverse("client:notifications", args=[run.account_id])
    assert "has released the results" in cast.visitor("priya").get(page).content.decode()
    assessments.reopen(by=cast.viewer("sam", "Northwind"), assessment=Assessment.objects.get(pk=run.pk), reason="again")
    html = cast.visitor("priya").get(page).content.decode()
    assert "has released the results" not in html and "not there any more" in html


def test_staff_who_left_an_account_see_nothing_of_it():
    stage.submitted("priya")
    deliver_all()
    memberships.remove(
        by=cast.system(), membership=Membership.objects.get(user=cast.person("sam"), account=cast.account("Northwind"))
    )
    html = cast.visitor("sam").get(reverse("staff:notifications")).content.decode()
    assert "Every kind" not in html and "Northwind" not in html.split('id="told"')[1]


def test_reading_marking_and_undoing():
    for number in range(3):
        tell("sam", key=str(number), data={"text": f"Thing {number}."})
    sam = cast.visitor("sam")
    first = Notification.objects.get(key="0")
    assert sam.get(reverse("staff:notification", args=[first.pk])).status_code == 302
    html = sam.get(reverse("staff:notifications") + "?show=unread").content.decode()
    assert "Thing 0." not in html and "Thing 1." in html and "Thing 2." in html
    sam.post(reverse("staff:notification_reading", args=[first.pk]), {"read": "no"})
    assert Notification.objects.unread().count() == 3
    answer = sam.post(reverse("staff:notifications_reading"), headers={"HX-Request": "true"})
    assert Notification.objects.unread().count() == 0 and "reading/undo/" in answer["HX-Trigger"]
    plain = sam.post(reverse("staff:notifications_reading"))
    assert plain.status_code == 302
    at = Notification.objects.first().read_at
    sam.post(f"{reverse('staff:notifications_undo')}?at={at.isoformat().replace('+', '%2B')}")
    assert Notification.objects.unread().count() == 3
    for wrong in ("", "?at=soon", "?at=2026-13-99T00:00Z"):
        assert sam.post(reverse("staff:notifications_undo") + wrong).status_code in (302, 303)


def test_twenty_five_a_page_with_as_many_queries_for_any_number():
    sam, run = cast.visitor("sam"), stage.submitted("priya")
    deliver_all()
    row = Notification.objects.get(kind="assessments.submitted")
    counts = []
    sam.get(reverse("staff:notifications"))
    for number in (1, 3, 40):
        while (have := Notification.objects.filter(user=row.user).count()) < number:
            Notification.objects.create(
                organization=row.organization, account=row.account, user=row.user, kind=row.kind, key=f"k{have}",
                about=run.pk, data=row.data,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            html = sam.get(reverse("staff:notifications")).content.decode()
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts
    assert html.count('class="told-row') == 25 and "Showing 1–25 of 40" in html


def test_what_was_read_long_ago_is_forgotten_and_the_rest_is_not():
    for key in ("old", "fresh", "unread"):
        tell("sam", key=key)
    now = timezone.now()
    Notification.objects.filter(key="old").update(read_at=now - datetime.timedelta(days=91))
    Notification.objects.filter(key="fresh").update(read_at=now - datetime.timedelta(days=89))
    tasks.forget_notifications()
    assert sorted(Notification.objects.values_list("key", flat=True)) == ["fresh", "unread"]


def test_a_deleted_account_is_out_of_everybody_s_list():
    tell("ada", account=cast.account("Northwind"), data={"text": "Of Northwind."})
    account = cast.account("Northwind")
    Account.objects.filter(pk=account.pk).update(deleted_at=timezone.now())
    type(account.organization).objects.filter(pk=account.organization_id).update(deleted_account_ids=[account.pk])
    assert "Of Northwind." not in cast.visitor("ada").get(reverse("staff:notifications")).content.decode()
