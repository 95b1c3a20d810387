"""Writing YAML that reads the same with the rules of YAML 1.2's core schema, and with those of older readers.

No anchors, no aliases, no tags; text is quoted wherever any reader could take it for something else.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

# Text that needs no quotes: begins with a letter, holds nothing that means something to YAML.
PLAIN = re.compile(r"[^\W\d_](?:[\w .,;()/+&?!%’'–—…“”-]*[\w.)?!%’”])?\Z")
# What some reader takes for truth or nothing.
WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "none", "nan", "inf"})
# What may stand in a text on several lines without an escape.
BLOCK = re.compile(r"(?=\S)(?:[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff])*\Z")
# What YAML does not allow as it is, and line ends of its older versions.
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
LONGEST_PLAIN = 2_000


def write(data: Any) -> str:
    """This will write plain dicts, lists, text, numbers, truth values and None as one YAML document.

    The same data always gives the same text.
    """
    return "\n".join(_lines(data, 0)) + "\n"


def _lines(value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _entry(f"{' ' * indent}{_text(key)}:", item, indent + 2)
    elif isinstance(value, list) and value:
        for item in value:
            yield from _item(item, indent)
    else:
        yield f"{' ' * indent}{_scalar(value, indent + 2)}"


def _entry(head: str, value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield head
        yield from _lines(value, indent)
    else:
        yield f"{head} {_scalar(value, indent)}"


def _item(value: Any, indent: int) -> Iterator[str]:
    """One entry of a list; a mapping or list inside it begins on the line of the dash."""
    if isinstance(value, dict | list) and value:
        inner = list(_lines(value, indent + 2))
        yield f"{' ' * indent}- {inner[0].lstrip(' ')}"
        yield from inner[1:]
    else:
        yield f"{' ' * indent}- {_scalar(value, indent + 2)}"


def _scalar(value: Any, indent: int) -> str:
    if isinstance(value, str):
        return _block(value, indent) if _fits_block(value) else _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return json.dumps(value, allow_nan=False)


def _text(text: str) -> str:
    if len(text) <= LONGEST_PLAIN and PLAIN.match(text) and text.casefold() not in WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)


def _fits_block(text: str) -> bool:
    return "\n" in text and not text.endswith("\n\n") and BLOCK.match(text) is not None


def _block(text: str, indent: int) -> str:
    lines = text.removesuffix("\n").split("\n")
    head = "|" if text.endswith("\n") else "|-"
    return "\n".join([head, *(f"{' ' * indent}{line}" if line else "" for line in lines)])
