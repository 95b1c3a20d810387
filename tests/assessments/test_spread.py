"""Agreement and combination of independent answers: figures worked out by hand."""

from typing import Any

import pytest

from assessments.review.spread import combine, percent_of, spread_of
from library.answers import DONT_KNOW, NOT_APPLICABLE, Answer, State
from library.document import DefinitionDocument, parse
from tests.assessments.stage import EVERY_KIND


@pytest.fixture(scope="module")
def document() -> DefinitionDocument:
    return parse(EVERY_KIND)


def said(value: Any) -> Answer:
    return Answer(State.ANSWERED, value)


def sets(key: str, *answers: Answer) -> dict[int, dict[str, Answer]]:
    return {who: {key: answer} for who, answer in enumerate(answers)}


def test_mean_median_and_deviation_are_in_percent_of_the_question(document: DefinitionDocument) -> None:
    question = document.question("tested")  # a scale from 0 to 5
    found = spread_of(question, sets("tested", said(0), said(1), said(5), said(4)))
    assert (found.low, found.high, found.width) == (0, 100, 100)
    assert (found.mean, found.median) == (50, 50)
    assert found.deviation == pytest.approx(41.2311, abs=1e-3)  # of 0, 20, 80, 100


def test_who_says_nothing_is_no_part_of_it(document: DefinitionDocument) -> None:
    question = document.question("edr")
    found = spread_of(question, {"a": {"edr": said("all")}, "b": {}, "c": {"edr": DONT_KNOW}})
    assert [one.who for one in found.given] == ["a", "c"]
    assert (found.mean, found.deviation) == (100, None)
    assert percent_of(question, NOT_APPLICABLE) is None


def test_one_of_five_far_from_the_rest_is_an_outlier(document: DefinitionDocument) -> None:
    question = document.question("tested")
    found = spread_of(question, sets("tested", *(said(value) for value in (5, 5, 4, 5, 0))))
    assert [one.who for one in found.outliers] == [4]


def test_a_small_step_from_full_agreement_is_none(document: DefinitionDocument) -> None:
    question = document.question("tested")
    found = spread_of(question, sets("tested", *(said(value) for value in (5, 5, 5, 5, 4))))
    assert found.outliers == []


def test_of_three_nobody_is_the_odd_one_out(document: DefinitionDocument) -> None:
    question = document.question("tested")
    assert spread_of(question, sets("tested", said(0), said(5), said(5))).outliers == []


@pytest.mark.parametrize(
    ("how", "expected"), [("mean", "most"), ("median", "most"), ("lowest", "none"), ("highest", "all")]
)
def test_a_choice_becomes_the_option_nearest_to_the_figure(
    document: DefinitionDocument, how: str, expected: str
) -> None:
    answers = [{"edr": said(option)} for option in ("all", "most", "none")]
    assert combine(document, answers, how)["edr"] == said(expected)


def test_two_equally_near_options_give_the_lower(document: DefinitionDocument) -> None:
    answers = [{"edr": said("all")}, {"edr": said("none")}]
    assert combine(document, answers, "mean")["edr"] == said("none")


def test_a_number_becomes_the_mean_itself_to_its_decimals(document: DefinitionDocument) -> None:
    answers = [{"share": said(value)} for value in (10, 20, 21)]
    assert combine(document, answers, "mean")["share"] == said(17)
    assert combine(document, answers, "median")["share"] == said(20)


def test_the_most_common_answer_wins_and_the_first_of_equals(document: DefinitionDocument) -> None:
    answers = [{"backup": said(value)} for value in ("no", "yes", "yes")]
    assert combine(document, answers, "most_common")["backup"] == said("yes")
    assert combine(document, answers[:2], "most_common")["backup"] == said("no")


def test_more_who_do_not_know_are_heard(document: DefinitionDocument) -> None:
    answers = [{"edr": said("all")}, {"edr": DONT_KNOW}, {"edr": DONT_KNOW}]
    assert combine(document, answers, "mean")["edr"] == DONT_KNOW


def test_texts_are_not_mixed_and_silence_stays_silence(document: DefinitionDocument) -> None:
    found = combine(document, [{}, {"motto": said("First")}, {"motto": said("Second")}], "mean")
    assert found == {"motto": said("First")}
