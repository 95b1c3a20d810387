"""Two versions of a definition compared: what changed, in sentences, and whether their scores can be compared.

Pure, and total: any two definitions without problems of structure can be compared, drafts as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from library.differences import of_questions, of_scoring, of_settings
from library.differences.basis import Basis, basis
from library.differences.change import Change, Kind, Sides
from library.document import DefinitionDocument

__all__ = ["Change", "Comparison", "Kind", "compare", "scores_alike"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions.

    `is_comparable`: every set of answers both versions take gets the same scores, so that results of one can stand
    beside results of the other. When not, `reasons` are the sentences of the changes that make the difference.
    """

    changes: list[Change]
    is_comparable: bool
    reasons: list[str]

    @property
    def is_same(self) -> bool:
        """This will say whether nothing differs at all."""
        return not self.changes


def compare(old: DefinitionDocument, new: DefinitionDocument) -> Comparison:
    """This will say what changed from one version to another; (`new`, `old`) is as comparable as (`old`, `new`)."""
    sides = Sides.of(old, new)
    changes = [
        *of_settings.changes(sides),
        *of_questions.changes(sides),
        *of_scoring.changes(sides),
        *of_settings.samples(sides),
    ]
    differing = _differing(basis(old), basis(new))
    return Comparison(changes, not differing, _reasons(changes, differing))


def scores_alike(old: DefinitionDocument, new: DefinitionDocument) -> bool:
    """This will say whether both versions score alike, without finding out what else differs."""
    return basis(old) == basis(new)


def _differing(before: Basis, after: Basis) -> set[str]:
    return {part for part in before.keys() | after.keys() if before.get(part) != after.get(part)}


def _reasons(changes: Iterable[Change], differing: set[str]) -> list[str]:
    if not differing:
        return []
    reasons = list(dict.fromkeys(change.sentence for change in changes if change.touches & differing))
    return reasons or [_("Scores are made of something else than before.")]
