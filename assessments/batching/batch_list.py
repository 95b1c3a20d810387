"""The list of batches: how far each is, as far as the viewer follows its accounts."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from accounts.viewer import Viewer
from assessments.batching.batch_people import batches_of
from assessments.lists.account_assessments import followed
from assessments.models import OPEN, Batch, Respondent
from portal.web import addresses


@dataclass(frozen=True)
class Filter:
    """Which batches, as the address says it."""

    words: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `q`."""
        return cls(query.get("q", "").replace("\x00", "").strip()[:100])


@dataclass(frozen=True, slots=True)
class Row:
    """One batch. `accounts`, `people` and `done` count what the viewer follows; `account` is the name of the only one."""

    batch: Batch
    url: str
    accounts: int = 0
    account: str = ""
    people: int = 0
    done: int = 0
    closed: int = 0
    due_on: datetime.date | None = None

    @property
    def is_about_people(self) -> bool:
        return self.people > 0


def found_by(viewer: Viewer, chosen: Filter) -> QuerySet[Batch]:
    """This will return the batches that pass the filter, the latest first."""
    found = batches_of(viewer)
    for word in chosen.words.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(definition__name__icontains=word))
    return found.order_by("-created_at", "-id")


def rows(viewer: Viewer, batches: Sequence[Batch]) -> list[Row]:
    """This will count what stands in each batch, in two queries whatever their number."""
    ids = [batch.pk for batch in batches]
    runs = followed(viewer).filter(batch__in=ids).order_by()
    of_runs: dict[Any, Mapping[str, Any]] = {
        row["batch_id"]: row
        for row in runs.values("batch_id").annotate(
            accounts=Count("id"),
            account=Min("account__name"),
            closed=Count("id", filter=~Q(status__in=OPEN)),
            first=Min("due_on"),
            last=Max("due_on"),
        )
    }
    people = Respondent.objects.visible_to(viewer).filter(assessment__in=runs.values("pk")).order_by()
    done = Q(submitted_at__isnull=False) | Q(assessment__mode="shared") & ~Q(assessment__status__in=OPEN)
    of_people: dict[Any, Mapping[str, Any]] = {
        row["assessment__batch_id"]: row
        for row in people.values("assessment__batch_id").annotate(people=Count("id"), done=Count("id", filter=done))
    }
    url = addresses.of_each("staff:batch")
    found = []
    for batch in batches:
        counted, asked = of_runs.get(batch.pk, {}), of_people.get(batch.pk, {})
        found.append(
            Row(
                batch=batch,
                url=url(batch.pk),
                accounts=counted.get("accounts", 0),
                account=counted.get("account") or "" if counted.get("accounts") == 1 else "",
                people=asked.get("people", 0),
                done=asked.get("done", 0),
                closed=counted.get("closed", 0),
                due_on=counted.get("first") if counted.get("first") == counted.get("last") else None,
            )
        )
    return found
