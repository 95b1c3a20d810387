"""All assessments of all accounts one follows: filter, order, and what can be done to many at once."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import SavedView
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from assessments.actions import respondents, schedules
from assessments.lists import account_assessments
from assessments.models import Assessment, Respondent
from library.models import Group
from portal.web.addresses import of_each_in_account, origin_of
from portal.web.csv_export import attachment
from portal.web.ids import uuids_in
from portal.web.pages import go, page
from portal.web.pagination import paginate
from portal.web.sorting import headings

from .account_lines import lines
from .batch_forms import DueForm

PLACE = "assessments"
# As many as one step does at once; who has more narrows the filter.
MOST_AT_ONCE = 500


@organization_view(Can.ENTER_STAFF_AREA)
def all_assessments(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list every assessment one follows, 25 to a page."""
    chosen = account_assessments.Filter.of_query(request.GET, in_accounts=True)
    found = paginate(account_assessments.assessments_of(viewer, chosen), request)
    context = _list_context(request, viewer, chosen) | {
        "page": found,
        "lines": lines(account_assessments.rows(viewer, found.items), with_account=True),
    }
    return page(request, "assessments/staff/all_assessments.html", context)


@organization_view(Can.ENTER_STAFF_AREA)
def all_assessments_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the assessments of the present filter as a file."""
    chosen = account_assessments.Filter.of_query(request.GET, in_accounts=True)
    name = f"assessments_{timezone.localdate():%Y-%m-%d}.csv"
    head = account_assessments.table_head(in_accounts=True)
    return attachment(name, head, account_assessments.table(viewer, chosen))


@organization_view(Can.ENTER_STAFF_AREA)
def assessment_links(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will write the addresses of the chosen runs, to be copied: whoever opens one signs in first."""
    address = of_each_in_account("client:take")
    origin = origin_of(request)
    runs = [run for run in _picked(viewer, request.GET) if run.is_open]
    context = {
        "rows": [(run, f"{origin}{address(run.account_id, run.pk)}") for run in runs],
        "text": "\n".join(
            f"{run.account.name}\t{run.name}\t{origin}{address(run.account_id, run.pk)}" for run in runs
        ),
        "back_url": reverse("staff:assessments"),
        "breadcrumbs": [
            {"label": _("Assessments"), "url": reverse("staff:assessments")}, {"label": _("Links")},
        ],
    }  # fmt: skip
    return page(request, "assessments/staff/assessment_links.html", context, swap="dialog")


@organization_view(Can.ENTER_STAFF_AREA, methods=("POST",))
def assessments_due_date(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will set the day the chosen runs are due."""
    form = DueForm(request.POST)
    if not form.is_valid():
        return _back(request, " ".join([*form.errors["due_on"], _("Nothing was changed.")]))
    changed = schedules.set_due(
        by=viewer, assessments=_picked(viewer, request.POST), due_on=form.cleaned_data["due_on"]
    )
    words = ngettext("The due date of %(n)d run is changed.", "The due date of %(n)d runs is changed.", changed)
    return _back(request, words % {"n": changed})


@organization_view(Can.ENTER_STAFF_AREA, methods=("POST",))
def assessments_reminders(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will remind everybody of the chosen runs who is still to answer."""
    runs = [run for run in _picked(viewer, request.POST) if run.is_open]
    missing = Respondent.objects.visible_to(viewer).filter(assessment__in=runs).answering()
    people = list(missing.select_related("user", "assessment__account"))
    origin = origin_of(request)
    sent = len(respondents.remind(by=viewer, respondents=people, origin=origin))
    words = ngettext("%(n)d person is reminded.", "%(n)d people are reminded.", sent) % {"n": sent}
    return _back(request, words if sent else _("There is nobody to remind: all are done, or were reminded just now."))


def _list_context(request: HttpRequest, viewer: Viewer, chosen: account_assessments.Filter) -> dict[str, Any]:
    counts = account_assessments.counts(viewer)
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "chosen": chosen,
        "views": views_of(request.GET, counts),
        "saved_views": SavedView.objects.visible_to(viewer).filter(place=PLACE).order_by("name"),
        "groups": Group.objects.visible_to(viewer).order_by("position", "name"),
        "headings": headings(request.GET, chosen.order, ("name", "-updated")),
        "query": query.urlencode(),
        "most_at_once": MOST_AT_ONCE,
        "zone_name": timezone.get_current_timezone_name(),
        "breadcrumbs": [{"label": _("Assessments")}],
    }


def views_of(query: QueryDict, counts: dict[str, int]) -> list[dict[str, Any]]:
    """This will make the ready-made views as links that keep the rest of the filter."""
    current = account_assessments.Filter.of_query(query).view
    views = []
    for view, label in account_assessments.VIEWS.items():
        address = query.copy()
        address.pop("page", None)
        address["view"] = view
        views.append(
            {"label": label, "url": f"?{address.urlencode()}", "current": view == current, "count": counts[view],
             "shows_count": view == "attention" and counts[view]}
        )  # fmt: skip
    return views


def _picked(viewer: Viewer, sent: QueryDict) -> list[Assessment]:
    """The runs ticked on the page; with `all`, every run of the filter the list was in."""
    if sent.get("all"):
        chosen = account_assessments.Filter.of_query(QueryDict(sent.get("query", "")), in_accounts=True)
        return list(account_assessments.assessments_of(viewer, chosen)[:MOST_AT_ONCE])
    rows = (
        account_assessments.followed(viewer)
        .filter(pk__in=uuids_in(sent.getlist("ids")[:MOST_AT_ONCE]))
        .select_related("account", "definition")
    )
    return list(rows.defer("progress").order_by("account__name", "name", "id"))


def _back(request: HttpRequest, toast: str) -> HttpResponse:
    query = request.POST.get("query", "")[:1000]
    return go(request, f"{reverse('staff:assessments')}{'?' if query else ''}{query}", toast=toast)
