"""A stage for the browser: pages and files of the project without a server or a database behind them.

What the browser asks for is answered here: files from static/, pages from functions of the test, all under the real
content security policy.
"""

import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils.csp import build_policy

from accounts.brand import branding
from tests.plugins.browser import ready

STATIC = Path(__file__).parents[3] / "static"
ORIGIN = "http://portal.localhost"


@dataclass
class Asked:
    """One request of the browser."""

    method: str
    path: str
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    headers: dict[str, str]


@dataclass
class Answer:
    """What the stage answers. A body of None cuts the connection."""

    body: str | None = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Stage:
    """Answers the requests of a page: `stage.at["/x/"] = lambda asked: Answer("…")`; all requests are in `asked`."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.at: dict[str, Callable[[Asked], Answer]] = {}
        self.asked: list[Asked] = []
        page.route("**/*", self._answer)

    def open(self, path: str) -> None:
        """This will show a page and wait until its scripts have run."""
        self.page.goto(f"{ORIGIN}{path}")
        ready(self.page)

    def open_stopped(self, path: str) -> Any:
        """This will show a page whose timers wait for `page.clock.run_for`, and return it."""
        self.page.clock.install(time="2026-03-02T09:00:00Z")
        self.open(path)
        self.page.clock.pause_at("2026-03-02T10:00:00Z")
        return self.page

    def posts(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == "POST"]

    def _answer(self, route: Any) -> None:
        parts = urlsplit(route.request.url)
        if parts.path.startswith(settings.STATIC_URL):
            self._file(route, parts.path.removeprefix(settings.STATIC_URL))
            return
        if color := re.fullmatch(r"/brand/([0-9a-f]{6})\.[0-9a-f.]*css", parts.path):
            route.fulfill(status=200, content_type="text/css", body=branding.stylesheet(f"#{color[1]}"))
            return
        data = parse_qs(route.request.post_data or "", keep_blank_values=True)
        query = parse_qs(parts.query, keep_blank_values=True)
        asked = Asked(route.request.method, parts.path, query, data, route.request.headers)
        self.asked.append(asked)
        answer = self.at[parts.path](asked) if parts.path in self.at else Answer("<p>Nothing here</p>", 404)
        if answer.body is None:
            route.abort()
            return
        policy = build_policy(settings.SECURE_CSP)
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, **answer.headers}
        route.fulfill(status=answer.status, headers=headers, body=answer.body)

    def _file(self, route: Any, name: str) -> None:
        path = STATIC / name
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(status=200, headers={"Content-Type": kind}, body=path.read_bytes())
