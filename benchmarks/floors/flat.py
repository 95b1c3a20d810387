"""Strings put together without a template engine: the literal text of the minimal templates, values between."""

import re
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
WRAPPING = re.compile(r'\{% extends "(\w+\.html)" %\}\{% block main %\}(.*)\{% endblock %\}\n?', re.DOTALL)
LOOP = re.compile(r"\{% for .*\{% endfor %\}", re.DOTALL)
INCLUDE = re.compile(r'\{% include "(\w+\.html)" %\}')
TAG = re.compile(r"\{\{ ([\w.]+)(?:\|\w+)? \}\}|\{% url '(\w+)'[^%]*%\}|\{% block (main) %\}\{% endblock %\}")


@cache
def pieces(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """This will cut a text at its tags: the first literal, then (name of a value, literal after it)."""
    tags = list(TAG.finditer(text))
    ends = [*(tag.start() for tag in tags[1:]), len(text)][: len(tags)]
    names = [tag[1] or (f"url {tag[2]}" if tag[2] else tag[3]) for tag in tags]
    rest = tuple((name, text[tag.end() : end]) for name, tag, end in zip(names, tags, ends, strict=True))
    return text[: tags[0].start()] if tags else text, rest


@cache
def source(name: str) -> tuple[str, str, str]:
    """This will read a page's template: the template around it ("" for none), the text before its rows, that after."""
    text = (TEMPLATES / name).read_text()
    text = INCLUDE.sub(lambda include: (TEMPLATES / include[1]).read_text(), text)
    wrapping = WRAPPING.fullmatch(text)
    frame, main = (wrapping[1], wrapping[2]) if wrapping else ("", text)
    loop = LOOP.search(main)
    return (frame, main[: loop.start()], main[loop.end() :]) if loop else (frame, main, "")


def fill(text: str, values: dict[str, str]) -> str:
    """This will put values into a text."""
    first, rest = pieces(text)
    parts = [first]
    for name, literal in rest:
        parts += (values[name], literal)
    return "".join(parts)


def page(name: str, values: dict[str, str], rows: str) -> str:
    """This will make a page of ready rows."""
    frame, before, after = source(name)
    main = fill(before, values) + rows + fill(after, values)
    return fill(text_of(frame), values | {"main": main}) if frame else main


@cache
def text_of(name: str) -> str:
    """This will read a template as it is, once."""
    return (TEMPLATES / name).read_text()
