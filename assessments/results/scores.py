"""From answers to the result every page reads: computed when an assessment is submitted, and with every verdict on it."""

from collections.abc import Mapping
from typing import Any

from assessments.models import Assessment, Result
from assessments.results import recommended
from assessments.review import verdicts
from library.answers import Answer, State
from library.document import DefinitionDocument
from library.scoring.engine import ScoredNode, ScoreSheet, score
from library.scoring.values import value_of


def compute(assessment: Assessment, document: DefinitionDocument, answers: Mapping[str, Answer]) -> Result:
    """This will score the answers that count and store the figures as the assessment's result, in place of earlier ones.

    `answers` are those given, of the run's own set. Where verdicts make others count, the figures of the answers as
    given are stored beside the result.
    """
    final = verdicts.counted(assessment, document, answers)
    figures = figures_of(score(document, final))
    given = figures_of(score(document, answers)) if final != dict(answers) else figures
    result, _created = Result.objects.update_or_create(
        assessment=assessment,
        defaults={
            "organization_id": assessment.organization_id,
            "account_id": assessment.account_id,
            **_stored(figures),
            **_stored_as_submitted(given if given != figures else None),
        },
    )
    return result


def _stored(figures: dict[str, Any]) -> dict[str, Any]:
    overall = figures["overall"] or {}
    return {
        "score": overall.get("value"),
        "percent": overall.get("percent"),
        "zone": overall.get("zone", "")[:60],
        "tone": overall.get("tone", ""),
        "sheet": figures,
    }


def _stored_as_submitted(figures: dict[str, Any] | None) -> dict[str, Any]:
    overall = (figures["overall"] if figures else None) or {}
    return {
        "submitted_score": overall.get("value"),
        "submitted_percent": overall.get("percent"),
        "submitted_sheet": figures,
    }


def figures_of(sheet: ScoreSheet) -> dict[str, Any]:
    """This will write a score sheet as plain JSON: all that pages show, so that none has to score again.

    `overall` (None without scoring) and `sections` are scores as in `_figure`; `scale`, `zones` and `treatment` (what a
    missing answer counts as) those of the definition; `counts` says how many of the questions asked were left open, do
    not apply, are not known, scored zero; `recommendations` which of the definition's apply.
    """
    scoring = sheet.document.scoring
    tops = {section.key for section in sheet.document.sections}
    return {
        "overall": _figure(sheet, sheet.overall) if sheet.overall else None,
        "sections": [
            {"key": key, "name": sheet.document.places.sections[key][0].name, "top": key in tops} | _figure(sheet, node)
            for key, node in sheet.sections.items()
        ],
        "scale": scoring.scale.model_dump() if scoring else None,
        "zones": [zone.model_dump(by_alias=True) for zone in scoring.zones] if scoring else [],
        "treatment": scoring.treatment.model_dump() if scoring else {},
        "counts": _counts(sheet),
        "recommendations": recommended.as_json(sheet),
    }


def _figure(sheet: ScoreSheet, node: ScoredNode) -> dict[str, Any]:
    """`value` stands on a scale from `min` to `max`, `percent` is 0 to 100; both None without a score, then `reason`."""
    zone, (low, high) = sheet.zone(node), _ends(sheet, node)
    return {
        "score": node.key,
        "value": node.value,
        "percent": node.percent,
        "min": low,
        "max": high,
        "zone": zone.label if zone else "",
        "tone": zone.tone if zone else "",
        "incomplete": node.incomplete,
        "reason": node.reason,
    }


def _ends(sheet: ScoreSheet, node: ScoredNode) -> tuple[float, float]:
    scoring, own = sheet.document.scoring, sheet.document.score(node.key)
    scale = own.scale if own else None
    if scale is None and scoring and node.key == scoring.overall:
        scale = scoring.scale
    return (scale.min, scale.max) if scale else (node.floor, node.ceiling)


def _counts(sheet: ScoreSheet) -> dict[str, int]:
    given = list(sheet.answers.values())
    states = [answer.state for answer in given if answer]
    return {
        "asked": len(given),
        "answered": states.count(State.ANSWERED),
        "unanswered": given.count(None),
        "not_applicable": states.count(State.NOT_APPLICABLE),
        "dont_know": states.count(State.DONT_KNOW),
        "zero": sum(_scores_zero(sheet, key, answer) for key, answer in sheet.answers.items()),
    }


def _scores_zero(sheet: ScoreSheet, key: str, answer: Answer | None) -> bool:
    question = sheet.document.question(key)
    return bool(question and answer and answer.state == State.ANSWERED and value_of(question, answer.value) == 0)
