"""What released results found at the client's company, and what is done about it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.actions import finding_actions
from assessments.actions.findings import TooLate
from assessments.models import ActionState, Assessment, FindingAction, Status
from assessments.results import finding_list
from assessments.results import findings as reading
from assessments.results.finding_list import Filter
from portal.web import csv_export, toasts
from portal.web.pages import go, page, page_of_htmx, safe_next, wants_fragment

TEMPLATE = "assessments/client/findings.html"


@client_view(Can.VIEW_RESULTS)
def findings(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list what was found, the most severe first, with what is done about it."""
    return _list(request, viewer)


@client_view(Can.VIEW_RESULTS)
def findings_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will export the findings that pass the filter, a line for each action."""
    chosen = Filter.of_query(request.GET, finding_list.OF_A_CLIENT)
    rows = finding_list.current(reading.of_account(viewer), chosen)
    return csv_export.attachment("findings.csv", *finding_list.sheet(finding_list.every(viewer, rows, chosen)))


@client_view(Can.VIEW_RESULTS, methods=("POST",))
def action_state(request: HttpRequest, viewer: Viewer, finding: uuid.UUID, action: uuid.UUID) -> HttpResponse:
    """This will say how far an action is: for its owner, and for a Company Admin."""
    rows = FindingAction.objects.visible_to(viewer).select_related("account")
    found = get_object_or_404(rows, pk=action, finding__in=reading.of_account(viewer).filter(pk=finding).order_by())
    state = request.POST.get("to", "")
    if state not in ActionState.values:
        return _list(request, viewer, status=422)
    try:
        change = finding_actions.set_state(by=viewer, action=found, state=state)
    except finding_actions.NotReleased:
        raise Http404 from None  # reopened or decided about in this very moment
    words = _("%(title)s: %(state)s") % {"title": found.title, "state": ActionState(state).label}
    if not wants_fragment(request) or not _is_on_the_list(request, viewer):
        return go(request, _back(request, viewer), toast=words)
    undo = reverse("client:action_undo", args=[viewer.account.id, change]) if change else ""
    undo = f"{undo}?{request.GET.urlencode()}"
    return toasts.show(_list(request, viewer), words, undo=toasts.Undo(undo) if change else None)


@client_view(Can.VIEW_RESULTS, methods=("POST",))
def action_undo(request: HttpRequest, viewer: Viewer, change: uuid.UUID) -> HttpResponse:
    """This will take back what the same person just said of an action."""
    try:
        finding_actions.undo(by=viewer, account=viewer.account, change=change)
    except (TooLate, finding_actions.NotReleased):
        return go(request, _back(request, viewer), toast=_("This cannot be taken back any more."))
    return go(request, _back(request, viewer), toast=_("Taken back."))


def _list(request: HttpRequest, viewer: Viewer, status: int = 200) -> HttpResponse:
    chosen = Filter.of_query(request.GET, finding_list.OF_A_CLIENT)
    rows = finding_list.current(reading.of_account(viewer), chosen)
    base = reverse("client:findings", args=[viewer.account.id])
    query = request.GET.urlencode()
    runs = Assessment.objects.visible_to(viewer).filter(status=Status.CLOSED, released_at__isnull=False)
    context = {
        "listed": finding_list.listed(request, viewer, rows, chosen),
        "orders": finding_list.ORDERS.items(),
        "runs": [(str(pk), name) for pk, name in runs.order_by("-submitted_at").values_list("pk", "name")[:50]],
        "move_base": base,
        "base": base,
        "query": f"?{query}" if query else "",
        "results_base": reverse("client:your_assessments", args=[viewer.account.id]),
        "csv_url": f"{reverse('client:findings_csv', args=[viewer.account.id])}?{chosen.query()}",
    }
    return page(request, TEMPLATE, context, swap="findings", status=status)


def _is_on_the_list(request: HttpRequest, viewer: Viewer) -> bool:
    return page_of_htmx(request).partition("?")[0] == reverse("client:findings", args=[viewer.account.id])


def _back(request: HttpRequest, viewer: Viewer) -> str:
    query = request.GET.urlencode()
    base = reverse("client:findings", args=[viewer.account.id])
    return safe_next(request, f"{base}?{query}" if query else base)
