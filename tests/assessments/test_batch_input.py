"""From lines and files to people with a verdict each."""

import io
import json
import time

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from assessments.batching import batch_input
from assessments.batching.batch_input import Account, Known, Row, Verdict, address_in, from_file, from_lines, judge
from library.problems import UnreadableFile

NORTH, ACME = Account("n", "Northwind Dental"), Account("a", "Acme Foods")
ONE = Known(accounts={"n": NORTH}, only="n", sections={"basics": "The basics", "more": "More"})
MANY = Known(accounts={"n": NORTH, "a": ACME})


def said(rows: list[Row]) -> list[tuple]:
    return [(row.number, row.name, row.email, row.account) for row in rows]


def verdicts(rows: list[Row], known: Known = ONE) -> list[str]:
    return [one.verdict.value for one in judge(rows, known)]


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("priya@example.com", "", "priya@example.com"),
        ("Priya Nair <priya@example.com>", "Priya Nair", "priya@example.com"),
        ('"Nair, Priya" <priya@example.com>', "Nair, Priya", "priya@example.com"),
        ("Nair, Priya <priya@example.com>", "Nair, Priya", "priya@example.com"),
        ("Priya Nair; priya@example.com", "Priya Nair", "priya@example.com"),
        ("priya@example.com; Priya Nair", "Priya Nair", "priya@example.com"),
        ("Priya Nair, priya@example.com", "Priya Nair", "priya@example.com"),
        ("Priya Nair\tpriya@example.com", "Priya Nair", "priya@example.com"),
        ("  <priya@example.com>  ", "", "priya@example.com"),
        ("Priya\u00a0Nair \u200b<priya@example.com>", "Priya Nair", "priya@example.com"),
        ("priya@example.com,", "", "priya@example.com"),
    ],
)
def test_a_line_is_read_however_it_is_written(line: str, name: str, email: str):
    assert said(from_lines(line)) == [(1, name, email, "")]


def test_several_addresses_on_a_line_are_several_people():
    rows = from_lines("Priya <priya@example.com>; Bob <bob@example.com>;\n\nann@example.com, cy@example.com")
    assert said(rows) == [
        (1, "Priya", "priya@example.com", ""), (1, "Bob", "bob@example.com", ""),
        (3, "", "ann@example.com", ""), (3, "", "cy@example.com", ""),
    ]  # fmt: skip


def test_a_line_may_name_the_account():
    rows = from_lines("Priya; priya@example.com; Northwind Dental\nbob@example.com; Bob; Acme Foods")
    assert said(rows) == [
        (1, "Priya", "priya@example.com", "Northwind Dental"),
        (2, "Bob", "bob@example.com", "Acme Foods"),
    ]


def test_what_is_copied_from_a_spreadsheet_keeps_the_numbers_of_its_lines():
    rows = from_lines("Company\tE-mail\tName\n\nAcme Foods\tbob@example.com\tBob\nAcme Foods\t\tNobody")
    assert said(rows) == [(3, "Bob", "bob@example.com", "Acme Foods"), (4, "Nobody", "", "Acme Foods")]


CSV = "Name,E-mail,Company\r\nPriya,priya@example.com,Northwind Dental\r\n,,\r\nBob,bob@example.com,Acme Foods\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_file_is_read_in_every_dress(encoding: str, delimiter: str):
    text = CSV.replace("Priya", "Prïya").replace(",", delimiter)
    rows = from_file(text.encode(encoding))
    assert said(rows) == [
        (2, "Prïya", "priya@example.com", "Northwind Dental"),
        (4, "Bob", "bob@example.com", "Acme Foods"),
    ]


def test_quotes_may_hold_commas_and_line_ends_and_a_row_stays_one_row():
    rows = from_file(b'name,email\n"Nair,\nPriya","priya@example.com"\nBob,bob@example.com\n')
    assert said(rows) == [(2, "Nair, Priya", "priya@example.com", ""), (3, "Bob", "bob@example.com", "")]


@pytest.mark.parametrize(
    "head",
    [
        "Name;E-Mail",
        "Full name;Email address",
        "Contact;Contact Email",
        "Display name;User principal name",
        "NAME;MAIL",
    ],
)
def test_columns_are_known_by_many_headings(head: str):
    assert said(from_file(f"{head}\nPriya;priya@example.com".encode())) == [(2, "Priya", "priya@example.com", "")]


