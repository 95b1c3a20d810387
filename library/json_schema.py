"""The JSON Schema of the definition format, for editors and other programs; docs/ has it as a file.

Made of the same models that read definitions, so it cannot say anything else. It describes the shape; what must hold
between the parts (keys that exist, scales that fit) only `document.parse` can tell.
"""

import json
from typing import Any

from library.document import DefinitionDocument
from library.scoring.rules import RULES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """This will return the schema (JSON Schema 2020-12) of a definition file, the options of every rule included."""
    schema = DefinitionDocument.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    score = definitions["Score"]
    score["properties"]["rule"]["enum"] = sorted(RULES)
    score["allOf"] = [_options_of(name, definitions) for name in sorted(RULES)]
    return {
        "$schema": DIALECT,
        "$id": "portal-definition-1.schema.json",
        **schema,
        "title": "portal-definition/1",
        "description": "What can be assessed: questions, how answers become scores, and how scores are read.",
        "$defs": dict(sorted(definitions.items())),
    }


def as_json() -> str:
    """This will write the schema the way it stands in docs/."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def _options_of(rule: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """Which options a score may have depends on its rule."""
    options = RULES[rule].options.model_json_schema(by_alias=True)
    definitions |= options.pop("$defs", {})
    options.pop("title", None)
    # A rule without options of its own shares the description of all of them, which says nothing here.
    if not options.get("properties"):
        options.pop("description", None)
    then: dict[str, Any] = {"properties": {"options": options}}
    if options.get("required"):
        then["required"] = ["options"]
    return {"if": {"properties": {"rule": {"const": rule}}, "required": ["rule"]}, "then": then}
