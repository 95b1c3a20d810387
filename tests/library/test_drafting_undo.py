"""Whatever is changed in whatever order: undone backwards, the same bytes are there again."""

import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from library import consistency
from library.document import DefinitionDocument, hash_of, shape
from library.drafting import changes, fresh, parts
from library.drafting.changes import Applied, Change, Place, Refused
from library.drafting.parts import NoSuchPart, apart
from library.problems import InvalidDefinition
from tests.library.strategies import definitions, patient, texts

TYPES = ["text", "long_text", "number", "single_choice", "multiple_choice", "yes_no", "scale", "date", "matrix", "file"]


@st.composite
def sound_definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Definitions a draft can have: random ones with random scoring, or the blank one with automatic scoring."""
    if draw(st.booleans()):
        return shape(fresh.blank("blank", draw(texts), "Shelf")).to_data()
    data = draw(definitions())
    data["sections"][0]["sections"] = [
        {"key": "inner", "name": "Inner", "questions": [{"key": "deep", "type": "yes_no", "text": "Deep?"}]}
    ]
    data["samples"] = [{"key": "s", "name": "S", "answers": {"deep": "yes"}, "expected": {"n0": None}}]
    data["answer_sets"] = [{"key": "set", "options": [{"key": "a", "text": "A"}, {"key": "b", "text": "B"}]}]
    try:
        document = shape(data)
    except InvalidDefinition:
        assume(False)
    assume(not consistency.structure(document))
    return document.to_data()


def some_change(draw: st.DrawFn, data: dict[str, Any]) -> Change:
    """A change an author could ask for; some will be refused."""
    taken = apart(data)
    part = draw(st.sampled_from(sorted(taken.contents)))
    kind, key = parts.split(part)
    sections = [name.partition(":")[2] for name in taken.contents if name.startswith("section:")]
    inside = draw(st.sampled_from(["", *sections]))
    place = Place(inside, draw(st.integers(0, 4)))
    match draw(st.sampled_from(["update", "add", "add section", "duplicate", "remove", "move", "rename", "retype"])):
        case "add":
            question = fresh.question(data, draw(st.sampled_from(TYPES)), draw(texts))
            return Change("add", f"question:{question['key']}", question, place)
        case "add section":
            section = fresh.section(data, draw(texts))
            return Change("add", f"section:{section['key']}", section, place)
        case "duplicate" if key:
            return fresh.duplication(data, part)
        case "remove" if key or kind == "scoring":
            return Change("remove", part)
        case "move" if key:
            return Change("move", part, place=place if kind in ("section", "question") else Place("", place.index))
        case "rename" if key:
            options = kind in ("question", "answer_set") and taken.contents[part].get("options")
            if options and draw(st.booleans()):
                return Change("rename", part, {"option": options[0]["key"], "to": "another"})
            return Change("rename", part, draw(st.sampled_from(["renamed", "n0", "q0.0", "s1"])))
        case "retype" if kind == "question":
            return Change("set", part, fresh.retyped(taken.contents[part], draw(st.sampled_from(TYPES))))
    if kind == "question":
        return Change("update", part, {"text": draw(texts), "weight": draw(st.integers(0, 3)), "show_if": None})
    if kind in ("section", "settings", "score", "sample", "answer_set"):
        return Change("update", part, {"name": draw(texts)})
    if kind == "scoring":
        return Change("update", part, {"scale": {"min": -1e9, "max": 1e9, "unit": "x"}})
    return Change("set", part, [])


@patient
@given(st.data())
def test_undone_backwards_the_same_bytes_are_there_again(drawn: st.DataObject):
    data = drawn.draw(sound_definitions())
    history: list[tuple[str, Applied]] = []
    for _number in range(drawn.draw(st.integers(1, 8))):
        try:
            applied = changes.apply(data, some_change(drawn.draw, data))
        except (Refused, NoSuchPart):
            continue
        history.append((hash_of(data), applied))
        assert_sound(applied)
        data = applied.data
    for before, applied in reversed(history):
        undone = changes.revert(data, *stored(applied))
        assert hash_of(undone.data) == before, applied.label
        redone = changes.revert(undone.data, *stored(undone))
        assert hash_of(redone.data) == hash_of(data), applied.label
        data = undone.data


def stored(applied: Applied) -> list[dict[str, Any]]:
    """As they come out of the database."""
    return [json.loads(json.dumps(side)) for side in (applied.before, applied.after)]


def assert_sound(applied: Applied) -> None:
    document = shape(json.loads(json.dumps(applied.data)))
    assert isinstance(document, DefinitionDocument)
    assert document.to_data() == applied.data
    assert consistency.structure(document) == []
    assert len(applied.label) <= changes.LONGEST_LABEL


@patient
@given(st.data())
def test_taken_apart_and_put_together_nothing_is_lost(drawn: st.DataObject):
    data = drawn.draw(sound_definitions())
    assert shape(parts.together(apart(data))).to_data() == data
    for part in apart(data).walk():
        assert parts.fingerprint(data, part) == parts.fingerprint(json.loads(json.dumps(data)), part)


def test_every_part_is_walked_once_and_in_the_order_of_the_document():
    data = shape(fresh.blank("blank", "Blank")).to_data()
    assert list(apart(data).walk()) == [
        "settings", "section:first-section", "question:first-question", "children", "scoring", "score:first-section",
        "score:overall", "reference_values",
    ]  # fmt: skip
