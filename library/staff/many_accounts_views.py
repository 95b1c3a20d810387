"""Putting one definition into the Library of many accounts at once."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import breadcrumbs, grants
from accounts.models import Account
from accounts.register import directory
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library.actions import library_entries
from library.models import Definition
from portal.web.pages import go, page


class ManyAccountsForm(forms.Form):
    """The definition that many accounts get."""

    definition = forms.ModelChoiceField(
        label=gettext_lazy("Assessment"),
        queryset=None,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose an assessment.")),
    )


@organization_view(Can.VIEW_DEFINITIONS, methods=("POST",))
def accounts_library(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will ask which definition the accounts ticked in the list get, and put it into their Libraries."""
    picked = _assignable(viewer, directory.picked(viewer, request.POST))
    form = ManyAccountsForm(request.POST if "definition" in request.POST else None)
    form.fields["definition"].queryset = (  # type: ignore[attr-defined]
        Definition.objects.visible_to(viewer).launchable().top_level().order_by("name", "id")
    )
    if form.is_valid():
        return _assign(request, viewer, picked, form.cleaned_data["definition"])
    context = {
        "form": form,
        "picked": picked,
        "query": request.POST.get("query", "")[:1000],
        "breadcrumbs": breadcrumbs.below_accounts(_("Add to Library")),
    }
    status = 422 if form.errors else 200
    return page(request, "library/staff/many_accounts.html", context, swap="form", status=status)


def _assign(request: HttpRequest, viewer: Viewer, picked: list[Account], definition: Definition) -> HttpResponse:
    new = sum(len(library_entries.assign(by=viewer, account=account, definitions=[definition])) for account in picked)
    words = ngettext(
        "%(name)s is in the Library of %(n)d more account.", "%(name)s is in the Library of %(n)d more accounts.", new
    )
    query = request.POST.get("query", "")[:1000]
    toast = words % {"name": definition.name, "n": new}
    return go(request, f"{reverse('staff:accounts')}{'?' if query else ''}{query}", toast=toast)


def _assignable(viewer: Viewer, picked: list[Account]) -> list[Account]:
    """A Technician's accounts are listed too, but their Library is not a Technician's to fill."""
    if viewer.sees_every_account or viewer.user is None:
        return picked
    held = grants.accounts_among(viewer.user, Can.ASSIGN_DEFINITIONS, [account.pk for account in picked])
    return [account for account in picked if account.pk in held]
