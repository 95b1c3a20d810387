"""What a mail service reports: believed with its secret only, and only of the mail and the tenant it belongs to."""

import base64
import json
import sys
import types

import pytest
from django.test import Client, override_settings
from django.urls import clear_url_caches, path

import portal.urls
from accounts.actions import mails
from accounts.mail import mail_events
from accounts.models import AuditEntry, Mail, MailState
from portal.settings.environment import mail_service, mail_service_options, mailer
from portal.web.ids import uuid7
from tests import cast

pytestmark = pytest.mark.django_db

SECRET = "service:a-long-shared-secret"
SERVICE = "anymail+postmark://?server_token=abc"


@pytest.fixture
def service(monkeypatch):
    """A portal with a mail service set up, as production with one has it."""
    routes = types.ModuleType("routes_with_mail_events")
    product = [*portal.urls.urlpatterns, path("mail-events/", mail_events.mail_events, name="mail_events")]
    routes.__dict__.update(vars(portal.urls) | {"urlpatterns": product, "__name__": routes.__name__})
    monkeypatch.setitem(sys.modules, routes.__name__, routes)
    mail_events._service_view.cache_clear()
    with override_settings(
        MAIL_SERVICE=mail_service(SERVICE),
        ANYMAIL=mail_service_options(SERVICE, SECRET),
        ROOT_URLCONF=routes.__name__,
    ):
        yield Client(headers={"host": "harbor.localhost"}, enforce_csrf_checks=True)
    mail_events._service_view.cache_clear()
    clear_url_caches()


@pytest.fixture
def mail() -> Mail:
    with cast.inside():
        row = Mail.objects.create(
            organization=cast.organization(), account=cast.account("Northwind"), kind="assessments.invitation",
            key="one", about=uuid7(), to_email="robin@x.example", state=MailState.SENT,
        )  # fmt: skip
        return row


def report(service: Client, mail: Mail, what: str = "Bounce", secret: str = SECRET, **changes):
    event = {
        "RecordType": what, "MessageID": "0", "Type": "HardBounce", "TypeCode": 1, "Email": mail.to_email,
        "Recipient": mail.to_email, "Description": "The server was unable to deliver", "Details": "550 no such user",
        "DeliveredAt": "2026-11-22T09:00:00Z", "BouncedAt": "2026-11-22T09:00:00Z",
        "Metadata": {"organization": str(mail.organization_id), "mail": str(mail.pk)},
    }  # fmt: skip
    authorization = "Basic " + base64.b64encode(secret.encode()).decode()
    return service.post(
        "/mail-events/",
        json.dumps(event | changes),
        content_type="application/json",
        headers={"authorization": authorization},
    )


def state(mail: Mail) -> str:
    with cast.inside():
        return Mail.objects.get(pk=mail.pk).state


def test_a_bounce_is_written_down_with_what_the_other_server_said(service, mail):
    assert report(service, mail).status_code == 200
    assert state(mail) == MailState.BOUNCED
    with cast.inside():
        assert "550 no such user" in Mail.objects.get(pk=mail.pk).error
        assert AuditEntry.objects.filter(verb="mail.bounced", object_id=mail.pk).count() == 1


def test_a_delivery_is_written_down(service, mail):
    assert report(service, mail, "Delivery").status_code == 200
    assert state(mail) == MailState.DELIVERED


def test_what_nobody_was_certain_about_is_settled_by_a_delivery(service, mail):
    with cast.inside():
        Mail.objects.update(state=MailState.UNKNOWN)
    report(service, mail, "Delivery")
    assert state(mail) == MailState.DELIVERED


def test_an_opened_mail_is_nobody_s_business(service, mail):
    assert report(service, mail, "Open").status_code == 200
    assert state(mail) == MailState.SENT


@pytest.mark.parametrize("secret", ["service:wrong", "", ":"])
def test_a_report_without_the_secret_is_refused(service, mail, secret):
    assert report(service, mail, secret=secret).status_code == 400
    assert state(mail) == MailState.SENT


def test_a_report_of_another_tenant_s_mail_says_nothing(service, mail):
    with cast.inside("sunny"):
        other = str(cast.organization("sunny").pk)
    report(service, mail, Metadata={"organization": other, "mail": str(mail.pk)})
    assert state(mail) == MailState.SENT


@pytest.mark.parametrize(
    "changes",
    [
        {"Metadata": {}},
        {"Metadata": {"organization": "x", "mail": "y"}},
        {"Metadata": {"organization": None, "mail": 7}},
        {"Metadata": {"organization": str(uuid7()), "mail": str(uuid7())}},
        {"Recipient": "somebody@else.example", "Email": "somebody@else.example"},
    ],
)
def test_a_report_of_nobody_is_taken_and_changes_nothing(service, mail, changes):
    assert report(service, mail, **changes).status_code == 200
    assert state(mail) == MailState.SENT


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_reports_come_in_there(service, method):
    assert getattr(service, method)("/mail-events/").status_code == 405
    assert service.head("/mail-events/").status_code == 200


def test_a_page_without_a_mail_service_has_no_such_address():
    assert Client(headers={"host": "harbor.localhost"}).post("/mail-events/").status_code == 404


@pytest.mark.parametrize(
    "name",
    ["postmark", "mailgun", "mailjet", "mailersend", "mailtrap", "mandrill", "resend", "sparkpost", "brevo", "amazon-ses"],
)  # fmt: skip
def test_every_service_has_a_way_out_and_a_way_back(name):
    url = f"anymail+{name}://?api_key=abc"
    assert mailer(url)["BACKEND"] == f"anymail.backends.{name.replace('-', '_')}.EmailBackend"
    mail_events._service_view.cache_clear()
    with override_settings(MAIL_SERVICE=mail_service(url)):
        assert callable(mail_events._service_view())
    mail_events._service_view.cache_clear()


def test_what_goes_out_by_a_service_carries_what_comes_back(settings, mail):
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.test.EmailBackend", "OPTIONS": {}}}
    settings.ANYMAIL = mail_service_options(SERVICE, SECRET)
    from django.core import mail as post

    from accounts.mail import letters, mail_server, mailing

    with cast.inside():
        row = Mail.objects.select_related("organization").get(pk=mail.pk)
    message = letters.letter(row, mailing.Content("Subject", (mailing.Paragraph("Words"),)))
    outcome = mail_server.hand_over(message)
    assert outcome.fate == mail_server.Fate.TAKEN
    (sent,) = post.outbox
    assert sent.anymail_test_params["metadata"] == {"organization": str(mail.organization_id), "mail": str(mail.pk)}


def test_send_again_after_a_bounce(service, mail):
    report(service, mail)
    with cast.inside():
        row = Mail.objects.select_related("account").get(pk=mail.pk)
        mails.send_again(by=cast.viewer("sam", "Northwind"), mail=row)
    assert state(mail) == MailState.QUEUED
