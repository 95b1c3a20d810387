"""What is known about a run that a report may say, each thing read once, when the first section asks for it."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Prefetch, Q
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from assessments.answering import answer_sheet
from assessments.models import (
    ActionState,
    Answer,
    AnswerReview,
    Assessment,
    Finding,
    FindingAction,
    FindingState,
    ReportTemplate,
    Respondent,
    Result,
    SectionNote,
    Severity,
    Status,
    Verdict,
)
from assessments.results import findings, recommended
from assessments.results.outcome import Area as ShownArea
from assessments.results.outcome import Outcome, outcome_of
from assessments.review import verdicts
from library import references
from library.answers import readable
from library.document import DefinitionDocument
from library.versions import document_of
from portal.web.figures import NOTHING, number, signed

from .content import (
    ActionRow,
    AdviceRow,
    AnswerPart,
    Area,
    Assessed,
    Day,
    Difference,
    Figure,
    FindingRow,
    Line,
    Reference,
    RunRow,
    Scale,
    Score,
    Zone,
)
from .content import Verdict as VerdictRow

MOST_RUNS = 12
NO_FIGURE: Figure = {"raw": None, "shown": NOTHING}
NO_DAY: Day = {"raw": "", "shown": ""}


class Material:
    """One run, for one template. Nothing here depends on who looks, or on the hour."""

    def __init__(self, run: Assessment, template: ReportTemplate) -> None:
        self.run = run
        self.template = template
        self.organization: Organization = run.account.organization
        self.document: DefinitionDocument = document_of(run.version)
        self.industry = run.account.industry_label
        self.zone = _zone(run)
        self.result: Result | None = getattr(run, "result", None)

    # --- Days and figures --------------------------------------------------------------------------------------------

    def day(self, moment: datetime.datetime | datetime.date | None) -> Day:
        """This will write a day as the account's calendar has it."""
        if moment is None:
            return NO_DAY
        date = moment.astimezone(self.zone).date() if isinstance(moment, datetime.datetime) else moment
        return {"raw": date.isoformat(), "shown": formats.date_format(date, "F j, Y")}

    # --- The run -----------------------------------------------------------------------------------------------------

    @cached_property
    def assessed(self) -> Assessed:
        run = self.run
        return {
            "id": str(run.pk),
            "name": run.name,
            "definition": run.definition.name,
            "version": str(run.version.number),
            "submitted": self.day(run.submitted_at),
            "released": self.day(run.released_at) if run.is_released else NO_DAY,
            "respondents": len(self.respondents),
        }

    @cached_property
    def respondents(self) -> list[str]:
        """The names of who gave answers, first come first: not who was only asked, nor staff on somebody's behalf."""
        given = Answer.objects.filter(assessment=self.run, carried_over=False, on_behalf=False)
        people = Q(user__in=given.values("answered_by")) | Q(pk__in=given.values("guest"))
        rows = Respondent.objects.filter(assessment=self.run).filter(people | Q(pk__in=given.values("respondent")))
        rows = rows.select_related("user").defer("user__password").order_by("created_at", "id")
        return [row.shown_name for row in rows]

    # --- Scores ------------------------------------------------------------------------------------------------------

    @cached_property
    def outcome(self) -> Outcome | None:
        return outcome_of(self.result, self.document, self.run.account.industry) if self.result else None

    @cached_property
    def score(self) -> Score | None:
        """The overall score; None for a run without a result."""
        shown, result = self.outcome, self.result
        if shown is None or result is None:
            return None
        overall = result.sheet["overall"] or {}
        return {
            "value": _figure(_exact(overall.get("value")), shown.score),
            "percent": figure(overall.get("percent")),
            "maximum": shown.maximum,
            "zone": shown.zone,
            "tone": shown.tone,
            "description": shown.description,
            "reason": shown.reason,
            "sentence": _sentence(shown),
            "next": _next(shown),
            "reference": self._reference(shown),
            "submitted": self._submitted(shown, result),
        }

    def _reference(self, shown: Outcome) -> Reference | None:
        mark = shown.reference
        if mark is None:
            return None
        return {
            "value": _figure(mark.value, shown.reference_score),
            "label": mark.label,
            "mark": references.mark_label(mark),
            "sample": mark.n,
            "source": shown.source,
            "difference": _difference(
                shown.difference, shown.direction, self.overall_value, mark.value, shown.decimals
            ),
        }

    @property
    def overall_value(self) -> float | None:
        return _exact((self.result.sheet["overall"] or {}).get("value")) if self.result else None

    def _submitted(self, shown: Outcome, result: Result) -> Figure | None:
        if result.submitted_score is None or result.submitted_score == result.score:
            return None
        return figure(_exact(result.submitted_score), shown.decimals)

    @cached_property
    def scale(self) -> Scale:
        """The scale of the overall score."""
        stated = (self.result.sheet["scale"] if self.result else None) or {"min": 0, "max": 100, "unit": ""}
        return self._scale(stated["min"], stated["max"], self.outcome.decimals if self.outcome else 0, stated["unit"])

    @cached_property
    def area_scale(self) -> Scale:
        """The scale the areas are shown on: the definition's, or percent."""
        low, high = self.outcome.area_range if self.outcome else (0, 100)
        decimals = self.outcome.area_decimals if self.outcome else 0
        in_percent = self.outcome is not None and self.outcome.areas_in_percent
        return self._scale(low, high, decimals, "%" if in_percent else self.scale["unit"])

    def _scale(self, low: float, high: float, decimals: int, unit: str) -> Scale:
        return {"min": _end(low, decimals), "max": _end(high, decimals), "decimals": decimals, "unit": unit}

    @cached_property
    def zones(self) -> list[Zone]:
        """The named zones on the overall scale."""
        return [
            {
                "label": zone["label"],
                "start": _end(zone["from"], self.scale["decimals"]),
                "end": _end(zone["to"], self.scale["decimals"]),
                "tone": zone["tone"],
            }
            for zone in (self.result.sheet["zones"] if self.result else ())
        ]

    @cached_property
    def area_zones(self) -> list[Zone]:
        """The zones on the areas' scale."""
        if self.outcome is None or not self.outcome.areas_in_percent:
            return self.zones
        low, high = self.scale["min"]["raw"] or 0, self.scale["max"]["raw"] or 0
        span, decimals = high - low, self.area_scale["decimals"]
        return [
            {
                "label": zone["label"],
                "start": _end(100 * ((zone["start"]["raw"] or 0) - low) / span, decimals),
                "end": _end(100 * ((zone["end"]["raw"] or 0) - low) / span, decimals),
                "tone": zone["tone"],
            }
            for zone in self.zones
        ]

    @cached_property
    def areas(self) -> list[Area]:
        """Every area in the order of the definition, the inner ones after their outer one."""
        shown = self.outcome
        return [] if shown is None else [self._area(one, shown) for one in shown.areas]

    def _area(self, one: ShownArea, shown: Outcome) -> Area:
        return {
            "key": one.key,
            "name": one.name,
            "is_inner": one.is_inner and shown.has_tops,
            "value": _figure(one.value, one.score),
            "zone": one.zone,
            "tone": one.tone,
            "reason": one.reason,
            "reference": _figure(one.mark_value, one.mark) if one.mark_value is not None else None,
            "difference": _difference(one.difference, one.direction, one.value, one.mark_value, shown.area_decimals),
        }

    @cached_property
    def top_areas(self) -> list[Area]:
        return [area for area in self.areas if not area["is_inner"]]

    def percent_of(self, key: str) -> float | None:
        """This will return an area's place from 0 to 100."""
        return self._percents.get(key)

    @cached_property
    def _percents(self) -> dict[str, float | None]:
        return {one["score"]: one["percent"] for one in self.result.sheet["sections"]} if self.result else {}

    def strongest(self, most: int) -> list[Area]:
        """This will return the areas with the highest place, best first; of equal ones the earlier."""
        return self._ranked(most, best=True)

    def weakest(self, most: int) -> list[Area]:
        """This will return the areas with the lowest place, weakest first, none that is among the strongest already."""
        return self._ranked(most, best=False)

    def _ranked(self, most: int, *, best: bool) -> list[Area]:
        scored = [area for area in self.top_areas if self.percent_of(area["key"]) is not None]
        # With few areas each stands on one side only.
        most = min(most, (len(scored) + best) // 2)
        return sorted(scored, key=lambda area: (self.percent_of(area["key"]) or 0) * (-1 if best else 1))[:most]

    @cached_property
    def total(self) -> Area | None:
        """The overall score as a row of the table of areas, where both have one scale."""
        score = self.score
        if score is None or self.outcome is None or self.outcome.areas_in_percent:
            return None
        reference = score["reference"]
        return {
            "key": self.outcome.key,
            "name": _("Overall"),
            "is_inner": False,
            "value": score["value"],
            "zone": score["zone"],
            "tone": score["tone"],
            "reason": score["reason"],
            "reference": reference["value"] if reference else None,
            "difference": reference["difference"] if reference else None,
        }

    @cached_property
    def answer_counts(self) -> Mapping[str, int]:
        empty = dict.fromkeys(("asked", "answered", "unanswered", "dont_know", "not_applicable"), 0)
        return {key: self.result.sheet["counts"][key] for key in empty} if self.result else empty

    # --- Answers -----------------------------------------------------------------------------------------------------

    @cached_property
    def parts(self) -> list[AnswerPart]:
        """Every question asked and what was answered, names and all: a section leaves out what it does not show."""
        return [
            {
                "key": part.key,
                "name": part.name,
                "tally": _("%(answered)s of %(total)s answered")
                % {"answered": number(part.answered), "total": number(len(part.lines))},
                "lines": [self._line(line) for line in part.lines],
            }
            for part in answer_sheet.parts_of(self.run, self.document)
        ]

    @cached_property
    def _reviews(self) -> dict[str, AnswerReview]:
        return verdicts.reviews_of(self.run)

    def _line(self, line: answer_sheet.Line) -> Line:
        who = _("%(name)s, on behalf of the client") % {"name": line.who} if line.who and line.on_behalf else line.who
        return {
            "key": line.question.key,
            "number": line.number,
            "group": line.group,
            "question": line.question.text,
            "state": str(line.state),
            "words": line.words,
            "rows": [{"row": row, "words": words} for row, words in line.rows],
            "comment": line.comment,
            "files": [file.name for file in line.files if not file.is_gone],
            "evidence": [file.name for file in line.evidence if not file.is_gone],
            "who": who,
            "day": self.day(line.when),
            "verdict": self._verdict(line),
        }

    def _verdict(self, line: answer_sheet.Line) -> VerdictRow | None:
        review = self._reviews.get(line.question.key)
        if review is None:
            return None
        said = verdicts.said_by(line.question, review) if review.verdict == Verdict.CHANGED else None
        return {
            "verdict": review.verdict,
            "label": str(Verdict(review.verdict).label),
            "words": readable(line.question, said) if said else "",
            "reason": review.reason,
        }

    # --- What the assessor adds --------------------------------------------------------------------------------------

    @cached_property
    def notes(self) -> list[SectionNote]:
        return list(SectionNote.objects.filter(assessment=self.run).exclude(text=""))

    @cached_property
    def _findings(self) -> list[Finding]:
        actions = FindingAction.objects.select_related("owner").defer("owner__password")
        rows = Finding.objects.filter(assessment=self.run, is_outdated=False).exclude(state=FindingState.DISMISSED)
        rows = rows.annotate(rank=findings.WORST_FIRST).order_by("rank", "created_at", "id")
        ordered = Prefetch("actions", queryset=actions.order_by("created_at", "id"))
        return list(rows.prefetch_related(ordered))

    @cached_property
    def finding_counts(self) -> dict[str, int]:
        by_severity = dict.fromkeys(Severity.values, 0)
        for row in self._findings:
            by_severity[row.severity] += 1
        return {"total": len(self._findings)} | by_severity

    @cached_property
    def action_counts(self) -> dict[str, int]:
        states = [row["state"] for row in self.actions if row["state"] != ActionState.DROPPED]
        done = states.count(ActionState.DONE)
        return {"total": len(states), "open": len(states) - done, "done": done}

    @cached_property
    def findings(self) -> list[FindingRow]:
        """The standing findings, worst first. Their numbers stay, whichever a section shows."""
        return [self._finding(place, row) for place, row in enumerate(self._findings, start=1)]

    def _finding(self, place: int, row: Finding) -> FindingRow:
        question = self.document.question(row.question_key) if row.question_key else None
        section = self.document.places.sections.get(row.section_key)
        return {
            "number": place,
            "title": row.title,
            "markdown": row.text,
            "severity": row.severity,
            "severity_label": str(Severity(row.severity).label),
            "tone": recommended.TONES[row.severity],
            "state": row.state,
            "state_label": str(FindingState(row.state).label),
            "area": section[0].name if section else "",
            "question": question.text if question and question.text != row.title else "",
        }

    @cached_property
    def actions(self) -> list[ActionRow]:
        return [
            {
                "title": action.title,
                "finding": row.title,
                "finding_number": place,
                "owner": action.owner.name if action.owner else action.owner_name,
                "due": self.day(action.due_on),
                "state": action.state,
                "state_label": str(ActionState(action.state).label),
                "tone": findings.ACTION_TONES[action.state],
            }
            for place, row in enumerate(self._findings, start=1)
            for action in row.actions.all()
        ]

    @cached_property
    def advice(self) -> list[AdviceRow]:
        """What the definition advises, worst first."""
        noted = self.result.sheet.get("recommendations", []) if self.result else []
        rows = []
        for one in noted:
            name, bands = recommended.bands_of(self.document, one["of"], one["is_question"])
            rows.append((bands[one["band"]], name, bool(one["is_question"])))
        rows.sort(key=lambda row: recommended.ORDER.index(row[0].severity))
        return [
            {
                "about": name,
                "title": band.title,
                "markdown": band.text,
                "label": str(Severity(band.severity).label) if band.severity else "",
                "tone": recommended.TONES.get(band.severity or "", ""),
                "is_question": is_question,
            }
            for band, name, is_question in rows
        ]

    # --- Earlier runs ------------------------------------------------------------------------------------------------

    @cached_property
    def runs(self) -> list[RunRow]:
        """This run and the released ones of the definition submitted before it, newest first."""
        run = self.run
        rows = Assessment.objects.filter(
            account=run.account_id, definition=run.definition_id, status=Status.CLOSED, released_at__isnull=False,
            deleted_at=None, submitted_at__lte=run.submitted_at,
        )  # fmt: skip
        rows = rows.exclude(pk=run.pk).select_related("version", "result").defer("version__document", "progress")
        earlier = list(rows.order_by("-submitted_at", "-id")[: MOST_RUNS - 1]) if run.submitted_at else []
        return self._with_changes([run, *earlier])

    def _with_changes(self, runs: Sequence[Assessment]) -> list[RunRow]:
        rows = [self._run(row) for row in runs]
        for place, (row, before) in enumerate(zip(rows, rows[1:], strict=False)):
            same = runs[place].version_id == runs[place + 1].version_id
            decimals = _decimals(runs[place])
            row["change"] = change(row["value"]["raw"], before["value"]["raw"], decimals) if same else None
        return rows

    def _run(self, row: Assessment) -> RunRow:
        result = getattr(row, "result", None)
        return {
            "id": str(row.pk),
            "name": row.name,
            "submitted": self.day(row.submitted_at),
            "value": figure(_exact(result.score) if result else None, _decimals(row)),
            "percent": figure(_exact(result.percent) if result else None),
            "zone": result.zone if result else "",
            "tone": result.tone if result else "",
            "version": str(row.version.number),
            "is_this": row.pk == self.run.pk,
            "same_version": row.version_id == self.run.version_id,
            "change": None,
        }

    @property
    def before(self) -> RunRow | None:
        """The run before this one; None for the first."""
        return self.runs[1] if len(self.runs) > 1 else None

    @property
    def change(self) -> Difference | None:
        return self.runs[0]["change"]


def figure(value: float | None, decimals: int = 0) -> Figure:
    """This will write a figure with that many decimals."""
    return {"raw": value, "shown": number(value, decimals)} if value is not None else NO_FIGURE


def count(value: int) -> Figure:
    return {"raw": value, "shown": number(value)}


def change(value: float | None, before: float | None, decimals: int) -> Difference | None:
    """This will write the difference of two figures as they are shown, so that a reader who subtracts finds the same."""
    if value is None or before is None:
        return None
    between = round(round(value, decimals) - round(before, decimals), decimals)
    return {"raw": between, "shown": signed(between, decimals), "direction": _direction(between)}


def _difference(
    shown: str, direction: str, value: float | None, mark: float | None, decimals: int
) -> Difference | None:
    if not shown or value is None or mark is None:
        return None
    between = round(round(value, decimals) - round(mark, decimals), decimals)
    return {"raw": between, "shown": shown, "direction": cast(Any, direction)}


def _direction(between: float) -> Any:
    return "up" if between > 0 else "down" if between < 0 else "flat"


def _figure(value: float | None, shown: str) -> Figure:
    return {"raw": value, "shown": shown}


def _end(value: float, decimals: int) -> Figure:
    """An end of a scale or zone: without decimals where it needs none."""
    return figure(value, 0 if float(value).is_integer() else max(decimals, 1))


def _exact(value: float | None) -> float | None:
    # A mean that should be exactly 60 may be stored as 59.99999999999999, one zone too low.
    return None if value is None else round(value, 9)


def _decimals(run: Assessment) -> int:
    result = getattr(run, "result", None)
    return result.sheet["scale"]["decimals"] if result and result.sheet["scale"] else 0


def _zone(run: Assessment) -> ZoneInfo:
    names: Iterable[str] = (run.account.time_zone, run.account.organization.time_zone, "UTC")
    for name in names:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def _sentence(shown: Outcome) -> str:
    words = {"zone": shown.zone, "score": shown.score, "maximum": shown.maximum}
    if shown.zone:
        return _("The result lies in the %(zone)s band: %(score)s of %(maximum)s.") % words
    if shown.has_score:
        return _("The result is %(score)s of %(maximum)s.") % words
    return _("There is no overall score.")


def _next(shown: Outcome) -> str:
    if not shown.next_zone:
        return ""
    return _("%(gap)s more would reach %(zone)s.") % {"gap": shown.next_gap, "zone": shown.next_zone}


def people(how_many: int) -> str:
    """This will count people in words."""
    return ngettext("%(count)s person", "%(count)s people", how_many) % {"count": number(how_many)}
