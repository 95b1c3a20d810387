"""Which questions are asked, and how complete answers are."""

import time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from library.answers import DONT_KNOW, NOT_APPLICABLE, Answer, State
from library.conditions import completeness, required_questions, visible_answers, visible_questions
from library.document import DefinitionDocument, parse
from library.problems import InvalidDefinition
from tests.library import strategies


def definition(*sections: dict[str, Any]) -> DefinitionDocument:
    return parse({"format": "portal-definition/1", "key": "x", "name": "X", "sections": list(sections)})


def section(key: str, *questions: dict[str, Any], **extra: Any) -> dict[str, Any]:
    return {"key": key, "name": key, "questions": list(questions), **extra}


def asked(key: str, kind: str = "yes_no", **extra: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "text": "?", **extra}


def when(key: str, operator: str = "equals", value: Any = None) -> dict[str, Any]:
    return {"question": key, "operator": operator} | ({} if value is None else {"value": value})


def said(**values: Any) -> dict[str, Answer]:
    return {key: value if isinstance(value, Answer) else Answer(State.ANSWERED, value) for key, value in values.items()}


KINDS = {
    "choice": asked("choice", "single_choice", options=[{"key": "a", "text": "A"}, {"key": "b", "text": "B"}]),
    "many": asked("many", "multiple_choice", options=[{"key": "a", "text": "A"}, {"key": "b", "text": "B"}]),
    "number": asked("number", "number"),
    "scale": asked("scale", "scale", minimum=1, maximum=5),
    "date": asked("date", "date"),
    "text": asked("text", "text"),
}


@pytest.mark.parametrize(
    ("key", "operator", "wanted", "given_value", "shown"),
    [
        ("choice", "equals", "a", "a", True),
        ("choice", "equals", "a", "b", False),
        ("choice", "not_equals", "a", "b", True),
        ("choice", "not_equals", "a", "a", False),
        ("choice", "any_of", ["a", "b"], "b", True),
        ("choice", "any_of", ["a"], "b", False),
        ("many", "contains", "a", ["a", "b"], True),
        ("many", "contains", "a", ["b"], False),
        ("many", "equals", ["b", "a"], ["a", "b"], True),
        ("many", "equals", ["a"], ["a", "b"], False),
        ("many", "not_equals", ["a"], ["a", "b"], True),
        ("many", "any_of", ["a"], ["a", "b"], True),
        ("number", "equals", 3, 3, True),
        ("number", "equals", 3.0, 3, True),
        ("number", "greater", 3, 3, False),
        ("number", "greater", 3, 3.1, True),
        ("number", "less", 3, 2, True),
        ("number", "at_least", 3, 3, True),
        ("number", "at_most", 3, 3, True),
        ("number", "at_most", 3, 4, False),
        ("number", "any_of", [1, 2], 2, True),
        ("scale", "greater", 3, 4, True),
        ("date", "greater", "2024-01-31", "2024-02-01", True),
        ("date", "less", "2024-01-31", "2024-02-01", False),
        ("date", "equals", "2024-01-31", "2024-01-31", True),
        ("text", "contains", "BOR", "Harbor", True),
        ("text", "equals", "Harbor", "harbor", False),
        ("text", "answered", None, "x", True),
        ("text", "not_answered", None, "x", False),
    ],
)
def test_a_comparison(key: str, operator: str, wanted: Any, given_value: Any, shown: bool) -> None:
    document = definition(section("s", KINDS[key], asked("q", show_if=when(key, operator, wanted))))
    assert ("q" in visible_questions(document, said(**{key: given_value}))) is shown


@pytest.mark.parametrize("state", [None, NOT_APPLICABLE, DONT_KNOW])
@pytest.mark.parametrize("operator", ["equals", "not_equals", "any_of", "contains"])
def test_a_comparison_needs_an_answer(state: Answer | None, operator: str) -> None:
    question = {**KINDS["many"], "allow_not_applicable": True, "allow_dont_know": True}
    wanted = "a" if operator == "contains" else ["a"]
    document = definition(section("s", question, asked("q", show_if=when("many", operator, wanted))))
    assert "q" not in visible_questions(document, {"many": state} if state else {})


