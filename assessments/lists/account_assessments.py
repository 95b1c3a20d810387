"""The assessments of one account as staff follow them: saved views, figures, and the rows of one page."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import grants
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.lists import attention
from assessments.models import OPEN, Assessment, Respondent, Status
from library import references
from library.models import LibraryEntry
from library.versions import document_of
from portal.web import addresses
from portal.web.charts import sparkline
from portal.web.figures import number, signed
from portal.web.ids import uuid_in

VIEWS: dict[str, Any] = {
    "all": gettext_lazy("All"),
    "attention": gettext_lazy("Needs attention"),
    "not_started": gettext_lazy("Not started"),
    "in_progress": gettext_lazy("In progress"),
    "results_review": gettext_lazy("Results review"),
    "closed": gettext_lazy("Closed"),
}
ORDERS = {
    "-updated": ("-updated_at", "-id"),
    "updated": ("updated_at", "id"),
    "name": ("name", "id"),
    "-name": ("-name", "id"),
}
FACES = 3
RUNS_IN_TREND = 12


@dataclass(frozen=True)
class Filter:
    """Which assessments, in which order, as the page's address says it; what an address cannot mean is left out.

    `in_accounts` finds the words in the names of accounts as well, for a list of several accounts.
    """

    view: str = "all"
    group: str = ""
    words: str = ""
    order: str = "-updated"
    in_accounts: bool = False

    @classmethod
    def of_query(cls, query: Mapping[str, str], in_accounts: bool = False) -> "Filter":
        """This will read `view`, `group` (an id), `q` and `sort`."""
        view, order = query.get("view", ""), query.get("sort", "")
        return cls(
            view if view in VIEWS else "all",
            str(uuid_in(query.get("group", "")) or ""),
            query.get("q", "").replace("\x00", "").strip()[:100],
            order if order in ORDERS else "-updated",
            in_accounts,
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether anything is left out because of the filter."""
        return bool(self.words or self.group or self.view != "all")


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest released score with its unit, what it gained on the run before, and how it stands to a figure."""

    title: str
    score: str
    score_of: str
    change: str = ""
    direction: str = "flat"
    trend: str = ""
    against: str = ""
    reference: str = ""
    reference_short: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """One respondent: initials for the circle, the name for its tooltip and screen readers."""

    initials: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One assessment in the table. `done` of `asked` questions are answered; `waits` marks what nobody started in time."""

    assessment: Assessment
    url: str
    group: str
    status: str
    done: int
    asked: int
    faces: Sequence[Face]
    more_faces: int
    score: str
    score_of: str
    waits: bool
    overdue: bool
    updated_at: datetime


def assessments_of(viewer: Viewer, chosen: Filter) -> QuerySet[Assessment]:
    """This will return the assessments the viewer follows that pass the filter, ordered, with what a row shows: on an
    account's page those of the account, elsewhere those of all accounts followed, with their account."""
    found = followed(viewer).filter(_conditions()[chosen.view])
    if chosen.words and chosen.in_accounts:
        for word in chosen.words.split()[:8]:
            found = found.filter(Q(name__icontains=word) | Q(account__name__icontains=word))
    elif chosen.words:
        found = found.matching(chosen.words)
    if chosen.group:
        found = found.filter(definition__group_id=chosen.group)
    related = ("definition__group", "account") if chosen.in_accounts else ("definition__group",)
    answering = Respondent.objects.filter(assessment=OuterRef("pk")).order_by()
    people = Coalesce(Subquery(answering.values("assessment").annotate(count=Count("pk")).values("count")), 0)
    details = found.select_related(*related).annotate(**_RESULT, people=people)
    return details.defer("progress", "definition__summary").order_by(*ORDERS[chosen.order])


def followed(viewer: Viewer) -> QuerySet[Assessment]:
    """This will return the assessments whose answers the viewer may follow: a Technician's accounts are not among them."""
    found = Assessment.objects.visible_to(viewer)
    if viewer.account is not None or viewer.sees_every_account or viewer.user is None:
        return found
    return found.filter(account_id__in=grants.account_ids_where(viewer.user, Can.FOLLOW_ANSWERS))


def counts(viewer: Viewer) -> dict[str, int]:
    """This will count the assessments of each saved view, in one query: {view: count}."""
    return followed(viewer).aggregate(
        **{view: Count("id", filter=condition) for view, condition in _conditions().items()}
    )


def standing_of(viewer: Viewer) -> Standing | None:
    """This will read the latest released score of the viewer's account and the runs before it, in one query (and one
    more for a definition this process has not met). None when no score was released."""
    runs = list(
        Assessment.objects.visible_to(viewer)
        .filter(status=Status.CLOSED, released_at__isnull=False, result__score__isnull=False)
        .select_related("version", "account")
        .defer("version__document", "progress")
        .annotate(**_RESULT)
        .order_by("-released_at", "-id")[:RUNS_IN_TREND]
    )
    if not runs:
        return None
    latest, decimals = runs[0], _decimals(runs[0])
    same = [run for run in runs if run.definition_id == latest.definition_id]
    scores = [run.score for run in same]
    # A run of another version asked other questions: its score is no measure of what changed.
    comparable = len(same) > 1 and same[1].version_id == latest.version_id
    gained = round(scores[0], decimals) - round(scores[1], decimals) if comparable else None
    reference = _reference(latest)
    return Standing(
        title=latest.name,
        score=number(latest.score, decimals),
        score_of=_ceiling(latest),
        change=number(abs(gained), decimals) if gained is not None else "",
        direction="flat" if not gained else "up" if gained > 0 else "down",
        trend=_trend(scores[::-1], decimals),
        against=signed(round(latest.score, decimals) - round(reference.value, decimals), decimals) if reference else "",
        reference=f"{reference.label}, n = {reference.n}: {reference.source}" if reference else "",
        reference_short=_("Reference %(value)s") % {"value": number(reference.value, decimals)} if reference else "",
    )


