"""The tables: figures are numbers, days are dates, and no text is ever run."""

import datetime
import io
import json
from typing import Any

import pytest
import python_calamine

from assessments.reports import records, sheets
from portal.web import csv_export
from tests.assessments.reports import example_report


def read(made: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def cells(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_there_is_a_sheet_for_each_kind_of_thing():
    found = read(sheets.xlsx(example_report.rich(40)))
    assert list(found) == [
        "Summary", "Scores", "Answers", "Findings", "Actions", "Recommendations", "Notes", "History",
    ]  # fmt: skip
    assert len(found["Answers"]) == 41
    network = next(row for row in cells(found["Scores"]) if row["Area"] == "Network security")
    assert (network["Score"], network["Reference"], network["Difference"]) == (38.0, 60.0, -22.0)
    action = cells(found["Actions"])[0]
    assert action["Due"] == datetime.date(2026, 12, 15)
    assert action["Finding number"] == 1
    assert cells(found["History"])[0]["Submitted"] == datetime.date(2026, 11, 18)


def test_sheets_without_anything_are_left_out():
    report = example_report.rich(1)
    report["sections"] = report["sections"][:1]
    assert list(read(sheets.xlsx(report))) == ["Summary"]


def test_the_same_report_gives_the_same_bytes():
    assert sheets.xlsx(example_report.rich(3)) == sheets.xlsx(example_report.rich(3))


def test_heads_stay_in_sight_and_figures_look_as_in_the_report():
    import zipfile

    with zipfile.ZipFile(io.BytesIO(sheets.xlsx(example_report.rich(3)))) as book:
        first = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert 'state="frozen"' in first
    assert "<autoFilter" in first
    assert "yyyy-mm-dd" in styles
    assert "+#,##0;−#,##0;#,##0" in styles


@pytest.mark.parametrize(
    ("raw", "shown", "decimals"),
    [
        (68.0, "68", 0),
        (66.66666, "66.7", 1),
        (66.66666, "66,67", 2),
        (1204.4, "1,204", 0),
        (-3.0, "−3", 0),
        (0.05, "0.1", 1),
    ],
)
def test_a_figure_keeps_the_decimals_it_is_shown_with(raw, shown, decimals):
    assert sheets.decimals_of({"raw": raw, "shown": shown}) == decimals


def test_hostile_text_is_text(conformance_data):
    folder = conformance_data / "bad-inputs"
    texts = json.loads((folder / "blns.json").read_text("utf-8"))
    texts += (folder / "csv-injection-payloads.txt").read_text("utf-8").splitlines()
    report = example_report.rich(len(texts))
    lines = [line for part in report["sections"][-1]["parts"] for line in part["lines"]]
    for line, text in zip(lines, texts, strict=True):
        line.update(words=text, comment=text, question=text, state="answered", rows=[], files=[])
    found = cells(read(sheets.xlsx(report))["Answers"])
    assert [row["Answer"] for row in found] == [sheets._writable(text) for text in texts]

    head, *rows = sheets.csv_rows(report)
    response = csv_export.attachment("report.csv", head, rows)
    assert response.content.startswith(b"\xef\xbb\xbf")
    answers = [row for row in rows if row[1] == "Answer"]
    assert [row[head.index("Words")] for row in answers] == texts
    for row in answers:
        cell = csv_export.neutral(row[head.index("Words")])
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_what_is_longer_than_a_cell_goes_on_below():
    report = example_report.rich(1)
    line = report["sections"][-1]["parts"][0]["lines"][0]
    line["comment"] = "".join(f"{number:05d}" for number in range(15_000))
    found = cells(read(sheets.xlsx(report))["Answers"])
    assert "".join(str(row["Comment"]) for row in found) == line["comment"]
    assert found[1]["Area"] == sheets.CONTINUED
    rows = sheets.csv_rows(report)
    assert any(line["comment"] in row for row in rows)


def test_every_row_of_the_flat_table_has_every_column():
    head, *rows = sheets.csv_rows(example_report.rich(12))
    assert len(head) == len(records.COLUMNS)
    assert {len(row) for row in rows} == {len(head)}
    kinds = {row[head.index("Kind")] for row in rows}
    assert kinds == {str(label) for label in records.KINDS.values()}
    released = next(row for row in rows if row[head.index("Name")] == "Released")
    assert released[head.index("Date")] == "2026-11-21"
