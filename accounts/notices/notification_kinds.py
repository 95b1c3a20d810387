"""What people are told about: each kind with its words, who it is for, and how somebody hears of it who chose nothing."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from accounts.models import Account, Channel, Mail, Notification, NotificationChoice, Organization, User
from accounts.roles import Can
from accounts.viewer import Viewer, viewer_of_account, viewer_of_organization

When = NotificationChoice.When
MAIL, PORTAL = Channel.MAIL, Channel.PORTAL
DIGEST = "accounts.digest"
TO_USER, TOLD = "to_user", "told"  # in a mail's data: who reads it with a login, and under which key it is told
Audience = Literal["staff", "client"]


@dataclass(frozen=True)
class Notice:
    """One thing one person is told, at the moment it is read: `about` is the object as this viewer may see it now, None
    when they may not or the kind has none."""

    row: Notification
    viewer: Viewer
    about: Any = None

    @property
    def data(self) -> dict[str, Any]:
        """This will return what was noted when it happened."""
        return self.row.data


Words = Callable[[Notice], str | None]
Address = Callable[[Notice], str]
Load = Callable[[Viewer, set[uuid.UUID]], Mapping[uuid.UUID, Any]]


@dataclass(frozen=True)
class Kind:
    """One kind of event. `always`: channels nobody can switch off. `in_digest`: what a daily mail may hold."""

    name: str
    label: Any
    text: Words
    note: Any = ""
    icon: str = "bell"
    load: Load | None = None
    path: Address | None = None
    audience: frozenset[str] = frozenset(("staff", "client"))
    defaults: Mapping[str, str] = field(default_factory=dict)
    always: frozenset[str] = frozenset()
    needs: Can | None = None

    def default(self, channel: str) -> str:
        """This will say when somebody hears of it on a channel who chose nothing."""
        return str(self.defaults.get(channel, When.NOW))

    def when(self, channel: str, chosen: Mapping[tuple[str, str], str]) -> str:
        """This will say when somebody with these choices, {(kind, channel): when}, hears of it on a channel."""
        if channel in self.always:
            return str(When.NOW)
        return chosen.get((self.name, channel), self.default(channel))


class UnknownKind(Exception):
    """Nobody said what is told under this name."""


_KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    label: Any,
    *,
    text: Words,
    defaults: Mapping[str, str] | None = None,
    note: Any = "",
    icon: str = "bell",
    load: Load | None = None,
    path: Address | None = None,
    audience: Iterable[Audience] = ("staff", "client"),
    always: Iterable[str] = (),
    needs: Can | None = None,
) -> Kind:
    """This will say what is told under a name, and return the kind.

    `text` finds the words when they are read, None when there is nothing to say any more. `load` finds the objects of
    many at once, and must begin with `visible_to(viewer)`: what it leaves out is told to nobody. `path` finds the page
    that opens it; without it, the one given when it happened. `defaults`: {channel: when}, at once where nothing is
    said. `always`: channels that cannot be switched off. `needs`: only staff with this ability are
    offered the choice.
    """
    made = Kind(
        name, label, text, note, icon, load, path, frozenset(audience), defaults or {}, frozenset(always), needs
    )  # fmt: skip
    before = _KINDS.get(name)
    if before is not None and before.text.__module__ != text.__module__:
        raise ValueError(f"two modules tell of {name}")
    _KINDS[name] = made
    return made


def kind_named(name: str) -> Kind:
    """This will return a kind by its name. Raises UnknownKind."""
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None


def all_kinds() -> list[Kind]:
    """This will list every kind there is."""
    return list(_KINDS.values())


def is_kind(name: str) -> bool:
    """This will say whether people can choose how they hear of this."""
    return name in _KINDS


def kinds_for(viewer: Viewer) -> list[Kind]:
    """This will list what the viewer can be told about, on the side of the portal the page is of, by their names."""
    audience = "staff" if viewer.is_staff else "client"
    kinds = [
        one
        for one in _KINDS.values()
        if audience in one.audience and (one.needs is None or one.needs.value in viewer.organization_abilities)
    ]
    return sorted(kinds, key=lambda one: str(one.label))


def read(rows: Iterable[Notification], viewer_of: Callable[[Notification], Viewer]) -> list[tuple[Notice, str, str]]:
    """This will find, for each row, its words and its address as its reader may see them now, in one query a kind: what
    there is nothing to say about any more has no words."""
    rows = list(rows)
    viewers = {row.pk: viewer_of(row) for row in rows}
    wanted: dict[tuple[str, Viewer], set[uuid.UUID]] = {}
    for row in rows:
        if row.about and row.kind in _KINDS and _KINDS[row.kind].load:
            wanted.setdefault((row.kind, viewers[row.pk]), set()).add(row.about)
    found = {
        (name, viewer): _KINDS[name].load(viewer, ids)  # type: ignore[misc]
        for (name, viewer), ids in wanted.items()
    }
    return [_said(row, viewers[row.pk], found) for row in rows]


def _said(row: Notification, viewer: Viewer, found: Mapping[Any, Mapping[uuid.UUID, Any]]) -> tuple[Notice, str, str]:
    known = _KINDS.get(row.kind)
    about = found.get((row.kind, viewer), {}).get(row.about) if row.about else None
    notice = Notice(row, viewer, about)
    if known is None or (known.load and about is None):
        return notice, "", ""
    words = known.text(notice) or ""
    if not words:
        return notice, "", ""
    return notice, words, known.path(notice) if known.path else row.path


def reader_of(user: User, organization: Organization, account: Account | None) -> Viewer | None:
    """This will build the viewer with whose eyes something is told to a person; None when they may not enter."""
    if account is None:
        return viewer_of_organization(user, organization)
    return viewer_of_account(user, organization, account.pk)


def as_told(mail: Mail) -> tuple[str, str] | None:
    """This will find the words and the address of a notification that goes out by mail; None when there is nothing to
    say to its reader any more."""
    user = User.objects.filter(email=mail.to_email, is_active=True).first()
    viewer = reader_of(user, mail.organization, mail.account) if user else None
    if user is None or viewer is None:
        return None
    own = mail.data.get("about", True)
    row = Notification(
        organization=mail.organization, account=mail.account, user=user, kind=mail.kind, key=mail.key,
        about=mail.about if own else None, data=mail.data, path=mail.data.get("path", ""),
    )  # fmt: skip
    ((_notice, words, path),) = read([row], lambda _row: viewer)
    return (words, path) if words else None
