"""The Reports tab of Account Details: which reports the account's clients have, and the editions there are."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import report_templates, reports
from assessments.reports import editions
from portal.web.pages import go, page
from portal.web.pagination import paginate


@staff_view(Can.PREPARE_REPORTS)
def account_reports(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show which reports clients of the account may see, and every edition made for it."""
    assert viewer.account is not None
    templates = list(editions.templates_of(viewer))
    if not templates:
        report_templates.furnish(viewer.organization)
        templates = list(editions.templates_of(viewer))
    enabled = editions.enabled_in(viewer)
    found = paginate(editions.for_staff(viewer).order_by("-created_at", "-id"), request)
    rows = editions.for_staff(viewer).filter(pk__in=[report.pk for report in found.items])
    context = {
        # An inactive one can only be taken away.
        "templates": [(one, one.pk in enabled) for one in templates if one.is_active or one.pk in enabled],
        "page": found,
        "editions": editions.listed(rows),
        "may_write": viewer.can(Can.MANAGE_REPORT_TEMPLATES),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Reports")),
    }
    return page(request, "assessments/staff/account_reports.html", context)


@staff_view(Can.PREPARE_REPORTS, methods=("POST",))
def report_enabling(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will let the account's clients see reports of a template, or no longer."""
    found = get_object_or_404(editions.templates_of(viewer), pk=template)
    enabled = request.POST.get("enabled") == "on"
    assert viewer.account is not None
    try:
        reports.enable(by=viewer, account=viewer.account, template=found, enabled=enabled)
    except reports.NotActive:
        toast = _("“%(name)s” is not active.")
    else:
        toast = _("Clients see “%(name)s” now.") if enabled else _("Clients no longer see “%(name)s”.")
    return go(request, "staff:account_reports", toast=toast % {"name": found.name}, account=viewer.account.id)
