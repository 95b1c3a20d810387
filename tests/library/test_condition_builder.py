"""Conditions as rules in a form and as sentences: the pure parts, and the pages that use them."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from library import condition_words
from library.answers import Answer, State
from library.authoring import rule_builder, rule_drawing, rule_operators
from library.authoring.question_picker import Picker
from library.authoring.rule_builder import Group, Rule
from library.conditions import holds
from library.document import Condition, DefinitionDocument
from tests import cast
from tests.library.editing import at, changes_of, document_now, drafted, filled, send, small

pytestmark = pytest.mark.django_db

OPTIONS = [
    {"key": "away", "text": "At another place"},
    {"key": "here", "text": "In the same building"},
    {"key": "none", "text": "There are none"},
]


def definition(**more) -> DefinitionDocument:
    """This will make a definition with one question of each type; q1 … q10 in the order asked."""
    questions = [
        {"key": "q1", "type": "yes_no", "text": "Are you ready?", "allow_dont_know": True},
        {"key": "q2", "type": "single_choice", "text": "Where are copies?", "options": OPTIONS},
        {"key": "q3", "type": "multiple_choice", "text": "Who may restore?", "options": OPTIONS},
        {"key": "q4", "type": "number", "text": "How many days?", "unit": "days", "minimum": 0, "maximum": 30},
        {"key": "q5", "type": "scale", "text": "How sure are you?", "minimum": 1, "maximum": 5},
        {"key": "q6", "type": "date", "text": "When was the last test?"},
        {"key": "q7", "type": "text", "text": "Which product?"},
        {
            "key": "q8", "type": "matrix", "text": "How is each looked after?", "options": OPTIONS,
            "rows": [{"key": "mail", "text": "Email"}, {"key": "files", "text": "Files"}],
        },
        {"key": "q9", "type": "file", "text": "The plan, as a file"},
        {"key": "q10", "type": "yes_no", "text": "Last one", "allow_not_applicable": True},
    ]  # fmt: skip
    return DefinitionDocument.model_validate(
        {
            "format": "portal-definition/1",
            "key": "small",
            "name": "Small",
            "sections": [{"key": "all", "name": "All of it", "questions": questions}],
        }
        | more
    )


def condition(data: dict) -> Condition:
    return Condition.model_validate(data)


def compare(question: str, operator: str, value=None, **more) -> dict:
    return {"question": question, "operator": operator} | ({} if value is None else {"value": value}) | more


# Sentences


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (compare("q1", "equals", "yes"), "question 1 is “Yes”"),
        (compare("q1", "not_equals", "yes"), "question 1 is answered, but not with “Yes”"),
        (compare("q2", "any_of", ["away", "here"]), "question 2 is either “At another place” or “In the same building”"),
        (compare("q3", "contains", "away"), "question 3 includes “At another place”"),
        (compare("q3", "any_of", ["away", "none"]), "question 3 includes either “At another place” or “There are none”"),
        (compare("q3", "equals", ["away", "here"]), "question 3 is exactly “At another place” and “In the same building”"),
        (compare("q4", "at_least", 4), "question 4 is at least 4 days"),
        (compare("q5", "less", 2.5), "question 5 is less than 2.5"),
        (compare("q6", "at_least", "2026-03-02"), "question 6 is Mar 2, 2026 or later"),
        (compare("q6", "greater", "no date"), "question 6 is after “no date”"),
        (compare("q7", "contains", "Veeam"), "question 7 contains “Veeam”"),
        (compare("q8", "equals", "away", row="mail"), "“Email” in question 8 is “At another place”"),
        (compare("q9", "answered"), "question 9 is answered"),
        (compare("q10", "is_not_applicable"), "question 10 is “Not applicable”"),
        (compare("q1", "is_dont_know"), "question 1 is “I’m not sure”"),
        (compare("gone", "equals", "x"), "the missing question “gone” is “x”"),
        (compare("q2", "equals", "gone"), "question 2 is “gone”"),
        ({"not": compare("q1", "equals", "yes")}, "question 1 is not “Yes”"),
        ({"not": compare("q1", "answered")}, "question 1 is not answered"),
        ({"not": {"not": compare("q1", "answered")}}, "question 1 is answered"),
        (
            {"all": [compare("q1", "equals", "yes"), compare("q4", "at_least", 4)]},
            "question 1 is “Yes” and question 4 is at least 4 days",
        ),
        (
            {"all": [compare("q1", "answered"), {"any": [compare("q2", "answered"), compare("q3", "answered")]}]},
            "question 1 is answered and (question 2 is answered or question 3 is answered)",
        ),
        (
            {"not": {"any": [compare("q1", "equals", "yes"), compare("q4", "less", 2)]}},
            "question 1 is not “Yes” and question 4 is not less than 2 days",
        ),
        (
            {"not": {"all": [compare("q1", "equals", "yes"), compare("q4", "less", 2)]}},
            "not all of this holds: question 1 is “Yes” and question 4 is less than 2 days",
        ),
    ],
)  # fmt: skip
def test_a_condition_reads_as_a_sentence(data, words):
    assert condition_words.sentence(definition(), condition(data)) == words


def test_the_sentence_says_what_follows():
    document, when = definition(), condition(compare("q1", "equals", "yes"))
    assert condition_words.asked_when(document, when) == "Asked when question 1 is “Yes”."
    assert condition_words.shown_when(document, when) == "Shown when question 1 is “Yes”."
    assert condition_words.required_when(document, when) == "Must be answered when question 1 is “Yes”."


def test_percent_signs_of_authors_are_text():
    document = definition()
    words = condition_words.sentence(document, condition(compare("q7", "contains", "100 % %(value)s")))
    assert words == "question 7 contains “100 % %(value)s”"


# Rules and conditions

LEAVES = [
    compare("q1", "equals", "yes"),
    compare("q2", "any_of", ["away", "here"]),
    compare("q3", "contains", "here"),
    compare("q3", "equals", ["away", "none"]),
    compare("q4", "at_least", 4),
    compare("q4", "any_of", [1, 2.5]),
    compare("q6", "at_most", "2026-03-02"),
    compare("q7", "contains", "Veeam"),
    compare("q8", "equals", "here", row="files"),
    compare("q8", "answered"),
    compare("q9", "not_answered"),
    compare("q10", "is_not_applicable"),
]
trees = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)
ANSWERS = {
    "q1": Answer(State.ANSWERED, "yes"),
    "q2": Answer(State.ANSWERED, "here"),
    "q3": Answer(State.ANSWERED, ["away", "none"]),
    "q4": Answer(State.ANSWERED, 2.5),
    "q6": Answer(State.ANSWERED, "2026-03-01"),
    "q7": Answer(State.ANSWERED, "We use veeam."),
    "q10": Answer(State.NOT_APPLICABLE),
}


def form_of(group: Group, prefix: str = "c-") -> QueryDict:
    """This will send what the page shows, as a browser would."""
    fields = QueryDict(mutable=True)
    _fill(fields, rule_drawing.drawn(Picker(definition()), group, prefix), prefix)
    return fields


def _fill(fields: QueryDict, node, prefix: str) -> None:
    fields.appendlist(f"{prefix}node", node.path)
    if node.is_group:
        fields[f"{node.name}joint"] = node.joint
        for part in node.parts:
            _fill(fields, part, prefix)
        return
    fields[f"{node.name}question"], fields[f"{node.name}key"] = node.question, node.key
    for name, choices in (("row", node.rows), ("operator", node.operators)):
        fields.setlist(f"{node.name}{name}", [one.value for one in choices if one.is_chosen])
    values = [one.value for one in node.choices if one.is_chosen] or [node.text]
    fields.setlist(f"{node.name}value", values)


@given(trees)
def test_what_a_form_shows_and_sends_back_means_the_same(data):
    document, original = definition(), condition(data)
    group = rule_builder.of_condition(original)
    built = rule_builder.built(Picker(document), rule_builder.read(form_of(group), "c-"))
    assert built.is_complete
    again = built.condition
    assert rule_builder.of_condition(again) == rule_builder.of_condition(
        rule_builder.built(Picker(document), rule_builder.of_condition(again)).condition
    )
    for answers in ({}, ANSWERS, {key: ANSWERS[key] for key in ("q1", "q4")}):
        assert holds(again, answers) == holds(original, answers)


@given(trees)
def test_every_sentence_can_be_written(data):
    assert condition_words.sentence(definition(), condition(data))


def test_one_rule_needs_no_group_and_no_rules_no_condition():
    document = definition()
    one = Group(parts=(Rule("0.0", key="q1", operator="equals", values=("yes",)),))
    assert rule_builder.built(Picker(document), one).condition == condition(compare("q1", "equals", "yes"))
    assert rule_builder.built(Picker(document), Group()) == rule_builder.Built(places={"": "0"})


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("0.0"), "Choose a question."),
        (Rule("0.0", question="1"), "Choose how to compare."),
        (Rule("0.0", key="q1", operator="equals"), "Choose an answer to compare with."),
        (Rule("0.0", key="q3", operator="any_of"), "Choose at least one answer to compare with."),
        (Rule("0.0", key="q4", operator="equals"), "Enter a number to compare with."),
        (Rule("0.0", key="q6", operator="equals", values=("",)), "Enter a date to compare with."),
        (Rule("0.0", key="q7", operator="contains", values=(" ",)), "Enter the words to look for."),
        (Rule("0.0", key="q8", operator="equals", values=("here",)), "Choose a row."),
    ],
)
def test_what_is_not_there_yet_is_asked_for(rule, said):
    built = rule_builder.built(Picker(definition()), Group(parts=(rule,)))
    assert (built.condition, built.missing) == (None, {"0.0": said})


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("0.0", question="Who ate the cake"), "There is no question “Who ate the cake” here."),
        (Rule("0.0", key="q77"), "There is no question “q77” here.; did you mean “q7”?"),
        (Rule("0.0", key="q4", operator="equals", values=("four",)), "Enter a number such as 4 or 1.5, not “four”."),
    ],
)
def test_what_cannot_be_is_said(rule, said):
    built = rule_builder.built(Picker(definition()), Group(parts=(rule,)))
    assert built.condition is None
    assert built.wrong["0.0"].startswith(said[:35])


def test_an_empty_group_inside_is_incomplete():
    group = Group(parts=(Rule("0.0", key="q9", operator="answered"), Group("0.1", "any")))
    assert rule_builder.built(Picker(definition()), group).missing == {"0.1": "Add a rule to this group, or remove it."}


def test_places_of_problems_lead_to_the_rules():
    inner = Group("0.1", "none", (Rule("0.1.0", key="q9", operator="answered"), Rule("0.1.4", key="q10", operator="answered")))  # fmt: skip
    group = Group(joint="any", parts=(Rule("0.0", key="q9", operator="answered"), inner))
    places = rule_builder.built(Picker(definition()), group).places
    assert places["any[0]"] == "0.0"
    assert places["any[1]"] == "0.1"
    assert places["any[1].not.any[1]"] == "0.1.4"


# Picking a question


@pytest.mark.parametrize(
    ("typed", "key", "found"),
    [
        ("2", "", "q2"),
        ("2.", "", "q2"),
        ("2 · Where are copies?", "", "q2"),
        ("where are copies?", "", "q2"),
        ("copies", "", "q2"),
        ("q6", "", "q6"),
        ("", "q5", "q5"),
        # The number moved since the list was shown; the words did not.
        ("7 · Where are copies?", "q2", "q2"),
    ],
)
def test_a_question_is_found_by_number_words_or_key(typed, key, found):
    assert Picker(definition()).find(typed, key).key == found


def test_words_of_several_questions_ask_for_the_number():
    unclear = Picker(definition()).find("When")
    assert unclear.key == "q6"
    unclear = Picker(definition()).find("ready?")
    assert unclear.key == "q1"
    twice = definition(
        sections=[
            {"key": "s", "name": "S", "questions": [{"key": key, "type": "text", "text": "Again"} for key in "ab"]}
        ]
    )
    pickers = Picker(twice)
    assert "1, 2" in pickers.find("Again").message
    assert pickers.find("2 · Again").key == "b"
    assert pickers.find("Again", "a").key == "a"


def test_choosing_a_question_brings_a_fitting_comparison():
    document = definition()
    group = Group(parts=(Rule("0.0", question="3", key="q1", operator="equals", values=("yes",)),))
    rule = rule_builder.settled(Picker(document), group).parts[0]
    assert (rule.key, rule.operator, rule.values) == ("q3", "contains", ())
    assert rule.question == "3 · Who may restore?"
    matrix = rule_builder.settled(Picker(document), Group(parts=(Rule("0.0", question="8"),))).parts[0]
    assert (matrix.row, matrix.operator) == ("mail", "equals")


def test_only_operators_that_make_sense_are_offered():
    document = definition()
    words = {
        key: [name for _operator, name in rule_operators.operators(document.question(key))]
        for key in ("q1", "q6", "q9")
    }
    assert words["q1"] == ["is", "is answered, but not with", "is answered", "is not answered", "is “I’m not sure”"]
    assert words["q6"][:2] == ["is on or after", "is on or before"]
    assert words["q9"] == ["is answered", "is not answered"]


# Changing the tree


def test_rules_and_groups_are_added_and_removed():
    group = rule_builder.changed(Group(), "add:0")
    group = rule_builder.changed(group, "nest:0")
    assert [node.path for node in rule_builder.nodes(group)] == ["0", "0.0", "0.1", "0.1.0"]
    assert group.parts[1].joint == "any"
    group = rule_builder.changed(group, "remove:0.0")
    group = rule_builder.changed(group, "add:0")
    # Paths are never used twice while a form lives, so that a browser tells what is still the same.
    assert [node.path for node in rule_builder.nodes(group)] == ["0", "0.1", "0.1.0", "0.2"]
    assert rule_builder.changed(group, "explode:0") == group
    assert rule_builder.changed(group, "") == group


def test_nesting_ends_where_the_format_ends():
    group, path = Group(), "0"
    while True:
        deeper = rule_builder.changed(group, f"nest:{path}")
        if deeper == group:
            break
        group, path = deeper, f"{path}.{0}"
        group = rule_builder.changed(group, f"remove:{path}.0")
    assert path.count(".") == 10


def test_a_form_cannot_smuggle_in_what_is_no_tree():
    fields = QueryDict(mutable=True)
    fields.setlist("c-node", ["0", "0.1.1", "0.x", "../..", "0.99999999", "0.0"] + ["0" + ".0" * 400])
    fields["c-0-joint"] = "whatever"
    group = rule_builder.read(fields, "c-")
    assert (group.joint, [node.path for node in rule_builder.nodes(group)]) == ("all", ["0", "0.0"])


# The pages


HERE = ("question", "tested", "show_if")


def rule_of(response, path: str = "0.0") -> dict:
    """This will return what one rule of a page's form holds."""
    form = filled(response, 'name="show_if-node"')
    start = f"show_if-{path}-"
    return {name.removeprefix(start): form.getlist(name) for name in form if name.startswith(start)}


