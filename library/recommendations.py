"""Which recommendations a set of scores calls for: those whose band holds the place of a value in its range.

A question is placed in its own range, from the lowest to the highest score an answer to it can have; a score on its
scale, as results show it. A question that is not answered, not applicable or unknown has no place of its own. It gets
one only when the definition's treatment makes it count as something, and then the place of what it counts as; “not
applicable” gets none even then, because nothing can be recommended for what does not apply. What is hidden, and an
answer that carries no score, get none either.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from library.answers import Answer, State
from library.scoring.engine import ScoreSheet
from library.scoring.nodes import percent
from library.scoring.values import bounds, value_of

if TYPE_CHECKING:
    from library.document import DefinitionDocument, Question, Recommendation

type Severity = Literal["low", "medium", "high", "critical"]


@dataclass(frozen=True, slots=True)
class Recommended:
    """One recommendation that applies: to which question or score, and where (percent, 0 to 100) that stands."""

    of: str
    is_question: bool
    name: str
    percent: float
    title: str
    text: str
    severity: Severity | None


def for_sheet(sheet: ScoreSheet) -> list[Recommended]:
    """This will list what applies: questions in the order asked, then scores in the order of the definition."""
    document = sheet.document
    return [*_of_questions(document, sheet), *_of_scores(document, sheet)]


def question_percent(document: "DefinitionDocument", question: "Question", given: Answer | None) -> float | None:
    """This will place a visible question's answer in its own range, 0 to 100; None when it has no place there."""
    ends = bounds(question)
    value = _value(document, question, given)
    return percent(value, *ends) if ends and value is not None else None


def at(bands: Iterable["Recommendation"], place: float) -> "Recommendation | None":
    """This will return the band a place (percent) lies in, or None: bands may leave gaps. One up to 100 includes it."""
    # A hair of tolerance: a mean that should be exactly 60 may come out as 59.99999999999999.
    return next(
        (
            band
            for band in bands
            if band.start <= place + 1e-9 and (place < band.end - 1e-9 or (band.end == 100 and place >= 100 - 1e-9))
        ),
        None,
    )


def _of_questions(document: "DefinitionDocument", sheet: ScoreSheet) -> Iterator[Recommended]:
    for key, given in sheet.answers.items():
        question = document.places.questions[key][0]
        if question.recommendations:
            place = question_percent(document, question, given)
            yield from _made(key, True, question.text, question.recommendations, place)


def _of_scores(document: "DefinitionDocument", sheet: ScoreSheet) -> Iterator[Recommended]:
    for score in document.scoring.scores if document.scoring else ():
        if score.recommendations:
            yield from _made(score.key, False, score.name, score.recommendations, sheet.nodes[score.key].percent)


def _made(
    key: str, is_question: bool, name: str, bands: Iterable["Recommendation"], place: float | None
) -> Iterator[Recommended]:
    band = None if place is None else at(bands, place)
    if band is not None and place is not None:
        yield Recommended(key, is_question, name, place, band.title, band.text, band.severity)


def _value(document: "DefinitionDocument", question: "Question", given: Answer | None) -> float | None:
    if given is not None and given.state == State.ANSWERED and not given.is_partial:
        return value_of(question, given.value)
    if document.scoring is None or (given is not None and given.state == State.NOT_APPLICABLE):
        return None
    rules = document.scoring.treatment
    treatment = rules.dont_know if given is not None and given.state == State.DONT_KNOW else rules.unanswered
    low, high = bounds(question) or (0.0, 0.0)
    return {"zero": min(max(0.0, low), high), "lowest": low, "full": high}.get(treatment)
