"""What the cells of a list of questions say: truth, numbers, types of questions, answers with their scores."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from library.exchange.headings import reduced

TYPES: Mapping[str, tuple[str, ...]] = {
    "single_choice": (
        "single choice", "single", "choice", "radio", "radiogroup", "radio button", "radio buttons", "dropdown",
        "drop down", "select", "select one", "pick one", "one choice", "single select", "one of", "list", "likert",
        "multiple choice single answer", "mcq",
    ),
    "multiple_choice": (
        "multiple choice", "multiple", "checkbox", "checkboxes", "check boxes", "multi select", "multiselect",
        "select many", "select multiple", "select all that apply", "several choices", "many of", "tagbox",
        "multiple answers", "multiple choice multiple answers",
    ),
    "yes_no": ("yes no", "yes or no", "boolean", "bool", "y n", "true false", "toggle", "binary"),
    "scale": ("scale", "rating", "rating scale", "linear scale", "opinion scale", "slider", "stars", "nps", "score"),
    "number": ("number", "numeric", "integer", "decimal", "figure", "amount", "quantity", "percentage", "percent"),
    "text": ("text", "short text", "short answer", "line", "single line", "string", "textbox", "open", "free text"),
    "long_text": (
        "long text", "paragraph", "comment", "essay", "textarea", "multi line", "multiline", "long answer", "memo",
        "open ended", "open question",
    ),
    "date": ("date", "day", "calendar"),
    "matrix": ("matrix", "grid", "table", "likert grid", "multiple choice grid", "radio grid"),
    "file": ("file", "file upload", "upload", "attachment", "document", "evidence"),
}  # fmt: skip
TYPE_OF = {word: kind for kind, words in TYPES.items() for word in (*words, kind.replace("_", " "))}
# In other tools this means one answer as often as several; the report says how it was read.
AMBIGUOUS_TYPES = frozenset({"multiple choice", "multiple"})

TRUE = frozenset(
    {"yes", "y", "true", "1", "x", "required", "mandatory", "on", "✓", "✔", "✅", "☑", "ja", "oui", "si", "sí"}
)
FALSE = frozenset({"", "no", "n", "false", "0", "optional", "off", "-", "–", "✗", "✘", "❌", "☐", "nein", "non"})
YES = frozenset({"yes", "y", "true", "ja", "oui", "si", "sí"})
NO = frozenset({"no", "n", "false", "nein", "non"})

NUMBER = re.compile(r"[-+−]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][-+]?[0-9]{1,3})?\Z")
RANGE = re.compile(r"([-+]?[0-9]{1,4})\s*(?:-|–|—|\.\.+|…|to)\s*([-+]?[0-9]{1,4})\Z", re.IGNORECASE)
WITH_SCORE = re.compile(r"(?s)(.*?)\s*=\s*([^=]*)\Z")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer as a cell names it, with its score or None."""

    text: str
    score: float | None = None


def truth(cell: str) -> bool | None:
    """This will read yes or no; None for what is neither."""
    word = cell.strip().casefold()
    return True if word in TRUE else False if word in FALSE else None


def number(cell: str) -> float | None:
    """This will read a number, with a point or a comma; None for what is none, or is beyond ±1,000,000,000."""
    text = cell.strip().replace("\u00a0", "").replace("−", "-")
    if not NUMBER.match(text):
        return None
    value = float(text.replace(",", "."))
    if not abs(value) <= 1e9:
        return None
    return int(value) if value == int(value) else value


def span(cell: str) -> tuple[int, int] | None:
    """This will read “1-5”, “0 to 10” or “1..4” as two ends, the lower first."""
    match = RANGE.match(cell.strip())
    if not match:
        return None
    low, high = int(match.group(1)), int(match.group(2))
    return (low, high) if low < high else None


def kind(cell: str) -> str | None:
    """This will name the type of question a word stands for; None for a word nobody knows."""
    return TYPE_OF.get(reduced(cell))


def parts(cell: str) -> tuple[list[str], str]:
    """This will split a list in one cell, as (parts, separator): by line breaks, else by “|”, else by “;”.

    Commas stand in texts too often: they only separate where nothing else does and every part is short.
    """
    for separator in ("\n", "|", ";"):
        if separator in cell.replace("\r\n", "\n").replace("\r", "\n").strip():
            found = re.split(r"\r\n|\r|\n" if separator == "\n" else re.escape(separator), cell)
            return [part.strip() for part in found if part.strip()], separator
    found = [part.strip() for part in cell.split(",") if part.strip()]
    if len(found) > 1 and all(len(part) <= 40 for part in found) and not _is_one_number(cell):
        return found, ","
    return ([cell.strip()] if cell.strip() else []), ""


def choice(part: str) -> Choice:
    """This will read one answer: “In part = 2” is the answer “In part” with the score 2."""
    match = WITH_SCORE.match(part)
    if match and match.group(1).strip():
        score = number(match.group(2))
        if score is not None:
            return Choice(match.group(1).strip(), score)
    return Choice(part)


def slug(text: str, longest: int = 60) -> str:
    """This will write text as a key: its letters a–z, digits and . - _; empty when it has none of them."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    key = re.sub(r"[^A-Za-z0-9._-]+", "-", ascii_text).strip("-._")[:longest]
    return key.rstrip("-._")


def words_slug(text: str, longest: int = 40) -> str:
    """This will write a sentence as a key: its first words in lower case, whole ones."""
    key = slug(text.lower().replace("'", "").replace("’", ""), 400).replace(".", "-").replace("_", "-")
    key = re.sub(r"-+", "-", key)
    if len(key) <= longest:
        return key
    return key[: longest + 1].rpartition("-")[0] or key[:longest]


def unused(key: str, used: set[str]) -> str:
    """This will return the key, with a number behind it when it is used already."""
    if key not in used:
        return key
    count = 2
    while f"{key}-{count}" in used:
        count += 1
    return f"{key}-{count}"


def _is_one_number(cell: str) -> bool:
    return number(cell) is not None
