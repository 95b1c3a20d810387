"""NIST SP 800-171 with DoD weights: every case of the conformance data, through the real engine."""

import json
from pathlib import Path
from typing import Any

import pytest

from library.document import DefinitionDocument, parse
from library.reading import read
from library.scoring.engine import score
from tests.library.converters import dod


@pytest.fixture(scope="session")
def source(conformance_data: Path) -> Any:
    return read((conformance_data / "dod-nist-800-171" / "definition.json").read_bytes(), "definition.json")


@pytest.fixture(scope="session")
def cases(conformance_data: Path) -> list[dict[str, Any]]:
    return json.loads((conformance_data / "dod-nist-800-171" / "scoring_cases.json").read_text())["cases"]


@pytest.fixture(scope="session")
def document(source: Any) -> DefinitionDocument:
    return parse(dod.convert(source))


def test_every_case_has_its_score(document: DefinitionDocument, source: Any, cases: list[dict[str, Any]]) -> None:
    assert len(cases) == 16
    for case in cases:
        overall = score(document, dod.answers(source, case)).overall
        assert overall is not None
        if case["expected"] is None:
            assert overall.value is None, case["id"]
            assert overall.reason == "Without a system security plan no score can be given."
        else:
            assert overall.value == pytest.approx(case["expected"], abs=1e-9), case["id"]


def test_the_published_bounds_follow_from_the_questions(document: DefinitionDocument, source: Any) -> None:
    overall = score(document, {}).nodes["overall"]
    assert (overall.floor, overall.ceiling) == (source["min"], source["max"]) == (-203, 110)


def test_what_does_not_apply_can_no_longer_be_lost(document: DefinitionDocument, source: Any) -> None:
    met = {"default": "met", "answers": {"3.1.1": "not_applicable"}}
    overall = score(document, dod.answers(source, met)).nodes["overall"]
    assert (overall.value, overall.reachable_floor, overall.reachable_ceiling) == (110, -198, 110)


def test_an_unanswered_plan_gives_no_score_either(document: DefinitionDocument) -> None:
    assert score(document, {}).nodes["overall"].value is None
