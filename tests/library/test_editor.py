"""The editor's pages: each part saved as it is typed, nothing lost, the outline changed, everything without JavaScript too."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.actions import definitions
from library.document import parse
from library.models import Definition, DefinitionVersion, DraftChange
from library.staff.editor.frame import address_of
from tests import cast
from tests.library.editing import HTMX, at, changes_of, document_now, drafted, filled, send, small

pytestmark = pytest.mark.django_db

QUESTION = 'id="fields"'


def part(definition: Definition, name: str) -> str:
    return f"{at('editor', definition)}?part={name}"


def opened(definition: Definition, name: str, who: str = "sam"):
    visitor = cast.visitor(who)
    response = visitor.get(part(definition, name))
    assert response.status_code == 200
    return visitor, filled(response, QUESTION), response


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def piece(html: str, start: str) -> str:
    """This will cut one element out of HTML, by the beginning of its tag."""
    begin = html.index(start)
    name = re.match(r"<(\w+)", html[begin:])[1]  # type: ignore[index]
    depth, place = 0, begin
    for tag in re.finditer(rf"<(/?){name}\b[^>]*>", html[begin:]):
        depth += -1 if tag[1] else 1
        place = begin + tag.end()
        if depth == 0:
            break
    return html[begin:place]


def plain(html: str) -> str:
    """This will leave out what differs from answer to answer: tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)


# A definition from nothing


def test_a_new_definition_begins_with_a_question_in_the_editor():
    visitor = cast.visitor("sam")
    response = visitor.post("/staff/library/new/", {"name": "Brand new", "group": "Continuity"})
    assert response.status_code == 303
    with cast.inside():
        definition = Definition.objects.get(name="Brand new")
    assert response["Location"] == at("editor", definition)
    page = visitor.get(response["Location"])
    assert "Draft v1" in words(page)
    assert document_now(definition).group == "Continuity"


def test_a_new_definition_needs_a_name_and_keeps_what_was_typed():
    response = cast.visitor("sam").post("/staff/library/new/", {"name": " ", "group": "Kept"}, headers=HTMX)
    assert response.status_code == 422
    assert "Enter a name." in words(response)
    assert 'value="Kept"' in response.content.decode()
    response = cast.visitor("sam").post("/staff/library/new/", {"name": "Fine", "group": "contr\x07ol"})
    assert response.status_code == 422


def test_a_new_version_starts_from_what_is_published_and_opens_what_is_there():
    definition = drafted()
    visitor = cast.visitor("ada")
    assert visitor.post(at("draft_start", definition)).status_code == 303
    with cast.inside():
        definitions.publish(by=cast.viewer("ada"), definition=definition)
    for _again in range(2):
        assert visitor.post(at("draft_start", definition))["Location"] == at("editor", definition)
    with cast.inside():
        assert DefinitionVersion.objects.filter(definition=definition, state="draft").get().number == 2


# Pages and pieces


def test_a_step_to_a_part_brings_the_same_pieces_as_the_whole_page():
    definition = drafted()
    visitor = cast.visitor("sam")
    for name in ("question:copies", "section:people", "settings"):
        whole = plain(visitor.get(part(definition, name)).content.decode())
        pieces = plain(visitor.get(part(definition, name), headers=HTMX).content.decode())
        for start in ('<div id="part"', '<aside class="ed-side"', '<div class="ed-state"'):
            assert piece(pieces, start) == piece(whole, start)
        assert "<html" not in pieces and "<html" in whole


def test_a_save_brings_the_same_form_preview_and_row_as_a_fresh_page():
    definition = drafted()
    visitor, fields, _page = opened(definition, "question:copies")
    answer = plain(send(visitor, part(definition, "question:copies"), fields, text="Are copies kept?").content.decode())
    fresh = plain(visitor.get(part(definition, "question:copies")).content.decode())
    for start in ('<form class="part-form', '<aside class="ed-side"', '<li class="o-row o-question d1 is-current"'):
        assert piece(answer, start) == piece(fresh, start)


