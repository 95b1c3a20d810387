"""Two versions compared: each kind of change has its sentence, and only what changes scores makes them incomparable."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.comparison import compare, scores_alike
from library.differences.change import out_of_order
from library.document import DefinitionDocument, parse, shape
from library.scoring.engine import score
from tests.library import strategies

MARKS = [{"key": "good", "text": "Good", "value": 2}, {"key": "bad", "text": "Bad", "value": 0}]
VERSION: dict[str, Any] = {
    "format": "portal-definition/1",
    "key": "x",
    "name": "Backup check",
    "answer_sets": [{"key": "marks", "name": "Marks", "options": MARKS}],
    "sections": [
        {
            "key": "s",
            "name": "Basics",
            "questions": [
                {
                    "key": "a",
                    "type": "single_choice",
                    "text": "Where are your backups?",
                    "options": [
                        {"key": "away", "text": "Away", "value": 2},
                        {"key": "here", "text": "Here", "value": 1},
                        {"key": "none", "text": "None", "value": 0},
                    ],
                },
                {"key": "b", "type": "number", "text": "How old?", "minimum": 0, "maximum": 10},
                {"key": "c", "type": "single_choice", "text": "How good?", "answer_set": "marks"},
            ],
        },
        {
            "key": "t",
            "name": "More",
            "questions": [
                {"key": "d", "type": "text", "text": "Anything else?"},
                {
                    "key": "e",
                    "type": "matrix",
                    "text": "Each day?",
                    "answer_set": "marks",
                    "rows": [{"key": "mon", "text": "Monday"}, {"key": "tue", "text": "Tuesday"}],
                },
                {"key": "f", "type": "yes_no", "text": "Is it tested?", "tags": {"tier": "high"}},
            ],
        },
    ],
    "scoring": {
        "scale": {"min": 0, "max": 100},
        "scores": [
            {"key": "basics", "name": "Basics", "rule": "percent_of_achievable", "inputs": [{"sections": ["s"]}]},
            {"key": "more", "name": "More", "rule": "percent_of_achievable", "inputs": [{"questions": ["e", "f"]}]},
            {
                "key": "all",
                "name": "Overall",
                "rule": "weighted_mean",
                "inputs": [{"scores": ["basics", "more"]}],
                "gates": [{"when": {"question": "f", "operator": "answered"}, "at_most": 60}],
            },
        ],
        "overall": "all",
        "sections": {"s": "basics"},
        "zones": [
            {"label": "Weak", "from": 0, "to": 50, "tone": "b1"},
            {"label": "Strong", "from": 50, "to": 100, "tone": "b4"},
        ],
    },
    "reference_values": [{"score": "all", "value": 54, "label": "All", "n": "170+", "source": "A study", "year": 2025}],
    "samples": [{"key": "one", "name": "One", "answers": {"a": "away"}, "expected": {"basics": 20}}],
}
OLD = parse(VERSION)

type Edit = Callable[[dict[str, Any]], Any]


def question(data: dict[str, Any], key: str) -> dict[str, Any]:
    return next(item for section in data["sections"] for item in section["questions"] if item["key"] == key)


def node(data: dict[str, Any], key: str) -> dict[str, Any]:
    return next(item for item in data["scoring"]["scores"] if item["key"] == key)


def edited(*edits: Edit) -> DefinitionDocument:
    data = copy.deepcopy(VERSION)
    for edit in edits:
        edit(data)
    return shape(data)


def asked(key: str, **fields: Any) -> Edit:
    return lambda data: question(data, key).update(fields)


def scored(key: str, **fields: Any) -> Edit:
    return lambda data: node(data, key).update(fields)


def whole(**fields: Any) -> Edit:
    return lambda data: data.update(fields)


def scoring(**fields: Any) -> Edit:
    return lambda data: data["scoring"].update(fields)


def swap(key: str, first: int, second: int) -> Edit:
    def edit(data: dict[str, Any]) -> None:
        items = next(section for section in data["sections"] if section["key"] == key)["questions"]
        items[first], items[second] = items[second], items[first]

    return edit


def move_f(data: dict[str, Any]) -> None:
    data["sections"][0]["questions"].append(data["sections"][1]["questions"].pop())


def options(*changes: tuple[int, dict[str, Any]]) -> Edit:
    def edit(data: dict[str, Any]) -> None:
        for at, fields in changes:
            question(data, "a")["options"][at].update(fields)

    return edit


NEW_QUESTION = {"key": "n", "type": "yes_no", "text": "Really?"}
F_IS_YES = {"question": "f", "operator": "equals", "value": "yes"}

WORDS = [
    (
        asked("a", text="Where do you keep backups?"),
        "Question 1 “Where are your backups?” now reads “Where do you keep backups?”.",
    ),
    (asked("a", help="Look."), "Question 1 “Where are your backups?”: the help was added."),
    (asked("a", why="Because."), "Question 1 “Where are your backups?”: why it is asked was added."),
    (options((0, {"text": "Elsewhere"})), "Question 1 “Where are your backups?”: answer “Away” now reads “Elsewhere”."),
    (asked("a", required=True), "Question 1 “Where are your backups?” must now be answered."),
    (asked("b", require_if=F_IS_YES), "Question 2 “How old?” must now be answered when question 6 is “Yes”."),
    (asked("b", allow_comment=False), "Question 2 “How old?” no longer takes a comment."),
    (asked("b", allow_evidence=True), "Question 2 “How old?” now takes evidence."),
    (asked("b", unit="days"), "Question 2 “How old?”: the unit was added."),
    (
        asked("b", recommendations=[{"from": 0, "to": 50, "text": "Do."}]),
        "Question 2 “How old?”: recommendations were added.",
    ),
    (asked("d", max_length=10), "Question 4 “Anything else?”: the most characters is now 10 instead of not set."),
    (asked("d", type="long_text"), "Question 4 “Anything else?” is now answered with “Long text” instead of “Text”."),
    (asked("d", show_if=F_IS_YES), "Question 4 “Anything else?” is now asked only when question 6 is “Yes”."),
    (swap("s", 0, 1), "Question 1 “How old?” stands at another place; it was question 2."),
    (swap("t", 0, 1), "Question 4 “Each day?” stands at another place; it was question 5."),
    (
        lambda data: question(data, "a")["options"].reverse(),
        "Question 1 “Where are your backups?”: the answers stand in another order.",
    ),
    (
        lambda data: data["sections"][1]["questions"].append({"key": "n", "type": "text", "text": "Why?"}),
        "Question 7 “Why?” is new.",
    ),
    (lambda data: data["sections"][1]["questions"].pop(0), "Question 4 “Anything else?” was removed."),
    (lambda data: data["sections"].reverse(), "Section “More” stands at another place."),
    (lambda data: data["sections"][0].update(name="First"), "Section “Basics” is now called “First”."),
    (lambda data: data["sections"][0].update(description="X"), "Section “Basics”: the description was added."),
    (
        lambda data: data["answer_sets"][0]["options"][0].update(text="Fine"),
        "Answers “Marks” of questions 3, 5: answer “Good” now reads “Fine”.",
    ),
    (
        lambda data: question(data, "e")["rows"][0].update(text="Mon"),
        "Question 5 “Each day?”: row “Monday” now reads “Mon”.",
    ),
    (whole(name="Backups"), "It is now called “Backups” instead of “Backup check”."),
    (whole(icon="restore"), "Icon: now restore, before clipboard-check."),
    (whole(tags=["new"]), "Tags: now new, before none."),
    (whole(estimated_minutes=5), "Minutes needed: now 5, before estimated."),
    (whole(summary="Short."), "Settings: the summary was added."),
    (whole(instant_results=True), "Clients now see results as soon as they submit."),
    (whole(reference_values=[]), "The figure to compare “Overall” with, 54 (All, A study), was removed."),
    (whole(samples=[]), "Sample “One” was removed."),
    (
        scoring(zones=[{"label": "All", "from": 0, "to": 100, "tone": "b1"}]),
        "The zones are now “All” 0 to 100; they were “Weak” 0 to 50, “Strong” 50 to 100. "
        "Scores stay as they are but may read differently.",
    ),
    (lambda data: data["scoring"]["zones"][0].update(tone="b2"), "Zone “Weak” has another color."),
    (lambda data: data["scoring"]["scale"].update(unit="%"), "Scores are written with another unit or other decimals."),
    (scored("basics", name="Basis"), "Score “Basics” is now called “Basis”."),
    (
        lambda data: node(data, "all")["gates"][0].update(reason="Why"),
        "Score “Overall”: the reasons given for its gates were changed.",
    ),
    (lambda data: data["scoring"]["scores"].reverse(), "The scores stand in another order."),
]
SCORES = [
    (
        options((0, {"value": 3})),
        "Question 1 “Where are your backups?”: answer “Away” now scores 3 instead of 2.",
    ),
    (
        options((2, {"value": None})),
        "Question 1 “Where are your backups?”: answer “None” now carries no score instead of 0.",
    ),
    (
        lambda data: question(data, "a")["options"].pop(),
        "Question 1 “Where are your backups?”: answer “None” was removed.",
    ),
    (
        lambda data: question(data, "a")["options"].append({"key": "z", "text": "Both", "value": 2}),
        "Question 1 “Where are your backups?”: answer “Both” is new and scores 2.",
    ),
    (
        lambda data: data["answer_sets"][0]["options"][0].update(value=3),
        "Answers “Marks” of questions 3, 5: answer “Good” now scores 3 instead of 2.",
    ),
    (asked("b", maximum=20), "Question 2 “How old?”: the highest number is now 20 instead of 10."),
    (asked("b", weight=2), "Question 2 “How old?”: the weight is now 2 instead of 1."),
    (
        asked("b", bands=[{"value": 5}, {"from": 3, "value": 0}]),
        "Question 2 “How old?”: the bands are now below → 5, from 3 → 0; they were none.",
    ),
    (asked("b", allow_not_applicable=True), "Question 2 “How old?” can now be “not applicable”."),
    (asked("b", show_if=F_IS_YES), "Question 2 “How old?” is now asked only when question 6 is “Yes”."),
    (
        lambda data: data["sections"][0].update(show_if=F_IS_YES),
        "Section “Basics” is now shown only when question 6 is “Yes”.",
    ),
    (
        asked("e", combine="mean"),
        "Question 5 “Each day?”: several answers are now combined by their mean instead of their sum.",
    ),
    (lambda data: question(data, "e")["rows"].pop(), "Question 5 “Each day?”: row “Tuesday” was removed."),
    (asked("b", type="scale"), "Question 2 “How old?” is now answered with “Scale” instead of “Number”."),
    (lambda data: data["sections"][0]["questions"].pop(1), "Question 2 “How old?” was removed."),
    (lambda data: data["sections"][0]["questions"].insert(0, NEW_QUESTION), "Question 1 “Really?” is new."),
    (move_f, "Question 4 “Is it tested?” now stands in section “Basics”."),
    (
        scoring(treatment={"unanswered": "exclude"}),
        "A question without an answer now is left out. Before: counts as zero.",
    ),
    (scoring(scale={"min": 0, "max": 120}), "The scale is now 0 to 120 instead of 0 to 100."),
    (scoring(overall="basics"), "The overall result is now “Basics” instead of “Overall”."),
    (scoring(sections={}), "Section “Basics” has no result of its own any more."),
    (
        scored("all", rule="mean"),
        "Score “Overall” is now computed like this: The mean of the inputs; all count the same. "
        "Before: The mean of the inputs, each counting by its weight.",
    ),
    (scored("more", weight=3), "Score “More” now has the weight 3 instead of 1."),
    (scored("more", inputs=[{"questions": ["e"]}]), "Score “More” no longer counts question 6."),
    (scored("more", inputs=[{"questions": ["b", "e", "f"]}]), "Score “More” now also counts question 2."),
    (
        scored("more", treatment={"unanswered": "lowest"}),
        "Score “More”: A question without an answer now counts as the lowest score.",
    ),
    (
        scored("all", gates=[]),
        "Score “Overall”: its gates are now: none. Before: unless question 6 is answered, at most 60.",
    ),
    (
        scored("all", cases=[{"when": F_IS_YES, "value": 5}]),
        "Score “Overall”: its cases are now: 5 when question 6 is “Yes”. Before: none.",
    ),
    (
        scored("all", rounding={"decimals": 0}),
        "Score “Overall”: the result is now rounded to the nearest with 0 decimals; it was not rounded.",
    ),
    (
        scored("all", clamp={"min": 10, "max": 90}),
        "Score “Overall”: the limits of the result: now 10 to 90, before none.",
    ),
    (scored("all", needs_every_answer=True), "Score “Overall” is now given only when every question is answered."),
    (scored("all", inputs_as="percent"), "Score “Overall” now takes its inputs as percentages of their ranges."),
    (lambda data: data.pop("scoring"), "Answers are no longer scored."),
]


@pytest.mark.parametrize(("edit", "sentence"), WORDS, ids=[sentence for __, sentence in WORDS])
def test_words_and_order_leave_scores_comparable(edit: Edit, sentence: str) -> None:
    found = compare(OLD, edited(edit))
    assert sentence in [change.sentence for change in found.changes]
    assert (found.is_comparable, found.reasons) == (True, [])


@pytest.mark.parametrize(("edit", "sentence"), SCORES, ids=[sentence for __, sentence in SCORES])
def test_what_changes_scores_is_said_and_makes_them_incomparable(edit: Edit, sentence: str) -> None:
    found = compare(OLD, edited(edit))
    assert sentence in [change.sentence for change in found.changes]
    assert not found.is_comparable
    assert sentence in found.reasons
    assert not compare(edited(edit), OLD).is_comparable


def test_one_change_is_one_sentence() -> None:
    for edit, sentence in WORDS:
        if "another place" not in sentence:
            assert [change.sentence for change in compare(OLD, edited(edit)).changes] == [sentence]


def test_reasons_leave_out_what_changes_no_score() -> None:
    found = compare(OLD, edited(options((0, {"value": 3})), asked("b", text="What age?"), swap("t", 0, 1)))
    assert len(found.changes) == 3
    assert found.reasons == ["Question 1 “Where are your backups?”: answer “Away” now scores 3 instead of 2."]


def test_a_pick_written_another_way_is_no_change() -> None:
    found = compare(OLD, edited(scored("basics", inputs=[{"questions": ["c", "a"]}, {"questions": ["b"]}])))
    assert found.is_comparable
    assert [change.sentence for change in found.changes] == ["Score “Basics” takes its inputs in another order."]


def test_order_matters_where_levels_are_climbed() -> None:
    levels = scored("basics", rule="levels", options={})
    found = compare(edited(levels), edited(levels, swap("s", 0, 1)))
    assert not found.is_comparable
    assert "Question 1 “How old?” stands at another place; it was question 2." in found.reasons


def test_questions_a_gate_hangs_on_matter_although_they_are_not_scored() -> None:
    gate = {"when": {"question": "d", "operator": "contains", "value": "yes"}, "at_most": 10}
    gated = scored("all", gates=[gate])
    assert not compare(edited(gated), edited(gated, asked("d", show_if=F_IS_YES))).is_comparable


def test_children_that_came_or_went_are_named() -> None:
    with_child = [whole(children=[{"key": "backup", "weight": 2}])]
    children = scored("more", inputs=[{"children": True}])
    found = compare(
        edited(children, *with_child), edited(children, whole(children=[{"key": "backup"}, {"key": "access"}]))
    )
    assert [change.sentence for change in found.changes] == [
        "Child “backup” now has the weight 1 instead of 2.",
        "Child “access” is new.",
    ]
    assert not found.is_comparable
    assert len(found.reasons) == 2


def test_the_same_is_the_same() -> None:
    found = compare(OLD, OLD)
    assert (found.changes, found.is_comparable, found.reasons, found.is_same) == ([], True, [], True)


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("abcde", "abcde", ""),
        ("abcde", "bcdea", "a"),
        ("abcde", "eabcd", "e"),
        ("abcde", "aecdb", "eb"),
        ("abc", "xcab", "c"),
        ("", "abc", ""),
    ],
)
def test_the_fewest_that_moved_are_named(before: str, after: str, moved: str) -> None:
    assert "".join(out_of_order(before, after)) == moved


@strategies.brisk
@given(data=st.data())
def test_any_two_versions_can_be_compared_in_both_directions(data: st.DataObject) -> None:
    old, new = (shape(data.draw(strategies.definitions())) for __ in range(2))
    there, back = compare(old, new), compare(new, old)
    assert there.is_comparable == back.is_comparable == scores_alike(old, new)
    assert bool(there.reasons) == (not there.is_comparable)
    assert all(change.sentence and "%(" not in change.sentence for change in there.changes)
    assert compare(old, old).is_same


@strategies.brisk
@given(data=st.data())
def test_what_is_called_comparable_scores_alike(data: st.DataObject) -> None:
    """One random field of a random definition is changed; when that is called comparable, random answers agree."""
    old = strategies.parsed(data.draw(strategies.definitions()))
    changed = old.to_data()
    target = data.draw(st.sampled_from([item for section in changed["sections"] for item in section["questions"]]))
    field, value = data.draw(
        st.sampled_from(
            [
                ("text", "Other words?"),
                ("required", True),
                ("weight", 3),
                ("tags", {"tier": "b"}),
                ("allow_not_applicable", True),
                ("allow_dont_know", False),
                ("help", "Help."),
            ]
        )
    )
    target[field] = value
    new = strategies.parsed(changed)
    if compare(old, new).is_comparable:
        answers = data.draw(strategies.answers(old))
        before, after = score(old, answers), score(new, answers)
        for key, result in before.nodes.items():
            assert (after.nodes[key].value, after.nodes[key].percent) == (result.value, result.percent)
