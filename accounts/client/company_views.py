"""The company's own pages in the portal: facts, sites, colleagues. Nothing changes here; changes are asked for (D10)."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.fields.custom_data import tidy
from accounts.membership import people
from accounts.register import company as of_company
from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from portal.web.pages import page
from portal.web.pagination import paginate


@client_view(Can.VIEW_COMPANY, hidden=True)
def company(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show what is kept of the company, and who looks after it."""
    executives = of_company.executives_of(viewer)
    context = {
        "tabs": tabs(viewer, "company"),
        "address": of_company.address(viewer.account),
        "facts": of_company.facts(viewer),
        "executives": executives,
        "ask": of_company.ask(viewer, executives, _("company")),
    }
    return page(request, "accounts/client/company.html", context, "content")


@client_view(Can.VIEW_OWN_SITES, hidden=True)
def sites(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the company's sites, or those one oversees."""
    found = paginate(of_company.sites_of(viewer), request)
    context = {
        "tabs": tabs(viewer, "sites"),
        "page": found,
        "places": of_company.places(viewer, found.items),
        "sees_all": viewer.can(Can.VIEW_COMPANY),
        "ask": of_company.ask(viewer, of_company.executives_of(viewer), _("sites")),
    }
    return page(request, "accounts/client/sites.html", context)


@client_view(Can.VIEW_OWN_SITES, hidden=True)
def site(request: HttpRequest, viewer: Viewer, site: uuid.UUID) -> HttpResponse:
    """This will show one site."""
    found = get_object_or_404(of_company.sites_of(viewer), pk=site)
    listed = reverse("client:sites", args=[viewer.account.id])
    context = {
        "place": of_company.places(viewer, [found])[0],
        "shows_managers": viewer.can(Can.VIEW_COLLEAGUES),
        "ask": of_company.ask(viewer, of_company.executives_of(viewer), found.name),
        "breadcrumbs": [{"label": _("Sites"), "url": listed}, {"label": found.name, "url": ""}],
    }
    return page(request, "accounts/client/site.html", context, "content")


@client_view(Can.VIEW_COLLEAGUES, hidden=True)
def colleagues(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list everybody of the company who uses the portal."""
    words = tidy(request.GET.get("q", ""))[:100]
    found = paginate(of_company.colleagues_of(viewer, words), request)
    context = {
        "tabs": tabs(viewer, "colleagues"),
        "page": found,
        "rows": people.rows(viewer, found.items),
        "words": words,
        "ask": of_company.ask(viewer, of_company.executives_of(viewer), _("people")),
    }
    return page(request, "accounts/client/colleagues.html", context)


def tabs(viewer: Viewer, current: str) -> list[dict[str, Any]]:
    """This will list the pages about the company that the viewer may open."""
    offered = (
        ("company", _("Company"), Can.VIEW_COMPANY),
        ("sites", _("Sites"), Can.VIEW_OWN_SITES),
        ("colleagues", _("Colleagues"), Can.VIEW_COLLEAGUES),
        ("access_review", _("Who has access"), Can.VIEW_COLLEAGUES),
    )
    assert viewer.account is not None
    return [
        {"label": label, "url": reverse(f"client:{name}", args=[viewer.account.id]), "current": name == current}
        for name, label, ability in offered
        if viewer.can(ability)
    ]
