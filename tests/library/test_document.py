"""The definition format: what is valid, and for each mistake its place and its message."""

import copy
import re
import time
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import bench, outline, recommendations
from library.answers import Answer, State
from library.comparison import compare
from library.consistency import structure, unfinished
from library.document import DefinitionDocument, Operator, QuestionType, Treatment, parse, shape
from library.problems import InvalidDefinition, Problem
from library.reading import read
from library.scoring.engine import score
from library.scoring.rules import RULES
from tests.library import strategies

VALID: dict[str, Any] = {
    "format": "portal-definition/1",
    "key": "valid",
    "name": "Valid",
    "answer_sets": [
        {
            "key": "grades",
            "options": [{"key": "good", "text": "Good", "value": 1}, {"key": "bad", "text": "Bad", "value": 0}],
        }
    ],
    "sections": [
        {
            "key": "first",
            "name": "First",
            "questions": [
                {"key": "a", "type": "single_choice", "text": "A?", "answer_set": "grades"},
                {"key": "b", "type": "yes_no", "text": "B?"},
                {"key": "c", "type": "text", "text": "C?"},
            ],
        },
        {
            "key": "second",
            "name": "Second",
            "sections": [
                {
                    "key": "inner",
                    "name": "Inner",
                    "questions": [
                        {
                            "key": "d",
                            "type": "number",
                            "text": "D?",
                            "minimum": 0,
                            "maximum": 10,
                            "show_if": {"question": "a", "operator": "equals", "value": "good"},
                        },
                        {"key": "e", "type": "date", "text": "E?"},
                        {
                            "key": "f",
                            "type": "multiple_choice",
                            "text": "F?",
                            "options": [{"key": "x", "text": "X", "value": 1}, {"key": "y", "text": "Y"}],
                        },
                        {"key": "g", "type": "scale", "text": "G?", "minimum": 1, "maximum": 5},
                        {"key": "h", "type": "long_text", "text": "H?"},
                        {
                            "key": "i",
                            "type": "matrix",
                            "text": "I?",
                            "answer_set": "grades",
                            "rows": [{"key": "one", "text": "One"}, {"key": "two", "text": "Two"}],
                        },
                        {"key": "j", "type": "file", "text": "J?"},
                    ],
                }
            ],
        },
    ],
    "scoring": {
        "scale": {"min": 0, "max": 100},
        "scores": [
            {"key": "first", "name": "First", "rule": "mean", "inputs": [{"sections": ["first"]}]},
            {"key": "overall", "name": "Overall", "rule": "percent_of_achievable", "inputs": [{"scores": ["first"]}]},
        ],
        "overall": "overall",
        "sections": {"first": "first"},
        "zones": [
            {"label": "Low", "from": 0, "to": 50, "tone": "b1"},
            {"label": "High", "from": 50, "to": 100, "tone": "b4"},
        ],
    },
    "reference_values": [
        {
            "score": "overall",
            "value": 54,
            "label": "All",
            "n": "170+",
            "source": "A study",
            "year": 2025,
            "industry": "31-33",
        }
    ],
}


def changed(*path: Any, to: Any = None, drop: bool = False) -> dict[str, Any]:
    """A copy of the valid definition with one place changed or removed."""
    data = copy.deepcopy(VALID)
    place = data
    for part in path[:-1]:
        place = place[part]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return data


def problems(data: Any) -> list[Problem]:
    with pytest.raises(InvalidDefinition) as refused:
        parse(data)
    assert refused.value.problems
    return refused.value.problems


QUESTION = ("sections", 1, "sections", 0, "questions", 0)
AT_QUESTION = "sections[1].sections[0].questions[0]"
QUESTIONS = ("sections", 0, "questions")


def asks(key: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"question": key, "operator": operator} | ({} if value is None else {"value": value})


def band(low: float, high: float) -> dict[str, Any]:
    return {"from": low, "to": high, "text": "Do it."}


def sample(**extra: Any) -> dict[str, Any]:
    return {"key": "s", "name": "S", "expected": {"overall": 50}, **extra}


