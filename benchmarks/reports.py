"""Measures a report of 200 and of 500 questions: writing its content, its PDF, its workbook and its flat table.

    python -m benchmarks.reports                 (prints a table; --rounds for more)

Over the benchmark's database of scale 1; everything is taken back at the end. “Cold” is the first document of a process.
A PDF is set in a process of its own, so its time holds the start of one; its memory is that process's.
"""

import argparse
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

from benchmarks import authoring

SIZES = (200, 500)
ROUNDS = 10
LIMIT = 3.0  # seconds, for a PDF of 200 questions


def measure(rounds: int) -> dict[str, dict[int, dict[str, float]]]:
    """This will return {step: {size: cold, median (seconds), kilobytes}}, and under "memory" the megabytes of a PDF."""
    from django.db import transaction

    from accounts.models import Membership, Organization, OrganizationHost, User
    from accounts.tenancy import scope
    from accounts.viewer import viewer_of_account, viewer_of_organization
    from benchmarks.generate import HOSTS, person

    found: dict[str, dict[int, dict[str, float]]] = {}
    with transaction.atomic():
        host = OrganizationHost.objects.get(host=f"{HOSTS[0]}.localhost")
        with scope(host.organization_id):
            organization = Organization.objects.get(pk=host.organization_id)
            admin_user, client_user = (User.objects.get(email=person(role)) for role in ("admin", "client"))
            account = Membership.objects.get(user=client_user).account_id
            admin = viewer_of_organization(admin_user, organization)
            client = viewer_of_account(client_user, organization, account)
            for size in SIZES:
                for name, step in steps(admin, client, size).items():
                    found.setdefault(name, {})[size] = timed(step, rounds)
        transaction.set_rollback(True)
    return found


def steps(admin: Any, client: Any, size: int) -> dict[str, Callable[[], bytes]]:
    """This will answer a run of that many questions, and return what is measured of it."""
    from accounts.models import Account
    from assessments.actions import answers, assessments
    from assessments.models import Assessment, ReportTemplate
    from assessments.reports import content, pdf, sheets
    from assessments.reports.sections import starting_set
    from library.actions import definitions
    from library.document import parse
    from library.versions import document_of

    definition = definitions.import_draft(by=admin, document=parse(authoring.document(size))).definition
    definitions.publish(by=admin, definition=definition)
    run = assessments.launch(by=client, definition=definition)
    asked = [one for section in document_of(run.version).sections for one in section.all_questions()]
    for place, question in enumerate(asked):
        raw = {"yes_no": "yes", "scale": "4", "number": "61", "single_choice": "o2"}.get(
            question.type, "As written down."
        )
        said = f"Looked at together, number {place}." if place % 4 == 0 else ""
        answers.save(by=client, assessment=run, question_key=question.key, state="answered", raw=raw, comment=said)
    assessments.submit(by=client, assessment=run)
    template = ReportTemplate(
        organization=Account.objects.get(pk=run.account_id).organization,
        name="Measured",
        sections=starting_set("detailed"),
    )
    rows = Assessment.objects.select_related("account__organization", "version", "definition", "result")

    def build() -> Any:
        return content.build(rows.get(pk=run.pk), template)

    written = build()
    brand = pdf.Brand.of(template.organization)
    return {
        "content": lambda: json.dumps(build(), ensure_ascii=False).encode(),
        "PDF": lambda: pdf.render(written, brand, edition=1),
        "XLSX": lambda: sheets.xlsx(written),
        "CSV": lambda: json.dumps(sheets.csv_rows(written), ensure_ascii=False).encode(),
    }


def timed(step: Callable[[], bytes], rounds: int) -> dict[str, float]:
    """This will run a step once cold and then that often, and return its times and what it made."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        made = step()
        times.append(time.perf_counter() - start)
    return {"cold": times[0], "median": statistics.median(times[1:]), "kilobytes": len(made) / 1024}


def table(found: dict[str, dict[int, dict[str, float]]]) -> str:
    """This will write the figures as a Markdown table."""
    lines = ["| Made | questions | cold, ms | median, ms | KB |", "|---|---|---|---|---|"]
    for name, by_size in found.items():
        for size, figures in by_size.items():
            over = " (over)" if name == "PDF" and size == SIZES[0] and figures["cold"] > LIMIT else ""
            lines.append(
                f"| {name} | {size} | {1000 * figures['cold']:.0f}{over} | {1000 * figures['median']:.0f} "
                f"| {figures['kilobytes']:.0f} |"
            )
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return "\n".join([*lines, "", f"The typesetter's process took {memory:.0f} MB at most."])


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

    from benchmarks import generate
    from portal.embedded import postgres

    postgres.cluster_at(settings.BENCHMARK_POSTGRES).start()
    if not generate.is_current(1):
        subprocess.run([sys.executable, "-m", "benchmarks.generate", "--scale", "1"], check=True)
    print(table(measure(options.rounds)))


if __name__ == "__main__":
    main()
