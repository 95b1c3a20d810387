"""The demo's own definitions: valid, complete, and written so that they can be answered and scored."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import bench
from library.answers import Answer, State
from library.conditions import completeness
from library.document import DefinitionDocument, Question
from library.exchange import load
from library.scoring.engine import score
from library.scoring.values import bounds, value_of
from tests.library import strategies

FOLDER = Path(__file__).parents[2] / "portal" / "demo" / "definitions"
FILES = sorted(FOLDER.glob("*.yaml"))
ZONES = [("At risk", 0, 40), ("Developing", 40, 60), ("Managed", 60, 80), ("Strong", 80, 100)]


@pytest.fixture(params=FILES, ids=[path.stem for path in FILES], scope="module")
def document(request: pytest.FixtureRequest) -> DefinitionDocument:
    return load(request.param).document()


def at_best(question: Question, best: bool) -> Answer:
    """The answer worth most, or least."""
    if question.type in ("text", "long_text"):
        return Answer(State.ANSWERED, "Something")
    if question.type == "date":
        return Answer(State.ANSWERED, "2026-01-31")
    if question.type == "file":
        return Answer(State.ANSWERED, ["0198c0de-0000-7000-8000-000000000000"])
    if question.type in ("number", "scale"):
        values: list[float] = [question.minimum or 0, question.maximum or 0]
    else:
        values = []
    if values:
        chosen = sorted(values, key=lambda value: value_of(question, value) or 0)
        return Answer(State.ANSWERED, chosen[-1 if best else 0])
    options = sorted(question.choices, key=lambda option: option.value or 0)
    key = options[-1 if best else 0].key
    if question.type == "matrix":
        return Answer(State.ANSWERED, {row.key: key for row in question.rows})
    return Answer(State.ANSWERED, [key] if question.type == "multiple_choice" else key)


def test_the_demo_has_its_definitions() -> None:
    assert {path.stem for path in FILES} == {
        "business-resilience",
        "ransomware-readiness",
        "phishing-and-culture",
        "vendor-risk",
        "business-continuity",
        "cyber-resilience-program",
        "program-access",
        "program-data",
    }


def test_the_resilience_assessment_is_a_full_one() -> None:
    document = load(FOLDER / "business-resilience.yaml").document()
    assert document.question_count >= 42
    assert len(document.sections) >= 6
    kinds = {question.type for question in document.questions()}
    assert kinds == {"text", "long_text", "number", "single_choice", "multiple_choice", "yes_no", "scale", "date"}
    assert any(question.show_if for question in document.questions())
    assert any(question.allow_not_applicable for question in document.questions())
    overall = {(reference.year, reference.industry): reference.value for reference in document.reference_values}
    assert overall[2025, None] == 54
    assert overall[2025, "52"] == 62.5
    assert {overall[2024, code] for code in ("22", "44-45", "31-33", "54")} == {50.9, 52.7, 51.3, 50}


def test_the_samples_pass_and_new_kinds_of_questions_are_shown() -> None:
    documents = [load(path).document() for path in FILES]
    assert [result.sample.key for document in documents for result in bench.failing(document)] == []
    questions = [question for document in documents for question in document.questions()]
    assert {"matrix", "file"} <= {question.type for question in questions}
    assert any(question.allow_evidence for question in questions)
    assert any(question.require_if for question in questions)
    assert {item.severity for question in questions for item in question.recommendations} >= {"high"}
    assert any(document.samples for document in documents)


def test_a_definition_says_what_a_client_wants_to_know(document: DefinitionDocument) -> None:
    assert document.summary
    assert document.description
    assert document.group in {"Security", "People", "Risk", "Continuity"}
    assert 5 <= document.minutes <= 60
    assert all(section.description for section in document.sections)
    assert document.scoring is not None
    assert [(zone.label, zone.start, zone.end) for zone in document.scoring.zones] == ZONES
    assert all(zone.description for zone in document.scoring.zones)
    assert all(reference.n and reference.source for reference in document.reference_values)


def test_every_text_ends_as_a_question_or_a_statement(document: DefinitionDocument) -> None:
    texts = [question.text for question in document.questions()]
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert text[0].isupper()
        assert text[-1] in "?.", text


def test_worst_and_best_answers_reach_the_ends_of_the_scale(document: DefinitionDocument) -> None:
    for best, expected in ((False, 0), (True, 100)):
        answers = {question.key: at_best(question, best) for question in document.questions()}
        assert completeness(document, answers).percent == 100
        sheet = score(document, answers)
        assert sheet.nodes[document.scoring.overall if document.scoring else ""].value == pytest.approx(expected)
        for node in sheet.sections.values():
            assert node.percent == pytest.approx(expected), node.key


def test_every_scored_question_counts_in_its_section(document: DefinitionDocument) -> None:
    assert document.scoring is not None
    counted = {item.key for node in document.scoring_plan.nodes for item in node.inputs}
    for question in document.questions():
        assert (question.key in counted) == (bounds(question) is not None and question.weight > 0), question.key


@strategies.patient
@given(data=st.data())
def test_random_answers_are_scored(document: DefinitionDocument, data: st.DataObject) -> None:
    sheet = score(document, data.draw(strategies.answers(document)))
    for key, node in sheet.nodes.items():
        assert node.value is None or node.floor <= node.value <= node.ceiling + 1e-9
        assert sheet.explain(key).words
    assert sheet.overall is not None
    if sheet.overall.value is not None:
        assert sheet.zone(sheet.overall) is not None
