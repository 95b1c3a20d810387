"""What mails there are, and how each is written: a kind is a name and a function from the outbox's row to its words.

A mail is made of parts. Both twins, HTML and plain text, are drawn from the same parts, so they say the same; a part
holds text, never markup. The words are found when the mail is sent, so they are true then.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from accounts.mail import mail_markdown
from accounts.models import Mail, User
from accounts.roles import Can
from accounts.viewer import Viewer


@dataclass(frozen=True)
class Heading:
    """The thing the mail is about, by its name."""

    text: str
    shape: str = field(default="heading", init=False)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text: the mail's own words, one that is read last, one that leads on to what follows,
    or a person's (`is_message`)."""

    text: str
    is_quiet: bool = False
    leads_on: bool = False
    is_message: bool = False
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


@dataclass(frozen=True)
class Line:
    """One of several things: its words, where they lead, and what stands under them."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Lines:
    """Several things, one under the other, each with a link of its own."""

    rows: tuple[Line, ...]
    shape: str = field(default="lines", init=False)


@dataclass(frozen=True)
class Rich:
    """What an organization wrote itself: Markdown, of which `links` are the marks that stand for addresses."""

    source: str
    links: tuple[tuple[str, str], ...] = ()
    shape: str = field(default="rich", init=False)

    @property
    def html(self) -> SafeString:
        """This will draw it for the HTML twin."""
        return mail_markdown.as_html(self.source, dict(self.links))

    @property
    def text(self) -> str:
        """This will write it for the plain-text twin."""
        return mail_markdown.as_text(self.source, dict(self.links))


Part = Heading | Paragraph | Quote | Facts | Button | Lines | Rich


@dataclass(frozen=True)
class Content:
    """What one mail says. `why` is the small print: why this person gets it. `reply_to` is who reads an answer, the
    organization's support without it. `preview` is what a mailbox shows beside the subject. `values` are what an
    organization's own words may name: plain texts and yes or no, never an object, never the link. `choices_url` is where
    the reader chooses how to hear of such things. `opens` is the login whose password its link can set."""

    subject: str
    parts: tuple[Part, ...]
    why: str = ""
    preview: str = ""
    reply_to: str = ""
    choices_url: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    opens: User | None = None


@dataclass(frozen=True)
class Variable:
    """Something an organization's own words may name: what it is, and an example."""

    name: str
    meaning: Any
    example: Any
    may_be_empty: bool = False


@dataclass(frozen=True)
class Wording:
    """What somebody needs to know who writes mails of a kind in the organization's own words.

    `source` makes our own words in that language (subject, body). `blocks` are the ready parts it may hold besides the
    button: what a person wrote (`message`), the table of facts (`facts`). `cases`: how the example can turn out
    otherwise; the link must be there in each. Without `button`, the mail leads nowhere.
    """

    label: Any
    note: Any
    variables: tuple[Variable, ...]
    source: Callable[[], tuple[str, str]]
    button: Any = ""
    blocks: tuple[str, ...] = ()
    facts: tuple[tuple[Any, Any], ...] = ()
    message: Any = ""
    items: tuple[tuple[Any, str], ...] = ()
    cases: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Addressee:
    """Somebody a call goes out to: `key` tells the person from the others; `user` is who reads it with a login."""

    email: str
    key: str
    name: str = ""
    user: User | None = None


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
    found = _KINDS.get(name) or next((made for make in _OTHERWISE if (made := make(name))), None)
    if found is None:
        raise UnknownKind(name)
    return found


def otherwise(make: Callable[[str], Kind | None]) -> None:
    """This will have kinds nobody wrote words for made by a function of their name; it answers None for no kind."""
    _OTHERWISE.append(make)


def describe(name: str, wording: Wording) -> None:
    """This will say how mails of a kind can be written in an organization's own words."""
    _WORDINGS[name] = lambda: wording


def wordings() -> dict[str, Wording]:
    """This will return every kind that can be written in an organization's own words, by name."""
    found = {name: make() for name, make in _WORDINGS.items()}
    return {name: wording for more in _MORE for name, wording in more().items() if name not in _KINDS} | found


def wording_of(name: str) -> Wording | None:
    """This will return how mails of a kind can be written, None for one nobody may rewrite."""
    make = _WORDINGS.get(name)
    return make() if make else wordings().get(name)


def more_wordings(make: Callable[[], Mapping[str, Wording]]) -> None:
    """This will have the wordings of kinds nobody wrote mails for made by a function."""
    _MORE.append(make)


_MORE: list[Callable[[], Mapping[str, Wording]]] = []
_WORDINGS: dict[str, Callable[[], Wording]] = {}
_OTHERWISE: list[Callable[[str], Kind | None]] = []


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
