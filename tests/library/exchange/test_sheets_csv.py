"""CSV, byte for byte: what any program writes, read as it was meant."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.exchange import delimited
from library.problems import UnreadableFile
from tests.library.strategies import patient

# The expectation of this file is of another row than the file has, and no list.
NOT_ITS_OWN = "location_coordinates"
FILES = (
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines",
    "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_csv_spectrum_is_read_to_the_letter(conformance_data: Path, name: str) -> None:
    folder = conformance_data / "import-formats" / "csv-spectrum"
    data = (folder / "csvs" / f"{name}.csv").read_bytes()
    if name.endswith("_crlf") and b"\r" not in data:
        # The line ends these files are about may have been lost on the way.
        data = data.replace(b"\n", b"\r\n")
    head, *rows = delimited.read(data).rows
    expected = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    if name == NOT_ITS_OWN:
        expected = [expected | {"Contact Phone Number": "2095257564"}]
    assert [dict(zip(head, row, strict=True)) for row in rows] == expected


def test_every_file_of_the_spectrum_is_tested(conformance_data: Path) -> None:
    folder = conformance_data / "import-formats" / "csv-spectrum" / "csvs"
    assert {path.stem for path in folder.glob("*.csv")} == set(FILES)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")],
)
def test_every_delimiter_line_end_and_encoding(delimiter: str, end: str, codec: str, name: str) -> None:
    lines = [["Question", "Options"], ["Größe?\nIn “m”", 'ja; ja, "sehr"|nein'], ["", "x"], ["last", ""]]
    text = end.join(delimiter.join(quoted(cell) for cell in line) for line in lines) + end
    table = delimited.read(text.encode(codec))
    assert table.rows == lines
    assert [note.why for note in table.notes] == ([f"Read as {name}."] if name else [])


def quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def test_what_is_no_utf_8_is_windows_1252_and_said() -> None:
    table = delimited.read("Question;Why\nCafé – “oui”?;Für €".encode("cp1252"))
    assert table.rows[1] == ["Café – “oui”?", "Für €"]
    assert table.notes[0].verdict == "changed"
    assert "Windows-1252" in table.notes[0].why


def test_excels_line_that_names_the_delimiter_is_followed_and_counted() -> None:
    table = delimited.read(b"sep=|\r\nQuestion|Type\r\nA, b; c?|text\r\n")
    assert table.rows == [[], ["Question", "Type"], ["A, b; c?", "text"]]


def test_rows_keep_their_numbers_over_empty_and_ragged_ones() -> None:
    table = delimited.read(b"Question,Type\n\n,,\nOne?\nTwo?,text,more,\n")
    assert list(table.filled()) == [(1, ["Question", "Type"]), (4, ["One?"]), (5, ["Two?", "text", "more", ""])]


def test_a_quote_inside_a_cell_is_a_letter() -> None:
    assert delimited.read(b'Question,Type\n5" disk,text\n').rows[1] == ['5" disk', "text"]


def test_spaces_before_a_quote_and_words_behind_one() -> None:
    table = delimited.read(b'Question, "Type"\n"Is it" so?, "a, b"\n')
    assert table.rows == [["Question", "Type"], ["Is it so?", "a, b"]]
    assert [(note.place, note.verdict) for note in table.notes] == [("row 2", "changed")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b'Question,Type\n"Never closed,text\nnext,text\n', "row 2"),
        (b"Question\nbell\x07\n", "line 2"),
        (b"Question\nnul\x00\n", "control character"),
        (b"\xff\xfeQ\x00u", "valid UTF-16"),
        (b"\xff\xfe\x00", "valid UTF-16"),
        (b"Question\n" + b"x\n" * 5_001, "more than 5,000 rows"),
        (b"Question" + b"," * 300, "more than 256 columns"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        delimited.read(data)
    assert words in str(refused.value)


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8) | st.text("a,;|\t\n\r\" '=")


@patient
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_whatever_is_quoted_comes_back(rows: list[list[str]], delimiter: str) -> None:
    lines = [["Question", "Type", "Options"], *rows]
    text = "\r\n".join(delimiter.join(quoted(cell) for cell in line) for line in lines)
    assert delimited.read(text.encode()).rows == lines


@patient
@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert isinstance(delimited.read(data).rows, list)
    except UnreadableFile as refused:
        assert refused.problems
