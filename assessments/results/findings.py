"""Findings as pages show them: which there are, what each is about, since when it is known, what is done about it."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import ActionState, Assessment, Finding, FindingAction, FindingState, Result, Severity, Status
from assessments.results.recommended import TONES, bands_of, source_of
from library.authoring.scoring_words import SEVERITIES
from library.document import DefinitionDocument
from library.versions import document_of
from portal.web import markdown

TITLE_LENGTH = 200
STATE_TONES = {"open": "info", "accepted": "warn", "dismissed": "neutral", "resolved": "success"}
STATE_ICONS = {"open": "circle-dot", "accepted": "scale", "dismissed": "minus", "resolved": "circle-check"}
ACTION_TONES = {"to_do": "neutral", "under_way": "info", "done": "success", "dropped": "neutral"}
ACTION_ICONS = {"to_do": "circle-dashed", "under_way": "progress", "done": "circle-check", "dropped": "minus"}
UNFINISHED = (ActionState.TO_DO, ActionState.UNDER_WAY)

# What counts, everywhere but in the fold of what no longer holds.
STANDING = Q(is_outdated=False, assessment__deleted_at=None)
# What a client may ever meet: of a released result, and not what staff found not to apply.
FOR_CLIENTS = (
    STANDING
    & Q(assessment__status=Status.CLOSED, assessment__released_at__isnull=False)
    & ~Q(state=FindingState.DISMISSED)
)
WORST_FIRST = Case(
    *(When(severity=severity, then=Value(rank)) for rank, severity in enumerate(Severity.values)),
    output_field=IntegerField(),
)


# What a result calls for


@dataclass(frozen=True, slots=True)
class Wanted:
    """A finding as a band of the definition words it. `source` names the band."""

    source: str
    title: str
    text: str
    severity: str
    question_key: str
    section_key: str


def wanted_by(result: Result, document: DefinitionDocument) -> list[Wanted]:
    """This will list the findings of a stored result: the recommendations that apply and have a severity."""
    sections = {score: key for key, score in (document.scoring.sections.items() if document.scoring else ())}
    return [
        wanted
        for noted in result.sheet.get("recommendations", ())
        if (wanted := _wanted(document, noted, sections)) is not None
    ]


def _wanted(document: DefinitionDocument, noted: Mapping[str, Any], sections: Mapping[str, str]) -> Wanted | None:
    key, is_question = noted["of"], noted["is_question"]
    name, bands = bands_of(document, key, is_question)
    band = bands[noted["band"]]
    if band.severity is None:
        return None
    top = document.section_of(key) if is_question else None
    return Wanted(
        source=source_of(noted),
        title=shortened(band.title or name),
        text=band.text,
        severity=band.severity,
        question_key=key if is_question else "",
        section_key=top.key if top else "" if is_question else sections.get(key, ""),
    )


def shortened(text: str) -> str:
    """This will cut a text to what fits a title."""
    text = " ".join(text.split())
    return text if len(text) <= TITLE_LENGTH else f"{text[: TITLE_LENGTH - 1].rstrip()}…"


# Which findings there are


def of_run(viewer: Viewer, run: Assessment) -> QuerySet[Finding]:
    """This will return the standing findings of a run, the worst first; for clients those of a released one alone."""
    return _among(viewer).filter(assessment=run)


def of_runs(viewer: Viewer, runs: Iterable[Assessment]) -> list[Finding]:
    """This will read the standing findings of several runs, the worst first, in one query."""
    rows = _among(viewer).filter(assessment__in=[run.pk for run in runs])
    return sorted(rows, key=lambda row: (Severity.values.index(row.severity), row.created_at, str(row.pk)))


def outdated_of(viewer: Viewer, run: Assessment) -> QuerySet[Finding]:
    """This will return, for staff, what an earlier computing of the result found and the last one did not."""
    rows = Finding.objects.visible_to(viewer).filter(assessment=run, is_outdated=True)
    return rows.annotate(rank=WORST_FIRST).order_by("rank", "created_at", "id")


def of_account(viewer: Viewer) -> QuerySet[Finding]:
    """This will return the standing findings of every account the viewer may see; for clients the released ones."""
    return _among(viewer)


def _among(viewer: Viewer) -> QuerySet[Finding]:
    allowed = STANDING if viewer.is_staff else FOR_CLIENTS
    rows = Finding.objects.visible_to(viewer).filter(allowed)
    return rows.annotate(rank=WORST_FIRST).order_by("rank", "-assessment__submitted_at", "created_at", "id")


def with_actions(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """This will read the run of findings along with them and, in one query more, their actions and whose they are."""
    actions = FindingAction.objects.select_related("owner").defer("owner__password").order_by("created_at", "id")
    rows = rows.select_related("created_by", "assessment__version").defer(
        "assessment__version__document", "assessment__progress", "created_by__password"
    )
    return rows.prefetch_related(Prefetch("actions", queryset=actions))


# As pages show them


@dataclass(frozen=True, slots=True)
class Since:
    """Since when a weakness is known: the run it was first found in without a break, and how the last one ended.

    `times` counts this run as well; `ended_as` is the state it was left in the run before.
    """

    first: datetime.datetime
    times: int
    ended_as: str

    @property
    def is_back(self) -> bool:
        """This will say whether it was called resolved, and yet is there again."""
        return self.ended_as == FindingState.RESOLVED


@dataclass(frozen=True, slots=True)
class Remedy:
    """One action as pages show it. `may_move`: whether the viewer may say how far it is."""

    action: FindingAction
    owner: str
    is_mine: bool
    may_move: bool

    @property
    def is_finished(self) -> bool:
        return self.action.state not in UNFINISHED

    @property
    def is_overdue(self) -> bool:
        due = self.action.due_on
        return due is not None and not self.is_finished and due < timezone.localdate()

    @property
    def tone(self) -> str:
        return ACTION_TONES[self.action.state]

    @property
    def icon(self) -> str:
        return ACTION_ICONS[self.action.state]


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding as pages show it: `area` names the section it belongs to, `question` what was asked, for
    staff."""

    finding: Finding
    area: str
    question: str
    text: SafeString
    label: str
    tone: str
    since: Since | None
    remedies: list[Remedy] = field(default_factory=list)

    @property
    def state_tone(self) -> str:
        return STATE_TONES[self.finding.state]

    @property
    def state_icon(self) -> str:
        return STATE_ICONS[self.finding.state]

    @property
    def is_open(self) -> bool:
        return self.finding.state == FindingState.OPEN

    @property
    def is_by_hand(self) -> bool:
        return not self.finding.source

    @property
    def may_be_deleted(self) -> bool:
        """This will say whether it was written by hand and nothing hangs on it."""
        return self.is_by_hand and not self.remedies

    @property
    def finished(self) -> int:
        return sum(remedy.is_finished for remedy in self.remedies)


