"""The assessments of one account as staff follow them: saved views, figures, and the rows of one page."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer

from . import attention
from .models import OPEN, Assessment, Respondent, Status

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


@dataclass(frozen=True)
class Filter:
    """Which assessments, in which order, as the page's address says it; what an address cannot mean is left out."""

    view: str = "all"
    group: str = ""
    words: str = ""
    order: str = "-updated"

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `view`, `group` (an id), `q` and `sort`."""
        view, order = query.get("view", ""), query.get("sort", "")
        return cls(
            view if view in VIEWS else "all",
            _id(query.get("group", "")),
            query.get("q", "").replace("\x00", "").strip()[:100],
            order if order in ORDERS else "-updated",
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether anything is left out because of the filter."""
        return bool(self.words or self.group or self.view != "all")


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
    score: int | None
    waits: bool
    overdue: bool
    updated_at: datetime


def assessments_of(viewer: Viewer, chosen: Filter) -> QuerySet[Assessment]:
    """This will return the assessments of the viewer's account that pass the filter, ordered, with what a row shows."""
    found = Assessment.objects.visible_to(viewer).filter(_conditions()[chosen.view])
    if chosen.words:
        found = found.matching(chosen.words)
    if chosen.group:
        found = found.filter(definition__group_id=chosen.group)
    details = found.select_related("definition__group", "result")
    return details.defer("progress", "result__sheet", "definition__summary").order_by(*ORDERS[chosen.order])


def counts(viewer: Viewer) -> dict[str, int]:
    """This will count the assessments of each saved view, in one query: {view: count}."""
    return Assessment.objects.visible_to(viewer).aggregate(
        **{view: Count("id", filter=condition) for view, condition in _conditions().items()}
    )


def rows(viewer: Viewer, assessments: Sequence[Assessment]) -> list[Row]:
    """This will gather what the table shows of these assessments, in one more query whatever their number."""
    faces = _faces(viewer, [assessment.id for assessment in assessments])
    return [_row(assessment, faces.get(assessment.id, [])) for assessment in assessments]


def table(viewer: Viewer, chosen: Filter) -> Iterator[list[Any]]:
    """This will yield every assessment that passes the filter as plain cells, for a file."""
    for row in rows(viewer, list(assessments_of(viewer, chosen))):
        one = row.assessment
        yield [
            one.name, row.group, status_word(row.status), row.done, row.asked, ", ".join(face.name for face in row.faces),
            row.score, one.due_on, one.created_at, row.updated_at,
        ]  # fmt: skip


def table_head() -> list[str]:
    """This will name the columns of `table`."""
    return [
        _("Assessment"), _("Group"), _("Status"), _("Answered"), _("Questions"), _("Respondents"),
        _("Score, percent"), _("Due"), _("Created"), _("Updated"),
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
    found: dict[uuid.UUID, list[Face]] = {}
    respondents = (
        Respondent.objects.visible_to(viewer)
        .filter(assessment_id__in=assessment_ids)
        .select_related("user")
        .order_by("created_at")
    )
    for respondent in respondents:
        found.setdefault(respondent.assessment_id, []).append(Face(respondent.user.initials, str(respondent.user)))
    return found


def _row(assessment: Assessment, faces: list[Face]) -> Row:
    result = getattr(assessment, "result", None)
    scored = result is not None and result.percent is not None and not assessment.is_open
    return Row(
        assessment=assessment,
        url=reverse("staff:assessment", args=[assessment.account_id, assessment.id]),
        group=assessment.definition.group.name if assessment.definition.group else "",
        status=assessment.shown_status,
        done=assessment.answered_count,
        asked=assessment.question_count,
        faces=faces,
        more_faces=max(0, len(faces) - FACES),
        score=round(result.percent) if scored else None,
        waits=attention.is_not_started_too_long(assessment),
        overdue=attention.is_overdue(assessment),
        updated_at=assessment.updated_at,
    )


def _id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""
