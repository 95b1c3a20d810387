"""What is on the screen is in the export: every word and figure of the page is in the PDF, the workbook and the CSV."""

import datetime
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
import python_calamine
from django.template.loader import render_to_string

from assessments.models import (
    AnswerReview,
    Assessment,
    Finding,
    FindingAction,
    ReportTemplate,
    SectionNote,
    Severity,
    Verdict,
)
from assessments.reports import content, glyphs, marks, pdf, screen, sheets
from assessments.reports.sections import KINDS, new
from tests import cast
from tests.assessments import stage
from tests.assessments.reports import example_report, paper
from tests.assessments.stage import say

# What the page says by itself, for eyes and ears on a screen: a hint, a control, a chart's words beside its drawing.
OF_THE_PAGE = {
    "The same as a table", "Bands of the scale", "For finding", "From", "To", "this one", "other questions",
    "No answer yet", "Before the review", "Sample", "Source", "Reference", "Evidence", "Score", "Overall score", "Percent",
}  # fmt: skip
# Keys of the content that are no words of the report.
NO_WORDS = {
    "id",
    "key",
    "kind",
    "format",
    "language",
    "tone",
    "state",
    "severity",
    "verdict",
    "direction",
    "unit",
    "file_name",
}
# What decides how something is drawn, and is written where it is drawn.
OF_THE_DRAWING = {"scale", "decimals", "percent", "template", "assessment", "entries"}


class Page(HTMLParser):
    """The texts of a page in their order, without pictures and without what is said to a screen reader only."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._unseen: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        is_unseen = tag in ("svg", "style", "script") or "visually-hidden" in (dict(attrs).get("class") or "")
        if is_unseen or tag in self._unseen:
            self._unseen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._unseen:
            self.texts.append(" ".join(data.split()))


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every figure, day and text of a report, with the name of its field."""
    match value:
        case {"raw": _, "shown": _}:
            yield name, value
        case dict():
            for key, inner in value.items():
                if key not in NO_WORDS | OF_THE_DRAWING:
                    yield from leaves(inner, key)
        case list():
            for inner in value:
                yield from leaves(inner, name)
        case str() if value:
            yield name, value


def words_of(name: str, value: Any) -> list[str]:
    """A leaf as the words a reader would look for, line by line."""
    text = value["shown"] if isinstance(value, dict) else marks.plain(value) if name == "markdown" else value
    if name == "markdown":
        text = text.replace(" | ", "\n")
    return [line for line in glyphs.shown(text).split("\n") if line.strip()]


def of_tables(report: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The leaves of a report without its table of contents, which a workbook has in its tabs."""
    return leaves(report | {"sections": [one for one in report["sections"] if one["kind"] != "contents"]})


def of_paper(text: str) -> str:
    return paper.squeezed(text)


@pytest.fixture(scope="module")
def by_hand() -> dict[str, Any]:
    return example_report.rich(30)


@pytest.fixture
def from_a_run(db) -> dict[str, Any]:
    """A run with something of everything, written up with every kind of section."""
    with cast.inside("harbor"):
        priya = cast.viewer("priya", "Northwind")
        earlier = stage.released()
        run = stage.launched(definition=earlier.definition)
        say(priya, run, "motto", "Slow & <sure>", comment="Ask Marcus\nbefore Friday")
        say(priya, run, "story", state="not_applicable")
        run = stage.released(run=run)
        common = {"organization": run.organization, "account": run.account, "assessment": run}
        AnswerReview.objects.create(
            **common, question_key="motto", verdict=Verdict.CHANGED, state="answered", value="Steady", reason="Seen on site",
            revision_seen=1,
        )  # fmt: skip
        finding = Finding.objects.create(
            **common, title="Backups are in the same room", severity=Severity.HIGH, section_key="more",
            question_key="backup", text="They would **burn** with it.\n\n- seen on site",
        )  # fmt: skip
        FindingAction.objects.create(
            organization=run.organization, account=run.account, finding=finding, title="Carry one home",
            owner_name="Marcus Lee", due_on=datetime.date(2026, 12, 15),
        )  # fmt: skip
        SectionNote.objects.create(**common, section_key="more", kind="gaps", text="Nobody *tests* them.")
        options = {"names": True, "comments": True, "files": True, "verdicts": True, "respondents": True}
        made = [
            new(kind, text="Words of the author." if kind != "text" else "", **options)
            for kind in KINDS
            if kind != "text"
        ]
        made.append(new("text", title="What comes next", text="For {{ account.name }}:\n\n1. rest\n2. repeat"))
        template = ReportTemplate(organization=cast.organization(), name="Everything", sections=made)
        rows = Assessment.objects.select_related("account__organization", "version", "definition", "result")
        return content.build(rows.get(pk=run.pk), template)


@pytest.fixture(params=["by_hand", "from_a_run"])
def report(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.getfixturevalue(request.param)


@pytest.fixture
def on_screen(report: dict[str, Any]) -> list[str]:
    shown = {"content": report, "sections": screen.sections_of(report)}
    return Page(render_to_string("assessments/reports/_report.html", shown)).texts


@pytest.fixture
def on_paper(report: dict[str, Any]) -> str:
    return of_paper("".join(paper.pages(pdf.render(report, pdf.Brand("Harbor IT", "#3452d1"), edition=1))))


def test_everything_on_the_screen_is_on_paper(on_screen, on_paper):
    assert len(on_screen) > 150
    parts = [part for text in on_screen if text not in OF_THE_PAGE for part in text.split(" · ")]
    missing = [part for part in parts if of_paper(part.strip("·/: ")) not in on_paper]
    assert missing == []


def test_everything_the_report_says_is_on_paper(report, on_paper):
    said = [word for name, value in leaves(report) for word in words_of(name, value)]
    assert [word for word in said if of_paper(word.split(" (http")[0].lstrip("• ")) not in on_paper] == []


def test_everything_the_report_says_is_in_the_workbook(report):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheets.xlsx(report)))
    held = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    texts = of_paper("\n".join(cell for cell in held if isinstance(cell, str)))
    numbers = [cell for cell in held if isinstance(cell, float)]
    for name, value in of_tables(report):
        assert _is_in(name, value, held, texts, numbers), (name, value)


def test_everything_the_report_says_is_in_the_flat_table(report):
    held = [cell for row in sheets.csv_rows(report) for cell in row]
    texts = of_paper("\n".join(cell for cell in held if isinstance(cell, str)))
    numbers = [float(cell) for cell in held if isinstance(cell, int | float)]
    for name, value in of_tables(report):
        assert _is_in(name, value, held, texts, numbers), (name, value)


def _is_in(name: str, value: Any, held: list[Any], texts: str, numbers: list[float]) -> bool:
    match value:
        case {"raw": "" | None}:
            return True
        case {"raw": str() as day}:
            return day in held or datetime.date.fromisoformat(day) in held
        case {"raw": figure}:
            near = 0.5 * 10 ** -sheets.decimals_of(value) + 1e-9
            return any(abs(number - figure) <= near for number in numbers) or of_paper(value["shown"]) in texts
    return all(of_paper(word) in texts for word in words_of(name, value))
