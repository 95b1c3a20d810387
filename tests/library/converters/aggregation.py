"""Trees of scored leaves with weights, for sum, mean and mean of means."""

from typing import Any

from library.answers import NOT_APPLICABLE, Answer, State

VERDICTS = {"compliant": 1, "partially_compliant": 0.5, "non_compliant": 0}


def convert(case: dict[str, Any]) -> dict[str, Any]:
    """This will turn a tree into a definition of number questions, with one score per method."""
    low, high = case["scale"]
    sections = [
        {
            "key": key,
            "name": key,
            "questions": [
                {
                    "key": leaf,
                    "type": "number",
                    "text": leaf,
                    "minimum": low,
                    "maximum": high,
                    "weight": content["weight"],
                    "allow_not_applicable": True,
                }
                for leaf, content in leaves.items()
            ],
        }
        for key, leaves in case["tree"].items()
    ]
    keys = list(case["tree"])
    means = [{"key": key, "name": key, "rule": "weighted_mean", "inputs": [{"sections": [key]}]} for key in keys]
    return {
        "format": "portal-definition/1",
        "key": case["id"],
        "name": case["id"],
        "sections": sections,
        "scoring": {
            "scale": {"min": low, "max": high},
            "treatment": {"unanswered": "exclude", "not_applicable": "exclude", "dont_know": "exclude"},
            "scores": [
                *means,
                {"key": "avg", "name": "Mean", "rule": "weighted_mean", "inputs": [{"sections": keys}]},
                {"key": "sum", "name": "Sum", "rule": "sum", "inputs": [{"sections": keys}]},
                {"key": "avg_of_avg", "name": "Mean of means", "rule": "mean", "inputs": [{"scores": keys}]},
            ],
            "overall": "avg",
            "sections": {key: key for key in keys},
        },
    }


def answers(case: dict[str, Any]) -> dict[str, Answer]:
    """This will answer each leaf with its score, but for those the case changes."""
    changes = case.get("changes", {})
    found = {}
    for leaves in case["tree"].values():
        for leaf, content in leaves.items():
            if leaf not in changes:
                found[leaf] = Answer(State.ANSWERED, content["score"])
            elif changes[leaf] == "not_applicable":
                found[leaf] = NOT_APPLICABLE
    return found


def verdict(results: list[str | None]) -> tuple[dict[str, Any], dict[str, Answer]]:
    """This will make a definition that draws one verdict from the results of several choices, and its answers.

    A neutral choice is an option without a value. No choice at all is one question without an answer.
    """
    options = [
        *({"key": name, "text": name, "value": value} for name, value in VERDICTS.items()),
        {"key": "neutral", "text": "neutral", "value": None},
    ]
    keys = [f"q{number}" for number in range(1, max(len(results), 1) + 1)]
    definition = _flat(
        [
            {"key": key, "type": "single_choice", "text": key, "options": options, "allow_not_applicable": True}
            for key in keys
        ],
        {"rule": "verdict", "needs_every_answer": True},
        (0, 1),
    )
    found = {
        key: NOT_APPLICABLE if result == "not_applicable" else Answer(State.ANSWERED, result or "neutral")
        for key, result in zip(keys, results, strict=False)
    }
    return definition, found


def points(case: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Answer]]:
    """This will make a definition of choices worth points, truncated and held on a scale, and its answers."""
    low, high = case["scale"]
    questions = [
        {
            "key": f"q{number}",
            "type": "single_choice",
            "text": f"q{number}",
            "weight": weight,
            "options": [
                {"key": "none", "text": "none", "value": 0},
                {"key": "chosen", "text": "chosen", "value": points},
            ],
        }
        for number, (points, weight) in enumerate(case["points_weights"], start=1)
    ]
    score = {
        "rule": {"mean": "weighted_mean", "sum": "sum"}[case["mode"]],
        "needs_every_answer": True,
        "rounding": {"mode": "truncate"},
        "clamp": {"min": low, "max": high},
    }
    chosen = Answer(State.ANSWERED, "chosen")
    return _flat(questions, score, (low, high)), {question["key"]: chosen for question in questions}


def _flat(questions: list[dict[str, Any]], score: dict[str, Any], scale: tuple[float, float]) -> dict[str, Any]:
    return {
        "format": "portal-definition/1",
        "key": "flat",
        "name": "Flat",
        "sections": [{"key": "all", "name": "All", "questions": questions}],
        "scoring": {
            "scale": {"min": scale[0], "max": scale[1]},
            "treatment": {"unanswered": "exclude"},
            "scores": [{"key": "overall", "name": "Overall", "inputs": [{"sections": ["all"]}], **score}],
            "overall": "overall",
        },
    }
