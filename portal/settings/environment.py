"""Reads settings from environment variables, after an optional `.env` file of the project."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

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
    """This will turn `smtp://user:password@host:port` (`smtp+tls`, `smtp+ssl`), or `anymail+<service>://`, into one
    entry of `MAILERS`."""
    parts = urlsplit(url)
    if service := mail_service(url):
        return {"BACKEND": f"anymail.backends.{service}.EmailBackend", "OPTIONS": {}}
    options = {
        "host": parts.hostname or "localhost",
        "port": parts.port or 25,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme in {"smtps", "smtp+tls"},
        "use_ssl": parts.scheme == "smtp+ssl",
        "timeout": 10,
    }
    return {"BACKEND": "accounts.mail.mail_server.EmailBackend", "OPTIONS": options}


def mail_service(url: str) -> str:
    """This will name the mail service of `anymail+<service>://?option=value`, "" for plain SMTP."""
    scheme = urlsplit(url).scheme
    return scheme.removeprefix("anymail+").replace("-", "_") if scheme.startswith("anymail+") else ""


def mail_service_options(url: str, webhook_secret: str) -> dict[str, Any]:
    """This will turn the options of a mail service, and the secret its reports of deliveries come with, into `ANYMAIL`."""
    prefix = mail_service(url).upper()
    options = {f"{prefix}_{name.upper()}": value for name, value in parse_qsl(urlsplit(url).query)}
    return {**options, "WEBHOOK_SECRET": webhook_secret, "IGNORE_UNSUPPORTED_FEATURES": True}
