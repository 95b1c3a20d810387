"""The answers of a run as staff follow them while they come: narrowed, with what is new since they last looked."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from assessments.answering import answer_sheet
from assessments.answering.answer_sheet import Line
from assessments.models import Assessment, Respondent
from library.document import DefinitionDocument
from portal.web.ids import uuid_in

FILTERS: dict[str, Any] = {
    "all": gettext_lazy("All"),
    "answered": gettext_lazy("Answered"),
    "missing": gettext_lazy("Not answered"),
    "flagged": gettext_lazy("Kept for later"),
    "commented": gettext_lazy("With a comment"),
    "new": gettext_lazy("New"),
}


@dataclass(frozen=True, slots=True)
class Followed:
    """One question with its answer. `flagged_by` names who kept it for later; `is_new`: given since one last looked."""

    line: Line
    flagged_by: str = ""
    is_new: bool = False

    def fits(self, show: str) -> bool:
        """This will say whether a filter shows the question."""
        return {
            "answered": self.line.state != "unanswered",
            "missing": self.line.state == "unanswered",
            "flagged": bool(self.flagged_by),
            "commented": bool(self.line.comment),
            "new": self.is_new,
        }.get(show, True)


@dataclass(frozen=True, slots=True)
class Part:
    """A top-level section: all its questions, and those the filter shows."""

    key: str
    name: str
    every: list[Followed]
    shown: list[Followed]

    @property
    def answered(self) -> int:
        return sum(one.line.state != "unanswered" for one in self.every)

    @property
    def fresh(self) -> int:
        return sum(one.is_new for one in self.every)


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: `show` is a key of FILTERS, `since` when one last looked, `at` the state of the run the
    page showed, `of` whose answers, in a run in which each answers alone."""

    show: str = "all"
    since: datetime | None = None
    at: str = ""
    of: uuid.UUID | None = None

    @classmethod
    def of_query(cls, query: Mapping[str, str], looked: str = "") -> "Chosen":
        """This will read the address; `looked` is when the page was opened before. What makes no sense is left out."""
        show = query.get("show", "")
        return cls(
            show if show in FILTERS else "all",
            _moment(query.get("since") or looked),
            query.get("at", "")[:40],
            uuid_in(query.get("of", "")),
        )


@dataclass(frozen=True)
class Followings:
    """All of the page. `counts`: how many questions each filter shows; `people` those who are respondents."""

    parts: list[Part]
    counts: dict[str, int]
    people: list[Respondent] = field(default_factory=list)
    of: Respondent | None = None


def stamp_of(run: Assessment) -> str:
    """This will name the state of a run: another one as soon as anything about it changed."""
    return f"{run.status}-{run.updated_at.timestamp():.6f}"


def follow(viewer: Viewer, run: Assessment, document: DefinitionDocument, chosen: Chosen) -> Followings:
    """This will gather the answers to be followed, in three queries, however many there are."""
    people = people_of(viewer, run)
    of = _whose(run, people, chosen.of)
    flags = _flags([of] if of else people)
    since = chosen.since
    parts = []
    for part in answer_sheet.parts_of(run, document, files="staff:upload", respondent=of):
        every = [
            Followed(
                line,
                ", ".join(flags.get(line.question.key, ())),
                bool(since and line.when and line.when > since and line.state != "unanswered"),
            )
            for line in part.lines
        ]
        parts.append(Part(part.key, part.name, every, [one for one in every if one.fits(chosen.show)]))
    counts = {show: sum(one.fits(show) for part in parts for one in part.every) for show in FILTERS}
    return Followings(parts, counts, people, of)


def people_of(viewer: Viewer, run: Assessment) -> list[Respondent]:
    """This will list the respondents of a run, first come first, in one query."""
    rows = Respondent.objects.visible_to(viewer).filter(assessment=run).select_related("user")
    return list(rows.defer("user__password").order_by("created_at"))


def _whose(run: Assessment, people: list[Respondent], wanted: uuid.UUID | None) -> Respondent | None:
    """None is the run's own set: of a run answered together, and the combined one of a run in which each answers."""
    if not run.is_independent:
        return None
    chosen = next((one for one in people if one.pk == wanted), None)
    if chosen or not run.is_open:
        return chosen
    return next((one for one in people if one.answered_count), people[0] if people else None)


def _flags(people: Iterable[Respondent]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person in people:
        for key in person.flagged:
            found.setdefault(key, []).append(person.shown_name)
    return found


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
