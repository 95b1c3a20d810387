"""Hostile text in every field of a definition: it comes through every format unchanged and does nothing on any page."""

import json
import re
from itertools import product
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.checks import routes
from library.actions import definitions, imports
from library.document import DefinitionDocument, parse
from library.exchange.formats_out import FORMATS, file_name
from library.exchange.report import Imported, of_sections
from library.models import Definition, DefinitionImport
from tests import cast
from tests.assessments import stage
from tests.library import hostile
from tests.library.exchange.files import read

# Pages of the admin area that show a definition or an import of one, found by the parts of their addresses.
PARTS = {"definition", "proposed", "key", "kind", "field", "question", "score", "child"}
EDITED = ("settings", "section:s0", "question:q0", "question:q3", "question:q7", "answer_set:shared")


@pytest.fixture(scope="module")
def strings(conformance_data: Path) -> list[str]:
    return hostile.texts(conformance_data)


@pytest.fixture(scope="module")
def document(strings: list[str]) -> DefinitionDocument:
    return parse(hostile.hostile_document(strings))


def test_every_string_is_in_it(document: DefinitionDocument, strings: list[str]) -> None:
    assert len(strings) > 500
    assert {question.text for question in document.questions()} == {text[:2_000] for text in strings}


@pytest.mark.parametrize("code", ["json", "yaml", "xlsx"])
def test_our_own_formats_give_it_back_to_the_letter(document: DefinitionDocument, code: str) -> None:
    found = read(FORMATS[code].write(document), f"hostile.{FORMATS[code].ending}")
    assert found.document().content_hash() == document.content_hash()
    assert FORMATS[code].write(document) == FORMATS[code].write(document)


def test_surveyjs_gives_the_words_back(document: DefinitionDocument) -> None:
    found = read(FORMATS["surveyjs"].write(document), "hostile.json").document()
    texts, again = ({" ".join(question.text.split()) for question in one.questions()} for one in (document, found))
    assert texts <= again, sorted(texts - again)[:5]


def test_file_names_are_safe(strings: list[str]) -> None:
    for text in strings:
        name = file_name(text, "json")
        assert name.isascii()
        assert not set(name) & set('/\\:*?"<>|\r\n\t;')
        assert not name.startswith((".", "-"))
        assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}


@pytest.fixture
def on_stage(db, strings: list[str]) -> tuple[Definition, DefinitionImport]:
    """A hostile definition with a published version and a draft, and an import of it."""
    few = [text for text in strings if "<" in text or '"' in text][:60]
    data = hostile.hostile_document(few)
    with cast.inside():
        definition = stage.publish(data)
        changed = data | {"name": few[1][:200], "summary": few[2][:300]}
        definitions.import_draft(by=cast.viewer("ada"), document=parse(changed))
        imported = Imported("own", data, of_sections(data))
        proposed = imports.propose(by=cast.viewer("ada"), file_name=few[0], imported=imported)
        return Definition.objects.get(pk=definition.pk), proposed


def addresses(definition: Definition, proposed: DefinitionImport) -> list[str]:
    """Every page below /staff/library/ that can be opened for the definition or the import."""
    values = {
        "definition": [definition.pk],
        "proposed": [proposed.pk],
        "key": ["q0", "q3", "q8", "s0", "overall", "sample", "shared"],
        "kind": ["question", "section", "score"],
        "field": ["show_if", "require_if", "0"],
        "question": ["q0", "q6"],
        "score": ["overall"],
        "child": [definition.pk],
    }
    found = []
    for address, name, view in routes():
        names = re.findall(r"<\w+:(\w+)>", address)
        if not address.startswith("staff/library/") or "GET" not in view.rule.methods or not {*names} <= PARTS:
            continue
        found += [
            reverse(name, kwargs=dict(zip(names, chosen, strict=True)))
            for chosen in product(*(values[n] for n in names))
        ]
    for part in EDITED:
        found += [f"{address}?part={part}" for address in found if address.endswith("/draft/")]
    page = reverse("staff:import_report", args=[proposed.pk])
    return [*found, f"{page}?show=questions", f"{page}?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "/staff/"]


def look(visitor: Client, addresses: list[str], strings: list[str]) -> set[str]:
    """This will open the pages, as a whole and as htmx does, and return the addresses that answered with one."""
    seen = set()
    for address in addresses:
        for headers in ({}, {"HX-Request": "true"}):
            response = visitor.get(address, headers=headers)
            assert response.status_code < 500, address
            if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
                continue
            seen.add(address)
            assert hostile.unescaped(response.content.decode(), strings) == [], address
    return seen


def test_no_page_of_the_admin_area_takes_it_for_markup(on_stage, strings: list[str]) -> None:
    seen = look(cast.visitor("ada"), addresses(*on_stage), strings)
    definition, proposed = on_stage
    for name, thing in (("definition", definition), ("definition_exports", definition), ("import_report", proposed)):
        assert reverse(f"staff:{name}", args=[thing.pk]) in seen
    assert reverse("staff:definitions") in seen
    editor = reverse("staff:editor", args=[definition.pk])
    assert {f"{editor}?part={part}" for part in EDITED} <= seen
    assert len(seen) >= 30


def test_no_page_of_a_client_takes_it_for_markup(on_stage, strings: list[str]) -> None:
    definition, _proposed = on_stage
    with cast.inside():
        account = cast.account("Northwind")
        run = stage.launched(definition=definition)
    args = [account.pk]
    pages = [
        reverse("client:library", args=args),
        reverse("client:library_card", args=[*args, definition.pk]),
        reverse("client:available", args=args),
        reverse("client:available_card", args=[*args, definition.pk]),
        reverse("client:your_assessments", args=args),
        reverse("client:review", args=[*args, run.pk]),
        *(reverse("client:question", args=[*args, run.pk, f"q{number}"]) for number in range(18)),
    ]
    assert len(look(cast.visitor("priya"), pages, strings)) >= len(pages) - 4


def test_refused_files_show_their_text_as_text(db, strings: list[str]) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    few = [text for text in strings if "<" in text][:20]
    for text in few:
        data = json.dumps({"format": "portal-definition/1", text: 1, "key": text, "sections": [{"key": text}]}).encode()
        upload = SimpleUploadedFile("x.json", data)
        response = cast.visitor("sam").post(reverse("staff:definition_import"), {"file": upload})
        assert response.status_code == 422
        assert hostile.unescaped(response.content.decode(), few) == []


def test_downloads_are_never_shown_by_a_browser(on_stage) -> None:
    definition, _proposed = on_stage
    for code in FORMATS:
        response = cast.visitor("ada").get(reverse("staff:definition_export", args=[definition.pk]), {"as": code})
        assert response["Content-Disposition"].startswith("attachment; filename=")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response["Content-Type"].startswith("text/html")
