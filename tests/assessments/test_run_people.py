"""The page of a run's people: added, invited, stopped, given links, by staff of the account."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Mail
from accounts.models.mail import MailState
from assessments.actions import links, respondents
from assessments.actions.respondents import Person
from assessments.models import Assessment, Mode, Power, Respondent, RespondentLink
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r"http://harbor\.localhost/r/([\w-]{43})/")


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.launched()


@pytest.fixture
def sam():
    return cast.visitor("sam")


def add(run: Assessment, *people: Person) -> list[Respondent]:
    with cast.inside("harbor"):
        added = respondents.add(by=cast.viewer("sam", "Northwind"), run=run, people=people)
        for one in added:
            one.assessment = run
        return added


ANN = Person("Ann Lee", "ann@example.com")


def page_of(run: Assessment) -> str:
    return stage.address("staff:run_people", run)


def test_the_page_lists_everybody(sam, run):
    add(run, ANN, Person(user=cast.person("marcus")))
    page = sam.get(page_of(run)).content.decode()
    for words in ("Ann Lee", "ann@example.com", "Marcus Lee", "Priya Nair", "Not invited", "Remind 3 missing"):
        assert words in page
    assert 'aria-current="page">People' in page


def test_nobody_asked_yet(sam, run):
    with cast.inside("harbor"):
        Respondent.objects.filter(assessment=run)._raw_delete("default")
    assert "Nobody is asked yet" in sam.get(page_of(run)).content.decode()


def test_filters_and_search(sam, run):
    ann, bob = add(run, ANN, Person("Bob", "bob@example.com"))
    with cast.inside("harbor"):
        Respondent.objects.filter(pk=ann.pk).update(submitted_at=timezone.now())
        respondents.invite(by=cast.viewer("sam", "Northwind"), respondents=[bob])
        Mail.objects.update(state=MailState.BOUNCED)

    def names(query: str) -> list[str]:
        found = sam.get(f"{page_of(run)}?{query}", headers={"HX-Request": "true"}).content.decode()
        return re.findall(r"<strong>([^<]+)</strong>", found.partition("<tbody>")[2])

    assert names("") == ["Priya Nair", "Ann Lee", "Bob"]
    assert names("show=missing") == ["Priya Nair", "Bob"]
    assert names("show=done") == ["Ann Lee"]
    assert names("show=unreached") == ["Bob"]
    assert names("q=ann%40example") == ["Ann Lee"]
    assert names("q=nobody") == []


class TestAdding:
    def test_lines_and_users(self, sam, run):
        marcus = cast.person("marcus")
        said = {
            "users": [str(marcus.pk)],
            "lines": "Ann Lee <ann@example.com>\nbob@example.com",
            "sections": ["more"],
            "invite": "on",
            "message": "Thank you",
        }
        answer = sam.post(stage.address("staff:run_additions", run), said)
        assert (answer.status_code, answer["Location"]) == (303, page_of(run))
        with cast.inside("harbor"):
            people = Respondent.objects.filter(assessment=run).exclude(user=cast.person("priya"))
            assert {one.address for one in people} == {marcus.email, "ann@example.com", "bob@example.com"}
            assert {tuple(one.sections) for one in people} == {("more",)}
            assert {mail.data["message"] for mail in Mail.objects.filter(kind=respondents.INVITATION)} == {"Thank you"}
            assert {mail.data["origin"] for mail in Mail.objects.all()} == {"http://harbor.localhost"}

    def test_mistakes_are_named_with_their_line_and_nothing_is_added(self, sam, run):
        answer = sam.post(stage.address("staff:run_additions", run), {"lines": "ann@example.com\nnot an address"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Line 2:" in page
        assert "ann@example.com\nnot an address" in page
        with cast.inside("harbor"):
            assert Respondent.objects.filter(assessment=run).count() == 1

    def test_somebody_is_named(self, sam, run):
        assert "Name somebody." in sam.post(stage.address("staff:run_additions", run), {}).content.decode()
        add(run, ANN)
        page = sam.post(stage.address("staff:run_additions", run), {"lines": "ann@example.com"}).content.decode()
        assert "Everybody named answers already." in page

    def test_people_of_other_accounts_are_not_to_be_picked(self, sam, run):
        carla = str(cast.person("carla").pk)
        answer = sam.post(stage.address("staff:run_additions", run), {"users": [carla]})
        assert answer.status_code == 422
        assert "Carla" not in sam.get(stage.address("staff:run_additions", run)).content.decode()

    def test_without_invitations(self, sam, run):
        sam.post(stage.address("staff:run_additions", run), {"lines": "ann@example.com"})
        with cast.inside("harbor"):
            assert not Mail.objects.exists()

    def test_a_hundred_lines_of_anything_are_no_error(self, sam, run):
        lines = "\n".join(["\x00", "<>", "@", "a@b", '"', ";;;;", "Ann <ann@example.com", "😀 <x@y.z>"] * 12)
        assert sam.post(stage.address("staff:run_additions", run), {"lines": lines}).status_code == 422


class TestWriting:
    def test_the_chosen_are_invited(self, sam, run):
        ann, _bob = add(run, ANN, Person("Bob", "bob@example.com"))
        chosen = {"respondents": [str(ann.pk), "nonsense", "00000000-0000-0000-0000-000000000000"]}
        sam.post(stage.address("staff:run_invitations", run), chosen)
        with cast.inside("harbor"):
            assert [mail.to_email for mail in Mail.objects.all()] == ["ann@example.com"]

    def test_people_of_other_runs_are_not(self, sam, run):
        with cast.inside("harbor"):
            other = stage.launched(definition=run.definition)
        [ann] = add(other, ANN)
        sam.post(stage.address("staff:run_invitations", run), {"respondents": [str(ann.pk)]})
        with cast.inside("harbor"):
            assert not Mail.objects.exists()

    def test_chosen_nobody_everybody_missing_is_reminded(self, sam, run):
        ann, _bob = add(run, ANN, Person("Bob", "bob@example.com"))
        with cast.inside("harbor"):
            Respondent.objects.filter(pk=ann.pk).update(submitted_at=timezone.now())
        sam.post(stage.address("staff:run_reminders", run))
        with cast.inside("harbor"):
            written = {mail.to_email for mail in Mail.objects.filter(kind=respondents.REMINDER)}
            assert written == {"bob@example.com", cast.EMAILS["priya"]}


class TestOnePerson:
    def test_sections(self, sam, run):
        [ann] = add(run, ANN)
        address = stage.address("staff:run_person_sections", run, str(ann.pk))
        assert "Sections of Ann Lee" in sam.get(address).content.decode()
        assert sam.post(address, {"sections": ["more"]}).status_code == 303
        assert sam.post(address, {"sections": ["nowhere"]}).status_code == 422
        assert ">Basics<" not in sam.get(page_of(run)).content.decode()
        with cast.inside("harbor"):
            assert Respondent.objects.get(pk=ann.pk).sections == ["more"]

    def test_stop_and_resume(self, sam, run):
        [ann] = add(run, ANN)
        sam.post(stage.address("staff:run_person_stop", run, str(ann.pk)))
        assert "Let them answer again" in sam.get(page_of(run)).content.decode()
        sam.post(stage.address("staff:run_person_resumption", run, str(ann.pk)))
        with cast.inside("harbor"):
            assert Respondent.objects.get(pk=ann.pk).stopped_at is None

    def test_removal_can_be_taken_back(self, sam, run):
        [ann] = add(run, ANN)
        answer = sam.post(stage.address("staff:run_person_removal", run, str(ann.pk)))
        assert "ann" not in answer["Location"]
        page = sam.get(answer["Location"]).content.decode()
        assert "Ann Lee is taken out." in page
        undo = re.search(r'action="([^"]+/restorations/[^"]+)"', page)[1]
        sam.post(undo)
        with cast.inside("harbor"):
            assert Respondent.objects.get(assessment=run, email="ann@example.com").name == "Ann Lee"

    def test_another_persons_removal_is_not_mine_to_take_back(self, sam, run):
        [ann] = add(run, ANN)
        sam.post(stage.address("staff:run_person_removal", run, str(ann.pk)))
        with cast.inside("harbor"):
            entry = AuditEntry.objects.get(verb=respondents.REMOVED)
        cast.visitor("ada").post(stage.address("staff:run_restoration", run, str(entry.pk)))
        with cast.inside("harbor"):
            assert not Respondent.objects.filter(email="ann@example.com").exists()

    def test_who_answered_is_not_removed(self, sam, run):
        with cast.inside("harbor"):
            priya = cast.viewer("priya", "Northwind")
            stage.say(priya, run, "motto", "Onward")
            one = Respondent.objects.get(assessment=run, user=priya.user)
        answer = sam.post(stage.address("staff:run_person_removal", run, str(one.pk)))
        assert answer.status_code == 409
        assert "Priya Nair answered already" in answer.content.decode()

    def test_a_new_link_is_shown_once_and_ends_the_old_one(self, sam, run):
        [ann] = add(run, ANN)
        address = stage.address("staff:run_person_link", run, str(ann.pk))
        [old] = set(TOKEN.findall(sam.post(address).content.decode()))
        answer = sam.post(address)
        [token] = set(TOKEN.findall(answer.content.decode()))
        assert token != old
        assert "no-store" in answer["Cache-Control"]
        assert not TOKEN.search(sam.get(page_of(run)).content.decode())
        assert cast.visitor().get(reverse("guest_link", args=[old])).status_code == 410
        assert cast.visitor().get(reverse("guest_link", args=[token])).status_code == 200
        assert sam.get(address).status_code == 405

    def test_who_is_done_gets_none(self, sam, run):
        [ann] = add(run, ANN)
        with cast.inside("harbor"):
            Respondent.objects.filter(pk=ann.pk).update(submitted_at=timezone.now())
        assert sam.post(stage.address("staff:run_person_link", run, str(ann.pk))).status_code == 409

    def test_a_person_of_another_run_is_not_here(self, sam, run):
        with cast.inside("harbor"):
            other = stage.launched(definition=run.definition)
        [ann] = add(other, ANN)
        assert sam.post(stage.address("staff:run_person_stop", run, str(ann.pk))).status_code == 404


class TestSharedLinks:
    def said(self, **more) -> dict:
        return {"power": "answer", "until": str(timezone.localdate()), **more}

    def test_one_is_made_with_terms_and_shown_once(self, sam, run):
        address = stage.address("staff:run_links", run)
        terms = self.said(power="view", sections=["more"], most_uses="3", password="open sesame")
        [token] = set(TOKEN.findall(sam.post(address, terms).content.decode()))
        with cast.inside("harbor"):
            link = RespondentLink.objects.get(assessment=run)
        assert (link.power, link.sections, link.most_uses) == (Power.VIEW, ["more"], 3)
        assert link.password.startswith(("md5$", "argon2$"))
        assert timezone.localdate(link.expires_at) == timezone.localdate()
        page = sam.get(page_of(run)).content.decode()
        assert token not in page
        assert link.token_hash not in page
        assert "To look at the answers" in page
        assert "0 of 3" in page

    @pytest.mark.parametrize(
        "wrong",
        [{"until": "2020-01-01"}, {"until": "9999-01-01"}, {"until": ""}, {"most_uses": "0"}, {"password": "short"}],
    )
    def test_wrong_terms_make_none(self, sam, run, wrong: dict):
        assert sam.post(stage.address("staff:run_links", run), self.said(**wrong)).status_code == 422
        with cast.inside("harbor"):
            assert not RespondentLink.objects.exists()

    def test_an_independent_run_offers_no_looking(self, sam, run):
        with cast.inside("harbor"):
            Assessment.objects.filter(pk=run.pk).update(mode=Mode.INDEPENDENT)
        assert 'name="power"' not in sam.get(stage.address("staff:run_links", run)).content.decode()

    def test_revoking_ends_it(self, sam, run):
        with cast.inside("harbor"):
            link, token = links.share(by=cast.viewer("sam", "Northwind"), run=run)
        done = sam.post(stage.address("staff:run_link_revocation", run, str(link.pk)), follow=True)
        assert cast.visitor().get(reverse("guest_link", args=[token])).status_code == 410
        assert "Revoked" in done.content.decode()
        undo = f"/people/links/{link.pk}/return/"
        [step] = re.findall(rf'action="([^"]*{undo}[^"]+)"', done.content.decode())
        assert sam.post(step).status_code == 303
        assert cast.visitor().get(reverse("guest_link", args=[token])).status_code == 200
        assert sam.post(step).status_code == 409


def test_a_run_that_is_over_can_be_looked_at_and_not_added_to(sam):
    with cast.inside("harbor"):
        run = stage.submitted()
    page = sam.get(page_of(run)).content.decode()
    assert "Priya Nair" in page
    assert "Add people" not in page
    assert sam.post(stage.address("staff:run_additions", run), {"lines": "ann@example.com"}).status_code == 422


def test_one_person_or_two_hundred_take_as_many_queries(sam, run):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert sam.get(page_of(run)).status_code == 200
        return len(captured)

    sam.get(page_of(run))
    few = queries()
    add(run, *(Person(email=f"p{number}@example.com") for number in range(200)))
    assert queries() == few