def test_the_outline_numbers_marks_and_links_every_row():
    definition = drafted()
    html = cast.visitor("sam").get(part(definition, "question:trained")).content.decode()
    outline = piece(html, '<nav class="ed-outline"')
    assert len(re.findall('<li class="o-row', outline)) == 6
    assert 'aria-current="true"' in piece(outline, '<li class="o-row o-question d1 is-current"')
    assert f'href="{part(definition, "question:notes")}"' in outline


@pytest.mark.parametrize("name", ["question:nowhere", "section:nowhere", "scoring", "nonsense", "question:"])
def test_what_is_no_part_of_the_editor_is_not_there(name):
    assert cast.visitor("sam").get(part(drafted(), name)).status_code == 404


def test_who_may_not_edit_is_refused():
    definition = drafted()
    assert cast.visitor("dana").get(at("editor", definition)).status_code == 403
    assert cast.visitor("priya").get(at("editor", definition)).status_code == 404
    assert cast.visitor("ada", at="sunny").get(at("editor", definition)).status_code == 404


@pytest.mark.parametrize("how", ["page", "step", "save"])
def test_the_count_of_queries_is_the_same_for_1_3_and_40_questions(how):
    counts = []
    for number in (1, 3, 40):
        questions = [{"key": f"q{n}", "type": "yes_no", "text": f"Is it so, number {n}?"} for n in range(number)]
        section = {"key": "backups", "name": "Backups", "questions": questions}
        definition = drafted(key=f"with-{number}", sections=[section], scoring=None)
        visitor, fields, _page = opened(definition, "question:q0")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            if how == "save":
                send(visitor, part(definition, "question:q0"), fields, text="Changed")
            else:
                visitor.get(part(definition, "question:q0"), headers=HTMX if how == "step" else {})
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= {"page": 16, "step": 16, "save": 34}[how], counts


# Saving


def test_a_question_is_saved_as_it_is_typed():
    definition = drafted()
    visitor, fields, _page = opened(definition, "question:copies")
    response = send(visitor, part(definition, "question:copies"), fields, text="Are copies kept?", help="Think of **all**.", required="on", weight="3", allow_evidence="on", tags="impact: low\nkind: backup")  # fmt: skip
    assert response.status_code == 200
    question = document_now(definition).question("copies")
    assert (question.text, question.help, question.required, question.weight) == ("Are copies kept?", "Think of **all**.", True, 3)  # fmt: skip
    assert (question.allow_evidence, question.tags) == (True, {"impact": "low", "kind": "backup"})
    assert "Are copies kept?" in piece(response.content.decode(), '<li class="o-row')
    assert "<strong>all</strong>" in response.content.decode()
    assert changes_of(definition) == 1


def test_what_has_forms_of_its_own_stays_as_it_is():
    condition = {"question": "copies", "operator": "equals", "value": "yes"}
    data = small()
    data["sections"][1]["questions"][0] |= {
        "show_if": condition,
        "recommendations": [{"from": 0, "to": 50, "text": "Train."}],
    }
    with cast.inside():
        definition = definitions.import_draft(by=cast.system(), document=parse(data)).definition
    visitor, fields, _page = opened(definition, "question:trained")
    assert send(visitor, part(definition, "question:trained"), fields, text="Is everybody trained?").status_code == 200
    question = document_now(definition).question("trained")
    assert question.text == "Is everybody trained?" and question.show_if is not None and question.recommendations


def test_saving_the_same_again_is_no_change():
    definition = drafted()
    for name in ("question:copies", "question:tested", "question:notes", "section:people", "settings"):
        visitor, fields, _page = opened(definition, name)
        assert send(visitor, part(definition, name), fields).status_code == 200
    assert changes_of(definition) == 0


