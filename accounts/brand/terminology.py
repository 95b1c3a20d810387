"""An organization's own words for ours: "Advisor" for "Account Executive", "Health check" for "Assessment".

They are a variant of the language. `install` puts one step behind Django's gettext; with words in force, what gettext
says is worded anew, once for each message, and without any the step is one look-up. The words in force belong to the
running context: `accounts.tenancy` and the middleware set them with the tenant and take them back with it.

What people wrote never goes through gettext, so it stays as they wrote it. Placeholders, markup and addresses inside a
message stay too. A context of `KEPT_AS_IT_IS` is left alone: there a word has another meaning.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST = 40


@dataclass(frozen=True)
class Term:
    """One thing that may be called otherwise. `one` and `many` are our words; `is_name` ones are only found with a
    capital, because in small letters the word means something else. `example` is a sentence they stand in."""

    key: str
    one: str
    many: str
    label: Any
    example: Any
    is_name: bool = False


TERMS: tuple[Term, ...] = (
    Term(
        "account_executive",
        "Account Executive",
        "Account Executives",
        gettext_lazy("Who looks after a client"),
        gettext_lazy("Ask an Account Executive to add it. Your Account Executives answer within a day."),
    ),
    Term(
        "technician",
        "Technician",
        "Technicians",
        gettext_lazy("Who looks after devices"),
        gettext_lazy("A Technician has replied. Technicians see every device of the account."),
    ),
    Term(
        "admin",
        "Admin",
        "Admins",
        gettext_lazy("Who runs the portal"),
        gettext_lazy("Ask an Admin to publish it. Only Admins change settings."),
    ),
    Term(
        "client",
        "Client",
        "Clients",
        gettext_lazy("Who is served"),
        gettext_lazy("View as Client shows what a client sees. Your clients’ results stay with them."),
    ),
    Term(
        "company_admin",
        "Company Admin",
        "Company Admins",
        gettext_lazy("Who sees all of a company"),
        gettext_lazy("Ask a Company Admin. Company Admins see every colleague."),
    ),
    Term(
        "approver",
        "Approver",
        "Approvers",
        gettext_lazy("Who decides about quotes"),
        gettext_lazy("An Approver accepts or rejects a quote. Approvers see their own tickets."),
    ),
    Term(
        "billing",
        "Billing",
        "Billing",
        gettext_lazy("Who deals with invoices"),
        gettext_lazy("Billing sees quotes and invoices."),
        is_name=True,
    ),
    Term(
        "site_manager",
        "Site Manager",
        "Site Managers",
        gettext_lazy("Who looks after a site"),
        gettext_lazy("A Site Manager sees the tickets of a site. Site Managers see no prices."),
    ),
    Term(
        "end_user",
        "End User",
        "End Users",
        gettext_lazy("Who uses the portal"),
        gettext_lazy("An End User sees own tickets. End Users complete what they are invited to."),
    ),
    Term(
        "assessment",
        "Assessment",
        "Assessments",
        gettext_lazy("What is answered"),
        gettext_lazy("Start an assessment. Your Assessments lists all assessments of the account."),
    ),
    Term(
        "library",
        "Library",
        "Libraries",
        gettext_lazy("Where one chooses"),
        gettext_lazy("Browse the Library. A library has groups."),
    ),
)
BY_KEY = {term.key: term for term in TERMS}
KEPT_AS_IT_IS = frozenset({"area"})

# A word stands in HTML, in format strings and in mails: letters, digits and what joins them, nothing with a meaning there.
_ALLOWED = re.compile(r"[^\W_]+(?:[ \-’./+][^\W_]+)*\.?")
_KEPT = r"%\([^)]*\)[-#0 +]*\d*[a-zA-Z]|%[sd%]|\{%.*?%\}|\{[^{}]*\}|<[^<>]*>|&\#?\w+;|https?://\S+|[\w.+-]+@[\w.-]+"
_ARTICLE = r"(?:(?<![\w\-’'])(?P<article>[Aa]n?)(?P<gap>\s+(?:<[^<>]*>)*))?"
# Before a vowel letter that is spoken as a consonant, and the other way round.
_CONSONANT = re.compile(r"(?:uni(?!n)|use|usu|uti|eu|ewe|one|once|ub|uk)", re.IGNORECASE)
_SILENT = re.compile(r"(?:hour|honest|honor|honour|heir)", re.IGNORECASE)
_SPELT_WITH_VOWEL = frozenset("AEFHILMNORSX")


class Wording:
    """The words of one organization, ready to be put in the place of ours. Made once for each set of words."""

    def __init__(self, words: tuple[tuple[str, str, str], ...]) -> None:
        self.words = words
        self._ours: dict[str, str | None] = {}
        for term in TERMS:
            theirs = next(((one, many) for key, one, many in words if key == term.key), (None, None))
            self._ours[term.many.casefold()] = theirs[1]
            self._ours[term.one.casefold()] = theirs[0]
        self._known: dict[str, str] = {}

    def reworded(self, message: str) -> str:
        """This will say a message in the organization's words; what is safe HTML stays that."""
        said = self._known.get(message)
        if said is None:
            said = _PATTERN.sub(self._replaced, message)
            if len(self._known) < 5000:  # messages are few; what somebody translates out of a variable may not be
                self._known[str(message)] = said
        return mark_safe(said) if isinstance(message, SafeData) else said  # noqa: S308  (words hold no markup)

    def _replaced(self, found: re.Match[str]) -> str:
        ours = found["word"]
        theirs = self._ours[" ".join(ours.split()).casefold()] if ours else None
        if theirs is None:
            return found[0]
        word = _in_the_case_of(ours, theirs, found)
        if not found["article"]:
            return word
        article = _article(theirs)
        return (article.capitalize() if found["article"][0] == "A" else article) + found["gap"] + word


