"""The assessment library as its authors see it: the list, one definition, publishing and deprecating."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library import definition_list, outline
from library.actions import definitions as actions
from library.models import Definition, DefinitionVersion, Group
from library.versions import document_of
from portal.web.pages import go, page
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
        "states": definition_list.STATES.items(),
        "groups": Group.objects.visible_to(viewer).order_by("position", "name"),
        "headings": headings(request.GET, chosen.order, ("name", "-updated")),
        "may_import": viewer.can(Can.DRAFT_DEFINITIONS),
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
        .select_related("created_by", "published_by")
        .defer("document")
        .order_by("-number")
    )
    version = _chosen(versions, request.GET.get("version", ""))
    document = document_of(version)
    context = {
        "definition": found,
        "row": definition_list.rows([found])[0],
        "version": version,
        "versions": versions,
        "draft": next((one for one in versions if one.state == DefinitionVersion.State.DRAFT), None),
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
def definition_export(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will give one version of a definition as a file that can be imported again."""
    versions = DefinitionVersion.objects.visible_to(viewer).filter(definition_id=definition)
    version = _chosen(list(versions.defer("document").order_by("-number")), request.GET.get("version", ""))
    document = document_of(version)
    response = HttpResponse(document.to_json(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{document.key}_v{version.number}.json"'
    return response


@organization_view(Can.PUBLISH_DEFINITIONS, methods=("POST",))
def publication(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will publish the draft of a definition."""
    found = get_object_or_404(Definition.objects.visible_to(viewer), pk=definition)
    try:
        version = actions.publish(by=viewer, definition=found)
    except actions.NothingToPublish:
        explanation = _("There is no draft of this definition any more. Somebody may have published it already.")
        return render(request, "errors/409.html", {"explanation": explanation}, status=409)
    toast = _("%(name)s v%(number)s is published.") % {"name": version.definition.name, "number": version.number}
    return go(request, "staff:definition", toast=toast, definition=definition)


@organization_view(Can.PUBLISH_DEFINITIONS, methods=("POST",))
def deprecation(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will end new launches of a definition; what runs goes on."""
    found = get_object_or_404(Definition.objects.visible_to(viewer), pk=definition)
    actions.deprecate(by=viewer, definition=found)
    toast = _("%(name)s is deprecated. What is under way can be finished.") % {"name": found.name}
    return go(request, "staff:definition", toast=toast, definition=definition)


def _chosen(versions: list[DefinitionVersion], number: str) -> DefinitionVersion:
    """This will return the version the address asks for; without one the latest. 404 for one that is not there."""
    if not number and versions:
        return versions[0]
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404
