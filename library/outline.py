"""A definition as its authors read it through: sections, questions with their answers, and the scoring in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from library.answers import MOST_FILES
from library.condition_words import sentence
from library.document import DefinitionDocument, Question, Section
from library.scoring.plan import PlannedScore
from library.scoring.registry import figure

TYPES: dict[str, Any] = {
    "text": gettext_lazy("Text"),
    "long_text": gettext_lazy("Long text"),
    "number": gettext_lazy("Number"),
    "single_choice": gettext_lazy("One choice"),
    "multiple_choice": gettext_lazy("Several choices"),
    "yes_no": gettext_lazy("Yes or no"),
    "scale": gettext_lazy("Scale"),
    "date": gettext_lazy("Date"),
    "matrix": gettext_lazy("Matrix"),
    "file": gettext_lazy("Files"),
}
TREATMENTS: dict[str, Any] = {
    "zero": gettext_lazy("counts as zero"),
    "exclude": gettext_lazy("is left out"),
    "lowest": gettext_lazy("counts as the lowest score"),
    "full": gettext_lazy("counts as the full score"),
}
SCORES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `answers` are the choices with their scores, as one line; `notes` what else applies to it."""

    number: int
    text: str
    kind: str
    answers: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Part:
    """One section with its own questions; `depth` 0 for a top-level one. `count` includes the sections inside it.

    `condition` says when it is shown, as a clause; "" for always.
    """

    name: str
    description: str
    depth: int
    count: int
    condition: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class ScoreInWords:
    """One score: the rule in a sentence and how much goes into it."""

    name: str
    words: str
    inputs: int
    lowest: str
    highest: str
    is_overall: bool


def parts(document: DefinitionDocument) -> list[Part]:
    """This will list the sections, outer before inner, with numbered questions."""
    numbers = {question.key: number for number, question in enumerate(document.questions(), 1)}
    return [_part(document, section, depth, numbers) for top in document.sections for section, depth in _walk(top, 0)]


def scores(document: DefinitionDocument) -> list[ScoreInWords]:
    """This will describe the overall score and those of the sections, the overall one first."""
    if document.scoring is None:
        return []
    overall, of_sections = document.scoring.overall, list(document.scoring.sections.values())
    planned = {node.score.key: node for node in document.scoring_plan.nodes}
    keys = [overall, *dict.fromkeys(key for key in of_sections if key != overall)]
    return [_in_words(planned[key], key == overall) for key in keys[:SCORES_SHOWN]]


def treatments(document: DefinitionDocument) -> list[tuple[str, str]]:
    """This will say what counts how when a question has no scored answer: [(which, how)]."""
    if document.scoring is None:
        return []
    rules = document.scoring.treatment
    return [
        (_("A question without an answer"), str(TREATMENTS[rules.unanswered])),
        (_("“Not applicable”"), str(TREATMENTS[rules.not_applicable])),
        (_("“I’m not sure”"), str(TREATMENTS[rules.dont_know])),
        (_("An answer without a score of its own"), str(TREATMENTS[rules.no_score])),
    ]


def _walk(section: Section, depth: int) -> Iterator[tuple[Section, int]]:
    yield section, depth
    for inner in section.sections:
        yield from _walk(inner, depth + 1)


def _part(document: DefinitionDocument, section: Section, depth: int, numbers: dict[str, int]) -> Part:
    items = [_item(document, question, numbers) for question in section.questions]
    count = sum(1 for _question in section.all_questions())
    condition = sentence(document, section.show_if, numbers) if section.show_if else ""
    return Part(section.name, section.description, depth, count, condition, items)


def _item(document: DefinitionDocument, question: Question, numbers: dict[str, int]) -> Item:
    notes = [_("required")] if question.required else []
    if question.allow_not_applicable:
        notes.append(_("may be not applicable"))
    if question.allow_dont_know:
        notes.append(_("may be unsure"))
    if question.allow_evidence:
        notes.append(_("takes evidence"))
    if question.recommendations:
        notes.append(_("has recommendations"))
    if question.weight != 1:
        notes.append(_("weight %(weight)s") % {"weight": figure(question.weight)})
    if question.show_if:
        notes.append(_("asked when %(condition)s") % {"condition": sentence(document, question.show_if, numbers)})
    if question.require_if:
        condition = sentence(document, question.require_if, numbers)
        notes.append(_("must be answered when %(condition)s") % {"condition": condition})
    return Item(numbers[question.key], question.text, str(TYPES[question.type]), _answers(question), notes)


def _answers(question: Question) -> str:
    if question.has_options:
        options = " · ".join(_choice(option) for option in question.choices)
        rows = ", ".join(row.text for row in question.rows)
        return _("%(rows)s: %(options)s") % {"rows": rows, "options": options} if rows else options
    if question.type == "file":
        most = question.max_files or MOST_FILES
        return ngettext("up to %(count)s file", "up to %(count)s files", most) % {"count": most}
    if question.minimum is not None and question.maximum is not None:
        return _("%(least)s to %(most)s") % {"least": figure(question.minimum), "most": figure(question.maximum)}
    return ""


def _choice(option: Any) -> str:
    return option.text if option.value is None else f"{option.text} ({figure(option.value)})"


def _in_words(planned: PlannedScore, is_overall: bool) -> ScoreInWords:
    lowest, highest = planned.floor_and_ceiling
    words = planned.rule.words(planned.options)
    return ScoreInWords(
        planned.score.name, str(words), len(planned.inputs), figure(lowest), figure(highest), is_overall
    )
