"""The campaigns of an account: what comes back, when, and the runs it has had."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.viewer import Viewer
from assessments.models import Assessment, Campaign

RUNS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One campaign with its runs, the latest first. `is_retired`: its definition can be launched no longer."""

    campaign: Campaign
    runs: Sequence[Assessment] = field(default_factory=list)
    is_retired: bool = False


def campaigns_of(viewer: Viewer) -> QuerySet[Campaign]:
    """This will return the campaigns of the page's account, those that go on first."""
    found: Any = Campaign.objects.visible_to(viewer).select_related("definition", "account", "created_by")
    return found.order_by("-ended_at", "next_on", "id")


def rows(viewer: Viewer, campaigns: Sequence[Campaign]) -> list[Row]:
    """This will gather the runs of campaigns, in one query whatever their number."""
    runs: dict[uuid.UUID | None, list[Assessment]] = {}
    found = Assessment.objects.visible_to(viewer).filter(campaign__in=[one.pk for one in campaigns])
    for run in found.defer("progress").order_by("-created_at", "-id"):
        runs.setdefault(run.campaign_id, []).append(run)
    return [Row(one, runs.get(one.pk, [])[:RUNS_SHOWN], _is_retired(one)) for one in campaigns]


def _is_retired(campaign: Campaign) -> bool:
    definition = campaign.definition
    return definition.deprecated_at is not None or definition.published_version_id is None or definition.is_part
