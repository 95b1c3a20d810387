"""Taking back what somebody has just removed: the audit row of the removal keeps what brings it back.

Only the person who removed it can, only for some minutes, and only while nothing has happened to the thing since. An old
button must not bring back what somebody has decided about later.
"""

import datetime
import uuid

from django.utils import timezone

from accounts.models import AuditEntry
from accounts.viewer import Viewer

FOR = datetime.timedelta(minutes=10)


class TooLate(Exception):
    """It cannot be taken back any more."""


def removal(*, by: Viewer, verbs: tuple[str, ...], step: uuid.UUID) -> AuditEntry:
    """This will return the audit row of what this person just did; its details are what to bring back.

    Call it while holding the row that whoever does the same waits for: of two, the second finds the first one's trace.
    Raises TooLate.
    """
    found = own_step(by=by, verbs=verbs, step=step)
    same_thing = AuditEntry.objects.filter(organization=by.organization, object_id=found.object_id)
    if same_thing.filter(created_at__gt=found.created_at).exists():
        raise TooLate
    return found


def own_step(*, by: Viewer, verbs: tuple[str, ...], step: uuid.UUID) -> AuditEntry:
    """This will return the audit row of what this person just did, whatever has happened since. Raises TooLate."""
    # One's own rows, whatever account they are of: the caller asks for the ability.
    own = AuditEntry.objects.filter(organization=by.organization, actor=by.user, pk=step, verb__in=verbs)
    found: AuditEntry | None = own.filter(created_at__gt=timezone.now() - FOR).first()
    if found is None:
        raise TooLate
    return found


def revoked_link(*, by: Viewer, verb: str, step: uuid.UUID, link: uuid.UUID) -> AuditEntry:
    """This will return the audit row by which this person has just revoked a link. Raises TooLate."""
    found = own_step(by=by, verbs=(verb,), step=step)
    if found.details.get("link") != str(link):
        raise TooLate
    return found
