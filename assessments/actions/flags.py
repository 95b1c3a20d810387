"""Keeping a question for later: a person's own note, seen by nobody else."""

from django.db import transaction

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.answering.answer_sets import Seat
from assessments.models import Assessment, Respondent

from . import answers


@transaction.atomic
def flag(*, by: Viewer, assessment: Assessment, question_key: str, is_on: bool) -> Seat:
    """This will keep a question for later, or take that back, and return the viewer's seat as it is now.

    Raises WrongStatus when answering is over, NotAsked for a question this person is not asked. Nothing of it is audited:
    it says nothing about the run.
    """
    by.require_on(Can.ANSWER_ASSESSMENTS, assessment.account)
    seat, _question = answers.seat_at(by, assessment, question_key)
    seat = answers.seated(by, seat)
    if seat.own is None:
        return seat
    own = Respondent.objects.select_for_update().get(pk=seat.own.pk, account_id=assessment.account_id)
    kept = [key for key in own.flagged if key != question_key] + ([question_key] if is_on else [])
    if kept != own.flagged:
        Respondent.objects.filter(pk=own.pk).update(flagged=kept)
    seat.own.flagged = kept
    return seat


def can_flag(viewer: Viewer) -> bool:
    """This will say whether the viewer has something to keep a note of: who only looks has not."""
    return not viewer.is_read_only and not viewer.is_staff
