"""Rows of a form that come and go: the options of a choice, the rows of a matrix, the bands of a number."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from library.drafting import fresh, pasting

from .typed_fields import Reading, number, plain

_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,159}$")
_FIELDS = {"option": "options", "row": "rows", "band": "bands"}
_NUMBERS = ("value", "from")
_FLAGS = ("exclusive",)

# A row as it is typed: its id (a key of the document, or a number where rows have no keys) and a text per column.
type Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Table:
    """What kind of rows: the name of their hidden field, their columns, and whether each has a key of its own."""

    name: str
    columns: tuple[str, ...]
    is_keyed: bool = True

    def typed(self, entries: Iterable[Mapping[str, Any]]) -> Rows:
        """This will write stored entries the way they are typed."""
        return [
            {
                "id": str(entry["key"]) if self.is_keyed else str(at),
                **{name: _text(name, entry) for name in self.columns},
            }
            for at, entry in enumerate(entries)
        ]

    def read(self, fields: QueryDict) -> Rows:
        """This will read the rows a form sent, each once, in the order of their hidden fields."""
        ids = dict.fromkeys(given for given in fields.getlist(self.name) if _ID.match(given))
        return [
            {"id": given, **{name: fields.get(f"{self.name}-{given}-{name}", "") for name in self.columns}}
            for given in list(ids)[: pasting.MOST]
        ]

    def built(self, rows: Rows, reading: Reading) -> list[dict[str, Any]]:
        """This will read rows as entries of the document; mistakes are noted under `<name>-<id>-<column>`."""
        made = []
        for row in rows:
            entry: dict[str, Any] = {"key": row["id"]} if self.is_keyed else {}
            for column in self.columns:
                at, text = f"{self.name}-{row['id']}-{column}", row.get(column, "").strip()
                if column in _FLAGS:
                    value: Any = bool(text) or None
                elif column in _NUMBERS:
                    value = reading.value(at, partial(number, text))
                else:
                    value = text.replace("\r\n", "\n") or None
                if value is not None:
                    entry[column] = value
            if "text" in self.columns and "text" not in entry:
                reading.errors[f"{self.name}-{row['id']}-text"] = _("Enter some words, or remove it.")
            if self.name == "band" and "value" not in entry:
                # One types the score after the figure: until then the band is left out, and says so.
                if entry:
                    reading.missing[f"band-{row['id']}-value"] = _("Left out until it has a score.")
                continue
            made.append(entry)
        return made

    def done(self, rows: Rows, what: str, key: str) -> tuple[Rows, str]:
        """This will add, remove or move a row; with the id of the row where typing goes on, "" for none."""
        at = next((place for place, row in enumerate(rows) if row["id"] == key), None)
        changed = list(rows)
        if what == "add":
            made = self._new(rows)
            changed.insert(len(changed) if at is None else at + 1, made)
            return changed, made["id"]
        if at is None:
            return rows, ""
        if what == "remove":
            del changed[at]
        elif what == "up" and at > 0:
            changed[at - 1 : at + 1] = [rows[at], rows[at - 1]]
        elif what == "down" and at < len(rows) - 1:
            changed[at : at + 2] = [rows[at + 1], rows[at]]
        return changed, ""

    def with_entries(self, rows: Rows, entries: Iterable[Mapping[str, str]]) -> Rows:
        """This will add entries as rows at the end, with keys nothing else has; a known text keeps its row."""
        changed = list(rows)
        known = {row["text"].strip() for row in rows}
        for entry in entries:
            if entry["text"] in known or len(changed) >= pasting.MOST:
                continue
            key = fresh.option([{"key": row["id"]} for row in changed], entry["text"])["key"]
            changed.append({"id": key, **{name: entry.get(name, "") for name in self.columns}})
        return changed

    def field_at(self, place: str, rows: Rows) -> str:
        """This will name the field a place of the document means: `options[2].text`; "" when it is none of ours."""
        found = re.match(rf"{_FIELDS[self.name]}\[(\d+)\](?:\.(\w+))?", place)
        if not found or int(found[1]) >= len(rows):
            return ""
        column = found[2] if found[2] in self.columns else self.columns[0]
        return f"{self.name}-{rows[int(found[1])]['id']}-{column}"

    def in_words(self, row: Mapping[str, str]) -> str:
        """This will write a row on one line: “Always = 3”."""
        if not self.is_keyed:
            return " → ".join(filter(None, (row.get("from", ""), row.get("value", ""), row.get("label", ""))))
        return f"{row['text']} = {row['value']}" if row.get("value") else row["text"]

    def _new(self, rows: Rows) -> dict[str, str]:
        blank = dict.fromkeys(self.columns, "")
        if not self.is_keyed:
            return {**blank, "id": str(max((int(row["id"]) for row in rows if row["id"].isdigit()), default=-1) + 1)}
        words = (_("Option %(number)s") if self.name == "option" else _("Row %(number)s")) % {"number": len(rows) + 1}
        key = fresh.option([{"key": row["id"]} for row in rows], words)["key"]
        return {**blank, "id": key, "text": words}


def drawn_rows(
    table: Table, rows: Rows, errors: Mapping[str, str], focus: str, todo: Mapping[str, str]
) -> list[dict[str, Any]]:
    """This will draw rows: each with its columns' names, texts and mistakes."""
    last = len(rows) - 1
    return [
        {
            "id": row["id"],
            "number": at + 1,
            "is_first": at == 0,
            "is_last": at == last,
            "is_new": row["id"] == focus,
            **{name: row.get(name, "") for name in table.columns},
            "todo": next(
                (
                    todo[f"{table.name}-{row['id']}-{name}"]
                    for name in table.columns
                    if f"{table.name}-{row['id']}-{name}" in todo
                ),
                "",
            ),
            "errors": [
                (column, errors[f"{table.name}-{row['id']}-{column}"])
                for column in table.columns
                if f"{table.name}-{row['id']}-{column}" in errors
            ],
        }
        for at, row in enumerate(rows)
    ]


def _text(name: str, entry: Mapping[str, Any]) -> str:
    value = entry.get(name)
    if name in _FLAGS:
        return "on" if value else ""
    return plain(value) if name in _NUMBERS else str(value or "")
