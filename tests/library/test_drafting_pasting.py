"""A pasted list becomes entries, however it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.drafting.pasting import MOST, Pasted, parse


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("Always\nOften\nNever", [("Always", None), ("Often", None), ("Never", None)]),
        ("Always\r\nNever\r\n", [("Always", None), ("Never", None)]),
        ("Always = 3\nNever = 0", [("Always", 3), ("Never", 0)]),
        ("Always=3\nNever=0", [("Always", 3), ("Never", 0)]),
        ("Always\t3\nNever\t0", [("Always", 3), ("Never", 0)]),
        ("Always; 3\nNever; 0", [("Always", 3), ("Never", 0)]),
        ("Always; Often; Never", [("Always", None), ("Often", None), ("Never", None)]),
        ("Always\tOften\tNever", [("Always", None), ("Often", None), ("Never", None)]),
        ("Always = 3; Often = 2; Never = 0", [("Always", 3), ("Often", 2), ("Never", 0)]),
        ("Yes = 1; No = 0", [("Yes", 1), ("No", 0)]),
        ("Always = 2.5\nNever = 0,5\nWorse = -1\nWorst = \N{MINUS SIGN}2", [("Always", 2.5), ("Never", 0.5), ("Worse", -1), ("Worst", -2)]),
        ("- Always\n- Never", [("Always", None), ("Never", None)]),
        ("\N{BULLET} Always\n* Never", [("Always", None), ("Never", None)]),
        ("1. Always\n2) Often\na) Never", [("Always", None), ("Often", None), ("Never", None)]),
        ("  Always  \n\n\n  Never ", [("Always", None), ("Never", None)]),
        ("Always\nAlways\nNever", [("Always", None), ("Never", None)]),
        ("Always = 3", [("Always", 3)]),
        ("Only one", [("Only one", None)]),
        ("1 to 5\n6 to 10", [("1 to 5", None), ("6 to 10", None)]),
        ("a = b\nc = d", [("a = b", None), ("c = d", None)]),
        ("ISO 27001\nISO 22301", [("ISO 27001", None), ("ISO 22301", None)]),
        ("", []),
        (" \n\t\n ; ", []),
    ],
)  # fmt: skip
def test_a_list_is_read(text, entries):
    assert parse(text) == [Pasted(words, value) for words, value in entries]


def test_a_long_list_ends_and_a_long_line_is_cut():
    assert len(parse("\n".join(f"Entry {number}" for number in range(500)))) == MOST
    assert len(parse("x" * 5_000)[0].text) == 2_000


def test_control_characters_are_left_out():
    assert parse("Al\x00ways\nNe\x1bver") == [Pasted("Always"), Pasted("Never")]


@given(st.text())
def test_whatever_is_pasted_gives_entries_with_words(text):
    for entry in parse(text):
        assert entry.text.strip() == entry.text != ""
