"""Mails in an organization's own words: what may stand in them, whether it holds, and how it becomes a mail.

A template is Liquid with a small Markdown. It reaches the values a kind declares and nothing else. Links never pass
through it: it places a mark, and the mark becomes the button when the mail is made.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import letters, mail_markdown, mailing
from accounts.mail.mailing import Button, Content, Facts, Line, Lines, Paragraph, Part, Quote, Rich, Variable, Wording
from accounts.models import EmailTemplate, Mail, Organization, User
from portal.web import liquid
from portal.web.liquid import Problem, Unwritable, Written

LONGEST_SUBJECT = 200
BUTTON, LINK, FACTS, MESSAGE, ITEMS = "button", "link", "facts", "message", "items"

COMMON = (
    Variable("first_name", gettext_lazy("The reader’s first name"), "Priya", may_be_empty=True),
    Variable("organization", gettext_lazy("The name of your organization"), "Harbor IT"),
    Variable("support_email", gettext_lazy("Your support email; empty without one"), "support@harbor.example", True),
)
BLOCKS = {
    BUTTON: gettext_lazy("The button that leads to the portal, with its address below"),
    LINK: gettext_lazy("The same address between two spaces; in plain text, on a line of its own"),
    FACTS: gettext_lazy("The table of facts"),
    MESSAGE: gettext_lazy("What the sender wrote, as a quotation; empty when nothing was written"),
    ITEMS: gettext_lazy("What happened, one under the other"),
}


@dataclass(frozen=True)
class Found:
    """What is wrong with a template: in the `subject` or in the `body`."""

    field: str
    problem: Problem

    def __str__(self) -> str:
        return str(self.problem)


# What may be written -----------------------------------------------------------------------------------------------


def languages() -> list[tuple[str, str]]:
    """This will list the languages mails can be written in: (code, name)."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def variables_of(wording: Wording) -> list[Variable]:
    """This will list what a template of this kind may name, its own first."""
    own = {variable.name for variable in wording.variables}
    return [*wording.variables, *(variable for variable in COMMON if variable.name not in own)]


def blocks_of(wording: Wording) -> list[tuple[str, str]]:
    """This will list the ready parts a template of this kind may hold: (name, what it is)."""
    there = {*(_placed(wording)), *((LINK,) if wording.button else ())}
    return [(name, str(words)) for name, words in BLOCKS.items() if name in there]


def _placed(wording: Wording) -> tuple[str, ...]:
    return (*((BUTTON,) if wording.button else ()), *wording.blocks)


def ours(wording: Wording, language: str) -> tuple[str, str]:
    """This will return our own words for a kind in a language, as a template: (subject, body)."""
    with translation.override(language):
        subject, body = wording.source()
        return subject, body.strip() + "\n"


def problems_of(wording: Wording, subject: str, body: str) -> list[Found]:
    """This will say what would keep a mail from being written: in the subject, then in the body."""
    return [*_problems_of_subject(wording, subject), *_problems_of_body(wording, body)]


def _problems_of_subject(wording: Wording, subject: str) -> Iterator[Found]:
    shape = {variable.name: "" for variable in variables_of(wording)}
    if not subject.strip():
        yield Found("subject", Problem(1, 1, _("Write a subject.")))
    elif len(subject) > LONGEST_SUBJECT:
        words = _("Use at most %(limit)s characters.") % {"limit": LONGEST_SUBJECT}
        yield Found("subject", Problem(1, LONGEST_SUBJECT + 1, words))
    else:
        found = liquid.problems_of(subject, shape, values_of_example(wording))
        yield from (Found("subject", problem) for problem in found)
        if not found and not all(liquid.line(subject, values).strip() for values in _cases(wording)):
            yield Found("subject", Problem(1, 1, _("In some cases nothing is left of the subject.")))


