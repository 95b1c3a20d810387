"""Behind a proxy that speaks TLS. Refuses to start while a value is missing or still the one of `.env.example`."""

from django.core.exceptions import ImproperlyConfigured

from .environment import connection, env, mail_service, mail_service_options, mailer, read_dotenv

read_dotenv()

REQUIRED = ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DATABASE_READONLY_URL", "REDIS_URL", "MAIL_URL"]
EXAMPLE_MARK = "change-me"


def problems() -> list[str]:
    """This will name each setting that is missing, still an example, or too weak to serve people with."""
    found = []
    for name in REQUIRED:
        value = env.str(name, default="")
        if not value:
            found.append(f"{name} is not set")
        elif EXAMPLE_MARK in value:
            found.append(f"{name} still holds the example value")
    if 0 < len(env.str("SECRET_KEY", default="")) < 50:
        found.append("SECRET_KEY is shorter than 50 characters")
    if "*" in env.list("ALLOWED_HOSTS", default=[]):
        found.append("ALLOWED_HOSTS allows every host; name the hosts of the organizations")
    if mail_service(env.str("MAIL_URL", default="")) and ":" not in env.str("MAIL_WEBHOOK_SECRET", default=""):
        found.append("MAIL_WEBHOOK_SECRET is not name:password; anybody could report what became of mails")
    if env.bool("DEBUG", default=False):
        found.append("DEBUG is on")
    return found


if refused := problems():
    raise ImproperlyConfigured("Production settings are incomplete: " + "; ".join(refused) + ". See .env.example.")

from .base import *  # noqa: E402, F403
from .base import BASE_DIR, configure_logging  # noqa: E402

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

DATABASES = {
    "default": connection(env.str("DATABASE_URL")),
    "readonly": connection(env.str("DATABASE_READONLY_URL")),
}
if env.str("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = connection(env.str("DATABASE_OWNER_URL"))

MAILERS = {"default": mailer(env.str("MAIL_URL"))}
MAIL_SERVICE = mail_service(env.str("MAIL_URL"))
if MAIL_SERVICE:
    ANYMAIL = mail_service_options(env.str("MAIL_URL"), env.str("MAIL_WEBHOOK_SECRET"))
STATIC_ROOT = BASE_DIR / "staticfiles"

# The proxy ends TLS and says so in this header; it must strip the header from what visitors send.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-language"
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=True)

configure_logging(level=env.str("LOG_LEVEL", default="INFO"), as_json=env.bool("LOG_JSON", default=True))
