"""The mails the demo wrote instead of sending: `/dev/mail/`.

A page of the portal shows the text. The HTML twin is a document of its own that may do nothing, not even be of the
portal's origin; it has the only policy that allows styles in the markup, which mail is made of (decision 16).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.rules import public
from portal.web import sandbox

SEPARATOR = b"\n" + b"-" * 79 + b"\n"  # what Django's file backend writes after each message
SHOWN = 100


@dataclass(frozen=True)
class Mail:
    """One message of a file."""

    key: str
    written_at: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        """This will return the subject line."""
        return str(self.message["Subject"] or "")

    @property
    def recipient(self) -> str:
        """This will return the addresses it went to."""
        return str(self.message["To"] or "")

    @property
    def sender(self) -> str:
        """This will return the address it came from."""
        return str(self.message["From"] or "")

    @property
    def text(self) -> str:
        """This will return the plain-text body, or the source of a mail that has none."""
        return self._body("plain", "html")

    @property
    def html(self) -> str:
        """This will return the HTML twin, "" without one."""
        return self._body("html")

    @property
    def reply_to(self) -> str:
        """This will return who an answer would go to."""
        return str(self.message["Reply-To"] or "")

    def _body(self, *kinds: str) -> str:
        part = self.message.get_body(kinds)
        return part.get_content() if part else ""


def read(folder: Path) -> list[Mail]:
    """This will return the mails of the folder, the newest first."""
    mails = []
    newest_first = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in newest_first[:SHOWN]:
        written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        parts = [part for part in path.read_bytes().split(SEPARATOR) if part.strip()]
        for number, part in reversed(list(enumerate(parts))):
            mails.append(Mail(f"{path.stem}-{number}", written_at, message_from_bytes(part, policy=policy.default)))
    return mails[:SHOWN]


@public()
def mailbox(request: HttpRequest) -> HttpResponse:
    """This will list what would have been sent."""
    return render(request, "portal/embedded/mailbox.html", {"mails": read(settings.MAIL_DIR)})


@public()
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """This will show one message, as its HTML twin looks or as text."""
    found = _found(key)
    as_text = request.GET.get("as") == "text" or not found.html
    return render(request, "portal/embedded/mail.html", {"mail": found, "as_text": as_text})


@public()
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """This will send the HTML twin as a document in a sandbox: no script, no form, no origin; a logo is all it fetches."""
    found = _found(key)
    if not found.html:
        raise Http404
    return sandbox.document(found.html)


def _found(key: str) -> Mail:
    found = next((mail for mail in read(settings.MAIL_DIR) if mail.key == key), None)
    if found is None:
        raise Http404
    return found
