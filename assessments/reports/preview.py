"""A template tried with a real run: nothing is stored, and nobody but the author sees it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from accounts.viewer import Viewer
from assessments.models import Assessment, ReportTemplate

from . import content

MOST_RUNS = 30


def runs(viewer: Viewer) -> QuerySet[Assessment]:
    """This will list runs with a result to try a template with, the last submitted first."""
    return _with_result(viewer).select_related("account").defer("progress").order_by("-submitted_at", "-id")[:MOST_RUNS]


def run_of(viewer: Viewer, chosen: str) -> Assessment | None:
    """This will read the run somebody chose, else the last one; None where there is none."""
    rows = _with_result(viewer).select_related("account__organization", "version", "definition", "result")
    rows = rows.defer("version__document")
    try:
        found = rows.filter(pk=uuid.UUID(chosen)).first() if chosen else None
    except ValueError:
        found = None
    return found or rows.order_by("-submitted_at", "-id").first()


def content_of(run: Assessment, template: ReportTemplate) -> dict[str, Any]:
    """This will write the report as it would be made now."""
    return content.build(run, template)


def section_of(run: Assessment, template: ReportTemplate, section: Mapping[str, Any]) -> dict[str, Any]:
    """This will write one section as it would stand in the report; of a table of contents the one of the whole."""
    alone = ReportTemplate(
        organization=template.organization, name=template.name, kind=template.kind, sections=[dict(section)]
    )
    if section["kind"] == "contents":
        alone.sections = template.sections
    with translation.override(settings.LANGUAGE_CODE):
        written = content.build(run, alone)["sections"]
    return next((one for one in written if one["kind"] == section["kind"]), written[0])


def _with_result(viewer: Viewer) -> QuerySet[Assessment]:
    return Assessment.objects.visible_to(viewer).filter(result__isnull=False, submitted_at__isnull=False)
