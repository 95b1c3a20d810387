"""The reference values of a draft as a table: typed rows, what is wrong with them, and lines pasted from a sheet.

Pure: a document and text go in, rows and verdicts come out. A value stands for one score and one sector, or for all
industries; of the same score, sector and year there is one.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.industry import industries
from library.answers import PLAIN_NUMBER
from library.document import DefinitionDocument
from library.messages import did_you_mean
from library.scoring.plan import plan
from library.scoring.registry import figure

MOST = 200
COLUMNS = ("score", "industry", "value", "n", "year", "source", "label")
FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST = {"n": 300, "source": 200, "label": 200}
ALL = ""

type NameOf = Callable[[str], str]

_HEADINGS = {
    "score": ("score", "section", "area"),
    "industry": ("industry", "sector", "naics", "naics code", "code"),
    "value": ("value", "average", "mean", "reference", "reference value", "figure"),
    "n": ("n", "companies", "number of companies", "sample", "organizations", "count"),
    "year": ("year", "date", "as of"),
    "source": ("source", "publisher", "from"),
    "label": ("name", "label", "title", "shown as"),
}
_EVERYWHERE = frozenset({"", "all", "all industries", "any", "every", "everybody", "-", "–", "*"})
_DATE = re.compile(r"^(?:(\d{4})(?:[-/.]\d{1,2}){1,2}|\d{1,2}[/.-](?:\d{1,2}[/.-])?(\d{4}))$")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True)
class Row:
    """One reference value as it is typed; `id` is its own while the page lives."""

    id: str
    score: str = ""
    industry: str = ALL
    value: str = ""
    n: str = ""
    year: str = ""
    source: str = ""
    label: str = ""

    @property
    def is_empty(self) -> bool:
        """This will say whether nothing was typed yet beside what is chosen from lists."""
        return not any((self.value, self.n, self.year, self.source, self.label))


@dataclass(frozen=True)
class Built:
    """What rows come to: the document's data when all is well, else mistakes and gaps, {"<id>-<column>": words}."""

    data: list[dict[str, Any]] | None
    errors: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What would become of one pasted line: `fate` is new, replaced, same or wrong; `row` what was read of it."""

    line: int
    fate: str
    text: str
    message: str
    row: Row | None = None


def rows_of(document: DefinitionDocument) -> list[Row]:
    """This will write the stored values as rows."""
    return [
        Row(
            str(number),
            one.score,
            one.industry or ALL,
            f"{one.value:.12g}",
            one.n,
            str(one.year),
            one.source,
            one.label,
        )
        for number, one in enumerate(document.reference_values)
    ]


def score_names(document: DefinitionDocument) -> dict[str, str]:
    """This will name the scores a value can be for: the overall one first, then by the sections they are for."""
    if document.scoring is None:
        return {}
    sections = {score: section for section, score in document.scoring.sections.items()}
    names = {}
    for score in sorted(document.scoring.scores, key=lambda one: one.key != document.scoring.overall):  # type: ignore[union-attr]
        section = document.section(sections[score.key]) if score.key in sections else None
        if score.key == document.scoring.overall:
            names[score.key] = _("%(name)s (overall)") % {"name": score.name}
        elif section is not None and section.name != score.name:
            names[score.key] = f"{score.name} ({section.name})"
        else:
            names[score.key] = score.name
    return names


def ranges(document: DefinitionDocument) -> dict[str, tuple[float, float]]:
    """This will return what each score can be: by its rule, else the scale."""
    if document.scoring is None:
        return {}
    scale = document.scoring.scale
    found = {}
    for node in plan(document).nodes:
        low, high = node.floor_and_ceiling
        usable = math.isfinite(low) and math.isfinite(high) and low < high
        found[node.score.key] = (low, high) if usable else (scale.min, scale.max)
    return found


def built(document: DefinitionDocument, rows: Sequence[Row], name_of: NameOf) -> Built:
    """This will turn rows into the document's data. Rows in which nothing was typed are left out."""
    errors: dict[str, str] = {}
    missing: dict[str, str] = {}
    data = []
    taken: dict[tuple[str, str, int], str] = {}
    known, ends = score_names(document), ranges(document)
    for row in rows:
        if row.is_empty:
            continue
        wrong, gaps, entry = _entry(row, known, ends, name_of)
        errors |= {f"{row.id}-{column}": words for column, words in wrong.items()}
        missing |= {f"{row.id}-{column}": words for column, words in gaps.items()}
        if not wrong and not gaps:
            same = (row.score, row.industry, entry["year"])
            if same in taken:
                errors[f"{row.id}-score"] = _("The same score, industry and year stand in another row.")
            taken[same] = row.id
            data.append(entry)
    if len(data) > MOST:
        errors[f"{rows[-1].id}-score"] = _("A definition has at most %(most)s reference values.") % {"most": MOST}
    return Built(None if errors or missing else data, errors, missing)


