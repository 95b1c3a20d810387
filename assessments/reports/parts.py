"""From what is known about a run to the sections of its report: one function for each kind, in `BUILDERS`."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import ActionState, FindingState, NoteKind, Severity
from assessments.results.outcome import Outcome
from portal.web import charts

from .content import AnswerPart, Basis, Fact, FindingRow, Line, Note, NoteGroup, SeverityCount
from .material import NO_DAY, Material, count, people

Options = Mapping[str, Any]
Built = dict[str, Any]


def cover(material: Material, options: Options) -> Built:
    run, names = material.assessed, material.respondents if options["respondents"] else []
    facts = [
        (_("Prepared for"), material.run.account.name),
        (_("Prepared by"), material.organization.name),
        (_("Released"), run["released"]["shown"]),
        (_("Submitted"), run["submitted"]["shown"]),
        (_("Answered by"), ", ".join(names)),
        (_("Definition"), _("%(name)s, version %(number)s") % {"name": run["definition"], "number": run["version"]}),
    ]
    return {
        "organization": material.organization.name,
        "account": material.run.account.name,
        "assessment": run["name"],
        "facts": _facts(facts),
        "score": material.score if options["score"] else None,
        "is_draft": not run["released"]["raw"],
    }


def contents(_material: Material, _options: Options) -> Built:
    # The entries are known once every section is built.
    return {"entries": []}


def summary(material: Material, options: Options) -> Built:
    most, score, run = int(options["areas"]), material.score, material.assessed
    facts = [
        (_("Submitted"), run["submitted"]["shown"]),
        (_("Released"), run["released"]["shown"]),
        (_("Answered by"), people(run["respondents"]) if run["respondents"] else ""),
        (_("Industry"), material.industry),
        (_("Score before the review"), score["submitted"]["shown"] if score and score["submitted"] else ""),
        (_("Since the run before"), material.change["shown"] if material.change else ""),
    ]
    return {
        "score": score,
        "facts": _facts(facts),
        "strongest": material.strongest(most),
        "weakest": material.weakest(most),
        "basis": _basis(material.outcome) if options["basis"] and material.outcome else [],
        "empty": "" if score else _("There is no result yet."),
    }


def gauge(material: Material, _options: Options) -> Built:
    score = material.score
    without = _("There is no overall score.") if score else _("There is no result yet.")
    return {
        "score": score,
        "scale": material.scale,
        "zones": material.zones,
        "empty": "" if score and score["value"]["raw"] is not None else without,
    }


def radar(material: Material, _options: Options) -> Built:
    rows = material.top_areas or material.areas
    return {
        "rows": rows,
        "scale": material.area_scale,
        "reference_label": _("Reference") if any(row["reference"] for row in rows) else "",
        "is_drawn": charts.RADAR_FEWEST <= len(rows) <= charts.RADAR_MOST,
        "note": _percent_note(material),
        "empty": "" if rows else _("There are no scores by area."),
    }


def section_scores(material: Material, options: Options) -> Built:
    rows = material.areas if options["inner"] else material.top_areas
    return {
        "rows": rows,
        "bars": material.top_areas or material.areas,
        "total": material.total,
        "zones": material.area_zones,
        "scale": material.area_scale,
        "reference_label": _("Reference") if any(row["reference"] for row in rows) else "",
        "show_bars": options["show"] != "table",
        "show_table": options["show"] != "bars",
        "note": _percent_note(material),
        "empty": "" if rows else _("There are no scores by area."),
    }


def findings(material: Material, options: Options) -> Built:
    shown = Severity.values[: Severity.values.index(options["least"]) + 1]
    rows = [row for row in material.findings if row["severity"] in shown]
    if options["open_only"]:
        rows = [row for row in rows if row["state"] == FindingState.OPEN]
    return {
        "counts": [_severity(severity, rows) for severity in shown],
        "rows": rows,
        "empty": "" if rows else _("No weaknesses were found."),
    }


def actions(material: Material, options: Options) -> Built:
    rows = material.actions
    if options["open_only"]:
        rows = [row for row in rows if row["state"] in (ActionState.TO_DO, ActionState.UNDER_WAY)]
    return {"rows": rows, "empty": "" if rows else _("No actions have been agreed.")}


def recommendations(material: Material, options: Options) -> Built:
    rows = material.advice
    if options["most"] != "all":
        rows = rows[: int(options["most"])]
    return {"rows": rows, "empty": "" if rows else _("There are no recommendations for this result.")}


def notes(material: Material, options: Options) -> Built:
    order = list(NoteKind.values)
    wanted = [note for note in material.notes if note.kind in options["kinds"]]
    names = {"": _("The whole assessment")} | {section.key: section.name for section in material.document.sections}
    groups: list[NoteGroup] = []
    for key, name in names.items():
        own = sorted((note for note in wanted if note.section_key == key), key=lambda note: order.index(note.kind))
        rows: list[Note] = [
            {"kind": note.kind, "label": str(NoteKind(note.kind).label), "markdown": note.text} for note in own
        ]
        if rows:
            groups.append({"key": key, "name": name, "notes": rows})
    return {"groups": groups, "empty": "" if groups else _("No notes have been written.")}


def answers(material: Material, options: Options) -> Built:
    parts: list[AnswerPart] = []
    for part in material.parts:
        lines = [_narrowed(line, options) for line in part["lines"] if _is_wanted(line, options["which"])]
        if lines:
            parts.append({**part, "lines": lines})
    return {
        "parts": parts,
        "has_names": options["names"],
        "empty": "" if parts else _("There are no such answers."),
    }


def history(material: Material, options: Options) -> Built:
    rows = material.runs[: int(options["most"])]
    return {"rows": rows, "empty": "" if len(rows) > 1 else _("This is the first run.")}


def text(_material: Material, _options: Options) -> Built:
    return {}


BUILDERS: dict[str, Callable[[Material, Options], Built]] = {
    "cover": cover,
    "contents": contents,
    "summary": summary,
    "gauge": gauge,
    "radar": radar,
    "section_scores": section_scores,
    "findings": findings,
    "actions": actions,
    "recommendations": recommendations,
    "notes": notes,
    "answers": answers,
    "history": history,
    "text": text,
}


def _facts(pairs: list[tuple[str, str]]) -> list[Fact]:
    return [{"label": label, "value": value} for label, value in pairs if value]


def _basis(outcome: Outcome) -> list[Basis]:
    return [
        {"label": label, "count": count(how_many), "effect": effect if how_many else ""}
        for label, how_many, effect in outcome.basis
    ]


def _percent_note(material: Material) -> str:
    if material.outcome is None or not material.outcome.areas_in_percent:
        return ""
    return _("Areas have scales of their own: each is shown as percent of what can be reached in it.")


def _severity(severity: str, rows: list[FindingRow]) -> SeverityCount:
    own = [row for row in rows if row["severity"] == severity]
    tones = {"critical": "danger", "high": "danger", "medium": "warn", "low": "neutral"}
    label = str(Severity(severity).label)
    return {"severity": severity, "label": label, "tone": tones[severity], "count": count(len(own))}


def _is_wanted(line: Line, which: str) -> bool:
    return which == "all" or (line["state"] == "unanswered") == (which == "open")


def _narrowed(line: Line, options: Options) -> Line:
    """The line without what the section leaves out: it is not in the content at all."""
    kept: Line = {**line}
    if not options["names"]:
        kept |= {"who": "", "day": NO_DAY}
    if not options["comments"]:
        kept |= {"comment": ""}
    if not options["files"]:
        kept |= {"files": [], "evidence": []}
    if not options["verdicts"]:
        kept |= {"verdict": None}
    return kept
