"""What the provider tells its clients."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.dashboards import ALL, Component, component
from accounts.notices import announcements
from portal.client.dashboard import Dashboard

MOST = 5


def _running(board: Dashboard) -> Mapping[str, Any] | None:
    found = list(announcements.running_for(board.viewer)[:MOST])
    return {"announcements": found} if found else None


component(
    Component(
        key="announcements",
        label=_("Announcements"),
        description=_("What you tell your clients, as long as it runs. Nothing stands there in between."),
        icon="message-2",
        template="portal/client/components/announcements.html",
        content=_running,
        size=ALL,
        position=10,
    )
)
