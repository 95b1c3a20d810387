"""New content: complete for its type, under keys nothing else has."""

import pytest

from library import consistency
from library.document import shape
from library.drafting import changes, drafts, fresh, keys, parts
from library.drafting.changes import Change, Place
from library.drafting.parts import NoSuchPart
from library.models import DefinitionVersion

TYPES = ["text", "long_text", "number", "single_choice", "multiple_choice", "yes_no", "scale", "date", "matrix", "file"]


def blank():
    return shape(fresh.blank("blank", "Blank")).to_data()


class TestKeys:
    @pytest.mark.parametrize(
        ("words", "key"),
        [
            ("Where are copies of your data?", "where-are-copies-of-your"),
            ("Übung macht den Meister", "ubung-macht-den-meister"),
            ("備份", "question"),
            ("<script>alert(1)</script>", "scriptalert1script"),
            ("  ---  ", "question"),
            ("a" * 500, "a" * 40),
            ("", "question"),
        ],
    )
    def test_a_key_is_made_of_the_words(self, words: str, key: str):
        assert keys.of_words(words, "question") == key

    @pytest.mark.parametrize(
        ("taken", "key"),
        [
            ([], "backup"),
            (["backup"], "backup-2"),
            (["backup", "backup-2", "backup-3"], "backup-4"),
        ],
    )
    def test_a_taken_key_is_numbered(self, taken: list[str], key: str):
        assert keys.unused("backup", taken) == key

    def test_numbers_go_on_instead_of_piling_up(self):
        assert keys.unused("backup-2", ["backup-2"]) == "backup-3"
        assert keys.unused("plan-2026", ["plan-2026"]) == "plan-2026-2"
        assert len(keys.unused("x" * 160, ["x" * 160])) <= 160


class TestQuestions:
    @pytest.mark.parametrize("type", TYPES)
    def test_one_of_each_type_can_be_published_at_once(self, type: str):
        data = blank()
        question = fresh.question(data, type, "How is it?")
        made = changes.apply(data, Change("add", f"question:{question['key']}", question, Place("first-section")))
        assert consistency.check(made.document) == []

    @pytest.mark.parametrize("before", TYPES)
    @pytest.mark.parametrize("after", TYPES)
    def test_from_any_type_to_any_other(self, before: str, after: str):
        data = blank()
        question = fresh.question(data, before, "How is it?") | {"help": "Look.", "weight": 2, "required": True}
        data = changes.apply(data, Change("add", f"question:{question['key']}", question, Place("first-section"))).data
        part = f"question:{question['key']}"
        made = changes.apply(data, Change("set", part, fresh.retyped(parts.content(data, part), after)))
        assert consistency.check(made.document) == []
        now = parts.content(made.data, part)
        assert (now["type"], now["help"], now["weight"], now["required"]) == (after, "Look.", 2, True)

    def test_choices_keep_their_options(self):
        options = [{"key": "a", "text": "A", "value": 3}, {"key": "b", "text": "B", "value": 1}]
        question = {"key": "q", "type": "single_choice", "text": "Q?", "options": options}
        assert fresh.retyped(question, "multiple_choice")["options"] == options
        assert fresh.retyped(question, "matrix")["options"] == options
        assert "options" not in fresh.retyped(question, "yes_no")

    def test_yes_and_no_become_options(self):
        question = {"key": "q", "type": "yes_no", "text": "Q?"}
        assert [one["key"] for one in fresh.retyped(question, "single_choice")["options"]] == ["yes", "no"]

    def test_numbers_keep_their_ends_where_these_can_be_steps(self):
        question = {"key": "q", "type": "number", "text": "Q?", "minimum": 0, "maximum": 10, "unit": "kg"}
        assert fresh.retyped(question, "scale") == {
            "key": "q",
            "type": "scale",
            "text": "Q?",
            "minimum": 0,
            "maximum": 10,
        }
        assert fresh.retyped(question | {"maximum": 1000}, "scale")["maximum"] == 5


class TestDuplicates:
    def test_a_question_stands_right_behind_its_model(self):
        data = changes.apply(blank(), fresh.duplication(blank(), "question:first-question")).data
        assert [one["key"] for one in data["sections"][0]["questions"]] == ["first-question", "first-question-2"]
        assert data["sections"][0]["questions"][1]["text"] == "First question"

    def test_conditions_inside_a_section_stay_inside(self):
        follow = {"key": "follow", "type": "text", "text": "Why?", "show_if": {"question": "first-question", "operator": "equals", "value": "no"}}  # fmt: skip
        data = changes.apply(blank(), Change("add", "question:follow", follow, Place("first-section"))).data
        copied = fresh.duplicate(data, "section:first-section")
        assert copied["name"] == "First section (copy)"
        assert [one["key"] for one in copied["questions"]] == ["first-question-2", "follow-2"]
        assert copied["questions"][1]["show_if"]["question"] == "first-question-2"

    @pytest.mark.parametrize("part", ["settings", "scoring", "question:nobody"])
    def test_what_has_no_second(self, part: str):
        with pytest.raises(NoSuchPart):
            fresh.duplicate(blank(), part)

    def test_other_parts(self):
        data = changes.apply(blank(), fresh.duplication(blank(), "score:first-section")).data
        assert [one["key"] for one in data["scoring"]["scores"]] == ["first-section", "first-section-2", "overall"]
        data = changes.apply(blank(), Change("add", "sample:s", fresh.sample(blank(), "S"))).data
        data = changes.apply(data, fresh.duplication(data, "sample:s")).data
        assert [one["name"] for one in data["samples"]] == ["S", "S (copy)"]


class TestScores:
    def test_a_new_score_waits_for_its_inputs(self):
        made = changes.apply(blank(), Change("add", "score:x", fresh.score(blank(), "Extra"), Place()))
        assert [problem.message for problem in consistency.unfinished(made.document)] != []

    def test_no_sample_without_scoring(self):
        with pytest.raises(NoSuchPart):
            fresh.sample(changes.apply(blank(), Change("remove", "scoring")).data, "S")


class TestReading:
    def version(self, data):
        document = shape(data)
        return DefinitionVersion(document=document.to_data(), content_hash=document.content_hash())

    def test_a_draft_is_read_with_what_is_unfinished(self):
        data = changes.apply(blank(), Change("add", "section:empty", {"name": "Empty"})).data
        draft = drafts.read(self.version(data))
        assert [(one.part, one.field) for one in draft.placed][0] == ("section:empty", "")
        assert draft.content("section:empty") == {"key": "empty", "name": "Empty"}
        assert draft.fingerprint("section:empty") == parts.fingerprint(data, "section:empty")
        assert drafts.read(self.version(blank())).problems == []

    def test_the_same_content_is_read_once(self):
        version = self.version(blank())
        assert drafts.read(version).document is drafts.read(version).document
