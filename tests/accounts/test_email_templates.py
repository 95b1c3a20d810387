"""Mails in an organization's own words: what may stand in them, that they hold, and that nothing is lost or given away."""

import re

import pytest
from django.core import mail as post
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts import tasks
from accounts.actions import email_templates as actions
from accounts.actions import invitations, people
from accounts.mail import email_template_previews, email_templates, letters, mailing
from accounts.models import AuditEntry, EmailTemplate, Mail, MailState, Membership, Notification, Organization, User
from accounts.notices import notices
from assessments.models import RespondentLink
from tests import cast
from tests.assessments import stage
from tests.assessments.test_mail_kinds import asked

pytestmark = pytest.mark.django_db

INVITATION, ASKED, RELEASED = "accounts.invitation", "assessments.invitation", "assessments.released"


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as organization:
        yield organization


def ada():
    return cast.viewer("ada")


def deliver_all() -> None:
    tasks.deliver_due(str(cast.organization().pk))


def activated(kind: str, subject: str, body: str) -> EmailTemplate:
    return actions.activate(by=ada(), kind=kind, language="en", subject=subject, body=body, seen=0)


def problems(kind: str, subject: str = "Hello", body: str = "{{ button }}") -> list[str]:
    wording = mailing.wording_of(kind)
    return [f"{found.field}: {found}" for found in email_templates.problems_of(wording, subject, body)]


def page_of(kind: str, route: str = "staff:email_template") -> str:
    return reverse(route, args=[kind, "en"])


# Every kind -----------------------------------------------------------------------------------------------------------


def test_every_mail_the_portal_sends_can_be_written_in_own_words():
    kinds = {name for name in mailing._KINDS if not name.startswith("tests.")}
    assert kinds - {actions.TEST} <= set(mailing.wordings())


@pytest.mark.parametrize("kind", sorted(mailing.wordings()))
def test_our_own_words_hold_in_every_case(kind):
    wording = mailing.wording_of(kind)
    assert email_templates.problems_of(wording, *email_templates.ours(wording, "en")) == []
    assert str(wording.label)
    assert all(str(variable.meaning) for variable in email_templates.variables_of(wording))


def in_both_ways(mail: Mail) -> tuple[str, str]:
    """A mail in our words as the code writes it, and from the template that shows them."""
    content = mailing.kind_named(mail.kind).compose(mail, cast.system())
    wording = mailing.wording_of(mail.kind)
    subject, body = email_templates.ours(wording, "en")
    own = email_templates.written(subject, body, content, mail, wording.blocks)
    assert own.subject == content.subject
    return letters.as_text(mail.organization, content), letters.as_text(mail.organization, own)


def test_the_template_that_shows_our_words_says_what_we_send():
    run = stage.launched("priya")
    asked(run, message="We talked about this.\nSee you on Tuesday.")
    stage.released("priya")
    members = Membership.objects.filter(organization=cast.organization(), user__email__in=list(cast.EMAILS.values()))
    for membership in members.select_related("user")[:6]:
        invitations.invite(by=cast.system(), membership=membership)
    robin = User.objects.create_user("robin@harbor.example", name="Robin Vale")
    admin = Membership.objects.create(organization=cast.organization(), user=robin, role="admin")
    invitations.invite(by=cast.system(), membership=admin)
    deliver_all()
    seen = set()
    for mail in (
        Mail.objects.filter(state=MailState.SENT).exclude(to_email="").select_related("organization", "account")
    ):
        try:
            ours, theirs = in_both_ways(mail)
        except AttributeError:
            continue  # not needed any more
        assert theirs == ours, mail.kind
        seen.add(mail.kind)
    assert {INVITATION, ASKED, RELEASED} <= seen


@pytest.mark.parametrize("kind", ["accounts.security_notice", INVITATION])
def test_the_editor_of_a_mail_with_and_without_a_button_opens(kind):
    page = cast.visitor("ada").get(page_of(kind))
    assert page.status_code == 200 and page.context["preview"] is not None


