"""Google's vendor questionnaires: all four files of the conformance data, and what becomes of each kind of item."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library import exchange
from library.answers import Answer, State
from library.conditions import visible_questions
from library.document import DefinitionDocument, Question, parse
from library.exchange import vsaq
from library.exchange.report import Imported, Line
from library.problems import RefusedFile, UnreadableFile
from library.scoring.engine import score
from tests.library.strategies import json_values, patient

# By file: questions, sections, conditions, advice at questions, scores of tips. Sections are the blocks in the outer one,
# and one more wherever questions stand behind a block.
FILES = {
    "security_privacy_programs": (46, 15, 22, 23, 13),
    "physical_and_datacenter": (30, 11, 13, 14, 2),
    "test_template": (3, 3, 0, 1, 0),
    "test_template_extension": (1, 1, 0, 0, 0),
}


def load(conformance_data: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((conformance_data / "google-vsaq" / f"{name}.json").read_text())
    return found


def placed(items: list[Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, item in enumerate(items):
        here = f"{where}[{number}]"
        yield here, item
        yield from placed(item.get("items", []), f"{here}.items")


def line_of(report: list[Line], place: str) -> Line:
    return next(line for line in report if line.place == place)


def answered(**answers: Any) -> dict[str, Answer]:
    return {key: Answer(State.ANSWERED, value) for key, value in answers.items()}


@pytest.fixture
def security(conformance_data: Path) -> DefinitionDocument:
    return parse(vsaq.convert(load(conformance_data, "security_privacy_programs")).data)


class TestTheRealFiles:
    @pytest.mark.parametrize("name", FILES)
    def test_questions_sections_conditions_and_advice(self, conformance_data: Path, name: str) -> None:
        document = parse(vsaq.convert(load(conformance_data, name)).data)
        sections = list(document.all_sections())
        conditions = [section.show_if for section in sections] + [item.show_if for item in document.questions()]
        conditions = [condition for condition in conditions if condition]
        advice = [band for question in document.questions() for band in question.recommendations]
        tips = [node for node in document.scoring.scores if node.key.startswith("tip.")] if document.scoring else []
        assert (document.question_count, len(sections), len(conditions), len(advice), len(tips)) == FILES[name]

    @pytest.mark.parametrize("name", FILES)
    def test_the_file_itself_has_as_many(self, conformance_data: Path, name: str) -> None:
        content = load(conformance_data, name)
        found = [item for __, item in placed(content.get("questionnaire") or content["extensions"], "")]
        tips = [item for item in found if item["type"] == "tip"]
        asked = [item for item in found if item["type"] not in ("tip", "info", "block")]
        shown = [item for item in found if item.get("cond") and item["type"] not in ("tip", "info")]
        questions, __, conditions, advice, scores = FILES[name]
        assert (len(asked), len(shown), len(tips)) == (questions, conditions, advice + scores)

    @pytest.mark.parametrize("name", FILES)
    def test_the_file_is_recognised_by_what_it_holds(self, conformance_data: Path, name: str) -> None:
        found = exchange.load(conformance_data / "google-vsaq" / f"{name}.json")
        assert found.source == "vsaq"
        assert found.document().question_count == FILES[name][0]

    @pytest.mark.parametrize("name", FILES)
    def test_no_item_is_lost(self, conformance_data: Path, name: str) -> None:
        content = load(conformance_data, name)
        found = vsaq.convert(content)
        top = "questionnaire" if "questionnaire" in content else "extensions"
        lines = {line.place: line for line in found.report}
        for where, item in placed(content[top], top):
            assert where in lines
            # Everything in these files has a counterpart.
            assert lines[where].verdict != "not_taken", (where, item, lines[where].why)
        for name_of_field in content:
            assert name_of_field == top or name_of_field in lines

    @pytest.mark.parametrize("name", FILES)
    def test_every_question_and_choice_is_there(self, conformance_data: Path, name: str) -> None:
        content = load(conformance_data, name)
        document = parse(vsaq.convert(content).data)
        top = "questionnaire" if "questionnaire" in content else "extensions"
        items = [item for __, item in placed(content[top], top)]
        asking = [item for item in items if item["type"] not in ("block", "info", "tip")]
        assert document.question_count == len(asking)
        offered = {option.key for question in document.questions() for option in question.choices}
        assert {key for item in items for choice in item.get("choices", ()) for key in choice} <= offered

    @pytest.mark.parametrize("name", FILES)
    def test_no_markup_is_left(self, conformance_data: Path, name: str) -> None:
        written = json.dumps(vsaq.convert(load(conformance_data, name)).data, ensure_ascii=False)
        for tag in ("<p>", "<b>", "<br", "</", "&mdash;", "&nbsp;"):
            assert tag not in written

    def test_conditions_follow_the_answers(self, security: DefinitionDocument) -> None:
        assert "secprog_standard" not in visible_questions(security, {})
        answers = answered(secprog="secprog_yes")
        assert "secprog_standard" in visible_questions(security, answers)
        assert "secprog_standard_name" not in visible_questions(security, answers)
        assert "secprog_standard_name" in visible_questions(
            security, answers | answered(secprog_standard="secprog_standard_yes")
        )

    def test_whether_a_tip_is_shown_can_be_asked(self, security: DefinitionDocument) -> None:
        """“!^warn_…”: a question that is asked unless a certain tip is shown."""
        controls = next(
            question for question in security.questions() if question.choice("secprog_incidentmanagement") is not None
        )
        answers = answered(**{controls.key: ["secprog_incidentmanagement"]})
        answers |= answered(secprog_incidents_knowhow="secprog_incidents_knowhow_no")
        assert "secprog_incidents_knowhow_where" in visible_questions(security, answers)
        assert "secprog_incidents_knowhow_where" not in visible_questions(
            security, answers | answered(options=["req_sensitive"])
        )

    def test_a_warning_is_a_finding_of_its_question(self, security: DefinitionDocument) -> None:
        question = security.question("secprog")
        assert question is not None
        assert {option.key: option.value for option in question.choices} == {"secprog_yes": 100, "secprog_no": 0}
        (finding,) = question.recommendations
        assert (finding.start, finding.end, finding.severity) == (0, 50, "critical")
        assert finding.title == "No security program"

    def test_a_warning_about_a_missing_choice_is_a_score(self, security: DefinitionDocument) -> None:
        controls = next(question for question in security.questions() if question.choice("secprog_ra") is not None)
        missing = score(security, answered(**{controls.key: ["secprog_hr"]})).nodes
        assert missing["tip.warn_secprog_no_ra"].value == 0
        assert missing["tip.warn_secprog_peopleops"].value == 100
        none = score(security, answered(**{controls.key: ["none"]})).nodes
        assert none["tip.warn_secprog_peopleops"].value == 0
        assert score(security, {}).nodes["tip.warn_secprog_peopleops"].value is None
        assert security.scoring
        node = next(node for node in security.scoring.scores if node.key == "tip.warn_secprog_no_ra")
        assert [(band.severity, band.title) for band in node.recommendations] == [
            ("critical", "No Risk Assessment program")
        ]

    def test_an_extension_says_what_it_extends(self, conformance_data: Path) -> None:
        found = vsaq.convert(load(conformance_data, "test_template_extension"))
        document = parse(found.data)
        assert document.name == "Extension “mycompany”"
        assert document.questions()[0].key == "mycompany-company_specific"
        assert "Belongs after “network”" in document.sections[0].description
        assert "Belongs after “network”" in line_of(found.report, "extensions[0]").why

    def test_a_group_without_words_is_asked_with_those_above_it(self, conformance_data: Path) -> None:
        document = parse(vsaq.convert(load(conformance_data, "test_template")).data)
        assert document.questions()[0].text == "What security standards do you apply?"


def block(*items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "block", "text": "Block", "items": list(items), **more}


def whole(*items: Any) -> dict[str, Any]:
    return {"questionnaire": [block(*items, text="All")]}


def convert(*items: Any) -> Imported:
    """A questionnaire of one block with these items."""
    return vsaq.convert(whole(block(*items)))


SURE = {"type": "yesno", "id": "sure", "text": "Sure?", "yes": "Yes, sir", "no": "No, sir"}
MEDIA = {"type": "checkgroup", "id": "media", "text": "Which?", "choices": [{"disk": "Disk"}, {"tape": "Tape"}]}
KIND = {"type": "radiogroup", "id": "kind", "text": "Kind?", "choices": [{"a": "A"}, {"b": "B"}, {"c": "C"}]}
SAID = {"type": "line", "id": "said", "text": "Said?"}


def shown(condition: str, **answers: Any) -> bool:
    """Whether an item with this condition is shown."""
    found = convert(SURE, MEDIA, KIND, SAID, {"type": "box", "id": "x", "text": "X?", "cond": condition})
    assert "cannot be taken" not in line_of(found.report, "questionnaire[0].items[0].items[4]").why
    return "x" in visible_questions(parse(found.data), answered(**answers))


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "answers", "holds"),
        [
            ("sure/yes", {"sure": "yes"}, True),
            ("sure", {"sure": "yes"}, True),
            ("sure/no", {"sure": "no"}, True),
            ("sure/no", {}, False),
            ("!sure/yes", {}, True),
            ("disk", {"media": ["disk", "tape"]}, True),
            ("disk && tape", {"media": ["disk"]}, False),
            ("disk || tape", {"media": ["tape"]}, True),
            ("!disk", {}, True),
            ("a", {"kind": "a"}, True),
            ("!(a || b)", {"kind": "c"}, True),
            ("kind", {"kind": "c"}, True),
            ("media", {}, False),
            # From left to right: (a || disk) && sure/yes.
            ("a || disk && sure/yes", {"kind": "a"}, False),
            ("a && sure/yes || disk", {"media": ["disk"]}, True),
            ('contains(said/value, "Tape")', {"said": "a tape"}, True),
            ("", {}, True),
            ("false", {"sure": "yes"}, False),
            ("^kind", {}, True),
            ("!^kind", {}, False),
        ],
    )
    def test_what_they_mean(self, condition: str, answers: dict[str, Any], holds: bool) -> None:
        assert shown(condition, **answers) is holds

    @pytest.mark.parametrize(
        ("condition", "reason"),
        [
            ("nobody/yes", "“nobody”, which is not in the file"),
            ('matches(said/value, "^a")', "it calls “matches”"),
            ('contains(a, "x")', "no text"),
            ("a &&", "ends where something is expected"),
            ("a & b", "column 3 cannot be read"),
            ("(a", "a bracket is not closed"),
            ("a b", "“b” is not expected in column 3"),
            ('"a"', "not expected in column 1"),
            ("!" * 100 + "a", "nested deeper"),
            ("^x", "in a circle"),
            ("a || " * 1000 + "a", "longer than 4,000"),
        ],
    )
    def test_what_cannot_be_taken_says_why(self, condition: str, reason: str) -> None:
        found = convert(KIND, SAID, {"type": "box", "id": "x", "text": "X?", "cond": condition})
        why = line_of(found.report, "questionnaire[0].items[0].items[2]").why
        assert why.startswith("Always shown")
        assert reason in why
        assert parse(found.data).questions()[2].show_if is None

    def test_blocks_have_conditions_too(self) -> None:
        found = vsaq.convert(whole(block(SURE), block(SAID, cond="sure/yes", id="b")))
        assert "said" not in visible_questions(parse(found.data), {})

    def test_circles_are_opened(self) -> None:
        found = convert({**SURE, "cond": "disk"}, {**MEDIA, "cond": "sure/yes"})
        assert parse(found.data).question_count == 2
        assert sum("in a circle" in line.why for line in found.report) == 1

    def test_blocks_nested_too_deeply_keep_their_conditions(self) -> None:
        item: dict[str, Any] = SAID
        for number in range(9):
            item = block(item, text=f"B{number}", cond="!a" if number else "sure/yes")
        document = parse(vsaq.convert(whole(block(SURE, KIND, item))).data)
        assert "said" not in visible_questions(document, {})
        assert "said" in visible_questions(document, answered(sure="yes"))
        assert "said" not in visible_questions(document, answered(sure="yes", kind="a"))


def tip(condition: str, **more: Any) -> dict[str, Any]:
    return {"type": "tip", "text": "Mind this.", "cond": condition, "warn": "yes", "severity": "high", **more}


def question_of(found: Imported, key: str) -> Question:
    question = parse(found.data).question(key)
    assert question is not None
    return question


class TestAgainstADirectReading:
    """The conditions of the real files, computed as VSAQ does it, for random answers: the same questions are shown."""

    @pytest.mark.parametrize("name", ["security_privacy_programs", "physical_and_datacenter"])
    @settings(patient, max_examples=60)
    @given(data=st.data())
    def test_the_same_questions_are_shown(self, conformance_data: Path, name: str, data: st.DataObject) -> None:
        content = load(conformance_data, name)
        document = parse(vsaq.convert(content).data)
        answers = {
            question.key: Answer(State.ANSWERED, chosen)
            for question in document.questions()
            if question.is_choice and (chosen := data.draw(an_answer(question)))
        }
        reading = _Direct(content["questionnaire"], answers)
        wanted = {
            reading.key_of(item, document)
            for item, blocks in reading.asked
            if all(reading.is_shown(around) for around in [*blocks, item])
        }
        assert visible_questions(document, answers) == wanted


def an_answer(question: Question) -> st.SearchStrategy[Any]:
    keys = [option.key for option in question.choices if option.key != "none"]
    one = st.sampled_from([None, *keys])
    return one if question.type == "single_choice" else st.lists(st.sampled_from(keys), unique=True)


class _Direct:
    """A questionnaire read without us: which items are shown for which choices made."""

    def __init__(self, items: list[Any], answers: dict[str, Answer]):
        self.blocks: dict[int, list[Any]] = {}
        self.items: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[dict[str, Any], list[Any]]] = []
        self.chosen = {
            key
            for answer in answers.values()
            for key in (answer.value if isinstance(answer.value, list) else [answer.value])
        }
        self.walk(items, [])

    def walk(self, items: list[Any], blocks: list[Any]) -> None:
        for item in items:
            self.blocks[id(item)] = blocks
            for name in [item.get("id"), *(key for choice in item.get("choices", ()) for key in choice)]:
                self.items.setdefault(str(name), item)
            if item["type"] not in ("block", "info", "tip"):
                self.asked.append((item, blocks))
            self.walk(item.get("items", []), [*blocks, item])

    def key_of(self, item: dict[str, Any], document: DefinitionDocument) -> str:
        if document.question(item.get("id", "")):
            return str(item["id"])
        choice = next(iter(item["choices"][0]))
        return next(question.key for question in document.questions() if question.choice(choice))

    def is_shown(self, item: dict[str, Any]) -> bool:
        """Python's own precedence will do: the files put brackets where it matters."""
        condition = item.get("cond", "").replace("&&", " and ").replace("||", " or ").replace("!", " not ")
        named = re.sub(r"\^?\w+", lambda found: str(self.value(found[0])), condition)
        assert re.fullmatch(r"(True|False|and|or|not|[\s()])*", named)
        return bool(eval(named)) if named.strip() else True  # noqa: S307 - truth values and operators, as asserted

    def value(self, name: str) -> Any:
        if name in ("and", "or", "not"):
            return name
        item = self.items[name.removeprefix("^")]
        shown = all(self.is_shown(around) for around in [*self.blocks[id(item)], item])
        return shown if name.startswith("^") else shown and name in self.chosen


