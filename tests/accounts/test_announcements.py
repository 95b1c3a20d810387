"""What the provider tells its clients on Home: to all or to one account, from one day until another."""

import html
import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.actions import announcements
from accounts.models import Account, Announcement, AuditEntry
from tests import cast
from tests.portal.client.stage import text_of

pytestmark = pytest.mark.django_db

LIST = "/staff/settings/announcements/"


def home(who: str = "priya", account: str = "Northwind") -> str:
    return html.unescape(text_of(cast.visitor(who).get(f"/portal/{cast.account(account).id}/")))


def of_account(account: str = "Northwind") -> str:
    return f"/staff/accounts/{cast.account(account).id}/announcements/"


def today() -> date:
    return timezone.localdate()


def told(title: str = "We move", account: str = "", by: str = "ada", **words) -> Announcement:
    with cast.inside():
        where = cast.account(account) if account else None
        words = {"starts_on": today(), **words}
        return announcements.publish(by=cast.viewer(by, account), account=where, title=title, **words)


def form(**words) -> dict[str, str]:
    return {"title": "We move", "body": "To **Pier 4**.", "starts_on": str(today()), "ends_on": "", **words}


def test_what_all_are_told_stands_on_every_home_as_it_is_written():
    assert cast.visitor("ada").post(f"{LIST}new/", form()).status_code == 303
    for who, account in (("priya", "Northwind"), ("carla", "Cobalt"), ("iris", "Juniper")):
        page = home(who, account)
        assert "We move" in page
        assert "To <strong>Pier 4</strong>." in page
    with cast.inside():
        entry = AuditEntry.objects.get(verb="announcement.published")
        assert (entry.account, entry.object_label, entry.details["told"]["body"]) == (None, "We move", "To **Pier 4**.")


def test_what_one_account_is_told_no_other_reads():
    assert cast.visitor("sam").post(f"{of_account()}new/", form(title="Only for Northwind")).status_code == 303
    assert "Only for Northwind" in home()
    for who, account in (("carla", "Cobalt"), ("iris", "Juniper")):
        assert "Only for Northwind" not in home(who, account)
    assert "Only for Northwind" in html.unescape(text_of(cast.visitor("ada").get(LIST)))


def test_another_organization_hears_nothing():
    told()
    assert "We move" not in html.unescape(
        text_of(cast.visitor("mia").get(f"/portal/{cast.account('Marigold').id}/", follow=True))
    )


@pytest.mark.parametrize(
    ("starts", "ends", "runs"), [(0, None, True), (-3, 0, True), (-3, -1, False), (1, None, False), (0, 0, True)]
)
def test_it_stands_from_its_first_to_its_last_day(starts: int, ends: int | None, runs: bool):
    told(starts_on=today() + timedelta(starts), ends_on=None if ends is None else today() + timedelta(ends))
    assert ("We move" in home()) == runs


def test_the_days_are_those_of_the_reader():
    kiritimati = timezone.localdate(timezone=ZoneInfo("Pacific/Kiritimati"))
    told(starts_on=kiritimati, ends_on=kiritimati)
    with cast.inside():
        Account.objects.filter(pk=cast.account("Northwind").pk).update(time_zone="Pacific/Kiritimati")
        Account.objects.filter(pk=cast.account("Cobalt").pk).update(time_zone="Pacific/Pago_Pago")
    assert "We move" in home()
    assert "We move" not in home("carla", "Cobalt")  # 25 hours behind: never the same day


def test_markdown_does_no_harm():
    told(body="<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://x.example/i.png)")
    page = text_of(cast.visitor("priya").get(f"/portal/{cast.account('Northwind').id}/"))
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<img" not in page


def test_a_mistake_is_told_at_its_field_and_nothing_is_lost():
    response = cast.visitor("ada").post(f"{LIST}new/", form(ends_on=str(today() - timedelta(days=1)), title=""))
    page = html.unescape(text_of(response))
    assert response.status_code == 422
    assert "Enter what it is about." in page
    assert "To **Pier 4**." in page
    response = cast.visitor("ada").post(f"{LIST}new/", form(ends_on=str(today() - timedelta(days=1))))
    assert response.status_code == 422
    assert "The last day is before the first." in html.unescape(text_of(response))


def test_a_change_keeps_old_and_new():
    one = told()
    assert (
        cast.visitor("ada").post(f"{LIST}{one.id}/", form(title="We moved", revision="1", body="")).status_code == 303
    )
    with cast.inside():
        entry = AuditEntry.objects.get(verb="announcement.changed")
        assert entry.details["changes"] == {"title": ["We move", "We moved"]}


def test_two_who_change_it_at_once_do_not_overwrite_each_other():
    one = told()
    cast.visitor("ada").post(f"{LIST}{one.id}/", form(title="Theirs", revision="1"))
    response = cast.visitor("ada").post(f"{LIST}{one.id}/", form(title="Mine", revision="1"))
    page = html.unescape(text_of(response))
    assert response.status_code == 409
    assert "Somebody else changed this meanwhile" in page
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert cast.visitor("ada").post(f"{LIST}{one.id}/", form(title="Mine", revision="2")).status_code == 303


def test_ending_takes_it_off_home():
    one = told(starts_on=today() - timedelta(days=5))
    cast.visitor("ada").post(f"{LIST}{one.id}/end/")
    assert "We move" not in home()


def test_removing_can_be_taken_back():
    one, ada = told(), cast.visitor("ada")
    ada.post(f"{LIST}{one.id}/removal/")
    assert "We move" not in home()
    page = html.unescape(text_of(ada.get(LIST)))
    undo = re.findall(r'action="([^"]+/return/)"', page)[0]
    ada.post(undo)
    assert "We move" in home()


def test_an_account_executive_does_not_touch_what_all_are_told():
    one = told()
    for end in ("", "end/", "removal/", "return/"):
        assert cast.visitor("sam").post(f"{LIST}{one.id}/{end}", form(revision="1")).status_code == 404
        assert cast.visitor("sam").post(f"{of_account()}{one.id}/{end}", form(revision="1")).status_code == 404
    assert "We move" in home()


def test_what_one_account_is_told_is_out_of_reach_from_another():
    one = told(account="Northwind", by="sam")
    assert cast.visitor("sam").get(f"{of_account('Juniper')}{one.id}/").status_code == 404
    assert cast.visitor("lena").post(f"{of_account()}{one.id}/removal/").status_code == 404
    assert cast.visitor("priya").post(f"{of_account()}{one.id}/removal/").status_code == 403


def test_the_list_is_narrowed_by_state_and_asks_the_same_number_of_queries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    told("Over", starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1))
    told("Later", starts_on=today() + timedelta(days=9))
    told("Now", account="Northwind", by="sam")
    ada, counts = cast.visitor("ada"), []
    for state, title in (("ended", "Over"), ("planned", "Later"), ("running", "Now")):
        page = html.unescape(text_of(ada.get(f"{LIST}?state={state}")))
        assert [one for one in ("Over", "Later", "Now") if f">{one}</a>" in page] == [title]
    for total in (3, 20):
        while True:
            with cast.inside():
                if Announcement.objects.count() >= total:
                    break
            told("More", account="Northwind", by="sam")
        with CaptureQueriesContext(connection) as captured:
            ada.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[1]
