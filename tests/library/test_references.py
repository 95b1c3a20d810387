import copy

from library import references
from library.document import parse
from tests.assessments.stage import EVERY_KIND


def document(*values: dict):
    usual = {"score": "overall", "label": "Somebody", "n": "9 organizations", "source": "The Yearbook", "year": 2025}
    return parse(copy.deepcopy(EVERY_KIND) | {"reference_values": [usual | value for value in values]})


def test_the_industry_comes_before_everybody():
    figures = document({"value": 50}, {"value": 60, "industry": "62"})
    assert references.for_score(figures, "overall", "6212").value == 60
    assert references.for_score(figures, "overall", "62").value == 60
    assert references.for_score(figures, "overall", "5411").value == 50


def test_a_sector_may_be_a_range():
    figures = document({"value": 50}, {"value": 44, "industry": "31-33"})
    assert references.for_score(figures, "overall", "311").value == 44
    assert references.for_score(figures, "overall", "3254").value == 44


def test_without_an_industry_everybody_counts():
    figures = document({"value": 60, "industry": "62"}, {"value": 50})
    assert references.for_score(figures, "overall", "").value == 50
    assert references.for_score(figures, "overall", "no code").value == 50


def test_nothing_fits():
    figures = document({"value": 60, "industry": "62"})
    assert references.for_score(figures, "overall", "5411") is None
    assert references.for_score(figures, "basics", "6212") is None


def test_the_latest_year_counts():
    figures = document({"value": 50, "year": 2023}, {"value": 53, "year": 2025}, {"value": 49, "year": 2022})
    assert references.for_score(figures, "overall", "").value == 53
