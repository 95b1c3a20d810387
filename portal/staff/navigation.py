from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.roles import Can
from accounts.viewer import Viewer

# The menu says how many accounts there are, up to here; a longer list is not worth counting on every page.
COUNTED = 1_000


def build(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """This will list the rooms of the admin area that this viewer may enter."""
    path = request.path
    everywhere = viewer.organization_abilities
    rooms: list[dict[str, Any]] = []
    author: list[dict[str, Any]] = []
    # In the menu, but not in the phone's row of five.
    batches: list[dict[str, Any]] = []
    if Can.ENTER_STAFF_AREA.value in everywhere:
        overview, accounts = reverse("staff:overview"), reverse("staff:accounts")
        total = Account.objects.visible_to(viewer.of_organization()).current()[:COUNTED].count()
        rooms = [
            _item(_("Overview"), overview, "layout-dashboard", path == overview),
            _item(_("Accounts"), accounts, "building", path.startswith(accounts), total),
        ]
    if Can.VIEW_DEFINITIONS.value in everywhere:
        runs = reverse("staff:assessments")
        rooms.append(_item(_("Assessments"), runs, "clipboard-list", path.startswith(runs)))
        listed = reverse("staff:batches")
        batches.append(_item(_("Batches"), listed, "users-group", path.startswith(listed)))
    if Can.VIEW_DEFINITIONS.value in everywhere:
        library = reverse("staff:definitions")
        author = [_item(_("Assessment library"), library, "books", path.startswith(library)) | {"short": _("Library")}]
    if Can.MANAGE_REPORT_TEMPLATES.value in everywhere:
        templates = reverse("staff:report_templates")
        author.append(
            _item(_("Report templates"), templates, "report-analytics", path.startswith(templates))
            | {"short": _("Reports")}
        )
    groups = [{"heading": "", "items": [*rooms, *batches]}]
    if author:
        groups.append({"heading": _("Author"), "items": author})
    settings: list[dict[str, Any]] = []
    if Can.MANAGE_SETTINGS.value in everywhere:
        address = reverse("staff:settings")
        settings = [_item(_("Settings"), address, "settings", path.startswith(address))]
        groups.append({"heading": _("Organization"), "items": settings})
    create = _create_menu(viewer)
    places = [*rooms, *author]
    return {
        "navigation": groups,
        "tabbar": places,
        "palette": [*places, *batches, *settings, *_as_actions(create)],
        "create_menu": create,
    }


def _as_actions(offers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """This will name what may be created as the palette's actions, where "Account" alone would be a page."""
    return [offer | {"label": _("Create: %(what)s") % {"what": offer["label"]}} for offer in offers]


def _create_menu(viewer: Viewer) -> list[dict[str, Any]]:
    """This will list what the viewer may create: on an account's page an assessment for that account."""
    offers = []
    if viewer.account and viewer.can(Can.CREATE_ASSESSMENTS):
        url = reverse("staff:add_assessment", args=[viewer.account.id]) + "?start=1"
        offers.append(_item(_("Assessment"), url, "clipboard-plus", False))
    elif Can.DRAFT_DEFINITIONS.value in viewer.organization_abilities:
        offers.append(_item(_("Assessment for an account"), reverse("staff:accounts"), "clipboard-plus", False))
    if viewer.account and viewer.can(Can.CREATE_ASSESSMENTS):
        url = reverse("staff:account_batch_new", args=[viewer.account.id])
        offers.append(_item(_("Batch for many people"), url, "users-group", False))
    elif Can.VIEW_DEFINITIONS.value in viewer.organization_abilities:
        offers.append(_item(_("Batch for many accounts"), reverse("staff:batch_new"), "users-group", False))
    if Can.CREATE_ACCOUNTS.value in viewer.organization_abilities:
        offers.append(_item(_("Account"), reverse("staff:account_new"), "building", False))
    if Can.DRAFT_DEFINITIONS.value in viewer.organization_abilities:
        offers.append(_item(_("Definition"), reverse("staff:definition_new"), "pencil-plus", False))
    return offers


def _item(label: str, url: str, icon: str, current: bool, count: int = 0) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "current": current, "count": count, "count_label": ""}
