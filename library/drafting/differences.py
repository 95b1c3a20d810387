"""What a change touched, small enough to keep for each change, and putting it back.

A difference is a list of entries, one per part touched, in the order of the document: `part`; `content` when the part's
fields differ (None where the part does not exist); `place` when it stands elsewhere. Two such lists, before and after,
say all there is to say about a change.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from . import automatic
from .parts import SINGLE, Apart, Shelf, split

type Entry = dict[str, Any]


class ChangedSince(Exception):
    """Something else has changed what is to be put back. `parts` are the addresses of what changed."""

    def __init__(self, parts: Sequence[str]):
        self.parts = list(parts)
        super().__init__(", ".join(self.parts))


def between(before: Apart, after: Apart) -> tuple[list[Entry], list[Entry]]:
    """This will list what differs: how it was and how it is."""
    places = _places(before), _places(after)
    moved = _moved(before, after)
    touched = {
        part
        for part in before.contents.keys() | after.contents.keys()
        if before.contents.get(part) != after.contents.get(part)
    } | moved
    return _entries(before, after, touched, moved, places[0]), _entries(after, before, touched, moved, places[1])


def restored(now: Apart, target: Sequence[Entry], current: Sequence[Entry]) -> Apart:
    """This will put back `target` where `current` stands. Other parts stay as they are.

    Raises ChangedSince when a part is no longer as `current` says. Only what automatic scoring derives may have moved
    on; it is derived anew.
    """
    stale = [entry["part"] for entry in current if not _is_still(now, entry)]
    derived = _derived(now, target, current)
    if not set(stale) <= derived:
        raise ChangedSince(stale)
    target = [entry for entry in target if entry["part"] not in stale]
    result = now.copy()
    for entry in target:
        if entry.get("content", ...) is None or "place" in entry:
            _take_out(result, entry["part"], keep="content" not in entry)
    orphans = [
        f"{kind}:{key}"
        for (kind, inside), keys in result.shelves.items()
        if inside and f"section:{inside}" not in result.contents
        for key in keys
        if not any(entry["part"] == f"section:{inside}" and entry.get("content") for entry in target)
    ]
    if orphans:
        raise ChangedSince(orphans)
    for entry in target:
        _put_in(result, entry)
    if stale:
        automatic.settle(result, _scores_of_sections(result))
    return result


def _entries(here: Apart, there: Apart, touched: set[str], moved: set[str], places: dict[str, dict]) -> list[Entry]:
    return list(_entries_in_order(here, there, touched, moved, places))


def _entries_in_order(
    here: Apart, there: Apart, touched: set[str], moved: set[str], places: dict[str, dict]
) -> Iterator[Entry]:
    for part in here.walk():
        if part not in touched:
            continue
        entry: Entry = {"part": part}
        if here.contents[part] != there.contents.get(part):
            entry["content"] = here.contents[part]
        if part in places and (part in moved or part not in there.contents):
            entry["place"] = places[part]
        yield entry
    for part in there.walk():
        if part in touched and part not in here.contents:
            yield {"part": part, "content": None}


def _places(taken: Apart) -> dict[str, dict[str, Any]]:
    return {
        f"{kind}:{key}": {"inside": inside, "index": index, "after": keys[index - 1] if index else ""}
        for (kind, inside), keys in taken.shelves.items()
        for index, key in enumerate(keys)
    }


def _moved(before: Apart, after: Apart) -> set[str]:
    """Parts of both that stand in another list, or that must have been moved for the order to be another one."""
    moved = set()
    shelf_before = _shelf_by_part(before)
    shelf_after = _shelf_by_part(after)
    for part in shelf_before.keys() & shelf_after.keys():
        if shelf_before[part] != shelf_after[part]:
            moved.add(part)
    for shelf, keys in before.shelves.items():
        if keys == after.shelves.get(shelf):
            continue
        kept = set(after.shelves.get(shelf, ()))
        position = {key: number for number, key in enumerate(key for key in keys if key in kept)}
        order = [key for key in after.shelves.get(shelf, ()) if key in position]
        staying = _longest_rising([position[key] for key in order])
        moved |= {f"{shelf[0]}:{key}" for number, key in enumerate(order) if number not in staying}
    return moved


def _shelf_by_part(taken: Apart) -> dict[str, Shelf]:
    return {f"{shelf[0]}:{key}": shelf for shelf, keys in taken.shelves.items() for key in keys}


def _longest_rising(numbers: list[int]) -> set[int]:
    """The positions of a longest rising subsequence: what can stay when the fewest are moved."""
    ends: list[int] = []
    at: list[int] = []
    previous: list[int] = []
    for position, number in enumerate(numbers):
        length = bisect_left(ends, number)
        previous.append(at[length - 1] if length else -1)
        if length == len(ends):
            ends.append(number)
            at.append(position)
        else:
            ends[length], at[length] = number, position
    staying = set()
    position = at[-1] if at else -1
    while position >= 0:
        staying.add(position)
        position = previous[position]
    return staying


def _is_still(now: Apart, entry: Entry) -> bool:
    part = entry["part"]
    if "content" in entry and now.contents.get(part) != entry["content"]:
        return False
    if "place" in entry:
        return part in now.contents and now.find(part)[0][1] == entry["place"]["inside"]
    return "content" in entry or part in now.contents


def _derived(now: Apart, target: Sequence[Entry], current: Sequence[Entry]) -> set[str]:
    if automatic.by_section(now) is None:
        return set()
    derived = {"scoring", f"score:{now.contents['scoring']['overall']}"}
    there = [{entry["part"] for entry in side if entry.get("content") is not None} for side in (target, current)]
    return derived & there[0] & there[1]


def _take_out(taken: Apart, part: str, keep: bool) -> None:
    if split(part)[0] in SINGLE:
        taken.contents.pop(part, None)
    elif part in taken.contents:
        content = taken.take(part)
        if keep:
            taken.contents[part] = content


def _put_in(taken: Apart, entry: Entry) -> None:
    part, content = entry["part"], entry.get("content")
    if content is not None:
        taken.contents[part] = content
    elif "content" in entry:
        return
    place = entry.get("place")
    if place is None:
        return
    kind, key = split(part)
    if place["inside"] and f"section:{place['inside']}" not in taken.contents:
        raise ChangedSince([f"section:{place['inside']}"])
    keys = taken.shelves.setdefault((kind, place["inside"]), [])
    if not place["after"]:
        keys.insert(0, key)
    elif place["after"] in keys:
        keys.insert(keys.index(place["after"]) + 1, key)
    else:
        keys.insert(place["index"], key)


def _scores_of_sections(taken: Apart) -> dict[str, str]:
    tops = taken.shelves.get(("section", ""), [])
    scores = {}
    for key in taken.shelves.get(("score", ""), []):
        match taken.contents[f"score:{key}"]["inputs"]:
            case [{"sections": [section]}] if section in tops:
                scores[section] = key
    return scores
