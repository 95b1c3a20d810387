"""Addresses that lead a person on to their own side of the portal: what mails name, which know no side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import grants
from accounts.roles import Can
from accounts.rules import signed_in
from accounts.viewer import Viewer


@signed_in()
def notifications(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will lead to what the person is told."""
    return _to(viewer, "notifications")


@signed_in()
def notification_choices(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will lead to where the person says how to hear of things."""
    return _to(viewer, "notification_choices")


def _to(viewer: Viewer, page: str) -> HttpResponse:
    """Staff to the admin area, clients to the first account they have; who has neither to where that is said."""
    if viewer.is_staff:
        return redirect(f"staff:{page}")
    assert viewer.user is not None
    accounts = grants.account_ids_where(viewer.user, Can.USE_PORTAL).filter(organization=viewer.organization)
    first = accounts.order_by("content_object_id").values_list("content_object_id", flat=True).first()
    return redirect(reverse(f"client:{page}", args=[first]) if first else reverse("home"))
