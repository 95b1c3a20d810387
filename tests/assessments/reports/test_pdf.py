"""The PDF: whole, tagged, numbered, in the organization's colour, and proof against anything people write."""

import hashlib
import io
import itertools
import json
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest

from accounts.brand import branding
from assessments.reports import glyphs, marks, pdf
from tests.assessments.reports import example_report, paper

BRAND = pdf.Brand("Harbor IT", "#3452d1")

# What is not text to be shown: keys, states, colours, figures.
PLAIN = frozenset(
    {"kind", "key", "direction", "format", "language", "tone", "state", "severity", "verdict", "raw", "id", "shown",
     "maximum", "number", "empty", "file_name"}
)  # fmt: skip


def everywhere(value: Any, text: str | Iterator[str], name: str = "") -> Any:
    """This will put a text, or one text after the other, into every field of a report that can hold one."""
    match value:
        case str():
            return value if name in PLAIN else text if isinstance(text, str) else next(text)
        case dict():
            return {key: everywhere(inner, text, key) for key, inner in value.items()}
        case list():
            return [everywhere(inner, text, name) for inner in value]
    return value


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf.render(example_report.rich(60), BRAND, edition=2)


@pytest.fixture(scope="module")
def read(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def test_it_is_tagged_and_says_what_it_is(read):
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = set(_tags(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/TOC", "/TOCI", "/Figure", "/L", "/LI", "/Link"} <= tags
    assert read.metadata.title == "Cyber resilience 2026"
    assert read.metadata.author == "Harbor IT"
    assert 'pdfuaid:part="1"' in read.xmp_metadata.stream.get_data().decode() or b"<pdfuaid:part>1" in (
        read.xmp_metadata.stream.get_data()
    )


def _tags(node: Any) -> Any:
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"]
        if "/K" in node:
            yield from _tags(node["/K"])


def _figures(node: Any) -> Any:
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _figures(child)
    elif isinstance(node, dict):
        if node.get("/S") == "/Figure":
            yield node
        if "/K" in node:
            yield from _figures(node["/K"])


def test_every_chart_is_told_in_words(read):
    told = [str(figure["/Alt"]) for figure in _figures(read.trailer["/Root"]["/StructTreeRoot"])]
    assert len(told) == 4
    gauge, radar, bars, line = told
    assert "68 of 100" in gauge
    assert "Healthcare average: 61" in gauge
    for name, value, zone, _tone, mark in example_report.AREAS:
        assert f"{name}: {value:g}, {zone}, Healthcare {mark:g}" in radar
        assert f"{name}: {value:g}, {zone}" in bars
    assert line.endswith("May 11, 2025: 36; November 15, 2025: 53; May 20, 2026: 60; November 18, 2026: 68.")


def test_the_contents_name_the_pages_the_sections_are_on(made, read):
    pages = paper.pages(made)
    entries = [one for one in example_report.rich(60)["sections"] if one["number"]]
    contents = paper.squeezed(pages[1])
    for entry in entries:
        heading = paper.squeezed(f"{entry['number']}{entry['title']}")
        page = next(number for number, text in enumerate(pages[2:], start=3) if heading in paper.squeezed(text))
        assert f"{heading}{page}" in contents
    outlined = [item.title for item in read.outline if not isinstance(item, list)]
    assert [title.split(" ", 1)[-1].strip() for title in outlined][-1].endswith("Answers")
    targets = [read.get_destination_page_number(item) for item in read.outline if not isinstance(item, list)]
    assert targets == sorted(targets)


def test_every_page_but_the_cover_says_where_it_belongs(made):
    first, *others = paper.pages(made, is_whole=True)
    assert "Page 1 of" not in first
    for number, text in enumerate(others, start=2):
        assert f"Page {number} of {len(others) + 1}" in text
        assert "Northwind Dental · Cyber resilience 2026" in text
        assert "Edition 2 · November 21, 2026" in text


def test_a_table_over_several_pages_repeats_its_head(made):
    pages = paper.pages(made)[2:]
    answers = next(index for index, text in enumerate(pages) if "11 Answers" in " ".join(text.split()))
    assert len(pages) - answers >= 3
    for text in pages[answers:]:
        assert "Question" in text
        assert "Answer" in text


@pytest.mark.parametrize("color", ["#3452d1", "#ffd83d", "#ffffff", "#000000", "#7f7f7f"])
def test_the_cover_is_in_the_brand_colour_with_readable_words(color):
    report = example_report.rich(1)
    report["sections"] = report["sections"][:1]
    tokens = branding.tokens(color)
    assert branding.contrast(tokens["brand-solid"], tokens["brand-on"]) >= branding.READABLE
    with pypdfium2.PdfDocument(pdf.render(report, pdf.Brand("Sunny", color))) as document:
        bitmap = document[0].render(scale=0.5, rev_byteorder=True)
        start = bitmap.stride * 8 + bitmap.n_channels * 8
        found = bytes(bitmap.buffer)[start : start + 3]
    assert found.hex() == tokens["brand-solid"].lstrip("#")


def test_a_colour_that_is_none_gives_the_default():
    assert pdf.render(example_report.rich(1), pdf.Brand("Harbor", "red")).startswith(b"%PDF-")


@pytest.mark.parametrize(("paper_size", "expected"), [(None, (595, 842)), ("letter", (612, 792))])
def test_it_is_a4_unless_the_report_says_letter(paper_size, expected):
    report = example_report.rich(1) | ({"paper": paper_size} if paper_size else {})
    with pypdfium2.PdfDocument(pdf.render(report, BRAND)) as document:
        assert tuple(round(side) for side in document[0].get_size()) == expected


def test_the_same_report_gives_the_same_bytes(made):
    assert pdf.render(example_report.rich(60), BRAND, edition=2) == made


def test_only_our_own_fonts_are_in_it(read):
    named = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in read.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert named
    assert all(name.startswith("Inter") for name in named), named


def test_nothing_of_a_report_may_be_there():
    report = example_report.rich(1)
    none = example_report.no_score()
    lists = {"rows", "bars", "parts", "groups", "counts", "zones", "facts", "strongest", "weakest", "basis", "entries"}
    for section in report["sections"]:
        section.update({key: [] for key in lists & section.keys()})
        section.update({"score": none} if "score" in section else {})
        section.update({"total": None} if "total" in section else {})
        section["is_drawn"] = False
    text = "".join(paper.pages(pdf.render(report, BRAND)))
    assert "Too few questions were answered." in text
    for section in report["sections"][2:]:
        section["empty"] = f"Nothing under {section['kind']}."
    text = paper.squeezed("".join(paper.pages(pdf.render(report, BRAND))))
    for section in report["sections"][2:]:
        assert paper.squeezed(section["empty"]) in text


def test_a_report_without_cover_and_contents_begins_with_its_title():
    report = example_report.rich(1)
    report["sections"] = report["sections"][2:4]
    first = paper.pages(pdf.render(report, BRAND))[0]
    assert first.index("Cyber resilience 2026") < first.index("Summary")
    assert "Questions after the CIS Controls" in "".join(paper.pages(pdf.render(report, BRAND)))


def test_the_words_are_in_the_language_of_the_report():
    report = example_report.rich(1) | {"language": "de-ch"}
    assert pypdf.PdfReader(io.BytesIO(pdf.render(report, BRAND))).trailer["/Root"]["/Lang"] == "de"
    assert pdf.render(example_report.rich(1) | {"language": "x" * 40}, BRAND).startswith(b"%PDF-")


# --- Hostile text ----------------------------------------------------------------------------------------------------


def hostile(folder: Path) -> list[str]:
    told = json.loads((folder / "bad-inputs" / "blns.json").read_text("utf-8"))
    vectors = json.loads((folder / "bad-inputs" / "html-xss-vectors.json").read_text("utf-8"))["vectors"]
    return [*told, *(vector["payload"] for vector in vectors)]


def test_whatever_people_write_is_shown_as_text(conformance_data):
    """Each text stands as a question, an answer and a comment of its own; all of it is on the paper, and still PDF/UA."""
    texts = hostile(conformance_data)
    report = example_report.rich(len(texts))
    lines = [line for part in report["sections"][-1]["parts"] for line in part["lines"]]
    for line, text in zip(lines, texts, strict=True):
        line.update(
            question=text, words=text, comment=text, state="answered", files=[], rows=[], evidence=[text], who=text
        )
    made = pdf.render(report, BRAND)
    assert b"pdfuaid" in made
    found = unicodedata.normalize("NFKC", paper.squeezed("".join(paper.pages(made))))
    missing = [text for text in texts if not _is_in(text, found)]
    # Scripts from right to left are laid out in their own direction.
    assert [text for text in missing if not _has_other_directions(text)] == []


def _is_in(text: str, found: str) -> bool:
    return all(unicodedata.normalize("NFKC", paper.squeezed(line)) in found for line in glyphs.shown(text).split("\n"))


def _has_other_directions(text: str) -> bool:
    return any(
        unicodedata.bidirectional(character) in ("R", "AL", "AN", "NSM", "BN") for character in glyphs.shown(text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "#read(\"/etc/passwd\") $x$ `raw` @a <b> *b* _i_ \\ // c /* d */ #panic() #let x = 1",
        "w" * 600,
        "ש" * 400,
        "👩‍👩‍👧‍👦🇺🇸✋🏿" * 50,
        "".join(map(chr, range(1, 0xA1))),
        "a\n" * 40,
        ">" * 100 + " " + "*" * 100 + "[" * 100,
        "\u202e\u2066txet",
        "漢字 تجربة עברית हिन्दी ไทย 한국어 Ελληνικά Кириллица",
        "",
        " ",
        "\u200d",
    ],
    ids=["code", "word", "hebrew word", "emoji", "control", "lines", "marks", "direction", "scripts", "empty", "space", "joiner"],
)  # fmt: skip
def test_no_field_can_break_it(text):
    report = everywhere(example_report.rich(2), text)
    made = pdf.render(report, pdf.Brand(text, "#3452d1"))
    assert made.startswith(b"%PDF-")


def test_every_kind_of_field_takes_every_hostile_text(conformance_data):
    texts = [text for text in hostile(conformance_data) if len(text) < 400]
    taken = itertools.cycle(texts)
    report = everywhere(example_report.rich(60), taken)
    assert pdf.render(report, BRAND).startswith(b"%PDF-")


def test_a_long_word_is_broken_inside_the_page_and_copied_whole():
    word = "".join(f"{number:04d}" for number in range(2_500))
    report = example_report.rich(1)
    line = example_report.line(0) | {"words": word, "verdict": None, "who": "", "day": example_report.NO_DAY}
    part = {"key": "one", "name": "One", "tally": "1 of 1 answered", "lines": [line]}
    report["sections"] = [example_report.section("answers", "1", "Answers", parts=[part], has_names=False)]
    pages = paper.pages(pdf.render(report, BRAND), has_cover=False)
    assert len(pages) > 2
    assert word in paper.squeezed("".join(pages)).replace("QuestionOneAnswer", "")


def test_what_no_font_shows_is_a_box_and_never_stops_a_report():
    assert glyphs.shown("a\x07\u202eb\u0c95\U0001d413\tc\r\nd\u2028e") == "ab▯T    c\nd\ne"
    assert glyphs.shown("漢字 한국 עברית عربي हिन्दी ไทย 🙂 ▯") == "漢字 한국 עברית عربي हिन्दी ไทย 🙂 ▯"


def test_the_typesetter_gets_nothing_of_the_worker(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen = {}

    def instead(*args: Any, **kwargs: Any) -> Any:
        seen.update(kwargs)
        raise pdf.room.subprocess.TimeoutExpired("press", 1)

    monkeypatch.setattr(pdf.room.subprocess, "run", instead)
    with pytest.raises(pdf.NotMade):
        pdf.render(example_report.rich(1), BRAND)
    assert "DATABASE_URL" not in seen["env"]


def test_what_the_typesetter_says_is_in_the_error(monkeypatch):
    monkeypatch.setattr(pdf, "_report", lambda *args: {})
    with pytest.raises(pdf.NotMade, match="not set"):
        pdf.render(example_report.rich(1), BRAND)


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_markdown_becomes_data_and_nothing_else():
    found = marks.blocks("# A\n\n### B\n\n[x](javascript:alert) **b** <b>raw</b> &lt;i&gt; ![pic](a.png)\n\n- [ ] one")
    assert [(block["kind"], block.get("level")) for block in found] == [
        ("heading", 1),
        ("heading", 2),
        ("paragraph", None),
        ("list", None),
    ]
    words = json.dumps(found[2], ensure_ascii=False)
    assert '"link"' not in words
    assert "<b>raw</b>" in words
    assert "<i>" in words
    assert "pic" in words
    assert (
        marks.plain("[us](https://a.example) and <https://b.example>") == "us (https://a.example) and https://b.example"
    )
    assert marks.plain("1. a\n   - b\n\n> c\n\n`d`\n\n|e|f|\n|-|-|\n|g|h|") == "1. a\n  • b\nc\nd\ne | f\ng | h"


def test_the_fonts_are_what_they_say_they_are():
    listed = tomllib.loads((glyphs.FOLDER / "fonts.toml").read_text("utf-8"))["file"]
    named = {entry[key] for entry in listed for key in ("file", "licence_text")}
    assert {path.name for path in glyphs.FOLDER.iterdir()} == named | {"fonts.toml"}
    for entry in listed:
        assert hashlib.sha256((glyphs.FOLDER / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert {"name", "version", "licence", "source"} <= entry.keys()