def unlaunched(viewer: Viewer) -> QuerySet[LibraryEntry]:
    """This will return what stands in the account's Library and was never launched, the latest first."""
    runs = Assessment.objects.visible_to(viewer).filter(definition_id=OuterRef("definition_id"))
    entries = LibraryEntry.objects.visible_to(viewer).filter(~Exists(runs), definition__deprecated_at__isnull=True)
    return entries.select_related("definition__group").order_by("-created_at", "-id")


def rows(viewer: Viewer, assessments: Sequence[Assessment]) -> list[Row]:
    """This will gather what the table shows of these assessments, in one more query whatever their number."""
    faces = _faces(viewer, [assessment.id for assessment in assessments])
    url = addresses.of_each_in_account("staff:assessment")
    return [
        _row(assessment, url(assessment.account_id, assessment.id), faces.get(assessment.id, []))
        for assessment in assessments
    ]


def table(viewer: Viewer, chosen: Filter) -> Iterator[list[Any]]:
    """This will yield every assessment that passes the filter as plain cells, for a file."""
    for row in rows(viewer, list(assessments_of(viewer, chosen))):
        one = row.assessment
        account = [one.account.name] if chosen.in_accounts else []
        yield [
            *account, one.name, row.group, status_word(row.status), row.done, row.asked, _names(row),
            one.score if row.score else None, one.due_on, one.created_at, row.updated_at,
        ]  # fmt: skip


def _names(row: Row) -> str:
    names = ", ".join(face.name for face in row.faces)
    return f"{names} +{row.more_faces}" if row.more_faces else names


def table_head(in_accounts: bool = False) -> list[str]:
    """This will name the columns of `table`."""
    return [
        *([_("Account")] if in_accounts else []), _("Assessment"), _("Group"), _("Status"), _("Answered"), _("Questions"), _("Respondents"),
        _("Score"), _("Due"), _("Created"), _("Updated"),
    ]  # fmt: skip


def status_word(status: str) -> str:
    """This will return the status as staff read it, with Not started among the words."""
    return _("Not started") if status == "not_started" else str(Status(status).label)


def _conditions() -> dict[str, Q]:
    return {
        "all": Q(),
        "attention": attention.needed(),
        "not_started": Q(status__in=OPEN, answered_count=0),
        "in_progress": Q(status__in=OPEN, answered_count__gt=0),
        "results_review": attention.to_review(),
        "closed": Q(status=Status.CLOSED),
    }


def _faces(viewer: Viewer, assessment_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Face]]:
    """Of a run answered by hundreds, the first few are enough: the rest is a number (`_row`)."""
    found: dict[uuid.UUID, list[Face]] = {}
    place = Window(RowNumber(), partition_by=F("assessment"), order_by=(F("created_at"), F("id")))
    respondents = (
        Respondent.objects.visible_to(viewer)
        .filter(assessment_id__in=assessment_ids)
        .annotate(place=place)
        .filter(place__lte=FACES)
        .select_related("user")
        .order_by("created_at", "id")
    )
    for respondent in respondents:
        found.setdefault(respondent.assessment_id, []).append(_face(respondent))
    return found


def _face(respondent: Respondent) -> Face:
    name = respondent.shown_name
    words = name.split() or ["?"]
    return Face("".join(word[0] for word in (words[0], *words[1:][-1:])).upper(), name)


def _row(assessment: Any, url: str, faces: list[Face]) -> Row:
    scored = assessment.score is not None and not assessment.is_open
    return Row(
        assessment=assessment,
        url=url,
        group=assessment.definition.group.name if assessment.definition.group else "",
        status=assessment.shown_status,
        done=assessment.answered_count,
        asked=assessment.question_count,
        faces=faces,
        more_faces=max(0, assessment.people - len(faces)),
        score=number(assessment.score, _decimals(assessment)) if scored else "",
        score_of=_ceiling(assessment) if scored else "",
        waits=attention.is_not_started_too_long(assessment),
        overdue=attention.is_overdue(assessment),
        updated_at=assessment.updated_at,
    )


# Of a result only what a row shows: a sheet holds every score of the definition.
_RESULT = {"score": F("result__score"), "scale": F("result__sheet__scale")}


def _decimals(run: Any) -> int:
    return (run.scale or {}).get("decimals", 0)


def _ceiling(run: Any) -> str:
    return number((run.scale or {}).get("max", 100))


def _trend(scores: Sequence[float], decimals: int) -> str:
    return sparkline(scores, label=_("Score over time"), width=84, decimals=decimals) if len(scores) > 1 else ""


def _reference(run: Any) -> Any:
    document = document_of(run.version)
    return references.for_score(document, document.scoring.overall, run.account.industry) if document.scoring else None
