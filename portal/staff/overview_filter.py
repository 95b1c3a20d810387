"""The overview's filter as links and choices."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from assessments.lists import overview
from assessments.lists.account_assessments import status_word


def saved_views(query: QueryDict) -> list[dict[str, Any]]:
    """This will make the saved views as links that keep the rest of the filter."""
    current = overview.Filter.of_query(query).view
    labels = {"all": _("All accounts"), "attention": _("Needs attention")}
    return [
        {"label": labels[view], "url": _with_view(query, view), "current": view == current} for view in overview.VIEWS
    ]


def statuses() -> list[tuple[str, str]]:
    """This will list the statuses to filter by, Not started among them: [(code, word)]."""
    return [(status, status_word(status)) for status in overview.STATUSES]


def _with_view(query: QueryDict, view: str) -> str:
    address = query.copy()
    address.pop("page", None)
    address["view"] = view
    return f"?{address.urlencode()}"
