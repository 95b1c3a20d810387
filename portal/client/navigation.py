import uuid
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Assessment

YOURS = ("your_assessments", "available", "available_card", "results", "run_comparison", "edit_assessment")


def build(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """This will list the portal's rooms that this viewer may enter, with what is open in them."""
    assert viewer.account is not None
    here = request.resolver_match.url_name if request.resolver_match else ""
    account = viewer.account.id
    home = _item(_("Home"), reverse("client:home", args=[account]), "home", here == "home")
    rooms = []
    if viewer.can(Can.BROWSE_LIBRARY):
        library = reverse("client:library", args=[account])
        rooms.append(_item(_("Library"), library, "books", here in ("library", "library_card")))
    waiting = Assessment.objects.visible_to(viewer).open().count()
    yours = _item(
        _("Your assessments"), reverse("client:your_assessments", args=[account]), "clipboard-check", here in YOURS
    )
    yours |= {"short": _("Assessments"), "count": waiting, "count_label": _("%(count)s open") % {"count": waiting}}
    rooms.append(yours)
    if viewer.can(Can.VIEW_RESULTS):
        found = reverse("client:findings", args=[account])
        rooms.append(_item(_("Findings"), found, "shield-check", here == "findings"))
    if viewer.can(Can.VIEW_REPORTS):
        reports = reverse("client:reports", args=[account])
        rooms.append(_item(_("Reports"), reports, "report-analytics", here in ("reports", "report")))
    company = _company(viewer, account, here)
    return {
        "navigation": [
            {"heading": "", "items": [home]},
            {"heading": _("Assessments"), "items": rooms},
            *([{"heading": _("Company"), "items": company}] if company else []),
        ],
        "tabbar": [home, *rooms],
        "palette": [home, *rooms, *company],
    }


def _company(viewer: Viewer, account: uuid.UUID, here: str) -> list[dict[str, Any]]:
    """This will be the way to the company's own pages: to all of them, or to the sites one oversees."""
    is_here = here in ("company", "sites", "site", "colleagues")
    rooms = []
    if viewer.can(Can.VIEW_COMPANY):
        rooms.append(_item(_("Company"), reverse("client:company", args=[account]), "building", is_here))
    elif viewer.can(Can.VIEW_OWN_SITES):
        rooms.append(_item(_("Sites"), reverse("client:sites", args=[account]), "map-pin", is_here))
    if viewer.can(Can.VIEW_COLLEAGUES):
        rooms.append(_item(_("Activity"), reverse("client:activity", args=[account]), "history", here == "activity"))
    return rooms


def _item(label: str, url: str, icon: str, current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "current": current, "count": 0, "count_label": ""}
