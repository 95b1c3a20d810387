"""The door: from a host name to the room a person belongs in."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import branding
from accounts.models import Membership
from accounts.roles import Role
from accounts.rules import public, signed_in
from accounts.viewer import Viewer


@signed_in()
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will lead to the one place a person has, or offer the choice; without any, say so and show nothing."""
    doors = _doors(viewer)
    if len(doors) == 1 and "choose" not in request.GET:
        return redirect(doors[0]["url"])
    return render(request, "portal/home.html", {"doors": doors})


def _doors(viewer: Viewer) -> list[dict[str, str]]:
    doors = []
    if viewer.is_staff:
        doors.append({"label": viewer.organization.name, "kind": "staff", "url": reverse("staff:overview")})
    memberships = (
        Membership.objects.filter(user=viewer.user, organization=viewer.organization, role=Role.CLIENT)
        .select_related("account")
        .order_by("account__name")
    )
    for membership in memberships:
        url = reverse("client:home", args=[membership.account_id])
        doors.append({"label": membership.account.name, "kind": "client", "url": url})
    return doors


@public()
def brand_css(request: HttpRequest, color: str) -> HttpResponse:
    """This will serve the colors made from one hex. The address is the content, so it is cached for good."""
    if not re.fullmatch(r"[0-9a-f]{6}", color):
        raise Http404
    response = HttpResponse(branding.stylesheet(f"#{color}"), content_type="text/css")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def public_page(view):
    """This will state the rule of a page that the bottom layer, which knows no rules, provides."""
    return public()(view)
