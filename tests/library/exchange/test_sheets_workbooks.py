"""Workbooks: what is hostile is refused before it is read, and a definition written as one comes back whole."""

import io
import json
import re
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from library import exchange
from library.document import (
    Band,
    DefinitionDocument,
    Option,
    Question,
    Row,
    Sample,
    Score,
    Scoring,
    Section,
    Zone,
    parse,
)
from library.exchange import sheets_out, workbook_parts, workbooks
from library.exchange.own_workbooks import KINDS
from library.exchange.workbook_layout import FIELDS, LAYOUT, Column, spoken, written
from library.problems import RefusedFile, UnreadableFile
from tests.library import strategies
from tests.library.exchange.files import read, with_part, workbook

SHEET = "xl/worksheets/sheet1.xml"
LIST = workbook({"List": [["Question", "Type"], ["Ready?", "yes/no"]]})
DEMO = sorted((Path(__file__).parents[3] / "portal" / "demo" / "definitions").glob("*.yaml"))


def sheet(rows: str) -> bytes:
    """A workbook whose sheet holds these rows."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return with_part(
        LIST, SHEET, f"<?xml version='1.0'?><worksheet {space}><sheetData>{rows}</sheetData></worksheet>".encode()
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (sheet('<row r="1"><c r="XFD1048576" t="n"><v>1</v></c></row>'), "rows"),
        (sheet('<row r="1048576"><c><v>1</v></c></row>'), "rows"),
        (sheet("<row r='1048576'><c a='>' t='n'><v>1</v></c></row>"), "rows"),
        (sheet('<row r="1"><c a=">" r="XFD9"><v>1</v></c></row>'), "columns"),
        (sheet('<row r="1"><c r="ZZ1"><v>1</v></c></row>'), "columns"),
        (sheet('<row r="19999"><c r="IV19999"><v>1</v></c></row>'), "cells"),
        (sheet("""<row r="1"><c s=' r="A1" ' r="XFD1048576"><v>1</v></c></row>"""), "rows"),
        (sheet('<row r="1"><c r="&#88;FD1048576"><v>1</v></c></row>'), "rows"),
        (sheet('<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>'), "duplicate"),
        (sheet('<row r="1"><c r="AAAAAAAAA1"><v>1</v></c></row>'), "AAAAAAAAA1"),
        (sheet("<row>" + "<c><v>1</v></c>" * 300 + '</row><row r="19999"><c r="A19999"><v>1</v></c></row>'), "columns"),
        (with_part(LIST, "xl/sharedStrings.xml", b"<sst uniqueCount='99999999999'><si/></sst>"), "when unpacked"),
        (with_part(LIST, "xl/SHAREDSTRINGS.xml", b"<sst/>"), "twice"),
        (with_part(LIST, "xl\\sharedStrings.xml", b"<sst/>"), "twice"),
        (sheet(" " * (21 * 1024 * 1024)), "when unpacked"),
        (with_part(LIST, "xl/media/image1.png", b"\x00" * (21 * 1024 * 1024)), "when unpacked"),
        (with_part(LIST, SHEET, b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>"), "entities"),
        (with_part(LIST, SHEET, "<worksheet/>".encode("utf-16")), "not UTF-8"),
        (with_part(LIST, SHEET, b"<worksheet"), ""),
        (with_part(LIST, "xl/workbook.xml", b"nothing"), ""),
        (b"PK\x03\x04" + LIST[4:400], ""),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old kind"),
    ],
)  # fmt: skip
def test_what_is_hostile_or_broken_is_refused_before_it_is_read(data: bytes, words: str) -> None:
    tracemalloc.start()
    with pytest.raises(RefusedFile) as refused:
        read(data, "book.xlsx")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert words in str(refused.value)
    assert peak < 100 * 1024 * 1024


@pytest.mark.parametrize("number", ["0", " 0 ", "+0", "0" * 5_000, "&#48;", "<!-- -->0", "<![CDATA[0]]>"])
@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/SharedStrings.XML", "xl\\sharedStrings.xml"])
def test_a_text_that_is_shown_a_million_times_is_refused(number: str, name: str) -> None:
    """One shared text of 30 KB in 2,000 cells is 60 MB of text in a file of a few kilobytes."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>{number}</v></c></row>' for row in range(1, 2_001))
    strings = (
        f"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>{'x' * 30_000}</t></si></sst>"
    )
    data = with_part(sheet(cells), "xl/sharedStrings.xml", strings.encode(), called=name)
    assert len(data) < 70_000
    with pytest.raises(UnreadableFile, match="when unpacked"):
        read(data, "book.xlsx")


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.dat", "xl/worksheets/sheet1"])
def test_a_sheet_that_is_not_looked_through_is_not_read(name: str) -> None:
    """A part under another name, to which the workbook points all the same, once asked for 15 GB."""
    furthest = sheet('<row r="30000"><c r="XFD30000" t="n"><v>1</v></c></row>')
    rels = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(furthest)) as archive:
        targets = archive.read(rels).replace(b"worksheets/sheet1.xml", name.removeprefix("xl/").encode())
        content = archive.read(SHEET)
    data = with_part(with_part(with_part(furthest, SHEET, b"<worksheet/>"), name, content), rels, targets)
    with pytest.raises(UnreadableFile, match="not a workbook that can be read"):
        read(data, "book.xlsx")


