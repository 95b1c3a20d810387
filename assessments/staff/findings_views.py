"""The findings of a run as the account's staff work on them, and all findings of an account."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import finding_actions, findings
from assessments.models import ActionState, Assessment, Finding, FindingAction, FindingState
from assessments.results import finding_list
from assessments.results import findings as reading
from assessments.results.finding_list import Filter
from library.versions import document_of
from portal.web import csv_export, toasts
from portal.web.ids import uuids_in
from portal.web.pages import go, page, page_of_htmx, wants_fragment

from .findings_forms import ActionForm, FindingForm, StateForm
from .run_frame import frame, run_at

TEMPLATE = "assessments/staff/findings.html"
DIALOG = "assessments/staff/finding_form.html"


@staff_view(Can.FOLLOW_ANSWERS)
def run_findings(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will list the findings of a run by severity, with what is decided and done about each."""
    run = run_at(viewer, assessment)
    return page(request, TEMPLATE, _context(request, viewer, run), swap="findings")


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"))
def finding_new(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will add a finding by hand."""
    run = run_at(viewer, assessment)
    form = FindingForm(request.POST or None, document=document_of(run.version))
    if request.method == "POST" and form.is_valid():
        added = findings.create(by=viewer, assessment=run, **form.words)
        return _back(request, run, _("Added: %(title)s") % {"title": added.title})
    return _dialog(request, viewer, run, form, _("Add a finding"), _("Add finding"))


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"))
def finding(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, finding: uuid.UUID) -> HttpResponse:
    """This will change what a finding says."""
    run, found = _finding(viewer, assessment, finding)
    form = FindingForm(request.POST or None, document=document_of(run.version), finding=found)
    if request.method == "POST" and form.is_valid():
        try:
            findings.edit(by=viewer, finding=found, seen=form.cleaned_data["seen"], **form.words)
        except findings.Changed as error:
            return _changed(request, viewer, run, form, error.finding)
        return _back(request, run, _("Saved."))
    return _dialog(request, viewer, run, form, _("Edit the finding"), _("Save"), finding=found)


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"))
def finding_state(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, finding: uuid.UUID) -> HttpResponse:
    """This will decide about one finding: open, an accepted risk, not applying, resolved."""
    run, found = _finding(viewer, assessment, finding)
    initial = {"state": found.state, "reason": found.reason}
    form = StateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change = findings.set_state(by=viewer, assessment=run, findings=[found], **form.cleaned_data)
        words = _("%(title)s: %(state)s") % {"title": found.title, "state": _state(form)}
        return _done(request, viewer, run, words, "staff:finding_undo", change)
    return _dialog(request, viewer, run, form, _("Decide about the finding"), _("Save"), finding=found)


@staff_view(Can.RELEASE_RESULTS, methods=("POST",))
def finding_states(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will decide about all chosen findings at once."""
    run = run_at(viewer, assessment)
    chosen = reading.of_run(viewer, run).filter(pk__in=uuids_in(request.POST.getlist("chosen")[:500]))
    form = StateForm(request.POST)
    if not chosen:
        form.add_error(None, _("Choose at least one finding."))
    if not form.is_valid():
        context = _context(request, viewer, run) | {
            "bulk_form": form,
            "bulk_chosen": set(uuids_in(request.POST.getlist("chosen")[:500])),
        }
        return page(request, TEMPLATE, context, swap="findings", status=422)
    change = findings.set_state(by=viewer, assessment=run, findings=list(chosen), **form.cleaned_data)
    count = len(chosen)
    words = ngettext("%(count)s finding: %(state)s", "%(count)s findings: %(state)s", count)
    return _done(request, viewer, run, words % {"count": count, "state": _state(form)}, "staff:finding_undo", change)


@staff_view(Can.RELEASE_RESULTS, methods=("POST",))
def finding_removal(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, finding: uuid.UUID) -> HttpResponse:
    """This will remove a finding that was written by hand, with an undo."""
    run, found = _finding(viewer, assessment, finding)
    try:
        change = findings.delete(by=viewer, finding=found)
    except findings.NotDeletable:
        context = _context(request, viewer, run) | {"is_too_late": True}
        return page(request, TEMPLATE, context, swap="findings", status=409)
    return _done(request, viewer, run, _("Removed: %(title)s") % {"title": found.title}, "staff:finding_undo", change)


@staff_view(Can.RELEASE_RESULTS, methods=("POST",))
def finding_undo(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, change: uuid.UUID) -> HttpResponse:
    """This will take back what was just decided or removed."""
    run = run_at(viewer, assessment)
    try:
        findings.undo(by=viewer, assessment=run, change=change)
    except findings.TooLate:
        return _back(request, run, _("This cannot be taken back any more."))
    return _back(request, run, _("Taken back."))


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"))
def finding_action_new(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, finding: uuid.UUID) -> HttpResponse:
    """This will add what is to be done about a finding."""
    run, found = _finding(viewer, assessment, finding)
    form = ActionForm(request.POST or None, finding=found)
    if request.method == "POST" and form.is_valid():
        try:
            finding_actions.add(by=viewer, finding=found, **form.cleaned_data)
        except finding_actions.NotSomebodyHere:
            form.add_error("owner", _("This person is not here any more."))
        else:
            return _back(request, run, _("Action added."))
    return _dialog(request, viewer, run, form, _("Add an action"), _("Add action"), finding=found)


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"))
def finding_action(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, finding: uuid.UUID, action: uuid.UUID
) -> HttpResponse:
    """This will change an action, its owner, its day or its state."""
    run, found, done = _action(viewer, assessment, finding, action)
    form = ActionForm(request.POST or None, finding=found, action=done)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"state": form.cleaned_data["state"] or done.state}
        try:
            finding_actions.edit(by=viewer, action=done, **given)
        except finding_actions.NotSomebodyHere:
            form.add_error("owner", _("This person is not here any more."))
        else:
            return _back(request, run, _("Saved."))
    return _dialog(request, viewer, run, form, _("Edit the action"), _("Save"), finding=found, action=done)


