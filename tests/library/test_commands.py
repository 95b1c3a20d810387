import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from library.document import parse
from library.models import Definition, DefinitionVersion
from tests import cast

pytestmark = pytest.mark.django_db

SMALL = {
    "format": "portal-definition/1",
    "key": "small",
    "name": "Small",
    "sections": [{"key": "all", "name": "All", "questions": [{"key": "q1", "type": "yes_no", "text": "Ready?"}]}],
}
HERE = ("--organization", "harbor.localhost")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.json"
    path.write_text(json.dumps(SMALL))
    return path


def run(*words: object) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out, stderr=out)
    return out.getvalue()


def definition() -> Definition:
    return Definition.objects.get(key="small")


def test_an_executive_imports_a_draft(file):
    said = run("import_definition", file, *HERE, "--as", "SAM@harbor.example")
    assert said == "Small (small) v1, Draft: 1 questions in 1 sections.\n"
    with cast.inside():
        assert definition().state == "draft"
        assert definition().versions.get().created_by == cast.person("sam")


def test_an_admin_publishes_at_once(file):
    assert "v1, Published" in run("import_definition", file, *HERE, "--as", "ada@harbor.example", "--publish")
    with cast.inside():
        assert definition().state == "published"


def test_a_dry_run_says_what_it_would_do_and_does_nothing(file):
    said = run("import_definition", file, *HERE, "--as", "ada@harbor.example", "--publish", "--dry-run")
    assert "v1, Published" in said
    assert "nothing was changed" in said
    with cast.inside():
        assert not Definition.objects.filter(key="small").exists()


@pytest.mark.parametrize(
    ("who", "more", "why"),
    [
        ("sam@harbor.example", ("--publish",), "may not publish"),
        ("priya@northwind.example", (), "may not import"),
        ("dana@harbor.example", (), "may not import"),
        ("amara@sunnyridge.example", (), "may not import"),
        ("nobody@harbor.example", (), "may not import"),
    ],
)
def test_who_may_not_is_refused(file, who, more, why):
    with pytest.raises(CommandError, match=why) as refused:
        run("import_definition", file, *HERE, "--as", who, *more)
    assert refused.value.returncode == 1
    with cast.inside():
        assert not Definition.objects.filter(key="small").exists()


def test_every_mistake_is_printed_with_its_place(tmp_path):
    broken = SMALL | {
        "sections": [{"key": "all", "name": "All", "questions": [{"key": "q1", "type": "riddle", "text": ""}]}]
    }
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(broken))
    out = StringIO()
    with pytest.raises(CommandError, match="Nothing was imported: 2 problems") as refused:
        call_command("import_definition", str(path), *HERE, "--as", "ada@harbor.example", stdout=out, stderr=out)
    assert refused.value.returncode == 1
    assert "sections[0].questions[0].type" in out.getvalue()
    assert "sections[0].questions[0].text" in out.getvalue()


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"{", b"a: &x [*x]", b"[1, 2"])
def test_what_cannot_be_read_is_refused_with_a_reason(tmp_path, content):
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="Nothing was imported"):
        run("import_definition", path, *HERE, "--as", "ada@harbor.example")


def test_a_missing_file_is_named(tmp_path):
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_definition", str(tmp_path / "none.json"), *HERE, "--as", "ada@harbor.example", stderr=out)
    assert "none.json" in out.getvalue()


def test_samm_is_imported_from_its_own_folder(conformance_data):
    said = run("import_definition", conformance_data / "owasp-samm/core-model", *HERE, "--as", "ada@harbor.example")
    assert "OWASP SAMM (owasp-samm) v1, Draft: 90 questions in 5 sections." in said


def test_what_is_exported_imports_as_the_same(tmp_path):
    path = tmp_path / "out.json"
    run("export_definition", "vendor-risk", *HERE, "--output", path)
    assert run("export_definition", "vendor-risk", *HERE) == path.read_text(encoding="utf-8")
    with cast.inside():
        stored = DefinitionVersion.objects.get(definition__key="vendor-risk")
        assert parse(json.loads(path.read_text())).content_hash() == stored.content_hash


def test_a_version_is_chosen_by_its_number(file):
    run("import_definition", file, *HERE, "--as", "ada@harbor.example", "--publish")
    file.write_text(json.dumps(SMALL | {"name": "Smaller"}))
    run("import_definition", file, *HERE, "--as", "ada@harbor.example")
    assert json.loads(run("export_definition", "small", *HERE))["name"] == "Small"
    assert json.loads(run("export_definition", "small", *HERE, "--number", "2"))["name"] == "Smaller"
    with pytest.raises(CommandError, match="it has 2, 1"):
        run("export_definition", "small", *HERE, "--number", "3")
    with pytest.raises(CommandError, match="no definition with the key"):
        run("export_definition", "nothing", *HERE)
    with pytest.raises(CommandError, match="cannot be written"):
        run("export_definition", "small", *HERE, "--output", "/nowhere/at/all.json")
