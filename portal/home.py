"""The door: from a host name to the room a person belongs in."""

import re
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.brand import branding
from accounts.models import BrandImage
from accounts.rules import public, signed_in
from accounts.viewer import Viewer
from portal import own_pages

_FOR_GOOD = "public, max-age=31536000, immutable"


@signed_in()
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will lead to the one place a person has, or offer the choice; without any, say so and show nothing."""
    doors = _doors(viewer)
    if len(doors) == 1 and "choose" not in request.GET:
        return redirect(doors[0]["url"])
    return render(request, "portal/home.html", {"doors": doors})


def _doors(viewer: Viewer) -> list[dict[str, str]]:
    assert viewer.user is not None
    doors = []
    if viewer.is_staff:
        doors.append({"label": viewer.organization.name, "kind": "staff", "url": reverse("staff:overview")})
    for membership in own_pages.portals_of(viewer).select_related("account"):
        url = reverse("client:home", args=[membership.account_id])
        doors.append({"label": str(membership.account), "kind": "client", "url": url})
    return doors


_COLORS = re.compile(r"([0-9a-f]{6})(?:-([0-9a-f]{6}))?(?:\.[0-9a-f]{8})?")


@public()
def brand_css(request: HttpRequest, color: str) -> HttpResponse:
    """This will serve what is made from one or two colors. The address is the content, so it is cached for good."""
    found = _COLORS.fullmatch(color)
    if not found:
        raise Http404
    second = f"#{found[2]}" if found[2] else ""
    response = HttpResponse(branding.stylesheet(f"#{found[1]}", second), content_type="text/css")
    response["Cache-Control"] = _FOR_GOOD
    return response


@public()
def brand_picture(request: HttpRequest, picture: uuid.UUID) -> HttpResponse:
    """This will serve a picture of the brand of the host's organization: never what was uploaded, and never another's."""
    organization = getattr(request, "organization", None)
    if organization is None:
        raise Http404
    found = get_object_or_404(BrandImage, pk=picture, organization=organization)
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Cache-Control"] = _FOR_GOOD
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def public_page(view):
    """This will state the rule of a page that the bottom layer, which knows no rules, provides."""
    return public()(view)
