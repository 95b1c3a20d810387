"""SurveyJS surveys in and out: what becomes of each element, and that ours come back as they were."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.answers import Answer, State
from library.conditions import required_questions, visible_questions
from library.document import DefinitionDocument, Question, parse
from library.exchange import surveyjs
from library.exchange.report import Imported, Line
from library.exchange.surveyjs import expressions
from library.problems import InvalidDefinition, RefusedFile, UnreadableFile
from library.scoring.engine import score
from tests.library.strategies import answers, definitions, json_values, patient

SURVEY: dict[str, Any] = {
    "title": {"default": "Backup check", "de": "Sicherung"},
    "description": "How safe is your data?",
    "logo": "https://example.com/logo.png",
    "completedHtml": "<h3>Thank you</h3>",
    "triggers": [{"type": "complete", "expression": "{kind} = 'none'"}],
    "showProgressBar": "top",
    "pages": [
        {
            "name": "basics",
            "title": "Basics",
            "elements": [
                {"type": "html", "name": "intro", "html": "<h2>Hello</h2><p>We ask <b>six</b> things.</p>"},
                {
                    "type": "radiogroup",
                    "name": "kind",
                    "title": "Where are copies?",
                    "description": "The newest ones.",
                    "isRequired": True,
                    "showOtherItem": True,
                    "colCount": 2,
                    "choices": [
                        {"value": "away", "text": "At another place", "score": 100},
                        {"value": "here", "text": {"default": "Here", "de": "Hier"}, "score": 30},
                        {"value": "none", "text": "There are none", "score": 0},
                    ],
                },
                {
                    "type": "checkbox",
                    "name": "media",
                    "visibleIf": "{kind} <> 'none'",
                    "choices": ["disk", "tape", 3],
                    "showNoneItem": True,
                    "maxSelectedChoices": 2,
                },
                {
                    "type": "panel",
                    "name": "more",
                    "title": "More",
                    "visibleIf": "{media} contains 'tape' or {media} contains 3",
                    "elements": [
                        {"type": "text", "name": "years", "inputType": "number", "min": 0, "max": "30", "step": 0.5},
                        {"type": "rating", "name": "sure", "rateMax": 7, "minRateDescription": "Not at all"},
                    ],
                },
                {"type": "boolean", "name": "tested", "labelTrue": "We did", "labelFalse": "We did not"},
            ],
        },
        {
            "name": "details",
            "visibleIf": "{tested} = true and {sure} > 3",
            "elements": [
                {"type": "text", "name": "mail", "inputType": "email", "validators": [{"type": "email"}]},
                {"type": "text", "name": "on", "inputType": "date", "requiredIf": "{mail} notempty"},
                {"type": "comment", "name": "why", "maxLength": 500, "visibleIf": "{mail} = 'a@b.c'"},
                {"type": "html", "name": "note", "html": "About the <i>grid</i>:"},
                {
                    "type": "matrix",
                    "name": "grid",
                    "columns": ["good", {"value": "bad", "text": "Bad"}],
                    "rows": ["Disk one", {"value": "two", "text": "Disk two"}],
                },
                {"type": "text", "name": "after", "visibleIf": "{grid.Disk one} = 'bad'"},
                {"type": "file", "name": "proof", "allowMultiple": True, "maxFiles": 3, "acceptedTypes": ".pdf"},
                {"type": "dropdown", "name": "country", "choicesByUrl": {"url": "https://example.com/c.json"}},
                {"type": "ranking", "name": "order", "choices": ["a", "b"]},
                {"type": "paneldynamic", "name": "disks", "templateElements": [{"type": "text", "name": "size"}]},
                {"type": "expression", "name": "sum", "expression": "{years} * 2"},
                {"type": "text", "name": "far", "visibleIf": "today() > {on}"},
                {"type": "text", "name": "kind"},
                {"type": "multipletext", "name": "who", "title": "Who", "items": [{"name": "name"}, {"name": "role"}]},
                {"type": "tagbox", "name": "tags", "choices": ["x", "y"], "defaultValue": ["x"]},
                {"type": "text", "name": "gone", "visible": False},
                "nonsense",
            ],
        },
    ],
}


@pytest.fixture
def imported() -> Imported:
    return surveyjs.convert(json.loads(json.dumps(SURVEY)))


def line_of(report: list[Line], place: str) -> Line:
    return next(line for line in report if line.place == place)


def one(*elements: Any, **survey: Any) -> Imported:
    """A survey with these elements on one page."""
    return surveyjs.convert({"pages": [{"name": "page", "elements": list(elements)}], **survey})


def first(*elements: Any, **survey: Any) -> Question:
    return parse(one(*elements, **survey).data).questions()[0]


class TestAWholeSurvey:
    def test_it_is_a_definition_that_could_be_published(self, imported: Imported) -> None:
        document = parse(imported.data)
        assert document.name == "Backup check"
        assert document.key == "backup-check"
        assert document.question_count == 16
        assert [section.name for section in document.all_sections()] == [
            "Basics",
            "More",
            "Basics (continued)",
            "details",
        ]
        assert [question.key for question in document.questions()][:6] == [
            "kind",
            "media",
            "years",
            "sure",
            "tested",
            "mail",
        ]

    def test_every_element_of_the_file_is_in_the_report(self, imported: Imported) -> None:
        places = {line.place for line in imported.report}
        for number, page in enumerate(SURVEY["pages"]):
            assert f"pages[{number}]" in places
            for index in range(len(page["elements"])):
                assert f"pages[{number}].elements[{index}]" in places
        assert "pages[0].elements[3].elements[1]" in places
        assert "pages[1].elements[9].templateElements[0]" in places
        assert "pages[1].elements[13].items[1]" in places

    def test_types_and_their_fields(self, imported: Imported) -> None:
        document = parse(imported.data)
        by_key = {question.key: question for question in document.questions()}
        kind = by_key["kind"]
        assert (kind.type, kind.text, kind.help, kind.required) == (
            "single_choice",
            "Where are copies?",
            "The newest ones.",
            True,
        )
        assert [(option.key, option.text, option.value) for option in kind.options] == [
            ("away", "At another place", 100),
            ("here", "Here", 30),
            ("none", "There are none", 0),
            ("other", "Other (describe)", None),
        ]
        assert [(option.key, option.exclusive) for option in by_key["media"].options] == [
            ("disk", False),
            ("tape", False),
            ("3", False),
            ("none", True),
        ]
        years = by_key["years"]
        assert (years.type, years.minimum, years.maximum, years.decimals) == ("number", 0, 30, 1)
        sure = by_key["sure"]
        assert (sure.type, sure.minimum, sure.maximum, sure.low_label) == ("scale", 1, 7, "Not at all")
        assert [option.text for option in by_key["tested"].options] == ["We did", "We did not"]
        assert (by_key["on"].type, by_key["why"].max_length, by_key["proof"].max_files) == ("date", 500, 3)
        assert [row.key for row in by_key["grid"].rows] == ["Disk-one", "two"]
        assert by_key["grid"].help == "About the grid:"
        assert by_key["who.role"].text == "Who: role"
        assert document.sections[0].description == "Hello\n\nWe ask six things."

    def test_conditions(self, imported: Imported) -> None:
        data = parse(imported.data).to_data()
        basics, details = data["sections"]
        assert basics["questions"][1]["show_if"] == {"not": {"question": "kind", "operator": "equals", "value": "none"}}
        assert basics["sections"][0]["show_if"] == {
            "any": [
                {"question": "media", "operator": "contains", "value": "tape"},
                {"question": "media", "operator": "contains", "value": "3"},
            ]
        }
        assert details["show_if"] == {
            "all": [
                {"question": "tested", "operator": "equals", "value": "yes"},
                {"question": "sure", "operator": "at_least", "value": 4},
            ]
        }
        by_key = {question["key"]: question for question in details["questions"]}
        assert by_key["on"]["require_if"] == {"question": "mail", "operator": "answered"}
        assert by_key["after"]["show_if"] == {
            "question": "grid",
            "row": "Disk-one",
            "operator": "equals",
            "value": "bad",
        }
        assert "show_if" not in by_key["far"]

    @pytest.mark.parametrize(
        ("place", "verdict", "why"),
        [
            ("pages[0].elements[0]", "changed", "Part of the description"),
            ("pages[0].elements[1]", "changed", "What “Other” is goes into the comment"),
            ("pages[0].elements[2]", "changed", "How many answers may be chosen is not checked"),
            ("pages[0].elements[4]", "taken", ""),
            ("pages[1].elements[0]", "changed", "the check “email” is left out"),
            ("pages[1].elements[2]", "changed", "in any case"),
            ("pages[1].elements[6]", "changed", "setting of the portal"),
            ("pages[1].elements[7]", "not_taken", "no address is fetched"),
            ("pages[1].elements[8]", "not_taken", "Putting answers in order"),
            ("pages[1].elements[9]", "not_taken", "Questions that are repeated"),
            ("pages[1].elements[10]", "not_taken", "It computes a value"),
            ("pages[1].elements[11]", "changed", "Always shown, because its condition (today() > {on})"),
            ("pages[1].elements[12]", "changed", "the name of another question"),
            ("pages[1].elements[14]", "changed", "someone's behalf"),
            ("pages[1].elements[15]", "not_taken", "“visible” is false"),
            ("pages[1].elements[16]", "not_taken", "no element"),
            ("logo", "not_taken", "No address"),
            ("triggers[0]", "not_taken", "Nothing else is shown or run"),
            ("completedHtml", "not_taken", "after submitting"),
            ("locale", "not_taken", "one language"),
        ],
    )
    def test_what_the_report_says(self, imported: Imported, place: str, verdict: str, why: str) -> None:
        line = line_of(imported.report, place)
        assert line.verdict == verdict
        assert why in line.why

    def test_choices_with_scores_are_scored(self, imported: Imported) -> None:
        document = parse(imported.data)
        sheet = score(document, {"kind": Answer(State.ANSWERED, "here")})
        assert sheet.overall is not None
        assert sheet.overall.value == 30
        assert document.scoring
        assert dict(document.scoring.sections) == {"basics": "basics"}

    def test_without_scores_there_is_no_scoring_and_the_report_says_so(self) -> None:
        found = one({"type": "radiogroup", "name": "a", "choices": ["x", "y"]})
        assert "scoring" not in found.data
        assert any(line.what == "Scores" and line.verdict == "not_taken" for line in found.report)


class TestOrderAndNesting:
    def test_questions_behind_a_panel_stay_behind_it(self) -> None:
        panel = {"type": "panel", "name": "p", "elements": [{"type": "text", "name": "b"}]}
        found = one({"type": "text", "name": "a"}, panel, {"type": "text", "name": "c"}, {"type": "text", "name": "d"})
        assert [question.key for question in parse(found.data).questions()] == ["a", "b", "c", "d"]

    def test_panels_nested_too_deeply_are_taken_apart(self) -> None:
        element: dict[str, Any] = {"type": "text", "name": "deep", "visibleIf": "{a} = 1"}
        for number in range(9):
            element = {
                "type": "panel",
                "name": f"p{number}",
                "visibleIf": f"{{a}} > -{number + 1}",
                "elements": [element],
            }
        found = one({"type": "text", "inputType": "number", "name": "a"}, element)
        document = parse(found.data)
        deep = document.question("deep")
        assert deep is not None
        assert deep.show_if is not None
        assert {"a", "deep"} == visible_questions(document, {"a": Answer(State.ANSWERED, 1)})
        assert {"a"} == visible_questions(document, {"a": Answer(State.ANSWERED, 2)})
        assert sum("nested at most" in line.why for line in found.report) == 5

    def test_a_page_with_nothing_but_text_hands_it_on(self) -> None:
        pages = [
            {"name": "hello", "elements": [{"type": "html", "html": "Welcome"}]},
            {"name": "real", "elements": [{"type": "text", "name": "a"}]},
            {"name": "bye", "elements": [{"type": "html", "html": "Thank you"}]},
        ]
        document = parse(surveyjs.convert({"pages": pages}).data)
        assert [section.description for section in document.sections] == ["Welcome\n\nThank you"]

    def test_elements_without_pages(self) -> None:
        document = parse(surveyjs.convert({"elements": [{"type": "text", "name": "a"}]}).data)
        assert document.question_count == 1


class TestConditionsOfSurveys:
    def test_circles_are_opened(self) -> None:
        found = one(
            {"type": "boolean", "name": "a", "visibleIf": "{b} = true"},
            {"type": "boolean", "name": "b", "visibleIf": "{a} = true"},
            {"type": "boolean", "name": "c", "visibleIf": "{c} = true"},
        )
        assert parse(found.data).question_count == 3
        assert sum("in a circle" in line.why for line in found.report) == 2

    def test_what_is_never_shown_is_never_shown(self) -> None:
        found = one(
            {"type": "radiogroup", "name": "a", "choices": ["x"]},
            {"type": "text", "name": "b", "visibleIf": "{a} = 'nobody'"},
            {"type": "text", "name": "c", "visibleIf": "1 = 2"},
            {"type": "text", "name": "d", "visibleIf": "1 = 1"},
        )
        document = parse(found.data)
        assert visible_questions(document, {"a": Answer(State.ANSWERED, "x")}) == {"a", "d"}
        assert document.question("c") is None

    def test_what_looks_only_at_what_nobody_answers_is_never_shown(self) -> None:
        panel = {
            "type": "panel",
            "name": "p",
            "visibleIf": "{gone} = 'x' and {away} notempty",
            "elements": [{"type": "text", "name": "inside"}],
        }
        found = one(
            {"type": "text", "name": "gone", "visibleIf": "1 = 2"},
            {"type": "text", "name": "away", "visible": False},
            panel,
            {"type": "text", "name": "hidden", "visibleIf": "{gone} notempty"},
            {"type": "text", "name": "empty", "visibleIf": "{gone} empty"},
            {"type": "text", "name": "open"},
        )
        document = parse(found.data)
        assert [question.key for question in document.questions()] == ["inside", "hidden", "empty", "open"]
        assert visible_questions(document, {"open": Answer(State.ANSWERED, "x")}) == {"empty", "open"}

    def test_a_survey_of_which_nothing_is_ever_shown_is_refused(self) -> None:
        with pytest.raises(RefusedFile, match="ever shown"):
            one(
                {"type": "text", "name": "gone", "visible": False},
                {"type": "text", "name": "hidden", "visibleIf": "{gone} notempty"},
                {"type": "text", "name": "after", "visibleIf": "{hidden} notempty"},
            )

    def test_names_and_value_names_are_followed(self) -> None:
        found = one(
            {"type": "boolean", "name": "Is it so?", "valueName": "so"},
            {"type": "text", "name": "b", "visibleIf": "{so} = true"},
            {"type": "boolean", "name": "is it SO"},
        )
        document = parse(found.data)
        assert [question.key for question in document.questions()] == ["Is-it-so", "b", "is-it-SO"]
        condition = document.questions()[1].show_if
        assert condition is not None
        assert condition.question == "Is-it-so"

    def test_a_rule_that_looks_at_its_own_answer_is_left_out(self) -> None:
        found = one({"type": "boolean", "name": "a", "requiredIf": "{a} = true"})
        assert parse(found.data).questions()[0].require_if is None
        assert "looks at its own answer" in line_of(found.report, "pages[0].elements[0]").why


class TestTypes:
    @pytest.mark.parametrize(
        ("element", "expected"),
        [
            ({"type": "rating", "rateValues": [1, 2, 3]}, ("scale", 1, 3)),
            ({"type": "rating"}, ("scale", 1, 5)),
            ({"type": "rating", "rateCount": 10}, ("scale", 1, 10)),
            ({"type": "text", "inputType": "range"}, ("scale", 0, 100)),
            ({"type": "text", "inputType": "range", "max": 1000}, ("number", 0, 1000)),
            ({"type": "slider", "max": 10}, ("scale", 0, 10)),
            ({"type": "text", "validators": [{"type": "numeric", "minValue": 2}]}, ("number", 2, None)),
            ({"type": "text", "inputType": "number", "min": 5, "max": 1}, ("number", None, None)),
        ],
    )
    def test_numbers(self, element: dict[str, Any], expected: tuple[Any, ...]) -> None:
        question = first({"name": "a", **element})
        assert (question.type, question.minimum, question.maximum) == expected

    def test_ratings_that_are_no_scale_are_choices(self) -> None:
        question = first({"type": "rating", "name": "a", "rateValues": ["low", {"value": "high", "text": "High"}]})
        assert [(option.key, option.text) for option in question.options] == [("low", "low"), ("high", "High")]
        stepped = first({"type": "rating", "name": "a", "rateMin": 0, "rateMax": 1, "rateStep": 0.25})
        assert [option.text for option in stepped.options] == ["0", "0.25", "0.5", "0.75", "1"]

    def test_dont_know_and_refusing(self) -> None:
        question = first(
            {"type": "radiogroup", "name": "a", "choices": ["x"], "showDontKnowItem": True, "showRefuseItem": True}
        )
        assert (question.allow_dont_know, question.allow_not_applicable) == (True, True)

    @pytest.mark.parametrize(
        ("element", "why"),
        [
            ({"type": "radiogroup"}, "offers no answers"),
            ({"type": "radiogroup", "choices": list(range(300))}, "at most 200"),
            ({"type": "radiogroup", "choicesFromQuestion": "b"}, "those of another question"),
            ({"type": "matrix", "columns": ["a"]}, "no rows"),
            ({"type": "matrix", "rows": ["a"]}, "offers no answers"),
            ({"type": "matrix", "rows": list(range(60)), "columns": ["a"]}, "at most 50"),
            ({"type": "matrix", "cellType": "checkbox", "rows": ["a"], "columns": ["a"]}, "several answers in a row"),
            ({"type": "rating", "rateMin": 5, "rateMax": 1}, "no range"),
            ({"type": "rating", "rateMin": 0, "rateMax": 1, "rateStep": 1e-300}, "too many steps"),
            ({"type": "slider", "sliderType": "range"}, "several values"),
            ({"type": "text", "readOnly": True}, "only be read"),
            ({"type": "matrixdynamic"}, "adds rows"),
            ({"type": "signaturepad"}, "signature"),
            ({"type": "image"}, "picture"),
            ({"type": "own-widget"}, "“own-widget” is no type known here"),
            ({"type": 7}, "no type"),
            ({}, "no type"),
        ],
    )
    def test_what_is_no_question_says_why(self, element: dict[str, Any], why: str) -> None:
        found = one({"name": "a", **element}, {"type": "text", "name": "b"})
        line = line_of(found.report, "pages[0].elements[0]")
        assert line.verdict == "not_taken"
        assert why in line.why


class TestHostileFiles:
    def test_markup_stays_text(self) -> None:
        question = first({"type": "text", "name": "a", "title": "<script>alert(1)</script> & <b>bold</b>"})
        assert question.text == "<script>alert(1)</script> & <b>bold</b>"

    def test_names_of_any_kind(self) -> None:
        names = [
            "__proto__",
            "constructor",
            "a b",
            "a b",
            "A",
            "a",
            "",
            None,
            5,
            "日本",
            "{x}",
            "'; drop table",
            "a" * 999,
        ]
        found = one(*({"type": "text", "name": name} for name in names))
        document = parse(found.data)
        assert document.question_count == len(names)

    @pytest.mark.parametrize(
        ("content", "where"),
        [
            ([], ""),
            ("text", ""),
            ({}, "pages"),
            ({"pages": []}, "pages"),
            ({"pages": "all"}, "pages"),
            ({"pages": [{"name": "a", "elements": {"type": "text"}}]}, "pages[0].elements"),
            ({"pages": [{"name": "a"}] * 101}, "pages"),
            ({"pages": [{"elements": [{"type": "text", "name": "a"}] * 10_000}]}, "pages[0].elements"),
            ({"pages": [{"elements": [{"type": "ranking"}]}]}, "pages"),
            ({"elements": 5}, "elements"),
            ({"pages": [{"elements": [{"type": "text", "name": "a"}] * 400}] * 6}, "pages"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_place(self, content: Any, where: str) -> None:
        with pytest.raises(UnreadableFile) as caught:
            surveyjs.convert(content)
        assert caught.value.place == where

    def test_wrong_shapes_of_everything(self) -> None:
        wrong: list[Any] = [None, 5, "text", True, [], {}, [[]], [None], {"default": 7}, {"value": []}, 1e300]
        names = ["title", "description", "choices", "validators", "visibleIf", "isRequired", "min", "max", "maxLength"]
        names += [
            "rows",
            "columns",
            "rateValues",
            "rateMin",
            "rateStep",
            "items",
            "html",
            "valueName",
            "step",
            "locale",
        ]
        types = [
            "radiogroup",
            "checkbox",
            "text",
            "comment",
            "rating",
            "boolean",
            "matrix",
            "file",
            "html",
            "multipletext",
        ]
        good = {"type": "text", "name": "good"}
        for value in wrong:
            for kind in types:
                element = {**dict.fromkeys(names, value), "type": kind, "name": "a", "inputType": "number"}
                parse(one(element, good, title=value, locale=value, triggers=value).data)

    def test_panels_without_end(self) -> None:
        element: dict[str, Any] = {"type": "text", "name": "deep"}
        for __ in range(300):
            element = {"type": "panel", "elements": [element], "visibleIf": "{x} = 1"}
        found = one({"type": "text", "name": "x"}, element)
        assert parse(found.data).question_count == 1

    elements = st.dictionaries(
        st.sampled_from(
            ["type", "name", "title", "visibleIf", "requiredIf", "choices", "rows", "columns", "elements", "validators"]
            + ["html", "min", "max", "rateMax", "showNoneItem", "items", "templateElements"]
        ),
        st.one_of(
            json_values,
            st.sampled_from(
                ["radiogroup", "matrix", "panel", "rating", "text", "html", "{a} = 1", "{b} empty", "b", "a"]
            ),
            st.lists(st.fixed_dictionaries({"type": st.just("text"), "name": st.sampled_from(["a", "b"])}), max_size=2),
        ),
        max_size=8,
    )

    @patient
    @given(st.one_of(json_values, st.lists(elements, max_size=5).map(lambda found: {"elements": found})))
    def test_nothing_but_a_refusal(self, content: Any) -> None:
        try:
            found = surveyjs.convert(content)
        except RefusedFile:
            return
        parse(found.data)


# Out and back

ours = definitions()


def _without_scoring(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "scoring"}


class TestOutAndBack:
    @settings(patient, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_questions_options_and_conditions_come_back(self, data: st.DataObject) -> None:
        try:
            document = parse(_without_scoring(data.draw(ours)))
        except InvalidDefinition:
            return
        survey = surveyjs.export(document)[0]
        try:
            imported = surveyjs.convert(json.loads(json.dumps(survey)))
        except UnreadableFile:
            # What nobody can ever see is no question of a survey.
            assert not any(_can_be_shown(document, question) for question in document.questions())
            return
        back = parse(imported.data)
        gone = [line.what for line in imported.report if "It is never shown" in line.why]
        kept = [_kept(question) for question in document.questions() if back.question(question.key)]
        assert [_kept(question) for question in back.questions()] == kept
        assert len(kept) + len(gone) >= document.question_count
        for __ in range(5):
            given_answers = {
                key: answer
                for key, answer in data.draw(answers(document)).items()
                # A survey offers “not applicable” and “don't know” for choices only.
                if answer.state == State.ANSWERED or _is_choice(document, key)
            }
            assert visible_questions(back, given_answers) == visible_questions(document, given_answers)
            assert required_questions(back, given_answers) == required_questions(document, given_answers)

    def test_what_is_left_out_is_listed(self, conformance_data: Path) -> None:
        document = parse(LARGE)
        __, report = surveyjs.export(document)
        places = {line.place: line for line in report}
        for section in document.all_sections():
            assert section.key in places
        for question in document.questions():
            assert question.key in places
        assert places["scoring"].verdict == "not_taken"
        assert "weight" in places["size"].why
        assert "unit" in places["size"].why

    def test_every_type_comes_back(self) -> None:
        document = parse(LARGE)
        survey, __ = surveyjs.export(document)
        back = parse(surveyjs.convert(survey).data)
        assert [_kept(question) for question in back.questions()] == [
            _kept(question) for question in document.questions()
        ]
        assert [section.name for section in back.all_sections()] == [
            section.name for section in document.all_sections()
        ]
        for before, after in zip(document.questions(), back.questions(), strict=True):
            if before.key != "proof":
                # A whole grid is answered when each row is, which is how a survey has to say it.
                assert after.show_if == before.show_if
            assert after.require_if == before.require_if
            assert after.rows == before.rows
            assert (after.max_files, after.max_length, after.decimals) == (
                before.max_files,
                before.max_length,
                before.decimals,
            )

    def test_expressions_of_ours_hold_in_surveyjs_for_the_same_answers(self) -> None:
        document = parse(LARGE)
        survey, __ = surveyjs.export(document)
        written = {
            element["name"]: element["visibleIf"]
            for element in survey["pages"][1]["elements"]
            if "visibleIf" in element
        }
        node = expressions.parse(written["proof"])
        assert expressions.holds(node, {"grid": {"r1": "a", "r2": "b"}, "said": "a word"})
        assert not expressions.holds(node, {"grid": {"r1": "a"}, "said": "a word"})


def _can_be_shown(document: DefinitionDocument, question: Question) -> bool:
    return question.key in visible_questions(document, {})


def _is_choice(document: DefinitionDocument, key: str) -> bool:
    question = document.question(key)
    return question is not None and question.type in ("single_choice", "multiple_choice")


def _kept(question: Question) -> dict[str, Any]:
    """What a survey can hold of a question."""
    choice = question.type in ("single_choice", "multiple_choice")
    return {
        "key": question.key,
        "type": question.type,
        "text": question.text.strip(),
        "help": question.help.strip(),
        "comment": question.allow_comment,
        "options": [(option.key, option.text.strip(), option.value, option.exclusive) for option in question.choices],
        "bounds": (question.minimum, question.maximum),
        "states": (question.allow_not_applicable, question.allow_dont_know) if choice else None,
    }


LARGE: dict[str, Any] = {
    "format": "portal-definition/1",
    "key": "large",
    "name": "Large",
    "description": "All there is.",
    "sections": [
        {
            "key": "first",
            "name": "First",
            "description": "The first.",
            "questions": [
                {
                    "key": "one",
                    "type": "single_choice",
                    "text": "One?",
                    "allow_dont_know": True,
                    "options": [{"key": "a", "text": "A", "value": 1}, {"key": "b", "text": "B", "value": 0}],
                },
                {
                    "key": "size",
                    "type": "number",
                    "text": "Size?",
                    "minimum": 0,
                    "unit": "m",
                    "weight": 2,
                    "decimals": 2,
                },
                {"key": "steps", "type": "scale", "text": "Steps?", "minimum": 0, "maximum": 10, "low_label": "Low"},
                {"key": "long", "type": "scale", "text": "Long?", "minimum": -50, "maximum": 50},
            ],
            "sections": [
                {
                    "key": "inner",
                    "name": "Inner",
                    "show_if": {"question": "one", "operator": "is_dont_know"},
                    "questions": [{"key": "sure", "type": "yes_no", "text": "Sure?"}],
                }
            ],
        },
        {
            "key": "second",
            "name": "Second",
            "questions": [
                {"key": "said", "type": "text", "text": "Said?", "max_length": 80, "allow_comment": False},
                {"key": "more", "type": "long_text", "text": "More?"},
                {"key": "day", "type": "date", "text": "Day?"},
                {
                    "key": "grid",
                    "type": "matrix",
                    "text": "Grid?",
                    "rows": [{"key": "r1", "text": "R one"}, {"key": "r2", "text": "R two"}],
                    "options": [{"key": "a", "text": "A", "value": 1}, {"key": "b", "text": "B", "value": 0}],
                    "show_if": {"question": "day", "operator": "at_least", "value": "2026-01-01"},
                },
                {
                    "key": "proof",
                    "type": "file",
                    "text": "Proof?",
                    "max_files": 3,
                    "show_if": {
                        "all": [
                            {"question": "grid", "operator": "answered"},
                            {"question": "said", "operator": "contains", "value": "word"},
                        ]
                    },
                    "require_if": {"question": "grid", "row": "r1", "operator": "equals", "value": "a"},
                },
            ],
        },
    ],
    "scoring": {
        "scale": {"min": 0, "max": 1},
        "scores": [{"key": "overall", "name": "Overall", "rule": "mean", "inputs": [{"questions": ["one"]}]}],
        "overall": "overall",
    },
}


class TestTheSchemaOfSurveys:
    """What is written is a survey by SurveyJS's own schema: known types, known properties, of the right kinds."""

    # Custom properties are how SurveyJS surveys carry what SurveyJS itself does not know.
    OWN = frozenset({"score", "exclusive"})

    @pytest.fixture
    def schema(self, conformance_data: Path) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            (conformance_data / "surveyjs" / "surveyjs_definition.schema.json").read_text()
        )
        return found

    def test_a_definition_of_every_type(self, schema: dict[str, Any]) -> None:
        survey, __ = surveyjs.export(parse(LARGE))
        self.check(schema, survey)

    @settings(patient, max_examples=25, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_random_definitions(self, schema: dict[str, Any], data: st.DataObject) -> None:
        try:
            document = parse(_without_scoring(data.draw(ours)))
        except InvalidDefinition:
            return
        self.check(schema, surveyjs.export(document)[0])

    def check(self, schema: dict[str, Any], survey: dict[str, Any]) -> None:
        for name, value in survey.items():
            assert name in schema["properties"], name
            if name != "pages":
                self.check_kind(schema, schema["properties"][name], value, name)
        for page in survey["pages"]:
            self.check_part(schema, "page", page)

    def check_part(self, schema: dict[str, Any], kind: str, part: dict[str, Any]) -> None:
        properties = self.properties(schema, kind)
        for name, value in part.items():
            if name in self.OWN or name == "type":
                continue
            assert name in properties, f"{kind} has no {name}"
            if name == "elements":
                for element in value:
                    assert element["type"] in schema["definitions"], element["type"]
                    self.check_part(schema, element["type"], element)
            else:
                self.check_kind(schema, properties[name], value, f"{kind}.{name}")

    def properties(self, schema: dict[str, Any], kind: str) -> dict[str, Any]:
        """The properties of a definition with those of all it builds on."""
        definition = schema["definitions"][kind]
        found = dict(definition.get("properties", {}))
        for part in definition.get("allOf", ()):
            found |= self.properties(schema, part["$ref"]) if "$ref" in part else part.get("properties", {})
        return found

    def check_kind(self, schema: dict[str, Any], rule: dict[str, Any], value: Any, where: str) -> None:
        kinds: dict[str, Any] = {"string": str, "number": (int, float), "boolean": bool, "array": list, "object": dict}
        if "$ref" in rule:
            self.check_part(schema, rule["$ref"], value)
        elif "oneOf" in rule or "anyOf" in rule:
            accepted = [one.get("type") for one in (rule.get("oneOf") or rule["anyOf"])]
            references = [one["$ref"] for one in (rule.get("oneOf") or rule["anyOf"]) if "$ref" in one]
            if isinstance(value, dict):
                named = f"{value['type']}validator" if "type" in value else references[0]
                assert named in references, where
                self.check_part(schema, named, value)
            else:
                assert any(isinstance(value, kinds[kind]) for kind in accepted if kind), where
        elif "enum" in rule:
            assert value in rule["enum"], where
        else:
            assert isinstance(value, kinds[rule["type"]]), f"{where}: {value!r} is no {rule['type']}"
            for item in value if isinstance(value, list) else ():
                self.check_kind(schema, rule["items"], item, where)
