"""The assessor's verdicts on answers; every one of them makes the result anew."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Answer, AnswerReview, AnswerState, Assessment, Status, Verdict
from library.answers import InvalidAnswer
from library.answers import answer as read_answer
from library.document import DefinitionDocument, Question
from library.versions import document_of

from .assessments import WrongStatus, locked
from .results import recompute

REASON_LENGTH = 2_000


class UnknownQuestion(Exception):
    """The version has no such question or section, or a condition keeps the question from being asked."""


class AnsweredSince(Exception):
    """The answer was changed after the assessor looked at it; the verdict would be about another one."""


class ReasonMissing(Exception):
    """Who does not count an answer as it was given says why."""


@transaction.atomic
def judge(
    *, by: Viewer, assessment: Assessment, question_key: str, verdict: str, seen_revision: int, state: str = "",
    raw: Any = None, reason: str = "",
) -> AnswerReview:  # fmt: skip
    """This will record what the assessor says about an answer and make the result anew.

    `seen_revision` is that of the answer looked at (0: none). With the verdict "changed", `state` and `raw` are the
    assessor's own answer. Raises WrongStatus unless the run is in review, UnknownQuestion, AnsweredSince, ReasonMissing,
    and InvalidAnswer with what is expected.
    """
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = in_review(assessment)
    document = document_of(assessment.version)
    question = asked(assessment, document, question_key)
    standing = Answer.objects.filter(assessment=assessment, question_key=question_key, respondent=None).first()
    if (standing.revision if standing else 0) != seen_revision:
        raise AnsweredSince
    reason = _words(reason)
    if verdict != Verdict.ACCEPTED and not reason:
        raise ReasonMissing
    said, value = _said(question, Verdict(verdict), standing, state, raw)
    review, _created = AnswerReview.objects.update_or_create(
        assessment=assessment,
        question_key=question_key,
        defaults={
            "organization": by.organization,
            "account_id": assessment.account_id,
            "verdict": verdict,
            "state": said,
            "value": value,
            "reason": reason,
            "revision_seen": seen_revision,
            "reviewed_by": by.user,
        },
    )
    details = {"question": question_key, "verdict": verdict, "state": said, "value": value, "reason": reason}
    audit.record(by, "answer.reviewed", assessment, assessment.account, revision=seen_revision, **details)
    _settle(by, assessment, document)
    return review


@transaction.atomic
def withdraw(*, by: Viewer, assessment: Assessment, question_key: str) -> None:
    """This will take a verdict back, as though nobody had looked at the answer yet. Raises WrongStatus."""
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = in_review(assessment)
    gone, _each = AnswerReview.objects.filter(assessment=assessment, question_key=question_key).delete()
    if gone:
        audit.record(by, "answer.review_withdrawn", assessment, assessment.account, question=question_key)
        _settle(by, assessment, document_of(assessment.version))


@transaction.atomic
def accept_section(*, by: Viewer, assessment: Assessment, section_key: str, as_of: datetime.datetime) -> int:
    """This will accept every answer of a top-level section that nobody has looked at, and return how many.

    Answers changed after `as_of`, when the page was made, are left to be looked at. Raises WrongStatus, UnknownQuestion.
    """
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = in_review(assessment)
    document = document_of(assessment.version)
    section = next((section for section in document.sections if section.key == section_key), None)
    if section is None:
        raise UnknownQuestion(section_key)
    hidden = set(assessment.progress.get("hidden", ()))
    keys = [question.key for question in section.all_questions() if question.key not in hidden]
    waiting = _not_looked_at(assessment, keys, as_of)
    AnswerReview.objects.bulk_create(
        [_accepted(by, assessment, answer) for answer in waiting],
        update_conflicts=True,
        unique_fields=["assessment", "question_key"],
        update_fields=["verdict", "state", "value", "reason", "revision_seen", "reviewed_by", "reviewed_at"],
    )
    if waiting:
        said = {"section": section_key, "questions": [answer.question_key for answer in waiting]}
        audit.record(by, "answers.accepted", assessment, assessment.account, **said)
        _settle(by, assessment, document)
    return len(waiting)


def in_review(assessment: Assessment) -> Assessment:
    """This will lock a run whose answers are being reviewed. Raises WrongStatus for every other."""
    assessment = locked(assessment)
    if assessment.status != Status.RESULTS_REVIEW:
        raise WrongStatus(assessment)
    return assessment


def asked(assessment: Assessment, document: DefinitionDocument, key: str) -> Question:
    """This will return a question that is asked in the run. Raises UnknownQuestion."""
    question = document.question(key)
    if question is None or key in assessment.progress.get("hidden", ()):
        raise UnknownQuestion(key)
    return question


def _said(question: Question, verdict: Verdict, standing: Answer | None, state: str, raw: Any) -> tuple[str, Any]:
    """State and value that count: the assessor's own, or those accepted, kept for when the answer is changed later."""
    if verdict == Verdict.NOT_COUNTED:
        return "", None
    if verdict == Verdict.ACCEPTED:
        if standing is None or standing.state == AnswerState.CLEARED:
            raise InvalidAnswer(_("There is no answer to accept."))
        return standing.state, standing.value
    if question.type == "file" and state == AnswerState.ANSWERED:
        raise InvalidAnswer(_("Files are given by the client. Say that it does not apply, or that it does not count."))
    plain = read_answer(question, raw, state) if state else None
    if plain is None:
        raise InvalidAnswer(_("Give the answer that is to count."))
    return plain.state.value, plain.value


def _not_looked_at(assessment: Assessment, keys: Iterable[str], as_of: datetime.datetime) -> list[Answer]:
    rows = Answer.objects.filter(
        assessment=assessment, respondent=None, carried_over=False, question_key__in=list(keys)
    )
    seen = dict(AnswerReview.objects.filter(assessment=assessment).values_list("question_key", "revision_seen"))
    given = rows.exclude(state=AnswerState.CLEARED).filter(updated_at__lte=as_of)
    return [answer for answer in given if seen.get(answer.question_key) != answer.revision]


def _accepted(by: Viewer, assessment: Assessment, answer: Answer) -> AnswerReview:
    return AnswerReview(
        organization=by.organization,
        account_id=assessment.account_id,
        assessment=assessment,
        question_key=answer.question_key,
        verdict=Verdict.ACCEPTED,
        state=answer.state,
        value=answer.value,
        revision_seen=answer.revision,
        reviewed_by=by.user,
        reviewed_at=timezone.now(),
    )


def _settle(by: Viewer, assessment: Assessment, document: DefinitionDocument) -> None:
    recompute(by, assessment, document)
    Assessment.objects.filter(pk=assessment.pk).update(updated_at=timezone.now())


def _words(reason: str) -> str:
    reason = reason.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(reason) > REASON_LENGTH:
        raise InvalidAnswer(_("Use at most %(limit)s characters for the reason.") % {"limit": f"{REASON_LENGTH:,}"})
    return reason
