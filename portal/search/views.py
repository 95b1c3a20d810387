"""The search of both areas: a page of grouped results, and the part of it that the palette shows while one types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import client_view, organization_view
from accounts.viewer import Viewer
from portal.client import navigation as client_navigation
from portal.staff import navigation as staff_navigation
from portal.web.pages import page, wants_fragment

from .registry import CLIENT, STAFF, Found, Hit, search, words_of

IN_PALETTE, ON_PAGE = 5, 12


@organization_view(Can.ENTER_STAFF_AREA)
def staff_search(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will find what staff may see."""
    return _search(request, viewer, STAFF, staff_navigation, "portal/search/staff.html")


@client_view(Can.USE_PORTAL)
def client_search(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will find what a client may see in their account; in a preview what that client finds."""
    return _search(request, viewer, CLIENT, client_navigation, "portal/search/client.html")


def _search(request: HttpRequest, viewer: Viewer, area: str, rooms: Any, template: str) -> HttpResponse:
    words = words_of(request.GET.get("q", ""))
    in_palette = wants_fragment(request)
    found = search(viewer, area, words, IN_PALETTE if in_palette else ON_PAGE)
    if words and not in_palette:
        found = [*_pages(rooms.build(request, viewer)["palette"], words), *found]
    context = {
        "found": found,
        "hits": sum(len(group.hits) for group in found),
        "words": " ".join(words),
        "is_short": not words and bool(request.GET.get("q", "").strip()),
        "breadcrumbs": [{"label": _("Search")}] if area == STAFF else [],
    }
    return page(request, template, context, swap="found")


def _pages(places: list[dict[str, Any]], words: list[str]) -> list[Found]:
    """The rooms whose name holds the words; the palette has them already and filters them itself."""
    hits = [
        Hit(str(place["label"]), place["url"], place["icon"])
        for place in places
        if all(word.lower() in str(place["label"]).lower() for word in words)
    ]
    return [Found(_("Pages"), hits, False, "")] if hits else []
