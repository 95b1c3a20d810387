"""Production refuses to start half-configured, and is what Django's deployment checks ask for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CI_VALUES = dict(
    line.split("=", 1)
    for line in (ROOT / ".ci" / "production.env").read_text().splitlines()
    if line and not line.startswith("#")
)


def python(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess:
    """This will run Python with the values of CI and nothing else; a value of None takes a variable away."""
    environment = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore", **CI_VALUES, **changes}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={key: value for key, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
    )


def manage(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess:
    return python("manage.py", *arguments, **changes)


def settings_with(*names: str, **changes: str | None) -> dict:
    code = (
        f"import json, portal.settings.production as s; print(json.dumps({{n: getattr(s, n, None) for n in {names}}}))"
    )
    result = python("-c", code, **changes)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DATABASE_READONLY_URL", "REDIS_URL", "MAIL_URL"]
)
def test_a_missing_value_is_named(name):
    result = manage("check", **{name: None})
    assert result.returncode != 0
    assert f"{name} is not set" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SECRET_KEY", "change-me", "SECRET_KEY still holds the example value"),
        ("SECRET_KEY", "short", "SECRET_KEY is shorter than 50 characters"),
        ("DATABASE_URL", "postgresql://portal_web:change-me@postgres/portal", "DATABASE_URL still holds"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS allows every host"),
        ("DEBUG", "true", "DEBUG is on"),
    ],
)
def test_an_example_or_a_weak_value_is_refused(name, value, complaint):
    result = manage("check", **{name: value})
    assert result.returncode != 0
    assert complaint in result.stderr


def test_everything_missing_is_said_at_once():
    nothing: dict[str, str | None] = dict.fromkeys(CI_VALUES)
    result = manage("check", **nothing | {"DJANGO_SETTINGS_MODULE": "portal.settings.production"})
    assert result.stderr.count("is not set") == 6
    assert "See .env.example" in result.stderr


def test_the_example_file_itself_is_refused(tmp_path):
    example = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    result = manage("check", **example)
    assert "SECRET_KEY still holds the example value" in result.stderr
    assert "DATABASE_URL still holds the example value" in result.stderr
    assert "ALLOWED_HOSTS still holds the example value" in result.stderr


def test_deployment_checks_find_nothing():
    result = manage("check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr + result.stdout


def test_cookies_belong_to_one_host_and_to_tls():
    found = settings_with(
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_NAME",
        "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG",
    )  # fmt: skip
    assert found == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_DOMAIN": None,  # a domain would void the __Host- prefix
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "DEBUG": False,
    }


def test_only_the_migration_knows_the_owner_of_the_tables():
    assert set(settings_with("DATABASES")["DATABASES"]) == {"default", "readonly"}
    owner = settings_with("DATABASES", DATABASE_OWNER_URL="postgresql://portal_owner:x@127.0.0.1:9/portal")
    assert set(owner["DATABASES"]) == {"default", "readonly", "owner"}


def test_passwords_with_special_characters_arrive_whole():
    found = settings_with("DATABASES", "MAILERS", DATABASE_URL="postgresql://portal_web:p%40ss%3A%2F@db:5433/portal",
                          MAIL_URL="smtp+tls://user%40x.example:se%2Fcret@mail.example:587")  # fmt: skip
    assert found["DATABASES"]["default"]["PASSWORD"] == "p@ss:/"
    assert found["DATABASES"]["default"]["PORT"] == 5433
    options = found["MAILERS"]["default"]["OPTIONS"]
    assert (options["username"], options["password"], options["use_tls"]) == ("user@x.example", "se/cret", True)


def test_the_mailbox_of_the_demo_does_not_exist():
    assert settings_with("ROOT_URLCONF") == {"ROOT_URLCONF": "portal.urls"}
