"""Addresses of many rows, with one look-up in the URL configuration however many, and the portal's own."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

_SOMEBODY = uuid.UUID(int=0xFEED_FACE_CAFE_BEEF)
_SOME_ACCOUNT = uuid.UUID(int=0xDEAD_FACE_CAFE_BEEF)


def of_each(name: str, *before: Any) -> Callable[[uuid.UUID], str]:
    """This will return the function from an id to the address of the page `name`; `before` are the arguments that come
    before the id. The preview's prefix of the running request is in it."""
    pattern = reverse(name, args=[*before, _SOMEBODY])
    return lambda row_id: pattern.replace(str(_SOMEBODY), str(row_id))


def of_each_in_account(name: str) -> Callable[[uuid.UUID, uuid.UUID], str]:
    """This will return the function from an account's id and a row's id to the address of the page `name`."""
    pattern = reverse(name, args=[_SOME_ACCOUNT, _SOMEBODY])
    return lambda account_id, row_id: pattern.replace(str(_SOME_ACCOUNT), str(account_id)).replace(
        str(_SOMEBODY), str(row_id)
    )


def origin_of(request: HttpRequest) -> str:
    """This will return the address the portal is reached at in this request, without a path: "https://acme.example"."""
    return f"{request.scheme}://{request.get_host()}"
