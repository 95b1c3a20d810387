"""One difference between two versions, in words."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from library.condition_words import numbers_of, shortened
from library.document import DefinitionDocument, Question, Section

type Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `where` is the part it concerns (`question:KEY`, `score:KEY`, `settings`, …), `sentence` says it.

    `touches` names what a score may rest on that this change is about; see `basis`.
    """

    kind: Kind
    where: str
    sentence: str
    touches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sides:
    """Two versions of a definition with the numbers of their questions."""

    old: DefinitionDocument
    new: DefinitionDocument
    old_numbers: Mapping[str, int]
    new_numbers: Mapping[str, int]

    @classmethod
    def of(cls, old: DefinitionDocument, new: DefinitionDocument) -> "Sides":
        """This will look both versions over once."""
        return cls(old, new, numbers_of(old), numbers_of(new))

    def asked(self, question: Question) -> str:
        """This will name a question of the new version: “Question 4 “Where are your backups?””."""
        return named(self.new_numbers[question.key], question)

    def was_asked(self, question: Question) -> str:
        """This will name a question of the old version."""
        return named(self.old_numbers[question.key], question)


def named(number: int, question: Question) -> str:
    """This will name a question by its number and its words."""
    return _("Question %(number)s “%(text)s”") % {"number": number, "text": shortened(question.text)}


def titled(section: Section) -> str:
    """This will name a section."""
    return _("Section “%(name)s”") % {"name": shortened(section.name)}


def out_of_order[Item: Hashable](before: Sequence[Item], after: Sequence[Item]) -> list[Item]:
    """This will return the fewest items that must have moved to turn one order into the other, in the order after.

    What stands on one side only is ignored. The longest run that kept its order stayed where it was.
    """
    place = {item: number for number, item in enumerate(before)}
    common = [item for item in after if item in place]
    # Longest increasing subsequence: ends[i] is the smallest place at which a run of length i + 1 can end.
    ends: list[int] = []
    ending: list[int] = []
    links: list[int | None] = []
    for index, item in enumerate(common):
        length = bisect_left(ends, place[item])
        links.append(ending[length - 1] if length else None)
        ends[length : length + 1] = [place[item]]
        ending[length : length + 1] = [index]
    stayed = set()
    at = ending[-1] if ending else None
    while at is not None:
        stayed.add(at)
        at = links[at]
    return [item for index, item in enumerate(common) if index not in stayed]


def by_key[Item](items: Iterable[Item]) -> dict[str, Item]:
    """This will map items to their keys, in order."""
    return {item.key: item for item in items}  # type: ignore[attr-defined]


def reordered(before: Iterable[str], after: Iterable[str]) -> bool:
    """This will say whether what stands on both sides stands in another order."""
    first, second = list(before), list(after)
    return [key for key in first if key in set(second)] != [key for key in second if key in set(first)]


def words_changed(
    subject: str, where: str, pairs: Iterable[tuple[str, object, object]], touches: frozenset[str] = frozenset()
) -> Iterator[Change]:
    """This will report texts that differ, as (what it is called, old, new); long ones without quoting them."""
    for called, before, after in pairs:
        if before == after:
            continue
        if not before:
            sentence = _("%(subject)s: %(what)s was added.")
        elif not after:
            sentence = _("%(subject)s: %(what)s was removed.")
        else:
            sentence = _("%(subject)s: %(what)s was changed.")
        yield Change("changed", where, sentence % {"subject": subject, "what": called}, touches)
