"""The scale, scores and weights in the editor: forms as typed, and the pages that save them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.authoring import score_tree
from library.authoring.scoring_words import option_fields, rule_explained, rule_names, rule_title
from library.document import DefinitionDocument
from library.scoring.rules import RULES
from library.staff.editor.score_forms import TypedScore, built
from tests import cast
from tests.library.editing import HTMX, at, changes_of, document_now, drafted, filled, send, small

pytestmark = pytest.mark.django_db


# Words

KINDS = ("check", "number", "percent", "text", "numbers", "grid", "table")


def test_every_rule_has_a_title_an_explanation_and_named_options():
    assert set(rule_names()) == set(RULES)
    assert rule_names()[0] == "weighted_mean"
    for name in rule_names():
        assert rule_title(name) and rule_explained(name), name
        for field in option_fields(RULES[name]):
            assert field.label and field.kind in KINDS, (name, field)
            assert (field.kind == "table") == bool(field.columns)


def test_a_rule_of_ones_own_gets_its_fields_from_its_model():
    fields = {field.name: field for name in ("levels", "bands") for field in option_fields(RULES[name])}
    assert fields["reach"].kind == "percent"
    assert fields["gated"].kind == "check"
    assert [column.name for column in fields["bands"].columns] == ["from", "value", "label"]


# The tree


def test_the_tree_shows_what_goes_into_the_result_and_with_which_share():
    document = DefinitionDocument.model_validate(small())
    lines = [(line.score.key, line.depth, line.share, line.questions) for line in score_tree.tree(document)]
    assert lines == [("overall", 0, None, 0), ("backups", 1, 0.5, 2), ("people", 1, 0.5, 1)]
    assert score_tree.beside(document) == []


def test_a_tree_with_a_circle_or_a_missing_score_is_still_shown():
    data = small()
    data["scoring"]["scores"][1]["inputs"] = [{"scores": ["people", "gone"]}]
    data["scoring"]["scores"][2]["inputs"] = [{"scores": ["backups"]}]
    document = DefinitionDocument.model_validate(data)
    assert score_tree.tree(document)
    assert score_tree.beside(document)


def test_weights_have_their_share_of_the_section_and_of_all():
    first, second = score_tree.weights(DefinitionDocument.model_validate(small()))
    assert [(line.question.key, line.share, line.share_of_all, line.counts) for line in first.questions] == [
        ("copies", 2 / 3, 0.5, True),
        ("tested", 1 / 3, 0.25, True),
    ]
    assert (first.total, first.share) == (3, 0.75)
    assert [line.counts for line in second.questions] == [True, False]


# The scale


def test_the_scale_saves_as_it_is_shown_without_a_change():
    definition, visitor = drafted(), cast.visitor("sam")
    before = document_now(definition)
    form = filled(visitor.get(at("scoring", definition)))
    assert send(visitor, at("scoring", definition), form).status_code == 200
    assert document_now(definition) == before
    assert changes_of(definition) == 0


def test_zones_follow_the_scale_and_never_leave_a_gap():
    definition, visitor = drafted(), cast.visitor("sam")
    form = filled(visitor.get(at("scoring", definition)))
    response = send(visitor, at("scoring", definition), form, max="200", do="zone-add")
    # The new zone has no name yet: nothing is saved, nothing is lost.
    assert response.status_code == 200
    assert "Not saved yet" in response.content.decode()
    form = filled(response)
    assert form["zone-2-from"] == "125"
    form["zone-2-label"], form["zone-1-from"] = "Stronger", "80"
    response = send(visitor, at("scoring", definition), form)
    assert "without a gap" in response.content.decode()
    zones = document_now(definition).scoring.zones
    assert [(zone.label, zone.start, zone.end) for zone in zones] == [
        ("Weak", 0, 80), ("Strong", 80, 125), ("Stronger", 125, 200),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("zone-1-from", "120", "Enter a number above 0 and below 100."),
        ("zone-1-from", "many", "Enter a number such as 4 or 1.5."),
        ("max", "0", "Enter a number above 0."),
        ("decimals", "1.5", "Enter a whole number from 0 to 6."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(field, typed, said):
    definition, visitor = drafted(), cast.visitor("sam")
    form = filled(visitor.get(at("scoring", definition)))
    form[field] = typed
    response = send(visitor, at("scoring", definition), form)
    html = response.content.decode()
    assert response.status_code == 422
    assert f'id="f-{field}-error"' in html and said in html
    assert f'value="{typed}"' in html
    assert changes_of(definition) == 0


def test_the_result_can_be_another_score_and_sections_show_theirs():
    definition, visitor = drafted(), cast.visitor("sam")
    form = filled(visitor.get(at("scoring", definition)))
    send(visitor, at("scoring", definition), form, overall="backups", **{"section-people": "people"})
    scoring = document_now(definition).scoring
    assert (scoring.overall, dict(scoring.sections)) == ("backups", {"backups": "backups", "people": "people"})


def test_two_editors_of_the_scale_meet_in_words():
    definition, sam, ada = drafted(), cast.visitor("sam"), cast.visitor("ada")
    mine, theirs = filled(sam.get(at("scoring", definition))), filled(ada.get(at("scoring", definition)))
    send(ada, at("scoring", definition), theirs, **{"zone-0-label": "Poor"})
    response = send(sam, at("scoring", definition), mine, **{"zone-0-label": "Bad"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Ada Whitfield changed this meanwhile" in html and "Poor, Strong" in html and 'value="Bad"' in html
    assert document_now(definition).scoring.zones[0].label == "Poor"
    response = send(sam, at("scoring", definition), filled(response), **{"zone-1-label": "Good"})
    assert response.status_code == 409
    assert [zone.label for zone in document_now(definition).scoring.zones] == ["Poor", "Strong"]
    theirs = send(sam, at("scoring", definition), filled(response), do="theirs")
    assert (theirs.status_code, 'value="Poor"' in theirs.content.decode()) == (200, True)
    assert send(sam, at("scoring", definition), filled(response), do="mine").status_code == 200
    assert [zone.label for zone in document_now(definition).scoring.zones] == ["Bad", "Good"]


def test_two_editors_of_one_score_choose_whose_holds():
    definition, sam, ada = drafted(), cast.visitor("sam"), cast.visitor("ada")
    url = at("score", definition, "people")
    mine, theirs = filled(sam.get(url)), filled(ada.get(url))
    send(ada, url, theirs, name="Of Ada")
    response = send(sam, url, mine, name="Of Sam")
    html = response.content.decode()
    assert response.status_code == 409
    assert "Ada Whitfield changed this meanwhile" in html and "“Of Ada”" in html and 'value="Of Sam"' in html
    response = send(sam, url, filled(response), name="Of Sam, longer")
    assert response.status_code == 409
    assert document_now(definition).score("people").name == "Of Ada"
    taken = send(sam, url, filled(response), do="theirs")
    assert (taken.status_code, filled(taken)["name"]) == (200, "Of Ada")
    assert document_now(definition).score("people").name == "Of Ada"
    assert send(sam, url, filled(response), do="mine").status_code == 200
    assert document_now(definition).score("people").name == "Of Sam, longer"


def test_two_editors_of_recommendations_choose_whose_hold():
    definition, sam, ada = drafted(), cast.visitor("sam"), cast.visitor("ada")
    url = at("recommendations", definition, "score", "people")
    mine = filled(send(sam, url, filled(sam.get(url)), do="add"))
    theirs = filled(send(ada, url, filled(ada.get(url)), do="add"))
    send(ada, url, theirs, **{"band-0-title": "Ada", "band-0-text": "Train people."})
    response = send(sam, url, mine, **{"band-0-title": "Sam", "band-0-text": "Train them."})
    assert (response.status_code, "0 to 50 %: Ada" in response.content.decode()) == (409, True)
    response = send(sam, url, filled(response), **{"band-0-text": "Train them soon."})
    assert response.status_code == 409
    assert document_now(definition).score("people").recommendations[0].title == "Ada"
    taken = send(sam, url, filled(response), do="theirs")
    assert (taken.status_code, filled(taken)["band-0-title"]) == (200, "Ada")
    assert send(sam, url, filled(response), do="mine").status_code == 200
    assert document_now(definition).score("people").recommendations[0].text == "Train them soon."


def test_a_definition_without_scoring_gets_the_usual_one():
    data = small()
    del data["scoring"]
    definition, visitor = drafted(scoring=None), cast.visitor("sam")
    assert "without a score" in visitor.get(at("scoring", definition)).content.decode()
    visitor.post(at("scoring_beginning", definition))
    scoring = document_now(definition).scoring
    assert {score.key for score in scoring.scores} >= {"backups", "people", scoring.overall}
    assert visitor.get(at("scoring", definition)).status_code == 200


# One score


@pytest.mark.parametrize("key", ["overall", "backups", "people"])
def test_a_score_saves_as_it_is_shown_without_a_change(key):
    definition, visitor = drafted(), cast.visitor("sam")
    before = document_now(definition)
    form = filled(visitor.get(at("score", definition, key)))
    assert send(visitor, at("score", definition, key), form).status_code == 200
    assert document_now(definition) == before
    assert changes_of(definition) == 0


RICH = {
    "key": "people", "name": "People", "rule": "levels", "options": {"reach": 0.8, "gated": False, "partial": True},
    "inputs": [
        {"questions": ["trained"], "weight": 3}, {"sections": ["backups"], "tags": {"impact": "high"}}, {"scores": ["backups"]},
    ],
    "inputs_as": "percent", "weight": 0, "treatment": {"dont_know": "lowest"}, "needs_every_answer": True,
    "gates": [
        {"when": {"question": "copies", "operator": "equals", "value": "yes"}, "at_most": 1, "reason": "No copies"},
        {"when": {"not": {"question": "tested", "operator": "less", "value": 2}}, "otherwise": 0},
    ],
    "cases": [{"when": {"question": "notes", "operator": "answered"}, "value": 2, "label": "Noted"}],
    "rounding": {"mode": "down", "decimals": 1}, "clamp": {"min": 0, "max": 3}, "scale": {"min": 0, "max": 3, "unit": "levels"},
}  # fmt: skip


def test_everything_a_score_can_have_stands_in_its_form():
    data = small()
    data["scoring"]["scores"][2] = RICH
    definition, visitor = drafted(scoring=data["scoring"]), cast.visitor("sam")
    before = document_now(definition)
    form = filled(visitor.get(at("score", definition, "people")))
    response = send(visitor, at("score", definition, "people"), form)
    assert response.status_code == 200, response.content.decode()
    assert document_now(definition) == before


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_can_be_chosen_and_filled_in(rule):
    options = {
        "subtractive": {"from": 10},
        "constant": {"value": 5},
        "bands": {"bands": [{"value": 0}, {"from": 5, "value": 1.5, "label": "Good"}]},
        "limited_mean": {"above_lowest": 10},
        "lowest_mean": {"count": 2},
        "risk_matrix": {"rows": [0, 2], "columns": [0, 1, 2], "values": [[1, 2, 3], [4, 5, 6]]},
    }.get(rule, {})
    data = small()
    data["scoring"]["scores"][1] |= {"rule": rule, "options": options, "inputs_as": "value"}
    document = DefinitionDocument.model_validate(data)
    score = document.score("backups")
    made = built(document, "backups", TypedScore.of_score(score), {})
    assert made.data is not None, (made.errors, made.missing)
    assert type(score).model_validate(made.data) == score


def test_a_risk_matrix_is_a_grid_that_grows_and_shrinks():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("score", definition, "backups")
    response = send(visitor, url, filled(visitor.get(url)), rule="risk_matrix")
    form = filled(response)
    assert (form.getlist("option-rows"), form.getlist("option-values-1")) == (["", ""], ["", ""])
    response = send(visitor, url, form, do="row:add:columns")
    grid = {"option-rows": ["0", "2"], "option-columns": ["0", "1", "2"]}
    cells = {"option-values-0": ["1", "2", "3"], "option-values-1": ["4", "x", "6"]}
    response = send(visitor, url, filled(response), **grid, **cells)
    assert response.status_code == 422
    assert 'id="f-option-values-1-1-error"' in response.content.decode()
    response = send(visitor, url, filled(response), **{"option-values-1": ["4", "5", "6"]})
    assert document_now(definition).score("backups").options == {
        "rows": [0, 2], "columns": [0, 1, 2], "values": [[1, 2, 3], [4, 5, 6]],
    }  # fmt: skip
    send(visitor, url, filled(response), do="row:remove:columns:1")
    assert document_now(definition).score("backups").options["values"] == [[1, 3], [4, 6]]


def test_choosing_another_rule_begins_with_its_usual_options():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("score", definition, "backups")
    form = filled(visitor.get(url))
    response = send(visitor, url, form, rule="levels")
    assert document_now(definition).score("backups").rule == "levels"
    form = filled(response)
    assert (form["option-reach"], form["option-gated"], form["options-of"]) == ("100", "on", "levels")
    response = send(visitor, url, form, **{"option-reach": "75"})
    assert document_now(definition).score("backups").options == {"reach": 0.75}
    response = send(visitor, url, filled(response), rule="subtractive")
    assert "Not saved yet" in response.content.decode()
    assert document_now(definition).score("backups").rule == "levels"
    send(visitor, url, filled(response), **{"option-from": "110"})
    assert document_now(definition).score("backups").options == {"from": 110}


def test_bands_are_rows_that_come_and_go():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("score", definition, "backups")
    response = send(visitor, url, filled(visitor.get(url)), rule="bands")
    response = send(visitor, url, filled(response), do="row:add:bands")
    response = send(visitor, url, filled(response), do="row:add:bands", **{"option-bands-0-value": "0"})
    form = filled(response)
    response = send(visitor, url, form, **{"option-bands-1-from": "5", "option-bands-1-value": "x"})
    assert response.status_code == 422
    send(visitor, url, filled(response), **{"option-bands-1-value": "10", "option-bands-1-label": "Good"})
    assert document_now(definition).score("backups").options == {
        "bands": [{"value": 0}, {"from": 5, "value": 10, "label": "Good"}]
    }
    response = send(visitor, url, filled(visitor.get(url)), **{"option-bands-0-from": "7"})
    assert response.status_code == 422
    assert "rising order" in response.content.decode()


def test_inputs_are_picked_by_words_and_taken_out_again():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("score", definition, "people")
    response = send(visitor, url, filled(visitor.get(url)), **{"pick-0-questions-add": "how often"})
    assert document_now(definition).score("people").inputs[0].questions == ("trained", "tested")
    response = send(visitor, url, filled(response), **{"pick-0-questions-add": "anything"})
    assert response.status_code == 422
    assert "has no score of its own" in response.content.decode()
    form = filled(response)
    form["pick-0-questions-add"] = ""
    response = send(visitor, url, form, do="pick:drop:0:questions:trained")
    assert document_now(definition).score("people").inputs[0].questions == ("tested",)
    response = send(visitor, url, filled(response), do="pick:add:areas")
    assert "Add at least one section or tag" in response.content.decode()
    response = send(
        visitor, url, filled(response), **{"pick-1-sections-add": "Backups", "pick-1-tags-add": "impact: high"}
    )
    picked = document_now(definition).score("people").inputs[1]
    assert (picked.sections, picked.tags) == (("backups",), {"impact": "high"})
    assert "1 questions that can be scored" in response.content.decode()
    send(visitor, url, filled(response), do="pick:remove:0")
    assert len(document_now(definition).score("people").inputs) == 1


def test_scores_that_go_in_a_circle_are_refused_in_words():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("score", definition, "backups")
    response = send(visitor, url, filled(visitor.get(url)), do="pick:add:scores")
    response = send(visitor, url, filled(response), **{"pick-1-scores-add": "Result"})
    assert response.status_code == 422
    assert "circle" in response.content.decode()
    assert changes_of(definition) == 0


def test_a_gate_is_built_from_rules_and_read_as_a_sentence():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("score", definition, "overall")
    response = send(visitor, url, filled(visitor.get(url)), do="gate:add")
    assert "Choose a question." in response.content.decode()
    response = send(visitor, url, filled(response), **{"gate-0-0.0-question": "1"})
    response = send(
        visitor, url, filled(response), **{"gate-0-0.0-value": "yes", "gate-0-then": "at_most", "gate-0-value": ""}
    )
    assert "Enter a number." in response.content.decode()
    response = send(visitor, url, filled(response), **{"gate-0-value": "39", "gate-0-words": "No copies"})
    assert "When question 1 is not “Yes”, the score is held at 39." in response.content.decode()
    gate = document_now(definition).score("overall").gates[0]
    assert (gate.when.question, gate.at_most, gate.reason) == ("copies", 39, "No copies")
    response = send(visitor, url, filled(response), do="gate:0:nest:0")
    assert "gate-0-0.1.0-question" in response.content.decode()
    send(visitor, url, filled(visitor.get(url)), do="gate:remove:0")
    assert document_now(definition).score("overall").gates == ()


def test_cases_keep_their_order_and_move():
    data = small()
    when = {"question": "copies", "operator": "answered"}
    data["scoring"]["scores"][2]["cases"] = [{"when": when, "value": 1, "label": "A"}, {"when": when, "label": "B"}]
    definition, visitor = drafted(scoring=data["scoring"]), cast.visitor("sam")
    url = at("score", definition, "people")
    send(visitor, url, filled(visitor.get(url)), do="case:down:0")
    assert [(case.label, case.value) for case in document_now(definition).score("people").cases] == [("B", None), ("A", 1)]  # fmt: skip


def test_a_score_is_added_copied_and_deleted():
    definition, visitor = drafted(), cast.visitor("sam")
    response = visitor.post(at("scores", definition), {"name": "Extra"})
    assert response.headers["Location"] == at("score", definition, "extra")
    page = visitor.get(at("score", definition, "extra")).content.decode()
    assert "Choose what goes into this score" in page or "names nothing" in page.lower()
    response = visitor.post(at("score_copy", definition, "backups"))
    assert document_now(definition).score("backups-2") is not None
    visitor.post(at("score_removal", definition, "people"))
    document = document_now(definition)
    assert document.score("people") is None
    assert document.score("overall").inputs[0].scores == ("backups",)
    assert visitor.post(at("score_removal", definition, "overall")).status_code == 409
    assert visitor.get(at("score", definition, "people")).status_code == 404


def test_without_javascript_a_score_is_saved_by_its_button():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("score", definition, "people")
    form = filled(visitor.get(url))
    response = send(visitor, url, form, htmx=False, name="Colleagues", do="save")
    assert (response.status_code, response.headers["Location"]) == (303, url)
    assert document_now(definition).score("people").name == "Colleagues"
    response = send(visitor, url, form, htmx=False, name=" ", do="save")
    assert response.status_code == 422
    assert "<title>Error:" in response.content.decode() and "Enter a name." in response.content.decode()


def test_a_fragment_is_the_part_of_the_page():
    definition, visitor = drafted(), cast.visitor("sam")
    for name, args in (("scoring", ()), ("score", ("people",)), ("weights", ())):
        url = at(name, definition, *args)
        part = visitor.get(url, headers=HTMX).content.decode()
        assert _without_tokens(part) in _without_tokens(visitor.get(url).content.decode()), name


def _without_tokens(html: str) -> str:
    import re

    return " ".join(re.sub(r"name=\"csrfmiddlewaretoken\" value=\"[^\"]*\"", "", html).split())


# Weights


def test_weights_are_saved_where_they_were_changed():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("weights", definition)
    form = filled(visitor.get(url))
    assert form["seen"] == "copies=2 tested=1"
    response = send(visitor, url, form, **{"weight-tested": "1.5"})
    document = document_now(definition)
    assert (document.question("copies").weight, document.question("tested").weight) == (2, 1.5)
    assert "The weights add up to 4.5" in response.content.decode()
    assert changes_of(definition) == 1


def test_weights_of_others_are_not_put_back():
    definition, sam, ada = drafted(), cast.visitor("sam"), cast.visitor("ada")
    url = at("weights", definition)
    mine, theirs = filled(sam.get(url)), filled(ada.get(url))
    send(ada, url, theirs, **{"weight-copies": "5"})
    assert send(sam, url, mine, **{"weight-tested": "3"}).status_code == 200
    document = document_now(definition)
    assert (document.question("copies").weight, document.question("tested").weight) == (5, 3)
    response = send(sam, url, mine, **{"weight-copies": "7"})
    assert response.status_code == 409
    assert "Somebody else made this 5 meanwhile" in response.content.decode()
    send(sam, url, filled(response))
    assert document_now(definition).question("copies").weight == 7


def test_a_weight_that_is_none_is_said_at_its_question():
    definition, visitor = drafted(), cast.visitor("sam")
    url = at("weights", definition)
    response = send(visitor, url, filled(visitor.get(url)), **{"weight-copies": "-1"})
    assert response.status_code == 422
    assert "Enter a weight from 0 to 1,000,000." in response.content.decode()


# Many


def many(questions: int) -> dict:
    asked = [{"key": f"q{number}", "type": "yes_no", "text": f"Question {number}?"} for number in range(questions)]
    scores = [
        {"key": f"s{number}", "name": f"Score {number}", "rule": "mean", "inputs": [{"questions": [f"q{number}"]}]}
        for number in range(questions)
    ]
    overall = {"key": "overall", "name": "Result", "rule": "mean", "inputs": [{"scores": [one["key"] for one in scores]}]}  # fmt: skip
    return {
        "sections": [{"key": "s", "name": "S", "questions": asked}],
        "scoring": {"scale": {"min": 0, "max": 1}, "overall": "overall", "scores": [overall, *scores]},
    }


@pytest.mark.parametrize(("name", "args"), [("scoring", ()), ("score", ("overall",)), ("weights", ())])
def test_the_number_of_queries_is_the_same_for_few_and_many(name, args):
    visitor, counts = cast.visitor("sam"), set()
    visitor.get("/staff/")
    for number in (1, 3, 40):
        definition = drafted(key=f"many-{number}", **many(number))
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(at(name, definition, *args)).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1, counts
