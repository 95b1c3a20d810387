"""The answers of a run as an assessor looks them over: each beside its verdict, its question sent back, its notes."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from assessments.answering import answer_sheet
from assessments.answering.answer_sheet import Line
from assessments.models import AnswerReview, Assessment, Clarification, NoteKind, Result, SectionNote, Verdict
from assessments.review import threads, verdicts
from library.answers import readable
from library.document import DefinitionDocument
from portal.web import charts
from portal.web.figures import number, signed

# How an answer stands in the review: word, tone and icon of its badge.
STANDINGS: dict[str, tuple[Any, str, str]] = {
    "waiting": (gettext_lazy("To look at"), "neutral", "circle-dashed"),
    "again": (gettext_lazy("Answered again since"), "warn", "alert-triangle"),
    "accepted": (gettext_lazy("Accepted"), "success", "check"),
    "changed": (gettext_lazy("Scored differently"), "review", "pencil"),
    "not_counted": (gettext_lazy("Does not count"), "danger", "minus"),
    "none": (gettext_lazy("No answer"), "neutral", "circle-dashed"),
}
# What the page can be narrowed to; each as the standings it shows. "asked" has a question that waits.
FILTERS: dict[str, tuple[Any, frozenset[str]]] = {
    "all": (gettext_lazy("All"), frozenset(STANDINGS)),
    "open": (gettext_lazy("To look at"), frozenset({"waiting", "again"})),
    "changed": (gettext_lazy("Changed by the review"), frozenset({"changed", "not_counted"})),
    "asked": (gettext_lazy("Asked"), frozenset()),
}


@dataclass(frozen=True, slots=True)
class Looked:
    """One question in the review. `standing` is a key of STANDINGS; `counts` what counts instead of the answer given."""

    line: Line
    revision: int
    standing: str
    review: AnswerReview | None = None
    counts: str = ""
    asked: Clarification | None = None

    @property
    def key(self) -> str:
        return self.line.question.key

    @property
    def word(self) -> str:
        return str(STANDINGS[self.standing][0])

    @property
    def tone(self) -> str:
        return STANDINGS[self.standing][1]

    @property
    def icon(self) -> str:
        return STANDINGS[self.standing][2]

    @property
    def waits(self) -> bool:
        """This will say whether the assessor still has to look at the answer."""
        return self.standing in ("waiting", "again")

    @property
    def has_answer(self) -> bool:
        return self.line.state != "unanswered" or bool(self.line.rows)


@dataclass(frozen=True, slots=True)
class Note:
    """One kind of analysis of a section or the run, as far as it is written; `id` names its form on the page."""

    section: str
    kind: str
    label: str
    text: str
    revision: int
    who: str = ""
    when: Any = None

    @property
    def id(self) -> str:
        return f"note-{self.section or 'run'}-{self.kind}"


@dataclass(frozen=True, slots=True)
class Section:
    """A top-level section of the review; `figure` is its score, as submitted and as reviewed."""

    key: str
    name: str
    looked: list[Looked]
    shown: list[Looked]
    notes: list[Note]
    figure: "Compared | None" = None

    @property
    def waiting(self) -> int:
        return sum(looked.waits for looked in self.looked)

    @property
    def done(self) -> int:
        return sum(looked.standing in ("accepted", "changed", "not_counted") for looked in self.looked)

    @property
    def to_do(self) -> int:
        return self.waiting + self.done

    @property
    def written(self) -> int:
        return sum(bool(note.text) for note in self.notes)


@dataclass(frozen=True, slots=True)
class Compared:
    """A score as submitted beside the same as reviewed, as written; `difference` is "" where nothing differs."""

    key: str
    name: str
    submitted: str
    reviewed: str
    difference: str
    direction: str
    zone: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """All of the page: its sections, the figures, how many answers wait."""

    sections: list[Section]
    overall: Compared | None
    figures: list[Compared]
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return sum(section.waiting for section in self.sections)

    @property
    def done(self) -> int:
        return sum(section.done for section in self.sections)

    @property
    def to_do(self) -> int:
        return self.waiting + self.done


def review_of(
    viewer: Viewer, run: Assessment, document: DefinitionDocument, result: Result | None, show: str = "all"
) -> Review:
    """This will gather the review of a run: seven queries, however many questions it has."""
    parts = answer_sheet.parts_of(run, document, files="staff:upload")
    reviews, revisions = verdicts.reviews_of(run), verdicts.revisions_of(run)
    threads_of, notes = threads.latest_of(viewer, run), notes_of(run, document)
    overall, figures = compared(result) if result else (None, [])
    by_key = {figure.key: figure for figure in figures}
    sections = []
    for part in parts:
        looked = [
            _looked(line, reviews.get(line.question.key), revisions, threads_of.get(line.question.key))
            for line in part.lines
        ]
        shown = [one for one in looked if _is_shown(one, show)]
        sections.append(Section(part.key, part.name, looked, shown, notes[part.key], by_key.get(part.key)))
    counts = {name: sum(_is_shown(one, name) for section in sections for one in section.looked) for name in FILTERS}
    return Review(sections, overall, figures, counts, notes[""])


def compared(result: Result) -> tuple[Compared | None, list[Compared]]:
    """This will set the figures as submitted beside those as reviewed: the overall score, and each section's."""
    reviewed, submitted = result.sheet, result.submitted_sheet or result.sheet
    before = {section["key"]: section for section in submitted["sections"]}
    decimals, zones = (reviewed["scale"] or {}).get("decimals", 0), reviewed["zones"]
    overall = None
    if reviewed["overall"]:
        overall = _compared("", _("Overall"), submitted["overall"], reviewed["overall"], decimals, zones)
    return overall, [
        _compared(section["key"], section["name"], before.get(section["key"]), section, decimals, [])
        for section in reviewed["sections"]
        if section["top"]
    ]


