"""Decision D2: whoever of the staff starts an assessment for an account becomes its Account Executive; a client who
launches one gains nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import grants
from accounts.actions import memberships
from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from assessments.actions import assessments
from library.models import Definition
from tests import cast

pytestmark = pytest.mark.django_db


def definition() -> Definition:
    return Definition.objects.get(key="vendor-risk")


def roles(who: str, account: str) -> list[str]:
    held = Membership.objects.filter(user=cast.person(who), account=cast.account(account))
    return list(held.values_list("role", flat=True))


def test_an_admin_who_starts_one_looks_after_the_account_from_then_on():
    with cast.inside() as harbor:
        assert roles("ada", "Alder") == []
        ada = cast.viewer("ada", "Alder")
        assessments.create(by=ada, account=cast.account("Alder"), definition=definition(), another=True)
        assert roles("ada", "Alder") == [Role.ACCOUNT_EXECUTIVE]
        assert AuditEntry.objects.get(verb="membership.added_by_creating").actor == ada.user
        assert grants.drift(harbor) == []
        assessments.create(by=ada, account=cast.account("Alder"), definition=definition(), another=True)
        assert roles("ada", "Alder") == [Role.ACCOUNT_EXECUTIVE], "once"


def test_an_executive_stays_what_they_are():
    with cast.inside():
        before = Membership.objects.get(user=cast.person("sam"), account=cast.account("Northwind"))
        sam = cast.viewer("sam", "Northwind")
        assessments.create(by=sam, account=cast.account("Northwind"), definition=definition(), another=True)
        assert Membership.objects.get(user=sam.user, account=cast.account("Northwind")) == before


@pytest.mark.parametrize("who", ["priya", "dora", "marcus"])
def test_attack_a_client_who_launches_gains_nothing(who):
    with cast.inside() as harbor:
        before = grants.stored_grants(cast.person(who), harbor)
        shelf = definition().pk
    home = reverse("client:create_available", args=[cast.account("Northwind").id, shelf])
    assert cast.visitor(who).post(home, {"another": "1"}).status_code == 303
    with cast.inside() as harbor:
        assert grants.stored_grants(cast.person(who), harbor) == before
        assert roles(who, "Northwind") == [Role.CLIENT]
    assert (
        cast.visitor(who).get(reverse("staff:account_overview", args=[cast.account("Northwind").id])).status_code == 404
    )


def test_attack_who_wears_two_hats_does_not_become_staff_where_they_are_a_client():
    with cast.inside() as harbor:
        theo = cast.viewer("theo", "Cobalt")
        before = grants.stored_grants(theo.user, harbor)
        assessments.launch(by=theo, definition=definition(), another=True)
        for by in (theo, cast.viewer("theo"), cast.viewer("theo", "Alder")):
            with pytest.raises(PermissionDenied):
                assessments.create(by=by, account=cast.account("Cobalt"), definition=definition(), another=True)
            with pytest.raises(PermissionDenied):
                memberships.become_executive(by=by, account=cast.account("Cobalt"))
        assert grants.stored_grants(theo.user, harbor) == before


@pytest.mark.parametrize(("who", "account"), [("lena", "Northwind"), ("sam", "Alder"), ("dana", "Northwind")])
def test_attack_a_curious_colleague_does_not_get_in_by_starting_one(who, account):
    with cast.inside():
        with pytest.raises(PermissionDenied):
            assessments.create(
                by=cast.viewer(who), account=cast.account(account), definition=definition(), another=True
            )
        assert Role.ACCOUNT_EXECUTIVE not in roles(who, account)


def test_what_starts_by_itself_makes_nobody_anything():
    with cast.inside():
        before = Membership.objects.count()
        assessments.create(by=cast.system(), account=cast.account("Alder"), definition=definition(), another=True)
        assert Membership.objects.count() == before
