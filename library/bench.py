"""The test bench: sample answers of a definition, scored by the real engine and compared with what they must give.

Pure and total: it runs on drafts as well, where a sample may speak of what is no longer there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from library.answers import Answer, InvalidAnswer, State, answer
from library.conditions import visible_questions
from library.document import DefinitionDocument, Sample
from library.problems import Problem, place
from library.scoring.engine import ScoreSheet, score
from library.scoring.registry import figure


@dataclass(frozen=True, slots=True)
class Line:
    """One expected score beside the actual one. None: no score, for which `reason` then has the words."""

    score: str
    name: str
    expected: float | None
    actual: float | None
    passed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SampleResult:
    """What one sample gave. `problems` are answers that cannot be given, with their place in the sample.

    `hidden` names answered questions that are not asked with these answers, so that their answers count for nothing.
    """

    sample: Sample
    passed: bool
    lines: list[Line]
    problems: list[Problem]
    hidden: list[str]


def run(document: DefinitionDocument) -> list[SampleResult]:
    """This will score every sample. A sample passes when all its answers can be given and all its scores are right."""
    return [run_sample(document, sample) for sample in document.samples]


def failing(document: DefinitionDocument) -> list[SampleResult]:
    """This will return the samples that do not pass; publishing waits until there are none."""
    return [result for result in run(document) if not result.passed]


def run_sample(document: DefinitionDocument, sample: Sample) -> SampleResult:
    """This will score one sample and compare."""
    answers, problems = answers_of(document, sample.answers)
    sheet = score(document, answers)
    lines = [_line(sheet, key, expected, sample.tolerance) for key, expected in sample.expected.items()]
    passed = not problems and all(line.passed for line in lines)
    asked = visible_questions(document, answers)
    return SampleResult(sample, passed, lines, problems, [key for key in answers if key not in asked])


def answers_of(document: DefinitionDocument, given: Mapping[str, Any]) -> tuple[dict[str, Answer], list[Problem]]:
    """This will make answers of a sample's values, and list those that are no answers to their questions."""
    found: dict[str, Answer] = {}
    problems = []
    for key, raw in given.items():
        question = document.question(key)
        where = place("answers", key)
        if question is None:
            problems.append(Problem(where, _("there is no question “%(key)s”") % {"key": key}))
            continue
        try:
            made = answer(question, raw, _state(raw))
        except InvalidAnswer as error:
            problems.append(Problem(where, error.message))
            continue
        if made is not None:
            found[key] = made
    return found, problems


def as_sample(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """This will write answers the way a sample holds them: values, or the state they are in."""
    return {
        key: given.value if given.state == State.ANSWERED else {"state": given.state.value}
        for key, given in answers.items()
    }


def scores_of(document: DefinitionDocument, answers: Mapping[str, Answer], keys: Iterable[str] = ()) -> dict[str, Any]:
    """This will return what answers score now, as a sample expects it; the overall score unless `keys` are given."""
    sheet = score(document, answers)
    overall = sheet.overall
    wanted = list(keys) or ([overall.key] if overall else [])
    return {key: sheet.nodes[key].value for key in wanted if key in sheet.nodes}


def _state(raw: Any) -> str:
    # A matrix's answer is a mapping as well, and may have a row called “state”: only one of the states is meant here.
    is_state = isinstance(raw, dict) and list(raw) == ["state"] and raw["state"] in list(State)
    return str(raw["state"]) if is_state else State.ANSWERED


def _line(sheet: ScoreSheet, key: str, expected: float | None, tolerance: float) -> Line:
    node = sheet.nodes.get(key)
    if node is None:
        return Line(key, key, expected, None, False, _("There is no score “%(key)s”.") % {"key": key})
    return Line(key, node.name, expected, node.value, _agrees(expected, node.value, tolerance), node.reason)


def _agrees(expected: float | None, actual: float | None, tolerance: float) -> bool:
    if expected is None or actual is None:
        return expected is actual
    # A hair beyond the tolerance is noise of binary fractions, not a different score.
    return abs(actual - expected) <= tolerance + 1e-12 * max(1.0, abs(expected), abs(actual))


def in_words(result: SampleResult) -> list[str]:
    """This will say what is wrong with a sample, one sentence each; nothing when it passes."""
    said = [str(problem) for problem in result.problems]
    for line in result.lines:
        if not line.passed:
            said.append(
                _("“%(name)s” must be %(expected)s but is %(actual)s.")
                % {"name": line.name, "expected": _figure(line.expected), "actual": _figure(line.actual)}
            )
    return said


def _figure(value: float | None) -> str:
    return _("no score") if value is None else figure(value)
