"""Somebody without a login comes by a link, over HTTP: the door, the clean address, and every way it ends."""

import re
import uuid
from datetime import timedelta

import pytest
import structlog
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from assessments.actions import links, respondents
from assessments.actions.respondents import Person
from assessments.client import guest_views
from assessments.models import Answer, Assessment, Mode, Power, Respondent, RespondentLink
from assessments.people import attempts
from portal.demo.cast import PASSWORD
from tests import cast
from tests.assessments import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    with cast.inside("harbor"):
        return stage.launched()


@pytest.fixture
def ann(run) -> Respondent:
    with cast.inside("harbor"):
        sam = cast.viewer("sam", "Northwind")
        [one] = respondents.add(by=sam, run=run, people=[Person("Ann Lee", "ann@example.com")])
        one.assessment = run
        return one


def own(one: Respondent, **terms) -> tuple[RespondentLink, str]:
    with cast.inside("harbor"):
        return links.issue(by=cast.viewer("sam", "Northwind"), respondent=one, **terms)


def shared(run: Assessment, **terms) -> tuple[RespondentLink, str]:
    with cast.inside("harbor"):
        return links.share(by=cast.viewer("sam", "Northwind"), run=run, **terms)


def door(token: str) -> str:
    return reverse("guest_link", args=[token])


def behind(link: RespondentLink, page: str = "client:take", *more: str) -> str:
    return f"/with/{link.pk}" + reverse(page, args=[link.account_id, link.assessment_id, *more])


def come_in(token: str, visitor: Client | None = None, **said) -> Client:
    visitor = visitor or cast.visitor()
    answer = visitor.post(door(token), said)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return visitor