def test_many_sheets_of_one_part_count_as_many() -> None:
    one = sheet('<row r="5000"><c r="GR5000" t="n"><v>1</v></c></row>')
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        book = archive.read("xl/workbook.xml").decode()
    entry = re.search(r"<sheet [^>]*/>", book)
    assert entry
    entries = "".join(entry.group().replace('"List"', f'"List {number}"') for number in range(50))
    with pytest.raises(UnreadableFile, match="cells"):
        read(with_part(one, "xl/workbook.xml", book.replace(entry.group(), entries).encode()), "book.xlsx")


def test_another_archive_behind_the_checked_one_is_not_what_is_read() -> None:
    """Two lists of contents in one file: the reader is given an archive of its own, made of what was looked through."""
    with zipfile.ZipFile(io.BytesIO(workbook_parts.checked(LIST + b"\x00" * 30 + LIST))) as archive:
        assert all(name.endswith((".xml", ".rels")) for name in archive.namelist())


def test_a_size_that_is_a_lie_is_not_believed() -> None:
    data = bytearray(with_part(LIST, "xl/styles2.xml", b" " * (21 * 1024 * 1024)))
    stated = (21 * 1024 * 1024).to_bytes(4, "little")
    assert data.count(stated) == 2
    data = data.replace(stated, (100).to_bytes(4, "little"))
    with pytest.raises(UnreadableFile):
        read(bytes(data), "book.xlsx")


def test_formatting_far_below_the_rows_is_no_reason_to_refuse() -> None:
    data = sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Question</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>Ready?</t></is></c><c r="ZZZ2" s="1"/></row>'
        '<row r="1048576" ht="20"><c r="A1048576" s="1"/></row>'
    )
    assert [line.place for line in read(data, "book.xlsx").report] == ["row 2"]


def test_a_link_out_of_a_zip_is_not_followed(conformance_data: Path) -> None:
    path = conformance_data / "bad-inputs" / "zip-symlink-etc-passwd.zip"
    with pytest.raises(UnreadableFile) as refused:
        exchange.load(path)
    assert "root:" not in str(refused.value)


@strategies.patient
@given(st.data())
def test_a_damaged_workbook_is_refused_or_read_never_a_crash(data: st.DataObject) -> None:
    damaged = bytearray(LIST)
    with zipfile.ZipFile(io.BytesIO(LIST)) as archive:
        part = data.draw(st.sampled_from(archive.namelist()))
        content = bytearray(archive.read(part))
    for _time in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for broken in (with_part(LIST, part, bytes(content)), bytes(damaged)):
        try:
            read(broken, "book.xlsx")
        except RefusedFile as refused:
            assert refused.problems


# A definition as a workbook


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_the_demos_definitions_come_back_whole(path: Path) -> None:
    document = exchange.load(path).document()
    data = sheets_out.workbook_of(document)
    assert sheets_out.workbook_of(document) == data
    found = read(data, "book.xlsx")
    assert found.source == "workbook"
    assert found.document().content_hash() == document.content_hash()
    assert {line.verdict for line in found.report} == {"taken"}


def test_samm_comes_back_whole(conformance_data: Path) -> None:
    document = exchange.load(conformance_data / "owasp-samm" / "core-model").document()
    assert read(sheets_out.workbook_of(document), "x.xlsx").document().content_hash() == document.content_hash()


@strategies.patient
@given(strategies.definitions())
def test_a_random_definition_comes_back_whole(data: dict) -> None:
    try:
        document = parse(data)
    except RefusedFile:
        return
    again = read(sheets_out.workbook_of(document), "x.xlsx").document()
    assert again.to_data() == document.to_data()
    assert again.content_hash() == document.content_hash()


def test_long_texts_and_wide_rules_are_spread_over_rows() -> None:
    document = parse(everything())
    data = sheets_out.workbook_of(document)
    for rows in sheets_of(data).values():
        assert all(len(cell) <= 32_767 for row in rows for cell in row if isinstance(cell, str))
    assert read(data, "x.xlsx").document().content_hash() == document.content_hash()


