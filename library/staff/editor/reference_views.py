"""The reference values in the editor: a table of published figures, typed, pasted or read from a file."""

import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web.pages import go, page, wants_fragment

from .frame import frame, open_draft
from .reference_page import ReferencePage


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def reference_values(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will show the reference values of a draft as a table, and save what was made of it."""
    opened = open_draft(viewer, definition)
    form = ReferencePage.stored(definition, opened.draft, viewer)
    if request.method == "POST":
        form = form.sent(request.POST, request.FILES.get("file"))
        if form.state == "saved" and not wants_fragment(request):
            return go(
                request, "staff:reference_values", toast=_("The reference values are saved."), definition=definition
            )
    context = form.context()
    if not wants_fragment(request):
        context |= frame(request, viewer, replace(opened, draft=form.draft), "reference_values")
    return page(request, "library/staff/editor/reference_values.html", context, "references", form.status)
