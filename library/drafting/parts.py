"""A definition's data taken apart into what one form edits at a time, and put together again.

A part is addressed by a string:

    settings                name, summary, description, icon, group, tags, language, estimated_minutes, …
    section:<key>           a section's own fields, without what is inside it
    question:<key>          a question
    answer_set:<key>        options that questions share
    scoring                 scale, treatment, overall, sections, zones; the scores are parts of their own
    score:<key>             one score
    sample:<key>            one sample of the test bench
    reference_values        the published figures, as {"reference_values": […]}
    children                the child definitions, as {"children": […]}
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from library.problems import Problem

SETTINGS = (
    "name",
    "summary",
    "description",
    "icon",
    "group",
    "tags",
    "language",
    "estimated_minutes",
    "sample_report",
    "attribution",
    "instant_results",
)
# Parts that stand once in every definition.
SINGLE = ("settings", "scoring", "reference_values", "children")
# Parts that stand in lists, with the field of their list.
LISTED = {
    "answer_set": "answer_sets",
    "section": "sections",
    "question": "questions",
    "score": "scores",
    "sample": "samples",
}

# A list: what kind of parts it holds and the key of the section it stands in, "" at the top.
type Shelf = tuple[str, str]

_STEP = re.compile(r"(sections|questions|answer_sets|samples|scoring\.scores)\[(\d+)\](?:\.|$)")


class NoSuchPart(KeyError):
    """The definition has no such part (any more). `part` is the address that was asked for."""

    def __init__(self, part: str):
        self.part = part
        super().__init__(part)


@dataclass(frozen=True, slots=True)
class Placed:
    """A problem as an editor shows it: at which part, at which of its fields ("" for the whole), in which words."""

    part: str
    field: str
    message: str


@dataclass(slots=True)
class Apart:
    """A definition taken apart. `contents` holds each part's own fields, `shelves` the order in which parts stand.

    Contents are shared with the data they came from: replace them, never change them in place.
    """

    head: dict[str, Any]
    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    shelves: dict[Shelf, list[str]] = field(default_factory=dict)

    def copy(self) -> "Apart":
        """This will return the same, to be changed on its own."""
        return Apart(self.head, dict(self.contents), {shelf: list(keys) for shelf, keys in self.shelves.items()})

    def find(self, part: str) -> tuple[Shelf, int]:
        """This will return the list a part stands in and its position there. Raises NoSuchPart."""
        kind, key = split(part)
        for shelf, keys in self.shelves.items():
            if shelf[0] == kind and key in keys:
                return shelf, keys.index(key)
        raise NoSuchPart(part)

    def keys(self, kind: str) -> list[str]:
        """This will list the keys of all parts of a kind, in no particular order over several sections."""
        return [key for (of, _inside), keys in self.shelves.items() if of == kind for key in keys]

    def within(self, section: str) -> Iterator[str]:
        """This will yield the addresses of all that stands inside a section, outer before inner."""
        yield from (f"question:{key}" for key in self.shelves.get(("question", section), ()))
        for inner in self.shelves.get(("section", section), ()):
            yield f"section:{inner}"
            yield from self.within(inner)

    def insert(self, part: str, content: dict[str, Any], inside: str = "", index: int | None = None) -> None:
        """This will put a part into its list, at the end without an index or with one that is too large."""
        kind, key = split(part)
        keys = self.shelves.setdefault((kind, inside), [])
        keys.insert(len(keys) if index is None else max(index, 0), key)
        self.contents[part] = content

    def take(self, part: str) -> dict[str, Any]:
        """This will take one part out and return its content; what stands inside a section is not touched."""
        shelf, index = self.find(part)
        del self.shelves[shelf][index]
        return self.contents.pop(part)

    def walk(self) -> Iterator[str]:
        """This will yield every part that exists, in the order of the document."""
        yield "settings"
        yield from (f"answer_set:{key}" for key in self.shelves.get(("answer_set", ""), ()))
        for key in self.shelves.get(("section", ""), ()):
            yield f"section:{key}"
            yield from self.within(key)
        yield "children"
        if "scoring" in self.contents:
            yield "scoring"
        yield from (f"score:{key}" for key in self.shelves.get(("score", ""), ()))
        yield "reference_values"
        yield from (f"sample:{key}" for key in self.shelves.get(("sample", ""), ()))


def apart(data: Mapping[str, Any]) -> Apart:
    """This will take data apart. Linear; nothing is copied but the outer shells."""
    taken = Apart({"format": data["format"], "key": data["key"]})
    taken.contents["settings"] = {name: data[name] for name in SETTINGS if name in data}
    taken.contents["children"] = {"children": data.get("children", [])}
    taken.contents["reference_values"] = {"reference_values": data.get("reference_values", [])}
    _shelve(taken, "answer_set", "", data.get("answer_sets", ()))
    _shelve(taken, "sample", "", data.get("samples", ()))
    scoring = data.get("scoring")
    if scoring is not None:
        taken.contents["scoring"] = {name: value for name, value in scoring.items() if name != "scores"}
        _shelve(taken, "score", "", scoring.get("scores", ()))
    _shelve_sections(taken, "", data.get("sections", ()))
    return taken


def together(taken: Apart) -> dict[str, Any]:
    """This will make data of the parts again. Empty lists may stand in it; `document.shape` and `to_data` drop them."""
    contents = taken.contents
    data = {
        **taken.head,
        **contents["settings"],
        **contents["children"],
        **contents["reference_values"],
        "answer_sets": _listed(taken, "answer_set", ""),
        "sections": _sections(taken, ""),
        "samples": _listed(taken, "sample", ""),
    }
    if "scoring" in contents:
        data["scoring"] = {**contents["scoring"], "scores": _listed(taken, "score", "")}
    return data


def split(part: str) -> tuple[str, str]:
    """This will split an address into kind and key; the key of a single part is "". Raises NoSuchPart for nonsense."""
    kind, colon, key = part.partition(":")
    if (kind in SINGLE and not colon) or (kind in LISTED and key):
        return kind, key
    raise NoSuchPart(part)


def exists(data: Mapping[str, Any], part: str) -> bool:
    """This will say whether the definition has this part."""
    return part in apart(data).contents


def content(data: Mapping[str, Any], part: str) -> dict[str, Any]:
    """This will return a part's own fields as plain data; for `scoring` of a definition without it, {}.

    Raises NoSuchPart.
    """
    split(part)
    contents = apart(data).contents
    if part not in contents and part != "scoring":
        raise NoSuchPart(part)
    return dict(contents.get(part, {}))


def fingerprint(data: Mapping[str, Any], part: str) -> str:
    """This will return a short hash of a part: what a form carries along to notice that somebody else changed it.

    Raises NoSuchPart.
    """
    return fingerprint_of(content(data, part))


def fingerprint_of(content: Mapping[str, Any]) -> str:
    """This will return the short hash of a part's content; the order of fields does not matter."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def title(data: Mapping[str, Any] | Apart, part: str) -> str:
    """This will name a part for people: Question “…”, Scoring."""
    kind, key = split(part)
    contents = (data if isinstance(data, Apart) else apart(data)).contents
    said = contents.get(part, {})
    words = _short(str(said.get("text") or said.get("name") or key))
    return TITLES[kind]() % {"name": words}


