"""Keys made of words: short, readable, unused."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.text import slugify

from .mentions import followed
from .parts import Apart, split

LONGEST = 40
MOST_WORDS = 5


def of_words(words: str, otherwise: str) -> str:
    """This will make a key of the first words; `otherwise` when nothing of them can stand in a key."""
    slug = "-".join(slugify(words[:400]).strip("-_").split("-")[:MOST_WORDS])
    return slug[:LONGEST].strip("-_") or otherwise


def unused(wanted: str, taken: Collection[str]) -> str:
    """This will return the key, or when it is taken the same with the first free number: backup, backup-2, backup-3."""
    if wanted not in taken:
        return wanted
    stem, dash, number = wanted.rpartition("-")
    if not (dash and stem and number.isdigit() and len(number) < 4):
        stem, number = wanted, "1"
    stem = stem[:150]
    following = int(number) + 1
    while f"{stem}-{following}" in taken:
        following += 1
    return f"{stem}-{following}"


def renewed(taken: Apart, part: str, content: dict[str, Any]) -> dict[str, Any]:
    """This will return new content whose keys are unused; conditions inside it follow. A section brings what is in it."""
    kind = split(part)[0]
    if kind not in ("section", "question"):
        return {**content, "key": unused(content["key"], taken.keys(kind))}
    known = {kind: set(taken.keys(kind)) for kind in ("section", "question")}
    new: dict[str, dict[str, str]] = {"section": {}, "question": {}}
    for of, key in _keys_in(kind, content):
        new[of][key] = unused(key, known[of])
        known[of].add(new[of][key])
    return _rekeyed(kind, content, new)


def _keys_in(kind: str, content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield kind, content["key"]
    for question in content.get("questions", ()):
        yield "question", question["key"]
    for section in content.get("sections", ()):
        yield from _keys_in("section", section)


def _rekeyed(kind: str, content: dict[str, Any], new: dict[str, dict[str, str]]) -> dict[str, Any]:
    def follow(leaf: dict[str, Any]) -> dict[str, Any]:
        return {**leaf, "question": new["question"].get(leaf.get("question", ""), leaf.get("question"))}

    changed = {**content, "key": new[kind][content["key"]]}
    for name in ("show_if", "require_if"):
        if content.get(name):
            changed[name] = followed(content[name], follow)
    if "questions" in content:
        changed["questions"] = [_rekeyed("question", question, new) for question in content["questions"]]
    if "sections" in content:
        changed["sections"] = [_rekeyed("section", section, new) for section in content["sections"]]
    return changed
