"""Whether the results of two versions can stand side by side, and if not, why: found out once for each pair."""

import uuid
from functools import lru_cache

from django.utils.translation import get_language

from accounts.brand import terminology
from library import comparison
from library.models import DefinitionVersion
from library.versions import document_of


def score_alike(one: DefinitionVersion, other: DefinitionVersion) -> bool:
    """This will say whether both versions score alike. Published versions never change, so it is remembered."""
    if one.pk == other.pk:
        return True
    first, second = sorted((one, other), key=lambda version: version.pk)
    return _alike(_Pair(first, second))


def why_not(old: DefinitionVersion, new: DefinitionVersion) -> tuple[str, ...]:
    """This will say in sentences why results of the two cannot be compared; nothing where they can."""
    return () if old.pk == new.pk else _reasons(_Pair(old, new), get_language() or "", terminology.active())


class _Pair:
    """Two versions as a key to remember by: their ids alone count."""

    def __init__(self, one: DefinitionVersion, other: DefinitionVersion) -> None:
        self.one, self.other = one, other
        self.ids: tuple[uuid.UUID, uuid.UUID] = (one.pk, other.pk)

    def __hash__(self) -> int:
        return hash(self.ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pair) and self.ids == other.ids


@lru_cache(maxsize=256)
def _alike(pair: _Pair) -> bool:
    return comparison.scores_alike(document_of(pair.one), document_of(pair.other))


@lru_cache(maxsize=256)
def _reasons(pair: _Pair, _language: str, _words: tuple[tuple[str, str, str], ...]) -> tuple[str, ...]:
    return tuple(comparison.compare(document_of(pair.one), document_of(pair.other)).reasons)
