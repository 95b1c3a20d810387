"""The outbox: every mail is a row, written in the transaction that calls for it, and sent once, by a worker.

queue → claim → the mail server → settle. Whoever claims a row first is the only one to send it. A worker that dies in
between leaves it `sending`; after some minutes that is `unknown`, and a person decides whether it is sent again.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from accounts import audit
from accounts.actions import telling
from accounts.mail import email_templates, letters, mailing
from accounts.mail.mail_server import Fate, Outcome
from accounts.membership import other_organizations
from accounts.models import Account, Mail, MailState, Membership, User
from accounts.models.mail import INSTEAD
from accounts.notices.notification_kinds import When
from accounts.roles import Can, Role
from accounts.viewer import Viewer, system_viewer, viewer_of_account, viewer_of_organization
from portal.web import jobs
from portal.web.liquid import Unwritable

log = structlog.get_logger(__name__)

DELIVER, DELIVER_DUE = "accounts.tasks.deliver", "accounts.tasks.deliver_due"
TEMPLATE_BROKEN = "accounts.tasks.tell_of_broken_template"
MOST_ATTEMPTS = 6
FIRST_PAUSE = datetime.timedelta(minutes=1)  # then twice as long each time
# Longer than a job may run: what is `sending` for that long, nobody is sending any more.
UNCERTAIN_AFTER = datetime.timedelta(minutes=6)
OVERLOOKED_AFTER = datetime.timedelta(minutes=1)
CAN_BE_SENT_AGAIN = (MailState.UNKNOWN, MailState.FAILED, MailState.BOUNCED)

_AT_ONCE = 500
_BY_SYSTEM = "by_system"


@dataclass(frozen=True)
class Wanted:
    """A mail somebody calls for. `about` is the row it is about; `key` makes two calls for the same mail one.

    Without `to_email` it is a call to everybody its kind names when it goes out. `user` is who reads it with a login: how
    they hear of it is theirs to choose.
    """

    kind: str
    about: models.Model | uuid.UUID
    key: str
    to_email: str = ""
    to_name: str = ""
    account: Account | None = None
    data: dict[str, Any] = field(default_factory=dict)
    not_before: datetime.datetime | None = None
    user: User | None = None


@dataclass(frozen=True)
class Claimed:
    """A mail that is ours to send, and its text."""

    mail: Mail
    message: EmailMultiAlternatives


class NotToBeSentAgain(Exception):
    """The mail was sent, is being sent, or is not needed: `mail` as it stands now."""

    def __init__(self, mail: Mail):
        self.mail = mail
        super().__init__(mail.state)


def queue(
    *,
    by: Viewer,
    kind: str,
    about: models.Model | uuid.UUID,
    key: str,
    to_email: str = "",
    to_name: str = "",
    account: Account | None = None,
    data: dict[str, Any] | None = None,
    not_before: datetime.datetime | None = None,
) -> Mail:
    """This will write down one mail to be sent once this transaction is certain; asked again, it is the same mail.

    Raises PermissionDenied when the viewer may not ask for mails of this kind.
    """
    return queue_all(by=by, wanted=[Wanted(kind, about, key, to_email, to_name, account, data or {}, not_before)])[0]


@transaction.atomic
def queue_all(*, by: Viewer, wanted: Sequence[Wanted]) -> list[Mail]:
    """This will write down many mails in two queries, however many, and return their rows in the same order.

    Raises PermissionDenied when the viewer may not ask for one of them; then none is written.
    """
    if by.is_preview:
        raise PermissionDenied("a preview sends nothing")
    for kind, account in {(mail.kind, mail.account) for mail in wanted}:
        _require(by, mailing.kind_named(kind), account)
    marks = {} if by.user or by.guest else {_BY_SYSTEM: True}
    rows = [
        Mail(
            organization=by.organization,
            account=mail.account,
            kind=mail.kind,
            key=mail.key,
            about=mail.about.pk if isinstance(mail.about, models.Model) else mail.about,
            data={**mail.data, **marks, **_login(mail.user)},
            to_name=mailing.one_line(mail.to_name)[:120],
            to_email=mail.to_email,
            asked_by=by.user,
            not_before=mail.not_before,
        )
        for mail in wanted
    ]
    return _insert(rows)


def _login(user: User | None) -> dict[str, str]:
    return {telling.TO_USER: str(user.pk)} if user is not None else {}


def _insert(rows: list[Mail]) -> list[Mail]:
    if not rows:
        return []
    organization_id = rows[0].organization_id
    Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_AT_ONCE)
    stored = {
        row.key: row for row in Mail.objects.filter(organization=organization_id, key__in={row.key for row in rows})
    }
    now = timezone.now()
    new = [row for row in rows if stored[row.key].pk == row.pk and (row.not_before is None or row.not_before <= now)]
    if len(new) == 1:
        jobs.hand_over_after_commit(DELIVER, str(organization_id), str(new[0].pk))
    elif new:
        jobs.hand_over_after_commit(DELIVER_DUE, str(organization_id))
    return [stored[row.key] for row in rows]


@transaction.atomic
def claim(*, mail_id: uuid.UUID) -> Claimed | None:
    """This will take one mail for this worker alone and write it from what is true now; None when there is nothing to
    send: somebody else took it, it is not due yet, it is not needed any more, or who asked may no longer.

    When this transaction is committed, the mail is `sending`, whatever becomes of the worker.
    """
    now = timezone.now()
    taken = _due(now).filter(pk=mail_id).update(state=MailState.SENDING, attempts=F("attempts") + 1, claimed_at=now)
    if not taken:
        return None
    mail = Mail.objects.select_related("organization", "account", "asked_by").get(pk=mail_id)
    kind = mailing.kind_named(mail.kind)
    by = _asker(mail, kind)
    if by is not None and not mail.to_email and kind.addressees:
        _call_out(mail, kind.addressees(mail, by))
        return None
    message = _written(mail, kind, by) if by is not None and not _is_for_nobody(mail) else None
    if message is None:
        _end(mail, MailState.CANCELLED, data=mail.data)
        return None
    mail.message_id = message.extra_headers["Message-ID"]
    mail.save(update_fields=["message_id"])
    return Claimed(mail, message)


def _written(mail: Mail, kind: mailing.Kind, by: Viewer) -> EmailMultiAlternatives | None:
    """The message in the reader's language; None when it is not needed, or not wanted by mail."""
    language = email_templates.language_of(mail)
    with translation.override(language):
        content = kind.compose(mail, by)
        if content is None:
            return None
        if (wanted := telling.wanted(mail)) != When.NOW:
            mail.data[INSTEAD] = str(wanted)
            return None
        return _in_own_words(mail, content, language) or letters.letter(mail, content)