def test_every_field_of_the_format_has_its_cell() -> None:
    inner = {"questions", "sections", "options", "rows", "bands"}
    for part, sheet_name in (
        (Question, "Questions"),
        (Section, "Sections"),
        (Score, "Scoring"),
        (Zone, "Zones"),
        (Sample, "Tests"),
    ):
        fields = {field.alias or name for name, field in part.model_fields.items()}
        assert fields - inner <= {column.field for column in LAYOUT[sheet_name]}, sheet_name
    assert {*DefinitionDocument.model_fields} - {"sections", "scoring", "samples"} <= {*FIELDS}
    assert {f"scoring.{name}" for name in Scoring.model_fields} - {"scoring.scores", "scoring.zones"} <= {*FIELDS}
    for part in (Option, Row, Band):
        assert {field.alias or name for name, field in part.model_fields.items()} <= {
            field for _target, fields in KINDS.values() for field in fields
        }


def everything() -> dict:
    """Every part of the format once, with texts as long as they may be."""
    return {
        "format": "portal-definition/1",
        "key": "all",
        "name": "All of it",
        "summary": "=SUM(A1)",
        "description": "x" * 19_998 + "\r\n",
        "tags": ["one", "two"],
        "sample_report": "https://example.org/a.pdf",
        "attribution": {"text": "Somebody", "licence": "CC0-1.0"},
        "instant_results": True,
        "estimated_minutes": 3,
        "answer_sets": [{"key": "set", "options": [{"key": "a", "text": "A", "value": 0.1 + 0.2, "exclusive": True}]}],
        "sections": [
            {
                "key": "s",
                "name": "S",
                "description": "_x0041_ _xFFFE_ _x005F_xFFFE_ \ufffe\uffff",
                "questions": [
                    {"key": "1", "type": "multiple_choice", "text": "  one  ", "answer_set": "set", "combine": "mean"},
                    {"key": "2", "type": "number", "text": "\tTab", "minimum": 0, "maximum": 1e-6, "decimals": 6, "unit": "€",
                     "bands": [{"value": 1, "label": "low"}, {"from": 5e-7, "value": -2.5}]},
                    {"key": "3", "type": "matrix", "text": "M", "rows": [{"key": "r", "text": "R"}],
                     "options": [{"key": "x", "text": "X", "help": "h", "value": 1}], "allow_comment": False,
                     "require_if": {"all": [{"question": "2", "operator": "greater", "value": 0}]},
                     "recommendations": [{"from": 0, "to": 50, "text": "Do it", "severity": "high"}]},
                    {"key": "4", "type": "file", "text": "F", "max_files": 2, "allow_evidence": True},
                    {"key": "5", "type": "scale", "text": "S", "minimum": 1, "maximum": 5, "low_label": "l", "weight": 0,
                     "tags": {"tier": "a b"}, "show_if": {"question": "1", "operator": "contains", "value": "a"}},
                    {"key": "6", "type": "long_text", "text": "T", "help": "y" * 20_000, "why": "z\n" * 9_000, "max_length": 9,
                     "show_if": {"question": "3", "row": "r", "operator": "equals", "value": "x"}},
                ],
                "sections": [{"key": "inner", "name": "Inner", "show_if": {"question": "5", "operator": "answered"},
                              "questions": [{"key": "7", "type": "yes_no", "text": "Y"},
                                            {"key": "8", "type": "text", "text": "Z", "required": True,
                                             "show_if": {"question": "7", "operator": "equals", "value": "yes"}}]}],
            },
        ],
        "scoring": {
            "scale": {"min": -1e9, "max": 1e9, "unit": "points"},
            "treatment": {"unanswered": "exclude"},
            "scores": [
                {"key": "a", "name": "A", "rule": "sum", "inputs": [{"questions": ["1", "3"]}, {"sections": ["inner"], "weight": 2}]},
                {"key": "b", "name": "B", "rule": "levels", "options": {"reach": 0.5}, "inputs": [{"scores": ["a"]}],
                 "gates": [{"when": {"question": "7", "operator": "answered"}, "at_most": 1, "reason": "R"}],
                 "rounding": {"mode": "up"}, "clamp": {"min": 0, "max": 9}, "needs_every_answer": True,
                 "treatment": {"no_score": "zero"}, "weight": 0.3333333333333333},
            ],
            "overall": "b",
            "sections": {"s": "a"},
            "zones": [{"label": "Low", "from": -1e9, "to": 0, "tone": "b1"}, {"label": "High", "from": 0, "to": 1e9, "tone": "b4",
                      "description": "fine"}],
        },
        "reference_values": [{"score": "b", "value": 1, "label": "L", "n": "10", "source": "S", "year": 2024, "industry": "52"}],
        "samples": [{"key": "t", "name": "T", "answers": {"1": ["a"], "3": {"r": "x"}}, "expected": {"b": None}, "tolerance": 0.5}],
    }  # fmt: skip


