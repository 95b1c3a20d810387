"""Earlier runs of the same definition, and why a run was opened again."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from accounts.viewer import Viewer
from assessments.models import Assessment, Status
from assessments.results import version_pairs
from portal.web.charts import sparkline
from portal.web.figures import number, signed

MOST_RUNS = 12


@dataclass(frozen=True, slots=True)
class Run:
    """One released run: its score on its own scale, and its place on that scale in percent.

    `is_comparable`: its version scores as that of the run looked at.
    """

    assessment: Assessment
    url: str
    value: float | None
    percent: float | None
    decimals: int
    is_this: bool
    same_version: bool
    is_comparable: bool = True

    @property
    def score(self) -> str:
        return number(self.value, self.decimals)


def released_runs(viewer: Viewer, assessment: Assessment, page: str) -> list[Run]:
    """This will list the account's released runs of the definition up to this one and this one itself, newest first.

    `page` names the page of each run's results.
    """
    rows = (
        Assessment.objects.visible_to(viewer)
        .filter(Q(status=Status.CLOSED, released_at__isnull=False) | Q(pk=assessment.pk))
        .filter(account=assessment.account_id, definition=assessment.definition_id)
        .filter(submitted_at__lte=assessment.submitted_at)
        .select_related("version", "result")
        .defer("version__document", "progress")
        .order_by("-submitted_at", "-id")
    )
    return [_run(row, assessment, page) for row in rows[:MOST_RUNS]]


def _run(row: Assessment, this: Assessment, page: str) -> Run:
    result = getattr(row, "result", None)
    return Run(
        row,
        reverse(page, args=[row.account_id, row.pk]),
        result.score if result else None,
        result.percent if result else None,
        result.sheet["scale"]["decimals"] if result and result.sheet["scale"] else 0,
        is_this=row.pk == this.pk,
        same_version=row.version_id == this.version_id,
        is_comparable=version_pairs.score_alike(row.version, this.version),
    )


def line_of(runs: list[Run]) -> SafeString | str:
    """This will draw the runs' scores over time, each as percent of its scale; nothing for a single one."""
    scored = [run.percent for run in reversed(runs) if run.percent is not None]
    return sparkline(scored, label=_("Score in percent, oldest first"), width=300, height=64) if len(scored) > 1 else ""


def change_of(runs: list[Run]) -> str:
    """This will write how the score changed since the run before; "" when the two cannot be compared."""
    if len(runs) < 2 or not runs[1].is_comparable or runs[0].value is None or runs[1].value is None:
        return ""
    decimals = runs[0].decimals
    return signed(round(runs[0].value, decimals) - round(runs[1].value, decimals), decimals)


def earlier_than(runs: list[Run]) -> list[Run]:
    """This will keep the runs this one can be set beside: those before it that have a result."""
    return [run for run in runs if not run.is_this and run.assessment.is_released]


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