def looked_up(values: list[list[float]]) -> dict[str, Any]:
    return {
        "key": "first",
        "name": "First",
        "rule": "risk_matrix",
        "options": {"rows": [1, 2], "columns": [1, 2], "values": values},
        "inputs": [{"questions": ["a"]}],
    }


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        # Shape
        ([], "", "must be a mapping, not a list"),
        (None, "", "must be a mapping, not empty"),
        (changed("name", drop=True), "name", "is missing"),
        (changed("format", to="portal-definition/2"), "format", "“portal-definition/2” is not known"),
        (changed("name", to="  "), "name", "must not be empty"),
        (changed("name", to=2024), "name", "must be text, not 2024; put it in quotes if it is meant as text"),
        (changed("name", to=True), "name", "must be text, not True; put it in quotes if it is meant as text"),
        (changed("name", to="a\x00b"), "name", "control character"),
        (changed("name", to="x" * 201), "name", "is longer than 200 characters"),
        (changed("key", to="no spaces"), "key", "“no spaces” is not a key"),
        (changed("key", to="../etc"), "key", "is not a key"),
        (changed("sections", to=[]), "sections", "must not be empty"),
        (changed("sections", to="x"), "sections", "must be a list, not “x”"),
        (changed("sections", 0, "questions", to=[]), "sections[0]", "has neither questions nor sections"),
        (changed("titel", to="x"), "titel", "is not a field that can stand here"),
        (changed(*QUESTION, "requird", to=True), f"{AT_QUESTION}.requird", "did you mean “required”?"),
        (changed(*QUESTION, "type", to="numbr"), f"{AT_QUESTION}.type", "did you mean “number”?"),
        (
            changed(*QUESTION, "type", to="signature"),
            f"{AT_QUESTION}.type",
            "“signature” is not known; it must be one of text",
        ),
        (changed(*QUESTION, "required", to="yes"), f"{AT_QUESTION}.required", "must be true or false, not “yes”"),
        (changed(*QUESTION, "minimum", to="0"), f"{AT_QUESTION}.minimum", "must be a number, not “0”"),
        (changed(*QUESTION, "minimum", to=float("nan")), f"{AT_QUESTION}.minimum", "must be"),
        (changed(*QUESTION, "maximum", to=float("inf")), f"{AT_QUESTION}.maximum", "must be"),
        (changed(*QUESTION, "maximum", to=10**400), f"{AT_QUESTION}.maximum", "must be a number"),
        (changed(*QUESTION, "weight", to=-1), f"{AT_QUESTION}.weight", "must be at least 0"),
        (changed(*QUESTION, "weight", to=1e-9), f"{AT_QUESTION}.weight", "must be 0 or at least 0.000001"),
        (
            changed("answer_sets", 0, "options", 0, "value", to=float("inf")),
            "answer_sets[0].options[0].value",
            "must be",
        ),
        (
            changed("answer_sets", 0, "options", 0, "value", to="1"),
            "answer_sets[0].options[0].value",
            "must be a number",
        ),
        (changed("scoring", "scale", "decimals", to=1.5), "scoring.scale.decimals", "must be a whole number"),
        (
            changed(*QUESTION, "show_if", "value", to=float("nan")),
            f"{AT_QUESTION}.show_if.value",
            "must be a number between",
        ),
        # Keys
        (
            changed(*QUESTION, "key", to="a"),
            f"{AT_QUESTION}.key",
            "the question “a” exists already, at sections[0].questions[0]",
        ),
        (
            changed("sections", 1, "sections", 0, "key", to="first"),
            "sections[1].sections[0].key",
            "the section “first” exists",
        ),
        (changed("answer_sets", to=VALID["answer_sets"] * 2), "answer_sets[1].key", "the answer set “grades” exists"),
        (changed("scoring", "scores", 1, "key", to="first"), "scoring.scores[1].key", "the score “first” exists"),
        (
            changed("answer_sets", 0, "options", 1, "key", to="good"),
            "answer_sets[0].options[1].key",
            "the option “good” exists",
        ),
        # Questions
        (
            changed(*QUESTIONS, 0, "answer_set", to="grade"),
            "sections[0].questions[0].answer_set",
            "did you mean “grades”?",
        ),
        (changed(*QUESTIONS, 0, "answer_set", drop=True), "sections[0].questions[0].options", "are missing"),
        (
            changed(*QUESTIONS, 0, "options", to=[{"key": "z", "text": "Z"}]),
            "sections[0].questions[0].answer_set",
            "cannot stand beside own options",
        ),
        (
            changed(*QUESTIONS, 2, "answer_set", to="grades"),
            "sections[0].questions[2].answer_set",
            "is only for choices",
        ),
        (
            changed(*QUESTIONS, 1, "answer_set", to="grades"),
            "sections[0].questions[1].options",
            "exactly “yes” and “no”",
        ),
        (
            changed(*QUESTIONS, 2, "minimum", to=3),
            "sections[0].questions[2].minimum",
            "is only for questions of type number, scale",
        ),
        (changed(*QUESTION, "max_length", to=3), f"{AT_QUESTION}.max_length", "is only for questions of type text"),
        (changed(*QUESTION, "maximum", to=0), f"{AT_QUESTION}.maximum", "must be greater than the minimum"),
        (
            changed(*QUESTION[:-1], 3, "maximum", drop=True),
            "sections[1].sections[0].questions[3].maximum",
            "needs both its ends",
        ),
        (
            changed(*QUESTION[:-1], 3, "maximum", to=2.5),
            "sections[1].sections[0].questions[3].minimum",
            "whole numbers",
        ),
        (
            changed(*QUESTION[:-1], 3, "maximum", to=500),
            "sections[1].sections[0].questions[3].maximum",
            "at most 100 steps",
        ),
        (
            changed(*QUESTION, "bands", to=[{"from": 5, "value": 1}, {"from": 5, "value": 2}]),
            f"{AT_QUESTION}.bands",
            "rising order",
        ),
        # Conditions
        (
            changed(*QUESTION, "show_if", "question", to="X9"),
            f"{AT_QUESTION}.show_if",
            "refers to question “X9”, which does not exist",
        ),
        (
            changed(*QUESTION, "show_if", "value", to="god"),
            f"{AT_QUESTION}.show_if",
            "has no option “god”; did you mean “good”?",
        ),
        (changed(*QUESTION, "show_if", to={}), f"{AT_QUESTION}.show_if", "must be exactly one of: all, any, not"),
        (changed(*QUESTION, "show_if", to={"question": "a"}), f"{AT_QUESTION}.show_if", "has no operator"),
        (changed(*QUESTION, "show_if", to={"operator": "answered"}), f"{AT_QUESTION}.show_if", "has no question"),
        (
            changed(*QUESTION, "show_if", to={"not": asks("a", "answered"), "all": [asks("a", "answered")]}),
            f"{AT_QUESTION}.show_if",
            "must be exactly one of",
        ),
        (changed(*QUESTION, "show_if", to={"all": []}), f"{AT_QUESTION}.show_if.all", "must not be empty"),
        (
            changed(*QUESTION, "show_if", to={"any": [asks("a", "answered"), {"not": asks("q", "answered")}]}),
            f"{AT_QUESTION}.show_if.any[1].not",
            "refers to question “q”",
        ),
        (
            changed(*QUESTION, "show_if", to=asks("a", "is", "good")),
            f"{AT_QUESTION}.show_if.operator",
            "“is” is not known",
        ),
        (changed(*QUESTION, "show_if", to=asks("a", "answered", "x")), f"{AT_QUESTION}.show_if", "takes no value"),
        (changed(*QUESTION, "show_if", to=asks("a", "any_of", "good")), f"{AT_QUESTION}.show_if", "needs a list"),
        (
            changed(*QUESTION, "show_if", to=asks("a", "greater", 3)),
            f"{AT_QUESTION}.show_if",
            "compares numbers and dates",
        ),
        (
            changed(*QUESTION, "show_if", to=asks("a", "contains", "good")),
            f"{AT_QUESTION}.show_if",
            "is for multiple choice",
        ),
        (changed(*QUESTION, "show_if", to=asks("f", "equals", "x")), f"{AT_QUESTION}.show_if", "needs a list"),
        (changed(*QUESTION, "show_if", to=asks("g", "equals", "x")), f"{AT_QUESTION}.show_if", "must be a number"),
        (changed(*QUESTION, "show_if", to=asks("g", "greater", True)), f"{AT_QUESTION}.show_if", "must be a number"),
        (changed(*QUESTION, "show_if", to=asks("e", "less", "tomorrow")), f"{AT_QUESTION}.show_if", "must be a date"),
        (changed(*QUESTION, "show_if", to=asks("e", "less", "2024-02-30")), f"{AT_QUESTION}.show_if", "must be a date"),
        (changed(*QUESTION, "show_if", to=asks("c", "contains", 3)), f"{AT_QUESTION}.show_if", "must be text"),
        (changed(*QUESTION, "show_if", to=asks("d", "equals", 3)), f"{AT_QUESTION}.show_if", "goes in a circle"),
        (
            changed(*QUESTIONS, 0, "show_if", to=asks("d", "equals", 3)),
            "sections[0].questions[0].show_if",
            "“a” → “d” → “a”",
        ),
        (
            changed("sections", 0, "show_if", to=asks("a", "answered")),
            "sections[0].show_if",
            "goes in a circle",
        ),
        (changed(*QUESTION, "show_if", to=asks("i", "equals", "good")), f"{AT_QUESTION}.show_if", "needs a row"),
        (
            changed(*QUESTION, "show_if", to={**asks("i", "equals", "good"), "row": "tow"}),
            f"{AT_QUESTION}.show_if",
            "refers to row “tow”, which does not exist; did you mean “two”?",
        ),
        (
            changed(*QUESTION, "show_if", to={**asks("i", "equals", "best"), "row": "two"}),
            f"{AT_QUESTION}.show_if",
            "has no option “best”",
        ),
        (
            changed(*QUESTION, "show_if", to={**asks("a", "equals", "good"), "row": "two"}),
            f"{AT_QUESTION}.show_if",
            "names a row, but “a” is of type single_choice",
        ),
        (changed(*QUESTION, "show_if", to={"row": "two"}), f"{AT_QUESTION}.show_if", "has no question"),
        (changed(*QUESTION, "show_if", to=asks("j", "equals", "x")), f"{AT_QUESTION}.show_if", "cannot be compared"),
        (changed(*QUESTION, "require_if", to=asks("x", "answered")), f"{AT_QUESTION}.require_if", "question “x”"),
        (
            changed(*QUESTION, "require_if", to=asks("d", "answered")),
            f"{AT_QUESTION}.require_if",
            "the question itself",
        ),
        (changed(*QUESTION[:-1], 5, "rows", to=[]), "sections[1].sections[0].questions[5].rows", "are missing"),
        (
            changed(*QUESTION[:-1], 5, "rows", 1, "key", to="one"),
            "sections[1].sections[0].questions[5].rows[1].key",
            "the row “one” exists already",
        ),
        (
            changed(*QUESTION, "rows", to=[{"key": "r", "text": "R"}]),
            f"{AT_QUESTION}.rows",
            "is only for questions of type",
        ),
        (changed(*QUESTION, "max_files", to=2), f"{AT_QUESTION}.max_files", "is only for questions of type file"),
        (
            changed(*QUESTION, "recommendations", to=[{"from": 50, "to": 40, "text": "Do it."}]),
            f"{AT_QUESTION}.recommendations[0]",
            "must end above its start",
        ),
        (
            changed(*QUESTION, "recommendations", to=[band(0, 50), band(40, 100)]),
            f"{AT_QUESTION}.recommendations[1]",
            "starts at 40 % but the one before ends at 50 %",
        ),
        (
            changed(*QUESTION, "recommendations", to=[band(0, 101)]),
            f"{AT_QUESTION}.recommendations[0].to",
            "at most 100",
        ),
        (
            changed("scoring", "scores", 0, "recommendations", to=[band(5, 5)]),
            "scoring.scores[0].recommendations[0]",
            "must end above its start",
        ),
        (changed("sample_report", to="javascript:alert(1)"), "sample_report", "does not have the form"),
        # Children and samples
        (changed("children", to=[{"key": "c"}, {"key": "c"}]), "children[1].key", "the child “c” exists already"),
        (changed("samples", to=[sample(), sample()]), "samples[1].key", "the sample “s” exists already"),
        (changed("samples", to=[sample(answers={"z": 1})]), "samples[0].answers.z", "refers to question “z”"),
        (changed("samples", to=[sample(expected={"z": 1})]), "samples[0].expected.z", "refers to score “z”"),
        (changed("samples", to=[sample(expected={})]), "samples[0].expected", "must not be empty"),
        (
            changed("scoring", "scores", 0, "inputs", to=[{"children": True}]),
            "scoring.scores[0].inputs[0].children",
            "there are none",
        ),
        (
            changed("scoring", "scores", 0, "cases", to=[{"when": asks("z", "answered"), "value": 1}]),
            "scoring.scores[0].cases[0].when",
            "refers to question “z”",
        ),
        (
            changed("scoring", "scores", 0, "rule", to="risk_matrix"),
            "scoring.scores[0].options.rows",
            "is missing",
        ),
        (
            changed("scoring", "scores", 0, to=looked_up([[1, 2], [3]])),
            "scoring.scores[0].options",
            "must hold 2 rows of 2 values",
        ),
        (
            changed("scoring", "scores", 0, to=looked_up([[1, 2], [3, 4]])),
            "scoring.scores[0].inputs",
            "must be exactly 2 for the rule “risk_matrix”; they are 1",
        ),
        # Scoring
        (changed("scoring", "overall", to="overal"), "scoring.overall", "did you mean “overall”?"),
        (
            changed("scoring", "scores", 0, "rule", to="average"),
            "scoring.scores[0].rule",
            "there is no rule “average”; known are",
        ),
        (changed("scoring", "scores", 0, "rule", to="subtractive"), "scoring.scores[0].options.from", "is missing"),
        (
            changed("scoring", "scores", 0, "options", to={"partial": True}),
            "scoring.scores[0].options.partial",
            "is not a field that can stand here",
        ),
        (changed("scoring", "scores", 0, "inputs", to=[]), "scoring.scores[0].inputs", "must not be empty"),
        (changed("scoring", "scores", 0, "inputs", to=[{}]), "scoring.scores[0].inputs[0]", "names nothing"),
        (
            changed("scoring", "scores", 0, "inputs", to=[{"questions": ["a"], "scores": ["overall"]}]),
            "scoring.scores[0].inputs[0]",
            "must name exactly one of",
        ),
        (
            changed("scoring", "scores", 0, "inputs", to=[{"questions": ["z"]}]),
            "scoring.scores[0].inputs[0].questions[0]",
            "refers to question “z”",
        ),
        (
            changed("scoring", "scores", 0, "inputs", to=[{"questions": ["c"]}]),
            "scoring.scores[0].inputs[0].questions[0]",
            "is of type text, which has no score",
        ),
        (
            changed("scoring", "scores", 0, "inputs", to=[{"sections": ["third"]}]),
            "scoring.scores[0].inputs[0].sections[0]",
            "refers to section “third”",
        ),
        (
            changed("scoring", "scores", 0, "inputs", to=[{"tags": {"impact": "high"}}]),
            "scoring.scores[0].inputs[0]",
            "picks no question that can be scored",
        ),
        (
            changed("scoring", "scores", 1, "inputs", to=[{"scores": ["frist"]}]),
            "scoring.scores[1].inputs[0].scores[0]",
            "did you mean “first”?",
        ),
        (
            changed("scoring", "scores", 0, "inputs", to=[{"scores": ["overall"]}]),
            "scoring.scores[0].inputs",
            "go in a circle: “first” → “overall” → “first”",
        ),
        (
            changed("scoring", "scores", 0, "gates", to=[{"when": asks("zz", "answered")}]),
            "scoring.scores[0].gates[0].when",
            "refers to question “zz”",
        ),
        (
            changed(
                "scoring", "scores", 0, "gates", to=[{"when": asks("a", "answered"), "otherwise": 1, "at_most": 2}]
            ),
            "scoring.scores[0].gates[0]",
            "keep one of them",
        ),
        (
            changed("scoring", "scores", 0, "clamp", to={"min": 1, "max": 1}),
            "scoring.scores[0].clamp",
            "must end above its start",
        ),
        (changed("scoring", "sections", to={"third": "first"}), "scoring.sections.third", "refers to section “third”"),
        (changed("scoring", "sections", to={"first": "x"}), "scoring.sections.first", "refers to score “x”"),
        (changed("scoring", "scale", "max", to=0), "scoring.scale.max", "must be greater than the minimum"),
        (
            changed("scoring", "scale", to={"min": 0, "max": 50}),
            "scoring.zones[1].to",
            "must be 50, the end of the scale",
        ),
        (
            changed("scoring", "zones", to=[])
            | {"scoring": {**VALID["scoring"], "zones": [], "scale": {"min": 0, "max": 50}}},
            "scoring.scale",
            "which can be from 0 to 100",
        ),
        (changed("scoring", "zones", 1, "from", to=60), "scoring.zones[1]", "“High” starts at 60 but must start at 50"),
        (changed("scoring", "zones", 0, "to", to=0), "scoring.zones[0]", "must end after it starts"),
        (changed("scoring", "zones", 0, "tone", to="red"), "scoring.zones[0].tone", "must be one of b1, b2, b3, b4"),
        (
            changed("scoring", "scores", 0, "inputs", to=[{"sections": ["first"], "weight": 0}]),
            "scoring.scores[0]",
            "has no input that counts",
        ),
        # Reference values
        (changed("reference_values", 0, "score", to="x"), "reference_values[0].score", "refers to score “x”"),
        (changed("reference_values", 0, "industry", to="31"), "reference_values[0].industry", "is not a NAICS sector"),
        (changed("reference_values", 0, "year", to="2025"), "reference_values[0].year", "must be a whole number"),
    ],
)
def test_a_mistake_has_a_place_and_a_message(data: Any, place: str, message: str) -> None:
    found = problems(data)
    assert any(problem.place == place and message in problem.message for problem in found), [
        str(item) for item in found
    ]


