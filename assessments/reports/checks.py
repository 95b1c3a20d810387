"""What is wrong with a report template, said at the place: the section, its title or text, the line and column."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from . import liquid
from .sections import KINDS, LONGEST_TITLE


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. An error keeps the template from being active; the rest is advice. `field` is title, text or ""
    for the section as a whole; line and column count from 1, 0 where they say nothing."""

    field: Literal["title", "text", ""]
    message: str
    is_error: bool = True
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.message
        words = {"line": self.line, "column": self.column, "message": self.message}
        return _("Line %(line)s, column %(column)s: %(message)s") % words


def problems_of_section(section: Mapping[str, Any], custom: Collection[str] | None = None) -> list[Problem]:
    """This will check one section by itself; `custom` names the organization's own fields of accounts."""
    kind, title, text = KINDS[section["kind"]], section["title"], section["text"]
    found = _liquid("title", title, custom) + _liquid("text", text, custom)
    if kind.needs_title and not title.strip():
        found.append(Problem("title", _("This section has no heading.")))
    if len(title) > LONGEST_TITLE:
        found.append(Problem("title", _("Use at most %(limit)s characters.") % {"limit": LONGEST_TITLE}))
    if kind.key == "text" and not text.strip():
        found.append(Problem("text", _("There is nothing in this text yet."), is_error=False))
    if any(choice.many and not section["options"].get(choice.key) for choice in kind.choices):
        found.append(Problem("", _("Nothing is chosen, so this section stays empty."), is_error=False))
    return found


def problems_of(
    sections: Sequence[Mapping[str, Any]], custom: Collection[str] | None = None
) -> dict[str, list[Problem]]:
    """This will check all sections, by key; those without a problem are left out."""
    found = {section["key"]: problems_of_section(section, custom) for section in sections}
    counts = Counter(section["kind"] for section in sections)
    for place, section in enumerate(sections):
        kind = KINDS[section["kind"]]
        if kind.is_single and counts[kind.key] > 1:
            found[section["key"]].append(Problem("", _("There is more than one of these."), is_error=False))
        if kind.key == "cover" and place:
            found[section["key"]].append(Problem("", _("A cover is meant to come first."), is_error=False))
    return {key: problems for key, problems in found.items() if problems}


def errors_of(sections: Sequence[Mapping[str, Any]], custom: Collection[str] | None = None) -> dict[str, list[Problem]]:
    """This will return what keeps a template from being active, by section; a template without any section counts too,
    under ""."""
    if not sections:
        return {"": [Problem("", _("There is no section yet."))]}
    errors = {
        key: [problem for problem in problems if problem.is_error]
        for key, problems in problems_of(sections, custom).items()
    }
    return {key: problems for key, problems in errors.items() if problems}


def _liquid(field: Literal["title", "text"], source: str, custom: Collection[str] | None) -> list[Problem]:
    return [
        Problem(field, problem.message, line=problem.line, column=problem.column)
        for problem in liquid.problems_of(source, custom)
    ]
