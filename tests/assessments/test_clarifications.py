"""A question sent back: to whom, what may be changed, until when; for people with a login and without."""

import html
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Mail
from assessments.actions import answers, assessments, clarifications, links, respondents
from assessments.actions.reviews import UnknownQuestion
from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Clarification,
    ClarificationMessage,
    Respondent,
    Result,
)
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.submitted()


@pytest.fixture
def asked(run) -> Clarification:
    with cast.inside("harbor"):
        return ask(run)


def viewer(name: str):
    return cast.viewer(name, "Northwind")


def ask(run: Assessment, text: str = "Servers, too?", key: str = "edr") -> Clarification:
    return clarifications.ask(by=viewer("sam"), assessment=run, question_key=key, text=text)


def reply(asked: Clarification, text: str = "No", by: str = "priya", **more: Any):
    return clarifications.reply(by=viewer(by), clarification=asked, text=text, **more)


def page_of(asked: Clarification) -> str:
    return f"/portal/{asked.account_id}/assessments/{asked.assessment_id}/clarifications/{asked.pk}/"


def test_it_goes_to_who_gave_the_answer(run):
    with cast.inside("harbor"):
        asked = ask(run)
        assert asked.asked_of is not None
        assert asked.asked_of.user == cast.person("priya")
        again = ask(run, "And the tablets?")
        assert again == asked
        assert [row.text for row in asked.messages.order_by("created_at")] == ["Servers, too?", "And the tablets?"]
        assert Mail.objects.filter(kind="assessments.clarification").count() == 2


def test_it_goes_to_everybody_where_staff_answered(run):
    with cast.inside("harbor"):
        run = stage.completed()
        say(viewer("sam"), run, "motto", "Onward")
        asked = ask(run, key="motto")
        assert asked.asked_of is None
        assert clarifications.is_asked(viewer("marcus"), asked)


def test_there_is_nothing_to_ask_about_what_is_not_there(run):
    with cast.inside("harbor"):
        with pytest.raises(UnknownQuestion):
            ask(run, key="nothing")
        with pytest.raises(clarifications.NothingSaid):
            ask(run, "  ")
        with pytest.raises(clarifications.TooLong):
            ask(run, "x" * 5001)
        with pytest.raises(PermissionDenied):
            clarifications.ask(by=viewer("priya"), assessment=run, question_key="edr", text="Me?")
        assessments.release(by=viewer("sam"), assessment=run)
        with pytest.raises(assessments.WrongStatus):
            ask(run)


def test_a_reply_may_change_that_one_answer_in_review(run, asked):
    with cast.inside("harbor"):
        assert Result.objects.get(assessment=run).score == 100
        saved = reply(asked, "Not the servers", change=True, state="answered", raw="most", seen_revision=1)
        assert (saved.revision, saved.conflict) == (2, False)
        run.refresh_from_db()
        assert (run.status, Result.objects.get(assessment=run).score) == ("results_review", pytest.approx(550 / 6))
        assert AnswerRevision.objects.filter(assessment=run, question_key="edr", revision=2).exists()
        with pytest.raises(assessments.WrongStatus):
            say(viewer("priya"), run, "edr", "none", seen_revision=2)
        with pytest.raises(assessments.WrongStatus):
            other = {"question_key": "share", "state": "answered", "raw": "1", "seen_revision": 1}
            answers.save(by=viewer("priya"), assessment=run, clarification=asked, **other)


def test_a_change_without_words_is_a_reply_too(run, asked):
    with cast.inside("harbor"):
        with pytest.raises(clarifications.NothingSaid):
            reply(asked, "", change=True, state="answered", raw="all", seen_revision=1)
        reply(asked, "", change=True, state="answered", raw="none", seen_revision=1)
        assert asked.messages.order_by("created_at").last().text == "I changed the answer."
        asked.refresh_from_db()
        assert asked.replied_at is not None


def test_somebody_elses_change_is_not_overwritten(run, asked):
    with cast.inside("harbor"):
        reply(asked, "Most", change=True, state="answered", raw="most", seen_revision=1)
        saved = reply(asked, "None", change=True, state="answered", raw="none", seen_revision=1)
        assert saved.conflict
        assert Answer.objects.get(assessment=run, question_key="edr").value == "most"
        assert asked.messages.filter(text="None").count() == 0


