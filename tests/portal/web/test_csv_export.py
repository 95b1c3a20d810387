import csv
import io
from datetime import UTC, date, datetime

import pytest

from portal.web.csv_export import attachment, neutral


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1+1", "|calc", "%0A=1"])
def test_what_a_spreadsheet_would_run_is_made_text(value):
    assert neutral(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Northwind", "a=b", "3 - 4", "№ 7", "–"])
def test_plain_words_stay_as_they_are(value):
    assert neutral(value) == value


def test_values_keep_their_kind():
    assert neutral(-3) == -3
    assert neutral(2.5) == 2.5
    assert neutral(None) == ""
    assert neutral(True) == "true"
    assert neutral(date(2026, 3, 1)) == "2026-03-01"
    assert neutral(datetime(2026, 3, 1, 8, 5, tzinfo=UTC)) == "2026-03-01T08:05+00:00"


def test_a_nul_byte_is_dropped():
    assert neutral("a\x00b") == "ab"


def test_the_file_opens_in_a_spreadsheet_and_reads_back():
    response = attachment("accounts.csv", ["Name", "Count"], [['Łódź, "Nord"', 3], ["=cmd|' /C calc'!A0", None]])
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="accounts.csv"'
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [["Name", "Count"], ['Łódź, "Nord"', "3"], ["'=cmd|' /C calc'!A0", ""]]


def test_no_published_payload_starts_a_cell_as_a_formula(conformance_data):
    for line in (conformance_data / "bad-inputs/csv-injection-payloads.txt").read_text("utf-8", "replace").splitlines():
        assert not str(neutral(line)).startswith(("=", "+", "-", "@", "\t")), line
