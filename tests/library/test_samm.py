"""OWASP SAMM: its own YAML model as it lies, and every published and oracle case of its conformance file."""

import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.answers import Answer, State
from library.document import DefinitionDocument, parse
from library.exchange import load, samm
from library.exchange.folders import from_directory, from_zip
from library.problems import RefusedFile, UnreadableFile
from library.reading import read
from library.scoring.engine import ScoreSheet, score
from library.scoring.targets import gap, percent_to_target, progress_to_date, projected, total_gap, validated
from tests.library import strategies

TOLERANCE = 1e-9


@pytest.fixture(scope="session")
def folder(conformance_data: Path) -> Path:
    return conformance_data / "owasp-samm" / "core-model"


@pytest.fixture(scope="session")
def conformance(conformance_data: Path) -> dict[str, Any]:
    return json.loads((conformance_data / "owasp-samm" / "conformance" / "scoring_cases.json").read_text())


@pytest.fixture(scope="session")
def document(folder: Path) -> DefinitionDocument:
    return load(folder).document()


def answers_of(document: DefinitionDocument, values: dict[str, float]) -> dict[str, Answer]:
    found = {}
    for code, value in values.items():
        question = document.question(code)
        assert question is not None, code
        option = next(option for option in question.choices if option.value == value)
        found[code] = Answer(State.ANSWERED, option.key)
    return found


def sheet_of(document: DefinitionDocument, values: dict[str, float]) -> ScoreSheet:
    return score(document, answers_of(document, values))


def practices_of(document: DefinitionDocument, sheet: ScoreSheet) -> dict[str, float | None]:
    """By name as the official toolbox writes it."""
    return {
        node.name.replace(" and ", " & ").replace("-driven", ""): node.value
        for key, node in sheet.sections.items()
        if key not in {section.key for section in document.sections}
    }


def functions_of(document: DefinitionDocument, sheet: ScoreSheet) -> dict[str, float | None]:
    return {section.name: sheet.sections[section.key].value for section in document.sections}


# The model


def test_the_model_becomes_ninety_questions_in_fifteen_practices(document: DefinitionDocument) -> None:
    assert document.question_count == 90
    assert [section.name for section in document.sections] == [
        "Governance",
        "Design",
        "Implementation",
        "Verification",
        "Operations",
    ]
    assert [len(section.sections) for section in document.sections] == [3] * 5
    assert document.attribution is not None
    assert document.attribution.licence == "CC BY-SA 4.0"


def test_texts_are_the_models_own(document: DefinitionDocument, conformance_data: Path) -> None:
    flattened = json.loads((conformance_data / "owasp-samm" / "samm-definition.json").read_text())
    count = 0
    for function in flattened["functions"]:
        for practice in function["practices"]:
            for stream in practice["streams"]:
                for wanted in stream["questions"]:
                    question = document.question(wanted["code"])
                    assert question is not None
                    assert question.text == " ".join(wanted["text"].split())
                    assert [(option.text, option.value) for option in question.choices] == [
                        (" ".join(answer["text"].split()), answer["value"]) for answer in wanted["answers"]
                    ]
                    for criterion in wanted["quality_criteria"]:
                        assert f"- {' '.join(criterion.split())}" in question.help
                    count += 1
    assert count == 90


def test_no_is_an_answer_not_a_truth_value(document: DefinitionDocument) -> None:
    for question in document.questions():
        assert question.choices[0].text == "No"


def test_a_zip_gives_the_same_definition(document: DefinitionDocument, folder: Path) -> None:
    assert load(_Upload(_zip(from_directory(folder), "core-main/model/"), "core-main.zip")).document() == document


def test_the_definition_survives_export_and_import(document: DefinitionDocument) -> None:
    again = parse(read(document.to_json().encode(), "export.json"))
    assert again == document
    assert again.to_json() == document.to_json()


# Published cases


def published(conformance: dict[str, Any], case_id: str) -> dict[str, Any]:
    return next(case for case in conformance["published_cases"] if case["id"] == case_id)


def test_the_published_cases_are_all_tested(conformance: dict[str, Any]) -> None:
    assert {case["id"] for case in conformance["published_cases"]} == {
        "blog-percent-to-target",
        "toolbox-test-workbook",
        "open-sammy-validated",
        "open-sammy-mean",
    }


