"""Whose answers stand in a run, and which client may read them all."""

from collections.abc import Iterable

from accounts.viewer import Viewer
from assessments.answering import answer_sets, answer_sheet
from assessments.answering.answer_sets import Seat
from assessments.answering.answer_sheet import Part
from assessments.models import Answer, Assessment
from library.document import DefinitionDocument


def took_part(viewer: Viewer, assessment: Assessment) -> bool:
    """This will say whether all answers of a run are this client's to read (decision D6), in one query."""
    return reads_all(answer_sets.seat_of(viewer, assessment))


def reads_all(seat: Seat) -> bool:
    """This will say whether who has this place in a run may read all its answers.

    They are for who answers all of it, together with the others. In an independent run they are made of what others said
    alone.
    """
    return seat.own is not None and not seat.run.is_independent and not seat.sections


def answers_for(seat: Seat, document: DefinitionDocument) -> list[Part]:
    """This will read the answers a client may see after the release: of one all answered together, what the person was
    asked; of one each answered alone, the person's own."""
    if seat.own is None:
        return []
    return answer_sheet.parts_of(seat.run, document, respondent=seat.set, sections=seat.sections)


def who_answered(viewer: Viewer, assessment: Assessment) -> list[str]:
    """This will name whose answers stand in a run, in one query."""
    rows = Answer.objects.visible_to(viewer).filter(assessment=assessment, carried_over=False)
    people = rows.values_list("answered_by__name", "guest__user__name", "guest__name", "guest__email").distinct()
    return sorted({name for names in people if (name := next(filter(None, names), ""))})


def named_in(parts: Iterable[Part]) -> list[str]:
    """This will name whose answers these are, without asking the database again."""
    return sorted({line.who for part in parts for line in part.lines if line.who})
