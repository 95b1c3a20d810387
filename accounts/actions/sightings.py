"""Noting that somebody was here: for the lists of people, and for who reviews access."""

from datetime import timedelta

from django.db.models import Case, F, Q, When
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from accounts.viewer import Viewer

EVERY = timedelta(minutes=5)


def note(*, by: Viewer) -> None:
    """This will note, at most every five minutes, that the viewer is on a page of the account; on a page of the
    organization, that they as its staff look at everything they look after. Whoever was invited has come in by that,
    to the whole organization, and goes by their own name from now on. A preview notes nothing."""
    if by.user is None or by.is_preview:
        return
    held = Membership.objects.filter(user=by.user, organization=by.organization, suspended_at=None)
    here = Q(account=by.account) | Q(account=None) if by.account is not None else ~Q(role=Role.CLIENT)
    now = timezone.now()
    due = here & (Q(last_seen_at=None) | Q(last_seen_at__lt=now - EVERY))
    held.filter(due | ~Q(introduced_as="")).update(
        last_seen_at=Case(When(here, then=now), default=F("last_seen_at")), introduced_as=""
    )
