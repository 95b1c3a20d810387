"""What can be searched: providers, each finding one kind of thing in one of the two areas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.viewer import Viewer

CLIENT, STAFF = "client", "staff"
SHORTEST = 2
LONGEST = 100
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: where it is, and in a few words what sets it apart from others of its name."""

    label: str
    url: str
    icon: str
    detail: str = ""


Find = Callable[[Viewer, Sequence[str], int], list[Hit]]
More = Callable[[Viewer, Sequence[str]], str]


@dataclass(frozen=True)
class Provider:
    """Finds one kind of thing. `more` is the address of the list where the search goes on, "" for none."""

    area: str
    label: Any
    find: Find
    more: More | None = None
    position: int = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What one provider found. `more_url` leads on when there is more than is shown."""

    label: str
    hits: list[Hit]
    has_more: bool
    more_url: str


_PROVIDERS: list[Provider] = []


def search_provider(area: str, label: Any, *, position: int, more: More | None = None) -> Callable[[Find], Find]:
    """This will make the decorated function find one kind of thing in an area.

    It gets the viewer, the words that must all occur, and how many are wanted; whatever it reads starts from
    `.visible_to(viewer)`, and what the viewer may not open it does not read.
    """

    def register(find: Find) -> Find:
        _PROVIDERS.append(Provider(area, label, find, more, position))
        return find

    return register


def words_of(text: str) -> list[str]:
    """This will read what somebody typed as words; none as long as it is too short to look for."""
    text = text.replace("\x00", "").strip()[:LONGEST]
    return text.split()[:MOST_WORDS] if len(text) >= SHORTEST else []


def search(viewer: Viewer, area: str, words: Sequence[str], most: int) -> list[Found]:
    """This will ask every provider of the area: a query for each, or a few, however much there is."""
    if not words:
        return []
    found = []
    for provider in sorted((one for one in _PROVIDERS if one.area == area), key=lambda one: one.position):
        hits = provider.find(viewer, words, most + 1)
        if hits:
            has_more = len(hits) > most
            more_url = provider.more(viewer, words) if has_more and provider.more else ""
            found.append(Found(str(provider.label), hits[:most], has_more, more_url))
    return found
