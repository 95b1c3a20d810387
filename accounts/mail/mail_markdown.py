"""The small Markdown organizations write their mails in: paragraphs, emphasis, headings, lists, links. As HTML for a
mail program, which knows no stylesheet, and as plain text."""

from collections.abc import Mapping, Sequence
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


def as_html(source: str, links: Mapping[str, str]) -> SafeString:
    """This will turn the source into markup of a mail: well-formed, as MJML wants it, and nothing but what is allowed.

    `links` are the marks in it that stand for an address.
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
        html = html.replace(f'href="{mark}"', f'href="{shown}"')
        html = html.replace(mark, f'<a href="{shown}" style="word-break: break-all;">{shown}</a>')
    return SafeString(html.strip())


def as_text(source: str, links: Mapping[str, str]) -> str:
    """This will write the source as plain text: what emphasis and headings say, without their marks."""
    text = "\n".join(_blocks(_parser.parse(source)))
    for mark, address in links.items():
        text = text.replace(mark, address)
    return text.strip()


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
