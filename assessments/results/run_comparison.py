"""One run beside an earlier one: what the score did, section by section, and what changed in findings and answers."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.viewer import Viewer
from assessments.answering.stored_answers import answers_of
from assessments.models import Assessment, Result
from assessments.results import findings, version_pairs
from assessments.results.findings import shortened
from assessments.results.outcome import Outcome, outcome_of
from library.answers import Answer as PlainAnswer
from library.answers import readable
from library.document import DefinitionDocument
from library.versions import document_of
from portal.web import charts
from portal.web.figures import number, signed


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: an area now and then. `difference` is "" where the two cannot be compared."""

    key: str
    name: str
    now: str
    then: str
    difference: str
    direction: str
    zone: str
    tone: str
    zone_then: str
    tone_then: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A question answered otherwise than before; without an answer, the words say so."""

    question: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Turns:
    """What changed in the answers of one section."""

    name: str
    turns: list[Turn]


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of the findings: (severity's word, tone, title) each, the worst first."""

    new: list[tuple[str, str, str]]
    still: list[tuple[str, str, str]]
    gone: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs side by side. `reasons` say why their versions cannot be compared; then there are no differences.

    `answers` is None for who may not read them; `new_questions` are those that the earlier version did not ask.
    """

    this: Assessment
    other: Assessment
    is_comparable: bool
    reasons: tuple[str, ...]
    sentence: str
    direction: str
    gauge: SafeString
    radar: SafeString | str
    bars: SafeString | str
    rows: list[Row]
    in_percent: bool
    moved: Moved
    answers: list[Turns] | None
    new_questions: int
    dropped_questions: int

    @property
    def turns(self) -> int:
        """This will count the answers that changed."""
        return sum(len(part.turns) for part in self.answers or ())

    @property
    def risen(self) -> int:
        """This will count the areas whose figure is higher than before."""
        return sum(row.direction == "up" for row in self.rows if not row.is_total)

    @property
    def fallen(self) -> int:
        """This will count the areas whose figure is lower than before."""
        return sum(row.direction == "down" for row in self.rows if not row.is_total)


def compare(viewer: Viewer, this: Assessment, other: Assessment, *, with_answers: bool) -> Compared:
    """This will set a run beside an earlier one of the same definition; both are read with result and version.

    Scores nothing. The cost is that of the two runs' findings and, `with_answers`, of their answers.
    """
    is_comparable = version_pairs.score_alike(this.version, other.version)
    sides = _Sides(this, other, is_comparable)
    new, old = sides.document_now, sides.document_then
    answers = _answers(this, other, new, old) if with_answers else None
    keys_now, keys_then = {one.key for one in new.questions()}, {one.key for one in old.questions()}
    return Compared(
        this=this,
        other=other,
        is_comparable=is_comparable,
        reasons=version_pairs.why_not(other.version, this.version) if not is_comparable else (),
        sentence=sides.sentence(),
        direction=sides.total().direction,
        gauge=sides.gauge(),
        radar=sides.radar(),
        bars=sides.bars(),
        rows=[sides.total(), *sides.rows()],
        in_percent=sides.in_percent,
        moved=_moved(viewer, this, other),
        answers=answers,
        new_questions=len(keys_now - keys_then),
        dropped_questions=len(keys_then - keys_now),
    )


class _Sides:
    """The figures of both runs on one scale: the definition's own, or percent where areas have scales of their own."""

    def __init__(self, this: Assessment, other: Assessment, is_comparable: bool) -> None:
        self.document_now, self.document_then = document_of(this.version), document_of(other.version)
        self.is_comparable = is_comparable
        self.now: Outcome = outcome_of(this.result, self.document_now, "")
        self.then: Outcome = outcome_of(other.result, self.document_then, "")
        self.result_now: Result = this.result
        self.result_then: Result = other.result
        self.in_percent = self.now.areas_in_percent or self.then.areas_in_percent
        self.decimals = max(self.now.decimals, self.then.decimals)
        self.area_decimals = max(self.now.area_decimals, self.then.area_decimals)

    def total(self) -> Row:
        now, then = _overall(self.result_now), _overall(self.result_then)
        return self._row("", _("Overall"), now, then, "value", self.decimals, is_total=True)

    def rows(self) -> list[Row]:
        then = {section["key"]: section for section in self.result_then.sheet["sections"]}
        kind = "percent" if self.in_percent else "value"
        return [
            self._row(section["key"], section["name"], section, then.get(section["key"]), kind, self.area_decimals)
            for section in self.result_now.sheet["sections"]
        ]

    def _row(
        self, key: str, name: str, now: dict[str, Any] | None, then: dict[str, Any] | None, kind: str, decimals: int,
        is_total: bool = False,
    ) -> Row:  # fmt: skip
        value, before = (_exact(side[kind]) if side else None for side in (now, then))
        between = None
        if self.is_comparable and value is not None and before is not None:
            # Of the figures as shown, so that who subtracts finds the same.
            between = round(round(value, decimals) - round(before, decimals), decimals)
        return Row(
            key=key,
            name=name,
            now=number(value, decimals),
            then=number(before, decimals),
            difference="" if between is None else signed(between, decimals),
            direction="" if between is None else "up" if between > 0 else "down" if between < 0 else "flat",
            zone=now["zone"] if now else "",
            tone=now["tone"] if now else "",
            zone_then=then["zone"] if then else "",
            tone_then=then["tone"] if then else "",
            is_total=is_total,
        )

    def sentence(self) -> str:
        total = self.total()
        if not total.direction:
            return ""
        words = {"now": total.now, "then": total.then, "points": self._points(total.difference.lstrip("+−"))}
        if total.direction == "flat":
            return _("The score is what it was: %(now)s.") % words
        if total.direction == "up":
            said = _("The score rose from %(then)s to %(now)s, by %(points)s.") % words
        else:
            said = _("The score fell from %(then)s to %(now)s, by %(points)s.") % words
        if total.zone and total.zone_then and total.zone != total.zone_then:
            bands = {"then": total.zone_then, "now": total.zone}
            said = f"{said} {_('The band was %(then)s and is %(now)s.') % bands}"
        return said

    def _points(self, figure: str) -> str:
        unit = (self.result_now.sheet["scale"] or {}).get("unit", "")
        if unit:
            return f"{figure} {unit}"
        return ngettext("%(count)s point", "%(count)s points", 1 if figure == "1" else 2) % {"count": figure}

    def gauge(self) -> SafeString:
        scale = self.result_now.sheet["scale"] or {"min": 0, "max": 100}
        before = _exact((_overall(self.result_then) or {}).get("value")) if self.is_comparable else None
        return charts.gauge(
            _exact((_overall(self.result_now) or {}).get("value")),
            self.result_now.sheet["zones"],
            label=_("Overall score"),
            minimum=scale["min"],
            maximum=scale["max"],
            benchmark={"value": before, "label": _("Before")} if before is not None else None,
            decimals=self.decimals,
        )

    def radar(self) -> SafeString | str:
        drawn = self._drawn()
        if not self.is_comparable or not charts.RADAR_FEWEST <= len(drawn) <= charts.RADAR_MOST:
            return ""
        return charts.radar(drawn, label=_("Score by area"), benchmark_label=_("before"), **self._range())

    def bars(self) -> SafeString | str:
        drawn = self._drawn()
        if not self.is_comparable or not drawn:
            return ""
        zones = [] if self.in_percent else self.result_now.sheet["zones"]
        return charts.area_bars(drawn, zones, benchmark_label=_("before"), **self._range())

    def _drawn(self) -> list[dict[str, Any]]:
        kind = "percent" if self.in_percent else "value"
        then = {section["key"]: section for section in self.result_then.sheet["sections"]}
        sections = self.result_now.sheet["sections"]
        return [
            {
                "label": section["name"],
                "value": _exact(section[kind]),
                "benchmark": _exact(then[section["key"]][kind]) if section["key"] in then else None,
            }
            for section in [one for one in sections if one["top"]] or sections
        ]

    def _range(self) -> dict[str, Any]:
        scale = self.result_now.sheet["scale"] or {"min": 0, "max": 100}
        low, high = (0, 100) if self.in_percent else (scale["min"], scale["max"])
        return {"minimum": low, "maximum": high, "decimals": self.area_decimals}


