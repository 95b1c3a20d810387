"""One line per event, with the request it belongs to: readable on a terminal, JSON in production."""

import hashlib
import logging
import logging.config
import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

# Whoever holds the key of an invitation or a forgotten password may choose that password.
_KEY = re.compile(r"(/password/reset/key/)[^/\s]+-[^/\s]+")
# Whoever holds the token of a link comes in by it. The start of its hash tells links apart and opens none.
_TOKEN = re.compile(r"(/(?:r|try|shared-report)/)([^/\s?\"'#]+)")


def without_keys(text: str) -> str:
    """This will take out of text what opens something: keys and tokens that stand in addresses."""
    return _TOKEN.sub(lambda found: f"{found[1]}#{_start_of_hash(found[2])}", _KEY.sub(r"\1…", text))


def _start_of_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()[:8]


def _leave_keys_out(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Of every line, also those of Django and the server: a refused form or a failed page names its address too."""
    for key in ("event", "path"):
        if isinstance(event.get(key), str):
            event[key] = without_keys(event[key])
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    _leave_keys_out,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

log = structlog.get_logger("portal.request")


class StderrHandler(logging.Handler):
    """This will write to what is stderr at the moment of writing: whoever redirects it gets the lines."""

    def emit(self, record: logging.LogRecord) -> None:
        """This will write one line."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:  # as every handler of the standard library: a line that cannot be written fails no request
            self.handleError(record)


def configure_logging(*, level: str, as_json: bool) -> None:
    """This will send the lines of structlog and of the standard library through the same processors to stderr."""
    if as_json:
        traceback = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)  # locals hold what people typed
        rendering: list[Any] = [structlog.processors.ExceptionRenderer(traceback), structlog.processors.JSONRenderer()]
    else:
        plain = structlog.dev.plain_traceback
        rendering = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": SHARED,
                    "processors": [remove, *rendering],
                }
            },
            "handlers": {"stderr": {"()": StderrHandler, "formatter": "structured"}},
            "root": {"handlers": ["stderr"], "level": level},
            # Each request already has its own line below; Django's would say the same again.
            "loggers": {"django.request": {"level": "ERROR"}, "django.server": {"level": "WARNING"}},
        }
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class RequestLogMiddleware:
    """This will give each request an id, bind it to every line logged meanwhile, and log one line at its end.

    The id is ours, never the visitor's header; it is on `request.id`, in the header `X-Request-ID`, on error pages.
    The line holds the path without its query, which may carry what people typed, and without keys that open something.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        path = without_keys(request.path)
        log.info("request", method=request.method, path=path, status=response.status_code, ms=milliseconds)
        return response