def sheets_of(data: bytes) -> dict[str, list[list]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def test_a_workbook_that_was_changed_in_between_says_where_it_is_wrong() -> None:
    sheets = sheets_of(sheets_out.workbook_of(parse(everything())))
    sheets["Questions"][1][1] = "nowhere"
    sheets["Options"][2][5] = "much"
    sheets["Options"][3][0] = "99"
    sheets["Sections"][2][1] = "above"
    sheets["Tests"][1][2] = "{"
    sheets["Definition"].append(["surprise", "x"])
    sheets["Notes"] = [["mine"]]
    with pytest.raises(RefusedFile) as refused:
        read(workbook(sheets), "x.xlsx")
    found = "\n".join(map(str, refused.value.problems))
    for words in (
        "Questions, row 2: There is no section “nowhere”",
        "Options, row 3, Score: “much” is not a number",
        "Options, row 4: There is no question “99”",
        "Sections, row 3: There is no section “above” above",
        "Tests, row 2, Answers: is not valid JSON",
    ):
        assert words in found


def test_what_a_person_changes_in_a_workbook_is_taken() -> None:
    sheets = sheets_of(sheets_out.workbook_of(parse(everything())))
    sheets["Questions"][1][2] = "Another question?"
    sheets["Questions"][1][5] = 3
    sheets["Notes"] = [["mine"]]
    sheets["Zones"][0].append("Owner")
    found = read(workbook(sheets), "x.xlsx")
    question = found.document().question("1")
    assert question is not None
    assert (question.text, question.weight) == ("Another question?", 3)
    assert [(line.place, line.what) for line in found.report if line.verdict == "not_taken"] == [
        ("sheet “Notes”", "Notes"),
        ("sheet “Zones”", "Owner"),
    ]


@strategies.patient
@given(st.text(st.sampled_from("_xX05FE\ufffe\uffffa␛1234")))
def test_letters_no_workbook_can_hold_are_written_so_that_they_come_back(text: str) -> None:
    assert spoken(written(text)) == text
    cell = "." + written(text)
    assert sheets_of(sheets_out.sheet_of("A", [Column("H", "h")], [{"h": f".{text}"}]))["A"][1] == [cell]


def test_payloads_that_spreadsheets_would_run_stay_text(conformance_data: Path) -> None:
    payloads = (conformance_data / "bad-inputs" / "csv-injection-payloads.txt").read_text().splitlines()
    data = everything()
    data["sections"][0]["questions"][0]["text"] = payloads[0]
    for place, payload in enumerate(payloads[1:], 1):
        data["sections"][0]["questions"][place]["text"] = payload
    book = sheets_out.workbook_of(parse(data))
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        xml = b"".join(archive.read(name) for name in archive.namelist())
        assert not [name for name in archive.namelist() if "external" in name.lower() or "vba" in name.lower()]
    assert b"<f>" not in xml
    assert b"<hyperlink" not in xml
    texts = [question.text for question in read(book, "x.xlsx").document().questions()]
    assert texts[: len(payloads)] == payloads


def test_json_of_the_file_itself_is_not_trusted_more() -> None:
    sheets = sheets_of(sheets_out.workbook_of(parse(everything())))
    sheets["Tests"][1][2] = json.dumps({"a": 1})[:-1] + ', "a": 2}'
    with pytest.raises(RefusedFile, match="a second time"):
        read(workbook(sheets), "x.xlsx")


def test_only_what_holds_a_workbook_is_one() -> None:
    assert workbooks.WORKBOOK in workbooks.names_in(LIST)
    assert workbooks.names_in(b"PK\x03\x04") == frozenset()
    with pytest.raises(UnreadableFile, match="not a .zip"):
        read(b"nothing", "book.xlsx")


@pytest.mark.parametrize("part", ["word/document.xml", "content.xml"])
def test_other_office_files_are_named(part: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "<x/>")
    with pytest.raises(UnreadableFile, match="office program"):
        read(out.getvalue(), "file.zip")


def test_a_panic_of_the_reader_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(_workbook: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(workbooks, "_sheets", panic)
    with pytest.raises(UnreadableFile, match="index out of bounds"):
        workbooks.read(LIST)
