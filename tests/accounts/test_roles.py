"""Roles read aloud."""

import pytest

from accounts.roles import (
    ACCOUNT_ABILITIES,
    ADMIN,
    CLIENT,
    FOR_PORTAL_ROLE,
    IN_ACCOUNT,
    IN_ORGANIZATION,
    Can,
    PortalRole,
    Role,
    abilities_in_account,
)


def test_an_account_executive_never_publishes_creates_accounts_or_manages_people():
    everything = IN_ACCOUNT[Role.ACCOUNT_EXECUTIVE] | IN_ORGANIZATION[Role.ACCOUNT_EXECUTIVE]
    assert not everything & {Can.PUBLISH_DEFINITIONS, Can.CREATE_ACCOUNTS, Can.MANAGE_PEOPLE}


def test_a_client_holds_no_ability_of_staff_whatever_the_portal_role():
    for role in PortalRole:
        assert not abilities_in_account(Role.CLIENT, [role]) & (ADMIN | IN_ACCOUNT[Role.TECHNICIAN])


def test_portal_roles_add_up():
    both = abilities_in_account(Role.CLIENT, [PortalRole.BILLING, PortalRole.COMPANY_ADMIN])
    assert both == CLIENT | FOR_PORTAL_ROLE[PortalRole.COMPANY_ADMIN]


def test_a_technician_sees_the_account_and_nothing_of_assessments():
    assert IN_ACCOUNT[Role.TECHNICIAN] == {Can.VIEW_ACCOUNT}


def test_a_denied_ability_is_gone_and_an_allowed_one_is_there():
    allowed = abilities_in_account(Role.CLIENT, [PortalRole.END_USER], allowed=frozenset({Can.VIEW_COLLEAGUES}))
    denied = abilities_in_account(Role.CLIENT, [PortalRole.END_USER], denied=frozenset({Can.LAUNCH_ASSESSMENTS}))
    assert Can.VIEW_COLLEAGUES in allowed
    assert Can.LAUNCH_ASSESSMENTS not in denied


def test_a_denial_wins_over_an_allowance():
    same = frozenset({Can.VIEW_RESULTS.value})
    assert Can.VIEW_RESULTS not in abilities_in_account(Role.CLIENT, [], allowed=same, denied=same)


@pytest.mark.parametrize("ability", sorted(ADMIN))
def test_no_override_turns_a_client_into_staff(ability):
    granted = abilities_in_account(Role.CLIENT, [PortalRole.COMPANY_ADMIN], allowed=frozenset({ability}))
    assert ability not in granted


def test_every_account_ability_is_held_by_somebody():
    held = frozenset().union(*IN_ACCOUNT.values(), *FOR_PORTAL_ROLE.values())
    assert held == ACCOUNT_ABILITIES
