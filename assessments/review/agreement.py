"""The answers of an independent run's respondents side by side: read once, question by question, for the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.viewer import Viewer
from assessments.models import Answer, AnswerState, Assessment, Respondent
from assessments.review import spread
from library.answers import Answer as PlainAnswer
from library.answers import Answers, State, readable
from library.document import DefinitionDocument, Question
from portal.web.charts import strip
from portal.web.figures import number

ORDERS = ("asked", "disagreement")


@dataclass(frozen=True, slots=True)
class Said:
    """What one person answered, as people read it."""

    name: str
    words: str
    comment: str
    score: str
    is_outlier: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One question: who said what, how far apart. Figures are percent of what the question can score, "" without one."""

    key: str
    number: int
    text: str
    section: str
    said: list[Said]
    mean: str
    deviation: str
    span: str
    width: float
    outliers: str
    picture: SafeString | str
    counts: list[tuple[str, int]]
    combined: str


def sets_of(assessment: Assessment, *, only_finished: bool = False) -> dict[Respondent, dict[str, PlainAnswer]]:
    """This will read all sets of an independent run in two queries: {respondent: {question key: answer}}.

    Stopped people are left out unless they finished; answers carried over and not confirmed count nowhere.
    """
    people = _people(Respondent.objects.filter(assessment=assessment), only_finished)
    sets: dict[Respondent, dict[str, PlainAnswer]] = {person: {} for person in people}
    by_id = {person.pk: person for person in people}
    rows = Answer.objects.filter(assessment=assessment, respondent__in=by_id, carried_over=False)
    stored = rows.exclude(state=AnswerState.CLEARED).order_by("created_at")
    for respondent, key, state, value in stored.values_list("respondent", "question_key", "state", "value"):
        sets[by_id[respondent]][key] = PlainAnswer(State(state), value)
    return sets


def lines(viewer: Viewer, run: Assessment, document: DefinitionDocument, *, only_finished: bool) -> list[Line]:
    """This will set every question's answers side by side, in three queries; unanswered questions stay in the list."""
    sets = sets_of(run, only_finished=only_finished)
    comments = dict(_comments(viewer, run))
    combined = spread.combine(document, list(sets.values()), run.combination)
    return [
        _line(number, question, section, sets, comments, combined.get(question.key))
        for number, (question, section) in enumerate(_questions(document), start=1)
    ]


def _people(rows: Any, only_finished: bool) -> list[Respondent]:
    people = rows.select_related("user").order_by("created_at", "id")
    return [one for one in people if one.submitted_at or not (only_finished or one.stopped_at)]


def _questions(document: DefinitionDocument) -> Iterator[tuple[Question, str]]:
    for section in document.sections:
        for question in section.all_questions():
            yield question, section.name


def _comments(viewer: Viewer, run: Assessment) -> Iterator[tuple[tuple[Any, str], str]]:
    rows = Answer.objects.visible_to(viewer).filter(assessment=run, respondent__isnull=False).exclude(comment="")
    for respondent, key, comment in rows.values_list("respondent", "question_key", "comment"):
        yield (respondent, key), comment


def _line(
    place: int, question: Question, section: str, sets: Mapping[Respondent, Answers],
    comments: Mapping[tuple[Any, str], str], combined: PlainAnswer | None,
) -> Line:  # fmt: skip
    found = spread.spread_of(question, sets)
    said = [
        Said(
            name=one.who.shown_name,
            words=readable(question, one.answer),
            comment=comments.get((one.who.pk, question.key), ""),
            score=number(one.percent),
            is_outlier=one.is_outlier,
        )
        for one in found.given
    ]
    return Line(
        key=question.key,
        number=place,
        text=question.text,
        section=section,
        said=said,
        mean=number(found.mean) if found.mean is not None else "",
        deviation=number(found.deviation) if found.deviation is not None else "",
        span=f"{number(found.low)}–{number(found.high)}" if found.low is not None else "",
        width=found.width,
        outliers=", ".join(one.name for one in said if one.is_outlier),
        picture=_picture(found),
        counts=_counts(said),
        combined=readable(question, combined) if combined else "",
    )


def _picture(found: spread.Spread) -> SafeString | str:
    if found.mean is None:
        return ""
    scored = sum(one.percent is not None for one in found.given)
    words = ngettext("%(n)s scored answer", "%(n)s scored answers", scored) % {"n": scored}
    label = _("%(answers)s, mean %(mean)s, from %(low)s to %(high)s") % {
        "answers": words, "mean": number(found.mean), "low": number(found.low), "high": number(found.high),
    }  # fmt: skip
    return strip([(one.percent, one.is_outlier) for one in found.given], label=label, middle=found.mean)


def _counts(said: list[Said]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for one in said:
        counts[one.words] = counts.get(one.words, 0) + 1
    return sorted(counts.items(), key=lambda pair: -pair[1])
