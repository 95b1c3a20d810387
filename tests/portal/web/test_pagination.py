"""Lists in pages."""

import pytest
from django.template import engines
from django.test import RequestFactory

from portal.web import pagination


def page_of(count: int, query: str = "", size: int = 25) -> pagination.Page:
    return pagination.paginate(range(1, count + 1), RequestFactory().get(f"/list/{query}"), size)


@pytest.mark.parametrize(
    ("count", "query", "number", "first", "last"),
    [
        (312, "", 1, 1, 25),
        (312, "?page=2", 2, 26, 50),
        (312, "?page=13", 13, 301, 312),
        (312, "?page=99", 13, 301, 312),
        (312, "?page=0", 1, 1, 25),
        (312, "?page=-1", 1, 1, 25),
        (312, "?page=two", 1, 1, 25),
        (312, "?page=٣", 1, 1, 25),
        (312, "?page=99999999999999999999", 1, 1, 25),
        (25, "?page=2", 1, 1, 25),
        (0, "?page=3", 1, 0, 0),
    ],
)
def test_which_page_is_shown(count: int, query: str, number: int, first: int, last: int) -> None:
    page = page_of(count, query)
    assert (page.number, page.first, page.last) == (number, first, last)
    assert list(page) == list(range(first, last + 1)) if count else list(page) == []
    assert len(page) == len(list(page))


def test_neighbours_keep_the_filter_and_the_first_page_has_a_plain_address() -> None:
    page = page_of(100, "?status=draft&sort=-updated&page=2")
    assert page.previous_url == "?status=draft&sort=-updated"
    assert page.next_url == "?status=draft&sort=-updated&page=3"
    assert page_of(100, "?page=4").next_url == ""
    assert page_of(100).previous_url == ""


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 0, 13]),
        ("?page=3", [1, 2, 3, 4, 0, 13]),
        ("?page=7", [1, 0, 6, 7, 8, 0, 13]),
        ("?page=13", [1, 0, 12, 13]),
    ],
)
def test_the_row_of_pages_has_gaps(query: str, numbers: list[int]) -> None:
    links = page_of(312, query).links
    assert [link.number for link in links] == numbers
    assert [link.number for link in links if link.current] == [page_of(312, query).number]


def test_a_single_missing_page_is_no_gap() -> None:
    assert [link.number for link in page_of(312, "?page=4").links] == [1, 2, 3, 4, 5, 0, 13]


def test_a_long_list_is_counted_only_so_far() -> None:
    page = page_of(5000)
    assert page.capped
    assert page.total == 1000
    assert page_of(1000).capped is False
    assert page_of(5000, "?page=60").first == 1476
    assert page_of(5000, "?page=60").has_next
    assert page_of(5000, "?page=900").number == 200
    assert not page_of(5000, "?page=900").has_next


def test_what_stands_under_a_list() -> None:
    html = (
        engines["django"].from_string('{% pagination page target="rows" %}').render({"page": page_of(5000, "?page=2")})
    )
    assert "Showing 26–50 of 1,000+" in html
    assert 'hx-target="#rows"' in html
    assert 'href="?page=3"' in html


def test_nothing_stands_under_an_empty_list() -> None:
    assert engines["django"].from_string("{% pagination page %}").render({"page": page_of(0)}).strip() == ""


def test_a_list_of_one_page_only_counts() -> None:
    html = engines["django"].from_string("{% pagination page %}").render({"page": page_of(6)})
    assert "Showing 1–6 of 6" in html
    assert "<ol" not in html
