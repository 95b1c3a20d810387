"""Telling clients something on their Home: all of them (an Admin), or one account (its Account Executive too)."""

import uuid
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Account, Announcement, AuditEntry
from accounts.notices import announcement_notices
from accounts.roles import Can
from accounts.viewer import Viewer
from portal.web import jobs

from . import undoing

ENDED = "announcement.ended"


class Stale(Exception):
    """Somebody else changed it since the page was opened. `theirs` is what stands there now."""

    def __init__(self, theirs: Announcement) -> None:
        super().__init__("changed meanwhile")
        self.theirs = theirs


@transaction.atomic
def publish(
    *,
    by: Viewer,
    account: Account | None = None,
    title: str,
    body: str = "",
    starts_on: date,
    ends_on: date | None = None,
) -> Announcement:
    """This will put an announcement on Home: of one account, or without an account of all. Raises ValidationError."""
    _require(by, account)
    announcement = Announcement(
        organization=by.organization, account=account, title=title.strip(), body=body.strip(), starts_on=starts_on,
        ends_on=ends_on, created_by=by.user,
    )  # fmt: skip
    _check(announcement)
    announcement.save()
    audit.record(by, "announcement.published", announcement, account=account, told=_told(announcement))
    jobs.hand_over_after_commit(announcement_notices.TELL, str(by.organization.pk), str(announcement.pk))
    return announcement


@transaction.atomic
def edit(
    *, by: Viewer, announcement: Announcement, title: str, body: str = "", starts_on: date, ends_on: date | None = None,
    revision: int,
) -> Announcement:  # fmt: skip
    """This will change what an announcement says or when. Raises ValidationError, and Stale when it is another one by
    now."""
    found = _locked(by, announcement)
    if found.revision != revision:
        raise Stale(found)
    before = _told(found)
    found.title, found.body, found.starts_on, found.ends_on = title.strip(), body.strip(), starts_on, ends_on
    _check(found)
    after = _told(found)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        _save(found)
        audit.record(by, "announcement.changed", found, account=found.account, changes=changes)
    return found


@transaction.atomic
def end(*, by: Viewer, announcement: Announcement) -> AuditEntry:
    """This will end an announcement that runs: yesterday was its last day; of one that began today it is today.

    `resume` takes the returned step back.
    """
    found = _locked(by, announcement)
    before = found.ends_on
    found.ends_on = max(found.starts_on, timezone.localdate() - timedelta(days=1))
    _save(found)
    changes = {"ends_on": [before.isoformat() if before else None, found.ends_on.isoformat()]}
    return audit.record(by, ENDED, found, account=found.account, changes=changes)


@transaction.atomic
def resume(*, by: Viewer, announcement: Announcement, step: uuid.UUID) -> Announcement:
    """This will let an announcement that this person has just ended run on until the day it had. Raises TooLate."""
    found = _locked(by, announcement)
    entry = undoing.removal(by=by, verbs=(ENDED,), step=step)
    if entry.object_id != found.pk:
        raise undoing.TooLate
    ended, until = found.ends_on, entry.details["changes"]["ends_on"][0]
    found.ends_on = date.fromisoformat(until) if until else None
    _save(found)
    changes = {"ends_on": [ended.isoformat() if ended else None, until]}
    audit.record(by, "announcement.resumed", found, account=found.account, changes=changes)
    return found


@transaction.atomic
def remove(*, by: Viewer, announcement: Announcement) -> Announcement:
    """This will take an announcement away, to be brought back by `restore`."""
    found = _locked(by, announcement)
    if found.removed_at is None:
        found.removed_at = timezone.now()
        _save(found)
        audit.record(by, "announcement.removed", found, account=found.account)
    return found


@transaction.atomic
def restore(*, by: Viewer, announcement: Announcement) -> Announcement:
    """This will bring a removed announcement back."""
    found = _locked(by, announcement)
    if found.removed_at is not None:
        found.removed_at = None
        _save(found)
        audit.record(by, "announcement.restored", found, account=found.account)
    return found


def _require(by: Viewer, account: Account | None) -> None:
    if account is None:
        by.require(Can.MANAGE_SETTINGS)
    else:
        by.require_on(Can.CONFIGURE_DASHBOARD, account)


def _locked(by: Viewer, announcement: Announcement) -> Announcement:
    found = Announcement.objects.visible_to(by).select_for_update(of=("self",)).select_related("account").get(
        pk=announcement.pk
    )  # fmt: skip
    _require(by, found.account)
    return found


def _save(announcement: Announcement) -> None:
    announcement.revision += 1
    announcement.save()


def _check(announcement: Announcement) -> None:
    if announcement.ends_on and announcement.ends_on < announcement.starts_on:
        raise ValidationError({"ends_on": _("The last day is before the first.")})
    announcement.full_clean(exclude=("organization", "account", "created_by"), validate_constraints=False)


def _told(announcement: Announcement) -> dict[str, str | None]:
    return {
        "title": announcement.title,
        "body": announcement.body,
        "starts_on": announcement.starts_on.isoformat(),
        "ends_on": announcement.ends_on.isoformat() if announcement.ends_on else None,
    }
