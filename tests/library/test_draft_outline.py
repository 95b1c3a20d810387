"""The outline: rows in order, and where a row goes that is moved, dropped or added."""

import pytest

from library.authoring import draft_outline
from library.document import shape
from library.drafting import changes
from library.drafting.changes import Change, Place
from library.drafting.drafts import Draft
from library.drafting.parts import NoSuchPart


def question(key: str, **more) -> dict:
    return {"key": key, "type": "yes_no", "text": f"Is {key} so?"} | more


DATA = {
    "format": "portal-definition/1",
    "key": "nested",
    "name": "Nested",
    "sections": [
        {
            "key": "a",
            "name": "A",
            "questions": [question("a1", required=True), question("a2")],
            "sections": [{"key": "b", "name": "B", "questions": [question("b1")]}],
        },
        {"key": "c", "name": "C", "questions": [question("c1", show_if={"question": "a1", "operator": "equals", "value": "yes"})]},
        {"key": "d", "name": "D"},
    ],
}  # fmt: skip


def outline(data: dict) -> list[str]:
    return [row.part.partition(":")[2] for row in draft_outline.rows(draft(data), "/x/")]


def draft(data: dict) -> Draft:
    document = shape(data)
    return Draft(None, document, document.to_data())  # type: ignore[arg-type]


def moved(part: str, place: Place | None) -> list[str]:
    assert place is not None
    return outline(changes.apply(DATA, Change("move", part, place=place)).data)


def test_rows_stand_in_the_order_they_are_asked_with_numbers_depth_and_marks():
    rows = draft_outline.rows(draft(DATA), "/draft/", "question:b1")
    assert [(row.part, row.depth, row.number, row.count) for row in rows] == [
        ("section:a", 0, "", 3), ("question:a1", 1, "1", 0), ("question:a2", 1, "2", 0),
        ("section:b", 1, "", 1), ("question:b1", 2, "3", 0),
        ("section:c", 0, "", 1), ("question:c1", 1, "4", 0),
        ("section:d", 0, "", 0),
    ]  # fmt: skip
    assert [row.part for row in rows if row.is_required] == ["question:a1"]
    assert [row.part for row in rows if row.is_conditional] == ["question:c1"]
    assert [row.part for row in rows if row.problems] == ["section:d"]
    assert [row.part for row in rows if row.is_current] == ["question:b1"]
    assert rows[1].url == "/draft/?part=question:a1"


def test_one_row_is_the_same_as_in_the_whole_list():
    of_all = draft_outline.rows(draft(DATA), "/draft/", "question:b1")
    assert draft_outline.row(draft(DATA), "/draft/", "question:b1") == of_all[4]
    assert draft_outline.row(draft(DATA), "/draft/", "settings") is None


def test_a_long_text_is_cut_for_the_outline():
    long = {**DATA, "sections": [{"key": "a", "name": "A", "questions": [question("a1", text="word " * 300)]}]}
    assert len(draft_outline.rows(draft(long), "/x/")[1].words) <= draft_outline.LONGEST


@pytest.mark.parametrize(
    ("part", "direction", "order"),
    [
        ("question:a2", "up", ["a", "a2", "a1", "b", "b1", "c", "c1", "d"]),
        ("question:a1", "down", ["a", "a2", "a1", "b", "b1", "c", "c1", "d"]),
        ("question:a2", "down", ["a", "a1", "b", "a2", "b1", "c", "c1", "d"]),
        ("question:b1", "up", ["a", "a1", "a2", "b1", "b", "c", "c1", "d"]),
        ("question:c1", "down", ["a", "a1", "a2", "b", "b1", "c", "d", "c1"]),
        ("section:c", "up", ["c", "c1", "a", "a1", "a2", "b", "b1", "d"]),
        ("section:a", "down", ["c", "c1", "a", "a1", "a2", "b", "b1", "d"]),
    ],
)
def test_a_step_moves_a_row_on_also_into_the_next_section(part, direction, order):
    assert moved(part, draft_outline.step(DATA, part, direction)) == order


@pytest.mark.parametrize(("part", "direction"), [("question:a1", "up"), ("section:a", "up"), ("section:d", "down"), ("section:b", "down")])  # fmt: skip
def test_at_the_end_a_step_leads_nowhere(part, direction):
    assert draft_outline.step(DATA, part, direction) is None


@pytest.mark.parametrize(
    ("part", "after", "order"),
    [
        ("question:a1", "question:a2", ["a", "a2", "a1", "b", "b1", "c", "c1", "d"]),
        ("question:a2", "section:a", ["a", "a2", "a1", "b", "b1", "c", "c1", "d"]),
        ("question:a1", "section:d", ["a", "a2", "b", "b1", "c", "c1", "d", "a1"]),
        ("question:c1", "question:b1", ["a", "a1", "a2", "b", "b1", "c1", "c", "d"]),
        ("question:c1", "", ["a", "c1", "a1", "a2", "b", "b1", "c", "d"]),
        ("section:d", "", ["d", "a", "a1", "a2", "b", "b1", "c", "c1"]),
        ("section:d", "question:b1", ["a", "a1", "a2", "b", "b1", "d", "c", "c1"]),
        ("section:a", "section:c", ["c", "c1", "a", "a1", "a2", "b", "b1", "d"]),
        ("section:b", "question:c1", ["a", "a1", "a2", "c", "c1", "b", "b1", "d"]),
    ],
)
def test_a_row_goes_where_it_is_dropped(part, after, order):
    assert moved(part, draft_outline.dropped(DATA, part, after)) == order


def test_a_question_cannot_be_dropped_where_there_is_no_section():
    with pytest.raises(NoSuchPart):
        draft_outline.dropped({**DATA, "sections": []}, "question:a1", "")


@pytest.mark.parametrize(
    ("kind", "after", "place"),
    [
        ("question", "question:a1", Place("a", 1)),
        ("question", "section:c", Place("c", None)),
        ("question", "settings", Place("d", None)),
        ("section", "question:b1", Place("a", 1)),
        ("section", "section:a", Place("", 1)),
        ("section", "settings", Place("", None)),
    ],
)
def test_what_is_added_goes_behind_what_is_looked_at(kind, after, place):
    assert draft_outline.place_after(DATA, kind, after) == place


def test_a_section_is_never_offered_itself_or_what_is_in_it():
    document = shape(DATA)
    assert [key for key, _name in draft_outline.sections_to_choose(document, "section:a")] == ["c", "d"]
    assert [key for key, _name in draft_outline.sections_to_choose(document, "question:a1")] == ["a", "b", "c", "d"]


def test_a_draft_opens_at_its_first_question():
    assert draft_outline.first_part(shape(DATA)) == "question:a1"
    assert draft_outline.first_part(shape({**DATA, "sections": [{"key": "d", "name": "D"}]})) == "section:d"
    assert draft_outline.first_part(shape({**DATA, "sections": []})) == "settings"
