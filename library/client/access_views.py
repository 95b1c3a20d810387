"""A client asks for a definition that is not among theirs."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from library import access_requests, cards
from library.actions import access_requests as asking
from library.models import Definition
from portal.web import toasts
from portal.web.pages import go, page, wants_fragment

from .access_forms import AccessRequestForm


@client_view(Can.LAUNCH_ASSESSMENTS, methods=("POST",))
def access_request(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will bring the question to those in charge of the account; asked twice, it is one question."""
    found = get_object_or_404(cards.available_to(viewer), pk=definition)
    form = AccessRequestForm(request.POST)
    words, status = _("Asked. You hear as soon as it is decided."), 200
    try:
        if form.is_valid():
            asking.ask(by=viewer, definition=found, note=form.cleaned_data["note"])
        else:
            words, status = "", 422
    except asking.NotNeeded:
        words = _("You can take it already.")
    except asking.TooSoon:
        words, status = _("That was asked often today, or declined lately. Ask again in a few days."), 429
    if not wants_fragment(request) and status == 200:
        return go(request, "client:available_card", toast=words, account=viewer.account.id, definition=found.id)
    return _part(request, viewer, found, form, words, status)


def _part(
    request: HttpRequest, viewer: Viewer, found: Definition, form: AccessRequestForm, words: str, status: int
) -> HttpResponse:
    """This will draw how it stands now in the place of the question."""
    access = access_requests.standing(viewer, found.pk)
    if access is None and status == 200:
        return go(request, "client:available_card", toast=words, account=viewer.account.id, definition=found.id)
    if access is None:
        raise Http404
    context = {"card": found, "access": access, "form": form, "problem": words if status == 429 else ""}
    response = page(request, "library/client/access.html", context, "access", status)
    return toasts.show(response, words) if status == 200 else response