def test_all_mistakes_of_a_file_are_named_at_once() -> None:
    data = changed("name", to=1)
    data["sections"][0]["questions"][0]["type"] = "x"
    data["extra"] = True
    assert [problem.place for problem in problems(data)] == ["name", "sections[0].questions[0].type", "extra"]


def test_very_many_mistakes_are_cut_short() -> None:
    data = changed("sections", 0, "questions", to=[{"key": f"q{number}", "type": "x"} for number in range(400)])
    assert len(problems(data)) == 100


@pytest.mark.parametrize("kind", ["all", "not"])
def test_deep_nesting_is_refused(kind: str) -> None:
    for depth in (13, 200, 5_000):
        condition: Any = asks("a", "answered")
        for __ in range(depth):
            condition = {"all": [condition]} if kind == "all" else {"not": condition}
        assert problems(changed(*QUESTION, "show_if", to=condition))


def test_sections_may_be_nested_six_deep() -> None:
    def nested(depth: int) -> dict[str, Any]:
        section: dict[str, Any] = {"key": "s0", "name": "S", "questions": [{"key": "q", "type": "text", "text": "Q?"}]}
        for level in range(1, depth):
            section = {"key": f"s{level}", "name": "S", "sections": [section]}
        return {"format": "portal-definition/1", "key": "x", "name": "X", "sections": [section]}

    assert parse(nested(6)).question_count == 1
    assert "nested deeper than 6" in problems(nested(7))[0].message


