"""Definitions of any length, made of a few words and a seed: question sets to measure with, not to learn from."""

import random
from typing import Any

from library.answers import Answer, State
from library.document import FORMAT, DefinitionDocument, Question, parse

GROUPS = ("Security", "Continuity", "People", "Suppliers", "Privacy", "Infrastructure")
ICONS = ("shield-check", "lifebuoy", "users", "truck", "lock", "server")
THINGS = (
    "backups of the systems you could not work without",
    "accounts of people who have left",
    "laptops that leave the office",
    "invoices that ask for a changed bank account",
    "updates of servers and routers",
    "the plan for a day without network",
    "contracts with the suppliers you depend on",
    "personal data of customers",
    "the keys to the server room",
    "the list of everything that is connected",
    "training for new colleagues",
    "alerts that come in at night",
)
LEVELS = (
    ("none", "Nobody looks at this yet", 0),
    ("started", "Somebody does when there is time", 1),
    ("written", "It is written down and mostly followed", 2),
    ("checked", "It is followed and checked every quarter", 3),
    ("improved", "It is checked, measured and improved", 4),
)
ZONES = (
    ("Exposed", 0, 25, "b1"),
    ("Developing", 25, 50, "b2"),
    ("Managed", 50, 75, "b3"),
    ("Resilient", 75, 100, "b4"),
)


def document(number: int, questions: int) -> DefinitionDocument:
    """This will make the definition with a number: so many questions, in sections of ten or, of long ones, a tenth."""
    group = number % len(GROUPS)
    size = max(10, questions // 10)
    sections = [
        _section(number, start // size + 1, min(size, questions - start), start) for start in range(0, questions, size)
    ]
    return parse({
        "format": FORMAT,
        "key": f"benchmark-{number:04d}",
        "name": f"{GROUPS[group]} review {number:04d}",
        "summary": f"How well you look after {THINGS[number % 12]}, and after {THINGS[(number * 5 + 3) % 12]}.",
        "icon": ICONS[group],
        "group": GROUPS[group],
        "sections": sections,
        "scoring": _scoring([section["key"] for section in sections]),
        "reference_values": [
            {
                "score": "overall", "value": 54.0, "label": "All industries", "n": "312 organizations",
                "source": "Made up for measuring", "year": 2026,
            }
        ],
    })  # fmt: skip


def _section(number: int, place: int, count: int, start: int) -> dict[str, Any]:
    name = THINGS[(number + place) % 12]
    return {
        "key": f"s{place}",
        "name": f"{place}. {name.split(' ')[0].capitalize()}: {name}"[:120],
        "description": f"A few minutes about {name}.",
        "questions": [_question(number, start + offset) for offset in range(count)],
    }


def _question(number: int, index: int) -> dict[str, Any]:
    thing = THINGS[(number + index * 7) % 12]
    asked = {
        "key": f"q{index + 1:03d}",
        "text": f"{index + 1}. Who looks after {thing}, and how often?",
        "help": f"Think of the last twelve months. What counts is what happens to {thing} without being asked.",
        "why": "Most of what goes wrong was known to somebody who had no time for it.",
        "required": index % 3 == 0,
        "allow_not_applicable": index % 4 == 0,
        "allow_dont_know": True,
    }
    if index % 9 == 8:
        return asked | {"type": "yes_no"}
    if index % 9 == 5 and index > 9:
        # Every ninth depends on an earlier one: conditions are part of what saving an answer costs.
        asked |= {"show_if": {"question": f"q{index - 4:03d}", "operator": "not_equals", "value": "none"}}
    options = [{"key": key, "text": f"{text}.", "value": value} for key, text, value in LEVELS]
    return asked | {"type": "single_choice", "options": options}


def _scoring(sections: list[str]) -> dict[str, Any]:
    scale = {"min": 0, "max": 100}
    parts = [
        {
            "key": f"score-{key}", "name": key, "rule": "weighted_mean", "inputs": [{"sections": [key]}],
            "inputs_as": "percent", "scale": scale,
        }
        for key in sections
    ]  # fmt: skip
    whole = {
        "key": "overall",
        "name": "Overall",
        "rule": "mean",
        "inputs": [{"scores": [part["key"] for part in parts]}],
    }
    return {
        "scale": scale,
        "scores": [*parts, whole],
        "overall": "overall",
        "sections": {key: f"score-{key}" for key in sections},
        "zones": [{"label": label, "from": low, "to": high, "tone": tone} for label, low, high, tone in ZONES],
    }


def answers(document: DefinitionDocument, dice: random.Random, share: float = 1.0) -> dict[str, Answer]:
    """This will answer the first `share` (0 to 1) of the questions, some with "I'm not sure" or "not applicable"."""
    questions = document.questions()
    return {question.key: _reply(question, dice) for question in questions[: round(len(questions) * share)]}


def _reply(question: Question, dice: random.Random) -> Answer:
    luck = dice.random()
    if luck < 0.05:
        return Answer(State.DONT_KNOW)
    if luck < 0.08 and question.allow_not_applicable:
        return Answer(State.NOT_APPLICABLE)
    return Answer(State.ANSWERED, dice.choice(question.choices).key)