def placed(data: Mapping[str, Any], problems: Iterable[Problem]) -> list[Placed]:
    """This will say of each problem at which part and field it stands."""
    return [Placed(*at(data, problem.place), problem.message) for problem in problems]


def at(data: Mapping[str, Any], place: str) -> tuple[str, str]:
    """This will turn a problem's place into (part, field): `sections[0].questions[2].show_if` → (`question:…`, show_if).

    A place that names nothing of the data belongs to `settings`.
    """
    here: Any = data
    part, rest = "", place
    while match := _STEP.match(rest):
        kind, index = match[1], int(match[2])
        siblings = (here.get("scoring") or {}).get("scores", ()) if kind == "scoring.scores" else here.get(kind, ())
        if index >= len(siblings):
            return part or "settings", rest
        here, rest = siblings[index], rest[match.end() :]
        part = f"{_KINDS[kind]}:{here.get('key', '')}"
    if part:
        return part, rest
    for single in ("scoring", "reference_values", "children"):
        if place == single or place.startswith((f"{single}.", f"{single}[")):
            return single, place.removeprefix(single).removeprefix(".") if single == "scoring" else place
    return "settings", place


def _shelve(taken: Apart, kind: str, inside: str, items: Iterable[dict[str, Any]]) -> None:
    for item in items:
        taken.shelves.setdefault((kind, inside), []).append(item["key"])
        taken.contents[f"{kind}:{item['key']}"] = item


def _shelve_sections(taken: Apart, inside: str, sections: Iterable[dict[str, Any]]) -> None:
    for section in sections:
        own = {name: value for name, value in section.items() if name not in ("questions", "sections")}
        _shelve(taken, "section", inside, [own])
        _shelve(taken, "question", section["key"], section.get("questions", ()))
        _shelve_sections(taken, section["key"], section.get("sections", ()))


def _listed(taken: Apart, kind: str, inside: str) -> list[dict[str, Any]]:
    return [taken.contents[f"{kind}:{key}"] for key in taken.shelves.get((kind, inside), ())]


def _sections(taken: Apart, inside: str) -> list[dict[str, Any]]:
    return [
        {
            **section,
            "questions": _listed(taken, "question", section["key"]),
            "sections": _sections(taken, section["key"]),
        }
        for section in _listed(taken, "section", inside)
    ]


def _short(words: str, longest: int = 60) -> str:
    words = " ".join(words.split())
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


_KINDS = {field: kind for kind, field in LISTED.items()} | {"scoring.scores": "score"}
TITLES = {
    "settings": lambda: _("Settings"),
    "section": lambda: _("Section “%(name)s”"),
    "question": lambda: _("Question “%(name)s”"),
    "answer_set": lambda: _("Answer set “%(name)s”"),
    "scoring": lambda: _("Scoring"),
    "score": lambda: _("Score “%(name)s”"),
    "sample": lambda: _("Sample “%(name)s”"),
    "reference_values": lambda: _("Reference values"),
    "children": lambda: _("Child definitions"),
}
