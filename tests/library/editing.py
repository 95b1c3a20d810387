"""What tests of the editor share: a small draft, its document as stored, and forms filled in as a browser would."""

import re
from html import unescape

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from library.actions import definitions
from library.document import DefinitionDocument, parse
from library.models import Definition, DefinitionVersion, DraftChange
from tests import cast

HTMX = {"HX-Request": "true"}


def small(**more) -> dict:
    """This will be a definition with two scored sections, an average of both, and two zones."""
    return {
        "format": "portal-definition/1",
        "key": "small",
        "name": "Small",
        "sections": [
            {
                "key": "backups",
                "name": "Backups",
                "questions": [
                    {"key": "copies", "type": "yes_no", "text": "Are there copies?", "weight": 2, "tags": {"impact": "high"}},
                    {"key": "tested", "type": "scale", "text": "How often tested?", "minimum": 0, "maximum": 4, "allow_dont_know": True},
                ],
            },
            {
                "key": "people",
                "name": "People",
                "questions": [
                    {"key": "trained", "type": "yes_no", "text": "Are people trained?", "allow_not_applicable": True},
                    {"key": "notes", "type": "text", "text": "Anything to add?"},
                ],
            },
        ],
        "scoring": {
            "scale": {"min": 0, "max": 100},
            "overall": "overall",
            "sections": {"backups": "backups"},
            "scores": [
                {"key": "overall", "name": "Result", "rule": "weighted_mean", "inputs_as": "percent", "inputs": [{"scores": ["backups", "people"]}]},
                {"key": "backups", "name": "Backups", "rule": "weighted_mean", "inputs_as": "percent", "inputs": [{"sections": ["backups"]}]},
                {"key": "people", "name": "People", "rule": "mean", "inputs_as": "percent", "inputs": [{"questions": ["trained"]}]},
            ],
            "zones": [
                {"label": "Weak", "from": 0, "to": 50, "tone": "b1"},
                {"label": "Strong", "from": 50, "to": 100, "tone": "b4"},
            ],
        },
    } | more  # fmt: skip


def drafted(**more) -> Definition:
    """This will put a draft of it into the library of Harbor IT."""
    with cast.inside():
        return definitions.import_draft(by=cast.system(), document=parse(small(**more))).definition


def document_now(definition: Definition) -> DefinitionDocument:
    """This will read the draft as it is stored."""
    with cast.inside():
        version = DefinitionVersion.objects.get(definition=definition, state="draft")
        return DefinitionDocument.model_validate(version.document)


def changes_of(definition: Definition) -> int:
    with cast.inside():
        return DraftChange.objects.filter(version__definition=definition).count()


def at(name: str, definition: Definition, *args: str) -> str:
    return reverse(f"staff:{name}", args=[definition.id, *args])


def send(visitor, url: str, fields: QueryDict | dict, htmx: bool = True, **more) -> HttpResponse:
    """This will post a form, with some fields put in or replaced; names that end in a plus sign are added."""
    data = {name: list(values) for name, values in (fields.lists() if isinstance(fields, QueryDict) else fields.items())}  # fmt: skip
    data |= {name.replace("__", "-"): value if isinstance(value, list) else [value] for name, value in more.items()}
    return visitor.post(url, data, headers=HTMX if htmx else {})


def filled(response: HttpResponse, marked: str = 'name="seen"') -> QueryDict:
    """This will fill in the first form of a page that contains `marked`, without a button, as a browser would send it."""
    html = response.content.decode()
    form = next(form for form in re.findall(r"<form\b.*?</form>", html, re.DOTALL) if marked in form)
    fields = QueryDict(mutable=True)
    for tag in re.findall(r"<input\b[^>]*>|<select\b.*?</select>|<textarea\b.*?</textarea>", form, re.DOTALL):
        name, value = re.search(r'\sname="([^"]*)"', tag), _value(tag)
        if name and name[1] != "csrfmiddlewaretoken" and value is not None:
            fields.appendlist(unescape(name[1]), unescape(value))
    return fields


def _value(tag: str) -> str | None:
    if tag.startswith("<select"):
        options = re.findall(r'<option value="([^"]*)"( selected)?', tag)
        return next((value for value, chosen in options if chosen), options[0][0] if options else None)
    if tag.startswith("<textarea"):
        found = re.search(r">\n?(.*)</textarea>", tag, re.DOTALL)
        return found[1] if found else ""
    if re.search(r'\stype="(checkbox|radio)"', tag) and " checked" not in tag:
        return None
    found = re.search(r'\svalue="([^"]*)"', tag)
    return found[1] if found else "on"
