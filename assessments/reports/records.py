"""A report as records: one for each thing it says, with the same columns for all. Tables of every kind are made of them.

A record is a mapping from a column's key to a text, or to a `Figure`, `Difference` or `Day` of the content as it stands
there. What a record does not have is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import marks

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    heading: Any
    width: int


COLUMNS = {
    column.key: column
    for column in (
        Column("section", _("Section"), 24),
        Column("kind", _("Kind"), 16),
        Column("number", _("Number"), 9),
        Column("area", _("Area"), 28),
        Column("group", _("Group"), 24),
        Column("name", _("Name"), 48),
        Column("text", _("Words"), 64),
        Column("value", _("Value"), 12),
        Column("percent", _("Percent"), 10),
        Column("maximum", _("Out of"), 10),
        Column("reference", _("Reference"), 12),
        Column("difference", _("Difference"), 12),
        Column("zone", _("Band"), 18),
        Column("severity", _("Severity"), 12),
        Column("state", _("State"), 18),
        Column("question", _("Question"), 48),
        Column("finding", _("Finding"), 40),
        Column("who", _("Who"), 24),
        Column("date", _("Date"), 13),
        Column("comment", _("Comment"), 48),
        Column("files", _("Files"), 28),
        Column("evidence", _("Evidence"), 28),
        Column("assessor", _("Assessor"), 40),
        Column("version", _("Version"), 10),
    )
}

KINDS = {
    "fact": _("Fact"),
    "score": _("Score"),
    "reference": _("Reference"),
    "zone": _("Band"),
    "basis": _("Basis"),
    "count": _("Count"),
    "text": _("Text"),
    "area": _("Area"),
    "part": _("Part"),
    "answer": _("Answer"),
    "finding": _("Finding"),
    "action": _("Action"),
    "recommendation": _("Recommendation"),
    "note": _("Note"),
    "run": _("Run"),
}


def of(content: Mapping[str, Any]) -> Iterator[Record]:
    """This will read everything a report shows, in the order it is shown, as records."""
    yield from _about(content)
    for section in content["sections"]:
        heading = " ".join(part for part in (section["number"], section["title"]) if part)
        for record in (*_words(section), *(_READERS.get(section["kind"], _nothing)(section))):
            yield {"section": heading} | record


def _about(content: Mapping[str, Any]) -> Iterator[Record]:
    run = content["assessment"]
    facts = (
        (_("Report"), content["title"]),
        (_("Organization"), content["organization"]["name"]),
        (_("Account"), content["account"]["name"]),
        (_("Assessment"), run["name"]),
        (_("Definition"), run["definition"]),
        (_("Version"), run["version"]),
        (_("Report type"), content["template"]["name"]),
        (_("Based on"), content["attribution"]),
        (_("State"), _("Draft, not released") if content["is_draft"] else ""),
        (_("Answers"), _("Left out: only people who took part read them.") if content.get("answers_left_out") else ""),
    )
    yield from ({"kind": "fact", "name": str(name), "text": str(text)} for name, text in facts if text)
    days = ((_("Date"), content["day"]), (_("Submitted"), run["submitted"]), (_("Released"), run["released"]))
    yield from ({"kind": "fact", "name": str(name), "date": day} for name, day in days if day["raw"])
    scored = next((section["score"] for section in content["sections"] if section.get("score")), None)
    if scored:
        yield from _score(scored)


def _score(score: Mapping[str, Any]) -> Iterator[Record]:
    words = (score["sentence"], score["reason"], score["description"], score["next"])
    yield {
        "kind": "score",
        "name": str(_("Overall score")),
        "text": "\n".join(part for part in words if part),
        "value": score["value"],
        "percent": score["percent"],
        "maximum": score["maximum"],
        "zone": score["zone"],
    }
    if score["submitted"]:
        yield {"kind": "score", "name": str(_("As submitted, before the review")), "value": score["submitted"]}
    reference = score["reference"]
    if reference:
        yield {
            "kind": "reference",
            "name": reference["label"],
            "text": "\n".join(part for part in (reference["mark"], reference["sample"], reference["source"]) if part),
            "value": reference["value"],
            "difference": reference["difference"],
        }


def _words(section: Mapping[str, Any]) -> Iterator[Record]:
    """The words that stand under a section's title, and what stands under its data."""
    words = (marks.plain(section["markdown"]), section["empty"], section.get("note", ""))
    yield from ({"kind": "text", "name": section["title"], "text": text} for text in words if text)


def _nothing(_section: Mapping[str, Any]) -> Iterator[Record]:
    return iter(())


def _facts(section: Mapping[str, Any]) -> Iterator[Record]:
    yield from ({"kind": "fact", "name": fact["label"], "text": fact["value"]} for fact in section["facts"])


