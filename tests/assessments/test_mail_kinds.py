"""What the mails about assessments say, to whom, and when they are not needed any more."""

import datetime
import re
from datetime import timedelta

import pytest
from django.core import mail as post
from django.urls import reverse

from accounts import tasks
from accounts.actions import mails, memberships
from accounts.models import Mail, MailState, Membership
from assessments.actions import respondents
from assessments.actions.respondents import Person
from assessments.models import Assessment, Respondent, RespondentLink, Status
from portal.web.ids import uuid7
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db

ROBIN = Person("Robin Vale", "robin@outside.example")
DUE = datetime.date(2031, 11, 30)


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as organization:
        yield organization


@pytest.fixture
def run() -> Assessment:
    found = stage.launched("priya")
    Assessment.objects.filter(pk=found.pk).update(due_on=DUE)
    return Assessment.objects.select_related("account", "version", "definition").get(pk=found.pk)


def sam():
    return cast.viewer("sam", "Northwind")


def asked(run: Assessment, person: Person = ROBIN, message: str = "") -> Respondent:
    (row,) = respondents.add(by=sam(), run=run, people=[person])
    respondents.invite(by=sam(), respondents=[row], message=message)
    return row


def priya_in(run: Assessment) -> Respondent:
    return Respondent.objects.get(assessment=run, user=cast.person("priya"))


def deliver_all() -> None:
    tasks.deliver_due(str(cast.organization().pk))


def only_letter():
    deliver_all()
    (letter,) = post.outbox
    return letter


def html(letter) -> str:
    return letter.alternatives[0][0]


# Invitation -----------------------------------------------------------------------------------------------------------


def test_an_invitation_says_who_asks_for_whom_how_long_by_when_and_what_happens(run):
    asked(run, message="We talked about this.\nSee you on Tuesday.")
    letter = only_letter()
    assert letter.to == ["robin@outside.example"]
    assert letter.subject == "Sam Okafor asks you to answer “Every kind” for Northwind Dental"
    assert letter.from_email.startswith("Harbor IT <")
    assert letter.reply_to == ["sam@harbor.example"]
    for words in (
        "Hello Robin,",
        "Sam Okafor of Harbor IT asks you to answer “Every kind” for Northwind Dental.",
        "> We talked about this.\n> See you on Tuesday.",
        "Due: November 30, 2031",
        "Time needed: About ",
        "Those who answer with you see what you say, and so does Harbor IT.",
        "Harbor IT reviews it, and Northwind Dental sees the results once they are released.",
    ):
        assert words in letter.body
    assert "We talked about this.<br" in html(letter)


def test_who_has_no_login_gets_a_link_of_their_own(run):
    row = asked(run)
    letter = only_letter()
    (token,) = re.findall(r"http://harbor\.localhost/r/([\w-]+)/", letter.body)
    assert f"/r/{token}/" in html(letter)
    link = RespondentLink.objects.get(respondent=row)
    assert token not in (link.token_hash, str(link.pk))
    stored = str(list(Mail.objects.values()))
    assert token not in stored
    assert cast.visitor(at="harbor").get(f"/r/{token}/").status_code == 200


def test_who_has_a_login_goes_to_the_run_and_signs_in_on_the_way(run):
    asked(run, Person("Dora", "dora@northwind.example"))
    letter = only_letter()
    address = reverse("client:take", args=[run.account_id, run.pk])
    assert f"http://harbor.localhost{address}" in letter.body
    assert "/r/" not in letter.body
    assert "You sign in with dora@northwind.example" in letter.body
    assert not RespondentLink.objects.exists()


def test_a_part_is_named(run):
    asked(run, Person("Robin", "robin@outside.example", ("more",)))
    body = only_letter().body
    assert "Your part: More" in body
    assert "Time needed" not in body


def test_who_answers_alone_is_told_so(run):
    Assessment.objects.filter(pk=run.pk).update(mode="independent")
    asked(run)
    assert "You answer alone. Harbor IT reads what you say; your colleagues do not." in only_letter().body


def test_a_hostile_message_and_name_stay_text(run):
    words = "<script>alert(1)</script></mj-text>{{ x }}"
    asked(run, Person(words, "robin@outside.example"), message=words)
    letter = only_letter()
    assert "<script" not in html(letter)
    assert "&lt;script&gt;" in html(letter)
    assert words in letter.body


