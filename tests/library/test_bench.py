"""The test bench: which samples pass, and what is said when they do not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import bench
from library.answers import DONT_KNOW, NOT_APPLICABLE, Answer, State
from library.document import DefinitionDocument, parse, shape
from library.scoring.engine import score
from tests.library import strategies


def definition(*samples: dict[str, Any]) -> DefinitionDocument:
    number = {"type": "number", "minimum": 0, "maximum": 100, "allow_not_applicable": True, "allow_dont_know": True}
    rows = [{"key": "state", "text": "State"}, {"key": "other", "text": "Other"}]
    grid = {"key": "g", "type": "matrix", "text": "G?", "rows": rows, "answer_set": "marks"}
    hidden = {"question": "a", "operator": "greater", "value": 90}
    return parse(
        {
            "format": "portal-definition/1",
            "key": "x",
            "name": "X",
            "answer_sets": [{"key": "marks", "options": [{"key": "dont_know", "text": "?", "value": 50}]}],
            "sections": [
                {
                    "key": "s",
                    "name": "S",
                    "questions": [
                        {"key": "a", "text": "A?", **number},
                        {"key": "b", "text": "B?", **number},
                        {"key": "c", "text": "C?", **number, "show_if": hidden},
                        grid,
                    ],
                }
            ],
            "scoring": {
                "scale": {"min": 0, "max": 100},
                "scores": [
                    {"key": "all", "name": "All", "rule": "mean", "inputs": [{"questions": ["a", "b"]}]},
                    {"key": "grid", "name": "Grid", "rule": "sum", "inputs": [{"questions": ["g"]}]},
                ],
                "overall": "all",
            },
            "samples": [{"key": f"s{at}", "name": f"Sample {at}", **sample} for at, sample in enumerate(samples)],
        }
    )


@pytest.mark.parametrize(
    ("sample", "passed"),
    [
        ({"answers": {"a": 50, "b": 100}, "expected": {"all": 75}}, True),
        ({"answers": {"a": 50, "b": 100}, "expected": {"all": 75.0000001}}, True),
        ({"answers": {"a": 50, "b": 100}, "expected": {"all": 75.1}}, False),
        ({"answers": {"a": 50, "b": 100}, "expected": {"all": 75.1}, "tolerance": 0.1}, True),
        ({"answers": {"a": 50}, "expected": {"all": 25}}, True),
        ({"answers": {"a": 50, "b": {"state": "not_applicable"}}, "expected": {"all": 50}}, True),
        ({"answers": {"a": 50, "b": {"state": "dont_know"}}, "expected": {"all": 25}}, True),
        (
            {
                "answers": {"a": {"state": "not_applicable"}, "b": {"state": "not_applicable"}},
                "expected": {"all": None},
            },
            True,
        ),
        ({"answers": {"a": 50}, "expected": {"all": None}}, False),
        ({"answers": {"g": {"state": "dont_know", "other": "dont_know"}}, "expected": {"grid": 100}}, True),
        ({"answers": {"a": "fifty"}, "expected": {"all": 0}}, False),
        ({"answers": {"a": {"state": "perhaps"}}, "expected": {"all": 0}}, False),
    ],
)
def test_a_sample_passes_when_its_scores_are_right(sample: dict[str, Any], passed: bool) -> None:
    document = definition(sample)
    assert [result.passed for result in bench.run(document)] == [passed]
    assert len(bench.failing(document)) == (not passed)


def test_what_is_wrong_is_said_in_words() -> None:
    sample = {"answers": {"a": "fifty", "b": 60, "c": 5}, "expected": {"all": 50, "grid": None}}
    result = bench.run(definition(sample))[0]
    assert [(line.name, line.expected, line.actual, line.passed) for line in result.lines] == [
        ("All", 50, 30, False),
        ("Grid", None, 0, False),
    ]
    assert bench.in_words(result) == [
        "answers.a: Enter a number, for example 12 or 1.5.",
        "“All” must be 50 but is 30.",
        "“Grid” must be no score but is 0.",
    ]
    assert result.hidden == ["c"]


def test_a_draft_may_speak_of_what_is_gone() -> None:
    data = definition().to_data()
    data["samples"] = [{"key": "s", "name": "S", "answers": {"gone": 1}, "expected": {"lost": 1}}]
    result = bench.run(shape(data))[0]
    assert not result.passed
    assert [str(problem) for problem in result.problems] == ["answers.gone: there is no question “gone”"]
    assert result.lines[0].reason == "There is no score “lost”."


def test_answers_are_written_as_samples_hold_them() -> None:
    document = definition()
    answers = {"a": Answer(State.ANSWERED, 40), "b": NOT_APPLICABLE, "c": DONT_KNOW}
    written = bench.as_sample(answers)
    assert written == {"a": 40, "b": {"state": "not_applicable"}, "c": {"state": "dont_know"}}
    assert bench.answers_of(document, written) == (answers, [])
    assert bench.scores_of(document, answers) == {"all": 40}
    assert bench.scores_of(document, answers, ["grid", "nothing"]) == {"grid": 0}


@strategies.patient
@given(data=st.data())
def test_what_is_recorded_from_random_answers_passes(data: st.DataObject) -> None:
    document = strategies.parsed(data.draw(strategies.definitions()))
    answers = {
        key: given
        for key, given in data.draw(strategies.answers(document)).items()
        if given.state == State.ANSWERED and document.question(key) and score(document, {key: given}).answers.get(key)
    }
    sample = {
        "key": "recorded",
        "name": "Recorded",
        "answers": bench.as_sample(answers),
        "expected": bench.scores_of(document, answers, [score.key for score in document.scoring.scores]),
    }
    again = parse({**document.to_data(), "samples": [sample]})
    assert [result.passed for result in bench.run(again)] == [True], bench.in_words(bench.run(again)[0])
