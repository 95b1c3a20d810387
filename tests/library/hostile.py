"""A definition whose every text is hostile, and what a page that shows it must be like."""

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

LINE, NAME, PROMPT, PROSE = 300, 200, 2_000, 20_000
DRAWN_BY_SCRIPT = ("javascript:", "vbscript:", "data:", "livescript:", "mocha:")


def texts(conformance_data: Any) -> list[str]:
    """This will return the hostile strings of the conformance data, as the format takes them: without control characters."""
    import json

    folder = conformance_data / "bad-inputs"
    vectors = [one["payload"] for one in json.loads((folder / "html-xss-vectors.json").read_text())["vectors"]]
    naughty = json.loads((folder / "blns.json").read_text())
    formulas = (folder / "csv-injection-payloads.txt").read_text().splitlines()
    found = ["".join(c for c in text if c >= " " or c in "\t\n\r") for text in (*vectors, *formulas, *naughty)]
    return [text for text in found if text.strip() and text.encode("utf-8", "ignore").decode() == text]


def hostile_document(strings: Sequence[str]) -> dict[str, Any]:
    """This will build a definition, ready to be published, in which every text field holds one of the strings.

    Each string is the text of one question; the other fields take the strings in turn.
    """
    turn = cycle(strings)

    def text(longest: int) -> str:
        while True:
            taken = next(turn)[:longest]
            if taken.strip():
                return taken

    def option(key: str, value: float) -> dict[str, Any]:
        return {"key": key, "text": text(PROMPT), "help": text(PROSE), "value": value}

    def question(number: int, asked: str) -> dict[str, Any]:
        key = f"q{number}"
        words = {"text": asked[:PROMPT], "help": text(PROSE), "why": text(PROSE), "tags": {"tag": text(LINE)}}
        bands = [{"from": 0, "to": 50, "title": text(LINE), "text": text(PROSE), "severity": "high"}]
        own: dict[str, Any] = {
            0: {"type": "single_choice", "options": [option("a", 0), option("b", 1)], "recommendations": bands},
            1: {"type": "scale", "minimum": 1, "maximum": 5, "low_label": text(LINE), "high_label": text(LINE),
                "recommendations": bands},
            2: {"type": "number", "minimum": 0, "maximum": 9, "unit": text(LINE),
                "bands": [{"value": 0, "label": text(LINE)}, {"from": 5, "value": 1, "label": text(LINE)}]},
            3: {"type": "matrix", "rows": [{"key": "r", "text": text(PROMPT)}], "options": [option("a", 0), option("b", 1)]},
            4: {"type": "multiple_choice", "answer_set": "shared"},
            5: {"type": "yes_no", "options": [{**option("yes", 1)}, {**option("no", 0)}]},
            6: {"type": "text", "max_length": 500},
            7: {"type": "file", "max_files": 2},
            8: {"type": "long_text", "show_if": {"question": "q6", "operator": "equals", "value": text(LINE)}},
        }[number % 9]  # fmt: skip
        return {"key": key, **words, **own}

    questions = [question(number, asked) for number, asked in enumerate(strings or ["?"]) if asked.strip()]
    sections = [
        {
            "key": f"s{start}",
            "name": text(NAME),
            "description": text(PROSE),
            "questions": questions[start : start + 100],
        }
        for start in range(0, len(questions), 100)
    ]
    return {
        "format": "portal-definition/1",
        "key": "hostile",
        "name": text(NAME),
        "summary": text(LINE),
        "description": text(PROSE),
        "group": text(60),
        "tags": [text(LINE), text(LINE)],
        "attribution": {"text": text(NAME), "licence": text(LINE)},
        "answer_sets": [{"key": "shared", "name": text(LINE), "options": [option("a", 0), option("b", 1)]}],
        "sections": sections,
        "scoring": {
            "scale": {"min": 0, "max": 100, "unit": text(LINE)},
            "scores": [
                {
                    "key": "overall",
                    "name": text(NAME),
                    "rule": "percent_of_achievable",
                    "options": {"from_lowest": True},
                    "inputs": [{"sections": [section["key"] for section in sections]}],
                    "gates": [
                        {"when": {"question": "q0", "operator": "answered"}, "at_most": 50, "reason": text(LINE)}
                    ],
                    "recommendations": [{"from": 0, "to": 50, "title": text(LINE), "text": text(PROSE)}],
                }
            ],
            "overall": "overall",
            "sections": {section["key"]: "overall" for section in sections},
            "zones": [
                {"label": text(NAME), "from": 0, "to": 50, "tone": "b1", "description": text(PROSE)},
                {"label": text(NAME), "from": 50, "to": 100, "tone": "b4", "description": text(PROSE)},
            ],
        },
        "reference_values": [
            {"score": "overall", "value": 5, "label": text(NAME), "n": text(LINE), "source": text(NAME), "year": 2025}
        ],
        "samples": [{"key": "sample", "name": text(NAME), "answers": {"q0": "a"}, "expected": {"overall": 0}}],
    }


def unescaped(page: str, strings: Sequence[str]) -> list[str]:
    """This will name what of the strings has become markup on a page, and what a page must not hold in any case.

    A string is found when it stands in the page as it is although escaping would change it.
    """
    # A string that is a part of the pages' own markup proves nothing: the parser looks for what it could do.
    found = [text for text in strings if "<" in text and len(text) > 12 and escape(text) != text and text in page]
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return found + reader.found


class _Reader(HTMLParser):
    """Reads a page as a browser would and notes what could run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "embed", "base", "applet", "frame", "marquee", "style", "xss", "math"):
            self.found.append(f"<{tag}>")
        if (
            tag == "script"
            and not given.get("src", "").startswith("/static/")
            and given.get("type") != "application/json"
        ):
            self.found.append(f"<script {given}>")
        for name, value in given.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"<{tag} {name}={value[:80]}>")
            if name in ("href", "src", "action", "formaction", "xlink:href"):
                plain = "".join(value.split()).lower()
                if plain.startswith(DRAWN_BY_SCRIPT):
                    self.found.append(f"<{tag} {name}={value[:80]}>")
