"""The Assessments tab of Account Details, and Add Assessment."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import breadcrumbs
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import assessments, assignments
from assessments.lists import account_assessments
from assessments.lists.picker import picker
from library.actions import library_entries
from library.models import Group
from portal.web.csv_export import attachment
from portal.web.ids import uuids_in
from portal.web.pages import go, page
from portal.web.pagination import paginate
from portal.web.sorting import headings

from .account_forms import AssignmentForm
from .account_lines import lines
from .list_views import views_of

UNLAUNCHED_SHOWN = 10


@staff_view(Can.FOLLOW_ANSWERS)
def account_assessments_tab(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show how far the account's assessments are, and what waits."""
    chosen = account_assessments.Filter.of_query(request.GET)
    found = paginate(account_assessments.assessments_of(viewer, chosen), request)
    counts = account_assessments.counts(viewer)
    rows = account_assessments.rows(viewer, found.items)
    context = {
        "page": found,
        "rows": rows,
        "lines": lines(rows),
        "chosen": chosen,
        "counts": counts,
        "views": views_of(request.GET, counts),
        "groups": Group.objects.visible_to(viewer).order_by("position", "name"),
        "headings": headings(request.GET, chosen.order, ("name", "-updated")),
        "standing": account_assessments.standing_of(viewer),
        "unlaunched": account_assessments.unlaunched(viewer)[: UNLAUNCHED_SHOWN + 1],
        "may_assign": viewer.can(Can.ASSIGN_DEFINITIONS),
        "csv_query": request.GET.urlencode(),
        "zone_name": timezone.get_current_timezone_name(),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Assessments")),
    }
    return page(request, "assessments/staff/account_assessments.html", context)


@staff_view(Can.FOLLOW_ANSWERS)
def account_assessments_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the assessments of the present filter as a file."""
    chosen = account_assessments.Filter.of_query(request.GET)
    name = f"{slugify(viewer.account.name) or 'account'}_assessments_{timezone.localdate():%Y-%m-%d}.csv"
    return attachment(name, account_assessments.table_head(), account_assessments.table(viewer, chosen))


@staff_view(Can.ASSIGN_DEFINITIONS, methods=("GET", "POST"))
def add_assessment(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will put definitions into the account's Library, and start them where wanted."""
    sent = request.POST if request.method == "POST" else None
    asked = request.GET if sent is None else sent
    form = AssignmentForm(sent, viewer=viewer, initial={"start": "start" in asked})
    if form.is_valid():
        answer = _assign(request, viewer, form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "words": request.GET.get("q", "").replace("\x00", "").strip()[:100],
        "picker": picker(
            viewer, request.GET.get("q", "").replace("\x00", ""), uuids_in(asked.getlist("definitions")[:500])
        ),
        "may_start": viewer.can(Can.CREATE_ASSESSMENTS),
        "asks_for_another": form.has_error("another"),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _tab(viewer), _("Add assessment")),
    }
    return page(
        request, "assessments/staff/account_add_assessment.html", context, "dialog", status=422 if form.errors else 200
    )


def _assign(request: HttpRequest, viewer: Viewer, form: AssignmentForm) -> HttpResponse | None:
    """This will assign and go to the tab; None when the form has to say why not."""
    definitions = list(form.cleaned_data["definitions"])
    try:
        entries, started = assignments.assign(
            by=viewer, account=viewer.account, definitions=definitions, work=form.work
        )
    except (library_entries.NotLaunchable, assessments.NotLaunchable):
        form.add_error("definitions", _("One of these can be launched no longer. Choose again."))
        return None
    except assessments.AlreadyOpen as error:
        form.add_error("another", _("“%(name)s” is already under way.") % {"name": error.assessment.name})
        return None
    return go(
        request,
        "staff:account_assessments",
        toast=_toast(viewer, len(entries), len(started)),
        account=viewer.account.id,
    )


def _toast(viewer: Viewer, assigned: int, started: int) -> str:
    """This will say what happened, with a link to see it through the client's eyes."""
    if started:
        words = ngettext("%(n)d assessment is started.", "%(n)d assessments are started.", started) % {"n": started}
    elif assigned:
        words = ngettext(
            "%(n)d assessment is in the client’s Library.", "%(n)d assessments are in the client’s Library.", assigned
        ) % {"n": assigned}
    else:
        words = _("It was in the client’s Library already.")
    shown = "client:your_assessments" if started else "client:library"
    target = urlencode({"next": reverse(shown, args=[viewer.account.id])})
    question = reverse("staff:preview", args=[viewer.account.id])
    return format_html('{} <a href="{}?{}" data-dialog>{}</a>', words, question, target, _("View as client"))


def _tab(viewer: Viewer) -> breadcrumbs.Crumb:
    return breadcrumbs.page_of_account(_("Assessments"), "staff:account_assessments", viewer.account)
