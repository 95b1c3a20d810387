"""Measures writing and taking definitions of 50 and of 500 questions: does a page grow with the definition?

    python -m benchmarks.authoring               (prints a table; --rounds for more)

In one process, through Django's own test client, over the benchmark's database of scale 1, and everything is taken back
at the end. The two sizes are asked in turns, so whatever else the machine does, both suffer alike.
"""

import argparse
import gzip
import os
import re
import statistics
import time
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import django

SIZES = (50, 500)
ROUNDS = 60
WARM_UP = 5
HTMX = {"HX-Request": "true"}
LIMIT = 300  # milliseconds, 95th percentile, for an answer of the editor


def document(size: int) -> dict[str, Any]:
    """This will be a definition of that many questions in ten sections: every type, weights, every tenth conditional."""
    return {
        "format": "portal-definition/1",
        "key": f"measured-{size}",
        "name": f"Measured {size}",
        "sections": [
            {
                "key": f"s{section}",
                "name": f"Section {section}",
                "questions": [_question(section, number) for number in range(size // 10)],
            }
            for section in range(10)
        ],
        "scoring": {
            "scale": {"min": 0, "max": 100},
            "overall": "overall",
            "sections": {f"s{section}": f"s{section}" for section in range(10)},
            "scores": [
                {
                    "key": "overall",
                    "name": "Overall",
                    "rule": "weighted_mean",
                    "inputs_as": "percent",
                    "inputs": [{"scores": [f"s{section}" for section in range(10)]}],
                },
                *(
                    {
                        "key": f"s{section}",
                        "name": f"Section {section}",
                        "rule": "weighted_mean",
                        "inputs_as": "percent",
                        "inputs": [{"sections": [f"s{section}"]}],
                    }
                    for section in range(10)
                ),
            ],
            "zones": [
                {"label": "Weak", "from": 0, "to": 50, "tone": "b1"},
                {"label": "Strong", "from": 50, "to": 100, "tone": "b4"},
            ],
        },
    }


def _question(section: int, number: int) -> dict[str, Any]:
    kinds: list[dict[str, Any]] = [
        {"type": "yes_no"},
        {"type": "scale", "minimum": 1, "maximum": 5},
        {
            "type": "single_choice",
            "options": [{"key": f"o{at}", "text": f"Answer {at} of them", "value": at * 25} for at in range(5)],
        },
        {"type": "number", "minimum": 0, "maximum": 100, "bands": [{"from": 0, "value": 0}, {"from": 50, "value": 1}]},
        {"type": "text"},
    ]
    made = {"key": f"q{section}-{number}", "text": f"How far are you with measure {number} of part {section}?"}
    made |= {"weight": number % 3 + 1, "allow_dont_know": True, **kinds[number % len(kinds)]}
    if number % 10 == 9:
        made["show_if"] = {"question": f"q{section}-0", "operator": "equals", "value": "yes"}
    return made


def percentile(times: list[float], share: float) -> float:
    """This will return the time that this share (0 to 1) of all stays under."""
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def steps(admin: Any, client: Any, made: dict[int, Any], size: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """This will yield what is measured: a name and the request."""
    from django.urls import reverse

    definition, run = made[size]
    editor = reverse("staff:editor", args=[definition.id]) + "?part=question:q0-2"
    counter = iter(range(10_000))

    def save() -> Any:
        fields = _filled(admin.get(editor).content.decode())
        fields["text"] = [f"How far are you by now, time {next(counter)}?"]
        start = time.perf_counter()
        answer = admin.post(editor, fields, headers=HTMX)
        return answer, time.perf_counter() - start

    def add() -> Any:
        url = reverse("staff:draft_addition", args=[definition.id])
        return admin.post(url, {"kind": "question", "type": "yes_no", "part": "question:q0-2"}, headers=HTMX)

    question = reverse("client:question", args=[run.account_id, run.id, "q0-1"])
    seen = {"revision": ""}

    def answer() -> Any:
        fields = {"answer": str(next(counter) % 5 + 1), "revision": seen["revision"]}
        saved = client.post(question, fields, headers=HTMX)
        seen["revision"] = saved.headers.get("X-Answer-Revision", "")
        return saved

    yield "editor, page", lambda: admin.get(editor)
    yield "editor, save a question", save
    yield "editor, add a question", add
    yield "scoring, page", lambda: admin.get(reverse("staff:scoring", args=[definition.id]))
    yield "preview as respondent", lambda: admin.get(reverse("staff:trial", args=[definition.id]))
    yield "taking, page", lambda: client.get(question)
    yield "taking, save an answer", answer


def _filled(html: str) -> dict[str, list[str]]:
    """This will fill in the form of a part as a browser would send it."""
    form = next(form for form in re.findall(r"<form\b.*?</form>", html, re.DOTALL) if 'name="seen"' in form)
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>|<select\b.*?</select>|<textarea\b.*?</textarea>", form, re.DOTALL):
        name, value = re.search(r'\sname="([^"]*)"', tag), _value(tag)
        if name and value is not None:
            fields.setdefault(unescape(name[1]), []).append(unescape(value))
    return fields


def _value(tag: str) -> str | None:
    if tag.startswith("<select"):
        options = re.findall(r'<option value="([^"]*)"( selected)?', tag)
        return next((value for value, chosen in options if chosen), options[0][0] if options else None)
    if tag.startswith("<textarea"):
        found = re.search(r">\n?(.*)</textarea>", tag, re.DOTALL)
        return found[1] if found else ""
    if re.search(r'\stype="(checkbox|radio)"', tag) and " checked" not in tag:
        return None
    found = re.search(r'\svalue="([^"]*)"', tag)
    return found[1] if found else "on"


def measure(rounds: int) -> dict[str, dict[int, dict[str, float]]]:
    """This will return {step: {size: median, p95 (milliseconds), gzipped (bytes)}}; nothing of it stays stored."""
    from django.db import transaction
    from django.test import Client

    from accounts.models import Membership, Organization, OrganizationHost, User
    from accounts.tenancy import scope
    from accounts.viewer import viewer_of_account, viewer_of_organization
    from assessments.actions import assessments
    from benchmarks.generate import HOSTS, person
    from library.actions import definitions
    from library.document import parse

    found: dict[str, dict[int, dict[str, float]]] = {}
    with transaction.atomic():
        host = OrganizationHost.objects.get(host=f"{HOSTS[0]}.localhost")
        made = {}
        with scope(host.organization_id):
            organization = Organization.objects.get(pk=host.organization_id)
            admin_user, client_user = (User.objects.get(email=person(role)) for role in ("admin", "client"))
            admin = viewer_of_organization(admin_user, organization)
            account = Membership.objects.get(user=client_user).account_id
            for size in SIZES:
                definition = definitions.import_draft(by=admin, document=parse(document(size))).definition
                definitions.publish(by=admin, definition=definition)
                by = viewer_of_account(client_user, organization, account)
                run = assessments.launch(by=by, definition=definition)  # type: ignore[arg-type]
                made[size] = (definition, run)
                definitions.start_version(by=admin, definition=definition)
        browsers = []
        for user in (admin_user, client_user):
            browser = Client(headers={"host": f"{HOSTS[0]}.localhost"})
            browser.force_login(user)
            browsers.append(browser)
        both = {size: dict(steps(*browsers, made, size)) for size in SIZES}
        for name in both[SIZES[0]]:
            times: dict[int, list[float]] = {size: [] for size in SIZES}
            for turn in range(rounds + WARM_UP):
                for size in SIZES:
                    start = time.perf_counter()
                    answer = both[size][name]()
                    answer, took = answer if isinstance(answer, tuple) else (answer, time.perf_counter() - start)
                    if answer.status_code != 200:
                        raise RuntimeError(f"{name}, {size} questions: status {answer.status_code}")
                    if turn >= WARM_UP:
                        times[size].append(took * 1000)
                    found.setdefault(name, {}).setdefault(size, {})["gzipped"] = len(gzip.compress(answer.content))
            for size in SIZES:
                found[name][size] |= {"median": statistics.median(times[size]), "p95": percentile(times[size], 0.95)}
        transaction.set_rollback(True)
    return found


def table(found: dict[str, dict[int, dict[str, float]]]) -> str:
    """This will write the figures as a Markdown table."""
    small, large = SIZES
    lines = [
        f"| Request | {small} questions, median ms | {large} questions, median ms | ratio | {large}, p95 ms | {large}, KB gz |",
        "|---|---|---|---|---|---|",
    ]
    for name, by_size in found.items():
        one, two = by_size[small], by_size[large]
        lines.append(
            f"| {name} | {one['median']:.0f} | {two['median']:.0f} | {two['median'] / one['median']:.2f} "
            f"| {two['p95']:.0f}{' (over)' if two['p95'] > LIMIT else ''} | {two['gzipped'] / 1024:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """This will measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    import subprocess
    import sys

    from django.conf import settings
    from django.core.management import call_command

    from benchmarks import generate
    from portal.embedded import postgres

    call_command("collectstatic", interactive=False, verbosity=0)
    postgres.cluster_at(settings.BENCHMARK_POSTGRES).start()
    if not generate.is_current(1):
        subprocess.run([sys.executable, "-m", "benchmarks.generate", "--scale", "1"], check=True)
    print(table(measure(options.rounds)))


if __name__ == "__main__":
    main()