@staff_view(Can.RELEASE_RESULTS, methods=("POST",))
def finding_action_state(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, finding: uuid.UUID, action: uuid.UUID
) -> HttpResponse:
    """This will say how far an action is."""
    run, _found, done = _action(viewer, assessment, finding, action)
    state = request.POST.get("to", "")
    if state not in ActionState.values:
        return page(request, TEMPLATE, _context(request, viewer, run), swap="findings", status=422)
    change = finding_actions.set_state(by=viewer, action=done, state=state)
    words = _("%(title)s: %(state)s") % {"title": done.title, "state": ActionState(state).label}
    return _done(request, viewer, run, words, "staff:finding_action_undo", change)


@staff_view(Can.RELEASE_RESULTS, methods=("POST",))
def finding_action_removal(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, finding: uuid.UUID, action: uuid.UUID
) -> HttpResponse:
    """This will take an action away, with an undo."""
    run, _found, gone = _action(viewer, assessment, finding, action)
    change = finding_actions.remove(by=viewer, action=gone)
    words = _("Removed: %(title)s") % {"title": gone.title}
    return _done(request, viewer, run, words, "staff:finding_action_undo", change)


@staff_view(Can.RELEASE_RESULTS, methods=("POST",))
def finding_action_undo(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, change: uuid.UUID) -> HttpResponse:
    """This will take back what was just done to an action."""
    run = run_at(viewer, assessment)
    try:
        finding_actions.undo(by=viewer, account=run.account, change=change)
    except findings.TooLate:
        return _back(request, run, _("This cannot be taken back any more."))
    return _back(request, run, _("Taken back."))


