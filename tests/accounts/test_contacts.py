"""Contacts: one primary, tied to logins by email, removed with an undo, ensured for every client."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps as registry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import contacts, memberships
from accounts.fields import custom_data
from accounts.models import Account, AuditEntry, Contact, CustomField, Membership, Site, User
from accounts.register import contacts as listed
from accounts.roles import PortalRole, Role, Tag
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as here:
        yield here


@pytest.fixture
def northwind() -> Account:
    return cast.account("Northwind")


@pytest.fixture
def ada():
    return cast.viewer("ada", "Northwind")


@pytest.fixture
def sam():
    return cast.viewer("sam", "Northwind")


def primary(account: Account) -> list[str]:
    return list(Contact.objects.filter(account=account, is_primary=True).current().values_list("name", flat=True))


def of(account: Account, name: str) -> Contact:
    return Contact.objects.select_related("account").get(account=account, name=name)


def last(verb: str) -> AuditEntry:
    return AuditEntry.objects.filter(verb=verb).latest("created_at")


class TestAdding:
    def test_an_account_executive_adds_a_contact_without_a_login(self, sam, northwind):
        site = Site.objects.get(account=northwind, name="Riverside")
        made = contacts.add(
            by=sam, account=northwind, name=" Rosa\x00  Lin\n", email="ROSA@Example.com", phone="+1 555 0100",
            job_title="Controller", site=site, is_emergency=True, note="Call before nine",
        )  # fmt: skip
        assert (made.name, made.email, made.user, made.site) == ("Rosa  Lin", "rosa@example.com", None, site)
        assert last("contact.added").details == {"primary": False, "emergency": True}

    def test_the_first_contact_is_the_primary_one(self, harbor):
        empty = Account.objects.create(organization=harbor, name="Empty")
        contacts.add(by=cast.viewer("ada"), account=empty, name="First")
        contacts.add(by=cast.viewer("ada"), account=empty, name="Second")
        assert primary(empty) == ["First"]

    def test_a_login_of_the_account_is_linked_by_its_e_mail(self, ada, northwind):
        Contact.objects.filter(account=northwind, user=cast.person("dora")).delete()
        made = contacts.add(by=ada, account=northwind, name="Dora", email="Dora@northwind.example")
        assert made.user == cast.person("dora")

    @pytest.mark.parametrize("email", ["carla@cobalt.example", "sam@harbor.example", "noor@nowhere.example"])
    def test_a_login_of_elsewhere_or_of_staff_is_not(self, ada, northwind, email):
        assert contacts.add(by=ada, account=northwind, name="Somebody", email=email).user is None

    def test_a_login_is_one_contact(self, ada, northwind):
        with pytest.raises(ValidationError) as refused:
            contacts.add(by=ada, account=northwind, name="Other", email="priya@northwind.example")
        assert refused.value.message_dict == {"email": ["Priya Nair is the contact with this login already."]}

    def test_a_removed_contact_gives_its_login_up(self, ada, northwind):
        contacts.remove(by=ada, contact=of(northwind, "Dora Osei"))
        made = contacts.add(by=ada, account=northwind, name="Dora O.", email="dora@northwind.example")
        assert made.user == cast.person("dora")
        contacts.bring_back(by=ada, contact=of(northwind, "Dora Osei"))
        assert of(northwind, "Dora Osei").user is None

    def test_a_site_of_another_account_is_refused(self, ada, northwind):
        depot = Site.objects.get(account=cast.account("Cobalt"), name="Depot North")
        with pytest.raises(ValidationError):
            contacts.add(by=ada, account=northwind, name="Rosa", site=depot)

    def test_nobody_adds_one_elsewhere_or_as_a_client(self, sam, northwind):
        for by, account in ((sam, cast.account("Cobalt")), (cast.viewer("priya", "Northwind"), northwind)):
            with pytest.raises(PermissionDenied):
                contacts.add(by=by, account=account, name="Rosa")

    def test_own_fields_are_checked(self, sam, northwind, harbor):
        CustomField.objects.create(organization=harbor, on="contact", key="seats", label="Seats", type="number")
        made = contacts.add(by=sam, account=northwind, name="Rosa", custom={"seats": "12.50"})
        assert made.custom == {"seats": "12.5"}
        with pytest.raises(ValidationError):
            contacts.add(by=sam, account=northwind, name="Rosa", custom={"seats": "many"})


class TestChanging:
    def test_old_and_new_are_recorded(self, sam, northwind):
        riverside = Site.objects.get(account=northwind, name="Riverside")
        contacts.change(by=sam, contact=of(northwind, "Dora Osei"), phone="+1 555 0111", site=riverside)
        assert last("contact.changed").details == {
            "changes": {"phone": ["", "+1 555 0111"], "site": [None, "Riverside"]}
        }

    def test_another_e_mail_leads_to_another_login_or_to_none(self, sam, northwind):
        dora = of(northwind, "Dora Osei")
        assert contacts.change(by=sam, contact=dora, email="dora@home.example").user is None
        assert contacts.change(by=sam, contact=dora, email="dora@northwind.example").user == cast.person("dora")

    def test_who_comes_second_is_told(self, sam, northwind):
        dora = of(northwind, "Dora Osei")
        version = dora.updated_at.isoformat()
        contacts.change(by=sam, contact=dora, version=version, phone="1")
        with pytest.raises(contacts.Stale):
            contacts.change(by=sam, contact=dora, version=version, phone="2")

    def test_an_archived_field_keeps_its_value(self, sam, northwind, harbor):
        field = CustomField.objects.create(organization=harbor, on="contact", key="tier", label="Tier", type="text")
        made = contacts.add(by=sam, account=northwind, name="Rosa", custom={"tier": "gold"})
        field.archived_at = "2026-01-01T00:00Z"
        field.save()
        assert contacts.change(by=sam, contact=made, custom={"tier": "gold"}, phone="1").custom == {"tier": "gold"}
        assert contacts.change(by=sam, contact=made, custom={}, phone="2").custom == {"tier": "gold"}


class TestThePrimaryOne:
    def test_there_is_exactly_one(self, sam, northwind):
        assert primary(northwind) == ["Priya Nair"]
        contacts.make_primary(by=sam, contact=of(northwind, "Felix Grant"))
        assert primary(northwind) == ["Felix Grant"]
        assert last("contact.made_primary").details == {"before": "Priya Nair"}

    def test_making_it_twice_is_recorded_once(self, sam, northwind):
        before = AuditEntry.objects.filter(verb="contact.made_primary").count()
        for _time in range(2):
            contacts.make_primary(by=sam, contact=of(northwind, "Felix Grant"))
        assert AuditEntry.objects.filter(verb="contact.made_primary").count() == before + 1

    def test_a_removed_one_comes_back_as_one_among_others(self, ada, northwind):
        contacts.remove(by=ada, contact=of(northwind, "Priya Nair"))
        assert primary(northwind) == []
        contacts.make_primary(by=ada, contact=of(northwind, "Felix Grant"))
        contacts.bring_back(by=ada, contact=of(northwind, "Priya Nair"))
        assert primary(northwind) == ["Felix Grant"]

    def test_undone_at_once_it_is_the_primary_one_again(self, ada, northwind):
        contacts.remove(by=ada, contact=of(northwind, "Priya Nair"))
        contacts.bring_back(by=ada, contact=of(northwind, "Priya Nair"))
        assert primary(northwind) == ["Priya Nair"]

    def test_a_removed_contact_cannot_be_made_it(self, ada, northwind):
        dora = of(northwind, "Dora Osei")
        contacts.remove(by=ada, contact=dora)
        contacts.make_primary(by=ada, contact=dora)
        assert primary(northwind) == ["Priya Nair"]


class TestRemoving:
    def test_only_an_admin_does(self, sam, northwind):
        for action in (contacts.remove, contacts.bring_back):
            with pytest.raises(PermissionDenied):
                action(by=sam, contact=of(northwind, "Dora Osei"))

    def test_twice_is_once(self, ada, northwind):
        for _time in range(2):
            contacts.remove(by=ada, contact=of(northwind, "Dora Osei"))
        assert AuditEntry.objects.filter(verb="contact.removed").count() == 1
        for _time in range(2):
            contacts.bring_back(by=ada, contact=of(northwind, "Dora Osei"))
        assert AuditEntry.objects.filter(verb="contact.brought_back").count() == 1

    def test_the_login_stays(self, ada, northwind):
        contacts.remove(by=ada, contact=of(northwind, "Dora Osei"))
        assert Membership.objects.filter(account=northwind, user=cast.person("dora")).exists()


class TestClients:
    def test_every_client_of_the_cast_is_a_contact(self):
        clients = set(Membership.objects.filter(role=Role.CLIENT).values_list("account_id", "user_id"))
        assert clients == set(Contact.objects.exclude(user=None).values_list("account_id", "user_id"))

    def test_a_new_client_takes_over_the_contact_with_the_same_e_mail(self, ada, northwind):
        rosa = contacts.add(by=ada, account=northwind, name="Rosa Lin", email="rosa@example.com", phone="1")
        memberships.add(by=cast.viewer("ada"), email="rosa@example.com", name="Rosa", account=northwind)
        rosa.refresh_from_db()
        assert (rosa.name, rosa.phone, rosa.user.email) == ("Rosa Lin", "1", "rosa@example.com")

    def test_a_login_of_another_organization_brings_nothing_along(self, ada, northwind):
        User.objects.filter(email=cast.EMAILS["mia"]).update(phone="+1 555 0199", job_title="Owner")
        by = cast.viewer("ada")
        memberships.add(by=by, email=cast.EMAILS["mia"], name="As typed", account=northwind)
        memberships.add(by=by, email=cast.EMAILS["mia"], name="", account=cast.account("Cobalt"))
        made = Contact.objects.filter(user=cast.person("mia")).order_by("account__name")
        assert [(one.name, one.phone, one.job_title) for one in made] == [("As typed", "", ""), ("As typed", "", "")]

    def test_a_removed_contact_comes_back_with_a_new_role(self, ada, northwind):
        dora = of(northwind, "Dora Osei")
        contacts.remove(by=ada, contact=dora)
        contacts.ensure_for(ada, Membership.objects.get(account=northwind, user=cast.person("dora")))
        assert Contact.objects.current().filter(pk=dora.pk).exists()

    def test_staff_are_no_contacts(self, ada, northwind):
        assert contacts.ensure_for(ada, Membership.objects.get(account=northwind, user=cast.person("sam"))) is None

    def test_who_lost_access_stays_a_contact(self, northwind):
        membership = Membership.objects.get(account=northwind, user=cast.person("dora"))
        memberships.remove(by=cast.viewer("ada"), membership=membership)
        row = rows(cast.viewer("ada", "Northwind"), q="dora")[0]
        assert row.login == "none"


def test_those_who_had_access_before_become_contacts(northwind):
    Contact.objects.all().delete()
    contacts.add(by=cast.viewer("ada"), account=northwind, name="Dora", email="dora@northwind.example")
    migration = importlib.import_module("accounts.migrations.0013_contacts_of_clients")
    migration.make_contacts(registry, SimpleNamespace(connection=connections["default"]))
    with cast.inside():
        assert Contact.objects.filter(account=northwind).count() == 5
        assert primary(northwind) == ["Dora"]
        assert primary(cast.account("Cobalt")) == ["Carla Voss"]
    with cast.inside("sunny"):
        assert Contact.objects.count() == 2
        migration.make_contacts(registry, SimpleNamespace(connection=connections["default"]))
    with cast.inside("sunny"):
        assert Contact.objects.count() == 2


def rows(viewer, **query: str) -> list[listed.Row]:
    fields = listed.fields_of(viewer)
    chosen = listed.Filter.of_query(query, fields)
    return listed.rows(viewer, list(listed.contacts_of(viewer, chosen, fields)), fields)


def names(viewer, **query: str) -> list[str]:
    return [row.contact.name for row in rows(viewer, **query)]


class TestTheList:
    def test_it_is_found_by_words(self, sam):
        assert names(sam, q="dora") == ["Dora Osei"]
        assert names(sam, q="northwind.example") == [
            "Bea Lindqvist", "Dora Osei", "Felix Grant", "Marcus Lee", "Priya Nair",
        ]  # fmt: skip
        assert names(sam, q="carla") == []
        assert names(sam, q="\x00") != []

    def test_it_is_narrowed_by_mark_login_and_site(self, sam, northwind):
        riverside = Site.objects.get(account=northwind, name="Riverside")
        contacts.add(by=sam, account=northwind, name="Rosa", site=riverside, is_emergency=True)
        assert names(sam, mark="primary") == ["Priya Nair"]
        assert names(sam, mark="emergency") == ["Priya Nair", "Rosa"]
        assert names(sam, login="none") == ["Rosa"]
        assert names(sam, login="active", q="dora") == ["Dora Osei"]
        assert names(sam, site=str(riverside.id)) == ["Rosa"]
        assert len(names(sam, site="nonsense", mark="nonsense", login="nonsense", sort="nonsense")) == 6

    def test_the_login_is_that_of_this_account(self, northwind, sam):
        Membership.objects.filter(account=northwind, user=cast.person("dora")).update(suspended_at="2026-01-01T00:00Z")
        user = cast.person("felix")
        user.set_unusable_password()
        user.save()
        assert {row.contact.name: row.login for row in rows(sam)} == {
            "Bea Lindqvist": "active", "Dora Osei": "inactive", "Felix Grant": "invited", "Marcus Lee": "active",
            "Priya Nair": "active",
        }  # fmt: skip

    def test_own_fields_are_searched_filtered_and_shown(self, sam, northwind, harbor):
        CustomField.objects.create(
            organization=harbor, on="contact", key="tier", label="Tier", type="choice", is_searchable=True,
            is_filterable=True, choices=[{"key": "g", "label": "Gold", "archived": False}],
        )  # fmt: skip
        contacts.change(by=sam, contact=of(northwind, "Dora Osei"), custom={"tier": "g"})
        assert names(sam, q="gold") == ["Dora Osei"]
        assert names(sam, custom_tier="g") == ["Dora Osei"]
        assert names(sam, custom_tier=custom_data.NONE)[:1] == ["Bea Lindqvist"]
        assert rows(sam, q="gold")[0].facts == [custom_data.Fact("tier", "Tier", "Gold")]

    def test_it_takes_as_many_queries_for_many(self, northwind, harbor):
        visitor, url, counts = cast.visitor("sam"), reverse("staff:contacts", args=[northwind.id]), []
        visitor.get(url)
        for more in (1, 2, 37):
            Contact.objects.bulk_create(
                Contact(organization=harbor, account=northwind, name=f"Person {more} {n}") for n in range(more)
            )
            with CaptureQueriesContext(connections["default"]) as asked:
                assert visitor.get(url).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] == counts[2] <= 24, counts


class TestPages:
    def test_the_page_says_what_it_shows(self, northwind):
        page = cast.visitor("sam").get(reverse("staff:contacts", args=[northwind.id])).content.decode()
        assert "Priya Nair" in page and "Primary" in page and "Emergency" in page
        assert "Add a contact" in page

    def test_a_contact_is_added(self, northwind):
        visitor = cast.visitor("sam")
        url = reverse("staff:contact_new", args=[northwind.id])
        assert visitor.post(url, {"name": "", "email": "nonsense"}).status_code == 422
        answer = visitor.post(url, {"name": "Rosa <b>Lin</b>", "email": "rosa@example.com", "is_emergency": "on"})
        assert answer.status_code == 303
        page = visitor.get(answer["Location"]).content.decode()
        assert "Rosa &lt;b&gt;Lin&lt;/b&gt;" in page and "<b>Lin" not in page

    def test_what_was_typed_stays_after_a_mistake(self, northwind):
        url = reverse("staff:contact_new", args=[northwind.id])
        page = cast.visitor("sam").post(url, {"name": "", "phone": "+1 555 0133"}).content.decode()
        assert "+1 555 0133" in page and "Enter the person’s name." in page

    def test_a_conflict_keeps_what_was_typed(self, northwind):
        dora, visitor = of(northwind, "Dora Osei"), cast.visitor("sam")
        url = reverse("staff:contact", args=[northwind.id, dora.id])
        answer = visitor.post(url, {"name": "Dora Typed", "version": "2020-01-01T00:00:00+00:00"})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "Dora Typed" in page and "Somebody changed this contact meanwhile" in page
        dora.refresh_from_db()
        assert dora.name == "Dora Osei"
        again = visitor.post(url, {"name": "Dora Typed", "version": dora.updated_at.isoformat()})
        assert again.status_code == 303

    def test_an_account_executive_sees_why_a_contact_stays(self, northwind):
        dora = of(northwind, "Dora Osei")
        url = reverse("staff:contact", args=[northwind.id, dora.id])
        page = cast.visitor("sam").get(url).content.decode()
        assert "Only an Admin removes contacts" in page
        assert reverse("staff:contact_removal", args=[northwind.id, dora.id]) not in page
        assert (
            cast.visitor("sam").post(reverse("staff:contact_removal", args=[northwind.id, dora.id])).status_code == 403
        )

    def test_a_removed_contact_is_offered_back(self, northwind):
        dora, visitor = of(northwind, "Dora Osei"), cast.visitor("ada")
        answer = visitor.post(reverse("staff:contact_removal", args=[northwind.id, dora.id]))
        undo = reverse("staff:contact_return", args=[northwind.id, dora.id])
        assert undo in visitor.get(answer["Location"]).content.decode()
        assert visitor.get(reverse("staff:contact", args=[northwind.id, dora.id])).status_code == 404
        visitor.post(undo)
        assert visitor.get(reverse("staff:contact", args=[northwind.id, dora.id])).status_code == 200

    def test_only_an_admin_is_led_to_an_invitation(self, sam, northwind):
        contacts.add(by=sam, account=northwind, name="Rosa & Lin", email="rosa+x@example.com")
        url = reverse("staff:contacts", args=[northwind.id])
        led = (
            f"{reverse('staff:person_new', args=[northwind.id])}?name=Rosa%20%26%20Lin&amp;email=rosa%2Bx%40example.com"
        )
        assert led in cast.visitor("ada").get(url).content.decode()
        assert "?name=" not in cast.visitor("sam").get(url).content.decode()

    def test_the_invitation_is_filled_in(self, northwind):
        url = f"{reverse('staff:person_new', args=[northwind.id])}?name=Rosa&email=rosa%40example.com"
        page = cast.visitor("ada").get(url).content.decode()
        assert 'value="Rosa"' in page and 'value="rosa@example.com"' in page

    def test_the_file_holds_the_filter_and_no_formula(self, sam, northwind, harbor):
        CustomField.objects.create(organization=harbor, on="contact", key="tier", label="=Tier", type="text")
        contacts.add(by=sam, account=northwind, name="=cmd()", custom={"tier": "@SUM(1)"})
        url = reverse("staff:contacts_csv", args=[northwind.id])
        everything = cast.visitor("sam").get(url)
        text = everything.content.decode("utf-8-sig")
        assert '"\'=cmd()"' in text and '"\'@SUM(1)"' in text and '"\'=Tier"' in text
        assert text.count("\r\n") == 7
        assert cast.visitor("sam").get(f"{url}?q=dora").content.decode("utf-8-sig").count("\r\n") == 2
        assert everything["Content-Disposition"].startswith('attachment; filename="contacts_northwind-dental_')

    def test_an_emergency_tag_shows_as_a_mark(self, northwind):
        Membership.objects.filter(account=northwind, user=cast.person("dora")).update(tags=[Tag.EMERGENCY])
        assert [row.contact.name for row in rows(cast.viewer("sam", "Northwind"), mark="emergency")] == [
            "Dora Osei", "Priya Nair",
        ]  # fmt: skip

    def test_a_client_meets_no_contacts_at_all(self, northwind):
        for first_name in ("priya", "dora", "theo"):
            assert cast.visitor(first_name).get(reverse("staff:contacts", args=[northwind.id])).status_code == 404


def test_a_company_admin_is_primary_rather_than_who_came_first(harbor):
    empty = Account.objects.create(organization=harbor, name="Empty")
    for name, roles in (("A", [PortalRole.END_USER]), ("B", [PortalRole.COMPANY_ADMIN])):
        user = cast.person("noor") if name == "A" else cast.person("dora")
        Membership.objects.create(organization=harbor, account=empty, user=user, role=Role.CLIENT, portal_roles=roles)
    migration = importlib.import_module("accounts.migrations.0013_contacts_of_clients")
    migration.make_contacts(registry, SimpleNamespace(connection=connections["default"]))
    with cast.inside():
        assert primary(empty) == ["Dora Osei"]
