"""What is wrong with a definition file, each mistake with its place."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it stands (may be empty when the whole file is meant) and what is wrong, in plain words."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class RefusedFile(ValueError):
    """A file that was not taken. `problems` holds at least one mistake; nothing of the file was kept."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UnreadableFile(RefusedFile):
    """The bytes are not the JSON, YAML or archive they should be. One problem; its place names file, line or column."""

    def __init__(self, message: str, place: str = ""):
        self.place = place
        self.message = message
        super().__init__([Problem(place, message)])


class InvalidDefinition(RefusedFile):
    """The file could be read, but it is not a valid definition. All mistakes found are in `problems`."""


def place(*parts: Any) -> str:
    """This will write a path into a document the way people read it: place("sections", 2, "key") → sections[2].key."""
    written = ""
    for part in parts:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            # A key of the file may hold what cannot be encoded; a place must always be printable.
            text = str(part).encode("utf-8", "replace").decode("utf-8")[:80]
            written += f".{text}" if written else text
    return written
