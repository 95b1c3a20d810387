"""Writing an organization's own mails: a draft, which is tried, and which becomes what is sent."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import mails, undoing
from accounts.mail import email_templates, mailing
from accounts.mail.email_templates import Found, languages, ours
from accounts.mail.mailing import Wording
from accounts.models import AuditEntry, EmailTemplate, Mail
from accounts.roles import Can
from accounts.viewer import Viewer
from portal.web.ids import uuid7

TEST = "accounts.email_template_test"
MOST_TESTS, TESTS_WITHIN = 10, datetime.timedelta(hours=1)
DEACTIVATED, RESET = "email_template.deactivated", "email_template.reset"
_KEPT = 4_000  # of a text in the audit trail
_FIELDS = ("subject", "body", "is_active", "draft_subject", "draft_body")


class Stale(Exception):
    """Somebody else changed the template meanwhile: `template` as it stands now."""

    def __init__(self, template: EmailTemplate) -> None:
        super().__init__(str(template))
        self.template = template


class NoSuchTemplate(Exception):
    """There is no such kind of mail, or no such language."""


class DoesNotHold(Exception):
    """The template cannot be sent: `problems` say why."""

    def __init__(self, problems: list[Found]) -> None:
        super().__init__(", ".join(map(str, problems)))
        self.problems = problems


class TooManyTests(Exception):
    """Somebody sent themselves more tests within the hour than anybody reads."""


def standing(by: Viewer, kind: str, language: str) -> EmailTemplate:
    """This will return the organization's template, or one that is not stored yet and holds our own words as its draft.
    Raises NoSuchTemplate."""
    wording = _wording(kind, language)
    row = EmailTemplate.objects.visible_to(by).filter(kind=kind, language=language).select_related("updated_by").first()
    if row is not None:
        return row
    subject, body = ours(wording, language)
    return EmailTemplate(
        organization=by.organization, kind=kind, language=language, revision=0,
        draft_subject=subject, draft_body=body,
    )  # fmt: skip


@transaction.atomic
def save_draft(*, by: Viewer, kind: str, language: str, subject: str, body: str, seen: int) -> EmailTemplate:
    """This will keep what somebody writes, whether it holds or not; what is sent stays as it is. `seen` is the revision
    it was begun from. Raises Stale, NoSuchTemplate."""
    by.require(Can.MANAGE_SETTINGS)
    row = _locked(by, kind, language, seen)
    subject, body = _tidied(subject), _tidied_body(body)
    template = row.template
    if row.is_stored and (template.draft_subject, template.draft_body) == (subject, body):
        return template
    before = (template.draft_subject, template.draft_body)
    template.draft_subject, template.draft_body = subject, body
    _store(by, template, "email_template.drafted", before, (subject, body))
    return template


@transaction.atomic
def activate(*, by: Viewer, kind: str, language: str, subject: str, body: str, seen: int) -> EmailTemplate:
    """This will have mails of this kind written in these words from now on. Raises DoesNotHold, Stale,
    NoSuchTemplate."""
    by.require(Can.MANAGE_SETTINGS)
    template = _locked(by, kind, language, seen).template
    subject, body = _tidied(subject), _tidied_body(body)
    if problems := email_templates.problems_of(_wording(kind, language), subject, body):
        raise DoesNotHold(problems)
    before = (template.subject, template.body) if template.is_active else ours(_wording(kind, language), language)
    template.subject = template.draft_subject = subject
    template.body = template.draft_body = body
    template.is_active = True
    _store(by, template, "email_template.activated", before, (subject, body))
    return template


@transaction.atomic
def deactivate(*, by: Viewer, kind: str, language: str, seen: int) -> AuditEntry | None:
    """This will have our words sent again; the organization's own stay as a draft. `restore` takes the returned step
    back; None when ours were sent. Raises Stale, NoSuchTemplate."""
    by.require(Can.MANAGE_SETTINGS)
    template = _locked(by, kind, language, seen).template
    if not template.is_active:
        return None
    before, kept = (template.subject, template.body), _kept_of(template)
    template.is_active = False
    after = ours(_wording(kind, language), language)
    return _store(by, template, DEACTIVATED, before, after, kept=kept)


@transaction.atomic
def reset(*, by: Viewer, kind: str, language: str, seen: int) -> AuditEntry | None:
    """This will forget the organization's own words and begin again from ours. The trail keeps what they were.

    `restore` takes the returned step back; None when there were none. Raises Stale, NoSuchTemplate.
    """
    by.require(Can.MANAGE_SETTINGS)
    row = _locked(by, kind, language, seen)
    template = row.template
    if not row.is_stored:
        return None
    subject, body = ours(_wording(kind, language), language)
    before, kept = (template.draft_subject, template.draft_body), _kept_of(template)
    template.subject, template.body, template.is_active = "", "", False
    template.draft_subject, template.draft_body = subject, body
    return _store(by, template, RESET, before, (subject, body), kept=kept)


@transaction.atomic
def restore(*, by: Viewer, step: uuid.UUID) -> EmailTemplate:
    """This will bring back the words this person has just reset, or no longer had sent, sent as they were. Raises
    TooLate, also when somebody has written since."""
    by.require(Can.MANAGE_SETTINGS)
    entry = undoing.removal(by=by, verbs=(DEACTIVATED, RESET), step=step)
    assert entry.object_id is not None
    rows = EmailTemplate.objects.filter(organization=by.organization, pk=entry.object_id)
    template: EmailTemplate | None = rows.select_for_update(no_key=True).first()
    kept = entry.details["kept"]
    if template is None or template.revision != kept["revision"] + 1:
        raise undoing.TooLate
    before = (template.draft_subject, template.draft_body)
    for name in _FIELDS:
        setattr(template, name, kept[name])
    _store(by, template, "email_template.restored", before, (template.draft_subject, template.draft_body))
    return template


@transaction.atomic
def send_test(*, by: Viewer, kind: str, language: str, subject: str, body: str, example: str = "") -> Mail:
    """This will send the words as they are now to who writes them, and to nobody else, marked as a test. `example` is
    the id of the real mail it is filled from. Raises TooManyTests, DoesNotHold, NoSuchTemplate."""
    by.require(Can.MANAGE_SETTINGS)
    assert by.user is not None
    if problems := email_templates.problems_of(_wording(kind, language), _tidied(subject), _tidied_body(body)):
        raise DoesNotHold(problems)
    lately = Mail.objects.filter(
        organization=by.organization, kind=TEST, asked_by=by.user, created_at__gt=timezone.now() - TESTS_WITHIN
    )
    if lately.count() >= MOST_TESTS:
        raise TooManyTests
    sent = mails.queue(
        by=by,
        kind=TEST,
        about=by.user,
        key=f"{TEST}:{uuid7().hex}",
        to_email=by.user.email,
        to_name=by.user.name,
        data={
            "kind": kind, "language": language, "subject": _tidied(subject), "body": _tidied_body(body),
            "example": example,
        },
    )  # fmt: skip
    audit.record(by, "email_template.tested", None, label=f"{kind} ({language})")
    return sent


@dataclass(frozen=True)
class _Row:
    template: EmailTemplate
    is_stored: bool


def _locked(by: Viewer, kind: str, language: str, seen: int) -> _Row:
    _wording(kind, language)
    rows = EmailTemplate.objects.filter(organization=by.organization, kind=kind, language=language)
    row = rows.select_for_update(no_key=True).first()
    if row is None:
        fresh = standing(by, kind, language)
        if seen != 0:
            raise Stale(fresh)
        return _Row(fresh, is_stored=False)
    if row.revision != seen:
        raise Stale(row)
    return _Row(row, is_stored=True)


def _kept_of(template: EmailTemplate) -> dict[str, Any]:
    return {name: getattr(template, name) for name in (*_FIELDS, "revision")}


def _store(
    by: Viewer, template: EmailTemplate, verb: str, before: tuple[str, str], after: tuple[str, str], **details: Any
) -> AuditEntry:
    template.revision += 1
    template.updated_by = by.user
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError:  # somebody wrote the first draft of it this very moment
        raise Stale(standing(by, template.kind, template.language)) from None
    changes: dict[str, Any] = {
        name: [old[:_KEPT], new[:_KEPT]]
        for name, old, new in zip(("subject", "body"), before, after, strict=True)
        if old != new
    }
    return audit.record(by, verb, template, label=_label(template), changes=changes, **details)


def _label(template: EmailTemplate) -> str:
    wording = mailing.wording_of(template.kind)
    return f"{wording.label if wording else template.kind} ({template.language})"


def _wording(kind: str, language: str) -> Wording:
    wording = mailing.wording_of(kind)
    if wording is None or language not in dict(languages()):
        raise NoSuchTemplate(kind)
    return wording


def _tidied(subject: str) -> str:
    return mailing.one_line(subject)


def _tidied_body(body: str) -> str:
    return "\n".join(line.rstrip() for line in body.replace("\x00", "").splitlines()).strip() + "\n"
