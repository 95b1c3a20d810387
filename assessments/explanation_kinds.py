"""What of this app one can ask about: an assessment, a report, a finding."""

from collections.abc import Iterable, Iterator

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.membership import explanations
from accounts.membership.explanations import ANSWER, EDIT, RESULTS, SEE, Step, can, day_of, is_found, row_of
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments import run_names
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
    names = _names(viewer, run)
    if not run.is_open:
        yield Step(False, _("Answering is over, because “%(run)s” has the status “%(status)s”.") % names, row_of(run))
        return
    yield Step(True, _("“%(run)s” can be answered: its status is “%(status)s”.") % names, row_of(run))
    if not viewer.is_staff:
        yield _their_part(viewer, run)


def _their_part(viewer: Viewer, run: Assessment) -> Step:
    seat, names = answer_sets.seat_of(viewer, run), _names(viewer, run)
    row = row_of(seat.own) if seat.own is not None and seat.own.pk else ""
    if seat.is_stopped and seat.own and seat.own.stopped_at:
        names["day"] = day_of(seat.own.stopped_at)
        return Step(False, _("%(name)s was stopped from answering “%(run)s” on %(day)s.") % names, row)
    if seat.is_done and seat.own and seat.own.submitted_at:
        names["day"] = day_of(seat.own.submitted_at)
        return Step(False, _("%(name)s handed in their part of “%(run)s” on %(day)s.") % names, row)
    if not row:
        return Step(seat.is_open, _("Everyone of %(account)s who may answer can take part in “%(run)s”.") % names)
    return Step(seat.is_open, _("%(name)s takes part in “%(run)s”, and has not handed in yet.") % names, row)


def results_are_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for an assessment's results: clients see them once released, staff once submitted."""
    yield can(viewer, Can.FOLLOW_ANSWERS if viewer.is_staff else Can.VIEW_RESULTS)
    yield _run_exists(viewer, about)
    run = Assessment.objects.visible_to(viewer).get(pk=about)
    yield _is_submitted(viewer, run) if viewer.is_staff else _is_released(viewer, run)


def _is_submitted(viewer: Viewer, run: Assessment) -> Step:
    names = _names(viewer, run)
    if run.submitted_at is None:
        return Step(False, _("“%(run)s” was not submitted yet, so there are no results.") % names, row_of(run))
    names["day"] = day_of(run.submitted_at)
    return Step(True, _("“%(run)s” was submitted on %(day)s.") % names, row_of(run))


def _is_released(viewer: Viewer, run: Assessment) -> Step:
    names = _names(viewer, run)
    if not run.is_released or run.released_at is None:
        words = _("The results of “%(run)s” are not released to the clients of %(account)s.")
        return Step(False, words % names, row_of(run))
    names["day"] = day_of(run.released_at)
    return Step(True, _("The results of “%(run)s” were released on %(day)s.") % names, row_of(run))


