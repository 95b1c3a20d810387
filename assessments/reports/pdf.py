"""A report as a PDF: what `content` says, drawn by typst (assessments/reports/typst/) in the organization's colour.

Text reaches the typesetter as data, never as code: the templates are ours alone, the report is JSON beside them.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import structlog
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.brand import branding
from accounts.models import Organization
from portal.web import room

from . import glyphs, marks
from .content import Content

logger = structlog.get_logger(__name__)

PRESS = Path(__file__).with_name("press.py")
# Wall clock; the process itself is held to less.
MOST_SECONDS = 90
PAPERS = {"a4": "a4", "letter": "us-letter"}
DEFAULT_COLOR = "#3452d1"


class NotMade(Exception):
    """The typesetter gave up: what it said is in the message."""


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose report it is: a name, a colour "#rrggbb", and a logo for white ground (a PNG of ours) with its size."""

    name: str
    color: str
    logo: bytes = b""
    logo_size: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, organization: Organization) -> "Brand":
        """This will be the brand of an organization. Its logos are read with it, or in a query each."""
        logo = organization.logo_mail or organization.logo_light
        if logo is None:
            return cls(organization.name, organization.brand_color)
        return cls(organization.name, organization.brand_color, bytes(logo.content), (logo.width, logo.height))


def render(
    content: Content | Mapping[str, Any],
    brand: Brand,
    *,
    edition: int | None = None,
    paper: Literal["a4", "letter"] | None = None,
) -> bytes:
    """This will make the PDF of a report: tagged (PDF/UA-1), with contents, page numbers and every figure as shown.

    `paper` is what the content says, else A4. The same content gives the same bytes. Raises NotMade.
    """
    with translation.override(content["language"]):
        report = _report(content, brand, edition, PAPERS.get(paper or str(content.get("paper")), PAPERS["a4"]))
    order = {"report": json.dumps(report, ensure_ascii=False), "timestamp": _timestamp(content)}
    return _pressed(json.dumps(order, ensure_ascii=True).encode())


def _pressed(order: bytes) -> bytes:
    try:
        made, said = room.enter(PRESS, order, most_seconds=MOST_SECONDS)
    except room.NothingCame as error:
        raise NotMade(str(error)) from error
    if not made.startswith(b"%PDF-"):
        raise NotMade(said[:2000] or "no document came")
    if said:
        logger.warning("report_set_with_remarks", remarks=said[:500])
    return made


def _report(content: Content | Mapping[str, Any], brand: Brand, edition: int | None, paper: str) -> dict[str, Any]:
    printed = _printed(content)
    for section, as_given in zip(printed["sections"], content["sections"], strict=True):
        section["alt"] = glyphs.shown(_alternative(as_given))
    about = " · ".join(part for part in (content["account"]["name"], content["assessment"]["name"]) if part)
    return {
        "content": printed,
        "title": glyphs.shown(content["title"]).strip() or glyphs.shown(content["assessment"]["name"]).strip() or "–",
        "author": glyphs.shown(brand.name).strip() or "–",
        "description": glyphs.shown(about),
        "initials": glyphs.shown("".join(word[0] for word in brand.name.split()[:2]).upper()),
        "logo": _logo(brand),
        "language": _language(content["language"]),
        "paper": paper,
        "fonts": glyphs.fonts(),
        "brand": _brand(brand),
        "short": {
            "organization": _shortened(glyphs.shown(brand.name), 60),
            "about": _shortened(glyphs.shown(about), 90),
            "edition": glyphs.shown(_edition(content, edition)),
        },
        "words": _words(),
    }


def _printed(value: Any, name: str = "") -> Any:
    """The content as it can be printed: Markdown as blocks, every character with a glyph."""
    match value:
        case str():
            return _printed(marks.blocks(value)) if name == "markdown" else glyphs.shown(value)
        case Mapping():
            return {key: _printed(inner, key) for key, inner in value.items()}
        case list() | tuple():
            return [_printed(inner) for inner in value]
    return value


def _brand(brand: Brand) -> dict[str, str]:
    try:
        tokens = branding.tokens(brand.color)
    except ValueError:
        tokens = branding.tokens(DEFAULT_COLOR)
    return {
        "solid": tokens["brand-solid"],
        "on": tokens["brand-on"],
        "text": tokens["brand-text-l"],
        "soft": tokens["brand-soft-l"],
        "line": tokens["brand-line-l"],
    }


