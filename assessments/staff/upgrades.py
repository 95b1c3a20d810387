"""Offering an open run the version that is published now, with what that would keep, lose and ask besides."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import upgrades
from assessments.actions.assessments import WrongStatus
from assessments.answering.upgrading import together
from assessments.models import Assessment
from library.comparison import compare
from library.models import DefinitionVersion
from library.versions import document_of
from portal.web.pages import go, page

TEMPLATE = "assessments/staff/upgrade.html"


@staff_view(Can.CREATE_ASSESSMENTS, methods=("GET", "POST"))
def assessment_upgrade(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show what moving the run to the published version means, and move it."""
    run = _found(viewer, assessment)
    if request.method != "POST":
        return page(request, TEMPLATE, _context(run), swap="dialog")
    to = version_offered(run)
    if to is None or str(to.pk) != request.POST.get("version", ""):
        return page(request, TEMPLATE, _context(run) | {"is_too_late": True}, swap="dialog", status=409)
    try:
        carried = upgrades.upgrade(by=viewer, assessment=run, to=to)
    except (upgrades.NotUpgradable, WrongStatus):
        return page(
            request, TEMPLATE, _context(_found(viewer, assessment)) | {"is_too_late": True}, swap="dialog", status=409
        )
    words = {"number": to.number, "kept": len(carried.kept)}
    toast = _("The run uses version %(number)s now. Answers carried over: %(kept)s.") % words
    return go(request, reverse("staff:assessment", args=[run.account_id, run.pk]), toast=toast)


def version_offered(run: Assessment) -> DefinitionVersion | None:
    """This will return the published version, where an open run uses an older one. Reads nothing: the definition and
    its published version came with the run."""
    version = run.definition.published_version
    if not run.is_open or version is None or run.definition.deprecated_at or version.number <= run.version.number:
        return None
    return version


def _found(viewer: Viewer, assessment: uuid.UUID) -> Assessment:
    rows = Assessment.objects.visible_to(viewer).select_related("account", "version", "definition__published_version")
    rows = rows.defer("version__document", "definition__published_version__document")
    return get_object_or_404(rows, pk=assessment)


def _context(run: Assessment) -> dict[str, Any]:
    to = version_offered(run)
    here = reverse("staff:assessment", args=[run.account_id, run.pk])
    context = {
        "assessment": run,
        "to": to,
        "here": reverse("staff:assessment_upgrade", args=[run.account_id, run.pk]),
        "back_url": here,
        "breadcrumbs": [
            {"label": _("Accounts"), "url": reverse("staff:accounts")},
            {"label": run.account.name, "url": reverse("staff:account_overview", args=[run.account_id])},
            {"label": run.name, "url": here},
            {"label": _("Use the newer version")},
        ],
    }
    if to is None:
        return context
    old, new = document_of(run.version), document_of(to)
    carried = together(new, upgrades.carried_over(run, old, new), old)
    return context | {"carried": carried, "comparison": compare(old, new)}
