"""What the Library holds that the account never took."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.dashboards import ALL, Component, component
from accounts.roles import Can
from portal.client.dashboard import Dashboard


def _highlights(board: Dashboard) -> Mapping[str, Any] | None:
    return {"cards": board.highlights} if board.highlights else None


component(
    Component(
        key="library",
        label=_("From your Library"),
        description=_("The newest assessments that were never taken. Stands there as long as there are any."),
        icon="books",
        template="portal/client/components/library.html",
        content=_highlights,
        size=ALL,
        ability=Can.BROWSE_LIBRARY,
        position=70,
    )
)
