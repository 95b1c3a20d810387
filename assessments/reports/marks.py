"""Markdown as plain data for a document: blocks and runs of text. Nothing of it is ever code to whoever draws it.

The same rules as on the screen (portal.web.markdown): CommonMark with tables and strikethrough, no raw HTML, links to
web pages and mail only. An image is its description.
"""

from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from portal.web.markdown import SCHEMES

Block = dict[str, Any]

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_RUNS = {"strong": "strong", "em": "em", "s": "strike"}


def blocks(text: str) -> list[Block]:
    """This will read Markdown into blocks: paragraph, heading, list, quote, code, rule, table; text is in `runs`.

    Headings have levels from 1, none is passed over: an outline with gaps cannot be read aloud.
    """
    found = _blocks(SyntaxTreeNode(_parser.parse(text)))
    level = 0
    for block in found:
        if block["kind"] == "heading":
            level = block["level"] = min(block["level"], level + 1)
    return found


def plain(text: str) -> str:
    """This will be the words of a Markdown text without its marks, a line for each block, for a table's cell."""
    return "\n".join(line for block in blocks(text) for line in _lines(block))


def _blocks(node: SyntaxTreeNode) -> list[Block]:
    return [block for child in node.children for block in [_block(child)] if block]


def _block(node: SyntaxTreeNode) -> Block | None:
    match node.type:
        case "paragraph":
            return {"kind": "paragraph", "runs": _runs(node)}
        case "heading":
            return {"kind": "heading", "level": int(node.tag[1]), "runs": _runs(node)}
        case "bullet_list" | "ordered_list":
            start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
            return {"kind": "list", "start": start, "items": [_blocks(item) for item in node.children]}
        case "blockquote":
            return {"kind": "quote", "blocks": _blocks(node)}
        case "fence" | "code_block":
            return {"kind": "code", "text": node.content.rstrip("\n")}
        case "hr":
            return {"kind": "rule"}
        case "table":
            return _table(node)
    return None


def _table(node: SyntaxTreeNode) -> Block:
    head, *bodies = node.children
    rows = [row for body in bodies for row in body.children]
    return {
        "kind": "table",
        "head": [_runs(cell) for cell in head.children[0].children],
        "rows": [[_runs(cell) for cell in row.children] for row in rows],
    }


def _runs(node: SyntaxTreeNode) -> list[dict[str, Any]]:
    """The text of a block: its one child holds all of it."""
    return [run for inline in node.children for child in inline.children for run in _run(child)]


def _run(node: SyntaxTreeNode) -> list[dict[str, Any]]:
    inner = [run for child in node.children for run in _run(child)]
    match node.type:
        case "text" | "text_special":
            return [{"kind": "text", "text": node.content}]
        case "softbreak":
            return [{"kind": "text", "text": " "}]
        case "hardbreak":
            return [{"kind": "break"}]
        case "code_inline":
            return [{"kind": "code", "text": node.content}]
        case "image":
            return inner or [{"kind": "text", "text": node.content}]
        case "link":
            address = str(node.attrs.get("href", ""))
            return [{"kind": "link", "address": address, "runs": inner}] if _may_lead_to(address) else inner
    return [{"kind": _RUNS[node.type], "runs": inner}] if node.type in _RUNS else inner


def _may_lead_to(address: str) -> bool:
    try:
        return urlsplit(address).scheme.lower() in SCHEMES
    except ValueError:
        return False


def _lines(block: Block) -> list[str]:
    match block["kind"]:
        case "paragraph" | "heading":
            return _words(block["runs"]).split("\n")
        case "list":
            first = block["start"]
            signs = ["•" if first is None else f"{first + index}." for index in range(len(block["items"]))]
            return [
                f"{sign} {line}" if not index else f"  {line}"
                for sign, item in zip(signs, block["items"], strict=True)
                for index, line in enumerate([line for inner in item for line in _lines(inner)])
            ]
        case "quote":
            return [line for inner in block["blocks"] for line in _lines(inner)]
        case "code":
            return block["text"].split("\n")
        case "table":
            return [" | ".join(_words(cell) for cell in row) for row in [block["head"], *block["rows"]]]
    return []


def _words(runs: list[dict[str, Any]]) -> str:
    return "".join(map(_word, runs))


def _word(run: dict[str, Any]) -> str:
    match run:
        case {"kind": "break"}:
            return "\n"
        case {"text": text}:
            return text
        case {"address": address, "runs": runs}:
            words = _words(runs)
            return words if words == address else f"{words} ({address})"
    return _words(run["runs"])
