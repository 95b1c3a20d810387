"""What the columns of a list of questions may be called."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

# Field → the headings it is known by, in lower case and reduced to letters, digits and single spaces.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "section": (
        "section", "section name", "category", "area", "domain", "topic", "group", "theme", "chapter", "heading",
        "practice", "page", "block",
    ),
    "text": (
        "question", "question text", "text", "prompt", "questions", "title", "item", "item text", "statement",
        "requirement", "control", "control text", "label", "question title", "question prompt", "ask",
    ),
    "key": (
        "key", "id", "question key", "question id", "code", "question code", "ref", "reference", "no", "nr", "number",
        "question no", "question number", "qid", "identifier", "control id", "requirement id", "variable",
        "variable name",
    ),
    "type": ("type", "question type", "kind", "answer type", "format", "response type", "field type", "input type"),
    "options": (
        "options", "option", "answers", "answer", "choices", "choice", "answer options", "answer option",
        "answer choices", "answer choice", "possible answers", "response options", "responses", "response",
        "answer text", "option text", "values", "list",
    ),
    "scores": (
        "scores", "score", "points", "option scores", "answer scores", "option score", "answer score", "option value",
        "answer value", "option points", "answer points", "point", "mark", "marks",
    ),
    "weight": ("weight", "weighting", "question weight", "importance", "factor"),
    "required": ("required", "mandatory", "is required", "must answer", "compulsory", "obligatory"),
    "help": (
        "help", "help text", "hint", "description", "guidance", "explanation", "instructions", "instruction", "notes",
        "note", "details", "question description", "question help",
    ),
    "why": ("why", "why we ask", "rationale", "reason", "why it matters", "purpose", "background"),
    "show_if": (
        "show if", "condition", "visible if", "display if", "depends on", "only if", "relevant", "ask if",
        "show when", "visible when", "branching", "logic", "show condition",
    ),
    "allow_not_applicable": (
        "n a", "na", "not applicable", "allow n a", "allow na", "allow not applicable", "n a allowed",
        "may be not applicable",
    ),
    "allow_dont_know": (
        "don t know", "dont know", "do not know", "allow don t know", "allow dont know", "unsure", "not sure", "unknown",
        "allow unsure", "i m not sure", "allow don t know answer",
    ),
    "minimum": ("minimum", "min", "lowest", "from", "scale from", "min value"),
    "maximum": ("maximum", "max", "highest", "to", "scale to", "max value"),
    "low_label": ("low label", "minimum label", "min label", "left label", "from label", "label low"),
    "high_label": ("high label", "maximum label", "max label", "right label", "to label", "label high"),
    "unit": ("unit", "units", "unit of measure"),
    "rows": ("rows", "items", "matrix rows", "sub questions", "subquestions", "statements"),
}  # fmt: skip

FIELD_OF = {heading: field for field, headings in SYNONYMS.items() for heading in headings}
# “Option 1”, “Answer B”, “Score 2”: one column for each answer.
NUMBERED = re.compile(r"(option|answer|choice|response|score|points|option score|answer score) ?([0-9]{1,2}|[a-h])\Z")
NUMBERED_SCORES = ("score", "points", "option score", "answer score")


def reduced(heading: str) -> str:
    """This will write a heading the way `SYNONYMS` has them: “ Why_we ask? * ” → “why we ask”."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return " ".join(re.findall(r"[^\W_]+", plain))


def recognised(row: Sequence[str]) -> dict[str, int]:
    """This will map fields to the columns of a row of headings.

    Of two columns for one field the one with the more usual heading counts, then the first. A column for one answer is
    named "option 1", "score 1" and so on. Longer headings than 60 letters are no headings.
    """
    found: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(row):
        field, rank = _field(cell)
        if field and (field not in found or rank < found[field][0]):
            found[field] = (rank, column)
    return {field: column for field, (_rank, column) in found.items()}


def _field(cell: str) -> tuple[str, int]:
    if len(cell) > 60:
        return "", 0
    heading = reduced(cell)
    if field := FIELD_OF.get(heading):
        return field, SYNONYMS[field].index(heading)
    if match := NUMBERED.match(heading):
        which, mark = match.groups()
        number = int(mark) if mark.isdigit() else ord(mark) - ord("a") + 1
        return f"{'score' if which in NUMBERED_SCORES else 'option'} {number}", 0
    return "", 0
