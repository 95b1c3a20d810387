"""Questions sent back: staff ask about one answer, who gave it replies and may change that one answer."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments import notices
from assessments.models import Answer, Assessment, Clarification, ClarificationMessage, Respondent, Status
from library.versions import document_of

from . import answers
from .assessments import WrongStatus, locked
from .results import recompute
from .reviews import asked

LENGTH = 5_000


class NothingSaid(Exception):
    """A question needs words."""


class TooLong(Exception):
    """The text has more characters than a message may have."""


class Resolved(Exception):
    """The question was settled meanwhile: nothing more is taken."""


@transaction.atomic
def ask(*, by: Viewer, assessment: Assessment, question_key: str, text: str) -> Clarification:
    """This will ask who gave an answer about it, or say more where a question about it is open already.

    Raises WrongStatus when the run is closed, UnknownQuestion, NothingSaid, TooLong.
    """
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = locked(assessment)
    if assessment.status == Status.CLOSED:
        raise WrongStatus(assessment)
    asked(assessment, document_of(assessment.version), question_key)
    text = _words(text)
    if not text:
        raise NothingSaid
    clarification, is_new = Clarification.objects.get_or_create(
        assessment=assessment,
        question_key=question_key,
        resolved_at=None,
        defaults={
            "organization": by.organization,
            "account_id": assessment.account_id,
            "asked_of": respondent_of(assessment, question_key),
            "opened_by": by.user,
        },
    )
    notices.clarification_asked(by, _say(by, clarification, text))
    # What is said now waits for a reply again.
    Clarification.objects.filter(pk=clarification.pk).update(replied_at=None)
    _move(assessment)
    if is_new:
        audit.record(by, "clarification.asked", assessment, assessment.account, question=question_key)
    return clarification


@transaction.atomic
def reply(
    *, by: Viewer, clarification: Clarification, text: str, change: bool = False, state: str = "", raw: Any = None,
    comment: str | None = None, seen_revision: int = 0,
) -> answers.Saved | None:  # fmt: skip
    """This will add the respondent's words, and with `change` save that one answer anew, also while the run is in review.

    A result that is there already is made anew. Returns what `answers.save` says; with its `conflict` nothing is stored
    of the reply either. Raises PermissionDenied for who was not asked, Resolved, WrongStatus, NothingSaid, TooLong, and
    what `answers.save` raises.
    """
    by.require_on(Can.ANSWER_ASSESSMENTS, clarification.account)
    assessment = locked(clarification.assessment)
    clarification = Clarification.objects.select_for_update().get(pk=clarification.pk)
    if not is_asked(by, clarification):
        raise PermissionDenied("somebody else was asked")
    if clarification.resolved_at is not None:
        raise Resolved
    if assessment.status == Status.CLOSED:
        raise WrongStatus(assessment)
    text, saved = _words(text), None
    # What several people gave alone is nobody's to change afterwards.
    if change and not assessment.is_independent:
        saved = answers.save(
            by=by,
            assessment=assessment,
            question_key=clarification.question_key,
            state=state,
            raw=raw,
            comment=comment,
            seen_revision=seen_revision,
            clarification=clarification,
        )
        if saved.conflict:
            return saved
        if assessment.status == Status.RESULTS_REVIEW:
            recompute(by, assessment, document_of(assessment.version))
    if not text and (saved is None or saved.revision == seen_revision):
        raise NothingSaid
    notices.clarification_replied(by, _say(by, clarification, text or _("I changed the answer.")))
    clarification.replied_at = timezone.now()
    clarification.save(update_fields=["replied_at"])
    _move(assessment)
    audit.record(
        by, "clarification.replied", assessment, assessment.account, question=clarification.question_key,
        changed=saved is not None and saved.revision != seen_revision,
    )  # fmt: skip
    return saved


@transaction.atomic
def resolve(*, by: Viewer, clarification: Clarification) -> bool:
    """This will settle a question: nothing more is taken. Done once; False when it was settled already."""
    by.require_on(Can.RELEASE_RESULTS, clarification.account)
    open_ones = Clarification.objects.filter(pk=clarification.pk, resolved_at=None)
    if not open_ones.update(resolved_at=timezone.now(), resolved_by=by.user):
        return False
    run = clarification.assessment
    _move(run)
    audit.record(by, "clarification.resolved", run, clarification.account, question=clarification.question_key)
    return True


def is_asked(by: Viewer, clarification: Clarification) -> bool:
    """This will say whether a client or guest is the one the question goes to; every client is, where nobody is known."""
    asked_of = clarification.asked_of
    if by.guest:
        return asked_of is not None and asked_of.pk == by.guest.key
    if asked_of is None:
        return True
    return by.person is not None and asked_of.user_id == by.person.pk


def respondent_of(assessment: Assessment, question_key: str) -> Respondent | None:
    """This will find who gave the answer that stands, among the run's respondents; None where that is not known."""
    answer = Answer.objects.filter(assessment=assessment, question_key=question_key, respondent=None).first()
    if answer is None or answer.on_behalf:
        return None
    people = Respondent.objects.filter(assessment=assessment)
    if answer.guest_id:
        return people.filter(pk=answer.guest_id).first()
    return people.filter(user=answer.answered_by_id).first() if answer.answered_by_id else None


def _say(by: Viewer, clarification: Clarification, text: str) -> ClarificationMessage:
    return ClarificationMessage.objects.create(
        organization=by.organization,
        account_id=clarification.account_id,
        clarification=clarification,
        author=by.user,
        guest_id=by.guest.key if by.guest else None,
        is_staff=by.is_staff,
        text=text,
    )


def _words(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > LENGTH:
        raise TooLong
    return text


def _move(assessment: Assessment) -> None:
    # Pages that follow the run look again once it has moved.
    Assessment.objects.filter(pk=assessment.pk).update(updated_at=timezone.now())
