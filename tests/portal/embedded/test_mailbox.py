"""The mailbox of the demo: everything readable, nothing in a mail can do anything."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import override_settings
from django.urls import NoReverseMatch, reverse

from portal.embedded import mailbox

in_files = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def client_of_demo(client, tmp_path, settings):
    settings.ROOT_URLCONF = "portal.embedded.urls"
    settings.MAIL_DIR = tmp_path
    client.defaults["HTTP_HOST"] = "harbor.localhost"
    return client


def write(folder, subject: str, body: str, html: str = "") -> None:
    with override_settings(MAILERS={"default": {"BACKEND": in_files, "OPTIONS": {"file_path": str(folder)}}}):
        message = EmailMultiAlternatives(subject, body, "portal@harbor.example", ["priya@northwind.example"])
        if html:
            message.attach_alternative(html, "text/html")
        message.send()


@pytest.mark.django_db
def test_an_empty_mailbox_says_so(client_of_demo):
    assert "No mail yet" in client_of_demo.get("/dev/mail/").content.decode()


@pytest.mark.django_db
def test_mails_are_listed_newest_first_and_shown_as_text(client_of_demo, tmp_path):
    write(tmp_path, "First", "one")
    write(tmp_path, "Zweite – größer", "Open http://harbor.localhost:8000/reset/abc\nline two", "<p>never rendered</p>")
    page = client_of_demo.get("/dev/mail/").content.decode()
    assert page.index("Zweite – größer") < page.index("First")
    key = mailbox.read(tmp_path)[0].key
    body = client_of_demo.get(f"/dev/mail/{key}/?as=text").content.decode()
    assert '<a href="http://harbor.localhost:8000/reset/abc"' in body
    assert "line two" in body
    assert "never rendered" not in body


@pytest.mark.django_db
def test_hostile_content_stays_text(client_of_demo, tmp_path):
    write(
        tmp_path, "<script>alert(1)</script>", "<img src=x onerror=alert(1)> javascript:alert(1)", "<script></script>"
    )
    key = mailbox.read(tmp_path)[0].key
    for address in ("/dev/mail/", f"/dev/mail/{key}/", f"/dev/mail/{key}/?as=text"):
        page = client_of_demo.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


@pytest.mark.django_db
def test_the_html_twin_is_a_document_of_its_own_in_a_sandbox(client_of_demo, tmp_path):
    write(tmp_path, "Hello", "text", "<p style='color: red'>Hello</p><script>alert(1)</script>")
    key = mailbox.read(tmp_path)[0].key
    page = client_of_demo.get(f"/dev/mail/{key}/")
    assert f'src="/dev/mail/{key}/html/"' in page.content.decode()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.content.decode()
    assert "unsafe" not in page["Content-Security-Policy"]
    twin = client_of_demo.get(f"/dev/mail/{key}/html/")
    policy = twin["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "default-src 'none'" in policy
    for power in (
        "allow-scripts",
        "allow-same-origin",
        "allow-forms",
        "script-src",
        "connect-src",
        "img-src *",
        "img-src http",
    ):
        assert power not in policy
    assert twin["X-Frame-Options"] == "SAMEORIGIN"
    assert twin["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_a_mail_without_a_twin_is_shown_as_text(client_of_demo, tmp_path):
    write(tmp_path, "Only text", "just words")
    key = mailbox.read(tmp_path)[0].key
    page = client_of_demo.get(f"/dev/mail/{key}/").content.decode()
    assert "just words" in page
    assert "<iframe" not in page
    assert client_of_demo.get(f"/dev/mail/{key}/html/").status_code == 404


def test_several_mails_of_one_file_are_told_apart(tmp_path):
    with override_settings(MAILERS={"default": {"BACKEND": in_files, "OPTIONS": {"file_path": str(tmp_path)}}}):
        mail.mailers.default.send_messages(
            [mail.EmailMessage(f"Number {n}", "text", "a@x.example", ["b@x.example"]) for n in range(3)]
        )
    assert [found.subject for found in mailbox.read(tmp_path)] == ["Number 2", "Number 1", "Number 0"]
    assert len({found.key for found in mailbox.read(tmp_path)}) == 3


@pytest.mark.django_db
def test_an_unknown_mail_is_not_found(client_of_demo):
    assert client_of_demo.get("/dev/mail/nothing/").status_code == 404


def test_only_the_demo_has_a_mailbox():
    with pytest.raises(NoReverseMatch):
        reverse("embedded:mailbox")
