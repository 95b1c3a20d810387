"""Which steps a run offers to somebody now, for the head of its pages; and what still waits before its release."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Answer, AnswerState, Assessment, Clarification, Status
from assessments.review import verdicts


@dataclass(frozen=True, slots=True)
class Offered:
    """One step: `is_primary` is a button of its own, the others stand in the menu. A `post` one asks nothing first."""

    label: str
    url: str
    icon: str
    is_primary: bool = False
    is_post: bool = False
    is_danger: bool = False


def offered(viewer: Viewer, run: Assessment) -> list[Offered]:
    """This will list the steps, the main one first."""

    def url(name: str) -> str:
        return reverse(name, args=[run.account_id, run.pk])

    steps = []
    decides, sets_up = viewer.can(Can.RELEASE_RESULTS), viewer.can(Can.CREATE_ASSESSMENTS)
    if decides and run.status == Status.RESULTS_REVIEW:
        steps.append(Offered(_("Release results"), url("staff:release"), "send", is_primary=True))
    if viewer.can(Can.ANSWER_ON_BEHALF) and run.is_open and run.answered_count and not run.is_independent:
        steps.append(Offered(_("Submit for the client"), url("staff:run_submission"), "send"))
    if sets_up and run.status != Status.CLOSED:
        steps.append(Offered(_("Edit set-up"), url("staff:run_setup"), "settings"))
    if sets_up:
        steps.append(Offered(_("Repeat"), url("staff:campaign_new"), "refresh"))
    if decides and not run.is_open:
        steps.append(Offered(_("Reopen for answers"), url("staff:reopening"), "restore"))
    if decides and run.status != Status.CLOSED:
        steps.append(Offered(_("Close without results"), url("staff:closing"), "circle-x"))
    if viewer.can(Can.DELETE_ASSESSMENTS):
        steps.append(Offered(_("Delete"), url("staff:deletion"), "trash", is_post=True, is_danger=True))
    return steps


def waiting_answers(viewer: Viewer, run: Assessment) -> dict[str, Any]:
    """This will count what nobody has looked at, and the questions sent back that are open: three queries."""
    reviews, revisions = verdicts.reviews_of(run), verdicts.revisions_of(run)
    hidden = set(run.progress.get("hidden", ()))
    given = Answer.objects.visible_to(viewer).filter(assessment=run, respondent=None).exclude(state=AnswerState.CLEARED)
    keys = [key for key in given.values_list("question_key", flat=True) if key not in hidden]
    waiting = [key for key in keys if key not in reviews or verdicts.is_outdated(reviews[key], revisions)]
    asked = Clarification.objects.visible_to(viewer).filter(assessment=run, resolved_at=None)
    return {"not_looked_at": len(waiting), "is_reviewed": bool(reviews), "asked": asked.count()}
