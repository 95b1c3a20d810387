"""Wherever one part of a definition names another: conditions, inputs of scores, samples, reference values.

`rewrite` follows every such place with new keys, or cuts it when what it names is gone.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .parts import Apart

type Condition = dict[str, Any]


def _same(key: str) -> str | None:
    return key


@dataclass(frozen=True)
class Rewriting:
    """What each name becomes; None cuts it. `comparison` gets a condition that compares a question with a value,
    `answer` the question's key and a sample's answer to it."""

    comparison: Callable[[Condition], Condition | None] | None = None
    answer: Callable[[str, Any], Any] | None = None
    question: Callable[[str], str | None] = _same
    section: Callable[[str], str | None] = _same
    score: Callable[[str], str | None] = _same


def without(
    questions: frozenset[str] = frozenset(),
    sections: frozenset[str] = frozenset(),
    scores: frozenset[str] = frozenset(),
) -> Rewriting:
    """This will return the rewriting that cuts every mention of these keys."""
    return Rewriting(
        comparison=(lambda leaf: None if leaf.get("question") in questions else leaf) if questions else None,
        question=lambda key: None if key in questions else key,
        section=lambda key: None if key in sections else key,
        score=lambda key: None if key in scores else key,
    )


def renamed(kind: str, old: str, new: str) -> Rewriting:
    """This will return the rewriting that follows a question, section or score to its new key."""

    def name(key: str) -> str:
        return new if key == old else key

    if kind == "question":
        return Rewriting(
            comparison=lambda leaf: {**leaf, "question": new} if leaf.get("question") == old else leaf, question=name
        )
    return Rewriting(section=name) if kind == "section" else Rewriting(score=name)


def rewrite(taken: Apart, how: Rewriting) -> Counter[str]:
    """This will follow or cut every mention, and count what was cut: conditions, inputs, samples, reference_values.

    A condition that loses a part keeps the others; one that loses all is gone. A score that loses all its inputs stays,
    with none named. A sample without an expected score is gone.
    """
    cut: Counter[str] = Counter()
    for part in list(taken.contents):
        kind = part.partition(":")[0]
        if kind in _FOLLOW:
            content = taken.contents[part]
            followed = _FOLLOW[kind](content, how, cut)
            if followed is None:
                taken.take(part)
            elif followed != content:
                taken.contents[part] = followed
    return cut


def followed(condition: Condition | None, comparison: Callable[[Condition], Condition | None]) -> Condition | None:
    """This will return a condition with each comparison replaced; None when nothing is left of it."""
    if condition is None:
        return None
    for name in ("all", "any"):
        if condition.get(name):
            parts = [part for part in (followed(part, comparison) for part in condition[name]) if part is not None]
            return {**condition, name: parts} if parts else None
    if condition.get("not"):
        inner = followed(condition["not"], comparison)
        return {**condition, "not": inner} if inner is not None else None
    return comparison(condition)


def comparisons(condition: Condition | None) -> list[Condition]:
    """This will list the comparisons in a condition."""
    if condition is None:
        return []
    inner = [*(condition.get("all") or ()), *(condition.get("any") or ()), condition.get("not")]
    parts = [part for part in inner if part]
    return [leaf for part in parts for leaf in comparisons(part)] if parts else [condition]


def _conditional(content: Mapping[str, Any], how: Rewriting, cut: Counter[str]) -> dict[str, Any]:
    """A section or question: what shows it, what requires it."""
    changed = dict(content)
    if how.comparison is None:
        return changed
    for name in ("show_if", "require_if"):
        if content.get(name):
            _replace(changed, name, _follow_condition(content[name], how, cut))
    return changed


def _follow_condition(condition: Condition, how: Rewriting, cut: Counter[str]) -> Condition | None:
    assert how.comparison is not None
    after = followed(condition, how.comparison)
    cut["conditions"] += len(comparisons(condition)) - len(comparisons(after))
    return after


def _score(content: Mapping[str, Any], how: Rewriting, cut: Counter[str]) -> dict[str, Any]:
    changed = dict(content)
    changed["inputs"] = [pick for pick in (_pick(pick, how, cut) for pick in content.get("inputs", ())) if pick] or [{}]
    if how.comparison is not None:
        for name in ("gates", "cases"):
            if content.get(name):
                followed_up = [(item, _follow_condition(item["when"], how, cut)) for item in content[name]]
                _replace(changed, name, [{**item, "when": when} for item, when in followed_up if when is not None])
    return changed


def _pick(pick: Mapping[str, Any], how: Rewriting, cut: Counter[str]) -> dict[str, Any]:
    """Empty when what it picked is gone: sections without tags must not turn into tags of all sections."""
    changed = dict(pick)
    for name, follow in (("questions", how.question), ("sections", how.section), ("scores", how.score)):
        if pick.get(name):
            keys = [key for key in map(follow, pick[name]) if key is not None]
            cut["inputs"] += len(pick[name]) - len(keys)
            if not keys:
                return {}
            changed[name] = keys
    return changed


def _scoring(content: Mapping[str, Any], how: Rewriting, cut: Counter[str]) -> dict[str, Any]:
    changed = dict(content)
    changed["overall"] = how.score(content["overall"]) or content["overall"]
    pairs = [(how.section(section), how.score(score)) for section, score in content.get("sections", {}).items()]
    _replace(changed, "sections", dict(sorted((one, other) for one, other in pairs if one and other)))
    return changed


def _sample(content: Mapping[str, Any], how: Rewriting, cut: Counter[str]) -> dict[str, Any] | None:
    answers = _by_new_key(content.get("answers", {}), how.question)
    cut["samples"] += len(answers) < len(content.get("answers", {}))
    if how.answer:
        # A cut answer is a None no sample can hold.
        replaced = {key: how.answer(key, value) for key, value in answers.items()}
        answers = {key: value for key, value in replaced.items() if value is not None or answers[key] is None}
    expected = _by_new_key(content.get("expected", {}), how.score)
    if not expected:
        cut["samples"] += 1
        return None
    changed = {**content, "expected": expected}
    _replace(changed, "answers", answers)
    return changed


def _by_new_key(mapping: Mapping[str, Any], follow: Callable[[str], str | None]) -> dict[str, Any]:
    followed_keys = ((follow(key), value) for key, value in mapping.items())
    return dict(sorted((key, value) for key, value in followed_keys if key is not None))


def _reference_values(content: Mapping[str, Any], how: Rewriting, cut: Counter[str]) -> dict[str, Any]:
    values = [(value, how.score(value["score"])) for value in content["reference_values"]]
    kept = [{**value, "score": key} for value, key in values if key is not None]
    cut["reference_values"] += len(values) - len(kept)
    return {"reference_values": kept}


def _replace(content: dict[str, Any], name: str, value: Any) -> None:
    """Sets a field that stood there; what has become empty is left out."""
    if value:
        content[name] = value
    else:
        content.pop(name, None)


_FOLLOW: dict[str, Callable[[Mapping[str, Any], Rewriting, Counter[str]], dict[str, Any] | None]] = {
    "section": _conditional,
    "question": _conditional,
    "score": _score,
    "scoring": _scoring,
    "sample": _sample,
    "reference_values": _reference_values,
}
