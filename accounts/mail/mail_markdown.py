"""The small Markdown organizations write their mails in: paragraphs, emphasis, headings, lists, links. As HTML for a
mail program, which knows no stylesheet, and as plain text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"a", "br", "em", "h2", "h3", "li", "ol", "p", "strong", "ul"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
_STYLES = {
    "p": "margin: 0 0 14px;",
    "h2": "margin: 4px 0 14px; font-size: 22px; font-weight: 650; line-height: 1.25; letter-spacing: -0.3px;",
    "h3": "margin: 4px 0 10px; font-size: 18px; font-weight: 650; line-height: 1.3;",
    "ul": "margin: 0 0 14px; padding: 0 0 0 22px;",
    "ol": "margin: 0 0 14px; padding: 0 0 0 22px;",
    "li": "margin: 0 0 4px;",
}

_parser = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence", "hr", "html_block", "backticks"])


_BEFORE_A_MARK, _AFTER_A_MARK = r"(?<![^ \t\n])", r"(?![^ \t\n])"


def stands_alone(source: str, mark: str) -> bool:
    """This will say whether a mark for an address is always a word of its own and in no link: as a piece of a longer
    address, it would hand what it stands for to whoever that address belongs to."""
    alone = [found.start() for found in re.finditer(_BEFORE_A_MARK + re.escape(mark) + _AFTER_A_MARK, source)]
    if len(alone) != source.count(mark):
        return False
    # Between “<” and “>”, some mail programs read an address on beyond the space.
    words = [(source[:start].split() or [""])[-1].lower() for start in alone]
    if any("://" in word or word.startswith(("<", "www.")) for word in words):
        return False
    # One that is gone, such as in a definition, or that is in a link, is not among the words.
    return sum(text.count(mark) for text in _outside_of_links(_parser.parse(source))) == len(alone)


def _outside_of_links(tokens: Sequence[Token]) -> Iterator[str]:
    for block in tokens:
        inside = 0
        for token in block.children or []:
            inside += token.nesting if token.type in ("link_open", "link_close") else 0
            if token.type == "text" and not inside:
                yield token.content


def as_html(source: str, links: Mapping[str, str]) -> SafeString:
    """This will turn the source into markup of a mail: well-formed, as MJML wants it, and nothing but what is allowed.

    `links` are the marks in it that stand for an address; each stands alone.
    """
    tokens = _parser.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag == "h1" else "h3"
    html = nh3.clean(
        _parser.renderer.render(tokens, _parser.options, {}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    html = html.replace("<br>", "<br />").replace("&nbsp;", "&#160;")
    for tag, style in _STYLES.items():
        html = html.replace(f"<{tag}>", f'<{tag} style="{style}">').replace(
            f"<{tag} start", f'<{tag} style="{style}" start'
        )
    for mark, address in links.items():
        shown = escape(address)
        html = html.replace(mark, f'<a href="{shown}" style="word-break: break-all;">{shown}</a>')
    return SafeString(html.strip())


def as_text(source: str, links: Mapping[str, str]) -> str:
    """This will write the source as plain text: what emphasis and headings say, without their marks."""
    text = "\n".join(_blocks(_parser.parse(source)))
    for mark, address in links.items():
        text = "\n".join(_on_its_own(line, mark, address) for line in text.split("\n"))
    return text.strip()


def _on_its_own(line: str, mark: str, address: str) -> str:
    """An address has a line for itself, so that no program takes what stands beside it for a part of it."""
    if mark not in line:
        return line
    pieces = [piece.strip() if at else piece.rstrip() for at, piece in enumerate(line.split(mark))]
    return "\n".join(part for at, piece in enumerate(pieces) for part in ((address, piece) if at else (piece,)) if part)


def _blocks(tokens: Sequence[Token]) -> list[str]:
    """Paragraphs and headings with an empty line after each, items of a list one under the other."""
    lines: list[str] = []
    lists: list[int | None] = []
    lead = ""
    for token in tokens:
        if token.type == "ordered_list_open":
            lists.append(int(token.attrGet("start") or 1))
        elif token.type == "bullet_list_open":
            lists.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            lists.pop()
            if not lists:
                lines.append("")
        elif token.type == "list_item_open":
            number = lists[-1]
            lead = "  " * (len(lists) - 1) + ("- " if number is None else f"{number}. ")
            if number is not None:
                lists[-1] = number + 1
        elif token.type == "inline":
            said = _inline(token.children or []).split("\n")
            lines.append(lead + f"\n{' ' * len(lead)}".join(said))
            lead = " " * len(lead)
            if not lists:
                lines.append("")
                lead = ""
    return lines


def _inline(tokens: Sequence[Token]) -> str:
    said: list[str] = []
    opened: list[tuple[str, int]] = []
    for token in tokens:
        if token.type in ("text", "text_special", "code_inline"):
            said.append(token.content)
        elif token.type == "softbreak":
            said.append(" ")
        elif token.type == "hardbreak":
            said.append("\n")
        elif token.type == "link_open":
            opened.append((str(token.attrGet("href") or ""), len(said)))
        elif token.type == "link_close":
            address, start = opened.pop()
            address = address.removeprefix("mailto:")
            if "".join(said[start:]) != address:
                said.append(f" ({address})")
    return "".join(said)
