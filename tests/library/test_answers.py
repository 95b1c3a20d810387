"""Answers: what each type takes, what it refuses with which words, and how answers are shown."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.answers import (
    DONT_KNOW,
    NOT_APPLICABLE,
    Answer,
    InvalidAnswer,
    State,
    answer,
    clean,
    fits,
    is_complete,
    readable,
)
from library.document import Question, parse
from tests.library import strategies

OPTIONS = [
    {"key": "a", "text": "Apples"},
    {"key": "b", "text": "Bread; and butter"},
    {"key": "none", "text": "None of these", "exclusive": True},
]


def question(kind: str, **extra: Any) -> Question:
    if kind in ("single_choice", "multiple_choice", "matrix"):
        extra.setdefault("options", OPTIONS)
    if kind == "matrix":
        extra.setdefault("rows", [{"key": "mon", "text": "Monday"}, {"key": "tue", "text": "Tuesday"}])
    if kind == "scale":
        extra = {"minimum": 1, "maximum": 5, **extra}
    definition = {
        "format": "portal-definition/1",
        "key": "x",
        "name": "X",
        "sections": [{"key": "s", "name": "S", "questions": [{"key": "q", "type": kind, "text": "Q?", **extra}]}],
    }
    return parse(definition).questions()[0]


@pytest.mark.parametrize(
    ("asked", "raw", "value"),
    [
        (question("text"), "  Harbor  ", "Harbor"),
        (question("text"), ["Harbor"], "Harbor"),
        (question("text"), "two\r\nlines", "two lines"),
        (question("long_text"), "two\r\nlines\rmore", "two\nlines\nmore"),
        (question("long_text"), "<script>alert(1)</script>", "<script>alert(1)</script>"),
        (question("number"), "12", 12),
        (question("number"), " 1.50 ", 1.5),
        (question("number"), "-3", -3),
        (question("number"), "\N{MINUS SIGN}3", -3),
        (question("number"), ".5", 0.5),
        (question("number"), 3.0, 3),
        (question("number"), "-0", 0),
        (question("number", decimals=0), "7", 7),
        (question("number", decimals=2), "0.07", 0.07),
        (question("scale"), "3", 3),
        (question("scale"), 5, 5),
        (question("single_choice"), "a", "a"),
        (question("yes_no"), "yes", "yes"),
        (question("yes_no"), True, "yes"),
        (question("yes_no"), False, "no"),
        (question("multiple_choice"), ["b", "a", "b"], ["a", "b"]),
        (question("multiple_choice"), "a", ["a"]),
        (question("multiple_choice"), ["", "a"], ["a"]),
        (question("multiple_choice"), ["none"], ["none"]),
        (question("date"), "2026-11-21", "2026-11-21"),
        (question("date"), datetime.date(2026, 11, 21), "2026-11-21"),
        (question("matrix"), {"tue": "b", "mon": "a"}, {"mon": "a", "tue": "b"}),
        (question("matrix"), {"mon": ["a"], "tue": ""}, {"mon": "a"}),
        (question("file"), ["u2", "u1", "u2", ""], ["u2", "u1"]),
        (question("file"), "u1", ["u1"]),
    ],
)
def test_what_is_taken(asked: Question, raw: Any, value: Any) -> None:
    found = clean(asked, raw)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "kind",
    ["text", "long_text", "number", "single_choice", "multiple_choice", "yes_no", "scale", "date", "matrix", "file"],
)
@pytest.mark.parametrize("blank", [None, "", "  \n", [], [""], [None]])
def test_blank_is_no_answer(kind: str, blank: Any) -> None:
    assert clean(question(kind), blank) is None
    assert answer(question(kind), blank) is None


@pytest.mark.parametrize(
    ("asked", "raw", "message"),
    [
        (question("text"), 5, "as text"),
        (question("text"), ["a", "b"], "one text"),
        (question("text"), "a\x00b", "cannot be stored"),
        (question("text"), "a\x07b", "cannot be stored"),
        (question("text"), "a\ud800b", "cannot be stored"),
        (question("text"), "x" * 1_001, "at most 1,000 characters; this is 1,001"),
        (question("text", max_length=5), "abcdef", "at most 5 characters"),
        (question("long_text"), "x" * 20_001, "at most 20,000 characters"),
        (question("number"), "twelve", "Enter a number, for example 12 or 1.5."),
        (question("number"), "1,5", "without commas and with a point"),
        (question("number"), "1,000", "without commas"),
        (question("number"), "1e5", "Enter a number"),
        (question("number"), "0x10", "Enter a number"),
        (question("number"), "٣", "Enter a number"),
        (question("number"), "nan", "Enter a number"),
        (question("number"), float("nan"), "too large"),
        (question("number"), float("inf"), "too large"),
        (question("number"), 10**400, "too large"),
        (question("number"), "9" * 39, "too large"),
        (question("number"), True, "Enter a number."),
        (question("number"), {"a": 1}, "Enter a number."),
        (question("number"), ["1", "2"], "one number"),
        (question("number", decimals=0), "1.5", "whole number"),
        (question("number", decimals=1), "1.55", "at most 1 digits after the point"),
        (question("number", minimum=1), "0", "at least 1."),
        (question("number", maximum=1000), "1001", "at most 1,000."),
        (question("number", minimum=1, maximum=10), "11", "from 1 to 10."),
        (question("scale"), "2.5", "whole number"),
        (question("scale"), "6", "from 1 to 5."),
        (question("single_choice"), "z", "one of the answers offered"),
        (question("single_choice"), ["a", "b"], "Choose one answer."),
        (question("single_choice"), True, "one of the answers offered"),
        (question("single_choice"), {"a": 1}, "one of the answers offered"),
        (question("yes_no"), "maybe", "one of the answers offered"),
        (question("multiple_choice"), ["a", "z"], "from the answers offered"),
        (question("multiple_choice"), [["a"]], "from the answers offered"),
        (question("multiple_choice"), ["a", "none"], "“None of these” cannot be combined"),
        (question("date"), "21.11.2026", "year-month-day"),
        (question("date"), "2026-02-30", "does not exist"),
        (question("date"), "0000-01-01", "does not exist"),
        (question("date"), "20261121", "year-month-day"),
        (question("date"), 20261121, "year-month-day"),
        (question("date"), datetime.datetime(2026, 11, 21, 12, 0), "year-month-day"),
        (question("matrix"), "a", "one answer in each row"),
        (question("matrix"), {"sun": "a"}, "in the rows offered"),
        (question("matrix"), {"mon": "z"}, "one of the answers offered"),
        (question("matrix"), {"mon": ["a", "b"]}, "Choose one answer."),
        (question("matrix"), {"mon": {"tue": "a"}}, "one of the answers offered"),
        (question("file"), 5, "by uploading them"),
        (question("file"), ["../etc/passwd"], "by uploading them"),
        (question("file"), [["u1"]], "by uploading them"),
        (question("file"), [f"u{number}" for number in range(6)], "Add at most 5 files."),
        (question("file", max_files=1), ["u1", "u2"], "Add at most 1 file."),
    ],
)
def test_what_is_refused_says_what_is_expected(asked: Question, raw: Any, message: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        clean(asked, raw)
    assert message in refused.value.message


def test_states_are_answers_only_where_the_question_allows_them() -> None:
    free = question("text", allow_not_applicable=True, allow_dont_know=True)
    assert answer(free, "ignored", "not_applicable") == NOT_APPLICABLE
    assert answer(free, state=State.DONT_KNOW) == DONT_KNOW
    assert answer(free, "x") == Answer(State.ANSWERED, "x")
    strict = question("text")
    for state in ("not_applicable", "dont_know", "perhaps", ""):
        with pytest.raises(InvalidAnswer):
            answer(strict, "x", state)


def test_an_answer_from_storage_fits_or_is_none() -> None:
    strict, free = question("number", maximum=10), question("number", allow_not_applicable=True)
    assert fits(strict, Answer(State.ANSWERED, 7)) == Answer(State.ANSWERED, 7)
    assert fits(strict, Answer(State.ANSWERED, 70)) is None
    assert fits(strict, NOT_APPLICABLE) is None
    assert fits(free, NOT_APPLICABLE) == NOT_APPLICABLE
    assert fits(strict, DONT_KNOW) is None
    assert fits(strict, None) is None
    assert fits(strict, "7") is None  # type: ignore[arg-type]


def test_a_matrix_is_complete_when_every_row_is() -> None:
    asked = question("matrix", allow_not_applicable=True)
    partly, whole = answer(asked, {"tue": "b"}), answer(asked, {"mon": "a", "tue": "b"})
    assert partly is not None
    assert whole is not None
    assert (partly.value, partly.is_partial, is_complete(asked, partly)) == ({"tue": "b"}, True, False)
    assert (whole.is_partial, is_complete(asked, whole)) == (False, True)
    assert is_complete(asked, NOT_APPLICABLE)
    assert not is_complete(asked, None)
    assert answer(asked, {"mon": "", "tue": None}) is None
    stored = fits(asked, Answer(State.ANSWERED, {"mon": "a"}))
    assert stored is not None
    assert stored.is_partial
    assert fits(asked, Answer(State.ANSWERED, {"mon": "a", "gone": "b"})) is None
    assert is_complete(question("text"), Answer(State.ANSWERED, "x"))


@pytest.mark.parametrize(
    ("asked", "given_answer", "words"),
    [
        (question("text"), None, "Not answered"),
        (question("text"), NOT_APPLICABLE, "Not applicable"),
        (question("text"), DONT_KNOW, "Don't know"),
        (question("text"), Answer(State.ANSWERED, "Harbor"), "Harbor"),
        (question("number", unit="days"), Answer(State.ANSWERED, 12), "12 days"),
        (question("number"), Answer(State.ANSWERED, 0), "0"),
        (question("single_choice"), Answer(State.ANSWERED, "a"), "Apples"),
        (question("single_choice"), Answer(State.ANSWERED, "gone"), "Not answered"),
        (question("multiple_choice"), Answer(State.ANSWERED, ["b", "a"]), "Apples; Bread; and butter"),
        (question("yes_no"), Answer(State.ANSWERED, "no"), "No"),
        (question("date"), Answer(State.ANSWERED, "2026-11-21"), "2026-11-21"),
        (
            question("matrix"),
            Answer(State.ANSWERED, {"tue": "b", "mon": "a"}),
            "Monday: Apples; Tuesday: Bread; and butter",
        ),
        (question("matrix"), Answer(State.ANSWERED, {"tue": "a"}), "Tuesday: Apples"),
        (question("matrix"), Answer(State.ANSWERED, {"tue": "gone"}), "Not answered"),
        (question("file"), Answer(State.ANSWERED, ["u1"]), "1 file"),
        (question("file"), Answer(State.ANSWERED, ["u1", "u2"]), "2 files"),
    ],
)
def test_answers_are_shown_as_people_read_them(asked: Question, given_answer: Answer | None, words: str) -> None:
    assert readable(asked, given_answer) == words


ASKED = [
    question("text"),
    question("long_text"),
    question("number", decimals=2),
    question("scale"),
    question("single_choice"),
    question("multiple_choice"),
    question("yes_no"),
    question("date"),
    question("matrix"),
    question("file"),
]


@strategies.patient
@given(
    st.sampled_from(ASKED),
    st.one_of(strategies.nonsense, st.sampled_from(["a", "yes", "3", "2.25", "2024-02-29", ["a", "b"], {"mon": "a"}])),
)
def test_anything_typed_is_taken_or_refused_and_cleaning_twice_changes_nothing(asked: Question, raw: Any) -> None:
    try:
        value = clean(asked, raw)
    except InvalidAnswer as refused:
        assert refused.message
        return
    assert clean(asked, value) == value
    if value is not None:
        assert readable(asked, Answer(State.ANSWERED, value))