def test_first_and_last_names_become_one():
    rows = from_file(b"Last name,First name,Email\nNair,Priya,priya@example.com\n")
    assert said(rows) == [(2, "Priya Nair", "priya@example.com", "")]


def test_without_headings_the_columns_are_guessed():
    rows = from_file(b"priya@example.com,Priya,Northwind Dental\nbob@example.com,Bob,Acme Foods\n")
    assert said(rows) == [
        (1, "Priya", "priya@example.com", "Northwind Dental"),
        (2, "Bob", "bob@example.com", "Acme Foods"),
    ]


def test_the_published_csv_cases_never_fail(conformance_data):
    for file in sorted((conformance_data / "import-formats" / "csv-spectrum" / "csvs").glob("*.csv")):
        judge(from_file(file.read_bytes()), ONE)


def test_a_contact_export_of_another_product_is_read(conformance_data):
    headings = json.loads((conformance_data / "import-formats" / "csv_formats.json").read_text())
    head = headings["ITFlow"]["exports"]["contacts"]
    cells = {"Name": "Priya", "Email": "priya@example.com"}
    text = ",".join(head) + "\n" + ",".join(cells.get(name, "x") for name in head)
    assert said(from_file(text.encode())) == [(2, "Priya", "priya@example.com", "")]


def workbook(*sheets: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def test_of_a_workbook_the_sheet_with_addresses_is_read():
    data = workbook([["Notes"], ["Nothing here"]], [["Name", "E-mail"], ["Priya", "priya@example.com"]])
    assert said(from_file(data)) == [(2, "Priya", "priya@example.com", "")]


@pytest.mark.parametrize(
    "data", [b"", b"   \n", b"\x00\x01\x02", b"PK\x03\x04rubbish", b'name,email\n"never closed', b"\xff\xfe\x00"]
)
def test_what_is_no_table_is_refused_with_words(data: bytes):
    with pytest.raises(UnreadableFile) as refused:
        from_file(data)
    assert refused.value.problems[0].message


def test_more_people_than_a_batch_takes_are_refused():
    with pytest.raises(UnreadableFile):
        from_lines("\n".join(f"p{number}@example.com" for number in range(5_001)))
    assert len(from_lines("\n".join(f"p{number}@example.com" for number in range(5_000)))) == 5_000
    whole = "Name,E-mail\n" + "\n".join(f"P,p{number}@example.com" for number in range(5_000))
    assert len(from_file(whole.encode())) == 5_000
    with pytest.raises(UnreadableFile):
        from_file((whole + "\nP,more@example.com").encode())


def test_every_published_address_gets_a_verdict(conformance_data):
    """What is never valid is refused, what everybody uses is taken, and nothing fails."""
    tests = json.loads((conformance_data / "bad-inputs" / "email-addresses.json").read_text())["tests"]
    assert len(tests) > 100
    taken = set()
    for case in tests:
        [one] = judge([Row(1, "", case["address"] or "")], ONE)
        assert one.verdict in (Verdict.INVITED, Verdict.NO_ADDRESS, Verdict.BAD_ADDRESS, Verdict.TOO_LONG)
        if one.is_used:
            taken.add(case["address"])
            # White space around an address is no part of it.
            assert case["category"] != "ISEMAIL_ERR" or case["address"] != case["address"].strip(), case
    assert {"test@iana.org", "test.test@iana.org", "123@iana.org", "test@nominet.org.uk"} <= taken


@pytest.mark.parametrize(
    "text",
    ["", "x", "a@b", "a@b..c", "a b@example.com", "a@example.com\nBcc: x@example.com", "a@example.com, b@example.com",
     "<a@b", "a@[127.0.0.1]", '"a"@example.com', "ä@example.com", "a" * 300 + "@example.com", "=1+1@example.com\t"],
)  # fmt: skip
def test_what_cannot_be_written_to_is_no_address(text: str):
    assert address_in(text) in ("", "=1+1@example.com")


def test_an_address_is_kept_in_lower_case():
    assert (
        address_in(" Priya.NAIR@Example.COM ")
        == address_in("mailto:priya.nair@example.com")
        == "priya.nair@example.com"
    )


def test_the_first_of_two_counts_whatever_its_case_and_the_second_names_it():
    first, second = judge([Row(3, "", "Priya@example.com"), Row(9, "", "priya@EXAMPLE.com")], ONE)
    assert first.is_used
    assert (second.verdict, second.why) == (Verdict.DUPLICATE, "The same person as in row 3.")


def test_one_person_may_answer_for_two_accounts():
    rows = [Row(1, "", "ann@example.com", "Northwind Dental"), Row(2, "", "ann@example.com", "acme  FOODS")]
    assert [one.account for one in judge(rows, MANY) if one.is_used] == ["n", "a"]


def test_an_account_that_may_not_be_used_looks_as_one_that_does_not_exist():
    unknown, hidden = judge([Row(1, "", "a@example.com", "No such"), Row(2, "", "a@example.com", "Cobalt Labs")], MANY)
    assert (unknown.verdict, unknown.why) == (hidden.verdict, hidden.why) == (Verdict.UNKNOWN_ACCOUNT, "")


def test_without_an_account_a_row_goes_where_its_person_is_known():
    known = Known(accounts=MANY.accounts, homes={"ann@example.com": frozenset("n"), "bo@example.com": frozenset("na")})
    ann, bo, cy = judge([Row(1, "", f"{name}@example.com") for name in ("ann", "bo", "cy")], known)
    assert (ann.verdict, ann.account) == (Verdict.INVITED, "n")
    assert (bo.verdict, bo.why) == (Verdict.NO_ACCOUNT, "This person belongs to several: Acme Foods, Northwind Dental.")
    assert cy.verdict is Verdict.NO_ACCOUNT


def test_people_of_another_account_and_our_own_are_kept_out():
    known = Known(
        accounts=MANY.accounts, only="n", homes={"ann@example.com": frozenset("a"), "pri@example.com": frozenset("na")},
        staff={"sam@example.com": frozenset("n")},
    )  # fmt: skip
    ann, pri, sam = judge([Row(1, "", f"{name}@example.com") for name in ("ann", "pri", "sam")], known)
    assert (ann.verdict, ann.why) == (Verdict.BELONGS, "Belongs to Acme Foods.")
    assert pri.is_used
    assert sam.verdict is Verdict.BELONGS


def test_who_is_answering_already_is_said_so():
    known = Known(accounts=ONE.accounts, only="n", present=frozenset({("n", "ann@example.com")}))
    assert verdicts([Row(1, "", "Ann@example.com"), Row(2, "", "bo@example.com")], known) == ["present", "invited"]


def test_sections_are_known_by_name_or_key():
    rows = [
        Row(1, "", f"p{n}@example.com", "", words)
        for n, words in enumerate(["", "the BASICS", "basics|More", "Basics, more", "no"])
    ]
    judged = judge(rows, ONE)
    assert [one.sections for one in judged] == [(), ("basics",), ("basics", "more"), ("basics", "more"), ()]
    assert judged[4].verdict is Verdict.UNKNOWN_SECTION


@pytest.mark.parametrize(("row", "verdict"), [
    (Row(1), "no_address"), (Row(1, "Ann"), "no_address"), (Row(1, "x" * 121, "a@example.com"), "too_long"),
    (Row(1, "", "a" * 260 + "@example.com"), "too_long"), (Row(1, "", "nonsense"), "bad_address"),
])  # fmt: skip
def test_a_row_that_cannot_be_used_says_why(row: Row, verdict: str):
    assert verdicts([row]) == [verdict]


@given(st.text(max_size=400))
def test_no_text_fails(text: str):
    try:
        judged = judge(from_lines(text), MANY)
    except UnreadableFile:
        return
    assert all(one.row.number >= 1 for one in judged)


@given(st.binary(max_size=400))
def test_no_file_fails(data: bytes):
    try:
        judge(from_file(data), ONE)
    except UnreadableFile as refused:
        assert refused.problems


def test_five_thousand_rows_are_quick():
    data = ("Name,E-mail\n" + "\n".join(f"Person {n},person{n}@example.com" for n in range(5_000))).encode()
    began = time.process_time()
    judged = judge(from_file(data), ONE)
    assert batch_input.counted(judged)[Verdict.INVITED] == 5_000
    assert time.process_time() - began < 3
