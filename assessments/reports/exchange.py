"""Report templates as files: `portal-report-template/1`, JSON. Read as a list of errors first, never half."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import ReportKind, ReportTemplate

from . import checks
from .sections import KINDS, LONGEST_TITLE, MOST_SECTIONS, NEW_PAGE, Choice, new

FORMAT = "portal-report-template/1"
LARGEST_FILE = 1_000_000
_FIELDS = {"format", "name", "description", "kind", "sections"}
_SECTION_FIELDS = {"kind", "title", "text", "options"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds, ready to become a template. `warnings` do not stand in the way."""

    name: str
    description: str
    kind: str
    sections: tuple[dict[str, Any], ...]
    warnings: list[str] = field(default_factory=list)


class Unreadable(Exception):
    """The file cannot be taken: `errors`, each with its place in the file."""

    def __init__(self, errors: list[str]) -> None:
        self.errors = errors
        super().__init__("; ".join(errors[:3]))


def as_data(template: ReportTemplate) -> dict[str, Any]:
    """This will write a template as plain data: the same template gives the same bytes."""
    return {
        "format": FORMAT,
        "name": template.name,
        "description": template.description,
        "kind": template.kind,
        "sections": [
            {
                "kind": section["kind"],
                "title": section["title"],
                "text": section["text"],
                "options": dict(sorted(section["options"].items())),
            }
            for section in template.sections
        ],
    }


def as_json(template: ReportTemplate) -> str:
    """This will write a template as a file."""
    return json.dumps(as_data(template), indent=2, ensure_ascii=False) + "\n"


def read(content: bytes) -> Imported:
    """This will read a file. Raises Unreadable with everything that is wrong with it."""
    data = _json(content)
    errors: list[str] = []
    if data.get("format") != FORMAT:
        raise Unreadable([_("This is no file of the format %(format)s.") % {"format": FORMAT}])
    errors += [_("There is no field “%(name)s”.") % {"name": name} for name in sorted(set(data) - _FIELDS)]
    name, description = _text(data, "name", 120, errors, ""), _text(data, "description", 300, errors, "")
    if not name.strip():
        errors.append(_("name: the template has no name."))
    kind = data.get("kind", ReportKind.CUSTOM)
    if kind not in ReportKind.values:
        errors.append(_("kind: must be one of %(kinds)s.") % {"kinds": ", ".join(ReportKind.values)})
    sections, warnings = _sections(data.get("sections"), errors)
    if errors:
        raise Unreadable(errors)
    return Imported(name.strip(), description.strip(), kind, tuple(sections), warnings)


def _json(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST_FILE:
        raise Unreadable([_("The file is larger than 1 MB.")])
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable([_("The file is not written in UTF-8.")]) from None
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise Unreadable([_("Line %(line)s, column %(column)s: this is no JSON.") % place]) from None
    except (ValueError, RecursionError):
        raise Unreadable([_("The file cannot be read.")]) from None
    if not isinstance(data, dict):
        raise Unreadable([_("This is no file of the format %(format)s.") % {"format": FORMAT}])
    return data


def _sections(given: Any, errors: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    if not isinstance(given, list) or not given:
        errors.append(_("sections: there must be at least one section."))
        return [], []
    if len(given) > MOST_SECTIONS:
        errors.append(_("sections: at most %(most)s sections.") % {"most": MOST_SECTIONS})
        return [], []
    found, warnings = [], []
    for place, one in enumerate(given, start=1):
        section = _section(one, place, errors)
        if section is not None:
            found.append(section)
            said = [f"{_at(place)}{problem.field}: {problem}" if problem.field else f"{_at(place)}{problem}"
                    for problem in checks.problems_of_section(section)]  # fmt: skip
            # It is taken in inactive: what has to be mended can be mended in the editor.
            warnings += said
    return found, warnings


def _section(given: Any, place: int, errors: list[str]) -> dict[str, Any] | None:
    at = _at(place)
    if not isinstance(given, dict) or given.get("kind") not in KINDS:
        errors.append(at + _("kind must be one of %(kinds)s.") % {"kinds": ", ".join(KINDS)})
        return None
    errors += [
        at + _("there is no field “%(name)s”.") % {"name": name} for name in sorted(set(given) - _SECTION_FIELDS)
    ]
    title, text = _text(given, "title", LONGEST_TITLE, errors, at), _text(given, "text", 10_000, errors, at)
    options = given.get("options", {})
    if not isinstance(options, dict):
        errors.append(at + _("options must be an object."))
        return None
    choices = {choice.key: choice for choice in (*KINDS[given["kind"]].choices, NEW_PAGE)}
    for key, value in options.items():
        if key not in choices:
            errors.append(at + _("there is no option “%(name)s”.") % {"name": key[:60]})
        elif not _fits(choices[key], value):
            errors.append(at + _("the option “%(name)s” cannot be that.") % {"name": key})
    return new(given["kind"], title=title, text=text, **{key: options[key] for key in choices if key in options})


def _fits(choice: Choice, value: Any) -> bool:
    read_back = choice.read(value)
    return sorted(read_back) == sorted(value) if choice.many and isinstance(value, list) else read_back == value


def _text(data: Mapping[str, Any], name: str, most: int, errors: list[str], at: str) -> str:
    text = data.get(name, "")
    if not isinstance(text, str):
        errors.append(at + _("%(name)s must be a text.") % {"name": name})
        return ""
    if len(text) > most:
        errors.append(at + _("%(name)s has more than %(most)s characters.") % {"name": name, "most": most})
    if "\x00" in text or not _is_encodable(text):
        errors.append(at + _("%(name)s holds a character that cannot be stored.") % {"name": name})
    return text


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _at(place: int) -> str:
    return _("Section %(place)s: ") % {"place": place}
