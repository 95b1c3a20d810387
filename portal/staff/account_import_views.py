"""Importing accounts: a list is read, looked at row by row, done once, and for a while taken back."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts import breadcrumbs
from accounts.actions import account_imports
from accounts.models import Account, AccountImport
from accounts.register import account_sheets, directory
from accounts.register.account_sheets import Verdict
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library.problems import Problem, RefusedFile
from library.reading import LARGEST_FILE
from portal.web import csv_export
from portal.web.pages import go, page
from portal.web.pagination import paginate

from . import account_import_sheet
from .account_import_forms import AccountImportForm

# The parts of a form around its file: boundaries, headers, the token.
AROUND_THE_FILE = 16 * 1024
EARLIER_SHOWN = 10
TEMPLATE = "portal/staff/account_import_plan.html"

_CHUNK = 64 * 1024


# The token is checked by _import: before, a body that is too large must be refused without taking it in.
@csrf_exempt
@organization_view(Can.CREATE_ACCOUNTS, methods=("GET", "POST"), insiders=True)
def account_import(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will take a list and read it; what it would do is looked at before anything is done."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > 2 * LARGEST_FILE + AROUND_THE_FILE:
        _pour_away(request)
        message = _("The file is larger than %(limit)s MB.") % {"limit": LARGEST_FILE // (1024 * 1024)}
        return _answer(request, viewer, AccountImportForm(), [Problem("", message)], status=413)
    return _import(request, viewer)


@csrf_protect
def _import(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if request.method != "POST":
        return _answer(request, viewer, AccountImportForm())
    form = AccountImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, viewer, form, status=422)
    file, pasted = form.cleaned_data["file"], form.cleaned_data["pasted"]
    try:
        sheet = account_import_sheet.read(file, pasted, directory.custom_fields(viewer))
    except RefusedFile as error:
        return _answer(request, viewer, form, error.problems, status=422)
    proposed = account_imports.propose(by=viewer, file_name=file.name if file else "", sheet=sheet)
    return go(request, "staff:account_import_plan", proposed=proposed.pk)


@organization_view(Can.CREATE_ACCOUNTS, insiders=True)
def account_import_template(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give an empty list with the headings an import knows, and one example."""
    fields = directory.custom_fields(viewer)
    labels = {name: label for name, label in account_sheets.labels(fields).items() if name != "id"}
    example = {
        "name": "Example Dental", "industry": "6212", "employees": 25, "website": "https://www.example.com",
        "city": "Springfield", "country": "US", "time_zone": viewer.organization.time_zone, "sites": "Main Street; Annex",
    }  # fmt: skip
    return csv_export.attachment("accounts.csv", list(labels.values()), [[example.get(name, "") for name in labels]])


@organization_view(Can.CREATE_ACCOUNTS, insiders=True)
def account_import_plan(request: HttpRequest, viewer: Viewer, proposed: uuid.UUID) -> HttpResponse:
    """This will show what a list would do, row by row; once it is done, what it did."""
    return _show(request, viewer, _found(viewer, proposed))


@organization_view(Can.CREATE_ACCOUNTS, methods=("POST",), insiders=True)
def account_import_doing(request: HttpRequest, viewer: Viewer, proposed: uuid.UUID) -> HttpResponse:
    """This will do what the page showed, once; a second click finds it done."""
    found = _found(viewer, proposed)
    try:
        done = account_imports.apply(by=viewer, proposed=found, seen=request.POST.get("seen", "")[:64])
    except account_imports.AlreadyDone:
        return go(request, "staff:account_import_plan", toast=_("This list is imported already."), proposed=found.pk)
    except account_imports.Overtaken:
        return _show(request, viewer, _found(viewer, proposed), is_overtaken=True)
    count = len(done.done)
    toast = ngettext("%(n)d account is imported.", "%(n)d accounts are imported.", count) % {"n": count}
    return go(request, "staff:account_import_plan", toast=toast, proposed=found.pk)


@organization_view(Can.CREATE_ACCOUNTS, methods=("POST",), insiders=True)
def account_import_undoing(request: HttpRequest, viewer: Viewer, proposed: uuid.UUID) -> HttpResponse:
    """This will take an import back; the page then says what was taken back and what was not."""
    found = _found(viewer, proposed)
    try:
        account_imports.undo(by=viewer, proposed=found)
    except account_imports.NotToBeUndone:
        toast = _("This import is taken back already, or was done too long ago.")
    else:
        toast = _("The import is taken back.")
    return go(request, "staff:account_import_plan", toast=toast, proposed=found.pk)


