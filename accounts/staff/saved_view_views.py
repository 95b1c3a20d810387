"""Views of lists that a person saved, and the small form that saves one."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import saved_views
from accounts.models import SavedView
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.pages import go, page

from .taking_back import take_back

# The lists that can be saved: what a form may name, and where each stands.
PLACES = {"accounts": "staff:accounts", "assessments": "staff:assessments", "overview": "staff:overview"}


class SavedViewForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=60)
    query = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)


@organization_view(Can.ENTER_STAFF_AREA, methods=("GET", "POST"))
def saved_view_new(request: HttpRequest, viewer: Viewer, place: str) -> HttpResponse:
    """This will keep the present filter of a list under a name."""
    if place not in PLACES:
        raise Http404
    form = SavedViewForm(request.POST or None, initial={"query": request.GET.urlencode()[:1000]})
    if form.is_valid() and (saved := _save(viewer, place, form)):
        return go(request, f"{reverse(PLACES[place])}?{saved.query}", toast=_("The view is saved."))
    context = {"form": form, "url": request.path, "back_url": reverse(PLACES[place])}
    return page(request, "accounts/staff/saved_view_new.html", context, "dialog", status=422 if form.errors else 200)


@organization_view(Can.ENTER_STAFF_AREA, methods=("POST",))
def saved_view_removal(request: HttpRequest, viewer: Viewer, view: uuid.UUID) -> HttpResponse:
    """This will forget a view the person saved."""
    saved = get_object_or_404(SavedView.objects.visible_to(viewer), pk=view)
    step = saved_views.remove(by=viewer, view=saved)
    undo = toasts.Undo(reverse("staff:saved_view_return", args=[step.pk])) if step else None
    toasts.keep(request, _("The view is removed."), undo=undo)
    return go(request, PLACES.get(saved.place, "staff:overview"))


@organization_view(Can.ENTER_STAFF_AREA, methods=("POST",))
def saved_view_return(request: HttpRequest, viewer: Viewer, step: uuid.UUID) -> HttpResponse:
    """This will bring back a view that was just removed."""
    return take_back(
        request,
        lambda: _restored(viewer, step),
        lambda view: go(request, f"{reverse(PLACES[view.place])}?{view.query}", toast=_("The view is back.")),
    )


def _restored(viewer: Viewer, step: uuid.UUID) -> SavedView:
    try:
        return saved_views.restore(by=viewer, step=step)
    except saved_views.NameTaken:
        raise ValidationError(_("You have a view of this name.")) from None
    except saved_views.TooMany:
        words = _("You have %(most)s views of this list. Remove one first.")
        raise ValidationError(words % {"most": saved_views.MOST}) from None


def _save(viewer: Viewer, place: str, form: SavedViewForm) -> SavedView | None:
    try:
        return saved_views.save(
            by=viewer, place=place, name=form.cleaned_data["name"], query=form.cleaned_data["query"]
        )
    except saved_views.NameTaken:
        form.add_error("name", _("You have a view of this name."))
    except saved_views.TooMany:
        form.add_error(
            "name", _("You have %(most)s views of this list. Remove one first.") % {"most": saved_views.MOST}
        )
    return None
