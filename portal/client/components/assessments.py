"""What there is to do: the next step, what waits, the account's assessments."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.dashboards import ALL, WIDE, Component, component
from portal.client.dashboard import Dashboard


def _next_step(board: Dashboard) -> Mapping[str, Any]:
    return {"is_first_visit": board.is_first_visit}


def _waiting(board: Dashboard) -> Mapping[str, Any] | None:
    return None if board.is_first_visit else {"items": board.waiting, "has_more": board.waits_more}


def _assessments(board: Dashboard) -> Mapping[str, Any] | None:
    return None if board.is_first_visit else {"rows": board.rows, "total": board.total}


component(
    Component(
        key="next_step",
        label=_("Next step"),
        description=_("The one thing to go on with. On a first visit, how it all works in three steps."),
        icon="player-play",
        template="portal/client/components/next_step.html",
        content=_next_step,
        size=WIDE,
        position=20,
    )
)
component(
    Component(
        key="waiting",
        label=_("Waiting on you"),
        description=_("Assessments to answer, questions to reply to, results to read, what is due first on top."),
        icon="checks",
        template="portal/client/components/waiting.html",
        content=_waiting,
        size=WIDE,
        position=40,
    )
)
component(
    Component(
        key="assessments",
        label=_("Your assessments"),
        description=_("The five that changed last, with status and progress."),
        icon="clipboard-check",
        template="portal/client/components/assessments.html",
        content=_assessments,
        size=ALL,
        position=60,
    )
)
