"""Request access: asked from a card, heard by those in charge, decided once, and the person hears of it."""

import datetime
import re
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import memberships
from accounts.models import AuditEntry, Mail, Membership
from accounts.roles import PortalRole
from library import access_requests, audiences, notices
from library.actions import access_requests as asking
from library.actions import library_entries
from library.models import AccessRequest, Definition, LibraryEntry
from tests import cast

HTMX = {"HX-Request": "true"}


def restricted(*people: str, roles: tuple[str, ...] = ()) -> LibraryEntry:
    """This will have Sam keep vendor risk for some of Northwind."""
    with cast.inside():
        entry = LibraryEntry.objects.select_related("definition", "account").get(
            account=cast.account("Northwind"), definition__key="vendor-risk"
        )
        members = Membership.objects.filter(account=entry.account, user__in=[cast.person(who) for who in people])
        return library_entries.choose_audience(
            by=cast.viewer("sam", "Northwind"),
            entry=entry,
            audience="portal_roles" if roles else "people",
            portal_roles=roles,
            people=list(members.values_list("pk", flat=True)),
        )


def asked(entry: LibraryEntry, who: str = "bea", note: str = "") -> AccessRequest:
    with cast.inside():
        return asking.ask(by=cast.viewer(who, "Northwind"), definition=entry.definition, note=note)


def address(name: str, *more) -> str:
    return reverse(name, args=[cast.account("Northwind").id, *more])


class TestAsking:
    pytestmark = pytest.mark.django_db

    def test_the_card_offers_it_and_then_says_that_it_waits(self):
        entry = restricted("dora")
        card, ask = (address(f"client:{name}", entry.definition_id) for name in ("available_card", "access_request"))
        visitor = cast.visitor("bea")
        assert ask in visitor.get(card).content.decode()
        response = visitor.post(ask, {"note": "I pay the suppliers"})
        assert response.status_code == 303
        assert response["Location"] == card
        page = visitor.get(card).content.decode()
        assert "has your request" in page
        assert "I pay the suppliers" in page
        assert ask not in page
        assert "Access requested" in visitor.get(address("client:available")).content.decode()

    def test_in_the_dialog_only_that_part_changes(self):
        entry = restricted("dora")
        answer = cast.visitor("bea").post(address("client:access_request", entry.definition_id), headers=HTMX)
        assert answer.status_code == 200
        assert answer.content.decode().lstrip().startswith('<div class="mt" id="access">')
        assert "HX-Trigger" in answer.headers

    def test_asked_twice_it_is_one_request_and_one_mail(self):
        entry = restricted("dora")
        assert asked(entry) == asked(entry)
        with cast.inside():
            assert Mail.objects.filter(kind=notices.REQUESTED).count() == 1
            assert AuditEntry.objects.filter(verb="access.requested").count() == 1

    @pytest.mark.parametrize(
        ("who", "status"), [("dora", 303), ("priya", 303), ("sam", 403), ("dana", 403), ("carla", 404), ("amara", 404)]
    )
    def test_who_may_ask(self, who, status):
        entry = restricted("dora")
        with cast.inside():
            before = AccessRequest.objects.count()
        response = cast.visitor(who, at="harbor").post(address("client:access_request", entry.definition_id))
        assert response.status_code == status
        with cast.inside():
            assert AccessRequest.objects.count() - before == (1 if who == "priya" else 0)

    def test_a_long_note_is_refused_and_kept(self):
        entry = restricted("dora")
        answer = cast.visitor("bea").post(
            address("client:access_request", entry.definition_id), {"note": "x" * 501}, headers=HTMX
        )
        assert answer.status_code == 422
        assert "x" * 501 in answer.content.decode()

    def test_ten_a_day_are_enough(self):
        entry = restricted("dora")
        with cast.inside():
            for other in Definition.objects.exclude(pk=entry.definition_id)[:1]:
                for _each in range(access_requests.MOST_A_DAY):
                    AccessRequest.objects.create(
                        organization_id=entry.organization_id, account=entry.account, definition=other,
                        user=cast.person("bea"), state="granted",
                    )  # fmt: skip
        response = cast.visitor("bea").post(address("client:access_request", entry.definition_id))
        assert response.status_code == 429
        with cast.inside():
            assert not AccessRequest.objects.filter(state="open").exists()

    def test_after_a_no_one_asks_again_a_week_later(self):
        entry = restricted("dora")
        request = asked(entry)
        with cast.inside():
            asking.decline(by=cast.viewer("sam", "Northwind"), request=request, reason="Dora does that")
        card = cast.visitor("bea").get(address("client:available_card", entry.definition_id)).content.decode()
        assert "Dora does that" in card
        assert "You can ask again from" in card
        with pytest.raises(asking.TooSoon):
            asked(entry)
        with cast.inside():
            long_ago = timezone.now() - datetime.timedelta(days=8)
            AccessRequest.objects.filter(pk=request.pk).update(decided_at=long_ago, created_at=long_ago)
        assert asked(entry).pk != request.pk