class TestTips:
    def test_tips_of_different_gravity_grade_the_answers(self) -> None:
        found = convert(KIND, tip("a", severity="critical", name="Worst"), tip("b", severity="medium", name="Middle"))
        kind = question_of(found, "kind")
        assert [option.value for option in kind.choices] == [0, 50, 100]
        assert [(band.start, band.end, band.title, band.severity) for band in kind.recommendations] == [
            (0, 25, "Worst", "critical"),
            (25, 75, "Middle", "medium"),
        ]

    def test_two_tips_for_one_answer_are_one_recommendation(self) -> None:
        found = convert(KIND, tip("a", name="One"), tip("a || b", name="Two", text="And this."))
        kind = question_of(found, "kind")
        assert [band.title for band in kind.recommendations] == ["One; Two", "Two"]
        assert kind.recommendations[0].text == "Mind this.\n\nAnd this."

    def test_advice_without_a_warning_has_no_severity(self) -> None:
        found = convert(KIND, {"type": "tip", "text": "Think.", "cond": "a"})
        assert question_of(found, "kind").recommendations[0].severity is None

    def test_a_tip_about_two_questions_is_a_score(self) -> None:
        found = convert(KIND, SURE, tip("a && sure/no", id="both"))
        document = parse(found.data)
        assert score(document, answered(kind="a", sure="no")).nodes["tip.both"].value == 0
        assert score(document, answered(kind="a", sure="yes")).nodes["tip.both"].value == 100
        assert score(document, {}).nodes["tip.both"].value is None

    def test_a_tip_in_a_block_that_is_not_shown_has_no_score(self) -> None:
        found = convert(KIND, SURE, block(SAID, tip("a", id="inner"), cond="sure/yes"))
        document = parse(found.data)
        assert score(document, answered(kind="a", sure="no")).nodes["tip.inner"].value is None
        assert score(document, answered(kind="a", sure="yes")).nodes["tip.inner"].value == 0

    def test_a_tip_for_every_answer_alike_cannot_be_a_band(self) -> None:
        document = parse(convert(KIND, tip("a || b || c", id="all")).data)
        assert score(document, answered(kind="b")).nodes["tip.all"].value == 0

    def test_a_tip_without_a_condition_is_text(self) -> None:
        found = convert(KIND, {"type": "tip", "text": "Always true."}, SAID)
        assert question_of(found, "said").help == "Always true."

    def test_a_tip_about_words_is_left_out(self) -> None:
        found = convert(SAID, tip('contains(said/value, "x")'))
        assert "answers in words" in line_of(found.report, "questionnaire[0].items[0].items[1]").why

    def test_a_tip_whose_condition_cannot_be_taken_is_left_out(self) -> None:
        found = convert(SAID, tip("nobody"), tip("false"))
        assert line_of(found.report, "questionnaire[0].items[0].items[1]").verdict == "not_taken"
        assert "never" in line_of(found.report, "questionnaire[0].items[0].items[2]").why


