from types import SimpleNamespace

import pytest
from django.http import QueryDict

from portal.web.columns import Column, SheetColumn, chosen, sheet_of

OFFERED = [
    Column("name", "Name", sort="name"),
    Column("city", "City", css="col-wide", is_standard=True),
    Column("seen", "Last seen", sort="-seen", cell="cell-updated", is_standard=True),
    Column("note", "Note"),
]


def keys(query: str) -> list[str]:
    return [column.key for column in chosen(OFFERED, QueryDict(query)).shown]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["name", "city", "seen"]),
        ("col=gone", ["name", "city", "seen"]),
        ("col=", ["name", "city", "seen"]),
        ("col=note&col=gone", ["name", "note"]),
        ("col=note&col=city&col=note", ["name", "city", "note"]),
        ("col=name", ["name"]),
    ],
)
def test_columns_are_those_of_the_address_in_their_own_order(query, expected):
    assert keys(query) == expected


def test_choosing_the_standard_columns_is_no_choice():
    standard = chosen(OFFERED, QueryDict("col=name&col=seen&col=city"))
    assert not standard.is_own
    assert standard.carried == []
    own = chosen(OFFERED, QueryDict("col=city"))
    assert own.is_own
    assert own.carried == ["name", "city"]


def test_what_the_form_of_columns_sends_along():
    choice = chosen(OFFERED, QueryDict("q=north&page=3&col=note&empty=&tag=a&tag=b"))
    assert choice.others == [("q", "north"), ("tag", "a"), ("tag", "b")]
    assert choice.standard_url == "?q=north&empty=&tag=a&tag=b"
    assert [(column.key, is_shown) for column, is_shown in choice.boxes] == [
        ("city", False), ("seen", False), ("note", True),
    ]  # fmt: skip


def test_headings_sort_where_a_column_does():
    name, city, seen = chosen(OFFERED, QueryDict("sort=-seen")).heads("-seen")
    assert (name.sorting.url, name.sorting.direction) == ("?sort=name", "none")
    assert city.sorting is None
    assert seen.sorting.direction == "descending"


def test_what_somebody_asked_for_does_not_give_way_on_a_narrow_screen():
    write = {"city": lambda row: row.city, "seen": lambda row: "today", "note": lambda row: row.note}
    row = SimpleNamespace(city="Erie", note="<b>")
    assert chosen(OFFERED, QueryDict("")).cells(row, write) == (
        '<td class="cell-detail col-wide" data-label="City">Erie</td>'
        '<td class="cell-updated" data-label="Last seen">today</td>'
    )
    assert chosen(OFFERED, QueryDict("col=city&col=note")).cells(row, write) == (
        '<td class="cell-labelled" data-label="City">Erie</td><td class="cell-labelled" data-label="Note">&lt;b&gt;</td>'
    )


def test_a_file_has_every_column_unless_those_shown_are_asked_for():
    sheet = [SheetColumn("", "Id", str), SheetColumn("name", "Name", str), SheetColumn("note", "Note", str)]

    def headings(query: str) -> list[str]:
        return [one.heading for one in sheet_of(sheet, chosen(OFFERED, QueryDict(query)))]

    assert headings("col=note") == ["Id", "Name", "Note"]
    assert headings("col=note&columns=shown") == ["Name", "Note"]
    assert headings("columns=shown") == ["Name"]
    assert headings("columns=nonsense") == ["Id", "Name", "Note"]
