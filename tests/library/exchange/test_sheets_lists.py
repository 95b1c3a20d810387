"""Lists of questions: whatever the columns are called, each row becomes what it says, and every row is accounted for."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.exchange import headings, list_template
from library.exchange.report import Imported, counts
from library.problems import UnreadableFile
from tests.library.exchange.files import read, workbook
from tests.library.strategies import patient


def questions(found: Imported) -> dict:
    return {question["key"]: question for section in found.data["sections"] for question in section["questions"]}


def only(text: str) -> dict:
    """The one question of a list."""
    (question,) = questions(read(text, "list.csv")).values()
    return question


def said(found: Imported, place: str) -> tuple[str, str]:
    (line,) = [line for line in found.report if line.place == place]
    return line.verdict, line.why


@pytest.mark.parametrize("heading", headings.SYNONYMS["text"])
def test_a_question_is_known_by_every_usual_heading(heading: str) -> None:
    assert only(f" {heading.upper()} *,Type\nReady?,text\n")["text"] == "Ready?"


def test_every_field_has_its_column_in_any_order_and_name() -> None:
    found = read(
        "Mandatory?;Rationale;Points;Answers;Question Title;Guidance;ID;Category;Weighting;N/A;Don't know;Question type\n"
        "x;Fire.;2|1;Away|Here;Where is it?;Think.;q7;Backup;2,5;yes;no;Radio\n",
        "list.csv",
    )
    assert found.data["sections"] == [
        {
            "key": "backup",
            "name": "Backup",
            "questions": [
                {
                    "key": "q7",
                    "type": "single_choice",
                    "text": "Where is it?",
                    "options": [
                        {"key": "away", "text": "Away", "value": 2},
                        {"key": "here", "text": "Here", "value": 1},
                    ],
                    "help": "Think.",
                    "why": "Fire.",
                    "required": True,
                    "allow_not_applicable": True,
                    "weight": 2.5,
                }
            ],
        }
    ]
    assert counts(found.report) == {"taken": 1, "changed": 1, "not_taken": 0}
    assert said(found, "scoring")[0] == "changed"
    assert found.document().scoring is not None


@pytest.mark.parametrize(
    ("cell", "texts", "scores"),
    [
        ("Yes = 2|No = 0", ["Yes", "No"], [2, 0]),
        ("Often=1.5;Never=-1", ["Often", "Never"], [1.5, -1]),
        ("“a=b” = 3|c", ["“a=b”", "c"], [3, None]),
        ('"One, or two = 2\nThree, four = 4"', ["One, or two", "Three, four"], [2, 4]),
        ('"Red, Green, Blue"', ["Red", "Green", "Blue"], [None, None, None]),
        ('"Yes, if asked, we would surely do everything that is needed | No"',
         ["Yes, if asked, we would surely do everything that is needed", "No"], [None, None]),
        ("=1+1|x", ["=1+1", "x"], [None, None]),
    ],
)  # fmt: skip
def test_answers_of_one_cell(cell: str, texts: list[str], scores: list[float | None]) -> None:
    question = only(f"Question\tOptions\tType\nWhich?\t{cell}\tdropdown\n")
    assert [option["text"] for option in question["options"]] == texts
    assert [option.get("value") for option in question["options"]] == scores


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("yes/no,", {"type": "yes_no"}),
        (",Yes|No", {"type": "yes_no"}),
        (",No=2|Yes=0", {"type": "yes_no", "options": [
            {"key": "no", "text": "No", "value": 2}, {"key": "yes", "text": "Yes", "value": 0}]}),
        (",", {"type": "long_text"}),
        ("essay,", {"type": "long_text"}),
        ("DATE,", {"type": "date"}),
        ("file upload,", {"type": "file"}),
        ("linear scale,1-5", {"type": "scale", "minimum": 1, "maximum": 5}),
        (",0 to 10", {"type": "scale", "minimum": 0, "maximum": 10}),
        (",1|2|3|4", {"type": "scale", "minimum": 1, "maximum": 4}),
        ("number,", {"type": "number"}),
        ("checkboxes,a|b", {"type": "multiple_choice", "options": [
            {"key": "a", "text": "a"}, {"key": "b", "text": "b"}]}),
    ],
)  # fmt: skip
def test_types_stated_and_guessed(rest: str, expected: dict) -> None:
    assert only(f"Question,Type,Options\nReady?,{rest}\n") == {"key": "ready", "text": "Ready?"} | expected


def test_one_row_for_each_answer_by_key_by_text_and_by_empty_cells() -> None:
    found = read(
        "Key,Question,Answer,Score\n"
        "a,First?,Yes,2\na,First?,No,0\n"
        "b,Second?,Good,1\n,,Bad,0\n"
        ",Third?,Up,\n,Third?,Down,\n"
        "c,Fourth?,,\nc,Fourth?,Left,\n",
        "list.csv",
    )
    assert {key: [option["text"] for option in question["options"]] for key, question in questions(found).items()} == {
        "a": ["Yes", "No"],
        "b": ["Good", "Bad"],
        "third": ["Up", "Down"],
        "c": ["Left"],
    }
    assert said(found, "row 3") == ("taken", "An answer to the question of row 2.")
    assert len([line for line in found.report if line.place.startswith("row")]) == 8


def test_one_column_for_each_answer() -> None:
    question = only("Question,Option 1,Score 1,Option 2,Score 2,Option C\nHow?,Well,3,Badly,0,Not at all\n")
    assert [(option["text"], option.get("value")) for option in question["options"]] == [
        ("Well", 3),
        ("Badly", 0),
        ("Not at all", None),
    ]


def test_sections_are_carried_down_and_may_stand_alone() -> None:
    found = read("Section,Question\nBackup,\n,One?\n,Two?\nAccess,Three?\n,Four?\nBackup,Five?\n", "list.csv")
    assert [
        (section["name"], [question["text"] for question in section["questions"]]) for section in found.data["sections"]
    ] == [
        ("Backup", ["One?", "Two?", "Five?"]),
        ("Access", ["Three?", "Four?"]),
    ]
    assert said(found, "row 2") == ("taken", "A section.")


def test_a_matrix_has_rows_and_options() -> None:
    question = only("Question,Rows,Options\nHow good is,Mail|Phone,Good=2|Bad=0\n")
    assert question["type"] == "matrix"
    assert [row["text"] for row in question["rows"]] == ["Mail", "Phone"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a = Yes", {"question": "a", "operator": "equals", "value": "yes"}),
        ("{a} == 'no'", {"question": "a", "operator": "equals", "value": "no"}),
        ("Ready? is Yes", {"question": "a", "operator": "equals", "value": "yes"}),
        ("b != Never", {"question": "b", "operator": "not_equals", "value": "never"}),
        ("b = Often | Never", {"question": "b", "operator": "any_of", "value": ["often", "never"]}),
        ("c = X", {"question": "c", "operator": "contains", "value": "x"}),
        ("d >= 3", {"question": "d", "operator": "at_least", "value": 3}),
        ("b = Now and then", {"question": "b", "operator": "equals", "value": "now-and-then"}),
        ("a = Yes and d > 2", {"all": [
            {"question": "a", "operator": "equals", "value": "yes"}, {"question": "d", "operator": "greater", "value": 2}]}),
        ("a=yes or b=Often", {"any": [
            {"question": "a", "operator": "equals", "value": "yes"},
            {"question": "b", "operator": "equals", "value": "often"}]}),
    ],
)  # fmt: skip
def test_conditions_in_plain_words(cell: str, expected: dict) -> None:
    found = read(CONDITIONAL + f"e\tLast?\ttext\t\t{cell}\n", "list.csv")
    assert questions(found)["e"]["show_if"] == expected
    found.document()


CONDITIONAL = (
    "Key\tQuestion\tType\tOptions\tShow if\na\tReady?\tyes/no\t\t\nb\tHow?\tsingle\tOften|Never|Now and then\t\n"
    "c\tWhich?\tcheckbox\tX|Y\t\nd\tRate\tscale\t1-5\t\n"
)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("z = Yes", "there is no question “z”"),
        ("a = Maybe", "“Maybe” is no answer"),
        ("e = x", "cannot depend on itself"),
        ("b > Often", "answers of a choice have no order"),
        ("d = many", "“many” is not a number"),
        ("whenever", "write it as question = answer"),
        ("and", "write it as"),
    ],
)
def test_a_condition_that_cannot_be_taken_says_why_and_the_question_stays(cell: str, why: str) -> None:
    found = read(CONDITIONAL + f"e\tLast?\ttext\t\t{cell}\n", "list.csv")
    assert "show_if" not in questions(found)["e"]
    verdict, reason = said(found, "row 6")
    assert verdict == "changed"
    assert why in reason


def test_conditions_in_a_circle_are_opened() -> None:
    found = read("Key,Question,Type,Show if\na,A?,yes/no,c=yes\nb,B?,yes/no,a=yes\nc,C?,yes/no,b=yes\n", "list.csv")
    assert "circle" in said(found, "row 2")[1]
    assert [key for key, question in questions(found).items() if "show_if" in question] == ["b", "c"]
    found.document()


def test_every_row_column_and_doubt_is_reported() -> None:
    found = read(
        "Vendor list,,,,,,\n"
        "ID,Question,Type,Options,Required,Weight,Owner\n"
        "1,One?,riddle,a|b,perhaps,heavy,Bob\n"
        "1,Two?,multiple choice,a|a|b,,,Bob\n"
        "?,Three?,yes/no,maybe|sure,,,Bob,over,there\n"
        "4,Four?,text,a|b,,,\n"
        ",,,,yes,,\n"
        "5,Five?,radio,,,,\n",
        "list.csv",
    )
    assert counts(found.report) == {"taken": 0, "changed": 5, "not_taken": 3}
    assert said(found, "column G") == ("not_taken", "No part of a question is known by this heading.")
    assert said(found, "row 1") == ("not_taken", "Stands above the headings.")
    for place, words in {
        "row 3": ["“riddle” is not known", "“perhaps” is neither", "“heavy” is not a usable"],
        "row 4": ["The key “1” is used already; here it is “1-2”", "several answers may be chosen", "stands twice"],
        "row 5": ["The key “?” is written “three”", "not yes and no", "left out: over · there"],
        "row 6": ["Its answers are left out"],
        "row 7": ["its question cell is empty"],
        "row 8": ["no answers yet"],
    }.items():
        for word in words:
            assert word in said(found, place)[1], place
    assert [line.place for line in found.report][:2] == ["column G", "row 1"]
    found.document()


@pytest.mark.parametrize(
    "data",
    [b"a,b,c\n1,2,3\n", "Name,City\nAda,London\n".encode("utf-16"), workbook({"Data": [["a", "b"], [1, 2]]})],
)
def test_without_headings_the_list_is_refused_with_what_is_expected(data: bytes) -> None:
    name = "list.xlsx" if data.startswith(b"PK") else "list.csv"
    with pytest.raises(UnreadableFile) as refused:
        read(data, name)
    for word in ("no row of headings", "Question", "Options", "template"):
        assert word in str(refused.value)


def test_headings_alone_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="no row below them holds a question"):
        read("Question,Type\n,,\n", "list.csv")


def test_the_definition_is_named_after_the_file() -> None:
    found = read("Question\nReady?\n", "vendor_check  2026.final.csv")
    assert (found.data["name"], found.data["key"]) == ("Vendor check 2026.final", "vendor-check-2026-final")


def test_limits_are_said_and_never_silent() -> None:
    rows = "".join(f"Question {number}?\n" for number in range(502))
    found = read("Question\n" + rows + "x" * 2_001 + "\n", "list.csv")
    assert len(questions(found)) == 500
    assert "at most 500 questions" in said(found, "row 502")[1]
    assert "longer than 2,000 letters" in said(found, "row 504")[1]
    found.document()


# Workbooks


def test_a_workbook_is_read_as_it_shows() -> None:
    found = read(
        workbook(
            {
                "Cover": [["Vendor check"]],
                "List": [
                    ["No", "Question", "Type", "Options", "Weight", "Required"],
                    [1, "=A1", "text", "", 2, True],
                    [2.5, "Since when?", "date", "", 1.5, False],
                    [3, datetime.date(2026, 3, 31), "single choice", "a=1|b=2", "", ""],
                ],
                "Secret": [["Question"], ["Hidden?"]],
            },
            hidden=["Secret"],
        ),
        "Vendor.xlsx",
    )
    assert found.source == "xlsx"
    assert [(question["key"], question["text"]) for question in questions(found).values()][:2] == [
        ("1", "42"),
        ("2.5", "Since when?"),
    ]
    assert questions(found)["1"]["required"] is True
    assert questions(found)["1"]["weight"] == 2
    assert said(found, "sheet “Secret”") == ("not_taken", "The sheet is hidden. Hidden sheets are not read.")
    assert said(found, "sheet “Cover”")[0] == "not_taken"
    assert "Hidden?" not in str(found.data)
    found.document()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_taken_as_it_is(ending: str) -> None:
    found = read(list_template.WRITERS[ending][1](), f"questions.{ending}")
    assert counts(found.report) == {"taken": 5, "changed": 1, "not_taken": 0}
    document = found.document()
    assert {question.type for question in document.questions()} == {
        "yes_no", "single_choice", "multiple_choice", "scale", "long_text",
    }  # fmt: skip
    assert list_template.WRITERS[ending][1]() == list_template.WRITERS[ending][1]()


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ["yes", "Yes|No", "a=1|b=2", "1-5", "q = Yes", "a = b", "scale", "radio", "", "=1", "1", "-1e9", "1e999", "|", "="]
)
fields = st.sampled_from(
    [*(headings.SYNONYMS[field][0] for field in headings.SYNONYMS), "option 1", "score 1", "Other"]
)


@patient
@given(st.lists(fields, max_size=8), st.lists(st.lists(words, max_size=9), min_size=1, max_size=8))
def test_any_list_becomes_a_sound_definition_and_every_row_has_its_line(
    heads: list[str], rows: list[list[str]]
) -> None:
    lines = [["Question", *heads], *rows]
    text = "\n".join("\t".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    try:
        found = read(text, "list.csv")
    except UnreadableFile as refused:
        assert "no row" in str(refused)
        return
    found.document()
    numbers = {number for number, row in enumerate(rows, 2) if any(cell.strip() for cell in row)}
    assert {f"row {number}" for number in numbers} <= {line.place for line in found.report}


def test_a_list_with_more_questions_than_a_definition_holds_says_which_are_left_out() -> None:
    rows = "".join(f"S{number // 400},Question {number}?\n" for number in range(2_005))
    found = read("Section,Question\n" + rows, "list.csv")
    assert counts(found.report) == {"taken": 2_000, "changed": 0, "not_taken": 5}
    assert "at most 2,000 questions" in said(found, "row 2006")[1]
    found.document()
