"""A real browser. A page that logs an error, breaks the content security policy or asks elsewhere fails its test."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from urllib.parse import urlsplit

import pytest

from tests.plugins.surroundings import lacking

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# Long enough for a slow machine with other work; nothing waits longer than it has to.
PATIENCE = 30_000
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`CSP violation: ${event.violatedDirective} blocked ${event.blockedURI || "inline"}`));
"""


# A toast leaves by itself after some seconds, which a slow machine may miss: each is held the way a pointer holds it.
HOLD_TOASTS = """
new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) {
        if (node.matches?.("#toasts > .toast")) node.dispatchEvent(new MouseEvent("mouseenter"));
    }
}).observe(document, { childList: true, subtree: true });
"""
READY = """
() => document.readyState === "complete"
    && (!window.htmx || !document.querySelector("[hx-get], [hx-post]") || document.querySelector("[data-htmx-powered]"))
"""


def ready(page) -> None:
    """This will wait until the page's scripts listen: htmx begins a moment after the page is loaded."""
    page.wait_for_function(READY)


class BrowserErrors(list[str]):
    """What went wrong in the pages of a test."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list = []
        self._numbers = count(1)

    def allow(self, pattern: str) -> None:
        """This will forgive the errors so far that contain the pattern, such as the 422 a test provokes."""
        for page in self.pages:
            self._hear_out(page)
        self[:] = [error for error in self if not re.search(pattern, error)]

    def _hear_out(self, page) -> None:
        """This will wait for what the page has said until now: messages arrive in order, so its own word comes last."""
        from playwright.sync_api import Error

        if page.is_closed():
            return
        word = f"heard out {next(self._numbers)}"
        # A page about to be replaced says nothing more.
        with suppress(Error), page.expect_console_message(lambda message: message.text == word):
            page.evaluate("word => console.debug(word)", word)


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """This will start Debian's chromium, once for the run."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        lacking("chromium is not installed")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_errors() -> Iterator[BrowserErrors]:
    """This will collect what the pages of the test complain about, and fail the test if anything is left at its end."""
    errors = BrowserErrors()
    yield errors
    assert not errors, "the browser complained:\n" + "\n".join(errors)


@pytest.fixture
def new_page(request: pytest.FixtureRequest, browser, browser_errors: BrowserErrors) -> Iterator[Callable]:
    """This will open pages, each in a browser of its own: `new_page(color_scheme="dark", locale="de-DE")`."""
    if "live_portal" in request.fixturenames:
        request.getfixturevalue("live_portal")  # first, so that it outlives the pages, which would miss it
    contexts = []

    def open_page(**options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_VIOLATIONS)
        context.add_init_script(HOLD_TOASTS)
        page = context.new_page()
        browser_errors.pages.append(page)
        page.on("console", lambda message: browser_errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: browser_errors.append(f"uncaught: {error}"))
        page.on("request", lambda request: note_foreign(request.url, browser_errors))
        return page

    yield open_page
    for context in contexts:
        context.close()


def note_foreign(url: str, errors: BrowserErrors) -> None:
    """This will record a request that leaves this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme in {"http", "https"} and host != "127.0.0.1" and not host.endswith("localhost"):
        errors.append(f"request to another machine: {url}")


@pytest.fixture
def page(new_page: Callable):
    """This will open one page of desktop size."""
    return new_page()
