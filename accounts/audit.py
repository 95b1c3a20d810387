"""Writes the audit trail."""

from typing import Any

from django.db import models

from .models.account import Account
from .models.audit import AuditEntry
from .viewer import Viewer


def record(
    by: Viewer, verb: str, what: models.Model | None = None, account: Account | None = None, **details: Any
) -> AuditEntry:
    """This will add one row that can never be changed: who did what to which thing, and the details given."""
    return AuditEntry.objects.create(
        organization=by.organization,
        account=account or by.account,
        actor=by.user,
        actor_name=by.user.name if by.user else by.guest.name if by.guest else "System",
        verb=verb,
        object_type=what._meta.label_lower if what is not None else "",
        object_id=what.pk if what is not None else None,
        object_label=str(what)[:200] if what is not None else "",
        details=details,
    )
