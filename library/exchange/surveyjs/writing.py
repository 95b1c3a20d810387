"""A definition as a SurveyJS survey: sections as pages and panels, conditions as expressions.

What a survey has no place for is left out and reported: scoring above all, and what was said about results.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from library.document import Condition, DefinitionDocument, Option, Question, Section
from library.exchange.plain_words import LONGEST_LINE, one_line
from library.exchange.report import Line, Verdict
from library.exchange.surveyjs.expressions import equal
from library.exchange.surveyjs.translation import of_condition, special_values

# SurveyJS draws a rating as buttons in a row; longer scales are a slider.
LONGEST_RATING = 20

type Json = dict[str, Any]


def export(document: DefinitionDocument) -> tuple[Json, list[Line]]:
    """This will write a definition as a survey, as (data for its JSON file, what became of each of its parts)."""
    writer = _Writer(document)
    survey: Json = {"title": document.name}
    if document.description or document.summary:
        survey["description"] = document.description or document.summary
    if document.language != "en":
        survey["locale"] = document.language
    survey["pages"] = [writer.page(section) for section in document.sections]
    return survey, [*writer.lines, *_left_out(document)]


class _Writer:
    """Writes the parts of one definition, and what became of them."""

    def __init__(self, document: DefinitionDocument):
        self.document = document
        self.lines: list[Line] = []

    def page(self, section: Section) -> Json:
        """A section as a page, or inside another as a panel: questions first, then the sections in it."""
        changes: list[str] = []
        page: Json = {"name": section.key, "title": section.name}
        if section.description:
            page["description"] = section.description
        page |= self.expression("visibleIf", section.show_if, changes)
        self.report(section.key, section.name, changes)
        page["elements"] = [self.question(question) for question in section.questions]
        page["elements"] += [{"type": "panel", **self.page(inner)} for inner in section.sections]
        return page

    def question(self, question: Question) -> Json:
        """A question as an element of the type that asks the same."""
        changes = list(_changes(question))
        element: Json = {"type": "", "name": question.key, "title": question.text}
        if question.help:
            element["description"] = question.help
        element |= WRITERS[question.type](question, changes)
        element |= self.expression("visibleIf", question.show_if, changes)
        element |= self.expression("requiredIf", question.require_if, changes)
        if question.required:
            element["isRequired"] = True
        if question.type != "file":
            element["showCommentArea"] = question.allow_comment
        self.report(question.key, question.text, changes)
        return element

    def expression(self, name: str, condition: Condition | None, changes: list[str]) -> Json:
        """A condition as the property of this name; nothing without one."""
        if condition is None:
            return {}
        compared = _text_comparisons(self.document, condition)
        if compared:
            listed = ", ".join(f"“{key}”" for key in compared)
            changes.append(_("SurveyJS compares the text of %(questions)s in any case.") % {"questions": listed})
        return {name: of_condition(condition, self.document)}

    def report(self, where: str, what: str, changes: Iterable[str]) -> None:
        why = " ".join(changes)
        verdict: Verdict = "changed" if why else "taken"
        self.lines.append(Line(where, verdict, one_line(what, LONGEST_LINE), why))


# Types


def _choices(question: Question, changes: list[str]) -> Json:
    several = question.type == "multiple_choice"
    element: Json = {
        "type": "checkbox" if several else "radiogroup",
        "choices": [_choice(option) for option in question.choices],
    }
    special = special_values(question)
    if "is_dont_know" in special:
        element |= {"showDontKnowItem": True, "dontKnowText": _("I don't know")}
    if "is_not_applicable" in special:
        element |= {"showRefuseItem": True, "refuseText": _("Not applicable")}
    if len(special) < question.allow_dont_know + question.allow_not_applicable:
        changes.append(_("“Not applicable” or “I don't know” is left out: an option has the value it needs."))
    if any(option.exclusive for option in question.choices):
        changes.append(_("In SurveyJS options that exclude the others can be combined with them."))
    _note_alike(question, changes)
    return element


def _choice(option: Option) -> Json:
    choice: Json = {"value": option.key, "text": option.text}
    if option.value is not None:
        choice["score"] = option.value
    if option.exclusive:
        choice["exclusive"] = True
    return choice


def _note_alike(question: Question, changes: list[str]) -> None:
    keys = [option.key for option in question.choices]
    if len(keys) <= 50 and any(equal(one, other) for place, one in enumerate(keys) for other in keys[:place]):
        changes.append(_("SurveyJS cannot tell options apart whose keys differ in case or in how a number is written."))


def _yes_no(question: Question, changes: list[str]) -> Json:
    element: Json = {"type": "boolean"}
    if question.options:
        yes, no = question.choice("yes"), question.choice("no")
        element |= {"labelTrue": yes.text if yes else "", "labelFalse": no.text if no else ""}
        if [option.value for option in (yes, no) if option] != [1, 0]:
            changes.append(_("Scores of yes and no are left out."))
    return element


def _text(question: Question, changes: list[str]) -> Json:
    element: Json = {"type": "comment" if question.type == "long_text" else "text"}
    return element | ({"maxLength": question.max_length} if question.max_length else {})


def _number(question: Question, changes: list[str]) -> Json:
    element: Json = {"type": "text", "inputType": "number"}
    bounds = {"minValue": question.minimum, "maxValue": question.maximum}
    validator = {name: bound for name, bound in bounds.items() if bound is not None}
    if validator:
        element["validators"] = [{"type": "numeric", **validator}]
    if question.decimals is not None:
        element["step"] = round(10**-question.decimals, question.decimals) if question.decimals else 1
    if question.unit:
        changes.append(_("The unit “%(unit)s” is left out.") % {"unit": question.unit})
    return element


def _scale(question: Question, changes: list[str]) -> Json:
    low, high = int(question.minimum or 0), int(question.maximum or 0)
    if high - low >= LONGEST_RATING:
        if question.low_label or question.high_label:
            changes.append(_("Words at the ends of the scale are left out."))
        return {"type": "text", "inputType": "range", "min": str(low), "max": str(high), "step": 1}
    element: Json = {"type": "rating", "rateMin": low, "rateMax": high}
    if question.low_label:
        element["minRateDescription"] = question.low_label
    if question.high_label:
        element["maxRateDescription"] = question.high_label
    return element


def _matrix(question: Question, changes: list[str]) -> Json:
    return {
        "type": "matrix",
        "columns": [_choice(option) for option in question.choices],
        "rows": [{"value": row.key, "text": row.text} for row in question.rows],
    } | ({"eachRowRequired": True} if question.required else {})


def _file(question: Question, changes: list[str]) -> Json:
    if question.max_files == 1:
        return {"type": "file"}
    return {"type": "file", "allowMultiple": True} | ({"maxFiles": question.max_files} if question.max_files else {})


WRITERS: Mapping[str, Callable[[Question, list[str]], Json]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "scale": _scale,
    "single_choice": _choices,
    "multiple_choice": _choices,
    "yes_no": _yes_no,
    "date": lambda question, changes: {"type": "text", "inputType": "date"},
    "matrix": _matrix,
    "file": _file,
}


# What a survey has no place for


def _changes(question: Question) -> Iterable[str]:
    """What of a question is left out, whatever its type."""
    if question.type not in ("single_choice", "multiple_choice"):
        if question.allow_not_applicable:
            yield _("“Not applicable” is left out.")
        if question.allow_dont_know:
            yield _("“I don't know” is left out.")
    if any(option.help for option in question.choices):
        yield _("Help of the options is left out.")
    left_out = {
        _("why it is asked"): question.why,
        _("weight"): question.weight != 1,
        _("tags"): question.tags,
        _("score bands"): question.bands,
        _("recommendations"): question.recommendations,
        _("how options combine"): question.combine != "sum",
        _("evidence"): question.allow_evidence,
    }
    named = [name for name, there in left_out.items() if there]
    if named:
        yield _("Left out: %(parts)s.") % {"parts": ", ".join(named)}


def _left_out(document: DefinitionDocument) -> Iterable[Line]:
    why = _("A survey has no place for it.")
    scoring = document.scoring
    parts: Mapping[str, tuple[str, Any]] = {
        "scoring": (_("Scores and zones"), scoring),
        "reference_values": (_("Reference values"), document.reference_values),
        "samples": (_("Sample answers"), document.samples),
        "children": (_("Child definitions"), document.children),
        "attribution": (_("Attribution"), document.attribution),
        "group": (_("Group"), document.group),
        "tags": (_("Tags"), document.tags),
        "summary": (_("Summary"), document.summary if document.description else ""),
        "estimated_minutes": (_("Estimated minutes"), document.estimated_minutes),
        "sample_report": (_("Sample report"), document.sample_report),
    }
    for where, (what, there) in parts.items():
        if there:
            yield Line(where, "not_taken", what, why)


def _text_comparisons(document: DefinitionDocument, condition: Condition) -> list[str]:
    found = [key for part in condition.parts for key in _text_comparisons(document, part)]
    question = document.question(condition.question or "")
    if question and question.type in ("text", "long_text") and condition.operator in ("equals", "not_equals", "any_of"):
        found.append(question.key)
    return list(dict.fromkeys(found))
