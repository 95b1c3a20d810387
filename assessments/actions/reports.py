"""Making editions of reports, and choosing which of them an account has. An edition is frozen; what changes makes the next."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.models import Account
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Assessment, EnabledReport, Report, ReportTemplate, ReportView
from assessments.models.report import of_report
from assessments.reports import content
from portal.web import jobs

from .report_templates import furnish
from .steps import locked

# The job that draws an edition.
DRAW = "assessments.reports.tasks.draw"
# After this time an edition without a document is nobody's any more, and is taken up again.
PATIENCE = timedelta(minutes=3)


class NotActive(Exception):
    """No report can be made with this template, or given to an account: it is not active."""


class NoResult(Exception):
    """There is nothing to report yet: the run has no result."""


@dataclass(frozen=True, slots=True)
class Made:
    """The newest edition. `is_new` is False when nothing has changed since it was made."""

    report: Report
    is_new: bool


@transaction.atomic
def make(*, by: Viewer, assessment: Assessment, template: ReportTemplate) -> Made:
    """This will make an edition of a report from the run as it stands now: a draft for staff before the release, one for
    the client after it. When nothing has changed, the edition there is comes back. Raises NotActive, NoResult."""
    by.require_on(Can.PREPARE_REPORTS, assessment.account)
    run = _whole(assessment)
    if not template.is_active or template.organization_id != run.organization_id:
        raise NotActive
    return _made(by, run, template)


@transaction.atomic
def make_for_release(*, by: Viewer, assessment: Assessment) -> list[Report]:
    """This will make and freeze, at the release, an edition of every report the account has; of the default one when it
    has none. Clients see those that are enabled. A run without a result gives none."""
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    run = _whole(assessment)
    if not run.is_released or getattr(run, "result", None) is None:
        return []
    enabled = EnabledReport.objects.filter(account=run.account_id)
    own = ReportTemplate.objects.filter(organization=run.organization_id, is_active=True)
    templates = list(own.filter(pk__in=enabled.values("template")).order_by("name"))
    if not templates and not enabled.exists():
        furnish(run.account.organization)
        templates = list(own.filter(is_default=True))
    return [_made(by, run, template).report for template in templates]


@transaction.atomic
def enable(*, by: Viewer, account: Account, template: ReportTemplate, enabled: bool) -> None:
    """This will let an account's clients see reports of a template, or no longer (decision D16). Raises NotActive for
    giving out one that is not active."""
    by.require_on(Can.PREPARE_REPORTS, account)
    if template.organization_id != account.organization_id:
        raise NotActive
    # A template somebody is deleting must not be given out.
    template = ReportTemplate.objects.select_for_update(of=("self",), no_key=True).get(pk=template.pk)
    rows = EnabledReport.objects.filter(account=account, template=template)
    if not enabled:
        if rows.delete()[0]:
            audit.record(by, "report.disabled", template, account)
        return
    if not template.is_active:
        raise NotActive
    _row, is_new = EnabledReport.objects.get_or_create(
        organization=account.organization, account=account, template=template, defaults={"enabled_by": by.user}
    )
    if is_new:
        audit.record(by, "report.enabled", template, account)


def note_view(*, by: Viewer, report: Report, format: str, ip_address: str | None = None) -> None:
    """This will note that somebody looked at a report. A preview changes nothing and is noted when it begins."""
    if by.is_preview:
        return
    ReportView.objects.create(
        organization_id=report.organization_id,
        account_id=report.account_id,
        report=report,
        user=by.user,
        format=format,
        ip_address=ip_address,
    )


@transaction.atomic
def draw_again(*, by: Viewer, report: Report) -> None:
    """This will have the document of an edition made once more, after it failed."""
    by.require_on(Can.PREPARE_REPORTS, report.account)
    Report.objects.filter(pk=report.pk, pdf="").update(pdf_error="")
    jobs.hand_over_after_commit(DRAW, str(report.organization_id), str(report.pk))


def undrawn(report_id: uuid.UUID) -> Report | None:
    """This will read an edition whose document is still to be made; None when there is nothing to do."""
    with_brand = Report.objects.select_related("organization__logo_mail", "organization__logo_light")
    return with_brand.filter(pk=report_id, pdf="").first()


def waiting(organization_id: uuid.UUID) -> list[uuid.UUID]:
    """This will list the editions whose document should have been made by now, the oldest first, a few at a time."""
    late = timezone.now() - PATIENCE
    rows = Report.objects.filter(organization=organization_id, pdf="", pdf_error="", created_at__lt=late)
    return list(rows.order_by("created_at").values_list("pk", flat=True)[:10])


def note_drawn(*, report: Report) -> None:
    """This will note that the document of an edition is kept under its name."""
    Report.objects.filter(pk=report.pk).update(pdf=of_report(report, ""), pdf_error="")


def note_not_drawn(*, report: Report, error: str) -> None:
    """This will note that the document could not be made: the page says so and offers to try again."""
    Report.objects.filter(pk=report.pk, pdf="").update(pdf_error=error[:300])


def _whole(assessment: Assessment) -> Assessment:
    """The run under a lock, so that editions are numbered one after the other, with all that a report reads."""
    locked(assessment)
    rows = Assessment.objects.select_related("account__organization", "version", "definition", "result")
    return rows.defer("version__document").get(pk=assessment.pk)


def _made(by: Viewer, run: Assessment, template: ReportTemplate) -> Made:
    if getattr(run, "result", None) is None:
        raise NoResult
    written = content.build(run, template)
    mark = content.content_hash(written)
    editions = Report.objects.filter(assessment=run, template=template)
    latest = editions.order_by("-edition").first()
    if latest is not None and latest.content_hash == mark and latest.is_released == run.is_released:
        return Made(latest, is_new=False)
    report = Report.objects.create(
        organization_id=run.organization_id,
        account_id=run.account_id,
        assessment=run,
        template=template,
        template_name=template.name,
        edition=(editions.aggregate(last=Max("edition"))["last"] or 0) + 1,
        content=written,
        content_hash=mark,
        is_released=run.is_released,
        made_by=by.user,
    )
    audit.record(by, "report.made", run, run.account, report=template.name, edition=report.edition)
    jobs.hand_over_after_commit(DRAW, str(report.organization_id), str(report.pk))
    return Made(report, is_new=True)
