"""Arranging Home: the Dashboard tab of an account, and the organization's default in the settings."""

import html
import re

import pytest

from accounts import dashboards
from accounts.actions import dashboards as arranging
from accounts.models import AuditEntry, DashboardLayout
from tests import cast
from tests.portal.client.stage import text_of

pytestmark = pytest.mark.django_db


def tab() -> str:
    return f"/staff/accounts/{cast.account('Northwind').id}/dashboard/"


def rows(page: str) -> list[str]:
    return re.findall(r'name="order" value="([a-z_]+)"', page)


def checked(page: str, name: str = "shown") -> set[str]:
    return set(re.findall(rf'name="{name}" value="([a-z_]+)" checked', page))


def form_of(page: str) -> dict[str, list[str]]:
    """This will be what the page's form would send."""
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    return {
        "order": rows(page), "shown": sorted(checked(page)), "locked": sorted(checked(page, "locked")),
        "revision": [revision.group(1)],
    }  # fmt: skip


def opened(who: str = "sam", address: str = "") -> str:
    response = cast.visitor(who).get(address or tab())
    assert response.status_code == 200
    return html.unescape(text_of(response))


def sent(who: str, form: dict, address: str = "", **headers: str):
    return cast.visitor(who).post(address or tab(), form, headers=headers)


def test_the_tab_lists_the_catalogue_in_its_order():
    page = opened()
    assert rows(page) == [one.key for one in dashboards.catalogue()]
    assert checked(page) == {one.key for one in dashboards.catalogue() if one.shown}
    assert "as the organization’s default" in page
    assert 'aria-current="page">Dashboard' in page


def test_moving_draws_the_page_anew_and_saves_nothing():
    page = html.unescape(text_of(sent("sam", form_of(opened()) | {"up": "waiting"})))
    assert rows(page)[:4] == ["announcements", "next_step", "waiting", "score"]
    assert "not saved yet" in page
    with cast.inside():
        assert not DashboardLayout.objects.exists()
    again = html.unescape(text_of(sent("sam", form_of(page) | {"down": "announcements"})))
    assert rows(again)[:2] == ["next_step", "announcements"]


def test_htmx_gets_the_part_alone():
    response = sent("sam", form_of(opened()) | {"up": "waiting"}, **{"HX-Request": "true"})
    assert response.content.decode().strip().startswith('<div id="arranging"')


def test_saving_keeps_the_order_says_who_and_offers_undo():
    form = form_of(opened()) | {"order": ["reports", "next_step"], "shown": ["reports", "next_step"], "save": "1"}
    response = sent("sam", form)
    assert response.status_code == 303
    with cast.inside():
        stored = DashboardLayout.objects.get(account=cast.account("Northwind"))
        entry = AuditEntry.objects.get(verb=arranging.ARRANGED)
        assert [row["key"] for row in stored.components][:2] == ["reports", "next_step"]
        assert stored.revision == 1
        old, new = entry.details["changes"]["components"]
        assert old.startswith("announcements next_step score")
        assert new.startswith("reports next_step announcements")
    sam = cast.visitor("sam")
    sam.post(tab(), form_of(opened()) | {"up": "next_step", "save": "1"})
    page = html.unescape(text_of(sam.get(tab())))
    assert "Saved. Clients see it the next time they open Home." in page
    assert "Moved Next step up" in page
    undo = re.findall(r'action="([^"]+/undo/)"', page)[0]
    sam.post(undo)
    assert rows(html.unescape(text_of(sam.get(tab()))))[:2] == ["reports", "next_step"]


def test_saving_what_the_default_says_keeps_nothing_of_its_own():
    sent("sam", form_of(opened()) | {"save": "1"})
    with cast.inside():
        assert not DashboardLayout.objects.exists()
        assert not AuditEntry.objects.filter(verb=arranging.ARRANGED).exists()


def test_somebody_elses_change_is_not_overwritten_and_the_draft_stays():
    mine = form_of(opened())
    sent("ada", mine | {"up": "waiting", "save": "1"})
    response = sent("sam", mine | {"up": "library", "save": "1"})
    page = html.unescape(text_of(response))
    assert response.status_code == 409
    assert "Ada Whitfield saved another order. Yours still stands below." in page
    assert rows(page).index("library") == rows(page).index("assessments") - 1
    assert sent("sam", form_of(page) | {"save": "1"}).status_code == 303


def test_an_undo_that_comes_too_late_says_so():
    sent("sam", form_of(opened()) | {"up": "waiting", "save": "1"})
    with cast.inside():
        change = AuditEntry.objects.get(verb=arranging.ARRANGED).id
    sent("sam", form_of(opened()) | {"up": "library", "save": "1"})
    sam = cast.visitor("sam")
    sam.post(f"{tab()}changes/{change}/undo/")
    assert "This cannot be taken back any more" in html.unescape(text_of(sam.get(tab())))


def test_an_earlier_order_is_restored():
    sent("sam", form_of(opened()) | {"up": "waiting", "save": "1"})
    first = rows(opened())
    with cast.inside():
        change = AuditEntry.objects.get(verb=arranging.ARRANGED).id
    sent("sam", form_of(opened()) | {"up": "library", "save": "1"})
    assert rows(opened()) != first
    sent("sam", {"revision": form_of(opened())["revision"]}, f"{tab()}changes/{change}/return/")
    assert rows(opened()) == first


