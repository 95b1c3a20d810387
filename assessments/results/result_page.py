"""What a page of results shows of one run, the same for its client and for staff."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.viewer import Viewer
from assessments.models import Assessment, Finding, FindingState, Result
from assessments.results import findings, history, recommended
from assessments.results.findings import Shown
from assessments.results.outcome import Outcome, outcome_of
from assessments.review import analysis
from library.document import DefinitionDocument
from portal.web.figures import number, signed

MOST_FINDINGS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """The findings of a run in short: the worst open ones, how many there are of each severity, and of each state.

    `has_bands`: some come from the result."""

    shown: list[Shown]
    total: int
    open: int
    actions: int
    finished: int
    severities: list[tuple[str, str, int]]
    has_bands: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What an assessor's review made of a score: (key of the score, name, as submitted, after it, difference) each."""

    score: str
    rows: list[tuple[str, str, str, str, str]]


def of(
    viewer: Viewer, run: Assessment, document: DefinitionDocument, results_page: str, *, with_answers: bool
) -> dict[str, Any]:
    """This will gather the figures of a run read with its result and version. `results_page` names the page of each
    run's results; `with_answers` is for who may read them all. Six queries."""
    result: Result = run.result
    runs = history.released_runs(viewer, run, results_page)
    outcome = outcome_of(result, document, run.account.industry)
    shown = found(viewer, run, [one.assessment for one in runs if one.assessment.is_released])
    return {
        "outcome": outcome,
        "result": result,
        "reviewed": reviewed(result, outcome),
        "found": shown,
        "analysis": analysis.of_run(viewer, run, document),
        "recommendations": recommended.of_result(
            result, document, with_answers=with_answers, found=_sources(viewer, run, document, shown)
        ),
        "runs": runs,
        "line": history.line_of(runs),
        "change": history.change_of(runs),
        "comparison_url": comparison_address(viewer, run) if history.earlier_than(runs) else "",
    }


def comparison_address(viewer: Viewer, run: Assessment) -> str:
    """This will return the page that sets the run beside an earlier one."""
    return reverse(f"{'staff' if viewer.is_staff else 'client'}:run_comparison", args=[run.account_id, run.pk])


def _sources(viewer: Viewer, run: Assessment, document: DefinitionDocument, shown: Found) -> set[str]:
    """The bands that are findings, whatever was decided about them: none of a result computed before there were any."""
    if shown.has_bands:
        return {wanted.source for wanted in findings.wanted_by(run.result, document)}
    return set(Finding.objects.visible_to(viewer).filter(assessment=run).values_list("source", flat=True))


def found(viewer: Viewer, run: Assessment, runs: list[Assessment]) -> Found:
    """This will read the findings of a run, the worst open ones in full, in three queries. `runs` are the released ones
    of its definition."""
    rows = list(findings.with_actions(findings.of_run(viewer, run)))
    by_severity: dict[str, list[Finding]] = {}
    for row in rows:
        by_severity.setdefault(row.severity, []).append(row)
    # What is settled comes after what is open.
    first = sorted(rows, key=lambda row: row.state != FindingState.OPEN)[:MOST_FINDINGS]
    actions = [action for row in rows for action in row.actions.all()]
    return Found(
        shown=findings.shown(viewer, first, findings.known_since(viewer, first, runs)),
        total=len(rows),
        open=sum(row.state == FindingState.OPEN for row in rows),
        actions=len(actions),
        finished=sum(action.state not in findings.UNFINISHED for action in actions),
        severities=[
            (str(same[0].get_severity_display()), findings.TONES[severity], len(same))
            for severity, same in by_severity.items()
        ],
        has_bands=any(row.source for row in rows),
    )


def reviewed(result: Result, outcome: Outcome) -> Reviewed | None:
    """This will set the figures as submitted beside those of the review, where it changed any."""
    before, sheet = result.submitted_sheet, result.sheet
    if before is None:
        return None
    rows = []
    if before["overall"] and sheet["overall"]:
        rows.append(_reviewed("", before["overall"], sheet["overall"], "value", outcome.decimals))
    kind = "percent" if outcome.areas_in_percent else "value"
    submitted = {section["key"]: section for section in before["sections"]}
    for section in sheet["sections"]:
        if section["key"] in submitted:
            rows.append(_reviewed(section["name"], submitted[section["key"]], section, kind, outcome.area_decimals))
    changed = [row for row in rows if row[4]]
    if not changed:
        return None
    return Reviewed(rows[0][2] if before["overall"] else "", changed)


def _reviewed(
    name: str, before: dict[str, Any], after: dict[str, Any], kind: str, decimals: int
) -> tuple[str, str, str, str, str]:
    old, new = before[kind], after[kind]
    written = number(old, decimals), number(new, decimals)
    if written[0] == written[1]:
        return after["score"], name, *written, ""
    if old is None or new is None:
        return after["score"], name, *written, "–"
    return (
        after["score"],
        name,
        *written,
        signed(round(round(new, decimals) - round(old, decimals), decimals), decimals),
    )
