"""The staff's home: all accounts one manages, and the Overview tab of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.fields import custom_data
from accounts.membership import people as account_people
from accounts.models import Account, Site
from accounts.register import company, coverage, directory
from accounts.roles import Can
from accounts.rules import organization_view, staff_view
from accounts.viewer import Viewer
from assessments.lists import overview as accounts_overview
from library.account_library import entries_of
from portal.web import columns
from portal.web.csv_export import attachment
from portal.web.pages import page
from portal.web.pagination import paginate

from . import activity, overview_filter, overview_lines

PEOPLE_SHOWN = 8


@organization_view(Can.ENTER_STAFF_AREA)
def overview(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show every account one manages: how its assessments stand and what waits."""
    chosen = accounts_overview.Filter.of_query(request.GET)
    found = paginate(accounts_overview.accounts_of(viewer, chosen), request)
    rows = accounts_overview.rows(viewer, found.items)
    fields = directory.custom_fields(viewer)
    shown = columns.chosen(overview_lines.columns(fields), request.GET)
    context = overview_filter.around(request.GET, viewer, chosen) | {
        "page": found,
        "rows": rows,
        "lines": overview_lines.lines(rows, shown, fields),
        "columns": shown,
        "heads": shown.heads(chosen.order),
        "may_create": viewer.can(Can.CREATE_ACCOUNTS),
        "sees_every_account": viewer.sees_every_account,
        "total_of_accounts": Account.objects.visible_to(viewer).current().count,  # asked by the full page only
        "breadcrumbs": [{"label": _("Overview")}],
    }
    return page(request, "portal/staff/overview.html", context)


@organization_view(Can.ENTER_STAFF_AREA)
def overview_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the accounts of the present filter as a file, with every column or those shown."""
    chosen, fields = accounts_overview.Filter.of_query(request.GET), directory.custom_fields(viewer)
    shown = columns.chosen(overview_lines.columns(fields), request.GET)
    sheet = columns.sheet_of(accounts_overview.sheet(fields), shown)
    name = f"accounts_{timezone.localdate():%Y-%m-%d}.csv"
    return attachment(name, [one.heading for one in sheet], accounts_overview.table(viewer, chosen, sheet))


@staff_view(Can.VIEW_ACCOUNT)
def account_overview(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show one account at a glance; what the viewer may not see of it is not read."""
    assert viewer.account is not None
    context = {
        "sites": [(site, company.address(site)) for site in Site.objects.visible_to(viewer).order_by("name")],
        "address": company.address(viewer.account),
        "facts": custom_data.facts(directory.custom_fields(viewer), viewer.account.custom),
        "may_edit": viewer.can(Can.EDIT_ACCOUNT),
        "may_see_people": viewer.can(Can.VIEW_PEOPLE),
        "may_manage_people": viewer.can(Can.MANAGE_PEOPLE),
        "may_assign": viewer.can(Can.ASSIGN_DEFINITIONS),
        "breadcrumbs": breadcrumbs.to_account(viewer.account),
    }
    if viewer.can(Can.VIEW_PEOPLE):
        members = account_people.memberships_of(viewer)[: PEOPLE_SHOWN + 1]
        context["people"] = account_people.rows(viewer, members)
        context["warnings"] = coverage.of_accounts(viewer, [viewer.account.id])[viewer.account.id].warnings
        context["events"] = activity.recent(viewer)
    if viewer.can(Can.ASSIGN_DEFINITIONS):
        context["entries"] = entries_of(viewer)
    return render(request, "portal/staff/account_overview.html", context)
