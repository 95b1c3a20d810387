"""The history of one answer: who said what when, from what to what, also what came too late and was not taken."""

from dataclasses import dataclass
from datetime import datetime

from accounts.viewer import Viewer
from assessments.answering.stored_answers import plain_of
from assessments.models import AnswerRevision, Assessment, Respondent
from library.answers import readable
from library.document import Question


@dataclass(frozen=True, slots=True)
class Change:
    """One save: `before` and `words` are the answer as people read it. One not taken changed nothing."""

    who: str
    when: datetime
    on_behalf: bool
    was_taken: bool
    before: str
    words: str
    comment: str
    comment_changed: bool
    left_in_upgrade: bool


def changes_of(
    viewer: Viewer, run: Assessment, question: Question, respondent: Respondent | None = None
) -> list[Change]:
    """This will list the saves of one answer, the latest first, in one query."""
    rows = (
        AnswerRevision.objects.visible_to(viewer)
        .filter(assessment=run, question_key=question.key, respondent=respondent)
        .select_related("answered_by", "guest__user")
        .order_by("created_at", "id")
    )
    changes, standing, comment = [], readable(question, None), ""
    for row in rows:
        words = _words(question, row)
        changes.append(
            Change(
                who=_who(row),
                when=row.created_at,
                on_behalf=row.on_behalf,
                was_taken=row.was_taken,
                before=standing,
                words=words,
                comment=row.comment,
                comment_changed=row.comment != comment,
                left_in_upgrade=row.left_in_upgrade,
            )
        )
        if row.was_taken:
            standing, comment = words, row.comment
    return changes[::-1]


def _words(question: Question, row: AnswerRevision) -> str:
    return readable(question, plain_of(row))


def _who(row: AnswerRevision) -> str:
    if row.answered_by:
        return row.answered_by.name
    return row.guest.shown_name if row.guest else ""
