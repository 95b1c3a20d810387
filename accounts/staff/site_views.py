"""The sites of an account: adding, changing, removing one."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.actions import sites
from accounts.models import Membership, Site
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.pages import go, page

from .account_forms import SiteForm
from .taking_back import take_back


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


@staff_view(Can.EDIT_ACCOUNT, methods=("POST",), seen_by=Can.VIEW_OWN_SITES, where=_is_seen)
def site_removal(request: HttpRequest, viewer: Viewer, site: uuid.UUID) -> HttpResponse:
    """This will remove a location, with an undo, or say why it cannot be done."""
    assert viewer.account is not None
    found = _found(viewer, site)
    try:
        step = sites.remove(by=viewer, site=found)
    except ValidationError as error:
        context = {
            "site": found,
            "refused": error.messages,
            "alone": sites.only_overseen_by(found),
            "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Remove a site")),
        }
        return page(request, "accounts/staff/site_removal.html", context, swap="dialog", status=409)
    undo = reverse("staff:site_return", args=[found.account_id, step.pk])
    toasts.keep(request, _("%(site)s is removed.") % {"site": found.name}, undo=toasts.Undo(undo))
    return go(request, "staff:account_overview", account=found.account_id)


@staff_view(Can.EDIT_ACCOUNT, methods=("POST",))
def site_return(request: HttpRequest, viewer: Viewer, step: uuid.UUID) -> HttpResponse:
    """This will bring back a location that was just removed."""
    assert viewer.account is not None
    account = viewer.account
    return take_back(
        request,
        lambda: sites.restore(by=viewer, account=account, step=step),
        lambda site: go(
            request, "staff:account_overview", toast=_("%(site)s is back.") % {"site": site.name}, account=account.id
        ),
    )


def _found(viewer: Viewer, site: uuid.UUID) -> Site:
    found = Site.objects.visible_to(viewer).filter(account=viewer.account).select_related("account")
    return get_object_or_404(found, pk=site)
