"""What an answer is worth: from a question and its answer to a number, and how low and high that number can be."""

from collections.abc import Callable, Iterable
from math import fsum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from library.document import Option, Question

COMBINE: dict[str, Callable[[list[float]], float]] = {
    "sum": fsum,
    "mean": lambda values: fsum(values) / len(values),
    "highest": max,
    "lowest": min,
}


def can_be_scored(question: "Question") -> bool:
    """This will say whether any answer to the question carries a number."""
    return bounds(question) is not None


def bounds(question: "Question") -> tuple[float, float] | None:
    """This will return the lowest and highest score an answer can have, or None when no answer has one."""
    if question.type == "matrix":
        return _bounds_of_rows(question)
    if question.is_choice:
        values = _values(question.choices)
        if question.type == "multiple_choice" and question.combine == "sum" and values:
            return _bounds_of_sum(question)
    elif question.bands:
        values = [float(band.value) for band in question.bands]
    elif question.minimum is not None and question.maximum is not None:
        values = [float(question.minimum), float(question.maximum)]
    else:
        values = []
    return (min(values), max(values)) if values else None


def value_of(question: "Question", answer: Any) -> float | None:
    """This will return the score of a cleaned answer value; None when this answer carries none.

    A matrix combines the scores of its rows.
    """
    if question.type == "matrix":
        values = _values_of_rows(question, answer)
        return COMBINE[question.combine](values) if values else None
    if question.is_choice:
        keys = answer if isinstance(answer, list) else [answer]
        values = _values(option for option in question.choices if option.key in keys)
        return COMBINE[question.combine](values) if values else None
    if question.bands:
        reached = [band.value for band in question.bands if band.start is None or answer >= band.start]
        return float(reached[-1]) if reached else None
    return float(answer) if can_be_scored(question) else None


def _values_of_rows(question: "Question", answer: Any) -> list[float]:
    by_row = answer if isinstance(answer, dict) else {}
    return _values(option for row in question.rows if (option := question.choice(by_row.get(row.key))))


def _bounds_of_rows(question: "Question") -> tuple[float, float] | None:
    """Each row gives one option's value; a row whose option has none adds nothing."""
    values, count = _values(question.choices), len(question.rows)
    if not values or not count:
        return None
    low, high = min(values), max(values)
    if question.combine != "sum":
        return low, high
    # With options that carry no value, from one to all of the rows may add something.
    fewest = 1 if any(option.value is None for option in question.choices) else count
    return min(low * fewest, low * count), max(high * fewest, high * count)


def _values(options: Iterable["Option"]) -> list[float]:
    return [float(option.value) for option in options if option.value is not None]


def _bounds_of_sum(question: "Question") -> tuple[float, float]:
    """At least one option is chosen, exclusive ones only alone, and the others in any combination."""
    alone = _values(option for option in question.choices if option.exclusive)
    together = _values(option for option in question.choices if not option.exclusive)
    lows, highs = list(alone), list(alone)
    if together:
        lows.append(fsum(value for value in together if value < 0) or min(together))
        highs.append(fsum(value for value in together if value > 0) or max(together))
    return min(lows), max(highs)