# Reading a document


@pytest.fixture(scope="module")
def document() -> DefinitionDocument:
    return parse(VALID)


def test_questions_are_flat_and_in_order(document: DefinitionDocument) -> None:
    assert [question.key for question in document.questions()] == list("abcdefghij")
    assert document.question_count == 10
    assert document.question("d") is document.questions()[3]
    assert document.question("z") is None


def test_sections_are_found_at_any_depth(document: DefinitionDocument) -> None:
    assert [section.key for section in document.all_sections()] == ["first", "second", "inner"]
    assert document.section("inner") is document.sections[1].sections[0]
    assert document.section_of("d") is document.sections[1]
    assert document.section("z") is None
    assert document.section_of("z") is None
    assert [question.key for question in document.sections[1].all_questions()] == list("defghij")


def test_options_come_from_wherever_they_are(document: DefinitionDocument) -> None:
    def texts(key: str) -> list[str]:
        question = document.question(key)
        assert question is not None
        return [option.text for option in question.choices]

    assert [texts(key) for key in "abcf"] == [["Good", "Bad"], ["Yes", "No"], [], ["X", "Y"]]


def test_minutes_are_estimated_unless_stated(document: DefinitionDocument) -> None:
    assert document.minutes == 9
    assert parse(changed("estimated_minutes", to=17)).minutes == 17
    many = [
        {"key": f"q{number}", "type": "single_choice", "text": "Q?", "answer_set": "grades"} for number in range(42)
    ]
    assert parse({**changed("sections", 0, "questions", to=[*VALID["sections"][0]["questions"], *many])}).minutes == 35


