"""Your Assessments: the runs of one account, filtered and sorted as the address says, with everything a row shows."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _

from accounts import previews
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.actions.assessments import is_set_up_by
from assessments.lists import standing
from assessments.models import Assessment, Respondent, Status
from assessments.review import threads
from library import cards
from portal.web import addresses

LATEST = "-updated"
SORTABLE = ("name", LATEST)
_COLUMNS = {
    LATEST: ("-updated_at", "-id"),
    "updated": ("updated_at", "id"),
    "name": (Lower("name"), "id"),
    "-name": (Lower("name").desc(), "-id"),
}


@dataclass(frozen=True)
class Filter:
    """What of the list is shown, as it stands in the address. Whatever is not understood is left out."""

    words: str = ""
    status: str = ""
    order: str = LATEST

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `q`, `status` and `sort`."""
        status, order = query.get("status", ""), query.get("sort", "")
        return cls(
            query.get("q", "").replace("\x00", "").strip()[:100],
            status if status in Status.values else "",
            order if order in _COLUMNS else LATEST,
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether the filter may leave something out."""
        return bool(self.words or self.status)


@dataclass(frozen=True, slots=True)
class Row:
    """One run of the list. `edit_url` is "" for everybody but the client who created it; `people` answer it."""

    run: Assessment
    people: int
    step: standing.Step | None
    copy_path: str
    edit_url: str
    # A question about an answer waits for this client's reply.
    is_asked: bool = False


@dataclass
class Tabs:
    """The two tabs and how many each holds; counted only where they are drawn."""

    viewer: Viewer

    @cached_property
    def yours(self) -> int:
        """This will count the account's runs."""
        return Assessment.objects.visible_to(self.viewer).count()

    @cached_property
    def available(self) -> int:
        """This will count what the organization offers."""
        return cards.available_to(self.viewer).count()

    @property
    def shows_available(self) -> bool:
        """This will say whether the viewer may browse what could be launched."""
        return self.viewer.can(Can.BROWSE_LIBRARY)


def runs_of(viewer: Viewer, chosen: Filter) -> QuerySet[Assessment]:
    """This will return the account's runs that pass the filter, ordered."""
    runs = Assessment.objects.visible_to(viewer).matching(chosen.words)
    if chosen.status:
        runs = runs.filter(status=chosen.status)
    wide = ("progress", "definition__summary")
    runs = runs.select_related("definition", "definition__group").defer(*wide)
    answering = Respondent.objects.visible_to(viewer).filter(assessment=OuterRef("pk")).order_by()
    counted = answering.values("assessment").annotate(count=Count("pk")).values("count")
    return runs.annotate(people=Coalesce(Subquery(counted), 0)).order_by(*_COLUMNS[chosen.order])


def rows(viewer: Viewer, runs: Iterable[Assessment]) -> list[Row]:
    """This will make the rows of runs already read. Links to copy lead into the portal, never into a preview."""
    next_step = standing.next_steps(viewer)
    account_id = viewer.account.id if viewer.account else None
    edit, take = addresses.of_each("client:edit_assessment", account_id), _links(account_id)
    may_edit = viewer.can(Can.LAUNCH_ASSESSMENTS)
    asked = threads.runs_waiting_for(viewer) if viewer.can(Can.ANSWER_ASSESSMENTS) else {}
    return [
        Row(
            run=run,
            people=run.people,  # type: ignore[attr-defined]
            step=standing.Step(_("Reply"), asked[run.id], True) if run.id in asked else next_step(run),
            is_asked=run.id in asked,
            copy_path=take(run.id) if run.is_open else "",
            edit_url=edit(run.id) if may_edit and is_set_up_by(viewer.person, run) else "",
        )
        for run in standing.as_answered_by(viewer, runs)
    ]


def table_head() -> list[str]:
    """This will name the columns of `table`."""
    return [
        _("Assessment"), _("Status"), _("Answered"), _("Questions"), _("Respondents"), _("Due"), _("Updated"), _("Score"),
    ]  # fmt: skip


def table(viewer: Viewer, chosen: Filter) -> Iterator[list[Any]]:
    """This will yield the runs that pass the filter as plain cells, for a file. A score is there once it is released."""
    may_see = viewer.can(Can.VIEW_RESULTS)
    for run in runs_of(viewer, chosen).annotate(score=F("result__score")):
        yield [
            run.name, str(Status(run.status).label), run.answered_count, run.question_count, run.people, run.due_on,
            run.updated_at, run.score if may_see and run.is_released else None,
        ]  # fmt: skip


def _links(account_id: uuid.UUID | None) -> Callable[[uuid.UUID], str]:
    take = addresses.of_each("client:take", account_id)
    return lambda run_id: previews.outside(take(run_id))
