"""Many change who may see which accounts at the same moment: none locks another out, and the grants say what holds."""

import threading
import time
from itertools import cycle, islice

from django.core.exceptions import ValidationError
from django.db import connections

from accounts import grants
from accounts.actions import accounts, memberships, people, undoing
from accounts.models import Account, Membership, User
from accounts.roles import Role
from tests import cast
from tests.accounts.test_contacts_at_once import at_once


def test_archiving_assigning_and_deactivating_at_once_leave_no_stale_grant(fresh_database: str):
    with cast.inside() as harbor:
        every = list(Account.objects.filter(organization=harbor).select_related("organization").order_by("name"))
        ada, sam, lena, felix = cast.viewer("ada"), cast.person("sam"), cast.person("lena"), cast.person("felix")

    def assign(user, some):
        return lambda: accounts.assign_executive(by=ada, accounts=some, user=user, replaces=True)

    def archive(some):
        return lambda: accounts.archive_all(by=ada, accounts=some)

    def unarchive(account):
        # One account in each transaction, as a request does: several in one would be locked in the order of the loop.
        again = Account.objects.select_related("organization")
        return lambda: accounts.unarchive(by=ada, account=again.get(pk=account.pk))

    kinds = (
        assign(sam, every), archive(every), assign(lena, every[::-1]), archive(every[::-1]),
        lambda: people.deactivate(by=ada, user=felix), lambda: people.reactivate(by=ada, user=felix),
        *map(unarchive, every),
    )  # fmt: skip
    raised = at_once(list(islice(cycle(kinds), 28)))
    assert [error for error in raised if not isinstance(error, ValidationError)] == []
    with cast.inside() as harbor:
        assert grants.drift(harbor) == []


def test_of_two_who_take_back_the_same_removal_one_does(fresh_database: str):
    with cast.inside() as harbor:
        ada, felix = cast.viewer("ada"), cast.person("felix")
        held = Membership.objects.select_related("user", "account").get(user=felix, role=Role.CLIENT)
        step = memberships.remove(by=ada, membership=held)
    raised = at_once([lambda: memberships.restore(by=ada, step=step.pk)] * 6)
    assert len(raised) == 5 and all(isinstance(error, (ValidationError, undoing.TooLate)) for error in raised)
    with cast.inside() as harbor:
        assert Membership.objects.filter(user=felix).count() == 1 and grants.drift(harbor) == []


def test_whose_address_is_put_right_while_another_organization_invites_it_does_not_get_that_role(fresh_database: str):
    """Ada leads the login she made for an address to another one, at the moment somebody else relies on the first."""
    old, new = "victim@example.org", "mallory@example.org"
    with cast.inside():
        ada, north = cast.viewer("ada"), cast.account("Northwind")
        invited = memberships.add(by=ada, email=old, name="Vic", account=north)

    def invite() -> None:
        with cast.inside("sunny"):
            memberships.add(by=cast.viewer("amara"), email=old, name="Vic", account=cast.account("Granite"))
        connections.close_all()

    elsewhere = threading.Thread(target=invite)
    with cast.inside():
        people.edit(by=ada, user=User.objects.get(pk=invited.user_id), name="Vic", email=new)
        elsewhere.start()
        time.sleep(1.5)  # for the other to be waiting by now
    elsewhere.join()
    with cast.inside("sunny"):
        given = Membership.objects.get(account=cast.account("Granite"), introduced_as="Vic")
        assert given.user.email == old and given.user_id != invited.user_id
