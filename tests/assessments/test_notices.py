"""Who is told that something happened, and who is not."""

import re

import pytest
from django.core import mail as post
from django.urls import reverse

from accounts import tasks
from accounts.actions import memberships
from accounts.models import Mail, MailState, Membership
from assessments import notices
from assessments.actions import assessments
from assessments.models import Assessment, Clarification, ClarificationMessage, Respondent
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db

CLIENTS = ["bea", "dora", "felix", "marcus", "priya"]


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as organization:
        yield organization


def deliver_all() -> None:
    tasks.deliver_due(str(cast.organization().pk))


def told() -> list[str]:
    deliver_all()
    return sorted(letter.to[0].partition("@")[0] for letter in post.outbox)


def remove(name: str) -> None:
    memberships.remove(by=cast.system(), membership=Membership.objects.get(user=cast.person(name)))


def without_executive() -> None:
    account = cast.account("Northwind")
    memberships.remove(by=cast.system(), membership=Membership.objects.get(user=cast.person("sam"), account=account))


# Submitted ------------------------------------------------------------------------------------------------------------


def test_who_looks_after_the_account_hears_that_it_was_submitted():
    run = stage.submitted("priya")
    assert told() == ["sam"]
    (letter,) = post.outbox
    assert letter.subject == "Northwind Dental submitted “Every kind”"
    assert "Priya Nair has submitted “Every kind” for Northwind Dental." in letter.body
    assert f"http://harbor.localhost{reverse('staff:run_review', args=[run.account_id, run.pk])}" in letter.body
    assert "The client sees the results once you release them." in letter.body


def test_a_client_s_own_request_reaches_admins_where_the_account_has_no_executive():
    without_executive()
    run = stage.completed("priya")
    visitor = cast.visitor("priya")
    answer = visitor.post(reverse("client:submission", args=[run.account_id, run.pk]))
    assert answer.status_code in (302, 303)
    assert told() == ["ada"]


def test_who_submits_on_behalf_does_not_mail_themselves():
    run = stage.completed("priya")
    assessments.submit(by=cast.viewer("sam", "Northwind"), assessment=run)
    assert told() == []


def test_submitted_again_after_reopening_is_news_again():
    run = stage.submitted("priya")
    deliver_all()
    assessments.reopen(by=cast.viewer("sam", "Northwind"), assessment=run, reason="One more look")
    again = Assessment.objects.get(pk=run.pk)
    assessments.submit(by=cast.viewer("priya", "Northwind"), assessment=again)
    assert told() == ["sam", "sam"]


def test_an_executive_who_left_before_it_went_out_is_not_told():
    stage.submitted("priya")
    without_executive()
    assert told() == ["ada"]


# Threshold ------------------------------------------------------------------------------------------------------------


def test_the_threshold_is_told_once_with_how_many_are_missing():
    run = stage.launched("priya")
    for name in ("marcus", "dora", "felix", "bea"):
        Respondent.objects.create(
            organization=run.organization, account=run.account, assessment=run, user=cast.person(name)
        )
    Respondent.objects.filter(assessment=run).exclude(user=cast.person("bea")).update(submitted_at=run.created_at)
    for _times in range(3):
        notices.threshold(cast.viewer("felix", "Northwind"), run)
        deliver_all()
    assert told() == ["sam"]
    (letter,) = post.outbox
    assert letter.subject == "4 of 5 people are done with “Every kind”"
    assert "Missing: 1 person" in letter.body
    assert f"http://harbor.localhost{reverse('staff:run_people', args=[run.account_id, run.pk])}" in letter.body


# Released -------------------------------------------------------------------------------------------------------------


def test_clients_who_may_see_results_hear_that_they_are_there():
    run = stage.released("priya")
    deliver_all()
    letters = [letter for letter in post.outbox if "results" in letter.subject]
    assert sorted(letter.to[0].partition("@")[0] for letter in letters) == CLIENTS
    assert {letter.subject for letter in letters} == {"The results of “Every kind” are ready"}
    address = reverse("client:results", args=[run.account_id, run.pk])
    assert all(f"http://harbor.localhost{address}" in letter.body for letter in letters)


def test_who_may_not_see_results_is_not_told_and_guests_never():
    run = stage.submitted("priya")
    Respondent.objects.create(
        organization=run.organization, account=run.account, assessment=run, name="Robin", email="robin@x.example"
    )
    account = cast.account("Northwind")
    from accounts.roles import Can

    memberships.override(
        by=cast.system(),
        membership=Membership.objects.get(user=cast.person("dora"), account=account),
        ability=Can.VIEW_RESULTS,
        effect="deny",
    )
    deliver_all()
    post.outbox.clear()
    assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    assert told() == [name for name in CLIENTS if name != "dora"]


