"""What a report says: `build` writes it once as plain JSON, and screen, PDF, XLSX and CSV are drawn from that alone.

`portal-report/1` is the `Content` below, with these rules:

- Every figure comes as a `Figure`: `raw` to calculate and draw with, `shown` as every channel prints it. Days come as a
  `Day` likewise. Nothing is rounded, formatted, sorted or counted again by whoever draws.
- Text that people wrote (names, titles, answers, comments, reasons) is plain text in every field: escape it for the
  channel. Only fields called `markdown` are Markdown, for `portal.web.markdown`: CommonMark with tables and
  strikethrough, without raw HTML. In it, whatever came from a variable stands as character references, so that a name
  can never become markup: decode them with a CommonMark parser, never by replacing strings.
- Colours are tones: "b1" … "b4" of the score bands (worst to best), or "neutral", "info", "success", "warn", "danger",
  "review" of labels; "" is none.
- Sections stand in the order they are read. Each has `kind`, `key` (unique, fit for an anchor), `number` ("1", "2", …;
  "" for cover and table of contents), `title` ("" for a text that goes on without a heading), `markdown` (the author's
  own words, shown under the title, "" for none), `new_page` (on paper it begins a page) and `empty`: when that is not
  "", there is nothing to show and the sentence stands in place of the data. The other fields of a kind are always there,
  with empty lists where there is nothing.
- The same run, template and moment of the data give the same bytes: `content_hash` tells whether anything changed.

Fields may be added to `portal-report/1`; none is taken away or changes its meaning.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessments.models import Assessment, ReportTemplate

from . import liquid, names, variables
from . import sections as kinds

if TYPE_CHECKING:
    from .material import Material

FORMAT: Literal["portal-report/1"] = "portal-report/1"


class Figure(TypedDict):
    """A number. `raw` None: there is none, and `shown` is an en dash."""

    raw: float | None
    shown: str


class Day(TypedDict):
    """A day in the account's time zone. `raw` is ISO 8601 ("2026-11-21"), `shown` "November 21, 2026"; both "" for none."""

    raw: str
    shown: str


class Named(TypedDict):
    id: str
    name: str


class Scale(TypedDict):
    """The ends of a scale, and how its figures are written: number of decimals, unit ("" for plain points)."""

    min: Figure
    max: Figure
    decimals: int
    unit: str


class Zone(TypedDict):
    """A named stretch of a scale, in rising order: from `start` up to but without `end` (the last one includes it)."""

    label: str
    start: Figure
    end: Figure
    tone: str


class Difference(TypedDict):
    """`shown` carries its sign ("+7", "−3"); `direction` is "up", "down" or "flat"."""

    raw: float
    shown: str
    direction: Literal["up", "down", "flat"]


class Reference(TypedDict):
    """The published figure a score is compared with. `mark` is its one word for charts; `sample` and `source` print
    beside every use of it."""

    value: Figure
    label: str
    mark: str
    sample: str
    source: str
    difference: Difference | None


class Score(TypedDict):
    """The overall score. `zone` and `tone` are "" without one, then `reason` says why; `sentence` says it in words;
    `next` how far the next zone is ("8 points more would reach Strong."), "" in the last.

    `submitted` is what the answers gave before the assessor's review changed it; None where it changed nothing.
    """

    value: Figure
    percent: Figure
    maximum: str
    zone: str
    tone: str
    description: str
    reason: str
    sentence: str
    next: str
    reference: Reference | None
    submitted: Figure | None


class Fact(TypedDict):
    """A line of a list of facts."""

    label: str
    value: str


class Basis(TypedDict):
    """How many questions have which kind of answer, and what those count as ("" for nothing to say)."""

    label: str
    count: Figure
    effect: str


class Area(TypedDict):
    """The score of one section, a row of radar, bars and table. `is_inner`: a section within a section (drawn by the
    table only, indented)."""

    key: str
    name: str
    is_inner: bool
    value: Figure
    zone: str
    tone: str
    reason: str
    reference: Figure | None
    difference: Difference | None


class Assessed(TypedDict):
    """Which run the report is about. `released` is empty in a draft made before the release."""

    id: str
    name: str
    definition: str
    version: str
    submitted: Day
    released: Day
    respondents: int


class _Section(TypedDict):
    key: str
    number: str
    title: str
    markdown: str
    empty: str
    new_page: bool


class Cover(_Section):
    """The first page. `facts` stand under the title, in order (date, prepared for, prepared by …)."""

    kind: Literal["cover"]
    organization: str
    account: str
    assessment: str
    facts: list[Fact]
    score: Score | None
    is_draft: bool


class Entry(TypedDict):
    key: str
    number: str
    title: str