def test_a_mistake_stands_at_its_field_and_nothing_typed_is_lost():
    definition = drafted()
    visitor, fields, _page = opened(definition, "question:copies")
    response = send(
        visitor, part(definition, "question:copies"), fields, text="", help="Typed", weight="heavy", tags="no colon"
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "Enter the question." in html and "Enter a number such as 4 or 1.5." in html and "Write each tag" in html
    assert "Typed" in html and 'value="heavy"' in html and "no colon" in html
    assert changes_of(definition) == 0
    response = send(visitor, part(definition, "question:copies"), fields, htmx=False, text="", help="Typed")
    assert response.status_code == 422
    assert "<title>Error: " in response.content.decode() and "Typed" in response.content.decode()


def test_what_would_break_something_else_is_refused_with_its_place():
    data = small()
    data["sections"][0]["questions"].append({"key": "where", "type": "single_choice", "text": "Where?", "options": [{"key": "near", "text": "Near"}, {"key": "far", "text": "Far"}]})  # fmt: skip
    data["sections"][1]["questions"][1]["show_if"] = {"question": "where", "operator": "equals", "value": "far"}
    with cast.inside():
        definition = definitions.import_draft(by=cast.system(), document=parse(data)).definition
    visitor, fields, _page = opened(definition, "question:where")
    response = send(visitor, part(definition, "question:where"), fields, do="option-remove:far")
    assert response.status_code == 422
    assert "Anything to add?" in words(response)
    assert document_now(definition).question("where").choice("far") is not None


def test_without_javascript_saving_comes_back_to_the_part():
    definition = drafted()
    visitor, fields, _page = opened(definition, "question:copies")
    response = send(visitor, part(definition, "question:copies"), fields, htmx=False, text="Changed")
    assert (response.status_code, response["Location"]) == (303, part(definition, "question:copies"))
    assert document_now(definition).question("copies").text == "Changed"


def test_a_section_and_the_settings_are_saved():
    definition = drafted()
    visitor, fields, _page = opened(definition, "section:people")
    send(visitor, part(definition, "section:people"), fields, name="Everybody", description="*All* of them.")
    visitor, fields, _page = opened(definition, "settings")
    response = send(
        visitor, part(definition, "settings"), fields, name="Backup check", summary="Would it come back?", icon="restore", group="Continuity",
        tags="backup, recovery, backup", language="de", estimated_minutes="12", sample_report="https://example.org/report.pdf",
        attribution="The makers", licence="CC BY 4.0", instant_results="on",
    )  # fmt: skip
    assert response.status_code == 200
    document = document_now(definition)
    assert (document.section("people").name, document.section("people").description) == ("Everybody", "*All* of them.")
    assert (document.name, document.icon, document.group, document.tags) == ("Backup check", "restore", "Continuity", ("backup", "recovery"))  # fmt: skip
    assert (document.language, document.minutes, document.instant_results) == ("de", 12, True)
    assert (document.attribution.text, document.attribution.licence) == ("The makers", "CC BY 4.0")
    response = send(visitor, part(definition, "settings"), filled(response, QUESTION), sample_report="javascript:alert(1)", estimated_minutes="many")  # fmt: skip
    assert response.status_code == 422
    assert "javascript:alert(1)" in response.content.decode() and 'value="many"' in response.content.decode()


# Types and rows


TYPES = ["text", "long_text", "number", "single_choice", "multiple_choice", "yes_no", "scale", "date", "matrix", "file"]


@pytest.mark.parametrize("before", TYPES)
def test_a_question_of_any_type_is_added_drawn_and_becomes_any_other(before):
    definition = drafted()
    visitor = cast.visitor("sam")
    response = visitor.post(
        at("draft_addition", definition), {"kind": "question", "type": before, "after": "question:copies"}
    )
    name = response["Location"].partition("part=")[2]
    key = name.partition(":")[2]
    assert document_now(definition).section("backups").questions[1].key == key
    for after in TYPES:
        page = visitor.get(part(definition, name))
        assert page.status_code == 200
        saved = send(
            visitor, part(definition, name), filled(page, QUESTION), type=after, text=f"From {before} to {after}"
        )
        assert saved.status_code == 200, (after, words(saved))
        question = document_now(definition).question(key)
        assert (question.type, question.text) == (after, f"From {before} to {after}")


def test_a_change_of_type_keeps_what_carries_over():
    definition = drafted()
    visitor = cast.visitor("sam")
    response = visitor.post(
        at("draft_addition", definition), {"kind": "question", "type": "single_choice", "after": ""}
    )
    name = response["Location"].partition("part=")[2]
    fields = filled(visitor.get(part(definition, name)), QUESTION)
    send(
        visitor,
        part(definition, name),
        fields,
        type="multiple_choice",
        help="Kept",
        **{"option-option-1-text": "Kept too"},
    )
    question = document_now(definition).question(name.partition(":")[2])
    assert (question.type, question.help, question.options[0].text) == ("multiple_choice", "Kept", "Kept too")


def choice(definition: Definition) -> str:
    visitor = cast.visitor("sam")
    response = visitor.post(
        at("draft_addition", definition), {"kind": "question", "type": "single_choice", "after": ""}
    )
    return response["Location"].partition("part=")[2]


def texts(definition: Definition, name: str) -> list[tuple]:
    return [(one.text, one.value) for one in document_now(definition).question(name.partition(":")[2]).options]


def test_options_are_added_moved_and_removed_as_rows():
    definition = drafted()
    name = choice(definition)
    visitor, fields, _page = opened(definition, name)
    url = part(definition, name)
    response = send(visitor, url, fields, do="option-add:option-1")
    assert [text for text, _value in texts(definition, name)] == ["First option", "Option 3", "Second option"]
    added = re.search(r'<input[^>]*id="(option-[^"]*-text)"[^>]*autofocus', response.content.decode())
    assert added
    response = send(visitor, url, filled(response, QUESTION), do="option-down:option-1")
    response = send(visitor, url, filled(response, QUESTION), do="option-remove:option-2")
    assert [text for text, _value in texts(definition, name)] == ["Option 3", "First option"]
    fields = filled(response, QUESTION)
    key = fields.getlist("option")[0]
    response = send(visitor, url, fields, **{f"option-{key}-text": "Always", f"option-{key}-value": "2,5", f"option-{key}-help": "Every day"})  # fmt: skip
    assert response.status_code in (200, 422)
    response = send(visitor, url, filled(response, QUESTION), **{f"option-{key}-value": "2.5"})
    option = document_now(definition).question(name.partition(":")[2]).options[0]
    assert (option.text, option.value, option.help) == ("Always", 2.5, "Every day")


def test_an_option_without_words_is_refused_and_stays_typed():
    definition = drafted()
    name = choice(definition)
    visitor, fields, _page = opened(definition, name)
    response = send(visitor, part(definition, name), fields, **{"option-option-1-text": " "})
    assert response.status_code == 422
    assert "Enter some words, or remove it." in words(response)


def test_a_pasted_list_becomes_options_beside_or_instead_of_the_others():
    definition = drafted()
    name = choice(definition)
    visitor, fields, _page = opened(definition, name)
    url = part(definition, name)
    response = send(visitor, url, fields, do="option-paste", **{"option-pasted": "Always = 3\nOften = 2\nFirst option"})
    assert texts(definition, name) == [("First option", 1), ("Second option", 0), ("Always", 3), ("Often", 2)]
    send(visitor, url, filled(response, QUESTION), do="option-paste", **{"option-pasted": "Yes; No; Perhaps", "option-paste-how": "replace"})  # fmt: skip
    assert texts(definition, name) == [("Yes", None), ("No", None), ("Perhaps", None)]


def test_two_hundred_options_are_saved_and_drawn():
    definition = drafted()
    name = choice(definition)
    visitor, fields, _page = opened(definition, name)
    pasted = "\n".join(f"Answer {number} = {number}" for number in range(300))
    response = send(visitor, part(definition, name), fields, do="option-paste", **{"option-pasted": pasted, "option-paste-how": "replace"})  # fmt: skip
    assert response.status_code == 200
    assert len(texts(definition, name)) == 200


def test_ready_made_answers_take_the_place_of_the_options_and_of_the_columns_of_a_matrix():
    definition = drafted()
    visitor = cast.visitor("sam")
    for kind in ("single_choice", "matrix"):
        response = visitor.post(at("draft_addition", definition), {"kind": "question", "type": kind, "after": ""})
        name = response["Location"].partition("part=")[2]
        fields = filled(visitor.get(part(definition, name)), QUESTION)
        assert send(visitor, part(definition, name), fields, do="preset:yes_partly_no").status_code == 200
        assert texts(definition, name) == [("Yes", 2), ("Partly", 1), ("No", 0)]


def test_the_rows_of_a_matrix_and_the_bands_of_a_number():
    definition = drafted()
    visitor = cast.visitor("sam")
    response = visitor.post(at("draft_addition", definition), {"kind": "question", "type": "matrix", "after": ""})
    name = response["Location"].partition("part=")[2]
    fields = filled(visitor.get(part(definition, name)), QUESTION)
    response = send(
        visitor,
        part(definition, name),
        fields,
        do="row-paste",
        **{"row-pasted": "Mail\nFiles", "row-paste-how": "replace"},
    )
    response = send(visitor, part(definition, name), filled(response, QUESTION), do="row-add")
    rows = document_now(definition).question(name.partition(":")[2]).rows
    assert [row.text for row in rows] == ["Mail", "Files", "Row 3"]

    response = visitor.post(at("draft_addition", definition), {"kind": "question", "type": "number", "after": ""})
    name = response["Location"].partition("part=")[2]
    url = part(definition, name)
    response = send(
        visitor, url, filled(visitor.get(url), QUESTION), do="band-add", minimum="0", maximum="100", unit="hours"
    )
    assert 'name="band" value="0"' in response.content.decode()
    response = send(visitor, url, filled(response, QUESTION), **{"band-0-from": "8"})
    assert (response.status_code, "Left out until it has a score." in words(response)) == (200, True)
    response = send(visitor, url, filled(response, QUESTION), **{"band-0-value": "40", "band-0-label": "Within a day"})
    response = send(visitor, url, filled(response, QUESTION), do="band-add")
    response = send(visitor, url, filled(response, QUESTION), **{"band-1-value": "100"})
    question = document_now(definition).question(name.partition(":")[2])
    assert [(band.start, band.value, band.label) for band in question.bands] == [
        (None, 100, ""),
        (8, 40, "Within a day"),
    ]
    assert (question.minimum, question.maximum, question.unit) == (0, 100, "hours")


def test_answers_are_shared_edited_in_one_place_and_given_back():
    definition = drafted()
    name = choice(definition)
    visitor = cast.visitor("sam")
    response = visitor.post(at("draft_sharing", definition), {"part": name})
    shared = response["Location"].partition("part=")[2]
    assert shared.startswith("answer_set:")
    page = visitor.get(part(definition, shared))
    assert "1 question uses them" in words(page)
    saved = send(visitor, part(definition, shared), filled(page, QUESTION), **{"option-option-1-text": "For everybody"})
    assert saved.status_code == 200
    assert document_now(definition).question(name.partition(":")[2]).choices[0].text == "For everybody"
    page = visitor.get(part(definition, name))
    assert "which 1 question uses" in words(page)
    assert send(visitor, part(definition, name), filled(page, QUESTION), do="own-options").status_code == 200
    assert texts(definition, name)[0] == ("For everybody", 1)


def test_a_weight_says_its_share_of_the_section():
    definition = drafted()
    visitor, fields, page = opened(definition, "question:copies")
    assert "This question is 66.7% of its section: 2 scored questions weigh 3 together." in words(page)
    assert "50%" in words(send(visitor, part(definition, "question:copies"), fields, weight="1"))
    assert "50%" in words(visitor.get(part(definition, "section:backups")))


# Two people


def test_a_change_of_somebody_else_is_shown_beside_ones_own_and_nothing_is_lost():
    definition = drafted()
    sam, fields, _page = opened(definition, "question:copies", "sam")
    ada, theirs, _page = opened(definition, "question:copies", "ada")
    send(ada, part(definition, "question:copies"), theirs, text="Ada's words")
    response = send(sam, part(definition, "question:copies"), fields, text="Sam's words", help="Sam's help")
    assert response.status_code == 409
    shown = words(response)
    assert "Ada Whitfield changed this meanwhile" in shown
    assert "Ada&#x27;s words" in response.content.decode() and "Sam&#x27;s words" in response.content.decode()
    assert document_now(definition).question("copies").text == "Ada's words"
    # Typing on does not save over it; saying so does.
    again = filled(response, QUESTION)
    response = send(sam, part(definition, "question:copies"), again, help="Sam's help, longer")
    assert response.status_code == 409
    response = send(sam, part(definition, "question:copies"), filled(response, QUESTION), do="mine")
    assert response.status_code == 200
    question = document_now(definition).question("copies")
    assert (question.text, question.help) == ("Sam's words", "Sam's help, longer")


def test_without_javascript_a_conflict_is_a_page_with_both():
    definition = drafted()
    sam, fields, _page = opened(definition, "section:people", "sam")
    ada, theirs, _page = opened(definition, "section:people", "ada")
    send(ada, part(definition, "section:people"), theirs, name="Adas")
    response = send(sam, part(definition, "section:people"), fields, htmx=False, name="Sams")
    assert response.status_code == 409
    assert "<html" in response.content.decode() and "Adas" in words(response) and "Sams" in response.content.decode()
    assert f'href="{part(definition, "section:people")}"' in response.content.decode()


def test_different_parts_of_one_draft_do_not_get_in_each_others_way():
    definition = drafted()
    sam, fields, _page = opened(definition, "question:copies", "sam")
    ada, theirs, _page = opened(definition, "question:tested", "ada")
    assert send(ada, part(definition, "question:tested"), theirs, text="Ada's").status_code == 200
    response = send(sam, part(definition, "question:copies"), fields, text="Sam's")
    assert response.status_code == 200
    assert "Ada Whitfield is editing too" in words(response)


def test_what_was_removed_meanwhile_is_said_and_what_was_typed_stays():
    definition = drafted()
    sam, fields, _page = opened(definition, "question:notes", "sam")
    cast.visitor("ada").post(at("draft_part_removal", definition), {"part": "question:notes"})
    response = send(sam, part(definition, "question:notes"), fields, text="Sam's words")
    assert response.status_code in (404, 409)


def test_a_draft_that_was_published_meanwhile_is_gone_and_the_page_says_so():
    definition = drafted()
    sam, fields, _page = opened(definition, "question:copies", "sam")
    with cast.inside():
        definitions.publish(by=cast.viewer("ada"), definition=definition)
    url = part(definition, "question:copies")
    page = send(sam, url, fields, htmx=False, text="Too late")
    assert (page.status_code, "There is no draft of this definition any more" in words(page)) == (409, True)
    notice = send(sam, url, fields, text="Too late")
    assert (notice.status_code, notice["HX-Retarget"]) == (409, "#editor-refusal")
    assert "<html" not in notice.content.decode()
    for name in ("scoring", "draft_state"):
        assert sam.get(at(name, definition)).status_code == 409
    for name in ("draft_addition", "draft_copy", "draft_place", "draft_part_removal"):
        assert sam.post(at(name, definition), {"part": "question:copies"}).status_code == 409


# The outline


def order(definition: Definition) -> list[str]:
    return [question.key for question in document_now(definition).questions()]


def test_questions_and_sections_are_moved_and_copied():
    definition = drafted()
    visitor = cast.visitor("sam")
    visitor.post(at("draft_place", definition), {"part": "question:copies", "direction": "down"})
    assert order(definition) == ["tested", "copies", "trained", "notes"]
    visitor.post(at("draft_place", definition), {"part": "section:people", "direction": "up"})
    assert order(definition) == ["trained", "notes", "tested", "copies"]
    visitor.post(at("draft_place", definition), {"part": "question:copies", "inside": "people"})
    assert order(definition) == ["trained", "notes", "copies", "tested"]
    visitor.post(at("draft_place", definition), {"part": "question:tested", "after": "question:trained"})
    assert order(definition) == ["trained", "tested", "notes", "copies"]
    visitor.post(at("draft_place", definition), {"part": "section:backups", "inside": "people"})
    assert document_now(definition).section("people").sections[0].key == "backups"
    response = visitor.post(at("draft_copy", definition), {"part": "question:trained"})
    assert order(definition) == ["trained", "trained-2", "tested", "notes", "copies"]
    assert response["Location"] == part(definition, "question:trained-2")


def test_what_leads_nowhere_changes_nothing():
    definition = drafted()
    visitor = cast.visitor("sam")
    assert (
        visitor.post(at("draft_place", definition), {"part": "question:copies", "direction": "up"}).status_code == 303
    )
    assert (
        visitor.post(at("draft_place", definition), {"part": "section:people", "inside": "people"}).status_code == 409
    )
    assert (
        visitor.post(at("draft_place", definition), {"part": "question:nowhere", "direction": "up"}).status_code == 409
    )
    assert visitor.post(at("draft_place", definition), {"part": "settings", "direction": "up"}).status_code == 404
    assert visitor.post(at("draft_addition", definition), {"type": "hologram"}).status_code == 404
    assert changes_of(definition) == 0


def test_what_is_removed_comes_back_with_all_that_hung_on_it():
    definition = drafted()
    visitor = cast.visitor("sam")
    before = document_now(definition)
    response = visitor.post(at("draft_part_removal", definition), {"part": "section:backups"}, headers=HTMX)
    assert response.status_code == 200
    assert order(definition) == ["trained", "notes"]
    assert "Section “Backups” removed" in response["HX-Trigger"].encode().decode("unicode_escape")
    with cast.inside():
        last = DraftChange.objects.filter(version__definition=definition).latest("revision")
    undo = at("draft_undo", definition, str(last.pk))
    assert undo in response["HX-Trigger"] and undo in response.content.decode()
    assert visitor.post(undo).status_code == 303
    assert document_now(definition) == before
    assert visitor.post(undo).status_code == 409


def test_undo_walks_back_through_ones_own_changes():
    definition = drafted()
    visitor = cast.visitor("sam")
    for text in ("First", "Second"):
        fields = filled(visitor.get(part(definition, "question:copies")), QUESTION)
        send(visitor, part(definition, "question:copies"), fields, text=text)
    for expected in ("First", "Are there copies?"):
        page = visitor.get(part(definition, "question:copies")).content.decode()
        address = re.search(r'action="([^"]*/undo/)"', page)
        assert address
        visitor.post(address[1])
        assert document_now(definition).question("copies").text == expected
    page = visitor.get(part(definition, "question:copies")).content.decode()
    assert "/undo/" not in page


def test_an_empty_definition_can_be_filled_again():
    definition = drafted()
    visitor = cast.visitor("sam")
    for key in ("backups", "people"):
        visitor.post(at("draft_part_removal", definition), {"part": f"section:{key}"})
    page = visitor.get(at("editor", definition))
    assert page.status_code == 200
    assert "No sections yet" in words(page)
    assert visitor.post(at("draft_addition", definition), {"type": "yes_no"}).status_code == 409
    visitor.post(at("draft_addition", definition), {"kind": "section"})
    visitor.post(at("draft_addition", definition), {"type": "yes_no"})
    assert document_now(definition).question_count == 1


# What is to be mended


def test_the_head_counts_what_keeps_the_draft_from_being_published_and_links_to_it():
    definition = drafted()
    visitor = cast.visitor("sam")
    visitor.post(at("draft_addition", definition), {"kind": "section"})
    page = visitor.get(part(definition, "question:copies"))
    assert "1 to mend" in words(page)
    with_problem = document_now(definition).sections[-1].key
    assert f'href="{part(definition, f"section:{with_problem}")}"' in piece(
        page.content.decode(), '<div class="ed-state"'
    )
    state = visitor.get(at("draft_state", definition), headers=HTMX)
    assert plain(piece(state.content.decode(), '<div class="ed-state"')).count("1</b> ") == 1


def test_a_name_of_two_thousand_characters_and_hostile_words_are_shown_as_words():
    definition = drafted()
    visitor, fields, _page = opened(definition, "question:copies")
    hostile = "<script>alert(1)</script> \"'{{ 7*7 }}" + "x" * 1_900
    response = send(
        visitor, part(definition, "question:copies"), fields, text=hostile, help="<img src=x onerror=alert(1)>"
    )
    html = response.content.decode() + visitor.get(part(definition, "question:copies")).content.decode()
    assert response.status_code == 200
    assert "<script>alert" not in html and "<img src=x" not in html and "{{ 7*7 }}" in html
    assert (
        send(visitor, part(definition, "question:copies"), filled(response, QUESTION), text="y" * 2_001).status_code
        == 422
    )


@pytest.mark.parametrize(
    "name", ["scoring", "score:overall", "sample:strong", "children", "reference_values", "settings", "section:people"]
)
def test_every_part_has_a_page_on_which_it_is_mended(name):
    definition = drafted(samples=[{"key": "strong", "name": "Strong", "answers": {}, "expected": {"overall": 0}}])
    assert cast.visitor("ada").get(address_of(definition.pk, name)).status_code == 200
