"""The rows of the matrix about previews: what is looked at is committed, for a preview reads through a login of its own."""

import pytest

from tests import cast
from tests.access.matrix import deviations
from tests.access.matrix.actors import visits
from tests.access.matrix.cases import CASES, doors_of
from tests.access.matrix.rows import Case, Row, cases
from tests.access.matrix.trials import Scene, Trial
from tests.access.test_preview_writes import everything_committed


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "thing" in metafunc.fixturenames:
        metafunc.parametrize("thing", groups())


def test_the_rows_of(thing: str, conformance_data, fresh_database: str):
    """They meet what the matrix says, and not a row of any table is another one afterwards."""
    wrong: list[str] = []
    tried = [
        row
        for full, rows in cases(conformance_data).items()
        for row in rows
        if group_of(full) == thing and doors_of(full) and row.mode.startswith("preview") and not deviations.reason(row)
    ]
    with cast.inside():
        scenes = {key: Scene(*key) for key in {key_of(row) for row in tried}}
    # Previews of another account first: later, one of this account runs as well.
    for is_elsewhere in (True, False):
        with cast.inside():
            those = [row for row in tried if row.relation.startswith("another_account") == is_elsewhere]
            attempts = [(row, visit) for row in those for visit in visits(row)]
        before = everything_committed()
        for row, visit in attempts:
            wrong += Trial(row, scenes[key_of(row)]).problems_of(visit)
        assert everything_committed() == before
    assert not wrong, "\n".join(wrong)


def key_of(row: Row) -> tuple[Case, str]:
    """Which site a row is about, its relation says; all else is the same whoever asks."""
    return row.case, row.relation if row.object == "site" else ""


def group_of(case: Case) -> str:
    """Things of one kind stand on one stage, unless they would fill its lists or change each other."""
    thing, action, state = case
    return f"{thing} {action}" if thing == "assessment" else f"{thing} {state}" if thing == "report" else thing


def groups() -> list[str]:
    states = ("enabled_for_account", "not_enabled")
    named = {group_of(case): None for case in CASES if case[0] != "report"}
    return [*named, *(group_of(("report", "", state)) for state in states)]
