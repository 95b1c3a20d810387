"""SurveyJS's expressions: every core vector of the conformance data, computed, and as a condition of ours."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.answers import Answer, State
from library.conditions import holds
from library.document import Condition
from library.exchange.surveyjs import expressions
from library.exchange.surveyjs.expressions import ExpressionError, evaluate, is_true, parse
from library.exchange.surveyjs.translation import Subject, Untranslatable, to_condition
from tests.library.strategies import json_values, patient

# Vectors this deliberately answers otherwise, with the reason; docs/exchange-deviations.md has the same list. An entry
# that is no deviation any more fails, and so does a deviation without an entry.
DEVIATIONS: dict[str, str] = {}


def vectors(conformance_data: Path) -> list[dict[str, Any]]:
    found = json.loads((conformance_data / "surveyjs" / "expression_vectors.json").read_text())["vectors"]
    return [{**vector, "values": _without_undefined(vector["values"])} for vector in found]


def _without_undefined(value: Any) -> Any:
    if isinstance(value, dict):
        inside = {key: _without_undefined(item) for key, item in value.items()}
        return None if value == {"__undefined": True} else inside
    return [_without_undefined(item) for item in value] if isinstance(value, list) else value


def core(conformance_data: Path) -> list[dict[str, Any]]:
    return [vector for vector in vectors(conformance_data) if vector["core"]]


def computed(vector: dict[str, Any]) -> Any:
    result = evaluate(parse(vector["expression"]), vector["values"])
    return is_true(result) if vector["kind"] == "boolean" else result


class TestVectors:
    def test_every_core_vector_is_computed_as_surveyjs_does(self, conformance_data: Path) -> None:
        target = core(conformance_data)
        assert len(target) == 112
        deviating = {vector["expression"] for vector in target if computed(vector) != vector["expected"]}
        assert deviating == set(DEVIATIONS)

    def test_whether_a_result_is_a_number_or_a_truth_value_agrees_too(self, conformance_data: Path) -> None:
        for vector in core(conformance_data):
            assert isinstance(computed(vector), bool) is isinstance(vector["expected"], bool), vector["expression"]

    def test_beyond_the_core_only_functions_are_missing(self, conformance_data: Path) -> None:
        others = [vector for vector in vectors(conformance_data) if not vector["core"]]
        without = [vector for vector in others if not vector["functions"]]
        assert [vector["expression"] for vector in without if computed(vector) != vector["expected"]] == []
        for vector in others:
            if vector["functions"]:
                with pytest.raises(ExpressionError, match="is not computed here"):
                    computed(vector)

    def test_the_deviations_are_documented(self) -> None:
        documented = (Path(__file__).parents[3] / "docs" / "exchange-deviations.md").read_text()
        for expression, reason in DEVIATIONS.items():
            assert expression in documented
            assert reason in documented


class TestVectorsAsConditions:
    """Each vector over questions made for it: the expression and the condition it becomes must agree."""

    # What no condition says, by the reason given: how many vectors.
    REFUSED = {
        "it compares or calculates with several answers at once": 13,
        "nothing in a condition means the same for every answer": 7,
    }

    def test_both_ways_agree(self, conformance_data: Path) -> None:
        translated, constant, refused = 0, 0, dict.fromkeys(self.REFUSED, 0)
        for vector in core(conformance_data):
            if vector["kind"] != "boolean":
                continue
            node = parse(vector["expression"])
            subjects, answers = questions_for(node, vector["values"])
            try:
                truth = to_condition(node, subjects).truth
            except Untranslatable as error:
                reason = next(known for known in refused if error.reason.startswith(known))
                refused[reason] += 1
                continue
            constant += isinstance(truth, bool)
            translated += 1
            ours = truth if isinstance(truth, bool) else holds(Condition.model_validate(truth), answers)
            assert ours is vector["expected"], (vector["expression"], vector["values"], truth)
        assert refused == self.REFUSED
        assert (translated, constant) == (91, 19)


def questions_for(node: expressions.Node, values: dict[str, Any]) -> tuple[dict[str, Subject], dict[str, Any]]:
    """Questions whose answers can be the values of a vector, and these values as answers of ours."""
    constants = [part.value for part in expressions.parts(node) if isinstance(part, expressions.Const)]
    subjects: dict[str, Subject] = {}
    answers: dict[str, Any] = {}
    for number, variable in enumerate(expressions.variables(node)):
        counted = variable.name.endswith(".length")
        name = variable.name.removesuffix(".length")
        value = expressions.answer(values, name)
        subject = _subject(f"q{number}", value, constants, node, counted=counted)
        subjects[name] = subject
        if value is not None:
            answers[subject.key] = Answer(State.ANSWERED, _ours(subject, value))
    return subjects, answers


def _subject(key: str, value: Any, constants: list[Any], node: expressions.Node, *, counted: bool) -> Subject:
    words = [constant for constant in constants if isinstance(constant, str)]
    if isinstance(value, bool):
        return Subject(key, "yes_no", options=((True, "yes"), (False, "no")))
    if isinstance(value, list) or counted:
        known = list(dict.fromkeys([*(value if value and isinstance(value[0], str | int) else []), *words, 1, 2, 3]))
        return Subject(key, "multiple_choice", options=tuple((item, f"o{item}") for item in known))
    if isinstance(value, int | float) or (value is None and not words):
        return Subject(key, "number")
    looked_into = any(
        operator in ("contains", "not_contains")
        for part in expressions.parts(node)
        if isinstance(part, expressions.Chain)
        for operator, __ in part.tail
    )
    if looked_into:
        return Subject(key, "text")
    known = list(dict.fromkeys([*([value] if isinstance(value, str) else []), *words]))
    return Subject(key, "single_choice", options=tuple((item, f"o{number}") for number, item in enumerate(known)))


def _ours(subject: Subject, value: Any) -> Any:
    by_value = dict(subject.options) if subject.options else {}
    if subject.type == "multiple_choice":
        return [by_value[item] for item in value if isinstance(item, str | int)]
    return by_value.get(value, value) if by_value else value


class TestReading:
    @pytest.mark.parametrize(
        ("expression", "column"),
        [
            ("{a} = ", 7),
            ("{a} =", 6),
            ("= 1", 1),
            ("{a} = 'x", 7),
            ("{a = 1", 1),
            ("{} = 1", 1),
            ("{a} = 1)", 8),
            ("[1, 2", 6),
            ("{a} anyof [1 2]", 14),
            ("{a} = 1 {b}", 9),
            ("{a} ~ 1", 5),
            ("", 1),
            ("   ", 4),
            ("1 = 1 and and", 11),
            ("- {a}", 1),
        ],
    )
    def test_a_mistake_is_named_with_its_column(self, expression: str, column: int) -> None:
        with pytest.raises(ExpressionError) as caught:
            parse(expression)
        assert caught.value.column == column
        assert f"column {column}" in str(caught.value)

    def test_hostile_sizes_are_refused(self) -> None:
        with pytest.raises(ExpressionError, match="longer than 10,000"):
            parse("1" * 10_001)
        for deep in ("(" * 3000 + "1" + ")" * 3000, "!" * 3000 + "1", "[" * 3000, "f(" * 3000, "{a} + (" * 900):
            with pytest.raises(ExpressionError, match="nested deeper"):
                parse(deep)

    def test_a_long_row_is_fine(self) -> None:
        assert evaluate(parse("+".join(["1"] * 4000)), {}) == 4000
        assert evaluate(parse("true and " * 1000 + "true"), {}) is True

    @pytest.mark.parametrize(
        ("expression", "values", "expected"),
        [
            ("{a} <> 5", {}, True),
            ("{list[1].name} = 'b'", {"list": [{"name": "a"}, {"name": "b"}]}, True),
            ("{list[9].name} = 'b'", {"list": []}, False),
            ("{A.B} = 1", {"a": {"b": 1}}, True),
            ("{a.b} = 1", {"a.b": 1, "a": {"b": 2}}, True),
            ("{a} allof ['x', 'y']", {"a": ["x", "y", "z"]}, True),
            ("{a} allof ['x', 'y']", {"a": ["x"]}, False),
            ("{a} allof ['x']", {}, False),
            ("{a} noneof ['x']", {"a": ["y"]}, True),
            ("{a} = ['b', 'a']", {"a": ["a", "b"]}, True),
            ("{a} = 'JOHN '", {"a": " john"}, True),
            ("NOT_A_FUNCTION = 'not_a_function'", {}, True),
            ("{a} LESS 3 AND {a} GreaterOrEqual 2", {"a": 2}, True),
            ("'b' > 'a'", {}, True),
            ("'10' > '9'", {}, False),
            ("10 / 0 = null", {}, True),
            ("2 ^ 3", {}, 8),
            ("0 - 7 % 4", {}, -3),
            ("'it\\'s' = \"it's\"", {}, True),
            ("{__proto__} empty", {}, True),
            ("{constructor.length} = 0", {}, True),
        ],
    )
    def test_what_the_language_says(self, expression: str, values: dict[str, Any], expected: Any) -> None:
        assert evaluate(parse(expression), values) == expected

    def test_written_values_read_back(self) -> None:
        for value in ("it's", 'say "x"', "", 1.5, -2, True, ["a", 1]):
            read = evaluate(parse(expressions.written(value)), {})
            assert read == value
            assert isinstance(read, bool) is isinstance(value, bool)


pieces = st.sampled_from(
    [
        "{a}",
        "{b.c}",
        "{#a}",
        "{a[0].b}",
        "'x'",
        '"',
        "'",
        "1",
        "0x1",
        "2.5",
        "true",
        "null",
        "[",
        "]",
        "(",
        ")",
        ",",
        "-",
    ]
    + [operator for level in expressions.LEVELS for operator in level]
    + ["empty", "notempty", "!", "iif(", "word", "\\", "{", "}", "é", "\x00", "🙂", " "]
)
jumbles = st.one_of(
    st.text(max_size=40), st.lists(pieces, max_size=14).map(" ".join), st.lists(pieces, max_size=14).map("".join)
)


class TestHostileInput:
    @patient
    @given(jumbles, st.dictionaries(st.sampled_from(["a", "b", "length", "__proto__"]), json_values, max_size=3))
    def test_nothing_but_an_expression_error(self, expression: str, values: dict[str, Any]) -> None:
        try:
            is_true(evaluate(parse(expression), values))
        except ExpressionError as error:
            assert 1 <= error.column <= len(expression) + 1

    @patient
    @given(jumbles)
    def test_translating_raises_nothing_else_either(self, expression: str) -> None:
        subjects = {
            "a": Subject("a", "multiple_choice", options=(("x", "x"), (1, "y"), (True, "z"))),
            "b": Subject("b", "matrix", options=(("x", "x"),), rows=(("c", "r1"),)),
        }
        try:
            translated = to_condition(parse(expression), subjects)
        except (ExpressionError, Untranslatable):
            return
        if not isinstance(translated.truth, bool):
            Condition.model_validate(translated.truth)

    def test_answers_nested_without_end_are_refused(self) -> None:
        deep: Any = "x"
        for __ in range(5000):
            deep = [deep]
        with pytest.raises(ExpressionError, match="nested too deeply"):
            evaluate(parse("{a} = {b}"), {"a": deep, "b": deep})


ONE = Subject("one", "single_choice", options=(("a", "a"), ("b", "b"), (3, "three")))
MANY = Subject("many", "multiple_choice", options=(("a", "a"), ("b", "b"), ("c", "c")))
WIDE = Subject("wide", "multiple_choice", options=tuple((str(number), f"o{number}") for number in range(12)))
SURE = Subject("sure", "yes_no", options=((True, "yes"), (False, "no")))
STEPS = Subject("steps", "scale", span=(1, 5))
SIZE = Subject("size", "number")
DAY = Subject("day", "date")
SAID = Subject("said", "text")
GRID = Subject("grid", "matrix", options=(("x", "x"), ("y", "y")), rows=(("Row 1", "r1"), ("Row 2", "r2")))
PAPERS = Subject("papers", "file")
UNSURE = Subject("unsure", "single_choice", options=(("a", "a"), ("b", "b")), states=(("dontknow", "is_dont_know"),))
SUBJECTS = {subject.key: subject for subject in (ONE, MANY, WIDE, SURE, STEPS, SIZE, DAY, SAID, GRID, PAPERS, UNSURE)}


def asks(question: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"question": question, "operator": operator} | ({} if value is None else {"value": value})


class TestTranslating:
    @pytest.mark.parametrize(
        ("expression", "condition"),
        [
            ("{one} = 'a'", asks("one", "equals", "a")),
            ("'a' = {one}", asks("one", "equals", "a")),
            ("{one} = '3'", asks("one", "equals", "three")),
            ("{one} <> 'a'", {"not": asks("one", "equals", "a")}),
            ("{one} notempty", asks("one", "answered")),
            ("{one} empty", asks("one", "not_answered")),
            ("{one}", asks("one", "answered")),
            ("{one} anyof ['a', 'b']", asks("one", "any_of", ["a", "b"])),
            ("{one} = 'nobody'", False),
            ("{one} != 'nobody'", True),
            ("{many} contains 'a'", asks("many", "contains", "a")),
            ("{many} notcontains 'a'", {"not": asks("many", "contains", "a")}),
            ("{many} anyof ['a', 'c']", asks("many", "any_of", ["a", "c"])),
            ("{many} allof ['a', 'c']", {"all": [asks("many", "contains", "a"), asks("many", "contains", "c")]}),
            ("{many} = ['c', 'a']", asks("many", "equals", ["a", "c"])),
            ("{many.length} > 0", asks("many", "answered")),
            ("{wide.length} > 0", asks("wide", "answered")),
            ("{wide} allof ['1', '7']", {"all": [asks("wide", "contains", "o1"), asks("wide", "contains", "o7")]}),
            ("{sure}", asks("sure", "equals", "yes")),
            ("{sure} = true", asks("sure", "equals", "yes")),
            ("{sure} = 'false'", asks("sure", "equals", "no")),
            ("!{sure}", {"not": asks("sure", "equals", "yes")}),
            ("{steps} >= 4", asks("steps", "at_least", 4)),
            ("4 <= {steps}", asks("steps", "at_least", 4)),
            ("{steps} * 2 > 5", asks("steps", "at_least", 3)),
            ("{steps} % 2 = 0", {"not": asks("steps", "any_of", [1, 3, 5])}),
            ("{size} > 5", asks("size", "greater", 5)),
            ("5 > {size}", asks("size", "less", 5)),
            ("{size} - 1 > 5", asks("size", "greater", 6)),
            ("10 - {size} * 2 >= 4", {"not": asks("size", "greater", 3)}),
            ("{size} < 5", asks("size", "less", 5)),
            ("{size} <> 5", {"not": asks("size", "equals", 5)}),
            ("{size} anyof [1, 2]", asks("size", "any_of", [1, 2])),
            ("{day} < '2026-02-01'", asks("day", "less", "2026-02-01")),
            ("{day} >= '2026-02-01'", asks("day", "at_least", "2026-02-01")),
            ("{said} contains 'word'", asks("said", "contains", "word")),
            ("{said} = 'word'", asks("said", "equals", "word")),
            ("{said} empty", asks("said", "not_answered")),
            ("{grid.Row 1} = 'x'", {"question": "grid", "row": "r1", "operator": "equals", "value": "x"}),
            ("{grid.row 2} empty", {"question": "grid", "row": "r2", "operator": "not_answered"}),
            ("{papers} notempty", asks("papers", "answered")),
            ("{unsure} = 'dontknow'", asks("unsure", "is_dont_know")),
            ("{unsure} <> 'a'", {"not": asks("unsure", "equals", "a")}),
            ("true and {sure}", asks("sure", "equals", "yes")),
            ("1 > 2 or {sure}", asks("sure", "equals", "yes")),
            ("1 > 2 and {sure}", False),
            (
                "!({one} = 'a' or {steps} > 3)",
                {"not": {"any": [asks("one", "equals", "a"), asks("steps", "at_least", 4)]}},
            ),
        ],
    )
    def test_what_becomes_of_it(self, expression: str, condition: Any) -> None:
        assert to_condition(parse(expression), SUBJECTS).truth == condition

    @pytest.mark.parametrize(
        ("expression", "reason"),
        [
            ("iif({one} = 'a', 1, 2) = 1", "the function “iif”"),
            ("{size} > {steps}", "several answers"),
            ("{nobody} = 1", "“nobody”, which is no question taken"),
            ("{size} % 2 = 0", "nothing in a condition"),
            ("{size} * {size} > 9", "nothing in a condition"),
            ("{wide.length} = 5", "nothing in a condition"),
            ("{said} > 5", "nothing in a condition"),
            ("{day} > 'soon'", "nothing in a condition"),
            ("{papers[0].name} = 'x'", "looks into an answer"),
            ("{grid.Row 9} = 'x'", "looks into an answer"),
            ("{many} and {one}", "lists of answers"),
            ("{size} > 1" + " + 1" * 60, "too long"),
            ("{sure} = " + "!(1 = 2 and " * 13 + "{sure}" + ")" * 13, "several answers|too long|nothing"),
        ],
    )
    def test_what_cannot_be_said_says_why(self, expression: str, reason: str) -> None:
        with pytest.raises(Untranslatable, match=reason):
            to_condition(parse(expression), SUBJECTS)

    def test_comparing_text_says_that_case_counts(self) -> None:
        assert to_condition(parse("{said} = 'Word'"), SUBJECTS).notes
        assert not to_condition(parse("{said} contains 'Word'"), SUBJECTS).notes

    def test_many_parts_are_put_in_groups(self) -> None:
        truth = to_condition(parse(" or ".join(f"{{size}} = {number}" for number in range(120))), SUBJECTS).truth
        assert isinstance(truth, dict)
        assert [len(group["any"]) for group in truth["any"]] == [50, 50, 20]

    def test_what_is_nested_deeper_than_a_condition_may_be_is_refused(self) -> None:
        text = "{size} = 1"
        for number in range(7):
            text = f"({{size}} = {number} and ({{one}} = 'a' or ({text})))"
        with pytest.raises(Untranslatable, match="nested deeper"):
            to_condition(parse(text), SUBJECTS)
