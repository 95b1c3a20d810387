"""Links at which anybody who has one may read one edition, until it expires or is revoked."""

import secrets
import uuid
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import undoing
from accounts.links import LinkEnded
from accounts.models import AuditEntry, Organization
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Report, ReportLink, ReportView

LONGEST = 90
REVOKED = "report.link_revoked"


class NotReleased(Exception):
    """Only an edition of a released result can be shared."""


@transaction.atomic
def create(*, by: Viewer, report: Report, days: int) -> tuple[ReportLink, str]:
    """This will make a link to an edition, good for that many days; its token comes back this once and is stored
    nowhere. Raises NotReleased."""
    by.require_on(Can.PREPARE_REPORTS, report.account)
    if not report.is_released or not report.assessment.is_released:
        raise NotReleased
    token = secrets.token_urlsafe(32)
    link = ReportLink.objects.create(
        organization_id=report.organization_id,
        account_id=report.account_id,
        report=report,
        token_hash=_hash(token),
        expires_at=timezone.now() + timedelta(days=min(max(days, 1), LONGEST)),
        created_by=by.user,
    )
    audit.record(by, "report.shared", report, report.account, expires=link.expires_at.isoformat(timespec="minutes"))
    return link, token


@transaction.atomic
def revoke(*, by: Viewer, link: ReportLink) -> AuditEntry | None:
    """This will end a link at once. `restore` takes the returned step back; None when it was ended already."""
    by.require_on(Can.PREPARE_REPORTS, link.account)
    ended = ReportLink.objects.filter(pk=link.pk, revoked_at=None)
    if not ended.update(revoked_at=timezone.now(), revoked_by=by.user):
        return None
    return audit.record(by, REVOKED, link.report, link.account, link=str(link.pk))


@transaction.atomic
def restore(*, by: Viewer, link: ReportLink, step: uuid.UUID) -> None:
    """This will let a link work again that this person has just revoked, until the day it had. Raises TooLate."""
    by.require_on(Can.PREPARE_REPORTS, link.account)
    entry = undoing.revoked_link(by=by, verb=REVOKED, step=step, link=link.pk)
    # Revoked once more since, it is that step which can be taken back.
    rows = ReportLink.objects.filter(pk=link.pk, account_id=link.account_id, revoked_at__lte=entry.created_at)
    if not rows.update(revoked_at=None, revoked_by=None):
        raise undoing.TooLate
    audit.record(by, "report.link_restored", link.report, link.account, link=str(link.pk))


def find(organization: Organization, token: str) -> ReportLink:
    """This will read the link of a token with its report. Raises LinkEnded, whatever keeps it from being read."""
    link = (
        ReportLink.objects.filter(organization=organization, token_hash=_hash(token), revoked_at=None)
        .filter(expires_at__gt=timezone.now(), report__is_released=True, report__assessment__deleted_at=None)
        .filter(account__deleted_at=None, account__archived_at=None)
        .select_related("report__assessment", "report__organization", "account")
        .first()
    )
    if link is None or not link.report.assessment.is_released:
        raise LinkEnded
    return link


def note_view(*, link: ReportLink, format: str, ip_address: str | None) -> None:
    """This will note that the link was opened; when, and from where."""
    ReportView.objects.create(
        organization_id=link.organization_id,
        account_id=link.account_id,
        report=link.report,
        link=link,
        format=format,
        ip_address=ip_address,
    )


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