def _logo(brand: Brand) -> dict[str, Any] | None:
    """The logo as a drawing around it: text is all that reaches the typesetter, and bytes are none."""
    if not brand.logo:
        return None
    width, height = brand.logo_size
    source = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{b64encode(brand.logo).decode()}"/></svg>'
    )
    return {"drawing": source, "ratio": width / height, "is_wordmark": width > 2.2 * height}


def _edition(content: Content | Mapping[str, Any], edition: int | None) -> str:
    parts = [_("Edition %(number)s") % {"number": edition}] if edition else []
    parts += [content["day"]["shown"]] if content["day"]["shown"] else []
    parts += [_("Draft, not released")] if content["is_draft"] else []
    return " · ".join(parts)


def _shortened(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _language(code: str) -> str:
    primary = code.replace("_", "-").split("-")[0].lower()
    return primary if primary.isascii() and primary.isalpha() and len(primary) in (2, 3) else "en"


def _timestamp(content: Content | Mapping[str, Any]) -> int:
    """When the report is from, so that the same content gives the same file."""
    try:
        return int(datetime.fromisoformat(content["day"]["raw"]).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _alternative(section: Mapping[str, Any]) -> str:
    """A chart in words, with every figure that is in it."""
    match section["kind"]:
        case "gauge":
            return _gauge_in_words(section["score"])
        case "radar":
            return _rows_in_words(_("Score by area"), section["rows"], section["reference_label"])
        case "section_scores":
            return _rows_in_words(_("Score by area"), section["bars"], section["reference_label"])
        case "history":
            runs = [f"{row['submitted']['shown']}: {row['percent']['shown']}" for row in reversed(section["rows"])]
            return f"{_('Score over time, in percent')}. {'; '.join(runs)}."
    return ""


def _gauge_in_words(score: Mapping[str, Any]) -> str:
    sentence = score["sentence"] or score["reason"] or _("There is no score.")
    reference = score["reference"]
    beside = f" {reference['label']}: {reference['value']['shown']}." if reference else ""
    return f"{_('Overall score')}. {sentence}{beside}"


def _rows_in_words(title: str, rows: Sequence[Mapping[str, Any]], reference_label: str) -> str:
    return f"{title}. {'; '.join(_row_in_words(row, reference_label) for row in rows)}."


def _row_in_words(row: Mapping[str, Any], reference_label: str) -> str:
    words = f"{row['name']}: {_('no score') if row['value']['raw'] is None else row['value']['shown']}"
    words += f", {row['zone']}" if row["zone"] else ""
    return words + (f", {reference_label} {row['reference']['shown']}" if row["reference"] else "")


def _words() -> dict[str, str]:
    """What the templates say by themselves; {braces} are filled in there."""
    return {
        "action": _("What is to be done"),
        "answer": _("Answer"),
        "answers_left_out": _("The answers are left out: only people who took part read them."),
        "area": _("Area"),
        "as_submitted": _("As submitted, before the review: {score}."),
        "assessment": _("Assessment"),
        "basis": _("What the score rests on"),
        "change": _("Change"),
        "comment": _("Comment"),
        "contents": _("Contents"),
        "counts_as": _("How it counts"),
        "difference": _("Difference"),
        "draft": _("Draft, not released"),
        "due": _("Due"),
        "evidence": _("Evidence"),
        "files": _("Files"),
        "finding": _("Finding"),
        "from_question": _("From the question: {question}"),
        "here": _("this result"),
        "in_percent": _("Score over time, in percent"),
        "no_score": _("No score"),
        "other_version": _("Another version of the questions: the figures are not comparable as they stand."),
        "out_of": _("of {maximum}"),
        "overall_score": _("Overall score"),
        "owner": _("Owner"),
        "page_of": _("Page {page} of {pages}"),
        "percent": _("Percent"),
        "question": _("Question"),
        "questions": _("Questions"),
        "range": _("Range"),
        "score": _("Score"),
        "state": _("State"),
        "strongest": _("Strongest areas"),
        "submitted": _("Submitted"),
        "this_assessment": _("This assessment"),
        "this_one": _("this report"),
        "verdict": _("Assessor"),
        "version": _("Version"),
        "weakest": _("Weakest areas"),
        "zone": _("Band"),
    }
