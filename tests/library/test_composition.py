"""A parent made one with its children: the same scores, everything renamed, and taken apart again."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.answers import NOT_APPLICABLE, Answer, State
from library.composition import compose, parent_alone
from library.consistency import structure, unfinished
from library.document import DefinitionDocument, parse, shape
from library.problems import InvalidDefinition
from library.scoring.engine import ScoreSheet, score
from tests.library import strategies


def number(key: str, **extra: Any) -> dict[str, Any]:
    return {
        "key": key,
        "type": "number",
        "text": f"{key}?",
        "minimum": 0,
        "maximum": 10,
        "allow_not_applicable": True,
        **extra,
    }


def document(key: str, questions: list[dict[str, Any]], **extra: Any) -> DefinitionDocument:
    sections = [{"key": "s", "name": "S", "questions": questions}] if questions else []
    return shape({"format": "portal-definition/1", "key": key, "name": key.title(), "sections": sections, **extra})


def mean(**extra: Any) -> dict[str, Any]:
    scored = {"key": "total", "name": "Total", "rule": "mean", "inputs": [{"sections": ["s"]}]}
    return {
        "scale": {"min": 0, "max": 10},
        "scores": [scored],
        "overall": "total",
        "sections": {"s": "total"},
        **extra,
    }


BACKUP = document(
    "backup",
    [
        number("a"),
        number("b", show_if={"question": "a", "operator": "greater", "value": 2}),
        {"key": "c", "type": "single_choice", "text": "C?", "answer_set": "marks"},
    ],
    summary="Would you get it back?",
    attribution={"text": "Harbor Ltd", "licence": "CC BY"},
    answer_sets=[{"key": "marks", "options": [{"key": "x", "text": "X", "value": 10}]}],
    scoring=mean(treatment={"unanswered": "exclude"}),
    reference_values=[{"score": "total", "value": 5, "label": "All", "n": "9", "source": "A study", "year": 2025}],
)
ACCESS = document(
    "access", [number("a", require_if={"question": "a2", "operator": "answered"}), number("a2")], scoring=mean()
)
CHILDREN = {"backup": BACKUP, "access": ACCESS}
LINKS = [{"key": "backup", "weight": 3}, {"key": "access"}]


def said(**values: Any) -> dict[str, Answer]:
    return {
        key.replace("__", "."): value if isinstance(value, Answer) else Answer(State.ANSWERED, value)
        for key, value in values.items()
    }


def sheet_of(composed: DefinitionDocument, **values: Any) -> ScoreSheet:
    return score(parse(composed.to_data()), said(**values))


def test_a_definition_without_children_stays_as_it_is() -> None:
    assert compose(BACKUP, {}) is BACKUP
    assert parent_alone(BACKUP) is BACKUP


def test_each_child_becomes_a_section_of_its_own() -> None:
    composed = compose(document("parent", [number("a")], children=LINKS), CHILDREN)
    assert [section.key for section in composed.sections] == ["s", "backup", "access"]
    assert [question.key for question in composed.questions()] == [
        "a",
        "backup.a",
        "backup.b",
        "backup.c",
        "access.a",
        "access.a2",
    ]
    section = composed.section("backup")
    assert section is not None
    assert (section.name, section.description) == ("Backup", "Would you get it back?\n\nHarbor Ltd · CC BY")
    assert [inner.key for inner in section.sections] == ["backup.s"]
    shared, required = composed.question("backup.c"), composed.question("access.a")
    assert shared is not None
    assert required is not None
    assert required.require_if is not None
    assert (shared.answer_set, shared.choices[0].text) == ("backup.marks", "X")
    assert required.require_if.question == "access.a2"
    assert composed.is_composed
    assert [child.content_hash for child in composed.children] == [BACKUP.content_hash(), ACCESS.content_hash()]
    assert structure(composed) == unfinished(composed) == []


def test_a_parent_without_scoring_gets_the_weighted_mean_of_the_percentages() -> None:
    composed = compose(document("parent", [], children=LINKS), CHILDREN)
    # Backup: 8 of 10 is 80 %; access: the mean of 5 and 0 is 2.5 of 10, 25 %. (80 × 3 + 25) ÷ 4
    sheet = sheet_of(composed, backup__a=8, access__a=5)
    overall = sheet.overall
    assert overall is not None
    assert overall.value == 66.25
    assert {key: node.value for key, node in sheet.sections.items()} == {
        "backup": 8,
        "backup.s": 8,
        "access": 2.5,
        "access.s": 2.5,
    }
    assert sheet.explain("overall").figures == "(80 × 3 + 25 × 1) ÷ 4 = 66.25"
    assert [line.name for line in sheet.explain("overall").counted] == ["Backup", "Access"]


def test_a_parent_says_itself_what_the_childrens_scores_become() -> None:
    scoring = {
        "scale": {"min": 0, "max": 20},
        "scores": [
            {"key": "own", "name": "Own", "rule": "mean", "inputs": [{"sections": ["s"]}]},
            {"key": "worst", "name": "Worst", "rule": "lowest", "inputs": [{"children": True}]},
            {"key": "all", "name": "All", "rule": "sum", "inputs": [{"scores": ["own", "worst"]}]},
        ],
        "overall": "all",
        "sections": {"s": "own"},
    }
    parent = document("parent", [number("a")], children=LINKS, scoring=scoring)
    assert structure(parent) == unfinished(parent) == []
    composed = compose(parent, CHILDREN)
    assert not any(pick.children for score in composed.scoring.scores for pick in score.inputs)
    overall = sheet_of(composed, a=7, backup__a=8, access__a=5).overall
    assert overall is not None
    assert overall.value == 7 + 2.5
    assert composed.scoring is not None
    assert composed.scoring.sections["s"] == "own"


def test_a_child_that_does_not_apply_is_left_out() -> None:
    composed = compose(document("parent", [], children=LINKS), CHILDREN)
    none = {"access__a": NOT_APPLICABLE, "access__a2": NOT_APPLICABLE}
    overall = sheet_of(composed, backup__a=8, **none).overall
    assert overall is not None
    assert overall.value == 80


def test_a_child_without_scoring_is_only_asked() -> None:
    plain = document("plain", [number("q")])
    composed = compose(document("parent", [], children=[{"key": "plain"}]), {"plain": plain})
    assert composed.scoring is None
    both = compose(document("parent", [], children=[{"key": "plain"}, {"key": "access"}]), {"plain": plain, **CHILDREN})
    overall = sheet_of(both, access__a=10, access__a2=10).overall
    assert overall is not None
    assert overall.value == 100


def test_what_a_child_computes_with_its_overall_score_stays_the_same() -> None:
    """The link's weight and the scale an overall score brings along change nothing inside the child."""
    scoring = mean(overall="inner")
    scoring["scores"] = [
        {"key": "inner", "name": "Inner", "rule": "mean", "weight": 2, "inputs": [{"questions": ["a", "b"]}]},
        {"key": "other", "name": "Other", "rule": "mean", "inputs": [{"questions": ["b"]}]},
        {
            "key": "index",
            "name": "Index",
            "rule": "weighted_mean",
            "inputs_as": "percent",
            "inputs": [{"scores": ["other", "inner"]}, {"tags": {"tier": "x"}}],
        },
    ]
    del scoring["sections"]
    child = document("child", [number("a"), number("b", tags={"tier": "x"})], scoring=scoring)
    alone = score(child, said(a=9, b=3))
    # Other 30 % × 1, inner 60 % × 2, b 30 % × 1
    assert alone.nodes["index"].value == (30 + 120 + 30) / 4
    parent = document("parent", [number("z", tags={"tier": "x"})], children=[{"key": "child", "weight": 50}])
    together = sheet_of(compose(parent, {"child": child}), child__a=9, child__b=3, z=10)
    assert together.nodes["child.index"].value == alone.nodes["index"].value
    assert together.nodes["child.inner"].name == "Child"


