"""How Home of the client portal is arranged: which components there are, in which order an account meets them.

The parts of the portal register what they can show (`component`); a layout only ever names keys. The organization has a
default, an account may have an order of its own; what the default locks stands in every account as the default has it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from .models import Account, DashboardLayout
from .roles import Can
from .viewer import Viewer, viewer_of_account

ALL, WIDE, NARROW = "all", "wide", "narrow"


@dataclass(frozen=True)
class Component:
    """One thing Home can show.

    `content` reads what it shows, given the page's Home, and returns the template's words, or None when there is nothing
    to draw; it is called only where the component is shown. Without the `ability` it does not exist. `size` is ALL for
    the whole width, WIDE or NARROW for a part of it beside another. `position` orders the catalogue; `shown` says whether
    it stands on Home as long as nobody decided.
    """

    key: str
    label: Any
    description: Any
    icon: str
    template: str
    content: Callable[[Any], Mapping[str, Any] | None]
    size: str = ALL
    ability: Can | None = None
    position: int = 100
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A component at its place in a layout. A locked one stands there in every account."""

    component: Component
    shown: bool
    locked: bool = False

    @property
    def key(self) -> str:
        return self.component.key


_COMPONENTS: dict[str, Component] = {}


def component(new: Component) -> Component:
    """This will put a component into the catalogue. Its key never changes: layouts name it."""
    known = _COMPONENTS.get(new.key)
    if known is not None and known.template != new.template:
        raise ValueError(f"two components of Home are called {new.key}")
    _COMPONENTS[new.key] = new
    return new


def catalogue() -> list[Component]:
    """This will list every component in the catalogue's order."""
    return sorted(_COMPONENTS.values(), key=lambda one: (one.position, one.key))


# --- Layouts, as they are stored: [{"key", "shown", "locked"?}] ------------------------------------------------------


def placed(stored: Iterable[Mapping[str, Any]]) -> list[Place]:
    """This will read a stored layout. What it does not name follows in the catalogue's order; what is unknown is left
    out."""
    places: dict[str, Place] = {}
    for row in stored:
        known = _COMPONENTS.get(row.get("key", ""))
        if known is not None and known.key not in places:
            places[known.key] = Place(known, bool(row.get("shown", known.shown)), bool(row.get("locked", False)))
    rest = [Place(one, one.shown) for one in catalogue() if one.key not in places]
    return [*places.values(), *rest]


def under(default: Sequence[Place], stored: Sequence[Mapping[str, Any]]) -> list[Place]:
    """This will read an account's own layout: what the default locks keeps its place and its state, the rest stands
    around it in the account's order. A component the account does not name stands as the default has it."""
    if not stored:
        return list(default)
    named = {row.get("key") for row in stored}
    own = [place for place in placed(stored) if place.key in named]
    missing = [place for place in default if place.key not in named]
    locked = {place.key for place in default if place.locked}
    free = iter([replace(place, locked=False) for place in (*own, *missing) if place.key not in locked])
    return [place if place.locked else next(free) for place in default]


def stored_form(places: Iterable[Place], *, with_locks: bool) -> list[dict[str, Any]]:
    """This will write a layout as it is stored; only the organization's default has locks."""
    return [
        {"key": place.key, "shown": place.shown} | ({"locked": True} if with_locks and place.locked else {})
        for place in places
    ]


@dataclass(frozen=True)
class Layouts:
    """The two layouts that make a Home: the organization's default, and the account's own where it has one."""

    default_row: DashboardLayout | None = None
    own_row: DashboardLayout | None = None

    @property
    def default(self) -> list[Place]:
        """This will be the organization's default, the catalogue's order where nobody decided."""
        return placed(self.default_row.components if self.default_row else [])

    @property
    def places(self) -> list[Place]:
        """This will be what the account's Home is made of."""
        return under(self.default, self.own_row.components if self.own_row else [])

    @property
    def is_own(self) -> bool:
        """This will say whether the account departs from the default."""
        return bool(self.own_row and self.own_row.components)


def layouts_of(viewer: Viewer, account: Account | None) -> Layouts:
    """This will read the layouts of an account, or the default alone, in one query."""
    rows = DashboardLayout.objects.visible_to(viewer).filter(Q(account=None) | Q(account=account))
    found = {row.account_id: row for row in rows.select_related("updated_by")}
    return Layouts(found.get(None), found.get(account.id) if account else None)