def test_a_document_cannot_be_changed(document: DefinitionDocument) -> None:
    with pytest.raises(ValueError, match="frozen"):
        document.name = "Other"
    with pytest.raises(ValueError, match="frozen"):
        document.questions()[0].text = "Other"


def test_the_same_content_has_the_same_hash_whatever_the_order(document: DefinitionDocument) -> None:
    shuffled = dict(reversed(list(VALID.items())))
    assert parse(shuffled).content_hash() == document.content_hash()
    assert parse(shuffled).to_json() == document.to_json()
    spelled_out = changed("summary", to="")
    assert parse(spelled_out).content_hash() == document.content_hash()
    assert parse(changed("name", to="Other")).content_hash() != document.content_hash()
    as_float = changed("scoring", "scale", "max", to=100.0)
    assert parse(as_float).content_hash() == document.content_hash()


def test_an_export_reads_back_the_same(document: DefinitionDocument) -> None:
    exported = document.to_json()
    again = parse(read(exported.encode(), "export.json"))
    assert again == document
    assert again.to_json() == exported
    assert parse(document.to_data()) == document
    assert '"max": 100\n' in exported


def test_a_condition_on_everything_the_format_knows() -> None:
    conditions = [
        asks("a", "equals", "good"),
        asks("a", "not_equals", "good"),
        asks("a", "any_of", ["good", "bad"]),
        asks("b", "equals", "yes"),
        asks("c", "contains", "x"),
        asks("f", "contains", "x"),
        asks("f", "equals", ["x", "y"]),
        asks("g", "at_least", 3),
        asks("g", "at_most", 3),
        asks("e", "greater", "2024-01-01"),
        asks("e", "less", "2024-01-01"),
        asks("h", "answered"),
        asks("h", "not_answered"),
        asks("h", "is_not_applicable"),
        {"not": asks("h", "is_dont_know")},
    ]
    assert parse(changed(*QUESTION, "show_if", to={"any": conditions}))


