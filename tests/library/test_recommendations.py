"""Which recommendations apply: by the place of an answer or a score in its range."""

from typing import Any

import pytest

from library.answers import DONT_KNOW, NOT_APPLICABLE, Answer, State
from library.document import DefinitionDocument, parse
from library.recommendations import Recommended, for_sheet
from library.scoring.engine import score

BANDS = [
    {"from": 0, "to": 40, "title": "Start", "text": "Begin.", "severity": "high"},
    {"from": 60, "to": 100, "text": "Keep going."},
]


def definition(treatment: dict[str, str] | None = None, **extra: Any) -> DefinitionDocument:
    question = {
        "key": "a",
        "type": "scale",
        "text": "How far?",
        "minimum": 1,
        "maximum": 11,
        "allow_not_applicable": True,
        "allow_dont_know": True,
        "recommendations": BANDS,
        **extra,
    }
    gate = {"key": "open", "type": "yes_no", "text": "Open?"}
    scored = {"key": "all", "name": "All", "rule": "mean", "inputs": [{"questions": ["a"]}]}
    return parse(
        {
            "format": "portal-definition/1",
            "key": "x",
            "name": "X",
            "sections": [{"key": "s", "name": "S", "questions": [gate, question]}],
            "scoring": {
                "scale": {"min": 0, "max": 20},
                "scores": [{**scored, "recommendations": [{"from": 0, "to": 10, "text": "Everything."}]}],
                "overall": "all",
                "treatment": treatment or {},
            },
        }
    )


def found(document: DefinitionDocument, **answers: Any) -> list[tuple[str, str]]:
    given = {
        key: value if isinstance(value, Answer) else Answer(State.ANSWERED, value) for key, value in answers.items()
    }
    return [(item.of, item.text) for item in for_sheet(score(document, given))]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "Begin."), (4, "Begin."), (5, None), (6, None), (7, "Keep going."), (10, "Keep going."), (11, "Keep going.")],
)
def test_a_band_holds_from_its_start_up_to_its_end(value: int, text: str | None) -> None:
    # 1 is 0 %, 11 is 100 %: 5 lies at 40 %, where the first band has ended, 7 at 60 %, where the second begins.
    assert [words for of, words in found(definition(), a=value) if of == "a"] == ([text] if text else [])


def test_a_recommendation_names_what_it_is_about() -> None:
    document = definition()
    first = for_sheet(score(document, {"a": Answer(State.ANSWERED, 2)}))
    assert first[0] == Recommended("a", True, "How far?", 10.0, "Start", "Begin.", "high")
    # A mean of 2 on a scale from 0 to 20 lies at 10 %: the band up to 10 has ended.
    assert len(first) == 1
    low = for_sheet(score(document, {"a": Answer(State.ANSWERED, 1)}))
    assert low[1] == Recommended("all", False, "All", 5.0, "", "Everything.", None)


@pytest.mark.parametrize(
    ("treatment", "answer", "texts"),
    [
        ("zero", None, ["Begin."]),
        ("lowest", None, ["Begin."]),
        ("full", None, ["Keep going."]),
        ("exclude", None, []),
        ("zero", DONT_KNOW, ["Begin."]),
        ("full", DONT_KNOW, ["Keep going."]),
        ("exclude", DONT_KNOW, []),
        ("zero", NOT_APPLICABLE, []),
        ("full", NOT_APPLICABLE, []),
    ],
)
def test_without_an_answer_the_treatment_decides(treatment: str, answer: Answer | None, texts: list[str]) -> None:
    document = definition({"unanswered": treatment, "dont_know": treatment, "not_applicable": treatment})
    answers = {} if answer is None else {"a": answer}
    assert [text for of, text in found(document, **answers) if of == "a"] == texts


def test_nothing_is_recommended_for_what_is_hidden() -> None:
    document = definition(show_if={"question": "open", "operator": "equals", "value": "yes"})
    assert found(document, open="no", a=1) == []
    assert ("a", "Begin.") in found(document, open="yes", a=1)


def test_without_scoring_only_answers_are_placed() -> None:
    data = definition().to_data()
    del data["scoring"]
    document = parse(data)
    assert found(document, a=1) == [("a", "Begin.")]
    assert found(document) == []