# The linter -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "body", "words"),
    [
        ("Hi", "Hello\n\n{{ acount }}\n\n{{ button }}", "body: Line 3, column 4: There is no variable “acount”. Did you mean “account”?"),
        ("Hi", "{{ role | upcas }} {{ button }}", "Did you mean “upcase”?"),
        ("Hi", "{% if account %}{{ button }}", "endif"),
        ("Hi", "Hello {{ first_name", "is not closed"),
        ("Hi", "Hello", "body: Line 1, column 1: The link is missing"),
        ("Hi", "One\n{% if has_password %}{{ button }}{% endif %}", "body: Line 2, column 22: In some cases the link is left out"),
        ("Hi", "{{ button | upcase }}", "The link is missing"),
        ("Hi", "{% for a in (1..100000) %}{{ a }}{% endfor %}{{ button }}", "too many items"),
        ("Hi", "x" * 10_001, "Use at most 10,000 characters"),
        ("Hi", "{% include 'x' %}{{ button }}", "include"),
        ("Hi", "{{ facts }}{{ button }}", "There is no variable “facts”"),
        ("Hi", "", "body: Line 1, column 1: Write the text"),
        ("", "{{ button }}", "subject: Line 1, column 1: Write a subject"),
        ("x" * 201, "{{ button }}", "subject: Line 1, column 201: Use at most 200 characters"),
        ("{{ button }}", "{{ button }}", "subject: Line 1, column 4: There is no variable “button”"),
        ("{% if has_password %}Hi{% endif %}", "{{ button }}", "nothing is left of the subject"),
    ],
)  # fmt: skip
def test_the_linter_says_what_is_wrong_where_and_why(subject, body, words):
    assert any(words in one for one in problems(INVITATION, subject, body)), problems(INVITATION, subject, body)


@pytest.mark.parametrize(
    "body",
    [
        "See {{ link }} for more.",
        "See\n{{ link }}",
        "**Here** {{ link }}",
        "- {{ button }}",
        "{% if account %}{{ button }}{% else %}{{ link }}{% endif %}",
    ],
)
def test_a_link_may_stand_in_a_sentence(body):
    assert problems(INVITATION, "Hi", body) == []


JOINED = [
    "https://evil.example/c?u={{ link }}",
    "https://evil.example/c?u={{ link | strip }} {{ button }}",
    "https://evil.example/c?u={% capture a %}{{ link }}{% endcapture %}{{ a }}",
    "{{ link }}.evil.example",
    "[Come in]({{ link }})",
    "[Come in](https://evil.example/c?u={{ link }})",
    "[Come in {{ link }} now](https://evil.example/)",
    "[Come in][there] {{ button }}\n\n[there]: https://evil.example/?{{ link }}",
    "Nothing is left\n\n[there]: {{ link }}",
    "<https://evil.example/?{{ link }}>",
    "<https://evil.example/? {{ link }} >",
    "https://evil.example/c?u=\n{{ link }}",
    "https://evil.example/c?u=&#x2060;{{ link }}",
    "www.evil.example/? {{ link }}",
    "https://evil.example/c?u=\u00a0{{ link }}",
]


@pytest.mark.parametrize("body", JOINED)
def test_a_link_that_is_part_of_something_longer_is_refused_where_it_stands(body):
    (found,) = problems(INVITATION, "Hi", f"Hello\n\n{body}")
    assert re.match(r"body: Line [3-5], column \d+: Leave a space on both sides of {{ link }}", found)


@pytest.mark.parametrize("body", JOINED)
def test_a_stored_link_that_is_part_of_something_longer_is_not_sent(body, django_capture_on_commit_callbacks):
    template = activated(INVITATION, "Mine", "{{ button }}")
    EmailTemplate.objects.filter(pk=template.pk).update(body=body, draft_body=body)
    with django_capture_on_commit_callbacks(execute=True):
        robin_invited()
    letter = next(one for one in post.outbox if one.to == ["robin@northwind.example"])
    assert letter.subject == "Harbor IT invites you to the portal of Northwind Dental"
    assert "evil" not in letter.body + letter.alternatives[0][0]
    assert cast.visitor("ada").get(page_of(INVITATION)).status_code == 200


