"""The end of answering: one person's part, or the whole run; each exactly once."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, F, IntegerField, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer, system_viewer
from assessments import notices
from assessments.answering.answer_sets import Seat, seat_of
from assessments.answering.progress import Progress, measure
from assessments.answering.stored_answers import answers_of
from assessments.models import Assessment, Respondent, RespondentLink, Status, Upload
from library.versions import document_of

from .results import recompute
from .steps import AnswersMissing, WrongStatus, after, locked


@transaction.atomic
def submit(*, by: Viewer, assessment: Assessment) -> Assessment:
    """This will end the viewer's answering, exactly once.

    In a shared run somebody who is asked everything submits it for all: the result is computed, the run goes to review,
    or is released at the same moment where the definition gives instant results. Who was given some sections, and every
    guest, hands in a part and leaves the run to the others; so does everybody in an independent run. When nobody is
    left to answer, the run goes on by itself.

    Raises AnswersMissing, also when nothing at all is answered, WrongStatus when it was submitted already, and
    PermissionDenied for staff in an independent run, who end it by `combining.combine`.
    """
    by.require_on(Can.ANSWER_ON_BEHALF if by.is_staff else Can.ANSWER_ASSESSMENTS, assessment.account)
    assessment = locked(assessment)
    after(assessment, "submit")
    seat = seat_of(by, assessment)
    if by.is_staff and assessment.is_independent:
        raise PermissionDenied("each respondent submits their own answers")
    if seat.is_done or seat.is_stopped:
        raise WrongStatus(assessment)
    answered(seat)
    if not seat.submits_alone:
        return hand_to_review(by, assessment)
    _hand_in(by, seat)
    return _went_on(by, assessment)


def hand_to_review(by: Viewer, assessment: Assessment) -> Assessment:
    """This will end answering of a run, `locked` by the caller, and compute its result of its own set of answers; of one
    in review already it only computes the result anew."""
    document, now = document_of(assessment.version), timezone.now()
    ends = assessment.is_open
    assessment.updated_at = now
    if ends:
        assessment.status = after(assessment, "submit")
        assessment.submitted_at, assessment.submitted_by = now, by.user
        if document.instant_results:
            assessment.status, assessment.released_at = after(assessment, "release"), now
    assessment.save()
    recompute(by, assessment, document)
    if ends:
        Upload.objects.filter(assessment=assessment).removed().forget()
        audit.record(by, "assessment.submitted", assessment, assessment.account)
        notices.submitted(by, assessment)
        if assessment.status == Status.CLOSED:
            notices.released(by, assessment)
    return assessment


def answered(seat: Seat) -> Progress:
    """This will measure what somebody is asked. Raises AnswersMissing where required answers are missing, or all are.

    A guest of a shared run who was given no sections answers what they can: the rest is for those who go on.
    """
    progress = measure(document_of(seat.run.version), answers_of(seat.run, seat.set), seat.sections)
    helps_out = seat.is_guest and not seat.run.is_independent and not seat.sections
    if not progress.answered or progress.missing and not (helps_out and _goes_on_without(seat)):
        raise AnswersMissing(progress.missing or [progress.next_question])
    return progress


def recount(assessment: Assessment) -> None:
    """This will bring the counts of an independent run in line with its respondents', who were added, stopped, or given
    other sections: each has what they are asked, and the run the sum over all who are not stopped."""
    if not assessment.is_independent:
        return
    # In the order in which a save locks: the run before its respondents.
    Assessment.objects.select_for_update(of=("self",)).only("pk").get(pk=assessment.pk)
    rows = list(Respondent.objects.select_for_update().filter(assessment=assessment).order_by("pk"))
    empty = measure(document_of(assessment.version), {}).as_json()
    for row in rows:
        row.progress = row.progress or empty
        seat = Seat(assessment, row, row, tuple(row.sections))
        row.answered_count, row.question_count = seat.answered_count, seat.question_count
    Respondent.objects.bulk_update(rows, ["progress", "answered_count", "question_count"], batch_size=200)
    Assessment.objects.filter(pk=assessment.pk).update(**sums(assessment))
    assessment.refresh_from_db(fields=["answered_count", "question_count"])


def sums(assessment: Assessment) -> dict[str, Any]:
    """This will return the counts of an independent run as expressions for an update: the sums over all not stopped."""
    # Who has not answered yet may carry no count: it is that of the whole definition.
    at_first = measure(document_of(assessment.version), {}).asked
    asked = Case(When(question_count=0, then=Value(at_first)), default=F("question_count"), output_field=IntegerField())
    return {"answered_count": _sum_of(assessment, F("answered_count")), "question_count": _sum_of(assessment, asked)}


def _sum_of(assessment: Assessment, count: Any) -> Coalesce:
    going_on = Respondent.objects.filter(assessment=assessment.pk, stopped_at=None).order_by()
    total = going_on.values("assessment").annotate(total=Sum(count)).values("total")
    return Coalesce(Subquery(total), Value(0), output_field=IntegerField())


def _goes_on_without(seat: Seat) -> bool:
    others = Respondent.objects.filter(assessment=seat.run).answering().exclude(pk=seat.own.pk if seat.own else None)
    return others.exists() or _may_come(seat.run)


def _may_come(run: Assessment) -> bool:
    """Whether somebody can still come by a link for many."""
    return RespondentLink.objects.filter(assessment=run, respondent=None).usable().exists()


def _hand_in(by: Viewer, seat: Seat) -> None:
    run, own, now = seat.run, seat.own, timezone.now()
    if own is None:
        raise AnswersMissing([])
    waiting = Respondent.objects.filter(pk=own.pk, account_id=run.account_id).answering()
    if not waiting.update(submitted_at=now, last_seen_at=now):
        raise WrongStatus(run)
    Upload.objects.filter(assessment=run, respondent=seat.set, guest=own if seat.is_guest else None).removed().forget()
    Assessment.objects.filter(pk=run.pk).update(updated_at=now)
    run.updated_at = now
    audit.record(by, "respondent.submitted", own, run.account, assessment=run.name)
    _tell_of_threshold(by, run)


def _went_on(by: Viewer, run: Assessment) -> Assessment:
    """When everybody has handed in, and nobody else can come by a link for many, the run goes on by itself."""
    if Respondent.objects.filter(assessment=run).answering().exists() or _may_come(run):
        return run
    system = system_viewer(by.organization)
    if run.is_independent:
        from .combining import combine  # it hands to review, and so stands on this module

        return combine(by=system, assessment=run, how=run.combination)
    progress = measure(document_of(run.version), answers_of(run))
    return run if progress.missing else hand_to_review(system, run)


def _tell_of_threshold(by: Viewer, run: Assessment) -> None:
    """Once, with the person by whom the share of those done reaches what staff want to hear of."""
    people = Respondent.objects.filter(assessment=run, stopped_at=None)
    everybody, done = people.count(), people.exclude(submitted_at=None).count()
    wanted = run.notify_at_percent * everybody
    if run.notify_at_percent and (done - 1) * 100 < wanted <= done * 100:
        notices.threshold(by, run)
