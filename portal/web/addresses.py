"""Addresses of many rows: one look-up in the URL configuration, however many rows."""

import uuid
from collections.abc import Callable
from typing import Any

from django.urls import reverse

_SOMEBODY = uuid.UUID(int=0xFEED_FACE_CAFE_BEEF)


def of_each(name: str, *before: Any) -> Callable[[uuid.UUID], str]:
    """This will return the function from an id to the address of the page `name`; `before` are the arguments that come
    before the id. The preview's prefix of the running request is in it."""
    pattern = reverse(name, args=[*before, _SOMEBODY])
    return lambda row_id: pattern.replace(str(_SOMEBODY), str(row_id))
