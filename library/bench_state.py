"""Which samples of a draft fail as it stands: asked on every page of the editor, computed once per content."""

from functools import lru_cache

from library import bench
from library.drafting.drafts import Draft

# Samples times questions that may be scored for a note in the editor's head; the test bench itself knows no limit.
MOST_WORK = 6_000


def failing(draft: Draft) -> tuple[tuple[str, str], ...]:
    """This will list (key, name) of the samples that do not pass; nothing while there are too many to ask on every page.

    Raises nothing: a draft without scoring has no samples to run.
    """
    document = draft.document
    if not document.samples or document.scoring is None:
        return ()
    if len(document.samples) * document.question_count > MOST_WORK:
        return ()
    known = _kept(draft.version.content_hash)
    if not known:
        known.append(tuple((result.sample.key, result.sample.name) for result in bench.failing(document)))
    return known[0]


@lru_cache(maxsize=64)
def _kept(content_hash: str) -> list[tuple[tuple[str, str], ...]]:
    """A place to keep what one content gave; another content has another hash."""
    return []
