"""The driver's arithmetic: what a median, a ratio and a missed budget are."""

import pytest

from benchmarks import report
from benchmarks.drive import percentile, ratio
from benchmarks.pages import Page
from benchmarks.walls import hottest, shape


def figures(product: float, minimal: float, at_ten: float, queries: int, gzipped: int = 9_000) -> dict:
    measured = {"p95": 1.0, "cpu": 1.0, "bytes": 30_000, "gzipped": gzipped}
    return {
        "product": {"median": product, **measured},
        "minimal": {"median": minimal, **measured},
        "product_10": {"median": at_ten, **measured},
        "queries": {"own": queries, "total": queries + 5, "savepoints": 0},
    }


@pytest.fixture
def page() -> Page:
    return Page("library", "Library", "client", lambda facts: "/", queries=10, ratio=1.3, growth=1.1)


def test_the_95th_percentile_is_the_nearest_rank():
    assert percentile([float(n) for n in range(1, 101)], 95) == 95.0
    assert percentile([3.0, 1.0, 2.0], 95) == 3.0
    assert percentile([7.0], 95) == 7.0


def test_a_ratio_compares_medians():
    assert ratio({"median": 13.0}, {"median": 10.0}) == 1.3


def test_a_page_within_its_budget_misses_nothing(page):
    assert report.verdicts(page, figures(13.0, 10.0, 13.5, queries=10)) == []


def test_each_missed_budget_is_named_with_both_numbers(page):
    missed = report.verdicts(page, figures(14.0, 10.0, 28.0, queries=11, gzipped=31_000))
    assert missed == ["queries 11 > 10", "1.4× > 1.3×", "growth 2.0 > 1.1", "31,000 B gz > 30,000"]


def test_a_page_that_could_not_be_measured_keeps_its_line(page, monkeypatch):
    monkeypatch.setattr(report, "PAGES", (page,))
    table = report.table({"library": {"problem": "RuntimeError: 404"}})
    assert "not measured: RuntimeError: 404" in table


def test_two_queries_of_one_shape_count_once_with_the_slower_one():
    def line(sql: str, ms: float, scale: int = 10) -> dict:
        return {"scale": scale, "path": "/", "statements": [{"sql": sql, "ms": ms}]}

    lines = [
        line("SELECT a FROM b WHERE id = 'x'::uuid LIMIT 25", 1.0),
        line("SELECT a FROM b WHERE id = 'y''z'::uuid LIMIT 26", 3.0),
        line("SELECT set_config('app.organization_id', 'x', true)", 9.0),
        line("SELECT c FROM b", 2.0),
        line("SELECT d FROM b", 8.0, scale=1),
    ]
    assert [statement["ms"] for statement in hottest(lines)] == [3.0, 2.0]
    assert shape("SELECT 'it''s' , 12") == "SELECT ? , ?"