def _entry(
    row: Row, known: Mapping[str, str], ends: Mapping[str, tuple[float, float]], name_of: NameOf
) -> tuple[dict[str, str], dict[str, str], dict[str, Any]]:
    wrong: dict[str, str] = {}
    gaps: dict[str, str] = {}
    if row.score not in known:
        wrong["score"] = _("Choose a score of this definition.")
    if row.industry and row.industry not in industries.SECTORS:
        wrong["industry"] = _("Choose a sector, or all industries.")
    value = _number(row.value)
    low, high = ends.get(row.score, (-1e9, 1e9))
    if not row.value:
        gaps["value"] = _("Enter the value.")
    elif value is None:
        wrong["value"] = _("Enter a number such as 61 or 61.5.")
    elif not low <= value <= high:
        wrong["value"] = _("This score is from %(low)s to %(high)s.") % {"low": figure(low), "high": figure(high)}
    year = int(row.year) if row.year.isascii() and row.year.isdigit() and len(row.year) == 4 else None
    if not row.year:
        gaps["year"] = _("Enter the year.")
    elif year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        wrong["year"] = _("Enter a year such as 2026.")
    for column, words in (("n", _("Enter how many companies.")), ("source", _("Enter where it comes from."))):
        text = getattr(row, column)
        if not text:
            gaps[column] = words
    for column, most in LONGEST.items():
        if len(getattr(row, column)) > most:
            wrong[column] = _("At most %(most)s characters.") % {"most": most}
    entry = {
        "score": row.score, "value": value, "label": row.label or label_for(row.industry, name_of), "n": row.n,
        "source": row.source, "year": year,
    }  # fmt: skip
    if row.industry:
        entry["industry"] = row.industry
    return wrong, gaps, entry


def label_for(industry: str, name_of: NameOf) -> str:
    """This will name a value that got no name of its own."""
    if industry not in industries.SECTORS:
        return _("Average of all industries")
    return (_("Average: %(industry)s") % {"industry": name_of(industry)})[: LONGEST["label"]]


