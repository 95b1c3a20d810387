"""The list of batches, and one of them: how the sending stands, and how far each person is."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions.mails import NotToBeSentAgain
from accounts.models import Mail
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from assessments.actions import batches
from assessments.batching import batch_list, batch_people, batch_plan
from assessments.models import Batch, BatchDraft, Respondent
from portal.web import toasts
from portal.web.addresses import origin_of
from portal.web.csv_export import attachment
from portal.web.ids import uuids_in
from portal.web.pages import go, page, wants_fragment
from portal.web.pagination import paginate

from .batch_forms import DueForm
from .batch_lines import lines

TEMPLATE = "assessments/staff/batch.html"
DRAFTS_SHOWN = 5
UNCERTAIN_SHOWN = 20
MOST_AT_ONCE = 5_000


@organization_view(Can.VIEW_DEFINITIONS)
def batch_list_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the batches with a run in an account one follows, the latest first."""
    chosen = batch_list.Filter.of_query(request.GET)
    found = paginate(batch_list.found_by(viewer, chosen), request)
    drafts = BatchDraft.objects.visible_to(viewer).filter(batch=None).select_related("account").defer("rows")
    context = {
        "page": found,
        "rows": batch_list.rows(viewer, found.items),
        "chosen": chosen,
        "drafts": [] if wants_fragment(request) else drafts.order_by("-updated_at")[:DRAFTS_SHOWN],
        "breadcrumbs": [{"label": _("Batches")}],
    }
    return page(request, "assessments/staff/batches.html", context)


@organization_view(Can.VIEW_DEFINITIONS)
def batch_page(request: HttpRequest, viewer: Viewer, batch: uuid.UUID) -> HttpResponse:
    """This will show how far a batch is, person by person."""
    found = _found(viewer, batch)
    return page(request, TEMPLATE, _context(request, viewer, found))


@organization_view(Can.VIEW_DEFINITIONS)
def batch_sending(request: HttpRequest, viewer: Viewer, batch: uuid.UUID) -> HttpResponse:
    """This will say how far the sending is; asked again and again while it is under way."""
    found = _found(viewer, batch)
    if not wants_fragment(request):
        return page(request, TEMPLATE, _context(request, viewer, found))
    sending = batch_people.sending(viewer, found)
    response = page(request, TEMPLATE, {"batch": found, "sending": sending}, swap="sending")
    return response if sending.is_under_way else toasts.trigger(response, "batchSent", {})


@organization_view(Can.VIEW_DEFINITIONS)
def batch_csv(request: HttpRequest, viewer: Viewer, batch: uuid.UUID) -> HttpResponse:
    """This will give the people of the present filter as a file."""
    found = _found(viewer, batch)
    name = f"{slugify(found.name) or 'batch'}_{timezone.localdate():%Y-%m-%d}.csv"
    rows = batch_people.table(viewer, found, batch_people.Filter.of_query(request.GET))
    return attachment(name, batch_people.table_head(), rows)


@organization_view(Can.VIEW_DEFINITIONS, methods=("POST",))
def batch_reminders(request: HttpRequest, viewer: Viewer, batch: uuid.UUID) -> HttpResponse:
    """This will remind those who are not done: the people ticked, or with none ticked everybody."""
    found = _found(viewer, batch)
    sent = len(batches.remind(by=viewer, batch=found, only=_ticked(viewer, request.POST), origin=origin_of(request)))
    words = ngettext("%(n)d person is reminded.", "%(n)d people are reminded.", sent) % {"n": sent}
    nobody = _("There is nobody to remind: all are done, stopped, not invited yet, or were reminded just now.")
    return _back(request, found, words if sent else nobody)


@organization_view(Can.VIEW_DEFINITIONS, methods=("GET", "POST"))
def batch_due_date(request: HttpRequest, viewer: Viewer, batch: uuid.UUID) -> HttpResponse:
    """This will set the day the batch is due, or take it away."""
    found = _found(viewer, batch)
    form = DueForm(request.POST if request.method == "POST" else None, initial={"due_on": found.due_on})
    if form.is_valid():
        changed = batches.set_due(by=viewer, batch=found, due_on=form.cleaned_data["due_on"])
        words = ngettext("The due date of %(n)d run is changed.", "The due date of %(n)d runs is changed.", changed)
        return _back(request, found, words % {"n": changed})
    context = {"form": form, "batch": found, "breadcrumbs": [*_way(found), {"label": _("Due date")}]}
    status = 422 if form.errors else 200
    return page(request, "assessments/staff/batch_due.html", context, swap="dialog", status=status)


