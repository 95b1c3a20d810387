"""A list of accounts from a spreadsheet: which column is which, and a verdict on every row.

Plain data in and out: rows of text, and what is known of the organization. Nothing is changed here. An empty cell leaves
a present account as it is; a cell that cannot be read spoils its row, with the reason at the cell.
"""

import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.fields import custom_data
from accounts.fields.custom_data import Field
from accounts.industry import industries
from accounts.register import countries

MOST_ROWS = 5_000
MOST_SITES = 200
# What is kept of a cell that is too long: enough to find it in the file.
LONGEST_KEPT = 6_000
CUSTOM = "custom."

# The facts an account is stored with, each a column; `sites` and `executive` are only read for new accounts.
FACTS = (
    "name", "industry", "employees", "website", "phone", "street", "postal_code", "city", "country", "time_zone", "note",
)  # fmt: skip

HEADINGS: Mapping[str, frozenset[str]] = {
    "id": frozenset({"account id", "id", "uuid"}),
    "name": frozenset({
        "name", "account", "account name", "company", "company name", "client", "client name", "customer",
        "customer name", "organization", "organisation", "firm", "business", "firma", "nom",
    }),
    "industry": frozenset({"industry", "industry code", "naics", "naics code", "naics 2022", "sector", "branche"}),
    "employees": frozenset({
        "people", "employees", "number of employees", "headcount", "staff", "size", "company size", "mitarbeiter",
    }),
    "website": frozenset({"website", "web site", "url", "web", "homepage", "site web", "domain"}),
    "phone": frozenset({"phone", "phone number", "telephone", "tel", "main phone", "telefon"}),
    "street": frozenset({"street", "address", "street address", "address line 1", "address 1", "strasse"}),
    "postal_code": frozenset({"postal code", "postcode", "post code", "zip", "zip code", "plz"}),
    "city": frozenset({"city", "town", "place", "locality", "ort", "stadt", "ville"}),
    "country": frozenset({"country", "country code", "land", "pays"}),
    "time_zone": frozenset({"time zone", "timezone", "tz", "zeitzone"}),
    "note": frozenset({"note", "notes", "comment", "comments", "description", "remarks"}),
    "executive": frozenset({
        "account executive e mail", "account executive email", "account executive s e mail", "executive", "owner",
        "owner e mail", "owner email", "account manager", "account manager email", "ae", "ae email",
    }),
    "sites": frozenset({"sites", "locations", "site names", "offices", "standorte"}),
}  # fmt: skip
FIELD_OF = {heading: name for name, headings in HEADINGS.items() for heading in headings}

_STARTS_FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written: its number in the file, and its cells by column. Empty cells are left out."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """What was read: the rows, the columns that mean something, and the headings that mean nothing here."""

    rows: list[Row]
    columns: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """This will return what is stored of the sheet; `kept` reads it."""
        rows = [[row.number, dict(row.cells)] for row in self.rows]
        return {"columns": list(self.columns), "unknown": list(self.unknown), "rows": rows}


def kept(stored: Any) -> Sheet:
    """This will read a stored sheet."""
    if not isinstance(stored, dict):
        return Sheet([], ())
    rows = [Row(number, cells) for number, cells in stored.get("rows", [])]
    return Sheet(rows, tuple(stored.get("columns", ())), tuple(stored.get("unknown", ())))


@dataclass(frozen=True, slots=True)
class Present:
    """An account that is there already: its facts by name, `custom` by key."""

    key: uuid.UUID
    facts: Mapping[str, Any]
    custom: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.facts["name"]


@dataclass(frozen=True)
class Known:
    """What rows are judged by: the organization's accounts, its own fields, how it names industries (code to name), and
    the people who can lead an account (email to id)."""

    accounts: Sequence[Present] = ()
    fields: Sequence[Field] = ()
    industries: Mapping[str, str] = field(default_factory=dict)
    executives: Mapping[str, uuid.UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that is about to change, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A cell that cannot be read: what stands there, and why it cannot be."""

    label: str
    cell: str
    why: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict. `values` are the facts to be stored, custom ones under "custom.<key>"; only those that
    change, or of a new account all there are."""

    row: Row
    verdict: Verdict
    name: str
    account: uuid.UUID | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Every row judged."""

    judged: list[Judged]

    @property
    def counts(self) -> Counter[Verdict]:
        """This will count the verdicts."""
        return Counter(one.verdict for one in self.judged)

    @property
    def token(self) -> str:
        """This will name what would be done: another token when anything of it would be different."""
        told = [
            (one.row.number, one.verdict, str(one.account), sorted(map(str, one.values.items()))) for one in self.judged
        ]
        return sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:32]


