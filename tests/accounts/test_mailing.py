"""The twins of a mail: from the same parts, in the organization's colour, and nothing in them is ever markup."""

import json
import re
import smtplib
from html.parser import HTMLParser

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core import mail as post
from django.core.mail import EmailMultiAlternatives

from accounts.brand import branding
from accounts.mail import letters, mail_server, mailing
from accounts.mail.mail_server import AnswerLost, Fate
from accounts.mail.mailing import Button, Content, Facts, Heading, Paragraph, Quote
from accounts.models import Mail, Organization
from portal.settings.environment import mailer
from portal.web.ids import uuid7
from tests.accounts.smtp import serving

HARBOR = {"name": "Harbor IT", "support_email": "support@harbor.example", "support_phone": "+1 555 010 9000"}
URL = "https://harbor.example/r/abc?x=1&y=2"


def organization(**more) -> Organization:
    return Organization(**{**HARBOR, **more})


def content(words: str = "Some words", **more) -> Content:
    parts = (
        Heading(words),
        Paragraph(words),
        Paragraph(words, is_quiet=True),
        Quote(f"{words}\nand more", words),
        Facts(((words, words), ("Empty", ""))),
        Button(words, URL),
    )
    return Content(**{"subject": words, "parts": parts, "why": words, "preview": words, **more})


def letter(content: Content, to: str = "robin@northwind.example", **more) -> EmailMultiAlternatives:
    home = organization(**more)
    return letters.letter(Mail(id=uuid7(), organization=home, to_email=to), content)


