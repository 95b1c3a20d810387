"""One's own page, and the second factor of a sign-in."""

import pytest
from allauth.account import adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail as post
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import tasks
from accounts.actions import second_factors
from accounts.mail.mail_kinds import HAPPENED
from accounts.models import AuditEntry
from accounts.second_factors import HELD, HOLDS_FOR
from portal.demo.cast import PASSWORD
from tests import cast

pytestmark = pytest.mark.django_db


def code_for(secret: str) -> str:
    """This will be what an app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def signed_in(name: str, host: str = "harbor"):
    """This will sign in with the password, as a browser does."""
    visitor = cast.visitor(at=host)
    answer = visitor.post(reverse("account_login"), {"login": cast.person(name).email, "password": PASSWORD})
    return visitor, answer


def confirm(visitor) -> None:
    """This will type the password once more, which whatever guards the sign-in asks for."""
    assert visitor.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def set_up(visitor) -> str:
    """This will set up an authenticator app, and return its key."""
    confirm(visitor)
    page = visitor.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = visitor.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer.status_code == 302
    return secret


def test_what_one_says_of_oneself_is_kept_and_noted():
    visitor = cast.visitor("priya")
    answer = visitor.post(
        reverse("profile"), {"name": "Priya N. Nair", "phone": "+1 555 0100", "time_zone": "Europe/Madrid"}
    )
    assert answer.status_code == 303
    priya = cast.person("priya")
    assert (priya.name, priya.phone, priya.time_zone) == ("Priya N. Nair", "+1 555 0100", "Europe/Madrid")
    with cast.inside():
        entry = AuditEntry.objects.get(verb="profile.changed")
        assert entry.details["changes"]["time_zone"] == ["", "Europe/Madrid"]


def test_a_name_is_needed_and_what_was_typed_stays():
    answer = cast.visitor("priya").post(
        reverse("profile"), {"name": "", "phone": "555"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "Enter your name" in answer.content.decode()
    assert 'value="555"' in answer.content.decode()


def test_nobody_changes_their_e_mail_or_their_rights_here():
    cast.visitor("dora").post(
        reverse("profile"),
        {"name": "Dora", "email": "ada@harbor.example", "is_staff": "1", "is_superuser": "1", "role": "admin"},
    )
    dora = cast.person("dora")
    assert (dora.email, dora.is_staff, dora.is_superuser) == (cast.EMAILS["dora"], False, False)


def test_signing_out_elsewhere_ends_every_session_but_this_one():
    here, elsewhere = signed_in("priya")[0], signed_in("priya")[0]
    assert here.post(reverse("profile_sessions_end")).status_code == 303
    assert here.get(reverse("profile")).status_code == 200
    assert "/account/login/" in elsewhere.get(reverse("profile"))["Location"]


def test_with_an_app_set_up_a_password_alone_opens_nothing():
    visitor, _answer = signed_in("sam")
    secret = set_up(visitor)
    thief, answer = signed_in("sam")
    assert answer["Location"].endswith(reverse("mfa_authenticate"))
    assert "/account/login/" in thief.get(reverse("staff:overview"))["Location"]
    assert thief.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert "/account/login/" in thief.get(reverse("staff:overview"))["Location"]
    assert thief.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).status_code == 302
    assert thief.get(reverse("staff:overview")).status_code == 200


@pytest.mark.parametrize("what", sorted(HAPPENED))
def test_what_became_of_a_sign_in_is_said_in_plain_words(what: str):
    sam = cast.person("sam")
    with cast.inside() as organization:
        adapter.get_adapter().send_notification_mail(f"account/email/{what}", sam)
        tasks.deliver_due(str(organization.pk))
    (letter,) = post.outbox
    assert letter.to == [sam.email] and letter.subject == str(HAPPENED[what])
    assert f"{HAPPENED[what]}." in letter.body and "tell Harbor IT" in letter.body


def test_the_app_s_key_cannot_be_read_in_the_database():
    visitor, _answer = signed_in("sam")
    secret = set_up(visitor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, '') FROM mfa_authenticator")
        assert secret not in cursor.fetchone()[0]


def test_the_page_draws_the_code_itself():
    visitor, _answer = signed_in("sam")
    confirm(visitor)
    page = visitor.get(reverse("mfa_activate_totp")).content.decode()
    assert '<svg class="qr"' in page
    assert "data:image" not in page


@pytest.mark.parametrize("name", ["mfa_index", "mfa_add_webauthn", "mfa_list_webauthn"])
def test_each_page_of_the_second_factor_opens(name: str):
    visitor, _answer = signed_in("sam")
    confirm(visitor)
    assert visitor.get(reverse(name)).status_code == 200


def test_a_session_left_open_sets_up_nothing_without_the_password():
    visitor, _answer = signed_in("sam")
    assert "/account/reauthenticate/" in visitor.get(reverse("mfa_activate_totp"))["Location"]


def test_recovery_codes_open_once():
    visitor, _answer = signed_in("sam")
    set_up(visitor)
    page = visitor.get(reverse("mfa_view_recovery_codes"))
    code = page.context["unused_codes"][0]
    assert code in page.content.decode()
    for expected in (302, 200):
        back, _answer = signed_in("sam")
        assert back.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_where_staff_need_one_they_set_it_up_before_anything_else(settings):
    settings.STAFF_SECOND_FACTOR = True
    visitor, _answer = signed_in("sam")
    assert visitor.get(reverse("staff:overview"))["Location"] == reverse("mfa_index")
    part = visitor.get(reverse("staff:overview"), headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, reverse("mfa_index"))
    set_up(visitor)
    assert visitor.get(reverse("staff:overview")).status_code == 200


def test_who_took_their_last_one_away_is_asked_again(settings):
    settings.STAFF_SECOND_FACTOR = True
    visitor, _answer = signed_in("sam")
    set_up(visitor)
    page = reverse("staff:overview")
    assert visitor.get(page).status_code == 200
    Authenticator.objects.filter(user=cast.person("sam")).delete()
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(page).status_code == 200
    assert not [one for one in queries if "mfa_authenticator" in one["sql"]], "not at every click"
    session = visitor.session
    session[HELD] -= HOLDS_FOR
    session.save()
    assert visitor.get(page)["Location"] == reverse("mfa_index")
    assert HELD not in visitor.session


def test_clients_may_and_need_not(settings):
    settings.STAFF_SECOND_FACTOR = True
    visitor, _answer = signed_in("priya")
    home = reverse("client:home", args=[cast.account("Northwind").pk])
    assert visitor.get(home).status_code == 200


def test_an_admin_takes_a_lost_one_away_and_ends_the_sessions():
    visitor, _answer = signed_in("sam")
    set_up(visitor)
    with cast.inside():
        assert second_factors.reset(by=cast.viewer("ada"), user=cast.person("sam"))
        assert not second_factors.reset(by=cast.viewer("ada"), user=cast.person("sam"))
        assert AuditEntry.objects.filter(verb="person.second_factor_reset").count() == 1
    assert not Authenticator.objects.filter(user=cast.person("sam")).exists()
    assert "/account/login/" in visitor.get(reverse("staff:overview"))["Location"]


@pytest.mark.parametrize(("who", "whose"), [("sam", "priya"), ("priya", "dora"), ("ada", "ada"), ("ada", "amara")])
def test_nobody_else_does(who: str, whose: str):
    with cast.inside():
        by = cast.viewer(who, "Northwind") if who == "priya" else cast.viewer(who)
        with pytest.raises(PermissionDenied):
            second_factors.reset(by=by, user=cast.person(whose))


def test_there_is_no_profile_in_a_preview():
    visitor = cast.visitor("sam")
    with cast.inside():
        visitor.post(reverse("staff:preview", args=[cast.account("Northwind").pk]), {"viewpoint": "client"})
    assert visitor.get("/preview/client/account/profile/").status_code == 404
