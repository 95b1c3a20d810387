"""Lists in pages of 25: the page number is in the address, the total is counted only as far as it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

SIZE = 25
COUNT_LIMIT = 1000
_AROUND = 1


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the row of pages: a page number and its address, or a gap when the number is 0."""

    number: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page and what stands under them. `total` is cut at COUNT_LIMIT, then `capped` is true."""

    items: Sequence[Any]
    number: int
    size: int
    total: int
    capped: bool
    has_next: bool
    _query: Any

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def first(self) -> int:
        """This will be the position of the first row shown, counted from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """This will be the position of the last row shown."""
        return (self.number - 1) * self.size + len(self.items)

    @property
    def pages(self) -> int:
        """This will be the number of the last page that is known to exist."""
        counted = max(1, -(-self.total // self.size))
        return max(counted, self.number + self.has_next)

    @property
    def previous_url(self) -> str:
        """This will be the address of the page before, or empty on the first."""
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """This will be the address of the page after, or empty on the last."""
        return self.url(self.number + 1) if self.has_next else ""

    @property
    def links(self) -> list[Link]:
        """This will be the pages worth a link: first, last, the current one and its neighbours, with gaps between."""
        wanted = {1, self.pages, *range(self.number - _AROUND, self.number + _AROUND + 1)}
        numbers = sorted(n for n in wanted if 1 <= n <= self.pages)
        links: list[Link] = []
        for number in numbers:
            if links and number - links[-1].number == 2:
                links.append(self._link(number - 1))
            elif links and number - links[-1].number > 2:
                links.append(Link(0, "", False))
            links.append(self._link(number))
        return links

    def _link(self, number: int) -> Link:
        return Link(number, self.url(number), number == self.number)

    def url(self, number: int) -> str:
        """This will be the address of a page of the same list: same filter, same order."""
        query = self._query.copy()
        query.pop("page", None)
        if number > 1:
            query["page"] = str(number)
        return f"?{query.urlencode()}"


def paginate(rows: QuerySet[Any] | Sequence[Any], request: HttpRequest, size: int = SIZE) -> Page:
    """This will cut the page that `?page=` asks for out of ordered rows, with two queries.

    Anything that is not a page number means the first page; a number past the end means the last page.
    """
    number = _number(request.GET.get("page", ""))
    total, capped = _count(rows)
    if not capped:
        number = min(number, max(1, -(-total // size)))
    items = list(rows[(number - 1) * size : number * size + 1])
    if not items and number > 1:
        # Past the end of a list that was not counted to its end.
        return _page(rows, request, max(1, -(-_full_count(rows) // size)), size, total, capped)
    return Page(items[:size], number, size, total, capped, len(items) > size, request.GET)


def _page(rows: Any, request: HttpRequest, number: int, size: int, total: int, capped: bool) -> Page:
    items = list(rows[(number - 1) * size : number * size + 1])
    return Page(items[:size], number, size, total, capped, len(items) > size, request.GET)


def _number(text: str) -> int:
    # Longer figures are no page of anything, and the database's integers end there.
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _count(rows: QuerySet[Any] | Sequence[Any]) -> tuple[int, bool]:
    unordered = rows.order_by() if isinstance(rows, QuerySet) else rows
    sample = unordered[: COUNT_LIMIT + 1]
    count = sample.count() if isinstance(sample, QuerySet) else len(sample)
    return min(count, COUNT_LIMIT), count > COUNT_LIMIT


def _full_count(rows: QuerySet[Any] | Sequence[Any]) -> int:
    return rows.count() if isinstance(rows, QuerySet) else len(rows)