# Properties


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += places(item, (*path, key))
    return found


def rich() -> dict[str, Any]:
    """The valid definition with everything else the format knows."""
    data = copy.deepcopy(VALID)
    data["children"] = [{"key": "child", "weight": 2}]
    data["samples"] = [sample(answers={"a": "good", "i": {"one": "bad"}, "d": {"state": "dont_know"}})]
    data["scoring"]["scores"][0] |= {
        "recommendations": [band(0, 50), band(60, 100)],
        "cases": [{"when": {**asks("i", "equals", "good"), "row": "two"}, "value": 1, "label": "Both"}],
        "gates": [{"when": asks("j", "answered"), "at_most": 0.5, "reason": "No files."}],
        "rounding": {"mode": "down", "decimals": 1},
        "clamp": {"min": 0, "max": 1},
        "scale": {"min": 0, "max": 2},
    }
    data["sections"][0]["questions"][1] |= {"require_if": asks("g", "at_least", 3), "recommendations": [band(0, 100)]}
    return data


def test_everything_at_once_is_valid_and_kept() -> None:
    document = parse(rich())
    assert parse(read(document.to_json().encode(), "x.json")) == document
    assert document.to_data()["samples"][0]["answers"] == {
        "a": "good",
        "d": {"state": "dont_know"},
        "i": {"one": "bad"},
    }


