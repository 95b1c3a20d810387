"""Where an account stands with a definition, and what its people can do next with a run."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import BooleanField, Case, F, Q, Value, When
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.viewer import Viewer
from portal.web import addresses

from .models import OPEN, Assessment

IS_OPEN = Case(When(status__in=OPEN, then=Value(True)), default=Value(False), output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class Step:
    """What the button of a run says and where it leads; `is_primary` when it is under way."""

    label: str
    url: str
    is_primary: bool


def current_runs(viewer: Viewer, definition_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Assessment]:
    """This will return, in one query, the run that says how the account stands with each definition: the open one saved
    last, else the last one. Each has `score`, `tone` and `scale` of its result (None without one)."""
    runs = (
        Assessment.objects.visible_to(viewer)
        .filter(definition__in=definition_ids)
        .annotate(running=IS_OPEN, score=F("result__score"), tone=F("result__tone"), scale=F("result__sheet__scale"))
        .order_by("definition_id", "-running", "-updated_at", "-id")
        .distinct("definition_id")
    )
    return {run.definition_id: run for run in runs}


def next_steps(viewer: Viewer) -> Callable[[Assessment], Step | None]:
    """This will return the function from a run of the viewer's account to its next step, None where there is none.

    The function looks up no address and asks no query: it is for rows.
    """
    account_id = viewer.account.id if viewer.account else None
    take, results = addresses.of_each("client:take", account_id), addresses.of_each("client:results", account_id)
    submitted = addresses.of_each("client:submitted", account_id)
    may_answer, may_see = viewer.can(Can.ANSWER_ASSESSMENTS), viewer.can(Can.VIEW_RESULTS)
    start, resume, status, view = _("Start"), _("Continue"), _("View status"), _("View results")

    def step(run: Assessment) -> Step | None:
        if run.is_released:
            return Step(view, results(run.id), False) if may_see else None
        if not may_answer:
            return None
        if run.is_open:
            return Step(resume if run.answered_count else start, take(run.id), run.answered_count > 0)
        return Step(status, submitted(run.id), False)

    return step


def waits_for_client(viewer: Viewer) -> Q:
    """This will match open runs somebody gave this account or set a day for; nothing for who may not answer."""
    if not viewer.can(Can.ANSWER_ASSESSMENTS):
        return Q(pk__in=[])
    return Q(status__in=OPEN) & (Q(due_on__isnull=False) | Q(created_by_client=False))
