"""An import as its page shows it: what it will become, and what became of each line of the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from library.consistency import unfinished
from library.document import DefinitionDocument
from library.exchange.formats import SOURCES
from library.exchange.report import VERDICTS, Line, counts, of_data
from library.models import DefinitionImport
from library.problems import Problem

WORDS: Mapping[str, Any] = {"taken": _("Taken"), "changed": _("Changed"), "not_taken": _("Not taken")}
TONES = {"taken": "success", "changed": "warn", "not_taken": "danger"}
ICONS = {"taken": "check", "changed": "pencil", "not_taken": "x"}
# Of what is unfinished so much is listed; the editor shows all of it.
MOST_UNFINISHED = 8


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines of a report, as the page's address says it."""

    verdict: str = ""
    words: str = ""

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "Filter":
        """This will read `verdict` and `q`; what an address cannot mean is left out."""
        verdict = query.get("verdict", "")
        return cls(verdict if verdict in VERDICTS else "", query.get("q", "").strip()[:100])

    @property
    def is_narrow(self) -> bool:
        """This will say whether anything is left out because of the filter."""
        return bool(self.verdict or self.words)

    def keeps(self, line: Line) -> bool:
        """This will say whether a line passes: its verdict, and every word somewhere in it."""
        if self.verdict and line.verdict != self.verdict:
            return False
        text = f"{line.place} {line.what} {line.why}".casefold()
        return all(word in text for word in self.words.casefold().split())


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report with the words and the look of its verdict."""

    place: str
    what: str
    why: str
    word: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One verdict to filter by; the empty one stands for all."""

    verdict: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import holds, in figures; `unfinished` is what must be done before it can be published."""

    source: str
    sections: int
    questions: int
    conditions: int
    scores: int
    zones: int
    samples: int
    unfinished: list[Problem]
    unfinished_count: int


def lines_of(proposed: DefinitionImport, chosen: Filter) -> list[Line]:
    """This will return the lines of the report that pass the filter, in the order of the file."""
    return [line for line in of_data(proposed.report) if chosen.keeps(line)]


def rows(lines: list[Line]) -> list[Row]:
    """This will write lines as rows of the table."""
    return [
        Row(line.place, line.what, line.why, str(WORDS[line.verdict]), TONES[line.verdict], ICONS[line.verdict])
        for line in lines
    ]


def chips(proposed: DefinitionImport) -> list[Chip]:
    """This will count the lines of the whole report by verdict, all of them first."""
    counted = counts(of_data(proposed.report))
    every = Chip("", str(_("All")), sum(counted.values()))
    return [every, *(Chip(verdict, str(WORDS[verdict]), count) for verdict, count in counted.items())]


def summary(proposed: DefinitionImport, document: DefinitionDocument) -> Summary:
    """This will count what the definition holds."""
    problems = unfinished(document)
    questions = document.questions()
    conditions = [section.show_if for section in document.all_sections()]
    conditions += [condition for question in questions for condition in (question.show_if, question.require_if)]
    scoring = document.scoring
    return Summary(
        source=str(SOURCES.get(proposed.source, proposed.source)),
        sections=sum(1 for _section in document.all_sections()),
        questions=document.question_count,
        conditions=sum(1 for condition in conditions if condition is not None),
        scores=len(scoring.scores) if scoring else 0,
        zones=len(scoring.zones) if scoring else 0,
        samples=len(document.samples),
        unfinished=problems[:MOST_UNFINISHED],
        unfinished_count=len(problems),
    )