@pytest.mark.parametrize(
    ("operator", "shown"),
    [
        ("answered", [False, True, True, True]),
        ("not_answered", [True, False, False, False]),
        ("is_not_applicable", [False, False, True, False]),
        ("is_dont_know", [False, False, False, True]),
    ],
)
def test_states_can_be_asked_for(operator: str, shown: list[bool]) -> None:
    question = {**KINDS["text"], "allow_not_applicable": True, "allow_dont_know": True}
    document = definition(section("s", question, asked("q", show_if=when("text", operator))))
    situations = [{}, said(text="x"), said(text=NOT_APPLICABLE), said(text=DONT_KNOW)]
    assert ["q" in visible_questions(document, situation) for situation in situations] == shown


def test_all_any_and_not() -> None:
    document = definition(
        section(
            "s",
            asked("a"),
            asked("b"),
            asked("both", show_if={"all": [when("a", value="yes"), when("b", value="yes")]}),
            asked("one", show_if={"any": [when("a", value="yes"), when("b", value="yes")]}),
            asked("not", show_if={"not": when("a", value="yes")}),
        )
    )
    assert visible_questions(document, said(a="yes", b="yes")) == {"a", "b", "both", "one"}
    assert visible_questions(document, said(a="no", b="yes")) == {"a", "b", "one", "not"}
    assert visible_questions(document, {}) == {"a", "b", "not"}


def test_a_hidden_answer_counts_for_no_other_condition() -> None:
    document = definition(
        section(
            "s",
            asked("a"),
            asked("b", show_if=when("a", value="yes")),
            asked("c", show_if=when("b", value="yes")),
        )
    )
    assert visible_questions(document, said(a="yes", b="yes")) == {"a", "b", "c"}
    assert visible_questions(document, said(a="no", b="yes")) == {"a"}


def test_a_hidden_section_hides_all_inside_it() -> None:
    document = definition(
        section("s", asked("a")),
        section(
            "t",
            asked("b"),
            show_if=when("a", value="yes"),
            sections=[section("u", asked("c"), show_if=when("b", value="yes"))],
        ),
    )
    assert visible_questions(document, said(a="yes", b="yes")) == {"a", "b", "c"}
    assert visible_questions(document, said(a="yes")) == {"a", "b"}
    assert visible_questions(document, said(a="no", b="yes")) == {"a"}


def test_a_condition_may_look_at_a_later_question() -> None:
    document = definition(section("s", asked("a", show_if=when("b", value="yes")), asked("b")))
    assert visible_questions(document, said(b="yes")) == {"a", "b"}
    assert list(visible_answers(document, said(b="yes"))) == ["a", "b"]


def test_completeness_counts_visible_questions_only() -> None:
    document = definition(
        section(
            "s",
            asked("a", required=True),
            asked("b", required=True, show_if=when("a", value="yes")),
            asked("c", allow_dont_know=True),
        )
    )
    nothing = completeness(document, {})
    assert (nothing.visible, nothing.percent, nothing.first_unanswered) == (("a", "c"), 0, "a")
    assert nothing.required_missing == ("a",)
    some = completeness(document, said(a="yes", c=DONT_KNOW))
    assert (some.answered, some.unanswered, some.required_missing) == (("a", "c"), ("b",), ("b",))
    assert (some.percent, some.first_unanswered) == (66, "b")
    done = completeness(document, said(a="no", b="yes", c=DONT_KNOW))
    assert (done.percent, done.first_unanswered, done.visible) == (100, None, ("a", "c"))


GRID = asked(
    "grid",
    "matrix",
    rows=[{"key": "mon", "text": "Monday"}, {"key": "tue", "text": "Tuesday"}],
    options=[{"key": "a", "text": "A"}, {"key": "b", "text": "B"}],
    allow_not_applicable=True,
)