def _in_own_words(mail: Mail, content: mailing.Content, language: str) -> EmailMultiAlternatives | None:
    """What the organization wrote itself; None when it wrote nothing, or when that does not hold: ours is sent, then,
    and its Admins are told."""
    wording, own = mailing.wording_of(mail.kind), email_templates.active_for(mail, language)
    if wording is None or own is None:
        return None
    if content.opens is not None and other_organizations.rely_on(content.opens, mail.organization):
        return None  # one organization's words must not be able to lead another's people anywhere
    try:
        return letters.letter(
            mail, email_templates.written(own.subject, own.body, content, mail, wording.blocks)
        )  # fmt: skip
    except Exception as error:  # whatever it is: a mail in our words is better than none
        log.warning("email_template_broken", template=str(own.pk), kind=mail.kind, error=str(error)[:200])
        reason = str(error.problem) if isinstance(error, Unwritable) else type(error).__name__
        jobs.hand_over_after_commit(TEMPLATE_BROKEN, str(mail.organization_id), str(own.pk), own.revision, reason[:200])
        return None


@transaction.atomic
def settle(*, mail: Mail, outcome: Outcome) -> None:
    """This will write down what became of a claimed mail. What the mail server did not take is tried again later, six
    times; an address it refuses for good is `bounced`; where its answer was lost, the mail is `unknown`.

    Only the claim it belongs to is settled: not a mail that was taken again meanwhile.
    """
    rows = Mail.objects.filter(pk=mail.pk, claimed_at=mail.claimed_at, state__in=[MailState.SENDING, MailState.UNKNOWN])
    now = timezone.now()
    if outcome.fate == Fate.TAKEN:
        ids = {"message_id": outcome.message_id} if outcome.message_id else {}
        rows.update(state=MailState.SENT, sent_at=now, settled_at=now, error="", **ids)
    elif outcome.fate == Fate.REFUSED:
        rows.update(state=MailState.BOUNCED, settled_at=now, error=outcome.error[:300])
    elif outcome.fate == Fate.UNCERTAIN:
        rows.update(state=MailState.UNKNOWN, settled_at=now, error=outcome.error[:300])
    else:
        _try_later(rows, mail.attempts, outcome.error)