def test_percent_to_target_and_progress_to_date(document: DefinitionDocument, conformance: dict[str, Any]) -> None:
    case = published(conformance, "blog-percent-to-target")
    expected = case["expected"]
    current, target, later = case["current"], case["target"], case["later"]
    assert total_gap(current, target) == pytest.approx(expected["absolute_gap"], abs=TOLERANCE)
    assert sum(target.values()) == expected["absolute_target"]
    assert percent_to_target(current, target) == pytest.approx(expected["percent_to_target"]["exact"], abs=TOLERANCE)

    practice = [sheet_of(document, values).nodes["I-SB"].value or 0 for values in (current, target, later)]
    assert practice == pytest.approx(
        [expected["baseline_score"], expected["target_score"], expected["later_score"]], abs=TOLERANCE
    )
    progress = progress_to_date(practice[0], practice[2], practice[1])
    assert progress == pytest.approx(expected["progress_to_date"]["exact"], abs=TOLERANCE)


def test_the_toolbox_test_workbook(document: DefinitionDocument, conformance: dict[str, Any]) -> None:
    case = published(conformance, "toolbox-test-workbook")
    sheet = sheet_of(document, case["answers"])
    for practice, levels in case["expected"]["levels"].items():
        values = [sheet.nodes[f"{practice}.level-{level}"].value for level in (1, 2, 3)]
        assert values == pytest.approx(levels, abs=TOLERANCE)
    practices, functions = practices_of(document, sheet), functions_of(document, sheet)
    for name, value in practices.items():
        assert value == pytest.approx(case["expected"]["practices"].get(name, 0), abs=TOLERANCE), name
    for name, value in functions.items():
        assert value == pytest.approx(case["expected"]["functions"].get(name, 0), abs=TOLERANCE), name


def test_only_validated_answers_count(document: DefinitionDocument, conformance: dict[str, Any]) -> None:
    case = published(conformance, "open-sammy-validated")
    reviewed = [(item["code"], item["value"], item["review"]) for item in case["answers"]]
    current = validated(reviewed)
    latest = {code: value for code, value, __ in reviewed}
    desired = {item["code"]: item["desired"] for item in case["answers"] if "desired" in item}
    for name, values in (("validated", current), ("projected", projected(current, desired))):
        sheet = sheet_of(document, values)
        for short_name, expected in case["expected"][name]["practices"].items():
            node = next(node for key, node in sheet.nodes.items() if key.endswith(f"-{short_name}"))
            assert node.value == pytest.approx(expected, abs=TOLERANCE), (name, short_name)
        for function, value in functions_of(document, sheet).items():
            assert value == pytest.approx(case["expected"][name]["functions"][function], abs=TOLERANCE), (
                name,
                function,
            )
    for code, expected in case["expected"]["question_values_validated"].items():
        assert current.get(code, 0) == expected, code
    for code, expected in case["expected"]["question_values_unvalidated"].items():
        assert latest[code] == expected, code


def test_two_level_one_answers_make_a_fifteenth(document: DefinitionDocument, conformance: dict[str, Any]) -> None:
    case = published(conformance, "open-sammy-mean")
    current = validated((item["code"], item["value"], item["review"]) for item in case["answers"])
    overall = sheet_of(document, current).nodes["overall"].value
    assert overall == pytest.approx(1 / 15, abs=TOLERANCE)
    assert round(overall or 0, 2) == case["expected"]["overall_rounded_2"]


# Oracle cases


def test_every_oracle_case_has_its_scores(document: DefinitionDocument, conformance: dict[str, Any]) -> None:
    cases = conformance["oracle_cases"]
    assert len(cases) == 18
    for case in cases:
        sheet = sheet_of(document, case["answers"])
        assert len(sheet.unanswered) == 90 - case["answered"]
        expected = case["expected"]
        practices, functions = practices_of(document, sheet), functions_of(document, sheet)
        assert practices == pytest.approx(expected["practices"], abs=TOLERANCE), case["id"]
        assert functions == pytest.approx(expected["functions"], abs=TOLERANCE), case["id"]
        assert sheet.nodes["overall"].value == pytest.approx(expected["overall"], abs=TOLERANCE), case["id"]


def test_a_practice_explains_itself(document: DefinitionDocument) -> None:
    sheet = sheet_of(document, {"G-SM-A-1": 0.25, "G-SM-B-1": 1})
    assert sheet.explain("G-SM").figures == "0.625 + 0 + 0 = 0.625"
    level = sheet.explain("G-SM.level-2")
    assert [line.words for line in level.counted] == ["not answered, counts as 0"] * 2


# Targets


def test_a_reached_target_leaves_no_gap_and_going_beyond_helps_no_other() -> None:
    assert gap(1, 0.5) == 0
    assert total_gap({"a": 1, "b": 0}, {"a": 0.5, "b": 0.5}) == 0.5


