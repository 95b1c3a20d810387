"""Measures the product's pages against the floors, in turns, and writes the figures down.

    python -m benchmarks.drive                 (every page, product at both scales, both floors)
    python -m benchmarks.drive library search  (some pages, printed but not written down)

Each server is one process of the web server the product is run with, on loopback. Real people sign in through the
sign-in form. For each page the requests go round: product, minimal floor, tuned floor, product over ten times the data;
so whatever else the machine does, all of them suffer alike. Only ratios mean anything elsewhere.
"""

import argparse
import gzip
import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django
import psutil

HOST = "north.localhost"
FIRST_PORT = 8160
ROUNDS = 60
WARM_UP = 6
SCALES = (1, 10)


class Server:
    """One running web server: what it serves, over which database."""

    def __init__(self, name: str, port: int, environment: dict[str, str], log: Path) -> None:
        self.name, self.port, self.log = name, port, log
        self.environment = {**os.environ, **environment}
        self.cookies: dict[str, dict[str, str]] = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.worker: psutil.Process | None = None

    @contextmanager
    def running(self, workers: int = 1) -> Iterator["Server"]:
        """This will start the server, wait until it answers, and end it at the end of the block."""
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", str(workers), "--blocking-threads", "1", "--no-ws", "portal.wsgi:application",
        ]  # fmt: skip
        with self.log.open("wb") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=subprocess.STDOUT)  # noqa: S603
        try:
            self._wait(process)
            self.worker = psutil.Process(process.pid).children()[0]
            yield self
        finally:
            process.terminate()
            process.wait(20)

    def _wait(self, process: subprocess.Popen) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                self.request("GET", "/healthz")
                return
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """This will send one request over the kept connection and read the whole answer."""
        try:
            self.connection.request(method, path, body, {"Host": f"{HOST}:{self.port}", **(headers or {})})
            response = self.connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise

    def cpu(self) -> float:
        """This will return the seconds of processor time the serving process has used so far."""
        times = self.worker.cpu_times() if self.worker else None
        return times.user + times.system if times else 0.0

    def sign_in(self, role: str) -> None:
        """This will sign a person in through the form, as a browser does."""
        from benchmarks.generate import PASSWORD, person

        path = "/account/login/"
        response, page = self.request("GET", path)
        cookies = read_cookies(response)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None:
            raise RuntimeError(f"{path} has no form: {response.status}")
        fields = {"login": person(role), "password": PASSWORD, "csrfmiddlewaretoken": token[1].decode()}
        headers = form_headers(cookies) | {"Referer": f"http://{HOST}:{self.port}{path}"}
        response, page = self.request("POST", path, headers, urlencode(fields).encode())
        cookies |= read_cookies(response)
        if "sessionid" not in cookies:
            raise RuntimeError(f"{person(role)} could not sign in: {response.status}")
        self.cookies[role] = cookies


def read_cookies(response: http.client.HTTPResponse) -> dict[str, str]:
    """This will return the cookies an answer sets."""
    lines = response.headers.get_all("Set-Cookie") or []
    return dict(line.split(";", 1)[0].split("=", 1) for line in lines)


def form_headers(cookies: dict[str, str]) -> dict[str, str]:
    """This will return the headers of a form that a browser with these cookies sends."""
    written = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": written, "Content-Type": "application/x-www-form-urlencoded"}


class Caller:
    """Asks one server for one page, again and again."""

    def __init__(self, server: Server, page: Any, facts: dict[str, str], owner: Any, address: str) -> None:
        self.server, self.page, self.facts, self.owner = server, page, facts, owner
        self.address = address
        cookies = server.cookies.get(page.role, {})
        self.headers = form_headers(cookies)
        self.body = None
        if page.fragment:
            self.headers |= {"HX-Request": "true"}
        if page.fields:
            token = cookies.get("csrftoken", "")
            self.body = urlencode(page.fields(facts) | {"csrfmiddlewaretoken": token}).encode()
        self.times: list[float] = []
        self.cpu = 0.0
        self.bytes = 0
        self.gzipped = 0

    def ask(self, **headers: str) -> http.client.HTTPResponse:
        """This will ask once and return the answer; anything but 200 raises RuntimeError."""
        if self.page.resets:
            self.owner.execute(
                "DELETE FROM assessments_answer WHERE assessment_id = %s AND question_key = %s",
                [self.facts[self.page.resets], self.facts["question"]],
            )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        cpu, started = self.server.cpu(), time.perf_counter()
        method = "POST" if self.body else "GET"
        response, page = self.server.request(method, self.address, self.headers | named, self.body)
        self.times.append((time.perf_counter() - started) * 1000)
        self.cpu += self.server.cpu() - cpu
        if response.status not in (200, 204):
            raise RuntimeError(f"{self.server.name} {self.address}: {response.status} {page[:300]!r}")
        self.bytes, self.gzipped = len(page), len(gzip.compress(page, 6))
        return response

    def forget(self) -> None:
        """This will leave the warm-up out of the figures."""
        self.times.clear()
        self.cpu = 0.0

    def figures(self) -> dict[str, Any]:
        """This will summarize: milliseconds, bytes, processor milliseconds of the web process."""
        return {
            "median": round(statistics.median(self.times), 2),
            "p95": round(percentile(self.times, 95), 2),
            "cpu": round(self.cpu * 1000 / len(self.times), 1),
            "bytes": self.bytes,
            "gzipped": self.gzipped,
        }


