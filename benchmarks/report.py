"""Writes the figures of a run: benchmarks/results/<scale>.json, and the tables in benchmarks/RESULTS.md."""

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from benchmarks.drive import ratio
from benchmarks.pages import PAGES
from portal.embedded import postgres

HERE = Path(__file__).parent
START, END = "<!-- figures: written by benchmarks.drive -->", "<!-- end of figures -->"


def verdicts(page: Any, figures: dict[str, Any]) -> list[str]:
    """This will name the budgets a page misses: "queries 11 > 10"; an empty list is good."""
    missed = []
    if page.queries is not None and figures["queries"]["own"] > page.queries:
        missed.append(f"queries {figures['queries']['own']} > {page.queries}")
    if page.ratio is not None and "minimal" in figures:
        measured = ratio(figures["product"], figures["minimal"])
        if measured > page.ratio:
            missed.append(f"{measured}× > {page.ratio}×")
    # Two medians of one run differ by some percent even for the same work.
    if page.growth is not None and ratio(figures["product_10"], figures["product"]) > page.growth + 0.1:
        missed.append(f"growth {ratio(figures['product_10'], figures['product'])} > {page.growth}")
    if figures["product"]["gzipped"] > 30_000:
        missed.append(f"{figures['product']['gzipped']:,} B gz > 30,000")
    return missed


def table(found: dict[str, Any]) -> str:
    """This will write the pages as a Markdown table, one line each."""
    lines = [
        "| Page | queries own / all (+ savepoints) | bytes | gz | median ms | p95 | minimal ms | tuned ms | × minimal"
        " | × tuned | × at 10× data | CPU ms | × minimal's CPU | floor's bytes | misses |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for page in PAGES:
        if page.key in found:
            lines.append(_line(page, found[page.key]))
    return "\n".join(lines)


def _line(page: Any, figures: dict[str, Any]) -> str:
    if "problem" in figures:
        return f"| {page.title} | not measured: {figures['problem'][:160].replace('|', '/')} |" + " |" * 13
    product, queries = figures["product"], figures["queries"]
    floors = [figures.get("minimal"), figures.get("tuned")]
    limit = f" (≤ {page.ratio})" if page.ratio is not None else ""
    cells = [
        page.title,
        f"{queries['own']} / {queries['total']} (+ {queries['savepoints']})",
        f"{product['bytes']:,}",
        f"{product['gzipped']:,}",
        f"{product['median']:.1f}",
        f"{product['p95']:.1f}",
        *(f"{floor['median']:.1f}" if floor else "–" for floor in floors),
        f"**{ratio(product, floors[0])}**{limit}" if floors[0] else "–",
        f"{ratio(product, floors[1])}" if floors[1] else "–",
        f"{ratio(figures['product_10'], product)}",
        f"{product['cpu']:.1f}",
        f"{product['cpu'] / floors[0]['cpu']:.1f}" if floors[0] and floors[0]["cpu"] else "–",
        f"{floors[0]['bytes'] / product['bytes'] * 100:.0f} %" if floors[0] and product["bytes"] else "–",
        "; ".join(verdicts(page, figures)) or "none",
    ]
    return f"| {' | '.join(cells)} |"


def walls_table(cost: list[dict[str, Any]]) -> str:
    """This will write what row-level security costs as a Markdown table."""
    lines = ["| Query, plan in explain/ | page | with the wall, ms | around it, ms | ratio |", "|---|---|---|---|---|"]
    columns = ("query", "page", "walled", "around", "ratio")
    lines += [f"| {' | '.join(str(one[column]) for column in columns)} |" for one in cost]
    return "\n".join(lines)


def machine(rounds: int) -> dict[str, Any]:
    """This will say what the run was made on, in general terms."""
    return {
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "django": version("django"),
        "granian": version("granian"),
        "postgresql": postgres.cluster_at(settings.BENCHMARK_POSTGRES).sql("SHOW server_version").split(" ")[0],
        "rounds": rounds,
        "load": round(psutil.getloadavg()[1], 1),
    }


def write(found: dict[str, Any], cost: list[dict[str, Any]], rounds: int) -> None:
    """This will replace the figures of the last run by these; the words around them stay."""
    facts = machine(rounds)
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    kept = {"1": ("product", "minimal", "tuned", "queries", "problem"), "10": ("product_10", "problem")}
    for scale, names in kept.items():
        pages = {key: {name: figures[name] for name in names if name in figures} for key, figures in found.items()}
        data = {"machine": facts, "pages": pages} | ({"walls": cost} if scale == "10" else {})
        (folder / f"{scale}.json").write_text(json.dumps(data, indent=1) + "\n")
    described = (
        f"{facts['cores']} cores, {facts['memory_gb']} GB, Python {facts['python']}, Django {facts['django']}, granian"
        f" {facts['granian']} with one process of one thread, PostgreSQL {facts['postgresql']} on a socket;"
        f" {facts['rounds']} rounds a page; load average {facts['load']} during the run."
    )
    figures = "\n\n".join(["", described, table(found), "### Row-level security at 10× data", walls_table(cost), ""])
    path = HERE / "RESULTS.md"
    before, _, rest = path.read_text().partition(START)
    _old, _, after = rest.partition(END)
    path.write_text(f"{before}{START}{figures}{END}{after}")
