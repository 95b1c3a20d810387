"""Accounts to choose from, found by name: those chosen already come first and stay."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import Account
from accounts.viewer import Viewer

MOST = 50


@dataclass(frozen=True, slots=True)
class AccountChoices:
    """What the list of choices shows. `has_more` says that a search finds the rest."""

    chosen: list[Account]
    others: list[Account]
    has_more: bool


def offered(
    viewer: Viewer, words: str = "", chosen: Collection[uuid.UUID] = (), without: Collection[uuid.UUID] = ()
) -> AccountChoices:
    """This will list the current accounts the viewer may see whose name holds each word, in two queries; `without` are
    left out."""
    rows = Account.objects.visible_to(viewer).current().exclude(pk__in=without).order_by("name", "id")
    others = rows.exclude(pk__in=chosen)
    for word in words.split()[:8]:
        others = others.filter(name__icontains=word)
    found = list(others[: MOST + 1])
    return AccountChoices(list(rows.filter(pk__in=chosen)) if chosen else [], found[:MOST], len(found) > MOST)
