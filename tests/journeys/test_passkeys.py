"""A passkey, as a browser makes and uses it: made once, then signing in without a password, and as the second factor."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.demo.cast import PASSWORD
from tests import cast
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready


class Device:
    """The device's own authenticator, played by the browser: it knows its owner, who is always there to confirm."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def kept(self) -> list[dict]:
        """This will list what the device keeps."""
        kept: list[dict] = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
        return kept

    def recognize_its_owner(self, does: bool) -> None:
        """This will let the owner's finger pass, or not."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": does})


@pytest.fixture
def device(page: Page) -> Device:
    return Device(page)


def to_security(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Your menu")).click()
    page.get_by_role("link", name="Your profile").click()
    page.get_by_role("link", name="Security").click()
    expect(page.get_by_role("heading", level=1, name="Security")).to_be_visible()


def add_key(page: Page, name: str, *, instead_of_a_password: bool) -> None:
    """This will add a key from the page of security on; the password is typed once more on the way."""
    to_security(page)
    page.get_by_role("link", name=re.compile("^(Set up|Manage)$")).click()
    page.get_by_role("listitem").filter(has_text="Passkeys and security keys").get_by_role("link").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name of the key").fill(name)
    page.get_by_label(re.compile("^Sign in with it alone")).set_checked(instead_of_a_password)
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Your menu")).click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    ready(page)


def test_a_passkey_is_made_and_opens_the_portal_without_a_password(live_portal, page, device):
    sign_in(page, live_portal, "priya")
    add_key(page, "Laptop", instead_of_a_password=True)
    assert [key["isResidentCredential"] for key in device.kept()] == [True]
    page.get_by_role("link", name="Security").click()
    expect(page.get_by_role("listitem").filter(has_text="Second factor")).to_contain_text("On")

    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"^[^?]*/portal/"))
    expect(page.get_by_role("button", name=re.compile("^Your menu"))).to_contain_text("Priya")


def test_a_passkey_leads_to_the_page_one_was_sent_to(live_portal, page, device):
    sign_in(page, live_portal, "priya")
    add_key(page, "Laptop", instead_of_a_password=True)
    sign_out(page)
    wanted = f"/portal/{cast.account('Northwind').pk}/company/"
    page.goto(live_portal.url(wanted))
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(f"^[^?]*{wanted}$"))


def test_a_key_is_the_second_factor_after_the_password(live_portal, page, device):
    sign_in(page, live_portal, "sam")
    add_key(page, "Key on the ring", instead_of_a_password=False)
    sign_out(page)
    page.get_by_label(re.compile("^E-?mail", re.I)).fill(cast.EMAILS["sam"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a key").click()
    page.wait_for_url(re.compile(r"^[^?]*/staff/"))


def test_whom_the_device_does_not_recognize_it_does_not_let_in(live_portal, page, device):
    sign_in(page, live_portal, "priya")
    add_key(page, "Laptop", instead_of_a_password=True)
    sign_out(page)
    device.recognize_its_owner(False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Sign in with your password")
    assert "/account/login/" in page.url


def test_a_key_that_was_removed_says_that_it_opens_nothing(live_portal, page, device):
    sign_in(page, live_portal, "priya")
    add_key(page, "Laptop", instead_of_a_password=True)
    page.get_by_role("link", name="Security").click()
    page.get_by_role("link", name="Manage").click()
    page.get_by_role("listitem").filter(has_text="Passkeys and security keys").get_by_role("link").click()
    page.get_by_role("link", name=re.compile("^Remove")).click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No keys yet.")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("This passkey opens nothing here any more.")).to_be_visible()