@strategies.patient
@given(data=st.data())
def test_a_damaged_definition_is_refused_or_works_never_a_crash(data: st.DataObject) -> None:
    definition = copy.deepcopy(data.draw(st.one_of(st.just(rich()), strategies.definitions())))
    for __ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(definition)))
        target = definition
        try:
            for part in path[:-1]:
                target = target[part]
            target[path[-1]] = data.draw(
                st.one_of(strategies.nonsense, st.sampled_from(["a", "q0.0", "n0", "s0", {}, []]))
            )
        except (KeyError, IndexError, TypeError):
            continue
    try:
        document = parse(definition)
    except InvalidDefinition as refused:
        for problem in refused.problems:
            assert problem.message
            assert str(problem).encode()
        return
    score(document, {})
    assert parse(document.to_data()) == document


@strategies.patient
@given(data=st.data())
def test_a_damaged_draft_without_problems_of_structure_works_everywhere(data: st.DataObject) -> None:
    definition = rich()
    for __ in range(data.draw(st.integers(1, 2))):
        *before, last = data.draw(st.sampled_from(places(definition)))
        target: Any = definition
        for part in before:
            target = target[part]
        del target[last]
    try:
        document = shape(definition)
    except InvalidDefinition:
        return
    if structure(document):
        return
    sheet = score(document, bench.answers_of(document, {"a": "good", "i": {"one": "bad", "two": "good"}})[0])
    for key in sheet.nodes:
        assert sheet.explain(key).words
    for question in document.questions():
        assert sheet.explain_question(question.key).number
    recommendations.for_sheet(sheet)
    bench.run(document)
    outline.parts(document)
    outline.scores(document)
    assert compare(document, parse(VALID)).is_comparable == compare(parse(VALID), document).is_comparable


@strategies.patient
@given(strategies.json_values)
def test_any_json_is_refused_never_a_crash(value: Any) -> None:
    assert problems(value)


@strategies.patient
@given(st.text())
def test_a_key_that_cannot_be_encoded_is_shown_all_the_same(key: str) -> None:
    for problem in problems({key + "\ud800": 1, "name": "\udfff"}):
        assert str(problem).encode()


# The documentation


DOCUMENTATION = Path(__file__).parents[2] / "docs" / "definition-format.md"


def test_the_documented_example_is_valid() -> None:
    example = DOCUMENTATION.read_text().partition("```yaml\n")[2].partition("```")[0]
    document = parse(read(example.encode(), "example.yaml"))
    assert [question.key for question in document.questions()] == ["copies", "tested"]