def percentile(values: list[float], share: int) -> float:
    """This will return the value that `share` percent of the values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * share // 100) - 1)]


def ratio(one: dict[str, Any], other: dict[str, Any]) -> float:
    """This will say how many times the median of `other` the median of `one` is."""
    return round(one["median"] / other["median"], 2)


def measure(callers: dict[str, Caller], rounds: int) -> dict[str, Any]:
    """This will ask all callers in turns, and return the figures of each under its name."""
    for caller in callers.values():
        caller.server.connection.close()  # the server may have given up a connection unused for long
        for _ in range(WARM_UP):
            caller.ask()
        caller.forget()
    names = list(callers)
    for number in range(rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            callers[name].ask()
    return {name: caller.figures() for name, caller in callers.items()}


def count_queries(caller: Caller) -> dict[str, int]:
    """This will ask once more for the number of queries, and keep the statements for benchmarks.walls."""
    headers = caller.ask(X_Count_Queries="sql").headers
    total, before = int(headers["X-Queries"]), int(headers["X-Queries-Before-View"])
    return {"total": total, "own": total - before, "savepoints": int(headers["X-Savepoints"])}


def servers(folder: Path) -> dict[str, Server]:
    """This will describe the servers of one run, none of them started."""
    kinds = {
        "product": ("benchmarks.settings", 1),
        "minimal": ("benchmarks.floors.settings", 1),
        "tuned": ("benchmarks.floors.settings", 1),
        "product_10": ("benchmarks.settings", 10),
    }
    return {
        name: Server(
            name,
            FIRST_PORT + place,
            {
                "DJANGO_SETTINGS_MODULE": settings_module,
                "PORTAL_BENCHMARK": "1",
                "PORTAL_BENCHMARK_SCALE": str(scale),
                "LOG_LEVEL": "INFO",
            },
            folder / f"{name}.log",
        )
        for place, (name, (settings_module, scale)) in enumerate(kinds.items())
    }


def run(keys: list[str], rounds: int) -> dict[str, Any]:
    """This will measure the pages and return {page: figures, or why there are none}."""
    from django.conf import settings
    from django.core.management import call_command

    from benchmarks import generate, pages
    from portal.embedded import postgres

    folder = settings.BENCHMARK_DIR
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "queries.jsonl").unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    postgres.cluster_at(settings.BENCHMARK_POSTGRES).start()
    for scale in SCALES:
        if not generate.is_current(scale):
            command = [sys.executable, "-m", "benchmarks.generate", "--scale", str(scale)]
            subprocess.run(command, check=True)  # noqa: S603  (our own interpreter and module)
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        owners = {}
        for scale in SCALES:
            owners[scale] = stack.enter_context(generate.superuser(f"benchmark_{scale}"))
            owners[scale].autocommit = True
        facts = {scale: pages.facts(owners[scale]) for scale in SCALES}
        running = {name: stack.enter_context(server.running()) for name, server in servers(folder).items()}
        wanted = [page for page in pages.PAGES if not keys or page.key in keys]
        for role in {page.role for page in wanted}:
            for name in ("product", "product_10"):
                running[name].sign_in(role)
        for page in wanted:
            try:
                callers = _callers(page, running, facts, owners)
                found[page.key] = measure(callers, rounds) | {"queries": count_queries(callers["product"])}
                count_queries(callers["product_10"])
            except Exception as problem:
                found[page.key] = {"problem": f"{type(problem).__name__}: {problem}"[:400]}
            print(page.title, found[page.key], flush=True)
    return found


def _callers(page: Any, running: dict[str, Server], facts: dict[int, Any], owners: dict[int, Any]) -> dict[str, Caller]:
    from benchmarks.floors.urls import address_of

    callers = {"product": Caller(running["product"], page, facts[1], owners[1], page.address(facts[1]))}
    for floor in ("minimal", "tuned"):
        path = address_of(floor, page.key, facts[1])
        if path:
            callers[floor] = Caller(running[floor], page, facts[1], owners[1], path)
    callers["product_10"] = Caller(running["product_10"], page, facts[10], owners[10], page.address(facts[10]))
    return callers


def main() -> None:
    """This will measure, print, and write down a complete run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="keys of benchmarks.pages; without: all, and RESULTS.md is written")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    from benchmarks import report, walls

    found = run(options.pages, options.rounds)
    cost = walls.cost()
    print(report.table(found))
    print(report.walls_table(cost))
    if not options.pages:
        report.write(found, cost, options.rounds)


if __name__ == "__main__":
    main()
