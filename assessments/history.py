"""Earlier runs of the same definition, and why a run was opened again."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import AuditEntry
from accounts.viewer import Viewer
from portal.web.figures import number

from .models import Assessment, Status

MOST_RUNS = 12


@dataclass(frozen=True, slots=True)
class Run:
    """One released run: its score as written on its own scale, and its place on it in percent."""

    assessment: Assessment
    score: str
    percent: float | None
    zone: str
    tone: str
    is_this: bool
    same_version: bool


def released_runs(viewer: Viewer, assessment: Assessment) -> list[Run]:
    """This will list the account's released runs of the definition up to this one and this one itself, newest first."""
    rows = (
        Assessment.objects.visible_to(viewer)
        .filter(Q(status=Status.CLOSED, released_at__isnull=False) | Q(pk=assessment.pk))
        .filter(account=assessment.account_id, definition=assessment.definition_id)
        .filter(submitted_at__lte=assessment.submitted_at)
        .select_related("version", "result")
        .defer("version__document", "progress")
        .order_by("-submitted_at", "-id")
    )
    return [_run(row, assessment) for row in rows[:MOST_RUNS]]


def _run(row: Assessment, this: Assessment) -> Run:
    result = getattr(row, "result", None)
    scale = (result.sheet["scale"] if result else None) or {"decimals": 0}
    return Run(
        row,
        number(result.score if result else None, scale["decimals"]),
        result.percent if result else None,
        result.zone if result else "",
        result.tone if result else "",
        is_this=row.pk == this.pk,
        same_version=row.version_id == this.version_id,
    )


@dataclass(frozen=True, slots=True)
class Reopening:
    """Who opened a submitted run again, when, and what they said."""

    who: str
    when: datetime
    reason: str


def reopening_of(viewer: Viewer, assessment: Assessment) -> Reopening | None:
    """This will find why an open run that was submitted before is open again; None, unasked, for all others."""
    if assessment.submitted_at is None or assessment.status != Status.IN_PROGRESS:
        return None
    entry = (
        AuditEntry.objects.visible_to(viewer)
        .filter(account=assessment.account_id, object_id=assessment.pk, verb="assessment.reopened")
        .order_by("-created_at")
        .first()
    )
    return Reopening(entry.actor_name, entry.created_at, entry.details.get("reason", "")) if entry else None
