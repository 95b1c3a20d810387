"""Scoring that keeps up by itself, as long as nobody made another."""

from typing import Any

import pytest

from library import consistency, exchange
from library.document import hash_of, shape
from library.drafting import automatic, changes, fresh, parts
from library.drafting.changes import Applied, Change, Place
from library.drafting.parts import apart
from library.scoring.engine import score
from portal.demo import content as demo


def blank() -> dict[str, Any]:
    return shape(fresh.blank("blank", "Blank", "Shelf")).to_data()


def done(data: dict[str, Any], *all_changes: Change) -> Applied:
    for change in all_changes:
        made = changes.apply(data, change)
        assert hash_of(changes.revert(made.data, made.before, made.after).data) == hash_of(data)
        data = made.data
    return made


def scores(data: dict[str, Any]) -> list[str]:
    return [one["key"] for one in data["scoring"]["scores"]]


def overall(data: dict[str, Any]) -> list[dict[str, Any]]:
    return parts.content(data, "score:overall")["inputs"]


def with_two() -> dict[str, Any]:
    question = {"key": "q", "type": "yes_no", "text": "Q?"}
    return done(blank(), Change("add", "section:two", {"name": "Two", "questions": [question]})).data


def test_a_blank_definition_is_ready_to_publish():
    document = shape(blank())
    assert consistency.check(document) == []
    assert document.scoring is not None
    assert [(zone.label, zone.start, zone.end, zone.tone) for zone in document.scoring.zones] == [
        ("At risk", 0, 40, "b1"),
        ("Developing", 40, 60, "b2"),
        ("Managed", 60, 80, "b3"),
        ("Strong", 80, 100, "b4"),
    ]
    assert (document.scoring.scale.min, document.scoring.scale.max) == (0, 100)


def test_a_new_section_counts():
    data = with_two()
    assert scores(data) == ["first-section", "two", "overall"]
    assert overall(data) == [{"scores": ["first-section", "two"]}]
    assert data["scoring"]["sections"] == {"first-section": "first-section", "two": "two"}
    sheet = score(shape(data), {})
    assert sheet.overall is not None
    assert (sheet.overall.value, sheet.overall.ceiling) == (0, 100)


def test_a_removed_section_no_longer_counts():
    made = done(with_two(), Change("remove", "section:first-section"))
    assert scores(made.data) == ["two", "overall"]
    assert overall(made.data) == [{"scores": ["two"]}]
    assert made.label == "Section “First section” removed; removed with it: 1 question, 1 score"


def test_the_last_section_may_go_and_another_one_come():
    data = done(blank(), Change("remove", "section:first-section")).data
    assert overall(data) == [{}]
    assert "sections" not in data["scoring"]
    assert overall(done(data, Change("add", "section:new", {"name": "New"})).data) == [{"scores": ["new"]}]


def test_a_section_where_nothing_can_be_scored_keeps_nobody_from_publishing():
    """Somebody adds “About you” with questions in free text: there is nothing to set up for it."""
    text = {"type": "text", "text": "Who are you?"}
    data = done(blank(), Change("add", "section:about", {"name": "About"}), Change("add", "question:who", text, Place("about"))).data  # fmt: skip
    assert scores(data) == ["first-section", "overall"]
    assert consistency.check(shape(data)) == []
    data = done(data, Change("set", "question:who", fresh.retyped(parts.content(data, "question:who"), "scale"))).data
    assert scores(data) == ["first-section", "about", "overall"]
    assert consistency.check(shape(data)) == []
    data = done(data, Change("update", "question:who", {"weight": 0})).data
    assert scores(data) == ["first-section", "overall"]


def test_options_that_are_shared_decide_too():
    options = [{"key": "a", "text": "A", "value": 1}, {"key": "b", "text": "B", "value": 0}]
    question = {"key": "q", "type": "single_choice", "text": "Q?", "answer_set": "ab"}
    data = done(
        blank(),
        Change("add", "answer_set:ab", {"name": "AB", "options": options}),
        Change("add", "section:two", {"name": "Two", "questions": [question]}),
    ).data
    assert "two" in scores(data)
    unscored = [{name: value for name, value in option.items() if name != "value"} for option in options]
    assert "two" not in scores(done(data, Change("update", "answer_set:ab", {"options": unscored})).data)


def test_a_duplicated_section_is_scored_as_its_model():
    data = done(with_two(), Change("update", "score:two", {"weight": 3, "rule": "lowest"})).data
    data = done(data, fresh.duplication(data, "section:two")).data
    assert scores(data) == ["first-section", "two", "two-2", "overall"]
    assert parts.content(data, "score:two-2") == {
        "key": "two-2",
        "name": "Two (copy)",
        "rule": "lowest",
        "inputs": [{"sections": ["two-2"]}],
        "inputs_as": "percent",
        "weight": 3,
    }