def test_the_default_is_a_button_away():
    sent("sam", form_of(opened()) | {"up": "waiting", "save": "1"})
    page = opened()
    assert "own order" in page
    sent("sam", form_of(page) | {"reset": "1"})
    page = opened()
    assert rows(page) == [one.key for one in dashboards.catalogue()]
    assert "Back to the organization’s default" in page


def test_a_change_of_another_account_is_none_of_this_one():
    sent("ada", form_of(opened()) | {"up": "waiting", "save": "1"})
    with cast.inside():
        change = AuditEntry.objects.get(verb=arranging.ARRANGED).id
        other = f"/staff/accounts/{cast.account('Juniper').id}/dashboard/changes/{change}"
    assert cast.visitor("sam").post(f"{other}/undo/").status_code == 404
    assert cast.visitor("sam").post(f"{other}/return/", {"revision": "0"}).status_code == 404


# --- The organization's default -----------------------------------------------------------------------------------


DEFAULT = "/staff/settings/home/"


def test_what_an_admin_locks_an_account_executive_cannot_move():
    page = opened("ada", DEFAULT)
    sent("ada", form_of(page) | {"locked": ["score"], "save": "1"}, DEFAULT)
    page = opened("sam")
    assert "An Admin decides this one for all accounts" in page
    assert re.search(r'id="up-score"[^>]* disabled', page)
    assert re.search(r'id="show-score"[^>]* disabled', page)
    # A disabled switch is not sent: it stays shown all the same, and at its place.
    form = form_of(page)
    form |= {"shown": [key for key in form["shown"] if key != "score"], "order": ["score", *form["order"][:2]]}
    page = html.unescape(text_of(sent("sam", form | {"up": "score"})))
    assert rows(page).index("score") == 2
    assert "score" in checked(page)


def test_moving_passes_what_is_locked():
    sent("ada", form_of(opened("ada", DEFAULT)) | {"locked": ["score"], "save": "1"}, DEFAULT)
    page = html.unescape(text_of(sent("sam", form_of(opened()) | {"up": "waiting"})))
    assert rows(page)[:4] == ["announcements", "waiting", "score", "next_step"]


def test_the_default_moves_what_it_locks_and_tells_what_changed():
    form = form_of(opened("ada", DEFAULT)) | {"locked": ["score"], "up": "score", "save": "1"}
    form["shown"] = [key for key in form["shown"] if key != "library"]
    sent("ada", form, DEFAULT)
    page = opened("ada", DEFAULT)
    assert rows(page)[:2] == ["announcements", "score"]
    assert "Locked Resilience gauge, Hid From your Library, Moved Resilience gauge up" in page


@pytest.mark.parametrize("who", ["sam", "dana", "priya"])
def test_the_default_is_an_admins(who: str):
    assert cast.visitor(who).get(DEFAULT).status_code == 404
    assert cast.visitor(who).post(DEFAULT, {"order": ["score"], "save": "1"}).status_code == 404


def test_the_default_is_tried_at_an_account():
    page = opened("ada", DEFAULT)
    assert "Show the preview" in page
    assert ">Northwind Dental</option>" in page


# --- The preview beside the list --------------------------------------------------------------------------------


def test_the_preview_is_asked_for_and_noted():
    assert "<iframe" not in opened()
    page = html.unescape(text_of(sent("sam", form_of(opened()) | {"up": "waiting", "as": "billing", "look": "1"})))
    assert re.search(
        r'<iframe[^>]* src="/preview/billing/portal/[^"]+/\?layout=announcements\+next_step\+waiting', page
    )
    with cast.inside():
        entry = AuditEntry.objects.get(verb="preview.started")
        assert (entry.actor.email, entry.details["viewpoint"]) == (cast.EMAILS["sam"], "billing")
        assert not DashboardLayout.objects.exists()


def test_other_eyes_ask_again():
    page = html.unescape(text_of(sent("sam", form_of(opened()) | {"as": "billing", "look": "1"})))
    assert "<iframe" in page
    assert "<iframe" not in html.unescape(text_of(sent("sam", form_of(page) | {"as": "end-user"})))


# --- Layouts as plain data -----------------------------------------------------------------------------------------


def test_a_layout_in_one_line_reads_back_as_it_was():
    code = "!people -score next_step"
    with_rest = dashboards.code_of(dashboards.placed(dashboards.stored_of(code)))
    assert with_rest.startswith(code)
    assert dashboards.code_of(dashboards.placed(dashboards.stored_of(with_rest))) == with_rest


def test_what_is_no_component_is_left_out():
    assert dashboards.stored_of("nonsense !-people ' OR 1=1 score score") == [
        {"key": "people", "shown": False, "locked": True}, {"key": "score", "shown": True}, {"key": "score", "shown": True}
    ]  # fmt: skip
    places = dashboards.placed([{"key": "score"}, {"key": "score", "shown": False}, {"no": "key"}])
    assert [place.key for place in places].count("score") == 1


def test_only_as_much_is_told_to_have_moved_as_did():
    before = dashboards.code_of(dashboards.placed([]))
    places = dashboards.placed([])
    after = dashboards.code_of([*places[:3], places[-1], *places[3:-1]])
    assert dashboards.difference(before, after) == [f"Moved {places[-1].component.label} up"]
