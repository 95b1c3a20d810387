"""All answers of an assessment side by side, section by section: for looking over, reviewing and results."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from assessments.answering import attachments
from assessments.answering.attachments import Attached
from assessments.answering.taking import question_url
from assessments.models import Answer, AnswerState, Assessment, Purpose, Respondent
from library.answers import Answer as PlainAnswer
from library.answers import State, is_complete, readable
from library.document import DefinitionDocument, Question, Section


@dataclass(frozen=True, slots=True)
class Line:
    """One question and what stands as its answer. `state` is that of the answer, or "unanswered"; `group` names the
    inner section; `url` is where the client changes the answer; `rows` are those of a matrix: (row, answer or "").

    A matrix with open rows is unanswered, and `words` say how far it is. So is what was carried over from the run before
    until somebody confirms it: `last_time` says it."""

    number: int
    question: Question
    group: str
    url: str
    state: str
    words: str
    comment: str = ""
    who: str = ""
    when: datetime | None = None
    on_behalf: bool = False
    is_required: bool = False
    rows: tuple[tuple[str, str], ...] = ()
    files: tuple[Attached, ...] = ()
    evidence: tuple[Attached, ...] = ()
    last_time: str = ""

    @property
    def is_missing(self) -> bool:
        return self.state == "unanswered" and self.is_required


@dataclass(frozen=True, slots=True)
class Part:
    """A top-level section with the questions asked in it."""

    key: str
    name: str
    lines: list[Line]

    @property
    def answered(self) -> int:
        return sum(line.state != "unanswered" for line in self.lines)


def parts_of(
    assessment: Assessment, document: DefinitionDocument, files: str = "client:upload",
    respondent: Respondent | None = None, sections: Collection[str] = (),
) -> list[Part]:  # fmt: skip
    """This will read every answer and every file of one set, in one query each, and set them beside their question;
    hidden questions are left out. `files` names the page that downloads a file.

    `respondent` is whose set of an independent run is meant, `sections` the top-level ones to show, all when none.
    """
    progress = (respondent or assessment).progress
    stored = {row.question_key: row for row in _rows(assessment, respondent)}
    attached = attachments.of_assessment(assessment, files, respondent) if _takes_files(document) else {}
    required = set(progress.get("required", ()))
    hidden = set(progress.get("hidden", ()))
    shown = [section for section in document.sections if not sections or section.key in sections]
    asked = [question.key for section in shown for question in section.all_questions() if question.key not in hidden]
    numbers = {key: number for number, key in enumerate(asked, start=1)}
    address = question_url(assessment, "0").removesuffix("0/")
    parts = [
        Part(
            section.key,
            section.name,
            [
                replace(
                    _line(
                        numbers[question.key], question, group, f"{address}{question.key}/", stored.get(question.key)
                    ),
                    is_required=question.required or question.key in required,
                    files=tuple(attached.get((question.key, Purpose.ANSWER), ())),
                    evidence=tuple(attached.get((question.key, Purpose.EVIDENCE), ())),
                )
                for question, group in _questions(section)
                if question.key in numbers
            ],
        )
        for section in shown
    ]
    return [part for part in parts if part.lines]


def counts_of(parts: list[Part]) -> dict[str, int]:
    """This will count the questions by what stands as their answer: {"answered": …, "unanswered": …, …}."""
    states = [line.state for part in parts for line in part.lines]
    return {state: states.count(state) for state in (*State, "unanswered")}


def _rows(assessment: Assessment, respondent: Respondent | None) -> list[Answer]:
    if respondent is not None and respondent._state.adding:
        return []
    of_set = Answer.objects.filter(assessment=assessment, respondent=respondent)
    people = of_set.select_related("answered_by", "guest__user")
    return list(people.defer("answered_by__password", "answered_by__email", "guest__progress", "guest__user__password"))


def who_gave(row: Answer) -> str:
    """This will name who gave an answer: a user, or a guest; reads both."""
    return row.answered_by.name if row.answered_by else row.guest.shown_name if row.guest else ""


def _questions(section: Section, group: str = "") -> Iterator[tuple[Question, str]]:
    """Each question with the name of the section it stands in, where that is not the top-level one."""
    for question in section.questions:
        yield question, group
    for inner in section.sections:
        yield from _questions(inner, inner.name)


def _takes_files(document: DefinitionDocument) -> bool:
    return any(question.type == "file" or question.allow_evidence for question in document.questions())


def _line(number: int, question: Question, group: str, url: str, row: Answer | None) -> Line:
    if row is None:
        return Line(number, question, group, url, "unanswered", readable(question, None))
    plain = None if row.state == AnswerState.CLEARED else PlainAnswer(State(row.state), row.value)
    if row.carried_over:
        return Line(
            number, question, group, url, "unanswered", readable(question, None), comment=row.comment,
            last_time=readable(question, plain),
        )  # fmt: skip
    rows = _matrix_rows(question, plain)
    return Line(
        number,
        question,
        group,
        url,
        plain.state.value if plain and is_complete(question, plain) else "unanswered",
        _rows_answered(rows) if rows else readable(question, plain),
        comment=row.comment,
        who=who_gave(row),
        when=row.updated_at,
        on_behalf=row.on_behalf,
        rows=rows,
    )


def _matrix_rows(question: Question, plain: PlainAnswer | None) -> tuple[tuple[str, str], ...]:
    given = plain.value if plain else None
    if question.type != "matrix" or not isinstance(given, dict):
        return ()
    chosen = [(row.text, question.choice(given.get(row.key))) for row in question.rows]
    return tuple((text, option.text if option else "") for text, option in chosen)


def _rows_answered(rows: tuple[tuple[str, str], ...]) -> str:
    numbers = {"answered": sum(bool(words) for _row, words in rows), "all": len(rows)}
    return _("%(answered)s of %(all)s rows answered") % numbers
