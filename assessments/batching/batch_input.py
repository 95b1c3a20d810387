"""From what somebody types, pastes or uploads to the people of a batch: each row keeps its number and gets a verdict.

Plain data in and out. Whatever a row holds, it is read or it is said why not; only a file that is no table at all is
refused, with UnreadableFile.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from library.exchange import delimited, workbooks
from library.exchange.tables import Table
from library.problems import UnreadableFile

MOST_ROWS = 5_000
LONGEST_NAME = 120
LONGEST_ADDRESS = 254
# What is kept of a cell that is too long: enough to find it in the file.
LONGEST_KEPT = 300
# Rows looked at to guess which column is which.
LOOKED_AT = 50

HEADINGS: Mapping[str, frozenset[str]] = {
    "email": frozenset({
        "email", "e mail", "mail", "email address", "e mail address", "mail address", "address", "contact email",
        "work email", "business email", "user email", "login", "upn", "user principal name", "primary contact email",
        "primary email", "recipient", "recipient email", "adresse mail", "courriel", "correo",
    }),
    "name": frozenset({
        "name", "full name", "fullname", "contact", "contact name", "person", "people", "respondent", "participant",
        "employee", "display name", "user", "user name", "recipient name", "primary contact name", "nom",
    }),
    "first": frozenset({"first name", "firstname", "given name", "forename", "first", "vorname", "prenom"}),
    "last": frozenset({"last name", "lastname", "surname", "family name", "last", "nachname", "nom de famille"}),
    "account": frozenset({
        "account", "account name", "company", "company name", "client", "client name", "customer", "customer name",
        "organization", "organisation", "organization name", "organisation name", "business", "tenant", "firm", "firma",
    }),
    "sections": frozenset({"sections", "section", "parts", "part", "areas", "area", "topics", "topic"}),
}  # fmt: skip
FIELD_OF = {heading: name for name, headings in HEADINGS.items() for heading in headings}

# One person of a line: a name, quoted or not, and the address in angle brackets; or an address alone.
IN_BRACKETS = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<>]*?))\s*<\s*([^<>]*)>\s*(.*)\Z', re.DOTALL)
NO_ADDRESS = frozenset('"\\<>(),;:[]')
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class Verdict(StrEnum):
    """What becomes of a row."""

    INVITED = "invited"
    PRESENT = "present"
    DUPLICATE = "duplicate"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    TOO_LONG = "too_long"
    NO_ACCOUNT = "no_account"
    UNKNOWN_ACCOUNT = "unknown_account"
    UNKNOWN_SECTION = "unknown_section"
    BELONGS = "belongs"


@dataclass(frozen=True, slots=True)
class Row:
    """One person as written: `number` is the row of the file or the line of the text. `account` and `sections` are the
    words of their cells, "" where there are none."""

    number: int
    name: str = ""
    email: str = ""
    account: str = ""
    sections: str = ""

    def as_list(self) -> list:
        """This will return what a draft keeps; Row(*kept) reads it."""
        return [self.number, self.name, self.email, self.account, self.sections]


@dataclass(frozen=True, slots=True)
class Account:
    """An account that may be used."""

    key: str
    name: str


@dataclass(frozen=True)
class Known:
    """What rows are judged by. Nothing about an account that may not be used is in here, so no verdict can tell that it
    exists.

    `only` is the account everybody goes to; without one each row names its own. `accounts` are the usable ones by key.
    `homes` says of which usable accounts an address is a client, `staff` of which it is staff; `present` are the
    (account, address) pairs that answer the definition already. `sections` are the top-level ones: key to name.
    """

    accounts: Mapping[str, Account]
    only: str = ""
    homes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    staff: Mapping[str, frozenset[str]] = field(default_factory=dict)
    present: frozenset[tuple[str, str]] = frozenset()
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict; `why` explains it where the word alone does not. `account` is the key of the account it
    goes to, "" for none; `sections` are keys."""

    row: Row
    verdict: Verdict
    why: str = ""
    account: str = ""
    account_name: str = ""
    email: str = ""
    sections: tuple[str, ...] = ()

    @property
    def is_used(self) -> bool:
        return self.verdict is Verdict.INVITED


