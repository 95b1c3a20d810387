"""Intake: a public form, what it takes, what speaks against it, and what happens once somebody has accepted it.

catalog     what a form can ask, and a form's pages read
answering   the form as it is filled in
guards      how often, how fast, and what looks like spam
duplicates  the accounts a submission may belong to already
queue       the submissions as the list shows them

What an app above does after an acceptance, it registers here: which definitions can be started, and how.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Account, Contact, Membership
from accounts.viewer import Viewer


@dataclass(frozen=True)
class Accepted:
    """What an acceptance made: the account, its contact, the contact's login if one was wished for, the definition to
    start if one was chosen, and the address the portal is reached at."""

    account: Account
    contact: Contact | None
    membership: Membership | None
    definition: uuid.UUID | None
    origin: str = ""


type AfterAcceptance = Callable[[Viewer, Accepted], None]
type Startable = Callable[[Viewer], list[tuple[str, str]]]

_after: list[AfterAcceptance] = []
_startable: list[Startable] = []


def after_acceptance(function: AfterAcceptance) -> AfterAcceptance:
    """This will have the decorated function called whenever a submission was accepted, in the same transaction."""
    if function not in _after:
        _after.append(function)
    return function


def startable(function: Startable) -> Startable:
    """This will have the decorated function asked for what accepting may start: [(id of a definition, its name)]."""
    if function not in _startable:
        _startable.append(function)
    return function


def definitions_for(viewer: Viewer) -> list[tuple[str, str]]:
    """This will list the definitions that accepting may start, as far as the viewer sees them."""
    return [choice for function in _startable for choice in function(viewer)]


def carry_on(by: Viewer, accepted: Accepted) -> None:
    """This will do all that follows an acceptance."""
    for function in _after:
        function(by, accepted)
