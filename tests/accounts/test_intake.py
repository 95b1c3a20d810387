"""The public side of intake: what a company sees and sends, what stands against spam, and that nothing else changes."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone

from accounts import tenancy
from accounts.actions import intake, mails
from accounts.intake import catalog, guards
from accounts.models import IntakeForm, IntakeSubmission, Mail, Notification
from tests import cast

from .intake_forms import TYPED, filled, hidden, opened, sent, slowly, submissions, visitor

pytestmark = pytest.mark.django_db

BAD_INPUTS = Path("/work/shared/data/bad-inputs")
HOSTILE = [
    "'; DROP TABLE accounts_account; --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}{% load x %}",
    '=HYPERLINK("http://evil.example","x")',
    "\u202egnp.exe",
    "a\r\nBcc: everybody@example.com",
    "𝕬𝖈𝖒𝖊 ​Inc",
    "../../../etc/passwd",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 20,
]


def everything_but(*models) -> dict[str, list]:
    with cast.inside():
        return {
            model._meta.label: sorted(map(str, model.objects.values_list()))
            for model in apps.get_models()
            if model not in models and model._meta.managed and not model._meta.proxy
        }


def test_a_company_fills_in_the_form_and_nothing_but_the_submission_changes():
    form = opened()
    before = everything_but(IntakeSubmission, Mail, Notification)
    response = filled(form)
    assert (response.status_code, response["Location"]) == (303, f"/intake/{form.slug}/sent/")
    [stored] = submissions()
    assert stored.values == {
        "account.name": "Birch & Sons, Inc.",
        "account.industry": "238",
        "account.employees": 14,
        "account.website": "https://birch.example",
        "contact.name": "Olive Birch",
        "contact.email": "olive@birch.example",
        "contact.phone": "+1 555 010 0199",
        "contact.job_title": "Owner",
        "message": "We had two phishing mails this month.",
    }
    assert (stored.company, stored.contact_email, stored.state) == (
        "Birch & Sons, Inc.",
        "olive@birch.example",
        "waiting",
    )
    assert (stored.consent_version, stored.consent_text, stored.suspicions) == (1, form.consent_text, [])
    assert stored.account_id is None
    assert stored.visitor
    assert "203.0.113" not in stored.visitor
    assert everything_but(IntakeSubmission, Mail, Notification) == before
    page = visitor().get(response["Location"]).content.decode()
    assert "Thank you" in page
    assert "Birch" not in page


def test_the_default_form_stands_at_the_short_address_and_the_page_bears_the_brand_of_the_host():
    form = opened()
    page = visitor().get("/intake/").content.decode()
    assert form.name in page
    assert "Harbor IT" in page
    assert visitor(host="sunny").get("/intake/").status_code == 404
    assert visitor(host="sunny").get(f"/intake/{form.slug}/").status_code == 404
    assert visitor(host="nobody").get("/intake/").status_code == 404


def test_a_closed_form_says_so_and_one_that_was_never_open_does_not_exist():
    form = opened()
    sent(form)
    with cast.inside():
        IntakeForm.objects.update(is_open=False)
    closed = visitor().get(f"/intake/{form.slug}/")
    assert closed.status_code == 410
    assert "This form is closed" in closed.content.decode()
    assert visitor().post(f"/intake/{form.slug}/", TYPED).status_code == 410
    with cast.inside():
        IntakeSubmission.objects.all().delete()
    assert visitor().get(f"/intake/{form.slug}/").status_code == 404
    assert visitor().get("/intake/no-such-form/").status_code == 404


def test_going_back_and_forth_keeps_everything_that_was_typed():
    form, browser = opened(), visitor()
    address = f"/intake/{form.slug}/"
    first = browser.get(address)
    second = browser.post(address, hidden(first) | {"account_name": "Birch", "account_employees": "14", "go": "next"})
    assert 'name="account_name" value="Birch"' in second.content.decode()
    back = browser.post(address, hidden(second) | {"contact_name": "Olive", "contact_email": "no", "go": "back"})
    page = back.content.decode()
    assert back.status_code == 200
    assert re.search(r'<input type="text" name="account_name" value="Birch"', page)
    assert '<input type="hidden" name="contact_email" value="no">' in page
    assert "error-summary" not in page
    again = browser.post(address, hidden(back) | {"account_name": "Birch", "go": "next"})
    assert 'value="no"' in again.content.decode()
    assert again.status_code == 200


def test_a_mistake_is_told_at_its_step_and_loses_nothing():
    form, browser = opened(), visitor()
    address = f"/intake/{form.slug}/"
    first = browser.get(address)
    wrong = browser.post(address, hidden(first) | {"account_name": "", "account_employees": "many", "go": "next"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Enter your answer." in page
    assert "Enter how many people work there" in page
    assert "Enter an email address" not in page
    assert 'value="many"' in page
    # Sent from the last step by hand, with a mistake on the first: that step is shown.
    jump = browser.post(address, hidden(first) | TYPED | {"account_employees": "many", "step": "1", "go": "send"})
    assert jump.status_code == 422
    assert 'name="account_employees" value="many"' in jump.content.decode()
    assert '<input type="hidden" name="contact_email" value="olive@birch.example">' in jump.content.decode()
    assert submissions() == []


def test_without_the_consent_nothing_is_sent_and_a_changed_text_is_read_again():
    form, browser = opened(), visitor()
    refused = filled(form, browser, consent="")
    assert refused.status_code == 422
    assert "Without your agreement nothing can be sent." in refused.content.decode()
    address = f"/intake/{form.slug}/"
    second = browser.post(address, hidden(browser.get(address)) | TYPED | {"go": "next"})
    with cast.inside():
        intake.save(
            by=cast.viewer("ada"), form=form, seen=form.revision, consent_text="Another text.",
            pages=catalog.pages_of(form, catalog.entries(form.organization)),
        )  # fmt: skip
    with slowly():
        asked = browser.post(address, hidden(second) | TYPED | {"go": "send"})
        assert asked.status_code == 422
        assert "has changed since you opened this page" in asked.content.decode()
        assert submissions() == []
        assert browser.post(address, hidden(asked) | TYPED | {"go": "send"}).status_code == 303
    [stored] = submissions()
    assert (stored.consent_version, stored.consent_text) == (2, "Another text.")
    assert stored.consented_at is not None


def test_sending_twice_is_one_submission_and_one_mail():
    form, browser = opened(), visitor()
    address = f"/intake/{form.slug}/"
    with slowly():
        second = browser.post(address, hidden(browser.get(address)) | TYPED | {"go": "next"})
        answers = [browser.post(address, hidden(second) | TYPED | {"go": "send"}) for _again in range(3)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, f"/intake/{form.slug}/sent/")}
    assert len(submissions()) == 1
    with cast.inside():
        assert Mail.objects.filter(kind=intake.RECEIPT).count() == 1


def test_the_mail_to_the_sender_has_no_word_of_theirs_and_comes_once_a_day():
    form = opened()
    for number in range(3):
        sent(form, account_name=f"Buy pills {number} now", contact_name="Visit evil.example")
    with cast.inside():
        [mail] = Mail.objects.filter(kind=intake.RECEIPT)
        assert (mail.to_email, mail.to_name) == ("olive@birch.example", "")
        claimed = mails.claim(mail_id=mail.pk)
    said = claimed.message.subject + claimed.message.body + claimed.message.alternatives[0][0]
    assert "Harbor IT has received your form" in said
    assert "pills" not in said
    assert "evil" not in said


def test_what_looks_like_spam_waits_marked_and_is_answered_by_nobody():
    form = opened()
    trapped = sent(form, leave_empty="x", contact_email="a@spam.example")
    quick = filled(form, visitor("192.0.2.1"), seconds=1, contact_email="b@spam.example", message="One")
    assert quick.status_code == 303
    linked = sent(form, message="See https://a.example www.b.example http://c.example", contact_email="c@spam.example")
    named = sent(form, account_name="www.cheap.example", contact_email="d@spam.example")
    marked = sent(form, message="<a href='x'>y</a>", contact_email="e@spam.example")
    codes = [[one["code"] for one in stored.suspicions] for stored in submissions()]
    assert codes == [["trap"], ["fast"], ["links"], ["links_in_names"], ["markup"]]
    assert [guards.words(one) for one in linked.suspicions] == ["3 links in the text."]
    assert {trapped.state, named.state, marked.state} == {"waiting"}
    with cast.inside():
        assert not Mail.objects.filter(kind__startswith="accounts.intake").exists()
        assert not Notification.objects.exists()


def test_the_same_text_again_is_marked_however_it_is_spaced_or_signed():
    form = opened()
    sent(form)
    again = sent(form, account_name="BIRCH  & sons inc", contact_email="other@else.example", contact_name="Ann")
    assert [one["code"] for one in again.suspicions] == ["repeated"]
    other = sent(form, message="Something of our own.", contact_email="third@else.example")
    assert other.suspicions == []


def test_from_one_place_only_so_many_come_and_what_was_typed_stays():
    form, browser = opened(), visitor()
    for number in range(5):
        assert filled(form, browser, contact_email=f"p{number}@birch.example", message=f"{number}").status_code == 303
    refused = filled(form, browser, contact_email="p9@birch.example", message="My very own words")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    page = refused.content.decode()
    assert "Too much was sent from here" in page
    assert "Send it again in 60 minutes." in page
    assert "My very own words" in page
    assert '<input type="hidden" name="account_name" value="Birch &amp; Sons, Inc.">' in page
    assert len(submissions()) == 5
    # Somebody elsewhere, and the same one an hour later, may.
    assert filled(form, visitor("192.0.2.44"), contact_email="x@birch.example", message="Else").status_code == 303
    with cast.inside():
        IntakeSubmission.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert filled(form, browser, contact_email="p9@birch.example", message="Later").status_code == 303


def test_in_the_name_of_one_address_only_so_many_come():
    form = opened()
    for number in range(5):
        sent(form, message=f"{number}")
    refused = filled(form, visitor("192.0.2.77"), message="6", contact_email="OLIVE@birch.example")
    assert refused.status_code == 429


def test_the_answer_is_the_same_whatever_we_know_already():
    """A company we have, a person who signs in here, a stranger: the same status, headers, page."""
    form = opened()
    answers = []
    for number, typed in enumerate(
        (
            {"account_name": "Northwind Dental", "contact_email": "priya@northwind.example"},
            {"account_name": "Nobody Knows", "contact_email": "nobody@nowhere.example"},
            {"account_name": "Harbor IT", "contact_email": "ada@harbor.example"},
        )
    ):
        response = filled(form, visitor(f"192.0.2.{number + 1}"), message=f"{number}", **typed)
        headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
        answers.append((response.status_code, headers, response.content))
    assert answers[0] == answers[1] == answers[2]


def test_a_forged_or_old_opening_is_no_submission_but_loses_nothing():
    form, browser = opened(), visitor()
    address = f"/intake/{form.slug}/"
    for forged in ("", "nonsense", "a:b:c", "\x00", guards.sealed(opened("Other"), guards.opening())):
        response = browser.post(address, TYPED | {"opening": forged, "step": "1", "consent_version": "1", "go": "send"})
        page = response.content.decode()
        assert response.status_code == 422
        assert "This page was open for a long time" in page
        assert "two phishing mails" in page
    assert submissions() == []
    with slowly():
        assert browser.post(address, hidden(response) | TYPED | {"go": "send"}).status_code == 303


@pytest.mark.parametrize("field", [name for name in TYPED if name != "consent"])
def test_hostile_input_is_text_or_a_mistake_never_an_error(field: str):
    form = opened()
    for number, text in enumerate([*HOSTILE, "x" * 5_000, "\x00", "a\x00b"]):
        browser = visitor(f"192.0.2.{number + 1}")
        response = filled(form, browser, **{field: text, "leave_empty": ""})
        assert response.status_code in (303, 422, 429), (field, text[:30])
        if response.status_code == 422:
            assert "<script>alert(1)</script>" not in response.content.decode()
    with cast.inside():
        IntakeSubmission.objects.all().delete()


def hostile_strings() -> list[str]:
    found: list[str] = []
    for path in sorted(BAD_INPUTS.rglob("*")):
        if path.suffix == ".json" and path.is_file():
            read = json.loads(path.read_text(encoding="utf-8", errors="replace"))
            found += [one for one in read if isinstance(one, str)] if isinstance(read, list) else []
        elif path.suffix == ".txt":
            found += path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [text for text in found if text.strip()]


@pytest.mark.skipif(not BAD_INPUTS.exists(), reason="the corpus of bad inputs is not here")
def test_the_corpus_of_bad_inputs_breaks_nothing():
    form = opened()
    fields = [name for name in TYPED if name not in ("consent", "account_industry")]
    with cast.inside():
        pages = catalog.pages_of(form, catalog.entries(form.organization))
        from accounts.intake.answering import AnswerForm

        for number, text in enumerate(hostile_strings()[:600]):
            typed = TYPED | {fields[number % len(fields)]: text}
            answers = AnswerForm(typed, organization=form.organization, pages=pages, consent="x")
            if answers.is_valid():
                values = answers.values()
                key = guards.opening()
                with_it = intake.Sent(values=values, opened=key, mark=f"m{number}")
                if values["contact.email"] != TYPED["contact_email"]:
                    intake.receive(form=form, sent=with_it)
                json.dumps(values)


def test_all_that_a_form_can_ask_is_asked_and_stored():
    form = opened()
    with cast.inside():
        known = catalog.entries(form.organization)
        pages = [catalog.Page("Everything", tuple(catalog.Asked(entry, False) for entry in known.values()))]
        IntakeForm.objects.filter(pk=form.pk).update(pages=catalog.stored(pages))
    browser, address = visitor(), f"/intake/{form.slug}/"
    typed = TYPED | {
        "account_phone": "555-010-0100", "account_street": "1 Mill Lane", "account_postal_code": "04101",
        "account_city": "Portland", "account_country": "US", "site_name": "Head office", "site_street": "2 Mill Lane",
        "site_city": "Portland", "site_phone": "555 0100", "sites": "Yard\nYard\n\nDepot",
    }  # fmt: skip
    with slowly():
        response = browser.post(address, hidden(browser.get(address)) | typed | {"go": "send"})
    assert response.status_code == 303, response.content.decode()
    [stored] = submissions()
    assert stored.values["account.country"] == "US"
    assert stored.values["sites"] == ["Yard", "Depot"]
    assert stored.values["site.street"] == "2 Mill Lane"


def test_the_admins_are_told_once_and_nobody_else(django_capture_on_commit_callbacks):
    sent(opened())
    with cast.inside():
        told = Notification.objects.filter(kind=intake.TOLD)
        assert {one.user.email for one in told.select_related("user")} == {"ada@harbor.example"}
        assert set(Mail.objects.filter(kind=intake.TOLD).values_list("to_email", flat=True)) <= {"ada@harbor.example"}


def test_rejected_submissions_are_erased_after_days_and_marks_of_visitors_sooner():
    form = opened()
    old, young, waiting = (sent(form, message=str(number), contact_email=f"{number}@x.example") for number in range(3))
    with cast.inside() as organization:
        ada = cast.viewer("ada")
        for one in (old, young):
            intake.reject(by=ada, submission=one, reason="Spam")
        now = timezone.now()
        IntakeSubmission.objects.filter(pk=old.pk).update(decided_at=now - intake.REJECTED_KEPT - timedelta(hours=1))
        IntakeSubmission.objects.filter(pk=waiting.pk).update(created_at=now - timedelta(days=200))
    from accounts.tasks import forget_old_intake

    forget_old_intake()
    left = {one.pk: one for one in submissions()}
    assert set(left) == {young.pk, waiting.pk}
    assert left[waiting.pk].visitor == ""
    assert left[young.pk].visitor != ""
    with tenancy.scope(organization.id):
        from accounts.models import AuditEntry

        assert not AuditEntry.objects.filter(object_label__icontains="Birch").exists()