# --- Reading ----------------------------------------------------------------------------------------------------------


def from_lines(text: str) -> list[Row]:
    """This will read one person a line, however it is written: “Name <mail>”, “mail”, “name; mail; account”, several
    addresses in a row, or a table copied from a spreadsheet. Raises UnreadableFile for more than MOST_ROWS rows."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if _clean(line)]
    if lines and (table := _pasted_table(lines)):
        return from_table(table)
    rows: list[Row] = []
    for number, line in lines:
        rows.extend(_people_in(number, line))
        _refuse_too_many(len(rows))
    return rows


def from_file(data: bytes) -> list[Row]:
    """This will read people from a CSV file or an Excel workbook. Raises UnreadableFile."""
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return from_table(_sheet_of_people(data))
    return from_table(delimited.read(data, most_rows=MOST_ROWS + 1))


def from_table(table: Table) -> list[Row]:
    """This will read people from rows of cells; columns are known by their headings, else guessed."""
    filled = list(table.filled())
    if not filled:
        raise UnreadableFile(_("There is nobody in it."))
    columns = _named(filled[0][1])
    if columns:
        filled = filled[1:]
    else:
        columns = _guessed([cells for _number, cells in filled[:LOOKED_AT]])
    _refuse_too_many(len(filled))
    return [_row_of(number, cells, columns) for number, cells in filled]


def _refuse_too_many(count: int) -> None:
    if count > MOST_ROWS:
        limit = f"{MOST_ROWS:,}"
        raise UnreadableFile(_("There are more than %(limit)s people. Split the list into several.") % {"limit": limit})


def _sheet_of_people(data: bytes) -> Table:
    """The sheet with most addresses; of several alike, the first."""
    sheets = [sheet for sheet in workbooks.read(data).sheets if any(sheet.filled())]
    if not sheets:
        raise UnreadableFile(_("There is nobody in it."))
    return max(sheets, key=lambda sheet: sum("@" in cell for row in sheet.rows for cell in row))


def _pasted_table(lines: Sequence[tuple[int, str]]) -> Table | None:
    """What was copied from a spreadsheet with its headings; the rows keep the numbers of their lines."""
    first = lines[0][1]
    for delimiter in ("\t", ";", ",", "|"):
        cells = first.split(delimiter)
        if len(cells) > 1 and _named(cells):
            rows: list[list[str]] = [[] for _line in range(lines[-1][0])]
            for number, line in lines:
                rows[number - 1] = _split(line, delimiter)
            return Table(rows)
    return None


def _named(cells: Sequence[str]) -> dict[str, int]:
    """Which column is which by the headings; {} when no column is headed as addresses are."""
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = FIELD_OF.get(_reduced(cell))
        if name and name not in columns:
            columns[name] = place
    return columns if "email" in columns else {}


def _guessed(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    width = max(map(len, rows))
    addresses = [sum("@" in row[place] for row in rows if place < len(row)) for place in range(width)]
    columns = {"email": addresses.index(max(addresses))}
    others = [
        place for place in range(width)
        if place != columns["email"] and any(place < len(row) and _has_letters(row[place]) for row in rows)
    ]  # fmt: skip
    return columns | dict(zip(("name", "account", "sections"), others, strict=False))


def _row_of(number: int, cells: Sequence[str], columns: Mapping[str, int]) -> Row:
    def cell(name: str) -> str:
        place = columns.get(name, -1)
        return _clean(cells[place]) if 0 <= place < len(cells) else ""

    name = cell("name") or f"{cell('first')} {cell('last')}".strip()
    email = cell("email")
    # Mail programs write the name into the same cell.
    if match := IN_BRACKETS.match(email):
        name, email = name or _clean(match[1] or match[2] or ""), _clean(match[3])
    return Row(
        number,
        name[:LONGEST_KEPT],
        email[:LONGEST_KEPT],
        cell("account")[:LONGEST_KEPT],
        cell("sections")[:LONGEST_KEPT],
    )


def _people_in(number: int, line: str) -> Iterator[Row]:
    cells = [cell for cell in (_clean(cell) for cell in _cells_of(line)) if cell]
    mails = [cell for cell in cells if "@" in cell]
    if len(mails) > 1:
        for mail in mails:
            yield _person(number, mail, [])
    elif mails:
        yield _person(number, mails[0], [cell for cell in cells if cell is not mails[0]])
    elif len(cells) == 1:
        # Meant as an address, and none.
        yield _person(number, cells[0], [])
    elif cells:
        yield _person(number, "", cells)


def _cells_of(line: str) -> list[str]:
    for delimiter in ("\t", ";", "|"):
        parts = _split(line, delimiter)
        if len(parts) > 1:
            return parts
    parts = _split(line, ",")
    alone = [part for part in parts if "@" in part and "<" not in part]
    # “Nair, Priya <p@x>” is one person; commas separate where an address stands between them.
    return parts if alone or sum("@" in part for part in parts) > 1 else [line]


def _split(line: str, delimiter: str) -> list[str]:
    """This will split at a delimiter that stands neither in quotes nor in angle brackets."""
    if delimiter not in line:
        return [line]
    parts, start, quoted, bracketed = [], 0, False, False
    for place, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character in "<>" and not quoted:
            bracketed = character == "<"
        elif character == delimiter and not quoted and not bracketed:
            parts.append(line[start:place])
            start = place + 1
    if quoted or bracketed:  # never closed: then it closes nothing in
        return line.split(delimiter)
    return [*parts, line[start:]]


def _person(number: int, mail: str, others: list[str]) -> Row:
    name = ""
    if match := IN_BRACKETS.match(mail):
        name, mail = _clean((match[1] or match[2] or "").replace('\\"', '"')), _clean(match[3])
    if not name and others:
        name, others = others[0], others[1:]
    account, sections = ([*others, "", ""])[:2]
    return Row(
        number, _unquoted(name)[:LONGEST_KEPT], _unquoted(mail)[:LONGEST_KEPT], _unquoted(account)[:LONGEST_KEPT],
        _unquoted(sections)[:LONGEST_KEPT],
    )  # fmt: skip


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].replace('""', '"')
    return text.strip(" ,")


def _clean(cell: str) -> str:
    """A cell as one line of text without what cannot be seen."""
    return " ".join(CONTROL.sub(" ", cell).split())


def _has_letters(cell: str) -> bool:
    return any(character.isalpha() for character in cell)


@lru_cache(maxsize=4096)
def _reduced(text: str) -> str:
    text = unicodedata.normalize("NFKD", text[:80]).casefold()
    text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


# --- Judging ----------------------------------------------------------------------------------------------------------


def folded(name: str) -> str:
    """This will return a name as names are compared: whatever the case, the width and the spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def address_in(text: str) -> str:
    """This will return the address as it is stored; "" for what is none or could not be written to."""
    text = text.strip().removeprefix("mailto:").strip("<>").strip()
    if len(text) > LONGEST_ADDRESS or any(not "!" <= character <= "~" or character in NO_ADDRESS for character in text):
        return ""
    address = text.lower()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    # Our own machine is no mail domain.
    return address if "." in address.rpartition("@")[2] else ""


