"""A company fills in the intake form on a phone; spam is set apart; an Admin merges one submission and accepts another,
who gets an invitation and an assessment."""

import re

from playwright.sync_api import Page, expect

from accounts.actions import intake
from accounts.models import Account, Contact, IntakeForm, IntakeSubmission, Mail, Membership
from assessments.models import Assessment
from library.models import Definition
from tests import cast
from tests.journeys.signing_in import sign_in
from tests.plugins.browser import ready

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def test_from_the_form_to_the_first_assessment(live_portal, new_page):
    with cast.inside("harbor"):
        definition = Definition.objects.get(key="business-resilience")
        form = intake.create(by=cast.viewer("ada"), name="Become a client")
        IntakeForm.objects.filter(pk=form.pk).update(is_open=True, definition=definition.pk)

    # A company nobody knows, on a phone: forgets a field, goes back, sends.
    phone = new_page(**PHONE)
    phone.goto(live_portal.url("/intake/"))
    phone.get_by_label("Company").fill("Birch & Sons")
    phone.get_by_label("People").fill("14")
    phone.get_by_role("button", name="Next").click()
    phone.get_by_label("Your name").fill("Olive Birch")
    phone.get_by_role("button", name="Back").click()
    expect(phone.get_by_label("Company")).to_have_value("Birch & Sons")
    phone.get_by_label("Website").fill("birch.example")
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_label("Your name")).to_have_value("Olive Birch")
    phone.get_by_label("Your email").fill("olive@birch.example")
    phone.get_by_label("Message").fill("We had two phishing mails this month.")
    phone.get_by_label(re.compile("^I agree")).check()
    send(phone)

    # A colleague of a client we have, and somebody who sells links.
    other = new_page()
    fill(other, live_portal, "Northwind Dental, Inc.", "hygienist@northwind.example", people="71")
    spammer = new_page()
    fill(spammer, live_portal, "www.cheap-links.example", "seo@links.example", people="1")

    # Ada finds two that wait, and the spam apart.
    ada = new_page()
    sign_in(ada, live_portal, "ada")
    ada.goto(live_portal.url("/staff/settings/intake-forms/submissions/"))
    ready(ada)
    rows = ada.locator("#rows tbody tr")
    expect(rows).to_have_count(2)
    ada.get_by_role("link", name=re.compile("^May be spam")).click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("A web address stands where a name belongs.")

    # One is Northwind: its number of people is taken, its name is not.
    ada.goto(live_portal.url("/staff/settings/intake-forms/submissions/"))
    ready(ada)
    ada.get_by_role("link", name="Northwind Dental, Inc.").click()
    expect(ada.get_by_text("Same company name")).to_be_visible()
    ada.get_by_role("link", name=re.compile("^Merge")).click()
    ada.get_by_label("Take People: 71").check()
    ada.get_by_role("button", name="Merge").click()
    expect(ada.get_by_text("What you chose is in Northwind Dental now.")).to_be_visible()

    # The other one is new: invited, with an assessment.
    ada.goto(live_portal.url("/staff/settings/intake-forms/submissions/"))
    ready(ada)
    ada.get_by_role("link", name="Birch & Sons").click()
    ada.get_by_role("link", name="Accept as a new account").click()
    expect(ada.get_by_label("Invite the contact to the portal")).to_be_checked()
    expect(ada.get_by_label("Start an assessment")).to_have_value(str(definition.pk))
    ada.get_by_role("button", name="Make the account").click()
    expect(ada.get_by_text("Birch & Sons is an account now.")).to_be_visible()

    with cast.inside("harbor"):
        northwind, birch = cast.account("Northwind"), Account.objects.get(name="Birch & Sons")
        assert (northwind.name, northwind.employees) == ("Northwind Dental", 71)
        assert Contact.objects.filter(account=northwind, email="hygienist@northwind.example").count() == 1
        member = Membership.objects.select_related("user").get(account=birch, role="client")
        assert member.user.email == "olive@birch.example"
        assert Assessment.objects.get(account=birch).definition_id == definition.pk
        kinds = set(Mail.objects.filter(to_email="olive@birch.example").values_list("kind", flat=True))
        assert {"accounts.intake_receipt", "accounts.invitation", "assessments.invitation"} <= kinds
        states = set(IntakeSubmission.objects.values_list("company", "state"))
        assert ("www.cheap-links.example", "waiting") in states
        assert not Mail.objects.filter(to_email="seo@links.example").exists()


def fill(page: Page, portal, company: str, email: str, people: str) -> None:
    page.goto(portal.url("/intake/"))
    page.get_by_label("Company").fill(company)
    page.get_by_label("People").fill(people)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Your name").fill("Robin Vale")
    page.get_by_label("Your email").fill(email)
    page.get_by_label(re.compile("^I agree")).check()
    send(page)


def send(page: Page) -> None:
    """This will send the form after the time a person needs: whoever is quicker looks like a program."""
    page.wait_for_timeout(4_500)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
