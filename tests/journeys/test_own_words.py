"""An Admin writes the invitation in the house's own words; a client wants to hear once a day, and gets one mail."""

import datetime
import re

from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from accounts import tasks
from accounts.actions import invitations, notifications
from accounts.models import Membership
from tests import cast
from tests.assessments import stage
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready


def deliver() -> None:
    tasks.deliver_due(str(cast.organization().pk))


def test_the_invitation_in_own_words(live_portal, new_page, browser_errors):
    ada = new_page()
    sign_in(ada, live_portal, "ada")
    ada.goto(live_portal.url("/staff/settings/email-templates/"))
    ready(ada)
    ada.get_by_role("link", name="Invitation to the portal").click()
    expect(ada.get_by_role("heading", name="Invitation to the portal")).to_be_visible()
    ready(ada)

    # What does not hold is said where it stands, before anything is sent.
    ada.get_by_label("Subject", exact=True).fill("{{ first_name }}, your key to {{ account }}")
    ada.get_by_label("Text").fill("Dear {{ frist_name }},\n\ncome **in**.")
    expect(ada.locator("#check")).to_contain_text("Did you mean “first_name”?")
    ada.get_by_label("Text").fill("Dear {{ first_name }},\n\ncome **in**.\n\n")
    expect(ada.locator("#check")).to_contain_text("The link is missing")
    # The frame follows by itself. It is a sandbox, which no script looks into: the answer it shows is read instead.
    with ada.expect_response(lambda answer: "/preview/" in answer.url and "Dear Priya," in answer.text()) as drawn:
        ada.get_by_role("button", name=re.compile(r"^\{\{ button \}\}")).click()
    assert drawn.value.headers["content-security-policy"].startswith("sandbox ")
    expect(ada.locator("#check")).to_contain_text("Priya, your key to Northwind Dental")
    ada.get_by_role("button", name="Activate").click()
    expect(ada.get_by_text("From now on, your words are sent.")).to_be_visible()

    mail.outbox.clear()
    with cast.inside():
        member = Membership.objects.select_related("user", "account").get(user=cast.person("dora"))
        invitations.invite(by=cast.viewer("ada"), membership=member)
    deliver()
    (letter,) = mail.outbox
    assert letter.subject == "Dora, your key to Northwind Dental"
    browser_errors.allow("Blocked script execution")  # the test's own script, in the sandbox
    assert "come in." in letter.body and "<strong>in</strong>" in letter.alternatives[0][0]
    browser_errors.allow("status of 422")  # the preview of what was still wrong


def test_once_a_day_is_one_mail_in_the_morning(live_portal, new_page):
    priya = new_page()
    sign_in(priya, live_portal, "priya")
    priya.get_by_role("link", name=re.compile("^Notifications")).first.click()
    priya.get_by_role("link", name="What you are told").first.click()
    priya.get_by_label("Results are ready: Email").select_option(label="Once a day")
    priya.get_by_role("button", name="Save").click()
    expect(priya.get_by_text("Saved.")).to_be_visible()

    mail.outbox.clear()
    with cast.inside():
        first = stage.released("priya")
        second = stage.released("priya", stage.launched("priya", first.definition))
    deliver()
    assert mail.outbox
    assert "priya@northwind.example" not in [letter.to[0] for letter in mail.outbox]

    # She finds both on the bell at once, and one mail with both the next morning.
    priya.reload()
    ready(priya)
    priya.get_by_role("link", name=re.compile("^Notifications")).first.click()
    expect(priya.get_by_role("link", name=re.compile("has released the results"))).to_have_count(2)
    morning = datetime.datetime.combine(
        timezone.now().astimezone(datetime.UTC).date() + datetime.timedelta(days=1), datetime.time(12), datetime.UTC
    )
    mail.outbox.clear()
    with cast.inside():
        assert notifications.send_digests(by=cast.system(), now=morning) == 1
    deliver()
    (letter,) = mail.outbox
    assert letter.to == ["priya@northwind.example"] and letter.subject == "Harbor IT: 2 things happened"
    assert letter.body.count("has released the results") == 2
    assert str(first.pk) in letter.body and str(second.pk) in letter.body
    priya.get_by_role("button", name="Mark all as read").click()
    expect(priya.get_by_text("marked as read")).to_be_visible()
    priya.get_by_role("button", name="Undo").click()
    expect(priya.get_by_role("button", name="Mark all as read")).to_be_visible()
