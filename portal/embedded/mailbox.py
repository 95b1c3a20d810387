"""The mails the demo wrote instead of sending: `/dev/mail/`. Shown as text only, whatever they contain."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.rules import public

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
        """This will return the plain-text body; the HTML twin is never rendered here."""
        part = self.message.get_body(("plain", "html"))
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
    """This will show one message as text."""
    found = next((mail for mail in read(settings.MAIL_DIR) if mail.key == key), None)
    if found is None:
        raise Http404
    return render(request, "portal/embedded/mail.html", {"mail": found})
