"""The assessment library as its authors see it: the list, one definition, and what changed between its versions."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library import definition_list, family, outline
from library.comparison import compare
from library.models import Definition, DefinitionVersion, Group
from library.versions import document_of, whole_document_of
from portal.web.pages import page
from portal.web.pagination import paginate
from portal.web.sorting import headings


@organization_view(Can.VIEW_DEFINITIONS)
def definitions(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list every definition of the organization, drafts and deprecated ones too."""
    chosen = definition_list.Filter.of_query(request.GET)
    found = paginate(definition_list.definitions_of(viewer, chosen), request)
    context = {
        "page": found,
        "rows": definition_list.rows(found.items),
        "chosen": chosen,
        "states": definition_list.CHOICES.items(),
        "groups": Group.objects.visible_to(viewer).order_by("position", "name"),
        "headings": headings(request.GET, chosen.order, ("name", "-updated")),
        "waiting": definition_list.waiting(viewer).count(),
        "may_draft": viewer.can(Can.DRAFT_DEFINITIONS),
        "may_publish": viewer.can(Can.PUBLISH_DEFINITIONS),
        "may_move": viewer.can(Can.DRAFT_DEFINITIONS) and chosen.is_in_library_order,
        "breadcrumbs": [{"label": _("Assessment library")}],
    }
    return page(request, "library/staff/definitions.html", context)


@organization_view(Can.VIEW_DEFINITIONS)
def definition_page(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will show what one version of a definition asks and how it is scored."""
    found = get_object_or_404(
        definition_list.with_figures(viewer, Definition.objects.visible_to(viewer)), pk=definition
    )
    versions = list(
        DefinitionVersion.objects.visible_to(viewer)
        .filter(definition=found)
        .select_related("created_by", "edited_by", "submitted_by", "published_by")
        .defer("document")
        .order_by("-number")
    )
    version = _chosen(versions, request.GET.get("version", ""))
    document = document_of(version)
    draft = next((one for one in versions if one.state == DefinitionVersion.State.DRAFT), None)
    context = {
        "definition": found,
        "row": definition_list.rows([found])[0],
        "version": version,
        "versions": versions,
        "draft": draft,
        "changed_since": draft is not None and family.is_changed_since_submission(viewer, draft),
        "document": document,
        "parts": outline.parts(document),
        "scores": outline.scores(document),
        "treatments": outline.treatments(document),
        "may_draft": viewer.can(Can.DRAFT_DEFINITIONS),
        "may_publish": viewer.can(Can.PUBLISH_DEFINITIONS),
        "breadcrumbs": [
            {"label": _("Assessment library"), "url": reverse("staff:definitions")},
            {"label": document.name},
        ],
    }
    return render(request, "library/staff/definition.html", context)


@organization_view(Can.VIEW_DEFINITIONS)
def definition_comparison(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will say in plain words what changed from one version to another, and whether their scores compare."""
    versions = list(
        DefinitionVersion.objects.visible_to(viewer)
        .filter(definition_id=definition)
        .select_related("definition")
        .defer("document")
        .order_by("-number")
    )
    new = _chosen(versions, request.GET.get("to", ""))
    old = _chosen(versions, request.GET.get("from", "") or str(_before(versions, new)))
    context = {
        "definition": new.definition,
        "versions": versions,
        "old": old,
        "new": new,
        "comparison": compare(whole_document_of(old), whole_document_of(new)),
        "breadcrumbs": [
            {"label": _("Assessment library"), "url": reverse("staff:definitions")},
            {"label": new.definition.name, "url": reverse("staff:definition", args=[definition])},
            {"label": _("Compare versions")},
        ],
    }
    return page(request, "library/staff/comparison.html", context, swap="changes")


def _chosen(versions: list[DefinitionVersion], number: str) -> DefinitionVersion:
    """This will return the version the address asks for; without one the latest. 404 for one that is not there."""
    if not number and versions:
        return versions[0]
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404


def _before(versions: list[DefinitionVersion], version: DefinitionVersion) -> int:
    """This will return the number of the version before this one; its own when it is the first."""
    earlier = [one.number for one in versions if one.number < version.number]
    return max(earlier, default=version.number)
