"""The review of intake: duplicates, the one decision, and what each decision makes."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import intake, mails
from accounts.intake import catalog, duplicates, merging
from accounts.models import Account, AuditEntry, Contact, IntakeSubmission, Mail, Membership, Site
from accounts.roles import PortalRole
from assessments.models import Assessment, Respondent
from library.models import Definition, LibraryEntry
from tests import cast

from .intake_forms import hidden, opened, sent, submissions

pytestmark = pytest.mark.django_db

SUBMISSIONS = "/staff/settings/intake-forms/submissions/"


def test_the_queue_shows_what_waits_and_keeps_spam_apart():
    form = opened()
    sent(form)
    sent(form, account_name="Cheap Pills", leave_empty="x", contact_email="x@spam.example")
    ada = cast.visitor("ada")
    page = ada.get(SUBMISSIONS)
    assert [row.company for row in page.context["rows"]] == ["Birch & Sons, Inc."]
    assert {tab.state: tab.count for tab in page.context["tabs"]} == {
        "waiting": 1, "suspicious": 1, "accepted": 0, "merged": 0, "rejected": 0, "all": 2,
    }  # fmt: skip
    spam = ada.get(f"{SUBMISSIONS}?state=suspicious")
    assert [row.company for row in spam.context["rows"]] == ["Cheap Pills"]
    assert "A field that people do not see was filled in." in spam.content.decode()
    assert [item["count"] for item in page.context["settings_pages"] if item["count"]] == [1]
    assert [row.company for row in ada.get(f"{SUBMISSIONS}?state=all&q=birch+sons").context["rows"]] == [
        "Birch & Sons, Inc."
    ]
    for nonsense in ("?state=x", "?form=x", "?q=%00", "?page=99", "?form=%27"):
        assert ada.get(SUBMISSIONS + nonsense).status_code == 200
    for who in ("sam", "priya", "carla", "theo"):
        assert cast.visitor(who).get(SUBMISSIONS).status_code == 404


def test_the_number_of_queries_is_the_same_for_few_and_many():
    form, counts = opened(), set()
    ada = cast.visitor("ada")
    ada.get(f"{SUBMISSIONS}?state=all")
    for many in (1, 3, 40):
        for number in range(len(submissions()), many):
            sent(form, account_name=f"Company {number}", contact_email=f"{number}@x.example", message=f"{number}")
        with CaptureQueriesContext(
            connection,
        ) as found:
            ada.get(f"{SUBMISSIONS}?state=all")
        counts.add(len(found))
    assert len(counts) == 1


def test_the_detail_shows_everything_as_text():
    stored = sent(opened(), message="<b>Bold</b>\nSecond line", account_name="A <i>B</i>")
    page = cast.visitor("ada").get(f"{SUBMISSIONS}{stored.pk}/").content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt;<br>Second line" in page
    assert "<b>Bold" not in page
    assert "Specialty Trade Contractors" in page
    assert "Agreed to, version 1" in page


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Birch & Sons, Inc.", "birch sons"),
        ("BIRCH SONS", "birch sons"),
        ("Birch and Sons GmbH & Co. KG", "birch sons"),
        ("Bäcker B.V.", "backer"),
        ("The Company", "the company"),
        ("株式会社", "株式会社"),
        ("", ""),
    ],
)
def test_names_are_compared_without_legal_forms_and_accents(name, plain):
    assert duplicates.plain_name(name) == plain


def test_duplicates_are_found_by_name_website_and_e_mail_but_not_by_a_public_mailbox():
    with cast.inside():
        ada = cast.viewer("ada")

        def reasons(**values):
            return {match.account.name: match.reasons for match in duplicates.found(ada, values)}

        assert reasons(**{"account.name": "NORTHWIND DENTAL, Inc."}) == {"Northwind Dental": ["Same company name"]}
        by_mail = reasons(**{"account.name": "X", "contact.email": "priya@northwind.example"})
        assert "Same email: priya@northwind.example" in by_mail["Northwind Dental"]
        assert "Emails at northwind.example" in by_mail["Northwind Dental"]
        Account.objects.filter(name="Northwind Dental").update(website="https://www.northwind.example/en")
        assert "Same website: northwind.example" in reasons(
            **{"account.name": "X", "account.website": "http://northwind.example"}
        ).get("Northwind Dental", [])
        northwind = cast.account("Northwind")
        Contact.objects.create(
            organization=northwind.organization, account=northwind, name="Private", email="somebody@gmail.com"
        )
        assert reasons(**{"account.name": "X", "contact.email": "else@gmail.com"}) == {}
        assert "Northwind Dental" in reasons(**{"account.name": "X", "contact.email": "Somebody@Gmail.com"})


def test_accepting_makes_the_account_its_contact_and_what_was_put_right():
    stored = sent(opened())
    address = f"{SUBMISSIONS}{stored.pk}/acceptance/"
    ada = cast.visitor("ada")
    page = ada.get(address)
    assert 'value="Birch &amp; Sons, Inc."' in page.content.decode()
    typed = {
        "account_name": "Birch and Sons", "account_industry": "238", "account_employees": "15",
        "account_website": "https://birch.example", "contact_name": "Olive Birch",
        "contact_email": "olive@birch.example", "contact_phone": "+1 555 010 0199", "site_city": "Portland",
        "sites": "Yard",
    }  # fmt: skip
    answer = ada.post(address, typed)
    assert answer.status_code == 303, answer.content.decode()
    with cast.inside():
        account = Account.objects.get(name="Birch and Sons")
        assert (account.employees, account.industry, account.website) == (15, "238", "https://birch.example")
        contact = Contact.objects.get(account=account)
        assert (contact.name, contact.email, contact.is_primary) == ("Olive Birch", "olive@birch.example", True)
        assert set(Site.objects.filter(account=account).values_list("name", flat=True)) == {"Portland", "Yard"}
        stored.refresh_from_db()
        assert (stored.state, stored.account_id, stored.decided_by.name) == ("accepted", account.pk, "Ada Whitfield")
        assert AuditEntry.objects.filter(verb="intake.accepted", account=account).exists()
        assert not Membership.objects.filter(account=account).exists()
    again = ada.post(address, typed | {"account_name": "Birch Twice"})
    assert again.status_code == 409
    assert "has decided about this submission: accepted as new." in again.content.decode()
    assert ada.get(address).status_code == 409
    with cast.inside():
        assert not Account.objects.filter(name="Birch Twice").exists()


def test_a_name_that_is_taken_is_told_at_its_field_and_the_submission_still_waits():
    stored = sent(opened(), account_name="Northwind Dental")
    ada = cast.visitor("ada")
    answer = ada.post(
        f"{SUBMISSIONS}{stored.pk}/acceptance/",
        {"account_name": "Northwind Dental", "contact_name": "O", "contact_email": "o@o.example"},
    )
    assert answer.status_code == 422
    assert "already has this name" in answer.content.decode()
    [now] = submissions()
    assert now.state == "waiting"
    assert now.decided_by is None


def test_accepting_may_invite_the_contact_and_start_an_assessment():
    stored = sent(opened())
    with cast.inside():
        ada = cast.viewer("ada")
        definition = Definition.objects.get(key="business-resilience")
        account = intake.accept(
            by=ada, submission=stored, values=stored.values,
            wished=intake.Wished(invites=True, portal_roles=[PortalRole.COMPANY_ADMIN], definition=definition.pk),
        )  # fmt: skip
        member = Membership.objects.select_related("user").get(account=account, role="client")
        assert (member.user.email, member.portal_roles) == ("olive@birch.example", ["company_admin"])
        assert Contact.objects.get(account=account).user_id == member.user_id
        assert LibraryEntry.objects.filter(account=account, definition=definition).exists()
        run = Assessment.objects.get(account=account)
        assert Respondent.objects.get(assessment=run).user_id == member.user_id
        kinds = set(Mail.objects.filter(account=account).values_list("kind", flat=True))
        assert {"accounts.invitation", "assessments.invitation"} <= kinds


def test_accepting_without_a_login_asks_the_contact_through_a_link():
    stored = sent(opened())
    with cast.inside():
        definition = Definition.objects.get(key="business-resilience")
        account = intake.accept(
            by=cast.viewer("ada"), submission=stored, values=stored.values,
            wished=intake.Wished(definition=definition.pk),
        )  # fmt: skip
        asked = Respondent.objects.get(assessment__account=account)
        assert (asked.user_id, asked.email) == (None, "olive@birch.example")


def test_only_what_may_be_started_is_offered_and_nothing_else_can_be_named():
    form = opened()
    page = cast.visitor("ada").get(f"{SUBMISSIONS}{sent(form).pk}/acceptance/")
    offered = dict(page.context["form"].fields["definition"].choices)
    with cast.inside():
        launchable = Definition.objects.launchable().top_level().values_list("pk", flat=True)
        assert set(offered) == {"", *map(str, launchable)}


def test_merging_takes_what_was_chosen_and_overwrites_nothing_else():
    form = opened()
    stored = sent(
        form, account_name="Northwind Dental Group", account_employees="99", sites_="", account_website="nw.example"
    )
    with cast.inside():
        northwind = cast.account("Northwind")
        known = catalog.entries(form.organization)
        plan = merging.plan(cast.viewer("ada"), stored, northwind, known)
        keys = {one.key for one in plan.facts}
        assert {"account.name", "account.employees"} <= keys
        before = (northwind.name, northwind.industry, northwind.phone)
    ada = cast.visitor("ada")
    address = f"{SUBMISSIONS}{stored.pk}/merge/{northwind.pk}/"
    page = ada.get(address)
    answer = ada.post(address, hidden(page) | {"taken": ["account.employees"], "adds_contact": "on"})
    assert answer.status_code == 303, answer.content.decode()
    with cast.inside():
        now = Account.objects.get(pk=northwind.pk)
        assert now.employees == 99
        assert (now.name, now.industry, now.phone) == before
        assert now.website == northwind.website
        assert Contact.objects.filter(account=now, email="olive@birch.example").count() == 1
        assert IntakeSubmission.objects.get(pk=stored.pk).state == "merged"
        entry = AuditEntry.objects.get(verb="intake.merged")
        assert entry.details["taken"] == ["account.employees"]


def test_merging_without_choosing_anything_changes_no_account():
    stored = sent(opened(), account_employees="99")
    with cast.inside():
        northwind = cast.account("Northwind")
        before = Account.objects.filter(pk=northwind.pk).values().get()
        contacts = Contact.objects.filter(account=northwind).count()
        intake.merge(by=cast.viewer("ada"), submission=stored, account=northwind, taken=(), adds_contact=False)
        assert Account.objects.filter(pk=northwind.pk).values().get() == before
        assert Contact.objects.filter(account=northwind).count() == contacts


def test_a_contact_with_the_same_e_mail_is_that_contact():
    form = opened()
    with cast.inside():
        northwind = cast.account("Northwind")
        contact = Contact.objects.create(
            organization=northwind.organization, account=northwind, name="O. Birch", email="olive@birch.example"
        )
    stored = sent(form)
    with cast.inside():
        ada = cast.viewer("ada")
        intake.merge(by=ada, submission=stored, account=northwind, taken=["contact.phone"])
        contact.refresh_from_db()
        assert (contact.name, contact.phone) == ("O. Birch", "+1 555 010 0199")
        assert Contact.objects.filter(account=northwind, email__iexact="olive@birch.example").count() == 1


def test_an_account_changed_meanwhile_is_looked_at_again():
    stored = sent(opened(), account_employees="99")
    with cast.inside():
        northwind = cast.account("Northwind")
    ada = cast.visitor("ada")
    address = f"{SUBMISSIONS}{stored.pk}/merge/{northwind.pk}/"
    page = ada.get(address)
    with cast.inside():
        Account.objects.filter(pk=northwind.pk).update(employees=98)
    answer = ada.post(address, hidden(page) | {"taken": ["account.employees"]})
    assert answer.status_code == 409
    assert "The account was changed meanwhile." in answer.content.decode()
    with cast.inside():
        assert Account.objects.get(pk=northwind.pk).employees == 98
        assert IntakeSubmission.objects.get(pk=stored.pk).state == "waiting"


def test_rejecting_can_be_taken_back_until_its_mail_goes_out():
    stored = sent(opened())
    ada = cast.visitor("ada")
    address = f"{SUBMISSIONS}{stored.pk}/rejection/"
    assert ada.post(address, {"reason": ""}).status_code == 422
    assert ada.post(address, {"reason": "Too far", "tells": "on", "message": " "}).status_code == 422
    answer = ada.post(address, {"reason": "Too far away", "tells": "on", "message": "Sorry.\r\n\r\nNot now."})
    assert answer.status_code == 303
    with cast.inside():
        mail = Mail.objects.get(kind=intake.REFUSAL)
        assert mail.not_before is not None
        assert mails.claim(mail_id=mail.pk) is None
        entry = AuditEntry.objects.get(verb="intake.rejected")
        assert "Birch" not in entry.object_label
    assert ada.post(f"{SUBMISSIONS}{stored.pk}/reopening/").status_code == 303
    assert ada.post(f"{SUBMISSIONS}{stored.pk}/reopening/").status_code == 409
    with cast.inside():
        assert IntakeSubmission.objects.get(pk=stored.pk).state == "waiting"
        Mail.objects.filter(pk=mail.pk).update(not_before=None)
        assert mails.claim(mail_id=mail.pk) is None
        mail.refresh_from_db()
        assert mail.state == "cancelled"


def test_only_an_admin_decides():
    stored = sent(opened())
    with cast.inside():
        sam = cast.viewer("sam")
        northwind = cast.account("Northwind")
        for attempt in (
            lambda: intake.accept(by=sam, submission=stored, values=stored.values),
            lambda: intake.merge(by=sam, submission=stored, account=northwind, taken=()),
            lambda: intake.reject(by=sam, submission=stored, reason="x"),
            lambda: intake.reopen(by=sam, submission=stored),
            lambda: intake.create(by=sam, name="x"),
        ):
            with pytest.raises(PermissionDenied):
                attempt()


def test_bad_values_are_told_by_field():
    stored = sent(opened())
    with cast.inside(), pytest.raises(ValidationError) as caught:
        intake.accept(by=cast.viewer("ada"), submission=stored, values={**stored.values, "account.name": ""})
    assert set(caught.value.message_dict) == {"account_name"}