def for_home(viewer: Viewer, places: Iterable[Place]) -> list[Component]:
    """This will list the components this viewer's Home shows, in order."""
    return [
        place.component
        for place in places
        if place.shown and (place.component.ability is None or viewer.can(place.component.ability))
    ]


def may_try(viewer: Viewer) -> bool:
    """This will say whether Home may be shown in an order nobody saved: in a preview, to who may arrange it."""
    if not viewer.is_preview or viewer.user is None or viewer.account is None:
        return False
    staff = viewer_of_account(viewer.user, viewer.organization, viewer.account.id)
    return staff is not None and staff.is_staff and staff.can(Can.CONFIGURE_DASHBOARD)


# --- Layouts in an address, a form and the audit trail: "next_step -reports !waiting" ---------------------------------


def code_of(places: Iterable[Place], *, with_locks: bool = True) -> str:
    """This will write a layout in one line: "-" before what is hidden, "!" before what is locked."""
    return " ".join(
        ("!" if with_locks and place.locked else "") + ("" if place.shown else "-") + place.key for place in places
    )


def stored_of(code: str) -> list[dict[str, Any]]:
    """This will read such a line as a stored layout; what is not a known key is left out."""
    rows = []
    for word in code[:2000].split():
        locked, rest = word.startswith("!"), word.removeprefix("!")
        key = rest.removeprefix("-")
        if key in _COMPONENTS:
            rows.append({"key": key, "shown": not rest.startswith("-")} | ({"locked": True} if locked else {}))
    return rows


def chosen(
    default: Sequence[Place] | None, order: Sequence[str], shown: Collection[str], locked: Collection[str]
) -> list[Place]:
    """This will read a layout from a form; under a `default`, its locks hold whatever the form says."""
    rows = [{"key": key, "shown": key in shown, "locked": key in locked} for key in order if key in _COMPONENTS]
    return placed(rows) if default is None else under(default, rows)


def moved(places: Sequence[Place], key: str, step: int, *, over_locks: bool) -> list[Place]:
    """This will move a component one place up (-1) or down (1). In an account's layout it passes the locked ones, which
    stay where they are; in the default it moves like any other."""
    free = [at for at, place in enumerate(places) if over_locks or not place.locked]
    result = list(places)
    for number, at in enumerate(free):
        if places[at].key == key and 0 <= number + step < len(free):
            other = free[number + step]
            result[at], result[other] = result[other], result[at]
    return result


def difference(before: str, after: str) -> list[str]:
    """This will say in words what lies between two layouts, each one line as `code_of` writes it."""
    if not after:
        return [_("Back to the organization’s default")]
    old, new = placed(stored_of(before)), placed(stored_of(after))
    were = {place.key: place for place in old}
    words = []
    for place in new:
        was, name = were[place.key], {"name": str(place.component.label)}
        if was.shown != place.shown:
            words.append((_("Showed %(name)s") if place.shown else _("Hid %(name)s")) % name)
        if was.locked != place.locked:
            words.append((_("Locked %(name)s") if place.locked else _("Unlocked %(name)s")) % name)
    for place, came_up in _moves([place.key for place in old], new):
        words.append(
            (_("Moved %(name)s up") if came_up else _("Moved %(name)s down")) % {"name": place.component.label}
        )
    return words


def _longest(chains: Iterable[list[int]]) -> list[int]:
    return max(chains, key=lambda chain: len(chain), default=[])


def _moves(old: Sequence[str], new: Sequence[Place]) -> list[tuple[Place, bool]]:
    """This will find the fewest components whose moving makes the new order of the old one: (place, whether upwards)."""
    ranks = [old.index(place.key) for place in new]
    best: list[list[int]] = []
    for at, rank in enumerate(ranks):
        before = _longest(run for run in reversed(best) if ranks[run[-1]] < rank)
        best.append([*before, at])
    # Of two that changed places the lower one came up: people move up what they want seen.
    stayed = set(_longest(reversed(best)))
    return [(place, at < ranks[at]) for at, place in enumerate(new) if at not in stayed]
