"""The house rules that a machine can check."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts import checks
from accounts.access import as_markdown

ROOT = Path(__file__).parent.parent
APPS = ("accounts", "library", "assessments", "portal")
SOURCES = [file for app in APPS for file in sorted((ROOT / app).rglob("*.py"))]
PAGES = [file for file in SOURCES if {"client", "staff"} & set(file.relative_to(ROOT).parts)]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "service", "services"}


def test_there_are_pages_to_check():
    assert len(PAGES) > 20


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_pages_read_through_visible_to(file: Path):
    """In client/ and staff/ every `Model.objects` is followed by `.visible_to(`."""
    bare = [
        f"{file.relative_to(ROOT)}:{outer.lineno}"
        for outer in ast.walk(ast.parse(file.read_text()))
        if isinstance(outer, ast.Attribute)
        and isinstance(outer.value, ast.Attribute)
        and outer.value.attr == "objects"
        and outer.attr != "visible_to"
    ]
    assert bare == []


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_access_error_is_caught_and_no_exception_is_swallowed(file: Path):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert "PermissionDenied" not in caught, f"{file}:{node.lineno}"
            raises_again = any(isinstance(step, ast.Raise) and step.exc is None for step in node.body)
            assert caught not in ("everything", "BaseException") or raises_again, f"{file}:{node.lineno}"


def test_only_two_modules_know_guardian():
    importers = {
        str(file.relative_to(ROOT))
        for file in SOURCES
        if re.search(r"^\s*(from|import) guardian", file.read_text(), re.M)
    }
    assert importers == {"accounts/grants.py", "accounts/models/grant.py"}


def test_models_and_actions_know_nothing_of_http():
    for file in SOURCES:
        if {"models", "actions"} & set(file.relative_to(ROOT).parts):
            assert not re.search(r"^\s*(from|import) django\.http", file.read_text(), re.M), file


def test_no_module_is_named_after_nothing():
    named = {part.removesuffix(".py") for file in SOURCES for part in file.relative_to(ROOT).parts}
    assert not named & FORBIDDEN_NAMES


def test_a_route_without_a_rule_is_an_error(monkeypatch):
    def forgotten(request):
        raise AssertionError

    monkeypatch.setattr(checks, "routes", lambda: iter([("forgotten/", "forgotten", forgotten)]))
    assert [error.id for error in checks.every_route_states_its_rule(None)] == ["accounts.E001"]


def test_the_walk_finds_routes_of_every_area():
    found = {name.split(":")[0] for _address, name, _view in checks.routes() if ":" in name}
    assert {"client", "staff"} <= found


def test_the_access_matrix_of_the_docs_is_current():
    assert (ROOT / "docs/access-matrix.md").read_text() == as_markdown()


@pytest.mark.django_db(databases="__all__")  # some checks ask each server for its version
def test_the_project_checks_clean():
    call_command("check", fail_level="WARNING")
