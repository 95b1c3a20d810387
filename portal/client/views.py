"""Home and the Library: pages that say what there is and how far the account is with it."""

import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from accounts import dashboards
from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from library import audiences, cards
from portal.client import library_cards
from portal.client.dashboard import Dashboard
from portal.client.library_page import about
from portal.web.pages import page


@client_view(Can.USE_PORTAL)
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show what the account's layout of Home says; in a preview also one that is not saved yet."""
    if "layout" in request.GET:
        return _tried(request, viewer)
    return _home(request, viewer, Dashboard(viewer))


@xframe_options_sameorigin
@csp_override({**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]})
def _tried(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """An order somebody tries, in a frame beside the editor."""
    if not dashboards.may_try(viewer):
        raise PermissionDenied("only who arranges Home tries a layout, in a preview")
    return _home(request, viewer, Dashboard(viewer, tried=request.GET["layout"]), is_tried=True)


def _home(request: HttpRequest, viewer: Viewer, board: Dashboard, *, is_tried: bool = False) -> HttpResponse:
    context = {
        "board": board,
        "is_tried": is_tried,
        "yours_url": reverse("client:your_assessments", args=[viewer.account.id]),
        "library_url": reverse("client:library", args=[viewer.account.id]) if viewer.can(Can.BROWSE_LIBRARY) else "",
    }
    return render(request, "portal/client/home.html", context)


@client_view(Can.BROWSE_LIBRARY)
def library(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show the account's Library, as the search, the group and the order in the address say."""
    chosen = library_cards.Filter.of_query(request.GET)
    context = {"chosen": chosen, "shelf": library_cards.Shelf(viewer, chosen), "orders": cards.ORDERS}
    return page(request, "portal/client/library.html", context, swap="results")


@client_view(Can.BROWSE_LIBRARY)
def library_card(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will say what one definition of the Library is about, and let the account start or continue it."""
    definitions = cards.library_of(viewer).select_related("group", "published_version")
    found = definitions.defer("published_version__document").filter(pk=definition).first()
    if found is None:
        return _kept_for_others(viewer, definition)
    library = reverse("client:library", args=[viewer.account.id])
    context = {
        "about": about(viewer, found),
        "breadcrumbs": [{"label": _("Library"), "url": library}, {"label": found.name, "url": ""}],
    }
    return render(request, "portal/client/library_card.html", context)


def _kept_for_others(viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """The way to where one asks for what stands in the Library of colleagues; there is no way to anything else."""
    kept = get_object_or_404(cards.available_to(viewer).exclude(audiences.may_take(viewer)), pk=definition)
    return redirect("client:available_card", viewer.account.id, kept.pk)
