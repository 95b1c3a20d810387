"""200 people without a login answer one assessment at the same time, through the web server the product is run with.

    python -m benchmarks.crowd                       (prints; --people, --questions, --pause seconds)

Each follows a link of their own, opens a question, thinks for a moment, saves, goes on. Afterwards every answer that was
acknowledged is counted in the database: the run ends with an error when one is missing, doubled or different. The same
crowd then saves answers through the minimal floor (benchmarks/floors), over the same database and web server, so that
the 95th percentile of a save stands beside what the machine can do at all.
"""

import argparse
import http.client
import os
import random
import re
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

PEOPLE, QUESTIONS, PAUSE = 200, 20, 8.0
PORTS = (8190, 8191)
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Crowd:
    """What everybody noted: milliseconds of each request, what was acknowledged, what went wrong."""

    opened: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    acknowledged: set[tuple[str, str, str]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Browser:
    """One person's kept connection and cookies."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, str, bytes]:
        """This will ask for a page, or send a form, and return status, Location and body."""
        from benchmarks.drive import form_headers, read_cookies

        sent = form_headers(self.cookies) | {"Host": f"{self.host}:{self.port}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = urlencode(fields).encode() if fields is not None else None
        try:
            self.connection.request("POST" if body is not None else "GET", path, body, sent)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, http.client.CannotSendRequest, ConnectionResetError):
            self.connection.close()  # kept alive for longer than the server wanted; nothing was sent
            self.connection.request("POST" if body is not None else "GET", path, body, sent)
            response = self.connection.getresponse()
        page = response.read()
        self.cookies |= read_cookies(response)
        return response.status, response.headers.get("Location", ""), page


def respondent(crowd: Crowd, host: str, port: int, name: str, token: str, keys: list[str], pause: float) -> None:
    """This will be one person: starts with the link, answers every question, notes what was acknowledged."""
    browser, chance = Browser(host, port), random.Random(name)  # noqa: S311  (thinking takes differently long)
    time.sleep(chance.uniform(0, pause))
    start = f"/r/{token}/"
    _status, _to, page = browser.ask(start)
    csrf = _csrf(page)
    status, to, _page = browser.ask(start, {"csrfmiddlewaretoken": csrf}, Referer=f"http://{host}:{port}{start}")
    if status not in (302, 303):
        raise RuntimeError(f"{name} could not start: {status}")
    base = to if "/questions/" not in to else to.split("questions/")[0]
    for key in keys:
        address = f"{base}questions/{key}/"
        began = time.perf_counter()
        status, _to, page = browser.ask(address)
        opened = (time.perf_counter() - began) * 1000
        if status != 200:
            raise RuntimeError(f"{name}: question {key}: {status}")
        time.sleep(chance.uniform(pause / 2, pause * 1.5))
        value = str(chance.randint(1, 5))
        fields = {"answer": value, "comment": "", "revision": "0", "csrfmiddlewaretoken": _csrf(page)}
        began = time.perf_counter()
        status, _to, page = browser.ask(
            address, fields, HX_Request="true", X_Autosave="1", Referer=f"http://{host}:{port}{address}"
        )
        took = (time.perf_counter() - began) * 1000
        with crowd.lock:
            crowd.opened.append(opened)
            crowd.saved.append(took)
            if status in (200, 204):
                crowd.acknowledged.add((name, key, value))
            else:
                crowd.problems.append(f"{name}: {key}: {status} {page[:200]!r}")


def floor_respondent(crowd: Crowd, host: str, port: int, name: str, address: str, count: int, pause: float) -> None:
    """This will save answers through the floor at the same pace."""
    browser, chance = Browser(host, port), random.Random(name)  # noqa: S311
    time.sleep(chance.uniform(0, pause))
    for _number in range(count):
        time.sleep(chance.uniform(pause / 2, pause * 1.5))
        began = time.perf_counter()
        status, _to, page = browser.ask(address, {"answer": "written"})
        with crowd.lock:
            crowd.saved.append((time.perf_counter() - began) * 1000)
            if status != 200:
                crowd.problems.append(f"floor: {status} {page[:200]!r}")


def _csrf(page: bytes) -> str:
    found = _TOKEN.search(page)
    if found is None:
        raise RuntimeError(f"a page without a form: {page[:300]!r}")
    return found[1].decode()


def document(questions: int) -> dict[str, Any]:
    """This will be a definition of that many scales in four sections."""
    each = max(1, questions // 4)
    sections = [
        {
            "key": f"s{place}",
            "name": f"Section {place + 1}",
            "questions": [
                {
                    "key": f"q{place}-{number}",
                    "type": "scale",
                    "text": f"Statement {number}",
                    "minimum": 1,
                    "maximum": 5,
                }
                for number in range(each)
            ],
        }
        for place in range(4)
    ]
    scores = [
        {
            "key": "overall",
            "name": "Overall",
            "rule": "mean",
            "inputs": [{"sections": [one["key"] for one in sections]}],
            "inputs_as": "percent",
        }
    ]
    return {
        "format": "portal-definition/1", "key": "crowd", "name": "Crowd", "sections": sections,
        "scoring": {
            "scale": {"min": 0, "max": 100}, "overall": "overall", "scores": scores,
            "zones": [{"label": "All", "from": 0, "to": 100, "tone": "b2"}],
        },
    }  # fmt: skip


@contextmanager
def stage(people: int, questions: int, mode: str) -> Iterator[tuple[Any, dict[str, str], list[str]]]:
    """This will put up a run with a link for each of the people, and take all of it away at the end."""
    from django.utils import timezone

    from accounts.models import Membership, Organization, OrganizationHost, User
    from accounts.tenancy import scope
    from accounts.viewer import viewer_of_organization
    from assessments.actions import assessments
    from assessments.models import Assessment, Respondent, RespondentLink
    from assessments.models.respondent import hash_of
    from benchmarks import generate
    from library.actions import definitions
    from library.document import parse

    host = OrganizationHost.objects.get(host=f"{generate.HOSTS[0]}.localhost")
    tokens = {f"person-{number:04}": secrets.token_urlsafe(32) for number in range(people)}
    with scope(host.organization_id):
        organization = Organization.objects.get(pk=host.organization_id)
        admin = viewer_of_organization(User.objects.get(email=generate.person("admin")), organization)
        account = Membership.objects.select_related("account").get(user__email=generate.person("client")).account
        content = document(questions) | {"key": f"crowd-{secrets.token_hex(4)}"}
        definition = definitions.import_draft(by=admin, document=parse(content)).definition
        definitions.publish(by=admin, definition=definition)
        run = assessments.create(by=admin, account=account, definition=definition, name="Crowd")
        Assessment.objects.filter(pk=run.pk).update(mode=mode)
        own = {"organization": organization, "account": account, "assessment": run}
        rows = Respondent.objects.bulk_create(
            [Respondent(name=name, email=f"{name}@crowd.example", **own) for name in tokens]
        )
        until = timezone.now() + timedelta(days=1)
        RespondentLink.objects.bulk_create(
            RespondentLink(respondent=row, token_hash=hash_of(tokens[row.name]), expires_at=until, **own)
            for row in rows
        )
        keys = [question["key"] for section in content["sections"] for question in section["questions"]]
    try:
        yield run, tokens, keys
    finally:
        with generate.superuser("benchmark_1") as owner:
            owner.execute("SET session_replication_role = replica")
            for table in ("answerrevision", "answer", "respondentlink", "respondent"):
                owner.execute(f"DELETE FROM assessments_{table} WHERE assessment_id = %s", [run.pk])  # noqa: S608
            owner.execute("DELETE FROM assessments_assessment WHERE id = %s", [run.pk])
            owner.execute("DELETE FROM library_definitionversion WHERE definition_id = %s", [definition.pk])
            owner.execute("DELETE FROM library_definition WHERE id = %s", [definition.pk])


def missing_answers(run: Any, crowd: Crowd) -> list[str]:
    """This will compare what was acknowledged with what is stored, and name every difference."""
    from accounts.tenancy import scope
    from assessments.models import Answer

    with scope(run.organization_id):
        rows = Answer.objects.filter(assessment=run)
        stored = {
            (row.respondent.name, row.question_key, str(row.value))
            for row in rows.select_related("respondent")
            if row.respondent
        }
    lost = sorted(crowd.acknowledged - stored)
    extra = sorted(stored - crowd.acknowledged)
    return [f"lost: {one}" for one in lost] + [f"not acknowledged, but stored: {one}" for one in extra]


def gather(work: Callable[..., None], arguments: list[tuple[Any, ...]], crowd: Crowd) -> None:
    """This will run everybody at once and wait for the last."""

    def one(*args: Any) -> None:
        try:
            work(crowd, *args)
        except Exception as problem:
            with crowd.lock:
                crowd.problems.append(f"{type(problem).__name__}: {problem}"[:300])

    threads = [threading.Thread(target=one, args=args) for args in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def figures(times: list[float]) -> str:
    """This will summarize milliseconds."""
    from benchmarks.drive import percentile

    return f"median {statistics.median(times):.0f} ms, p95 {percentile(times, 95):.0f} ms, longest {max(times):.0f} ms"


def run(people: int, questions: int, pause: float) -> int:
    """This will put everybody to work, print, and return how many answers went wrong."""
    from benchmarks import generate, pages
    from benchmarks.drive import HOST, Server
    from benchmarks.floors.urls import address_of

    folder = Path(tempfile.mkdtemp(prefix="crowd-"))
    shared = {"PORTAL_BENCHMARK_SCALE": "1", "LOG_LEVEL": "WARNING", "WEB_CONCURRENCY": "2"}
    product = Server(
        "product", PORTS[0], {**shared, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}, folder / "product.log"
    )
    floor = Server(
        "floor", PORTS[1], {**shared, "DJANGO_SETTINGS_MODULE": "benchmarks.floors.settings"}, folder / "floor.log"
    )
    with ExitStack() as stack:
        assessment, tokens, keys = stack.enter_context(stage(people, questions, "independent"))
        with product.running(workers=2):
            crowd, began = Crowd(), time.perf_counter()
            gather(
                respondent, [(HOST, product.port, name, token, keys, pause) for name, token in tokens.items()], crowd
            )
            took = time.perf_counter() - began
        wrong = missing_answers(assessment, crowd)
        print(
            f"{people} people, {len(keys)} questions each, {took:.0f} s; {len(crowd.acknowledged)} answers acknowledged"
        )
        print(f"open a question: {figures(crowd.opened)}")
        print(f"save an answer:  {figures(crowd.saved)}")
        with generate.superuser("benchmark_1") as owner:
            facts = pages.facts(owner)
        address = address_of("minimal", "save", facts)
        with floor.running(workers=2):
            below = Crowd()
            paces = [(HOST, floor.port, name, address, max(1, len(keys) // 2), pause) for name in tokens]
            gather(floor_respondent, paces, below)
        print(f"the floor's save: {figures(below.saved)}")
        print(f"lost or different: {len(wrong)}; refused or failed: {len(crowd.problems)}")
        for line in [*wrong[:10], *crowd.problems[:10], *below.problems[:3]]:
            print(" ", line)
    return len(wrong) + len(crowd.problems)


def main() -> None:
    """This will measure and print; the exit code is 1 when one answer was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--pause", type=float, default=PAUSE, help="seconds of thought about each question, on average")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    import subprocess

    from django.conf import settings
    from django.core.management import call_command

    from benchmarks import generate
    from portal.embedded import postgres

    call_command("collectstatic", interactive=False, verbosity=0)
    postgres.cluster_at(settings.BENCHMARK_POSTGRES).start()
    if not generate.is_current(1):
        subprocess.run([sys.executable, "-m", "benchmarks.generate", "--scale", "1"], check=True)
    sys.exit(1 if run(options.people, options.questions, options.pause) else 0)


if __name__ == "__main__":
    main()
