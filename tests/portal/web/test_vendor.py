"""Vendored files are what they say they are, and everything served is up to date."""

import gzip
import hashlib
import tomllib
from pathlib import Path

import pytest

from portal.web import assets, icons
from portal.web.templatetags import ui

ROOT = Path(__file__).parents[3]
LISTS = (ROOT / "static" / "vendor" / "vendor.toml", ROOT / "tests" / "vendor" / "vendor.toml")


def entries(kind: str) -> list[tuple[Path, dict[str, str]]]:
    return [(path.parent, entry) for path in LISTS for entry in tomllib.loads(path.read_text("utf-8")).get(kind, [])]


@pytest.mark.parametrize(("directory", "entry"), entries("file"), ids=lambda value: getattr(value, "name", None))
def test_a_vendored_file_has_its_hash_and_its_licence(directory: Path, entry: dict[str, str]) -> None:
    assert hashlib.sha256((directory / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert (directory / entry["licence_text"]).is_file()
    assert {"name", "version", "licence", "source"} <= entry.keys()
    assert entry["version"] in entry["file"] or directory.parent.name == "tests"


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.parent.name)
def test_nothing_is_vendored_without_being_listed(path: Path) -> None:
    told = tomllib.loads(path.read_text("utf-8"))
    named = {entry[key] for kind in told.values() for entry in kind for key in ("file", "licence_text")}
    assert {file.name for file in path.parent.iterdir()} - {path.name} <= named


def test_stylesheet_and_script_are_assembled_from_their_parts() -> None:
    assert assets.STYLESHEET.read_text("utf-8") == assets.stylesheet(), "run manage.py build_assets"
    assert assets.AUTHORING_STYLESHEET.read_text("utf-8") == assets.authoring_stylesheet(), "run manage.py build_assets"
    assert assets.SCRIPT.read_text("utf-8") == assets.script(), "run manage.py build_assets"


# Scripts that their pages link themselves.
OF_SOME_PAGES = (
    "batch",
    "branding",
    "dashboard",
    "editor",
    "email-templates",
    "intake",
    "notes",
    "palette",
    "passkeys",
    "reorder",
    "uploads",
)


def test_every_part_is_in_the_assembly() -> None:
    folder = assets.STATIC / "css"
    parts = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.css")}
    parts = {part for part in parts if not part.startswith("pages/")}
    assert parts == {*assets.STYLES, *assets.LAST_STYLES, "portal", "authoring", "styleguide"}
    assert {path.stem for path in (assets.STATIC / "js").glob("*.js")} == {
        *assets.SCRIPTS,
        *OF_SOME_PAGES,
        *assets.RUNNER_SCRIPTS,
        "portal",
        "runner",
    }


def test_every_icon_used_is_in_the_sprite() -> None:
    used = icons.used(ROOT)
    missing = {name: str(path.relative_to(ROOT)) for name, path in used.items() if name not in icons.available()}
    assert not missing, "add it to portal/web/icons.py if it is data, then run manage.py build_icons"
    assert {*icons.PICKABLE, *icons.RESERVED, *ui.status_icons()} <= icons.available()
    assert icons.available() >= icons.MIRRORED


def kilobytes(*compressed: str) -> float:
    """This will weigh files as they travel, and the font, which is compressed already."""
    size = sum(len(gzip.compress((assets.STATIC / name).read_bytes(), 9)) for name in compressed)
    return (size + (assets.STATIC / "vendor" / "inter-latin-5.3.0.woff2").stat().st_size) / 1024


ON_EVERY_PAGE = ("css/portal.css", "js/portal.js", "icons.svg", "mark.svg", "vendor/htmx-4.0.1.min.js")


def test_a_first_visit_stays_under_its_budget() -> None:
    # 100 KB with the page itself, which may take the rest: a page of the portal 12, a question, whose page is small, 4.
    assert kilobytes(*ON_EVERY_PAGE) < 88.5
    assert kilobytes(*ON_EVERY_PAGE, "js/runner.js", "css/pages/runner.css") < 96
