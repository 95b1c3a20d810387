"""A Library of any size, and how many queries a page asks."""

import copy
from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions import assessments
from assessments.models import Assessment
from library.models import Definition, LibraryEntry
from tests import cast
from tests.assessments.stage import EVERY_KIND, publish

NORTHWIND = "Northwind"


def definition(key: str, account: str = NORTHWIND, **words: Any) -> Definition:
    """This will publish a small definition and put it into an account's Library."""
    return publish(
        copy.deepcopy(EVERY_KIND) | {"key": key, "name": key.replace("-", " ").capitalize()} | words, account
    )


def empty_library(account: str = NORTHWIND) -> None:
    """This will take everything out of an account's Library."""
    LibraryEntry.objects.filter(account=cast.account(account)).delete()


def started(definitions: list[Definition], by: str = "priya", account: str = NORTHWIND) -> list[Assessment]:
    """This will launch each definition once."""
    return [assessments.launch(by=cast.viewer(by, account), definition=one, another=True) for one in definitions]


def assigned_days_ago(one: Definition, days: int) -> None:
    """This will move the day the definition came into the Library."""
    LibraryEntry.objects.filter(definition=one).update(created_at=timezone.now() - timedelta(days=days))


def text_of(response: HttpResponse) -> str:
    """This will be the page's text with single spaces, as read."""
    return " ".join(response.content.decode().split())


def part_of(page: str, element_id: str, tag: str = "div") -> str:
    """This will cut the element with this id out of a page, up to its own end tag."""
    start = page.index(f'<{tag} id="{element_id}"')
    depth, at = 0, start
    while True:
        opening, closing = page.find(f"<{tag}", at + 1), page.find(f"</{tag}>", at + 1)
        if opening != -1 and opening < closing:
            depth, at = depth + 1, opening
            continue
        if depth == 0:
            return page[start : closing + len(f"</{tag}>")]
        depth, at = depth - 1, closing


def queries_of(visitor: Client, address: str, **headers: str) -> int:
    """This will count what the page itself asks: all queries after the Viewer stands and the account is narrowed to."""
    visitor.get(address, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        response = visitor.get(address, headers=headers)
    assert response.status_code == 200
    asked = [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    narrowed = max(number for number, sql in enumerate(asked) if "set_config" in sql and "{" in sql)
    own = [sql for sql in asked[narrowed + 1 :] if "set_config" not in sql]
    return len(own)
