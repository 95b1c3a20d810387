"""Accounts: the list, new, changing the facts, adding a site."""

from copy import copy

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts import breadcrumbs, directory
from accounts.actions import accounts
from accounts.roles import Can
from accounts.rules import organization_view, staff_view
from accounts.viewer import Viewer
from portal.web.pages import go, page
from portal.web.pagination import paginate
from portal.web.sorting import headings

from .forms import AccountForm, NewAccountForm, SiteForm


@organization_view(Can.ENTER_STAFF_AREA)
def account_list(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the accounts one manages, to be found by name."""
    chosen = directory.Filter.of_query(request.GET)
    found = paginate(directory.accounts_of(viewer, chosen), request)
    context = {
        "page": found,
        "rows": directory.rows(viewer, found.items),
        "chosen": chosen,
        "headings": headings(request.GET, chosen.order, ("name", "industry", "-created")),
        "may_create": viewer.can(Can.CREATE_ACCOUNTS),
        "breadcrumbs": [{"label": _("Accounts")}],
    }
    return page(request, "accounts/staff/accounts.html", context)


@organization_view(Can.CREATE_ACCOUNTS, methods=("GET", "POST"), insiders=True)
def account_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will create an account with its first sites."""
    form = NewAccountForm(request.POST or None, organization=viewer.organization)
    if form.is_valid():
        try:
            account = accounts.create(by=viewer, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            toast = _("%(name)s is created. Add the people who will use the portal.") % {"name": account.name}
            return go(request, "staff:account_overview", toast=toast, account=account.id)
    context = {"form": form, "breadcrumbs": breadcrumbs.below_accounts(_("New account"))}
    return page(request, "accounts/staff/account_new.html", context, swap="form", status=422 if form.errors else 200)


@staff_view(Can.EDIT_ACCOUNT, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def account_edit(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will change the facts of an account."""
    form = AccountForm(request.POST or None, organization=viewer.organization, account=viewer.account)
    if form.is_valid():
        try:
            account = accounts.update(by=viewer, account=copy(viewer.account), **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            return go(request, "staff:account_overview", toast=_("Saved."), account=account.id)
    context = {"form": form, "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Edit"))}
    return page(request, "accounts/staff/account_edit.html", context, swap="form", status=422 if form.errors else 200)


@staff_view(Can.EDIT_ACCOUNT, methods=("GET", "POST"))
def site_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will add a location to an account."""
    form = SiteForm(request.POST or None)
    if form.is_valid():
        try:
            site = accounts.add_site(by=viewer, account=viewer.account, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            toast = _("%(site)s is added.") % {"site": site.name}
            return go(request, "staff:account_overview", toast=toast, account=viewer.account.id)
    context = {"form": form, "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Add a site"))}
    return page(request, "accounts/staff/site_new.html", context, swap="dialog", status=422 if form.errors else 200)