# --- Reading ----------------------------------------------------------------------------------------------------------


class NoNames(ValueError):
    """No column holds the names of the accounts."""


class TooManyRows(ValueError):
    """More than MOST_ROWS rows."""


def sheet_of(filled: Sequence[tuple[int, Sequence[str]]], fields: Sequence[Field]) -> Sheet:
    """This will read numbered rows of cells, the first of which are headings. Raises NoNames and TooManyRows."""
    if len(filled) > MOST_ROWS + 1:
        raise TooManyRows
    columns, unknown = _columns(filled[0][1] if filled else (), fields)
    if not {"name", "id"} & columns.keys():
        raise NoNames
    rows = [_row(number, cells, columns) for number, cells in filled[1:]]
    return Sheet([row for row in rows if row.cells], tuple(columns), unknown)


def _columns(headings: Sequence[str], fields: Sequence[Field]) -> tuple[dict[str, int], tuple[str, ...]]:
    known = {**FIELD_OF, **{_reduced(str(label)): name for name, label in labels(fields).items()}}
    known |= {_reduced(field.key): CUSTOM + field.key for field in fields if _reduced(field.key) not in known}
    columns: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(headings):
        name = known.get(_reduced(heading))
        if name and name not in columns:
            columns[name] = place
        elif heading.strip():
            unknown.append(custom_data.tidy(heading)[:80])
    return columns, tuple(unknown)


def labels(fields: Sequence[Field]) -> dict[str, str]:
    """This will name the columns as an export heads them."""
    return {
        "id": _("Account ID"), "name": _("Name"), "industry": _("Industry"), "employees": _("People"),
        "website": _("Website"), "phone": _("Phone"), "street": _("Street"), "postal_code": _("Postal code"),
        "city": _("City"), "country": _("Country"), "time_zone": _("Time zone"), "note": _("Note"),
        "executive": _("Account Executive email"), "sites": _("Sites"),
        **{CUSTOM + one.key: one.label for one in fields},
    }  # fmt: skip


def _row(number: int, cells: Sequence[str], columns: Mapping[str, int]) -> Row:
    read = {name: _cell(cells[place]) for name, place in columns.items() if place < len(cells)}
    return Row(number, {name: cell for name, cell in read.items() if cell})


def _cell(text: str) -> str:
    """A cell as text. What our own export put in front of it, so that no spreadsheet runs it, is taken away again."""
    text = text.replace("\ufeff", "").strip()[:LONGEST_KEPT]
    return text[1:] if text.startswith("'") and text[1:].lstrip(" \u00a0").startswith(_STARTS_FORMULA) else text


@lru_cache(maxsize=4096)
def _reduced(text: str) -> str:
    text = unicodedata.normalize("NFKD", text[:80]).casefold()
    text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


# --- Judging ----------------------------------------------------------------------------------------------------------


