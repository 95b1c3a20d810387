"""Moving an open run to a newer version: which answers carry over, which cannot, and what is newly asked. Plain data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from library.answers import Answer, Answers, State, fits, readable
from library.document import DefinitionDocument, Question


@dataclass(frozen=True)
class Lost:
    """An answer, or some rows of one, that the newer version has no place for. `why` says it in words."""

    key: str
    question: str
    words: str
    why: str


@dataclass(frozen=True)
class CarryOver:
    """What becomes of the answers: `kept` as the newer version takes them, `lost`, and `new` questions it asks besides."""

    kept: Mapping[str, Answer]
    lost: list[Lost]
    new: list[Question]

    @property
    def changed_keys(self) -> set[str]:
        """This will name the questions whose answer does not stay as it is."""
        return {lost.key for lost in self.lost}


def carry_over(old: DefinitionDocument, new: DefinitionDocument, answers: Answers) -> CarryOver:
    """This will sort the answers given to an old version by what a new one does with them.

    An answer is kept when its question still exists under its key and still takes it: the same option, a number within
    the bounds. Of a matrix, each row is kept or lost by itself.
    """
    kept: dict[str, Answer] = {}
    lost: list[Lost] = []
    for key, given in _in_order(old, answers):
        asked, before = new.question(key), old.question(key)
        stays = _what_fits(asked, given) if asked else None
        if stays is not None:
            kept[key] = stays
        if stays is None or stays.value != given.value:
            lost.append(_lost(key, before, asked, given, stays))
    return CarryOver(kept, lost, [question for question in new.questions() if old.question(question.key) is None])


def together(new: DefinitionDocument, sets: Mapping[Any, CarryOver], old: DefinitionDocument) -> CarryOver:
    """This will say what becomes of all sets of a run at once: `kept` by set and question, `lost` one after the other."""
    kept = {f"{name or ''}:{key}": answer for name, one in sets.items() for key, answer in one.kept.items()}
    lost = [lost for one in sets.values() for lost in one.lost]
    return CarryOver(kept, lost, [question for question in new.questions() if old.question(question.key) is None])


def _in_order(document: DefinitionDocument, answers: Answers) -> Iterator[tuple[str, Answer]]:
    order = {question.key: number for number, question in enumerate(document.questions())}
    yield from sorted(answers.items(), key=lambda item: order.get(item[0], len(order)))


def _what_fits(asked: Question, given: Answer) -> Answer | None:
    fitting = fits(asked, given)
    if fitting is not None or asked.type != "matrix" or not isinstance(given.value, dict):
        return fitting
    rows = {row.key for row in asked.rows}
    left = {row: option for row, option in given.value.items() if row in rows and asked.choice(option)}
    return fits(asked, Answer(State.ANSWERED, left)) if left else None


def _lost(key: str, before: Question | None, asked: Question | None, given: Answer, stays: Answer | None) -> Lost:
    gone = given
    if stays is not None and isinstance(given.value, dict) and isinstance(stays.value, dict):
        kept_rows = stays.value
        gone = replace(given, value={row: option for row, option in given.value.items() if row not in kept_rows})
    words = readable(before, gone) if before else ""
    return Lost(key, before.text if before else key, words, _why(before, asked, stays))


def _why(before: Question | None, asked: Question | None, stays: Answer | None) -> str:
    if asked is None:
        return _("This question is no longer asked.")
    if stays is not None:
        return _("These rows are no longer asked, or take other answers.")
    if before is not None and asked.type != before.type:
        return _("The question is of another kind now.")
    return _("The question takes other answers now.")