def judge(rows: Iterable[Row], known: Known) -> list[Judged]:
    """This will give every row its verdict, in order; the first of two rows for the same person counts."""
    judge_one = _Judge(known)
    return [judge_one(row) for row in rows]


def counted(judged: Iterable[Judged]) -> Counter[Verdict]:
    """This will count the verdicts."""
    return Counter(one.verdict for one in judged)


class _Judge:
    def __init__(self, known: Known) -> None:
        self.known = known
        self.named: dict[str, list[Account]] = {}
        for account in known.accounts.values():
            self.named.setdefault(folded(account.name), []).append(account)
        self.sections = {folded(word): key for key, name in known.sections.items() for word in (name, key)}
        self.met: dict[tuple[str, str], int] = {}

    def __call__(self, row: Row) -> Judged:
        email = address_in(row.email)
        refused = self._of_the_cells(row, email)
        if refused:
            return refused
        account, refused = self._account(row, email)
        if account is None:
            return refused or Judged(row, Verdict.UNKNOWN_ACCOUNT)
        about: dict[str, Any] = {"account": account.key, "account_name": account.name, "email": email}
        sections = self._sections(row.sections)
        if sections is None:
            why = _("The assessment has no section “%(name)s”.") % {"name": row.sections[:60]}
            return Judged(row, Verdict.UNKNOWN_SECTION, why, **about)
        verdict, why = self._of_the_person(account, email, row)
        self.met.setdefault((account.key, email), row.number)
        return Judged(row, verdict, why, sections=sections, **about)

    def _of_the_cells(self, row: Row, email: str) -> Judged | None:
        if not row.email:
            return Judged(row, Verdict.NO_ADDRESS)
        if len(row.email) > LONGEST_ADDRESS:
            why = _("An email address has at most %(limit)s characters.") % {"limit": LONGEST_ADDRESS}
            return Judged(row, Verdict.TOO_LONG, why)
        if not email:
            return Judged(row, Verdict.BAD_ADDRESS)
        if len(row.name) > LONGEST_NAME:
            why = _("A name has at most %(limit)s characters.") % {"limit": LONGEST_NAME}
            return Judged(row, Verdict.TOO_LONG, why, email=email)
        return None

    def _account(self, row: Row, email: str) -> tuple[Account | None, Judged | None]:
        known = self.known
        if known.only:
            return known.accounts[known.only], None
        if row.account:
            found = self.named.get(folded(row.account), [])
            exact = [account for account in found if account.name == row.account]
            if len(exact or found) == 1:
                return (exact or found)[0], None
            # Said word for word the same whether there is no such account or it may not be used.
            return None, Judged(row, Verdict.UNKNOWN_ACCOUNT, email=email)
        homes = known.homes.get(email, frozenset())
        if len(homes) == 1:
            return known.accounts[next(iter(homes))], None
        why = ""
        if homes:
            names = ", ".join(sorted(known.accounts[key].name for key in homes))
            why = _("This person belongs to several: %(names)s.") % {"names": names}
        return None, Judged(row, Verdict.NO_ACCOUNT, why, email=email)

    def _of_the_person(self, account: Account, email: str, row: Row) -> tuple[Verdict, str]:
        known = self.known
        if (account.key, email) in self.met:
            number = self.met[account.key, email]
            return Verdict.DUPLICATE, _("The same person as in row %(number)s.") % {"number": number}
        if account.key in known.staff.get(email, ()):
            return Verdict.BELONGS, _("Looks after this account for you, and is not one of its people.")
        homes = known.homes.get(email, frozenset())
        if homes and account.key not in homes:
            names = ", ".join(sorted(known.accounts[key].name for key in homes))
            return Verdict.BELONGS, _("Belongs to %(names)s.") % {"names": names}
        if (account.key, email) in known.present:
            return Verdict.PRESENT, _("Is answering this assessment already.")
        return Verdict.INVITED, ""

    def _sections(self, words: str) -> tuple[str, ...] | None:
        """The keys of the sections a cell names, none for all; None when one does not exist."""
        if not words or not self.sections:
            return () if not words else None
        whole = self.sections.get(folded(words))
        if whole:
            return (whole,)
        names = [part for part in re.split(r"[|;\n]" if re.search(r"[|;\n]", words) else ",", words) if part.strip()]
        keys = [self.sections.get(folded(name)) for name in names]
        return None if None in keys else tuple(dict.fromkeys(key for key in keys if key))


WORDS = {
    Verdict.INVITED: lambda: _("Will be invited"),
    Verdict.PRESENT: lambda: _("Already there"),
    Verdict.DUPLICATE: lambda: _("Twice in the list"),
    Verdict.NO_ADDRESS: lambda: _("No email address"),
    Verdict.BAD_ADDRESS: lambda: _("Not an email address"),
    Verdict.TOO_LONG: lambda: _("Too long"),
    Verdict.NO_ACCOUNT: lambda: _("No account named"),
    Verdict.UNKNOWN_ACCOUNT: lambda: _("No account of yours has this name"),
    Verdict.UNKNOWN_SECTION: lambda: _("Unknown section"),
    Verdict.BELONGS: lambda: _("Belongs elsewhere"),
}