def folded(name: str) -> str:
    """This will return a name as names are compared: whatever the case, the width and the spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def judge(rows: Iterable[Row], known: Known) -> Plan:
    """This will give every row its verdict, in order; the first of two rows for the same account counts."""
    judge_one = _Judge(known)
    return Plan([judge_one(row) for row in rows])


class _Judge:
    def __init__(self, known: Known) -> None:
        self.known = known
        self.labels = labels(known.fields)
        self.by_id = {str(one.key): one for one in known.accounts}
        self.by_name: dict[str, list[Present]] = {}
        for one in known.accounts:
            self.by_name.setdefault(folded(one.name), []).append(one)
        self.own = {CUSTOM + one.key: one for one in known.fields}
        self.titles = {folded(name): code for code, name in known.industries.items()}
        self.met: dict[object, int] = {}
        self.readers: dict[str, Callable[[str], Any]] = {
            "name": self._name, "industry": self._industry, "employees": _employees, "website": _website,
            "phone": _line(40), "street": _line(200), "postal_code": _line(20), "city": _line(120),
            "country": _country, "time_zone": _time_zone, "note": _note, "executive": self._executive, "sites": _sites,
        }  # fmt: skip

    def __call__(self, row: Row) -> Judged:
        name = custom_data.tidy(row.cells.get("name", ""))[:200]
        try:
            present = self._present(row, name)
        except ValidationError as error:
            column = "id" if "id" in row.cells else "name"
            return self._refused(row, name, [(column, error)])
        first = self.met.setdefault(present.key if present else folded(name), row.number)
        if first != row.number:
            twice = ValidationError(_("The same account as in row %(number)s.") % {"number": first})
            return self._refused(row, name, [("name" if "name" in row.cells else "id", twice)])
        values, wrong = self._values(row, present)
        if wrong:
            return self._refused(row, name, wrong)
        if present is None:
            return Judged(row, Verdict.NEW, name, values=values)
        return self._changed(row, present, values)

    def _present(self, row: Row, name: str) -> Present | None:
        if key := row.cells.get("id"):
            found = self.by_id.get(key.lower())
            if found is None:
                raise ValidationError(_("No account has this ID."))
            others = [one for one in self.by_name.get(folded(name), ()) if name and one.key != found.key]
            if any(one.name == name for one in others):
                raise ValidationError(_("Another account already has this name."))
            return found
        if not name:
            raise ValidationError(_("Enter the account’s name."))
        alike = self.by_name.get(folded(name), [])
        exact = [one for one in alike if one.name == name]
        if len(alike) > 1 and not exact:
            raise ValidationError(_("Several accounts have a name like this. Give the account’s ID."))
        return next(iter(exact or alike), None)

    def _values(self, row: Row, present: Present | None) -> tuple[dict[str, Any], list[tuple[str, ValidationError]]]:
        values: dict[str, Any] = {}
        wrong: list[tuple[str, ValidationError]] = []
        for column, cell in row.cells.items():
            if column == "id" or (present is not None and column in ("sites", "executive")):
                continue
            try:
                values[column] = self._read(column, cell, present)
            except ValidationError as error:
                wrong.append((column, error))
        if present is None:
            for column, own in self.own.items():
                if own.is_required and column not in row.cells:
                    wrong.append((column, ValidationError(_("“%(field)s” needs a value.") % {"field": own.label})))
        elif "id" not in row.cells:
            values.pop("name", None)  # it was found by its name: how that is written is no change
        return values, wrong

    def _read(self, column: str, cell: str, present: Present | None) -> Any:
        if column in self.own:
            own = self.own[column]
            return custom_data.parse(own, cell, present.custom.get(own.key) if present else None)
        return self.readers[column](cell) if column in self.readers else None

    def _changed(self, row: Row, present: Present, values: Mapping[str, Any]) -> Judged:
        changed = {
            column: value for column, value in values.items()
            if value != _standing(present, column) and not (column == "name" and not value)
        }  # fmt: skip
        changes = tuple(
            Change(self.labels[column], self._shown(column, _standing(present, column)), self._shown(column, value))
            for column, value in changed.items()
        )
        verdict = Verdict.CHANGE if changed else Verdict.UNCHANGED
        return Judged(row, verdict, present.name, present.key, changed, changes)

    def _shown(self, column: str, value: Any) -> str:
        if column in self.own:
            return custom_data.shown(self.own[column], value)
        if column == "industry" and value:
            return f"{self.known.industries.get(value) or industries.label(value)} ({value})"
        if column == "country" and value:
            return countries.label(value)
        return "" if value is None else str(value)

    def _refused(self, row: Row, name: str, wrong: Iterable[tuple[str, ValidationError]]) -> Judged:
        mistakes = tuple(
            Mistake(self.labels.get(column, column), row.cells.get(column, "")[:200], " ".join(error.messages))
            for column, error in wrong
        )
        return Judged(row, Verdict.ERROR, name, mistakes=mistakes)

    def _name(self, cell: str) -> str:
        return _line(120)(cell)

    def _industry(self, cell: str) -> str:
        word = custom_data.tidy(cell)
        # "Ambulatory Health Care Services (621)", as a form of ours shows it.
        coded = re.fullmatch(r".*\((\d{2,6}|\d\d-\d\d)\)", word)
        if folded(word) in self.titles:
            return self.titles[folded(word)]
        try:
            return industries.normalize(coded[1] if coded else word)
        except industries.UnknownIndustry as error:
            raise ValidationError(error.message) from None

    def _executive(self, cell: str) -> str:
        found = self.known.executives.get(cell.strip().lower())
        if found is None:
            raise ValidationError(_("None of your own people has this email address."))
        return str(found)


def _standing(present: Present, column: str) -> Any:
    if column.startswith(CUSTOM):
        return present.custom.get(column.removeprefix(CUSTOM))
    return present.facts.get(column)


def _line(most: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        line = custom_data.tidy(cell)
        if len(line) > most:
            raise ValidationError(_("At most %(most)s characters.") % {"most": most})
        return line

    return read


def _note(cell: str) -> str:
    text = "\n".join(
        custom_data.tidy(line) for line in cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ).strip()
    if len(text) > 5_000:
        raise ValidationError(_("At most %(most)s characters.") % {"most": "5,000"})
    return text


def _employees(cell: str) -> int:
    figure = re.sub(r"[\s,.'’\u00a0\u202f](?=\d{3}(\D|$))", "", cell)
    figure = re.sub(r"\.0+$", "", figure)
    if not (figure.isascii() and figure.isdigit() and 1 <= int(figure[:12]) <= 10_000_000):
        raise ValidationError(_("Enter how many people work there, as a number from 1."))
    return int(figure)


_WEBSITE = forms.URLField(assume_scheme="https", max_length=200)


def _website(cell: str) -> str:
    try:
        return str(_WEBSITE.clean(custom_data.tidy(cell)))
    except ValidationError:
        raise ValidationError(_("Enter a web address such as www.example.com.")) from None


def _country(cell: str) -> str:
    word = custom_data.tidy(cell)
    if word.upper() in countries.COUNTRIES:
        return word.upper()
    for code, name in countries.COUNTRIES.items():
        if folded(name) == folded(word):
            return code
    raise ValidationError(_("Not a country: give its name in English or its two letters, such as US."))


def _time_zone(cell: str) -> str:
    word = custom_data.tidy(cell).replace(" ", "_")
    if word not in _time_zones():
        raise ValidationError(_("Not a time zone: give a name such as Europe/Berlin."))
    return word


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _sites(cell: str) -> list[str]:
    names = [custom_data.tidy(name) for name in re.split(r"[;\n]", cell)]
    found = list(dict.fromkeys(name for name in names if name))
    if len(found) > MOST_SITES or any(len(name) > 120 for name in found):
        raise ValidationError(
            _("At most %(most)s sites, each with at most 120 characters, separated by semicolons.")
            % {"most": MOST_SITES}
        )
    return found


def only(plan: Plan, verdict: str, words: str) -> list[Judged]:
    """This will keep the rows with a verdict ("" for all) whose name or cells hold each word."""
    found = plan.judged if verdict not in Verdict else [one for one in plan.judged if one.verdict == verdict]
    for word in words.casefold().split()[:8]:
        found = [
            one for one in found
            if word in one.name.casefold() or any(word in cell.casefold() for cell in one.row.cells.values())
        ]  # fmt: skip
    return found