@pytest.mark.parametrize(
    ("operator", "row", "wanted", "given_value", "shown"),
    [
        ("equals", "mon", "a", {"mon": "a"}, True),
        ("equals", "mon", "a", {"mon": "b", "tue": "a"}, False),
        ("not_equals", "mon", "a", {"mon": "b"}, True),
        ("not_equals", "mon", "a", {"tue": "b"}, False),
        ("any_of", "tue", ["a", "b"], {"tue": "b"}, True),
        ("answered", "mon", None, {"mon": "b"}, True),
        ("not_answered", "tue", None, {"mon": "b"}, True),
        ("answered", None, None, {"mon": "b"}, False),
        ("not_answered", None, None, {"mon": "b"}, True),
        ("answered", None, None, {"mon": "b", "tue": "a"}, True),
        ("is_not_applicable", None, None, NOT_APPLICABLE, True),
        ("equals", "mon", "a", NOT_APPLICABLE, False),
        ("answered", "mon", None, NOT_APPLICABLE, True),
    ],
)
def test_a_row_of_a_matrix(operator: str, row: str | None, wanted: Any, given_value: Any, shown: bool) -> None:
    condition = when("grid", operator, wanted) | ({"row": row} if row else {})
    document = definition(section("s", GRID, asked("q", show_if=condition)))
    assert ("q" in visible_questions(document, said(grid=given_value))) is shown


def test_a_matrix_with_open_rows_is_kept_and_not_answered() -> None:
    document = definition(section("s", {**GRID, "required": True}))
    given = said(grid={"mon": "a"})
    partly = visible_answers(document, given)["grid"]
    assert partly is not None
    assert (partly.value, partly.is_partial) == ({"mon": "a"}, True)
    found = completeness(document, given)
    assert (found.answered, found.unanswered, found.required_missing, found.percent) == ((), ("grid",), ("grid",), 0)
    assert completeness(document, said(grid={"mon": "a", "tue": "a"})).percent == 100


def test_what_must_be_answered_may_hang_on_other_answers() -> None:
    document = definition(
        section(
            "s",
            asked("a"),
            asked("b", require_if=when("a", value="yes")),
            asked("c", require_if=when("d", value="no"), show_if=when("a", value="yes")),
            asked("d", required=True),
        )
    )
    assert required_questions(document, {}) == {"d"}
    assert required_questions(document, said(a="yes", d="no")) == {"b", "c", "d"}
    assert completeness(document, said(a="yes", d="no")).required_missing == ("b", "c")
    # What is hidden is never required.
    assert required_questions(document, said(a="no", d="no")) == {"d"}


def test_questions_may_require_each_other() -> None:
    document = definition(
        section("s", asked("a", require_if=when("b", "answered")), asked("b", require_if=when("a", "answered")))
    )
    assert required_questions(document, {}) == frozenset()
    assert required_questions(document, said(a="yes")) == {"b"}


def test_an_answer_that_does_not_fit_is_no_answer() -> None:
    document = definition(section("s", asked("a")))
    assert visible_answers(document, said(a="perhaps", unknown="x")) == {"a": None}


def test_a_chain_of_two_thousand_conditions_takes_no_time_and_no_stack() -> None:
    parts = [
        section(
            f"s{part}",
            *(
                asked(f"q{number}", **({"show_if": when(f"q{number - 1}", value="yes")} if number else {}))
                for number in range(part * 500, part * 500 + 500)
            ),
        )
        for part in range(4)
    ]
    document = definition(*parts)
    answers = {f"q{number}": Answer(State.ANSWERED, "yes") for number in range(2_000)}
    started = time.perf_counter()
    assert len(visible_questions(document, answers)) == 2_000
    assert time.perf_counter() - started < 0.5
    assert len(visible_questions(document, answers | said(q1000="no"))) == 1_001


@strategies.patient
@given(data=st.data())
def test_hidden_answers_never_matter(data: st.DataObject) -> None:
    try:
        document = parse(data.draw(strategies.definitions()))
    except InvalidDefinition:
        assume(False)
        raise
    answers = data.draw(strategies.answers(document))
    visible = visible_questions(document, answers)
    shown = {key: answer for key, answer in answers.items() if key in visible}
    assert visible_questions(document, shown) == visible
    assert visible_answers(document, shown) == visible_answers(document, answers)
    assert completeness(document, shown) == completeness(document, answers)
    assert set(completeness(document, answers).visible) == visible
