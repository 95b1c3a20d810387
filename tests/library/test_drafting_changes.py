"""One change to a draft: what it does, what goes with it, what is refused."""

from typing import Any

import pytest

from library.document import hash_of, shape
from library.drafting import changes, fresh, parts
from library.drafting.changes import Change, Place, Refused
from library.drafting.differences import ChangedSince
from library.drafting.parts import NoSuchPart
from library.problems import Problem


def backup() -> dict[str, Any]:
    """A definition in which everything refers to something, with scoring made by hand."""
    return shape({
        "format": "portal-definition/1",
        "key": "backup",
        "name": "Backup",
        "answer_sets": [{"key": "often", "options": [{"key": "daily", "text": "Daily", "value": 2}, {"key": "never", "text": "Never", "value": 0}]}],
        "sections": [
            {
                "key": "basics",
                "name": "Basics",
                "questions": [
                    {"key": "copies", "type": "single_choice", "text": "Where?", "options": [{"key": "away", "text": "Away", "value": 1}, {"key": "here", "text": "Here", "value": 0}]},
                    {"key": "tested", "type": "yes_no", "text": "Tested?", "show_if": {"all": [{"question": "copies", "operator": "equals", "value": "away"}, {"question": "copies", "operator": "answered"}]}},
                    {"key": "rate", "type": "single_choice", "text": "How often?", "answer_set": "often", "require_if": {"question": "tested", "operator": "equals", "value": "yes"}},
                ],
                "sections": [{"key": "inner", "name": "Inner", "questions": [{"key": "deep", "type": "yes_no", "text": "Deep?"}]}],
            },
            {
                "key": "more",
                "name": "More",
                "questions": [
                    {"key": "grid", "type": "matrix", "text": "Grid", "rows": [{"key": "disk", "text": "Disk"}, {"key": "tape", "text": "Tape"}], "options": [{"key": "good", "text": "Good", "value": 1}, {"key": "bad", "text": "Bad", "value": 0}]},
                    {"key": "story", "type": "text", "text": "Story", "show_if": {"any": [{"question": "grid", "row": "disk", "operator": "equals", "value": "bad"}, {"question": "rate", "operator": "any_of", "value": ["never", "daily"]}]}},
                ],
            },
        ],
        "scoring": {
            "scale": {"min": 0, "max": 10},
            "scores": [
                {"key": "points", "name": "Points", "rule": "sum", "inputs": [{"questions": ["copies", "tested"]}, {"sections": ["inner"]}]},
                {"key": "other", "name": "Other", "rule": "sum", "inputs": [{"questions": ["grid"]}], "gates": [{"when": {"question": "tested", "operator": "equals", "value": "yes"}, "otherwise": 0}], "cases": [{"when": {"question": "copies", "operator": "equals", "value": "here"}, "value": 0}]},
                {"key": "overall", "name": "Overall", "rule": "sum", "inputs": [{"scores": ["points", "other"]}]},
            ],
            "overall": "overall",
            "sections": {"inner": "points", "more": "other"},
        },
        "reference_values": [{"score": "points", "value": 1, "label": "L", "n": "12", "source": "S", "year": 2025}],
        "samples": [
            {"key": "good", "name": "Good", "answers": {"copies": "away", "tested": "yes", "grid": {"disk": "good", "tape": "bad"}, "rate": "daily"}, "expected": {"overall": 3, "points": 2}},
            {"key": "one", "name": "One", "answers": {"deep": {"state": "not_applicable"}}, "expected": {"points": 1}},
        ],
    }).to_data()  # fmt: skip


