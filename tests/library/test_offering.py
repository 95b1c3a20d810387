"""Everything published, or only what an account is entitled to: one setting, and every way to a definition follows it."""

import html
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.actions import previews
from accounts.membership import explanations
from accounts.models import AuditEntry, Organization
from assessments.actions import assessments
from assessments.models import Assessment
from library import access_requests, audiences, cards
from library.actions import access_requests as asking
from library.actions import library_entries, offering
from library.models import AccessRequest, Definition, LibraryEntry
from library.offering import reach_of
from portal.client.library_cards import highlights
from portal.staff import activity
from tests import cast
from tests.portal.client import stage

SETTINGS = "/staff/settings/library/"
CLIENTS = {"Northwind": "priya", "Cobalt": "carla"}


def narrow(entitled_only: bool = True) -> None:
    """This will have Ada say what clients are offered."""
    with cast.inside():
        offering.choose(by=cast.viewer("ada"), entitled_only=entitled_only, seen=not entitled_only)


def address(name: str, *ids, account: str = "Northwind") -> str:
    return reverse(f"client:{name}", args=[cast.account(account).id, *ids])


def published() -> set[str]:
    with cast.inside():
        return set(Definition.objects.launchable().top_level().values_list("name", flat=True))


def entitled(account: str) -> set[str]:
    """This will name what stands in the account's Library, for whoever of it."""
    with cast.inside():
        entries = LibraryEntry.objects.filter(account=cast.account(account))
        found = Definition.objects.launchable().top_level().filter(pk__in=entries.values("definition_id"))
        return set(found.values_list("name", flat=True))


def shown(who: str, account: str) -> set[str]:
    """This will read the cards of All Available Assessments."""
    page = cast.visitor(who).get(address("available", account=account)).content.decode()
    return set(map(html.unescape, re.findall(r'<h2 class="lib-title"><a [^>]*>([^<]*)</a>', page)))


def found(who: str, account: str, words: str) -> set[str]:
    """This will name the definitions that the search finds, in the Library and beside it."""
    page = cast.visitor(who).get(address("search", account=account), {"q": words}).content.decode()
    hits = re.findall(r'href="[^"]*/(?:library|available)/[^"/]+/">.*?class="found-name">([^<]*)<', page)
    return set(map(html.unescape, hits))


def runs() -> int:
    with cast.inside():
        return Assessment.objects.count()


def restricted(key: str = "vendor-risk", *people: str) -> LibraryEntry:
    """This will have Sam keep a definition of Northwind's Library for some."""
    with cast.inside():
        entry = LibraryEntry.objects.select_related("definition", "account").get(
            account=cast.account("Northwind"), definition__key=key
        )
        members = entry.account.memberships.filter(user__in=[cast.person(who) for who in people or ("dora",)])
        return library_entries.choose_audience(
            by=cast.viewer("sam", "Northwind"), entry=entry, audience="people",
            people=list(members.values_list("pk", flat=True)),
        )  # fmt: skip


@pytest.fixture
def outside() -> Definition:
    """This will publish something that is Cobalt's and nobody else's."""
    with cast.inside():
        return stage.definition("only-cobalt", account="Cobalt")


@pytest.mark.django_db
class TestTwoAccounts:
    def test_off_both_see_everything_that_is_published(self, outside):
        for account, who in CLIENTS.items():
            assert shown(who, account) == published() != entitled(account)

    def test_on_each_sees_what_its_account_is_entitled_to(self, outside):
        narrow()
        for account, who in CLIENTS.items():
            assert shown(who, account) == entitled(account)
        assert entitled("Northwind") != entitled("Cobalt")
        assert outside.name in shown("carla", "Cobalt") - shown("priya", "Northwind")

    def test_off_again_everything_is_back(self, outside):
        narrow()
        narrow(False)
        assert shown("priya", "Northwind") == published()

    def test_the_tab_counts_what_it_shows(self, outside):
        narrow()
        page = cast.visitor("priya").get(address("available"))
        assert page.context["tabs"].available == len(entitled("Northwind"))


