"""Scoring: each rule alone, what is left out and what counts, gates, bounds, explanations, and properties of all."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.answers import DONT_KNOW, NOT_APPLICABLE, Answer, State
from library.conditions import visible_questions
from library.document import DefinitionDocument, parse
from library.reading import read
from library.recommendations import for_sheet
from library.scoring.engine import ScoredNode, ScoreSheet, score
from library.scoring.registry import MINUS, Counted, RuleOptions, figure, rule
from library.scoring.rules import RULES
from tests.library import strategies


def definition(questions: list[dict[str, Any]], score_node: dict[str, Any], **scoring: Any) -> DefinitionDocument:
    """One section, one score over it, on a scale of 0 to 100 unless told otherwise."""
    return parse(
        {
            "format": "portal-definition/1",
            "key": "one",
            "name": "One",
            "sections": [{"key": "s", "name": "S", "questions": questions}],
            "scoring": {
                "scale": {"min": 0, "max": 100},
                "scores": [{"key": "all", "name": "All", "inputs": [{"sections": ["s"]}], **score_node}],
                "overall": "all",
                **scoring,
            },
        }
    )


def number(key: str, **extra: Any) -> dict[str, Any]:
    return {
        "key": key,
        "type": "number",
        "text": f"How much is {key}?",
        "minimum": 0,
        "maximum": 100,
        "allow_not_applicable": True,
        "allow_dont_know": True,
        **extra,
    }


def answered(**values: Any) -> dict[str, Answer]:
    return {key: value if isinstance(value, Answer) else Answer(State.ANSWERED, value) for key, value in values.items()}


def overall(document: DefinitionDocument, answers: Mapping[str, Answer]) -> ScoredNode:
    node = score(document, answers).overall
    assert node is not None
    return node


# Rules

# Rows begin at 1, 2 and 3, columns at 1 and 3.
TABLE = {"rows": [1, 2, 3], "columns": [1, 3], "values": [[10, 20], [30, 40], [50, 60]]}


@pytest.mark.parametrize(
    ("name", "options", "inputs", "expected"),
    [
        ("sum", {}, [(1, 1), (2, 3)], 7),
        ("mean", {}, [(1, 1), (2, 3)], 1.5),
        ("weighted_mean", {}, [(1, 1), (2, 3)], 1.75),
        ("percent_of_achievable", {}, [(1, 1), (2, 3)], 100 * 7 / 16),
        ("percent_of_achievable", {"from_lowest": True}, [(1, 1), (2, 3)], 100 * 7 / 16),
        ("subtractive", {"from": 10}, [(1, 1), (2, 3)], 10 - 3 - 6),
        ("lowest", {}, [(3, 1), (1, 5)], 1),
        ("highest", {}, [(3, 1), (1, 5)], 3),
        ("count", {}, [(4, 1), (3, 1)], 1),
        ("count", {"reach": 0.75}, [(4, 1), (3, 1)], 2),
        ("product", {}, [(3, 1), (2, 5)], 6),
        ("levels", {}, [(4, 1), (4, 1), (2, 1), (4, 1)], 2),
        ("levels", {"partial": True}, [(4, 1), (4, 1), (2, 1), (4, 1)], 2.5),
        ("levels", {"reach": 0.5}, [(4, 1), (4, 1), (2, 1), (1, 1)], 3),
        ("levels", {"gated": False}, [(0, 1), (4, 1), (2, 1), (4, 1)], 2),
        ("levels", {"gated": False, "partial": True}, [(0, 1), (4, 1), (2, 1), (4, 1)], 2.5),
        ("bands", {"bands": [{"value": 1}, {"from": 3, "value": 5}]}, [(3, 1)], 5),
        ("bands", {"bands": [{"value": 1}, {"from": 3, "value": 5}]}, [(2.9, 1)], 1),
        ("bands", {"bands": [{"from": 3, "value": 5}]}, [(2, 1)], None),
        # Three of the inputs in order are 1, 2, 4: the one in the middle, then the mean of 2 and 4.
        ("median", {}, [(4, 1), (1, 9), (2, 1)], 2),
        ("median", {}, [(4, 1), (1, 9), (2, 1), (4, 1)], 3),
        # The mean is (1 + 4 × 3) ÷ 4 = 3.25, the lowest 1: at most 1 + 1.5.
        ("limited_mean", {"above_lowest": 1.5}, [(1, 1), (4, 3)], 2.5),
        ("limited_mean", {"above_lowest": 3}, [(1, 1), (4, 3)], 3.25),
        # (1 × 4 × 4 × 4) ^ (1 ÷ 4) = 64 ^ 0.25
        ("geometric_mean", {}, [(1, 1), (4, 3)], 64**0.25),
        ("geometric_mean", {}, [(0, 1), (4, 3)], 0),
        ("geometric_mean", {}, [(-1, 1), (4, 3)], None),
        ("lowest_mean", {"count": 2}, [(4, 1), (1, 1), (2, 5)], 1.5),
        ("lowest_mean", {"count": 9}, [(4, 1), (2, 1)], 3),
        ("share_reached", {}, [(4, 1), (3, 1), (4, 1)], 100 * 2 / 3),
        ("share_reached", {"reach": 0.5}, [(4, 1), (2, 1), (1, 1), (0, 1)], 50),
        ("difference", {}, [(4, 2), (1, 3), (2, 1)], 8 - 3 - 2),
        ("ratio", {}, [(3, 1), (4, 1)], 75),
        ("ratio", {"times": 1}, [(3, 1), (4, 1)], 0.75),
        ("ratio", {}, [(3, 1), (0, 1)], None),
        ("ratio", {}, [(3, 1)], None),
        ("constant", {"value": 7}, [(1, 1)], 7),
        ("risk_matrix", TABLE, [(0, 1), (3, 1)], 20),
        ("risk_matrix", TABLE, [(2.9, 1), (0, 1)], 30),
        ("risk_matrix", TABLE, [(3, 1), (4, 1)], 60),
        ("risk_matrix", TABLE, [(3, 1)], None),
        ("verdict", {}, [(4, 1), (4, 1)], 1),
        ("verdict", {}, [(0, 1), (0, 1)], 0),
        ("verdict", {"mixed": 0.25}, [(4, 1), (0, 1)], 0.25),
    ],
)
def test_a_rule(name: str, options: dict[str, Any], inputs: list[tuple[float, float]], expected: float | None) -> None:
    chosen = RULES[name]
    counted = [Counted(value, weight, 0, 4, position=at) for at, (value, weight) in enumerate(inputs)]
    found = chosen.function(counted, chosen.options.model_validate(options))
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-12))


def test_every_rule_explains_itself() -> None:
    needed: dict[str, Any] = {
        "subtractive": {"from": 5},
        "bands": {"bands": [{"value": 1, "label": "low"}]},
        "limited_mean": {"above_lowest": 1},
        "lowest_mean": {"count": 2},
        "constant": {"value": 3},
        "risk_matrix": TABLE,
    }
    counted = [Counted(1, 2, 0, 4), Counted(3, 1, 0, 4, position=1)]
    for name, chosen in RULES.items():
        options = chosen.options.model_validate(needed.get(name, {}))
        assert chosen.words(options)
        assert chosen.figures(counted, options)


def test_a_rule_of_ones_own_is_one_decorated_function() -> None:
    @rule("test_last", words=lambda options: "The last.", figures=lambda inputs, options: "last")
    def last(inputs: Any, options: RuleOptions) -> float | None:
        return inputs[-1].value

    try:
        document = definition([number("a"), number("b")], {"rule": "test_last"})
        assert overall(document, answered(a=1, b=2)).value == 2
        with pytest.raises(ValueError, match="already a scoring rule"):
            rule("test_last", words=lambda options: "", figures=lambda inputs, options: "")(last)
    finally:
        del RULES["test_last"]


def test_a_product_of_negative_numbers_knows_its_bounds() -> None:
    document = definition(
        [number("a", minimum=-2, maximum=3), number("b", minimum=-5, maximum=1)],
        {"rule": "product", "treatment": {"unanswered": "exclude", "dont_know": "exclude"}},
        scale={"min": -20, "max": 20},
    )
    node = overall(document, answered(a=-2, b=-5))
    assert (node.value, node.floor, node.ceiling) == (10, -15, 10)


def test_long_calculations_leave_out_their_middle() -> None:
    document = definition([number(f"q{place}") for place in range(30)], {"rule": "mean"})
    figures = score(document, answered(**{f"q{place}": place for place in range(30)})).explain("all").figures
    assert figures == "(0 + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + … + 28 + 29) ÷ 30 = 14.5"


@pytest.mark.parametrize(
    ("value", "written"), [(0.1 + 0.2, "0.3"), (-0.00001, "0"), (5, "5"), (-1.5, "\N{MINUS SIGN}1.5"), (100, "100")]
)
def test_figures_are_written_for_people(value: float, written: str) -> None:
    assert figure(value) == written


# Unanswered, zero, not applicable, don't know


@pytest.mark.parametrize(
    ("treatment", "answer", "expected"),
    [
        ("zero", None, 25),
        ("exclude", None, 50),
        ("lowest", None, 30),
        ("full", None, 75),
        ("zero", NOT_APPLICABLE, 25),
        ("exclude", NOT_APPLICABLE, 50),
        ("lowest", NOT_APPLICABLE, 30),
        ("full", NOT_APPLICABLE, 75),
        ("zero", DONT_KNOW, 25),
        ("exclude", DONT_KNOW, 50),
        ("lowest", DONT_KNOW, 30),
        ("full", DONT_KNOW, 75),
    ],
)
def test_a_missing_answer_counts_as_the_definition_says(treatment: str, answer: Answer | None, expected: float) -> None:
    states = {None: "unanswered", NOT_APPLICABLE: "not_applicable", DONT_KNOW: "dont_know"}
    document = definition(
        [number("a"), number("b", minimum=10)],
        {"rule": "mean"},
        treatment={
            "unanswered": "exclude",
            "not_applicable": "exclude",
            "dont_know": "exclude",
            states[answer]: treatment,
        },
    )
    answers = answered(a=50) | ({"b": answer} if answer else {})
    assert overall(document, answers).value == expected


def test_the_four_are_different_things() -> None:
    document = definition(
        [number("a"), number("b")],
        {"rule": "mean"},
        treatment={"unanswered": "lowest", "not_applicable": "exclude", "dont_know": "full"},
    )
    values = [
        overall(document, answered(a=60, **extra)).value
        for extra in ({}, {"b": 0}, {"b": NOT_APPLICABLE}, {"b": DONT_KNOW})
    ]
    assert values == [30, 30, 60, 80]
    states = [
        overall(document, answered(a=60, **extra)).counted[-1].state for extra in ({}, {"b": 0}, {"b": DONT_KNOW})
    ]
    assert states == ["unanswered", "answered", "dont_know"]


def test_a_score_may_treat_them_its_own_way() -> None:
    document = definition(
        [number("a"), number("b")],
        {"rule": "mean", "treatment": {"unanswered": "exclude"}},
        treatment={"unanswered": "zero"},
    )
    assert overall(document, answered(a=60)).value == 60


def test_an_option_without_a_value_is_not_zero() -> None:
    choice = {
        "key": "a",
        "type": "single_choice",
        "text": "A?",
        "options": [{"key": "x", "text": "X", "value": 100}, {"key": "n", "text": "Not scored"}],
    }
    document = definition([choice, number("b")], {"rule": "mean"})
    node = overall(document, answered(a="n", b=40))
    assert node.value == 40
    assert [item.state for item in node.left_out] == ["no_value"]


def test_weight_zero_is_for_context_only() -> None:
    document = definition([number("a"), number("b", weight=0)], {"rule": "mean"})
    assert overall(document, answered(a=60, b=0)).value == 60


def test_nothing_scored_is_no_score() -> None:
    document = definition([number("a")], {"rule": "sum"}, treatment={"unanswered": "exclude"})
    node = overall(document, {})
    assert (node.value, node.percent, node.state) == (None, None, "no_score")
    assert node.reason == "Nothing here is answered yet."


def test_all_not_applicable_is_not_applicable_for_the_score_above_as_well() -> None:
    document = parse(
        {
            "format": "portal-definition/1",
            "key": "two",
            "name": "Two",
            "sections": [
                {"key": "s", "name": "S", "questions": [number("a")]},
                {"key": "t", "name": "T", "questions": [number("b")]},
            ],
            "scoring": {
                "scale": {"min": 0, "max": 100},
                "scores": [
                    {"key": "s", "name": "S", "rule": "mean", "inputs": [{"sections": ["s"]}]},
                    {"key": "t", "name": "T", "rule": "mean", "inputs": [{"sections": ["t"]}]},
                    {"key": "all", "name": "All", "rule": "mean", "inputs": [{"scores": ["s", "t"]}]},
                ],
                "overall": "all",
                "treatment": {"no_score": "zero"},
            },
        }
    )
    sheet = score(document, answered(a=NOT_APPLICABLE, b=80))
    assert sheet.nodes["s"].state == "not_applicable"
    assert sheet.nodes["all"].value == 80
    assert sheet.explain("all").left_out[0].words == "not applicable, left out"


def test_an_answer_that_no_longer_fits_counts_as_unanswered() -> None:
    document = definition([number("a")], {"rule": "mean"})
    for value in ("x", 1000, True, None, [1, 2], {"a": 1}, float("nan")):
        node = overall(document, {"a": Answer(State.ANSWERED, value)})  # type: ignore[arg-type]
        assert node.value == 0
        assert node.counted[0].state == "unanswered"


# Question types


def test_numbers_by_bands() -> None:
    bands = [{"from": 0, "value": 100}, {"from": 8, "value": 40}, {"from": 31, "value": 0}]
    document = definition([number("days", bands=bands)], {"rule": "mean"})
    assert [overall(document, answered(days=days)).value for days in (0, 7.9, 8, 30, 31, 99)] == [
        100,
        100,
        40,
        40,
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("combine", "chosen", "expected", "bounds"),
    [
        ("sum", ["a", "b"], 30, (-5, 30)),
        ("sum", ["c"], -5, (-5, 30)),
        ("mean", ["a", "b"], 15, (-5, 20)),
        ("highest", ["a", "c"], 10, (-5, 20)),
        ("lowest", ["a", "c"], -5, (-5, 20)),
        ("sum", ["none"], 5, (-5, 30)),
    ],
)
def test_multiple_choice(combine: str, chosen: list[str], expected: float, bounds: tuple[float, float]) -> None:
    question = {
        "key": "q",
        "type": "multiple_choice",
        "text": "Which?",
        "combine": combine,
        "options": [
            {"key": "a", "text": "A", "value": 10},
            {"key": "b", "text": "B", "value": 20},
            {"key": "c", "text": "C", "value": -5},
            {"key": "none", "text": "None", "value": 5, "exclusive": True},
        ],
    }
    document = definition(
        [question],
        {"rule": "mean", "treatment": {"unanswered": "exclude"}},
        scale={"min": -10, "max": 40},
    )
    node = overall(document, answered(q=chosen))
    assert (node.value, (node.floor, node.ceiling)) == (expected, bounds)


def test_inputs_as_percent_make_different_ranges_comparable() -> None:
    scale = {"key": "b", "type": "scale", "text": "B?", "minimum": 1, "maximum": 5}
    document = definition([number("a"), scale], {"rule": "mean", "inputs_as": "percent"})
    node = overall(document, answered(a=100, b=2))
    assert node.value == pytest.approx((100 + 25) / 2)
    assert overall(document, answered(a=100)).value == 50


# Gates, rounding, limits


def test_a_gate_gives_no_score_another_score_or_a_ceiling() -> None:
    gate = {"when": {"question": "a", "operator": "at_least", "value": 10}, "reason": "A is missing."}
    questions = [number("a"), number("b")]
    failing, passing = answered(a=0, b=100), answered(a=10, b=100)
    none = definition(questions, {"rule": "mean", "gates": [gate]})
    assert (overall(none, failing).value, overall(none, failing).reason) == (None, "A is missing.")
    assert overall(none, passing).value == 55
    other = definition(questions, {"rule": "mean", "gates": [{**gate, "otherwise": 7}]})
    assert (overall(other, failing).value, overall(other, failing).note) == (7, "A is missing.")
    held = definition(questions, {"rule": "mean", "gates": [{**gate, "at_most": 40}]})
    assert (overall(held, failing).value, overall(held, failing).note) == (40, "A is missing.")
    assert overall(held, answered(a=0, b=20)).value == 10
    assert overall(held, answered(a=0, b=20)).note == ""


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [("nearest", 2.5, 3), ("nearest", -2.5, -3), ("down", 2.9, 2), ("up", 2.1, 3), ("truncate", -2.9, -2)],
)
def test_rounding_of_the_rule(mode: str, value: float, expected: float) -> None:
    document = definition(
        [number("a", minimum=-100)], {"rule": "mean", "rounding": {"mode": mode}}, scale={"min": -100, "max": 100}
    )
    assert overall(document, answered(a=value)).value == expected


def test_truncating_does_not_lose_a_point_to_binary_fractions() -> None:
    weights = [number(f"q{place}", weight=0.1) for place in range(3)]
    document = definition(weights, {"rule": "sum", "rounding": {"mode": "truncate"}})
    assert overall(document, answered(q0=10, q1=10, q2=10)).value == 3


def test_needs_every_answer() -> None:
    document = definition([number("a"), number("b")], {"rule": "mean", "needs_every_answer": True})
    node = overall(document, answered(a=60))
    assert (node.value, node.incomplete, node.reason) == (None, True, "Not every question is answered yet.")
    assert overall(document, answered(a=60, b=DONT_KNOW)).value == 30


# Zones, percent, explanation


def zoned() -> DefinitionDocument:
    return definition(
        [number("a")],
        {"rule": "mean"},
        zones=[
            {"label": "At risk", "from": 0, "to": 40, "tone": "b1"},
            {"label": "Developing", "from": 40, "to": 60, "tone": "b2"},
            {"label": "Strong", "from": 60, "to": 100, "tone": "b4"},
        ],
    )


@pytest.mark.parametrize(
    ("value", "label"),
    [(0, "At risk"), (39.9, "At risk"), (40, "Developing"), (59.9, "Developing"), (60, "Strong"), (100, "Strong")],
)
def test_a_zone_begins_with_its_start(value: float, label: str) -> None:
    sheet = score(zoned(), answered(a=value))
    zone = sheet.zone(sheet.overall)
    assert zone is not None
    assert zone.label == label


def test_a_score_of_its_own_scale_has_a_percentage_and_a_zone() -> None:
    document = parse(
        {
            "format": "portal-definition/1",
            "key": "x",
            "name": "X",
            "sections": [{"key": "s", "name": "S", "questions": [number("a", maximum=3)]}],
            "scoring": {
                "scale": {"min": 0, "max": 100},
                "scores": [
                    {"key": "s", "name": "S", "rule": "mean", "inputs": [{"sections": ["s"]}]},
                    {"key": "all", "name": "All", "rule": "percent_of_achievable", "inputs": [{"scores": ["s"]}]},
                ],
                "overall": "all",
                "sections": {"s": "s"},
                "zones": [
                    {"label": "Low", "from": 0, "to": 50, "tone": "b1"},
                    {"label": "High", "from": 50, "to": 100, "tone": "b4"},
                ],
            },
        }
    )
    sheet = score(document, answered(a=1.5))
    node = sheet.sections["s"]
    assert (node.value, node.ceiling, node.percent) == (1.5, 3, 50)
    zone = sheet.zone(node)
    assert zone is not None
    assert zone.label == "High"


def test_an_explanation_names_inputs_weights_and_what_was_left_out() -> None:
    document = definition(
        [
            number("a", weight=2),
            number("b"),
            number("c"),
            number("d", show_if={"question": "a", "operator": "equals", "value": 1}),
        ],
        {"rule": "weighted_mean"},
    )
    explanation = score(document, answered(a=90, b=NOT_APPLICABLE)).explain("all")
    assert explanation.words == "The mean of the inputs, each counting by its weight."
    assert explanation.figures == "(90 × 2 + 0 × 1) ÷ 3 = 60"
    assert [(line.key, line.value, line.weight, line.words) for line in explanation.counted] == [
        ("a", 90, 2, "90"),
        ("c", 0, 1, "not answered, counts as 0"),
    ]
    assert [(line.key, line.words) for line in explanation.left_out] == [
        ("b", "not applicable, left out"),
        ("d", "not asked, because of other answers, left out"),
    ]


def test_an_unknown_score_cannot_be_explained() -> None:
    with pytest.raises(KeyError):
        score(zoned(), {}).explain("nothing")


def test_a_definition_without_scoring_has_no_score() -> None:
    document = parse(
        {
            "format": "portal-definition/1",
            "key": "plain",
            "name": "Plain",
            "sections": [{"key": "s", "name": "S", "questions": [{"key": "a", "type": "text", "text": "A?"}]}],
        }
    )
    sheet = score(document, answered(a="x"))
    assert sheet.overall is None
    assert sheet.to_data()["overall"] is None
    assert score(document, {}).unanswered == ("a",)


# Matrices


def grid(**extra: Any) -> dict[str, Any]:
    return {
        "key": "g",
        "type": "matrix",
        "text": "How well?",
        "rows": [{"key": key, "text": key.upper()} for key in ("x", "y", "z")],
        "options": [
            {"key": "no", "text": "No", "value": 0},
            {"key": "some", "text": "Some", "value": 2},
            {"key": "all", "text": "All", "value": 5},
        ],
        **extra,
    }


@pytest.mark.parametrize(
    ("combine", "expected", "ends"),
    [("sum", 7, (0, 15)), ("mean", 7 / 3, (0, 5)), ("highest", 5, (0, 5)), ("lowest", 0, (0, 5))],
)
def test_the_rows_of_a_matrix_are_combined(combine: str, expected: float, ends: tuple[float, float]) -> None:
    document = definition([grid(combine=combine)], {"rule": "sum"})
    node = overall(document, answered(g={"x": "some", "y": "all", "z": "no"}))
    assert node.value == pytest.approx(expected)
    assert (node.floor, node.ceiling) == ends


def test_a_partial_matrix_counts_as_unanswered() -> None:
    document = definition([grid()], {"rule": "sum"}, treatment={"unanswered": "exclude"})
    sheet = score(document, answered(g={"x": "all", "y": "all"}))
    assert sheet.nodes["all"].value is None
    assert sheet.nodes["all"].incomplete
    assert sheet.unanswered == ("g",)
    assert sheet.explain("all").left_out[0].words == "not answered, left out"


def test_a_row_without_a_score_adds_nothing() -> None:
    options = [*grid()["options"], {"key": "skip", "text": "Not ours"}]
    document = definition([grid(options=options)], {"rule": "sum"})
    assert overall(document, answered(g={"x": "all", "y": "skip", "z": "some"})).value == 7
    assert overall(document, answered(g={"x": "skip", "y": "skip", "z": "skip"})).state == "no_score"
    # From one row at 0 to three rows at 5.
    assert (overall(document, {}).floor, overall(document, {}).ceiling) == (0, 15)


# What does not apply costs nothing, at any depth


def nested(outer: dict[str, Any], **inner: Any) -> DefinitionDocument:
    """Two sums of two numbers from 0 to 10 each, and one score over the sums."""
    section = [number(key, maximum=10) for key in ("a", "b", "c", "d")]
    sums = [
        {"key": "one", "name": "One", "rule": "sum", "inputs": [{"questions": ["a", "b"]}], **inner},
        {"key": "two", "name": "Two", "rule": "sum", "inputs": [{"questions": ["c", "d"]}]},
    ]
    return parse(
        {
            "format": "portal-definition/1",
            "key": "n",
            "name": "N",
            "sections": [{"key": "s", "name": "S", "questions": section}],
            "scoring": {
                "scale": {"min": -100, "max": 100},
                "scores": [*sums, {"key": "all", "name": "All", "inputs": [{"scores": ["one", "two"]}], **outer}],
                "overall": "all",
            },
        }
    )


@pytest.mark.parametrize(
    ("outer", "expected"),
    [
        # 10 + 5 + 5 of 30 that apply, not of 40.
        ({"rule": "percent_of_achievable"}, 100 * 20 / 30),
        # Missing to the full score: 0 of One, where only a applies, and 10 of Two.
        ({"rule": "subtractive", "options": {"from": 50}}, 40),
        # One is at its best with what applies, so the first level is reached; Two is half way.
        ({"rule": "levels", "options": {"partial": True}}, 1.5),
        ({"rule": "count"}, 1),
        ({"rule": "share_reached"}, 50),
        # One 100 % of what applies, Two 50 %.
        ({"rule": "mean", "inputs_as": "percent"}, 75),
    ],
)
def test_what_does_not_apply_costs_nothing_further_up(outer: dict[str, Any], expected: float) -> None:
    sheet = score(nested(outer), answered(a=10, b=NOT_APPLICABLE, c=5, d=5))
    assert sheet.nodes["all"].value == pytest.approx(expected)
    assert (sheet.nodes["one"].ceiling, sheet.nodes["one"].reachable_ceiling, sheet.nodes["one"].percent) == (
        20,
        10,
        100,
    )


def test_a_score_as_percent_is_measured_on_its_scale() -> None:
    document = nested({"rule": "mean", "inputs_as": "percent"}, scale={"min": 0, "max": 40})
    sheet = score(document, answered(a=10, b=10, c=10, d=10))
    assert [item.value for item in sheet.nodes["all"].counted] == [50, 100]
    assert sheet.explain("all").counted[0].calculation == "20 between 0 and 40 is 50 %"
    assert sheet.nodes["all"].ceiling == 75


def test_a_difference_needs_its_first_input() -> None:
    document = nested({"rule": "difference"})
    assert overall(document, answered(a=10, b=5, c=1, d=2)).value == 12
    assert (overall(document, {}).floor, overall(document, {}).ceiling) == (-20, 20)
    without = overall(document, answered(a=NOT_APPLICABLE, b=NOT_APPLICABLE, c=1, d=2))
    assert (without.value, without.reason) == (None, "These inputs give no score.")


# Cases: ordered rules


def risky() -> DefinitionDocument:
    options = [{"key": key, "text": key.title(), "value": 1} for key in ("daily", "tested", "offsite")]
    none = {"key": "none", "text": "None of these", "value": 0, "exclusive": True}
    has = [{"question": "backup", "operator": "contains", "value": option["key"]} for option in options]
    choice = {"key": "backup", "type": "multiple_choice", "text": "Which?", "options": [*options, none]}
    return definition(
        [choice],
        {
            "rule": "constant",
            "options": {"value": 0},
            "treatment": {"unanswered": "exclude"},
            "cases": [
                {"when": {"all": has[:2]}, "value": 2, "label": "No risk"},
                {"when": has[0], "value": 1, "label": "Medium risk"},
                {"when": has[2], "label": "Nothing to say"},
            ],
        },
    )


@pytest.mark.parametrize(
    ("chosen", "value", "said"),
    [
        (["daily", "tested"], 2, "No risk"),
        (["daily", "offsite"], 1, "Medium risk"),
        (["tested"], 0, ""),
        (["none"], 0, ""),
        (["offsite"], None, "Nothing to say"),
    ],
)
def test_the_first_case_that_holds_decides(chosen: list[str], value: float | None, said: str) -> None:
    node = overall(risky(), answered(backup=chosen))
    assert (node.value, node.note or node.reason) == (value, said)
    assert (node.floor, node.ceiling) == (0, 2)


def test_without_an_answer_no_case_is_asked() -> None:
    node = overall(risky(), {})
    assert (node.value, node.reason) == (None, "Nothing here is answered yet.")


def test_a_case_explains_itself() -> None:
    explanation = score(risky(), answered(backup=["daily"])).explain("all")
    assert explanation.figures == "1"
    assert explanation.notes == (
        "Medium risk: Decided by case 2, the first that holds: question 1 includes “Daily” gives 1.",
    )


# Explaining what is not plain


def test_an_explanation_says_what_was_done_to_the_result() -> None:
    gate = {"when": {"question": "a", "operator": "at_least", "value": 90}, "at_most": 40, "reason": "A is weak."}
    document = definition(
        [number("a"), number("b")],
        {"rule": "mean", "rounding": {"decimals": 0}, "clamp": {"min": 0, "max": 50}, "gates": [gate]},
    )
    explanation = score(document, answered(a=50, b=73)).explain("all")
    assert explanation.figures == "(50 + 73) ÷ 2 = 61.5"
    assert explanation.value == 40
    assert explanation.notes == (
        "61.5 is rounded to 62.",
        "62 is held between 0 and 50, which gives 50.",
        "A is weak. It may be more than 40 only when question 1 is at least 90, so 50 becomes 40.",
    )


def test_a_gate_that_takes_the_score_away_says_so_once() -> None:
    gate = {"when": {"question": "b", "operator": "answered"}, "reason": "B is missing."}
    document = definition([number("a"), number("b")], {"rule": "mean", "gates": [gate]})
    explanation = score(document, answered(a=50)).explain("all")
    assert explanation.value is None
    assert explanation.notes == (
        "B is missing. 25 counts only when question 2 is answered; as that is not so, it becomes no score.",
    )


def test_an_explanation_says_how_inputs_got_their_values() -> None:
    many = {
        "key": "m",
        "type": "multiple_choice",
        "text": "M?",
        "options": [
            {"key": "x", "text": "X", "value": 10},
            {"key": "y", "text": "Y", "value": 30},
            {"key": "z", "text": "Z"},
        ],
    }
    days = number("days", bands=[{"from": 0, "value": 100, "label": "Within a week"}, {"from": 8, "value": 40}])
    document = definition([many, days, grid(combine="mean")], {"rule": "mean", "inputs_as": "percent"})
    answers = answered(m=["x", "y", "z"], days=9, g={"x": "some", "y": "all", "z": "no"})
    assert [line.calculation for line in score(document, answers).explain("all").counted] == [
        "the sum of X: 10; Y: 30; Z: carries no score = 40; 40 between 10 and 40 is 100 %",
        "9 lies in “from 8”: 40; 40 between 40 and 100 is 0 %",
        "the mean of X: Some: 2; Y: All: 5; Z: No: 0 = 2.3333; 2.3333 between 0 and 5 is 46.6667 %",
    ]


def test_an_explanation_says_what_was_possible() -> None:
    explanation = score(nested({"rule": "mean"}), answered(a=10, b=NOT_APPLICABLE, c=5, d=5)).explain("one")
    assert explanation.ends == ("It can be from 0 to 20.", "With what applies here it can be from 0 to 10.")
    assert explanation.place == "10 between 0 and 10 is 100 %."


def test_a_question_explains_its_own_score() -> None:
    sheet = score(zoned_choice(), answered(a="half"))
    found = sheet.explain_question("a")
    assert (found.number, found.state, found.answer, found.value, found.percent) == (1, "answered", "Half", 50, 50)
    assert (found.calculation, found.range) == ("Half: 50", "An answer scores from 0 to 100.")
    assert (found.notes, found.used_by, found.left_out_of) == (("Its weight is 2.",), (("all", "All"),), ())
    silent = score(zoned_choice(), {}).explain_question("a")
    assert (silent.value, silent.notes) == (None, ("Not answered.", "It counts as 0.", "Its weight is 2."))
    unknown = sheet.explain_question("b")
    assert (unknown.state, unknown.answer) == ("hidden", "")
    assert unknown.notes == (
        "Not asked, because of other answers.",
        "It is asked when question 1 is “All”.",
    )
    assert unknown.left_out_of == (("all", "All"),)
    free = sheet.explain_question("c")
    assert (free.range, free.notes) == (
        "No answer to this question carries a score.",
        ("Not answered.", "It goes into no score."),
    )
    with pytest.raises(KeyError):
        sheet.explain_question("z")


def zoned_choice() -> DefinitionDocument:
    options = [
        {"key": "all", "text": "All", "value": 100},
        {"key": "half", "text": "Half", "value": 50},
        {"key": "no", "text": "No", "value": 0},
    ]
    when = {"question": "a", "operator": "equals", "value": "all"}
    return definition(
        [
            {"key": "a", "type": "single_choice", "text": "A?", "options": options, "weight": 2},
            number("b", show_if=when),
            {"key": "c", "type": "text", "text": "C?"},
        ],
        {"rule": "weighted_mean"},
    )


# Usual models, written with these rules


def test_a_maturity_level_needs_a_share_of_its_practices() -> None:
    """Three levels of practices, each reached at 80 % largely implemented (2 of 3); what does not apply is no hurdle."""
    levels = {1: ["a1", "a2"], 2: ["b1", "b2", "b3", "b4", "b5"], 3: ["c1"]}
    practices = [
        {"key": key, "type": "scale", "text": key, "minimum": 0, "maximum": 3, "allow_not_applicable": True}
        for keys in levels.values()
        for key in keys
    ]
    scores = [
        {
            "key": f"level{level}",
            "name": f"Level {level}",
            "rule": "share_reached",
            "options": {"reach": 2 / 3},
            "inputs": [{"questions": keys}],
            "scale": {"min": 0, "max": 100},
        }
        for level, keys in levels.items()
    ]
    top = {"key": "all", "name": "All", "rule": "levels", "options": {"reach": 0.8}}
    document = parse(
        {
            "format": "portal-definition/1",
            "key": "c",
            "name": "C",
            "sections": [{"key": "s", "name": "S", "questions": practices}],
            "scoring": {
                "scale": {"min": 0, "max": 3},
                "scores": [*scores, {**top, "inputs": [{"scores": ["level1", "level2", "level3"]}]}],
                "overall": "all",
            },
        }
    )
    both = answered(a1=2, a2=3)
    assert overall(document, both).value == 1
    four_of_five = both | answered(b1=2, b2=2, b3=3, b4=2, b5=0)
    assert overall(document, four_of_five).value == 2
    three_of_five = both | answered(b1=2, b2=2, b3=3, b4=1, b5=0, c1=3)
    assert overall(document, three_of_five).value == 1
    four_that_apply = both | answered(b1=2, b2=2, b3=3, b4=2, b5=NOT_APPLICABLE, c1=3)
    assert overall(document, four_that_apply).value == 3


def test_a_killer_question_holds_the_score_down() -> None:
    gate = {"when": {"question": "a", "operator": "greater", "value": 0}, "at_most": 49, "reason": "A must be there."}
    document = definition([number("a"), number("b", weight=3)], {"rule": "weighted_mean", "gates": [gate]})
    # (0 × 1 + 100 × 3) ÷ 4 = 75
    assert overall(document, answered(a=0, b=100)).value == 49
    assert overall(document, answered(a=20, b=100)).value == 80


def test_a_net_score_may_be_negative() -> None:
    bands = {
        "up": [{"value": 0}, {"from": 9, "value": 100}],
        "down": [{"value": 100}, {"from": 7, "value": 0}],
    }
    twice = [
        {"key": f"{name}{at}", "type": "scale", "text": "?", "minimum": 0, "maximum": 10, "bands": bands[name]}
        for name in bands
        for at in (1, 2)
    ]
    shares = [
        {"key": name, "name": name, "rule": "mean", "inputs": [{"questions": [f"{name}1", f"{name}2"]}]}
        for name in bands
    ]
    document = parse(
        {
            "format": "portal-definition/1",
            "key": "n",
            "name": "N",
            "sections": [{"key": "s", "name": "S", "questions": twice}],
            "scoring": {
                "scale": {"min": -100, "max": 100},
                "scores": [
                    *shares,
                    {"key": "net", "name": "Net", "rule": "difference", "inputs": [{"scores": ["up", "down"]}]},
                ],
                "overall": "net",
            },
        }
    )
    assert overall(document, answered(up1=10, up2=3, down1=10, down2=3)).value == 0
    assert overall(document, answered(up1=5, up2=3, down1=5, down2=3)).value == -100
    assert score(document, answered(up1=9, up2=9, down1=9, down2=9)).explain("net").figures == (f"100 {MINUS} 0 = 100")


# Properties


def check(sheet: ScoreSheet) -> None:
    for question in sheet.document.questions():
        assert sheet.explain_question(question.key).range
    for recommended in for_sheet(sheet):
        assert 0 <= recommended.percent <= 100
    for key, node in sheet.nodes.items():
        assert sheet.explain(key).words
        if node.value is None:
            assert node.percent is None
            assert node.reason
            continue
        assert abs(node.value) < float("inf")
        assert node.percent is None or 0 <= node.percent <= 100
        slack = 1e-6 * max(1, abs(node.reachable_floor), abs(node.reachable_ceiling))
        assert node.reachable_floor - slack <= node.value <= node.reachable_ceiling + slack, key
        if not node.left_out and all(item.is_question for item in node.counted):
            assert node.floor - slack <= node.value <= node.ceiling + slack, key
    assert sheet.to_data()["scores"].keys() == sheet.nodes.keys()


@strategies.patient
@given(data=st.data())
def test_random_definitions_and_answers_never_break_the_engine(data: st.DataObject) -> None:
    document = strategies.parsed(data.draw(strategies.definitions()))
    check(score(document, data.draw(strategies.answers(document))))


@strategies.patient
@given(data=st.data())
def test_a_hidden_answer_never_changes_a_score(data: st.DataObject) -> None:
    document = strategies.parsed(data.draw(strategies.definitions()))
    answers = data.draw(strategies.answers(document))
    visible = visible_questions(document, answers)
    asked = {key: answer for key, answer in answers.items() if key in visible}
    others = data.draw(strategies.answers(document))
    replaced = {key: answer for key, answer in others.items() if key not in visible} | asked
    expected = score(document, answers).to_data()
    assert visible_questions(document, asked) == visible_questions(document, replaced) == visible
    assert score(document, asked).to_data() == score(document, replaced).to_data() == expected
    assert for_sheet(score(document, asked)) == for_sheet(score(document, answers))


@strategies.patient
@given(data=strategies.definitions())
def test_export_and_import_give_the_same_definition(data: dict[str, Any]) -> None:
    document = strategies.parsed(data)
    again = parse(read(document.to_json().encode(), "export.json"))
    assert again == document
    assert again.to_json() == document.to_json()
    assert again.content_hash() == document.content_hash()
