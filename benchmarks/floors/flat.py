"""Strings put together without a template engine: the literal text of a template file, and values between it."""

import re
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
TAG = re.compile(r"\{\{ ([\w.]+) \}\}|\{% url '(\w+)'[^%]*%\}|\{% block (main) %\}\{% endblock %\}")


@cache
def pieces(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """This will cut a template into its literal texts and the names of the values that go between them."""
    text = (TEMPLATES / name).read_text()
    literals, names, at = [], [], 0
    for tag in TAG.finditer(text):
        literals.append(text[at : tag.start()])
        names.append(tag[1] or (f"url {tag[2]}" if tag[2] else tag[3]))
        at = tag.end()
    return (*literals, text[at:]), tuple(names)


def fill(name: str, values: dict[str, str]) -> str:
    """This will join literals and values."""
    literals, names = pieces(name)
    parts = [literals[0]]
    for literal, value in zip(literals[1:], names, strict=True):
        parts += (values[value], literal)
    return "".join(parts)