def _pattern() -> re.Pattern[str]:
    # All of our words, also those that keep theirs: a Company Admin is no Admin. The longest is tried first.
    spelt = sorted(
        {(word, term.is_name) for term in TERMS for word in (term.one, term.many)}, key=lambda one: -len(one[0])
    )
    words = "|".join(word.replace(" ", r"\s+") if is_name else _any_case(word) for word, is_name in spelt)
    return re.compile(rf"{_KEPT}|{_ARTICLE}(?<![\w\-])(?P<word>{words})(?!\w)")


def _any_case(word: str) -> str:
    """Each word of ours, with or without its capital: as it stands in a sentence, at its beginning or in a title."""
    return r"\s+".join(f"[{part[0].upper()}{part[0].lower()}]{part[1:]}" for part in word.split())


_PATTERN = _pattern()


def _in_the_case_of(ours: str, theirs: str, found: re.Match[str]) -> str:
    first, *others = theirs.split(" ")
    if ours[0].islower():
        return " ".join(map(_small, [first, *others]))
    first = first[0].upper() + first[1:]
    if " " in ours:
        # A name, "Account Executive", is theirs as they write it; the beginning of a sentence is "Account executive".
        return " ".join([first, *(others if ours.split()[-1][0].isupper() else map(_small, others))])
    return " ".join(
        [first, *(part[0].upper() + part[1:] for part in others)] if _is_in_title(found) else [first, *others]
    )


def _small(part: str) -> str:
    # QBR and McKinsey keep their capitals.
    return part if any(letter.isupper() for letter in part[1:]) else part[0].lower() + part[1:]


def _is_in_title(found: re.Match[str]) -> bool:
    """Whether the word before has a capital too, as in "All Available Assessments"."""
    before = re.search(r"(\w+) $", found.string[: found.start("word")])
    return before is not None and before[1][0].isupper()


def _article(word: str) -> str:
    first = word.split(" ")[0].split("-")[0]
    if len(first) > 1 and first.isupper():
        return "an" if first[0] in _SPELT_WITH_VOWEL else "a"
    if _SILENT.match(word):
        return "an"
    return "an" if word[0].lower() in "aeiou" and not _CONSONANT.match(word) else "a"


_active: ContextVar[Wording | None] = ContextVar("terminology", default=None)


