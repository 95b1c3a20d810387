"""A definition as a file, in the formats it can be written in."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library.exchange.formats_out import FORMATS, file_name, surveyjs_left_out
from library.models import DefinitionVersion
from library.versions import written_document_of

LINES_SHOWN = 100


@organization_view(Can.VIEW_DEFINITIONS)
def definition_exports(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will offer one version of a definition in every format, and say what a format has no place for."""
    versions = _versions(viewer, definition)
    version = _chosen(versions, request.GET.get("version", ""))
    document = written_document_of(version)
    left_out = surveyjs_left_out(document)
    context: dict[str, Any] = {
        "document": document,
        "version": version,
        "versions": versions,
        "formats": FORMATS,
        "left_out": left_out[:LINES_SHOWN],
        "left_out_count": len(left_out),
        "breadcrumbs": [
            {"label": _("Assessment library"), "url": reverse("staff:definitions")},
            {"label": document.name, "url": reverse("staff:definition", args=[definition])},
            {"label": _("Export")},
        ],
    }
    return render(request, "library/staff/definition_exports.html", context)


@organization_view(Can.VIEW_DEFINITIONS)
def definition_export(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will give one version of a definition as a file."""
    chosen = FORMATS.get(request.GET.get("as", "json"))
    if chosen is None:
        raise Http404
    version = _chosen(_versions(viewer, definition), request.GET.get("version", ""))
    document = written_document_of(version)
    response = HttpResponse(chosen.write(document), content_type=chosen.content_type)
    name = file_name(f"{document.name}_v{version.number}", chosen.ending)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _versions(viewer: Viewer, definition: uuid.UUID) -> list[DefinitionVersion]:
    versions = DefinitionVersion.objects.visible_to(viewer).filter(definition_id=definition)
    return list(versions.select_related("definition").order_by("-number"))


def _chosen(versions: list[DefinitionVersion], number: str) -> DefinitionVersion:
    """This will return the version the address asks for; without one the latest. 404 for one that is not there."""
    for version in versions:
        if not number or str(version.number) == number:
            return version
    raise Http404
