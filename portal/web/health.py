"""Whether the process lives (`/healthz`) and whether it can serve (`/readyz`), for load balancers and containers."""

from collections.abc import Callable

import structlog
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.celery import app

log = structlog.get_logger(__name__)


def check_database() -> None:
    """This will raise when the database does not answer a query."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")


def check_broker() -> None:
    """This will raise when no job could be handed over now."""
    with app.connection_for_write(connect_timeout=2) as connection:
        connection.ensure_connection(max_retries=0, timeout=2)


CHECKS: dict[str, Callable[[], None]] = {"database": check_database, "broker": check_broker}


def readiness() -> dict[str, str]:
    """This will say "ok" or "failed" for each thing a page needs; the reason goes to the log, not to the visitor."""
    report = {}
    for name, check in CHECKS.items():
        try:
            check()
            report[name] = "ok"
        except Exception:  # whatever a dependency raises, the answer is that it failed
            log.exception("not_ready", failed=name)
            report[name] = "failed"
    return report


class HealthMiddleware:
    """This will answer the two addresses before anything else: any host name, no tenant, no session, no redirect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return no_store(HttpResponse("ok", content_type="text/plain"))
        if request.path_info == "/readyz":
            report = readiness()
            return no_store(JsonResponse(report, status=503 if "failed" in report.values() else 200))
        return self.get_response(request)


def no_store(response: HttpResponse) -> HttpResponse:
    """This will keep proxies from remembering an answer about one moment."""
    response["Cache-Control"] = "no-store"
    return response
