"""How the account stands: its latest score, area by area."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.dashboards import NARROW, Component, component
from accounts.roles import Can
from portal.client import score_card
from portal.client.dashboard import Dashboard


def _gauge(board: Dashboard) -> Mapping[str, Any]:
    return {"score": board.score, "example_gauge": score_card.example_gauge}


def _areas(board: Dashboard) -> Mapping[str, Any] | None:
    score = board.score
    return {"score": score} if score is not None and score.outcome.bars else None


component(
    Component(
        key="score",
        label=_("Resilience gauge"),
        description=_("The latest released score beside its published reference."),
        icon="gauge",
        template="portal/client/components/score.html",
        content=_gauge,
        size=NARROW,
        ability=Can.VIEW_RESULTS,
        position=30,
    )
)
component(
    Component(
        key="areas",
        label=_("Score by area"),
        description=_("The areas of the latest score, the weakest one named. Stands there once there is a score."),
        icon="chart-bar",
        template="portal/client/components/areas.html",
        content=_areas,
        size=NARROW,
        ability=Can.VIEW_RESULTS,
        position=50,
    )
)