@lru_cache(maxsize=512)
def _wording(words: tuple[tuple[str, str, str], ...]) -> Wording:
    return Wording(words)


def wording_of(terminology: Mapping[str, Any] | None) -> Wording | None:
    """This will return the wording of an organization's words, None for one that uses ours.

    Words that could not be stored through `cleaned` are passed over: they would stand in markup.
    """
    if not terminology:
        return None
    words = []
    for key, said in terminology.items():
        if key in BY_KEY and isinstance(said, list | tuple) and len(said) == 2 and all(map(_is_allowed, said)):
            words.append((key, said[0], said[1]))
    return _wording(tuple(sorted(words))) if words else None


@contextmanager
def using(terminology: Mapping[str, Any] | None) -> Iterator[None]:
    """This will run a block in the words of an organization; {} or None is ours."""
    token = _active.set(wording_of(terminology))
    try:
        yield
    finally:
        _active.reset(token)


def active() -> tuple[tuple[str, str, str], ...]:
    """This will return the words in force, as a key: what keeps a translated text keeps it under this."""
    wording = _active.get()
    return wording.words if wording else ()


def cleaned(typed: Mapping[str, tuple[str, str]]) -> dict[str, list[str]]:
    """This will return words fit to be stored, {term: [one, many]}, without those that are ours anyway.

    Raises ValidationError with a dict of messages by "<term>_one" and "<term>_many".
    """
    kept: dict[str, list[str]] = {}
    problems: dict[str, str] = {}
    for term in TERMS:
        one, many = (" ".join(said.replace("'", "’").split()) for said in typed.get(term.key, ("", "")))
        if not one and not many:
            continue
        for field, said in ((f"{term.key}_one", one), (f"{term.key}_many", many)):
            if problem := _problem(said, is_plural=field.endswith("_many")):
                problems[field] = problem
        if (one, many) != (term.one, term.many):
            kept[term.key] = [one, many]
    problems |= _taken_twice(kept, problems)
    if problems:
        raise ValidationError(problems)
    return kept


def _problem(said: str, *, is_plural: bool) -> str:
    if not said:
        return _("Enter the plural too.") if is_plural else _("Enter the word for one too.")
    if len(said) > LONGEST:
        return _("Use at most %(most)s characters.") % {"most": LONGEST}
    if not _is_allowed(said):
        return _("Use letters, digits, spaces and hyphens only.")
    return ""


def _taken_twice(kept: Mapping[str, list[str]], problems: Mapping[str, str]) -> dict[str, str]:
    """Two roles of one name could not be told apart."""
    said: dict[str, str] = {}
    found: dict[str, str] = {}
    for term in TERMS:
        word = kept.get(term.key, [term.one])[0].casefold()
        field = f"{term.key}_one"
        if word and word in said and field not in problems:
            at = field if term.key in kept else f"{said[word]}_one"
            found[at] = _("Another term is called that already.")
        said.setdefault(word, term.key)
    return found


def _is_allowed(said: Any) -> bool:
    return isinstance(said, str) and len(said) <= LONGEST and _ALLOWED.fullmatch(said) is not None


def install() -> None:
    """This will put the step behind Django's gettext, once for the process."""
    trans: Any = translation._trans  # type: ignore[attr-defined]
    if getattr(trans, "is_worded_by_organization", False):
        return
    gettext, ngettext, pgettext, npgettext = trans.gettext, trans.ngettext, trans.pgettext, trans.npgettext
    trans.gettext = _step(gettext)
    trans.ngettext = _step(ngettext)
    trans.pgettext = _step(pgettext, has_context=True)
    trans.npgettext = _step(npgettext, has_context=True)
    trans.is_worded_by_organization = True


def _step(original: Callable[..., str], *, has_context: bool = False) -> Callable[..., str]:
    def worded(*args: Any) -> str:
        said = original(*args)
        wording = _active.get()
        if wording is None or not said or (has_context and args[0] in KEPT_AS_IT_IS):
            return said
        return wording.reworded(said)

    return worded
