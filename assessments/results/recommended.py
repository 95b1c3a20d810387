"""The recommendations of a result: which ones apply is stored with it, their words stand in the version."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from assessments.models import Result
from assessments.results.explanations import stored_figures
from library import recommendations
from library.authoring.scoring_words import SEVERITIES
from library.document import DefinitionDocument, Recommendation
from library.scoring.engine import ScoreSheet
from portal.web import markdown

# Worst first; advice without a severity is no finding and comes last.
ORDER = ("critical", "high", "medium", "low", None)
TONES = {"critical": "danger", "high": "danger", "medium": "warn", "low": "neutral"}


@dataclass(frozen=True, slots=True)
class Advice:
    """One recommendation as pages show it: `name` is the question or score it is about; `label` the severity's word."""

    name: str
    title: str
    text: SafeString
    label: str
    tone: str


def as_json(sheet: ScoreSheet) -> list[dict[str, Any]]:
    """This will note which recommendations apply: {"of": key, "is_question", "band": place among those of that key}.

    Their words are not repeated: they may be long, and the version never changes.
    """
    return [
        {"of": one.of, "is_question": one.is_question, "band": _place(sheet.document, one)}
        for one in recommendations.for_sheet(sheet)
    ]


def of_result(
    result: Result, document: DefinitionDocument, *, with_answers: bool, found: Collection[str] = ()
) -> list[Advice]:
    """This will return the recommendations of a result, the worst first; none for a result stored before there were any.

    Without answers, only those of the scores that stand in the result: one of a question tells how it was answered.
    `found` are the sources of the run's findings, which say the same and are shown as such.
    """
    noted = [one for one in result.sheet.get("recommendations", []) if source_of(one) not in found]
    if not with_answers:
        shown = stored_figures(result)
        noted = [one for one in noted if not one["is_question"] and one["of"] in shown]
    worded = sorted(_found(document, noted), key=lambda pair: ORDER.index(pair[1].severity))
    return [
        Advice(
            name=name,
            title=band.title,
            text=markdown.render(band.text),
            label=str(SEVERITIES[band.severity]) if band.severity else "",
            tone=TONES.get(band.severity or "", ""),
        )
        for name, band in worded
    ]


def source_of(noted: Mapping[str, Any]) -> str:
    """This will name the band of a recommendation noted in a result, as findings do."""
    return f"{'question' if noted['is_question'] else 'score'}:{noted['of']}:{noted['band']}"


def _place(document: DefinitionDocument, one: recommendations.Recommended) -> int:
    bands = bands_of(document, one.of, one.is_question)[1]
    return next(place for place, band in enumerate(bands) if band is recommendations.at(bands, one.percent))


def _found(document: DefinitionDocument, noted: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Recommendation]]:
    for one in noted:
        name, bands = bands_of(document, one["of"], one["is_question"])
        yield name, bands[one["band"]]


def bands_of(document: DefinitionDocument, key: str, is_question: bool) -> tuple[str, tuple[Recommendation, ...]]:
    """This will return the name of a question or score, and its recommendations in the order of their places."""
    if is_question:
        question = document.places.questions[key][0]
        return question.text, question.recommendations
    own = document.score(key)
    return (own.name, own.recommendations) if own else ("", ())