@transaction.atomic
def set_aside(*, mail_id: uuid.UUID, error: str) -> None:
    """This will put off a mail that could not be written, as one the mail server did not take."""
    rows = _due(timezone.now()).filter(pk=mail_id)
    attempts = rows.values_list("attempts", flat=True).first()
    if attempts is not None:
        _try_later(rows, attempts + 1, error)


@transaction.atomic
def delivered(*, by: Viewer, mail: Mail) -> None:
    """This will write down that the recipient's server has it. Raises PermissionDenied but to the system."""
    _require_system(by)
    rows = Mail.objects.filter(pk=mail.pk, state__in=[MailState.SENDING, MailState.SENT, MailState.UNKNOWN])
    now = timezone.now()
    rows.filter(sent_at=None).update(sent_at=now)
    rows.update(state=MailState.DELIVERED, settled_at=now, error="")


@transaction.atomic
def bounced(*, by: Viewer, mail: Mail, reason: str) -> None:
    """This will write down that the mail came back. Raises PermissionDenied but to the system."""
    _require_system(by)
    sent = [MailState.SENDING, MailState.SENT, MailState.UNKNOWN, MailState.DELIVERED]
    changed = Mail.objects.filter(pk=mail.pk, state__in=sent).update(
        state=MailState.BOUNCED, settled_at=timezone.now(), error=mailing.one_line(reason)[:300]
    )
    if changed:
        audit.record(by, "mail.bounced", mail, mail.account, kind=mail.kind, label=mail.to_email)


@transaction.atomic
def send_again(*, by: Viewer, mail: Mail) -> Mail:
    """This will queue a mail once more, by a person's decision: one nobody is certain about, one that failed or came
    back. Raises NotToBeSentAgain for any other, PermissionDenied for who may not ask for it in the mail's account."""
    _require(by, mailing.kind_named(mail.kind), mail.account, otherwise=Can.CREATE_ASSESSMENTS)
    queued = Mail.objects.filter(pk=mail.pk, state__in=CAN_BE_SENT_AGAIN).update(
        state=MailState.QUEUED, attempts=0, not_before=None, claimed_at=None, settled_at=None, error="",
        asked_by=by.user,
    )  # fmt: skip
    mail.refresh_from_db()
    if not queued:
        raise NotToBeSentAgain(mail)
    audit.record(by, "mail.sent_again", mail, mail.account, kind=mail.kind, label=mail.to_email)
    jobs.hand_over_after_commit(DELIVER, str(mail.organization_id), str(mail.pk))
    return mail