def _overall(result: Result) -> dict[str, Any] | None:
    return result.sheet["overall"]


def _moved(viewer: Viewer, this: Assessment, other: Assessment) -> Moved:
    rows = findings.of_runs(viewer, (this, other))
    same_version = this.version_id == other.version_id
    named: Callable[[Any], str] = (lambda row: row.source or row.title) if same_version else (lambda row: row.title)
    now = {named(row): row for row in rows if row.assessment_id == this.pk}
    then = {named(row): row for row in rows if row.assessment_id == other.pk}
    return Moved(
        new=_titles(row for name, row in now.items() if name not in then),
        still=_titles(row for name, row in now.items() if name in then),
        gone=_titles(row for name, row in then.items() if name not in now),
    )


def _titles(rows: Iterable[Any]) -> list[tuple[str, str, str]]:
    return [(row.get_severity_display(), findings.TONES[row.severity], row.title) for row in rows]


def _answers(this: Assessment, other: Assessment, new: DefinitionDocument, old: DefinitionDocument) -> list[Turns]:
    now, then = answers_of(this), answers_of(other)
    asked_now, asked_then = _asked(this, new), _asked(other, old)
    parts = []
    for section in new.sections:
        turns = [
            Turn(shortened(question.text), readable(before, then.get(key)), readable(question, now.get(key)))
            for inner in section.all_sections()
            for question in inner.questions
            for key in [question.key]
            if key in asked_now and key in asked_then and (before := old.question(key)) is not None
            if _differs(now.get(key), then.get(key))
        ]
        if turns:
            parts.append(Turns(section.name, turns))
    return parts


def _asked(run: Assessment, document: DefinitionDocument) -> set[str]:
    return {question.key for question in document.questions()} - set(run.progress.get("hidden", ()))


def _differs(now: PlainAnswer | None, then: PlainAnswer | None) -> bool:
    if now is None or then is None:
        return now is not then
    return (now.state, now.value) != (then.state, then.value)


def _exact(value: float | None) -> float | None:
    return None if value is None else round(value, 9)


def chosen_among(runs: list[Any], wanted: str) -> Any | None:
    """This will pick the run an address names, else the latest; None without any, or for one that is not among them."""
    if not runs:
        return None
    if not wanted:
        return runs[0]
    try:
        key = uuid.UUID(wanted)
    except ValueError:
        return None
    return next((run for run in runs if run.assessment.pk == key), None)
