"""What the editor's own forms share: a field as it is drawn, numbers as they are typed, and rows that come and go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from library.answers import PLAIN_NUMBER


class Wrong(ValueError):
    """What was typed cannot be; `message` says what is expected."""

    def __init__(self, message: str):
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Choice:
    """One entry of a list, or one card to choose."""

    value: str
    label: str
    is_chosen: bool = False
    note: str = ""


@dataclass(frozen=True)
class Field:
    """One field as templates/library/staff/editor/_field.html draws it.

    `kind`: text, number, percent, area, check, select or hidden. `error` is a mistake, `todo` what is still missing.
    """

    name: str
    label: str = ""
    value: str = ""
    kind: str = "text"
    hint: str = ""
    error: str = ""
    todo: str = ""
    choices: tuple[Choice, ...] = ()
    is_checked: bool = False
    unit: str = ""
    id: str = ""
    longest: int = 0
    placeholder: str = ""

    @property
    def at(self) -> str:
        """This will be the id of the control."""
        return self.id or f"f-{self.name}"


def choices(words: Mapping[str, Any], chosen: str) -> tuple[Choice, ...]:
    """This will list all entries of a mapping, one of them chosen."""
    return tuple(Choice(value, str(label), value == chosen) for value, label in words.items())


def number(text: str) -> float | None:
    """This will read a typed number; None for nothing. Raises Wrong."""
    written = text.strip()
    if not written:
        return None
    if len(written) > 40 or not PLAIN_NUMBER.match(written):
        raise Wrong(_("Enter a number such as 4 or 1.5."))
    value = float(written.replace("\N{MINUS SIGN}", "-"))
    return int(value) if value == int(value) else value


def whole(text: str, least: int, most: int) -> int | None:
    """This will read a typed whole number between two ends; None for nothing. Raises Wrong."""
    value = number(text)
    if value is None:
        return None
    if value != int(value) or not least <= value <= most:
        raise Wrong(_("Enter a whole number from %(least)s to %(most)s.") % {"least": least, "most": most})
    return int(value)


def plain(value: Any) -> str:
    """This will write a number as it is typed; nothing for None."""
    return "" if value is None else f"{value:.12g}"


def percent_of(share: Any) -> str:
    """This will write a share of 1 as a percentage to type."""
    return "" if share is None else f"{float(share) * 100:.10g}"


def row_ids(fields: QueryDict, name: str, most: int = 400) -> list[str]:
    """This will list the ids of the rows a form holds, each once, in order; what is no id is left out."""
    ids = dict.fromkeys(str(given) for given in fields.getlist(name))
    return [given for given in ids if given.isascii() and given.isdigit() and len(given) < 6][:most]


def next_id(taken: Iterable[str]) -> str:
    """This will return an id that no row had while the form lives."""
    return str(max((int(given) for given in taken), default=-1) + 1)


class Reading:
    """Collects values of a form and what is wrong with them."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}
        self.missing: dict[str, str] = {}

    def value(self, name: str, read: Callable[[], Any], needed: str = "") -> Any:
        """This will read one value; a mistake is noted under `name`. `needed` is said when there is none."""
        try:
            value = read()
        except Wrong as wrong:
            self.errors[name] = wrong.message
            return None
        if value in (None, "") and needed:
            self.missing[name] = needed
        return value


def summary(
    errors: Mapping[str, str], targets: Callable[[str], str] = lambda name: f"f-{name}"
) -> list[dict[str, str]]:
    """This will list mistakes for components/error_summary.html, each a link to its field's control."""
    return [{"message": message, "target": targets(name) if name else ""} for name, message in errors.items()]