def tidy(text: str) -> str:
    """This will return a cell as it is stored: one line, no control characters."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _number(text: str) -> float | int | None:
    written = text.replace("\N{MINUS SIGN}", "-").removesuffix("%").strip()
    if not written or len(written) > 40 or not PLAIN_NUMBER.match(written):
        return None
    value = float(written)
    return int(value) if value == int(value) else value


# Lines of a sheet


def verdicts(document: DefinitionDocument, present: Sequence[Row], text: str, name_of: NameOf) -> list[Verdict]:
    """This will say of each line pasted from a sheet or a CSV what would become of it; nothing is changed.

    The first line may name the columns; without names they stand as in the table.
    """
    lines = _cells(text)
    if not lines:
        return []
    columns = _columns(lines[0][1])
    if columns is not None:
        lines = lines[1:]
    else:
        columns = dict(enumerate(COLUMNS))
    known, ends = score_names(document), ranges(document)
    stored = {(row.score, row.industry, row.year): row for row in present if not row.is_empty}
    met: dict[tuple[str, str, str], int] = {}
    found = []
    for number, cells in lines[: MOST * 2]:
        shown = " · ".join(cell for cell in cells if cell)
        given = {columns[at]: cell for at, cell in enumerate(cells) if at in columns}
        row, problems, notes = _read(number, given, document, known, name_of)
        wrong, gaps, _entry_of = _entry(row, known, ends, name_of)
        said = [*problems.values(), *(words for column, words in (gaps | wrong).items() if column not in problems)]
        place = (row.score, row.industry, row.year)
        if not said and place in met:
            said = [_("The same score, industry and year stand in line %(line)s.") % {"line": met[place]}]
        if said:
            found.append(Verdict(number, "wrong", shown, " ".join(said)))
            continue
        met[place] = number
        before = stored.get(place)
        if before is None:
            found.append(Verdict(number, "new", shown, " ".join(notes), row))
        elif replace(before, id="", label="") == replace(row, id="", label="") and row.label in ("", before.label):
            found.append(Verdict(number, "same", shown, " ".join(notes), row))
        else:
            was = _("Was %(value)s.") % {"value": before.value}
            found.append(Verdict(number, "replaced", shown, " ".join([was, *notes]), row))
    return found


def taken_over(present: Sequence[Row], judged: Sequence[Verdict]) -> list[Row]:
    """This will return the table with all lines that can be taken: new ones at the end, others in their place."""
    rows = [row for row in present if not row.is_empty]
    at = {(row.score, row.industry, row.year): place for place, row in enumerate(rows)}
    following = max((int(row.id) for row in present), default=-1) + 1
    for verdict in judged:
        row = verdict.row
        if row is None or verdict.fate == "same":
            continue
        place = at.get((row.score, row.industry, row.year))
        if place is None:
            rows.append(replace(row, id=str(following)))
            following += 1
        else:
            rows[place] = replace(row, id=rows[place].id, label=row.label or rows[place].label)
    return rows


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """The lines with their numbers: tabs as a sheet pastes them, else the separator the first line has most of."""
    clean = text.replace("\ufeff", "").replace("\x00", "")
    first = next((line for line in clean.splitlines() if line.strip()), "")
    separator = "\t" if "\t" in first else max(",;|", key=first.count)
    reader = csv.reader(io.StringIO(clean, newline=""), delimiter=separator)
    found = []
    try:
        for cells in reader:
            tidied = [tidy(cell) for cell in cells]
            if any(tidied):
                found.append((reader.line_num, tidied))
    except csv.Error:  # a cell longer than the reader takes
        return found
    return found


def _columns(cells: Sequence[str]) -> dict[int, str] | None:
    named: dict[int, str] = {}
    for at, cell in enumerate(cells):
        word = cell.casefold().strip(" *:")
        column = next((column for column, words in _HEADINGS.items() if word in words), None)
        if column and column not in named.values():
            named[at] = column
    return named if {"score", "value"} <= set(named.values()) else None


def _read(
    number: int, given: Mapping[str, str], document: DefinitionDocument, known: Mapping[str, str], name_of: NameOf
) -> tuple[Row, dict[str, str], list[str]]:
    problems: dict[str, str] = {}
    notes: list[str] = []
    score, problem = _score(given.get("score", ""), document, known)
    if problem:
        problems["score"] = problem
    industry, problem = _industry(given.get("industry", ""), name_of)
    if problem:
        problems["industry"] = problem
    year = given.get("year", "")
    if dated := _DATE.match(year):
        year = dated[1] or dated[2]
        notes.append(_("Of the date, the year is kept."))
    value = given.get("value", "").removesuffix("%").strip()
    if re.fullmatch(r"-?\d+,\d+", value):  # a sheet of a country that writes 61,5
        value = value.replace(",", ".")
    row = Row(str(number), score, industry, value, given.get("n", ""), year, given.get("source", ""), given.get("label", ""))  # fmt: skip
    return row, problems, notes


def _score(text: str, document: DefinitionDocument, known: Mapping[str, str]) -> tuple[str, str]:
    word = text.casefold()
    names: dict[str, str] = {}
    if document.scoring is not None:
        for section, score in document.scoring.sections.items():
            found = document.section(section)
            names |= {section.casefold(): score} | ({found.name.casefold(): score} if found else {})
        for one in document.scoring.scores:
            names |= {one.name.casefold(): one.key, one.key.casefold(): one.key}
        names |= {"overall": document.scoring.overall, **{name.casefold(): key for key, name in known.items()}}
    if word in names:
        return names[word], ""
    if not text:
        return "", _("The score is missing.")
    said = _("No score is called “%(name)s”%(hint)s.") % {"name": text[:60], "hint": did_you_mean(text, known.values())}
    return "", said


def _industry(text: str, name_of: NameOf) -> tuple[str, str]:
    word = text.casefold()
    if word in _EVERYWHERE:
        return ALL, ""
    for code, title in industries.SECTORS.items():
        if word in (code, title.casefold(), name_of(code).casefold(), f"{code} {title}".casefold()):
            return code, ""
    if industries.is_valid(text):
        sector = industries.sector(text)
        if industries.subsector(text) is None:
            return sector, ""
        said = _("“%(code)s” is finer than a sector. Reference values stand for sectors: %(sector)s.")
        return ALL, said % {"code": text[:20], "sector": sector}
    titles = [*industries.SECTORS.values()]
    said = _("No sector is called “%(name)s”%(hint)s.") % {"name": text[:60], "hint": did_you_mean(text, titles)}
    return ALL, said
