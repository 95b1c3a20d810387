"""A report's content made by hand, with everything in it that there can be: no database, no template."""

from typing import Any

AREAS = (
    ("Governance & policy", 72.0, "Managed", "b3", 61.0),
    ("Identity & access", 58.0, "Developing", "b2", 64.0),
    ("Endpoint protection", 81.0, "Strong", "b4", 70.0),
    ("Backup & recovery", 66.0, "Managed", "b3", 63.0),
    ("Network security", 38.0, "At risk", "b1", 60.0),
    ("Email & phishing", 77.0, "Managed", "b3", 65.0),
)
ZONES = (("At risk", 0, 40, "b1"), ("Developing", 40, 60, "b2"), ("Managed", 60, 80, "b3"), ("Strong", 80, 100, "b4"))


def figure(value: float | None) -> dict[str, Any]:
    return {"raw": value, "shown": "–" if value is None else f"{value:g}"}


def day(raw: str, shown: str) -> dict[str, str]:
    return {"raw": raw, "shown": shown}


NO_DAY = day("", "")
RELEASED = day("2026-11-21", "November 21, 2026")


def difference(value: float) -> dict[str, Any]:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    direction = "up" if value > 0 else "down" if value < 0 else "flat"
    return {"raw": value, "shown": f"{sign}{abs(value):g}", "direction": direction}


def section(kind: str, number: str, title: str, **fields: Any) -> dict[str, Any]:
    base = {"kind": kind, "key": kind, "number": number, "title": title, "markdown": "", "empty": "", "new_page": False}
    return base | fields


def area(name: str, value: float | None, zone: str, tone: str, mark: float | None, **fields: Any) -> dict[str, Any]:
    return {
        "key": name.lower(), "name": name, "is_inner": False, "value": figure(value), "zone": zone, "tone": tone,
        "reason": "" if value is not None else "Nothing was answered here.",
        "reference": None if mark is None else figure(mark),
        "difference": None if mark is None or value is None else difference(value - mark),
    } | fields  # fmt: skip


def zones() -> list[dict[str, Any]]:
    return [{"label": name, "start": figure(low), "end": figure(high), "tone": tone} for name, low, high, tone in ZONES]


SCALE = {"min": figure(0), "max": figure(100), "decimals": 0, "unit": ""}


def score() -> dict[str, Any]:
    return {
        "value": figure(68.0), "percent": figure(68.0), "maximum": "100", "zone": "Managed", "tone": "b3",
        "description": "Controls are in place and mostly followed; a few gaps would hurt in an incident.", "reason": "",
        "sentence": "The result lies in the Managed band: 68 of 100.", "next": "12 points more would reach Strong.",
        "reference": {
            "value": figure(61.0), "label": "Healthcare average", "mark": "Healthcare", "sample": "214 organizations",
            "source": "Harbor benchmark, 2026", "difference": difference(7),
        },
        "submitted": figure(66.0),
    }  # fmt: skip


def no_score() -> dict[str, Any]:
    return score() | {
        "value": figure(None), "percent": figure(None), "zone": "", "tone": "", "description": "", "next": "",
        "reason": "Too few questions were answered.", "sentence": "There is no overall score.", "reference": None,
        "submitted": None,
    }  # fmt: skip


_QUESTIONS = (
    ("Is there a written information security policy that staff have read in the last year?", "Yes, read and signed"),
    ("Who may approve an exception to that policy?", "The practice owner, in writing"),
    ("How many people work with patient records?", "34"),
    ("Which of these are covered by the policy?", "Laptops, Phones, Cloud storage"),
    ("When was it last reviewed?", "March 3, 2026"),
    ("Describe what happens in the first hour after a suspected breach.",
     "The front desk calls the owner.\nThe owner calls Harbor IT.\nNobody switches anything off before that."),
)  # fmt: skip


def line(number: int) -> dict[str, Any]:
    question, words = _QUESTIONS[number % len(_QUESTIONS)]
    made: dict[str, Any] = {
        "key": f"q{number}", "number": number + 1, "group": "", "question": f"{question}", "state": "answered",
        "words": words, "rows": [], "comment": "", "files": [], "evidence": [], "who": "", "day": NO_DAY,
        "verdict": None,
    }  # fmt: skip
    if number % 12 in (2, 3, 4, 5, 6):
        made["group"] = f"Policy in practice {number // 12 + 1}"
    if number % 5 == 1:
        made["comment"] = f"Agreed at the meeting of owners, minutes of 12 October, item {number}."
    if number % 7 == 2:
        made["evidence"] = [f"policy-{number}.pdf", "signatures (scan).png"]
    if number % 9 == 4:
        made |= {"state": "not_applicable", "words": "Not applicable"}
    if number % 11 == 5:
        made |= {"state": "unanswered", "words": "Not answered"}
    if number % 13 == 3:
        rows = (("Laptops", "Always"), ("Phones", "Sometimes"), ("Reception tablet", ""))
        made |= {"words": "", "rows": [{"row": row, "words": words} for row, words in rows]}
    if number % 10 == 0:
        made["verdict"] = {
            "verdict": "changed", "label": "Changed", "words": "Partly", "reason": "Two of five laptops had no agent."
        }  # fmt: skip
    if number % 4 == 0:
        made |= {"who": "Priya Nair", "day": day("2026-11-12", "November 12, 2026")}
    if number % 17 == 8:
        made["files"] = ["network-plan.vsdx"]
    return made


