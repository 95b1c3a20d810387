"""Settings → People, and the person page of an account, as their readers use them."""

import csv
import io

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import memberships, people
from accounts.models import Account, Mail, MailState, Membership, User
from accounts.roles import PortalRole, Role
from tests import cast

pytestmark = pytest.mark.django_db

LIST = "/staff/settings/people/"


def names(query: str = "") -> list[str]:
    return [line.user.name for line in cast.visitor("ada").get(f"{LIST}?{query}").context["lines"]]


def page_of(who: str, what: str = "") -> str:
    return reverse(f"staff:settings_person{what}", args=[cast.person(who).pk])


def role_page(who: str, account: str, what: str = "role") -> str:
    with cast.inside():
        held = Membership.objects.get(user=cast.person(who), account=cast.account(account))
    return reverse(f"staff:settings_person_{what}", args=[held.user_id, held.pk])


class TestTheList:
    def test_everybody_of_the_organization_and_nobody_else(self):
        assert names() == sorted(
            cast.person(name).name for name, home in cast.HOME.items() if home == "harbor" and name != "noor"
        )

    def test_it_is_filtered_by_words_role_state_and_account(self):
        assert names("q=priya") == ["Priya Nair"]
        assert names("role=technician") == ["Dana Ruiz"]
        assert names("role=billing") == ["Bea Lindqvist"]
        assert set(names(f"account={cast.account('Cobalt').id}")) == {
            "Carla Voss",
            "Lena Brandt",
            "Theo Marsh",
            "Tom Reyes",
        }
        with cast.inside():
            memberships.add(by=cast.system(), email="new@alder.example", name="Nia New", account=cast.account("Alder"))
            people.deactivate(by=cast.viewer("ada"), user=cast.person("felix"))
        assert names("state=invited") == ["Nia New"]
        assert names("state=inactive") == ["Felix Grant"]
        assert names("state=nonsense&role=nonsense&account=nonsense&sort=nonsense")
        assert names("sort=-name")[0] == "Tom Reyes"

    def test_a_person_of_a_role_in_an_account_matches_by_one_membership(self):
        assert names(f"role=client&account={cast.account('Alder').id}") == [], "Theo is a client elsewhere"

    def test_the_file_holds_a_row_for_each_role(self):
        response = cast.visitor("ada").get("/staff/settings/people.csv?q=theo")
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert [(row["Role"], row["Account"]) for row in rows] == [
            ("Account Executive", "Alder & Finch Legal"), ("Client", "Cobalt Logistics")
        ]  # fmt: skip

    def test_the_number_of_queries_is_the_same_for_few_and_many(self):
        visitor, counts = cast.visitor("ada"), set()
        visitor.get(LIST)
        for many in (1, 3, 40):
            with cast.inside():
                for number in range(many):
                    email = f"p{number}@alder.example"
                    if not User.objects.filter(email=email).exists():
                        memberships.add(
                            by=cast.system(), email=email, name=f"P {number}", account=cast.account("Alder")
                        )
            with CaptureQueriesContext(connection) as queries:
                visitor.get(f"{LIST}?account={cast.account('Alder').id}")
            counts.add(len(queries))
        assert len(counts) == 1, counts


