"""Sealing the audit trail, so that a row changed or taken away later shows, whoever did it."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditSeal, Organization
from accounts.trail import audit_seals
from accounts.viewer import Viewer

# A row is dated when it is written and seen when its transaction ends: none takes this long.
MARGIN = datetime.timedelta(minutes=15)


@transaction.atomic
def seal(*, by: Viewer) -> AuditSeal | None:
    """This will seal the rows since the last seal, but for those of the last minutes; None when there are none.

    Raises PermissionDenied but to the system.
    """
    if by.user is not None or by.guest is not None:
        raise PermissionDenied("only the system seals")
    organization = Organization.objects.select_for_update(no_key=True).get(pk=by.organization.pk)  # one at a time
    before = AuditSeal.objects.filter(organization=organization).order_by("-number").first()
    until = timezone.now() - MARGIN
    if before and before.until >= until:
        return None
    parts = audit_seals.parts_of(organization, before.until if before else None, until)
    if not parts:
        return None
    made = AuditSeal(
        organization=organization,
        number=before.number + 1 if before else 1,
        until=until,
        rows=sum(count for count, _digest in parts.values()),
        parts=parts,
        previous=before.digest if before else "",
    )
    made.digest = audit_seals.digest_of(made)
    made.save(force_insert=True)
    return made
