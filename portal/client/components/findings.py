"""What released results found, and what is done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.dashboards import WIDE, Component, component
from accounts.roles import Can
from assessments.models import Finding, FindingState
from assessments.results import findings
from assessments.results.finding_list import OF_A_CLIENT, Filter, current
from assessments.results.recommended import TONES
from portal.client.dashboard import Dashboard

ROWS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """An open finding. `next_due` is when the first of its unfinished actions is due."""

    finding: Finding
    label: str
    tone: str
    next_due: Any
    is_late: bool


def _open(board: Dashboard) -> Mapping[str, Any]:
    unfinished = Q(actions__state__in=findings.UNFINISHED)
    chosen = Filter.of_query({}, OF_A_CLIENT)
    rows = (
        current(findings.of_account(board.viewer), chosen)
        .filter(state=FindingState.OPEN)
        .annotate(next_due=Min("actions__due_on", filter=unfinished))
        .select_related("assessment")
        .defer("assessment__progress")
        .order_by("rank", F("next_due").asc(nulls_last=True), "created_at", "id")
    )
    found = list(rows[: ROWS + 1])
    today, account = timezone.localdate(), board.viewer.account
    return {
        "rows": [_row(finding, today) for finding in found[:ROWS]],
        "has_more": len(found) > ROWS,
        "url": reverse("client:findings", args=[account.id]) if account else "",
    }


def _row(finding: Any, today: Any) -> Row:
    label, tone = finding.get_severity_display(), TONES[finding.severity]
    return Row(finding, label, tone, finding.next_due, finding.next_due is not None and finding.next_due < today)


component(
    Component(
        key="findings",
        label=_("Findings"),
        description=_("Open findings of released results, the most severe first, with the day their actions are due."),
        icon="shield-check",
        template="portal/client/components/findings.html",
        content=_open,
        size=WIDE,
        ability=Can.VIEW_RESULTS,
        position=80,
        shown=False,
    )
)
