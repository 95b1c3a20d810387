"""What became of a file: the definition found in it and, line by line, what is taken, changed or left out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from library import consistency
from library.document import DefinitionDocument, shape
from library.problems import InvalidDefinition

Verdict = Literal["taken", "changed", "not_taken"]
VERDICTS: tuple[Verdict, ...] = ("taken", "changed", "not_taken")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of the file. `place` says where it stands (“row 12”, “pages[0].elements[3]”), `what` names it, `why`
    says how it was changed or why it was left out; plain text, whatever the file holds."""

    place: str
    verdict: Verdict
    what: str
    why: str = ""

    def to_data(self) -> dict[str, str]:
        """This will return the line as it is stored."""
        data = {"place": self.place, "verdict": self.verdict, "what": self.what, "why": self.why}
        # The database keeps every letter but this one.
        return {name: value.replace("\x00", "␀") for name, value in data.items()}


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds. `source` names its format (a key of `formats.SOURCES`), `data` is what `document.shape` takes."""

    source: str
    data: dict[str, Any]
    report: list[Line] = field(default_factory=list)

    def document(self) -> DefinitionDocument:
        """This will return the definition, as a draft may be: whole in itself, perhaps not finished.

        Raises InvalidDefinition with every problem that a draft may not have.
        """
        return drafted(self.data)


def drafted(data: dict[str, Any]) -> DefinitionDocument:
    """This will read data as a draft: right in shape and in its references. Raises InvalidDefinition."""
    document = shape(data)
    problems = consistency.structure(document)
    if problems:
        raise InvalidDefinition(problems)
    return document


def counts(lines: Iterable[Line]) -> dict[str, int]:
    """This will count the lines of each verdict; all three are named."""
    found = Counter(line.verdict for line in lines)
    return {verdict: found[verdict] for verdict in VERDICTS}


def of_data(stored: Iterable[dict[str, str]]) -> list[Line]:
    """This will read lines as `to_data` made them."""
    return [Line(line["place"], line["verdict"], line["what"], line.get("why", "")) for line in stored]  # type: ignore[arg-type]


def of_sections(document_data: dict[str, Any]) -> list[Line]:
    """This will list the sections and questions of data in the own format as taken, each with its place in it."""
    lines: list[Line] = []
    _of_sections(document_data.get("sections"), "", lines)
    return lines


def _of_sections(sections: Any, inside: str, lines: list[Line]) -> None:
    for number, section in enumerate(sections if isinstance(sections, list) else []):
        if not isinstance(section, dict):
            continue
        where = f"{inside}sections[{number}]"
        lines.append(Line(where, "taken", str(section.get("name", ""))))
        questions = section.get("questions")
        for index, question in enumerate(questions if isinstance(questions, list) else []):
            if isinstance(question, dict):
                lines.append(Line(f"{where}.questions[{index}]", "taken", str(question.get("text", ""))))
        _of_sections(section.get("sections"), f"{where}.", lines)