@pytest.mark.django_db
@pytest.mark.parametrize("is_narrow", [False, True])
class TestEveryWayAgrees:
    @pytest.fixture(autouse=True)
    def _set(self, outside, is_narrow: bool):
        restricted()
        if is_narrow:
            narrow()

    @pytest.mark.parametrize(("who", "account"), [("priya", "Northwind"), ("bea", "Northwind"), ("carla", "Cobalt")])
    def test_the_list_the_page_the_search_and_the_launch(self, who: str, account: str):
        listed, visitor = shown(who, account), cast.visitor(who)
        with cast.inside():
            every = list(Definition.objects.launchable().top_level())
            takeable = audiences.takeable_among(cast.viewer(who, account), [one.pk for one in every])
        for one in every:
            is_listed = one.name in listed
            assert (visitor.get(address("available_card", one.pk, account=account)).status_code == 200) == is_listed
            assert (one.name in found(who, account, one.name)) == is_listed
            before = runs()
            launched = visitor.post(address("create_available", one.pk, account=account), {"another": "1"})
            expected = 303 if one.pk in takeable else 403 if is_listed else 404
            assert launched.status_code == expected, (one.name, who)
            assert runs() - before == (1 if expected == 303 else 0)

    def test_home_shows_nothing_that_the_list_does_not(self):
        for account, who in CLIENTS.items():
            with cast.inside():
                suggested = {card.name for card in highlights(cast.viewer(who, account), most=50)}
            assert suggested <= shown(who, account)

    def test_staff_start_whatever_is_published(self, outside):
        with cast.inside():
            northwind = cast.account("Northwind")
            assert assessments.create(by=cast.viewer("sam", "Northwind"), account=northwind, definition=outside)

    def test_a_launch_asks_by_itself(self, outside, is_narrow: bool):
        with cast.inside():
            priya = cast.viewer("priya", "Northwind")
            if is_narrow:
                with pytest.raises(PermissionDenied):
                    assessments.launch(by=priya, definition=outside)
            else:
                assert assessments.launch(by=priya, definition=outside)

    def test_the_explanation_says_the_same(self, outside, is_narrow: bool):
        with cast.inside():
            verdict = explanations.explain(
                person=cast.person("priya"), account=cast.account("Northwind"),
                kind=explanations.thing_named("definition"), about=str(outside.pk), question=explanations.LAUNCH,
            )  # fmt: skip
        assert verdict.is_yes != is_narrow
        assert ("offers clients nothing else" in verdict.decided_by.text) == is_narrow

    def test_what_is_not_in_the_library_has_no_page_there(self, outside):
        assert cast.visitor("priya").get(address("library_card", outside.pk)).status_code == 404

    def test_a_part_of_another_and_something_deprecated_are_in_neither(self):
        with cast.inside():
            child, old = stage.definition("child"), stage.definition("old")
            parent = stage.definition("parent")
            Definition.objects.filter(pk=child.pk).update(parent=parent, is_part=True)
            Definition.objects.filter(pk=old.pk).update(deprecated_at=child.created_at)
        assert {"Child", "Old", "Parent"} & shown("priya", "Northwind") == {"Parent"}


@pytest.mark.django_db
class TestAskingWhenNarrowed:
    def test_what_is_kept_for_colleagues_is_seen_and_can_be_asked_for(self):
        entry = restricted()
        narrow()
        page = cast.visitor("bea").get(address("available_card", entry.definition_id)).content.decode()
        assert address("access_request", entry.definition_id) in page
        assert cast.visitor("bea").post(address("access_request", entry.definition_id)).status_code == 303

    def test_what_may_not_be_seen_cannot_be_asked_for(self, outside):
        narrow()
        assert cast.visitor("priya").post(address("access_request", outside.pk)).status_code == 404
        with cast.inside():
            with pytest.raises(PermissionDenied):
                asking.ask(by=cast.viewer("priya", "Northwind"), definition=outside)
            assert not AccessRequest.objects.exists()

    def test_granted_it_is_seen_and_taken(self):
        """Somebody asks, the entry is taken out, the setting narrows: the grant puts it back."""
        entry = restricted()
        with cast.inside():
            request = asking.ask(by=cast.viewer("bea", "Northwind"), definition=entry.definition)
            library_entries.remove(by=cast.viewer("sam", "Northwind"), entries=[entry])
        narrow()
        assert entry.definition.name not in shown("bea", "Northwind")
        with cast.inside():
            asking.grant(by=cast.viewer("sam", "Northwind"), request=request)
        assert entry.definition.name in shown("bea", "Northwind")
        assert cast.visitor("bea").post(address("launch", entry.definition_id)).status_code == 303


@pytest.mark.django_db
@pytest.mark.parametrize("is_narrow", [False, True])
def test_the_number_of_queries_does_not_depend_on_how_much_there_is(is_narrow: bool):
    if is_narrow:
        narrow()
    bea, counts = cast.visitor("bea"), []
    for many in (1, 3, 40):
        with cast.inside():
            have = Definition.objects.filter(key__startswith="tern-").count()
            for number in range(have, many):
                stage.definition(f"tern-{number}")
                restricted(f"tern-{number}")
        for page in (address("available"), address("search") + "?q=tern"):
            bea.get(page)
            counts.append((page, stage.queries_of(bea, page)))
        assert len(shown("bea", "Northwind")) >= many
    assert len(set(counts)) == 2, counts