def test_everything_the_format_knows_is_documented() -> None:
    text = DOCUMENTATION.read_text()
    schema = DefinitionDocument.model_json_schema()
    fields = {name for model in [schema, *schema["$defs"].values()] for name in model.get("properties", {})}
    words = fields | set(RULES) | set(get_args(QuestionType)) | set(get_args(Operator)) | set(get_args(Treatment))
    for chosen in RULES.values():
        words |= set(chosen.options.model_json_schema()["properties"]) if chosen.options.model_fields else set()
    missing = {word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)}
    assert not missing


# Drafts


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"format": "portal-definition/1", "key": "new", "name": "New"}, "sections"),
        (changed("sections", 1, "sections", 0, "questions", to=[]), "sections[1].sections[0]"),
        (
            changed(*QUESTIONS, 0, to={"key": "a", "type": "multiple_choice", "text": "A?"}),
            "sections[0].questions[0].options",
        ),
        (changed(*QUESTION[:-1], 5, "rows", to=[]), "sections[1].sections[0].questions[5].rows"),
        (changed("scoring", "zones", to=VALID["scoring"]["zones"][:1]), "scoring.zones[0].to"),
        (changed("scoring", "scale", "max", to=50), "scoring.scale"),
        (changed("scoring", "scores", 0, "inputs", to=[{}]), "scoring.scores[0].inputs[0]"),
        (
            changed("scoring", "scores", 0, "inputs", to=[{"questions": ["c"]}]),
            "scoring.scores[0].inputs[0].questions[0]",
        ),
        (changed("reference_values", 0, "score", to="gone"), "reference_values[0].score"),
    ],
)
def test_what_is_unfinished_may_stand_in_a_draft_and_be_tried(data: Any, place: str) -> None:
    if place.startswith(("sections[0].q", "sections[1].sections[0]")) and "scoring" in data:
        # What refers to the missing part goes with it, as in the editor.
        data = copy.deepcopy(data)
        for section in data["sections"]:
            for question in section.get("questions", []) + section.get("sections", [{}])[0].get("questions", []):
                question.pop("show_if", None)
    document = shape(data)
    assert structure(document) == []
    assert place in [problem.place for problem in unfinished(document)]
    with pytest.raises(InvalidDefinition):
        parse(data)
    sheet = score(document, {})
    assert all(sheet.explain(key).words for key in sheet.nodes)


def test_problems_of_structure_are_told_apart() -> None:
    document = shape(changed(*QUESTION, "show_if", "question", to="gone"))
    assert [problem.place for problem in structure(document)] == [f"{AT_QUESTION}.show_if"]
    assert structure(shape(VALID)) == unfinished(shape(VALID)) == []


def test_a_parent_needs_no_questions_of_its_own() -> None:
    document = parse({"format": "portal-definition/1", "key": "p", "name": "P", "children": [{"key": "valid"}]})
    assert (document.question_count, document.is_composed) == (0, False)


def test_five_hundred_questions_are_read_and_scored_in_no_time() -> None:
    """The budget is 60 ms to read and 30 ms to score; a busy machine gets ten times that before this fails."""
    sections, scores = [], []
    for part in range(20):
        questions: list[dict[str, Any]] = []
        for number in range(25):
            key = f"q{part}.{number}"
            options = [{"key": f"o{value}", "text": f"Option {value}", "value": value} for value in range(5)]
            question = {"key": key, "type": "single_choice", "text": f"Question {key}?", "options": options}
            if number % 3 == 1:
                question["show_if"] = {"not": asks(f"q{part}.{number - 1}", "equals", "o0")}
            questions.append(question)
        sections.append({"key": f"s{part}", "name": f"S{part}", "questions": questions})
        pick = [{"sections": [f"s{part}"]}]
        scores.append({"key": f"s{part}", "name": "S", "rule": "weighted_mean", "inputs": pick, "inputs_as": "percent"})
    scores.append({"key": "all", "name": "All", "rule": "mean", "inputs": [{"scores": [f"s{n}" for n in range(20)]}]})
    scoring = {"scale": {"min": 0, "max": 100}, "scores": scores, "overall": "all"}
    data = {"format": "portal-definition/1", "key": "big", "name": "Big", "sections": sections, "scoring": scoring}
    started = time.perf_counter()
    document = parse(data)
    assert time.perf_counter() - started < 0.6
    answers = {question.key: Answer(State.ANSWERED, "o2") for question in document.questions()}
    started = time.perf_counter()
    overall = score(document, answers).overall
    assert time.perf_counter() - started < 0.3
    assert overall is not None
    assert overall.value == 50
