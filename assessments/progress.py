"""How far an assessment is: which questions are asked, which have an answer, what comes next. Plain data in and out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from library.answers import Answer
from library.conditions import visible_questions
from library.document import DefinitionDocument


@dataclass(frozen=True)
class Progress:
    """`sections` counts [answered, asked] per top-level section; `hidden` are the questions conditions took away."""

    answered: int
    asked: int
    sections: dict[str, list[int]]
    hidden: list[str]
    next_question: str
    missing: list[str]

    def as_json(self) -> dict[str, Any]:
        """This will return what an assessment stores, so that no page has to look at the answers to show it."""
        return {"sections": self.sections, "hidden": self.hidden, "next": self.next_question}


def measure(document: DefinitionDocument, answers: Mapping[str, Answer]) -> Progress:
    """This will measure the answers given; one to a hidden question does not count. O(questions)."""
    visible = visible_questions(document, answers)
    sections = {section.key: [0, 0] for section in document.sections}
    answered, first_open, missing, hidden = 0, "", [], []
    for question in document.questions():
        if question.key not in visible:
            hidden.append(question.key)
            continue
        section = document.section_of(question.key)
        counts = sections[section.key] if section else [0, 0]
        counts[1] += 1
        if question.key in answers:
            answered += 1
            counts[0] += 1
            continue
        first_open = first_open or question.key
        if question.required:
            missing.append(question.key)
    asked = document.question_count - len(hidden)
    return Progress(answered, asked, sections, hidden, first_open, missing)