class Contents(_Section):
    """The table of contents: `entries` point at sections by `key`; page numbers are the drawing's business."""

    kind: Literal["contents"]
    entries: list[Entry]


class Summary(_Section):
    """The result in words: the score, facts about the run, what is strongest and weakest, what it rests on."""

    kind: Literal["summary"]
    score: Score
    facts: list[Fact]
    strongest: list[Area]
    weakest: list[Area]
    basis: list[Basis]


class Gauge(_Section):
    """The score on its scale with the named zones: a half circle, and `zones` as the table beside it."""

    kind: Literal["gauge"]
    score: Score
    scale: Scale
    zones: list[Zone]


class Radar(_Section):
    """Score by area. `is_drawn` is False for fewer than 3 or more than 8 rows: then only the table stands."""

    kind: Literal["radar"]
    rows: list[Area]
    scale: Scale
    reference_label: str
    is_drawn: bool
    note: str


class SectionScores(_Section):
    """All areas as bars, as a table, or both. `bars` are the rows to draw, `rows` those of the table (with the overall
    score first when `has_total`)."""

    kind: Literal["section_scores"]
    rows: list[Area]
    bars: list[Area]
    total: Area | None
    zones: list[Zone]
    scale: Scale
    reference_label: str
    show_bars: bool
    show_table: bool
    note: str


class MatrixRow(TypedDict):
    """A row of a matrix and what was chosen in it, "" for nothing."""

    row: str
    words: str


class Verdict(TypedDict):
    """What the assessor said about an answer; `words` is the assessor's own answer ("" unless there is one)."""

    verdict: str
    label: str
    words: str
    reason: str


class Line(TypedDict):
    """One question asked and its answer. `state` is answered, unanswered, not_applicable or dont_know; `words` says all
    of them in words. `who` is "" unless names are shown; `files` and `evidence` are names of files."""

    key: str
    number: int
    group: str
    question: str
    state: str
    words: str
    rows: list[MatrixRow]
    comment: str
    files: list[str]
    evidence: list[str]
    who: str
    day: Day
    verdict: Verdict | None


class AnswerPart(TypedDict):
    """A top-level section; `tally` says "12 of 14 answered"."""

    key: str
    name: str
    tally: str
    lines: list[Line]


class Answers(_Section):
    """Question by question. `has_names`: the answers say who gave them."""

    kind: Literal["answers"]
    parts: list[AnswerPart]
    has_names: bool


class Note(TypedDict):
    kind: str
    label: str
    markdown: str


class NoteGroup(TypedDict):
    """The notes about one section; `key` "" is the whole assessment."""

    key: str
    name: str
    notes: list[Note]


class Notes(_Section):
    kind: Literal["notes"]
    groups: list[NoteGroup]


class SeverityCount(TypedDict):
    severity: str
    label: str
    tone: str
    count: Figure


class FindingRow(TypedDict):
    """`area` names the section it lies in; `question` the question it came from; both may be ""."""

    number: int
    title: str
    markdown: str
    severity: str
    severity_label: str
    tone: str
    state: str
    state_label: str
    area: str
    question: str


class Findings(_Section):
    """Worst first."""

    kind: Literal["findings"]
    counts: list[SeverityCount]
    rows: list[FindingRow]


class ActionRow(TypedDict):
    """`finding` is the title of what it mends, `finding_number` its number among the findings."""

    title: str
    finding: str
    finding_number: int
    owner: str
    due: Day
    state: str
    state_label: str
    tone: str


class Actions(_Section):
    kind: Literal["actions"]
    rows: list[ActionRow]


class AdviceRow(TypedDict):
    """`about` is the question or score it belongs to; `label` the word of its severity, "" for plain advice."""

    about: str
    title: str
    markdown: str
    label: str
    tone: str
    is_question: bool


class Recommendations(_Section):
    """What the result calls for, worst first."""

    kind: Literal["recommendations"]
    rows: list[AdviceRow]


class RunRow(TypedDict):
    """A run of the same definition. `change` since the run before it, None where the questions differ."""

    id: str
    name: str
    submitted: Day
    value: Figure
    percent: Figure
    zone: str
    tone: str
    version: str
    is_this: bool
    same_version: bool
    change: Difference | None


class History(_Section):
    """Newest first; draw `percent` over time, oldest first, for two and more."""

    kind: Literal["history"]
    rows: list[RunRow]


class Text(_Section):
    """The author's words alone."""

    kind: Literal["text"]


Section = (
    Cover
    | Contents
    | Summary
    | Gauge
    | Radar
    | SectionScores
    | Answers
    | Notes
    | Findings
    | Actions
    | Recommendations
    | History
    | Text
)