def built_condition(visitor, definition, *rules: dict, here=HERE):
    """This will build a condition step by step, as one does in the page, and return the last answer."""
    url, prefix = at("condition", definition, *here), f"{here[2]}-"
    response = visitor.get(url)
    for number, rule in enumerate(rules):
        response = send(visitor, url, filled(response), do="add:0")
        response = send(visitor, url, filled(response), **{f"{prefix}0.{number}-question": rule["question"]})
        rest = {f"{prefix}0.{number}-{name}": value for name, value in rule.items() if name != "question"}
        response = send(visitor, url, filled(response), **rest)
    return response


def test_a_condition_is_built_in_the_page_and_saved_as_it_is_made():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("condition", definition, *HERE)
    assert "Always asked." in visitor.get(url).content.decode()
    response = send(visitor, url, filled(visitor.get(url)), do="add:0")
    assert "Not saved yet" in response.content.decode() and "Choose a question." in response.content.decode()
    assert "autofocus" in response.content.decode()
    response = send(visitor, url, filled(response), **{"show_if-0.0-question": "copies?"})
    assert rule_of(response)["question"] == ["1 · Are there copies?"]
    assert document_now(definition).question("tested").show_if is None
    response = send(visitor, url, filled(response), **{"show_if-0.0-value": "yes"})
    assert "Asked when question 1 is “Yes”." in response.content.decode()
    assert "is-saved" in response.content.decode()
    assert document_now(definition).question("tested").show_if == condition(compare("copies", "equals", "yes"))
    response = send(visitor, url, filled(response), do="clear")
    assert document_now(definition).question("tested").show_if is None


