"""The test bench in the editor: samples, their answers, what they must give, and how each number comes about."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.actions import definitions
from library.document import parse
from library.models import DefinitionVersion
from tests import cast
from tests.library.editing import HTMX, at, changes_of, document_now, drafted, filled, send, small

pytestmark = pytest.mark.django_db

STRONG = {
    "key": "strong", "name": "Strong", "answers": {"copies": "yes", "tested": 4, "trained": "yes"},
    "expected": {"overall": 100},
}  # fmt: skip
WRONG = STRONG | {"key": "wrong", "name": "Wrong", "expected": {"overall": 40, "people": None}}


def words(response) -> str:
    import re

    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_list_says_of_each_sample_whether_it_passes():
    definition = drafted(samples=[STRONG, WRONG])
    page = words(cast.visitor("sam").get(at("samples", definition)))
    assert "1 sample does not pass: publishing is refused." in page
    assert "“Result” must be 40 but is 100." in page and "“People” must be no score but is 100." in page


def test_the_bench_asks_for_scoring_first():
    definition, visitor = drafted(scoring=None), cast.visitor("sam")
    assert "Nothing is scored yet" in words(visitor.get(at("samples", definition)))
    assert visitor.post(at("samples", definition), {"name": "X"}).status_code == 404
    assert "No samples yet" in words(visitor.get(at("samples", drafted(key="other"))))


def test_a_sample_is_made_answered_and_filled_in():
    definition, visitor = drafted(), cast.visitor("sam")
    response = visitor.post(at("samples", definition), {"name": "Weak company"})
    url = at("sample", definition, "weak-company")
    assert response.headers["Location"] == url
    answer = at("sample_answer", definition, "weak-company", "copies")
    response = visitor.post(answer, {"copies-answer": "no"}, headers=HTMX)
    assert response.status_code == 200
    assert 'id="answers"' in response.content.decode() and 'id="sample-result"' in response.content.decode()
    visitor.post(at("sample_answer", definition, "weak-company", "tested"), {"tested-answer": ":dont_know"}, headers=HTMX)  # fmt: skip
    visitor.post(at("sample_answer", definition, "weak-company", "notes"), {"notes-answer": "Words"}, headers=HTMX)
    sample = document_now(definition).samples[0]
    assert sample.answers == {"copies": "no", "notes": "Words", "tested": {"state": "dont_know"}}
    visitor.post(at("sample_filling", definition, "weak-company"))
    assert document_now(definition).samples[0].expected == {"overall": 0}
    assert "Passes" in words(visitor.get(url))
    visitor.post(answer, {"do": "clear"}, headers=HTMX)
    assert "copies" not in document_now(definition).samples[0].answers


def test_an_answer_that_cannot_be_is_said_at_its_question_and_stays_typed():
    definition, visitor = drafted(samples=[STRONG]), cast.visitor("sam")
    data = small()
    data["sections"][0]["questions"].append({"key": "days", "type": "number", "text": "Days?", "maximum": 9})
    definition = drafted(key="numbers", sections=data["sections"], samples=[STRONG])
    url = at("sample_answer", definition, "strong", "days")
    response = visitor.post(url, {"days-answer": "12"}, headers=HTMX)
    assert response.status_code == 422
    assert "Enter a number of at most 9." in response.content.decode() and 'value="12"' in response.content.decode()
    response = visitor.post(url, {"days-answer": "12"})
    assert response.status_code == 422 and "<title>Error:" in response.content.decode()
    assert "days" not in document_now(definition).samples[0].answers


def test_without_javascript_an_answer_comes_back_to_its_place():
    definition, visitor = drafted(samples=[STRONG]), cast.visitor("sam")
    url = at("sample_answer", definition, "strong", "trained") + "?section=people&page=1"
    response = visitor.post(url, {"trained-answer": "no"})
    assert response.status_code == 303
    assert response.headers["Location"] == at("sample", definition, "strong") + "?section=people&page=1#question-trained"  # fmt: skip


def test_answers_of_two_people_do_not_undo_each_other():
    definition, sam, ada = drafted(samples=[STRONG]), cast.visitor("sam"), cast.visitor("ada")
    sam.get(at("sample", definition, "strong"))
    ada.post(at("sample_answer", definition, "strong", "copies"), {"copies-answer": "no"}, headers=HTMX)
    sam.post(at("sample_answer", definition, "strong", "trained"), {"trained-answer": "no"}, headers=HTMX)
    assert document_now(definition).samples[0].answers == {"copies": "no", "tested": 4, "trained": "no"}


def test_a_matrix_is_answered_row_by_row():
    data = small()
    matrix = {
        "key": "care", "type": "matrix", "text": "How is each looked after?",
        "rows": [{"key": "mail", "text": "Email"}, {"key": "files", "text": "Files"}],
        "options": [{"key": "well", "text": "Well", "value": 1}, {"key": "not", "text": "Not", "value": 0}],
    }  # fmt: skip
    data["sections"][1]["questions"].append(matrix)
    definition, visitor = drafted(sections=data["sections"], samples=[STRONG]), cast.visitor("sam")
    url = at("sample_answer", definition, "strong", "care")
    visitor.post(url, {"care-answer:mail": "well", "care-answer:files": "not"}, headers=HTMX)
    assert document_now(definition).samples[0].answers["care"] == {"files": "not", "mail": "well"}


def test_what_must_come_out_is_edited_as_a_form():
    definition, visitor = drafted(samples=[STRONG]), cast.visitor("sam")
    url = at("sample", definition, "strong")
    before = document_now(definition)
    response = send(visitor, url, filled(visitor.get(url), 'id="expectation"'))
    assert (response.status_code, document_now(definition)) == (200, before)
    response = send(visitor, url, filled(response), do="add")
    assert "Choose a score." in response.content.decode()
    response = send(visitor, url, filled(response), **{"expect-1-score": "people", "expect-1-none": "on"})
    assert document_now(definition).samples[0].expected == {"overall": 100, "people": None}
    assert "Does not pass" in words(response)
    response = send(visitor, url, filled(response), **{"expect-1-score": "overall"})
    assert response.status_code == 422 and "expected twice" in response.content.decode()
    form = filled(visitor.get(url), 'id="expectation"')
    send(visitor, url, form, name="Very strong", tolerance="0.5", **{"expect-0-value": "99.6"}, do="remove:1")
    sample = document_now(definition).samples[0]
    assert (sample.name, sample.tolerance, dict(sample.expected)) == ("Very strong", 0.5, {"overall": 99.6})
    response = send(visitor, url, filled(visitor.get(url), 'id="expectation"'), tolerance="-1", do="save")
    assert response.status_code == 422 and "Enter a number from 0 to 1,000,000." in response.content.decode()
    response = send(visitor, url, filled(visitor.get(url), 'id="expectation"'), do="remove:0")
    assert "A sample expects at least one score." in response.content.decode()


def test_a_sample_is_copied_and_deleted():
    definition, visitor = drafted(samples=[STRONG]), cast.visitor("sam")
    response = visitor.post(at("sample_copy", definition, "strong"))
    assert response.headers["Location"] == at("sample", definition, "strong-2")
    visitor.post(at("sample_removal", definition, "strong"))
    assert [sample.key for sample in document_now(definition).samples] == ["strong-2"]
    for name in ("sample_copy", "sample_removal", "sample_filling"):
        assert visitor.post(at(name, definition, "strong")).status_code == 404


def test_hidden_questions_are_marked_and_counted():
    data = small()
    data["sections"][0]["questions"][1]["show_if"] = {"question": "copies", "operator": "equals", "value": "no"}
    definition = drafted(sections=data["sections"], samples=[STRONG])
    page = words(cast.visitor("sam").get(at("sample", definition, "strong")))
    assert "not asked with these answers" in page
    assert "1 answer does not count: its question is not asked with these answers." in page


def test_every_number_explains_itself():
    definition, visitor = drafted(samples=[STRONG | {"answers": {"copies": "yes", "trained": {"state": "not_applicable"}}}]), cast.visitor("sam")  # fmt: skip
    page = visitor.get(at("sample", definition, "strong"))
    url = at("sample_explanation", definition, "strong", "overall")
    assert url in page.content.decode()
    page = words(visitor.get(url))
    assert "The mean of the inputs, each counting by its weight." in page
    assert "Left out" in page and "People" in page
    part = visitor.get(url, headers=HTMX).content.decode()
    assert 'id="dialog"' in part and "<!doctype" not in part
    assert at("sample_explanation", definition, "strong", "backups") in part
    page = words(visitor.get(at("sample_explanation", definition, "strong", "backups")))
    assert "Are there copies?" in page and "not answered, counts as 0" in page and "Goes into: Result" in page
    page = words(visitor.get(at("sample_question", definition, "strong", "trained")))
    assert "3. Are people trained?" in page and "Not applicable" in page and "Left out of People" in page
    for name, key in (("sample_explanation", "gone"), ("sample_question", "gone")):
        assert visitor.get(at(name, definition, "strong", key)).status_code == 404


def test_publishing_is_refused_while_a_sample_fails():
    definition = drafted(samples=[WRONG])
    with cast.inside(), pytest.raises(definitions.NotReady):
        definitions.publish(by=cast.system(), definition=definition)


def test_looking_changes_nothing():
    definition, visitor = drafted(samples=[STRONG]), cast.visitor("sam")
    for name, args in (
        ("samples", ()), ("sample", ("strong",)), ("sample_explanation", ("strong", "overall")), ("sample_question", ("strong", "copies")),
    ):  # fmt: skip
        visitor.get(at(name, definition, *args))
    assert changes_of(definition) == 0


def test_a_page_holds_twenty_questions_however_many_there_are():
    asked = [{"key": f"q{number}", "type": "yes_no", "text": f"Question {number}?"} for number in range(45)]
    scoring = {
        "scale": {"min": 0, "max": 1}, "overall": "o",
        "scores": [{"key": "o", "name": "O", "rule": "mean", "inputs": [{"sections": ["s"]}]}],
    }  # fmt: skip
    sample = {"key": "one", "name": "One", "answers": {}, "expected": {"o": 0}}
    definition = drafted(sections=[{"key": "s", "name": "S", "questions": asked}], scoring=scoring, samples=[sample])
    visitor = cast.visitor("sam")
    url = at("sample", definition, "one")
    assert visitor.get(url).content.decode().count('class="sample-question') == 20
    html = visitor.get(f"{url}?section=s&page=3").content.decode()
    assert html.count('class="sample-question') == 5 and "Page 3 of 3" in html
    assert visitor.get(f"{url}?page=99999&section=gone").status_code == 200


def test_the_number_of_queries_is_the_same_for_few_and_many():
    visitor, counts = cast.visitor("sam"), set()
    visitor.get("/staff/")
    for number in (1, 3, 40):
        samples = [STRONG | {"key": f"s{at}", "name": f"S {at}"} for at in range(number)]
        definition = drafted(key=f"many-{number}", samples=samples)
        with CaptureQueriesContext(connection) as queries:
            visitor.get(at("samples", definition))
            visitor.get(at("sample", definition, "s0"))
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_people_without_the_ability_are_kept_out():
    definition = drafted(samples=[STRONG])
    assert cast.visitor("dana").get(at("sample", definition, "strong")).status_code == 403
    assert cast.visitor("priya").get(at("sample", definition, "strong")).status_code == 404
    assert cast.visitor("amara").get(at("sample", definition, "strong")).status_code == 404


def test_a_failing_sample_is_to_be_mended_before_publishing():
    definition, visitor = drafted(samples=[WRONG]), cast.visitor("sam")
    assert "Sample “Wrong” Does not pass" in words(visitor.get(at("samples", definition)))
    visitor.post(at("sample_filling", definition, "wrong"))
    assert "Sample “Wrong” Does not pass" not in words(visitor.get(at("samples", definition)))


def test_a_draft_that_refers_to_what_does_not_exist_can_still_be_opened_and_mended():
    data = small(samples=[STRONG])
    data["scoring"]["scores"][1]["inputs"] = [{"scores": ["gone"]}]
    data["scoring"]["scores"][2]["rule"] = "unheard_of"
    definition, visitor = drafted(), cast.visitor("sam")
    with cast.inside():
        DefinitionVersion.objects.filter(definition=definition).update(document=data, content_hash="broken" * 10)
    for name, args in (
        ("scoring", ()), ("score", ("backups",)), ("score", ("people",)), ("weights", ()), ("samples", ()), ("sample", ("strong",)),
        ("condition", ("question", "tested", "show_if")), ("recommendations", ("score", "people")),
    ):  # fmt: skip
        assert visitor.get(at(name, definition, *args)).status_code == 200, (name, args)
    assert visitor.get(at("sample_explanation", definition, "strong", "overall")).status_code == 404
    assert "refers to what does not exist" in words(visitor.get(at("sample", definition, "strong")))


def test_a_parents_samples_answer_its_childrens_questions():
    scoring = {
        "scale": {"min": 0, "max": 100}, "overall": "all",
        "scores": [{"key": "all", "name": "All of it", "rule": "weighted_mean", "inputs_as": "percent", "inputs": [{"children": True}]}],
    }  # fmt: skip
    with cast.inside():
        child = definitions.import_draft(by=cast.system(), document=parse(small(key="child", name="Child"))).definition
        definitions.publish(by=cast.system(), definition=child)
        parent = parse(small(key="parent", name="Parent", sections=[], scoring=scoring, children=[{"key": "child"}]))
        definition = definitions.import_draft(by=cast.system(), document=parent).definition
    visitor = cast.visitor("sam")
    visitor.post(at("samples", definition), {"name": "Whole"})
    page = visitor.get(at("sample", definition, "whole"))
    assert "Are there copies?" in words(page)
    for key in ("copies", "trained"):
        url = at("sample_answer", definition, "whole", f"child.{key}")
        assert visitor.post(url, {f"child.{key}-answer": "yes"}, headers=HTMX).status_code == 200
    visitor.post(at("sample_filling", definition, "whole"))
    sample = document_now(definition).samples[0]
    assert sample.answers == {"child.copies": "yes", "child.trained": "yes"}
    assert sample.expected["all"] == pytest.approx(250 / 3)
    page = words(visitor.get(at("sample_explanation", definition, "whole", "all")))
    assert "Child" in page or "Result" in page


def test_two_editors_of_one_sample_choose_whose_holds():
    definition, sam, ada = drafted(samples=[STRONG]), cast.visitor("sam"), cast.visitor("ada")
    url = at("sample", definition, "strong")
    mine, theirs = filled(sam.get(url)), filled(ada.get(url))
    send(ada, url, theirs, **{"expect-0-value": "90"})
    response = send(sam, url, mine, **{"expect-0-value": "80"})
    assert response.status_code == 409
    assert "Ada Whitfield changed this meanwhile" in words(response) and "Result: 90" in words(response)
    response = send(sam, url, filled(response), name="Stronger")
    assert response.status_code == 409
    assert (document_now(definition).samples[0].expected, document_now(definition).samples[0].name) == ({"overall": 90}, "Strong")  # fmt: skip
    taken = send(sam, url, filled(response), do="theirs")
    assert (taken.status_code, filled(taken)["expect-0-value"], filled(taken)["name"]) == (200, "90", "Strong")
    page = send(sam, url, filled(response), htmx=False, do="theirs")
    assert (page.status_code, filled(page)["expect-0-value"]) == (200, "90")
    assert send(sam, url, filled(response), do="mine").status_code == 200
    assert (document_now(definition).samples[0].expected, document_now(definition).samples[0].name) == ({"overall": 80}, "Stronger")  # fmt: skip
