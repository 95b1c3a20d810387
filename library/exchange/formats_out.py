"""The formats a definition is written in. The same version always gives the same bytes."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from library.document import DefinitionDocument
from library.exchange import sheets_out, surveyjs, yaml_out
from library.exchange.report import Line
from library.json_schema import as_json

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json; charset=utf-8"
# What no file system and no header takes, and what could be taken for a path or an option.
UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")
# Names Windows keeps for devices, whatever follows the dot.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a definition. `is_whole` when importing it again gives the same definition."""

    label: Any
    note: Any
    ending: str
    content_type: str
    icon: str
    is_whole: bool
    write: Callable[[DefinitionDocument], bytes]


def _json(document: DefinitionDocument) -> bytes:
    return document.to_json().encode()


def _yaml(document: DefinitionDocument) -> bytes:
    return yaml_out.write(document.to_data()).encode()


def _surveyjs(document: DefinitionDocument) -> bytes:
    content, _lines = surveyjs.export(document)
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _schema(_document: DefinitionDocument) -> bytes:
    return as_json().encode()


def surveyjs_left_out(document: DefinitionDocument) -> list[Line]:
    """This will list what SurveyJS has no place for, or has another form for."""
    return [line for line in surveyjs.export(document)[1] if line.verdict != "taken"]


FORMATS: Mapping[str, Format] = {
    "json": Format(
        gettext_lazy("JSON"),
        gettext_lazy("Our own format, whole. For keeping, comparing and moving a definition."),
        "json", JSON, "braces", True, _json,
    ),
    "yaml": Format(
        gettext_lazy("YAML"),
        gettext_lazy("Our own format, whole, easier to read and to edit by hand."),
        "yaml", "application/yaml; charset=utf-8", "file-text", True, _yaml,
    ),
    "xlsx": Format(
        gettext_lazy("Excel workbook"),
        gettext_lazy("Whole as well: questions, options, scoring, zones and tests on sheets of their own."),
        "xlsx", XLSX, "table", True, sheets_out.workbook_of,
    ),
    "surveyjs": Format(
        gettext_lazy("SurveyJS"),
        gettext_lazy("For the form libraries of SurveyJS. Its format has no scoring of the kind used here."),
        "surveyjs.json", JSON, "forms", False, _surveyjs,
    ),
    "schema": Format(
        gettext_lazy("JSON Schema"),
        gettext_lazy("Describes our own format, so that editors and programs can check a file."),
        "schema.json", JSON, "file-code", False, _schema,
    ),
}  # fmt: skip


def file_name(name: str, ending: str) -> str:
    """This will name a download, safe for every file system and header: “Vendor: a/b” becomes “Vendor-a-b.csv”."""
    plain = " ".join(UNSAFE.sub(" ", name).split()).strip(". -")[:100].rstrip(". -")
    if not plain or DEVICES.match(plain):
        plain = f"definition {plain}".strip()
    return f"{plain.replace(' ', '-')}.{ending}"
