"""What stands around the rows of the list of accounts: views, filters as fields and as chips, headings."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from accounts.actions import saved_views
from accounts.fields import custom_data
from accounts.fields.custom_data import Field
from accounts.models import SavedView
from accounts.register import directory
from accounts.roles import Can
from accounts.viewer import Viewer
from portal.web.chips import Chip, chips, with_view, without
from portal.web.columns import Choice

PLACE = "accounts"


def around(
    request: HttpRequest, viewer: Viewer, chosen: directory.Filter, columns: Choice, fields: Sequence[Field]
) -> dict[str, Any]:
    """This will gather it, in two queries: the views the person saved, and the Account Executives to filter by."""
    own_filters = custom_data.list_filters(fields, chosen.custom)
    executives = [(str(user.pk), str(user)) for user in directory.executives(viewer)]
    query = saved_views.kept(request.GET.urlencode())
    return {
        "chosen": chosen,
        "query": query,
        "views": _views(viewer, request.GET, chosen),
        "saved_views": SavedView.objects.visible_to(viewer).filter(place=PLACE).order_by("name"),
        "sectors": directory.sectors(viewer),
        "executives": [*executives, ("none", _("None"))],
        "missing": _missing(),
        "own_filters": own_filters,
        "chips": _chips(request.GET, chosen, viewer, executives, own_filters),
        "clear_url": without(request.GET, "q", "industry", "executive", "missing", *chosen.custom),
        "columns": columns,
        "heads": columns.heads(chosen.order),
        "most_at_once": directory.MOST_AT_ONCE,
        "may_create": viewer.can(Can.CREATE_ACCOUNTS),
        "may_manage_people": viewer.can(Can.MANAGE_PEOPLE),
        "may_archive": viewer.can(Can.DELETE_ACCOUNTS),
        "breadcrumbs": [{"label": _("Accounts")}],
    }


def _views(viewer: Viewer, query: QueryDict, chosen: directory.Filter) -> list[dict[str, Any]]:
    labels = {
        "all": _("All"), "mine": _("My accounts"), "attention": _("Needs attention"), "archived": _("Archived"),
    }  # fmt: skip
    return [
        {"label": label, "url": with_view(query, view), "current": view == chosen.view}
        for view, label in labels.items()
    ]


def _missing() -> list[tuple[str, str]]:
    return [
        ("executive", _("No Account Executive")),
        ("company_admin", _("No Company Admin")),
        ("emergency", _("No Emergency contact")),
    ]


def _chips(
    query: QueryDict,
    chosen: directory.Filter,
    viewer: Viewer,
    executives: list[tuple[str, str]],
    own_filters: list[custom_data.ListFilter],
) -> list[Chip]:
    # Of somebody who leads no account any more, a saved view may still ask.
    leading = {**dict(executives), "none": _("None")}
    executive = leading.get(chosen.executive, _("Somebody else")) if chosen.executive else ""
    return chips(
        query,
        [
            ("industry", _("Industry"), dict(directory.sectors(viewer)).get(chosen.sector, "")),
            ("executive", _("Account Executive"), executive),
            ("missing", _("Missing"), dict(_missing()).get(chosen.missing, "")),
            *((one.name, one.label, one.shown) for one in own_filters),
        ],
    )