def _cover(section: Mapping[str, Any]) -> Iterator[Record]:
    named = ((_("Organization"), "organization"), (_("Account"), "account"), (_("Assessment"), "assessment"))
    yield from ({"kind": "fact", "name": str(name), "text": section[key]} for name, key in named if section[key])
    yield from _facts(section)


def _summary(section: Mapping[str, Any]) -> Iterator[Record]:
    yield from _facts(section)
    for group, rows in ((_("Strongest areas"), "strongest"), (_("Weakest areas"), "weakest")):
        yield from (_area(row) | {"group": str(group)} for row in section[rows])
    for row in section["basis"]:
        yield {"kind": "basis", "name": row["label"], "value": row["count"], "text": row["effect"]}


def _gauge(section: Mapping[str, Any]) -> Iterator[Record]:
    for zone in section["zones"]:
        yield {"kind": "zone", "name": zone["label"], "text": f"{zone['start']['shown']}–{zone['end']['shown']}"}


def _radar(section: Mapping[str, Any]) -> Iterator[Record]:
    yield from map(_area, section["rows"])


def _section_scores(section: Mapping[str, Any]) -> Iterator[Record]:
    total = [section["total"]] if section["total"] and section["show_table"] else []
    rows = section["rows"] if section["show_table"] else section["bars"]
    yield from map(_area, [*total, *rows])


def _area(row: Mapping[str, Any]) -> Record:
    return {
        "kind": "area",
        "name": row["name"],
        "value": row["value"],
        "reference": row["reference"],
        "difference": row["difference"],
        "zone": row["zone"],
        "text": row["reason"],
    }


def _answers(section: Mapping[str, Any]) -> Iterator[Record]:
    for part in section["parts"]:
        yield {"kind": "part", "name": part["name"], "text": part["tally"]}
        yield from (_answer(line) | {"area": part["name"]} for line in part["lines"])


def _answer(line: Mapping[str, Any]) -> Record:
    verdict = line["verdict"] or {}
    said = [verdict.get(key, "") for key in ("label", "words", "reason")]
    is_told = line["state"] == "unanswered" or not (line["rows"] or line["files"])
    words = [line["words"] if is_told else "", *(f"{row['row']}: {row['words']}" for row in line["rows"])]
    return {
        "kind": "answer",
        "number": line["number"],
        "group": line["group"],
        "name": line["question"],
        "text": "\n".join(part for part in words if part),
        "comment": line["comment"],
        "files": "\n".join(line["files"]),
        "evidence": "\n".join(line["evidence"]),
        "assessor": "\n".join(part for part in said if part),
        "who": line["who"],
        "date": line["day"],
    }


def _notes(section: Mapping[str, Any]) -> Iterator[Record]:
    for group in section["groups"]:
        for note in group["notes"]:
            yield {"kind": "note", "area": group["name"], "name": note["label"], "text": marks.plain(note["markdown"])}


def _findings(section: Mapping[str, Any]) -> Iterator[Record]:
    for entry in section["counts"]:
        yield {"kind": "count", "name": entry["label"], "value": entry["count"]}
    for row in section["rows"]:
        yield {
            "kind": "finding",
            "number": row["number"],
            "area": row["area"],
            "name": row["title"],
            "text": marks.plain(row["markdown"]),
            "severity": row["severity_label"],
            "state": row["state_label"],
            "question": row["question"],
        }


def _actions(section: Mapping[str, Any]) -> Iterator[Record]:
    for row in section["rows"]:
        yield {
            "kind": "action",
            "number": row["finding_number"],
            "name": row["title"],
            "finding": row["finding"],
            "who": row["owner"],
            "date": row["due"],
            "state": row["state_label"],
        }


def _recommendations(section: Mapping[str, Any]) -> Iterator[Record]:
    for row in section["rows"]:
        yield {
            "kind": "recommendation",
            "area": row["about"],
            "name": row["title"] or row["about"],
            "text": marks.plain(row["markdown"]),
            "severity": row["label"],
        }


def _history(section: Mapping[str, Any]) -> Iterator[Record]:
    for row in section["rows"]:
        yield {
            "kind": "run",
            "name": row["name"],
            "date": row["submitted"],
            "value": row["value"],
            "percent": row["percent"],
            "zone": row["zone"],
            "difference": row["change"],
            "version": row["version"],
            "state": "" if row["same_version"] else str(_("Another version of the questions")),
        }


_READERS = {
    "cover": _cover,
    "summary": _summary,
    "gauge": _gauge,
    "radar": _radar,
    "section_scores": _section_scores,
    "answers": _answers,
    "notes": _notes,
    "findings": _findings,
    "actions": _actions,
    "recommendations": _recommendations,
    "history": _history,
}
