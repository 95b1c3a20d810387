"""MonAideCyber of ANSSI: every case of the conformance data, through the own format and the real engine."""

import json
from pathlib import Path
from typing import Any

import pytest

from library.document import DefinitionDocument, parse
from library.reading import read
from library.scoring.engine import score
from library.scoring.means import weighted_mean
from library.scoring.registry import Counted, RuleOptions
from tests.library.converters import anssi

TOLERANCE = 1e-9


@pytest.fixture(scope="session")
def source(conformance_data: Path) -> Any:
    return read((conformance_data / "anssi-monaidecyber" / "definition.json").read_bytes(), "definition.json")


@pytest.fixture(scope="session")
def conformance(conformance_data: Path) -> dict[str, Any]:
    return json.loads((conformance_data / "anssi-monaidecyber" / "scoring_cases.json").read_text())


@pytest.fixture(scope="session")
def document(source: Any) -> DefinitionDocument:
    return parse(anssi.convert(source))


def test_published_means(conformance: dict[str, Any]) -> None:
    published = conformance["published_tests"]
    assert len(published) == 2
    for case in published:
        pairs = case.get("values_and_weights") or case["values"]
        counted = [Counted(value, weight, 0, 3) for value, weight in pairs]
        assert weighted_mean(counted, RuleOptions()) == pytest.approx(case["expected"], abs=TOLERANCE)


def test_every_case_has_its_section_scores(
    document: DefinitionDocument, source: Any, conformance: dict[str, Any]
) -> None:
    cases = conformance["cases"]
    assert len(cases) == 9
    for case in cases:
        sheet = score(document, anssi.answers(source, case))
        for section, expected in case["expected"].items():
            node = sheet.nodes[section]
            if expected["weighted_mean"] is None:
                assert node.value is None, (case["id"], section)
            else:
                assert node.value == pytest.approx(expected["weighted_mean"], abs=TOLERANCE), (case["id"], section)


def test_the_same_answers_count_with_the_same_weights(
    document: DefinitionDocument, source: Any, conformance: dict[str, Any]
) -> None:
    for case in conformance["cases"]:
        sheet = score(document, anssi.answers(source, case))
        for section, expected in case["expected"].items():
            counted = sorted((item.key, item.value, item.weight) for item in sheet.nodes[section].counted)
            wanted = sorted(
                (anssi.plain(item["identifiant"]), item["indice"], item["poids"]) for item in expected["scored_answers"]
            )
            assert counted == wanted, (case["id"], section)


def test_follow_up_questions_appear_with_the_answer_they_follow_from(document: DefinitionDocument) -> None:
    followed = [question for question in document.questions() if question.show_if]
    assert len(followed) == 8
    assert document.question_count == 53
