"""Lists of findings: of one run, or of everything an account knows; filtered and sorted as the address says."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from assessments.models import Assessment, Finding, FindingAction, FindingState, Severity, Status
from assessments.results import findings
from assessments.results.findings import UNFINISHED, Shown
from portal.web.pagination import Page, paginate

WORDS: dict[str, Any] = {
    "open": gettext_lazy("Open"),
    "mine": gettext_lazy("Yours"),
    "overdue": gettext_lazy("Overdue"),
    "accepted": gettext_lazy("Accepted risks"),
    "resolved": gettext_lazy("Resolved"),
    "dismissed": gettext_lazy("Does not apply"),
    "all": gettext_lazy("All"),
}
# What is worth a look first, and what is shown when the address does not say.
OF_A_RUN = ("all", "open", "accepted", "resolved", "dismissed")
OF_AN_ACCOUNT = ("open", "overdue", "accepted", "resolved", "dismissed", "all")
OF_A_CLIENT = ("open", "mine", "overdue", "accepted", "resolved", "all")
ORDERS: dict[str, Any] = {
    "severity": gettext_lazy("Most severe first"),
    "due": gettext_lazy("Due first"),
    "newest": gettext_lazy("Newest first"),
}
_COLUMNS: dict[str, tuple[Any, ...]] = {
    "severity": ("rank", "-assessment__submitted_at", "created_at", "id"),
    "due": (F("next_due").asc(nulls_last=True), "rank", "created_at", "id"),
    "newest": ("-assessment__submitted_at", "-created_at", "-id"),
}


@dataclass(frozen=True)
class Filter:
    """What of a list is shown. `views` are those of the page, its own first one when the address names none.

    `run` narrows to one run; `earlier` adds what a later run of the same definition has replaced.
    """

    views: tuple[str, ...]
    view: str
    severity: str = ""
    run: str = ""
    earlier: bool = False
    order: str = "severity"

    @classmethod
    def of_query(cls, query: Mapping[str, str], views: tuple[str, ...]) -> "Filter":
        """This will read `view`, `severity`, `run`, `earlier` and `sort`; whatever is not understood is left out."""
        view, severity, order = query.get("view", ""), query.get("severity", ""), query.get("sort", "")
        return cls(
            views=views,
            view=view if view in views else views[0],
            severity=severity if severity in Severity.values else "",
            run=_id(query.get("run", "")),
            earlier=query.get("earlier", "") == "1",
            order=order if order in ORDERS else "severity",
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether the filter, its view apart, may leave something out."""
        return bool(self.severity or self.run)

    def query(self, **changes: str) -> str:
        """This will write the filter as it stands in an address, with these parts of it changed."""
        parts = {
            "view": self.view if self.view != self.views[0] else "",
            "severity": self.severity,
            "run": self.run,
            "earlier": "1" if self.earlier else "",
            "sort": self.order if self.order != "severity" else "",
            **changes,
        }
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class View:
    """One of the saved views above a list."""

    label: str
    url: str
    count: int
    current: bool
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list. `groups` are its findings by severity, or one nameless group in any other order."""

    chosen: Filter
    views: list[View]
    page: Page
    shown: list[Shown]
    groups: list[tuple[str, str, list[Shown]]]
    total: int

    @property
    def is_empty(self) -> bool:
        """This will say whether there is nothing in any of the views."""
        return self.total == 0

    @property
    def severities(self) -> list[tuple[str, str]]:
        """This will list what the severity can be chosen from."""
        return [(value, str(label)) for value, label in Severity.choices]


def listed(request: HttpRequest, viewer: Viewer, rows: QuerySet[Finding], chosen: Filter) -> Listed:
    """This will read one page of the findings that pass the filter: six queries, however many there are."""
    rows = _narrowed(rows, chosen)
    counts = _counts(viewer, rows, chosen.views)
    passing = rows.filter(_view(viewer, chosen.view)).annotate(next_due=_NEXT_DUE).order_by(*_COLUMNS[chosen.order])
    cut = paginate(findings.with_actions(passing), request)
    shown = findings.shown(viewer, cut.items, findings.known_since(viewer, cut.items))
    views = [_listed_view(chosen, view, counts[view]) for view in chosen.views]
    groups = _by_severity(shown) if chosen.order == "severity" else [("", "", shown)]
    return Listed(chosen, views, cut, shown, groups, counts["all"])


def _listed_view(chosen: Filter, view: str, count: int) -> View:
    query = chosen.query(view=view if view != chosen.views[0] else "")
    return View(str(WORDS[view]), f"?{query}", count, view == chosen.view, is_warning=view == "overdue" and count > 0)


def every(viewer: Viewer, rows: QuerySet[Finding], chosen: Filter) -> list[Shown]:
    """This will read all findings that pass the filter, for an export."""
    passing = _narrowed(rows, chosen).filter(_view(viewer, chosen.view)).annotate(next_due=_NEXT_DUE)
    read = findings.with_actions(passing.order_by(*_COLUMNS[chosen.order]))[:5000]
    return findings.shown(viewer, read)


def sheet(shown: Iterable[Shown]) -> tuple[list[str], list[Sequence[Any]]]:
    """This will make a table of findings, a line for each action: (head, lines)."""
    head = [
        _("Finding"), _("What was found"), _("Severity"), _("State"), _("Reason"), _("Area"), _("Assessment"), _("Submitted"),
        _("Action"), _("Owner"), _("Due"), _("Action state"), _("Done"),
    ]  # fmt: skip
    lines: list[Sequence[Any]] = []
    for one in shown:
        row, run = one.finding, one.finding.assessment
        about = [
            row.title, row.text, one.label, row.get_state_display(), row.reason, one.area, run.name, run.submitted_at,
        ]  # fmt: skip
        for remedy in one.remedies:
            action = remedy.action
            lines.append(
                [*about, action.title, remedy.owner, action.due_on, action.get_state_display(), action.done_at]
            )
        if not one.remedies:
            lines.append([*about, *[None] * 5])
    return head, lines


def replaced() -> Exists:
    """This will match findings of a run after which the account had another one of the definition released."""
    later = Assessment.objects.filter(
        account=OuterRef("account"), definition=OuterRef("assessment__definition"), deleted_at=None,
        status=Status.CLOSED, released_at__isnull=False, submitted_at__gt=OuterRef("assessment__submitted_at"),
    )  # fmt: skip
    return Exists(later)


_NEXT_DUE = Min("actions__due_on", filter=Q(actions__state__in=UNFINISHED))


def _narrowed(rows: QuerySet[Finding], chosen: Filter) -> QuerySet[Finding]:
    if chosen.severity:
        rows = rows.filter(severity=chosen.severity)
    return rows.filter(assessment=uuid.UUID(chosen.run)) if chosen.run else rows


def current(rows: QuerySet[Finding], chosen: Filter) -> QuerySet[Finding]:
    """This will leave out what a later run has replaced, unless something is still to be done about it."""
    if chosen.earlier or chosen.run:
        return rows
    return rows.filter(~replaced() | _has_actions(state__in=UNFINISHED))


def _counts(viewer: Viewer, rows: QuerySet[Finding], views: Iterable[str]) -> dict[str, int]:
    wanted = {view: Count("pk", filter=_view(viewer, view)) for view in views if view != "all"}
    return rows.order_by().aggregate(all=Count("pk"), **wanted)


def _view(viewer: Viewer, view: str) -> Q:
    if view == "all":
        return Q()
    if view in FindingState.values:
        return Q(state=view)
    if view == "mine":
        # A preview as a role has no person, and so nothing of anybody's own.
        person = viewer.person
        return Q(_has_actions(state__in=UNFINISHED, owner=person)) if person else Q(pk__in=[])
    return Q(_has_actions(state__in=UNFINISHED, due_on__lt=timezone.localdate()))


def _has_actions(**which: Any) -> Exists:
    return Exists(FindingAction.objects.filter(finding=OuterRef("pk"), **which))


def _by_severity(shown: Iterable[Shown]) -> list[tuple[str, str, list[Shown]]]:
    groups: dict[str, tuple[str, str, list[Shown]]] = {}
    for one in shown:
        groups.setdefault(one.finding.severity, (one.label, one.tone, []))[2].append(one)
    return list(groups.values())


def _id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""
