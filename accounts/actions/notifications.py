"""What people do with what they are told: read it, choose how they hear of it; and the daily mail of those who chose so."""

import datetime
from collections.abc import Mapping
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import audit, time_zones
from accounts.actions import mails
from accounts.actions.telling import MORNING, choices_of
from accounts.models import Mail, Notification, NotificationChoice, User
from accounts.notices.notification_kinds import DIGEST, When, kinds_for
from accounts.viewer import Viewer

KEPT_FOR = datetime.timedelta(days=90)
_AT_ONCE = 2_000


@transaction.atomic
def mark(*, by: Viewer, notification: Notification, is_read: bool = True) -> Notification:
    """This will note that somebody has read one of their own notifications, or wants to read it again."""
    _require_own(by, notification)
    if is_read != (notification.read_at is not None):
        notification.read_at = timezone.now() if is_read else None
        notification.save(update_fields=["read_at"])
    return notification


@transaction.atomic
def mark_all(*, by: Viewer) -> tuple[int, datetime.datetime]:
    """This will note that somebody has read all they see on this page's side, and return how many that were, and the
    moment by which it can be undone."""
    _require_person(by)
    now = timezone.now()
    return Notification.objects.visible_to(by).shown().unread().update(read_at=now), now


@transaction.atomic
def unmark_all(*, by: Viewer, at: datetime.datetime) -> int:
    """This will make unread again what was marked at one moment, and return how many that were."""
    _require_person(by)
    return Notification.objects.visible_to(by).filter(read_at=at).update(read_at=None)


@transaction.atomic
def choose(*, by: Viewer, choices: Mapping[tuple[str, str], str]) -> int:
    """This will set how somebody hears of things, {(kind, channel): when}, and return how much of it is new. What is not
    named stays as it was; what cannot be switched off stays on; what equals the default is not written down."""
    user = _require_person(by)
    # Two pages of the same person take turns.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = choices_of(by.organization, [user])[user.pk]
    changes: dict[str, list[str]] = {}
    for kind in kinds_for(by):
        for channel in ("mail", "portal"):
            wanted = choices.get((kind.name, channel))
            if wanted is None or channel in kind.always or wanted not in When.values:
                continue
            if wanted != (was := kind.when(channel, before)):
                changes[f"{kind.name} {channel}"] = [was, wanted]
                _write(by, user, kind.name, channel, "" if wanted == kind.default(channel) else wanted)
    if changes:
        audit.record(by, "notifications.chosen", user, changes=changes)
    return len(changes)


def _write(by: Viewer, user: User, kind: str, channel: str, when: str) -> None:
    rows = NotificationChoice.objects.filter(organization=by.organization, user=user, kind=kind, channel=channel)
    if not when:
        rows.delete()
    elif not rows.update(when=when):
        NotificationChoice.objects.create(
            organization=by.organization, user=user, kind=kind, channel=channel, when=when
        )  # fmt: skip


@transaction.atomic
def send_digests(*, by: Viewer, now: datetime.datetime) -> int:
    """This will queue the daily mail of everybody whose morning it is and who has something waiting, and return how many.
    Each thing is in one mail, and nobody gets two a day. Raises PermissionDenied but to the system."""
    if by.user is not None or by.guest is not None:
        raise PermissionDenied("daily mails are the timetable's")
    latest = now.astimezone(datetime.UTC).date() + datetime.timedelta(days=1)
    waiting = (
        Notification.objects.filter(organization=by.organization, digest_on__lte=latest)
        .select_related("user")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("user_id", "created_at", "id")[:_AT_ONCE]
    )
    wanted: list[mails.Wanted] = []
    for user, rows in groupby(waiting, key=lambda row: row.user):
        if one := _digest(by, user, list(rows), now):
            wanted.append(one)
    sent = set(
        Mail.objects.filter(organization=by.organization, key__in=[one.key for one in wanted]).values_list(
            "key", flat=True
        )
    )
    wanted = [one for one in wanted if one.key not in sent]
    mails.queue_all(by=by, wanted=wanted)
    taken = [item for one in wanted for item in one.data["items"]]
    Notification.objects.filter(organization=by.organization, pk__in=taken).update(digest_on=None)
    return len(wanted)


def _digest(by: Viewer, user: User, rows: list[Notification], now: datetime.datetime) -> mails.Wanted | None:
    here = now.astimezone(time_zones.first_known(user, by.organization))
    due = [row for row in rows if row.digest_on and row.digest_on <= here.date()]
    if here.hour < MORNING or not due or not user.is_active:
        return None
    return mails.Wanted(
        kind=DIGEST,
        about=user,
        key=f"{DIGEST}:{user.pk}:{here:%Y-%m-%d}",
        to_email=user.email,
        to_name=user.name,
        data={"items": [str(row.pk) for row in due]},
        user=user,
    )


@transaction.atomic
def forget_old(*, by: Viewer, now: datetime.datetime) -> int:
    """This will remove what was read long ago, and return how many. Raises PermissionDenied but to the system."""
    if by.user is not None or by.guest is not None:
        raise PermissionDenied("the timetable forgets")
    old = Notification.objects.filter(organization=by.organization, read_at__lt=now - KEPT_FOR, digest_on=None)
    return old.delete()[0]


def _require_person(by: Viewer) -> User:
    if by.is_preview or by.user is None:
        raise PermissionDenied("one's own, as oneself")
    return by.user


def _require_own(by: Viewer, notification: Notification) -> None:
    if notification.user_id != _require_person(by).pk or notification.organization_id != by.organization.id:
        raise PermissionDenied("somebody else's")
