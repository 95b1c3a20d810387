"""Turning pydantic's errors into problems an author of a definition understands."""

import difflib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from library.problems import Problem, place

MOST_PROBLEMS = 100


def problems_of(error: ValidationError, model: type[BaseModel], *where: Any) -> list[Problem]:
    """This will list the problems of a failed validation of `model`, each placed below the path `where`.

    At most 100, so that a file that is wrong throughout does not become a wall of text.
    """
    # When entries of a list are wrong, pydantic adds that too few right ones are left: no news to anybody.
    found = [item for item in error.errors(include_url=False) if not (item["type"] == "too_short" and item["input"])]
    found = found[:MOST_PROBLEMS]
    return [Problem(place(*where, *_location(item)), _message(item, model)) for item in found]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """This will return “; did you mean “…”?” when a known word is close, else nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return _("; did you mean “%(word)s”?") % {"word": close[0]} if close else ""


def _location(item: Any) -> tuple[Any, ...]:
    # A problem with a mapping's key is reported as (…, the key, "[key]"); the marker means nothing to a reader. The
    # members of a JSON value's union add the name of their type.
    return tuple(
        part for part in item["loc"] if part not in ("[key]", "json-or-python[json=list[any],python=list[any]]")
    )


def _message(item: Any, model: type[BaseModel]) -> str:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "extra_forbidden":
        name = place(item["loc"][-1])
        return _("is not a field that can stand here") + did_you_mean(name, _field_names(model) - {name})
    if kind == "value_error":
        return str(context["error"])
    write = MESSAGES.get(kind)
    return write(item, context) if write else item["msg"]


@cache
def _field_names(model: type[BaseModel]) -> frozenset[str]:
    """All field names of the format, as files write them; close enough for a suggestion at any place."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return frozenset(name for part in parts for name in part.get("properties", ()))


def _wrong_type(expected: Callable[[], str]) -> Callable[[Any, Any], str]:
    def write(item: Any, context: Any) -> str:
        value = item.get("input")
        message = _("must be %(expected)s, not %(found)s") % {"expected": expected(), "found": _shown(value)}
        if item["type"] == "string_type" and isinstance(value, bool | int | float):
            message += _("; put it in quotes if it is meant as text")
        return message

    return write


def _shown(value: Any) -> str:
    if value is None:
        return _("empty")
    if isinstance(value, dict):
        return _("a mapping")
    if isinstance(value, list | tuple):
        return _("a list")
    shown = str(value) if not isinstance(value, str) else f"“{value}”"
    shown = shown.encode("utf-8", "replace").decode("utf-8")
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def _one_of(item: Any, context: Any) -> str:
    expected = str(context.get("expected", "")).replace(" or ", ", ")
    known = [word.strip().strip("'") for word in expected.split(",")]
    suggestion = did_you_mean(item["input"], known) if isinstance(item["input"], str) else ""
    return (
        _("%(found)s is not known; it must be one of %(known)s")
        % {
            "found": _shown(item["input"]),
            "known": ", ".join(known),
        }
        + suggestion
    )


MESSAGES: dict[str, Callable[[Any, Any], str]] = {
    "missing": lambda item, context: _("is missing"),
    "literal_error": _one_of,
    "string_type": _wrong_type(lambda: _("text")),
    "string_unicode": lambda item, context: _("holds half of a character (a lone surrogate), which is not text"),
    "float_type": _wrong_type(lambda: _("a number")),
    "int_type": _wrong_type(lambda: _("a whole number")),
    "int_from_float": _wrong_type(lambda: _("a whole number")),
    "bool_type": _wrong_type(lambda: _("true or false")),
    "tuple_type": _wrong_type(lambda: _("a list")),
    "dict_type": _wrong_type(lambda: _("a mapping")),
    "model_type": _wrong_type(lambda: _("a mapping")),
    "model_attributes_type": _wrong_type(lambda: _("a mapping")),
    "finite_number": lambda item, context: _("must be a finite number"),
    "greater_than_equal": lambda item, context: _("must be at least %(limit)s") % {"limit": f"{context['ge']:,.10g}"},
    "less_than_equal": lambda item, context: _("must be at most %(limit)s") % {"limit": f"{context['le']:,.10g}"},
    "string_too_short": lambda item, context: _("must not be empty"),
    "string_too_long": lambda item, context: (
        _("is longer than %(limit)s characters") % {"limit": f"{context['max_length']:,}"}
    ),
    "too_short": lambda item, context: _("must not be empty"),
    "too_long": lambda item, context: _("has more than %(limit)s entries") % {"limit": f"{context['max_length']:,}"},
    "string_pattern_mismatch": lambda item, context: _pattern_message(item, context),
    "recursion_loop": lambda item, context: _("is nested too deeply"),
}


def _pattern_message(item: Any, context: Any) -> str:
    if context.get("pattern") == r"\S":
        return _("must not be empty")
    if context.get("pattern", "").startswith("^[A-Za-z0-9]["):
        return _(
            "%(found)s is not a key: use letters a–z, digits, “.”, “-” and “_”, starting with a letter or digit"
        ) % {"found": _shown(item["input"])}
    return _("%(found)s does not have the form this field needs") % {"found": _shown(item["input"])}
