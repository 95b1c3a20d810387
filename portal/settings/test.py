"""What the tests run with: a throw-away cluster of its own, real logins, quick password hashes, mail kept in memory."""

from portal.embedded import postgres

from .base import *  # noqa: F403
from .base import DATA_DIR, STORAGES, configure_logging

SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = [".localhost", "127.0.0.1", "testserver"]

TEST_POSTGRES = DATA_DIR / "test-postgres"
DATABASES = postgres.django_databases(TEST_POSTGRES, engine="django.db.backends.postgresql", name="portal")
for alias in DATABASES:
    DATABASES[alias]["TEST"] = {"NAME": "test_portal"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["private"]["OPTIONS"]["location"] = DATA_DIR / "test-private"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

PUBLIC_SCHEME = "http"
MAIL_DIR = DATA_DIR / "test-mail"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

configure_logging(level="WARNING", as_json=False)