def test_no_target_and_no_way_have_no_percentage() -> None:
    assert percent_to_target({"a": 1}, {"a": 0}) is None
    assert progress_to_date(1, 1, 1) is None


# Refusals


class _Upload(io.BytesIO):
    def __init__(self, data: bytes, name: str):
        super().__init__(data)
        self.name = name


def _zip(files: dict[str, bytes], prefix: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(prefix + name, data)
    return buffer.getvalue()


def refusal(data: bytes, name: str = "model.zip") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        load(_Upload(data, name))
    return refused.value


def test_a_zip_of_something_else_says_what_is_missing() -> None:
    assert "is not an OWASP SAMM model" in refusal(_zip({"a.yml": b"a: 1"})).message


def test_a_file_that_only_says_it_is_a_zip() -> None:
    assert "is not a .zip" in refusal(b"PK\x03\x04 nothing").message


def test_a_link_in_a_zip(conformance_data: Path) -> None:
    hostile = (conformance_data / "bad-inputs" / "zip-symlink-etc-passwd.zip").read_bytes()
    assert "is a link" in refusal(hostile).message
    entry = zipfile.ZipInfo("questions/a.yml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert refusal(buffer.getvalue()).place == "questions/a.yml"


@pytest.mark.parametrize("name", ["../questions/a.yml", "/questions/a.yml", "a/../../b.yml", "C:/questions/a.yml"])
def test_a_name_that_climbs_out_of_a_zip(name: str) -> None:
    assert "leads out of the archive" in refusal(_zip({name: b"a: 1"})).message


def test_a_zip_bomb() -> None:
    bomb = _zip({f"questions/{number}.yml": b"#" * (3 * 1024 * 1024) for number in range(20)})
    assert len(bomb) < 100_000
    assert "larger than 2 MB" in refusal(bomb).message


def test_many_files_of_allowed_size_are_still_too_much() -> None:
    data = _zip({f"questions/{number}.yml": b"#" * (2 * 1024 * 1024) for number in range(11)})
    assert "in all" in refusal(data).message


def test_a_zip_of_too_many_files() -> None:
    assert "more than 2,000 files" in refusal(_zip({f"{number}.txt": b"" for number in range(2_001)})).message


def test_a_zip_that_is_too_large_itself() -> None:
    assert "larger than 10 MB" in refusal(b"PK" + bytes(11 * 1024 * 1024)).message


def test_a_link_in_a_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "a.yml").symlink_to(folder / "questions" / "G-SM-1-A.yml")
    with pytest.raises(UnreadableFile, match="is a link"):
        load(tmp_path)


def test_a_dangling_reference_names_its_file(folder: Path) -> None:
    files = from_directory(folder)
    files["questions/G-SM-1-A.yml"] = files["questions/G-SM-1-A.yml"].replace(b"activity: ef0b", b"activity: 0000")
    with pytest.raises(UnreadableFile) as refused:
        samm.convert(files)
    assert refused.value.place == "questions/G-SM-1-A.yml"
    assert "“activity” refers to" in refused.value.message


def test_a_broken_file_names_itself_and_the_line(folder: Path) -> None:
    files = from_directory(folder)
    files["streams/G-SM-A.yml"] = b"id: a\nname: [\n"
    with pytest.raises(UnreadableFile) as refused:
        samm.convert(files)
    assert refused.value.place.startswith("streams/G-SM-A.yml, line ")


@strategies.patient
@given(data=st.data())
def test_a_damaged_model_is_refused_never_a_crash(folder: Path, data: st.DataObject) -> None:
    files = from_directory(folder)
    for name in data.draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=5)):
        lines = files[name].splitlines()
        position = data.draw(st.integers(0, len(lines) - 1))
        lines[position] = data.draw(
            st.sampled_from(
                [b"", b"id: 5", b"order: x", b"values: 3", b"number: yes", b"- a", b"text: [1]", b"quality: 4"]
            )
        )
        files[name] = b"\n".join(lines)
    try:
        samm.convert(files).document()
    except RefusedFile as refused:
        assert refused.problems


@strategies.patient
@given(st.binary(max_size=400))
def test_random_bytes_are_refused_never_a_crash(data: bytes) -> None:
    for name in ("file.zip", "file.json", "file.yaml", "file"):
        with pytest.raises(RefusedFile):
            load(_Upload(data, name))
    with pytest.raises(RefusedFile):
        from_zip(b"PK\x03\x04" + data)
