"""MonAideCyber of ANSSI: weighted means, “I don't know” left out, questions that follow from an answer, in French."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from library.answers import DONT_KNOW, NOT_APPLICABLE, Answer, State

STATES = {"je ne sais pas": DONT_KNOW, "non applicable": NOT_APPLICABLE}


def convert(source: dict[str, Any]) -> dict[str, Any]:
    """This will turn the questionnaire into a definition; a follow-up becomes a question shown by its answer."""
    scored = [section["code"] for section in source["sections"] if section["scored"]]
    scores = [
        {
            "key": code,
            "name": section["name"],
            "rule": "weighted_mean",
            "inputs": [{"sections": [code]}],
            "scale": {"min": 0, "max": 3},
        }
        for section in source["sections"]
        for code in [section["code"]]
        if section["scored"]
    ]
    overall = {"key": "overall", "name": "Ensemble", "rule": "mean", "inputs": [{"scores": scored}]}
    return {
        "format": "portal-definition/1",
        "key": source["id"],
        "name": source["name"],
        "language": source["language"],
        "attribution": {"text": "MonAideCyber, ANSSI", "licence": source["licence"]},
        "sections": [
            {"key": section["code"], "name": section["name"], "questions": list(_questions(section["questions"]))}
            for section in source["sections"]
        ],
        "scoring": {
            "scale": {"min": 0, "max": 3, "decimals": 1},
            "treatment": {"unanswered": "exclude", "not_applicable": "exclude", "dont_know": "exclude"},
            "scores": [*scores, overall],
            "overall": "overall",
            "sections": {code: code for code in scored},
        },
    }


def answers(source: dict[str, Any], case: dict[str, Any]) -> dict[str, Answer]:
    """This will turn a case's answers, follow-ups included, into answers of the portal."""
    states = {
        option["code"]: state
        for question in _all(source)
        for option in question["options"]
        if (state := STATES.get(option["text"].lower()))
    }
    multiple = {question["code"] for question in _all(source) if question["type"] == "multiple"}
    found: dict[str, Answer] = {}
    for question, given in case["answers"].items():
        chosen = {question: [given["single"]] if given.get("single") else [], **given.get("followups", {})}
        for key, options in chosen.items():
            if options:
                value = [plain(option) for option in options] if key in multiple else plain(options[0])
                found[plain(key)] = states.get(options[0], Answer(State.ANSWERED, value))
    return found


def plain(code: str) -> str:
    """This will return a code without accents: keys of the portal are letters a–z, digits and a few signs."""
    return unicodedata.normalize("NFKD", code).encode("ascii", "ignore").decode()


def _all(source: dict[str, Any]) -> Iterator[dict[str, Any]]:
    def below(questions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for question in questions:
            yield question
            for option in question["options"]:
                yield from below(option.get("followups", []))

    for section in source["sections"]:
        yield from below(section["questions"])


def _questions(questions: list[dict[str, Any]], show_if: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
    for question in questions:
        key = plain(question["code"])
        texts = [option["text"].lower() for option in question["options"]]
        converted = {
            "key": key,
            "type": {"single": "single_choice", "multiple": "multiple_choice"}[question["type"]],
            "text": question["text"],
            "weight": question["weight"],
            "allow_dont_know": "je ne sais pas" in texts,
            "allow_not_applicable": "non applicable" in texts,
            "options": [
                {"key": plain(option["code"]), "text": option["text"], "value": option.get("value")}
                for option in sorted(question["options"], key=lambda option: option["order"])
                if option["text"].lower() not in STATES
            ],
        }
        yield converted | ({"show_if": show_if} if show_if else {})
        for option in question["options"]:
            shown_by = {"question": key, "operator": "equals", "value": plain(option["code"])}
            yield from _questions(option.get("followups", []), shown_by)