class TestTheDoor:
    def test_reading_says_what_it_is_about_and_changes_nothing(self, run, ann):
        link, token = own(ann)
        visitor = cast.visitor()
        for _ in range(3):
            answer = visitor.get(door(token))
            assert answer.status_code == 200
            assert visitor.head(door(token)).status_code == 200
        page = answer.content.decode()
        for words in (
            "Every kind",
            "Sam Okafor",
            "Harbor IT",
            "Northwind Dental",
            "This link is for Ann Lee.",
            "Start",
        ):
            assert words in page
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert token not in page
        with cast.inside("harbor"):
            link.refresh_from_db()
            ann.refresh_from_db()
            assert (link.uses, link.last_opened_at, ann.opened_at) == (0, None, None)
            assert not AuditEntry.objects.filter(verb="link.started").exists()

    def test_starting_leads_to_a_clean_address_with_a_cookie_of_its_own(self, ann):
        link, token = own(ann)
        visitor = cast.visitor()
        answer = visitor.post(door(token))
        assert answer["Location"] == behind(link)
        assert token not in answer["Location"]
        cookie = answer.cookies["guest"]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/with/{link.pk}/", True, "Lax")
        assert token not in str(answer.cookies)
        assert visitor.get(behind(link), follow=True).status_code == 200

    def test_over_tls_the_cookies_are_secure(self, ann):
        _link, token = own(ann)
        answer = cast.visitor().post(door(token), secure=True)
        assert all(cookie["secure"] for name, cookie in answer.cookies.items() if name.startswith("guest"))

    def test_coming_back_counts_no_second_use(self, ann):
        link, token = own(ann, most_uses=1)
        visitor = come_in(token)
        page = visitor.get(door(token)).content.decode()
        assert "Continue as Ann Lee" in page
        assert f'href="{behind(link)}"' in page
        assert cast.visitor().get(door(token)).status_code == 410
        with cast.inside("harbor"):
            assert RespondentLink.objects.get(pk=link.pk).uses == 1

    def test_a_share_link_asks_who_comes(self, run):
        _link, token = shared(run)
        visitor = cast.visitor()
        assert 'name="name"' in visitor.get(door(token)).content.decode()
        answer = visitor.post(door(token), {"name": "", "email": "not an address"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Enter your name." in page
        assert 'value="not an address"' in page
        come_in(token, visitor, name="Ann")
        assert "Continue as Ann" in visitor.get(door(token)).content.decode()

    def test_a_known_address_gets_the_same_answer_as_a_new_one(self, run, ann):
        link, token = shared(run)
        answers = [
            cast.visitor().post(door(token), {"name": "A", "email": mail})
            for mail in ("new@example.com", "ann@example.com", cast.EMAILS["marcus"])
        ]
        assert {(one.status_code, one["Location"]) for one in answers} == {(303, behind(link))}

    def test_a_client_who_is_signed_in_is_shown_the_own_way(self, run):
        _link, token = shared(run)
        page = cast.visitor("marcus").get(door(token)).content.decode()
        assert reverse("client:take", args=[run.account_id, run.pk]) in page
        assert (
            reverse("client:take", args=[run.account_id, run.pk])
            not in cast.visitor("carla").get(door(token)).content.decode()
        )

    def test_a_form_of_elsewhere_starts_nothing(self, ann):
        link, token = own(ann)
        strict = Client(enforce_csrf_checks=True, headers={"host": "harbor.localhost"})
        assert strict.post(door(token)).status_code == 403
        form = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get(door(token)).content.decode())
        said = {"csrfmiddlewaretoken": form[1]}
        elsewhere = {"origin": "null", "sec-fetch-site": "cross-site"}
        assert strict.post(door(token), said, headers=elsewhere).status_code == 403
        assert strict.post(door(token), said, headers={"origin": "http://evil.example"}).status_code == 403
        # What a browser sends from a page that tells nobody its address.
        here = {"origin": "null", "sec-fetch-site": "same-origin"}
        assert strict.post(door(token), said, headers=here).status_code == 303

    def test_an_independent_run_says_who_sees_the_answers(self, run, ann):
        with cast.inside("harbor"):
            Assessment.objects.filter(pk=run.pk).update(mode=Mode.INDEPENDENT)
        _link, token = own(ann)
        assert "You answer alone" in cast.visitor().get(door(token)).content.decode()

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
    def test_other_methods_are_none(self, ann, method: str):
        _link, token = own(ann)
        assert getattr(cast.visitor(), method)(door(token)).status_code == 405
        answer = cast.visitor().get(door(token), headers={"X-HTTP-Method-Override": "POST"})
        assert answer.status_code == 200


class TestEnds:
    def ends(self, run, ann) -> dict:
        def changed(**fields):
            return lambda link: RespondentLink.objects.filter(pk=link.pk).update(**fields)

        def of_run(**fields):
            return lambda link: Assessment.objects.filter(pk=run.pk).update(**fields)

        def of_ann(**fields):
            return lambda link: Respondent.objects.filter(pk=ann.pk).update(**fields)

        now = timezone.now()
        return {
            "revoked": changed(revoked_at=now),
            "expired": changed(expires_at=now - timedelta(seconds=1)),
            "stopped": of_ann(stopped_at=now),
            "submitted": of_ann(submitted_at=now),
            "closed": of_run(status="closed", closed_at=now),
            "deleted": of_run(deleted_at=now),
            "removed": lambda link: respondents.remove(by=cast.viewer("sam", "Northwind"), respondent=ann),
        }

    @pytest.mark.parametrize(
        "why", ["revoked", "expired", "stopped", "submitted", "closed", "deleted", "removed", "used up", "unknown"]
    )
    def test_every_end_is_the_same_page(self, run, ann, why: str):
        unknown = cast.visitor().get(door("x" * 43))
        link, token = own(ann)
        visitor = come_in(token)
        with cast.inside("harbor"):
            if why == "used up":
                RespondentLink.objects.filter(pk=link.pk).update(most_uses=1)
                visitor = cast.visitor()
            elif why == "unknown":
                link, token, visitor = (
                    RespondentLink(pk=uuid.uuid4(), account_id=run.account_id),
                    "y" * 43,
                    cast.visitor(),
                )
                link.assessment_id = run.pk
            else:
                self.ends(run, ann)[why](link)
            before = list(Answer.objects.values())
        met = [
            visitor.get(door(token)),
            visitor.post(door(token)),
            visitor.get(behind(link)),
            visitor.get(behind(link, "client:question", "motto")),
            visitor.post(behind(link, "client:question", "motto"), {"text": "Late"}),
            visitor.post(behind(link, "client:submission")),
            visitor.get(behind(link, "client:results")),
            visitor.get(f"/with/{link.pk}" + reverse("client:home", args=[run.account_id])),
        ]
        assert {one.status_code for one in met} == {410}
        assert {one.content for one in met} == {unknown.content}
        for name in ("Referrer-Policy", "Cache-Control", "X-Robots-Tag", "Content-Type"):
            assert {one[name] for one in met} == {unknown[name]}
        with cast.inside("harbor"):
            assert list(Answer.objects.values()) == before

    def test_another_organizations_host_and_no_organizations_host_know_no_link(self, ann):
        link, token = own(ann)
        cookies = come_in(token).cookies
        for host in ("sunny", "nobody"):
            visitor = cast.visitor(at=host)
            visitor.cookies = cookies
            assert visitor.get(door(token)).status_code == 410
            assert visitor.post(door(token)).status_code == 410
            assert visitor.get(behind(link)).status_code == 410

    def test_who_handed_in_sees_that_it_arrived_and_nothing_else(self, run, ann):
        link, token = own(ann)
        visitor = come_in(token)
        with cast.inside("harbor"):
            Respondent.objects.filter(pk=ann.pk).update(submitted_at=timezone.now())
        assert visitor.get(behind(link, "client:submitted")).status_code == 200
        assert visitor.post(behind(link, "client:submitted")).status_code == 410
        assert visitor.get(behind(link, "client:review")).status_code == 410
        assert cast.visitor().get(behind(link, "client:submitted")).status_code == 410

    def test_the_page_says_nothing_of_what_the_link_was(self, ann):
        _link, token = own(ann)
        with cast.inside("harbor"):
            RespondentLink.objects.update(revoked_at=timezone.now())
        page = cast.visitor().get(door(token)).content.decode()
        for words in ("Every kind", "Northwind", "Ann", token):
            assert words not in page


class TestTheCookie:
    def test_it_opens_its_own_link_only(self, run, ann):
        first, token = own(ann)
        second, other = shared(run)
        visitor = come_in(token)
        visitor.cookies["guest"]["path"] = "/"
        assert visitor.get(behind(second)).status_code == 410
        assert visitor.get(behind(first), follow=True).status_code == 200

    @pytest.mark.parametrize("forged", ["", "x", "a:b:c", "[]"])
    def test_a_forged_one_opens_nothing(self, ann, forged: str):
        link, _token = own(ann)
        visitor = cast.visitor()
        visitor.cookies["guest"] = forged
        assert visitor.get(behind(link)).status_code == 410
        visitor.cookies["guest"] = signing.dumps([str(link.pk), str(ann.pk)], salt="another")
        assert visitor.get(behind(link)).status_code == 410

    def test_nobody_is_made_somebody_else_by_it(self, run, ann):
        link, token = shared(run)
        visitor = come_in(token, name="Eve")
        visitor.cookies["guest"] = signing.dumps([str(link.pk), str(ann.pk)], salt="assessments.guests")
        assert visitor.get(behind(link)).status_code == 410

    def test_a_guest_gets_no_session(self, ann):
        link, token = own(ann)
        sessions = Session.objects.count()
        visitor = come_in(token)
        visitor.get(behind(link), follow=True)
        visitor.get(behind(link, "client:review"))
        assert Session.objects.count() == sessions
        assert not [name for name in visitor.cookies if "session" in name]

    def test_who_is_signed_in_answers_behind_a_link_as_its_guest(self, run, ann):
        link, token = own(ann)
        visitor = come_in(token, cast.visitor("carla"))
        stage_answer(visitor, link)
        with cast.inside("harbor"):
            answer = Answer.objects.get(assessment=run, question_key="motto")
            assert (answer.answered_by, answer.guest_id) == (None, ann.pk)
        assert visitor.get(reverse("client:take", args=[run.account_id, run.pk])).status_code == 404

    def test_the_portal_itself_does_not_know_the_guest(self, run, ann):
        _link, token = own(ann)
        visitor = come_in(token)
        answer = visitor.get(reverse("client:take", args=[run.account_id, run.pk]))
        assert "/account/login/" in answer["Location"]


def stage_answer(visitor: Client, link: RespondentLink, value: str = "Onward"):
    return visitor.post(behind(link, "client:question", "motto"), {"answer": value, "revision": "0"})


class TestBehindTheLink:
    def test_addresses_stay_inside_and_those_of_everybody_outside(self, ann):
        link, token = own(ann)
        page = come_in(token).get(behind(link), follow=True).content.decode()
        assert f"/with/{link.pk}/portal/" in page
        assert re.search(r'href="/brand/[\w.]+\.css"', page)
        assert not re.search(r'(?:href|src|action)="/portal/', page)

    def test_pages_of_errors_lead_out(self, run, ann):
        link, token = own(ann)
        visitor = come_in(token)
        answer = visitor.get(behind(link, "client:question", "no-such-question"))
        assert answer.status_code == 404
        assert f"/with/{link.pk}/brand" not in answer.content.decode()

    def test_a_link_that_only_shows_changes_nothing(self, run):
        with cast.inside("harbor"):
            stage.say(cast.viewer("priya", "Northwind"), run, "motto", "Onward")
        link, token = shared(run, power=Power.VIEW)
        visitor = come_in(token)
        assert "Onward" in visitor.get(behind(link, "client:review")).content.decode()
        assert stage_answer(visitor, link, "Backward").status_code == 403
        assert visitor.post(behind(link, "client:submission")).status_code == 403
        with cast.inside("harbor"):
            assert Answer.objects.get(assessment=run, question_key="motto").value == "Onward"

    def test_one_without_the_login_of_the_account_sees_no_other_run(self, run, ann):
        with cast.inside("harbor"):
            other = stage.launched(definition=run.definition)
        link, token = own(ann)
        visitor = come_in(token)
        assert visitor.get(f"/with/{link.pk}" + stage.address("client:take", other)).status_code == 404
        elsewhere = reverse("client:take", args=[uuid.uuid4(), run.pk])
        # In another account the link has ended, as the matrix says (valid_but_for_another_account).
        assert visitor.get(f"/with/{link.pk}{elsewhere}").status_code == 410

    def test_pages_are_kept_out_of_search_engines(self, ann):
        link, token = own(ann)
        answer = come_in(token).get(behind(link, "client:review"))
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")


class TestLimits:
    def test_whoever_tries_tokens_is_stopped_for_a_while(self, ann, monkeypatch):
        monkeypatch.setattr(guest_views, "MISSED", attempts.Limit("missed", 3, timedelta(minutes=10)))
        _link, token = own(ann)
        visitor = cast.visitor()
        assert [visitor.get(door(f"guess{number}")).status_code for number in range(4)] == [410, 410, 410, 429]
        answer = visitor.get(door(token))
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 600
        assert "Try again in 10 minutes." in answer.content.decode()
        # Others are not kept out by it.
        assert visitor.get(door(token), REMOTE_ADDR="192.0.2.7").status_code == 200

    def test_a_network_counts_as_one_visitor(self, rf):
        def visitor(address: str) -> str:
            return attempts.visitor(rf.get("/", REMOTE_ADDR=address))

        assert visitor("2001:db8::1") == visitor("2001:db8::ffff:2")
        assert visitor("2001:db8::1") != visitor("2001:db8:0:1::1")
        assert visitor("::ffff:192.0.2.7") == visitor("192.0.2.7") == "192.0.2.7"

    def test_what_a_visitor_claims_counts_only_behind_proxies_we_trust(self, rf, settings):
        def visitor() -> str:
            request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "203.0.113.9, 192.0.2.7"})
            return attempts.visitor(request)

        assert visitor() == "10.0.0.1"
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        assert visitor() == "192.0.2.7"

    def test_passwords_cannot_be_guessed(self, run, monkeypatch):
        monkeypatch.setattr(guest_views, "GUESSED", attempts.Limit("guessed", 3, timedelta(minutes=15)))
        _link, token = shared(run, password="open sesame")
        visitor = cast.visitor()
        said = [{"name": "Ann", "password": f"guess {number}"} for number in range(3)]
        assert [visitor.post(door(token), one).status_code for one in said] == [422, 422, 422]
        assert visitor.post(door(token), {"name": "Ann", "password": "open sesame"}).status_code == 429
        with cast.inside("harbor"):
            assert not Respondent.objects.filter(name="Ann").exists()

    def test_the_right_password_lets_in_and_is_not_shown_again(self, run):
        _link, token = shared(run, password="open sesame")
        answer = cast.visitor().post(door(token), {"name": "Ann", "password": "wrong"})
        assert "This is not the password of the link." in answer.content.decode()
        assert 'value="wrong"' not in answer.content.decode()
        come_in(token, name="Ann", password="open sesame")

    def test_a_window_begins_anew(self, run):
        limit = attempts.Limit("window", 1, timedelta(minutes=1))
        with cast.inside("harbor") as harbor:
            attempts.check(harbor, limit, "a")
            attempts.note(harbor, limit, "a")
            attempts.check(harbor, limit, "b")
            with pytest.raises(attempts.TooMany):
                attempts.check(harbor, limit, "a")
            attempts.Attempt.objects.update(since=timezone.now() - timedelta(minutes=2))
            attempts.check(harbor, limit, "a")
            attempts.note(harbor, limit, "a")
            assert attempts.Attempt.objects.get().count == 1


