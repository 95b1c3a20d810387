"""Files an operator meets first: the example environment, the compose file, the image. They agree with the code."""

import ast
import re
from pathlib import Path

import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
EXAMPLE = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def names_read_by(folder: Path) -> set[str]:
    """The names of all environment variables a package reads, through django-environ or os.environ."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                owner = ast.unparse(node.func.value)
                first = node.args[0]
                if (
                    owner in ("env", "os.environ")
                    and isinstance(first, ast.Constant)
                    and node.func.attr != "setdefault"
                ):
                    found.add(first.value)
    return found


def compose_variables() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))


def test_the_example_names_each_variable_the_code_reads():
    read = names_read_by(ROOT / "portal")
    assert {"SECRET_KEY", "DATABASE_URL", "PORT", "WEB_CONCURRENCY"} <= read
    assert read - set(EXAMPLE) == set()


def test_the_example_names_nothing_else_and_nothing_twice():
    assert set(EXAMPLE) - names_read_by(ROOT / "portal") - compose_variables() == set()
    assert len(EXAMPLE) == len(set(EXAMPLE))


def test_every_variable_of_the_compose_file_is_in_the_example():
    assert compose_variables() - set(EXAMPLE) == set()


def test_the_compose_file_has_every_part_of_production():
    services = COMPOSE["services"]
    assert set(services) == {"postgres", "redis", "migrate", "web", "worker", "beat", "mailpit"}
    assert services["postgres"]["image"] == "postgres:18"
    assert services["mailpit"]["profiles"] == ["mail"]
    for name in ("postgres", "redis", "web", "worker", "mailpit"):
        assert services[name]["healthcheck"]["test"], name


def test_only_the_migration_gets_the_owner_of_the_tables():
    with_owner = [
        name for name, service in COMPOSE["services"].items() if "DATABASE_OWNER_URL" in service.get("environment", {})
    ]
    assert with_owner == ["migrate"]
    for name in ("web", "worker", "beat"):
        assert COMPOSE["services"][name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_services_get_what_production_requires():
    from tests.portal.settings.test_production import CI_VALUES

    required = set(CI_VALUES)
    for name in ("migrate", "web", "worker", "beat"):
        assert required - set(COMPOSE["services"][name]["environment"]) == set(), name


def test_nothing_is_published_beyond_this_machine():
    for name, service in COMPOSE["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_mounted_files_exist_and_can_run():
    for mount in COMPOSE["services"]["postgres"]["volumes"]:
        source = mount.split(":")[0]
        assert not source.startswith("./") or (ROOT / source).is_file(), source
    assert (ROOT / "deploy" / "roles.sh").stat().st_mode & 0o111


def test_the_database_of_production_sorts_as_the_embedded_one():
    arguments = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert {"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"} == set(arguments)


def test_the_image_runs_as_nobody_special_with_hashed_packages():
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in text
    assert re.search(r"^USER portal$", text, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*", "only what is named gets into the image"
    for copied in re.findall(r"^COPY (?!--from)(\S+)", text, re.MULTILINE):
        assert (ROOT / copied).exists()
