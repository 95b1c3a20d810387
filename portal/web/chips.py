"""A list's filter as chips: each says what is left out of the list, and its cross takes that back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set: "Industry: Health care". `url` is the list without it."""

    label: str
    value: str
    url: str


def chips(query: QueryDict, chosen: Iterable[tuple[str, str, str]]) -> list[Chip]:
    """This will make the chips of what is chosen: (name in the address, label, value in words); no value, no chip."""
    return [Chip(str(label), str(value), without(query, name)) for name, label, value in chosen if value]


def without(query: QueryDict, *names: str) -> str:
    """This will return the address of the list without these filters, on its first page."""
    address = query.copy()
    for name in (*names, "page"):
        address.pop(name, None)
    return f"?{address.urlencode()}"


def with_view(query: QueryDict, view: str, default: str = "all") -> str:
    """This will return the address of one of the list's ready-made views; the rest of the filter is kept."""
    address = query.copy()
    for name in ("page", "view"):
        address.pop(name, None)
    if view != default:
        address["view"] = view
    return f"?{address.urlencode()}"