def notes_of(run: Assessment, document: DefinitionDocument) -> dict[str, list[Note]]:
    """This will read the notes by section, those of the whole run under "": each kind, also where nothing is written."""
    rows = SectionNote.objects.filter(assessment=run).select_related("written_by").defer("written_by__password")
    written = {(row.section_key, row.kind): row for row in rows}
    keys = ["", *(section.key for section in document.sections)]
    return {key: [note_of(key, kind, written.get((key, kind))) for kind in NoteKind.values] for key in keys}


def note_of(section: str, kind: str, row: SectionNote | None) -> Note:
    """This will be one note as pages show it; `row` is what is written."""
    label = str(NoteKind(kind).label)
    if row is None:
        return Note(section, kind, label, "", 0)
    who = row.written_by.name if row.written_by else ""
    return Note(section, kind, label, row.text, row.revision, who, row.updated_at)


def find(sections: Iterable[Section], key: str) -> Looked | None:
    """This will find one question among the sections."""
    return next((looked for section in sections for looked in section.looked if looked.key == key), None)


def _looked(
    line: Line, review: AnswerReview | None, revisions: Mapping[str, int], asked: Clarification | None
) -> Looked:
    key, counts = line.question.key, ""
    given = line.state != "unanswered" or bool(line.rows)
    if review is None:
        standing = "waiting" if given else "none"
    elif verdicts.is_outdated(review, revisions):
        standing = "again"
    else:
        standing = review.verdict
    if review is not None and review.verdict == Verdict.CHANGED:
        counts = readable(line.question, verdicts.said_by(line.question, review))
    return Looked(line, revisions.get(key, 0), standing, review, counts, asked)


def _is_shown(looked: Looked, show: str) -> bool:
    if show == "asked":
        return looked.asked is not None and looked.asked.resolved_at is None
    return looked.standing in FILTERS[show][1]


def _compared(
    key: str, name: str, submitted: Mapping[str, Any] | None, reviewed: Mapping[str, Any], decimals: int,
    zones: list[dict[str, Any]],
) -> Compared:  # fmt: skip
    was, now = (submitted or {}).get("value"), reviewed["value"]
    places = _places(decimals, zones, was, now)
    change = round(now, places) - round(was, places) if was is not None and now is not None else 0
    return Compared(
        key=key,
        name=name,
        submitted=number(was, places) if was is not None else "–",
        reviewed=number(now, places) if now is not None else "–",
        difference=signed(change, places) if change else "",
        direction="up" if change > 0 else "down" if change < 0 else "",
        zone=reviewed["zone"],
        tone=reviewed["tone"],
    )


def _places(decimals: int, zones: list[dict[str, Any]], *values: float | None) -> int:
    """As many places as show that two figures differ, and each in its own zone: at most two more than the scale has."""
    known = {round(value, 9) for value in values if value is not None}
    for places in range(decimals, decimals + 3):
        is_told_apart = len({round(value, places) for value in known}) == len(known)
        if is_told_apart and all(_zone(round(value, places), zones) is _zone(value, zones) for value in known):
            return places
    return decimals + 2


def _zone(value: float, zones: list[dict[str, Any]]) -> Mapping[str, Any] | None:
    return charts.zone_of(value, zones)


def kinds() -> Iterator[tuple[str, str]]:
    """This will name the kinds of notes: (kind, label)."""
    yield from ((kind.value, str(kind.label)) for kind in NoteKind)


def one_of(sections: list[Section], key: uuid.UUID | str) -> Section | None:
    """This will find a section by its key."""
    return next((section for section in sections if section.key == key), None)