def test_in_plain_text_a_link_has_a_line_for_itself():
    activated(INVITATION, "Mine", "Open {{ link }} today\n\n- or {{ link }}")
    robin_invited()
    lines = post.outbox[-1].body.split("\n")
    assert lines[0] == "Open" and lines[2] == "today" and lines[4] == "- or"
    assert re.fullmatch(r"http://harbor\.localhost/account/password/reset/key/\S+", lines[1]) and lines[5] == lines[1]


def undrawable(monkeypatch) -> None:
    """The compiler gives up on a mail with this word."""
    draw = letters.mrml.to_html

    def to_html(source, **options):
        if "undrawable" in source:
            raise OSError("unable to parse")
        return draw(source, **options)

    monkeypatch.setattr(letters.mrml, "to_html", to_html)


def test_what_cannot_be_drawn_is_said_and_not_activated(monkeypatch):
    undrawable(monkeypatch)
    visitor = cast.visitor("ada")
    typed = {"subject": "Hi", "body": "undrawable {{ button }}", "seen": "0"}
    assert any("cannot be drawn" in one for one in problems(INVITATION, "Hi", typed["body"]))
    for route, status in (("preview", 422), ("activation", 422), ("test", 422), ("check", 200)):
        answer = visitor.post(page_of(INVITATION, f"staff:email_template_{route}"), typed)
        assert answer.status_code == status and "cannot be drawn" in answer.content.decode(), route
    assert not EmailTemplate.objects.filter(is_active=True).exists()


def test_the_editor_of_stored_words_that_cannot_be_drawn_opens_and_resets_them(
    monkeypatch, django_capture_on_commit_callbacks
):
    actions.activate(by=ada(), kind=INVITATION, language="en", subject="Hi", body="undrawable {{ button }}", seen=0)
    undrawable(monkeypatch)
    visitor = cast.visitor("ada")
    page = visitor.get(page_of(INVITATION))
    assert page.status_code == 200 and "cannot be drawn" in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        robin_invited()
    letter = next(one for one in post.outbox if one.to == ["robin@northwind.example"])
    assert letter.subject == "Harbor IT invites you to the portal of Northwind Dental"
    assert visitor.post(page_of(INVITATION, "staff:email_template_reset"), {"seen": "1"}).status_code == 303
    assert "undrawable" not in EmailTemplate.objects.get().draft_body


# A login another organization relies on -------------------------------------------------------------------------------


def also_with_sunny(name: str) -> User:
    person = cast.person(name)
    with cast.inside("sunny") as sunny:
        Membership.objects.create(organization=sunny, user=person, role="admin")
    return person


def test_a_forgotten_password_of_a_shared_login_is_written_in_our_words():
    activated("accounts.forgotten_password", "Mine", "{{ button }}")
    also_with_sunny("priya")
    cast.visitor(at="harbor").post(reverse("account_reset_password"), {"email": cast.EMAILS["priya"]})
    deliver_all()
    assert post.outbox[-1].to == [cast.EMAILS["priya"]] and post.outbox[-1].subject == "Choose a new password"


def test_a_new_password_for_a_shared_login_is_nobody_else_s_to_ask_for_nor_to_word():
    activated("accounts.password_reset", "Mine", "{{ button }}")
    people.send_password_reset(by=ada(), user=cast.person("dora"))
    also_with_sunny("dora")
    deliver_all()
    assert post.outbox[-1].subject == "Choose a new password for the portal of Harbor IT"
    with pytest.raises(ValidationError, match="another organization"):
        people.send_password_reset(by=ada(), user=cast.person("dora"))
    address = reverse("staff:settings_person_password", args=[cast.person("dora").pk])
    answer = cast.visitor("ada").post(address, follow=True)
    assert answer.status_code == 200 and answer.redirect_chain
    assert "This login is used with another organization too." in answer.content.decode()


# What is sent ---------------------------------------------------------------------------------------------------------


def robin_invited(name: str = "Robin Vale") -> None:
    robin = User.objects.create_user("robin@northwind.example", name=name)
    member = Membership.objects.create(organization=cast.organization(), account=cast.account("Northwind"), user=robin)
    invitations.invite(by=ada(), membership=member)
    deliver_all()


