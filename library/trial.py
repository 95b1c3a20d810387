"""Trying a definition as a respondent: question by question, with scores, and nothing of it is kept anywhere.

The answers given so far travel with the form, as the text of a JSON object in the way a sample of the test bench holds
them. What of it does not fit, because somebody changed it or the draft, is left out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from library import answer_control, bench, consistency, recommendations
from library.answers import Answer, InvalidAnswer, answer, readable
from library.conditions import Completeness, completeness
from library.document import DefinitionDocument, Question
from library.scoring.engine import ScoreSheet, score
from library.scoring.nodes import ScoredNode
from portal.web import charts, figures, markdown

LONGEST = 200_000
RESULTS = "results"


@dataclass(frozen=True)
class Trial:
    """One respondent's way through a definition as far as it has come."""

    document: DefinitionDocument
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @classmethod
    def of_text(cls, document: DefinitionDocument, text: str) -> Self:
        """This will read the answers that a form carried along; an unreadable text holds none."""
        try:
            given = json.loads(text) if len(text) <= LONGEST else {}
        except (ValueError, RecursionError):
            given = {}
        return cls(document, bench.answers_of(document, given)[0] if isinstance(given, dict) else {})

    def to_text(self) -> str:
        """This will write the answers for the form to carry along."""
        return json.dumps(bench.as_sample(self.answers), ensure_ascii=False)

    def answered(self, question: Question, given: Answer | None) -> Self:
        """This will take an answer, or take one back."""
        others = {key: value for key, value in self.answers.items() if key != question.key}
        return type(self)(self.document, others if given is None else {**others, question.key: given})

    @cached_property
    def completeness(self) -> Completeness:
        """This will say which questions are asked with these answers, and which of them are answered."""
        return completeness(self.document, self.answers)

    def near(self, key: str, step: int) -> str:
        """This will return the question one step on or back from another, hidden ones passed over; "" at the ends."""
        order = [question.key for question in self.document.questions()]
        at = order.index(key) if key in order else -1
        ways = order[at + 1 :] if step > 0 else order[:at][::-1] if at > 0 else []
        return next((other for other in ways if other in self._visible), "")

    def number(self, key: str) -> int:
        """This will return a question's place among those asked, counted from 1."""
        return self.completeness.visible.index(key) + 1

    @cached_property
    def _visible(self) -> frozenset[str]:
        return frozenset(self.completeness.visible)

    @cached_property
    def problems(self) -> list[Any]:
        """This will list what keeps a draft from being scored."""
        return consistency.check(self.document)

    @cached_property
    def sheet(self) -> ScoreSheet | None:
        """This will score the answers; None for a definition without scoring or with mistakes in it."""
        return None if self.problems or not self.document.scoring else score(self.document, self.answers)


@dataclass(frozen=True)
class Step:
    """What one page of a trial shows. `at` is the key of a question, or RESULTS."""

    trial: Trial
    at: str
    error: str = ""
    typed: answer_control.Typed | None = None


def first(document: DefinitionDocument) -> Step:
    """This will begin: nothing answered, at the first question that is asked."""
    trial = Trial(document)
    return Step(trial, next(iter(trial.completeness.visible), RESULTS))


def step(document: DefinitionDocument, posted: QueryDict) -> Step:
    """This will take what was typed at one question and go where the pressed button leads.

    `go` is "next", "back", "results", "restart" or "to:<question key>". What is no answer keeps the respondent there.
    """
    go, at = posted.get("go", "next"), posted.get("at", "")
    if go == "restart":
        return first(document)
    trial = Trial.of_text(document, posted.get("answers", ""))
    question = document.question(at)
    if question is not None and question.type != "file":
        typed = answer_control.Typed.of_form(question, posted)
        try:
            state = typed.state
            trial = trial.answered(question, answer(question, typed.raw, state) if state else None)
        except InvalidAnswer as error:
            if go == "next":
                return Step(trial, at, error.message, typed)
    return Step(trial, _target(trial, at, go))


