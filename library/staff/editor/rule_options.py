"""The options of a scoring rule in a form: fields made from the model of the rule's options."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from library.authoring.scoring_words import OptionField, option_fields
from library.document import Score
from library.scoring.rules import RULES

from .typed_fields import Reading, next_id, number, percent_of, plain, row_ids

MOST_CELLS = 20


def options_of_form(fields: QueryDict, rule: str) -> dict[str, Any]:
    known = option_fields(RULES[rule]) if rule in RULES else []
    return {one.name: _option_of_form(fields, one) for one in known}


def _option_of_form(fields: QueryDict, one: OptionField) -> Any:
    name = f"option-{one.name}"
    if one.kind == "check":
        return name in fields
    if one.kind == "numbers":
        return tuple(str(given) for given in fields.getlist(name))[:MOST_CELLS]
    if one.kind == "grid":
        rows = [number for number in range(MOST_CELLS) if f"{name}-{number}" in fields]
        return tuple(tuple(str(given) for given in fields.getlist(f"{name}-{row}"))[:MOST_CELLS] for row in rows)
    if one.kind != "table":
        return str(fields.get(name, ""))
    return {
        given: {column.name: str(fields.get(f"{name}-{given}-{column.name}", "")) for column in one.columns}
        for given in row_ids(fields, f"{name}-row", 50)
    }


def options_of_score(score: Score) -> dict[str, Any]:
    rule = RULES.get(score.rule)
    known = option_fields(rule) if rule else []
    return {one.name: _written_option(one, score.options.get(one.name, one.default)) for one in known}


def _written_option(one: OptionField, value: Any) -> Any:
    if one.kind == "check":
        return bool(value)
    if one.kind == "numbers":
        return tuple(plain(given) for given in value or ())
    if one.kind == "grid":
        return tuple(tuple(plain(given) for given in row) for row in value or ())
    if one.kind != "table":
        return written_cell(one, value)
    return {
        str(at): {column.name: written_cell(column, row.get(column.name, column.default)) for column in one.columns}
        for at, row in enumerate(value or ())
    }


def written_cell(one: OptionField, value: Any) -> str:
    if one.kind == "percent":
        return percent_of(value)
    return plain(value) if isinstance(value, int | float) else str(value or "")


def options_after(options: Mapping[str, Any], doing: str) -> dict[str, Any]:
    verb, _colon, rest = doing.partition(":")
    name, _colon, given = rest.partition(":")
    if verb in ("add", "remove") and name in ("rows", "columns") and isinstance(options.get("values"), tuple):
        return grid_after(options, verb, name, given)
    rows = dict(options.get(name) or {})
    if verb == "add":
        rows[next_id(rows)] = {}
    elif verb == "remove":
        rows.pop(given, None)
    return {**options, name: rows}


def built_options(
    rule_name: str, options: Mapping[str, Any], reading: Reading, places: dict[str, str]
) -> dict[str, Any]:
    rule = RULES.get(rule_name)
    if rule is None:
        reading.missing["rule"] = _("Choose a rule.")
        return {}
    data: dict[str, Any] = {}
    for one in option_fields(rule):
        name = f"option-{one.name}"
        places[f"options.{one.name}"] = name
        if one.kind in ("numbers", "grid"):
            data[one.name] = _built_numbers(one, options.get(one.name) or (), reading)
            continue
        if one.kind == "table":
            data[one.name] = _built_table(one, options.get(one.name) or {}, reading, places)
            continue
        given = options.get(one.name)
        value = one.default if given is None else _built_cell(one, given, name, reading)
        if value is not None and value != one.default:
            data[one.name] = value
        elif value is None and one.required and name not in reading.errors:
            reading.missing[name] = _("Enter a number.")
    return data


def _built_cell(one: OptionField, given: Any, name: str, reading: Reading) -> Any:
    if one.kind == "check":
        return bool(given)
    if one.kind == "text":
        return str(given).strip()
    value = reading.value(name, lambda: number(str(given)))
    return value / 100 if value is not None and one.kind == "percent" else value


def _built_table(
    one: OptionField, rows: Mapping[str, Mapping[str, str]], reading: Reading, places: dict[str, str]
) -> list[dict[str, Any]]:
    name, made = f"option-{one.name}", []
    if not rows:
        reading.missing[name] = _("Add at least one row.")
    for at, (given, cells) in enumerate(rows.items()):
        row = {}
        places[f"options.{one.name}[{at}]"] = f"{name}-{given}-{one.columns[0].name}"
        for column in one.columns:
            cell = f"{name}-{given}-{column.name}"
            places[f"options.{one.name}[{at}].{column.name}"] = cell
            value = _built_cell(column, cells.get(column.name, ""), cell, reading)
            if value not in (None, ""):
                row[column.name] = value
            elif column.required and cell not in reading.errors:
                reading.missing[cell] = _("Enter a number.")
        made.append(row)
    return made


def blank_grid(options: Mapping[str, Any]) -> dict[str, tuple]:
    """This will return rows, columns and values of a grid, each row as long as there are columns; two by two at first."""
    rows, columns = (tuple(options.get(name) or ("", "")) for name in ("rows", "columns"))
    values = tuple(options.get("values") or ())
    filled = [(*(values[row] if row < len(values) else ()), *[""] * len(columns))[: len(columns)] for row in range(len(rows))]  # fmt: skip
    return {"rows": rows, "columns": columns, "values": tuple(filled)}


def grid_after(options: Mapping[str, Any], verb: str, name: str, given: str) -> dict[str, Any]:
    """This will add a row or column to a grid, or take one out with its values."""
    grid = blank_grid(options)
    if verb == "add" and len(grid[name]) < MOST_CELLS:
        grid[name] = (*grid[name], "")
    elif verb == "remove" and given.isdigit() and len(grid[name]) > 1:
        at = int(given)
        grid[name] = _without_place(grid[name], at)
        values = _without_place(grid["values"], at) if name == "rows" else tuple(_without_place(row, at) for row in grid["values"])  # fmt: skip
        grid["values"] = values
    return {**options, **blank_grid(grid)}


def _without_place(items: tuple, at: int) -> tuple:
    return tuple(item for place, item in enumerate(items) if place != at)


def _built_numbers(one: OptionField, typed: tuple, reading: Reading) -> list[Any]:
    name = f"option-{one.name}"
    if not typed:
        reading.missing[name] = _("Enter the numbers.")
        return []
    made: list[Any] = []
    for at, given in enumerate(typed):
        at_cell = f"{name}-{at}"
        if isinstance(given, tuple):
            made.append([_built_number(cell, f"{at_cell}-{nth}", reading) for nth, cell in enumerate(given)])
        else:
            made.append(_built_number(given, at_cell, reading))
    return made


def _built_number(given: str, name: str, reading: Reading) -> Any:
    return reading.value(name, lambda: number(given), _("Enter a number."))
