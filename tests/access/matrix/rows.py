"""The rows of the mission's matrix of authority, as they stand in its file."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Case = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    """One line: who, where, does what to what in which state, and what has to come of it."""

    id: str
    module: str
    actor: str
    portal_role: str
    mode: str
    relation: str
    object: str
    state: str
    action: str
    expect: str
    deny_as: str

    @property
    def case(self) -> Case:
        return self.object, self.action, self.state

    @property
    def is_allowed(self) -> bool:
        return self.expect == "allow"


@cache
def read(folder: Path) -> tuple[Row, ...]:
    """This will read the matrix, which stands beside the folder of the conformance data."""
    with (folder.parent / "mission" / "authz_matrix.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Row(**{name: line[name] for name in Row.__dataclass_fields__}) for line in csv.DictReader(file))


def cases(folder: Path) -> dict[Case, list[Row]]:
    """This will gather the rows of each object, action and state."""
    found: dict[Case, list[Row]] = {}
    for row in read(folder):
        found.setdefault(row.case, []).append(row)
    return found