@staff_view(Can.FOLLOW_ANSWERS)
def account_findings(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list everything that was found at an account, whatever the run."""
    chosen = Filter.of_query(request.GET, finding_list.OF_AN_ACCOUNT)
    rows = finding_list.current(reading.of_account(viewer), chosen)
    context = {
        "account": viewer.account,
        "listed": finding_list.listed(request, viewer, rows, chosen),
        "csv_url": f"{reverse('staff:account_findings_csv', args=[viewer.account.id])}?{chosen.query()}",
        "orders": finding_list.ORDERS.items(),
        "runs_base": reverse("staff:account_assessments", args=[viewer.account.id]),
        "breadcrumbs": [
            {"label": _("Accounts"), "url": reverse("staff:accounts")},
            {"label": viewer.account.name, "url": reverse("staff:account_overview", args=[viewer.account.id])},
            {"label": _("Findings")},
        ],
    }
    return page(request, "assessments/staff/account_findings.html", context, swap="findings")


@staff_view(Can.FOLLOW_ANSWERS)
def account_findings_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will export the findings that pass the filter, a line for each action."""
    chosen = Filter.of_query(request.GET, finding_list.OF_AN_ACCOUNT)
    rows = finding_list.current(reading.of_account(viewer), chosen)
    return csv_export.attachment("findings.csv", *finding_list.sheet(finding_list.every(viewer, rows, chosen)))


def _context(request: HttpRequest, viewer: Viewer, run: Assessment) -> dict[str, Any]:
    chosen = Filter.of_query(request.GET, finding_list.OF_A_RUN)
    listed = finding_list.listed(request, viewer, reading.of_run(viewer, run), chosen)
    outdated = reading.with_actions(reading.outdated_of(viewer, run))[:50]
    may_edit = viewer.can(Can.RELEASE_RESULTS)
    query = request.GET.urlencode()
    return {
        **frame(viewer, run, "staff:run_findings"),
        "listed": listed,
        "outdated": reading.shown(viewer, outdated),
        "may_edit": may_edit,
        "base": _address(run),
        "query": f"?{query}" if query else "",
        "new_url": reverse("staff:finding_new", args=[run.account_id, run.pk]) if may_edit else "",
        "bulk_url": reverse("staff:finding_states", args=[run.account_id, run.pk]) if may_edit else "",
        "bulk_form": StateForm(auto_id="bulk_%s"),
        "states": FindingState.choices,
    }


def _dialog(
    request: HttpRequest, viewer: Viewer, run: Assessment, form: Any, title: str, button: str, **more: Any
) -> HttpResponse:
    context = {
        **frame(viewer, run, "staff:run_findings", title),
        "form": form,
        "title": title,
        "button": button,
        "here": request.get_full_path(),
        "back_url": f"{_address(run)}?{request.GET.urlencode()}",
        "swaps_list": isinstance(form, StateForm),
        **more,
    }
    return page(request, DIALOG, context, swap="dialog", status=422 if form.errors else 200)


def _changed(request: HttpRequest, viewer: Viewer, run: Assessment, form: FindingForm, now: Finding) -> HttpResponse:
    """Somebody else was quicker: what stands now beside what was typed, which a second saving then puts in its place."""
    form.data = form.data.copy()
    form.data["seen"] = now.updated_at.isoformat()
    context = {
        **frame(viewer, run, "staff:run_findings", _("Edit the finding")),
        "form": form,
        "title": _("Edit the finding"),
        "button": _("Save mine"),
        "here": request.get_full_path(),
        "back_url": _address(run),
        "finding": now,
        "is_too_late": True,
    }
    return page(request, DIALOG, context, swap="dialog", status=409)


def _done(
    request: HttpRequest, viewer: Viewer, run: Assessment, words: str, undo: str, change: uuid.UUID | None
) -> HttpResponse:
    """The list as it is now, and an undo; the page of the list for who is not on it, or has no htmx."""
    if not wants_fragment(request) or not _is_on_the_list(request, run):
        return _back(request, run, words)
    response = page(request, TEMPLATE, _context(request, viewer, run), swap="findings")
    response["HX-Retarget"], response["HX-Reswap"] = "#findings", "outerHTML"
    toasts.close_dialog(response)
    back = f"{reverse(undo, args=[run.account_id, run.pk, change])}?{request.GET.urlencode()}" if change else ""
    return toasts.show(response, words, undo=toasts.Undo(back) if back else None)


def _is_on_the_list(request: HttpRequest, run: Assessment) -> bool:
    return page_of_htmx(request).partition("?")[0] == _address(run)


def _back(request: HttpRequest, run: Assessment, toast: str) -> HttpResponse:
    query = request.GET.urlencode()
    return go(request, f"{_address(run)}?{query}" if query else _address(run), toast=toast)


def _address(run: Assessment) -> str:
    return reverse("staff:run_findings", args=[run.account_id, run.pk])


def _finding(viewer: Viewer, assessment: uuid.UUID, finding: uuid.UUID) -> tuple[Assessment, Finding]:
    run = run_at(viewer, assessment)
    rows = Finding.objects.visible_to(viewer).select_related("account")
    return run, get_object_or_404(rows, pk=finding, assessment=run)


def _action(
    viewer: Viewer, assessment: uuid.UUID, finding: uuid.UUID, action: uuid.UUID
) -> tuple[Assessment, Finding, FindingAction]:
    run, found = _finding(viewer, assessment, finding)
    rows = FindingAction.objects.visible_to(viewer).select_related("account")
    return run, found, get_object_or_404(rows, pk=action, finding=found)


def _state(form: StateForm) -> str:
    return str(FindingState(form.cleaned_data["state"]).label)
