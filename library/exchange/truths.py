"""Conditions put together as data, with what always or never holds folded away."""

from collections.abc import Iterable
from typing import Any

# A condition as data for `document.parse`, or what it comes down to when it always or never holds.
type Truth = dict[str, Any] | bool

# How many conditions one “all” or “any” may hold; more are put in groups.
MOST_PARTS = 50


def all_of(truths: Iterable[Truth]) -> Truth:
    """This will join conditions that must all hold."""
    return _joined("all", truths, neutral=True)


def any_of(truths: Iterable[Truth]) -> Truth:
    """This will join conditions of which one must hold."""
    return _joined("any", truths, neutral=False)


def negated(truth: Truth) -> Truth:
    """This will turn a condition around."""
    if isinstance(truth, bool):
        return not truth
    inner: dict[str, Any] | None = truth.get("not")
    return {"not": truth} if inner is None else inner


def parts_of(truth: Truth) -> list[dict[str, Any]]:
    """This will return the conditions directly inside one."""
    if isinstance(truth, bool):
        return []
    return [*truth.get("all", []), *truth.get("any", []), *([truth["not"]] if "not" in truth else [])]


def depth(truth: Truth) -> int:
    """This will count how deeply conditions are nested: a single comparison is 1."""
    return 0 if isinstance(truth, bool) else 1 + max((depth(part) for part in parts_of(truth)), default=0)


def _joined(word: str, truths: Iterable[Truth], *, neutral: bool) -> Truth:
    found: list[dict[str, Any]] = []
    for truth in truths:
        if isinstance(truth, bool):
            if truth is not neutral:
                return truth
        elif word in truth:
            found += truth[word]
        elif truth not in found:
            found.append(truth)
    if len(found) < 2:
        return found[0] if found else neutral
    while len(found) > MOST_PARTS:
        groups = [found[start : start + MOST_PARTS] for start in range(0, len(found), MOST_PARTS)]
        found = [{word: group} if len(group) > 1 else group[0] for group in groups]
    return {word: found}
