"""The mission's matrix of authority, row by row, at the product's own doors.

A row that allows has to be let through; one that denies has to be refused the way it says, without a single row of the
database touched. What the product has no room for yet is listed by name, so that nothing is passed over in silence.
"""

from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction

from tests import cast
from tests.access.matrix import deviations
from tests.access.matrix.actors import visits
from tests.access.matrix.cases import CASES, NOT_BUILT_OBJECTS, doors_of
from tests.access.matrix.rows import Case, Row, cases, read
from tests.access.matrix.trials import Scene, Trial

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


def test_every_object_and_action_has_a_door_or_is_listed_as_not_built(conformance_data):
    missing = {
        case[:2]
        for case in cases(conformance_data)
        if case[0] not in NOT_BUILT_OBJECTS and doors_of(case) is None and case[:2] not in deviations.TESTED_ELSEWHERE
    }
    assert missing == set(deviations.NOT_BUILT)


def test_what_is_listed_as_not_built_is_of_the_matrix_and_has_no_door(conformance_data):
    known = {case[:2] for case in cases(conformance_data)}
    doors = {case[:2] for case in CASES}
    assert {name for name, _action in known} >= NOT_BUILT_OBJECTS
    assert not {thing for thing, _action in doors} & NOT_BUILT_OBJECTS
    listed = set(deviations.NOT_BUILT) | set(deviations.TESTED_ELSEWHERE)
    assert listed <= known
    assert not listed & doors
    assert doors <= known


def test_what_is_tested_elsewhere_is_tested_there():
    for place in set(deviations.TESTED_ELSEWHERE.values()):
        file, _colons, name = place.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), place


def test_how_much_of_the_matrix_is_executed(conformance_data, record_property):
    """Counted, so that a change of the registry shows; the listed rest is what later rooms will bring."""
    counted = Counter(
        "not built"
        if row.object in NOT_BUILT_OBJECTS or row.case[:2] in deviations.NOT_BUILT
        else "tested elsewhere"
        if row.case[:2] in deviations.TESTED_ELSEWHERE
        else "executed"
        for row in read(conformance_data)
    )
    record_property("matrix", dict(counted))
    assert sum(counted.values()) == len(read(conformance_data))
    assert counted["executed"] >= deviations.EXECUTED_AT_LEAST


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        known = {name[:2]: None for name in CASES}
        metafunc.parametrize("case", list(known), ids=lambda case: "-".join(case))


def test_the_rows_of(case: tuple[str, str], conformance_data):
    """Everybody but who previews, each attempt in a transaction of its own that is taken back."""
    wrong = []
    with cast.inside():
        for full, rows in cases(conformance_data).items():
            tried = [row for row in rows if not row.mode.startswith("preview") and not deviations.reason(row)]
            if full[:2] == case:
                # Which site it is, the relation says.
                for relation in {row.relation if full[0] == "site" else "" for row in tried}:
                    wrong += _problems(full, [row for row in tried if relation in ("", row.relation)], relation)
    assert not wrong, "\n".join(wrong)


def _problems(full: Case, rows: list[Row], relation: str) -> list[str]:
    wrong: list[str] = []
    with transaction.atomic():
        scene = Scene(full, relation, frozenset(row.actor for row in rows))
        for row in rows:
            with transaction.atomic():
                for visit in visits(row):
                    wrong += list(Trial(row, scene).problems_of(visit))
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return wrong
