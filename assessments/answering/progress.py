"""How far an assessment is: which questions are asked, which have an answer, what comes next. Plain data in and out."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from library.answers import Answers
from library.conditions import completeness, required_questions
from library.document import DefinitionDocument


@dataclass(frozen=True)
class Progress:
    """`sections` counts [answered, asked] per top-level section; `hidden` are the questions conditions took away,
    `required` those that only a condition makes required, `missing` all required ones without an answer."""

    answered: int
    asked: int
    sections: dict[str, list[int]]
    hidden: list[str]
    required: list[str]
    next_question: str
    missing: list[str]

    def as_json(self) -> dict[str, Any]:
        """This will return what an assessment stores, so that no page has to look at the answers to show it."""
        said = {"sections": self.sections, "hidden": self.hidden, "next": self.next_question}
        return said | {"required": self.required} if self.required else said


def measure(document: DefinitionDocument, answers: Answers, only: Collection[str] = ()) -> Progress:
    """This will measure the answers given; one to a hidden question does not count. O(questions).

    `only` are the keys of the top-level sections that count, all when there are none. Conditions look at every answer.
    """
    done = completeness(document, answers)
    sections = {section.key: [0, 0] for section in document.sections if not only or section.key in only}
    answered = set(done.answered)
    for key in done.visible:
        section = document.section_of(key)
        assert section is not None, key
        if section.key in sections:
            sections[section.key][1] += 1
            sections[section.key][0] += key in answered
    visible = set(done.visible)
    unanswered = [key for key in done.unanswered if _is_among(document, key, sections)]
    return Progress(
        answered=sum(count for count, _asked in sections.values()),
        asked=sum(asked for _count, asked in sections.values()),
        sections=sections,
        hidden=[question.key for question in document.questions() if question.key not in visible],
        required=_required_now(document, answers),
        next_question=unanswered[0] if unanswered else "",
        missing=[key for key in done.required_missing if _is_among(document, key, sections)],
    )


def _is_among(document: DefinitionDocument, key: str, sections: Collection[str]) -> bool:
    section = document.section_of(key)
    return section is not None and section.key in sections


def _required_now(document: DefinitionDocument, answers: Answers) -> list[str]:
    conditional = [question.key for question in document.questions() if question.require_if and not question.required]
    if not conditional:
        return []
    required = required_questions(document, answers)
    return [key for key in conditional if key in required]