def test_a_preview_sees_what_that_client_sees(fresh_database):
    with cast.inside():
        outside = stage.definition("only-cobalt", account="Cobalt")
    kept = restricted()
    narrow()
    key = f"user-{cast.person('bea').id}"
    with cast.inside():
        previews.start(by=cast.viewer("sam", "Northwind"), viewpoint=key, reason="", return_to="")
    sam, prefix = cast.visitor("sam"), f"/preview/{key}"
    page = html.unescape(sam.get(prefix + address("available")).content.decode())
    assert outside.name not in page
    assert "Request access" in page
    assert sam.get(prefix + address("available_card", outside.pk)).status_code == 404
    answer = sam.get(prefix + address("library_card", kept.definition_id))
    assert answer.headers["Location"] == prefix + address("available_card", kept.definition_id)


@pytest.mark.django_db
class TestTheSetting:
    def stored(self) -> bool:
        with cast.inside() as harbor:
            return Organization.objects.get(pk=harbor.pk).offers_entitled_only

    def save(self, who: str = "ada", **data: str):
        return cast.visitor(who, at="harbor").post(SETTINGS, {"offered": "entitled", "seen": "everything"} | data)

    def test_an_admin_finds_it_among_the_settings(self):
        assert SETTINGS in cast.visitor("ada").get("/staff/settings/").content.decode()
        page = cast.visitor("ada").get(SETTINGS)
        assert [one[3] for one in page.context["choices"]] == [True, False]

    def test_it_is_saved_and_written_down_once(self):
        for _each in range(2):
            assert self.save().status_code == 303
        assert self.stored()
        with cast.inside():
            entries = AuditEntry.objects.filter(verb="library.narrowed")
            assert entries.count() == 1
            assert activity.event_of(entries.get()).sentence == "offered clients only what their account is entitled to"

    @pytest.mark.parametrize(("who", "status"), [("sam", 404), ("dana", 404), ("priya", 404), ("amara", 404)])
    def test_nobody_else_has_it(self, who: str, status: int):
        assert cast.visitor(who, at="harbor").get(SETTINGS).status_code == status
        assert self.save(who).status_code == status
        assert not self.stored()

    def test_the_action_asks_by_itself(self):
        with cast.inside():
            for who in ("sam", "priya"):
                with pytest.raises(PermissionDenied):
                    offering.choose(by=cast.viewer(who), entitled_only=True, seen=False)

    def test_another_organization_is_not_touched(self):
        self.save()
        with cast.inside("sunny") as sunny:
            assert not Organization.objects.get(pk=sunny.pk).offers_entitled_only

    @pytest.mark.parametrize("offered", ["", "nothing"])
    def test_what_is_no_choice_is_refused(self, offered: str):
        assert self.save(offered=offered).status_code == 422
        part = cast.visitor("ada").post(SETTINGS, {"offered": offered}, headers={"HX-Request": "true"})
        assert part.status_code == 422
        assert part.content.decode().startswith("<form ")
        assert not self.stored()

    def test_a_choice_over_an_old_state_is_not_saved(self):
        narrow()
        late = self.save("ada", offered="everything", seen="everything")
        assert late.status_code == 409
        assert "Somebody changed this meanwhile" in late.content.decode()
        assert self.stored()
        assert self.save(offered="everything", seen=late.context["seen"]).status_code == 303
        assert not self.stored()

    def test_it_says_for_how_many_accounts_the_library_is_empty(self):
        with cast.inside():
            before = reach_of(cast.viewer("ada"))
            stage.empty_library("Cobalt")
            after = reach_of(cast.viewer("ada"))
        assert (after.accounts, after.without_any) == (before.accounts, before.without_any + 1)
        assert (
            f"{after.without_any} of {after.accounts} accounts have an empty Library"
            in cast.visitor("ada").get(SETTINGS).content.decode()
        )


@pytest.mark.django_db
class TestStandings:
    def test_who_may_launch_nothing_has_nothing_to_ask_for(self):
        entry = restricted()
        with cast.inside():
            bea = cast.viewer("bea", "Northwind")
            assert access_requests.standing(bea, entry.definition_id)
            looking = type(bea)(bea.user, bea.organization, bea.account, bea.abilities - {"launch_assessments"})
            assert access_requests.standings(looking, [entry.definition_id]) == {}
            assert cards.available_to(looking).filter(pk=entry.definition_id).exists()
