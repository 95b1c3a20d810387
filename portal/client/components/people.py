"""Who looks after the account at the provider."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.dashboards import NARROW, Component, component
from accounts.register import coverage
from portal.client.dashboard import Dashboard

MOST = 4


def _people(board: Dashboard) -> Mapping[str, Any]:
    account = board.viewer.account
    executives = coverage.executives_of(board.viewer, [account.id])[account.id] if account else []
    return {"people": executives[:MOST]}


component(
    Component(
        key="people",
        label=_("Your people at the provider"),
        description=_("The Account Executives of the account, and how to reach them."),
        icon="user-star",
        template="portal/client/components/people.html",
        content=_people,
        size=NARROW,
        position=100,
        shown=False,
    )
)
