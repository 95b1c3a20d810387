"""Preview as respondent: through a definition question by question, with scores, and nothing is kept."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.links import TooManyLinks
from accounts.models import AuditEntry
from library import trial
from library.actions import definitions, preview_links
from library.answers import Answer, State
from library.document import parse
from library.models import Definition, PreviewLink
from tests import cast

from .test_staff_definitions import small


def posted(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(fields)
    return data


# The way


def test_it_begins_at_the_first_question_with_nothing_answered():
    begun = trial.first(parse(small()))
    assert (begun.at, begun.trial.answers) == ("q1", {})


def test_next_takes_the_answer_and_goes_to_what_it_makes_visible():
    document = parse(small())
    taken = trial.step(document, posted(answers="{}", at="q1", answer="yes", go="next"))
    assert taken.at == "q2"
    assert json.loads(taken.trial.to_text()) == {"q1": "yes"}


def test_a_hidden_question_is_passed_over():
    taken = trial.step(parse(small()), posted(answers="{}", at="q1", answer="no", go="next"))
    assert taken.at == trial.RESULTS


def test_what_is_no_answer_keeps_the_respondent_there_with_what_was_typed():
    document = parse(small())
    taken = trial.step(document, posted(answers='{"q1": "yes"}', at="q2", answer="many", go="next"))
    drawn = trial.page_of(taken, explained=True)
    assert taken.at == "q2"
    assert drawn["control"]["error"] == "Enter a number, for example 12 or 1.5."
    assert drawn["control"]["value"] == "many"


def test_back_leaves_even_with_what_is_no_answer():
    taken = trial.step(parse(small()), posted(answers='{"q1": "yes"}', at="q2", answer="many", go="back"))
    assert taken.at == "q1"


def test_not_applicable_is_an_answer():
    taken = trial.step(parse(small()), posted(answers='{"q1": "yes"}', at="q2", state="not_applicable", go="next"))
    assert taken.trial.answers["q2"] == Answer(State.NOT_APPLICABLE)


def test_one_can_jump_start_over_and_see_results_at_any_time():
    document = parse(small())
    state = '{"q1": "yes"}'
    assert trial.step(document, posted(answers=state, at="q2", go="to:q1")).at == "q1"
    assert trial.step(document, posted(answers=state, at="q1", answer="yes", go="results")).at == trial.RESULTS
    assert trial.step(document, posted(answers=state, at="q2", go="restart")).trial.answers == {}


@pytest.mark.parametrize(
    "answers", ["", "no json", "[1]", '{"q1": "maybe", "gone": 1}', '{"q1":' * 40_000, '"' + "x" * 300_000 + '"']
)
def test_answers_that_make_no_sense_are_left_out(answers: str):
    taken = trial.step(parse(small()), posted(answers=answers, at="gone", go="to:gone"))
    assert taken.trial.answers == {}
    assert trial.page_of(taken, explained=True)


def test_results_show_scores_with_how_they_came_about_to_authors_only():
    document = parse(small())
    taken = trial.step(document, posted(answers='{"q1": "yes"}', at="q1", answer="yes", go="results"))
    for explained in (True, False):
        score = trial.page_of(taken, explained=explained)["results"]["scores"][0]
        assert (score["name"], score["value"], score["zone"]) == ("Overall", "1.00", "High")
        assert (score["explanation"] is not None) == explained


def test_a_draft_with_mistakes_can_be_tried_without_scores():
    unfinished = small()
    unfinished["scoring"]["zones"] = [{"label": "Low", "from": 0, "to": 0.5, "tone": "b1"}]
    from library.document import shape

    drawn = trial.page_of(trial.Step(trial.Trial(shape(unfinished)), trial.RESULTS), explained=True)
    assert drawn["results"]["problems"]
    assert "gauge" not in drawn["results"]


# The pages


@pytest.fixture
def definition(db) -> Definition:
    with cast.inside():
        return definitions.import_draft(by=cast.system(), document=parse(small())).definition


def rows_of_the_library() -> list[tuple]:
    with cast.inside(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, xmin::text FROM library_definition UNION SELECT id, xmin::text FROM library_definitionversion"
        )
        return sorted(cursor.fetchall())


def test_a_trial_saves_nothing(definition):
    before = rows_of_the_library()
    visitor, address = cast.visitor("sam"), reverse("staff:trial", args=[definition.id])
    assert visitor.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        answer = visitor.post(address, {"answers": "{}", "at": "q1", "answer": "yes", "go": "next"})
    assert b"How ready?" in answer.content
    assert rows_of_the_library() == before
    written = [query["sql"] for query in queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert [sql for sql in written if "library_" in sql or "assessments_" in sql] == []


def test_a_typing_mistake_is_answered_at_the_place(definition):
    address = reverse("staff:trial", args=[definition.id])
    typed = {"answers": '{"q1": "yes"}', "at": "q2", "answer": "many", "go": "next"}
    answer = cast.visitor("sam").post(address, typed, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert b"Enter a number, for example" in answer.content
    assert b'value="many"' in answer.content
    assert b"<html" not in answer.content


def test_a_version_can_be_chosen_and_one_that_is_not_there_is_not_found(definition):
    address = reverse("staff:trial", args=[definition.id])
    visitor = cast.visitor("ada")
    assert visitor.get(f"{address}?version=1").status_code == 200
    assert visitor.get(f"{address}?version=7").status_code == 404


def link_of(definition: Definition, days: int = 14) -> tuple[PreviewLink, str]:
    with cast.inside():
        return preview_links.create(by=cast.viewer("sam"), definition=definition, days=days)


def test_a_link_opens_the_draft_to_anybody_until_it_is_revoked(definition):
    link, token = link_of(definition)
    address = reverse("public_trial", args=[token])
    anybody = cast.visitor()
    opened = anybody.get(address)
    assert opened.status_code == 200
    assert b"Are you ready?" in opened.content
    assert opened["Cache-Control"] == "no-store" and "noindex" in opened["X-Robots-Tag"]
    done = anybody.post(address, {"answers": "{}", "at": "q1", "answer": "no", "go": "next"})
    assert b"Results of this preview" in done.content
    assert b"How it came about" not in done.content
    with cast.inside():
        link.refresh_from_db()
    assert link.opened_count == 1
    cast.visitor("sam").post(reverse("staff:preview_link_revocation", args=[definition.id, link.id]))
    assert anybody.get(address).status_code == 410
    assert anybody.post(address, {"answers": "{}", "at": "q1", "answer": "no", "go": "next"}).status_code == 410
    with cast.inside():
        [step] = AuditEntry.objects.filter(verb="preview_link.revoked").values_list("pk", flat=True)
    undo = reverse("staff:preview_link_return", args=[definition.id, link.id, step])
    assert cast.visitor("ada").post(undo).status_code == 409, "sam revoked it"
    assert cast.visitor("sam").post(undo).status_code == 303
    assert anybody.get(address).status_code == 200
    assert cast.visitor("sam").post(undo).status_code == 409


def test_a_link_ends_by_itself_and_belongs_to_one_organization(definition):
    link, token = link_of(definition)
    address = reverse("public_trial", args=[token])
    assert cast.visitor(at="sunny").get(address).status_code == 404
    assert cast.visitor().get(reverse("public_trial", args=["x" * 43])).status_code == 404
    with cast.inside():
        PreviewLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert cast.visitor().get(address).status_code == 410


def test_only_the_hash_of_a_token_is_stored(definition):
    link, token = link_of(definition)
    assert token not in str(vars(link))
    assert link.token_hash == preview_links.hash_of(token)


def test_the_page_shows_a_new_link_once(definition):
    address = reverse("staff:preview_links", args=[definition.id])
    visitor = cast.visitor("sam")
    made = visitor.post(address, {"days": "3"})
    assert made.status_code == 200 and b"/try/" in made.content and made["Cache-Control"] == "no-store"
    assert b"/try/" not in visitor.get(address).content
    refused = visitor.post(address, {"days": "400"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422 and b"90 days at most" in refused.content


def test_no_more_links_work_than_may(definition, monkeypatch):
    monkeypatch.setattr(preview_links, "MOST_LINKS", 1)
    link_of(definition)
    with cast.inside(), pytest.raises(TooManyLinks):
        preview_links.create(by=cast.viewer("sam"), definition=definition, days=1)
