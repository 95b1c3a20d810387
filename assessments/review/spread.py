"""How far the respondents of an independent run agree, and one set of answers made of theirs. Plain data in and out.

Everything is compared in percent of what a question can score (library.scoring.values.bounds), so that questions of
different scales can be set side by side.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from library.answers import Answer, Answers, State, is_complete
from library.document import DefinitionDocument, Question
from library.scoring.values import bounds, value_of

# Fewer answers have no outliers: of three, any one may be the odd one out.
FEWEST_FOR_OUTLIERS = 4
# Tukey (Exploratory Data Analysis, 1977): outside the quartiles by more than 1.5 times their distance. Where nearly all
# agree, that distance is 0 and every other answer would be one; so it also has to be this far from the median.
FENCE = 1.5
FAR = 25.0


@dataclass(frozen=True, slots=True)
class Given[Who: Hashable]:
    """One person's answer to a question; `percent` (0 to 100) is None when it carries no score."""

    who: Who
    answer: Answer
    percent: float | None
    is_outlier: bool = False


@dataclass(frozen=True, slots=True)
class Spread[Who: Hashable]:
    """All answers to one question. `mean`, `median`, `low`, `high` and `deviation` (population standard deviation) are
    in percent; None when fewer than one, for the deviation two, answers carry a score."""

    question: Question
    given: Sequence[Given[Who]]
    mean: float | None
    median: float | None
    low: float | None
    high: float | None
    deviation: float | None

    @property
    def outliers(self) -> list[Given[Who]]:
        return [one for one in self.given if one.is_outlier]

    @property
    def width(self) -> float:
        """This will return how far the lowest and the highest answer lie apart, in points of percent."""
        return self.high - self.low if self.high is not None and self.low is not None else 0.0


def spread_of[Who: Hashable](question: Question, sets: Mapping[Who, Answers]) -> Spread[Who]:
    """This will gather what each set says to a question; sets that say nothing, or not all rows of it, are left out."""
    given = [
        Given(who, answer, percent_of(question, answer))
        for who, answers in sets.items()
        if (answer := answers.get(question.key)) is not None and is_complete(question, answer)
    ]
    scored = sorted(one.percent for one in given if one.percent is not None)
    far = _outlying(scored)
    marked = [Given(one.who, one.answer, one.percent, one.percent is not None and far(one.percent)) for one in given]
    return Spread(
        question,
        marked,
        mean=statistics.fmean(scored) if scored else None,
        median=statistics.median(scored) if scored else None,
        low=scored[0] if scored else None,
        high=scored[-1] if scored else None,
        deviation=statistics.pstdev(scored) if len(scored) > 1 else None,
    )


def percent_of(question: Question, answer: Answer) -> float | None:
    """This will place an answer between the lowest and the highest score of its question, 0 to 100; None without one."""
    ends = bounds(question)
    value = value_of(question, answer.value) if answer.state == State.ANSWERED and ends else None
    if value is None or ends is None or ends[1] <= ends[0]:
        return None
    return min(max((value - ends[0]) / (ends[1] - ends[0]), 0.0), 1.0) * 100


def combine(document: DefinitionDocument, sets: Sequence[Answers], how: str) -> dict[str, Answer]:
    """This will make one set of answers of several: {question key: answer}.

    `how` is "median", "mean", "lowest", "highest" or "most_common" (assessments.models.Combination). The answer taken is
    always one somebody could give: the number itself where the question asks for one (rounded half up to its decimals), else the
    given answer whose score is nearest to the figure wanted, the lower one of two equally near. Where no answer
    carries a score, the most common is taken, of equally common ones the first given. Texts, dates and files are put
    together by nobody: of those the first given is taken. Questions nobody answered have no answer.
    """
    found = {}
    for question in document.questions():
        answers = [one for answers in sets if (one := answers.get(question.key)) and is_complete(question, one)]
        if answers:
            found[question.key] = _combined(question, answers, how)
    return found


def _combined(question: Question, answers: list[Answer], how: str) -> Answer:
    scored = [(percent, one) for one in answers if (percent := percent_of(question, one)) is not None]
    # Who says "not applicable" or "not sure" is heard when more say so than answer.
    if how == "most_common" or len(scored) * 2 < len(answers) or not scored:
        return _most_common(answers)
    if question.type in ("number", "scale") and how in ("mean", "median") and not question.bands:
        return _number(question, [one for _percent, one in scored], how)
    wanted = _FIGURES[how]([percent for percent, _one in scored])
    return min(scored, key=lambda pair: (abs(pair[0] - wanted), pair[0]))[1]


_FIGURES: dict[str, Callable[[Sequence[float]], float]] = {
    "median": statistics.median,
    "mean": statistics.fmean,
    "lowest": min,
    "highest": max,
}


def _most_common(answers: list[Answer]) -> Answer:
    by_words = {_words(one): one for one in reversed(answers)}
    counts = Counter(_words(one) for one in answers)
    return by_words[max(counts, key=lambda words: counts[words])]


def _words(answer: Answer) -> str:
    value: Any = answer.value
    if isinstance(value, dict):
        value = sorted(value.items())
    return f"{answer.state}:{sorted(value) if isinstance(value, list) else value}"


def _number(question: Question, answers: list[Answer], how: str) -> Answer:
    figure = _FIGURES[how]([float(one.value) for one in answers])  # type: ignore[arg-type]
    decimals = (question.decimals if question.decimals is not None else 2) if question.type == "number" else 0
    rounded = float(Decimal(str(figure)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    return Answer(State.ANSWERED, int(rounded) if rounded == int(rounded) else rounded)


def _outlying(scored: Sequence[float]) -> Callable[[float], bool]:
    if len(scored) < FEWEST_FOR_OUTLIERS:
        return lambda percent: False
    first, median, third = statistics.quantiles(scored, n=4, method="inclusive")
    reach = FENCE * (third - first)
    return lambda percent: (percent < first - reach or percent > third + reach) and abs(percent - median) >= FAR
