"""One line per person: how far each is, in few queries."""

from datetime import timedelta

import pytest
from django.core import mail as post
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.models import Mail, NotificationChoice
from accounts.models.mail import MailState
from assessments.actions import links, respondents
from assessments.actions.respondents import Person
from assessments.batching import batch_people
from assessments.models import Assessment, Mode, Respondent, RespondentLink
from assessments.people import respondents as people_of_runs
from assessments.people import tracking
from assessments.staff import batch_lines
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    with cast.inside("harbor"):
        yield cast.viewer("sam", "Northwind")


@pytest.fixture
def run(sam) -> Assessment:
    return stage.launched()


@pytest.fixture
def ann(sam, run) -> Respondent:
    return respondents.add(by=sam, run=run, people=[Person("Ann Lee", "ann@example.com")])[0]


def line_of(sam, one: Respondent) -> tracking.Tracked:
    found = Respondent.objects.select_related("assessment", "user").get(pk=one.pk)
    return tracking.rows(sam, [found])[0]


def test_the_way_of_one_person(sam, run, ann):
    assert line_of(sam, ann).state == "added"
    respondents.invite(by=sam, respondents=[ann])
    line = line_of(sam, ann)
    assert (line.state, line.mail_state, line.link_state) == ("invited", MailState.QUEUED, "none")
    Mail.objects.update(state=MailState.BOUNCED, error="No such mailbox")
    line = line_of(sam, ann)
    assert (line.state, line.mail_error) == ("unreachable", "No such mailbox")
    ann.assessment = run
    _link, token = links.issue(by=sam, respondent=ann)
    assert line_of(sam, ann).link_state == "works"
    links.start(organization=sam.organization, token=token)
    assert line_of(sam, ann).state == "answering"
    respondents.stop(by=sam, respondent=ann)
    assert line_of(sam, ann).state == "stopped"
    Respondent.objects.filter(pk=ann.pk).update(stopped_at=None, submitted_at=timezone.now())
    line = line_of(sam, ann)
    assert (line.state, line.is_done) == ("done", True)
    assert not line.can_be_written_to


def test_the_last_mail_counts(sam, run, ann):
    respondents.invite(by=sam, respondents=[ann])
    Mail.objects.update(state=MailState.BOUNCED, created_at=timezone.now() - timedelta(days=1))
    respondents.remind(by=sam, respondents=[ann])
    Mail.objects.filter(kind=respondents.REMINDER).update(state=MailState.DELIVERED)
    assert line_of(sam, ann).mail_state == MailState.DELIVERED
    assert people_of_runs.count_of_run(sam, run)["unreached"] == 0


def test_ended_links(sam, run, ann):
    ann.assessment = run
    link, _token = links.issue(by=sam, respondent=ann)
    for fields in ({"revoked_at": timezone.now()}, {"expires_at": timezone.now()}, {"most_uses": 0}):
        RespondentLink.objects.filter(pk=link.pk).update(
            **{"revoked_at": None, "expires_at": link.expires_at, **fields}
        )
        assert line_of(sam, ann).link_state == "ended"


def test_in_a_shared_run_the_share_is_that_of_the_sections_asked(sam, run, ann):
    stage.say(cast.viewer("priya", "Northwind"), run, "backup", "yes")
    Respondent.objects.filter(pk=ann.pk).update(sections=["more"])
    line = line_of(sam, ann)
    assert line.percent == 33
    assert line.sections == ("more",)
    Respondent.objects.filter(pk=ann.pk).update(sections=["basics"])
    assert line_of(sam, ann).percent == 0


def test_in_an_independent_run_it_is_the_persons_own(sam, run, ann):
    Assessment.objects.filter(pk=run.pk).update(mode=Mode.INDEPENDENT, answered_count=8, question_count=8)
    Respondent.objects.filter(pk=ann.pk).update(answered_count=2, question_count=8)
    assert line_of(sam, ann).percent == 25


def test_one_person_or_forty_take_as_many_queries(sam, run, ann, django_assert_num_queries):
    people = [Person(email=f"p{number}@example.com") for number in range(40)]
    everybody = respondents.add(by=sam, run=run, people=people)
    respondents.invite(by=sam, respondents=everybody)
    for some in (1, 3, 40):
        with django_assert_num_queries(2):
            found = everybody[:some]
            for one in found:
                one.assessment = run
            assert len(tracking.rows(sam, found)) == some


@pytest.mark.parametrize(
    ("chosen", "state", "words"),
    [
        ("daily", "with_daily_mail", "Goes with the daily mail"),
        ("never", "turned_off", "Turned off by the reader"),
    ],
)
def test_a_reminder_its_reader_does_not_want_at_once_says_so(sam, run, chosen, state, words):
    dora = cast.person("dora")
    (one,) = respondents.add(by=sam, run=run, people=[Person(dora.name, dora.email)])
    NotificationChoice.objects.create(
        organization=sam.organization, user=dora, kind="assessments.reminder", channel="mail", when=chosen
    )
    respondents.remind(by=sam, respondents=[one])
    tasks.deliver_due(str(sam.organization.pk))
    assert not post.outbox
    line = line_of(sam, one)
    assert line.mail_state == state
    assert batch_people.mail_word(line).capitalize() == words
    page = cast.visitor("sam").get(reverse("staff:run_people", args=[run.account_id, run.pk])).content.decode()
    assert words in page
    assert state in batch_lines.LOOKS


def test_a_reminder_nobody_needs_is_not_needed_any_more(sam, run, ann):
    respondents.remind(by=sam, respondents=[ann])
    Respondent.objects.filter(pk=ann.pk).update(submitted_at=timezone.now())
    tasks.deliver_due(str(sam.organization.pk))
    assert line_of(sam, ann).mail_state == "cancelled"
