"""One run beside an earlier one: figures, bands, findings, answers, and what keeps two versions apart."""

import copy
import html
import re

import pytest

from assessments.actions import assessments
from assessments.models import Assessment
from assessments.results import run_comparison
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs() -> tuple[Assessment, Assessment]:
    """Two released runs of Priya's: the first with a share of 20 on most computers, the second with 90 on all."""
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        first = assessments.release(by=sam, assessment=stage.found_out())
        second = stage.found_out(definition=first.definition, share="90", edr="all")
        return first, assessments.release(by=sam, assessment=second)


def page_of(name: str, run: Assessment, route: str = "client:run_comparison", query: str = "") -> str:
    response = cast.visitor(name).get(address(route, run) + query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_sentence_the_chart_and_the_table_say_the_same(runs):
    _first, second = runs
    page = page_of("priya", second)
    words = plain(page)
    assert "The score rose from 37 to 57, by 20 points. The band was At risk and is Developing." in words
    assert page.index("The score rose") < page.index('class="gauge"') < page.index("All figures")
    assert "Before 37" in page
    table = plain(page.split("All figures")[1].split("</table>")[0])
    assert "Overall" in table and "+20" in table and "At risk to Developing" in table
    assert "Basics" in table


def test_difference_is_of_the_figures_as_shown(runs):
    first, second = runs
    with cast.inside("harbor"):
        compared = run_comparison.compare(cast.viewer("sam", "Northwind"), second, first, with_answers=False)
    for row in compared.rows:
        assert int(row.now) - int(row.then) == int(row.difference.replace("−", "-"))


def test_findings_that_are_gone_new_and_still_there(runs):
    first, second = runs
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        moved = run_comparison.compare(sam, second, first, with_answers=False).moved
    assert [title for *_rest, title in moved.gone] == ["Cover all computers", "Which share is done?"]
    assert moved.new == []
    assert [title for *_rest, title in moved.still] == ["See to the basics"]


def test_changed_answers_are_for_who_took_part_in_both(runs):
    first, second = runs
    words = plain(page_of("priya", second))
    assert "Answers that changed 2" in words
    assert "Before On most" in words and "Now On all" in words
    for name in ("dora", "marcus"):
        page = page_of(name, second)
        assert "Answers that changed" not in page
        assert "On most" not in page
    assert "Answers that changed" in page_of("sam", second, "staff:run_comparison")
    with cast.inside("harbor"):
        # Marcus joins the later run only.
        run = stage.launched("marcus", first.definition)
        say(cast.viewer("marcus", "Northwind"), run, "edr", "none")
        third = stage.released("marcus", run)
    assert "Answers that changed" not in page_of("marcus", third)


def test_any_earlier_run_can_be_chosen_and_nothing_else(runs):
    first, second = runs
    with cast.inside("harbor"):
        third = assessments.release(
            by=cast.viewer("sam", "Northwind"), assessment=stage.found_out(definition=first.definition, share="90")
        )
        unreleased = stage.found_out(definition=first.definition)
        other = stage.released()
    assert f'value="{second.pk}" selected' in page_of("priya", third)
    assert f'value="{first.pk}" selected' in page_of("priya", third, query=f"?with={first.pk}")
    priya = cast.visitor("priya")
    for wrong in (unreleased.pk, other.pk, third.pk, "nonsense"):
        assert priya.get(f"{address('client:run_comparison', third)}?with={wrong}").status_code == 404, wrong
    assert priya.get(address("client:run_comparison", unreleased)).status_code == 404
    assert "Nothing to compare with yet" in page_of("priya", first)


def test_versions_that_score_otherwise_are_not_subtracted_and_it_is_said_why(runs):
    first, _second = runs
    with cast.inside("harbor"):
        changed = copy.deepcopy(stage.advised())
        edr = next(one for one in changed["sections"][0]["questions"] if one["key"] == "edr")
        edr["options"][1]["value"] = 80
        newer = stage.found_out(definition=stage.publish(changed))
        newer = assessments.release(by=cast.viewer("sam", "Northwind"), assessment=newer)
    assert newer.definition_id == first.definition_id
    page = page_of("priya", newer)
    assert "Versions 1 and 2 are not comparable" in page
    notice = plain(page.split("are not comparable")[1].split("</ul>")[0])
    assert "On most" in notice
    assert 'class="radar"' not in page
    table = plain(page.split("All figures")[1].split("</table>")[0])
    assert "+" not in table and "−" not in table
    assert "other questions" in page_of("priya", newer, "client:results")


def test_versions_that_score_alike_are_compared(runs):
    with cast.inside("harbor"):
        renamed = stage.advised() | {"description": "Said anew"}
        newer = stage.found_out(definition=stage.publish(renamed))
        newer = assessments.release(by=cast.viewer("sam", "Northwind"), assessment=newer)
    page = page_of("priya", newer)
    assert "Versions 1 and 2 score alike" in page
    assert "The score fell from 57 to 37" in page


def test_comparing_two_versions_is_worked_out_once(runs, monkeypatch):
    with cast.inside("harbor"):
        changed = copy.deepcopy(stage.advised())
        changed["scoring"]["scores"][0]["rule"] = "median"
        newer = stage.found_out(definition=stage.publish(changed))
        newer = assessments.release(by=cast.viewer("sam", "Northwind"), assessment=newer)
    page_of("priya", newer)

    def refuse(*args: object) -> None:
        raise AssertionError("compared again")

    monkeypatch.setattr("library.comparison.compare", refuse)
    monkeypatch.setattr("library.comparison.scores_alike", refuse)
    page_of("priya", newer)


def test_only_those_of_the_account_open_it(runs):
    _first, second = runs
    for name, expected in {"carla": 404, "iris": 404, "mia": 404}.items():
        visitor = cast.visitor(name, at="harbor")
        assert visitor.get(address("client:run_comparison", second)).status_code == expected
        assert visitor.get(address("staff:run_comparison", second)).status_code == expected
