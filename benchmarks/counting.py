"""Counts the queries of a request that asks for it. Put in by benchmarks.settings; the product knows nothing of it."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse

from accounts import rules, tenancy

ASK = "X-Count-Queries"  # "1" counts, "sql" also appends the statements to settings.BENCHMARK_DIR / "queries.jsonl"
_MARKS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@dataclass
class Count:
    """What one request asked of the database. `before` is how much of it came before the view: who, where, may they."""

    before: int | None = None
    statements: list[dict[str, Any]] = field(default_factory=list)
    savepoints: int = 0

    def __call__(self, execute: Callable, query: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """This will be called by Django around each statement."""
        if query.startswith(_MARKS):
            self.savepoints += 1
            return execute(query, params, many, context)
        started = perf_counter()
        result = execute(query, params, many, context)
        scope = tenancy._scope.get()
        self.statements.append({
            "sql": written(context["connection"].connection, query, params),
            "ms": (perf_counter() - started) * 1000,
            "organization": str(scope.organization_id or ""),
            "accounts": None if scope.account_ids is None else [str(account) for account in scope.account_ids],
            "own": self.before is not None,
        })  # fmt: skip
        return result


def written(connection: psycopg.Connection, query: str, params: Any) -> str:
    """This will return a statement with its values in place, as it was sent."""
    return psycopg.ClientCursor(connection).mogrify(query, params) if params else query


_running: list[Count] = []


def _mark_the_view(with_viewer: Callable[..., HttpRequest]) -> Callable[..., HttpRequest]:
    def marked(*args: Any) -> HttpRequest:
        for count in _running:
            count.before = len(count.statements)
        return with_viewer(*args)

    return marked


# The last thing every rule does before it calls its view.
rules._with = _mark_the_view(rules._with)


class QueryCountMiddleware:
    """This will answer with the headers X-Queries, X-Queries-Before-View and X-Savepoints when the request has ASK."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.headers.get(ASK)
        if not asked:
            return self.get_response(request)
        count = Count()
        _running.append(count)
        try:
            with ExitStack() as stack:
                for alias in ("default", "readonly"):
                    stack.enter_context(connections[alias].execute_wrapper(count))
                response = self.get_response(request)
        finally:
            _running.remove(count)
        response["X-Queries"] = len(count.statements)
        response["X-Queries-Before-View"] = len(count.statements) if count.before is None else count.before
        response["X-Savepoints"] = count.savepoints
        if asked == "sql":
            with (settings.BENCHMARK_DIR / "queries.jsonl").open("a") as file:
                line = {"scale": settings.BENCHMARK_SCALE, "path": request.path, "statements": count.statements}
                file.write(json.dumps(line) + "\n")
        return response
