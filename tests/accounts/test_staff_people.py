import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import memberships
from accounts.models import AuditEntry, Membership, Site, User
from accounts.roles import PortalRole, Role, Tag
from tests import cast

pytestmark = pytest.mark.django_db


def address(name: str = "people", account: str = "Northwind", *more) -> str:
    return reverse(f"staff:{name}", args=[cast.account(account).id, *more])


def membership(first_name: str, account: str = "Northwind") -> Membership:
    with cast.inside():
        return Membership.objects.get(user=cast.person(first_name), account=cast.account(account))


ROBIN = {
    "name": "Robin Vale",
    "email": "Robin@Northwind.example ",
    "role": "client",
    "portal_roles": ["billing"],
    "tags": ["vip"],
}


def test_clients_come_first_then_the_providers_own():
    rows = cast.visitor("sam").get(address()).context["rows"]
    assert [row.name for row in rows][-2:] == ["Dana Ruiz", "Sam Okafor"]
    marcus = next(row for row in rows if row.name == "Marcus Lee")
    assert (marcus.portal_roles, marcus.sites, marcus.state) == (["Site Manager"], ["Riverside"], "active")
    assert next(row for row in rows if row.name == "Bea Lindqvist").tags == ["VIP"]


def test_an_executive_reads_and_an_admin_manages():
    read = cast.visitor("sam").get(address()).content.decode()
    assert "Only an Admin adds people" in read
    assert "Add a person" not in read
    assert "Add a person" in cast.visitor("ada").get(address()).content.decode()


def test_people_are_found_by_name_and_e_mail():
    visitor = cast.visitor("ada")
    assert [row.name for row in visitor.get(f"{address()}?q=priya").context["rows"]] == ["Priya Nair"]
    assert len(visitor.get(f"{address()}?q=harbor.example").context["rows"]) == 2
    assert "Nobody matches" in visitor.get(f"{address()}?q=zzz").content.decode()
    part = visitor.get(f"{address()}?q=priya", headers={"HX-Request": "true"}).content.decode()
    assert part in visitor.get(f"{address()}?q=priya").content.decode()


