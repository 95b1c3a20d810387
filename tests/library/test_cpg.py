"""CISA CPG 2.0: every case of the conformance data, through the own format and the real engine."""

import json
from pathlib import Path
from typing import Any

import pytest

from library.document import DefinitionDocument, parse
from library.reading import read
from library.scoring.engine import score
from tests.library.converters import cpg

TOLERANCE = 1e-9


@pytest.fixture(scope="session")
def cases(conformance_data: Path) -> list[dict[str, Any]]:
    return json.loads((conformance_data / "cisa-cpg-2.0" / "scoring_cases.json").read_text())["cases"]


@pytest.fixture(scope="session")
def document(conformance_data: Path) -> DefinitionDocument:
    source = read((conformance_data / "cisa-cpg-2.0" / "definition.json").read_bytes(), "definition.json")
    return parse(cpg.convert(source))


def test_the_goals_are_all_there(document: DefinitionDocument) -> None:
    assert document.question_count == 34
    impacts = [question.tags["impact"] for question in document.questions()]
    assert {tier: impacts.count(tier) for tier in cpg.TIERS} == {"High": 30, "Moderate": 3, "Low": 1}


def test_every_case_has_its_scores(document: DefinitionDocument, cases: list[dict[str, Any]]) -> None:
    assert len(cases) == 11
    for case in cases:
        sheet = score(document, cpg.answers(case))
        for key, expected in case["expected"].items():
            assert sheet.nodes[key].value == pytest.approx(expected, abs=TOLERANCE), (case["id"], key)


def test_one_goal_of_a_small_tier_outweighs_many_of_a_large_one(
    document: DefinitionDocument, cases: list[dict[str, Any]]
) -> None:
    only_low = next(case for case in cases if case["id"] == "only-the-low-goal")
    sheet = score(document, cpg.answers(only_low))
    explanation = sheet.explain("overall")
    assert explanation.figures == "(0 + 0 + 100) ÷ 3 = 33.3333"
    assert [line.name for line in explanation.counted] == [
        "Goals of high impact",
        "Goals of moderate impact",
        "Goals of low impact",
    ]


def test_the_definition_survives_export_and_import(document: DefinitionDocument) -> None:
    again = parse(read(document.to_json().encode(), "export.json"))
    assert again == document
    assert again.to_json() == document.to_json()