def parts(questions: int) -> list[dict[str, Any]]:
    lines = [line(number) for number in range(questions)]
    each = max(1, -(-questions // len(AREAS)))
    made = []
    for place, (name, *_rest) in enumerate(AREAS):
        held = lines[place * each : (place + 1) * each]
        answered = sum(1 for one in held if one["state"] == "answered")
        made.append(
            {"key": f"part{place}", "name": name, "tally": f"{answered} of {len(held)} answered", "lines": held}
        )
    return [part for part in made if part["lines"]]


NOTES = (
    ("strengths", "Strengths", "Endpoints are **managed centrally**, patched within a week, and monitored at night."),
    ("gaps", "Gaps", "- Guest and office network are one.\n- The firewall rules were *never reviewed*.\n"
     "  1. Start with the rules from before 2022.\n  2. Then the rest.\n\nSee [the guidance](https://example.org/net)."),
    ("plan", "Plan", "### First quarter\n\nSeparate the networks.\n\n### Second quarter\n\n| What | Who |\n|---|---|\n"
     "| Review rules | Harbor IT |\n| Train front desk | Priya |"),
)  # fmt: skip


def findings() -> list[dict[str, Any]]:
    rows = (
        ("Office and guest networks are not separated", "critical", "Critical", "danger", "Network security"),
        ("Two administrators share one login", "high", "High", "danger", "Identity & access"),
        ("Restores were never tested", "medium", "Medium", "warn", "Backup & recovery"),
        ("The policy has no owner", "low", "Low", "info", "Governance & policy"),
    )
    return [
        {
            "number": place, "title": title, "severity": severity, "severity_label": label, "tone": tone,
            "state": "open", "state_label": "Open", "area": where,
            "markdown": f"What was found: {title.lower()}. An attacker on one device reaches **every other**.\n\n"
            "- seen on site\n- confirmed by the answers",
            "question": "Are guests kept off the office network?" if place == 1 else "",
        }
        for place, (title, severity, label, tone, where) in enumerate(rows, start=1)
    ]  # fmt: skip


def counts() -> list[dict[str, Any]]:
    kinds = (
        ("critical", "Critical", "danger"),
        ("high", "High", "danger"),
        ("medium", "Medium", "warn"),
        ("low", "Low", "info"),
    )
    return [{"severity": key, "label": label, "tone": tone, "count": figure(1)} for key, label, tone in kinds]


def actions() -> list[dict[str, Any]]:
    rows = (
        (
            "Separate guest and office networks",
            1,
            "Sam Okafor",
            "2026-12-15",
            "December 15, 2026",
            "under_way",
            "Under way",
            "info",
        ),
        (
            "Give each administrator an account with a second factor",
            2,
            "Priya Nair",
            "",
            "",
            "to_do",
            "To do",
            "neutral",
        ),
        ("Restore one server from backup", 3, "", "2026-12-01", "December 1, 2026", "done", "Done", "success"),
    )
    titles = {row["number"]: row["title"] for row in findings()}
    return [
        {
            "title": title, "finding": titles[number], "finding_number": number, "owner": owner, "due": day(raw, shown),
            "state": state, "state_label": label, "tone": tone,
        }
        for title, number, owner, raw, shown, state, label, tone in rows
    ]  # fmt: skip


def history() -> list[dict[str, Any]]:
    runs = (
        ("2026-11-18", "November 18, 2026", 68, "Managed", "b3", "3", 8),
        ("2026-05-20", "May 20, 2026", 60, "Managed", "b3", "3", 7),
        ("2025-11-15", "November 15, 2025", 53, "Developing", "b2", "3", None),
        ("2025-05-11", "May 11, 2025", 36, "At risk", "b1", "2", None),
    )
    return [
        {
            "id": str(place), "name": f"Cyber resilience {shown[-4:]}", "submitted": day(raw, shown),
            "value": figure(value), "percent": figure(value), "zone": zone, "tone": tone, "version": version,
            "is_this": place == 0, "same_version": version == "3",
            "change": None if moved is None else difference(moved),
        }
        for place, (raw, shown, value, zone, tone, version, moved) in enumerate(runs)
    ]  # fmt: skip


def advice() -> list[dict[str, Any]]:
    return [
        {
            "about": "Network security", "title": "Segment the office network", "label": "Critical", "tone": "danger",
            "markdown": "Put guests, devices and records into networks of their own. Start with the guests.",
            "is_question": False,
        },
        {
            "about": "When was it last reviewed?", "title": "Review the policy each year", "label": "", "tone": "",
            "markdown": "A date in the calendar is enough.", "is_question": True,
        },
    ]  # fmt: skip


def rich(questions: int = 40) -> dict[str, Any]:
    """A detailed report with every kind of section."""
    rows = [area(*given) for given in AREAS]
    inner = [
        *rows[:2],
        area("Joiners and leavers", 44.0, "Developing", "b2", None, is_inner=True),
        area("Privileged accounts", None, "", "", None, is_inner=True),
        *rows[2:],
    ]
    made = score()
    facts = [
        {"label": "Prepared for", "value": "Northwind Dental"}, {"label": "Prepared by", "value": "Harbor IT"},
        {"label": "Date", "value": "November 21, 2026"}, {"label": "Answered by", "value": "Priya Nair, Marcus Lee"},
    ]  # fmt: skip
    sections = [
        section("cover", "", "Cyber resilience", organization="Harbor IT", account="Northwind Dental",
                assessment="Cyber resilience 2026", facts=facts, score=made, is_draft=False),
        section("contents", "", "Contents", entries=[]),
        section("summary", "1", "Summary", score=made, facts=facts[2:], strongest=[rows[2], rows[5]],
                markdown="This report shows where Northwind Dental stands in **Cyber resilience**. It rests on the "
                "answers given by November 18, 2026.\n\nThe result is **68 of 100**, in the Managed band.",
                weakest=[rows[4], rows[1]], basis=[
                    {"label": "Questions asked", "count": figure(questions), "effect": ""},
                    {"label": "Not answered", "count": figure(2), "effect": "counted as zero"},
                    {"label": "Not applicable", "count": figure(3), "effect": "left out"}]),
        section("gauge", "2", "Overall score", score=made, scale=SCALE, zones=zones()),
        section("radar", "3", "Score by area", rows=rows, scale=SCALE, reference_label="Healthcare", is_drawn=True,
                note="Figures are points on a scale from 0 to 100."),
        section("section_scores", "4", "All areas", rows=inner, bars=rows, zones=zones(), scale=SCALE,
                total=area("Overall", 68.0, "Managed", "b3", 61.0), reference_label="Healthcare", show_bars=True,
                show_table=True, note="Healthcare: 214 organizations, Harbor benchmark, 2026."),
        section("findings", "5", "Findings", counts=counts(), rows=findings(), new_page=True),
        section("actions", "6", "Actions", rows=actions()),
        section("recommendations", "7", "Recommendations", rows=advice()),
        section("notes", "8", "Analysis", new_page=True, groups=[
            {"key": "", "name": "", "notes": [{"kind": kind, "label": label, "markdown": text}
                                              for kind, label, text in NOTES[:1]]},
            {"key": "network", "name": "Network security", "notes": [{"kind": kind, "label": label, "markdown": text}
                                                                     for kind, label, text in NOTES[1:]]}]),
        section("history", "9", "Earlier runs", rows=history()),
        section("text", "10", "What comes next", markdown="Harbor IT will call on **December 1**.\n\n> Keep the "
                "minutes.\n\n1. Agree on dates\n2. Begin"),
        section("answers", "11", "Answers", parts=parts(questions), has_names=True, new_page=True),
    ]  # fmt: skip
    entries = [{key: one[key] for key in ("key", "number", "title")} for one in sections[2:]]
    sections[1]["entries"] = entries
    return {
        "format": "portal-report/1", "language": "en-us", "title": "Cyber resilience 2026",
        "file_name": "Northwind-Dental_Cyber-resilience_2026-11-21", "day": RELEASED, "is_draft": False,
        "organization": {"id": "1", "name": "Harbor IT"}, "account": {"id": "2", "name": "Northwind Dental"},
        "assessment": {
            "id": "3", "name": "Cyber resilience 2026", "definition": "Cyber resilience", "version": "3",
            "submitted": day("2026-11-18", "November 18, 2026"), "released": RELEASED, "respondents": 2,
        },
        "template": {"id": "4", "name": "Detailed report"},
        "attribution": "Questions after the CIS Controls, CC BY-NC-ND 4.0.", "score": made, "sections": sections,
    }  # fmt: skip
