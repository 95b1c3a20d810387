"""What the scores of a definition rest on, and nothing else: two versions with the same basis score every answer alike.

Words, order of display, icons, zones and figures to compare with are no part of it. Neither is a question that goes
into no score and on which no condition of a score hangs.
"""

from collections.abc import Iterator
from typing import Any

from library.conditions import questions_in
from library.document import Condition, DefinitionDocument, Question, Score
from library.scoring.plan import PlannedScore

# Rules for which it does not matter in which order their inputs come.
IN_ANY_ORDER = frozenset(
    {
        "sum",
        "mean",
        "weighted_mean",
        "median",
        "limited_mean",
        "geometric_mean",
        "percent_of_achievable",
        "subtractive",
        "lowest",
        "highest",
        "lowest_mean",
        "count",
        "share_reached",
        "product",
        "bands",
        "verdict",
        "constant",
    }
)

type Basis = dict[str, Any]


def basis(document: DefinitionDocument) -> Basis:
    """This will map `question:KEY`, `score:KEY` and a few more to what scores rest on there; empty without scoring."""
    scoring = document.scoring
    children = [] if document.is_composed else [(child.key, child.weight) for child in document.children]
    if scoring is None:
        # A parent without scoring of its own is scored by its children, whatever they are.
        return {"children": children} if children else {}
    parts: Basis = {f"score:{planned.score.key}": _of_score(planned) for planned in document.scoring_plan.nodes}
    goes_into: dict[str, list[tuple[str, float]]] = {}
    for planned in document.scoring_plan.nodes:
        for item in planned.inputs:
            if item.question is not None:
                goes_into.setdefault(item.key, []).append((planned.score.key, item.weight))
    for key in _relevant(document, list(goes_into)):
        question, section = document.places.questions[key]
        parts[f"question:{key}"] = {
            **_of_question(question),
            "asked": [_plain(condition) for condition in _conditions_of(document, question, section)],
            "goes_into": sorted(goes_into.get(key, [])),
        }
    parts["scale"] = (scoring.scale.min, scoring.scale.max)
    parts["overall"] = scoring.overall
    parts["sections"] = dict(scoring.sections)
    if children and any(pick.children for score in scoring.scores for pick in score.inputs):
        parts["children"] = children
    return parts


def conditions_of_score(score: Score) -> list[Condition]:
    """This will list the conditions a score asks: of its cases and its gates."""
    return [case.when for case in score.cases] + [gate.when for gate in score.gates]


def _of_score(planned: PlannedScore) -> dict[str, Any]:
    score = planned.score
    scores = [(item.key, item.weight) for item in planned.inputs if item.question is None]
    return {
        "rule": score.rule,
        "options": planned.options.model_dump(),
        "inputs": sorted(scores)
        if score.rule in IN_ANY_ORDER
        else [(item.key, item.weight) for item in planned.inputs],
        "children": [(pick.children, pick.weight) for pick in score.inputs if pick.children],
        "inputs_as": score.inputs_as,
        "treatment": dict(planned.treatment),
        "needs_every_answer": score.needs_every_answer,
        "cases": [(_plain(case.when), case.value) for case in score.cases],
        "gates": [(_plain(gate.when), gate.otherwise, gate.at_most) for gate in score.gates],
        "rounding": score.rounding and (score.rounding.mode, score.rounding.decimals),
        "clamp": score.clamp and (score.clamp.min, score.clamp.max),
        "scale": score.scale and (score.scale.min, score.scale.max),
    }


def _of_question(question: Question) -> dict[str, Any]:
    return {
        "type": question.type,
        "options": {option.key: (option.value, option.exclusive) for option in question.choices},
        "rows": {row.key for row in question.rows},
        "combine": question.combine,
        "range": (question.minimum, question.maximum, question.decimals),
        "bands": [(band.start, band.value) for band in question.bands],
        "lengths": (question.max_length, question.max_files),
        "states": (question.allow_not_applicable, question.allow_dont_know),
    }


def _relevant(document: DefinitionDocument, keys: list[str]) -> list[str]:
    """The questions that go into a score, and all on whose answers it hangs whether those or a score's gate count."""
    scoring = document.scoring
    waiting = list(keys)
    for score in scoring.scores if scoring else ():
        for condition in conditions_of_score(score):
            waiting += questions_in(condition)
    found: dict[str, None] = {}
    while waiting:
        key = waiting.pop()
        placed = document.places.questions.get(key)
        if key in found or placed is None:
            continue
        found[key] = None
        for condition in _conditions_of(document, *placed):
            waiting += questions_in(condition)
    return list(found)


def _conditions_of(document: DefinitionDocument, question: Question, section: str | None) -> Iterator[Condition]:
    """The conditions of a question and of the sections around it, from the inside out."""
    if question.show_if is not None:
        yield question.show_if
    while section is not None:
        item, section = document.places.sections[section]
        if item.show_if is not None:
            yield item.show_if


def _plain(condition: Condition) -> Any:
    return condition.model_dump(exclude_none=True)
