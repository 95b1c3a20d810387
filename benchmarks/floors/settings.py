"""What the floors run with: the product's web server, database and connection settings, and nothing else of it."""

from pathlib import Path

from benchmarks.generate import FLOOR_LOGIN
from portal.embedded import postgres
from portal.settings.base import DATA_DIR
from portal.settings.environment import env

SECRET_KEY = "only-for-measuring-" + "x" * 50
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benchmarks.floors.urls"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
USE_TZ = True
TIME_ZONE = "UTC"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
    }
]
DATABASES = postgres.django_databases(
    DATA_DIR / "benchmark-postgres",
    engine="portal.embedded.database",
    name=f"benchmark_{env.int('PORTAL_BENCHMARK_SCALE', default=1)}",
)
# No policy concerns this login: the floors do without the wall, and the queries name the account themselves.
DATABASES["default"]["USER"] = FLOOR_LOGIN