class TestInviting:
    def test_an_admin_is_invited(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            given = {"name": "Nia New", "email": "Nia@harbor.example", "role": "admin"}
            response = cast.visitor("ada").post(reverse("staff:settings_person_new"), given)
        assert response.status_code == 303
        assert [letter.subject for letter in mail.outbox] == ["Harbor IT invites you to its portal"]

    def test_one_person_in_several_accounts_gets_one_mail(self, django_capture_on_commit_callbacks):
        with cast.inside():
            accounts = [str(pk) for pk in Account.objects.values_list("pk", flat=True)]
        with django_capture_on_commit_callbacks(execute=True):
            given = {"name": "Nia", "email": "nia@harbor.example", "role": "account_executive", "accounts": accounts}
            assert cast.visitor("ada").post(reverse("staff:settings_person_new"), given).status_code == 303
        assert len(mail.outbox) == 1
        with cast.inside():
            assert Membership.objects.filter(user__email="nia@harbor.example").count() == len(accounts)

    def test_without_an_account_a_client_is_not_added_and_what_was_typed_stays(self):
        given = {"name": "Nia", "email": "nia@harbor.example", "role": "client"}
        response = cast.visitor("ada").post(reverse("staff:settings_person_new"), given, headers={"HX-Request": "true"})
        assert response.status_code == 422
        assert "Choose at least one account" in response.content.decode()
        assert 'value="nia@harbor.example"' in response.content.decode()
        assert not User.objects.filter(email="nia@harbor.example").exists()

    def test_an_account_of_another_organization_cannot_be_given(self):
        given = {"role": "client", "accounts": [str(cast.account("Marigold").id)]}
        response = cast.visitor("ada").post(page_of("tom", "_accounts"), given)
        assert response.status_code == 422
        assert "Marigold" not in response.content.decode()

    def test_a_mail_that_came_back_shows_and_is_sent_again(self):
        with cast.inside():
            made = memberships.add(
                by=cast.system(), email="gone@alder.example", name="Nia", account=cast.account("Alder")
            )
        again = reverse("staff:settings_person_invitation", args=[made.user_id, made.pk])
        assert cast.visitor("ada").post(again).status_code == 303
        with cast.inside():
            Mail.objects.filter(about=made.pk).update(state=MailState.BOUNCED, error="No such mailbox")
        assert "Invitation came back" in cast.visitor("ada").get(f"{LIST}?q=gone").content.decode()
        shown = cast.visitor("ada").get(reverse("staff:settings_person", args=[made.user_id])).content.decode()
        assert "No such mailbox" in shown

    def test_accounts_are_found_by_name_and_those_ticked_stay(self):
        alder = cast.account("Alder").id
        address = f"{page_of('tom', '_accounts')}?q=juniper&accounts={alder}"
        offered = cast.visitor("ada").get(address).context["picker"]["offered"]
        assert [str(one) for one in offered.chosen] == ["Alder & Finch Legal"]
        assert [str(one) for one in offered.others] == ["Juniper Credit Union"]


class TestThePerson:
    def test_everything_they_hold_stands_there(self):
        page = cast.visitor("ada").get(page_of("theo")).content.decode()
        assert "Alder &amp; Finch Legal" in page
        assert "Cobalt Logistics" in page
        assert "cannot be an Admin" in page

    def test_another_role_in_an_account(self):
        address = role_page("dana", "Northwind")
        assert cast.visitor("ada").get(address).status_code == 200
        assert cast.visitor("ada").post(address, {"role": "account_executive"}).status_code == 303
        with cast.inside():
            assert Membership.objects.get(user=cast.person("dana")).role == Role.ACCOUNT_EXECUTIVE

    def test_the_last_company_admin_keeps_theirs(self):
        refused = cast.visitor("ada").post(role_page("priya", "Northwind"), {"role": "technician"})
        assert refused.status_code == 422
        assert "last Company Admin" in refused.content.decode()

    def test_a_site_of_another_account_is_no_choice(self):
        page = cast.visitor("ada").get(role_page("lena", "Cobalt")).content.decode()
        assert "Depot North" in page
        assert "Riverside" not in page

    def test_a_role_ends_and_with_the_last_one_the_page(self):
        response = cast.visitor("ada").post(role_page("tom", "Cobalt", "role_end"))
        assert response["Location"] == LIST
        assert cast.visitor("ada").get(page_of("tom")).status_code == 404

    def test_an_admin_is_made_and_unmade(self):
        assert cast.visitor("ada").post(page_of("sam", "_admin"), {"admin": "on"}).status_code == 303
        assert cast.visitor("sam").get(LIST).status_code == 200
        assert cast.visitor("sam").post(page_of("ada", "_admin"), {"admin": "off"}).status_code == 303
        assert cast.visitor("ada").get(LIST).status_code == 404
        refused = cast.visitor("sam").post(page_of("sam", "_admin"), {"admin": "off"})
        assert refused.status_code == 403, "nobody does it to themselves"

    @pytest.mark.parametrize("what", ["_deactivation", "_reactivation", "_sessions", "_password", "_admin"])
    def test_nothing_here_is_done_to_oneself(self, what):
        assert cast.visitor("ada").post(page_of("ada", what)).status_code == 403

    def test_who_belongs_elsewhere_too_is_not_signed_out_and_the_page_says_why(self):
        with cast.inside("sunny"):
            memberships.add(
                by=cast.system("sunny"), email="sam@harbor.example", name="Sam", account=cast.account("Marigold")
            )
        answer = cast.visitor("ada").post(page_of("sam", "_sessions"), follow=True)
        assert "used with another organization too" in answer.content.decode()

    def test_a_link_to_choose_a_password_goes_to_the_person(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            assert cast.visitor("ada").post(page_of("sam", "_password")).status_code == 303
        assert [letter.to for letter in mail.outbox] == [["sam@harbor.example"]]
        assert "/account/password/reset/key/" in mail.outbox[0].body

    @pytest.mark.parametrize("who", ["mia", "noor"])
    def test_who_has_nothing_to_do_with_the_organization_does_not_exist(self, who):
        for what in ("", "_accounts", "_offboarding"):
            assert cast.visitor("ada").get(page_of(who, what)).status_code == 404


class TestInAnAccount:
    def page(self, who: str, name: str = "person") -> str:
        with cast.inside():
            held = Membership.objects.get(user=cast.person(who), account=cast.account("Northwind"))
        return reverse(f"staff:{name}", args=[held.account_id, held.pk])

    def test_an_executive_reads_the_abilities_and_changes_single_ones(self):
        visitor, address = cast.visitor("sam"), self.page("dora", "person_ability")
        text = visitor.get(self.page("dora")).content.decode()
        assert "What Dora Osei may do" in text
        assert "Portal roles, sites and tags" not in text, "roles are an Admin’s"
        part = visitor.post(address, {"ability": "view_results", "effect": "deny"}, headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert "Denied here" in part.content.decode()
        assert "Sam Okafor" in part.content.decode()
        assert visitor.post(address, {"ability": "view_results", "effect": ""}).status_code == 303
        assert visitor.post(address, {"ability": "nonsense", "effect": "deny"}).status_code == 409
        assert visitor.post(address, {"ability": "edit_account", "effect": "allow"}).status_code == 409

    def test_nobody_grants_to_themselves_and_staff_are_granted_nothing(self):
        assert (
            cast.visitor("sam")
            .post(self.page("sam", "person_ability"), {"ability": "view_results", "effect": "deny"})
            .status_code
            == 403
        )
        assert (
            cast.visitor("sam")
            .post(self.page("dana", "person_ability"), {"ability": "view_results", "effect": "deny"})
            .status_code
            == 409
        )

    def test_a_company_admin_is_told_that_it_is_not_theirs(self):
        priya = cast.visitor("priya")
        for name in ("person_access", "person_removal", "person_invitation"):
            assert priya.post(self.page("dora", name)).status_code == 403
            assert priya.post(self.page("sam", name)).status_code == 404, (
                "the provider’s people are not hers to know by row"
            )
            assert cast.visitor("felix").post(self.page("dora", name)).status_code == 404
        assert priya.post(self.page("dora", "person_ability")).status_code == 404

    def test_the_list_is_filtered_by_state(self):
        with cast.inside():
            people.deactivate(by=cast.viewer("ada"), user=cast.person("felix"))
        address = reverse("staff:people", args=[cast.account("Northwind").id])
        assert [row.name for row in cast.visitor("sam").get(f"{address}?state=inactive").context["rows"]] == [
            "Felix Grant"
        ]
        assert "Felix Grant" not in [
            row.name for row in cast.visitor("sam").get(f"{address}?state=active").context["rows"]
        ]
        assert str(PortalRole.APPROVER.label) in cast.visitor("sam").get(f"{address}?q=felix").content.decode()
