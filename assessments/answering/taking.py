"""The pages on which one answers, read at a cost that does not grow with the number of questions or respondents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from assessments.answering.answer_sets import Seat
from assessments.answering.progress import measure
from assessments.answering.stored_answers import answers_of
from assessments.models import Answer, Assessment, Respondent
from library.document import DefinitionDocument, Question, Section

MOST_OTHERS = 5
# Who asked for a page, or whose page asked for news, this long ago is there now.
PRESENT_FOR = timedelta(seconds=65)


class Counted(Protocol):
    """What carries a stored progress: a run, a respondent, a seat."""

    @property
    def progress(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Place:
    """Where a question stands among those asked. `number` counts from 1; `previous` and `next` are keys or ""."""

    number: int
    previous: str
    next: str

    @property
    def is_first(self) -> bool:
        return not self.previous


def asked_in(document: DefinitionDocument, seat: Seat, section: Section | None = None) -> list[Question]:
    """This will list the questions somebody is asked, in order, those a condition hides left out; of one section or all."""
    hidden = set(seat.progress.get("hidden", ()))
    sections = (
        [section] if section else [one for one in document.sections if not seat.sections or one.key in seat.sections]
    )
    return [question for one in sections for question in one.all_questions() if question.key not in hidden]


def place_of(document: DefinitionDocument, seat: Seat, key: str) -> Place:
    """This will find the question's place and its neighbors, hidden questions passed over."""
    hidden = set(seat.progress.get("hidden", ())) - {key}
    asked = [
        question.key
        for section in document.sections
        if not seat.sections or section.key in seat.sections
        for question in section.all_questions()
        if question.key not in hidden
    ]
    at = asked.index(key)
    return Place(at + 1, asked[at - 1] if at else "", asked[at + 1] if at + 1 < len(asked) else "")


def section_name(document: DefinitionDocument, key: str) -> str:
    """This will name the section a question stands in: the inner one, where sections hold sections."""
    placed = document.places.questions.get(key)
    section = document.section(placed[1]) if placed else None
    return section.name if section else ""


def is_hidden(counted: Counted, key: str) -> bool:
    """This will say whether a condition keeps the question from being asked, as of the last save."""
    return key in counted.progress.get("hidden", ())


def is_required(counted: Counted, question: Question) -> bool:
    """This will say whether the question must be answered: always, or given the answers as of the last save."""
    return question.required or question.key in counted.progress.get("required", ())


def answer_to(viewer: Viewer, seat: Seat, key: str) -> Answer | None:
    """This will read what stands as the answer to one question in the viewer's set."""
    return answers_to(viewer, seat, [key]).get(key)


def answers_to(viewer: Viewer, seat: Seat, keys: Iterable[str]) -> dict[str, Answer]:
    """This will read what stands as the answers to some questions in the viewer's set, in one query."""
    if seat.set is not None and seat.set._state.adding:
        return {}
    rows = Answer.objects.visible_to(viewer).filter(
        assessment=seat.run, respondent=seat.set, question_key__in=list(keys)
    )
    return {row.question_key: row for row in rows}


def next_question(document: DefinitionDocument, seat: Seat) -> str:
    """This will return the key of the question to go on at, "" when all are answered. Who is asked only some sections
    costs a query."""
    if seat.sections:
        return measure(document, answers_of(seat.run, seat.set), seat.sections).next_question
    upcoming: str = seat.progress.get("next", "")
    return upcoming


def run_of(
    viewer: Viewer, seat: Seat, document: DefinitionDocument, at: str = "", others: bool = False, whole: bool = False
) -> dict[str, Any]:
    """This will gather what the runner's frame shows: name, progress, sections (with the question `at` in one of them)
    and, when `others` are wanted, the people answering too. `whole`: whole sections are shown, not one question."""
    run = seat.run
    here = document.section_of(at) if at else None
    answered, total = seat.answered_count, seat.question_count
    return {
        "title": run.name,
        "account_name": run.account.name,
        "exit_url": address("client:pause", run) if viewer.guest else reverse("client:home", args=[run.account_id]),
        "assessment_id": run.pk,
        # Answers that wait in a browser belong to one person.
        "user_id": viewer.guest.key if viewer.guest else viewer.user.pk if viewer.user else "",
        "answered": answered,
        "total": total,
        "left": total - answered,
        # Where answers bring more questions or take some away, what is left is a guess.
        "is_about": total > answered and _has_conditions(document),
        "sections": list(_sections(seat, document, here, whole)) if here else [],
        "others": list(others_of(viewer, seat, document)) if others else [],
        "presence_url": f"{address('client:presence', run)}?at={at}"
        if others and at and not run.is_independent
        else "",
    }


def address(name: str, assessment: Assessment) -> str:
    """This will return the address of one of the client's pages of an assessment."""
    return reverse(name, args=[assessment.account_id, assessment.pk])


def question_url(assessment: Assessment, key: str) -> str:
    return reverse("client:question", args=[assessment.account_id, assessment.pk, key])


def section_url(assessment: Assessment, section: str, key: str = "") -> str:
    """This will return the address of a whole section, at one of its questions."""
    page = reverse("client:section", args=[assessment.account_id, assessment.pk, section])
    return f"{page}#question-{key}" if key else page


def others_of(viewer: Viewer, seat: Seat, document: DefinitionDocument) -> Iterator[dict[str, Any]]:
    """This will yield who else answers the set, who is there now first and on which section, in one query. In an
    independent run that is nobody."""
    if seat.run.is_independent:
        return
    people = (
        Respondent.objects.visible_to(viewer)
        .filter(assessment=seat.run, stopped_at=None, last_seen_at__isnull=False)
        .select_related("user")
        .defer("progress", "flagged", "user__password")
        .order_by(F("last_seen_at").desc())
    )
    if seat.own:
        people = people.exclude(pk=seat.own.pk)
    since = timezone.now() - PRESENT_FOR
    for respondent in people[:MOST_OTHERS]:
        section = document.section_of(respondent.at_key)
        is_here = respondent.last_seen_at is not None and respondent.last_seen_at > since
        where = _("on %(section)s") % {"section": section.name} if section and is_here else ""
        name = respondent.shown_name
        yield {
            "name": name,
            "initials": _initials(name),
            "where": where,
            "is_here": is_here,
            "seen_at": respondent.last_seen_at,
        }


def _initials(name: str) -> str:
    words = name.split() or ["?"]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


def _has_conditions(document: DefinitionDocument) -> bool:
    return any(section.show_if for section in document.all_sections()) or any(
        question.show_if for question in document.questions()
    )


def _sections(seat: Seat, document: DefinitionDocument, here: Section, whole: bool) -> Iterator[dict[str, Any]]:
    hidden, counts = set(seat.progress.get("hidden", ())), seat.counted
    flagged = set(seat.own.flagged) if seat.own else set()
    for section in document.sections:
        answered, asked = counts.get(section.key, (0, 0))
        shown = [question.key for question in section.all_questions() if question.key not in hidden]
        if asked and shown:
            yield {
                "key": section.key,
                "label": section.name,
                "url": section_url(seat.run, section.key) if whole else question_url(seat.run, shown[0]),
                "answered": answered,
                "total": asked,
                "flagged": sum(key in flagged for key in shown),
                "current": section is here,
                "done": answered == asked,
            }
