"""One's own pages stand in the frame one came from, with a way back; and whoever must set up a second factor gets through."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import memberships
from portal.demo.cast import PASSWORD
from tests import cast

pytestmark = pytest.mark.django_db

OWN = ["profile", "security", "mfa_index", "account_change_password"]


def home_of(account: str) -> str:
    return reverse("client:home", args=[cast.account(account).pk])


def body(visitor, name: str) -> str:
    answer = visitor.get(reverse(name))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def in_two_accounts():
    """This will make Dora of Northwind a client of Alder, which comes first by name."""
    with cast.inside():
        memberships.add(by=cast.viewer("ada"), email=cast.EMAILS["dora"], name="", account=cast.account("Alder"))


@pytest.mark.parametrize("name", OWN)
def test_clients_keep_their_portal_around_them(name: str):
    page = body(cast.visitor("priya"), name)
    assert "shell-client" in page and f'href="{home_of("Northwind")}"' in page
    assert reverse("client:notification_choices", args=[cast.account("Northwind").pk]) in page
    assert reverse("staff:overview") not in page


@pytest.mark.parametrize("name", OWN)
def test_staff_keep_the_admin_area_around_them(name: str):
    page = body(cast.visitor("sam"), name)
    assert "shell-staff" in page and reverse("staff:accounts") in page and reverse("staff:notification_choices") in page


def test_the_menu_says_where_one_is():
    for name, label in (("profile", "Profile"), ("security", "Security"), ("mfa_index", "Security")):
        page = body(cast.visitor("priya"), name)
        menu = page.partition('aria-label="Your settings"')[2].partition("</nav>")[0]
        assert label in menu.partition('aria-current="page"')[2].partition("</a>")[0]
        assert menu.count("aria-current") == 1


def test_the_top_bar_leads_staff_to_the_page():
    for name, steps in (("profile", ["Profile"]), ("mfa_index", ["Security", "Second factor"])):
        page = body(cast.visitor("sam"), name)
        way = page.partition('aria-label="Breadcrumb"')[2].partition("</nav>")[0]
        assert [step for step in ("Profile", "Security", "Second factor") if step in way] == steps
        assert way.count("<a ") == len(steps) - 1, "the last one is here"


def test_who_is_in_two_accounts_stays_in_the_one_they_were_in_last(in_two_accounts):
    dora = cast.visitor("dora")
    assert home_of("Alder") in body(dora, "profile"), "none yet: the first by name"
    assert dora.get(home_of("Northwind")).status_code == 200
    assert home_of("Northwind") in body(dora, "profile")
    assert dora.get(reverse("notification_choices"))["Location"] == reverse(
        "client:notification_choices", args=[cast.account("Northwind").pk]
    )
    assert dora.get(home_of("Alder")).status_code == 200
    assert home_of("Alder") in body(dora, "security")


def test_an_account_that_was_lost_is_no_frame_any_more(in_two_accounts):
    dora = cast.visitor("dora")
    assert dora.get(home_of("Alder")).status_code == 200
    with cast.inside():
        member = cast.person("dora").memberships.get(account=cast.account("Alder"))
        memberships.remove(by=cast.viewer("ada"), membership=member)
    page = body(dora, "profile")
    assert home_of("Northwind") in page and home_of("Alder") not in page


def test_who_wears_both_hats_gets_the_side_they_come_from():
    theo = cast.visitor("theo")
    assert "shell-staff" in body(theo, "profile")
    assert theo.get(home_of("Cobalt")).status_code == 200
    assert "shell-client" in body(theo, "profile")
    assert theo.get(reverse("staff:overview")).status_code == 200
    assert "shell-staff" in body(theo, "profile")


def test_who_has_no_account_stands_in_the_plain_frame_with_a_way_back():
    page = body(cast.visitor("noor"), "profile")
    assert "shell-plain" in page and 'href="/"' in page and reverse("account_logout") in page
    assert "/notifications/choices/" not in page


def test_who_must_set_up_a_second_factor_first_sees_no_link_that_only_leads_back(settings):
    settings.STAFF_SECOND_FACTOR = True
    sam = cast.visitor(at="harbor")
    sam.post(reverse("account_login"), {"login": cast.EMAILS["sam"], "password": PASSWORD})
    for name in ("mfa_index", "profile", "security"):
        page = body(sam, name)
        assert "Set one up, and the portal opens." in page
        assert "/staff/" not in page and "Back to the portal" not in page and 'href="/"' not in page
        assert reverse("account_logout") in page
    Authenticator.objects.create(user=cast.person("sam"), type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert "shell-staff" in body(sam, "security")


def test_strangers_to_the_frame_are_asked_to_sign_in():
    for name in OWN:
        assert "/account/login/" in cast.visitor().get(reverse(name))["Location"]


def test_the_frame_costs_the_same_however_many_accounts(in_two_accounts):
    counts = []
    for name in ("priya", "dora"):
        visitor = cast.visitor(name)
        visitor.get(reverse("security"))
        with CaptureQueriesContext(connection) as queries:
            visitor.get(reverse("security"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
