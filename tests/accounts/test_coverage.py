"""Coverage: every account names a Company Admin and somebody for emergencies."""

import pytest
from django.utils import timezone

from accounts.models import Account, Contact, Membership
from accounts.register import coverage
from accounts.roles import PortalRole, Role, Tag
from assessments.lists import overview
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as here:
        yield here


@pytest.fixture
def cobalt() -> Account:
    return cast.account("Cobalt")


def warnings(account: Account) -> list[str]:
    return coverage.of_accounts(cast.viewer("ada"), [account.id])[account.id].warnings


def contact(account: Account, **facts) -> Contact:
    return Contact.objects.create(organization=account.organization, account=account, name="Rosa", **facts)


def needs_attention(account: Account) -> bool:
    chosen = overview.Filter.of_query({"view": "attention"})
    return overview.accounts_of(cast.viewer("ada"), chosen).filter(pk=account.pk).exists()


def test_an_account_with_both_has_no_warning():
    assert warnings(cast.account("Northwind")) == []


def test_a_missing_emergency_contact_is_named(cobalt):
    assert warnings(cobalt) == ["No Emergency contact"]


def test_an_emergency_contact_needs_no_login(cobalt):
    marked = contact(cobalt, is_emergency=True)
    assert warnings(cobalt) == []
    marked.removed_at = timezone.now()
    marked.save()
    assert warnings(cobalt) == ["No Emergency contact"]


def test_another_contact_is_none_for_emergencies(cobalt):
    contact(cobalt, is_primary=False)
    assert warnings(cobalt) == ["No Emergency contact"]


def test_a_tag_counts_while_its_holder_is_active(cobalt):
    Membership.objects.filter(account=cobalt, role=Role.CLIENT).update(tags=[Tag.EMERGENCY])
    assert warnings(cobalt) == []
    Membership.objects.filter(account=cobalt, role=Role.CLIENT).update(suspended_at=timezone.now())
    assert warnings(cobalt) == ["No Company Admin", "No Emergency contact"]


def test_a_tag_of_staff_covers_nothing(cobalt):
    Membership.objects.filter(account=cobalt, role=Role.ACCOUNT_EXECUTIVE).update(tags=[Tag.EMERGENCY])
    assert warnings(cobalt) == ["No Emergency contact"]


def test_an_account_without_people_lacks_both(harbor):
    empty = Account.objects.create(organization=harbor, name="Empty")
    assert warnings(empty) == ["No Company Admin", "No Emergency contact"]


def test_the_contact_of_another_account_covers_nothing(cobalt):
    contact(cast.account("Northwind"), is_emergency=True)
    assert warnings(cobalt) == ["No Emergency contact"]


def test_the_list_of_what_needs_attention_says_the_same_as_the_warnings(harbor):
    empty = Account.objects.create(organization=harbor, name="Empty")
    assert needs_attention(empty)
    contact(empty, is_emergency=True)
    assert needs_attention(empty)
    user = cast.person("noor")
    Membership.objects.create(
        organization=harbor, account=empty, user=user, role=Role.CLIENT, portal_roles=[PortalRole.COMPANY_ADMIN]
    )
    assert warnings(empty) == []
    assert not needs_attention(empty)


@pytest.mark.parametrize("count", [1, 3, 40])
def test_it_is_one_query_whatever_the_number(harbor, count, django_assert_num_queries):
    made = Account.objects.bulk_create(Account(organization=harbor, name=f"Company {n}") for n in range(count))
    viewer = cast.viewer("ada")
    with django_assert_num_queries(1):
        assert len(coverage.of_accounts(viewer, [account.id for account in made])) == count


def test_the_executives_are_the_active_ones():
    account = cast.account("Northwind")
    assert coverage.executives_of(cast.viewer("ada"), [account.id])[account.id] == [cast.person("sam")]
    Membership.objects.filter(account=account, role=Role.ACCOUNT_EXECUTIVE).update(suspended_at=timezone.now())
    assert coverage.executives_of(cast.viewer("ada"), [account.id])[account.id] == []