@organization_view(Can.CREATE_ACCOUNTS, methods=("POST",), insiders=True)
def account_import_discarding(request: HttpRequest, viewer: Viewer, proposed: uuid.UUID) -> HttpResponse:
    """This will forget a list that was read and not done."""
    found = _found(viewer, proposed)
    try:
        account_imports.discard(by=viewer, proposed=found)
    except account_imports.AlreadyDone:
        return go(request, "staff:account_import_plan", toast=_("This list is imported already."), proposed=found.pk)
    return go(request, "staff:account_import", toast=_("The list is discarded. Nothing was changed."))


def _found(viewer: Viewer, proposed: uuid.UUID) -> AccountImport:
    return get_object_or_404(AccountImport.objects.visible_to(viewer).select_related("created_by"), pk=proposed)


def _answer(
    request: HttpRequest,
    viewer: Viewer,
    form: AccountImportForm,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    earlier = AccountImport.objects.visible_to(viewer).select_related("created_by").defer("rows", "done")
    context = {
        "form": form,
        "problems": problems,
        "largest_file": LARGEST_FILE // (1024 * 1024),
        "most_rows": account_sheets.MOST_ROWS,
        "earlier": earlier.order_by("-created_at")[:EARLIER_SHOWN],
        "columns": [label for name, label in account_sheets.labels(directory.custom_fields(viewer)).items()],
        "breadcrumbs": breadcrumbs.below_accounts(_("Import")),
    }
    return page(request, "portal/staff/account_import.html", context, swap="form", status=status)


def _show(request: HttpRequest, viewer: Viewer, found: AccountImport, is_overtaken: bool = False) -> HttpResponse:
    context = {
        "proposed": found,
        "unknown": account_sheets.kept(found.rows).unknown,
        "is_overtaken": is_overtaken,
        "undo_days": account_imports.UNDO_DAYS,
        "breadcrumbs": [
            *breadcrumbs.below_accounts(_("Import"))[:1],
            {"label": _("Import"), "url": reverse("staff:account_import")},
            {"label": found.file_name, "url": ""},
        ],
    }
    context |= _done(request, viewer, found) if found.applied_at else _planned(request, viewer, found)
    return page(request, TEMPLATE, context, status=409 if is_overtaken else 200)


def _planned(request: HttpRequest, viewer: Viewer, found: AccountImport) -> dict[str, Any]:
    plan = account_imports.plan_of(viewer, found)
    verdict, words = request.GET.get("verdict", ""), request.GET.get("q", "").replace("\x00", "")[:100]
    counts = plan.counts
    names = {
        Verdict.NEW: _("New"), Verdict.CHANGE: _("Changes"), Verdict.UNCHANGED: _("As it is"), Verdict.ERROR: _("Mistakes"),
    }  # fmt: skip
    return {
        "plan": plan,
        "new": counts[Verdict.NEW],
        "changes": counts[Verdict.CHANGE],
        "unchanged": counts[Verdict.UNCHANGED],
        "mistakes": counts[Verdict.ERROR],
        "page": paginate(account_sheets.only(plan, verdict, words), request),
        "words": words,
        "verdict": verdict if verdict in Verdict else "",
        "chips": [(one.value, name, counts[one], verdict == one) for one, name in names.items()],
    }


def _done(request: HttpRequest, viewer: Viewer, found: AccountImport) -> dict[str, Any]:
    ids = [entry["account"] for entry in found.done]
    there = Account.objects.visible_to(viewer).filter(pk__in=ids)
    assert found.applied_at is not None
    until = found.applied_at + timedelta(days=account_imports.UNDO_DAYS)
    shown = paginate(found.done, request)
    return {
        "page": shown,
        "there": {str(pk) for pk in there.values_list("pk", flat=True)},
        "new": sum(entry["new"] for entry in found.done),
        "changes": sum(not entry["new"] for entry in found.done),
        "kept": sum(bool(entry.get("kept")) for entry in found.done),
        "until": until,
        "may_undo": found.undone_at is None and until > timezone.now() and viewer.can(Can.DELETE_ACCOUNTS),
    }


def _pour_away(request: HttpRequest) -> None:
    """This will read the body and keep nothing: a browser shows an answer only when it could send everything."""
    while request.read(_CHUNK):
        pass
