"""Addresses at which anybody may try a definition, for some days."""

import hashlib
import secrets
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.actions import undoing
from accounts.links import TooManyLinks
from accounts.models import AuditEntry, Organization
from accounts.roles import Can
from accounts.viewer import Viewer
from library.models import Definition, PreviewLink

MOST_DAYS = 90
MOST_LINKS = 50
REVOKED = "preview_link.revoked"


@transaction.atomic
def create(*, by: Viewer, definition: Definition, days: int) -> tuple[PreviewLink, str]:
    """This will make a link that works for 1 to 90 days, as (link, token). The token is not kept: it is shown once.

    Raises TooManyLinks when 50 of them work already.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    _require_room(by, definition)
    token = secrets.token_urlsafe(32)
    link = PreviewLink.objects.create(
        organization=by.organization,
        definition=definition,
        token_hash=hash_of(token),
        created_by=by.user,
        expires_at=timezone.now() + timedelta(days=min(max(days, 1), MOST_DAYS)),
    )
    audit.record(by, "preview_link.created", definition, link=str(link.pk), days=days)
    return link, token


@transaction.atomic
def revoke(*, by: Viewer, link: PreviewLink) -> AuditEntry | None:
    """This will end a link at once. `restore` takes the returned step back; None when it was ended already."""
    by.require(Can.DRAFT_DEFINITIONS)
    ended = PreviewLink.objects.filter(pk=link.pk, organization=by.organization, revoked_at__isnull=True)
    if not ended.update(revoked_at=timezone.now()):
        return None
    return audit.record(by, REVOKED, link.definition, link=str(link.pk))


@transaction.atomic
def restore(*, by: Viewer, link: PreviewLink, step: uuid.UUID) -> None:
    """This will let a link work again that this person has just revoked, until the day it had. Raises TooLate, and
    TooManyLinks."""
    by.require(Can.DRAFT_DEFINITIONS)
    entry = undoing.revoked_link(by=by, verb=REVOKED, step=step, link=link.pk)
    _require_room(by, link.definition)
    # Revoked once more since, it is that step which can be taken back.
    rows = PreviewLink.objects.filter(pk=link.pk, organization=by.organization, revoked_at__lte=entry.created_at)
    if not rows.update(revoked_at=None):
        raise undoing.TooLate
    audit.record(by, "preview_link.restored", link.definition, link=str(link.pk))


def _require_room(by: Viewer, definition: Definition) -> None:
    Definition.objects.select_for_update(no_key=True).get(pk=definition.pk, organization=by.organization)
    working = PreviewLink.objects.filter(
        definition=definition, revoked_at__isnull=True, expires_at__gt=timezone.now()
    ).count()
    if working >= MOST_LINKS:
        raise TooManyLinks(MOST_LINKS)


def found(organization: Organization, token: str) -> PreviewLink | None:
    """This will return the link of a token, whether it still works or not; None for a token nobody was given."""
    links = PreviewLink.objects.filter(organization=organization, token_hash=hash_of(token))
    link: PreviewLink | None = links.select_related("definition").first()
    return link


def note_opening(link: PreviewLink) -> None:
    """This will count that somebody, nobody knows who, opened the link."""
    PreviewLink.objects.filter(pk=link.pk).update(opened_count=F("opened_count") + 1, last_opened_at=timezone.now())


def hash_of(token: str) -> str:
    """This will return what is kept of a token: its SHA-256 (hex). 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
