"""Starting an assessment, from the Library or from All Available Assessments."""

import uuid

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.actions import assessments
from assessments.lists import standing
from library import cards
from library.models import Definition
from portal.web.pages import go, page


@client_view(Can.LAUNCH_ASSESSMENTS, methods=("POST",))
def launch(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will start an assessment of something in the account's Library."""
    return _start(request, viewer, cards.library_of(viewer), definition)


@client_view(Can.LAUNCH_ASSESSMENTS, methods=("POST",))
def create_available(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will start an assessment of anything the organization offers."""
    return _start(request, viewer, cards.available_to(viewer), definition, toast=_("Created."))


def _start(
    request: HttpRequest, viewer: Viewer, among: QuerySet[Definition], definition_id: uuid.UUID, toast: str = ""
) -> HttpResponse:
    definition = get_object_or_404(among, pk=definition_id)
    try:
        run = assessments.launch(by=viewer, definition=definition, another="another" in request.POST)
    except assessments.AlreadyOpen as open_one:
        return _ask(request, viewer, definition, open_one)
    except assessments.NotLaunchable:
        words = _("%(name)s can no longer be started.") % {"name": definition.name}
        return page(request, "assessments/client/too_late.html", {"explanation": words}, swap="dialog", status=409)
    return go(request, "client:take", toast=toast, account=run.account_id, assessment=run.id)


def _ask(request: HttpRequest, viewer: Viewer, definition: Definition, found: assessments.AlreadyOpen) -> HttpResponse:
    context = {
        "definition": definition,
        "run": found.assessment,
        "step": standing.next_steps(viewer)(found.assessment),
        "again_url": request.path,
    }
    return page(request, "assessments/client/already_open.html", context, swap="dialog", status=409)
