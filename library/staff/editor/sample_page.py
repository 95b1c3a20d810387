"""The test bench in the editor: all samples with what they give, and one sample with its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from library import answer_control, bench
from library.answers import answer
from library.authoring import bench_state
from library.conditions import visible_questions
from library.document import Question, Sample, Section
from library.drafting.drafts import Draft
from library.drafting.parts import NoSuchPart
from library.scoring.engine import ScoreSheet, score
from library.scoring.registry import figure

from . import part_saving

ANSWERS_SHOWN = 20


@dataclass(frozen=True)
class Chosen:
    """Which of a sample's questions are shown: one section's, a page of them at a time."""

    section: str = ""
    page: int = 1

    @classmethod
    def of_query(cls, query: QueryDict) -> "Chosen":
        page = query.get("page", "1")
        is_number = page.isascii() and page.isdigit() and len(page) < 5
        return cls(query.get("section", ""), max(int(page), 1) if is_number else 1)


def bench_of(definition_id: UUID, draft: Draft) -> dict[str, Any]:
    """This will run all samples and say what each gave."""
    document = bench_state.document_of(draft)
    is_sound = bench_state.can_be_scored(draft, document)
    results = bench.run(document) if is_sound else []
    lines = [
        {
            "name": result.sample.name,
            "url": reverse("staff:sample", args=[definition_id, result.sample.key]),
            "passed": result.passed,
            "answers": len(result.sample.answers),
            "expected": len(result.sample.expected),
            "wrong": bench.in_words(result),
        }
        for result in results
    ]
    failing = sum(1 for line in lines if not line["passed"])
    return {
        "lines": lines,
        "failing": failing,
        "passing": len(lines) - failing,
        "is_scored": draft.document.scoring is not None,
        "is_broken": draft.document.scoring is not None and not is_sound,
        "scoring_url": reverse("staff:scoring", args=[definition_id]),
        "url": reverse("staff:samples", args=[definition_id]),
    }


def result_of(definition_id: UUID, draft: Draft, sample: Sample) -> dict[str, Any]:
    """This will score one sample and lay out expected, actual and difference."""
    document = bench_state.document_of(draft)
    if not bench_state.can_be_scored(draft, document):
        return {"is_broken": True, "filling_url": reverse("staff:sample_filling", args=[definition_id, sample.key])}
    result = bench.run_sample(document, sample)
    return {
        "passed": result.passed,
        "lines": [_result_line(definition_id, sample, line) for line in result.lines],
        "problems": [part_saving.in_words(document, problem.message) for problem in result.problems],
        "hidden": len(result.hidden),
        "filling_url": reverse("staff:sample_filling", args=[definition_id, sample.key]),
    }


def _result_line(definition_id: UUID, sample: Sample, line: bench.Line) -> dict[str, Any]:
    both = line.expected is not None and line.actual is not None
    return {
        "name": line.name,
        "expected": _("no score") if line.expected is None else figure(line.expected),
        "actual": _("no score") if line.actual is None else figure(line.actual),
        "difference": figure(line.actual - line.expected) if both and line.actual != line.expected else "",
        "passed": line.passed,
        "reason": line.reason,
        "url": reverse("staff:sample_explanation", args=[definition_id, sample.key, line.score]),
    }


def answers_of(
    definition_id: UUID,
    draft: Draft,
    sample: Sample,
    chosen: Chosen,
    typed: Mapping[str, answer_control.Typed] | None = None,
    errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """This will lay out one page of a sample's questions with their controls, and where the others are."""
    document = bench_state.document_of(draft)
    given, _problems = bench.answers_of(document, sample.answers)
    asked = visible_questions(document, given)
    sections = [section for section in document.all_sections() if section.questions]
    section = next((one for one in sections if one.key == chosen.section), sections[0] if sections else None)
    questions = section.questions if section else ()
    pages = max(1, -(-len(questions) // ANSWERS_SHOWN))
    page = min(chosen.page, pages)
    shown = questions[(page - 1) * ANSWERS_SHOWN : page * ANSWERS_SHOWN]
    numbers = {question.key: number for number, question in enumerate(document.questions(), 1)}
    here = reverse("staff:sample", args=[definition_id, sample.key])
    at = f"section={section.key if section else ''}"
    return {
        "sections": [_section_line(here, one, section, given) for one in sections],
        "section_name": section.name if section else "",
        "questions": [
            {
                "key": question.key,
                "number": numbers[question.key],
                "url": f"{reverse('staff:sample_answer', args=[definition_id, sample.key, question.key])}?{at}&page={page}",
                "explanation_url": reverse("staff:sample_question", args=[definition_id, sample.key, question.key]),
                "is_asked": question.key in asked,
                "is_given": question.key in sample.answers,
                "is_file": question.type == "file",
                "control": answer_control.of(
                    question,
                    (typed or {}).get(question.key) or given.get(question.key),
                    prefix=prefix_of(question),
                    error=(errors or {}).get(question.key, ""),
                ),
            }
            for question in shown
        ],
        "earlier": f"{here}?{at}&page={page - 1}" if page > 1 else "",
        "later": f"{here}?{at}&page={page + 1}" if page < pages else "",
        "page": page,
        "pages": pages,
    }


def _section_line(here: str, section: Section, current: Section | None, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": section.name,
        "url": f"{here}?section={section.key}",
        "is_current": current is not None and section.key == current.key,
        "answered": sum(1 for question in section.questions if question.key in given),
        "total": len(section.questions),
    }


def prefix_of(question: Question) -> str:
    """This will begin the names of a question's fields: by its key, because numbers move."""
    return f"{question.key}-"


def save_answer(by: Viewer, draft: Draft, key: str, question: Question, fields: QueryDict) -> part_saving.Saved:
    """This will store what was answered to one question of a sample. Raises InvalidAnswer.

    What others answer to the sample's other questions meanwhile stays.
    """
    if fields.get("do") == "clear":
        made = None
    else:
        state, raw = answer_control.read(question, fields, prefix_of(question))
        made = answer(question, raw, state) if state else None
    value = bench.as_sample({question.key: made})[question.key] if made else None

    def answers(content: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name: one for name, one in content.get("answers", {}).items() if name != question.key}
        return {"answers": kept if made is None else {**kept, question.key: value}}

    return part_saving.save(by=by, draft=draft, part=f"sample:{key}", fields=answers)


def save_filled(by: Viewer, draft: Draft, sample: Sample) -> part_saving.Saved:
    """This will make what a sample gives now what it must give."""
    document = bench_state.document_of(draft)
    if not bench_state.can_be_scored(draft, document):
        raise Http404
    given, _problems = bench.answers_of(document, sample.answers)
    expected = bench.scores_of(document, given, sample.expected)
    fields = {"expected": expected or bench.scores_of(document, given)}
    return part_saving.save(by=by, draft=draft, part=f"sample:{sample.key}", fields=fields)


def sheet_of(draft: Draft, sample: Sample) -> ScoreSheet:
    """This will score a sample's answers. Raises Http404 for a draft that cannot be scored."""
    document = bench_state.document_of(draft)
    if not bench_state.can_be_scored(draft, document):
        raise Http404
    return score(document, bench.answers_of(document, sample.answers)[0])


def sample_in(draft: Draft, key: str) -> Sample:
    """This will return a sample of the draft; Http404 when there is none with this key."""
    try:
        draft.content(f"sample:{key}")
    except NoSuchPart:
        raise Http404 from None
    return next(one for one in draft.document.samples if one.key == key)


def question_in(draft: Draft, key: str) -> Question:
    """This will return a question of the draft or of its children; Http404 when there is none with this key."""
    question = bench_state.document_of(draft).question(key)
    if question is None:
        raise Http404
    return question


def users_of(draft: Draft, key: str) -> list[tuple[str, str]]:
    """This will list (key, name) of the scores that a score goes into."""
    document = bench_state.document_of(draft)
    scores = document.scoring.scores if document.scoring else ()
    return [(one.key, one.name) for one in scores if any(key in pick.scores for pick in one.inputs)]
