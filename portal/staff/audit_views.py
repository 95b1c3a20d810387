"""Settings → Audit log, and the Activity tab of an account."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.models import AuditEntry
from accounts.roles import Can
from accounts.rules import organization_view, staff_view
from accounts.staff.settings_frame import frame
from accounts.trail import audit_trail
from accounts.trail.audit_trail import Filter
from accounts.viewer import Viewer
from portal.web.csv_export import stream
from portal.web.pages import page

from . import audit_log as log


@organization_view(Can.VIEW_AUDIT_LOG, hidden=True)
def audit_log(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show what happened in the organization, newest first, as the filter in the address says."""
    context = _context(request, viewer) | frame(viewer, "staff:audit_log")
    return page(request, "portal/staff/audit_log.html", context)


@organization_view(Can.VIEW_AUDIT_LOG, hidden=True)
def audit_log_csv(request: HttpRequest, viewer: Viewer) -> StreamingHttpResponse:
    """This will give everything the filter leaves as a file, written while it is read."""
    name = f"audit_log_{timezone.localdate():%Y-%m-%d}.csv"
    return stream(name, log.table_head(), log.table(viewer, _filter(request)))


@organization_view(Can.VIEW_AUDIT_LOG, hidden=True)
def audit_entry(request: HttpRequest, viewer: Viewer, entry: uuid.UUID) -> HttpResponse:
    """This will show one row with everything it says."""
    found = get_object_or_404(AuditEntry.objects.visible_to(viewer), pk=entry)
    context = {
        "line": log.line_of(viewer, found),
        "details": log.details_in_words(found),
        "thing_url": log.address_of_thing(found),
        **frame(viewer, "staff:audit_log", _("Entry")),
    }
    return render(request, "portal/staff/audit_entry.html", context)


@staff_view(Can.VIEW_PEOPLE)
def account_activity(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will tell what happened in one account, newest first."""
    context = _context(request, viewer) | {"breadcrumbs": breadcrumbs.to_account(viewer.account, _("Activity"))}
    return page(request, "portal/staff/account_activity.html", context)


def _context(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    chosen = _filter(request)
    shown = audit_trail.page_of(log.entries(viewer, chosen), request.GET)
    return {
        "chosen": chosen,
        "lines": log.lines(viewer, shown, chosen),
        "older_query": chosen.query(older=str(shown.older)) if shown.older else "",
        "newer_query": chosen.query(newer=str(shown.newer)) if shown.newer else "",
        "chips": log.chips(viewer, chosen),
        "people": log.people_of(viewer),
        "groups": log.groups(),
        "csv_url": reverse("staff:audit_log_csv") + chosen.query(),
        "words_reach": audit_trail.WORDS_REACH.days,
    }


def _filter(request: HttpRequest) -> Filter:
    return Filter.of_query(request.GET, dict(log.groups()))