def applied(change: Change, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """The data after a change, which can be undone."""
    before = data or backup()
    made = changes.apply(before, change)
    assert hash_of(changes.revert(made.data, made.before, made.after).data) == hash_of(before)
    return made.data


def content(data: dict[str, Any], part: str) -> dict[str, Any]:
    return parts.content(data, part)


class TestSetting:
    def test_what_is_left_out_has_its_default_again(self):
        data = applied(Change("set", "question:copies", {**content(backup(), "question:copies"), "help": "Look."}))
        data = applied(
            Change("set", "question:copies", {**content(backup(), "question:copies"), "text": "Where?"}), data
        )
        assert "help" not in content(data, "question:copies")

    def test_an_update_keeps_the_other_fields_and_none_takes_one_away(self):
        data = applied(Change("update", "question:tested", {"text": "Restored?", "show_if": None}))
        assert content(data, "question:tested") == {"key": "tested", "type": "yes_no", "text": "Restored?"}

    def test_values_are_stored_the_one_way_they_are_written(self):
        data = applied(
            Change("update", "question:tested", {"weight": 2.0, "required": False, "tags": {"b": "1", "a": "2"}})
        )
        assert content(data, "question:tested")["weight"] == 2
        assert "required" not in content(data, "question:tested")
        assert list(content(data, "question:tested")["tags"]) == ["a", "b"]

    def test_what_was_there_before_is_not_touched(self):
        data = backup()
        changes.apply(data, Change("remove", "question:copies"))
        assert data == backup()

    def test_a_section_is_set_without_what_stands_in_it(self):
        data = applied(Change("set", "section:basics", {"name": "Foundations"}))
        assert content(data, "section:basics") == {"key": "basics", "name": "Foundations"}
        assert len(data["sections"][0]["questions"]) == 3
        with pytest.raises(ValueError, match="parts of their own"):
            changes.apply(data, Change("set", "section:basics", {"name": "X", "questions": []}))

    def test_nothing_different_is_no_change(self):
        assert not changes.apply(
            backup(), Change("set", "question:copies", content(backup(), "question:copies"))
        ).is_change

    def test_a_mistake_stands_at_its_field(self):
        with pytest.raises(Refused) as refused:
            changes.apply(backup(), Change("update", "question:copies", {"text": "", "weight": "2"}))
        assert refused.value.here == {"text": ["must not be empty"], "weight": ["must be a number, not “2”"]}
        assert refused.value.elsewhere == []
        assert refused.value.problems[0].place == "sections[0].questions[0].text"

    @pytest.mark.parametrize(
        ("part", "fields", "field"),
        [
            ("question:copies", {"options": "none"}, "options"),
            ("question:copies", {"options": [{"key": "a", "text": "A", "value": [1]}]}, "options[0].value"),
            ("question:copies", {"type": ["text"]}, "type"),
            ("question:copies", {"show_if": {"all": [1]}}, "show_if.all[0]"),
            ("question:copies", {"show_if": {"question": "story", "operator": "equals", "value": "\ud800"}}, "show_if.value"),
            ("score:points", {"inputs": [1]}, "inputs[0]"),
            ("sample:good", {"answers": {"copies": float("nan")}}, "answers.copies"),
            ("answer_set:often", {"options": None}, "options"),
            ("children", {"children": ["disks"]}, "children[0]"),
            ("scoring", {"zones": [{}]}, "zones[0].label"),
        ],
    )  # fmt: skip
    def test_whatever_a_form_sends_is_a_mistake_at_its_field(self, part: str, fields: dict[str, Any], field: str):
        with pytest.raises(Refused) as refused:
            changes.apply(backup(), Change("update", part, fields))
        assert field in refused.value.here
        assert refused.value.elsewhere == []

    def test_a_new_part_is_looked_at_before_it_is_put_in(self):
        for value in ({"type": "text"}, {"questions": "none"}, {"name": "N", "questions": [{"type": "text"}]}):
            kind = "question" if "type" in value else "section"
            with pytest.raises(Refused) as refused:
                changes.apply(
                    backup(), Change("add", f"{kind}:new", value, Place("more" if kind == "question" else ""))
                )
            assert refused.value.here

    def test_an_option_that_conditions_name_cannot_go(self):
        """The mistake is named at the questions whose conditions would make no sense."""
        options = [{"key": "here", "text": "Here", "value": 0}]
        with pytest.raises(Refused) as refused:
            changes.apply(backup(), Change("update", "question:copies", {"options": options}))
        assert refused.value.here == {}
        assert [(one.part, one.field) for one in refused.value.elsewhere] == [("question:tested", "show_if.all[0]")]

    def test_a_circle_is_refused_with_its_place(self):
        circle = {"question": "tested", "operator": "answered"}
        with pytest.raises(Refused) as refused:
            changes.apply(backup(), Change("update", "question:copies", {"show_if": circle}))
        problem = refused.value.problems[0]
        assert "goes in a circle" in problem.message

    def test_an_unfinished_part_is_let_in(self):
        data = applied(Change("update", "question:grid", {"rows": [{"key": "disk", "text": "Disk"}]}))
        data = applied(Change("add", "section:empty", {"name": "Empty"}), data)
        assert content(data, "section:empty")["name"] == "Empty"

    def test_a_key_is_changed_by_renaming_only(self):
        with pytest.raises(ValueError, match="renaming"):
            changes.apply(backup(), Change("update", "question:copies", {"key": "other"}))

    def test_settings_take_no_part_of_another_kind(self):
        with pytest.raises(Refused) as refused:
            changes.apply(backup(), Change("update", "settings", {"colour": "red"}))
        assert refused.value.here == {"colour": ["is not a field that can stand here"]}

    def test_a_list_stands_for_the_reference_values(self):
        assert "reference_values" not in applied(Change("set", "reference_values", []))

    def test_a_mistake_that_was_there_before_is_no_reason_to_refuse(self):
        data = backup()
        data["sections"][0]["questions"][1]["show_if"] = {"question": "gone", "operator": "answered"}
        made = changes.apply(data, Change("update", "question:copies", {"help": "Look."}))
        assert content(made.data, "question:copies")["help"] == "Look."


class TestChangingTheType:
    def test_comparisons_follow_from_one_choice_to_several_and_back(self):
        data = applied(
            Change("set", "question:copies", fresh.retyped(content(backup(), "question:copies"), "multiple_choice"))
        )
        compared = content(data, "question:tested")["show_if"]["all"][0]
        assert compared == {"question": "copies", "operator": "contains", "value": "away"}
        data = applied(
            Change("set", "question:copies", fresh.retyped(content(data, "question:copies"), "single_choice")), data
        )
        assert data == backup()

    def test_what_can_no_longer_be_compared_is_refused_with_its_place(self):
        with pytest.raises(Refused) as refused:
            changes.apply(
                backup(),
                Change("set", "question:copies", fresh.retyped(content(backup(), "question:copies"), "number")),
            )
        assert {one.part for one in refused.value.elsewhere} == {"question:tested", "score:other"}

    def test_what_can_no_longer_be_scored_counts_nowhere(self):
        data = applied(Change("update", "question:story", {"show_if": None}))
        data = applied(Change("set", "question:grid", fresh.retyped(content(data, "question:grid"), "file")), data)
        assert content(data, "question:grid") == {"key": "grid", "type": "file", "text": "Grid", "max_files": 1}
        assert content(data, "score:other")["inputs"] == [{}]
        assert "grid" not in content(data, "sample:good")["answers"]


class TestAdding:
    def test_a_question_stands_where_it_was_put(self):
        data = applied(Change("add", "question:new", {"type": "date", "text": "When?"}, Place("basics", 1)))
        assert [one["key"] for one in data["sections"][0]["questions"]] == ["copies", "new", "tested", "rate"]

    def test_a_taken_key_gets_the_next_free_one(self):
        made = changes.apply(
            backup(), Change("add", "question:copies", {"type": "date", "text": "When?"}, Place("more"))
        )
        assert made.part == "question:copies-2"
        assert [one["key"] for one in made.data["sections"][1]["questions"]][-1] == "copies-2"

    def test_a_section_brings_its_questions_and_conditions_follow_their_keys(self):
        section = {
            "name": "Again",
            "questions": [
                {"key": "tested", "type": "yes_no", "text": "Tested?"},
                {"key": "why", "type": "text", "text": "Why?", "show_if": {"question": "tested", "operator": "equals", "value": "no"}},
            ],
        }  # fmt: skip
        data = applied(Change("add", "section:again", section, Place("", 0)))
        questions = data["sections"][0]["questions"]
        assert [one["key"] for one in questions] == ["tested-2", "why"]
        assert questions[1]["show_if"]["question"] == "tested-2"

    def test_into_a_section_that_is_gone(self):
        with pytest.raises(NoSuchPart) as gone:
            changes.apply(
                backup(), Change("add", "question:new", {"type": "date", "text": "When?"}, Place("removed", 0))
            )
        assert gone.value.part == "section:removed"

    def test_scoring_is_added_once(self):
        without = applied(Change("remove", "scoring"))
        data = applied(Change("add", "scoring", fresh.scoring(without)), without)
        assert data["scoring"]["overall"] == "overall"
        with pytest.raises(Refused):
            changes.apply(data, Change("add", "scoring", fresh.scoring(without)))

    def test_sections_go_no_deeper_than_six(self):
        data = backup()
        inside = "inner"
        for number in range(4):
            made = changes.apply(data, Change("add", f"section:d{number}", {"name": "D"}, Place(inside)))
            data, inside = made.data, f"d{number}"
        with pytest.raises(Refused, match="nested deeper"):
            changes.apply(data, Change("add", "section:d9", {"name": "D"}, Place(inside)))


class TestRemoving:
    def test_a_question_takes_along_what_refers_to_it(self):
        made = changes.apply(backup(), Change("remove", "question:copies"))
        assert "show_if" not in content(made.data, "question:tested")
        assert content(made.data, "score:points")["inputs"] == [{"questions": ["tested"]}, {"sections": ["inner"]}]
        assert "cases" not in content(made.data, "score:other")
        assert "copies" not in content(made.data, "sample:good")["answers"]
        assert made.label == (
            "Question “Where?” removed; removed with it: 3 conditions, 1 input of a score, what 1 sample says of it"
        )
        assert changes.revert(made.data, made.before, made.after).data == backup()

    def test_a_condition_keeps_what_still_means_something(self):
        data = applied(Change("remove", "question:grid"))
        assert content(data, "question:story")["show_if"] == {
            "any": [{"question": "rate", "operator": "any_of", "value": ["never", "daily"]}]
        }

    def test_a_score_that_lost_all_its_inputs_waits_for_others(self):
        data = applied(Change("remove", "question:grid"))
        assert content(data, "score:other")["inputs"] == [{}]

    def test_a_gate_without_its_condition_is_gone(self):
        data = applied(Change("remove", "question:tested"))
        assert "gates" not in content(data, "score:other")
        assert "require_if" not in content(data, "question:rate")

    def test_a_section_with_all_in_it(self):
        made = changes.apply(backup(), Change("remove", "section:basics"))
        assert [one["key"] for one in made.data["sections"]] == ["more"]
        assert content(made.data, "score:points")["inputs"] == [{}]
        assert content(made.data, "scoring")["sections"] == {"more": "other"}
        assert made.label.startswith("Section “Basics” removed; removed with it: 4 questions")
        assert changes.revert(made.data, made.before, made.after).data == backup()

    def test_a_score(self):
        data = applied(Change("remove", "score:points"))
        assert content(data, "score:overall")["inputs"] == [{"scores": ["other"]}]
        assert content(data, "scoring")["sections"] == {"more": "other"}
        assert "reference_values" not in data
        assert [one["key"] for one in data["samples"]] == ["good"]
        assert content(data, "sample:good")["expected"] == {"overall": 3}

    def test_the_overall_score_stays(self):
        with pytest.raises(Refused, match="overall score"):
            changes.apply(backup(), Change("remove", "score:overall"))

    def test_scoring_as_a_whole(self):
        data = applied(Change("remove", "scoring"))
        assert not {"scoring", "samples", "reference_values"} & set(data)

    def test_an_answer_set_leaves_its_options_with_the_questions(self):
        data = applied(Change("remove", "answer_set:often"))
        assert [option["key"] for option in content(data, "question:rate")["options"]] == ["daily", "never"]
        assert "answer_set" not in content(data, "question:rate")

    def test_what_is_not_there(self):
        with pytest.raises(NoSuchPart):
            changes.apply(backup(), Change("remove", "question:nobody"))
        for nonsense in ("question", "question:", "settings:x", "colour:red", ""):
            with pytest.raises(NoSuchPart):
                changes.apply(backup(), Change("remove", nonsense))


class TestMoving:
    def test_within_a_section_the_position_counts_without_the_part_itself(self):
        data = applied(Change("move", "question:copies", place=Place("basics", 1)))
        assert [one["key"] for one in data["sections"][0]["questions"]] == ["tested", "copies", "rate"]

    def test_to_another_section(self):
        data = applied(Change("move", "question:deep", place=Place("more", 0)))
        assert data["sections"][1]["questions"][0]["key"] == "deep"
        assert "questions" not in data["sections"][0]["sections"][0]

    def test_a_section_into_another_one_and_out_again(self):
        data = applied(Change("move", "section:more", place=Place("basics", 0)))
        assert [one["key"] for one in data["sections"][0]["sections"]] == ["more", "inner"]
        data = applied(Change("move", "section:inner", place=Place("", 0)), data)
        assert [one["key"] for one in data["sections"]] == ["inner", "basics"]

    @pytest.mark.parametrize("inside", ["basics", "inner"])
    def test_never_into_itself(self, inside: str):
        with pytest.raises(Refused, match="into itself"):
            changes.apply(backup(), Change("move", "section:basics", place=Place(inside, 0)))

    def test_a_question_cannot_stand_outside_of_sections(self):
        with pytest.raises(NoSuchPart):
            changes.apply(backup(), Change("move", "question:deep", place=Place("", 0)))

    def test_one_move_is_one_small_difference(self):
        made = changes.apply(backup(), Change("move", "question:copies", place=Place("basics", 2)))
        assert [entry["part"] for entry in made.after["parts"]] == ["question:copies"]
        assert "content" not in made.after["parts"][0]


class TestRenaming:
    def test_a_question(self):
        data = applied(Change("rename", "question:copies", "where"))
        assert content(data, "question:tested")["show_if"]["all"][0]["question"] == "where"
        assert content(data, "score:points")["inputs"][0] == {"questions": ["where", "tested"]}
        assert content(data, "score:other")["cases"][0]["when"]["question"] == "where"
        assert content(data, "sample:good")["answers"]["where"] == "away"

    def test_a_section(self):
        data = applied(Change("rename", "section:inner", "deeper"))
        assert content(data, "score:points")["inputs"][1] == {"sections": ["deeper"]}
        assert content(data, "scoring")["sections"] == {"deeper": "points", "more": "other"}
        assert data["sections"][0]["sections"][0]["questions"][0]["key"] == "deep"

    def test_a_score_even_the_overall_one(self):
        data = applied(Change("rename", "score:points", "p"))
        assert content(data, "score:overall")["inputs"] == [{"scores": ["p", "other"]}]
        assert content(data, "scoring")["sections"]["inner"] == "p"
        assert data["reference_values"][0]["score"] == "p"
        assert content(data, "sample:one")["expected"] == {"p": 1}
        data = applied(Change("rename", "score:overall", "total"), data)
        assert content(data, "scoring")["overall"] == "total"
        assert content(data, "sample:good")["expected"] == {"p": 2, "total": 3}

    def test_an_answer_set(self):
        assert content(applied(Change("rename", "answer_set:often", "rate")), "question:rate")["answer_set"] == "rate"

    def test_an_option(self):
        data = applied(Change("rename", "question:copies", {"option": "away", "to": "elsewhere"}))
        assert content(data, "question:tested")["show_if"]["all"][0]["value"] == "elsewhere"
        assert content(data, "sample:good")["answers"]["copies"] == "elsewhere"

    def test_an_option_of_an_answer_set(self):
        data = applied(Change("rename", "answer_set:often", {"option": "daily", "to": "each-day"}))
        assert content(data, "question:story")["show_if"]["any"][1]["value"] == ["never", "each-day"]
        assert content(data, "sample:good")["answers"]["rate"] == "each-day"

    def test_an_option_and_a_row_of_a_matrix(self):
        data = applied(Change("rename", "question:grid", {"option": "bad", "to": "poor"}))
        data = applied(Change("rename", "question:grid", {"row": "disk", "to": "drive"}), data)
        assert content(data, "question:story")["show_if"]["any"][0] == {
            "question": "grid", "row": "drive", "operator": "equals", "value": "poor",
        }  # fmt: skip
        assert content(data, "sample:good")["answers"]["grid"] == {"drive": "good", "tape": "poor"}

    @pytest.mark.parametrize("taken", ["tested", "deep", ""])
    def test_a_taken_key_and_none(self, taken: str):
        with pytest.raises(Refused) as refused:
            changes.apply(backup(), Change("rename", "question:copies", taken))
        assert list(refused.value.here) == ["key"]

    def test_what_is_no_key(self):
        with pytest.raises(Refused) as refused:
            changes.apply(backup(), Change("rename", "question:copies", "ä key"))
        assert "is not a key" in refused.value.problems[0].message


class TestUndoing:
    def test_another_part_may_have_changed_meanwhile(self):
        removed = changes.apply(backup(), Change("remove", "question:deep"))
        since = changes.apply(removed.data, Change("update", "question:grid", {"text": "Table"})).data
        undone = changes.revert(since, removed.before, removed.after).data
        assert content(undone, "question:deep") == content(backup(), "question:deep")
        assert content(undone, "question:grid")["text"] == "Table"

    def test_the_part_itself_may_not(self):
        first = changes.apply(backup(), Change("update", "question:grid", {"text": "Table"}))
        second = changes.apply(first.data, Change("update", "question:grid", {"text": "Grid again"}))
        with pytest.raises(ChangedSince) as changed:
            changes.revert(second.data, first.before, first.after)
        assert changed.value.parts == ["question:grid"]

    def test_neighbours_may_have_come_and_gone(self):
        data = changes.apply(backup(), Change("remove", "sample:good")).data
        removed = changes.apply(data, Change("remove", "question:tested"))
        since = changes.apply(removed.data, Change("move", "question:rate", place=Place("more", 0))).data
        new = Change("add", "question:new", {"type": "date", "text": "When?"}, Place("basics", 0))
        since = changes.apply(since, new).data
        with pytest.raises(ChangedSince):
            # Who may be asked “How often?” was changed with it, and the question moved on.
            changes.revert(
                changes.apply(since, Change("update", "question:rate", {"help": "?"})).data,
                removed.before,
                removed.after,
            )
        undone = changes.revert(since, removed.before, removed.after).data
        assert [one["key"] for one in undone["sections"][0]["questions"]] == ["new", "copies", "tested"]

    def test_what_no_longer_fits_the_rest_stays_away(self):
        data = changes.apply(backup(), Change("remove", "sample:good")).data
        removed = changes.apply(data, Change("remove", "question:story"))
        since = changes.apply(removed.data, Change("remove", "question:rate")).data
        with pytest.raises(Refused) as refused:
            changes.revert(since, removed.before, removed.after)
        assert refused.value.here == {"show_if.any[1]": ["refers to question “rate”, which does not exist"]}

    def test_what_was_added_since_into_an_added_section_is_not_thrown_away(self):
        added = changes.apply(backup(), Change("add", "section:new", {"name": "New"}))
        since = changes.apply(
            added.data, Change("add", "question:x", {"type": "date", "text": "When?"}, Place("new"))
        ).data
        with pytest.raises(ChangedSince) as changed:
            changes.revert(since, added.before, added.after)
        assert changed.value.parts == ["question:x"]

    def test_a_question_comes_back_only_into_a_section_that_is_there(self):
        removed = changes.apply(backup(), Change("remove", "question:deep"))
        since = changes.apply(removed.data, Change("remove", "section:inner")).data
        with pytest.raises(ChangedSince):
            changes.revert(since, removed.before, removed.after)

    def test_a_new_key_goes_back_whatever_refers_to_it_by_now(self):
        renamed = changes.apply(backup(), Change("rename", "question:copies", "where"))
        since = changes.apply(renamed.data, Change("update", "section:more", {"show_if": {"question": "where", "operator": "answered"}})).data  # fmt: skip
        undone = changes.revert(since, renamed.before, renamed.after).data
        assert content(undone, "section:more")["show_if"]["question"] == "copies"

    def test_everything_at_once(self):
        other = shape(fresh.blank("backup", "Other"))
        made = changes.replaced(backup(), other, "Replaced")
        assert made.data == other.to_data()
        assert changes.revert(made.data, made.before, made.after).data == backup()


class TestPlaces:
    @pytest.mark.parametrize(
        ("place", "found"),
        [
            ("sections[0].questions[2].show_if.all[0]", ("question:rate", "show_if.all[0]")),
            ("sections[0].sections[0].name", ("section:inner", "name")),
            ("sections[0].sections[0].questions[0]", ("question:deep", "")),
            ("answer_sets[0].options[1].text", ("answer_set:often", "options[1].text")),
            ("scoring.scores[1].inputs[0]", ("score:other", "inputs[0]")),
            ("scoring.zones[0]", ("scoring", "zones[0]")),
            ("scoring.scale.max", ("scoring", "scale.max")),
            ("samples[1].answers.deep", ("sample:one", "answers.deep")),
            ("reference_values[0].score", ("reference_values", "reference_values[0].score")),
            ("children[3]", ("children", "children[3]")),
            ("name", ("settings", "name")),
            ("sections", ("settings", "sections")),
            ("sections[9].name", ("settings", "sections[9].name")),
            ("", ("settings", "")),
        ],
    )
    def test_a_place_of_the_document_is_a_field_of_a_part(self, place: str, found: tuple[str, str]):
        assert parts.at(backup(), place) == found

    def test_problems_are_placed(self):
        found = parts.placed(backup(), [Problem("sections[1].questions[0].rows", "are missing")])
        assert found == [parts.Placed("question:grid", "rows", "are missing")]

    def test_parts_have_names(self):
        assert parts.title(backup(), "question:copies") == "Question “Where?”"
        assert parts.title(backup(), "settings") == "Settings"
        assert parts.title(backup(), "answer_set:often") == "Answer set “often”"
