"""The settings of the organization: an Admin's, and for nobody else there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer

from .settings_frame import frame


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def settings(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list what can be set."""
    return render(request, "accounts/staff/settings.html", frame(viewer, ""))
