"""What row-level security costs: the pages' slowest queries at scale 10, with the wall and around it, in turns.

Each query runs as the product's own login, in a transaction with the settings the page had, and as a login that no
policy concerns. Both plans are kept in benchmarks/explain/.
"""

import json
import re
import statistics
import time
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from benchmarks.generate import FLOOR_LOGIN
from portal.embedded import postgres

EXPLAIN = Path(__file__).with_name("explain")
HOTTEST = 10
ROUNDS = 40
SCALE = 10
# The tenant's own settings are no query, a repeated INSERT would meet the row of the first, sessions have no wall.
LEFT_OUT = ("set_config", "INSERT INTO", "django_session")
LOGINS = {"walled": postgres.LOGINS["default"], "around": FLOOR_LOGIN}


def shape(query: str) -> str:
    """This will leave out of a query what differs from page to page: its values."""
    return re.sub(r"\b\d+\b", "?", re.sub(r"'(?:[^']|'')*'(::\w+)?", "?", query))


def hottest(lines: list[dict[str, Any]], most: int = HOTTEST) -> list[dict[str, Any]]:
    """This will pick the slowest statements of different shape, each with the page it is from."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        for statement in line["statements"]:
            if line["scale"] != SCALE or any(word in statement["sql"] for word in LEFT_OUT):
                continue
            known = found.get(shape(statement["sql"]))
            if known is None or statement["ms"] > known["ms"]:
                found[shape(statement["sql"])] = statement | {"path": line["path"]}
    return sorted(found.values(), key=lambda statement: -statement["ms"])[:most]


def cost() -> list[dict[str, Any]]:
    """This will measure the hottest queries that the last run kept, and write their plans into files."""
    path = settings.BENCHMARK_DIR / "queries.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    host = str(postgres.cluster_at(settings.BENCHMARK_POSTGRES).socket_directory)
    EXPLAIN.mkdir(exist_ok=True)
    for old in EXPLAIN.glob("*.txt"):
        old.unlink()
    connections = {
        name: psycopg.connect(host=host, user=login, dbname=f"benchmark_{SCALE}") for name, login in LOGINS.items()
    }
    return [_compare(connections, statement, place) for place, statement in enumerate(hottest(lines), 1)]


def _compare(connections: dict[str, psycopg.Connection], statement: dict[str, Any], place: int) -> dict[str, Any]:
    times: dict[str, list[float]] = {name: [] for name in connections}
    for number in range(ROUNDS + 5):
        for name, connection in connections.items():
            taken = _run(connection, statement)
            if number >= 5:
                times[name].append(taken)
    medians = {name: statistics.median(values) for name, values in times.items()}
    tables = re.findall(r'(?:FROM|UPDATE|INTO) "?(\w+)', statement["sql"])
    name = f"{place:02d}-{tables[0] if tables else 'query'}.txt"
    plans = "\n\n".join(f"-- {login}\n{_plan(connections[key], statement)}" for key, login in LOGINS.items())
    address = _page(statement["path"])
    (EXPLAIN / name).write_text(f"-- {address}\n{statement['sql']}\n\n{plans}\n")
    return {
        "query": name.removesuffix(".txt"),
        "page": address,
        "walled": round(medians["walled"], 3),
        "around": round(medians["around"], 3),
        "ratio": round(medians["walled"] / medians["around"], 2),
    }


def _page(path: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", path)


def _scope(connection: psycopg.Connection, statement: dict[str, Any]) -> None:
    accounts = "" if statement["accounts"] is None else "{" + ",".join(statement["accounts"]) + "}"
    connection.execute(
        "SELECT set_config('app.organization_id', %s, true), set_config('app.account_ids', %s, true)",
        [statement["organization"], accounts],
    )


def _run(connection: psycopg.Connection, statement: dict[str, Any]) -> float:
    """This will run a statement, take its change back, and return the milliseconds it took with its rows read."""
    try:
        _scope(connection, statement)
        # The client's own binding, as Django does it: the text is complete, a percent sign in it is a percent sign.
        cursor = psycopg.ClientCursor(connection)
        started = time.perf_counter()
        cursor.execute(statement["sql"])
        if cursor.description:
            cursor.fetchall()
        return (time.perf_counter() - started) * 1000
    finally:
        connection.rollback()


def _plan(connection: psycopg.Connection, statement: dict[str, Any]) -> str:
    try:
        _scope(connection, statement)
        rows = psycopg.ClientCursor(connection).execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement['sql']}").fetchall()
        return "\n".join(row[0] for row in rows)
    finally:
        connection.rollback()
