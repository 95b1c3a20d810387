"""Keeping what somebody is told as they chose: in the portal, for the daily mail, or not at all."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts import time_zones
from accounts.models import Account, Mail, Notification, NotificationChoice, Organization, User
from accounts.notices.notification_kinds import MAIL, PORTAL, TO_USER, TOLD, When, is_kind, kind_named

MORNING = 8


@dataclass(frozen=True)
class Said:
    """What is told: the kind, what it is about, and the key that makes telling twice one telling."""

    organization: Organization
    kind: str
    key: str
    account: Account | None = None
    about: uuid.UUID | None = None
    data: Mapping[str, Any] | None = None
    path: str = ""


def choices_of(organization: Organization, users: Iterable[User], kind: str = "") -> dict[Any, dict[tuple, str]]:
    """This will read what people chose, in one query: {user id: {(kind, channel): when}}."""
    people = [user.pk for user in users]
    rows = NotificationChoice.objects.filter(organization=organization, user__in=people)
    if kind:
        rows = rows.filter(kind=kind)
    found: dict[Any, dict[tuple, str]] = {pk: {} for pk in people}
    for row in rows:
        found[row.user_id][row.kind, row.channel] = row.when
    return found


def keep(said: Said, users: Iterable[User]) -> list[User]:
    """This will write down, for each, what stands in the portal or waits for the daily mail, in two queries, and return
    those who want a mail at once."""
    people, kind = list(users), kind_named(said.kind)
    chosen = choices_of(said.organization, people, said.kind)
    rows = [_row(said, user, kind.when(MAIL, chosen[user.pk]), kind.when(PORTAL, chosen[user.pk])) for user in people]
    Notification.objects.bulk_create([row for row in rows if row is not None], ignore_conflicts=True, batch_size=500)
    return [user for user in people if kind.when(MAIL, chosen[user.pk]) == When.NOW]


def wanted(mail: Mail) -> str:
    """This will say how a mail's reader wants to hear of what it tells: at once, once a day or never; and keep for the
    portal and the daily mail what they chose.

    Mails to people without a login, and kinds nobody can choose about, always go out.
    """
    user_id = mail.data.get(TO_USER)
    if not user_id or not is_kind(mail.kind):
        return When.NOW
    user = User.objects.filter(pk=user_id, email=mail.to_email).first()
    if user is None:
        return When.NOW
    chosen = kind_named(mail.kind).when(MAIL, choices_of(mail.organization, [user], mail.kind)[user.pk])
    if mail.data.get(TOLD):  # what it is to be kept for was written down with the mail
        return When.NEVER if chosen == When.NEVER else When.NOW
    keep(Said(mail.organization, mail.kind, mail.key, mail.account, mail.about, mail.data), [user])
    return chosen


def _row(said: Said, user: User, by_mail: str, in_portal: str) -> Notification | None:
    if by_mail != When.DAILY and in_portal == When.NEVER:
        return None
    now = timezone.now()
    zone = time_zones.first_known(user, said.account, said.organization)
    morning = next_morning(now, zone)
    return Notification(
        organization=said.organization,
        account=said.account,
        user=user,
        kind=said.kind,
        key=said.key[:200],
        about=said.about,
        data=dict(said.data or {}),
        path=said.path,
        is_shown=in_portal != When.NEVER,
        shown_from=morning if in_portal == When.DAILY else now,
        digest_on=morning.date() if by_mail == When.DAILY else None,
    )


def next_morning(now: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    """This will return the next moment it is morning by the clock of `zone`."""
    here = now.astimezone(zone)
    today = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return today if here < today else today + datetime.timedelta(days=1)
