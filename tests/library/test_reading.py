"""Reading untrusted JSON and YAML: what is taken, what is refused and where the mistake is said to be."""

import io
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from library.problems import UnreadableFile
from library.reading import DEEPEST_NESTING, LARGEST_FILE, MOST_NODES, read, read_bytes
from tests.library import strategies


def refusal(data: bytes | str, name: str) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        read(data.encode() if isinstance(data, str) else data, name)
    assert refused.value.problems[0].message == refused.value.message
    return refused.value


# What is taken


def test_json_and_yaml_say_the_same() -> None:
    wanted = {"a": [1, 2.5, True, None, "x"], "b": {"c": "é"}}
    assert read(json.dumps(wanted).encode(), "a.json") == wanted
    assert read(b"a: [1, 2.5, true, null, x]\nb:\n  c: \xc3\xa9\n", "a.yaml") == wanted


def test_the_name_decides_the_format_and_else_the_first_character() -> None:
    assert read(b'{"a": 1}', "upload") == {"a": 1}
    assert read(b"  [1]", "") == [1]
    assert read(b"a: 1", "upload.txt") == {"a": 1}
    assert "JSON" in refusal("a: 1", "a.json").message


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert read(b'\xef\xbb\xbf{"a": 1}', "a.json") == {"a": 1}
    assert read(b"\xef\xbb\xbfa: 1", "a.yaml") == {"a": 1}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("No", "No"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2024-01-01", "2024-01-01"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("012", 12),
        ("0o14", 12),
        ("0x1f", 31),
        ("-3", -3),
        ("+3", 3),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("1.2.3", "1.2.3"),
        ("=", "="),
        ("'true'", "true"),
        ('"5"', "5"),
        ("#228B22", None),
        ("a #b", "a"),
        ("<<", "<<"),
    ],
)
def test_words_mean_what_yaml_1_2_says(word: str, value: Any) -> None:
    found = read(f"key: {word}\n".encode(), "a.yaml")["key"]
    assert (found, type(found)) == (value, type(value))


def test_texts_over_several_lines() -> None:
    text = b"a: |\n  one\n  two\nb: >\n  one\n  two\nc: one\n  two\n"
    assert read(text, "a.yml") == {"a": "one\ntwo\n", "b": "one two\n", "c": "one two"}


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert read(b"<<: {a: 1}\n", "a.yaml") == {"<<": {"a": 1}}


# What is refused


