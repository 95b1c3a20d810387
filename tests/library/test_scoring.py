"""Scoring: each rule alone, what is left out and what counts, gates, bounds, explanations, and properties of all."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from library.answers import DONT_KNOW, NOT_APPLICABLE, Answer, State
from library.conditions import visible_questions
from library.document import DefinitionDocument, parse
from library.problems import InvalidDefinition
from library.reading import read
from library.scoring.engine import ScoredNode, ScoreSheet, score
from library.scoring.registry import Counted, RuleOptions, figure, rule
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
        ("verdict", {}, [(4, 1), (4, 1)], 1),
        ("verdict", {}, [(0, 1), (0, 1)], 0),
        ("verdict", {"mixed": 0.25}, [(4, 1), (0, 1)], 0.25),
    ],
)
def test_a_rule(name: str, options: dict[str, Any], inputs: list[tuple[float, float]], expected: float | None) -> None:
    chosen = RULES[name]
    counted = [Counted(value, weight, 0, 4) for value, weight in inputs]
    found = chosen.function(counted, chosen.options.model_validate(options))
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-12))


def test_every_rule_explains_itself() -> None:
    needed = {"subtractive": {"from": 5}, "bands": {"bands": [{"value": 1, "label": "low"}]}}
    counted = [Counted(1, 2, 0, 4), Counted(3, 1, 0, 4)]
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


# Properties


def parsed(data: dict[str, Any]) -> DefinitionDocument:
    try:
        return parse(data)
    except InvalidDefinition:
        assume(False)
        raise


def check(sheet: ScoreSheet) -> None:
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
    assert sheet.to_data()["scores"].keys() == sheet.nodes.keys()


@strategies.patient
@given(data=st.data())
def test_random_definitions_and_answers_never_break_the_engine(data: st.DataObject) -> None:
    document = parsed(data.draw(strategies.definitions()))
    check(score(document, data.draw(strategies.answers(document))))


@strategies.patient
@given(data=st.data())
def test_a_hidden_answer_never_changes_a_score(data: st.DataObject) -> None:
    document = parsed(data.draw(strategies.definitions()))
    answers = data.draw(strategies.answers(document))
    visible = visible_questions(document, answers)
    asked = {key: answer for key, answer in answers.items() if key in visible}
    others = data.draw(strategies.answers(document))
    replaced = {key: answer for key, answer in others.items() if key not in visible} | asked
    expected = score(document, answers).to_data()
    assert visible_questions(document, asked) == visible_questions(document, replaced) == visible
    assert score(document, asked).to_data() == score(document, replaced).to_data() == expected


@strategies.patient
@given(data=strategies.definitions())
def test_export_and_import_give_the_same_definition(data: dict[str, Any]) -> None:
    document = parsed(data)
    again = parse(read(document.to_json().encode(), "export.json"))
    assert again == document
    assert again.to_json() == document.to_json()
    assert again.content_hash() == document.content_hash()
