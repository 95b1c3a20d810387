"""Which questions a respondent is asked and must answer: `show_if` and `require_if`, decided on the server.

A hidden question counts as not answered for every other condition, whatever was once answered to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from library.answers import Answer, Answers, State, fits
from library.graph import in_order

if TYPE_CHECKING:
    from library.document import Condition, DefinitionDocument, Question, Section

# ("section" | "question", key)
type Node = tuple[Literal["section", "question"], str]


@dataclass(frozen=True)
class Completeness:
    """How far a respondent is, counting visible questions only."""

    visible: tuple[str, ...]
    answered: tuple[str, ...]
    unanswered: tuple[str, ...]
    required_missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """This will return whole percent answered; 100 only when nothing is left, 0 for nothing to answer."""
        return len(self.answered) * 100 // len(self.visible) if self.visible else 0

    @property
    def first_unanswered(self) -> str | None:
        """This will return the key of the question to resume at, or None when all are answered."""
        return self.unanswered[0] if self.unanswered else None


def visible_questions(document: "DefinitionDocument", answers: Answers) -> frozenset[str]:
    """This will return the keys of the questions to ask, given these answers. Linear in the size of the document."""
    return frozenset(key for key, __ in _shown_answers(document, answers).items())


def visible_answers(document: "DefinitionDocument", answers: Answers) -> dict[str, Answer | None]:
    """This will return, for each visible question in the order asked, its answer or None.

    Answers to hidden or unknown questions, and answers that do not fit their question, are left out.
    """
    shown = _shown_answers(document, answers)
    return {question.key: shown[question.key] for question in document.questions() if question.key in shown}


def required_questions(document: "DefinitionDocument", answers: Answers) -> frozenset[str]:
    """This will return the keys of the visible questions that must be answered: always, or given these answers."""
    return _required(document, visible_answers(document, answers))


def completeness(document: "DefinitionDocument", answers: Answers) -> Completeness:
    """This will say which visible questions are answered and which required ones are missing, in the order asked.

    A matrix with open rows is not answered yet.
    """
    shown = visible_answers(document, answers)
    unanswered = tuple(key for key, given in shown.items() if given is None or given.is_partial)
    required = _required(document, shown)
    return Completeness(
        visible=tuple(shown),
        answered=tuple(key for key, given in shown.items() if given is not None and not given.is_partial),
        unanswered=unanswered,
        required_missing=tuple(key for key in unanswered if key in required),
    )


def holds(condition: "Condition", answers: Mapping[str, Answer | None]) -> bool:
    """This will decide a condition over answers from which hidden ones are already left out.

    A comparison with a question that has no answer, “not applicable” or “don't know” is false, also for not_equals.
    """
    if condition.all is not None:
        return all(holds(part, answers) for part in condition.all)
    if condition.any is not None:
        return any(holds(part, answers) for part in condition.any)
    if condition.not_ is not None:
        return not holds(condition.not_, answers)
    given = _of_row(answers.get(condition.question or ""), condition.row)
    state_rule = ABOUT_STATE.get(condition.operator or "")
    if state_rule:
        return state_rule(given)
    if given is None or given.state != State.ANSWERED:
        return False
    try:
        return COMPARISONS[condition.operator or ""](given.value, condition.value)
    except TypeError:
        # Text compared with a number: not equal, not greater, not less.
        return False


def _of_row(given: Answer | None, row: str | None) -> Answer | None:
    """What one row of a matrix says; the whole answer when no row is meant or the whole was said not to apply."""
    if row is None or given is None or given.state != State.ANSWERED:
        return given
    option = given.value.get(row) if isinstance(given.value, dict) else None
    return None if option is None else Answer(State.ANSWERED, option)


def order(document: "DefinitionDocument") -> tuple[Node, ...]:
    """This will order sections and questions so that whatever a condition looks at is decided before it."""
    return tuple(in_order(dependencies(document))[0])


def dependencies(document: "DefinitionDocument") -> dict[Node, list[Node]]:
    """This will map each section and question to what its visibility depends on: its section and its condition."""
    needs: dict[Node, list[Node]] = {}

    def add(section: "Section", outer: list[Node]) -> None:
        here: Node = ("section", section.key)
        needs[here] = outer + _referenced(section.show_if)
        for question in section.questions:
            needs["question", question.key] = [here, *_referenced(question.show_if)]
        for inner in section.sections:
            add(inner, [here])

    for section in document.sections:
        add(section, [])
    return needs


def questions_in(condition: "Condition | None") -> list[str]:
    """This will list the keys of the questions a condition looks at."""
    if condition is None:
        return []
    here = [condition.question] if condition.question else []
    return here + [key for part in condition.parts for key in questions_in(part)]


def _referenced(condition: "Condition | None") -> list[Node]:
    return [("question", key) for key in questions_in(condition)]


def _required(document: "DefinitionDocument", shown: Mapping[str, Answer | None]) -> frozenset[str]:
    questions = document.places.questions
    return frozenset(
        key
        for key in shown
        if (question := questions[key][0]).required
        or (question.require_if is not None and holds(question.require_if, shown))
    )


def _shown_answers(document: "DefinitionDocument", answers: Answers) -> dict[str, Answer | None]:
    shown: dict[str, Answer | None] = {}
    shown_sections: set[str] = set()
    places = document.places
    for kind, key in document.visibility_order:
        if kind == "section":
            section, outer = places.sections[key]
            if (outer is None or outer in shown_sections) and _is_shown(section, shown):
                shown_sections.add(key)
        else:
            question, outer = places.questions[key]
            if outer in shown_sections and _is_shown(question, shown):
                shown[key] = fits(question, answers.get(key))
    return shown


def _is_shown(item: "Question | Section", answers: Mapping[str, Answer | None]) -> bool:
    return item.show_if is None or holds(item.show_if, answers)


def _equals(given: Any, wanted: Any) -> bool:
    if isinstance(given, list) or isinstance(wanted, list):
        as_set = [set(side) if isinstance(side, list) else {side} for side in (given, wanted)]
        return as_set[0] == as_set[1]
    return type(given) is not bool and given == wanted


def _any_of(given: Any, wanted: Any) -> bool:
    chosen = given if isinstance(given, list) else [given]
    return any(item in wanted for item in chosen)


def _contains(given: Any, wanted: Any) -> bool:
    if isinstance(given, list):
        return wanted in given
    return str(wanted).casefold() in str(given).casefold()


ABOUT_STATE: Mapping[str, Callable[[Answer | None], bool]] = {
    "answered": lambda given: given is not None and not given.is_partial,
    "not_answered": lambda given: given is None or given.is_partial,
    "is_not_applicable": lambda given: given is not None and given.state == State.NOT_APPLICABLE,
    "is_dont_know": lambda given: given is not None and given.state == State.DONT_KNOW,
}
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": _equals,
    "not_equals": lambda given, wanted: not _equals(given, wanted),
    "any_of": _any_of,
    "contains": _contains,
    "greater": lambda given, wanted: given > wanted,
    "less": lambda given, wanted: given < wanted,
    "at_least": lambda given, wanted: given >= wanted,
    "at_most": lambda given, wanted: given <= wanted,
}
