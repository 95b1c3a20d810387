"""Magic links: made, shared, revoked, started, and what they never do."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.actions import undoing
from accounts.links import LinkEnded, TooManyLinks
from accounts.models import AuditEntry, Mail
from assessments.actions import links, respondents
from assessments.actions.links import NameMissing, NothingToShow, RunEnded, WrongPassword
from assessments.actions.respondents import Person, UnknownSection
from assessments.models import Assessment, Mode, Power, Respondent, RespondentLink
from assessments.models.respondent import hash_of
from assessments.people import link_state
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    with cast.inside("harbor") as organization:
        yield organization


@pytest.fixture
def sam(harbor):
    return cast.viewer("sam", "Northwind")


@pytest.fixture
def run(harbor) -> Assessment:
    return stage.launched()


@pytest.fixture
def ann(sam, run) -> Respondent:
    [one] = respondents.add(by=sam, run=run, people=[Person("Ann Lee", "ann@example.com")])
    one.assessment = run
    return one


def start(organization, token: str, **said):
    return links.start(organization=organization, token=token, **said)


class TestMaking:
    def test_only_the_hash_is_kept(self, sam, ann):
        link, token = links.issue(by=sam, respondent=ann)
        assert len(token) >= 43
        assert link.token_hash == hash_of(token)
        rows = [*RespondentLink.objects.values(), *AuditEntry.objects.values(), *Mail.objects.values()]
        assert token not in str(rows)

    def test_a_new_link_ends_the_one_before(self, harbor, sam, ann):
        _first, old = links.issue(by=sam, respondent=ann)
        link, token = links.issue(by=sam, respondent=ann)
        with pytest.raises(LinkEnded):
            start(harbor, old)
        assert start(harbor, token) == (link, ann)

    def test_unless_it_is_wanted_beside_it(self, harbor, sam, ann):
        _first, old = links.issue(by=sam, respondent=ann)
        links.issue(by=sam, respondent=ann, ends_earlier=False)
        assert start(harbor, old)[1] == ann

    def test_it_lasts_30_days_or_two_weeks_past_the_due_day(self, sam, ann):
        link, _token = links.issue(by=sam, respondent=ann)
        assert timedelta(days=29) < link.expires_at - timezone.now() <= timedelta(days=30)
        ann.assessment.due_on = timezone.localdate() + timedelta(days=60)
        link, _token = links.issue(by=sam, respondent=ann)
        assert link.expires_at - timezone.now() > timedelta(days=73)
        link, _token = links.issue(by=sam, respondent=ann, expires_at=timezone.now() + timedelta(days=9999))
        assert link.expires_at - timezone.now() <= links.LONGEST

    def test_a_run_due_on_the_last_day_there_is_can_be_asked_for(self, harbor, sam, run, ann):
        ann.assessment.due_on = run.due_on = date.max
        for link, _token in (links.issue(by=sam, respondent=ann), links.share(by=sam, run=run)):
            assert link.expires_at - timezone.now() <= links.LONGEST
        assert links.lasts_until(run) - timezone.now() <= links.LONGEST

    def test_clients_make_none(self, run, ann):
        priya = cast.viewer("priya", "Northwind")
        with pytest.raises(PermissionDenied):
            links.issue(by=priya, respondent=ann)
        with pytest.raises(PermissionDenied):
            links.share(by=priya, run=run)
        assert not RespondentLink.objects.exists()

    def test_none_for_who_is_done_or_stopped(self, sam, ann):
        respondents.stop(by=sam, respondent=ann)
        ann.refresh_from_db()
        with pytest.raises(RunEnded):
            links.issue(by=sam, respondent=ann)

    def test_a_run_shares_so_many(self, sam, run, monkeypatch):
        monkeypatch.setattr(links, "MOST_SHARED", 1)
        links.share(by=sam, run=run)
        with pytest.raises(TooManyLinks):
            links.share(by=sam, run=run)

    def test_sections_are_the_definitions(self, sam, run):
        with pytest.raises(UnknownSection):
            links.share(by=sam, run=run, sections=["nowhere"])

    def test_an_independent_run_has_nothing_common_to_show(self, sam, run):
        Assessment.objects.filter(pk=run.pk).update(mode=Mode.INDEPENDENT)
        with pytest.raises(NothingToShow):
            links.share(by=sam, run=run, power=Power.VIEW)

    def test_revoking_twice_is_revoking_once(self, sam, run):
        link, _token = links.share(by=sam, run=run)
        assert links.revoke(by=sam, link=link)
        assert not links.revoke(by=sam, link=link)

    def test_a_step_of_revoking_is_taken_back_once_and_only_the_last_one(self, sam, run):
        link, _token = links.share(by=sam, run=run)
        first = links.revoke(by=sam, link=link)
        links.restore(by=sam, link=link, step=first.pk)
        link.refresh_from_db()
        assert (link.revoked_at, link.revoked_by) == (None, None)
        with pytest.raises(undoing.TooLate):
            links.restore(by=sam, link=link, step=first.pk)
        links.revoke(by=sam, link=link)
        with pytest.raises(undoing.TooLate):
            links.restore(by=sam, link=link, step=first.pk)
        other, _token = links.share(by=sam, run=run)
        step = links.revoke(by=sam, link=other)
        with pytest.raises(undoing.TooLate):
            links.restore(by=sam, link=link, step=step.pk)
        with pytest.raises(undoing.TooLate):
            links.restore(by=cast.viewer("ada", "Northwind"), link=other, step=step.pk)
        with pytest.raises(PermissionDenied):
            links.restore(by=cast.viewer("priya", "Northwind"), link=other, step=step.pk)

    def test_who_has_another_link_by_now_does_not_get_two(self, sam, ann):
        link, _token = links.issue(by=sam, respondent=ann)
        step = links.revoke(by=sam, link=link)
        links.issue(by=sam, respondent=ann)
        with pytest.raises(undoing.TooLate):
            links.restore(by=sam, link=link, step=step.pk)

    def test_no_more_share_links_work_than_may(self, sam, run, monkeypatch):
        link, _token = links.share(by=sam, run=run)
        step = links.revoke(by=sam, link=link)
        monkeypatch.setattr(links, "MOST_SHARED", 1)
        links.share(by=sam, run=run)
        with pytest.raises(TooManyLinks):
            links.restore(by=sam, link=link, step=step.pk)


class TestStarting:
    def test_it_counts_and_is_noted(self, harbor, sam, ann):
        link, token = links.issue(by=sam, respondent=ann)
        start(harbor, token)
        start(harbor, token)
        link.refresh_from_db()
        ann.refresh_from_db()
        assert link.uses == 2
        assert link.last_opened_at
        assert ann.opened_at
        assert AuditEntry.objects.filter(verb="link.started", actor=None, actor_name="Ann Lee").count() == 2

    @pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\x00", "ü", "../../etc/passwd"])
    def test_what_nobody_was_given_starts_nothing(self, harbor, token):
        with pytest.raises(LinkEnded):
            start(harbor, token)

    def test_every_end_is_the_same_end(self, harbor, sam, run, ann):
        ends = {
            "revoked": lambda link: links.revoke(by=sam, link=link),
            "expired": lambda link: RespondentLink.objects.filter(pk=link.pk).update(expires_at=timezone.now()),
            "used up": lambda link: RespondentLink.objects.filter(pk=link.pk).update(most_uses=0),
            "stopped": lambda link: Respondent.objects.filter(pk=ann.pk).update(stopped_at=timezone.now()),
            "done": lambda link: Respondent.objects.filter(pk=ann.pk).update(
                stopped_at=None, submitted_at=timezone.now()
            ),
            "deleted": lambda link: Assessment.objects.filter(pk=run.pk).update(deleted_at=timezone.now()),
        }
        for why, end in ends.items():
            Respondent.objects.filter(pk=ann.pk).update(stopped_at=None, submitted_at=None)
            ann.refresh_from_db()
            link, token = links.issue(by=sam, respondent=ann)
            end(link)
            with pytest.raises(LinkEnded):
                pytest.fail(f"{why}: {start(harbor, token)}")

    def test_another_organization_does_not_know_it(self, sam, ann):
        _link, token = links.issue(by=sam, respondent=ann)
        with cast.inside("sunny") as sunny, pytest.raises(LinkEnded):
            start(sunny, token)

    def test_a_password_is_asked_for_and_hashed(self, harbor, sam, run):
        link, token = links.share(by=sam, run=run, password="open sesame")
        assert "open sesame" not in link.password
        for wrong in ("", "Open sesame", link.password):
            with pytest.raises(WrongPassword):
                start(harbor, token, password=wrong, name="Ann")
        assert RespondentLink.objects.get(pk=link.pk).uses == 0
        assert start(harbor, token, password="open sesame", name="Ann")[1].shown_name == "Ann"

    def test_a_client_who_left_does_not_come_by_an_old_link(self, harbor, sam, run):
        [marcus] = respondents.add(by=sam, run=run, people=[Person(user=cast.person("marcus"))])
        marcus.assessment = run
        _link, token = links.issue(by=sam, respondent=marcus)
        assert start(harbor, token)[1] == marcus
        marcus.user.memberships.all().delete()
        with pytest.raises(LinkEnded):
            start(harbor, token)


class TestSharing:
    def test_each_start_is_somebody_new(self, harbor, sam, run):
        link, token = links.share(by=sam, run=run)
        with pytest.raises(NameMissing):
            start(harbor, token, name="  ")
        people = [start(harbor, token, name=" Ann   Lee ", email="Ann@example.com")[1] for _ in range(2)]
        assert [one.shown_name for one in people] == ["Ann Lee", "Ann Lee"]
        assert people[0].pk != people[1].pk
        # The address belongs to whoever said it first; nobody proved it, so nobody is led into anybody's answers.
        assert [one.email for one in people] == ["ann@example.com", ""]
        assert {one.through_id for one in people} == {link.pk}

    def test_typing_anothers_address_leads_nowhere_and_tells_nothing(self, harbor, sam, run, ann):
        _link, token = links.share(by=sam, run=run)
        thief = start(harbor, token, name="Ann", email="ann@example.com")[1]
        assert thief.pk != ann.pk
        assert thief.email == ""
        [mail] = Mail.objects.filter(kind=respondents.INVITATION)
        assert (mail.about, mail.to_email, mail.data["ends_earlier"]) == (ann.pk, "ann@example.com", False)
        start(harbor, token, name="Ann", email="ann@example.com")
        assert Mail.objects.filter(kind=respondents.INVITATION).count() == 1

    def test_a_clients_address_is_not_taken_either(self, harbor, sam, run):
        _link, token = links.share(by=sam, run=run)
        thief = start(harbor, token, name="Marcus", email=cast.EMAILS["marcus"])[1]
        assert (thief.user, thief.email) == (None, "")

    def test_nobody_is_mailed_because_a_stranger_typed_their_address(self, harbor, sam, run):
        _link, token = links.share(by=sam, run=run)
        for _ in range(2):
            start(harbor, token, name="Buy now", email="victim@example.com")
        assert not Mail.objects.exists()

    def test_who_was_there_first_under_anothers_address_is_out_when_its_owner_comes(self, harbor, sam, run):
        shared, token = links.share(by=sam, run=run)
        impostor = start(harbor, token, name="Eve", email="ann@example.com")[1]
        [ann] = respondents.add(by=sam, run=run, people=[Person("Ann", "ann@example.com")])
        assert ann.pk == impostor.pk
        ann.assessment = run
        _link, own = links.issue(by=sam, respondent=ann)
        start(harbor, own)
        assert Respondent.objects.get(pk=ann.pk).through_id is None
        assert link_state.answering(shared, ann.pk) is None

    def test_one_that_only_shows_makes_nobody_a_respondent(self, harbor, sam, run):
        _link, token = links.share(by=sam, run=run, power=Power.VIEW)
        before = Respondent.objects.count()
        assert start(harbor, token)[1] is None
        assert Respondent.objects.count() == before
