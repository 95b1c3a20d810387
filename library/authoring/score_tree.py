"""The scores of a definition as a tree: the result on top, below each score what goes into it; and what each weighs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from library.document import DefinitionDocument, Question, Score
from library.graph import in_order
from library.scoring.plan import question_keys_of
from library.scoring.values import can_be_scored

MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One score at one place of the tree. `share` is its part (0 to 1) among the inputs it stands with, None when the
    rule above does not weigh. `is_again` marks a score whose inputs are already shown further up."""

    score: Score
    depth: int
    weight: float
    share: float | None
    questions: int
    is_overall: bool = False
    is_again: bool = False
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WeighedQuestion:
    """A question with its weight and its part (0 to 1) of the weights of its section, and of all."""

    question: Question
    number: int
    counts: bool
    share: float
    share_of_all: float


@dataclass(frozen=True, slots=True)
class WeighedSection:
    """A section with the questions that stand directly in it. `share` is its part of all weights."""

    key: str
    name: str
    total: float
    share: float
    questions: tuple[WeighedQuestion, ...]


# Rules that give each input its weight; for the others a share would be a number without meaning.
WEIGHING = ("weighted_mean", "sum", "percent_of_achievable", "subtractive")


def tree(document: DefinitionDocument) -> list[TreeLine]:
    """This will list the scores that make the result, outer before inner; empty without scoring."""
    if document.scoring is None or document.score(document.scoring.overall) is None:
        return []
    walk = _Walk(document)
    return list(walk.below(document.scoring.overall, 0, 1, None))[:MOST_LINES]


def beside(document: DefinitionDocument) -> list[TreeLine]:
    """This will list the scores that are not part of the result, each with what goes into it."""
    if document.scoring is None:
        return []
    walk = _Walk(document)
    walk.seen = {line.score.key for line in tree(document)}
    inner = {key for score in document.scoring.scores for pick in score.inputs for key in pick.scores}
    tops = [score for score in document.scoring.scores if score.key not in walk.seen and score.key not in inner]
    lines = [line for score in tops for line in walk.below(score.key, 0, score.weight, None)]
    # A draft may hold scores that only count in each other.
    rest = [score for score in document.scoring.scores if score.key not in walk.seen]
    return [*lines, *(walk.line(score, 0, score.weight, None, False) for score in rest)][:MOST_LINES]


class _Walk:
    def __init__(self, document: DefinitionDocument):
        self.document = document
        self.seen: set[str] = set()
        scoring = document.scoring
        self.scores: Mapping[str, Score] = {score.key: score for score in scoring.scores} if scoring else {}
        self.overall = scoring.overall if scoring else ""
        self.sections: dict[str, list[str]] = {}
        for section, score in (scoring.sections if scoring else {}).items():
            found = document.section(section)
            self.sections.setdefault(score, []).append(found.name if found else section)
        self.is_safe = not in_order(
            {key: [inner for pick in score.inputs for inner in pick.scores] for key, score in self.scores.items()}
        )[1]

    def below(self, key: str, depth: int, weight: float, share: float | None) -> Iterator[TreeLine]:
        score = self.scores.get(key)
        if score is None:
            return
        is_again = key in self.seen
        self.seen.add(key)
        yield self.line(score, depth, weight, share, is_again)
        if is_again or not self.is_safe:
            return
        weights = self.weights(score)
        whole = sum(inner for _key, inner in weights) + sum(weight for _key, weight in self.questions(score))
        for inner, inner_weight in weights:
            part = inner_weight / whole if whole and score.rule in WEIGHING else None
            yield from self.below(inner, depth + 1, inner_weight, part)

    def line(self, score: Score, depth: int, weight: float, share: float | None, is_again: bool) -> TreeLine:
        names = tuple(self.sections.get(score.key, ()))
        count = len(self.questions(score))
        return TreeLine(score, depth, weight, share, count, score.key == self.overall, is_again, names)

    def weights(self, score: Score) -> list[tuple[str, float]]:
        found: dict[str, float] = {}
        for pick in score.inputs:
            for key in pick.scores:
                inner = self.scores.get(key)
                if inner is not None:
                    found.setdefault(key, inner.weight if pick.weight is None else pick.weight)
        return list(found.items())

    def questions(self, score: Score) -> list[tuple[str, float]]:
        found: dict[str, float] = {}
        for pick in score.inputs:
            by_place = question_keys_of(self.document, pick) if pick.sections or pick.tags else ()
            for key in (*pick.questions, *by_place):
                question = self.document.question(key)
                if question is not None:
                    found.setdefault(key, question.weight if pick.weight is None else pick.weight)
        return list(found.items())


def weights(document: DefinitionDocument) -> list[WeighedSection]:
    """This will list all questions with their weights by the section they stand in, empty sections left out.

    Questions without a score count for nothing, whatever their weight.
    """
    numbers = {question.key: number for number, question in enumerate(document.questions(), 1)}
    scorable = {question.key for question in document.questions() if can_be_scored(question)}
    whole = sum(question.weight for question in document.questions() if question.key in scorable)
    made = []
    for section in document.all_sections():
        if not section.questions:
            continue
        total = sum(question.weight for question in section.questions if question.key in scorable)
        lines = tuple(
            WeighedQuestion(
                question,
                numbers[question.key],
                question.key in scorable,
                _part(question.weight, total) if question.key in scorable else 0.0,
                _part(question.weight, whole) if question.key in scorable else 0.0,
            )
            for question in section.questions
        )
        made.append(WeighedSection(section.key, section.name, total, _part(total, whole), lines))
    return made


def _part(weight: float, whole: float) -> float:
    return weight / whole if whole else 0.0