@transaction.atomic
def requeue_stuck(*, by: Viewer) -> tuple[int, int]:
    """This will mark what was left `sending` as `unknown`, and hand over what is due and nobody took; the number of
    each. Never does it send again what may have gone out. Raises PermissionDenied but to the system."""
    _require_system(by)
    now = timezone.now()
    rows = Mail.objects.filter(organization=by.organization)
    left = rows.filter(state=MailState.SENDING, claimed_at__lt=now - UNCERTAIN_AFTER)
    uncertain = left.update(
        state=MailState.UNKNOWN, settled_at=now, error="The worker ended while the mail was being sent."
    )
    overlooked = _due(now).filter(organization=by.organization).exclude(
        not_before=None, created_at__gt=now - OVERLOOKED_AFTER
    )  # fmt: skip
    waiting = overlooked.count()
    if waiting:
        jobs.hand_over_after_commit(DELIVER_DUE, str(by.organization.pk))
    return uncertain, waiting


def due_now(organization_id: uuid.UUID, most: int) -> list[uuid.UUID]:
    """This will list mails to be sent now, the oldest first."""
    rows = _due(timezone.now()).filter(organization=organization_id)
    return list(rows.order_by("created_at", "id").values_list("pk", flat=True)[:most])


def _due(now: datetime.datetime) -> models.QuerySet:
    rows = Mail.objects.filter(Q(not_before=None) | Q(not_before__lte=now), state=MailState.QUEUED)
    # Mails of a deleted account wait: it may be brought back. A subquery, not a join: `claim` must ask for the state in
    # the UPDATE itself, or two workers would both get the mail.
    return rows.exclude(account__in=Account.objects.exclude(deleted_at=None).values("pk"))


def _is_for_nobody(mail: Mail) -> bool:
    """This will say whether the mail is for one of the people of an archived account: they have no access any more."""
    if mail.account is None or mail.account.archived_at is None:
        return False
    staff = Membership.objects.filter(
        Q(account=None) | Q(account=mail.account), organization=mail.organization, user__email=mail.to_email
    )
    return not staff.exclude(role=Role.CLIENT).exists()


def _try_later(rows: models.QuerySet, attempts: int, error: str) -> None:
    now = timezone.now()
    if attempts >= MOST_ATTEMPTS:
        rows.update(state=MailState.FAILED, attempts=attempts, settled_at=now, error=error[:300])
        return
    pause = FIRST_PAUSE * 2 ** (attempts - 1)
    rows.update(state=MailState.QUEUED, attempts=attempts, not_before=now + pause, error=error[:300])


def _call_out(mail: Mail, people: Iterable[mailing.Addressee]) -> None:
    """One mail to each, written down in the transaction that ends the call: all of them, or the call stands."""
    _insert(
        [
            Mail(
                organization_id=mail.organization_id, account_id=mail.account_id, kind=mail.kind,
                key=f"{mail.key}:{person.key}"[:200], about=mail.about, data={**mail.data, **_login(person.user)},
                to_name=mailing.one_line(person.name)[:120], to_email=person.email, asked_by_id=mail.asked_by_id,
            )
            for person in people
        ]
    )  # fmt: skip
    _end(mail, MailState.SENT)


def _end(mail: Mail, state: MailState, **fields: Any) -> None:
    Mail.objects.filter(pk=mail.pk).update(state=state, settled_at=timezone.now(), error="", **fields)


def _asker(mail: Mail, kind: mailing.Kind) -> Viewer | None:
    """Who the mail is written for the sake of: the system, or the person who asked, when they still may."""
    if kind.asked_with is None or mail.data.get(_BY_SYSTEM):
        return system_viewer(mail.organization)
    if mail.asked_by is None:
        return None
    if mail.account is None:
        by: Viewer | None = viewer_of_organization(mail.asked_by, mail.organization)
    else:
        by = viewer_of_account(mail.asked_by, mail.organization, mail.account.pk)
    return by if by is not None and by.can(kind.asked_with) else None


def _require(by: Viewer, kind: mailing.Kind, account: Account | None, otherwise: Can | None = None) -> None:
    ability = kind.asked_with or otherwise
    if ability is None:
        return
    if account is None:
        by.require(ability)
    else:
        by.require_on(ability, account)


def _require_system(by: Viewer) -> None:
    if by.user is not None or by.guest is not None:
        raise PermissionDenied("only the system knows what became of a mail")
