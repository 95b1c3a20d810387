"""The sites of an account: adding, changing, removing one."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.actions import sites
from accounts.models import Contact, Membership, Site
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from portal.web.pages import go, page

from .account_forms import SiteForm


def _is_seen(viewer: Viewer, site: uuid.UUID) -> bool:
    """Who of the account's people sees a site: a Company Admin each, a Site Manager the ones overseen."""
    found = Site.objects.visible_to(viewer).filter(pk=site)
    if not viewer.can(Can.VIEW_COMPANY):
        own = Membership.objects.visible_to(viewer).filter(account=viewer.account, user=viewer.user)
        found = found.filter(pk__in=own.values("sites"))
    return found.exists()


@staff_view(Can.EDIT_ACCOUNT, methods=("GET", "POST"))
def site_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will add a location to an account."""
    assert viewer.account is not None
    form = SiteForm(request.POST or None, organization=viewer.organization)
    if form.is_valid():
        try:
            site = sites.add(by=viewer, account=viewer.account, **form.values)
        except ValidationError as error:
            form.refuse(error)
        else:
            toast = _("%(site)s is added.") % {"site": site.name}
            return go(request, "staff:account_overview", toast=toast, account=viewer.account.id)
    context = {"form": form, "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Add a site"))}
    return page(request, "accounts/staff/site_new.html", context, swap="dialog", status=422 if form.errors else 200)


@staff_view(Can.EDIT_ACCOUNT, methods=("GET", "POST"), seen_by=Can.VIEW_OWN_SITES, where=_is_seen)
def site_edit(request: HttpRequest, viewer: Viewer, site: uuid.UUID) -> HttpResponse:
    """This will change a location."""
    assert viewer.account is not None
    found = _found(viewer, site)
    form = SiteForm(request.POST or None, organization=viewer.organization, site=found)
    if form.is_valid():
        try:
            sites.change(by=viewer, site=_found(viewer, site), **form.values)
        except ValidationError as error:
            form.refuse(error)
        else:
            return go(request, "staff:account_overview", toast=_("Saved."), account=viewer.account.id)
    way = breadcrumbs.to_account(viewer.account, found.name)
    context = {"form": form, "site": found, "breadcrumbs": way}
    return page(request, "accounts/staff/site_edit.html", context, swap="dialog", status=422 if form.errors else 200)


@staff_view(Can.EDIT_ACCOUNT, methods=("GET", "POST"), seen_by=Can.VIEW_OWN_SITES, where=_is_seen)
def site_removal(request: HttpRequest, viewer: Viewer, site: uuid.UUID) -> HttpResponse:
    """This will say what removing a location means, or why it cannot be done, and remove it."""
    assert viewer.account is not None
    found = _found(viewer, site)
    refused = []
    if request.method == "POST":
        try:
            sites.remove(by=viewer, site=found)
        except ValidationError as error:
            refused = error.messages
        else:
            toast = _("%(site)s is removed.") % {"site": found.name}
            return go(request, "staff:account_overview", toast=toast, account=viewer.account.id)
    context = {
        "site": found,
        "refused": refused,
        "alone": sites.only_overseen_by(found),
        "contacts": Contact.objects.visible_to(viewer).filter(site=found).current().count(),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Remove a site")),
    }
    return page(request, "accounts/staff/site_removal.html", context, swap="dialog", status=409 if refused else 200)


def _found(viewer: Viewer, site: uuid.UUID) -> Site:
    found = Site.objects.visible_to(viewer).filter(account=viewer.account).select_related("account")
    return get_object_or_404(found, pk=site)
