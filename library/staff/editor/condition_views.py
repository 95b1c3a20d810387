"""Conditions of questions and sections, built from rules: one address per condition, a page of its own and a part of
the question's page."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web.pages import go, page, wants_fragment

from .condition_forms import ConditionForm, question_list
from .frame import frame, open_draft


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def condition(
    request: HttpRequest, viewer: Viewer, definition: uuid.UUID, kind: str, key: str, field: str
) -> HttpResponse:
    """This will show one condition as rules, and save what was made of them."""
    opened = open_draft(viewer, definition)
    form = ConditionForm.stored(definition, opened.draft, kind, key, field)
    if request.method == "POST":
        form = form.sent(viewer, request.POST)
        if form.state == "saved" and not wants_fragment(request):
            here = {"definition": definition, "kind": kind, "key": key, "field": field}
            return go(request, "staff:condition", toast=_("The condition is saved."), **here)
    context = {"condition": form.drawn(), "question_list": question_list(form.draft.document)}
    if not wants_fragment(request):
        context |= frame(request, viewer, opened, form.part) | {"has_errors": form.status != 200}
    return page(request, "library/staff/editor/condition.html", context, "condition", form.status)
