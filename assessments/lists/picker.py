"""What can be given to an account: the published definitions, with what is in its Library already marked."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, Q, Value, When

from accounts.viewer import Viewer
from library.models import Definition, LibraryEntry

MOST = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One definition of the picker."""

    definition: Definition
    is_in_library: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Picker:
    """The choices shown; `has_more` when the list was cut and a search would help."""

    choices: list[Choice]
    has_more: bool


def picker(viewer: Viewer, words: str, chosen: Collection[uuid.UUID]) -> Picker:
    """This will find the definitions that match the words, in two queries. What is chosen stays, and comes first."""
    offered = Definition.objects.visible_to(viewer).launchable().top_level()
    matching = offered.matching(words).values("pk")
    chosen_first = Case(When(pk__in=chosen, then=Value(0)), default=Value(1))
    found = list(
        offered.filter(Q(pk__in=matching) | Q(pk__in=chosen))
        .select_related("group")
        .order_by(chosen_first, "position", "name", "id")[: MOST + 1]
    )
    in_library = set(LibraryEntry.objects.visible_to(viewer).values_list("definition_id", flat=True))
    choices = [Choice(one, one.pk in in_library, one.pk in chosen) for one in found[:MOST]]
    return Picker(choices, has_more=len(found) > MOST)
