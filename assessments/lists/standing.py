"""Where an account stands with a definition, and what its people can do next with a run."""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Case, F, Q, Value, When
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import OPEN, Assessment, Mode, Respondent
from portal.web import addresses

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
    return {run.definition_id: run for run in as_answered_by(viewer, runs.select_related("definition"))}


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
    return Q(status__in=OPEN) & (Q(due_on__isnull=False) | Q(created_by_client=False)) & concerns(viewer)


def concerns(viewer: Viewer) -> Q:
    """This will match runs the viewer is part of: those answered together, and of those answered alone the ones that
    wait for this very person."""
    asked = Respondent.objects.visible_to(viewer).filter(user=viewer.person).answering()
    return ~Q(mode=Mode.INDEPENDENT) | Q(pk__in=asked.values("assessment") if viewer.person else [])


def as_answered_by(viewer: Viewer, runs: Iterable[Assessment]) -> list[Assessment]:
    """This will put into runs answered alone how far the viewer is, in place of the sum over everybody.

    One query where there is such a run. Who has not begun has all questions of the definition before them.
    """
    runs = list(runs)
    alone = {run.pk: run for run in runs if run.is_independent and run.is_open}
    if not alone:
        return runs
    own = (
        Respondent.objects.visible_to(viewer).filter(assessment__in=alone, user=viewer.person) if viewer.person else ()
    )
    rows = {row.assessment_id: row for row in own}
    for pk, run in alone.items():
        row = rows.get(pk)
        run.answered_count = row.answered_count if row else 0
        run.question_count = (row.question_count if row else 0) or run.definition.question_count
        run.progress = row.progress if row else {}
    return runs