def _target(trial: Trial, at: str, go: str) -> str:
    visible = trial.completeness.visible
    wanted = go.removeprefix("to:") if go.startswith("to:") else ""
    if wanted in visible:
        return wanted
    if go == "back":
        return trial.near(at, -1) or next(iter(visible), RESULTS)
    return RESULTS if go == RESULTS else trial.near(at, 1) or RESULTS


def page_of(step: Step, *, explained: bool) -> dict[str, Any]:
    """This will return what the page draws: the question with its control, or the results.

    `explained`: with how each score came about, which shows weights and values of answers.
    """
    trial, document = step.trial, step.trial.document
    question = document.question(step.at)
    context: dict[str, Any] = {
        "document": document,
        "answers": trial.to_text(),
        "at": step.at,
        "answered": len(trial.completeness.answered),
        "total": len(trial.completeness.visible),
        "sections": _sections(trial, step.at),
        "has_errors": bool(step.error),
    }
    if question is None:
        return context | {"results": _results(trial, explained)}
    shown = step.typed or trial.answers.get(question.key)
    placed = document.places.questions[question.key]
    section = document.section(placed[1])
    return context | {
        "control": answer_control.of(question, shown, error=step.error),
        "asked": question,
        "number": trial.number(question.key) if question.key in trial.completeness.visible else 0,
        "section_name": section.name if section else "",
        "section_text": markdown.render(section.description) if section and section.description else "",
        "is_first": not trial.near(question.key, -1),
        "is_last": not trial.near(question.key, 1),
        "is_required": question.key in trial.completeness.required_missing or question.required,
    }


def _sections(trial: Trial, at: str) -> list[dict[str, Any]]:
    here = trial.document.section_of(at)
    visible, answered = set(trial.completeness.visible), set(trial.completeness.answered)
    found = []
    for section in trial.document.sections:
        keys = [question.key for question in section.all_questions() if question.key in visible]
        if keys:
            done = sum(key in answered for key in keys)
            found.append(
                {
                    "label": section.name,
                    "first": keys[0],
                    "answered": done,
                    "total": len(keys),
                    "current": section is here,
                    "done": done == len(keys),
                }
            )
    return found


def _results(trial: Trial, explained: bool) -> dict[str, Any]:
    document, sheet = trial.document, trial.sheet
    missing = [document.question(key) for key in trial.completeness.required_missing]
    results: dict[str, Any] = {
        "problems": trial.problems,
        "missing": [question for question in missing if question],
        "given": [
            {"key": key, "text": question.text, "words": readable(question, trial.answers.get(key))}
            for key in trial.completeness.visible
            if (question := document.question(key))
        ],
    }
    if sheet is None or sheet.overall is None or document.scoring is None:
        return results
    scale = document.scoring.scale
    zones: list[Any] = [zone.model_dump(by_alias=True) for zone in document.scoring.zones]
    return results | {
        "gauge": charts.gauge(
            sheet.overall.value,
            zones,
            label=_("Overall score"),
            minimum=scale.min,
            maximum=scale.max,
            decimals=scale.decimals,
        ),
        "scores": [
            _score(sheet, node, name, explained)
            for node, name in [
                (sheet.overall, _("Overall")),
                *((node, document.places.sections[key][0].name) for key, node in sheet.sections.items()),
            ]
        ],
        "recommended": [
            {"item": item, "text": markdown.render(item.text)} for item in recommendations.for_sheet(sheet)
        ],
    }


def _score(sheet: ScoreSheet, node: ScoredNode, name: str, explained: bool) -> dict[str, Any]:
    zone = sheet.zone(node)
    return {
        "key": node.key,
        "name": name,
        "value": figures.number(node.value, 2) if node.value is not None else "",
        "percent": round(node.percent) if node.percent is not None else None,
        "zone": zone.label if zone else "",
        "tone": zone.tone if zone else "",
        "reason": node.reason,
        "explanation": sheet.explain(node.key) if explained else None,
    }
