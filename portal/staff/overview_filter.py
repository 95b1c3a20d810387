"""The overview's filter as links, choices and chips."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import saved_views
from accounts.models import SavedView
from accounts.register import directory
from accounts.viewer import Viewer
from assessments.lists import attention, overview
from assessments.lists.account_assessments import status_word
from portal.web.chips import chips, with_view, without

PLACE = "overview"


def around(query: QueryDict, viewer: Viewer, chosen: overview.Filter) -> dict[str, Any]:
    """This will gather what stands around the rows, in two queries: the views the person saved, and the Account
    Executives to filter by."""
    executives = [(str(user.pk), str(user)) for user in directory.executives(viewer)]
    offered = {
        "status": statuses(), "attention": _reasons(), "industry": directory.sectors(viewer),
        "executive": [*executives, ("none", _("None"))],
    }  # fmt: skip
    return {
        "chosen": chosen,
        "query": saved_views.kept(query.urlencode()),
        "views": _views(query, chosen),
        "saved_views": SavedView.objects.visible_to(viewer).filter(place=PLACE).order_by("name"),
        "offered": offered,
        "chips": _chips(query, chosen, offered),
        "clear_url": without(query, "q", *offered),
    }


def statuses() -> list[tuple[str, str]]:
    """This will list the statuses to filter by, Not started among them: [(code, word)]."""
    return [(status, status_word(status)) for status in overview.STATUSES]


def _reasons() -> list[tuple[str, str]]:
    days = attention.NOT_STARTED_DAYS
    return [
        ("to_review", _("Results to review")),
        ("overdue", _("Overdue")),
        (
            "not_started",
            ngettext("Not started for over %(n)d day", "Not started for over %(n)d days", days) % {"n": days},
        ),
        ("coverage", _("Company Admin or Emergency contact missing")),
    ]


def _views(query: QueryDict, chosen: overview.Filter) -> list[dict[str, Any]]:
    labels = {"all": _("All accounts"), "mine": _("My accounts"), "attention": _("Needs attention")}
    return [
        {"label": labels[view], "url": with_view(query, view), "current": view == chosen.view}
        for view in overview.VIEWS
    ]


def _chips(query: QueryDict, chosen: overview.Filter, offered: dict[str, list[tuple[str, str]]]) -> list[Any]:
    set_to = {
        "status": chosen.status, "attention": chosen.attention, "industry": chosen.sector, "executive": chosen.executive,
    }  # fmt: skip
    labels = {
        "status": _("Status"), "attention": _("Needs attention"), "industry": _("Industry"),
        "executive": _("Account Executive"),
    }  # fmt: skip
    # Of somebody who leads no account any more, a saved view may still ask.
    return chips(
        query,
        [
            (name, labels[name], dict(offered[name]).get(value, _("Somebody else")) if value else "")
            for name, value in set_to.items()
        ],
    )