def test_only_who_was_asked_replies_and_only_while_it_is_open(run, asked):
    with cast.inside("harbor"):
        with pytest.raises(PermissionDenied):
            reply(asked, by="marcus")
        with pytest.raises(PermissionDenied):
            reply(asked, by="dana")
        assert clarifications.resolve(by=viewer("sam"), clarification=asked)
        assert not clarifications.resolve(by=viewer("sam"), clarification=asked)
        with pytest.raises(clarifications.Resolved):
            reply(asked)
        with pytest.raises(PermissionDenied):
            clarifications.resolve(by=viewer("priya"), clarification=asked)
        again = ask(run, "Once more")
        assert again != asked


def test_the_page_of_the_reply(run, asked):
    priya = cast.visitor("priya")
    text = html.unescape(priya.get(page_of(asked)).content.decode())
    assert "Harbor IT has a question about this answer" in text
    assert "Servers, too?" in text
    data = {"text": "Not the servers", "answer": "most", "comment": "Since May", "revision": "1"}
    assert priya.post(page_of(asked), data | {"text": "", "answer": "all", "comment": ""}).status_code == 422
    wrong = priya.post(page_of(asked), data | {"answer": "never"})
    assert wrong.status_code == 422
    assert "Not the servers</textarea>" in wrong.content.decode()
    done = priya.post(page_of(asked), data, follow=True)
    assert done.redirect_chain == [(page_of(asked), 303)]
    text = html.unescape(done.content.decode())
    assert "Not the servers" in text
    assert "On most" in text
    late = priya.post(page_of(asked), data | {"answer": "none"})
    assert late.status_code == 409
    assert 'name="revision" value="2"' in late.content.decode()
    with cast.inside("harbor"):
        clarifications.resolve(by=viewer("sam"), clarification=asked)
    over = priya.post(page_of(asked), data)
    assert over.status_code == 409
    assert "This question is settled" in over.content.decode()
    assert "Not the servers</textarea>" in over.content.decode()


@pytest.mark.parametrize(("name", "status"), [("priya", 200), ("marcus", 404), ("carla", 404), ("dana", 403)])
def test_who_sees_the_page(asked, name, status):
    assert cast.visitor(name, at="harbor").get(page_of(asked)).status_code == status


def test_the_portal_says_that_something_waits(run, asked):
    priya, marcus = cast.visitor("priya"), cast.visitor("marcus")
    home = f"/portal/{run.account_id}/"
    lists = f"{home}assessments/"
    for page in (home, lists):
        assert page_of(asked) in priya.get(page).content.decode()
        assert page_of(asked) not in marcus.get(page).content.decode()
    assert page_of(asked) in priya.get(address("client:submitted", run)).content.decode()
    with cast.inside("harbor"):
        reply(asked)
    assert page_of(asked) not in priya.get(home).content.decode()


def test_staff_ask_and_settle_on_the_pages(run):
    sam, url = cast.visitor("sam"), address("staff:clarification", run, "edr")
    assert "Goes to Priya Nair, who gave the answer" in html.unescape(sam.get(url).content.decode())
    assert sam.post(url, {"text": " "}).status_code == 422
    assert sam.post(url, {"text": "Servers, too?"}).status_code == 303
    with cast.inside("harbor"):
        asked = Clarification.objects.get(assessment=run)
        reply(asked, "Not the servers")
    thread = html.unescape(sam.get(url).content.decode())
    assert "Not the servers" in thread
    assert "Settle this question" in thread
    settled = sam.post(address("staff:clarification_resolution", run, str(asked.pk)))
    assert settled.status_code == 303
    assert "Settled by Sam Okafor" in sam.get(url).content.decode()
    assert sam.get(address("staff:clarification", run, "nothing")).status_code == 404


# Without a login


@pytest.fixture
def guest_run() -> tuple[Assessment, Respondent]:
    with cast.inside("harbor"):
        run = stage.completed()
        (nora,) = respondents.add(
            by=viewer("sam"), run=run, people=[respondents.Person("Nora Vale", "nora@vale.example")]
        )
        return run, nora


def start(respondent: Respondent) -> tuple[Client, str]:
    """This will follow a new link of a person, as the mail holds it, and return where it leads."""
    with cast.inside("harbor"):
        _link, token = links.issue(by=viewer("sam"), respondent=respondent)
    visitor = Client(SERVER_NAME="harbor.localhost")
    response = visitor.post(f"/r/{token}/", {})
    assert response.status_code == 303, response.content
    return visitor, response["Location"]


