"""Reads settings from environment variables, after an optional `.env` file of the project."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()


def read_dotenv() -> None:
    """This will load `.env` beside manage.py when there is one; variables already set in the environment win."""
    path = BASE_DIR / ".env"
    if path.is_file():
        env.read_env(str(path))


def connection(url: str) -> dict[str, Any]:
    """This will turn a `postgresql://` address into one entry of `DATABASES`: kept open, and tested before use."""
    return {**env.db_url_config(url), "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}


def mailer(url: str) -> dict[str, Any]:
    """This will turn `smtp://user:password@host:port` (`smtp+tls`, `smtp+ssl`) into one entry of `MAILERS`."""
    parts = urlsplit(url)
    options = {
        "host": parts.hostname or "localhost",
        "port": parts.port or 25,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme in {"smtps", "smtp+tls"},
        "use_ssl": parts.scheme == "smtp+ssl",
        "timeout": 10,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
