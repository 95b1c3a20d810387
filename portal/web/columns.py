"""Columns of a list that a person chooses. The choice stands in the address (`?col=…&col=…`), as filters and order do: a
saved view keeps it, a link shares it, and it is sent without JavaScript."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from .chips import without
from .sorting import Heading, headings

PARAMETER = "col"
# In the address of a file: its columns are those shown, not all.
SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Column:
    """One column a list can show. `sort` is how the first click on its heading sorts, "" when none does; `css` is of
    heading and cell, `cell` of the cell alone. A standard column is shown to who has not chosen."""

    key: str
    label: str
    sort: str = ""
    css: str = ""
    cell: str = "cell-detail"
    is_standard: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading as a table draws it; `sorting` where it sorts."""

    label: str
    css: str
    sorting: Heading | None


@dataclass(frozen=True)
class Choice:
    """The columns of a list as its address says it. The first of those offered is always shown."""

    query: QueryDict
    offered: Sequence[Column]
    shown: Sequence[Column]
    is_own: bool

    @property
    def first(self) -> Column:
        """This will be the column that is always shown: it says which row it is."""
        return self.offered[0]

    @property
    def keys(self) -> frozenset[str]:
        """This will be the keys of the columns shown."""
        return frozenset(column.key for column in self.shown)

    @property
    def carried(self) -> list[str]:
        """This will be what another form of the page sends along so that the choice stays; nothing without a choice."""
        return [column.key for column in self.shown] if self.is_own else []

    @property
    def boxes(self) -> list[tuple[Column, bool]]:
        """This will be what is asked: each column that can be left out, and whether it is shown."""
        return [(column, column.key in self.keys) for column in self.offered[1:]]

    @property
    def others(self) -> list[tuple[str, str]]:
        """This will be the rest of the address, which choosing columns leaves as it is: (name, value)."""
        return [
            (name, value)
            for name, values in self.query.lists()
            if name not in (PARAMETER, "page")
            for value in values
            if value
        ]

    @property
    def standard_url(self) -> str:
        """This will be the address of the same list with the standard columns."""
        return without(self.query, PARAMETER)

    def heads(self, order: str) -> list[Head]:
        """This will be the headings of the columns shown; `order` is the list's present one."""
        sorting = headings(self.query, order, [column.sort for column in self.shown if column.sort])
        return [Head(one.label, one.css, sorting.get(one.sort.lstrip("-"))) for one in self.shown]

    def cells(self, row: Any, write: Mapping[str, Callable[[Any], Any]]) -> SafeString:
        """This will write a row's cells, the first column's apart, which a list draws itself."""
        return format_html_join(
            "",
            '<td class="{}" data-label="{}">{}</td>',
            ((f"{one.cell} {one.css}".strip(), one.label, write[one.key](row)) for one in self.shown[1:]),
        )


def chosen(offered: Sequence[Column], query: QueryDict) -> Choice:
    """This will read which columns are shown. Nothing chosen, or nothing that is known, means the standard ones."""
    first, *others = offered
    standard = [first, *(column for column in others if column.is_standard)]
    asked = set(query.getlist(PARAMETER))
    shown = [column for column in offered if column.key in asked or column is first]
    if not asked & {column.key for column in offered} or shown == standard:
        return Choice(query, offered, standard, is_own=False)
    return Choice(query, offered, [_insisted(column) for column in shown], is_own=True)


def _insisted(column: Column) -> Column:
    """What somebody asked for is shown on a narrow screen too, where a standard column gives way."""
    css = " ".join(name for name in column.css.split() if name != "col-wide")
    return replace(column, css=css, cell=column.cell.replace("cell-detail", "cell-labelled"))


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of a file of the list; `key` is that of the list's column it belongs to, "" where there is none."""

    key: str
    heading: Any
    write: Callable[[Any], Any]


def sheet_of(columns: Iterable[SheetColumn], choice: Choice) -> list[SheetColumn]:
    """This will return the columns of a file: all of them, or with `?columns=shown` those of the list's choice."""
    if choice.query.get("columns") != SHOWN:
        return list(columns)
    return [column for column in columns if column.key in choice.keys]
