"""What the apps above tie to a membership, and the database removes with it: each says how an undo gives it back."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Membership
from accounts.viewer import Viewer

Keep = Callable[[Membership], list[str]]
GiveBack = Callable[[Viewer, Membership, list[str], datetime.datetime], None]


@dataclass(frozen=True)
class Kind:
    """One kind. `keep` names what there is by ids; `give_back` gets them, and the moment of the removal: what somebody
    has decided about since stays as decided."""

    keep: Keep
    give_back: GiveBack


_KINDS: dict[str, Kind] = {}


def kind(name: str, *, keep: Keep, give_back: GiveBack) -> None:
    """This will declare a kind of what is tied to memberships."""
    if name in _KINDS and _KINDS[name].keep.__module__ != keep.__module__:
        raise ValueError(f"two modules declare keepsakes of the kind {name}")
    _KINDS[name] = Kind(keep, give_back)


def of(membership: Membership) -> dict[str, list[str]]:
    """This will name what a membership has, kind by kind."""
    return {name: found for name, one in _KINDS.items() if (found := one.keep(membership))}


def give_back(by: Viewer, membership: Membership, kept: dict[str, list[str]], since: datetime.datetime) -> None:
    """This will tie to a membership what `of` named before it was removed."""
    for name, ids in kept.items():
        if name in _KINDS:
            _KINDS[name].give_back(by, membership, ids, since)
