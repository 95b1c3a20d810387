"""Runs that come back: an account's list of them, beginning one from a run, changing and ending it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import campaigns
from assessments.batching import campaign_list
from assessments.batching.recurrence import months_after
from assessments.models import Assessment, Campaign
from portal.web import toasts
from portal.web.pages import go, page
from portal.web.pagination import paginate

from .batch_forms import CampaignForm

LIST, FORM = "assessments/staff/campaigns.html", "assessments/staff/campaign_form.html"


@staff_view(Can.FOLLOW_ANSWERS)
def campaign_list_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list what comes back in the account."""
    found = paginate(campaign_list.campaigns_of(viewer), request)
    context = {
        "page": found,
        "rows": campaign_list.rows(viewer, found.items),
        "may_change": viewer.can(Can.CREATE_ASSESSMENTS),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _tab(viewer), _("Campaigns")),
    }
    return page(request, LIST, context)


@staff_view(Can.CREATE_ASSESSMENTS, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def campaign_new(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will let a run come back."""
    runs = Assessment.objects.visible_to(viewer).select_related("account", "campaign").defer("progress")
    run = get_object_or_404(runs, pk=assessment)
    if run.campaign and run.campaign.ended_at is None:
        return go(request, "staff:campaign", account=run.account_id, campaign=run.campaign_id)
    form = CampaignForm(request.POST if request.method == "POST" else None, initial=_usual(run))
    if form.is_valid():
        return _begun(request, viewer, run, form)
    return _form(request, viewer, form, {"run": run})


def _begun(request: HttpRequest, viewer: Viewer, run: Assessment, form: CampaignForm) -> HttpResponse:
    terms = _terms(form)
    try:
        campaign = campaigns.begin(
            by=viewer, run=run, every_months=terms.every_months, carries_over=terms.carries_over, message=terms.message,
            next_on=terms.next_on, due_in_days=terms.due_in_days, name=terms.name,
        )  # fmt: skip
    except campaigns.IsRepeated as error:
        return go(request, "staff:campaign", account=run.account_id, campaign=error.campaign.pk)
    toast = _("“%(name)s” comes back.") % {"name": campaign.name}
    return go(request, "staff:campaigns", toast=toast, account=run.account_id)


@staff_view(Can.CREATE_ASSESSMENTS, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def campaign(request: HttpRequest, viewer: Viewer, campaign: uuid.UUID) -> HttpResponse:
    """This will change what comes back and when."""
    found = _found(viewer, campaign)
    form = CampaignForm(request.POST if request.method == "POST" else None, campaign=found, initial=vars(found))
    if not form.is_valid():
        return _form(request, viewer, form, {"campaign": found})
    try:
        campaigns.change(by=viewer, campaign=found, terms=_terms(form))
    except campaigns.HasEnded:
        return page(request, FORM, _context(viewer, form, {"campaign": found, "has_ended": True}), "dialog", status=409)
    return go(request, "staff:campaigns", toast=_("Saved."), account=found.account_id)


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def campaign_end(request: HttpRequest, viewer: Viewer, campaign: uuid.UUID) -> HttpResponse:
    """This will let a campaign not come back."""
    found = _found(viewer, campaign)
    campaigns.end(by=viewer, campaign=found)
    words = _("“%(name)s” does not come back. Its runs stay.") % {"name": found.name}
    undo = reverse("staff:campaign_resumption", args=[found.account_id, found.pk])
    toasts.keep(request, words, undo=toasts.Undo(undo))
    return go(request, "staff:campaigns", account=found.account_id)


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def campaign_resumption(request: HttpRequest, viewer: Viewer, campaign: uuid.UUID) -> HttpResponse:
    """This will let an ended campaign come back after all."""
    found = _found(viewer, campaign)
    campaigns.resume(by=viewer, campaign=found)
    return go(
        request, "staff:campaigns", toast=_("“%(name)s” comes back.") % {"name": found.name}, account=found.account_id
    )


def _found(viewer: Viewer, campaign: uuid.UUID) -> Campaign:
    return get_object_or_404(Campaign.objects.visible_to(viewer).select_related("account", "definition"), pk=campaign)


def _usual(run: Assessment) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "name": run.name,
        "every_months": 12,
        "next_on": months_after(today, 12),
        "due_in_days": campaigns.days_had(run),
        "carries_over": True,
    }


def _terms(form: CampaignForm) -> campaigns.Terms:
    return campaigns.Terms(**form.cleaned_data)


def _form(request: HttpRequest, viewer: Viewer, form: CampaignForm, more: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, FORM, _context(viewer, form, more), "dialog", status=status)


def _context(viewer: Viewer, form: CampaignForm, more: dict[str, Any]) -> dict[str, Any]:
    here = _("Repeat") if "run" in more else more["campaign"].name
    back = breadcrumbs.page_of_account(_("Campaigns"), "staff:campaigns", viewer.account)
    return more | {
        "form": form,
        "back_url": back["url"],
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _tab(viewer), back, here),
    }


def _tab(viewer: Viewer) -> breadcrumbs.Crumb:
    return {"label": _("Assessments"), "url": reverse("staff:account_assessments", args=[viewer.account.id])}
