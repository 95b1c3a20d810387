"""Parent and child: which definitions are parts of this one, in which order, with which weight."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library import family, shelf
from library.actions import links
from library.actions.drafts import NotADraft
from library.drafting.changes import Refused
from library.models import Definition
from portal.web.pages import go, page

from .children_forms import ChildForm, WeightForm
from .shelf_forms import PlaceForm


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def children(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will show the children of a definition, and link another one."""
    parent = _definition(viewer, definition)
    candidates = family.candidates(viewer, parent)
    form = ChildForm(request.POST or None, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        child, weight = form.cleaned_data["child"], form.cleaned_data["weight"]
        return _change(
            request, viewer, parent, lambda: links.link(by=viewer, parent=parent, child=child, weight=weight)
        )
    return _page(request, viewer, parent, form, 422 if form.errors else 200)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def child_weight(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, child: uuid.UUID) -> HttpResponse:
    """This will change how much a child counts."""
    parent, linked = _definition(viewer, definition), _definition(viewer, child)
    form = WeightForm(request.POST)
    if not form.is_valid():
        return _page(
            request, viewer, parent, ChildForm(candidates=family.candidates(viewer, parent)), 422, linked, form
        )
    weight = form.cleaned_data["weight"]
    return _change(request, viewer, parent, lambda: links.link(by=viewer, parent=parent, child=linked, weight=weight))


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def child_position(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, child: uuid.UUID) -> HttpResponse:
    """This will move a child among its siblings."""
    parent, linked = _definition(viewer, definition), _definition(viewer, child)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return go(request, "staff:children", definition=definition)
    ids = [row.definition.pk for row in family.children_of(viewer, parent)]
    index = shelf.place_among(ids, linked.pk, **form.cleaned_data)
    return _change(
        request, viewer, parent, lambda: links.reorder_children(by=viewer, parent=parent, child=linked, index=index)
    )


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def child_removal(request: HttpRequest, viewer: Viewer, definition: uuid.UUID, child: uuid.UUID) -> HttpResponse:
    """This will let a child stand on its own again."""
    parent, linked = _definition(viewer, definition), _definition(viewer, child)
    return _change(request, viewer, parent, lambda: links.unlink(by=viewer, parent=parent, child=linked))


def _definition(viewer: Viewer, definition: uuid.UUID) -> Definition:
    return get_object_or_404(Definition.objects.visible_to(viewer), pk=definition)


def _change(request: HttpRequest, viewer: Viewer, parent: Definition, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except NotADraft:
        explanation = _("This definition has no draft. Start a new draft version to change its children.")
        return render(request, "errors/409.html", {"explanation": explanation}, status=409)
    except Refused as error:
        form = ChildForm(request.POST, candidates=family.candidates(viewer, parent))
        form.is_valid()
        form.add_error(None, " ".join(problem.message for problem in error.problems))
        return _page(request, viewer, parent, form, 422)
    return go(request, "staff:children", definition=parent.pk)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    parent: Definition,
    form: ChildForm,
    status: int,
    weighed: Definition | None = None,
    weight: WeightForm | None = None,
) -> HttpResponse:
    context = {
        "definition": parent,
        "rows": family.children_of(viewer, parent),
        "has_draft": family.draft_of(viewer, parent) is not None,
        "form": form,
        "weighed": weighed.pk if weighed else None,
        "weight": weight,
        "may_publish": viewer.can(Can.PUBLISH_DEFINITIONS),
        "has_errors": status != 200,
        "breadcrumbs": [
            {"label": _("Assessment library"), "url": reverse("staff:definitions")},
            {"label": parent.name, "url": reverse("staff:definition", args=[parent.pk])},
            {"label": _("Child definitions")},
        ],
    }
    return page(request, "library/staff/children.html", context, swap="children", status=status)
