"""The tuned floor: the same queries; every address, date and badge made once in Python, and strings put together."""

from typing import Any

VIEWS: dict[str, Any] = {}