def _problems_of_body(wording: Wording, body: str) -> Iterator[Found]:
    shape = {variable.name: "" for variable in variables_of(wording)} | {
        name: "" for name, _words in blocks_of(wording)
    }
    if not body.strip():
        yield Found("body", Problem(1, 1, _("Write the text of the mail.")))
        return
    marks = _Marks()
    found = liquid.problems_of(body, shape, values_of_example(wording) | marks.values(_placed(wording)))
    if found:
        yield from (Found("body", problem) for problem in found)
        return
    try:
        texts = [liquid.markdown(body, values | marks.values(_placed(wording))) for values in _cases(wording)]
    except Unwritable as error:
        yield Found("body", error.problem)
        return
    if any(marks.runs_into_something(text) for text in texts):
        yield Found("body", Problem(*_place_of_joined_link(body), _joined_link()))
        return
    has_link = [not wording.button or marks.leads_on(text) for text in texts]
    if not any(has_link):
        words = _("The link is missing: write {{ button }} where it belongs, or {{ link }} in a sentence.")
        yield Found("body", Problem(body.count("\n") + 1, 1, words))
    elif not all(has_link):
        words = _("In some cases the link is left out: write {{ button }} outside of “if”, “case” and “for”.")
        yield Found("body", Problem(*_place_of_link(body), words))
    else:
        yield from _problems_of_drawing(wording, marks, texts)


def _problems_of_drawing(wording: Wording, marks: "_Marks", texts: list[str]) -> Iterator[Found]:
    given = {BUTTON: (Button("", "https://portal.example/"),)} if wording.button else {}
    organization = Organization(name="Harbor IT")
    try:
        for text in texts:
            letters.as_html(organization, Content(subject="", parts=tuple(marks.parts(text, given))))
    except Unwritable as error:
        yield Found("body", error.problem)


def _joined_link() -> str:
    return _("Leave a space on both sides of {{ link }}, and write it outside of other links: it must stand alone.")


def _place_of_joined_link(body: str) -> tuple[int, int]:
    """Where the first link stands that touches something; where none does, the first of all."""
    for found in re.finditer(r"\{\{-?\s{0,20}link\b[^}]{0,200}\}\}", body):
        before, after = body[: found.start()][-1:], body[found.end() :][:1]
        if before.strip() or after.strip():
            return liquid.place_of(body, found.start())
    return _place_of_link(body)


def _place_of_link(body: str) -> tuple[int, int]:
    found = re.search(r"\{\{-?\s{0,20}(button|link)", body)
    return liquid.place_of(body, found.start()) if found else (1, 1)


def values_of_example(wording: Wording) -> dict[str, Any]:
    """This will fill every variable with its example."""
    return {
        variable.name: variable.example if isinstance(variable.example, bool) else str(variable.example)
        for variable in variables_of(wording)
    }


def _cases(wording: Wording) -> list[dict[str, Any]]:
    """The example, each way it can turn out otherwise, and the one in which everything is missing that may."""
    usual = values_of_example(wording)
    empty = {variable.name: None for variable in variables_of(wording) if variable.may_be_empty}
    truth = [
        usual | {name: not value} for name, value in usual.items() if isinstance(value, bool)
    ]  # fmt: skip
    return [usual, *(usual | dict(case) for case in wording.cases), *truth, usual | empty]


def example_of(wording: Wording, organization: Organization, url: str) -> Content:
    """This will make up a mail of this kind, which leads to `url`: shown where there is no real one."""
    values = values_of_example(wording) | {"organization": organization.name}
    parts: list[Part] = []
    if MESSAGE in wording.blocks:
        parts.append(Quote(str(wording.message), str(values.get("who") or organization.name)))
    if FACTS in wording.blocks:
        parts.append(Facts(tuple((str(name), str(value)) for name, value in wording.facts)))
    if ITEMS in wording.blocks:
        parts.append(Lines(tuple(Line(str(words), url, note) for words, note in wording.items)))
    if wording.button:
        parts.append(Button(str(wording.button), url))
    return Content(subject="", parts=tuple(parts), values=values)


# Writing -----------------------------------------------------------------------------------------------------------