def run_is_edited(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for an assessment's set-up: staff of the account, and the client who started it."""
    if viewer.is_staff:
        yield can(viewer, Can.CREATE_ASSESSMENTS)
        yield _run_exists(viewer, about)
        return
    yield can(viewer, Can.LAUNCH_ASSESSMENTS)
    yield _run_exists(viewer, about)
    run = Assessment.objects.visible_to(viewer).select_related("created_by").get(pk=about)
    is_theirs = is_set_up_by(viewer.person, run)
    names = _names(viewer, run)
    if is_theirs:
        words = _("%(name)s started “%(run)s”, and so may change its set-up.")
    elif run.created_by is not None and run.created_by_client:
        words = _("%(by)s started “%(run)s”. Of the clients, nobody else changes its set-up.")
    else:
        words = _("“%(run)s” was started by staff, so no client changes its set-up.")
    yield Step(is_theirs, words % {**names, "by": str(run.created_by)}, row_of(run))


def report_is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for a report: clients see those enabled for the account, of released results."""
    report = Report.objects.visible_to(viewer).filter(pk=about).select_related("assessment").first()
    names = _names(viewer) | {"report": report.template_name if report else ""}
    none = _("There is no such report in %(account)s.") % names
    if viewer.is_staff:
        yield can(viewer, Can.PREPARE_REPORTS)
        yield is_found(editions.for_staff(viewer), about, _("“%(report)s” is a report of %(account)s.") % names, none)
        return
    yield can(viewer, Can.VIEW_REPORTS)
    if report is None or report.assessment.deleted_at is not None:
        yield Step(False, none)
        return
    yield _report_is_released(viewer, report)
    yield _report_is_enabled(viewer, report)
    yes, no = _("%(name)s may read “%(report)s”."), _("%(name)s may not read “%(report)s”.")
    yield is_found(editions.for_client(viewer), about, yes % names, no % names)


def _report_is_released(viewer: Viewer, report: Report) -> Step:
    run = report.assessment
    if not run.is_released or not report.is_released:
        words = _("“%(report)s” is not released, or the results of “%(run)s” are not.")
        return Step(False, words % (_names(viewer, run) | {"report": report.template_name}), row_of(run))
    return _is_released(viewer, run)


def _report_is_enabled(viewer: Viewer, report: Report) -> Step:
    names = _names(viewer) | {"report": report.template_name}
    enabled = report.template_id is not None and editions.is_enabled(viewer, report.template_id)
    yes, no = _("“%(report)s” is enabled for %(account)s."), _("“%(report)s” is not enabled for %(account)s.")
    return Step(enabled, (yes if enabled else no) % names, row_of(report))


def finding_is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for a finding: clients see it once the result is released, unless staff found it not to apply."""
    yield can(viewer, Can.FOLLOW_ANSWERS if viewer.is_staff else Can.VIEW_RESULTS)
    found = Finding.objects.visible_to(viewer).filter(pk=about).select_related("assessment").first()
    if not viewer.is_staff and found is not None and not found.assessment.is_released:
        yield _is_released(viewer, found.assessment)
        return
    names = _names(viewer) | {"finding": found.title if found else ""}
    if found is None:
        no = _("There is no such finding in %(account)s.")
    elif found.assessment.deleted_at is not None or found.is_outdated:
        no = _("“%(finding)s” is no longer among the findings of %(account)s.")
    else:
        no = _("Staff decided that “%(finding)s” does not apply to %(account)s.")
    yes = _("“%(finding)s” stands among the findings of %(account)s.")
    yield is_found(findings.of_account(viewer), about, yes % names, no % names)


def _run_exists(viewer: Viewer, about: str) -> Step:
    run = Assessment.objects.filter(account=viewer.account, pk=about).first()
    names = _names(viewer, run)
    if run is None:
        no = _("There is no such assessment in %(account)s.")
    elif run.deleted_at is not None:
        no = _("“%(run)s” was deleted on %(day)s.")
        names["day"] = day_of(run.deleted_at)
    else:
        no = _("“%(run)s” is not among the assessments that %(name)s sees in %(account)s.")
    yes = _("“%(run)s” is an assessment of %(account)s.")
    return is_found(Assessment.objects.visible_to(viewer), about, yes % names, no % names)


def _names(viewer: Viewer, run: Assessment | None = None) -> dict[str, str]:
    return {
        "name": str(viewer.user),
        "account": str(viewer.account),
        "run": run.name if run else "",
        "status": run.get_status_display() if run else "",
    }


def _newest(rows: QuerySet, words) -> Iterable[tuple[str, str]]:
    return [(str(row.pk), words(row)) for row in rows.order_by("-created_at", "-id")[: explanations.MOST_THINGS]]


def _name(row: Model) -> str:
    return str(row)


def _runs(asker: Viewer) -> Iterable[tuple[str, str]]:
    newest = Assessment.objects.visible_to(asker).select_related("account").order_by("-created_at", "-id")
    runs = list(newest[: explanations.MOST_THINGS])
    names = run_names.names_of(runs, asker.organization)
    return [(str(run.pk), f"{names[run.pk]} ({run.get_status_display()})") for run in runs]


explanations.thing(
    "assessment",
    gettext_lazy("An assessment"),
    choices=_runs,
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
