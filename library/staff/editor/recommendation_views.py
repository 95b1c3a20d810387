"""What is recommended when a question's or a score's result lies in a band."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web.pages import go, page, wants_fragment

from .frame import frame, open_draft
from .recommendation_forms import RecommendationForm


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def recommendations(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, kind: str, key: str) -> HttpResponse:
    """This will show the recommendations of a question or score, and save what was made of them."""
    opened = open_draft(viewer, definition)
    form = RecommendationForm.stored(definition, opened.draft, kind, key)
    if request.method == "POST":
        form = form.sent(viewer, request.POST)
        if form.state == "saved" and not wants_fragment(request):
            toast = _("The recommendations are saved.")
            return go(request, "staff:recommendations", toast=toast, definition=definition, kind=kind, key=key)
    context = {"recommendations": form.drawn()}
    if not wants_fragment(request):
        context |= frame(request, viewer, opened, form.part) | {"has_errors": form.status != 200}
    return page(request, "library/staff/editor/recommendations.html", context, "recommendations", form.status)