def test_active_words_are_sent_with_the_link_made_when_the_mail_goes_out():
    activated(INVITATION, "{{ first_name }}, welcome to {{ account }}",
              "# Welcome, {{ first_name }}\n\nGood to have **you**.\n\n- one\n- two\n\n{{ button }}\n\nOr: {{ link }}")  # fmt: skip
    robin_invited()
    (letter,) = post.outbox
    html = letter.alternatives[0][0]
    assert letter.subject == "Robin, welcome to Northwind Dental"
    assert letter.body.startswith("Welcome, Robin\n\nGood to have you.\n\n- one\n- two\n")
    (link,) = set(re.findall(r"http://harbor\.localhost/account/password/reset/key/\S+", letter.body))
    assert "<strong>you</strong>" in html and "Welcome, Robin</h2>" in html and html.count("/reset/key/") >= 3
    assert not re.search(r"MARK[0-9a-f]{16}", letter.body + html)
    assert link not in str(list(Mail.objects.values())) + str(list(AuditEntry.objects.values()))


def test_what_people_are_called_stays_a_name():
    activated(
        INVITATION, "{{ first_name }}: hello", "{{ first_name }}\n\n[{{ first_name }}] {{ link }}\n\n{{ button }}"
    )
    robin_invited("<b>[x](http://evil.example)</b>\r\nBcc: all@x.example {{ button }} Vale")
    (letter,) = post.outbox
    html = letter.alternatives[0][0]
    assert "\n" not in letter.subject and letter.bcc == [] and "Bcc" not in letter.message()
    assert "<b>" not in html and 'href="http://evil.example' not in html


def test_a_draft_is_not_sent_and_a_deactivated_one_neither():
    actions.save_draft(by=ada(), kind=INVITATION, language="en", subject="Mine", body="{{ button }}", seen=0)
    robin_invited()
    assert post.outbox[-1].subject == "Harbor IT invites you to the portal of Northwind Dental"
    template = actions.activate(by=ada(), kind=INVITATION, language="en", subject="Mine", body="{{ button }}", seen=1)
    actions.deactivate(by=ada(), kind=INVITATION, language="en", seen=template.revision)
    assert not EmailTemplate.objects.get().is_active and EmailTemplate.objects.get().draft_subject == "Mine"


def test_another_organization_s_words_are_not_ours():
    activated(INVITATION, "Harbor's own", "{{ button }}")
    with cast.inside("sunny") as sunny:
        assert not EmailTemplate.objects.exists()
        assert email_templates.active_for(Mail(organization=sunny, kind=INVITATION), "en") is None


def test_the_reader_s_language_chooses_and_english_is_there_when_theirs_is_not(settings):
    mail = Mail(organization=cast.organization(), to_email=cast.EMAILS["priya"])
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    assert email_templates.language_of(mail) == "en"
    Organization.objects.filter(pk=mail.organization.pk).update(language="de")
    mail.organization.refresh_from_db()
    assert email_templates.language_of(mail) == "de"
    User.objects.filter(email=mail.to_email).update(language="en")
    assert email_templates.language_of(mail) == "en"
    User.objects.filter(email=mail.to_email).update(language="fr")
    assert email_templates.language_of(mail) == "de"


@pytest.mark.parametrize("body", ["Hello", "{{ first_name | divided_by: 0 }}{{ button }}", "{% if %}", "{{ first_name"])
def test_words_that_do_not_hold_are_replaced_by_ours_and_the_admins_hear_of_it(
    body, django_capture_on_commit_callbacks
):
    template = activated(INVITATION, "Mine", "{{ button }}")
    EmailTemplate.objects.filter(pk=template.pk).update(body=body)
    with django_capture_on_commit_callbacks(execute=True):
        robin_invited()
    letter = next(one for one in post.outbox if one.to == ["robin@northwind.example"])
    assert letter.subject == "Harbor IT invites you to the portal of Northwind Dental"
    assert "/account/password/reset/key/" in letter.body
    tasks.tell_of_broken_template(str(cast.organization().pk), str(template.pk), template.revision, "Line 1: no")
    tasks.tell_of_broken_template(str(cast.organization().pk), str(template.pk), template.revision, "Line 1: no")
    told = Notification.objects.get(kind=notices.TEMPLATE_BROKEN)
    assert told.user == cast.person("ada")
    page = cast.visitor("ada").get(reverse("staff:notifications")).content.decode()
    assert "Your email “Invitation to the portal” could not be written, so ours was sent." in page


