"""How the library is arranged: the order of definitions, and their groups."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library import shelf
from library.actions import definitions, groups
from library.models import Definition, Group
from portal.web.pages import go, page

from .shelf_forms import GroupForm, PlaceForm

TEMPLATE = "library/staff/groups.html"


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def definition_position(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will move a definition in the order in which clients find it."""
    rows = Definition.objects.visible_to(viewer)
    found, form = get_object_or_404(rows, pk=definition), PlaceForm(request.POST)
    if form.is_valid():
        neighbor = shelf.neighbor_of(rows.order_by("position", "name", "id"), found, **form.cleaned_data)
        if neighbor:
            definitions.reorder(by=viewer, definition=found, **neighbor)
    return go(request, f"{reverse('staff:definitions')}?page={request.POST.get('page', '1')[:6]}")


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def definition_groups(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show the groups, in the order of the Library's chips, and add one."""
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group = groups.create(by=viewer, name=form.cleaned_data["name"])
        except groups.InvalidName as error:
            form.add_error("name", error.message)
        else:
            return go(request, "staff:groups", toast=_("%(name)s is a group now.") % {"name": group.name})
    return _groups(request, viewer, form, status=422 if form.errors else 200)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def group_name(request: HttpRequest, viewer: Viewer, group: uuid.UUID) -> HttpResponse:
    """This will give a group another name, wherever it is shown."""
    found = get_object_or_404(Group.objects.visible_to(viewer), pk=group)
    form = GroupForm(request.POST)
    if form.is_valid():
        try:
            groups.rename(by=viewer, group=found, name=form.cleaned_data["name"])
        except groups.InvalidName as error:
            form.add_error("name", error.message)
        else:
            return go(request, "staff:groups", toast=_("The group is renamed."))
    return _groups(request, viewer, GroupForm(), renamed=(found, form), status=422)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def group_position(request: HttpRequest, viewer: Viewer, group: uuid.UUID) -> HttpResponse:
    """This will move a group among the others."""
    rows = Group.objects.visible_to(viewer)
    found, form = get_object_or_404(rows, pk=group), PlaceForm(request.POST)
    if form.is_valid():
        ids = list(rows.order_by("position", "name", "id").values_list("pk", flat=True))
        index = shelf.place_among(ids, found.pk, **form.cleaned_data)
        groups.reorder(by=viewer, group=found, index=index)
    return go(request, "staff:groups")


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def group_removal(request: HttpRequest, viewer: Viewer, group: uuid.UUID) -> HttpResponse:
    """This will remove a group; its definitions stay, without one."""
    found = get_object_or_404(Group.objects.visible_to(viewer), pk=group)
    groups.delete(by=viewer, group=found)
    return go(request, "staff:groups", toast=_("%(name)s is removed. Its definitions stay.") % {"name": found.name})


def _groups(
    request: HttpRequest,
    viewer: Viewer,
    form: GroupForm,
    renamed: tuple[Group, GroupForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    way = [{"label": _("Assessment library"), "url": reverse("staff:definitions")}, {"label": _("Groups")}]
    rows = shelf.groups_of(viewer)
    context = {"rows": rows, "form": form, "has_errors": status != 200, "breadcrumbs": way, "renamed": None}
    if renamed:
        context["renamed"] = {"id": renamed[0].id, "form": renamed[1]}
    return page(request, TEMPLATE, context, swap="groups", status=status)
