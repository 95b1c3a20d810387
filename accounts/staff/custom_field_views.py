"""Custom data in the settings: the fields of accounts, sites and contacts, one page for each kind."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions import custom_fields as actions
from accounts.fields import custom_fields
from accounts.models import CustomField
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.pages import go, page

from .custom_field_forms import CustomFieldForm, PlaceForm
from .settings_frame import frame

_PAGE = "staff:custom_data"


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def custom_data(request: HttpRequest, viewer: Viewer, on: str = CustomField.On.ACCOUNT) -> HttpResponse:
    """This will list the fields of one kind in their order, and the archived ones."""
    current, archived = custom_fields.rows(viewer, _kind(on))
    context = {
        **frame(viewer, _PAGE),
        "tabs": _tabs(viewer, on),
        "on": on,
        "current": current,
        "archived": archived,
        "is_full": len(current) >= actions.MOST_FIELDS,
    }
    return page(request, "accounts/staff/custom_data.html", context, "fields")


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def custom_field_new(request: HttpRequest, viewer: Viewer, on: str) -> HttpResponse:
    """This will add a field."""
    form = CustomFieldForm(request.POST or None, initial={"type": CustomField.Type.TEXT})
    _kind(on)
    if form.is_valid():
        try:
            field = actions.add(by=viewer, on=on, **form.facts)
        except ValidationError as error:
            form.refuse(error)
        else:
            return go(request, _list_url(on), toast=_("%(field)s is added.") % {"field": field.label})
    context = {**frame(viewer, _PAGE, _("Add a field")), "form": form, "on": on, "back_url": _list_url(on)}
    return page(request, "accounts/staff/custom_field.html", context, "form", status=422 if form.errors else 200)


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def custom_field(request: HttpRequest, viewer: Viewer, field: uuid.UUID) -> HttpResponse:
    """This will show a field and change it. The buttons of its choices save what is typed, too."""
    found, status = _field(viewer, field), 200
    used = custom_fields.used(viewer, found)
    form = CustomFieldForm(request.POST or None, field=found, used=used)
    if form.is_valid():
        try:
            actions.change(by=viewer, field=found, version=request.POST.get("version", ""), **form.facts)
        except actions.Stale:
            status = 409
        except ValidationError as error:
            form.refuse(error)
        else:
            stays = any(name.startswith("choice_") for name in request.POST)
            target = f"{reverse('staff:custom_field', args=[found.id])}#choices" if stays else _list_url(found.on)
            return go(request, target, toast="" if stays else _("Saved."))
    return _field_page(request, viewer, found, form, used, 422 if form.errors else status)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def custom_field_position(request: HttpRequest, viewer: Viewer, field: uuid.UUID) -> HttpResponse:
    """This will move a field among the others."""
    found, form = _field(viewer, field), PlaceForm(request.POST)
    if form.is_valid():
        actions.move(by=viewer, field=found, **form.cleaned_data)
    return go(request, _list_url(found.on))


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def custom_field_archive(request: HttpRequest, viewer: Viewer, field: uuid.UUID) -> HttpResponse:
    """This will archive a field, with an undo."""
    found = _field(viewer, field)
    actions.archive(by=viewer, field=found)
    undo = reverse("staff:custom_field_return", args=[found.id])
    words = _("%(field)s is archived. Its values are kept.") % {"field": found.label}
    toasts.keep(request, words, undo=toasts.Undo(undo))
    return go(request, _list_url(found.on))


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def custom_field_return(request: HttpRequest, viewer: Viewer, field: uuid.UUID) -> HttpResponse:
    """This will bring an archived field back."""
    found = _field(viewer, field)
    actions.bring_back(by=viewer, field=found)
    return go(request, _list_url(found.on), toast=_("%(field)s is back, with its values.") % {"field": found.label})


def _field_page(
    request: HttpRequest, viewer: Viewer, found: CustomField, form: CustomFieldForm, used: int, status: int
) -> HttpResponse:
    context = {
        **frame(viewer, _PAGE, found.label),
        "form": form,
        "field": found,
        "on": found.on,
        "usage": custom_fields.usage_words(found.on, used),
        "back_url": _list_url(found.on),
        "is_stale": status == 409,
        # After a conflict: what is typed may replace what is there now, knowingly.
        "version": request.POST.get("version", "") if status == 422 else found.updated_at.isoformat(),
    }
    return page(request, "accounts/staff/custom_field.html", context, "form", status=status)


def _kind(on: str) -> str:
    if on not in CustomField.On.values:
        raise Http404
    return on


def _field(viewer: Viewer, field: uuid.UUID) -> CustomField:
    return get_object_or_404(CustomField.objects.visible_to(viewer), pk=field)


def _list_url(on: str) -> str:
    return reverse("staff:custom_data_of", args=[on])


def _tabs(viewer: Viewer, current: str) -> list[dict[str, Any]]:
    counts = custom_fields.counts_by_kind(viewer)
    return [
        {
            "label": kind.label,
            "url": _list_url(kind.value),
            "count": counts.get(kind.value, 0),
            "current": kind == current,
        }
        for kind in CustomField.On
    ]
