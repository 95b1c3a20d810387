"""What the test bench of a draft works on, and what the editor asks of it on every page, computed once per content."""

from functools import lru_cache

from library import bench, consistency
from library.document import DefinitionDocument
from library.drafting.drafts import Draft
from library.versions import whole_document_of

# Samples times questions that may be scored for a note in the editor's head; the test bench itself knows no limit.
MOST_WORK = 6_000


def document_of(draft: Draft) -> DefinitionDocument:
    """This will return the draft as it would be taken: with what its children, as published now, bring along."""
    return whole_document_of(draft.version) if draft.document.children else draft.document


def can_be_scored(draft: Draft, document: DefinitionDocument) -> bool:
    """This will say whether scores can be computed: there is scoring, and the draft makes sense.

    `document` is what `document_of` returned. A draft from elsewhere may refer to what does not exist; every change
    made here leaves one that makes sense.
    """
    if document.scoring is None:
        return False
    known = _kept_of(draft)
    if "sound" not in known:
        known["sound"] = not consistency.structure(document)
    return bool(known["sound"])


def failing(draft: Draft) -> tuple[tuple[str, str], ...]:
    """This will list (key, name) of the samples that do not pass; nothing while there are too many to ask on every page."""
    if not draft.document.samples:
        return ()
    document = document_of(draft)
    if len(document.samples) * document.question_count > MOST_WORK or not can_be_scored(draft, document):
        return ()
    known = _kept_of(draft)
    if "failing" not in known:
        known["failing"] = tuple((result.sample.key, result.sample.name) for result in bench.failing(document))
    return known["failing"]


def _kept_of(draft: Draft) -> dict:
    # What children bring along changes without the draft: nothing is kept then.
    return {} if draft.document.children else _kept(draft.version.content_hash)


@lru_cache(maxsize=64)
def _kept(content_hash: str) -> dict:
    """A place to keep what is known of one content; another content has another hash."""
    return {}