def test_a_guest_replies_after_the_run_is_submitted(guest_run):
    run, nora = guest_run
    visitor, place = start(nora)
    question = place + "questions/edr/"
    assert visitor.post(question, {"answer": "none", "revision": "1"}).status_code in (200, 303)
    with cast.inside("harbor"):
        assert Answer.objects.get(assessment=run, question_key="edr").guest_id == nora.pk
        assessments.submit(by=viewer("priya"), assessment=run)
    assert visitor.get(place).status_code == 410
    with cast.inside("harbor"):
        asked = ask(run, "Really none?")
        assert asked.asked_of == nora
    visitor, place = start(nora)
    assert place.endswith(f"/clarifications/{asked.pk}/")
    page = html.unescape(visitor.get(place).content.decode())
    assert "Really none?" in page
    base = re.sub(r"clarifications/.*", "", place)
    for elsewhere in ("", "questions/edr/", "review/"):
        assert visitor.get(base + elsewhere).status_code == 410, elsewhere
    assert visitor.post(base + "questions/edr/", {"answer": "all", "revision": "2"}).status_code == 410
    done = visitor.post(place, {"text": "Some, in fact", "answer": "most", "revision": "2"})
    assert done.status_code == 303
    with cast.inside("harbor"):
        assert Answer.objects.get(assessment=run, question_key="edr").value == "most"
        message = ClarificationMessage.objects.get(clarification=asked, is_staff=False)
        assert (message.guest_id, message.author) == (nora.pk, None)
        clarifications.resolve(by=viewer("sam"), clarification=asked)
    assert visitor.get(place).status_code == 410


def test_another_guest_sees_nothing_of_it(guest_run):
    run, nora = guest_run
    with cast.inside("harbor"):
        other = respondents.add(by=viewer("sam"), run=run, people=[respondents.Person("Otto", "otto@vale.example")])[0]
    visitor, place = start(nora)
    visitor.post(place + "questions/edr/", {"answer": "none", "revision": "1"})
    with cast.inside("harbor"):
        asked = ask(run)
    stranger, place = start(other)
    assert stranger.get(f"{place}clarifications/{asked.pk}/").status_code == 410


def test_no_link_is_made_for_who_is_done_and_was_not_asked(guest_run):
    run, nora = guest_run
    with cast.inside("harbor"):
        assessments.submit(by=viewer("priya"), assessment=run)
        with pytest.raises(respondents.RunEnded):
            links.issue(by=viewer("sam"), respondent=nora)


def test_where_each_answers_alone_the_page_shows_ones_own_answer_and_no_others():
    """The run's own answer is made of the others', and is shown to nobody of the client: staff's question is for all."""
    with cast.inside("harbor"):
        by = viewer("sam")
        run = assessments.create(by=by, account=cast.account("Northwind"), definition=stage.publish(), another=True)
        assessments.change_setup(by=by, assessment=run, name=run.name, due_on=None, mode="independent")
        for name in ("priya", "marcus"):
            for key, raw in {"motto": f"Said by {name}", "edr": "all", "backup": "no"}.items():
                say(viewer(name), run, key, raw)
        for name in ("priya", "marcus"):
            assessments.submit(by=viewer(name), assessment=run)
        run.refresh_from_db()
        assert run.status == "results_review"
        combined = Answer.objects.get(assessment=run, question_key="motto", respondent=None).value
        asked = ask(run, key="motto")
        assert asked.asked_of is None
    for name in ("priya", "marcus", "dora"):
        page = cast.visitor(name).get(page_of(asked)).content.decode()
        assert re.findall(r"Said by \w+", page) == ([f"Said by {name}"] if name != "dora" else []), (name, combined)


def test_a_guest_replies_to_what_they_were_asked_and_to_nothing_else(guest_run):
    """What staff answered is asked of everybody with a login; a link leads to one's own questions alone."""
    run, nora = guest_run
    visitor, place = start(nora)
    visitor.post(place + "questions/edr/", {"answer": "none", "revision": "1"})
    with cast.inside("harbor"):
        say(viewer("sam"), run, "motto", "Onward")
        of_nora, of_all = ask(run), ask(run, key="motto")
        assert (of_nora.asked_of, of_all.asked_of) == (nora, None)
    assert visitor.get(f"{place}clarifications/{of_nora.pk}/").status_code == 200
    elsewhere = f"{place}clarifications/{of_all.pk}/"
    assert visitor.get(elsewhere).status_code == 404
    assert visitor.post(elsewhere, {"text": "Me?", "answer": "Backward", "revision": "1"}).status_code == 404
    with cast.inside("harbor"):
        assert Answer.objects.get(assessment=run, question_key="motto").value == "Onward"