class TestEveryPlaceThatShowsIt:
    pytestmark = pytest.mark.django_db

    def test_from_the_address_of_the_library_to_who_looks_after_the_account(self):
        """A colleague's link leads to the page of the definition; there one asks, and the Account Executive reads it."""
        entry = restricted("dora")
        visitor = cast.visitor("bea")
        page = visitor.get(address("client:library_card", entry.definition_id), follow=True)
        assert page.redirect_chain == [(address("client:available_card", entry.definition_id), 302)]
        ask = address("client:access_request", entry.definition_id)
        assert f'action="{ask}"' in page.content.decode()
        assert visitor.post(ask, {"note": "I pay the suppliers"}).status_code == 303
        with cast.inside():
            assert Mail.objects.filter(kind=notices.REQUESTED, account=entry.account).count() == 1
        read = cast.visitor("sam").get(address("staff:account_library")).content.decode()
        assert "Bea Lindqvist asks for" in read
        assert "I pay the suppliers" in read
        assert cast.visitor("lena", at="harbor").get(address("staff:account_library")).status_code == 404

    def states(self, entry: LibraryEntry) -> list[str]:
        """This will read what the card and the search say of it."""
        visitor, words = cast.visitor("bea"), entry.definition.name
        card = visitor.get(address("client:available")).content.decode().partition(f">{words}</a>")[2]
        hit = visitor.get(address("client:search"), {"q": words}).content.decode().partition(f">{words}</span>")[2]
        said = [card.partition("</li>")[0], hit.partition("</li>")[0]]
        return [re.sub(r"<[^>]*>", "", one).strip() for one in said]

    def test_every_state_is_said_everywhere(self):
        entry = restricted("dora")
        assert self.states(entry) == ["Request access"] * 2
        request = asked(entry)
        assert self.states(entry) == ["Access requested"] * 2
        with cast.inside():
            asking.decline(by=cast.viewer("sam", "Northwind"), request=request)
        assert self.states(entry) == ["Request declined"] * 2
        with cast.inside():
            long_ago = timezone.now() - datetime.timedelta(days=8)
            AccessRequest.objects.filter(pk=request.pk).update(decided_at=long_ago, created_at=long_ago)
        assert self.states(entry) == ["Request access again"] * 2
        card = cast.visitor("bea").get(address("client:available_card", entry.definition_id)).content.decode()
        assert address("client:access_request", entry.definition_id) in card

    def test_granted_it_moves_into_the_library(self):
        entry = restricted("dora")
        with cast.inside():
            asking.grant(by=cast.viewer("sam", "Northwind"), request=asked(entry))
        assert cast.visitor("bea").get(address("client:library_card", entry.definition_id)).status_code == 200
        assert "questions" in self.states(entry)[1]
        assert self.states(entry)[0] == ""

    def test_the_library_itself_does_not_list_it(self):
        entry = restricted("dora")
        page = cast.visitor("bea").get(address("client:library"), {"q": entry.definition.name}).content.decode()
        assert str(entry.definition_id) not in page

    @pytest.mark.parametrize("who", ["carla", "noor", "amara", "lena"])
    def test_strangers_are_led_nowhere(self, who: str):
        entry = restricted("dora")
        for name in ("library_card", "available_card"):
            page = address(f"client:{name}", entry.definition_id)
            assert cast.visitor(who, at="harbor").get(page).status_code == 404


