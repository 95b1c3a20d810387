"""The ways into an account without a login: links to answer or look, and links to a report."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.membership import access_review
from accounts.membership.access_review import Guest
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import OPEN, ReportLink, RespondentLink

MOST = 200


def links_into_runs(viewer: Viewer) -> Iterable[Guest]:
    """This will list the links that still let somebody into an open assessment, in one query."""
    rows = RespondentLink.objects.visible_to(viewer).filter(account=viewer.account).usable()
    rows = rows.filter(assessment__deleted_at=None, assessment__status__in=OPEN)
    for link in rows.select_related("assessment", "respondent__user", "created_by").order_by("-created_at")[:MOST]:
        whose = str(link.respondent) if link.respondent else _("whoever has the link")
        yield Guest(
            what=_("%(assessment)s, for %(whose)s") % {"assessment": link.assessment, "whose": whose},
            power=link.get_power_display(),
            made_by=str(link.created_by or ""),
            until=link.expires_at,
            url=reverse("staff:run_links", args=[link.account_id, link.assessment_id])
            if viewer.can(Can.FOLLOW_ANSWERS)
            else "",
        )


def links_to_reports(viewer: Viewer) -> Iterable[Guest]:
    """This will list the links by which anybody reads a report, in one query."""
    rows = ReportLink.objects.visible_to(viewer).filter(
        account=viewer.account, revoked_at=None, expires_at__gt=timezone.now(), report__assessment__deleted_at=None
    )
    for link in rows.select_related("report__assessment", "created_by").order_by("-created_at")[:MOST]:
        names = {"report": link.report.template_name, "assessment": link.report.assessment}
        yield Guest(
            what=_("%(report)s of %(assessment)s, for whoever has the link") % names,
            power=_("Read the report"),
            made_by=str(link.created_by or ""),
            until=link.expires_at,
            url=reverse("staff:report", args=[link.account_id, link.report.assessment_id, link.report_id])
            if viewer.can(Can.PREPARE_REPORTS)
            else "",
        )


access_review.guests("assessments.links", links_into_runs)
access_review.guests("assessments.reports", links_to_reports)