def test_groups_are_nested_three_deep_and_read_back():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("condition", definition, "question", "notes", "show_if")
    response = send(visitor, url, filled(visitor.get(url)), do="nest:0")
    response = send(visitor, url, filled(response), **{"show_if-0.0.0-question": "1"})
    response = send(visitor, url, filled(response), do="nest:0.0", **{"show_if-0.0.0-value": "no"})
    response = send(visitor, url, filled(response), **{"show_if-0.0.1.0-question": "2"})
    response = send(visitor, url, filled(response), **{"show_if-0.0.1.0-value": "3", "show_if-0.0.1-joint": "none"})
    words = "question 1 is “No” or question 2 is not at least 3"
    assert words in response.content.decode()
    assert document_now(definition).question("notes").show_if == condition(
        {"all": [{"any": [compare("copies", "equals", "no"), {"not": compare("tested", "at_least", 3)}]}]}
    )
    assert words in visitor.get(url).content.decode()


def test_require_if_and_sections_have_conditions_too():
    definition, visitor = drafted(), cast.visitor("sam")
    rule = {"question": "1", "value": "yes"}
    response = built_condition(visitor, definition, rule, here=("question", "notes", "require_if"))
    assert "Must be answered when question 1 is “Yes”." in response.content.decode()
    response = built_condition(visitor, definition, rule, here=("section", "people", "show_if"))
    assert "Shown when question 1 is “Yes”." in response.content.decode()
    document = document_now(definition)
    assert document.question("notes").require_if == document.section("people").show_if


