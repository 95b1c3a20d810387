"""Accounts: the list, new, changing the facts, archiving and deleting."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.actions import accounts
from accounts.models import Account
from accounts.register import account_columns, deletion, directory
from accounts.roles import Can
from accounts.rules import organization_view, staff_view
from accounts.viewer import Viewer
from portal.web import columns, toasts
from portal.web.csv_export import attachment
from portal.web.pages import go, page, wants_fragment
from portal.web.pagination import paginate

from . import account_list_frame, account_list_lines
from .account_forms import AccountForm, DeletionForm, NewAccountForm


@organization_view(Can.ENTER_STAFF_AREA)
def account_list(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the accounts one manages, to be found, filtered and worked on many at once."""
    fields = directory.custom_fields(viewer)
    chosen = directory.Filter.of_query(request.GET, fields)
    found = paginate(directory.accounts_of(viewer, chosen, fields), request)
    shown = columns.chosen(account_columns.offered(fields), request.GET)
    rows = directory.rows(viewer, found.items)
    context = account_list_frame.around(request, viewer, chosen, shown, fields) | {
        "page": found,
        "rows": rows,
        "lines": account_list_lines.lines(rows, shown, fields),
    }
    return page(request, "accounts/staff/accounts.html", context)


@organization_view(Can.ENTER_STAFF_AREA, methods=("GET", "POST"), insiders=True)
def accounts_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the accounts of the present filter as a file, with every column or those shown; sent as a form,
    those that are ticked."""
    fields = directory.custom_fields(viewer)
    chosen = directory.Filter.of_query(request.GET, fields)
    found: Any = directory.accounts_of(viewer, chosen, fields)
    if request.method == "POST":
        found = directory.picked(viewer, request.POST)
    name = f"accounts_{timezone.localdate():%Y-%m-%d}.csv"
    shown = columns.chosen(account_columns.offered(fields), request.GET)
    sheet = columns.sheet_of(account_columns.sheet(fields), shown)
    return attachment(name, [one.heading for one in sheet], account_columns.table(viewer, found, sheet))


@organization_view(Can.CREATE_ACCOUNTS, methods=("GET", "POST"), insiders=True)
def account_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will create an account with its first sites and its Account Executive."""
    form = NewAccountForm(request.POST or None, viewer=viewer)
    if form.is_valid():
        try:
            account = accounts.create(by=viewer, **form.values)
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
    assert viewer.account is not None
    form = AccountForm(request.POST or None, organization=viewer.organization, account=viewer.account)
    status, overtaken = 200, False
    if form.is_valid():
        seen = request.POST.get("seen", "")
        try:
            account = accounts.update(by=viewer, account=viewer.account, seen=seen, **form.values)
        except ValidationError as error:
            form.refuse(error)
        except accounts.Overtaken:
            status, overtaken = 409, True
        else:
            return go(request, "staff:account_overview", toast=_("Saved."), account=account.id)
    way = breadcrumbs.to_account(viewer.account, _("Edit"))
    context = {"form": form, "is_overtaken": overtaken, "seen": viewer.account.revision, "breadcrumbs": way}
    status = 422 if form.errors else status
    return page(request, "accounts/staff/account_edit.html", context, swap="form", status=status)


@staff_view(Can.VIEW_ACCOUNT, seen_by=Can.USE_PORTAL)
def account_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the facts of one account as a file."""
    assert viewer.account is not None
    sheet = account_columns.sheet(directory.custom_fields(viewer))
    name = f"{slugify(viewer.account.name) or 'account'}_{timezone.localdate():%Y-%m-%d}.csv"
    rows = account_columns.table(viewer, list(Account.objects.visible_to(viewer)), sheet)
    return attachment(name, [one.heading for one in sheet], rows)


@staff_view(Can.DELETE_ACCOUNTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def account_archive(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will make the account one of the past, with an undo."""
    assert viewer.account is not None
    accounts.archive(by=viewer, account=viewer.account)
    words = _("%(name)s is archived. Its people have no access any more.") % {"name": viewer.account.name}
    back = reverse("staff:account_reactivation", args=[viewer.account.id])
    toasts.keep(request, words, undo=toasts.Undo(back))
    return go(request, "staff:account_overview", account=viewer.account.id)


@staff_view(Can.DELETE_ACCOUNTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def account_reactivation(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will make an archived account a current one again."""
    assert viewer.account is not None
    accounts.unarchive(by=viewer, account=viewer.account)
    words = _("%(name)s is current again, and its people have access.") % {"name": viewer.account.name}
    return go(request, "staff:account_overview", toast=words, account=viewer.account.id)


@staff_view(Can.DELETE_ACCOUNTS, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def account_deletion(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will say what is deleted with an account, and delete it when its name is typed."""
    assert viewer.account is not None
    form = DeletionForm(request.POST or None)
    if form.is_valid():
        try:
            accounts.delete(by=viewer, account=viewer.account, typed_name=form.cleaned_data["typed_name"])
        except ValidationError as error:
            form.refuse(error)
        else:
            return _deleted(request, viewer.account)
    context = {
        "form": form,
        "days": deletion.DAYS,
        "extent": [] if wants_fragment(request) else deletion.extent(viewer),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Delete")),
    }
    status = 422 if form.errors else 200
    return page(request, "accounts/staff/account_deletion.html", context, swap="form", status=status)


def _deleted(request: HttpRequest, account: Account) -> HttpResponse:
    words = _("%(name)s is deleted. It can be brought back for %(days)s days.")
    back = reverse("staff:account_restoration", args=[account.id])
    undo = toasts.Undo(back)
    toasts.keep(request, words % {"name": account.name, "days": deletion.DAYS}, undo=undo)
    return go(request, "staff:accounts")
