"""Who of an account may take what: the rule, everywhere it is asked, and the page on which staff say it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import viewpoints
from accounts.actions import memberships
from accounts.models import AuditEntry, Membership, Site
from accounts.roles import PortalRole
from accounts.viewer import Viewer
from assessments.actions import assessments
from assessments.models import Assessment
from library import account_shelf, audiences, cards
from library.actions import library_entries
from library.models import Definition, LibraryEntry
from tests import cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
AT_NORTHWIND = ("priya", "marcus", "dora", "felix", "bea")


@pytest.fixture
def entry() -> LibraryEntry:
    with cast.inside():
        return LibraryEntry.objects.select_related("definition", "account").get(
            account=cast.account("Northwind"), definition__key="vendor-risk"
        )


def member(who: str, account: str = "Northwind") -> Membership:
    return Membership.objects.get(user=cast.person(who), account=cast.account(account))


def choose(entry: LibraryEntry, *people: str, roles: tuple[str, ...] = ()) -> None:
    """This will have Sam say who may take it."""
    with cast.inside():
        library_entries.choose_audience(
            by=cast.viewer("sam", "Northwind"),
            entry=entry,
            audience="portal_roles" if roles else "people" if people else "everyone",
            portal_roles=roles,
            people=[member(who).pk for who in people],
        )


def who_may(entry: LibraryEntry) -> set[str]:
    """This will ask for everybody of Northwind whether it is in their Library, and whether they may take it."""
    found = set()
    with cast.inside():
        for who in AT_NORTHWIND:
            viewer = cast.viewer(who, "Northwind")
            in_library = cards.library_of(viewer).filter(pk=entry.definition_id).exists()
            assert in_library == bool(audiences.takeable_among(viewer, [entry.definition_id])), who
            found |= {who} if in_library else set()
    return found


def eyes(key: str) -> Viewer:
    account = cast.account("Northwind")
    read = viewpoints.read(key, account)
    assert read is not None
    return cast.viewer("sam", "Northwind").as_client(*read)


class TestTheRule:
    def test_everyone_unless_somebody_chose(self, entry):
        assert who_may(entry) == set(AT_NORTHWIND)

    def test_chosen_people_and_nobody_else(self, entry):
        choose(entry, "dora", "bea")
        assert who_may(entry) == {"dora", "bea"}

    def test_chosen_portal_roles(self, entry):
        choose(entry, roles=(PortalRole.APPROVER, PortalRole.COMPANY_ADMIN))
        assert who_may(entry) == {"felix", "priya"}

    def test_portal_roles_and_people_beside_them(self, entry):
        choose(entry, "dora", roles=(PortalRole.SITE_MANAGER,))
        assert who_may(entry) == {"marcus", "dora"}

    def test_what_stands_in_no_library_is_kept_from_nobody(self):
        with cast.inside():
            absent = (
                Definition.objects.launchable().top_level().exclude(entries__account=cast.account("Cobalt")).first()
            )
            tom = cast.viewer("tom", "Cobalt")
            assert audiences.takeable_among(tom, [absent.pk]) == {absent.pk}
            assert not cards.library_of(tom).filter(pk=absent.pk).exists()

    def test_somebody_removed_from_the_account_falls_out(self, entry):
        choose(entry, "dora", "bea")
        with cast.inside():
            memberships.remove(by=cast.viewer("ada", "Northwind"), membership=member("dora"))
            assert [one.membership.user.name for one in entry.people.all()] == ["Bea Lindqvist"]

    def test_a_role_that_changes_counts_at_once(self, entry):
        choose(entry, roles=(PortalRole.BILLING,))
        with cast.inside():
            memberships.change(
                by=cast.viewer("ada", "Northwind"), membership=member("dora"), portal_roles=[PortalRole.BILLING]
            )
        assert who_may(entry) == {"bea", "dora"}

    def test_the_other_account_is_not_touched(self, entry):
        choose(entry, "dora")
        with cast.inside():
            assert cards.library_of(cast.viewer("carla", "Cobalt")).filter(pk=entry.definition_id).exists()

    def test_a_preview_as_a_role_matches_by_that_role_and_a_named_one_as_that_person(self, entry):
        choose(entry, "dora", roles=(PortalRole.SITE_MANAGER,))
        with cast.inside():
            riverside = Site.objects.get(account=entry.account, name="Riverside")
            seen = {
                key: cards.library_of(eyes(key)).filter(pk=entry.definition_id).exists()
                for key in (
                    "client", "end-user", "company-admin", f"site-manager@{riverside.pk}",
                    f"user-{cast.person('dora').pk}", f"user-{cast.person('bea').pk}",
                )
            }  # fmt: skip
        assert list(seen.values()) == [False, False, False, True, True, False]

    def test_it_costs_no_query_more(self, entry):
        with cast.inside():
            dora = cast.viewer("dora", "Northwind")
            with CaptureQueriesContext(connection) as few:
                list(cards.library_of(dora))
        for one in LibraryEntry.objects.filter(account=entry.account):
            choose(one, "dora", "bea", "felix")
        with cast.inside(), CaptureQueriesContext(connection) as many:
            list(cards.library_of(dora))
        assert len(many) == len(few) == 1


class TestEveryWayToIt:
    @pytest.fixture(autouse=True)
    def _for_dora(self, entry):
        choose(entry, "dora")

    def address(self, name: str, entry: LibraryEntry) -> str:
        return reverse(f"client:{name}", args=[entry.account_id, entry.definition_id])

    @pytest.mark.parametrize(
        ("name", "method", "status"),
        [
            ("library_card", "get", 302),  # the Library has no such card, and leads to where one asks for it
            ("launch", "post", 404),
            ("available_card", "get", 200),  # everything the organization offers may be seen
            ("create_available", "post", 403),  # seen, and not for them
        ],
    )
    def test_whoever_is_not_chosen(self, entry, name, method, status):
        before = Assessment.objects.count()
        response = getattr(cast.visitor("bea"), method)(self.address(name, entry))
        assert response.status_code == status
        with cast.inside():
            assert Assessment.objects.count() == before

    @pytest.mark.parametrize(("name", "status"), [("launch", 303), ("create_available", 303)])
    def test_whoever_is(self, entry, name, status):
        assert cast.visitor("dora").post(self.address(name, entry)).status_code == status

    def test_the_action_itself_asks(self, entry):
        with cast.inside(), pytest.raises(PermissionDenied):
            assessments.launch(by=cast.viewer("bea", "Northwind"), definition=entry.definition)

    def test_counts_search_and_groups_of_the_library_do_not_betray_it(self, entry):
        library = reverse("client:library", args=[entry.account_id])
        hers = cast.visitor("dora").get(library).content.decode()
        others = cast.visitor("bea").get(library).content.decode()
        assert entry.definition.name in hers
        assert entry.definition.name not in others
        found = cast.visitor("bea").get(library, {"q": entry.definition.name}).content.decode()
        assert "No assessments match" in found
        with cast.inside():
            mine, theirs = (cards.shelves(cards.library_of(cast.viewer(who, "Northwind"))) for who in ("dora", "bea"))
            assert sum(count for _name, count in mine) == sum(count for _name, count in theirs) + 1

    def test_all_available_says_that_it_can_be_asked_for(self, entry):
        page = reverse("client:available", args=[entry.account_id])
        assert "Request access" in cast.visitor("bea").get(page).content.decode()
        assert "Request access" not in cast.visitor("dora").get(page).content.decode()

    def test_staff_start_it_for_the_account_all_the_same(self, entry):
        with cast.inside():
            assert assessments.create(
                by=cast.viewer("sam", "Northwind"), account=entry.account, definition=entry.definition, another=True
            )


class TestThePage:
    def address(self, name: str = "account_library", *more, account: str = "Northwind") -> str:
        return reverse(f"staff:{name}", args=[cast.account(account).id, *more])

    def test_it_shows_everything_offered_under_its_groups_and_who_sees_how_much(self, entry):
        page = cast.visitor("sam").get(self.address()).content.decode()
        with cast.inside():
            offered = Definition.objects.launchable().top_level().count()
        assert f"sees <b>5</b> of {offered}" in page
        choose(entry, "dora")
        page = cast.visitor("sam").get(self.address()).content.decode()
        assert f"sees <b>4</b> of {offered}" in page
        assert "Dora Osei" in page
        assert "hidden from a client" in page
        hers = cast.visitor("sam").get(self.address(), {"as": f"user-{cast.person('dora').pk}"}).content.decode()
        assert f"sees <b>5</b> of {offered}" in hers

    @pytest.mark.parametrize(
        ("who", "status"), [("ada", 200), ("sam", 200), ("dana", 403), ("priya", 404), ("lena", 404), ("carla", 404)]
    )
    def test_who_may_open_it(self, entry, who, status):
        for address in (self.address(), self.address("library_audience", entry.definition_id)):
            assert cast.visitor(who, at="harbor").get(address).status_code == status

    def test_the_number_of_queries_does_not_depend_on_how_much_there_is(self, entry, monkeypatch):
        visitor = cast.visitor("sam")
        visitor.get(self.address())
        monkeypatch.setattr("portal.web.pagination.SIZE", 25)
        with CaptureQueriesContext(connection) as many:
            visitor.get(self.address(), {"show": "in"})
        choose(entry, "dora", "bea", "felix", roles=(PortalRole.BILLING,))
        with CaptureQueriesContext(connection) as more:
            visitor.get(self.address(), {"show": "in"})
        with CaptureQueriesContext(connection) as one:
            visitor.get(self.address(), {"show": "chosen"})
        assert len(many) == len(more) == len(one)

    def test_a_switch_puts_in_and_takes_out_with_an_undo_that_keeps_for_whom(self, entry):
        choose(entry, "dora")
        visitor, switch = cast.visitor("sam"), self.address("library_switch", entry.definition_id)
        answer = visitor.post(switch, {"on": "0"}, headers=HTMX)
        assert answer.status_code == 200
        assert 'id="rows"' in answer.content.decode()
        with cast.inside():
            batch = AuditEntry.objects.filter(verb="library.removed").latest("created_at").details["batch"]
            assert not LibraryEntry.objects.filter(pk=entry.pk).exists()
        undo = self.address("library_restoration", batch)
        assert undo in answer["HX-Trigger"]
        assert visitor.post(undo).status_code == 303
        assert who_may(entry) == {"dora"}
        assert cast.visitor("ada").post(undo).status_code == 303  # somebody else's undo brings nothing back

    def test_without_javascript_the_switch_leads_back_to_the_same_list(self, entry):
        response = cast.visitor("sam").post(
            self.address("library_switch", entry.definition_id) + "?q=vendor", {"on": "0"}
        )
        assert response.status_code == 303
        assert response["Location"] == self.address() + "?q=vendor"

    def test_a_whole_group_goes_in_and_out(self, entry):
        with cast.inside():
            group = entry.definition.group
            offered = Definition.objects.launchable().top_level().filter(group=group)
            names = set(offered.values_list("key", flat=True))
        address, data = self.address("library_group"), {"group": str(group.pk) if group else "", "on": "0"}
        visitor = cast.visitor("sam")
        assert visitor.post(address, data).status_code == 303
        with cast.inside():
            held = set(LibraryEntry.objects.filter(account=entry.account).values_list("definition__key", flat=True))
            assert not held & names
        assert visitor.post(address, data | {"on": "1"}).status_code == 303
        with cast.inside():
            held = set(LibraryEntry.objects.filter(account=entry.account).values_list("definition__key", flat=True))
            assert names <= held

    def test_choosing_people_is_written_down_old_and_new(self, entry):
        address = self.address("library_audience", entry.definition_id)
        with cast.inside():
            dora = member("dora")
        response = cast.visitor("sam").post(address, {"audience": "people", "people": [str(dora.pk)]})
        assert response.status_code == 303
        assert who_may(entry) == {"dora"}
        with cast.inside():
            changes = AuditEntry.objects.get(verb="library.audience_changed").details["changes"]
        assert changes == {"audience": ["everyone", "people"], "people": [[], ["Dora Osei"]]}

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"audience": "people"}, "Choose at least one person."),
            ({"audience": "portal_roles"}, "Choose at least one portal role."),
            ({"audience": "nobody"}, "Select a valid choice"),
            ({"audience": "portal_roles", "portal_roles": ["owner"]}, "Select a valid choice"),
        ],
    )
    def test_nobody_chosen_is_said_at_the_field(self, entry, data, words):
        response = cast.visitor("sam").post(self.address("library_audience", entry.definition_id), data)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert who_may(entry) == set(AT_NORTHWIND)

    def test_somebody_of_another_account_cannot_be_chosen(self, entry):
        with cast.inside():
            carla = member("carla", "Cobalt")
        data = {"audience": "people", "people": [str(carla.pk), "nonsense"]}
        assert cast.visitor("sam").post(self.address("library_audience", entry.definition_id), data).status_code == 422

    def test_a_change_somebody_else_made_meanwhile_is_not_overwritten(self, entry):
        address = self.address("library_audience", entry.definition_id)
        seen = cast.visitor("sam").get(address).context["form"].now
        choose(entry, "dora")
        with cast.inside():
            felix = member("felix")
        data = {"audience": "people", "people": [str(felix.pk)], "seen": seen}
        response = cast.visitor("ada").post(address, data)
        assert response.status_code == 409
        assert "Somebody changed this meanwhile" in response.content.decode()
        assert who_may(entry) == {"dora"}
        again = data | {"seen": response.context["form"].now}
        assert cast.visitor("ada").post(address, again).status_code == 303
        assert who_may(entry) == {"felix"}

    def test_searching_people_loses_nothing_that_was_ticked(self, entry):
        with cast.inside():
            dora = member("dora")
        data = {"audience": "people", "people": [str(dora.pk)], "find": "felix", "search": "1"}
        response = cast.visitor("sam").post(self.address("library_audience", entry.definition_id), data)
        page = response.content.decode()
        assert response.status_code == 200
        assert "Felix Grant" in page
        assert f'value="{dora.pk}" checked' in page
        assert "Bea Lindqvist" not in page
        assert who_may(entry) == set(AT_NORTHWIND)

    def test_where_nobody_chosen_is_left_the_page_says_so(self, entry):
        choose(entry, "dora")
        with cast.inside():
            memberships.remove(by=cast.viewer("ada", "Northwind"), membership=member("dora"))
        assert "For nobody" in cast.visitor("sam").get(self.address()).content.decode()


class TestTheAction:
    def test_only_those_who_manage_access(self, entry):
        with cast.inside():
            for who in ("dana", "priya"):
                with pytest.raises(PermissionDenied):
                    library_entries.choose_audience(
                        by=cast.viewer(who, "Northwind"), entry=entry, audience="people", people=[member("dora").pk]
                    )
            with pytest.raises(PermissionDenied):
                library_entries.choose_audience(by=cast.viewer("lena", "Cobalt"), entry=entry, audience="everyone")

    def test_everyone_forgets_the_chosen(self, entry):
        choose(entry, "dora", roles=(PortalRole.BILLING,))
        choose(entry)
        with cast.inside():
            entry.refresh_from_db()
            assert (entry.audience, entry.portal_roles, entry.people.count()) == ("everyone", [], 0)

    def test_staff_are_no_audience(self, entry):
        with cast.inside(), pytest.raises(ValidationError):
            library_entries.choose_audience(
                by=cast.viewer("sam", "Northwind"), entry=entry, audience="people", people=[member("sam").pk]
            )

    def test_people_to_choose_are_clients_found_by_name(self, entry):
        with cast.inside():
            sam = cast.viewer("sam", "Northwind")
            found, more = account_shelf.people_to_choose(sam, "gra", [], most=50)
            assert [one.user.name for one in found] == ["Felix Grant"]
            everybody, has_more = account_shelf.people_to_choose(sam, "", [member("marcus").pk], most=2)
        assert not more
        assert has_more
        assert everybody[0].user.name == "Marcus Lee"
