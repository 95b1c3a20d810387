"""The kinds of section a report template is put together from, what can be chosen in each, and the sets to start from."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import NoteKind, ReportKind, Severity

MOST_SECTIONS = 40
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose in a section: one of `offers` (value, words), a switch when there are none, several of them
    with `many`."""

    key: str
    label: Any
    default: Any
    offers: tuple[tuple[str, Any], ...] = ()
    many: bool = False
    hint: Any = ""

    @property
    def is_switch(self) -> bool:
        return not self.offers

    def read(self, given: Any) -> Any:
        """This will return the value when it is one that can be chosen, else the default."""
        if self.is_switch:
            return given if isinstance(given, bool) else self.default
        values = [value for value, _words in self.offers]
        if self.many:
            return [value for value in values if value in given] if isinstance(given, list) else list(self.default)
        return given if given in values else self.default


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of section. `needs_title`: it cannot stand without a heading; `is_single`: one in a report is enough."""

    key: str
    label: Any
    words: Any
    icon: str
    title: Any = ""
    choices: tuple[Choice, ...] = ()
    needs_title: bool = True
    is_single: bool = False

    def options(self, given: Any) -> dict[str, Any]:
        """This will complete the options of a section: what cannot be chosen becomes the default."""
        stated = given if isinstance(given, Mapping) else {}
        return {choice.key: choice.read(stated.get(choice.key)) for choice in self.choices}


_UP_TO_FIVE = tuple((str(number), str(number)) for number in range(6))

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "cover", _("Cover"), _("The first page: title, account, date and score"), "books", "{{ assessment.name }}",
            (
                Choice("score", _("Show the score"), True),
                Choice("respondents", _("Name who answered"), False),
            ),
            is_single=True,
        ),
        Kind("contents", _("Table of contents"), _("What the report holds, with page numbers on paper"), "list-details",
             _("Contents"), is_single=True),
        Kind(
            "summary", _("Summary"), _("The result in words: score, strongest and weakest areas, what it rests on"),
            "clipboard-list", _("Summary"),
            (
                Choice("areas", _("Strongest and weakest areas"), "3", _UP_TO_FIVE),
                Choice("basis", _("What the score rests on"), True),
            ),
        ),
        Kind("gauge", _("Gauge"), _("The score on its scale, with the named zones"), "gauge", _("Overall score")),
        Kind("radar", _("Radar"), _("Score by area as a radar chart, for 3 to 8 areas"), "target",
             _("Score by area")),
        Kind(
            "section_scores", _("Scores by area"), _("Every area as bars, as a table, or both"), "chart-bar",
            _("All areas"),
            (
                Choice("show", _("Shown as"), "both",
                       (("both", _("Bars and table")), ("bars", _("Bars")), ("table", _("Table")))),
                Choice("inner", _("With areas inside of areas"), True),
            ),
        ),
        Kind(
            "findings", _("Findings"), _("The weaknesses that were found, worst first"), "alert-triangle",
            _("Findings"),
            (
                Choice("least", _("From severity"), "low", tuple((value, label) for value, label in Severity.choices)),
                Choice("open_only", _("Only open ones"), False),
            ),
        ),
        Kind("actions", _("Actions"), _("What is to be done, by whom and until when"), "list-check", _("Actions"),
             (Choice("open_only", _("Only those not done"), False),)),
        Kind(
            "recommendations", _("Recommendations"), _("What the definition advises for these scores"), "stairs",
            _("Recommendations"),
            (
                Choice("most", _("At most"), "all",
                       (("5", "5"), ("10", "10"), ("20", "20"), ("all", _("All of them")))),
            ),
        ),
        Kind(
            "notes", _("Analysis notes"), _("What the assessor wrote about each area"), "edit", _("Analysis"),
            (
                Choice("kinds", _("Which notes"), tuple(NoteKind.values),
                       tuple((value, label) for value, label in NoteKind.choices), many=True),
            ),
        ),
        Kind(
            "answers", _("Answers"), _("Question by question, area by area"), "message-2", _("Answers"),
            (
                Choice("which", _("Which questions"), "all",
                       (("all", _("All that were asked")), ("answered", _("Answered ones")),
                        ("open", _("Those without an answer")))),
                Choice("names", _("Say who answered"), False),
                Choice("comments", _("With comments"), True),
                Choice("files", _("With the names of files"), True),
                Choice("verdicts", _("With what the assessor said"), True),
            ),
        ),
        Kind(
            "history", _("Earlier runs"), _("How the score changed from run to run"), "history", _("Earlier runs"),
            (Choice("most", _("At most"), "6", (("3", "3"), ("6", "6"), ("12", "12"))),),
        ),
        Kind("text", _("Text"), _("Your own words, with variables"), "pencil", "", needs_title=False),
    )
}  # fmt: skip

# Said of every section, beside its own choices.
NEW_PAGE = Choice("new_page", _("Begin a new page on paper"), False)


def new(kind: str, *, title: str | None = None, text: str = "", **options: Any) -> dict[str, Any]:
    """This will make a section of a kind, as a template stores it."""
    of = KINDS[kind]
    return {
        "key": secrets.token_hex(4),
        "kind": kind,
        "title": str(of.title) if title is None else title,
        "text": text,
        "options": of.options(options) | {NEW_PAGE.key: NEW_PAGE.read(options.get(NEW_PAGE.key))},
    }


def completed(section: Mapping[str, Any]) -> dict[str, Any]:
    """This will return a stored section with every field it may lack, and only options there are."""
    of = KINDS[section["kind"]]
    options = section.get("options", {})
    return {
        "key": str(section.get("key") or secrets.token_hex(4)),
        "kind": of.key,
        "title": str(section.get("title", "")),
        "text": str(section.get("text", "")),
        "options": of.options(options) | {NEW_PAGE.key: NEW_PAGE.read(options.get(NEW_PAGE.key))},
    }


_OPENING = _(
    "This report shows where {{ account.name }} stands in **{{ assessment.name }}**. It rests on the answers given by "
    "{{ submitted_on }}.\n\n"
    "{% if zone %}The result is **{{ score }} of {{ score_maximum }}**, in the {{ zone }} band. {{ zone_description }}"
    "{% else %}There is no overall score.{% endif %}"
    "{% if previous.change %} That is {{ previous.change }} since {{ previous.submitted_on }}.{% endif %}"
)
_NEXT = _(
    "{% if findings.total > 0 %}There are {{ findings.total }} findings, {{ findings.critical | plus: findings.high }} of "
    "them critical or high. {% if actions.total > 0 %}{{ actions.open }} of {{ actions.total }} agreed actions are still "
    "open.{% endif %}{% else %}No weaknesses were found.{% endif %}\n\n"
    "{% if weakest.size > 0 %}Start here:\n\n"
    "{% for area in weakest %}- **{{ area.name }}**: {{ area.score }}{% if area.zone %}, {{ area.zone }}{% endif %}\n"
    "{% endfor %}{% endif %}"
)


def starting_set(kind: str) -> list[dict[str, Any]]:
    """This will make the sections a new template of that type begins with."""
    if kind == ReportKind.DETAILED:
        return [
            new("cover"),
            new("contents"),
            new("summary", text=str(_OPENING)),
            new("gauge"),
            new("radar"),
            new("section_scores"),
            new("findings", new_page=True),
            new("actions"),
            new("recommendations"),
            new("notes", new_page=True),
            new("history"),
            new("answers", new_page=True),
        ]
    if kind == ReportKind.EXECUTIVE:
        return [
            new("cover"),
            new("gauge", text=str(_OPENING)),
            new("radar"),
            new("findings", title=str(_("What matters most")), least="high"),
            new("text", title=str(_("What comes next")), text=str(_NEXT)),
            new("history", most="3"),
        ]
    return [new("cover"), new("summary"), new("section_scores")]


def keys_of(sections: Sequence[Mapping[str, Any]]) -> list[str]:
    return [section["key"] for section in sections]