class Content(TypedDict):
    """The whole report. `day` is the day of the release, of the submission in a draft. `file_name` has no ending:
    "Northwind-Dental_Cyber-resilience_2026-11-21", safe in every file system.

    `answers_left_out`: a reader who took no part was given this copy, without the raw answers (decision D6).
    """

    format: Literal["portal-report/1"]
    language: str
    title: str
    file_name: str
    day: Day
    is_draft: bool
    organization: Named
    account: Named
    assessment: Assessed
    template: Named
    attribution: str
    score: Score | None
    sections: list[Section]
    answers_left_out: NotRequired[bool]


# --- Writing it ------------------------------------------------------------------------------------------------------


def build(run: Assessment, template: ReportTemplate) -> dict[str, Any]:
    """This will write the report of a run as it stands now.

    The run is read with account, organization, version and definition; a run without a result gives a report that says
    so. The same state gives the same bytes, whoever asks and in whichever language they read.
    """
    from .material import Material

    with translation.override(settings.LANGUAGE_CODE):
        return dict(_written(Material(run, template)))


def content_hash(content: Mapping[str, Any]) -> str:
    """This will be the SHA-256 of the content as canonical JSON: equal when nothing a reader could see has changed."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def without_answers(content: Mapping[str, Any]) -> dict[str, Any]:
    """This will leave out what tells single answers, for who took no part in them (decision D6): the answers, and
    advice that follows from one of them."""
    kept = [section for section in content["sections"] if section["kind"] != "answers"]
    gone = {section["key"] for section in content["sections"]} - {section["key"] for section in kept}
    sections = [_about_no_answer(section, gone) for section in kept]
    return {**content, "sections": sections, "answers_left_out": True}


def tells_answers(content: Mapping[str, Any]) -> bool:
    """This will say whether `without_answers` would leave anything out."""
    return any(
        section["kind"] == "answers" or any(row.get("is_question") for row in section.get("rows", ()))
        for section in content["sections"]
    )


def _about_no_answer(section: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    if section["kind"] == "contents":
        return {**section, "entries": [entry for entry in section["entries"] if entry["key"] not in gone]}
    if section["kind"] == "recommendations":
        rows = [row for row in section["rows"] if not row["is_question"]]
        with translation.override(settings.LANGUAGE_CODE):
            empty = section["empty"] or ("" if rows else _("There are no recommendations for this result."))
        return {**section, "rows": rows, "empty": empty}
    return dict(section)


def _written(material: "Material") -> Content:
    values, template = variables.of(material), material.template
    sections = _numbered([_section(material, stored, values) for stored in template.sections])
    run, organization = material.run, material.organization
    day = material.assessed["released"] if material.assessed["released"]["raw"] else material.assessed["submitted"]
    cover = next((section for section in sections if section["kind"] == "cover"), None)
    attribution = material.document.attribution
    return {
        "format": FORMAT,
        "language": settings.LANGUAGE_CODE,
        "title": (cover["title"] if cover else "") or f"{run.name}: {template.name}",
        "file_name": names.file_name(run.account.name, run.name, day["raw"]),
        "day": day,
        "is_draft": not material.assessed["released"]["raw"],
        "organization": {"id": str(organization.pk), "name": organization.name},
        "account": {"id": str(run.account_id), "name": run.account.name},
        "assessment": material.assessed,
        "template": {"id": str(template.pk), "name": template.name},
        "attribution": attribution.text if attribution else "",
        "score": material.score,
        "sections": sections,
    }


def _section(material: "Material", stored: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    from .parts import BUILDERS

    section = kinds.completed(stored)
    built = {"empty": "", **BUILDERS[section["kind"]](material, section["options"])}
    return {
        "kind": section["kind"],
        "title": _worded(liquid.line, section["title"], values),
        "markdown": _worded(liquid.markdown, section["text"], values) if section["text"].strip() else "",
        "new_page": section["options"][kinds.NEW_PAGE.key],
        **built,
    }


def _worded(render: Callable[[str, Mapping[str, Any]], str], source: str, values: Mapping[str, Any]) -> str:
    """Where a text cannot be written, that is said in its place: silence would look like a finished report."""
    try:
        return render(source, values)
    except liquid.Unwritable as error:
        return liquid.escaped(_("This text could not be written. %(problem)s") % {"problem": error.problem})


def _numbered(sections: list[dict[str, Any]]) -> list[Any]:
    number = 0
    for place, section in enumerate(sections, start=1):
        counts = bool(section["title"]) and section["kind"] not in ("cover", "contents")
        number += counts
        section |= {"key": f"s{place}", "number": str(number) if counts else ""}
    for section in sections:
        if section["kind"] == "contents":
            section["entries"] = [
                {"key": one["key"], "number": one["number"], "title": one["title"]} for one in sections if one["number"]
            ]
    return sections
