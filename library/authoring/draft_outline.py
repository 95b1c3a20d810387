"""A draft as the editor's outline shows it: one flat list of sections and questions, and where a row may be moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy

from library.document import DefinitionDocument, Question, Section
from library.drafting.changes import Place
from library.drafting.drafts import Draft
from library.drafting.parts import Apart, NoSuchPart, apart, split

LONGEST = 90
# What the menu of a new question says of each type.
TYPES: Mapping[str, dict[str, Any]] = {
    "single_choice": {
        "icon": "circle-dot",
        "name": gettext_lazy("One choice"),
        "says": gettext_lazy("One answer out of several"),
    },
    "multiple_choice": {
        "icon": "checkbox",
        "name": gettext_lazy("Several choices"),
        "says": gettext_lazy("All answers that apply"),
    },
    "yes_no": {
        "icon": "toggle-right",
        "name": gettext_lazy("Yes or no"),
        "says": gettext_lazy("A plain yes or no"),
    },
    "scale": {
        "icon": "stairs",
        "name": gettext_lazy("Scale"),
        "says": gettext_lazy("Steps from low to high, such as 1 to 5"),
    },
    "matrix": {
        "icon": "table",
        "name": gettext_lazy("Matrix"),
        "says": gettext_lazy("The same choices for several rows"),
    },
    "number": {
        "icon": "number-123",
        "name": gettext_lazy("Number"),
        "says": gettext_lazy("A figure, scored in bands if you like"),
    },
    "text": {
        "icon": "cursor-text",
        "name": gettext_lazy("Text"),
        "says": gettext_lazy("A few words on one line"),
    },
    "long_text": {
        "icon": "align-left",
        "name": gettext_lazy("Long text"),
        "says": gettext_lazy("Sentences and paragraphs"),
    },
    "date": {
        "icon": "calendar",
        "name": gettext_lazy("Date"),
        "says": gettext_lazy("A day of the calendar"),
    },
    "file": {
        "icon": "paperclip",
        "name": gettext_lazy("Files"),
        "says": gettext_lazy("Documents or pictures to upload"),
    },
}
SECTION_ICON = "folder"


@dataclass(frozen=True, slots=True)
class Row:
    """One section or question. `number` is "" for a section, whose `count` includes the sections inside it."""

    part: str
    kind: str
    type: str
    depth: int
    number: str
    words: str
    count: int
    icon: str
    url: str
    is_required: bool
    is_conditional: bool
    problems: int
    is_current: bool


def rows(draft: Draft, address: str, current: str = "") -> list[Row]:
    """This will list all rows in order. `address` is the editor's, to which each row's part is added."""
    troubled: dict[str, int] = {}
    for problem in draft.placed:
        troubled[problem.part] = troubled.get(problem.part, 0) + 1
    numbers = {question.key: number for number, question in enumerate(draft.document.questions(), 1)}
    return [_row(item, depth, address, current, troubled, numbers) for item, depth in _walk(draft.document)]


def row(draft: Draft, address: str, part: str) -> Row | None:
    """This will return the row of one part, as the current one; None for what is no row."""
    kind, key = split(part)
    document = draft.document
    item = document.question(key) if kind == "question" else document.section(key) if kind == "section" else None
    if item is None:
        return None
    troubled = {part: sum(problem.part == part for problem in draft.placed)}
    numbers = {question.key: number for number, question in enumerate(document.questions(), 1)}
    return _row(item, _depth(document, part), address, part, troubled, numbers)


def first_part(document: DefinitionDocument) -> str:
    """This will name the part to begin with: the first question, else the first section, else the settings."""
    for item, _depth in _walk(document):
        if isinstance(item, Question):
            return f"question:{item.key}"
    return f"section:{document.sections[0].key}" if document.sections else "settings"


def place_after(data: Mapping[str, Any], kind: str, after: str) -> Place:
    """This will say where a new question or section goes that is added while `after` is looked at.

    A question goes behind a question or to the end of a section; a section behind the section one is in. Elsewhere both
    go to the end. Raises NoSuchPart when there is no section for a question.
    """
    taken = apart(data)
    if after not in taken.contents or split(after)[0] not in ("question", "section"):
        return _at_the_end(taken, kind)
    (of, inside), index = taken.find(after)
    if of == kind:
        return Place(inside, index + 1)
    if kind == "question":
        return Place(split(after)[1], None)
    (_section, outer), position = taken.find(f"section:{inside}")
    return Place(outer, position + 1)


def step(data: Mapping[str, Any], part: str, direction: str) -> Place | None:
    """This will say where a part goes that is moved one step "up" or "down"; None when it stands at that end already.

    A question at the end of its section goes on into the next one; a section stays among its neighbors.
    """
    taken = apart(data)
    (kind, inside), index = taken.find(part)
    siblings = taken.shelves[kind, inside]
    to = index - 1 if direction == "up" else index + 1
    if 0 <= to < len(siblings):
        return Place(inside, to)
    if kind != "question":
        return None
    order = _sections_in_order(taken)
    at = order.index(inside) + (-1 if direction == "up" else 1)
    if not 0 <= at < len(order):
        return None
    return Place(order[at], None if direction == "up" else 0)


def dropped(data: Mapping[str, Any], part: str, after: str) -> Place:
    """This will say where a part goes that was dropped below the row `after`, "" for the top of the list.

    Raises NoSuchPart for a row that is not there and for a question above every section.
    """
    taken = apart(data)
    kind, _key = split(part)
    if kind == "question":
        return _question_dropped(taken, part, after)
    return _section_dropped(taken, part, after)


def inside(data: Mapping[str, Any], part: str, section: str) -> Place:
    """This will say where a part goes that is moved to the end of a section, "" for the top level."""
    taken = apart(data)
    if section and f"section:{section}" not in taken.contents:
        raise NoSuchPart(f"section:{section}")
    return Place(section, None)


def sections_to_choose(document: DefinitionDocument, part: str) -> list[tuple[str, str]]:
    """This will list (key, name indented by depth) of the sections a part can be moved to: never into itself."""
    kind, key = split(part)
    own = document.section(key) if kind == "section" else None
    closed = {section.key for section in own.all_sections()} if own else set()
    return [
        (item.key, "\u2003" * depth + _shortened(item.name))
        for item, depth in _walk(document)
        if isinstance(item, Section) and item.key not in closed
    ]


def _question_dropped(taken: Apart, part: str, after: str) -> Place:
    if not after:
        order = _sections_in_order(taken)
        if not order:
            raise NoSuchPart("section:")
        return Place(order[0], 0)
    (kind, inside), index = taken.find(after)
    if kind == "section":
        return Place(split(after)[1], 0)
    (_question, own_inside), own_index = taken.find(part)
    # The place is counted without the part itself.
    return Place(inside, index if own_inside == inside and own_index <= index else index + 1)


def _section_dropped(taken: Apart, part: str, after: str) -> Place:
    if not after:
        return Place("", 0)
    (kind, inside), _index = taken.find(after)
    beside = after if kind == "section" else f"section:{inside}"
    (_section, outer), index = taken.find(beside)
    if beside == part:
        return Place(outer, index)
    (_own, own_outer), own_index = taken.find(part)
    return Place(outer, index if own_outer == outer and own_index <= index else index + 1)


def _at_the_end(taken: Apart, kind: str) -> Place:
    if kind == "section":
        return Place("", None)
    order = _sections_in_order(taken)
    if not order:
        raise NoSuchPart("section:")
    return Place(order[-1], None)


def _sections_in_order(taken: Apart) -> list[str]:
    return [split(part)[1] for part in taken.walk() if part.startswith("section:")]


def _walk(document: DefinitionDocument) -> Iterator[tuple[Section | Question, int]]:
    def below(section: Section, depth: int) -> Iterator[tuple[Section | Question, int]]:
        yield section, depth
        for question in section.questions:
            yield question, depth + 1
        for inner in section.sections:
            yield from below(inner, depth + 1)

    for section in document.sections:
        yield from below(section, 0)


def _depth(document: DefinitionDocument, part: str) -> int:
    kind, key = split(part)
    depth = 0
    around = document.places.questions[key][1] if kind == "question" else document.places.sections[key][1]
    while around:
        depth, around = depth + 1, document.places.sections[around][1]
    return depth


def _row(
    item: Section | Question,
    depth: int,
    address: str,
    current: str,
    troubled: Mapping[str, int],
    numbers: Mapping[str, int],
) -> Row:
    kind = "question" if isinstance(item, Question) else "section"
    part = f"{kind}:{item.key}"
    own: dict[str, Any]
    if isinstance(item, Question):
        is_required = item.required or item.require_if is not None
        own = {"type": item.type, "number": str(numbers[item.key]), "words": _shortened(item.text), "count": 0}
        own |= {"icon": TYPES[item.type]["icon"], "is_required": is_required}
    else:
        count = sum(1 for _question in item.all_questions())
        own = {"type": "", "number": "", "words": _shortened(item.name), "count": count}
        own |= {"icon": SECTION_ICON, "is_required": False}
    return Row(
        part=part,
        kind=kind,
        depth=depth,
        url=f"{address}?part={quote(part, safe=':')}",
        is_conditional=item.show_if is not None,
        problems=troubled.get(part, 0),
        is_current=part == current,
        **own,
    )


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
