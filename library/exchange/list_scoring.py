"""The scoring a list of questions gets: points as a percentage of what can be reached, by section and in all."""

from typing import Any

from django.utils.translation import gettext as _

from library.exchange.cells import unused
from library.exchange.report import Line

RULE = {"rule": "percent_of_achievable", "options": {"from_lowest": True}}
TONES = (("b1", 0, 40), ("b2", 40, 60), ("b3", 60, 80), ("b4", 80, 100))


def scoring_of(sections: list[dict[str, Any]]) -> tuple[dict[str, Any] | None, list[Line]]:
    """This will make a scoring for sections of which an answer has a score, as (scoring, lines for the report).

    A list without a single score gets none.
    """
    questions = [question for section in sections for question in section["questions"]]
    if not any("value" in option for question in questions for option in question.get("options", ())):
        return None, []
    scored = [section for section in sections if any(_counts(question) for question in section["questions"])]
    if not scored:
        return None, []
    overall = unused("overall", {section["key"] for section in scored})
    keys = [section["key"] for section in scored]
    scores = [
        {"key": section["key"], "name": section["name"], **RULE, "inputs": [{"sections": [section["key"]]}]}
        for section in scored
    ]
    scores.append({"key": overall, "name": _("Overall"), **RULE, "inputs": [{"sections": keys}]})
    scoring = {
        "scale": {"min": 0, "max": 100},
        "scores": scores,
        "overall": overall,
        "sections": {key: key for key in keys},
        "zones": [
            {"label": label, "from": low, "to": high, "tone": tone}
            for label, (tone, low, high) in zip(
                (_("At risk"), _("Developing"), _("Managed"), _("Strong")), TONES, strict=True
            )
        ],
    }
    why = _(
        "Added: points become a percentage of what can be reached, for each section and overall, in four zones. "
        "A list of questions cannot say how its points are combined; change it in the editor."
    )
    return scoring, [Line(_("scoring"), "changed", _("Scores and zones"), why)]


def _counts(question: dict[str, Any]) -> bool:
    """Whether a question can be scored, and answers to it can differ."""
    if question.get("weight") == 0:
        return False
    if question["type"] in ("scale", "number"):
        return "minimum" in question and "maximum" in question
    if question["type"] == "yes_no" and "options" not in question:
        return True
    return len({option["value"] for option in question.get("options", ()) if "value" in option}) > 1
