"""Which answers count: those given, with the assessor's verdicts laid over them."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from assessments.answering.stored_answers import answers_of
from assessments.models import Answer, AnswerReview, Assessment, ReviewRule, Verdict
from library.answers import Answer as PlainAnswer
from library.answers import Answers, InvalidAnswer, State, readable
from library.answers import answer as read_answer
from library.document import DefinitionDocument, Question


def reviews_of(assessment: Assessment) -> dict[str, AnswerReview]:
    """This will read the verdicts of a run by question, in one query, with who gave them."""
    rows = AnswerReview.objects.filter(assessment=assessment).select_related("reviewed_by")
    return {row.question_key: row for row in rows.defer("reviewed_by__password")}


def counted(assessment: Assessment, document: DefinitionDocument, answers: Answers) -> dict[str, PlainAnswer]:
    """This will return the answers that count, of those of the run's own set.

    A verdict holds for the revision it saw. Where the answer was changed since, the later one counts as it was given; or,
    where only accepted answers count, what was accepted before stays until somebody accepts the later one.
    """
    reviews = list(AnswerReview.objects.filter(assessment=assessment))
    accepted_only = assessment.review_rule == ReviewRule.ACCEPTED_ONLY
    if not reviews and not accepted_only:
        return dict(answers)
    final = {} if accepted_only else dict(answers)
    for review in _holding(assessment, reviews, accepted_only):
        question = document.question(review.question_key)
        if question is None or (review.verdict == Verdict.ACCEPTED and not accepted_only):
            continue
        said = said_by(question, review)
        if said is None:
            final.pop(question.key, None)
        else:
            final[question.key] = said
    return final


def counted_answers(assessment: Assessment, document: DefinitionDocument) -> dict[str, PlainAnswer]:
    """This will read the answers that count now."""
    return counted(assessment, document, answers_of(assessment))


def said_by(question: Question, review: AnswerReview) -> PlainAnswer | None:
    """This will return the answer a verdict lets count: the assessor's own, or the one accepted; None for no answer."""
    if review.verdict == Verdict.NOT_COUNTED or not review.state:
        return None
    try:
        # What was possible in the version of before may not be in this one.
        possible = read_answer(question, review.value, review.state)
    except InvalidAnswer:
        return None
    return PlainAnswer(State(review.state), review.value) if possible else None


def standing_instead(document: DefinitionDocument, given: Answers, final: Answers) -> dict[str, str]:
    """This will say, for each question whose answer does not count as it was given, what stands in its place."""
    words = {}
    for question in document.questions():
        said, counts = given.get(question.key), final.get(question.key)
        if _plain(said) != _plain(counts):
            words[question.key] = _in_place(question, said, counts)
    return words


def _plain(answer: PlainAnswer | None) -> tuple[str, object] | None:
    return (answer.state, answer.value) if answer else None


def _in_place(question: Question, given: PlainAnswer | None, counts: PlainAnswer | None) -> str:
    if given is None:
        return _("the assessor’s answer; the question was not answered")
    words = {"given": readable(question, given)}
    if counts is None:
        return _("does not count after the review; the answer given was “%(given)s”") % words
    return _("the assessor’s answer; the answer given was “%(given)s”") % words


def _holding(assessment: Assessment, reviews: Iterable[AnswerReview], accepted_only: bool) -> list[AnswerReview]:
    if accepted_only:
        return list(reviews)
    revisions = revisions_of(assessment)
    return [review for review in reviews if not is_outdated(review, revisions)]


def revisions_of(assessment: Assessment) -> dict[str, int]:
    """This will read the revision of each answer of the run's own set."""
    rows = Answer.objects.filter(assessment=assessment, respondent=None, carried_over=False)
    return dict(rows.values_list("question_key", "revision"))


def is_outdated(review: AnswerReview, revisions: Mapping[str, int]) -> bool:
    """This will say whether the answer was changed since the assessor looked at it."""
    return revisions.get(review.question_key, 0) != review.revision_seen