# Writing --------------------------------------------------------------------------------------------------------------


def test_only_admins_write_and_each_step_is_in_the_trail_with_old_and_new():
    for name in ("sam", "theo", "dana"):
        with pytest.raises(PermissionDenied):
            actions.save_draft(by=cast.viewer(name), kind=INVITATION, language="en", subject="x", body="y", seen=0)
    activated(INVITATION, "Mine", "{{ button }}")
    entry = AuditEntry.objects.get(verb="email_template.activated")
    assert entry.details["changes"]["subject"][1] == "Mine"
    assert "invites you" in entry.details["changes"]["subject"][0]
    template = EmailTemplate.objects.get()
    actions.reset(by=ada(), kind=INVITATION, language="en", seen=template.revision)
    entry = AuditEntry.objects.get(verb="email_template.reset")
    assert entry.details["changes"]["subject"][0] == "Mine"
    template.refresh_from_db()
    assert not template.is_active and template.subject == "" and "invites you" in template.draft_subject


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten():
    visitor = cast.visitor("ada")
    first = {"subject": "One", "body": "{{ button }}", "seen": "0"}
    assert visitor.post(page_of(INVITATION), first).status_code == 303
    answer = visitor.post(page_of(INVITATION), {"subject": "Two", "body": "Other words {{ button }}", "seen": "0"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "changed this meanwhile" in html and "One" in html and "Other words" in html and 'value="Two"' in html
    assert EmailTemplate.objects.get().draft_subject == "One"
    seen = re.search(r'name="seen" value="(\d+)"', html).group(1)
    assert (
        visitor.post(page_of(INVITATION), {"subject": "Two", "body": "{{ button }}", "seen": seen}).status_code == 303
    )


def test_activating_what_does_not_hold_is_refused_at_the_field_and_nothing_is_lost():
    visitor = cast.visitor("ada")
    typed = {"subject": "Hi", "body": "Hello {{ acount }}", "seen": "0"}
    answer = visitor.post(page_of(INVITATION, "staff:email_template_activation"), typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Did you mean “account”?" in html and "Hello {{ acount }}" in html
    assert not EmailTemplate.objects.exists()
    assert visitor.post(page_of(INVITATION), typed).status_code == 303  # a draft may wait


def test_the_list_has_every_kind_and_asks_as_many_queries_for_any_number(django_assert_max_num_queries):
    visitor = cast.visitor("ada")
    activated(INVITATION, "Mine", "{{ button }}")
    with django_assert_max_num_queries(18):
        html = visitor.get(reverse("staff:email_templates")).content.decode()
    for words in ("Invitation to the portal", "Asked to answer", "Reminder", "Results are ready", "Your words"):
        assert words in html
    assert cast.visitor("sam").get(reverse("staff:email_templates")).status_code == 404


def test_what_there_is_not_is_404():
    visitor = cast.visitor("ada")
    for kind, language in (("no.such", "en"), (INVITATION, "xx"), (actions.TEST, "en")):
        assert visitor.get(reverse("staff:email_template", args=[kind, language])).status_code == 404


# Preview and test -----------------------------------------------------------------------------------------------------


def test_a_preview_with_a_real_mail_makes_no_link_and_shows_none():
    run = stage.launched("priya")
    row = asked(run)
    deliver_all()
    links, trail = RespondentLink.objects.count(), AuditEntry.objects.count()
    mail = Mail.objects.get(kind=ASKED, about=row.pk)
    visitor = cast.visitor("ada")
    page = visitor.get(page_of(ASKED)).content.decode()
    assert f'value="{mail.pk}"' in page and "Robin Vale · Northwind Dental" in page
    typed = {"subject": "{{ run }}", "body": "Dear {{ first_name }}\n\n{{ button }}", "example": str(mail.pk)}
    frame = visitor.post(page_of(ASKED, "staff:email_template_preview"), typed)
    html = frame.content.decode()
    assert "Dear Robin" in html and "/r/" not in html
    assert frame["Content-Security-Policy"].startswith("sandbox ") and frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "script-src" not in frame["Content-Security-Policy"]
    check = visitor.post(page_of(ASKED, "staff:email_template_check"), typed, headers={"HX-Request": "true"})
    assert "Every kind" in check.content.decode()
    assert (RespondentLink.objects.count(), AuditEntry.objects.count()) == (links, trail)
    text = visitor.post(page_of(ASKED, "staff:email_template_preview"), typed | {"as": "text"}).content.decode()
    assert "Dear Robin" in text


def test_a_preview_of_an_invitation_shows_no_key_to_somebody_else_s_account():
    robin_invited()
    visitor = cast.visitor("ada")
    mail = Mail.objects.get(kind=INVITATION)
    for way in ("html", "text"):
        given = {"subject": "x", "body": "{{ button }} {{ link }}", "example": str(mail.pk), "as": way}
        html = visitor.post(page_of(INVITATION, "staff:email_template_preview"), given).content.decode()
        assert "/reset/key/" not in html and "http://harbor.localhost/" in html
    assert AuditEntry.objects.filter(verb="invitation.sent").count() == 1


def test_a_real_mail_of_another_organization_is_none():
    with cast.inside("sunny"):
        member = Membership.objects.filter(role="client").select_related("user", "account").first()
        mail = invitations.invite(by=cast.system("sunny"), membership=member)
    content, _mail = email_template_previews.chosen(ada(), INVITATION, "en", str(mail.pk))
    assert content.values["account"] == "Northwind Dental" and content.values["organization"] == "Harbor IT"


def test_a_test_goes_to_oneself_alone_and_says_so():
    visitor = cast.visitor("ada")
    typed = {"subject": "For {{ first_name }}", "body": "Dear {{ first_name }}\n\n{{ button }}", "seen": "0"}
    answer = visitor.post(page_of(RELEASED, "staff:email_template_test"), typed)
    assert answer.status_code == 200 and "A test is on its way to ada@harbor.example" in answer.content.decode()
    deliver_all()
    (letter,) = post.outbox
    assert letter.to == ["ada@harbor.example"] and letter.subject == "[Test] For Priya"
    assert "This is a test of your email template" in letter.body and "Dear Priya" in letter.body
    assert not EmailTemplate.objects.exists()


def test_tests_are_limited_and_those_that_do_not_hold_are_refused():
    visitor = cast.visitor("ada")
    typed = {"subject": "Hi", "body": "{{ button }}", "seen": "0"}
    address = page_of(RELEASED, "staff:email_template_test")
    assert visitor.post(address, typed | {"body": "no link"}).status_code == 422
    codes = [visitor.post(address, typed).status_code for _time in range(actions.MOST_TESTS + 1)]
    assert codes == [200] * actions.MOST_TESTS + [429]


def test_a_test_is_not_sent_once_its_writer_lost_the_settings(monkeypatch):
    actions.send_test(by=ada(), kind=RELEASED, language="en", subject="Hi", body="{{ button }}")
    Membership.objects.filter(user=cast.person("ada"), role="admin").update(suspended_at="2026-01-01T00:00Z")
    from accounts import grants

    grants.compile_for(cast.person("ada"), cast.organization())
    deliver_all()
    assert post.outbox == []


def test_a_forgotten_password_is_written_in_own_words_and_stored_nowhere():
    activated("accounts.forgotten_password", "New password", "For {{ email }}:\n\n{{ button }}")
    answer = cast.visitor(at="harbor").post(reverse("account_reset_password"), {"email": cast.EMAILS["priya"]})
    assert answer.status_code == 302
    deliver_all()
    (letter,) = post.outbox
    assert letter.subject == "New password" and "For priya@northwind.example:" in letter.body
    (key,) = set(re.findall(r"/reset/key/([^/\s]+)/", letter.body))
    assert key not in str(list(Mail.objects.values()))
