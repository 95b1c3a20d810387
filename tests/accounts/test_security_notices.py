"""What became of a sign-in is told by mail, also where it is certain only after the request."""

from django.urls import reverse

from accounts.mail.mail_kinds import SECURITY_NOTICE
from accounts.models import Mail
from tests import cast
from tests.accounts.test_profile import set_up, signed_in


def test_setting_up_an_app_is_told_by_mail_when_it_is_certain(fresh_database: str):
    """Really committed: what follows a commit runs when the request, and allauth's context with it, is over."""
    visitor, _answer = signed_in("sam")
    set_up(visitor)
    (what, to_email) = only_notice()
    assert (what, to_email) == ("totp_activated", cast.EMAILS["sam"])
    codes = visitor.post(reverse("mfa_generate_recovery_codes"))
    assert codes.status_code == 302
    assert told() == ["recovery_codes_generated", "totp_activated"]
    assert visitor.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert told() == ["recovery_codes_generated", "totp_activated", "totp_deactivated"]


def notices() -> list[tuple[str, str]]:
    with cast.inside():
        rows = Mail.objects.filter(kind=SECURITY_NOTICE).values_list("data__what", "to_email")
        return sorted(rows)


def only_notice() -> tuple[str, str]:
    (found,) = notices()
    return found


def told() -> list[str]:
    return [what for what, _to_email in notices()]
