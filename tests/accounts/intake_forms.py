"""What tests of intake share: an open form, and somebody who fills it in as a browser would."""

import re
from html import unescape
from unittest import mock

from django.http import HttpResponse
from django.test import Client

from accounts.actions import intake
from accounts.models import IntakeForm, IntakeSubmission
from tests import cast

TYPED = {
    "account_name": "Birch & Sons, Inc.",
    "account_industry": "238",
    "account_employees": "14",
    "account_website": "birch.example",
    "contact_name": "Olive Birch",
    "contact_email": "olive@birch.example",
    "contact_phone": "+1 555 010 0199",
    "contact_job_title": "Owner",
    "message": "We had two phishing mails this month.",
    "consent": "on",
}


def opened(name: str = "Become a client", **facts) -> IntakeForm:
    """This will make a form of Harbor IT and open it."""
    with cast.inside():
        ada = cast.viewer("ada")
        form = intake.create(by=ada, name=name)
        IntakeForm.objects.filter(pk=form.pk).update(**{"is_open": True, **facts})
        return IntakeForm.objects.select_related("organization").get(pk=form.pk)


def hidden(response: HttpResponse) -> dict[str, str | list[str]]:
    """This will read what a page carries along without showing it."""
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input type=\"hidden\"[^>]*>", response.content.decode()):
        name, value = (unescape(re.search(rf'{part}="([^"]*)"', tag)[1]) for part in ("name", "value"))
        if name != "csrfmiddlewaretoken":
            found[name] = (
                value
                if name not in found
                else [*([found[name]] if isinstance(found[name], str) else found[name]), value]
            )
    return found  # fmt: skip


def visitor(address: str = "203.0.113.7", host: str = "harbor") -> Client:
    """This will open a browser of a stranger."""
    return Client(headers={"host": f"{host}.localhost"}, REMOTE_ADDR=address)


def slowly():
    """This will let a minute go by between opening a form and sending it, as it does for people."""
    return mock.patch("accounts.intake.guards.Opening.seconds", new_callable=mock.PropertyMock, return_value=60)


def filled(form: IntakeForm, browser: Client | None = None, seconds: int = 60, **typed: str) -> HttpResponse:
    """This will fill in both steps and send the form; the answer to sending it."""
    browser = browser or visitor()
    address = f"/intake/{form.slug}/"
    told = TYPED | typed
    with mock.patch("accounts.intake.guards.Opening.seconds", new_callable=mock.PropertyMock, return_value=seconds):
        first = browser.get(address)
        assert first.status_code == 200
        company = {name: value for name, value in told.items() if name.startswith("account_")}
        second = browser.post(address, hidden(first) | company | {"go": "next"})
        person = {name: value for name, value in told.items() if not name.startswith("account_")}
        return browser.post(address, hidden(second) | person | {"go": "send"})


def submissions() -> list[IntakeSubmission]:
    """This will return all that Harbor IT got, the oldest first."""
    with cast.inside():
        return list(IntakeSubmission.objects.select_related("form", "organization").order_by("created_at", "id"))


def sent(form: IntakeForm, **typed: str) -> IntakeSubmission:
    """This will fill in the form and return what was stored."""
    browser = visitor(f"198.51.100.{len(submissions()) % 250 + 1}")
    response = filled(form, browser, **typed)
    assert response.status_code == 303, response.content.decode()
    return submissions()[-1]