def language_of(mail: Mail) -> str:
    """This will return the language a mail is written in: its reader's, else the organization's."""
    known = {code for code, _name in settings.LANGUAGES}
    readers = User.objects.filter(email=mail.to_email).values_list("language", flat=True)
    wished = (readers.first() or "", mail.organization.language, settings.LANGUAGE_CODE)
    return next((code for code in wished if code in known), settings.LANGUAGE_CODE)


def active_for(mail: Mail, language: str) -> EmailTemplate | None:
    """This will find the organization's own words for a mail; None when ours are sent."""
    rows = EmailTemplate.objects.filter(organization=mail.organization, kind=mail.kind, language=language)
    return rows.filter(is_active=True).first()


def written(subject: str, body: str, content: Content, mail: Mail, blocks: tuple[str, ...]) -> Content:
    """This will write a mail in an organization's own words: `content` is what it would say in ours, of which the
    button, the facts, the quotation and the small print stay. Raises Unwritable, also for a mail without its link."""
    marks = _Marks()
    values = _common(content, mail) | dict(content.values)
    values = {name: (None if value == "" else value) for name, value in values.items()}
    given = {name: parts for name, parts in _ready(content).items() if name == BUTTON or name in blocks}
    text = liquid.markdown(body, values | marks.values(tuple(given)))
    if BUTTON in given and not marks.leads_on(text):
        raise Unwritable(Problem(1, 1, _("The link is missing.")))
    if marks.runs_into_something(text):
        raise Unwritable(Problem(*_place_of_joined_link(body), _joined_link()))
    line = mailing.one_line(liquid.line(subject, values))
    if not line:
        raise Unwritable(Problem(1, 1, _("Nothing is left of the subject.")))
    return replace(content, subject=line, preview="", parts=tuple(marks.parts(text, given)))


def _common(content: Content, mail: Mail) -> dict[str, Any]:
    return {
        "first_name": mail.to_name.split(" ")[0],
        "organization": mail.organization.name,
        "support_email": mail.organization.support_email,
    }


def _ready(content: Content) -> dict[str, tuple[Part, ...]]:
    """The parts of our own mail that a template can place: the first of each sort, and all a person wrote."""
    found: dict[str, tuple[Part, ...]] = {}
    for part in content.parts:
        name = {Button: BUTTON, Facts: FACTS, Quote: MESSAGE, Lines: ITEMS}.get(type(part))
        if name and name not in found and not (isinstance(part, Facts) and not part.filled):
            found[name] = (part,)
        elif isinstance(part, Paragraph) and part.is_message:
            found[MESSAGE] = (*found.get(MESSAGE, ()), part)
    return found


class _Marks:
    """What stands in the text where a ready part goes: nobody can guess it, so no value can pose as one."""

    def __init__(self) -> None:
        nonce = secrets.token_hex(8)
        self.of = {name: f"MARK{nonce}{name}" for name in BLOCKS}
        self._split = re.compile(f"({'|'.join(self.of[name] for name in (BUTTON, FACTS, MESSAGE, ITEMS))})")

    def values(self, blocks: tuple[str, ...]) -> dict[str, Any]:
        """The ready parts as values; one that is not there counts as empty."""
        there = {*blocks, *((LINK,) if BUTTON in blocks else ())}
        return {
            name: (Written(mark if name == LINK else f"\n\n{mark}\n\n") if name in there else None)
            for name, mark in self.of.items()
        }

    def leads_on(self, text: str) -> bool:
        return self.of[BUTTON] in text or self.of[LINK] in text

    def runs_into_something(self, text: str) -> bool:
        """This will say whether a link is part of something longer, or within another link."""
        return not all(mail_markdown.stands_alone(piece, self.of[LINK]) for piece in self._split.split(text))

    def parts(self, text: str, given: Mapping[str, tuple[Part, ...]]) -> Iterator[Part]:
        links = tuple((self.of[LINK], part.url) for part in given.get(BUTTON, ()) if isinstance(part, Button))
        names = {mark: name for name, mark in self.of.items()}
        for piece in self._split.split(text):
            if piece in names:
                yield from given.get(names[piece], ())
            elif piece.strip():
                yield Rich(piece.strip(), links)
