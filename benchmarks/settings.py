"""The product as it is served, over the benchmark's database of a scale; it counts queries when a request asks it to.

PORTAL_BENCHMARK_SCALE=1|10    which database
PORTAL_BENCHMARK=1             adds the counter of benchmarks.counting
"""

from portal.embedded import postgres
from portal.settings.base import *  # noqa: F403
from portal.settings.base import DATA_DIR, MIDDLEWARE
from portal.settings.environment import env

SECRET_KEY = "only-for-measuring-" + "x" * 50
ALLOWED_HOSTS = [".localhost", "127.0.0.1"]

BENCHMARK_SCALE = env.int("PORTAL_BENCHMARK_SCALE", default=1)
BENCHMARK_POSTGRES = DATA_DIR / "benchmark-postgres"
BENCHMARK_DIR = DATA_DIR / "benchmark"
DATABASES = postgres.django_databases(
    BENCHMARK_POSTGRES, engine="portal.embedded.database", name=f"benchmark_{BENCHMARK_SCALE}"
)
STATIC_ROOT = BENCHMARK_DIR / "static"
MAIL_DIR = BENCHMARK_DIR / "mail"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

if env.bool("PORTAL_BENCHMARK", default=False):
    MIDDLEWARE = ["benchmarks.counting.QueryCountMiddleware", *MIDDLEWARE]
