"""What a person still owns when they leave: each app above says what its kinds of belongings are and how they change hands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Account, User
from accounts.viewer import Viewer

Choice = tuple[str, str]


@dataclass(frozen=True)
class Belonging:
    """Something of a person's. `key` names it among all of theirs and begins with its kind; `url` shows it, "" without a
    page. `choices` are what may become of it: people by their id, or words of the kind's own, "" to leave it."""

    key: str
    label: str
    account: Account | None
    choices: Sequence[Choice]
    detail: str = ""
    url: str = ""
    initial: str = ""

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def about(self) -> str:
        """This will return what the kind wrote behind its name in the key."""
        return self.key.partition(":")[2]


Find = Callable[[Viewer, User], Iterable[Belonging]]
HandOver = Callable[[Viewer, User, Belonging, str], None]


@dataclass(frozen=True)
class Kind:
    """One kind of belongings. `hand_over` gets the viewer, the leaver, the belonging and the choice made."""

    name: str
    find: Find
    hand_over: HandOver
    comes_first: bool = False


_KINDS: dict[str, Kind] = {}


def kind(name: str, *, find: Find, hand_over: HandOver, comes_first: bool = False) -> None:
    """This will declare a kind of belongings. What must not be left alone comes first, the rest as it was declared."""
    if name in _KINDS and _KINDS[name].find.__module__ != find.__module__:
        raise ValueError(f"two modules declare belongings of the kind {name}")
    _KINDS[name] = Kind(name, find, hand_over, comes_first)


def of(viewer: Viewer, user: User) -> list[Belonging]:
    """This will list what a person owns in the viewer's organization, kind by kind."""
    kinds = sorted(_KINDS.values(), key=lambda one: not one.comes_first)
    return [belonging for one in kinds for belonging in one.find(viewer, user)]


def hand_over(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    """This will do with a belonging what was chosen."""
    _KINDS[belonging.kind].hand_over(by, user, belonging, choice)
