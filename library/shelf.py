"""The order of the library, as its authors arrange it: definitions, and the groups they stand in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from accounts.viewer import Viewer

from .models import Group


@dataclass(frozen=True, slots=True)
class Shelf:
    """One group with the number of definitions in it."""

    group: Group
    definitions: int


def groups_of(viewer: Viewer) -> list[Shelf]:
    """This will return the groups in their order, in one query."""
    rows = Group.objects.visible_to(viewer).annotate(count=Count("definitions")).order_by("position", "name", "id")
    return [Shelf(group, group.count) for group in rows]


def place_among(
    ids: Sequence[uuid.UUID],
    moved: uuid.UUID,
    *,
    step: str = "",
    before: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
) -> int:
    """This will return where `moved` is to stand among the other ids, counted from 0 without it; `ids` are in order.

    One `step` "up" or "down", or right `before` or `after` another one; where it stands now when that is not there.
    """
    at = ids.index(moved) if moved in ids else 0
    others = [one for one in ids if one != moved]
    if step:
        return max(at - 1, 0) if step == "up" else min(at + 1, len(others))
    beside = before or after
    return others.index(beside) + (0 if before else 1) if beside in others else at


def neighbor_of(rows: QuerySet[Any], moved: Any, **place: Any) -> dict[str, Any]:
    """This will return what `moved` is to stand before or after, as {"before": row} or {"after": row}.

    `place` as for `place_among`; empty when `moved` is the only row. `rows` are in order.
    """
    others = list(rows.exclude(pk=moved.pk))
    if not others:
        return {}
    index = place_among(list(rows.values_list("pk", flat=True)), moved.pk, **place)
    return {"before": others[index]} if index < len(others) else {"after": others[-1]}
