"""Exports: what is written is read again as the same, and the same version always gives the same bytes."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import yaml
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from library import exchange
from library.actions import definitions
from library.document import DefinitionDocument, parse
from library.exchange import yaml_out
from library.exchange.formats_out import FORMATS, file_name
from library.models import Definition
from library.problems import RefusedFile
from library.reading import read as read_text
from tests import cast
from tests.library import strategies
from tests.library.exchange.files import read
from tests.library.exchange.test_sheets_workbooks import everything

DEMO = sorted((Path(__file__).parents[3] / "portal" / "demo" / "definitions").glob("*.yaml"))
WHOLE = [code for code, one in FORMATS.items() if one.is_whole]


def again(document: DefinitionDocument, code: str) -> DefinitionDocument:
    return read(FORMATS[code].write(document), f"again.{FORMATS[code].ending}").document()


@pytest.mark.parametrize("code", WHOLE)
@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_export_import_export_is_identical(path: Path, code: str) -> None:
    document = exchange.load(path).document()
    assert again(document, code).content_hash() == document.content_hash()
    assert FORMATS[code].write(again(document, code)) == FORMATS[code].write(document)


@pytest.mark.parametrize("code", WHOLE)
def test_every_part_of_the_format_comes_back(code: str) -> None:
    document = parse(everything())
    assert again(document, code).to_data() == document.to_data()


@pytest.mark.parametrize("code", WHOLE)
@strategies.patient
@given(data=strategies.definitions())
def test_random_definitions_come_back(code: str, data: dict) -> None:
    try:
        document = parse(data)
    except RefusedFile:
        return
    assert again(document, code).content_hash() == document.content_hash()


# YAML of our own

words = st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.text("ab \n:#-'\"\\|>&*!%@`{}[],?\t\r~0yn=._")
values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False), words
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=15,
)


@strategies.patient
@given(values)
def test_yaml_says_what_was_written(value: object) -> None:
    text = yaml_out.write(value)
    assert read_text(text.encode(), "x.yaml") == value


@strategies.patient
@given(
    st.dictionaries(words.filter(lambda word: "\x85" not in word), words | st.booleans() | st.integers(), max_size=4)
)
def test_readers_with_older_rules_read_the_same(value: dict) -> None:
    assert yaml.safe_load(yaml_out.write(value)) == value


@pytest.mark.parametrize(
    "word",
    ["No", "yes", "on", "Off", "null", "~", "", "true", "1", "1.0", "0x1F", "0o7", "1e3", ".5", "-", "- a", "a: b", "a #b",
     "#a", "&a", "*a", "!a", "%a", "@a", "`a", "{a", "[a", "'a", '"a', "|", ">", "? a", "a:", " a", "a ", "2024-01-01", "1_000",
     "12:30:45", "=", "<<", ".inf", "NaN", "---", "...", "a\nb", "a\n", "\na", "a\n\n", "a\r\nb", "\ta", "a\tb", "\u2028", "\x85"],
)  # fmt: skip
def test_words_that_mean_something_to_yaml_stay_words(word: str) -> None:
    text = yaml_out.write({"a": [word], word: word})
    assert read_text(text.encode(), "x.yaml") == {"a": [word], word: word}
    assert yaml.safe_load(text) == {"a": [word], word: word}
    assert not any(mark in text for mark in ("&id", "*id", "!!"))


def test_long_texts_are_readable() -> None:
    text = yaml_out.write({"description": "One line.\n\n- **two**\n- three: four\n"})
    assert text == "description: |\n  One line.\n\n  - **two**\n  - three: four\n"


# Pages and files

pytest_db = pytest.mark.django_db


def definition_of(key: str = "vendor-risk") -> Definition:
    with cast.inside():
        return Definition.objects.get(key=key)


@pytest_db
def test_the_page_offers_every_format_and_says_what_surveyjs_leaves_out():
    address = reverse("staff:definition_exports", args=[definition_of().pk])
    page = cast.visitor("sam").get(address).content.decode()
    for code, one in FORMATS.items():
        assert f"version=1&amp;as={code}" in page
        assert str(one.label) in page
    assert "What SurveyJS has no place for" in page


@pytest_db
@pytest.mark.parametrize("code", FORMATS)
def test_a_version_always_gives_the_same_bytes(code: str):
    address = reverse("staff:definition_export", args=[definition_of().pk])
    first = cast.visitor("sam").get(address, {"as": code, "version": "1"})
    second = cast.visitor("ada").get(address, {"as": code})
    assert first.content == second.content
    assert (
        first["Content-Disposition"] == f'attachment; filename="Vendor-and-supply-chain-risk_v1.{FORMATS[code].ending}"'
    )


@pytest_db
def test_the_own_format_is_the_default_and_nonsense_is_not_found():
    address = reverse("staff:definition_export", args=[definition_of().pk])
    visitor = cast.visitor("sam")
    assert json.loads(visitor.get(address).content)["format"] == "portal-definition/1"
    for query in ({"as": "pdf"}, {"version": "99"}, {"version": "x"}):
        assert visitor.get(address, query).status_code == 404


@pytest_db
def test_versions_are_exported_each_for_itself():
    definition = definition_of()
    with cast.inside():
        document = parse(definition.versions.get().document | {"name": "Suppliers"})
        definitions.import_draft(by=cast.viewer("ada"), document=document)
    address = reverse("staff:definition_export", args=[definition.pk])
    visitor = cast.visitor("ada")
    assert json.loads(visitor.get(address, {"version": "1"}).content)["name"] == "Vendor and supply chain risk"
    second = visitor.get(address)
    assert json.loads(second.content)["name"] == "Suppliers"
    assert 'filename="Suppliers_v2.json"' in second["Content-Disposition"]
    page = visitor.get(reverse("staff:definition_exports", args=[definition.pk])).content.decode()
    assert '<option value="1">' in page


@pytest_db
def test_a_workbook_states_no_moment_and_no_person():
    address = reverse("staff:definition_export", args=[definition_of().pk])
    with zipfile.ZipFile(io.BytesIO(cast.visitor("sam").get(address, {"as": "xlsx"}).content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
        assert b"Sam" not in archive.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Vendor risk_v3", "Vendor-risk_v3.json"),
        ("../../etc/passwd_v1", "etc-passwd_v1.json"),
        ('a"b\r\nSet-Cookie: x', "a-b-Set-Cookie-x.json"),
        ("con", "definition-con.json"),
        ("Überblick", "berblick.json"),
        ("日本", "definition.json"),
        ("-rf", "rf.json"),
        ("x" * 300, "x" * 100 + ".json"),
    ],
)
def test_file_names(name: str, safe: str) -> None:
    assert file_name(name, "json") == safe