def test_a_circle_is_refused_in_words_and_what_was_built_stays():
    definition, visitor = drafted(), cast.visitor("sam")
    built_condition(visitor, definition, {"question": "3", "value": "yes"})
    response = built_condition(
        visitor, definition, {"question": "2", "operator": "answered"}, here=("question", "trained", "show_if")
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "Goes in a circle" in html or "goes in a circle" in html.lower()
    assert "2 · How often tested?" in html and 'value="show_if' not in html
    assert rule_of(response)["operator"] == ["answered"]
    assert document_now(definition).question("trained").show_if is None


def test_an_impossible_comparison_and_an_unknown_question_are_said_at_the_rule():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("condition", definition, *HERE)
    response = built_condition(visitor, definition, {"question": "1", "value": "maybe"})
    assert response.status_code == 422
    assert 'id="show_if-0.0-said"' in response.content.decode() and "maybe" in response.content.decode()
    response = send(visitor, url, filled(response), **{"show_if-0.0-question": "nothing like it"})
    assert response.status_code == 422
    assert "There is no question “nothing like it” here." in response.content.decode()


def test_an_incomplete_condition_is_only_a_mistake_when_one_saves_it():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("condition", definition, *HERE)
    response = send(visitor, url, filled(visitor.get(url)), do="add:0")
    assert response.status_code == 200
    response = send(visitor, url, filled(response), do="save")
    assert response.status_code == 422
    assert 'class="field-error"' in response.content.decode()


def test_without_javascript_everything_works_by_posts_and_redirects():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("condition", definition, *HERE)
    response = send(visitor, url, filled(visitor.get(url)), htmx=False, do="add:0")
    assert response.status_code == 200 and "<!doctype html>" in response.content.decode()
    response = send(visitor, url, filled(response), htmx=False, **{"show_if-0.0-question": "1", "do": ""})
    response = send(visitor, url, filled(response), htmx=False, **{"show_if-0.0-value": "no", "do": "save"})
    assert (response.status_code, response.headers["Location"]) == (303, url)
    assert document_now(definition).question("tested").show_if == condition(compare("copies", "equals", "no"))


def test_two_editors_of_one_condition_meet_in_words_and_nothing_is_lost():
    definition, sam, ada = drafted(), cast.visitor("sam"), cast.visitor("ada")
    url = at("condition", definition, *HERE)
    mine = send(sam, url, filled(sam.get(url)), do="add:0", **{"show_if-0-joint": "any"})
    built_condition(ada, definition, {"question": "1", "value": "yes"})
    response = send(sam, url, filled(mine), **{"show_if-0.0-question": "3"})
    response = send(sam, url, filled(response), **{"show_if-0.0-value": "no"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Ada Whitfield changed this meanwhile" in html and "Asked when question 1 is “Yes”." in html
    assert rule_of(response)["value"] == ["no"]
    # Typing on, or saving without a word about the other one, does not save over it.
    stored = changes_of(definition)
    for more in ({"show_if-0-joint": "any"}, {"do": "save"}):
        response = send(sam, url, filled(response), **more)
        assert (response.status_code, rule_of(response)["value"]) == (409, ["no"])
    assert changes_of(definition) == stored
    assert document_now(definition).question("tested").show_if == condition(compare("copies", "equals", "yes"))
    theirs = send(sam, url, filled(response), do="theirs")
    assert (theirs.status_code, rule_of(theirs)["value"]) == (200, ["yes"])
    assert changes_of(definition) == stored
    assert send(sam, url, filled(response), do="mine").status_code == 200
    assert document_now(definition).question("tested").show_if == condition(compare("trained", "equals", "no"))


def test_keeping_mine_saves_only_over_what_one_has_seen_and_only_what_is_complete():
    definition, sam, ada = drafted(), cast.visitor("sam"), cast.visitor("ada")
    url = at("condition", definition, *HERE)
    mine = send(sam, url, filled(sam.get(url)), do="add:0")
    built_condition(ada, definition, {"question": "1", "value": "yes"})
    mine = send(sam, url, filled(mine), **{"show_if-0.0-question": "1"})
    response = send(sam, url, filled(mine), **{"show_if-0.0-value": "no"})
    assert response.status_code == 409
    send(ada, url, filled(ada.get(url)), do="clear")
    again = send(sam, url, filled(response), do="mine")
    assert (again.status_code, "Always asked." in again.content.decode()) == (409, True)
    assert document_now(definition).question("tested").show_if is None
    incomplete = send(sam, url, filled(again), do="mine", **{"show_if-0.0-value": ""})
    assert (incomplete.status_code, 'class="field-error"' in incomplete.content.decode()) == (422, True)
    assert send(sam, url, filled(again), do="mine").status_code == 200
    assert document_now(definition).question("tested").show_if == condition(compare("copies", "equals", "no"))


def test_keep_mine_without_what_it_keeps_over_saves_over_nothing():
    definition, sam, ada = drafted(), cast.visitor("sam"), cast.visitor("ada")
    url = at("condition", definition, *HERE)
    mine = send(sam, url, filled(sam.get(url)), do="add:0")
    built_condition(ada, definition, {"question": "1", "value": "yes"})
    mine = send(sam, url, filled(mine), **{"show_if-0.0-question": "1"})
    assert send(sam, url, filled(mine), do="mine", **{"show_if-0.0-value": "no"}).status_code == 409


def test_before_a_question_is_chosen_the_place_of_the_comparison_is_taken():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("condition", definition, *HERE)
    response = send(visitor, url, filled(visitor.get(url)), do="add:0")
    assert "Choose a question first" in response.content.decode()
    assert "operator" not in rule_of(response)
    response = send(visitor, url, filled(response), **{"show_if-0.0-question": "1"})
    assert "Choose a question first" not in response.content.decode()
    assert response.content.decode().count('data-hold="show_if-0.0-operator"') == 1


def test_other_fields_of_the_same_question_are_nobodys_conflict():
    definition, sam, ada = drafted(), cast.visitor("sam"), cast.visitor("ada")
    url = at("condition", definition, *HERE)
    mine = filled(sam.get(url))
    built_condition(ada, definition, {"question": "1", "value": "yes"}, here=("question", "tested", "require_if"))
    response = send(sam, url, mine, do="add:0")
    response = send(sam, url, filled(response), **{"show_if-0.0-question": "1"})
    assert send(sam, url, filled(response), **{"show_if-0.0-value": "no"}).status_code == 200
    question = document_now(definition).question("tested")
    assert (question.show_if.value, question.require_if.value) == ("no", "yes")


@pytest.mark.parametrize(
    "here",
    [
        ("question", "gone", "show_if"),
        ("section", "people", "require_if"),
        ("score", "overall", "show_if"),
        ("question", "tested", "text"),
    ],
)
def test_what_is_not_there_is_not_found(here):
    assert cast.visitor("sam").get(at("condition", drafted(), *here)).status_code == 404


def test_many_questions_are_listed_once_however_many_rules_there_are():
    asked = [{"key": f"q{number}", "type": "yes_no", "text": f"Question {number}?"} for number in range(200)]
    asked[199]["show_if"] = {"any": [compare(f"q{number}", "equals", "yes") for number in range(30)]}
    definition = drafted(sections=[{"key": "s", "name": "S", "questions": asked}], scoring=None)
    html = cast.visitor("sam").get(at("condition", definition, "question", "q199", "show_if")).content.decode()
    assert html.count("<datalist") == 1
    assert html.count("150 · Question 149?") == 1
    assert html.count('list="list-questions"') == 30


def test_the_number_of_queries_is_the_same_for_few_and_many_questions():
    visitor, counts = cast.visitor("sam"), set()
    visitor.get("/staff/")
    for number in (1, 3, 40):
        asked = [{"key": f"q{at}", "type": "yes_no", "text": f"Question {at}?"} for at in range(number)]
        definition = drafted(
            key=f"many-{number}", sections=[{"key": "s", "name": "S", "questions": asked}], scoring=None
        )
        with CaptureQueriesContext(connection) as queries:
            visitor.get(at("condition", definition, "question", "q0", "show_if"))
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_hostile_words_are_shown_as_words():
    data = small()
    hostile = "<script>alert(1)</script>\"'{{ x }}%(y)s"
    data["sections"][0]["questions"][0]["text"] = hostile
    definition, visitor = drafted(sections=data["sections"]), cast.visitor("sam")
    html = built_condition(visitor, definition, {"question": "1", "value": "yes"}).content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html


# Recommendations


def test_recommendations_are_bands_that_may_not_overlap():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("recommendations", definition, "question", "tested")
    response = send(visitor, url, filled(visitor.get(url)), do="add")
    assert "Not saved yet" in response.content.decode()
    response = send(
        visitor, url, filled(response), **{"band-0-text": "Test it", "band-0-severity": "high", "band-0-title": "Test"}
    )
    saved = document_now(definition).question("tested").recommendations
    assert [(one.start, one.end, one.severity, one.title, one.text) for one in saved] == [(0, 50, "high", "Test", "Test it")]  # fmt: skip
    response = send(visitor, url, filled(response), do="add")
    form = filled(response)
    assert (form["band-1-from"], form["band-1-to"]) == ("50", "100")
    response = send(visitor, url, form, **{"band-1-from": "40", "band-1-text": "Go on"})
    assert response.status_code == 422
    assert "Another band holds up to 50 %." in response.content.decode()
    response = send(visitor, url, filled(response), **{"band-1-from": "101"})
    assert "Enter a percentage from 0 to 100." in response.content.decode()
    send(visitor, url, filled(response), **{"band-1-from": "50"})
    assert len(document_now(definition).question("tested").recommendations) == 2
    send(visitor, url, filled(visitor.get(url)), do="remove:0")
    assert len(document_now(definition).question("tested").recommendations) == 1


def test_scores_have_recommendations_and_questions_without_a_score_say_why_not():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("recommendations", definition, "score", "overall")
    response = send(visitor, url, filled(visitor.get(url)), do="add")
    send(visitor, url, filled(response), **{"band-0-text": "Begin with backups"})
    assert document_now(definition).score("overall").recommendations[0].text == "Begin with backups"
    html = visitor.get(at("recommendations", definition, "question", "notes")).content.decode()
    assert "this question has none" in html
    assert visitor.get(at("recommendations", definition, "section", "people")).status_code == 404


def test_a_score_and_its_recommendations_are_saved_beside_each_other():
    definition, visitor = drafted(), cast.visitor("sam")
    page = visitor.get(at("score", definition, "people"))
    score = filled(page, 'id="score"')
    url = at("recommendations", definition, "score", "people")
    response = send(visitor, url, filled(page, 'id="recommendations"'), do="add")
    send(visitor, url, filled(response), **{"band-0-text": "Train them"})
    assert send(visitor, at("score", definition, "people"), score, name="Colleagues").status_code == 200
    saved = document_now(definition).score("people")
    assert (saved.name, saved.recommendations[0].text) == ("Colleagues", "Train them")