def test_a_new_invitation_ends_the_link_of_the_one_before(run, monkeypatch):
    monkeypatch.setattr(respondents, "NOT_AGAIN_FOR", timedelta(0))
    row = asked(run)
    deliver_all()
    respondents.invite(by=sam(), respondents=[row])
    deliver_all()
    assert RespondentLink.objects.filter(respondent=row).usable().count() == 1
    assert len(post.outbox) == 2


def test_a_reminder_leaves_the_link_somebody_answers_by(run):
    row = asked(run)
    deliver_all()
    respondents.remind(by=sam(), respondents=[row])
    deliver_all()
    assert RespondentLink.objects.filter(respondent=row).usable().count() == 2


# Not needed any more --------------------------------------------------------------------------------------------------


def stopped(run, row):
    respondents.stop(by=sam(), respondent=row)


def done(run, row):
    Respondent.objects.filter(pk=row.pk).update(submitted_at=run.created_at)


def closed(run, row):
    Assessment.objects.filter(pk=run.pk).update(status=Status.CLOSED, closed_at=run.created_at)


def deleted(run, row):
    Assessment.objects.filter(pk=run.pk).update(deleted_at=run.created_at)


def removed(run, row):
    Mail.objects.filter(state=MailState.QUEUED).update(about=uuid7())


def sam_left(run, row):
    memberships.remove(
        by=cast.system(), membership=Membership.objects.get(user=cast.person("sam"), account=run.account)
    )


@pytest.mark.parametrize("change", [stopped, done, closed, deleted, removed, sam_left])
@pytest.mark.parametrize("ask_by", ["invitation", "reminder"])
def test_a_mail_that_is_not_needed_any_more_is_not_sent(run, change, ask_by):
    row = asked(run)
    if ask_by == "reminder":
        deliver_all()
        post.outbox.clear()
        respondents.remind(by=sam(), respondents=[row])
    before = RespondentLink.objects.count()
    change(run, row)
    deliver_all()
    assert post.outbox == []
    assert Mail.objects.filter(state=MailState.CANCELLED).count() == 1
    assert RespondentLink.objects.count() <= before


def test_a_client_who_left_the_account_is_not_asked(run):
    asked(run, Person("Dora", "dora@northwind.example"))
    memberships.remove(
        by=cast.system(), membership=Membership.objects.get(user=cast.person("dora"), account=run.account)
    )
    deliver_all()
    assert post.outbox == []


# Reminder -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "subject"),
    [
        (12, "Reminder: “Every kind” is due on "),
        (1, "Reminder: “Every kind” is due tomorrow"),
        (0, "Reminder: “Every kind” is due today"),
        (-3, "Reminder: “Every kind” was due on "),
        (None, "Reminder: “Every kind” waits for your answers"),
    ],
)
def test_a_reminder_says_how_much_time_is_left(run, left, subject):
    from django.utils import timezone

    due_on = None if left is None else timezone.now().date() + timedelta(days=left)
    Assessment.objects.filter(pk=run.pk).update(due_on=due_on)
    respondents.remind(by=sam(), respondents=[priya_in(run)])
    assert only_letter().subject.startswith(subject)


def test_a_reminder_says_how_far_it_is(run):
    stage.say(cast.viewer("priya", "Northwind"), run, "edr", "all")
    respondents.remind(by=sam(), respondents=[priya_in(run)], message="Only two left.")
    letter = only_letter()
    assert re.search(r"Answered: 1 of \d+ questions", letter.body)
    assert "waits for the rest of your answers" in letter.body
    assert "Go on answering:" in letter.body
    assert "> Only two left." in letter.body


# Cost -----------------------------------------------------------------------------------------------------------------


def test_inviting_two_hundred_people_is_a_few_queries_in_the_request(run, django_assert_max_num_queries):
    people = [Person(f"P {n}", f"p{n}@outside.example") for n in range(200)]
    rows = respondents.add(by=sam(), run=run, people=people)
    by = sam()
    with django_assert_max_num_queries(15):
        respondents.invite(by=by, respondents=rows)
    assert Mail.objects.filter(state=MailState.QUEUED).count() == 200
    deliver_all()
    assert len({letter.to[0] for letter in post.outbox}) == len(post.outbox)
    assert Mail.objects.filter(state=MailState.SENT).count() == len(post.outbox)


def test_a_mail_of_another_organization_is_not_written(run):
    asked(run)
    with cast.inside("sunny"):
        assert mails.due_now(cast.organization("sunny").pk, 10) == []