class TestLogs:
    def test_the_token_stands_in_no_line(self, ann, capsys):
        _link, token = own(ann)
        with structlog.testing.capture_logs() as lines:
            come_in(token)
            cast.visitor().get(door(token) + "?x=1")
        assert token not in str(lines)
        assert any(re.fullmatch(r"/r/#[0-9a-f]{8}/", line.get("path", "")) for line in lines)
        Client(enforce_csrf_checks=True, headers={"host": "harbor.localhost"}).post(door(token))
        said = capsys.readouterr()
        assert "Forbidden" in said.err
        assert token not in said.err + said.out


class TestTheLinkForColleagues:
    """What Copy link of the portal gives: no token in it, so it opens nothing to who may not come in anyway."""

    def test_after_signing_in_it_leads_straight_to_the_run(self, run):
        address = stage.address("client:take", run)
        visitor = cast.visitor()
        door = visitor.get(address)["Location"]
        answer = visitor.post(door, {"login": cast.EMAILS["marcus"], "password": PASSWORD})
        assert answer["Location"] == address
        assert visitor.get(address, follow=True).status_code == 200

    @pytest.mark.parametrize(("who", "status"), [("dana", 403), ("carla", 404), ("amara", 404)])
    def test_who_may_not_come_in_is_told_so(self, run, who: str, status: int):
        assert cast.visitor(who, at="harbor").get(stage.address("client:take", run)).status_code == status