def test_reference_values_of_a_child_come_along() -> None:
    composed = compose(document("parent", [], children=LINKS), CHILDREN)
    assert [value.score for value in composed.reference_values] == ["backup.total"]


def test_a_parent_that_was_composed_can_be_composed_anew() -> None:
    parent = document("parent", [number("a")], children=LINKS)
    once = compose(parent, CHILDREN)
    assert parent_alone(once) == parent
    assert parent_alone(once).to_json() == parent.to_json()
    newer = {**CHILDREN, "access": shape({**ACCESS.to_data(), "name": "Access control"})}
    again = compose(once, newer)
    section = again.section("access")
    assert section is not None
    assert section.name == "Access control"
    assert parent_alone(again) == parent


def test_a_child_may_be_composed_itself() -> None:
    middle = compose(document("middle", [], children=LINKS), CHILDREN)
    top = compose(document("top", [], children=[{"key": "middle"}]), {"middle": middle})
    assert unfinished(top) == structure(top) == []
    overall = sheet_of(top, middle__backup__a=8, middle__access__a=5).overall
    assert overall is not None
    assert overall.value == 66.25


@pytest.mark.parametrize(
    ("parent", "children", "message"),
    [
        (document("p", [], children=LINKS), {"backup": BACKUP}, "children[1]: there is no definition “access”"),
        (
            document("p", [], children=[{"key": "backup"}]),
            {"backup": document("backup", [], children=[{"key": "x"}])},
            "children[0]: “Backup” has children itself",
        ),
        (
            document(
                "p", [], sections=[{"key": "backup", "name": "B", "questions": [number("q")]}], children=LINKS[:1]
            ),
            CHILDREN,
            "children[0]: the section “backup” exists already",
        ),
        (
            document("p", [number("backup.a")], children=LINKS[:1]),
            CHILDREN,
            "children[0]: keys that begin with “backup.” are the child's; give “backup.a” another one",
        ),
    ],
)
def test_what_cannot_be_put_together(
    parent: DefinitionDocument, children: Mapping[str, DefinitionDocument], message: str
) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        compose(parent, children)
    assert any(message in str(problem) for problem in refused.value.problems)


