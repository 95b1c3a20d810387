"""CISA Cross-Sector Cybersecurity Performance Goals: tiers of unequal size, each counting the same."""

from typing import Any

from library.answers import Answer, State

TIERS = ("High", "Moderate", "Low")
NOT_ANSWERED = "U"


def convert(source: dict[str, Any]) -> dict[str, Any]:
    """This will turn the goals into a definition; “unanswered”, an answer code in the source, is no option here."""
    options = [
        {"key": option["code"], "text": option["text"], "value": 1 if option["code"] == "Y" else 0}
        for option in source["answer_options"]
        if option["code"] != NOT_ANSWERED
    ]
    tiers = [
        {
            "key": tier.lower(),
            "name": f"Goals of {tier.lower()} impact",
            "rule": "percent_of_achievable",
            "inputs": [{"tags": {"impact": tier}}],
        }
        for tier in TIERS
    ]
    groups = [
        {
            "key": f"group-{group['code']}",
            "name": group["name"],
            "rule": "percent_of_achievable",
            "inputs": [{"sections": [group["code"]]}],
        }
        for group in source["groups"]
    ]
    overall = {
        "key": "overall",
        "name": "Overall",
        "rule": "mean",
        "inputs": [{"scores": [tier["key"] for tier in tiers]}],
    }
    return {
        "format": "portal-definition/1",
        "key": source["id"],
        "name": source["name"],
        "attribution": {"text": "CISA Cross-Sector Cybersecurity Performance Goals", "licence": "Public domain"},
        "answer_sets": [{"key": "progress", "options": options}],
        "sections": [
            {
                "key": group["code"],
                "name": group["name"],
                "description": group["description"],
                "questions": [_question(goal) for goal in group["goals"]],
            }
            for group in source["groups"]
        ],
        "scoring": {
            "scale": {"min": 0, "max": 100, "unit": "%", "decimals": 1},
            "treatment": {"unanswered": "zero"},
            "scores": [*tiers, *groups, overall],
            "overall": "overall",
            "sections": {group["code"]: f"group-{group['code']}" for group in source["groups"]},
        },
    }


def answers(case: dict[str, Any]) -> dict[str, Answer]:
    """This will turn a case's answers into answers of the portal."""
    return {goal: Answer(State.ANSWERED, code) for goal, code in case["answers"].items() if code != NOT_ANSWERED}


def _question(goal: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": goal["code"],
        "type": "single_choice",
        "text": goal["name"],
        "help": goal["outcome"],
        "why": goal["risk_addressed"],
        "answer_set": "progress",
        "tags": {name: goal[name] for name in ("impact", "cost", "complexity")},
    }
