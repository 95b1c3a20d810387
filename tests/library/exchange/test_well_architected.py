"""Custom lenses of the AWS Well-Architected Tool: what becomes of them, and that risks are those of the rules."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import exchange
from library.answers import Answer, State
from library.document import DefinitionDocument, parse
from library.exchange import well_architected
from library.exchange.report import Imported, Line
from library.problems import RefusedFile, UnreadableFile
from library.scoring.engine import score
from tests.library.strategies import json_values, patient

VALUES = {"NO_RISK": 100, "MEDIUM_RISK": 50, "HIGH_RISK": 0}


@pytest.fixture
def content(conformance_data: Path) -> dict[str, Any]:
    path = conformance_data / "aws-wa-custom-lens" / "custom-lensddb.v0.7.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@pytest.fixture
def imported(content: dict[str, Any]) -> Imported:
    return well_architected.convert(content)


def questions_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [question for pillar in content["pillars"] for question in pillar["questions"]]


def expected_risk(rules: list[dict[str, str]], chosen: set[str]) -> str:
    """The risk rules computed directly: Python has the same precedence of not, and, or."""
    for rule in rules:
        condition = rule["condition"]
        if condition == "default":
            return rule["risk"]
        python = condition.replace("&&", " and ").replace("||", " or ").replace("!", " not ")
        named = re.sub(r"\b(?!and\b|or\b|not\b)([A-Za-z]\w*)", lambda found: str(found[1] in chosen), python)
        assert re.fullmatch(r"(True|False|and|or|not|[\s()])+", named)
        if eval(named):  # noqa: S307 - nothing but truth values and operators, as asserted
            return rule["risk"]
    raise AssertionError("no rule holds")


def line_of(report: list[Line], place: str) -> Line:
    return next(line for line in report if line.place == place)


class TestTheRealLens:
    def test_pillars_questions_and_choices(self, content: dict[str, Any], imported: Imported) -> None:
        document = parse(imported.data)
        assert document.name == content["name"]
        assert [section.name for section in document.sections] == [pillar["name"] for pillar in content["pillars"]]
        assert document.question_count == 15
        for theirs, ours in zip(questions_of(content), document.questions(), strict=True):
            assert (ours.key, ours.text, ours.type) == (theirs["id"], theirs["title"], "multiple_choice")
            texts = [option.text for option in ours.choices]
            assert texts[: len(theirs["choices"])] == [choice["title"] for choice in theirs["choices"]]
            assert any("none" in text.lower() for text in texts)

    def test_it_is_recognised_by_what_it_holds(self, conformance_data: Path) -> None:
        found = exchange.load(conformance_data / "aws-wa-custom-lens" / "custom-lensddb.v0.7.json")
        assert found.source == "well_architected"
        assert found.document().question_count == 15

    def test_descriptions_and_resources_are_help(self, imported: Imported) -> None:
        question = parse(imported.data).questions()[0]
        assert question.help == "A proper backup process will prevent unexpected data loss."
        first = question.choices[0].help
        assert first.startswith("Amazon DynamoDB table backup can be triggered")
        assert "(https://docs.aws.amazon.com/amazondynamodb/" in first
        assert question.choices[4].help == ""

    def test_every_thing_of_the_file_is_in_the_report(self, content: dict[str, Any], imported: Imported) -> None:
        places = {line.place for line in imported.report}
        for name in content:
            assert name == "pillars" or name in places
        for number, pillar in enumerate(content["pillars"]):
            assert f"pillars[{number}]" in places
            for index, question in enumerate(pillar["questions"]):
                where = f"pillars[{number}].questions[{index}]"
                assert where in places
                for part in ("choices", "riskRules"):
                    for count in range(len(question[part])):
                        assert f"{where}.{part}[{count}]" in places

    def test_risks_are_those_of_the_rules_for_every_combination(
        self, content: dict[str, Any], imported: Imported
    ) -> None:
        document = parse(imported.data)
        tried = 0
        for question in questions_of(content):
            ids = [choice["id"] for choice in question["choices"]]
            assert len(ids) <= 8
            asked = document.question(question["id"])
            assert asked
            # Choosing nothing is an answer of its own, where the file has no such choice itself.
            added = [[option.key] for option in asked.choices if option.key not in ids]
            for chosen in [set(some) for size in range(1, len(ids) + 1) for some in combinations(ids, size)]:
                wanted = expected_risk(question["riskRules"], chosen)
                assert rating(document, question["id"], sorted(chosen)) == VALUES[wanted], (question["id"], chosen)
                tried += 1
            for nothing in added:
                assert rating(document, question["id"], nothing) == VALUES[expected_risk(question["riskRules"], set())]
                tried += 1
            assert score(document, {}).nodes[f"risk.{question['id']}"].value is None
        assert tried == 372

    def test_pillars_and_the_whole_are_means(self, content: dict[str, Any], imported: Imported) -> None:
        document = parse(imported.data)
        answers = {
            "ddbsec1": Answer(State.ANSWERED, ["ddbsec1_1"]),
            "ddbsec2": Answer(State.ANSWERED, ["ddbsec2_no"]),
            "ddbcost1": Answer(State.ANSWERED, ["ddbcost1_1"]),
        }
        sheet = score(document, answers)
        assert sheet.sections["DDBSEC"].value == 75
        assert sheet.sections["DDBCOST"].value == 50
        assert sheet.sections["DDBOPS"].value is None
        assert sheet.overall is not None
        assert sheet.overall.value == 62.5

    def test_improvement_plans_are_recommendations(self, imported: Imported) -> None:
        document = parse(imported.data)
        assert document.scoring
        risk = next(node for node in document.scoring.scores if node.key == "risk.ddbops1")
        assert [(band.severity, band.title) for band in risk.recommendations] == [
            ("high", "High risk"),
            ("medium", "Medium risk"),
        ]
        assert "Enable Dynamodb PITR (https://aws.amazon.com/dynamodb/pitr/)" in risk.recommendations[0].text
        only_medium = next(node for node in document.scoring.scores if node.key == "risk.ddbsec2")
        assert [band.severity for band in only_medium.recommendations] == ["medium"]


def rating(document: DefinitionDocument, key: str, chosen: list[str]) -> float | None:
    return score(document, {key: Answer(State.ANSWERED, chosen)}).nodes[f"risk.{key}"].value


def lens(*questions: Any, **more: Any) -> dict[str, Any]:
    pillar = {"id": "p", "name": "Pillar", "questions": list(questions)}
    return {"schemaVersion": "2021-11-01", "name": "Lens", "pillars": [pillar], **more}


def question(rules: Any, choices: Any = ("a", "b", "c"), **more: Any) -> dict[str, Any]:
    listed = [{"id": choice, "title": choice.upper()} for choice in choices]
    return {"id": "q", "title": "What?", "choices": listed, "riskRules": rules, **more}


def rule(condition: str, risk: str = "NO_RISK") -> dict[str, str]:
    return {"condition": condition, "risk": risk}


class TestRules:
    @pytest.mark.parametrize(
        ("condition", "holding"),
        [
            ("a", [{"a"}, {"a", "b"}]),
            ("a || b && c", [{"a"}, {"b", "c"}, {"a", "b", "c"}]),
            ("(a || b) && c", [{"a", "c"}, {"b", "c"}, {"a", "b", "c"}]),
            ("!a && !(b || c)", [set()]),
            ("!!a", [{"a"}]),
            ("a&&!b", [{"a"}, {"a", "c"}]),
        ],
    )
    def test_conditions(self, condition: str, holding: list[set[str]]) -> None:
        rules = [rule(condition), rule("default", "HIGH_RISK")]
        document = parse(well_architected.convert(lens(question(rules))).data)
        for size in range(4):
            for chosen in combinations("abc", size):
                wanted = 100 if expected_risk(rules, set(chosen)) == "NO_RISK" else 0
                assert rating(document, "q", list(chosen) or ["q_no"]) == wanted
        for chosen_set in holding:
            assert rating(document, "q", sorted(chosen_set) or ["q_no"]) == 100

    def test_the_first_rule_that_holds_decides(self) -> None:
        rules = [rule("a", "HIGH_RISK"), rule("a || b"), rule("default", "MEDIUM_RISK")]
        document = parse(well_architected.convert(lens(question(rules))).data)
        assert [rating(document, "q", [key]) for key in ("a", "b", "c")] == [0, 100, 50]

    def test_without_a_default_it_is_high_risk_and_the_report_says_so(self) -> None:
        found = well_architected.convert(lens(question([rule("a")])))
        assert rating(parse(found.data), "q", ["b"]) == 0
        assert "counts as high risk" in line_of(found.report, "pillars[0].questions[0]").why

    def test_a_question_that_is_always_the_same_risk(self) -> None:
        document = parse(well_architected.convert(lens(question([rule("default")]))).data)
        assert rating(document, "q", ["a"]) == 100

    @pytest.mark.parametrize(
        ("rules", "why"),
        [
            ([rule("a && nobody")], "“nobody” is no choice"),
            ([rule("a &&")], "something is missing in column 5"),
            ([rule("(a")], "a bracket is not closed"),
            ([rule("a b")], "“b” is not expected in column 3"),
            ([rule("a + b")], "column 3 cannot be read"),
            ([rule("a", "SOME_RISK")], "no risk known"),
            ([{"risk": "NO_RISK"}], "no condition"),
            ([5], "no condition"),
            ([rule("!" * 500 + "a")], "nested deeper"),
            ([rule("a || " * 2000 + "a")], "longer than 4,000"),
        ],
    )
    def test_a_rule_that_cannot_be_taken_leaves_the_question_without_score(self, rules: Any, why: str) -> None:
        found = well_architected.convert(lens(question(rules)))
        assert parse(found.data).scoring is None
        assert why in line_of(found.report, "pillars[0].questions[0].riskRules[0]").why
        assert "not scored" in line_of(found.report, "pillars[0].questions[0]").why

    def test_rules_behind_the_default_are_reported(self) -> None:
        found = well_architected.convert(lens(question([rule("default"), rule("a", "HIGH_RISK")])))
        assert line_of(found.report, "pillars[0].questions[0].riskRules[1]").verdict == "not_taken"


class TestTexts:
    def test_addresses_that_are_none_of_the_web_are_left_out(self) -> None:
        choice = {
            "id": "a",
            "title": "A",
            "helpfulResource": {"displayText": "Read", "url": "javascript:alert(1)"},
            "improvementPlan": {"displayText": "Do", "url": "http://169.254.169.254/x"},
        }
        asked = {**question([rule("a"), rule("default", "HIGH_RISK")]), "choices": [choice]}
        found = well_architected.convert(lens(asked))
        assert "javascript" not in json.dumps(found.data)
        assert "none of the web" in line_of(found.report, "pillars[0].questions[0].choices[0]").why

    def test_newer_forms_of_resources(self) -> None:
        choice = {
            "id": "a_no",
            "title": "None of these",
            "additionalResources": [
                {"type": "HELPFUL_RESOURCE", "content": [{"displayText": "More", "url": "https://example.com/"}]},
                {"type": "IMPROVEMENT_PLAN", "content": [{"displayText": "Begin"}]},
            ],
        }
        asked = {
            **question([rule("a_no", "HIGH_RISK"), rule("default")]),
            "choices": [choice, {"id": "b", "title": "B"}],
        }
        document = parse(well_architected.convert(lens(asked)).data)
        none, __ = document.questions()[0].choices
        assert (none.help, none.exclusive) == ("More (https://example.com/)", True)
        assert document.scoring
        assert "Begin" in document.scoring.scores[0].recommendations[0].text

    def test_markup_stays_text(self) -> None:
        found = well_architected.convert(lens({**question([]), "title": "<script>alert(1)</script>"}))
        assert parse(found.data).questions()[0].text == "<script>alert(1)</script>"


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("content", "place"),
        [
            ([], ""),
            ({}, "pillars"),
            ({"pillars": {}}, "pillars"),
            ({"pillars": [{}] * 101}, "pillars"),
            ({"pillars": [{"questions": "x"}]}, "pillars[0].questions"),
            ({"pillars": [{"questions": [{"id": "q"}] * 10_000}]}, "pillars[0].questions"),
            ({"pillars": [{"questions": [{"id": "q", "title": "No choices"}]}]}, "pillars"),
            ({"pillars": [{"questions": [question([])] * 300}] * 8}, "pillars"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_place(self, content: Any, place: str) -> None:
        with pytest.raises(UnreadableFile) as caught:
            well_architected.convert(content)
        assert caught.value.place == place

    def test_names_that_stand_twice(self) -> None:
        twice = question([rule("a"), rule("default", "HIGH_RISK")], choices=("a", "a", "__proto__"))
        found = well_architected.convert(lens(twice, twice))
        document = parse(found.data)
        assert [item.key for item in document.questions()] == ["q", "q-2"]
        assert rating(document, "q-2", ["a"]) == 100

    def test_too_many_choices(self) -> None:
        many = question([], choices=[f"c{number}" for number in range(400)])
        found = well_architected.convert(lens(many, question([])))
        assert "at most 199" in line_of(found.report, "pillars[0].questions[0]").why

    lenses = st.builds(
        lambda choices, rules, extra: lens({"choices": choices, "riskRules": rules, **extra}, question([])),
        st.one_of(json_values, st.lists(st.fixed_dictionaries({"id": json_values, "title": json_values}), max_size=4)),
        st.one_of(
            json_values,
            st.lists(
                st.fixed_dictionaries(
                    {
                        "condition": st.one_of(json_values, st.sampled_from(["a", "!a", "default", "a && (b", "||"])),
                        "risk": st.sampled_from(["NO_RISK", "HIGH_RISK", 5]),
                    }
                ),
                max_size=4,
            ),
        ),
        st.dictionaries(st.sampled_from(["id", "title", "description", "helpfulResource"]), json_values, max_size=3),
    )

    @patient
    @given(st.one_of(json_values, lenses))
    def test_nothing_but_a_refusal(self, content: Any) -> None:
        try:
            found = well_architected.convert(content)
        except RefusedFile:
            return
        parse(found.data)
