"""How a template looks with a real mail of the organization, or with the example: nothing is sent, stored or given away.

The real one is written again as it would be now, in a transaction that is undone; every link in it is replaced, so that
no token is made and none is seen.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import addresses
from accounts.actions.email_templates import TEST
from accounts.mail import email_templates, letters, mailing
from accounts.mail.mailing import Button, Content, Lines, Paragraph, Part, Wording
from accounts.models import Mail, MailState
from accounts.roles import Can
from accounts.viewer import Viewer
from portal.web.ids import uuid_in

SHOWN, LOOKED_AT = 5, 12
_SENT = (MailState.SENT, MailState.DELIVERED, MailState.BOUNCED)


@dataclass(frozen=True)
class Example:
    """A real mail a template can be filled from: whom it went to, and in which account."""

    id: uuid.UUID
    label: str
    mail: Mail
    content: Content


@dataclass(frozen=True)
class Preview:
    """A mail as it would be: the subject and both twins."""

    subject: str
    html: str
    text: str


class _Undone(Exception):
    def __init__(self, content: Content | None) -> None:
        self.content = content


def examples(viewer: Viewer, kind: str, language: str) -> list[Example]:
    """This will find the latest mails of this kind that would still be written today, the newest first."""
    return list(_examples(viewer, kind, language))


def _examples(viewer: Viewer, kind: str, language: str) -> Iterator[Example]:
    rows = Mail.objects.visible_to(viewer).filter(kind=kind, state__in=_SENT).exclude(to_email="")
    found = 0
    for mail in rows.select_related("organization", "account", "asked_by").order_by("-created_at")[:LOOKED_AT]:
        content = _again(viewer, mail, language)
        if content is not None and found < SHOWN:
            found += 1
            yield Example(mail.pk, _label(mail), mail, content)


def _again(viewer: Viewer, mail: Mail, language: str) -> Content | None:
    """What a mail would say now. Whatever writing it makes, such as a link, is undone, and the link is taken out."""
    try:
        with translation.override(language), transaction.atomic():
            raise _Undone(mailing.kind_named(mail.kind).compose(mail, viewer))
    except _Undone as undone:
        content = undone.content
    except Exception:  # what cannot be written any more is no example
        return None
    return without_links(content, _nowhere(viewer)) if content else None


def without_links(content: Content, url: str) -> Content:
    """This will replace every link of a mail."""
    return replace(content, parts=tuple(_without_link(part, url) for part in content.parts), choices_url="")


def _without_link(part: Part, url: str) -> Part:
    if isinstance(part, Button):
        return replace(part, url=url)
    if isinstance(part, Lines):
        return replace(part, rows=tuple(replace(row, url=url) for row in part.rows))
    return part


def _label(mail: Mail) -> str:
    name = mail.to_name or mail.to_email
    return f"{name} · {mail.account.name}" if mail.account else name


def _nowhere(viewer: Viewer) -> str:
    return f"{addresses.origin_of(viewer.organization) or 'https://portal.example'}/"


def chosen(viewer: Viewer, kind: str, language: str, example: str) -> tuple[Content, Mail]:
    """This will find what a template is filled from: the real mail chosen, or the made-up one."""
    wording = mailing.wording_of(kind)
    assert wording is not None
    wanted = uuid_in(example)
    if wanted:
        rows = Mail.objects.visible_to(viewer).filter(kind=kind, pk=wanted, state__in=_SENT)
        mail = rows.select_related("organization", "account", "asked_by").first()
        content = _again(viewer, mail, language) if mail else None
        if mail and content:
            return content, mail
    return made_up(viewer, wording, language)


def made_up(viewer: Viewer, wording: Wording, language: str) -> tuple[Content, Mail]:
    """This will make up a mail to fill a template from."""
    with translation.override(language):
        content = email_templates.example_of(wording, viewer.organization, _nowhere(viewer))
    first_name = content.values["first_name"]
    return content, Mail(organization=viewer.organization, to_name=first_name, to_email="")


def preview(viewer: Viewer, kind: str, language: str, subject: str, body: str, example: str) -> Preview:
    """This will write a template with what was chosen. Raises Unwritable."""
    content, mail = chosen(viewer, kind, language, example)
    wording = mailing.wording_of(kind)
    assert wording is not None
    with translation.override(language):
        written = email_templates.written(subject, body, content, mail, wording.blocks)
        return Preview(
            mailing.one_line(written.subject)[:200],
            letters.as_html(viewer.organization, written),
            letters.as_text(viewer.organization, written),
        )


@mailing.kind(TEST, asked_with=Can.MANAGE_SETTINGS)
def test_mail(mail: Mail, by: Viewer) -> Content | None:
    """This will write a template as a test, to who writes it: it says so, and its links lead to the portal's door."""
    data = mail.data
    wording = mailing.wording_of(data["kind"])
    if wording is None or mail.asked_by is None or mail.asked_by.email != mail.to_email:
        return None
    with translation.override(data["language"]):
        content, real = chosen(by, data["kind"], data["language"], data.get("example", ""))
        written = email_templates.written(data["subject"], data["body"], content, real, wording.blocks)
        note = _("This is a test of your email template. Only you got it, and its button leads to the portal’s door.")
        return replace(
            written,
            subject=_("[Test] %(subject)s") % {"subject": written.subject},
            parts=(Paragraph(note, is_quiet=True), *written.parts),
            reply_to="",
        )