class TestDeciding:
    pytestmark = pytest.mark.django_db

    def test_the_page_of_the_account_shows_it_with_the_note(self):
        asked(restricted("dora"), note="I pay the suppliers")
        page = cast.visitor("sam").get(address("staff:account_library")).content.decode()
        assert "Bea Lindqvist asks for" in page
        assert "I pay the suppliers" in page

    def test_granting_chooses_the_person_as_well(self):
        entry = restricted("dora")
        request = asked(entry)
        response = cast.visitor("sam").post(address("staff:access_grant", request.pk))
        assert response.status_code == 303
        with cast.inside():
            assert audiences.takeable_among(cast.viewer("bea", "Northwind"), [entry.definition_id])
            assert not audiences.takeable_among(cast.viewer("felix", "Northwind"), [entry.definition_id])
            request.refresh_from_db()
            assert (request.state, request.decided_by.name) == ("granted", "Sam Okafor")
            assert Mail.objects.filter(kind=notices.DECIDED, to_email=cast.EMAILS["bea"]).count() == 1
        assert cast.visitor("bea").post(address("client:launch", entry.definition_id)).status_code == 303

    def test_beside_chosen_roles_the_person_is_added(self):
        entry = restricted(roles=(PortalRole.APPROVER,))
        request = asked(entry)
        cast.visitor("sam").post(address("staff:access_grant", request.pk))
        with cast.inside():
            entry.refresh_from_db()
            assert entry.audience == "portal_roles"
            assert audiences.takeable_among(cast.viewer("bea", "Northwind"), [entry.definition_id])
            assert audiences.takeable_among(cast.viewer("felix", "Northwind"), [entry.definition_id])

    def test_what_was_taken_out_of_the_library_meanwhile_comes_back_for_everyone(self):
        entry = restricted("dora")
        request = asked(entry)
        with cast.inside():
            library_entries.remove(by=cast.viewer("sam", "Northwind"), entries=[entry])
        cast.visitor("sam").post(address("staff:access_grant", request.pk))
        with cast.inside():
            assert LibraryEntry.objects.get(account=entry.account, definition=entry.definition).audience == "everyone"

    def test_declining_with_a_reason(self):
        request = asked(restricted("dora"))
        response = cast.visitor("sam").post(address("staff:access_refusal", request.pk), {"reason": "Not your area"})
        assert response.status_code == 303
        with cast.inside():
            request.refresh_from_db()
        assert (request.state, request.reason) == ("declined", "Not your area")

    def test_the_second_decision_finds_the_first(self):
        request = asked(restricted("dora"))
        assert cast.visitor("ada").post(address("staff:access_refusal", request.pk)).status_code == 303
        late = cast.visitor("sam").post(address("staff:access_grant", request.pk))
        assert late.status_code == 409
        assert "Ada Whitfield declined this already" in late.content.decode()

    @pytest.mark.parametrize(
        ("who", "status"), [("dana", 403), ("bea", 404), ("priya", 404), ("lena", 404), ("carla", 404), ("amara", 404)]
    )
    def test_nobody_else_decides(self, who, status):
        request = asked(restricted("dora"))
        for name in ("access_grant", "access_refusal"):
            address_of = address(f"staff:{name}", request.pk)
            assert cast.visitor(who, at="harbor").post(address_of).status_code == status
        with cast.inside():
            request.refresh_from_db()
            assert request.state == "open"

    def test_nobody_decides_about_their_own(self):
        entry = restricted("dora")
        with cast.inside():
            request = AccessRequest.objects.create(
                organization_id=entry.organization_id, account=entry.account, definition=entry.definition,
                user=cast.person("sam"),
            )  # fmt: skip
            with pytest.raises(PermissionDenied):
                asking.grant(by=cast.viewer("sam", "Northwind"), request=request)

    def test_who_left_the_account_waits_no_longer(self):
        entry = restricted("dora")
        request = asked(entry)
        with cast.inside():
            member = Membership.objects.get(user=cast.person("bea"), account=entry.account)
            memberships.remove(by=cast.viewer("ada", "Northwind"), membership=member)
            sam = cast.viewer("sam", "Northwind")
            assert access_requests.waiting_in_account(sam) == []
            assert access_requests.open_count_of(sam, [entry.account_id]) == {}
        assert cast.visitor("sam").post(address("staff:access_grant", request.pk)).status_code == 409
        with cast.inside():
            request.refresh_from_db()
            assert request.state == "open"

    def test_counts_for_the_overview_in_one_query_and_of_visible_accounts_only(self):
        entry = restricted("dora")
        asked(entry)
        asked(entry, "felix")
        with cast.inside():
            ids = [cast.account(name).id for name in ("Northwind", "Cobalt")]
            sam, lena = cast.viewer("sam"), cast.viewer("lena")
            with CaptureQueriesContext(connection) as queries:
                assert access_requests.open_count_of(sam, ids) == {entry.account_id: 2}
            assert len(queries) <= 1
            assert access_requests.open_count_of(lena, ids) == {}


@pytest.mark.parametrize("how", ["grant", "decline"])
def test_of_two_at_the_same_moment_one_decides(fresh_database: str, how: str):
    request = asked(restricted("dora"))
    outcomes: list[str] = []
    gate = threading.Barrier(8)

    def decide(number: int) -> None:
        try:
            with cast.inside():
                by = cast.viewer("sam" if number % 2 else "ada", "Northwind")
                gate.wait(30)
                getattr(asking, how if number % 3 else "decline")(by=by, request=request)
            outcomes.append("decided")
        except asking.AlreadyDecided:
            outcomes.append("late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["decided"] + ["late"] * 7
    with cast.inside():
        assert AuditEntry.objects.filter(verb__in=["access.granted", "access.declined"]).count() == 1
        assert Mail.objects.filter(kind=notices.DECIDED).count() == 1


def test_of_two_clicks_at_the_same_moment_one_asks(fresh_database: str):
    entry = restricted("dora")
    gate, made = threading.Barrier(6), []

    def ask() -> None:
        with cast.inside():
            bea = cast.viewer("bea", "Northwind")
            gate.wait(30)
            made.append(asking.ask(by=bea, definition=entry.definition).pk)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(made) == 6
    assert len(set(made)) == 1
    with cast.inside():
        assert sorted(Mail.objects.filter(kind=notices.REQUESTED).values_list("to_email", flat=True)) == [
            "", cast.EMAILS["ada"], cast.EMAILS["sam"],
        ]  # the call, and those it went out to  # fmt: skip