class Elements(HTMLParser):
    """What a browser would see of the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data) -> None:
        self.texts.append(data)


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(attributes)) for tag, attributes in Elements(html).tags]


def vectors(conformance_data) -> list[str]:
    found = json.loads((conformance_data / "bad-inputs" / "html-xss-vectors.json").read_text())
    return [text for text in _strings(found) if "<" in text or "javascript" in text.lower()]


def _strings(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in inside for text in _strings(one)]


# Twins ----------------------------------------------------------------------------------------------------------------


def test_the_twins_say_the_same():
    text, html = (draw(organization(), content()) for draw in (letters.as_text, letters.as_html))
    said = " ".join(Elements(html).texts)
    for words in ("Some words", "and more", "Harbor IT", "support@harbor.example", "+1 555 010 9000", URL):
        assert words in text
        assert words in said
    assert "> Some words\n> and more\n" in text
    assert "Empty" not in text + html


def test_a_button_s_address_is_a_link_and_is_shown():
    links = [one["href"] for tag, one in Elements(letters.as_html(organization(), content())).tags if tag == "a"]
    assert links == [URL, URL, "mailto:support@harbor.example"]


def test_nothing_is_fetched_when_a_mail_is_opened():
    html = letters.as_html(organization(), content())
    tags = {tag for tag, _attributes in Elements(html).tags}
    assert not tags & {"img", "script", "link", "iframe", "object", "video", "svg"}
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.parametrize("brand", ["#3452d1", "#ffd400", "#ffffff", "#000000", "#7a7a7a", "#00e5ff"])
def test_the_button_is_readable_on_every_brand(brand):
    html = letters.as_html(organization(brand_color=brand), content())
    button = next(one for tag, one in Elements(html).tags if tag == "a")
    style = dict(re.findall(r"([a-z-]+):\s*([^;]+)", button["style"]))
    assert branding.contrast(style["background"], style["color"]) >= 4.5
    assert "prefers-color-scheme: dark" in html


# Hostile text ---------------------------------------------------------------------------------------------------------


def test_no_known_vector_becomes_markup(conformance_data):
    found = vectors(conformance_data)
    assert len(found) > 50
    harmless = shape(letters.as_html(organization(), content()))
    for words in found:
        line = " ".join(" ".join(words.splitlines()).split())
        html = letters.as_html(organization(name=line), content(line))
        assert shape(html) == harmless, words


@pytest.mark.parametrize(
    "words",
    [
        "<mj-raw><script>alert(1)</script></mj-raw>", "</mj-text></mj-column><mj-image src='https://evil.example/x.png' />",
        "&lt;script&gt;alert(1)&lt;/script&gt;", "]]><script>", "--><script>alert(1)</script><!--", "{{ organization }}{% now 'Y' %}",
        '" onmouseover="alert(1)', "<!-- htmlmin:ignore -->", "<mj-include path='/etc/passwd' />", "<mjml>", "&#x3c;b&#x3e;", "\u202egnp.exe",
    ],
)  # fmt: skip
def test_mjml_and_templates_are_text_too(words):
    harmless = shape(letters.as_html(organization(), content()))
    html = letters.as_html(organization(name=words), content(words))
    assert shape(html) == harmless
    assert words in "".join(Elements(html).texts)
    assert words in letters.as_text(organization(), content(words))


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_name_adds_no_header(break_):
    words = f"Hello{break_}Bcc: everybody@evil.example"
    message = letter(content(words), name=words).message()
    assert "Bcc" not in message
    assert [name for name in message if name.lower() in ("subject", "from", "to")] == ["Subject", "From", "To"]
    assert message["To"] == "robin@northwind.example"
    assert "portal@localhost" in message["From"]
    assert "\n" not in message["Subject"]


def test_a_name_does_not_pose_as_an_address():
    message = letter(content(), name='Bank <security@bank.example>, "').message()
    (sender,) = message["From"].addresses
    assert sender.addr_spec == "portal@localhost"


@pytest.mark.parametrize("name", ["Größe & Söhne", "株式会社", "🚢 Harbor", "A" * 120, "\u202eTI robraH"])
def test_names_of_the_world_go_out_whole(name):
    message = letter(content(name), name=name).message()
    assert bytes(message)
    (sender,) = message["From"].addresses
    assert sender.display_name == mailing.one_line(name)
    assert "\u202e" not in str(message["Subject"])


@pytest.mark.parametrize("address", ["two@x.example, three@x.example", "a@x.example\nBcc: b@x.example", ""])
def test_an_address_is_one_address(address):
    with pytest.raises(Exception, match=r".+"):
        letter_to = letter(content(), to=address)
        assert [one.addr_spec for one in letter_to.message()["To"].addresses] == [address]


def test_answers_go_to_the_person_or_to_support_and_robots_keep_quiet():
    assert letter(content()).reply_to == ["support@harbor.example"]
    assert letter(content(reply_to="sam@harbor.example")).reply_to == ["sam@harbor.example"]
    assert letter(content(), support_email="").reply_to == []
    assert letter(content()).message()["Auto-Submitted"] == "auto-generated"


def test_each_letter_has_an_id_of_its_own():
    assert letter(content()).message()["Message-ID"] != letter(content()).message()["Message-ID"]


# The mail server ------------------------------------------------------------------------------------------------------


def fate(monkeypatch, error: Exception) -> Fate:
    def fail(self, messages):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    return mail_server.hand_over(letter(content())).fate


def caused(error: AnymailAPIError, cause: Exception) -> AnymailAPIError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionRefusedError(), Fate.LATER),
        (TimeoutError(), Fate.LATER),
        (smtplib.SMTPConnectError(421, b"busy"), Fate.LATER),
        (smtplib.SMTPAuthenticationError(535, b"no"), Fate.LATER),
        (smtplib.SMTPSenderRefused(550, b"no", "x"), Fate.LATER),
        (smtplib.SMTPDataError(554, b"spam"), Fate.LATER),
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")}), Fate.REFUSED),
        (smtplib.SMTPRecipientsRefused({"x": (421, b"later")}), Fate.LATER),
        (AnswerLost(), Fate.UNCERTAIN),
        (AnymailRecipientsRefused(), Fate.REFUSED),
        (caused(AnymailAPIError("x"), TimeoutError("read timed out")), Fate.UNCERTAIN),
        (caused(AnymailAPIError("x"), OSError("NewConnectionError: refused")), Fate.LATER),
    ],
)
def test_only_what_is_certain_is_certain(monkeypatch, error, expected):
    assert fate(monkeypatch, error) == expected


def test_what_the_server_took_is_taken():
    outcome = mail_server.hand_over(letter(content()))
    assert outcome.fate == Fate.TAKEN
    assert len(post.outbox) == 1


@pytest.mark.parametrize(
    ("hangs_up", "expected"), [("", Fate.TAKEN), ("addressed", Fate.LATER), ("taken", Fate.UNCERTAIN)]
)
def test_smtp_tells_an_answer_that_was_lost_from_a_line_that_was_lost(settings, hangs_up, expected):
    with serving() as server:
        server.hangs_up = hangs_up
        settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{server.port}")}
        outcome = mail_server.hand_over(letter(content()))
        assert outcome.fate == expected
        assert server.taken == (["robin@northwind.example"] if expected != Fate.LATER else [])


def test_a_mail_server_that_is_not_there_is_asked_again_later(settings):
    settings.MAILERS = {"default": mailer("smtp://127.0.0.1:9")}
    assert mail_server.hand_over(letter(content())).fate == Fate.LATER