def test_results_taken_back_before_the_mail_went_out_are_not_announced():
    run = stage.released("priya")
    assessments.reopen(by=cast.viewer("sam", "Northwind"), assessment=run, reason="A mistake")
    deliver_all()
    assert [letter for letter in post.outbox if "results" in letter.subject] == []


def test_no_figure_of_the_result_is_in_the_mail():
    stage.released("priya")
    deliver_all()
    letter = next(letter for letter in post.outbox if "results" in letter.subject)
    assert "100" not in letter.body


# Questions sent back --------------------------------------------------------------------------------------------------


def line(run: Assessment, who: str, text: str, thread: Clarification | None = None, **more) -> ClarificationMessage:
    ids = {"organization": run.organization, "account": run.account}
    thread = thread or Clarification.objects.create(
        **ids, assessment=run, question_key="edr", opened_by=cast.person("sam"), **more
    )
    return ClarificationMessage.objects.create(
        **ids, clarification=thread, author=cast.person(who), is_staff=who in ("sam", "ada"), text=text
    )


@pytest.fixture
def run() -> Assessment:
    found = stage.submitted("priya")
    deliver_all()
    post.outbox.clear()
    return Assessment.objects.select_related("account", "organization").get(pk=found.pk)


def test_a_question_goes_to_who_was_asked(run):
    asked_of = Respondent.objects.get(assessment=run, user=cast.person("priya"))
    message = line(run, "sam", "On all?\nAlso on the servers?", asked_of=asked_of)
    notices.clarification_asked(cast.viewer("sam", "Northwind"), message)
    assert told() == ["priya"]
    (letter,) = post.outbox
    assert letter.subject == "Harbor IT has a question about your answer in “Every kind”"
    assert "The question was: Is it running on all computers?" in letter.body
    address = reverse("client:clarification", args=[run.account_id, run.pk, message.clarification_id])
    assert f"http://harbor.localhost{address}" in letter.body
    assert "> On all?\n> Also on the servers?\nSam Okafor" in letter.body
    assert letter.reply_to == ["sam@harbor.example"]


def test_a_reply_goes_to_who_asked_and_to_who_is_in_charge_when_they_left(run):
    asked_of = Respondent.objects.get(assessment=run, user=cast.person("priya"))
    thread = line(run, "sam", "On all?", asked_of=asked_of).clarification
    notices.clarification_replied(cast.viewer("priya", "Northwind"), line(run, "priya", "On every one.", thread))
    assert told() == ["sam"]
    assert "> On every one.\nPriya Nair" in post.outbox[0].body
    post.outbox.clear()
    without_executive()
    notices.clarification_replied(cast.viewer("priya", "Northwind"), line(run, "priya", "Sure.", thread))
    assert told() == ["ada"]


def test_where_nobody_is_known_everybody_who_answers_is_asked(run):
    Respondent.objects.create(
        organization=run.organization, account=run.account, assessment=run, user=cast.person("marcus")
    )
    notices.clarification_asked(cast.viewer("sam", "Northwind"), line(run, "sam", "On all?"))
    assert told() == ["marcus", "priya"]


def test_who_has_no_login_gets_a_link_that_leads_to_the_reply(run):
    asked_of = Respondent.objects.create(
        organization=run.organization, account=run.account, assessment=run, name="Robin", email="robin@x.example"
    )
    notices.clarification_asked(cast.viewer("sam", "Northwind"), line(run, "sam", "On all?", asked_of=asked_of))
    assert told() == ["robin"]
    (token,) = re.findall(r"http://harbor\.localhost/r/([\w-]+)/", post.outbox[0].body)
    assert cast.visitor(at="harbor").get(f"/r/{token}/").status_code == 200


def test_a_question_settled_meanwhile_is_not_sent(run):
    asked_of = Respondent.objects.get(assessment=run, user=cast.person("priya"))
    message = line(run, "sam", "On all?", asked_of=asked_of)
    notices.clarification_asked(cast.viewer("sam", "Northwind"), message)
    Clarification.objects.update(resolved_at=run.created_at)
    assert told() == []
    assert Mail.objects.filter(kind=notices.CLARIFICATION, state=MailState.CANCELLED).exists()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "Bcc: x@evil.example\r\n\r\n<b>", "> quoted"])
def test_what_people_wrote_stays_text(run, text):
    asked_of = Respondent.objects.get(assessment=run, user=cast.person("priya"))
    notices.clarification_asked(cast.viewer("sam", "Northwind"), line(run, "sam", text, asked_of=asked_of))
    deliver_all()
    letter = post.outbox[0]
    assert "<script" not in letter.alternatives[0][0]
    assert "<b>" not in letter.alternatives[0][0]
    assert letter.to == ["priya@northwind.example"]
    assert letter.message()["Bcc"] is None
