"""From a mail's parts to the message: an HTML twin in the organization's colour, and a plain-text twin."""

import re
from dataclasses import replace
from email.utils import formataddr, make_msgid, parseaddr

import mrml
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import addresses
from accounts.brand import appearance, branding
from accounts.mail import mailing
from accounts.models import Mail, Organization
from accounts.notices import notification_kinds
from accounts.notices.notification_kinds import DIGEST, TO_USER
from portal.web.liquid import Problem, Unwritable

# MJML is XML: a character XML has no place for would make the whole mail unreadable to its compiler.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# No fonts from elsewhere, no comments but those Outlook reads; what a mail shows is in it.
_RENDER = mrml.RenderOptions(disable_comments=False, fonts={})


def letter(mail: Mail, content: mailing.Content) -> EmailMultiAlternatives:
    """This will write the message of an outbox row, ready to be handed over."""
    organization = mail.organization
    choices = _where_to_choose(mail)
    content = replace(content, choices_url=choices)
    message = EmailMultiAlternatives(
        subject=mailing.one_line(content.subject)[:200],
        body=as_text(organization, content),
        from_email=_sender(organization),
        to=[mail.to_email],
        reply_to=[address for address in [content.reply_to or organization.support_email] if address],
        headers={
            # The same in our books and in the mail server's, so that a person can look up what became of a mail.
            "Message-ID": make_msgid(idstring=mail.pk.hex, domain=_domain()),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            **({"List-Unsubscribe": f"<{choices}>"} if choices else {}),
        },
    )
    message.attach_alternative(as_html(organization, content), "text/html")
    # Mail services hand this back with what they tell of the mail.
    message.metadata = {"organization": str(mail.organization_id), "mail": str(mail.pk)}  # type: ignore[attr-defined]
    _check_headers(message)
    return message


def _where_to_choose(mail: Mail) -> str:
    """The page where the reader says how to hear of such things; "" for who has no login, or no choice."""
    if not mail.data.get(TO_USER) or not (notification_kinds.is_kind(mail.kind) or mail.kind == DIGEST):
        return ""
    origin = addresses.origin_of(mail.organization, mail.data.get("origin", ""))
    return origin + reverse("notification_choices") if origin else ""


def _check_headers(message: EmailMultiAlternatives) -> None:
    """An address or a header that makes no message is found here, before anything is sent."""
    EmailMessage(
        message.subject, "", message.from_email, message.to, reply_to=message.reply_to, headers=message.extra_headers
    ).message()


def as_html(organization: Organization, content: mailing.Content, *, origin: str | None = None) -> str:
    """This will draw the HTML twin. `origin` is where its logo is fetched, without it the organization's own address.
    Raises Unwritable for what makes no mail."""
    mjml = _NOT_IN_XML.sub("", render_to_string("mail/layout.mjml", _context(organization, content, origin)))
    try:
        return str(mrml.to_html(mjml, render_options=_RENDER).content)
    except (OSError, ValueError) as error:  # its only words are that it could not read something
        raise Unwritable(Problem(1, 1, _("This cannot be drawn as an email. Write it more simply."))) from error


def as_text(organization: Organization, content: mailing.Content) -> str:
    """This will write the plain-text twin."""
    return render_to_string("mail/layout.txt", _context(organization, content)).strip() + "\n"


def _context(organization: Organization, content: mailing.Content, origin: str | None = None) -> dict:
    return {
        "organization": organization,
        "content": content,
        "preview": content.preview or _first_words(content),
        "logo": _logo(organization, origin),
        "brand": {name.replace("-", "_"): value for name, value in branding.tokens(organization.brand_color).items()},
    }


def _logo(organization: Organization, origin: str | None) -> dict | None:
    """The logo as a mail shows it: from the organization's own address, where mail programs can fetch it."""
    logo = appearance.picture_for_mail(organization)
    if logo is None:
        return None
    high = 32 if logo.wide_at(32) <= 260 else max(16, round(32 * 260 / logo.wide_at(32)))
    return {
        "url": (addresses.origin_of(organization) if origin is None else origin) + logo.url,
        "width": logo.wide_at(high),
        "height": high,
        "is_wordmark": logo.is_wordmark,
    }


def _first_words(content: mailing.Content) -> str:
    words = (part.text for part in content.parts if isinstance(part, mailing.Paragraph | mailing.Rich))
    return next(words, "").partition("\n")[0]


def _sender(organization: Organization) -> str:
    return formataddr((mailing.one_line(organization.name), _from_address()))


def _from_address() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1] or settings.DEFAULT_FROM_EMAIL


def _domain() -> str:
    return _from_address().rpartition("@")[2] or "localhost"
