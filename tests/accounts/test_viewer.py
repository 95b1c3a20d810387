"""Who is an insider, who is a stranger, and what it costs to know."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts import tenancy
from accounts.actions import memberships
from accounts.models import Account, Membership, User
from accounts.roles import Can
from accounts.viewer import viewer_of_account, viewer_of_organization
from assessments.actions import assessments
from library.models import Definition
from tests import cast

pytestmark = pytest.mark.django_db


def test_building_a_viewer_takes_three_queries(django_assert_num_queries):
    northwind = cast.account("Northwind")
    for name in ("priya", "marcus", "sam", "ada"):
        with cast.inside("harbor") as harbor:
            person = cast.person(name)
            viewer_of_account(person, harbor, northwind.id)  # the content types are read once per process
            with django_assert_num_queries(3):
                viewer = viewer_of_account(person, harbor, northwind.id)
                assert viewer is not None
                viewer.can(Can.VIEW_RESULTS)


@pytest.mark.parametrize("name", ["lena", "carla", "theo", "iris", "noor", "amara"])
def test_a_stranger_gets_no_viewer(name):
    with cast.inside("harbor") as harbor:
        assert viewer_of_account(cast.person(name), harbor, cast.account("Northwind").id) is None


def test_two_hats_are_worn_one_at_a_time():
    with cast.inside("harbor"):
        at_work, as_client = cast.viewer("theo", "Alder"), cast.viewer("theo", "Cobalt")
        assert at_work.is_staff
        assert not at_work.can(Can.USE_PORTAL)
        assert as_client.can(Can.USE_PORTAL)
        assert not as_client.is_staff
        assert not as_client.can(Can.EDIT_ACCOUNT)


def test_a_list_across_accounts_never_holds_the_account_one_is_a_client_of():
    with cast.inside("harbor"):
        names = list(Account.objects.visible_to(cast.viewer("theo")).values_list("name", flat=True))
        assert names == ["Alder & Finch Legal"]


@pytest.mark.parametrize(
    ("name", "count"), [("ada", 4), ("sam", 2), ("lena", 1), ("dana", 1), ("priya", 0), ("noor", 0)]
)
def test_how_many_accounts_a_person_lists(name, count):
    with cast.inside("harbor"):
        assert Account.objects.visible_to(cast.viewer(name)).count() == count


def test_an_ability_in_one_account_is_none_in_another():
    with cast.inside("harbor"):
        sam = cast.viewer("sam")
        sam.require_on(Can.EDIT_ACCOUNT, cast.account("Juniper"))
        with pytest.raises(PermissionDenied):
            sam.require_on(Can.EDIT_ACCOUNT, cast.account("Cobalt"))
        with pytest.raises(PermissionDenied):
            cast.viewer("sam", "Northwind").require_on(Can.EDIT_ACCOUNT, cast.account("Juniper"))


def test_another_organizations_account_is_refused_even_to_an_admin():
    with cast.inside("harbor"):
        ada = cast.viewer("ada")
    with pytest.raises(PermissionDenied):
        ada.require_on(Can.EDIT_ACCOUNT, cast.account("Marigold"))


def test_the_client_who_launches_gains_no_role():
    """Decision D2: only a creator who is staff of the account can become its Account Executive."""
    with cast.inside("harbor") as harbor:
        priya, northwind = cast.viewer("priya", "Northwind"), cast.account("Northwind")
        before = list(Membership.objects.filter(user=priya.user).values_list("role", "portal_roles"))
        assessments.launch(by=priya, definition=Definition.objects.in_library_of(northwind).first())
        assert list(Membership.objects.filter(user=priya.user).values_list("role", "portal_roles")) == before
        assert viewer_of_account(priya.user, harbor, northwind.id).abilities == priya.abilities


def test_revocation_counts_on_the_very_next_request():
    visitor, northwind = cast.visitor("tom"), cast.account("Cobalt")
    address = f"/portal/{northwind.id}/"
    assert visitor.get(address).status_code == 200
    with cast.inside("harbor"):
        memberships.remove(by=cast.system(), membership=Membership.objects.get(user=cast.person("tom")))
    assert visitor.get(address).status_code == 404


def test_deactivation_counts_on_the_very_next_request():
    visitor, cobalt = cast.visitor("tom"), cast.account("Cobalt")
    User.objects.filter(pk=cast.person("tom").pk).update(is_active=False)
    assert "/account/login/" in visitor.get(f"/portal/{cobalt.id}/")["Location"]


def test_a_denied_ability_counts_on_the_very_next_request():
    visitor, northwind = cast.visitor("dora"), cast.account("Northwind")
    address = f"/portal/{northwind.id}/library/"
    assert visitor.get(address).status_code == 200
    with cast.inside("harbor"):
        membership = Membership.objects.get(user=cast.person("dora"))
        memberships.override(
            by=cast.viewer("sam", "Northwind"), membership=membership, ability=Can.BROWSE_LIBRARY, effect="deny"
        )
    assert visitor.get(address).status_code == 403


def test_no_header_field_or_session_changes_the_tenant():
    visitor = cast.visitor("carla")
    northwind, cobalt = cast.account("Northwind"), cast.account("Cobalt")
    headers = {"X-Account": str(northwind.id), "X-Organization": "sunny", "X-Forwarded-Host": "sunny.localhost"}
    response = visitor.get(f"/portal/{cobalt.id}/", {"account": str(northwind.id)}, headers=headers)
    assert response.status_code == 200
    assert "Northwind" not in response.content.decode()


def test_an_empty_scope_shows_an_organization_view_nothing():
    with tenancy.scope(cast.organization("sunny").id):
        assert viewer_of_organization(cast.person("ada"), cast.organization("sunny")).abilities == frozenset()