class TestItems:
    def test_types(self) -> None:
        found = convert(
            SURE,
            {"type": "check", "id": "agreed", "text": "Agreed"},
            {"type": "upload", "id": "paper", "text": "Paper"},
            {"type": "line", "id": "short", "text": "Short", "maxlength": 20, "required": True},
            {"type": "box", "id": "long", "text": "Long"},
            {"type": "spacer"},
            {"type": "radio", "id": "r"},
        )
        questions = parse(found.data).questions()
        assert [question.type for question in questions] == ["yes_no", "yes_no", "file", "text", "long_text"]
        assert [option.text for option in questions[0].choices] == ["Yes, sir", "No, sir"]
        assert (questions[3].max_length, questions[3].required) == (20, True)
        assert line_of(found.report, "questionnaire[0].items[0].items[5]").why == "Empty space means nothing here."
        assert "“radio” is no type known" in line_of(found.report, "questionnaire[0].items[0].items[6]").why

    def test_a_question_is_told_from_what_leads_to_it(self) -> None:
        found = convert(
            {"type": "line", "id": "x", "text": "<p>Plans fail.</p><p>What is <b>yours</b>?</p><p>In short.</p>"}
        )
        question = question_of(found, "x")
        assert (question.text, question.help) == ("What is yours?", "Plans fail.\n\nIn short.")

    def test_links_keep_their_address(self) -> None:
        found = convert({"type": "line", "id": "x", "text": 'See <a href="https://example.com/a">this</a>. Is it so?'})
        assert question_of(found, "x").text == "See this (https://example.com/a). Is it so?"

    def test_none_of_the_above(self) -> None:
        options = question_of(convert(MEDIA), "media").choices
        assert [(option.key, option.exclusive) for option in options] == [
            ("disk", False),
            ("tape", False),
            ("none", True),
        ]
        offered = question_of(convert({**KIND, "defaultChoice": True}), "kind").choices
        assert [option.key for option in offered] == ["a", "b", "c", "none"]

    def test_questions_behind_a_block_stay_behind_it(self) -> None:
        found = convert(SURE, block(SAID), KIND)
        assert [question.key for question in parse(found.data).questions()] == ["sure", "said", "kind"]


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("content", "place"),
        [
            ([], ""),
            ({}, "extensions"),
            ({"questionnaire": []}, "questionnaire"),
            ({"questionnaire": "x"}, "questionnaire"),
            ({"questionnaire": [{"type": "block", "items": {}}]}, "questionnaire[0].items"),
            ({"questionnaire": [block(*[SAID] * 10_000)]}, "questionnaire[0].items"),
            ({"extensions": 5}, "extensions"),
            ({"questionnaire": [block(*[block(*[SAID] * 450)] * 6)]}, "questionnaire"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_place(self, content: Any, place: str) -> None:
        with pytest.raises(UnreadableFile) as caught:
            vsaq.convert(content)
        assert caught.value.place == place

    def test_ids_that_stand_twice(self) -> None:
        found = convert(SURE, SURE, {**SAID, "id": "__proto__"}, {**SAID, "id": 5}, {"type": "line", "text": "No id"})
        assert parse(found.data).question_count == 5
        assert "stands twice" in line_of(found.report, "questionnaire[0].items[0].items[1]").why

    def test_scripts_leave_nothing_but_their_words(self) -> None:
        found = convert(
            {"type": "line", "id": "x", "text": "<script>alert(1)</script><img src=x onerror=alert(1)>Hi &lt;b&gt;"}
        )
        assert question_of(found, "x").text == "alert(1)Hi <b>"

    def test_blocks_without_end(self) -> None:
        item: dict[str, Any] = SAID
        for __ in range(300):
            item = block(item, cond="sure/yes")
        assert parse(vsaq.convert(whole(SURE, item)).data).question_count == 1

    items = st.recursive(
        st.one_of(
            json_values,
            st.dictionaries(
                st.sampled_from(
                    ["type", "id", "text", "cond", "choices", "warn", "severity", "yes", "maxlength", "name"]
                ),
                st.one_of(
                    json_values,
                    st.sampled_from([*vsaq.READERS, "a", "b", "a && !b", "^a", "yes", "a/no"]),
                    st.lists(
                        st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(max_size=4), max_size=2), max_size=3
                    ),
                ),
                max_size=8,
            ),
        ),
        lambda inner: st.builds(lambda found: {"type": "block", "items": found}, st.lists(inner, max_size=4)),
        max_leaves=8,
    )

    @patient
    @given(st.one_of(json_values, st.lists(items, max_size=4).map(lambda found: {"questionnaire": found})))
    def test_nothing_but_a_refusal(self, content: Any) -> None:
        try:
            found = vsaq.convert(content)
        except RefusedFile:
            return
        parse(found.data)
