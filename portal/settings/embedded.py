"""One machine, no services: PostgreSQL from a wheel, jobs and mail in files. For the demo and for development."""

from portal.embedded import postgres
from portal.embedded.secret import read_or_make_secret

from .environment import connection, env, read_dotenv

read_dotenv()

from .base import *  # noqa: E402, F403
from .base import DATA_DIR, STORAGES  # noqa: E402

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_make_secret(DATA_DIR / "secret-key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[".localhost", "127.0.0.1"])

EMBEDDED_POSTGRES = None if env.str("DATABASE_URL", default="") else DATA_DIR / "postgres"
if EMBEDDED_POSTGRES:
    DATABASES = postgres.django_databases(EMBEDDED_POSTGRES, engine="portal.embedded.database")
else:
    DATABASES = {
        "default": connection(env.str("DATABASE_URL")),
        "owner": connection(env.str("DATABASE_OWNER_URL")),
        "readonly": connection(env.str("DATABASE_READONLY_URL")),
    }

if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

MAIL_DIR = DATA_DIR / "mail"
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(MAIL_DIR)},
    }
}
PUBLIC_SCHEME, PUBLIC_PORT = "http", env.str("PORT", default="8000")
ROOT_URLCONF = "portal.embedded.urls"
