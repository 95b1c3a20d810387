"""Measuring against a target: gap, percent to target, progress to date; and which answers of a review count.

The two relative scores are those the OWASP SAMM core team published in “SAMM Scoring: Percent to Target and Progress
to Date Metrics” (2025); they hold for any set of scores with targets.
"""

from collections.abc import Collection, Iterable, Mapping
from math import fsum

ACCEPTED = frozenset({"accepted", "auto_accepted"})


def gap(current: float, target: float) -> float:
    """This will return how far a score is below its target; 0 when it is reached, never negative."""
    return max(target - current, 0.0)


def total_gap(current: Mapping[str, float], target: Mapping[str, float]) -> float:
    """This will add up the gaps of all targets; what has no current score is at 0.

    Going beyond one target makes up for no other.
    """
    return fsum(gap(current.get(key, 0.0), wanted) for key, wanted in target.items())


def percent_to_target(current: Mapping[str, float], target: Mapping[str, float]) -> float | None:
    """This will return the reached part of all targets, 0 to 1; None when every target is 0."""
    wanted = fsum(target.values())
    return 1 - total_gap(current, target) / wanted if wanted else None


def progress_to_date(baseline: float, current: float, target: float) -> float | None:
    """This will return how much of the way from baseline to target is done; None when there was no way to go.

    Below 0 after a step back, above 1 beyond the target.
    """
    return (current - baseline) / (target - baseline) if target != baseline else None


def validated[Value](
    reviewed: Iterable[tuple[str, Value, str]], accepted: Collection[str] = ACCEPTED
) -> dict[str, Value]:
    """This will return per question the latest answer a reviewer accepted.

    `reviewed` holds (question key, answer, state of review) from oldest to newest. Answers retracted or still waiting
    do not count, and do not hide an accepted one before them.
    """
    return {key: value for key, value, review in reviewed if review in accepted}


def projected[Value](current: Mapping[str, Value], desired: Mapping[str, Value]) -> dict[str, Value]:
    """This will return the answers as they will be once every desired one is reached."""
    return {**current, **desired}
