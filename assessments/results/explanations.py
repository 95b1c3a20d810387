"""How the figures of a submitted assessment came about: scored again, on demand, from the answers they rest on.

Whatever changes those answers stores new figures with them, so this gives the stored figures again. Where it should not,
the stored figure stands and is not explained.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from assessments.answering.stored_answers import answers_of
from assessments.models import Assessment, Result
from assessments.review import verdicts
from library.document import DefinitionDocument, Score
from library.scoring.engine import ScoreSheet, score
from library.scoring.explaining import Explanation, Line, QuestionExplanation
from library.scoring.registry import figure as written
from portal.web.figures import number


@dataclass(frozen=True, slots=True)
class ExplainedScore:
    """One score: its `value` as stored with the result, its place in percent, its zone, and how it came about.

    `explanation` is None where the figure cannot be worked out again; without answers it holds only what says nothing
    about a single one. `users` are the scores it goes into: (key, name).
    """

    key: str
    name: str
    value: float | None
    percent: float | None
    zone: str
    tone: str
    explanation: Explanation | None
    users: list[tuple[str, str]]
    is_overall: bool

    @property
    def figure(self) -> str:
        """This will write the value as the calculation does: with four decimals at most."""
        return "" if self.value is None else written(self.value)

    @property
    def place(self) -> str:
        """This will write the place in percent, as pages show areas with scales of their own; "" where it is the value."""
        if self.value is None or self.percent is None or _same(self.value, self.percent):
            return ""
        return _("%(percent)s %%") % {"percent": number(self.percent)}


def of_score(
    run: Assessment, document: DefinitionDocument, key: str, *, with_answers: bool, as_submitted: bool = False
) -> ExplainedScore | None:
    """This will explain one score of a run with a result; None when there is no such score to be seen.

    `with_answers` is for who may read the answers; others see the scores that stand in the result, and how those are
    made of each other. An answer of the assessor's is said to be one. `as_submitted` explains
    what the answers gave before the review, where that is something else. Asks at most three queries.
    """
    submitted = run.result.submitted_sheet if as_submitted else None
    as_submitted = submitted is not None
    stored = figures_in(submitted or run.result.sheet)
    own = document.score(key)
    if own is None or not (with_answers or key in stored):
        return None
    given = answers_of(run)
    final = given if as_submitted else verdicts.counted(run, document, given)
    sheet = score(document, final)
    if not agrees(sheet, stored):
        return _shown(document, own, stored[key], None, []) if key in stored else None
    explanation, users = sheet.explain(key), _users(sheet, key)
    if with_answers:
        explanation = _with_verdicts(explanation, verdicts.standing_instead(document, given, final))
    else:
        explanation = _without_answers(explanation, own, stored)
        users = [(user, name) for user, name in users if user in stored]
    return _shown(document, own, stored.get(key) or _figure(sheet, key), explanation, users)


def of_answer(
    run: Assessment, document: DefinitionDocument, score_key: str, question: str
) -> QuestionExplanation | None:
    """This will explain what an answer is worth in one of the scores it goes into; None when it goes into none such."""
    given = answers_of(run)
    final = verdicts.counted(run, document, given)
    sheet = score(document, final)
    node = sheet.nodes.get(score_key)
    if node is None or not agrees(sheet, stored_figures(run.result)):
        return None
    inputs = {item.key for item in (*node.counted, *node.left_out) if item.is_question}
    if question not in inputs:
        return None
    explained, instead = sheet.explain_question(question), verdicts.standing_instead(document, given, final)
    if question not in instead:
        return explained
    words = instead[question]
    return replace(explained, notes=(f"{words[:1].upper()}{words[1:]}.", *explained.notes))


def stored_figures(result: Result) -> dict[str, dict[str, Any]]:
    """This will return the stored figures of a result by the key of their score: overall and sections."""
    return figures_in(result.sheet)


def figures_in(sheet: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """This will return the figures of a stored sheet by the key of their score: overall and sections."""
    overall, sections = sheet["overall"], sheet["sections"]
    return {figure["score"]: figure for figure in (*sections, *([overall] if overall else []))}


def agrees(sheet: ScoreSheet, stored: Mapping[str, Mapping[str, Any]]) -> bool:
    """This will say whether a sheet holds the very figures that are stored."""
    return all(key in sheet.nodes and _same(sheet.nodes[key].value, figure["value"]) for key, figure in stored.items())


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _figure(sheet: ScoreSheet, key: str) -> dict[str, Any]:
    """A score inside of others, which the result does not show and so does not store."""
    node = sheet.nodes[key]
    zone = sheet.zone(node)
    return {
        "value": node.value,
        "percent": node.percent,
        "zone": zone.label if zone else "",
        "tone": zone.tone if zone else "",
    }


def _shown(
    document: DefinitionDocument,
    own: Score,
    figure: Mapping[str, Any],
    explanation: Explanation | None,
    users: list[tuple[str, str]],
) -> ExplainedScore:
    return ExplainedScore(
        key=own.key,
        name=own.name,
        value=figure["value"],
        percent=figure["percent"],
        zone=figure["zone"],
        tone=figure["tone"],
        explanation=explanation,
        users=users,
        is_overall=document.scoring is not None and document.scoring.overall == own.key,
    )


def _users(sheet: ScoreSheet, key: str) -> list[tuple[str, str]]:
    return [
        (node.key, node.name)
        for node in sheet.nodes.values()
        if any(item.key == key and not item.is_question for item in (*node.counted, *node.left_out))
    ]


def _with_verdicts(explanation: Explanation, instead: Mapping[str, str]) -> Explanation:
    """Each line whose answer does not count as it was given says so."""

    def marked(line: Line) -> Line:
        if not line.is_question or line.key not in instead:
            return line
        note = instead[line.key]
        calculation = f"{line.calculation} ({note})" if line.calculation else ""
        return replace(line, words=f"{line.words} ({note})", calculation=calculation)

    counted, left_out = (tuple(map(marked, lines)) for lines in (explanation.counted, explanation.left_out))
    return replace(explanation, counted=counted, left_out=left_out)


def _without_answers(explanation: Explanation, own: Score, stored: Collection[str]) -> Explanation:
    """The rule, and of the inputs those that stand in the result: whatever else there is could tell an answer.

    A calculation names the value of each input, a gate the answer it looked at, an end what did not apply.
    """
    lines = (*explanation.counted, *explanation.left_out)
    if not own.gates and not own.cases and all(not line.is_question and line.key in stored for line in lines):
        return explanation
    counted, left_out = (
        tuple(line for line in some if not line.is_question and line.key in stored)
        for some in (explanation.counted, explanation.left_out)
    )
    return replace(explanation, figures="", counted=counted, left_out=left_out, notes=(), ends=(), place="")
