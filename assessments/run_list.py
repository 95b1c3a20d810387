"""Your Assessments: the runs of one account, filtered and sorted as the address says, with everything a row shows."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.db.models.functions import Lower

from accounts import previews
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments import standing
from assessments.actions.assessments import is_set_up_by
from assessments.models import Assessment, Status
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
    """One run of the list. `edit_url` is "" for everybody but the client who created it."""

    run: Assessment
    step: standing.Step | None
    copy_path: str
    edit_url: str


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
    return runs.select_related("definition", "definition__group").defer(*wide).order_by(*_COLUMNS[chosen.order])


def rows(viewer: Viewer, runs: Iterable[Assessment]) -> list[Row]:
    """This will make the rows of runs already read. Links to copy lead into the portal, never into a preview."""
    next_step = standing.next_steps(viewer)
    account_id = viewer.account.id if viewer.account else None
    edit, take = addresses.of_each("client:edit_assessment", account_id), _links(account_id)
    may_edit = viewer.can(Can.LAUNCH_ASSESSMENTS)
    return [
        Row(
            run=run,
            step=next_step(run),
            copy_path=take(run.id) if run.is_open else "",
            edit_url=edit(run.id) if may_edit and is_set_up_by(viewer.person, run) else "",
        )
        for run in runs
    ]


def _links(account_id: uuid.UUID | None) -> Callable[[uuid.UUID], str]:
    take = addresses.of_each("client:take", account_id)
    return lambda run_id: previews.outside(take(run_id))
