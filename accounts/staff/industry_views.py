"""Settings of industries: own names, and which of them forms offer."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import industries as actions
from accounts.industry import industries as standard
from accounts.industry import industry_choices, industry_list
from accounts.mail import mailing
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web.pages import go, page

from .settings_frame import frame

HERE = "staff:industries"


class IndustryForm(forms.Form):
    """What the organization makes of one industry."""

    name = forms.CharField(label=gettext_lazy("Own name"), max_length=120, required=False)
    is_offered = forms.BooleanField(
        label=gettext_lazy("Offered in forms"), required=False, widget=forms.CheckboxInput(attrs={"role": "switch"})
    )

    def clean_name(self) -> str:
        return mailing.one_line(self.cleaned_data["name"])


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def industries(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the sectors and subsectors, how many accounts use each, and where reference values are."""
    sources = industry_list.sources_of(viewer)
    sectors = industry_list.sectors_of(viewer, sources)
    context = {"sectors": sectors, "everywhere": sources.get("", []), "opened": request.GET.get("open", "")}
    return render(request, "accounts/staff/industries.html", context | frame(viewer, HERE))


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def industry(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """This will change the name of an industry and whether forms offer it."""
    if code not in standard.SECTORS and code not in standard.SUBSECTORS:
        raise Http404
    chosen = industry_choices.of_organization(viewer.organization.id).get(code)
    initial = {"name": chosen.name if chosen else "", "is_offered": chosen.is_offered if chosen else True}
    form = IndustryForm(request.POST or None, initial=initial)
    title = standard.label(code)
    form.fields["name"].widget.attrs["placeholder"] = title
    if form.is_valid():
        actions.choose(by=viewer, code=code, **form.cleaned_data)
        return go(request, f"{reverse(HERE)}?open={standard.sector(code)}#i{code}", toast=_("Saved."))
    context = {"form": form, "code": code, "title": title, "is_sector": code in standard.SECTORS}
    context |= frame(viewer, HERE, title)
    status = 422 if form.errors else 200
    return page(request, "accounts/staff/industry.html", context, swap="dialog", status=status)
