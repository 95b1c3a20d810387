"""One's own page: what one says of oneself, and how one signs in. There is none in a preview, and none behind a link."""

from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.actions import profiles
from accounts.rules import signed_in
from accounts.viewer import Viewer
from portal.web.pages import go, page

from .forms import ProfileForm


@signed_in(methods=("GET", "POST"))
def profile(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show and change what the viewer says of themselves."""
    assert viewer.user is not None
    form = ProfileForm(request.POST or None, user=viewer.user)
    if form.is_valid():
        profiles.edit(by=viewer, **form.cleaned_data)
        return go(request, "profile", toast=_("Saved."))
    context = {"form": form}
    return page(request, "accounts/profile/profile.html", context, swap="form", status=422 if form.errors else 200)


@signed_in()
def security(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show how the viewer signs in, and lead to changing it."""
    factors = set(Authenticator.objects.filter(user=viewer.user).values_list("type", flat=True))
    context = {"has_factor": bool(factors - {Authenticator.Type.RECOVERY_CODES})}
    return render(request, "accounts/profile/security.html", context)


@signed_in(methods=("POST",))
def sessions_end(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will sign the viewer out everywhere but here."""
    user = profiles.end_other_sessions(by=viewer)
    update_session_auth_hash(request, user)
    return go(request, "security", toast=_("Signed out everywhere but here."))
