"""The JSON Schema of the format: the file in docs/ is current, definitions fit it, mistakes do not."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from library.document import parse
from library.json_schema import as_json, json_schema
from library.management.commands.write_definition_schema import PLACE
from library.reading import read
from library.scoring.rules import RULES
from tests.library.test_document import VALID

DEMO = sorted((Path(__file__).parents[2] / "portal" / "demo" / "definitions").glob("*.yaml"))


def mistakes(value: Any, schema: dict[str, Any], whole: dict[str, Any], where: str = "") -> Iterator[str]:
    """This will yield the places at which a value breaks a schema: of the words of JSON Schema those used here."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        yield from mistakes(value, whole["$defs"][name], whole, where)
        return
    kinds = {
        "string": str,
        "object": dict,
        "array": list,
        "boolean": bool,
        "null": type(None),
        "number": (int, float),
        "integer": int,
    }
    kind = schema.get("type")
    if kind and (not isinstance(value, kinds[kind]) or (kind in ("number", "integer") and isinstance(value, bool))):
        yield f"{where}: not {kind}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{where}: not {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: not one of those known"
    if "anyOf" in schema and all(list(mistakes(value, part, whole, where)) for part in schema["anyOf"]):
        yield from mistakes(value, schema["anyOf"][0], whole, where)
    for part in schema.get("allOf", ()):
        if not list(mistakes(value, part["if"], whole, where)):
            yield from mistakes(value, part["then"], whole, where)
    if isinstance(value, str):
        fits = len(value) >= schema.get("minLength", 0) and len(value) <= schema.get("maxLength", 10**9)
        if not fits or not re.search(schema.get("pattern", ""), value):
            yield f"{where}: text does not fit"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if not schema.get("minimum", -1e300) <= value <= schema.get("maximum", 1e300):
            yield f"{where}: number does not fit"
        if value <= schema.get("exclusiveMinimum", -1e300):
            yield f"{where}: number too small"
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9):
            yield f"{where}: list does not fit"
        for at, item in enumerate(value):
            yield from mistakes(item, schema.get("items", {}), whole, f"{where}[{at}]")
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{where}.{name}: missing"
        for name, item in value.items():
            rest = schema.get("additionalProperties", {})
            if name not in known and rest is False:
                yield f"{where}.{name}: unknown"
                continue
            inner = known.get(name, rest if isinstance(rest, dict) else {})
            yield from mistakes(item, inner, whole, f"{where}.{name}")


def test_the_file_is_current() -> None:
    assert PLACE.read_text(encoding="utf-8") == as_json(), "run manage.py write_definition_schema"
    assert json.loads(as_json())["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_reference_can_be_followed() -> None:
    schema = json_schema()
    wanted = set(re.findall(r'"#/\$defs/([^"]+)"', as_json()))
    assert wanted <= schema["$defs"].keys()
    assert schema["$defs"]["Score"]["properties"]["rule"]["enum"] == sorted(RULES)


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_the_demo_definitions_fit_it(path: Path) -> None:
    schema = json_schema()
    data = read(path.read_bytes(), path.name)
    assert list(mistakes(data, schema, schema)) == []
    assert list(mistakes(parse(data).to_data(), schema, schema)) == []


def test_the_example_of_the_documentation_fits_it() -> None:
    text = (PLACE.parent / "definition-format.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    schema = json_schema()
    data = read(example.encode(), "example.yaml")
    assert list(mistakes(data, schema, schema)) == []
    assert parse(data).question_count == 2


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda data: data.pop("name"), ".name: missing"),
        (lambda data: data.update(titel="x"), ".titel: unknown"),
        (lambda data: data.update(key="no spaces"), ".key: text does not fit"),
        (lambda data: data["sections"][0]["questions"][0].update(type="signature"), "type: not one of those known"),
        (lambda data: data["scoring"]["scores"][0].update(rule="average"), ".rule: not one of those known"),
        (lambda data: data["scoring"]["scores"][0].update(rule="subtractive"), "scores[0].options: missing"),
        (lambda data: data["scoring"]["scores"][0].update(options={"reach": 1}), "options.reach: unknown"),
    ],
)
def test_it_refuses_mistakes_of_shape(change: Any, place: str) -> None:
    data = copy.deepcopy(VALID)
    schema = json_schema()
    assert list(mistakes(data, schema, schema)) == []
    change(data)
    assert any(place in mistake for mistake in mistakes(data, schema, schema))