def test_a_person_is_added_and_invited_when_it_is_certain(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = cast.visitor("ada").post(address("person_new"), ROBIN)
        assert mail.outbox == []
    assert response["Location"] == address()
    robin = User.objects.get(email="robin@northwind.example")
    with cast.inside():
        member = Membership.objects.get(user=robin)
        assert (member.role, member.portal_roles, member.tags) == (Role.CLIENT, [PortalRole.BILLING], [Tag.VIP])
    (letter,) = mail.outbox
    assert letter.to == ["robin@northwind.example"]
    assert letter.subject == "Harbor IT invites you to the portal of Northwind Dental"
    assert "http://harbor.localhost/account/password/reset/key/" in letter.body
    assert letter.reply_to == ["support@harbor.example"]
    page = cast.visitor("ada").get(address()).content.decode()
    assert "Invite again" in page


def test_the_link_leads_to_a_password_and_then_into_the_portal(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        cast.visitor("ada").post(address("person_new"), ROBIN)
    link = re.search(r"http://harbor\.localhost(/account/\S+)", mail.outbox[0].body).group(1)
    newcomer = cast.visitor(at="harbor")
    opened = newcomer.get(link, follow=True)
    form = opened.redirect_chain[-1][0]
    chosen = {"password1": "a-long-enough-passphrase", "password2": "a-long-enough-passphrase"}
    done = newcomer.post(form, chosen | {"next": reverse("client:home", args=[cast.account("Northwind").id])})
    assert done.status_code == 302
    user = User.objects.get(email="robin@northwind.example")
    assert user.check_password("a-long-enough-passphrase")
    newcomer.force_login(user)
    assert newcomer.get(reverse("client:home", args=[cast.account("Northwind").id])).status_code == 200
    assert "no longer works" in cast.visitor(at="harbor").get(link, follow=True).content.decode()


def test_who_has_a_password_gets_a_link_to_sign_in(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        cast.visitor("ada").post(
            address("person_new", "Cobalt"), {"name": "x", "email": "priya@northwind.example", "role": "client"}
        )
    (letter,) = mail.outbox
    assert "/account/login/?next=" in letter.body
    assert "password/reset" not in letter.body
    assert cast.person("priya").name == "Priya Nair"


def test_staff_get_no_portal_roles_whatever_was_ticked():
    cast.visitor("ada").post(
        address("person_new", "Cobalt"),
        {
            "name": "Sam",
            "email": "sam@harbor.example",
            "role": "technician",
            "portal_roles": ["approver"],
            "tags": ["vip"],
        },
    )
    member = membership("sam", "Cobalt")
    assert (member.role, member.portal_roles, member.tags) == (Role.TECHNICIAN, [], [])


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"email": "not an address"}, "email", "Enter an email address"),
        ({"email": "priya@northwind.example"}, "email", "already has a role in this account"),
        ({"name": ""}, "name", "Enter the person’s name"),
        ({"role": "admin"}, "role", "Select a valid choice"),
        ({"portal_roles": ["site_manager"]}, "sites", "Choose the sites"),
        ({"portal_roles": ["emperor"]}, "portal_roles", "Select a valid choice"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nobody_is_added(wrong, field, words):
    response = cast.visitor("ada").post(address("person_new"), ROBIN | wrong)
    assert response.status_code == 422
    assert words in str(response.context["form"].errors[field])
    assert mail.outbox == []
    assert not User.objects.filter(email="robin@northwind.example").exists()


def test_the_site_of_another_account_cannot_be_given():
    with cast.inside():
        foreign = Site.objects.filter(account=cast.account("Cobalt")).first()
    response = cast.visitor("ada").post(
        address("person_new"), ROBIN | {"portal_roles": ["site_manager"], "sites": [str(foreign.id)]}
    )
    assert response.status_code == 422
    assert foreign.name not in response.content.decode()


def test_portal_roles_are_changed_and_count_from_the_next_request():
    dora = membership("dora")
    here = address("person_access", "Northwind", dora.id)
    assert cast.visitor("ada").post(here, {"portal_roles": ["company_admin"], "tags": []}).status_code == 303
    with cast.inside():
        assert "view_colleagues" in cast.viewer("dora", "Northwind").abilities
    cast.visitor("ada").post(here, {"portal_roles": []})
    assert membership("dora").portal_roles == [PortalRole.END_USER]


def test_the_last_company_admin_stays_one():
    priya = membership("priya")
    changed = cast.visitor("ada").post(address("person_access", "Northwind", priya.id), {"portal_roles": ["billing"]})
    assert changed.status_code == 422
    assert "last Company Admin" in changed.content.decode()
    removed = cast.visitor("ada").post(address("person_removal", "Northwind", priya.id))
    assert removed.status_code == 409
    assert "last Company Admin" in removed.content.decode()
    assert membership("priya").portal_roles == [PortalRole.COMPANY_ADMIN]


def test_a_person_is_removed_and_is_a_stranger_from_then_on():
    felix = membership("felix")
    visitor = cast.visitor("felix")
    home = reverse("client:home", args=[cast.account("Northwind").id])
    assert visitor.get(home).status_code == 200
    assert cast.visitor("ada").post(address("person_removal", "Northwind", felix.id)).status_code == 303
    assert visitor.get(home).status_code == 404


def test_a_membership_of_another_account_is_not_found_here():
    carla = membership("carla", "Cobalt")
    for name in ("person_access", "person_ability", "person_removal", "person_invitation"):
        assert cast.visitor("ada").post(address(name, "Northwind", carla.id)).status_code == 404


def test_an_invitation_can_be_sent_again(django_capture_on_commit_callbacks):
    with cast.inside():
        new = memberships.add(
            by=cast.system(), account=cast.account("Northwind"), email="robin@northwind.example", name="Robin Vale"
        )
    for _times in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            cast.visitor("ada").post(address("person_invitation", "Northwind", new.id))
    assert len(mail.outbox) == 2
    with cast.inside():
        assert AuditEntry.objects.filter(verb="invitation.sent", object_id=new.id).count() == 2


def test_the_number_of_queries_is_the_same_for_few_and_many():
    visitor, here, counts = cast.visitor("ada"), address(account="Alder"), set()
    visitor.get(here)  # content types are read once in a process
    for many in (1, 3, 40):
        with cast.inside():
            alder = cast.account("Alder")
            have = Membership.objects.filter(account=alder, role=Role.CLIENT).count()
            for number in range(have, many):
                memberships.add(by=cast.system(), account=alder, email=f"p{number}@alder.example", name=f"P {number}")
        with CaptureQueriesContext(connection) as queries:
            visitor.get(here)
        counts.add(len(queries))
    assert len(counts) == 1, counts
