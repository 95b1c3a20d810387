"""Texts of foreign files as plain words: no markup, nothing unprintable, never longer than their place allows."""

import html
import re

# Each tag ends at the next angle bracket, so that no text takes longer than its length.
LINK = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]+)[^<>]*>([^<>]*)</a\s*>", re.IGNORECASE)
ITEM = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
BREAK = re.compile(r"</?(?:p|div|br|ul|ol|li|tr|table|h[1-6]|section|article|blockquote)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"<(?:/?[A-Za-z]|!)[^<>]*>")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

LONGEST_NAME = 200
LONGEST_LINE = 300
LONGEST_PROMPT = 2_000
LONGEST_PROSE = 20_000


def without_markup(text: str) -> str:
    """This will write HTML as plain text: paragraphs as lines, items with a dash, links with their address behind."""
    text = LINK.sub(r"\2 (\1)", text)
    text = BREAK.sub("\n", ITEM.sub("\n- ", text))
    text = html.unescape(TAG.sub("", text))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def printable(text: object) -> str:
    """This will write anything as text without characters that cannot be stored, blank ends cut off."""
    return UNPRINTABLE.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str, longest: int = LONGEST_NAME) -> str:
    """This will write a text in one line of at most `longest` characters, with “…” where it was cut."""
    return cut(" ".join(text.split()), longest)


def cut(text: str, longest: int) -> str:
    """This will return the text, cut with “…” when it is longer than `longest` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
