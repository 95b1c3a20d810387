"""What of this app one can ask about: an assessment, a report, a finding."""

from collections.abc import Iterable, Iterator

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.membership import explanations
from accounts.membership.explanations import ANSWER, EDIT, RESULTS, SEE, Step, can, is_found, row_of
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.actions.assessments import is_set_up_by
from assessments.answering import answer_sets
from assessments.models import Assessment, Finding, Report
from assessments.reports import editions
from assessments.results import findings


def run_is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask whether an assessment stands in the person's list."""
    yield can(viewer, Can.FOLLOW_ANSWERS if viewer.is_staff else Can.USE_PORTAL)
    yield _run_exists(viewer, about)


def run_is_answered(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask whether the person can answer an assessment now: it is open, and so is their own part."""
    yield can(viewer, Can.ANSWER_ON_BEHALF if viewer.is_staff else Can.ANSWER_ASSESSMENTS)
    yield _run_exists(viewer, about)
    run = Assessment.objects.visible_to(viewer).select_related("version").get(pk=about)
    words = {"status": run.get_status_display()}
    if not run.is_open:
        yield Step(False, _("Answering is over: the assessment is “%(status)s”.") % words, row_of(run))
        return
    yield Step(True, _("The assessment is open: “%(status)s”.") % words, row_of(run))
    if viewer.is_staff:
        return
    seat = answer_sets.seat_of(viewer, run)
    row = row_of(seat.own) if seat.own is not None and seat.own.pk else ""
    if seat.is_stopped:
        yield Step(False, _("Staff stopped this person from answering."), row)
    elif seat.is_done:
        yield Step(False, _("The person handed in their part."), row)
    else:
        yield Step(seat.is_open, _("Their part is open."), row)


def results_are_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for an assessment's results: clients see them once released, staff once submitted."""
    yield can(viewer, Can.FOLLOW_ANSWERS if viewer.is_staff else Can.VIEW_RESULTS)
    yield _run_exists(viewer, about)
    run = Assessment.objects.visible_to(viewer).get(pk=about)
    if viewer.is_staff:
        words = _("It was submitted.") if run.submitted_at else _("It was not submitted yet.")
        yield Step(run.submitted_at is not None, words, row_of(run))
        return
    words = _("The results are released.") if run.is_released else _("The results are not released.")
    yield Step(run.is_released, words, row_of(run))


def run_is_edited(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for an assessment's set-up: staff of the account, and the client who started it."""
    if viewer.is_staff:
        yield can(viewer, Can.CREATE_ASSESSMENTS)
        yield _run_exists(viewer, about)
        return
    yield can(viewer, Can.LAUNCH_ASSESSMENTS)
    yield _run_exists(viewer, about)
    run = Assessment.objects.visible_to(viewer).get(pk=about)
    is_theirs = is_set_up_by(viewer.person, run)
    words = _("They started it themselves.") if is_theirs else _("Only the client who started it edits its set-up.")
    yield Step(is_theirs, words, row_of(run))


def report_is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for a report: clients see those enabled for the account, of released results."""
    if viewer.is_staff:
        yield can(viewer, Can.PREPARE_REPORTS)
        yield is_found(editions.for_staff(viewer), about, _("The report exists."), _("There is no such report."))
        return
    yield can(viewer, Can.VIEW_REPORTS)
    report = Report.objects.visible_to(viewer).filter(pk=about).select_related("assessment").first()
    if report is None or report.assessment.deleted_at is not None:
        yield Step(False, _("There is no such report."))
        return
    released = report.assessment.is_released and report.is_released
    words = _("Its results are released.") if released else _("Its results are not released.")
    yield Step(released, words, row_of(report.assessment))
    enabled = report.template_id is not None and editions.is_enabled(viewer, report.template_id)
    words = _("Reports of this kind are enabled.") if enabled else _("Reports of this kind are not enabled here.")
    yield Step(enabled, words, row_of(report))
    yield is_found(editions.for_client(viewer), about, _("They may read it."), _("They may not read it."))


def finding_is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for a finding: clients see it once the result is released, unless staff found it not to apply."""
    yield can(viewer, Can.FOLLOW_ANSWERS if viewer.is_staff else Can.VIEW_RESULTS)
    if not viewer.is_staff:
        finding = Finding.objects.visible_to(viewer).filter(pk=about).select_related("assessment").first()
        if finding is not None and not finding.assessment.is_released:
            yield Step(False, _("The results it comes from are not released."), row_of(finding.assessment))
            return
    yield is_found(
        findings.of_account(viewer),
        about,
        _("It stands among the account’s findings."),
        _("It does not apply any more, or staff decided that it does not apply."),
    )


def _run_exists(viewer: Viewer, about: str) -> Step:
    gone = Assessment.objects.filter(account=viewer.account, pk=about).exclude(deleted_at=None).first()
    no = _("It is deleted.") if gone is not None else _("There is no such assessment in this account.")
    return is_found(Assessment.objects.visible_to(viewer), about, _("It belongs to this account."), no)


def _newest(rows: QuerySet, words) -> Iterable[tuple[str, str]]:
    return [(str(row.pk), words(row)) for row in rows.order_by("-created_at", "-id")[: explanations.MOST_THINGS]]


def _name(row: Model) -> str:
    return str(row)


explanations.thing(
    "assessment",
    gettext_lazy("An assessment"),
    choices=lambda asker: _newest(
        Assessment.objects.visible_to(asker), lambda run: f"{run.name} ({run.get_status_display()})"
    ),
    questions={SEE: run_is_seen, ANSWER: run_is_answered, RESULTS: results_are_seen, EDIT: run_is_edited},
)
explanations.thing(
    "report",
    gettext_lazy("A report"),
    choices=lambda asker: _newest(
        editions.for_staff(asker), lambda one: f"{one.template_name}: {one.assessment.name} ({one.edition})"
    ),
    questions={SEE: report_is_seen},
)
explanations.thing(
    "finding",
    gettext_lazy("A finding"),
    choices=lambda asker: _newest(Finding.objects.visible_to(asker).filter(findings.STANDING), _name),
    questions={SEE: finding_is_seen},
)
