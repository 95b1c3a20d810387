"""Addresses that lead a person on to their own side of the portal: what mails name, which know no side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.rules import signed_in
from accounts.viewer import Viewer
from portal import own_pages


@signed_in()
def notifications(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will lead to what the person is told."""
    return _to(request, viewer, "notifications")


@signed_in()
def notification_choices(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will lead to where the person says how to hear of things."""
    return _to(request, viewer, "notification_choices")


def _to(request: HttpRequest, viewer: Viewer, page: str) -> HttpResponse:
    """To the side one came from: staff to the admin area, clients to an account; who has neither to where that is said."""
    if account := own_pages.account_of(request, viewer):
        return redirect(f"client:{page}", account)
    return redirect(f"staff:{page}" if viewer.is_staff else "home")