@pytest.mark.parametrize(
    ("data", "name", "place", "message"),
    [
        ('{"a": 1,}', "a.json", "line 1, column 8", "is not valid JSON"),
        ('{"a": 1', "a.json", "line 1, column 8", "is not valid JSON"),
        ("", "a.json", "line 1, column 1", "is not valid JSON"),
        ('{"a": 1} x', "a.json", "line 1, column 10", "Extra data"),
        ("a: [1", "a.yaml", "line 2, column 1", "is not valid YAML"),
        ("a: b: c", "a.yaml", "line 1, column 5", "is not valid YAML"),
        ("a:\n\t- b", "a.yaml", "line 2, column 1", "is not valid YAML"),
        ("", "a.yaml", "", "is empty"),
        ("# nothing", "a.yaml", "", "is empty"),
        ('{\n  "a": 1,\n  "a": 2}', "a.json", "line 3, column 3", "“a” stands here a second time"),
        ('{"a": 1, "\\u0061": 2}', "a.json", "line 1, column 10", "“a” stands here a second time"),
        ('[{"a": 1}, {"b": {"c": 1, "c": 2}}]', "a.json", "line 1, column 27", "“c” stands here a second time"),
        ("a: 1\nb: 2\na: 3\n", "a.yaml", "line 3, column 1", "“a” stands here a second time"),
        ("x: {a: 1, a: 2}", "a.yaml", "line 1, column 11", "“a” stands here a second time"),
        ("a: &x 1\nb: *x", "a.yaml", "line 1, column 4", "anchor"),
        ("a: *x", "a.yaml", "line 1, column 4", "alias"),
        ("a: !!python/object/apply:os.system [ls]", "a.yaml", "line 1, column 4", "tag"),
        ("a: !include /etc/passwd", "a.yaml", "line 1, column 4", "tag"),
        ("a: ! b", "a.yaml", "line 1, column 4", "tag"),
        ("a: 1\n---\nb: 2", "a.yaml", "line 2, column 1", "second document"),
        ('{"a": NaN}', "a.json", "line 1, column 7", "NaN is not a number"),
        ('{"b": "NaN", "a": -Infinity}', "a.json", "line 1, column 19", "-Infinity is not a number"),
        ('{"a": 1e999}', "a.json", "line 1, column 7", "out of range"),
        ('{"a": ' + "9" * 5000 + "}", "a.json", "line 1, column 7", "out of range"),
        ("a: .nan", "a.yaml", "line 1, column 4", ".nan is not a number"),
        ("a: -.inf", "a.yaml", "line 1, column 4", "-.inf is not a number"),
        ("a: 1e999", "a.yaml", "line 1, column 4", "out of range"),
        ("a: " + "9" * 5000, "a.yaml", "line 1, column 4", "out of range"),
        ("1: a", "a.yaml", "line 1, column 1", "is not text"),
        ("true: a", "a.yaml", "line 1, column 1", "is not text"),
        ("? [a]\n: b", "a.yaml", "line 1, column 3", "cannot be a key"),
        ('{"a": "\\u0000"}', "a.json", "line 1, column 8", "NUL character"),
        ('{"a": "\\ud800"}', "a.json", "line 1, column 8", "lone surrogate"),
        ('a: "\\0"', "a.yaml", "line 1, column 4", "NUL character"),
        (b"a: 1\nb: \x00", "a.yaml", "line 2, column 4", "NUL byte"),
        (b'{"a": "\xff"}', "a.json", "line 1, column 8", "UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "a.json", "line 1, column 4", "NUL byte"),
        (b"a: 1\nb: \x07", "a.yaml", "line 2, column 4", "U+0007"),
        ("[" * 100, "a.json", f"line 1, column {DEEPEST_NESTING + 1}", "nested deeper"),
        ('{"a":' * 100_000, "a.json", f"line 1, column {5 * DEEPEST_NESTING + 1}", "nested deeper"),
        ("[" * 100, "a.yaml", f"line 1, column {DEEPEST_NESTING + 1}", "nested deeper"),
    ],
)
def test_a_refusal_names_the_place(data: bytes | str, name: str, place: str, message: str) -> None:
    refused = refusal(data, name)
    assert message in refused.message
    assert refused.place == place


def test_the_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert refusal(bomb, "bomb.yaml").place == "line 1, column 4"


@pytest.mark.parametrize(
    "data", [b"[" + b"1," * (MOST_NODES + 2) + b"1]", b"- 1\n" * (MOST_NODES + 2)], ids=["json", "yaml"]
)
def test_too_many_values(data: bytes) -> None:
    assert "more than 200,000 values" in refusal(data, "").message


def test_fifty_megabytes_are_refused_without_reading_them() -> None:
    started = time.perf_counter()
    assert "larger than 2 MB" in refusal(b" " * (50 * 1024 * 1024), "a.json").message
    assert time.perf_counter() - started < 0.5

    upload = io.BytesIO(b" " * (50 * 1024 * 1024))
    with pytest.raises(UnreadableFile, match="larger than 2 MB"):
        read_bytes(upload)
    assert upload.tell() == LARGEST_FILE + 1


HOSTILE = {
    "quotes": '{"' + '\\"' * 900_000,
    "backslashes": '{"a": "' + "\\" * 1_900_000,
    "brackets": "[" * 2_000_000,
    "commas": "," * 2_000_000,
    "colons": ":" * 2_000_000,
    "digits": '{"a": ' + "1" * 2_000_000 + "}",
    "spaces": "a:" + " " * 2_000_000 + "x",
    "quoted": '"a' * 700_000,
    "flow": "{a: " * 500_000,
    "questions": "? " * 1_000_000,
    "dashes": "- " * 1_000_000,
    "comments": "#\n" * 1_000_000,
    "directives": "%YAML 1.2\n" * 200_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_two_hostile_megabytes_are_refused_quickly(kind: str) -> None:
    for name in ("a.json", "a.yaml"):
        started = time.perf_counter()
        with suppress(UnreadableFile):
            read(HOSTILE[kind].encode(), name)
        assert time.perf_counter() - started < 5, name


def test_two_honest_megabytes_are_read_quickly() -> None:
    rows = [{"key": f"q{number}", "text": "What is it?" * 10, "value": number} for number in range(11_000)]
    data = json.dumps(rows).encode()
    assert 1_500_000 < len(data) < LARGEST_FILE
    started = time.perf_counter()
    assert read(data, "a.json") == rows
    assert time.perf_counter() - started < 2
    started = time.perf_counter()
    assert read(data, "a.yaml") == rows
    assert time.perf_counter() - started < 10


def test_naughty_strings_are_just_text(conformance_data: Path) -> None:
    data = (conformance_data / "bad-inputs" / "blns.json").read_bytes()
    strings = read(data, "blns.json")
    assert strings == json.loads(data)
    assert len(strings) > 400


# Properties


@strategies.patient
@given(strategies.json_values)
def test_what_json_can_say_is_read_as_it_is(value: Any) -> None:
    assert read(json.dumps(value).encode(), "a.json") == value
    assert read(json.dumps(value, ensure_ascii=False).encode(), "a.json") == value


@strategies.patient
@given(st.dictionaries(st.text("abc", min_size=1), strategies.json_values, min_size=1))
def test_yaml_reads_json_the_same_way(value: Any) -> None:
    # Characters beyond U+FFFF are two escapes in JSON, which YAML does not know.
    assume(all(character <= "\uffff" for character in json.dumps(value, ensure_ascii=False)))
    assert read(json.dumps(value).encode(), "a.yaml") == value


@strategies.patient
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("a.json", "a.yaml", ""):
        try:
            read(data, name)
        except UnreadableFile as refused:
            assert refused.message


@strategies.patient
@given(st.text("{}[]\",:\\/ \n\tabtruefalsn-+.eE0123456789&*!|>%@`#?'~<", max_size=60))
def test_random_syntax_is_read_or_refused(text: str) -> None:
    for name in ("a.json", "a.yaml"):
        try:
            read(text.encode(), name)
        except UnreadableFile as refused:
            assert refused.message
