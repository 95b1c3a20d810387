"""The reports the account may read."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.dashboards import NARROW, Component, component
from accounts.roles import Can
from assessments.reports import editions
from portal.client.dashboard import Dashboard

ROWS = 4


def _latest(board: Dashboard) -> Mapping[str, Any]:
    newest = editions.latest_of(editions.for_client(board.viewer).order_by()).values("pk")
    rows = editions.for_client(board.viewer).filter(pk__in=newest).defer("content", "assessment__progress")
    account = board.viewer.account
    return {
        "reports": list(rows[:ROWS]),
        "url": reverse("client:reports", args=[account.id]) if account else "",
    }


component(
    Component(
        key="reports",
        label=_("Reports"),
        description=_("The newest edition of each report the account may read."),
        icon="report-analytics",
        template="portal/client/components/reports.html",
        content=_latest,
        size=NARROW,
        ability=Can.VIEW_REPORTS,
        position=90,
        shown=False,
    )
)