def test_samples_of_a_parent_may_speak_of_its_children() -> None:
    sample = {"key": "s", "name": "S", "answers": {"backup.a": 10}, "expected": {"backup.total": 10}}
    parent = document("parent", [], children=LINKS, samples=[sample])
    assert structure(parent) == []
    assert structure(compose(parent, CHILDREN)) == []
    lost = document("parent", [], children=LINKS, samples=[{**sample, "answers": {"backup.z": 1}}])
    assert [problem.place for problem in structure(compose(lost, CHILDREN))] == ["samples[0].answers.backup.z"]


@strategies.brisk
@given(data=st.data())
def test_a_childs_scores_come_out_as_they_do_alone(data: st.DataObject) -> None:
    children = {key: strategies.parsed(data.draw(strategies.definitions())) for key in ("one", "two")}
    parent = document("parent", [], children=[{"key": "one", "weight": 2.5}, {"key": "two"}])
    composed = compose(parent, children)
    assert parent_alone(composed) == parent
    assert structure(composed) == []
    answers = {key: data.draw(strategies.answers(child)) for key, child in children.items()}
    given_together = {f"{key}.{name}": item for key, given in answers.items() for name, item in given.items()}
    together = score(composed, given_together)
    for key, child in children.items():
        for name, node in score(child, answers[key]).nodes.items():
            same = together.nodes[f"{key}.{name}"]
            assert (same.value, same.percent, same.state) == (node.value, node.percent, node.state)
