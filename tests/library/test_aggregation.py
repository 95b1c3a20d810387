"""Sum, mean and mean of means over trees with weights: every case of the conformance data."""

import json
from pathlib import Path
from typing import Any

import pytest

from library.document import parse
from library.scoring.engine import score
from tests.library.converters import aggregation


@pytest.fixture(scope="session")
def conformance(conformance_data: Path) -> dict[str, Any]:
    return json.loads((conformance_data / "score-aggregation" / "cases.json").read_text())


def test_every_tree_has_its_scores(conformance: dict[str, Any]) -> None:
    assert len(conformance["cases"]) == 4
    for case in conformance["cases"]:
        sheet = score(parse(aggregation.convert(case)), aggregation.answers(case))
        expected = dict(case["expected"])
        for section, mean in expected.pop("sections_avg", {}).items():
            assert sheet.sections[section].value == pytest.approx(mean, abs=1e-9), (case["id"], section)
        for key, most in expected.pop("max", {}).items():
            assert sheet.nodes[key].ceiling == pytest.approx(most, abs=1e-9), (case["id"], key)
        for key, value in expected.items():
            wanted = None if value is None else pytest.approx(value, abs=1e-9)
            assert sheet.nodes[key].value == wanted, (case["id"], key)


def test_what_does_not_apply_leaves_the_reachable_sum(conformance: dict[str, Any]) -> None:
    case = next(case for case in conformance["cases"] if case["id"] == "B2-not-applicable")
    node = score(parse(aggregation.convert(case)), aggregation.answers(case)).nodes["sum"]
    assert (node.ceiling, node.reachable_ceiling) == (600, 300)
    assert node.percent_of_reachable == pytest.approx(60)


def test_every_verdict_from_choices(conformance: dict[str, Any]) -> None:
    cases = conformance["choice_result_rule"]["cases"]
    assert len(cases) == 9
    names = {value: name for name, value in aggregation.VERDICTS.items()}
    for results, expected in cases:
        definition, answers = aggregation.verdict(results)
        overall = score(parse(definition), answers).nodes["overall"]
        if expected == "not_applicable":
            assert overall.state == "not_applicable", results
        else:
            assert (None if overall.value is None else names[overall.value]) == expected, results


def test_every_score_from_points(conformance: dict[str, Any]) -> None:
    cases = conformance["choice_score_rule"]["cases"]
    assert len(cases) == 4
    for case in cases:
        definition, answers = aggregation.points(case)
        document = parse(definition)
        assert score(document, answers).nodes["overall"].value == case["expected"]
        assert score(document, {}).nodes["overall"].value is None
