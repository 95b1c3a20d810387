"""Whose answers somebody gives and sees in a run, and which part of it they are asked.

A shared run has one set of answers, its own. In an independent one each respondent has a set, and nobody sees another's;
the run's own set is what staff make of them.
"""

from dataclasses import dataclass
from typing import Any

from accounts.viewer import Viewer
from assessments.answering.progress import measure
from assessments.models import Assessment, Respondent
from library.document import DefinitionDocument
from library.versions import document_of


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place in a run.

    `own` is the person's row, None without one (nobody takes part by looking); `set` is whose answers they give: None is
    the run's own set, and in an independent run an unsaved row stands for who has not answered yet. `sections` are the
    top-level sections they are asked, all when empty.
    """

    run: Assessment
    own: Respondent | None
    set: Respondent | None
    sections: tuple[str, ...]
    is_guest: bool = False

    @property
    def progress(self) -> dict[str, Any]:
        """This will return the stored progress of the whole set, as `Progress.as_json` wrote it."""
        return (self.set or self.run).progress

    @property
    def counted(self) -> dict[str, list[int]]:
        """This will return [answered, asked] of each top-level section this person is asked."""
        counts: dict[str, list[int]] = self.progress.get("sections", {})
        return {key: count for key, count in counts.items() if not self.sections or key in self.sections}

    @property
    def answered_count(self) -> int:
        return sum(answered for answered, _asked in self.counted.values())

    @property
    def question_count(self) -> int:
        return sum(asked for _answered, asked in self.counted.values())

    @property
    def is_done(self) -> bool:
        """This will say whether the person handed in what they were asked."""
        return self.own is not None and self.own.submitted_at is not None

    @property
    def is_stopped(self) -> bool:
        return self.own is not None and self.own.stopped_at is not None

    @property
    def is_open(self) -> bool:
        """This will say whether this person can answer here now."""
        return self.run.is_open and not self.is_done and not self.is_stopped

    @property
    def submits_alone(self) -> bool:
        """This will say whether submitting hands in this person's part and leaves the run to the others."""
        return self.run.is_independent or self.is_guest or bool(self.sections)

    def asks(self, document: DefinitionDocument, key: str) -> bool:
        """This will say whether a question stands in what this person is asked; conditions aside."""
        section = document.section_of(key)
        return section is not None and (not self.sections or section.key in self.sections)


def seat_of(viewer: Viewer, run: Assessment) -> Seat:
    """This will find the viewer's place in a run, in one query; none for staff, who sit with the run's own set."""
    if viewer.is_staff:
        return Seat(run, None, None, ())
    own = _own_row(viewer, run)
    # Whoever follows a link is asked what the link says, which may be less than what the person was given.
    sections = viewer.guest.sections if viewer.guest else tuple(own.sections) if own else ()
    if not run.is_independent:
        return Seat(run, own, None, sections, is_guest=viewer.guest is not None)
    return Seat(
        run, own, _with_progress(run, own or _new_row(viewer, run)), sections, is_guest=viewer.guest is not None
    )


def seat_for(run: Assessment, respondent: Respondent | None) -> Seat:
    """This will return the place of one respondent, or with None that of the run's own set, for staff to look at."""
    if respondent is None or not run.is_independent:
        return Seat(run, respondent, None, ())
    return Seat(run, respondent, _with_progress(run, respondent), tuple(respondent.sections))


def set_of(viewer: Viewer, run: Assessment) -> Respondent | None:
    """This will return whose set of answers the viewer gives and sees: None is the run's own.

    In an independent run it is the viewer's row, unsaved before the first answer: its set is empty.
    """
    return seat_of(viewer, run).set


def _own_row(viewer: Viewer, run: Assessment) -> Respondent | None:
    rows = Respondent.objects.visible_to(viewer).filter(assessment=run)
    if viewer.guest:
        return rows.filter(pk=viewer.guest.key).first()
    # A role that is previewed is nobody.
    return rows.filter(user=viewer.person).first() if viewer.person else None


def _new_row(viewer: Viewer, run: Assessment) -> Respondent:
    return Respondent(
        organization_id=run.organization_id, account_id=run.account_id, assessment_id=run.pk, user=viewer.person
    )


def _with_progress(run: Assessment, respondent: Respondent) -> Respondent:
    """Who has not answered yet has nothing stored: that is how an empty set stands."""
    if not respondent.progress:
        respondent.progress = measure(document_of(run.version), {}).as_json()
    return respondent
