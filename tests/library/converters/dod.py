"""NIST SP 800-171 with the DoD's weights: subtracting from 110, and no score without a security plan."""

from typing import Any

from library.answers import NOT_APPLICABLE, Answer, State

SECURITY_PLAN = "3.12.4"


def convert(source: dict[str, Any]) -> dict[str, Any]:
    """This will turn requirements into questions worth what the source deducts when they are not met."""
    families: dict[str, list[dict[str, Any]]] = {}
    for requirement in source["requirements"]:
        families.setdefault(requirement["family"], []).append(_question(requirement))
    sections = [
        {"key": f"family-{number}", "name": family, "questions": questions}
        for number, (family, questions) in enumerate(families.items(), start=1)
    ]
    return {
        "format": "portal-definition/1",
        "key": source["id"],
        "name": source["name"],
        "sections": sections,
        "scoring": {
            "scale": {"min": source["min"], "max": source["max"]},
            "treatment": {"unanswered": "zero", "not_applicable": "exclude"},
            "scores": [
                {
                    "key": "overall",
                    "name": "SPRS score",
                    "rule": "subtractive",
                    "options": {"from": source["max"]},
                    "inputs": [{"sections": [section["key"] for section in sections]}],
                    "gates": [
                        {
                            "when": {"question": SECURITY_PLAN, "operator": "equals", "value": "met"},
                            "reason": "Without a system security plan no score can be given.",
                        }
                    ],
                }
            ],
            "overall": "overall",
        },
    }


def answers(source: dict[str, Any], case: dict[str, Any]) -> dict[str, Answer]:
    """This will turn a case's answers, and its default for all others, into answers of the portal."""
    codes = {requirement["code"]: case["default"] for requirement in source["requirements"]} | case["answers"]
    return {
        key: NOT_APPLICABLE if code == "not_applicable" else Answer(State.ANSWERED, code) for key, code in codes.items()
    }


def _question(requirement: dict[str, Any]) -> dict[str, Any]:
    worth = requirement["value"]
    codes = [option["code"] for option in requirement["options"]]
    return {
        "key": requirement["code"],
        "type": "single_choice",
        "text": requirement["text"],
        "required": True,
        "allow_not_applicable": "not_applicable" in codes,
        "options": [
            {
                "key": option["code"],
                "text": option.get("text") or option["code"].replace("_", " ").capitalize(),
                "value": None if worth is None else worth - option["deduct"],
            }
            for option in requirement["options"]
            if option["code"] != "not_applicable"
        ],
    }
