"""Column headings that sort: the order is in the address, so it can be shared and works without JavaScript."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a click on a column's heading leads, and how the rows are sorted by it now."""

    url: str
    direction: Literal["ascending", "descending", "none"]


def headings(query: QueryDict, current: str, columns: Iterable[str]) -> dict[str, Heading]:
    """This will make a heading of each column: {name: Heading}.

    A column is written as its first click sorts: "name" rising, "-updated" falling; the next click turns it around.
    """
    return {column.lstrip("-"): _heading(query, current, column) for column in columns}


def _heading(query: QueryDict, current: str, column: str) -> Heading:
    name = column.lstrip("-")
    turned = name if column.startswith("-") else f"-{name}"
    address = query.copy()
    address.pop("page", None)
    address["sort"] = turned if current == column else column
    if current.lstrip("-") != name:
        return Heading(f"?{address.urlencode()}", "none")
    return Heading(f"?{address.urlencode()}", "descending" if current.startswith("-") else "ascending")