def test_a_score_bears_the_name_of_its_section_until_it_has_its_own():
    data = done(with_two(), Change("update", "section:two", {"name": "Second"})).data
    assert parts.content(data, "score:two")["name"] == "Second"
    data = done(
        data, Change("update", "score:two", {"name": "Own"}), Change("update", "section:two", {"name": "2"})
    ).data
    assert parts.content(data, "score:two")["name"] == "Own"


def test_scores_stand_in_the_order_of_their_sections():
    data = done(with_two(), Change("move", "section:two", place=Place("", 0))).data
    assert scores(data) == ["two", "first-section", "overall"]
    assert overall(data) == [{"scores": ["two", "first-section"]}]


def test_a_section_moved_into_another_is_scored_with_it():
    data = done(with_two(), Change("move", "section:two", place=Place("first-section", 0))).data
    assert scores(data) == ["first-section", "overall"]
    data = done(data, Change("move", "section:two", place=Place("", 1))).data
    assert scores(data) == ["first-section", "two", "overall"]


def test_a_section_may_be_called_overall():
    data = done(blank(), Change("add", "section:overall", {"name": "Overall"})).data
    assert scores(data) == ["first-section", "overall-2", "overall"]
    assert data["scoring"]["sections"]["overall"] == "overall-2"


def test_a_score_taken_away_by_hand_stays_away():
    data = done(with_two(), Change("remove", "score:two")).data
    data = done(data, Change("update", "section:two", {"name": "Two!"}), Change("rename", "section:two", "second")).data
    data = done(data, Change("add", "section:three", {"name": "Three"})).data
    assert scores(data) == ["first-section", "three", "overall"]


def test_children_count_when_there_are_any():
    data = done(blank(), Change("set", "children", [{"key": "child"}])).data
    assert overall(data) == [{"scores": ["first-section"]}, {"children": True}]
    data = done(data, Change("remove", "section:first-section")).data
    assert overall(data) == [{"children": True}]
    assert overall(done(data, Change("set", "children", [])).data) == [{}]


def test_what_the_author_set_on_the_overall_score_stays():
    own = {"name": "Total", "rule": "lowest", "gates": [{"when": {"question": "q", "operator": "answered"}}]}
    data = done(with_two(), Change("update", "score:overall", own)).data
    data = done(data, Change("add", "section:three", {"name": "Three"})).data
    found = parts.content(data, "score:overall")
    assert {name: found[name] for name in own} == own
    assert found["inputs"] == [{"scores": ["first-section", "two", "three"]}]


@pytest.mark.parametrize(
    "by_hand",
    [
        Change("update", "score:overall", {"inputs": [{"sections": ["two"]}]}),
        Change("update", "score:overall", {"inputs": [{"scores": ["two"]}]}),
        Change("update", "score:two", {"inputs": [{"sections": ["two"]}, {"tags": {"a": "b"}}]}),
        Change("update", "score:two", {"inputs": [{"sections": ["two"], "tags": {"a": "b"}}]}),
        Change("add", "score:third", {"name": "Third", "rule": "sum", "inputs": [{"questions": ["q"]}]}),
        Change("update", "scoring", {"sections": {"two": "overall"}}),
    ],
)
def test_scoring_made_by_hand_is_left_alone(by_hand: Change):
    before = done(with_two(), by_hand).data
    after = done(before, Change("add", "section:three", {"name": "Three"})).data
    assert after["scoring"] == before["scoring"]


def test_without_scoring_there_is_nothing_to_keep_up():
    data = done(with_two(), Change("remove", "scoring"), Change("add", "section:three", {"name": "Three"})).data
    assert "scoring" not in data
    data = done(data, Change("add", "scoring", fresh.scoring(data))).data
    assert scores(data) == ["first-section", "two", "three", "overall"]


def test_sections_are_undone_in_any_order():
    """The overall score moved on with the other sections; undoing one takes out that one only."""
    first = changes.apply(blank(), Change("add", "section:a", {"name": "A"}))
    second = changes.apply(first.data, Change("add", "section:b", {"name": "B"}))
    undone = changes.revert(second.data, first.before, first.after)
    assert scores(undone.data) == ["first-section", "b", "overall"]
    assert overall(undone.data) == [{"scores": ["first-section", "b"]}]
    removed = changes.apply(second.data, Change("remove", "section:a"))
    since = changes.apply(removed.data, Change("add", "section:c", {"name": "C"}))
    back = changes.revert(since.data, removed.before, removed.after)
    assert scores(back.data) == ["first-section", "a", "b", "c", "overall"]
    assert overall(back.data) == [{"scores": ["first-section", "a", "b", "c"]}]
    assert set(back.data["scoring"]["sections"]) == {"first-section", "a", "b", "c"}


def test_our_own_first_definition_has_the_automatic_shape():
    """Weights and a gate of its own do not take it away, nor a section about the respondent that is not scored."""
    data = exchange.load(demo.DEFINITIONS / "business-resilience.yaml").document().to_data()
    found = automatic.by_section(apart(data))
    assert found == data["scoring"]["sections"]
    assert 0 < len(found) < len(data["sections"])