def shown(viewer: Viewer, rows: Iterable[Finding], known: Mapping[uuid.UUID, Since] | None = None) -> list[Shown]:
    """This will make findings read `with_actions` ready for a page, with since when they are known."""
    return [_shown(viewer, row, document_of(row.assessment.version), (known or {}).get(row.pk)) for row in rows]


def _shown(viewer: Viewer, row: Finding, document: DefinitionDocument, since: Since | None) -> Shown:
    question = document.question(row.question_key) if row.question_key else None
    place = document.places.sections.get(row.section_key)
    return Shown(
        finding=row,
        area=place[0].name if place else "",
        # How a question was answered stays with who took part (decision D6): a client reads what was found.
        question=question.text if question and viewer.is_staff and shortened(question.text) != row.title else "",
        text=markdown.render(row.text),
        label=str(SEVERITIES[row.severity]),
        tone=TONES[row.severity],
        since=since,
        remedies=[remedy_of(viewer, action) for action in row.actions.all()],
    )


def remedy_of(viewer: Viewer, action: FindingAction) -> Remedy:
    """This will make an action ready for a page. Its `owner` is read with it."""
    person = viewer.person
    return Remedy(
        action=action,
        owner=action.owner.name if action.owner else action.owner_name,
        is_mine=person is not None and action.owner_id == person.pk,
        may_move=may_move(viewer, action) and not viewer.is_read_only,
    )


def may_move(viewer: Viewer, action: FindingAction) -> bool:
    """This will say whether the viewer may say how far an action is: staff; of the client its owner, or a Company Admin."""
    if viewer.can(Can.RELEASE_RESULTS):
        return True
    if not viewer.can(Can.VIEW_RESULTS):
        return False
    person = viewer.person
    # What a Company Admin has and nobody else of the client: seeing every colleague.
    return viewer.can(Can.VIEW_COLLEAGUES) or (person is not None and action.owner_id == person.pk)


def known_since(
    viewer: Viewer, rows: Iterable[Finding], runs: Iterable[Assessment] | None = None
) -> dict[uuid.UUID, Since]:
    """This will find which findings were found before, in released runs of the same definition before theirs.

    The same band is meant or, in another version, a band of the same question or score under the same title. The rows
    are read with their assessment; asks two queries, however many runs they are of, one where their `runs` are known.
    """
    wanted = [row for row in rows if row.source and row.assessment.submitted_at]
    if not wanted:
        return {}
    if runs is None:
        runs = _runs_of({(row.account_id, row.assessment.definition_id) for row in wanted}, viewer)
    runs = list(runs)
    alike = Q(source__in={row.source for row in wanted}) | Q(title__in={row.title for row in wanted})
    found: dict[uuid.UUID, list[Mapping[str, Any]]] = {}
    of_runs = _among(viewer).filter(alike, assessment__in=[run.pk for run in runs]).exclude(source="").order_by()
    for one in of_runs.values("assessment_id", "source", "title", "state"):
        found.setdefault(one["assessment_id"], []).append(one)
    return {row.pk: since for row in wanted if (since := _since(row, runs, found)) is not None}


def _runs_of(pairs: set[tuple[uuid.UUID, uuid.UUID]], viewer: Viewer) -> QuerySet[Assessment]:
    released = Assessment.objects.visible_to(viewer).filter(status=Status.CLOSED, released_at__isnull=False)
    of_these = released.filter(account__in={pair[0] for pair in pairs}, definition__in={pair[1] for pair in pairs})
    return of_these.only("pk", "account", "definition", "version", "submitted_at").order_by("-submitted_at", "-id")[
        :500
    ]


def _since(row: Finding, runs: list[Assessment], found: Mapping[uuid.UUID, list[Mapping[str, Any]]]) -> Since | None:
    this, first, times, ended_as = row.assessment, None, 1, ""
    for run in runs:
        is_before = run.submitted_at and this.submitted_at and run.submitted_at < this.submitted_at
        if not is_before or (run.account_id, run.definition_id) != (this.account_id, this.definition_id):
            continue
        same = next((one for one in found.get(run.pk, ()) if _is_same(row, run, one)), None)
        if same is None:
            break
        first, times, ended_as = run.submitted_at, times + 1, ended_as or same["state"]
    return Since(first, times, ended_as) if first else None


def _is_same(row: Finding, run: Assessment, one: Mapping[str, Any]) -> bool:
    if run.version_id == row.assessment.version_id:
        return one["source"] == row.source
    return _named(one["source"]) == _named(row.source) and one["title"] == row.title


def _named(source: str) -> str:
    """The question or score of a source, without the place of its band."""
    return source.rpartition(":")[0]
