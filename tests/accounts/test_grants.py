"""What stands in guardian's tables is exactly what the memberships say, for everybody."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import grants
from accounts.actions import accounts, memberships
from accounts.models import AccountGrant, Membership, Organization, OrganizationGrant, User
from accounts.roles import (
    ADMIN,
    CLIENT,
    COMPANY_ADMIN,
    IN_ACCOUNT,
    IN_ORGANIZATION,
    SITE_MANAGER,
    Can,
    PortalRole,
    Role,
)
from accounts.viewer import viewer_of_account
from tests import cast

pytestmark = pytest.mark.django_db

STAFF = IN_ACCOUNT[Role.ACCOUNT_EXECUTIVE]
# Everybody of Harbor IT: the whole grant set, account by account.
WHOLE = {
    "ada": {"organization": ADMIN},
    "sam": {"organization": IN_ORGANIZATION[Role.ACCOUNT_EXECUTIVE], "Northwind": STAFF, "Juniper": STAFF},
    "lena": {"organization": IN_ORGANIZATION[Role.ACCOUNT_EXECUTIVE], "Cobalt": STAFF},
    "theo": {"organization": IN_ORGANIZATION[Role.ACCOUNT_EXECUTIVE], "Alder": STAFF, "Cobalt": CLIENT},
    "dana": {"organization": IN_ORGANIZATION[Role.TECHNICIAN], "Northwind": IN_ACCOUNT[Role.TECHNICIAN]},
    "priya": {"Northwind": COMPANY_ADMIN},
    "marcus": {"Northwind": SITE_MANAGER},
    "dora": {"Northwind": CLIENT},
    "felix": {"Northwind": CLIENT},
    "bea": {"Northwind": CLIENT},
    "carla": {"Cobalt": COMPANY_ADMIN},
    "tom": {"Cobalt": CLIENT},
    "iris": {"Juniper": COMPANY_ADMIN},
    "noor": {},
}


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_grant_set_of(name):
    expected = {
        ("organization" if where == "organization" else str(cast.account(where).id), ability.value)
        for where, abilities in WHOLE[name].items()
        for ability in abilities
    }
    with cast.inside("harbor") as harbor:
        assert grants.stored_grants(cast.person(name), harbor) == expected


def test_the_list_above_names_everybody():
    assert set(WHOLE) == {name for name, home in cast.HOME.items() if home == "harbor"}


def test_compiling_again_changes_nothing():
    with cast.inside("harbor") as harbor:
        before = set(AccountGrant.objects.values_list("pk", flat=True))
        grants.compile_for(cast.person("sam"), harbor)
        assert set(AccountGrant.objects.values_list("pk", flat=True)) == before
        assert grants.drift(harbor) == []


def test_a_grant_written_by_hand_is_drift_and_compiling_removes_it():
    with cast.inside("harbor") as harbor:
        dora = cast.person("dora")
        permission = Permission.objects.get(codename=Can.EDIT_ACCOUNT, content_type__model="account")
        AccountGrant.objects.create(
            user=dora, organization=harbor, content_object=cast.account("Northwind"), permission=permission
        )
        assert [(found.user, found.ability, found.problem) for found in grants.drift(harbor)] == [
            (dora, Can.EDIT_ACCOUNT, "unexpected")
        ]
        grants.compile_for(dora, harbor)
        assert grants.drift(harbor) == []


def test_a_global_permission_opens_nothing():
    with cast.inside("harbor") as harbor:
        noor = cast.person("noor")
        noor.user_permissions.add(*Permission.objects.filter(content_type__app_label="accounts"))
        noor = User.objects.get(pk=noor.pk)
        assert viewer_of_account(noor, harbor, cast.account("Northwind").id) is None
        assert not grants.account_ids_where(noor, Can.VIEW_ACCOUNT).exists()


def test_a_superuser_is_a_stranger_to_every_tenant():
    with cast.inside("harbor") as harbor:
        operator = User.objects.create_superuser("operator@example.com", "an operator's password", name="Operator")
        assert viewer_of_account(operator, harbor, cast.account("Northwind").id) is None
        assert not grants.account_ids_where(operator, Can.VIEW_ACCOUNT).exists()


def test_a_deactivated_person_holds_nothing():
    with cast.inside("harbor") as harbor:
        priya = cast.person("priya")
        priya.is_active = False
        assert viewer_of_account(priya, harbor, cast.account("Northwind").id) is None


def test_tags_never_change_a_decision():
    with cast.inside("harbor") as harbor:
        system, dora = cast.system(), cast.person("dora")
        membership = Membership.objects.get(user=dora)
        before = grants.stored_grants(dora, harbor)
        memberships.change(
            by=system, membership=membership, portal_roles=[PortalRole.END_USER], tags=["vip", "emergency"]
        )
        assert grants.stored_grants(dora, harbor) == before


def test_an_override_counts_at_once_and_goes_at_once():
    with cast.inside("harbor") as harbor:
        dora, northwind = cast.person("dora"), cast.account("Northwind")
        membership = Membership.objects.get(user=dora)
        sam = cast.viewer("sam", "Northwind")
        memberships.override(by=sam, membership=membership, ability=Can.LAUNCH_ASSESSMENTS, effect="deny")
        assert Can.LAUNCH_ASSESSMENTS not in grants.on_account(dora, northwind)
        memberships.override(by=sam, membership=membership, ability=Can.LAUNCH_ASSESSMENTS, effect=None)
        assert Can.LAUNCH_ASSESSMENTS in grants.on_account(dora, northwind)
        assert grants.drift(harbor) == []


def test_nobody_overrides_themselves():
    with cast.inside("harbor"):
        theo = Membership.objects.get(user=cast.person("theo"), role=Role.CLIENT)
        admin_of_all = cast.viewer("ada")
        memberships.override(by=admin_of_all, membership=theo, ability=Can.VIEW_RESULTS, effect="deny")
        with pytest.raises(PermissionDenied):
            memberships.override(
                by=cast.viewer("ada").__class__(**{**vars(admin_of_all), "user": theo.user}),
                membership=theo,
                ability=Can.VIEW_RESULTS,
                effect="allow",
            )


def test_the_last_company_admin_stays():
    with cast.inside("harbor"):
        membership = Membership.objects.get(user=cast.person("priya"))
        with pytest.raises(ValidationError, match="last Company Admin"):
            memberships.remove(by=cast.system(), membership=membership)


def test_removing_a_membership_removes_every_grant():
    with cast.inside("harbor") as harbor:
        membership = Membership.objects.get(user=cast.person("tom"))
        memberships.remove(by=cast.system(), membership=membership)
        assert grants.stored_grants(cast.person("tom"), harbor) == set()


def test_the_default_role_is_client_and_end_user():
    with cast.inside("harbor"):
        membership = memberships.add(
            by=cast.system(), email="New@Northwind.example", name="New Person", account=cast.account("Northwind")
        )
        assert (membership.role, membership.portal_roles) == (Role.CLIENT, [PortalRole.END_USER])
        assert membership.user.email == "new@northwind.example"


def test_grants_of_one_organization_leave_the_other_alone():
    with cast.inside("harbor"):
        assert not OrganizationGrant.objects.filter(user=cast.person("amara")).exists()
        assert Organization.objects.count() == 1


def queries_of_archiving(clients: int) -> int:
    """This will archive an account of so many clients and bring it back, and count what the database was asked."""
    with cast.inside() as harbor:
        system = cast.system()
        account = accounts.create(by=system, name=f"Company of {clients}")
        for number in range(clients):
            memberships.add(by=system, account=account, email=f"c{clients}-{number}@company.example", name="A Client")
        people = User.objects.filter(memberships__account=account)
        before = {person: grants.stored_grants(person, harbor) for person in people}
        with CaptureQueriesContext(connection) as queries:
            accounts.archive(by=system, account=account)
            held = [grants.stored_grants(person, harbor) for person in people]
            accounts.unarchive(by=system, account=account)
        assert held == [set()] * clients
        assert {person: grants.stored_grants(person, harbor) for person in people} == before
        assert all(before.values())
        return len(queries) - 2 * clients  # what this test read itself


def test_archiving_asks_no_more_for_twenty_clients_than_for_two():
    queries_of_archiving(1)  # what a process reads once is read
    assert queries_of_archiving(20) == queries_of_archiving(2)


def test_many_compiled_at_once_get_what_each_would_get_alone():
    with cast.inside("harbor") as harbor:
        people = [cast.person(name) for name in WHOLE]
        stored = {person: grants.stored_grants(person, harbor) for person in people}
        AccountGrant.objects.filter(user__in=people[1::2]).delete()
        OrganizationGrant.objects.filter(user__in=people[::2], content_object=harbor).delete()
        permission = Permission.objects.get(codename=Can.EDIT_ACCOUNT, content_type__model="account")
        AccountGrant.objects.create(
            user=cast.person("felix"), organization=harbor, content_object=cast.account("Cobalt"), permission=permission
        )
        assert grants.drift(harbor)
        grants.compile_for_all(people, harbor)
        assert {person: grants.stored_grants(person, harbor) for person in people} == stored
        assert grants.drift(harbor) == []
        grants.compile_for_all([], harbor)
