"""What mails there are, and how each is written: a kind is a name and a function from the outbox's row to its words.

A mail is made of parts. Both twins, HTML and plain text, are drawn from the same parts, so they say the same; a part
holds text, never markup. The words are found when the mail is sent, so they are true then.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from accounts.models import Mail
from accounts.roles import Can
from accounts.viewer import Viewer


@dataclass(frozen=True)
class Heading:
    """The thing the mail is about, by its name."""

    text: str
    shape: str = field(default="heading", init=False)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text: the mail's own words, one that is read last, or one that leads on to what follows."""

    text: str
    is_quiet: bool = False
    leads_on: bool = False
    shape: str = field(default="paragraph", init=False)


@dataclass(frozen=True)
class Quote:
    """What a person wrote, word for word; `who` says who."""

    text: str
    who: str = ""
    shape: str = field(default="quote", init=False)

    @property
    def lines(self) -> list[str]:
        """This will return the text line by line, as it was typed."""
        return self.text.strip().splitlines()


@dataclass(frozen=True)
class Facts:
    """Names with their values, one under the other; empty values are left out."""

    rows: tuple[tuple[str, str], ...]
    shape: str = field(default="facts", init=False)

    @property
    def filled(self) -> list[tuple[str, str]]:
        """This will return the rows that say something."""
        return [(name, value) for name, value in self.rows if value]


@dataclass(frozen=True)
class Button:
    """The one thing to do. `url` is an absolute address."""

    label: str
    url: str
    shape: str = field(default="button", init=False)


Part = Heading | Paragraph | Quote | Facts | Button


@dataclass(frozen=True)
class Content:
    """What one mail says. `why` is the small print: why this person gets it. `reply_to` is who reads an answer, the
    organization's support without it. `preview` is what a mailbox shows beside the subject."""

    subject: str
    parts: tuple[Part, ...]
    why: str = ""
    preview: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class Addressee:
    """Somebody a call goes out to: `key` tells the person from the others."""

    email: str
    key: str
    name: str = ""


Compose = Callable[[Mail, Viewer], Content | None]
FindAddressees = Callable[[Mail, Viewer], Iterable[Addressee]]


@dataclass(frozen=True)
class Kind:
    """How mails of a name are written. `asked_with`: who asks for one needs this ability, still when it is sent."""

    name: str
    compose: Compose
    asked_with: Can | None = None
    addressees: FindAddressees | None = None


class UnknownKind(Exception):
    """Nobody wrote how mails of this name are composed."""


_KINDS: dict[str, Kind] = {}


def kind(name: str, *, asked_with: Can | None = None, to: FindAddressees | None = None) -> Callable[[Compose], Compose]:
    """This will make the decorated function the writer of mails of a name.

    It gets the row and a viewer who may do what the one who asked may do now, and returns the words, or None when the
    mail is not needed any more. With `asked_with`, nothing is sent once the person who asked has lost that ability in
    the mail's account. With `to`, a row without an address is a call to everybody that function names then.
    """

    def register(compose: Compose) -> Compose:
        if name in _KINDS and _KINDS[name].compose.__module__ != compose.__module__:
            raise ValueError(f"two modules write mails of the kind {name}")
        _KINDS[name] = Kind(name, compose, asked_with, to)
        return compose

    return register


def kind_named(name: str) -> Kind:
    """This will return a kind by its name. Raises UnknownKind."""
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None


def one_line(text: str) -> str:
    """This will make text fit for a header: one line, no control characters, nothing that turns the reading direction
    around, so that a name can neither add a header nor pose as another."""
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn")
    )
    return " ".join("".join(character for character in kept if character not in _TURNING).split())


_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