@organization_view(Can.VIEW_DEFINITIONS, methods=("POST",))
def batch_mail(request: HttpRequest, viewer: Viewer, batch: uuid.UUID, mail: uuid.UUID) -> HttpResponse:
    """This will send a mail again of which nobody is certain, because a person decided so."""
    found = _found(viewer, batch)
    people = Respondent.objects.visible_to(viewer).filter(assessment__in=batch_people.runs_of(viewer, found))
    row = get_object_or_404(
        Mail.objects.visible_to(viewer).filter(about__in=people.values("pk")).select_related("account"), pk=mail
    )
    try:
        batches.send_again(by=viewer, mail=row)
    except NotToBeSentAgain:
        return _back(request, found, _("This has been decided meanwhile. Nothing was sent twice."))
    return _back(request, found, _("The invitation to %(address)s is sent again.") % {"address": row.to_email})


def _found(viewer: Viewer, batch: uuid.UUID) -> Batch:
    return get_object_or_404(batch_people.batches_of(viewer), pk=batch)


def _context(request: HttpRequest, viewer: Viewer, batch: Batch) -> dict[str, Any]:
    chosen = batch_people.Filter.of_query(request.GET)
    counts = batch_people.counts(viewer, batch)
    found = paginate(batch_people.people_of(viewer, batch, chosen), request)
    context = {
        "batch": batch,
        "page": found,
        "lines": lines(batch_people.rows(viewer, found.items)),
        "chosen": chosen,
        "counts": counts,
        "views": _views(request.GET, chosen, counts),
        "query": _query(request.GET),
        "here": f"{reverse('staff:batch', args=[batch.pk])}{'?' if request.GET else ''}{request.GET.urlencode()}",
        "zone_name": timezone.get_current_timezone_name(),
        "breadcrumbs": [*_way(batch)[:1], {"label": batch.name}],
    }
    if wants_fragment(request):
        return context | {"has_many_accounts": _has_many_accounts(viewer, batch)}
    return context | _around(viewer, batch)


def _around(viewer: Viewer, batch: Batch) -> dict[str, Any]:
    """What stands around the rows, which a filter does not change."""
    runs = list(
        batch_people.runs_of(viewer, batch).select_related("account").defer("progress").order_by("account__name")
    )
    days = {run.due_on for run in runs}
    return {
        "runs": runs,
        "has_many_accounts": len(runs) > 1,
        "due_on": next(iter(days)) if len(days) == 1 else None,
        "has_many_days": len(days) > 1,
        "sending": batch_people.sending(viewer, batch),
        "uncertain": batch_people.uncertain(viewer, batch, UNCERTAIN_SHOWN),
        "may_change": batch_plan.usable_accounts(viewer).filter(pk__in=[run.account_id for run in runs]).exists(),
    }


def _has_many_accounts(viewer: Viewer, batch: Batch) -> bool:
    return batch_people.runs_of(viewer, batch).count() > 1


def _views(query: QueryDict, chosen: batch_people.Filter, counts: dict[str, int]) -> list[dict[str, Any]]:
    views = []
    for view, label in batch_people.VIEWS.items():
        address = query.copy()
        address.pop("page", None)
        address["view"] = view
        if counts[view] or view in ("all", "missing", chosen.view):
            url = f"?{address.urlencode()}"
            views.append(
                {"label": label, "url": url, "current": view == chosen.view, "count": counts[view], "key": view}
            )
    return views


def _ticked(viewer: Viewer, sent: QueryDict) -> list[Respondent] | None:
    ids = uuids_in(sent.getlist("ids")[:MOST_AT_ONCE])
    return list(Respondent.objects.visible_to(viewer).filter(pk__in=ids).only("pk")) if ids else None


def _query(query: QueryDict) -> str:
    kept = query.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _way(batch: Batch) -> list[dict[str, str]]:
    return [
        {"label": _("Batches"), "url": reverse("staff:batches")},
        {"label": batch.name, "url": reverse("staff:batch", args=[batch.pk])},
    ]


def _back(request: HttpRequest, batch: Batch, toast: str) -> HttpResponse:
    query = request.POST.get("query", "")[:1000]
    return go(request, f"{reverse('staff:batch', args=[batch.pk])}{'?' if query else ''}{query}", toast=toast)
