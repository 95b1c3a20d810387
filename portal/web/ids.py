"""Identifiers that sort by time and cannot be guessed."""

import secrets
import time
import uuid
from collections.abc import Iterable


def uuid7() -> uuid.UUID:
    """This will return a version 7 UUID: 48 bits of Unix milliseconds, then 74 random bits (RFC 9562, section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)


def uuid_in(text: str) -> uuid.UUID | None:
    """This will read an id that an address or a form carries; None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def uuids_in(texts: Iterable[str]) -> list[uuid.UUID]:
    """This will read ids as `uuid_in` does; what is none is left out."""
    return [found for text in texts if (found := uuid_in(text))]


def revision_in(text: str, otherwise: int = 0) -> int:
    """This will read the revision a form saw; what is none means `otherwise`."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
