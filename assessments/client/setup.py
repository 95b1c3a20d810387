"""View / Edit: the name and the due date of an assessment, for the client who launched it."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.actions import assessments
from assessments.models import Assessment
from portal.web.pages import go, page

from .forms import SetupForm


@client_view(Can.LAUNCH_ASSESSMENTS, methods=("GET", "POST"))
def edit_assessment(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show and change the set-up of a run; its creator only (decision D5)."""
    run = get_object_or_404(Assessment.objects.visible_to(viewer).select_related("definition"), pk=assessment)
    if not assessments.is_set_up_by(viewer.person, run):
        raise PermissionDenied("only its creator opens the set-up")
    is_read_only = viewer.is_preview or not run.is_open
    form = SetupForm(request.POST or None, run=run, is_read_only=is_read_only)
    if request.method == "POST" and (answer := _change(request, viewer, run, form)):
        return answer
    context = {"run": run, "form": form, "is_read_only": is_read_only, "breadcrumbs": _way_to(run)}
    return page(request, "assessments/client/setup.html", context, swap="dialog", status=422 if form.errors else 200)


def _change(request: HttpRequest, viewer: Viewer, run: Assessment, form: SetupForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        assessments.change_setup(by=viewer, assessment=run, **form.cleaned_data)
    except assessments.WrongStatus:
        words = _("%(name)s is submitted. Its name and due date stay as they are.") % {"name": run.name}
        return page(request, "assessments/client/too_late.html", {"explanation": words}, swap="dialog", status=409)
    return go(request, "client:your_assessments", toast=_("Saved."), account=run.account_id)


def _way_to(run: Assessment) -> list[dict[str, str]]:
    yours = reverse("client:your_assessments", args=[run.account_id])
    return [{"label": _("Your Assessments"), "url": yours}, {"label": run.name, "url": ""}]
